//! Failover plans: the ordered steps after the primary.

mod draft;
mod problem;

use serde::{Deserialize, Serialize};

pub use draft::{Known, PlanDraft, PlanReading, StepDraft, StepRouteDraft};
pub use problem::{PlanError, PlanPlace, PlanProblem};

use crate::{Alias, Millis, PlanId, RouteId, ScheduleId, Trigger, bounded, limits};

/// What is tried, step by step, when a primary route fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailoverPlan {
    /// Unique in the account.
    pub id: PlanId,
    /// What its owner calls it; unique among the account's plans without regard to case.
    pub name: Alias,
    /// One to [`STEPS_MAX`](crate::limits::STEPS_MAX), in order.
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::STEPS_MAX }>")]
    pub steps: Vec<Step>,
}

/// One step of a plan: a route, or several that ring all at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// One to [`ROUTES_PER_STEP_MAX`](crate::limits::ROUTES_PER_STEP_MAX), each once.
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::ROUTES_PER_STEP_MAX }>")]
    pub routes: Vec<StepRoute>,
    /// The failures that it is entered after.
    #[serde(default)]
    pub enter_on: Trigger,
    /// The hours in which it is entered; `None`: always.
    #[serde(default)]
    pub hours: Option<ScheduleId>,
    /// For each leg, from its INVITE to its first provisional response.
    pub no_response_ms: Millis,
    /// For each leg, from its first provisional response (100 included) to its answer.
    pub ring_ms: Millis,
    /// From the start of one leg to the start of the next; zero: all at once.
    #[serde(default)]
    pub stagger_ms: Millis,
}

/// A route of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRoute {
    /// Where the leg goes.
    pub route: RouteId,
    /// How often it is drawn to start first, against the others of the step. Weights count if every route of the
    /// step has one.
    #[serde(default)]
    pub weight: Option<u16>,
}

/// RFC 3261's words for how the legs of a step are tried (§16.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fork {
    /// One leg.
    Serial,
    /// Several, side by side.
    Parallel,
}

impl Step {
    /// A step of plain routes that are tried at once, with these clocks.
    pub fn of(routes: impl IntoIterator<Item = RouteId>, enter_on: Trigger, clocks: Clocks) -> Step {
        Step {
            routes: routes.into_iter().map(|route| StepRoute { route, weight: None }).collect(),
            enter_on,
            hours: None,
            no_response_ms: clocks.no_response_ms,
            ring_ms: clocks.ring_ms,
            stagger_ms: Millis::ZERO,
        }
    }

    /// How its legs are tried.
    pub fn fork(&self) -> Fork {
        if self.routes.len() > 1 { Fork::Parallel } else { Fork::Serial }
    }

    /// The longest that it can take: every leg started, and both clocks of the last one run out.
    pub fn worst_case_ms(&self) -> Millis {
        let clocks = Clocks { no_response_ms: self.no_response_ms, ring_ms: self.ring_ms };
        clocks.worst_case_ms(self.routes.len(), self.stagger_ms)
    }
}

/// The two clocks of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// From the INVITE to the first provisional response.
    pub no_response_ms: Millis,
    /// From there to the answer.
    pub ring_ms: Millis,
}

impl Clocks {
    /// The longest that so many legs can take: every one started, and both clocks of the last one run out.
    pub(crate) fn worst_case_ms(self, legs: usize, stagger_ms: Millis) -> Millis {
        let last = u32::try_from(legs.saturating_sub(1)).unwrap_or(u32::MAX);
        Millis(stagger_ms.0.saturating_mul(last)).plus(self.no_response_ms).plus(self.ring_ms)
    }
}

impl FailoverPlan {
    /// The longest that walking it can take, whatever its hours and triggers.
    pub fn worst_case_ms(&self) -> Millis {
        self.steps.iter().fold(Millis::ZERO, |sum, step| sum.plus(step.worst_case_ms()))
    }

    /// Every route that it names, in order; one that is named twice comes twice.
    pub fn routes(&self) -> impl Iterator<Item = RouteId> {
        self.steps.iter().flat_map(|step| &step.routes).map(|leg| leg.route)
    }
}

/// Flowroute's `;weight=` on a DID's primary and failover: calls are shared between the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Of the primary, 0 to [`WEIGHT_MAX`](crate::limits::WEIGHT_MAX).
    pub primary: u16,
    /// Of the failover route.
    pub failover: u16,
}
