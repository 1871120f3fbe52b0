//! The list of schedules.

use leptos::prelude::*;
use portal::ScheduleView;

use super::plan_links;
use crate::{
    shell::{Bundle, Frame, Here, document, title},
    urls, week,
};

/// The page.
pub fn list(frame: &Frame, schedules: &[ScheduleView]) -> String {
    document(frame, Here::Schedules, "Schedules", Bundle::Base, || {
        view! {
            {title("Schedules", view! { <a data-writes="" class="button primary" href=urls::NEW_SCHEDULE>"New schedule"</a> })}
            <div class="stack">
                <p class="muted">"Hours at which a step of a failover plan is entered: office hours, a night shift, holidays."</p>
                {if schedules.is_empty() { none_yet().into_any() } else { table(schedules).into_any() }}
            </div>
        }
    })
}

fn none_yet() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="first">
            <h2 id="first">"No schedule yet"</h2>
            <p>"With one, a plan can ring your staff within their hours and an answering service at all others."</p>
            <p data-writes=""><a class="button" href=urls::NEW_SCHEDULE>"Write down your hours"</a></p>
        </section>
    }
}

fn table(schedules: &[ScheduleView]) -> impl IntoView + use<> {
    let rows = schedules.iter().map(row).collect_view();
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col">"Name"</th><th scope="col">"Now"</th><th scope="col">"Hours"</th>
                <th scope="col">"Zone"</th><th scope="col">"Used by"</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(view: &ScheduleView) -> impl IntoView + use<> {
    let schedule = &view.schedule;
    let exceptions = match schedule.exceptions.len() {
        0 => None,
        1 => Some("and 1 exception".to_owned()),
        n => Some(format!("and {n} exceptions")),
    };
    let used = if view.plans.is_empty() {
        view! { <span class="muted">"not used"</span> }.into_any()
    } else {
        plan_links(&view.plans).into_any()
    };
    view! {
        <tr>
            <td data-label="Name" class="wide"><a href=urls::schedule(schedule.id)>{schedule.name.to_string()}</a></td>
            <td data-label="Now" class="nowrap">{open_mark(view.open_now)}</td>
            <td data-label="Hours" class="wide">{week::words(&schedule.weekly)}" "<span class="muted small">{exceptions}</span></td>
            <td data-label="Zone">{schedule.zone.clone()}</td>
            <td data-label="Used by" class="wide">{used}</td>
        </tr>
    }
}

/// Open or closed: a shape and a word.
pub(super) fn open_mark(open: bool) -> impl IntoView {
    let (class, mark, word) =
        if open { ("badge up", "●", "open") } else { ("badge unknown", "○", "closed") };
    view! { <span class=class><span aria-hidden="true">{mark}</span>{word}</span> }
}
