//! Saved cases: a call, and what it is expected to come to. They run on every change of the account.

use serde::{Deserialize, Serialize};

use crate::config::{at_most, label};
use crate::limits::{CASE_FAULTS_MAX, CASE_ROUTES_DOWN_MAX, CASE_SRV_HOSTS_MAX, DNS_NAME_OCTETS_MAX};
use crate::{
    Answerer, Cell, Millis, Outcome, RouteId, Scenario, SimulateError, Snapshot, SnapshotError, Trace,
    simulate,
};

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
    /// Looks through a case that is to be kept. All of an account's cases run on each of its changes, so that less is
    /// taken than in a call that runs once. What it breaks need not be there.
    ///
    /// # Errors
    /// The first thing that is wrong; the place is one of the scenario.
    pub fn check(&self) -> Result<(), SnapshotError> {
        let scenario = &self.scenario;
        scenario.check()?;
        at_most("faults", scenario.faults_beside_down().count(), CASE_FAULTS_MAX)?;
        at_most("marked_down", scenario.marked_down.len(), CASE_ROUTES_DOWN_MAX)?;
        at_most("switched_off", scenario.switched_off.len(), CASE_ROUTES_DOWN_MAX)?;
        at_most("srv", scenario.srv.len(), CASE_SRV_HOSTS_MAX)?;
        for (at, record) in scenario.srv.iter().enumerate() {
            label(format!("srv[{at}].host"), &record.host, DNS_NAME_OCTETS_MAX)?;
            for (place, target) in record.targets.iter().enumerate() {
                label(format!("srv[{at}].targets[{place}]"), target, DNS_NAME_OCTETS_MAX)?;
            }
        }
        Ok(())
    }

    /// Runs it.
    pub fn run(&self, snapshot: &Snapshot) -> Verdict {
        match simulate(snapshot, &self.scenario) {
            Ok(trace) => self.expect.judge(&trace),
            Err(error) => Verdict::CannotRun(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{E164, Fault, FaultTarget, InjectedFault, SrvRecord};

    #[test]
    fn a_case_that_is_kept_has_so_much_and_no_more() {
        let case = |faults: usize, down: usize, off: usize, hosts: usize, target: &str| {
            let mut scenario = Scenario::new(E164::parse("+12065550100").unwrap());
            let fault = InjectedFault { on: FaultTarget::Route(RouteId(1)), fault: Fault::Busy };
            scenario.faults = vec![fault; faults];
            scenario.marked_down = vec![RouteId(1); down];
            scenario.switched_off = vec![RouteId(1); off];
            let record = SrvRecord { host: "a.example".into(), targets: vec![target.to_owned()] };
            scenario.srv = vec![record; hosts];
            Case { scenario, expect: Expectation { reaches: Reaches::Somebody, within_ms: None } }
        };
        let long = "x".repeat(254);
        for (case, place) in [
            (case(50, 500, 500, 30, &long[..253]), None),
            (case(51, 0, 0, 0, ""), Some("faults")),
            (case(0, 501, 0, 0, ""), Some("marked_down")),
            (case(0, 0, 501, 0, ""), Some("switched_off")),
            (case(0, 0, 0, 31, "b"), Some("srv")),
            (case(0, 0, 0, 1, &long), Some("srv[0].targets[0]")),
            // What no call may have, no case may either.
            (case(201, 0, 0, 0, ""), Some("faults")),
        ] {
            assert_eq!(case.check().err().map(|error| error.place).as_deref(), place);
        }
    }
}
