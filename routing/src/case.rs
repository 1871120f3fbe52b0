//! Saved cases: a call, and what it is expected to come to. They run on every change of the account.

use serde::{Deserialize, Serialize};

use crate::{Answerer, Cell, Millis, Outcome, RouteId, Scenario, SimulateError, Snapshot, Trace, simulate};

/// A call and what it is expected to come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The call.
    pub scenario: Scenario,
    /// What it is expected to come to.
    pub expect: Expectation,
}

/// What a call is expected to come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Who or what answers.
    pub reaches: Reaches,
    /// At the latest after this long; `None`: however late.
    #[serde(default)]
    pub within_ms: Option<Millis>,
}

/// Who or what answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaches {
    /// This route.
    Route(RouteId),
    /// Whatever is of this kind.
    Answerer(Answerer),
    /// Somebody: anything but a voicemail.
    Somebody,
    /// Nobody: the caller is told so, or gets a voicemail.
    Nobody,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As expected.
    Holds(Cell),
    /// The call ended elsewhere.
    Elsewhere(Cell),
    /// The call ended where it should, too late.
    TooLate(Cell),
    /// The call cannot be run in this configuration: its number or its routing is gone.
    CannotRun(SimulateError),
}

impl Verdict {
    /// Whether the case is kept.
    pub fn holds(&self) -> bool {
        matches!(self, Verdict::Holds(_))
    }

    /// What the call came to, where it could be run.
    pub fn cell(&self) -> Option<&Cell> {
        match self {
            Verdict::Holds(cell) | Verdict::Elsewhere(cell) | Verdict::TooLate(cell) => Some(cell),
            Verdict::CannotRun(_) => None,
        }
    }
}

impl Expectation {
    /// Holds a trace against it.
    pub fn judge(&self, trace: &Trace) -> Verdict {
        let cell = Cell::of(trace);
        let reached = match (self.reaches, trace.outcome) {
            (Reaches::Route(wanted), Outcome::Answered { route, .. }) => wanted == route,
            (Reaches::Answerer(wanted), Outcome::Answered { by, .. }) => wanted == by,
            (Reaches::Somebody, _) => cell.reaches_somebody(),
            (Reaches::Nobody, _) => !cell.reaches_somebody(),
            (Reaches::Route(_) | Reaches::Answerer(_), _) => false,
        };
        if !reached {
            Verdict::Elsewhere(cell)
        } else if self.within_ms.is_some_and(|within| trace.outcome.at_ms() > within) {
            Verdict::TooLate(cell)
        } else {
            Verdict::Holds(cell)
        }
    }
}

impl Case {
    /// Runs it.
    pub fn run(&self, snapshot: &Snapshot) -> Verdict {
        match simulate(snapshot, &self.scenario) {
            Ok(trace) => self.expect.judge(&trace),
            Err(error) => Verdict::CannotRun(error),
        }
    }
}
