//! Deleting a plan: asked first, refused while DIDs fail over to it.

use leptos::prelude::*;
use portal::{ChangeView, PlanInUse, PlanPage};

use super::plan_steps;
use crate::{
    components::reason_field,
    pages::deleting::{changed_meanwhile, used_by_dids},
    shell::{Bundle, Frame, Here, document, title_below},
    urls,
};

/// The page. `in_use` names the DIDs that stand in the way; `changes` is what somebody else did meanwhile.
pub fn delete(frame: &Frame, page: &PlanPage, in_use: Option<&PlanInUse>, changes: &[ChangeView]) -> String {
    let plan = &page.view.plan;
    let name = plan.name.to_string();
    document(frame, Here::FailoverPlans, "Delete plan", Bundle::None, || {
        let body = match in_use {
            Some(in_use) => blocked(in_use).into_any(),
            None => view! {
                <div class="card stack">
                    <p>"Delete " <b>{name.clone()}</b> "? No DID uses it."</p>
                    <p>{plan_steps(&page.view.to_ref)}</p>
                    <form method="post" action=urls::delete_plan(plan.id)>
                        <input type="hidden" name="as_of" value=page.view.version.to_string()/>
                        {reason_field(&frame.reason)}
                        <div class="row">
                            <button class="button danger">"Delete this plan"</button>
                            <a class="button link" href=urls::plan(plan.id)>"Keep it"</a>
                        </div>
                    </form>
                </div>
            }
            .into_any(),
        };
        let changed = changed_meanwhile("plan", changes);
        view! { {title_below(urls::plan(plan.id), name.clone(), format!("Delete {name}"), ())}<div class="stack">{changed}{body}</div> }
    })
}

fn blocked(in_use: &PlanInUse) -> impl IntoView + use<> {
    view! {
        {used_by_dids("plan", &in_use.first, in_use.count)}
        <p class="row">
            <a class="button primary" href=urls::dids_of_plan(in_use.plan.id)>"Show the DIDs that use it"</a>
            <a class="button link" href=urls::plan(in_use.plan.id)>"Back to the plan"</a>
        </p>
    }
}
