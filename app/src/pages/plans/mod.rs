//! Interconnection → Failover Plans.

mod delete;
mod editor;
mod list;
mod saved;
mod summary;
#[cfg(test)]
mod tests;

use portal::PlanDesk;
use routing::{OwnDid, PlanId};

pub use delete::delete;
pub use editor::{Editing, PlanForm, editor};
pub use list::list;
pub use summary::plan_steps;

use crate::{
    plan_form::{Ground, RouteChoice},
    words,
};

/// What the form of a plan stands on. `used_by` counts the DIDs that have the stored plan; `now` is in seconds since
/// 1970 UTC.
pub fn ground(desk: &PlanDesk, plan: Option<PlanId>, used_by: u64, now: i64) -> Ground {
    let own = desk.choices.iter().filter_map(|choice| match choice.barred.as_ref()? {
        OwnDid::Number { number } | OwnDid::InsideUri { number } => Some(*number),
        // Known by the snapshot's edges.
        OwnDid::OwnEdge { .. } => None,
    });
    Ground {
        snapshot: desk.snapshot.clone(),
        choices: desk
            .choices
            .iter()
            .map(|choice| RouteChoice {
                id: choice.route.id,
                label: words::choice(&choice.route),
                barred: choice.barred.clone(),
            })
            .collect(),
        plan,
        country: desk.dialling_country.clone(),
        own: own.collect(),
        marked_down: desk.marked_down.clone(),
        primaries: desk.primaries.clone(),
        used_by,
        now,
    }
}
