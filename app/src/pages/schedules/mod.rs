//! Interconnection → Schedules.

mod delete;
mod form;
mod list;

pub use delete::delete;
pub use form::{Editing, ScheduleForm, form};
pub use list::list;

use leptos::prelude::*;
use portal::PlanRef;

use crate::urls;

/// Links to the plans that go by a schedule.
fn plan_links(plans: &[PlanRef]) -> impl IntoView + use<> {
    plans
        .iter()
        .enumerate()
        .map(|(at, plan)| {
            view! { {(at > 0).then_some(", ")}<a href=urls::plan(plan.id)>{plan.name.to_string()}</a> }
        })
        .collect_view()
}
