//! The form of a failover plan: its fields, what its buttons do, and what the plan would do. Pure, and the same on
//! both sides: the server renders it and answers its buttons where there is no JavaScript, the island does both in
//! the browser.

mod asked;
mod budget;
mod edit;
mod fields;
mod glance;
mod markup;
mod outlook;
mod saving;
mod start;
#[cfg(test)]
mod tests;
mod trial;
mod warnings;

use std::collections::BTreeSet;

use routing::{
    Dialling, E164, FailoverPlan, InboundRoute, Known, OwnDid, PlanId, RouteId, ScheduleId, Snapshot,
};
use serde::{Deserialize, Serialize};

use crate::{desk::UNSAVED, timeline};

pub use asked::{Asked, controls, offered};
pub use budget::budget;
pub use edit::{Done, Edit};
pub use fields::{draft_of, error_of, field_of, is_field, new_draft};
pub use markup::steps;
pub use outlook::{Outlook, outlook};
pub use saving::Saving;
pub use start::Start;

/// What a draft stands on: the account as far as a plan can see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ground {
    /// Routes, plans, schedules, zones and edges; no DIDs. Of very many routes, only those that the stored plan and the
    /// primaries ring.
    pub snapshot: Snapshot,
    /// Every route of the account, the built-in one too, in the order to offer them.
    pub choices: Vec<RouteChoice>,
    /// The plan that is edited; `None`: it is new.
    pub plan: Option<PlanId>,
    /// The account's country: how numbers inside URIs are read.
    pub country: String,
    /// Those numbers that routes lead to and that are our own DIDs.
    pub own: BTreeSet<E164>,
    /// Routes that health has marked down.
    pub marked_down: Vec<RouteId>,
    /// The primaries before the plan, with their DIDs, most used first.
    pub primaries: Vec<(RouteId, u64)>,
    /// How many DIDs have the stored plan.
    pub used_by: u64,
    /// Seconds since 1970 UTC.
    pub now: i64,
}

/// A route to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteChoice {
    /// The route.
    pub id: RouteId,
    /// What the drop-down says: `mobile (Phone Number)`.
    pub label: String,
    /// Why it cannot be in a plan.
    pub barred: Option<OwnDid>,
}

impl Ground {
    /// The id that the draft has in a simulation.
    fn id(&self) -> PlanId {
        self.plan.unwrap_or(UNSAVED)
    }

    /// The plan as it is stored.
    fn stored(&self) -> Option<&FailoverPlan> {
        self.snapshot.plan(self.plan?)
    }

    fn dialling(&self) -> Dialling {
        Dialling::of(&self.country).unwrap_or_default()
    }

    /// How a route leads back to us.
    fn why_barred(&self, route: &InboundRoute) -> Option<OwnDid> {
        let is_own = |number| self.own.contains(&number);
        routing::own_did::find(&route.target, &self.snapshot.edges, &self.dialling(), is_own)
    }

    fn choice(&self, id: RouteId) -> Option<&RouteChoice> {
        self.choices.iter().find(|choice| choice.id == id)
    }

    /// Whether a call there can be previewed: the snapshot holds the route, or it is the built-in one.
    fn can_preview(&self, id: RouteId) -> bool {
        id == RouteId::REGISTERED || self.snapshot.route(id).is_some()
    }

    /// What a route is called.
    fn name_of(&self, id: RouteId) -> String {
        match self.choice(id) {
            Some(choice) if !self.can_preview(id) => choice.label.clone(),
            _ => timeline::name_of(&self.snapshot, id),
        }
    }

    /// The primaries to look at: those in use; before there are any, every route.
    fn primaries(&self) -> Vec<(RouteId, u64)> {
        /// More would make a drop-down that nobody reads.
        const PRIMARIES_MAX: usize = 20;
        if !self.primaries.is_empty() {
            return self.primaries.clone();
        }
        let mut all: Vec<(RouteId, u64)> =
            self.snapshot.routes.iter().take(PRIMARIES_MAX).map(|route| (route.id, 0)).collect();
        if !all.iter().any(|(id, _)| *id == RouteId::REGISTERED) {
            all.push((RouteId::REGISTERED, 0));
        }
        all
    }
}

impl Known for Ground {
    fn has_route(&self, route: RouteId) -> bool {
        self.choice(route).is_some()
    }

    fn has_schedule(&self, schedule: ScheduleId) -> bool {
        self.snapshot.schedules.iter().any(|known| known.id == schedule)
    }

    fn leads_back(&self, route: RouteId) -> Option<OwnDid> {
        self.choice(route)?.barred.clone()
    }
}
