//! Deleting a schedule: asked first, refused while plans go by it.

use leptos::prelude::*;
use portal::{ChangeView, ScheduleInUse, ScheduleView};

use super::plan_links;
use crate::{
    components::reason_field,
    pages::deleting::changed_meanwhile,
    shell::{Bundle, Frame, Here, document, title},
    urls, week,
};

/// The page. `in_use` names the plans that stand in the way; `changes` is what somebody else did meanwhile.
pub fn delete(
    frame: &Frame,
    view: &ScheduleView,
    in_use: Option<&ScheduleInUse>,
    changes: &[ChangeView],
) -> String {
    let id = view.schedule.id;
    let name = view.schedule.name.to_string();
    document(frame, Here::Schedules, "Delete schedule", Bundle::None, || {
        let plans = in_use.map(|in_use| in_use.plans.as_slice()).unwrap_or(&view.plans);
        let body = if plans.is_empty() {
            view! {
                <div class="card stack">
                    <p>"Delete " <b>{name.clone()}</b> " (" {week::words(&view.schedule.weekly)} ")? No plan uses it."</p>
                    <form method="post" action=urls::delete_schedule(id)>
                        <input type="hidden" name="as_of" value=view.version.to_string()/>
                        {reason_field(&frame.reason)}
                        <div class="row">
                            <button class="button danger">"Delete this schedule"</button>
                            <a class="button link" href=urls::schedule(id)>"Keep it"</a>
                        </div>
                    </form>
                </div>
            }
            .into_any()
        } else {
            view! {
                <div class="note bad" role="alert">
                    <p><b>"These plans go by it: "</b>{plan_links(plans)}". Please take it out of them before deleting."</p>
                </div>
                <p><a class="button" href=urls::schedule(id)>"Back to the schedule"</a></p>
            }
            .into_any()
        };
        let changed = changed_meanwhile("schedule", changes);
        view! { {title(format!("Delete {name}"), ())}<div class="stack">{changed}{body}</div> }
    })
}
