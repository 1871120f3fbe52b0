//! Many calls at once: failures down, groups of DIDs across, each cell what a call comes to.

use serde::{Deserialize, Serialize};

use crate::failure::Dependencies;
use crate::{
    Answerer, CompileError, DecisionHash, Failure, Group, Millis, Outcome, Routing, Scenario, Simulator,
    Snapshot, Trace,
};

/// What one call comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// How it ends.
    pub outcome: Outcome,
    /// How much of the time before that the caller hears nothing.
    pub silence_ms: Millis,
    /// The decision behind it.
    pub decision_hash: DecisionHash,
}

impl Cell {
    /// What a trace comes to.
    pub fn of(trace: &Trace) -> Cell {
        Cell { outcome: trace.outcome, silence_ms: trace.silence_ms, decision_hash: trace.decision_hash }
    }

    /// Whether a person or a phone system takes the call.
    pub fn reaches_somebody(&self) -> bool {
        matches!(self.outcome, Outcome::Answered { by, .. } if by != Answerer::Voicemail)
    }

    /// Whether the call ends at the same place, in the same way, be it sooner or later.
    pub fn ends_like(&self, other: &Cell) -> bool {
        match (self.outcome, other.outcome) {
            (Outcome::Answered { route, by, .. }, Outcome::Answered { route: other, by: who, .. }) => {
                (route, by) == (other, who)
            }
            (Outcome::Rejected { code, .. }, Outcome::Rejected { code: other, .. }) => code == other,
            (Outcome::CallerHungUp { .. }, Outcome::CallerHungUp { .. }) => true,
            _ => false,
        }
    }
}

/// Failures down, groups across.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// The rows.
    pub failures: Vec<Failure>,
    /// The columns.
    pub groups: Vec<Group>,
    /// For each failure, a cell for each group.
    pub cells: Vec<Vec<Cell>>,
}

impl Matrix {
    /// Runs every failure, on top of the scenario, for every group. The scenario's own number does not matter.
    ///
    /// # Errors
    /// A group's routing cannot be compiled.
    pub fn run(
        snapshot: &Snapshot,
        groups: Vec<Group>,
        failures: Vec<Failure>,
        base: &Scenario,
    ) -> Result<Matrix, CompileError> {
        let calls = Calls::new(snapshot, base);
        let mut cells: Vec<Vec<Cell>> = failures.iter().map(|_| Vec::with_capacity(groups.len())).collect();
        for group in &groups {
            let mut column = calls.of(*group);
            for (failure, row) in failures.iter().zip(&mut cells) {
                row.push(column.cell(failure)?);
            }
        }
        Ok(Matrix { failures, groups, cells })
    }
}

/// Calls in one configuration.
pub(crate) struct Calls<'a> {
    simulator: Simulator<'a>,
    base: &'a Scenario,
}

impl<'a> Calls<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, base: &'a Scenario) -> Calls<'a> {
        Calls { simulator: Simulator::new(snapshot), base }
    }

    /// Calls to one group's DIDs.
    pub(crate) fn of(&self, group: Group) -> Column<'_> {
        self.of_routing(group.routing, group.example)
    }

    pub(crate) fn of_routing(&self, routing: Routing, example: crate::E164) -> Column<'_> {
        let routes = self.simulator.routes_of(routing);
        // A host that stands for others may be what fails: then nothing is known without running the call.
        let depends_on = self.base.srv.is_empty().then(|| Dependencies::of(&routes));
        Column { calls: self, routing, did: routing.did(example), depends_on, healthy: None }
    }
}

/// Calls to the DIDs of one group.
pub(crate) struct Column<'a> {
    calls: &'a Calls<'a>,
    routing: Routing,
    did: crate::Did,
    depends_on: Option<Dependencies>,
    /// What happens while nothing more fails: most failures leave most groups alone.
    healthy: Option<Cell>,
}

impl Column<'_> {
    /// What a call comes to under a failure.
    pub(crate) fn cell(&mut self, failure: &Failure) -> Result<Cell, CompileError> {
        if self.is_touched(failure) {
            return self.run(failure);
        }
        match self.healthy {
            Some(cell) => Ok(cell),
            None => {
                let cell = self.run(&Failure::Nothing)?;
                self.healthy = Some(cell);
                Ok(cell)
            }
        }
    }

    fn run(&self, failure: &Failure) -> Result<Cell, CompileError> {
        let scenario = failure.befalls(self.calls.base.clone(), self.routing);
        self.calls.simulator.run_did(&self.did, &scenario).map(|trace| Cell::of(&trace))
    }

    /// The step that begins last, and when.
    pub(crate) fn last_step(&self) -> Option<(u8, Millis)> {
        let trace = self.calls.simulator.run_did(&self.did, self.calls.base).ok()?;
        trace.attempts.iter().map(|attempt| (attempt.step, attempt.started_ms)).max_by_key(|(_, at)| *at)
    }

    /// The longest that setting up a call can take, whatever fails.
    pub(crate) fn worst_case_ms(&self) -> Option<Millis> {
        self.calls.simulator.compile(&self.did, self.calls.base).ok().map(|plan| plan.worst_case_ms())
    }

    /// Whether the failure can touch these calls at all.
    pub(crate) fn is_touched(&self, failure: &Failure) -> bool {
        match &self.depends_on {
            Some(depends_on) => depends_on.include(failure),
            None => *failure != Failure::Nothing,
        }
    }
}
