//! A DID's routing, compiled for one call.

use crate::index::Index;
use crate::limits::{self, ROUTES_PER_STEP_MAX, STEPS_MAX};
use crate::weight::Draws;
use crate::{
    Clocks, Did, Failover, FailoverPlan, Millis, PlanId, RouteId, ScheduleId, Snapshot, Step, StepRoute,
    Trigger, Weights,
};

/// The ordered steps of one call. The primary is step 0, a failover route or the first step of a plan is step 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPlan {
    /// The steps in order.
    pub steps: Vec<PlanStep>,
    /// The failover plan that they come from, if it is one.
    pub plan: Option<PlanId>,
    /// Whether weights put the failover route first.
    pub swapped: bool,
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
    /// When its hours hold.
    pub hours: OpenHours,
    /// For each leg, from its INVITE to its first provisional response.
    pub no_response_ms: Millis,
    /// For each leg, from its first provisional response (100 included) to its answer.
    pub ring_ms: Millis,
    /// From the start of one leg to the start of the next.
    pub stagger_ms: Millis,
}

/// When a step's hours hold, in the call's own time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenHours {
    /// Whether they hold at the call's start.
    pub at_start: bool,
    /// When that turns over.
    pub turns: Vec<Millis>,
}

impl OpenHours {
    /// Open throughout.
    pub const ALWAYS: OpenHours = OpenHours { at_start: true, turns: Vec::new() };
    /// Closed throughout.
    pub const NEVER: OpenHours = OpenHours { at_start: false, turns: Vec::new() };

    /// Whether they hold at a moment of the call.
    pub fn hold_at(&self, now: Millis) -> bool {
        let turned = self.turns.iter().filter(|turn| **turn <= now).count();
        self.at_start == turned.is_multiple_of(2)
    }
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

/// What of the moment of a call its plan depends on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment<'a> {
    /// When, in seconds since 1970 UTC. `None`: as if every schedule were open.
    pub at: Option<i64>,
    /// What draws by weight start from: [`seed_of_call`](crate::seed_of_call).
    pub seed: u64,
    /// Routes that health has marked down.
    pub marked_down: &'a [RouteId],
    /// Routes that an operator has switched off.
    pub switched_off: &'a [RouteId],
}

/// Why a DID's routing cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The primary, the failover or a step names a route that the snapshot does not hold.
    #[error("inbound route {0} is not in the configuration")]
    UnknownRoute(RouteId),
    /// The failover is a plan that the snapshot does not hold.
    #[error("failover plan {0} is not in the configuration")]
    UnknownPlan(PlanId),
    /// A step names a schedule that the snapshot does not hold, or whose zone it does not hold.
    #[error("schedule {0}, or its time zone, is not in the configuration")]
    UnknownSchedule(ScheduleId),
    /// A plan has no step, or more than there may be; or one of its steps no route, or more than there may be.
    #[error(
        "failover plan {0} must have 1 to {STEPS_MAX} steps of 1 to {ROUTES_PER_STEP_MAX} inbound routes each"
    )]
    PlanSize(PlanId),
}

impl CallPlan {
    /// Compiles the DID's primary and what stands behind it.
    ///
    /// # Errors
    /// Something is missing from the snapshot, or a plan is larger than may be.
    pub fn compile(snapshot: &Snapshot, did: &Did, moment: Moment<'_>) -> Result<CallPlan, CompileError> {
        CallPlan::compile_in(&Index::new(snapshot), did, moment)
    }

    /// The same, in a snapshot that was indexed before.
    pub(crate) fn compile_in(
        index: &Index<'_>,
        did: &Did,
        moment: Moment<'_>,
    ) -> Result<CallPlan, CompileError> {
        let snapshot = index.snapshot;
        let defaults = &snapshot.defaults;
        let plain = |route| {
            let route = StepRoute { route, weight: None };
            Step {
                routes: vec![route],
                enter_on: defaults.trigger,
                hours: None,
                no_response_ms: defaults.no_response_ms,
                ring_ms: defaults.ring_ms,
                stagger_ms: Millis::ZERO,
            }
        };
        let mut compiled = CallPlan {
            steps: Vec::new(),
            plan: None,
            swapped: false,
            default_trigger: defaults.trigger,
            set_up_max_ms: limits::SETUP_MAX_MS,
        };
        let mut add = |step: &Step| -> Result<(), CompileError> {
            // The primary is place 0, as its draw is.
            let place = u8::try_from(compiled.steps.len()).unwrap_or(u8::MAX);
            compiled.steps.push(compile_step(index, step, place, moment)?);
            Ok(())
        };
        match did.failover {
            Failover::None => add(&plain(did.primary))?,
            Failover::Route(failover) => {
                let swapped = did.weights.is_some_and(|weights| failover_first(weights, moment.seed));
                let (first, second) = if swapped { (failover, did.primary) } else { (did.primary, failover) };
                add(&plain(first))?;
                add(&plain(second))?;
                compiled.swapped = swapped;
            }
            Failover::Plan(id) => {
                add(&plain(did.primary))?;
                let plan = index.plan(id).ok_or(CompileError::UnknownPlan(id))?;
                check_size(plan)?;
                for step in &plan.steps {
                    add(step)?;
                }
                compiled.plan = Some(id);
            }
        }
        Ok(compiled)
    }

    /// The longest that setting up the call can take: every step, whatever its hours and trigger, with both
    /// clocks of its last leg run out. To be held against the caller's patience: the edge's own limit is not applied.
    pub fn worst_case_ms(&self) -> Millis {
        self.steps.iter().fold(Millis::ZERO, |sum, step| {
            let clocks = Clocks { no_response_ms: step.no_response_ms, ring_ms: step.ring_ms };
            sum.plus(clocks.worst_case_ms(step.legs.len(), step.stagger_ms))
        })
    }
}

fn check_size(plan: &FailoverPlan) -> Result<(), CompileError> {
    let steps = 1..=STEPS_MAX;
    let routes = 1..=ROUTES_PER_STEP_MAX;
    let fits = steps.contains(&plan.steps.len())
        && plan.steps.iter().all(|step| routes.contains(&step.routes.len()));
    if fits { Ok(()) } else { Err(CompileError::PlanSize(plan.id)) }
}

/// Drawn once per call; 0 never comes first, and 0 and 0 is plain order.
fn failover_first(weights: Weights, seed: u64) -> bool {
    Draws::new(seed, 0).order(&[weights.primary, weights.failover])[0] == 1
}

fn compile_step(
    index: &Index<'_>,
    step: &Step,
    place: u8,
    moment: Moment<'_>,
) -> Result<PlanStep, CompileError> {
    let leg = |&StepRoute { route, .. }: &StepRoute| {
        if route != RouteId::REGISTERED && index.route(route).is_none() {
            return Err(CompileError::UnknownRoute(route));
        }
        let standing = if moment.switched_off.contains(&route) {
            Standing::SwitchedOff
        } else if moment.marked_down.contains(&route) {
            Standing::Down
        } else {
            Standing::Up
        };
        Ok(PlanLeg { route, standing })
    };
    let mut legs = step.routes.iter().map(leg).collect::<Result<Vec<PlanLeg>, _>>()?;
    // Without a stagger all start together, and an order would say nothing.
    let weights: Option<Vec<u16>> = step.routes.iter().map(|route| route.weight).collect();
    if let Some(weights) = weights.filter(|_| step.stagger_ms != Millis::ZERO) {
        legs = Draws::new(moment.seed, place).order(&weights).into_iter().map(|at| legs[at]).collect();
    }
    Ok(PlanStep {
        legs,
        enter_on: step.enter_on,
        hours: open_hours(index.snapshot, step.hours, moment.at)?,
        no_response_ms: step.no_response_ms,
        ring_ms: step.ring_ms,
        stagger_ms: step.stagger_ms,
    })
}

fn open_hours(
    snapshot: &Snapshot,
    hours: Option<ScheduleId>,
    at: Option<i64>,
) -> Result<OpenHours, CompileError> {
    let Some(id) = hours else { return Ok(OpenHours::ALWAYS) };
    let (schedule, zone) = snapshot.schedule(id).ok_or(CompileError::UnknownSchedule(id))?;
    let Some(at) = at else { return Ok(OpenHours::ALWAYS) };
    let (at_start, turns) = schedule.turns_in(zone, at, i64::from(limits::SETUP_MAX_MS.0 / 1000));
    let ms = |second: i64| Millis(u32::try_from(second.saturating_mul(1000)).unwrap_or(u32::MAX));
    Ok(OpenHours { at_start, turns: turns.into_iter().map(ms).collect() })
}
