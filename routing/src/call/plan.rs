//! A DID's routing, compiled for one call.

use crate::{Did, Failover, Millis, PlanId, RouteId, Snapshot, Trigger, limits};

/// The ordered steps of one call. The primary is step 0, a failover route is step 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPlan {
    /// The steps in order.
    pub steps: Vec<PlanStep>,
    /// The account's trigger: it decides whether routes passed over for health are tried at last.
    pub default_trigger: Trigger,
    /// The edge's longest set-up; a call still trying then is ended with 408.
    pub set_up_max_ms: Millis,
}

/// One step: one leg, or several that ring side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStep {
    /// The legs, in the order that a stagger starts them.
    pub legs: Vec<PlanLeg>,
    /// The failures it is entered after. The first step is entered without one.
    pub enter_on: Trigger,
    /// Whether its hours hold at the moment of the call.
    pub open: bool,
    /// For each leg, from its INVITE to its first provisional response.
    pub no_response_ms: Millis,
    /// For each leg, from its first provisional response (100 included) to its answer.
    pub ring_ms: Millis,
    /// From the start of one leg to the start of the next.
    pub stagger_ms: Millis,
}

/// A leg to dial, and what health says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanLeg {
    /// Where it goes.
    pub route: RouteId,
    /// Whether it may be dialled.
    pub standing: Standing,
}

/// What health says of a leg.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Dialled in its turn.
    #[default]
    Up,
    /// Passed over by its probes: a last resort.
    Down,
    /// Passed over by an operator's outage switch: a last resort after those that are down.
    SwitchedOff,
}

/// Why a DID's routing cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The primary or the failover names a route that the snapshot does not hold.
    #[error("inbound route {0} is not in the configuration")]
    UnknownRoute(RouteId),
    /// The failover is a plan, and this version walks failover routes only.
    #[error("failover plan {0} cannot be walked by this version; choose an inbound route as the failover")]
    PlanNotSupported(PlanId),
}

impl CallPlan {
    /// Compiles the DID's primary and failover. Routes of `marked_down` are passed over for health.
    ///
    /// # Errors
    /// A route is missing from the snapshot, or the failover is a plan.
    pub fn compile(
        snapshot: &Snapshot,
        did: &Did,
        marked_down: &[RouteId],
    ) -> Result<CallPlan, CompileError> {
        let failover = match did.failover {
            Failover::None => None,
            Failover::Route(route) => Some(route),
            Failover::Plan(plan) => return Err(CompileError::PlanNotSupported(plan)),
        };
        let mut steps = Vec::with_capacity(2);
        for route in std::iter::once(did.primary).chain(failover) {
            if route != RouteId::REGISTERED && snapshot.routes.iter().all(|listed| listed.id != route) {
                return Err(CompileError::UnknownRoute(route));
            }
            let standing = if marked_down.contains(&route) { Standing::Down } else { Standing::Up };
            steps.push(PlanStep {
                legs: vec![PlanLeg { route, standing }],
                enter_on: snapshot.defaults.trigger,
                open: true,
                no_response_ms: snapshot.defaults.no_response_ms,
                ring_ms: snapshot.defaults.ring_ms,
                stagger_ms: Millis::ZERO,
            });
        }
        Ok(CallPlan {
            steps,
            default_trigger: snapshot.defaults.trigger,
            set_up_max_ms: limits::SETUP_MAX_MS,
        })
    }

    /// The longest that setting up the call can take: every step, whatever its hours and trigger, with both
    /// clocks of its last leg run out.
    pub fn worst_case_ms(&self) -> Millis {
        self.steps.iter().fold(Millis::ZERO, |sum, step| {
            let last = u32::try_from(step.legs.len().saturating_sub(1)).unwrap_or(u32::MAX);
            let starts = Millis(step.stagger_ms.0.saturating_mul(last));
            sum.plus(starts).plus(step.no_response_ms).plus(step.ring_ms)
        })
    }
}

/// The longest that setting up a call to the DID can take, to be held against the caller's patience. The edge's
/// own limit is not applied.
///
/// # Errors
/// As [`CallPlan::compile`].
pub fn worst_case_ms(snapshot: &Snapshot, did: &Did) -> Result<Millis, CompileError> {
    CallPlan::compile(snapshot, did, &[]).map(|plan| plan.worst_case_ms())
}
