//! What can be wrong with a plan as somebody typed it, and where in its form.

use crate::limits::{CLOCK_MAX_MS, CLOCK_MIN_MS, ROUTES_PER_STEP_MAX, SETUP_MAX_MS, STEPS_MAX, WEIGHT_MAX};
use crate::{AliasError, Millis, OwnDid, TriggerError};

/// Something wrong with a draft, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    /// Where.
    pub place: PlanPlace,
    /// What.
    pub problem: PlanProblem,
}

/// A field of a plan's form. Steps and routes count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlanPlace {
    /// Its name.
    Name,
    /// Its steps as a whole.
    Steps,
    /// The routes of a step as a whole.
    Routes(usize),
    /// One route of a step.
    Route(usize, usize),
    /// The weight of one route of a step.
    Weight(usize, usize),
    /// What a step is entered on.
    EnterOn(usize),
    /// The hours of a step.
    Hours(usize),
    /// The first clock of a step.
    NoResponse(usize),
    /// The second clock of a step.
    Ring(usize),
    /// The stagger of a step.
    Stagger(usize),
}

impl PlanPlace {
    /// Where the field stands in the form: first the step, then the place in it.
    pub(super) fn in_form(self) -> (usize, u8, usize) {
        match self {
            PlanPlace::Name => (0, 0, 0),
            PlanPlace::EnterOn(step) => (step + 1, 0, 0),
            PlanPlace::Hours(step) => (step + 1, 1, 0),
            PlanPlace::Route(step, route) => (step + 1, 2, route),
            PlanPlace::Routes(step) => (step + 1, 3, 0),
            PlanPlace::NoResponse(step) => (step + 1, 4, 0),
            PlanPlace::Ring(step) => (step + 1, 5, 0),
            PlanPlace::Stagger(step) => (step + 1, 6, 0),
            PlanPlace::Weight(step, route) => (step + 1, 7, route),
            PlanPlace::Steps => (usize::MAX, 0, 0),
        }
    }
}

/// What is wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanProblem {
    /// Not a name.
    #[error(transparent)]
    Name(AliasError),
    /// Another plan of the account bears it.
    #[error("Another failover plan is called so already. Choose another name.")]
    NameTaken,
    /// No step.
    #[error("A plan needs at least one step. Add one.")]
    NoStep,
    /// Too many steps.
    #[error("A plan has at most {STEPS_MAX} steps: no caller waits for more. Take some out.")]
    TooManySteps,
    /// No route in a step.
    #[error("This step rings nowhere. Choose an inbound route.")]
    NoRoute,
    /// Too many routes in a step.
    #[error("A step rings at most {ROUTES_PER_STEP_MAX} inbound routes at once. Move some to another step.")]
    TooManyRoutes,
    /// A route that is not in the account.
    #[error("There is no such inbound route. Choose one of the list.")]
    UnknownRoute,
    /// The same route twice in one step.
    #[error("This step rings this inbound route already. Choose another one, or take it out.")]
    RouteTwice,
    /// A route that leads back to us.
    #[error("{0}")]
    LeadsBack(OwnDid),
    /// Not a weight.
    #[error("A weight is a whole number from 0 to {WEIGHT_MAX}. Write one, or leave it empty.")]
    Weight,
    /// A weight for some routes of the step only.
    #[error("The other routes of this step have a weight. Write one here too, or take theirs away.")]
    WeightMissing,
    /// Not a trigger.
    #[error("{0}.")]
    Trigger(TriggerError),
    /// A trigger that nothing matches.
    #[error("Nothing would ever enter this step. Choose what it is entered on.")]
    TriggerEmpty,
    /// A schedule that is not in the account.
    #[error("There is no such schedule. Choose one of the list.")]
    UnknownSchedule,
    /// Not a time.
    #[error("This is not a time. Write seconds, such as 20 or 2.5.")]
    NotATime,
    /// Shorter than anybody can answer.
    #[error("This is too short for anybody to answer. Write at least {} seconds.", CLOCK_MIN_MS.seconds())]
    TooShort,
    /// Longer than a call is set up.
    #[error("This is longer than a call is ever set up. Write at most {} seconds.", CLOCK_MAX_MS.seconds())]
    TooLong,
    /// All steps together may take too long.
    #[error(
        "All steps together may take {0}, and a call is set up for at most {SETUP_MAX_MS}. Shorten some clocks, or \
         take out a step."
    )]
    WorstCase(Millis),
}

impl PlanProblem {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            PlanProblem::Name(error) => error.code(),
            PlanProblem::NameTaken => "name_taken",
            PlanProblem::NoStep => "no_step",
            PlanProblem::TooManySteps => "too_many_steps",
            PlanProblem::NoRoute => "no_route",
            PlanProblem::TooManyRoutes => "too_many_routes",
            PlanProblem::UnknownRoute => "unknown_route",
            PlanProblem::RouteTwice => "route_twice",
            PlanProblem::LeadsBack(why) => why.code(),
            PlanProblem::Weight => "weight",
            PlanProblem::WeightMissing => "weight_missing",
            PlanProblem::Trigger(_) => "unknown_trigger",
            PlanProblem::TriggerEmpty => "trigger_empty",
            PlanProblem::UnknownSchedule => "unknown_schedule",
            PlanProblem::NotATime => "not_a_time",
            PlanProblem::TooShort => "too_short",
            PlanProblem::TooLong => "too_long",
            PlanProblem::WorstCase(_) => "worst_case",
        }
    }
}
