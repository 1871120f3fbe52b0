//! Drives a [`CallMachine`] through a [`Scenario`] with a virtual clock.

mod far_end;
mod record;

use far_end::{FarEnd, World};
use record::Record;

use crate::call::{CallMachine, CallPlan, CompileError, Input, LegId, Moment, Output};
use crate::index::Index;
use crate::trace::{Trace, What};
use crate::{Did, E164, InboundRoute, Millis, RouteId, Routing, Scenario, Snapshot};

/// Why a scenario cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimulateError {
    /// The snapshot does not hold the number that is dialled.
    #[error("{0} is not one of this account's numbers")]
    UnknownDid(E164),
    /// The number's routing cannot be walked.
    #[error(transparent)]
    Plan(#[from] CompileError),
}

/// Runs the scenario to its end: an answer, a refusal or the caller hanging up.
///
/// Far ends speak at once and the network takes no time, so within one millisecond the order is: provisional
/// responses, answers, the caller, failures, timers; then route id.
///
/// # Errors
/// The number is not in the snapshot, or its routing cannot be compiled.
pub fn simulate(snapshot: &Snapshot, scenario: &Scenario) -> Result<Trace, SimulateError> {
    Simulator::new(snapshot).run(scenario)
}

/// A configuration that many scenarios are run in: what they all look up is prepared once.
#[derive(Clone, Debug)]
pub struct Simulator<'a> {
    index: Index<'a>,
}

impl<'a> Simulator<'a> {
    /// Prepares the configuration.
    pub fn new(snapshot: &'a Snapshot) -> Simulator<'a> {
        Simulator { index: Index::new(snapshot) }
    }

    /// Each route that a call may go to with its entry; the built-in one may have none.
    pub(crate) fn routes_of(&self, routing: Routing) -> Vec<(RouteId, Option<&'a InboundRoute>)> {
        routing.routes_in(&self.index).into_iter().map(|id| (id, self.index.route(id))).collect()
    }

    /// See [`simulate`].
    ///
    /// # Errors
    /// See [`simulate`].
    pub fn run(&self, scenario: &Scenario) -> Result<Trace, SimulateError> {
        let dids = &self.index.snapshot.dids;
        let did = dids
            .iter()
            .find(|did| did.number == scenario.did)
            .ok_or(SimulateError::UnknownDid(scenario.did))?;
        Ok(self.run_did(did, scenario)?)
    }

    pub(crate) fn compile(&self, did: &Did, scenario: &Scenario) -> Result<CallPlan, CompileError> {
        let moment = Moment {
            at: scenario.at,
            seed: scenario.seed,
            marked_down: &scenario.marked_down,
            switched_off: &scenario.switched_off,
        };
        CallPlan::compile_in(&self.index, did, moment)
    }

    /// Runs the scenario as a call to this DID, which need not be in the snapshot: a draft of one, for instance.
    ///
    /// # Errors
    /// The DID's routing cannot be compiled.
    pub fn run_did(&self, did: &Did, scenario: &Scenario) -> Result<Trace, CompileError> {
        let plan = self.compile(did, scenario)?;
        let hangs_up = scenario.caller.hangs_up_after.map(|at| Pending {
            at,
            order: Order::Caller,
            route: RouteId(0),
            happens: Happens::Input(Input::CallerCancelled),
        });
        let run = Run {
            index: &self.index,
            world: World::new(scenario),
            record: Record::new(plan.plan),
            machine: CallMachine::new(plan, scenario.profile),
            pending: hangs_up.into_iter().collect(),
            wait_until: Millis::ZERO,
            now: Millis::ZERO,
        };
        Ok(run.finish())
    }
}

/// The order of inputs in one millisecond; the tick comes after them all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Target,
    Provisional,
    Answer,
    Caller,
    Failure,
}

/// Something that will happen unless the call is over before.
struct Pending {
    at: Millis,
    order: Order,
    route: RouteId,
    happens: Happens,
}

/// What will happen.
#[derive(Clone, Copy)]
enum Happens {
    Input(Input),
    /// The attempt goes on to its host's next SRV target. The machine does not know of it.
    NextTarget(LegId, u8),
}

impl Happens {
    /// The leg that it happens to.
    fn leg(self) -> Option<LegId> {
        match self {
            Happens::NextTarget(leg, _)
            | Happens::Input(
                Input::Provisional(leg, _) | Input::Final(leg, _) | Input::Unreachable(leg, _),
            ) => Some(leg),
            Happens::Input(Input::CallerCancelled | Input::Tick) => None,
        }
    }
}

struct Run<'a> {
    index: &'a Index<'a>,
    world: World<'a>,
    machine: CallMachine,
    record: Record,
    pending: Vec<Pending>,
    wait_until: Millis,
    now: Millis,
}

impl Run<'_> {
    /// It ends: a tick always fires the clock that was waited for, and the call's own clock is the last.
    fn finish(mut self) -> Trace {
        loop {
            self.drain();
            if let Some(outcome) = self.record.outcome() {
                self.late_answers();
                return self.record.into_trace(self.index.snapshot.version, outcome);
            }
            let next = (0..self.pending.len())
                .min_by_key(|&index| {
                    let Pending { at, order, route, .. } = self.pending[index];
                    (at, order, route, index)
                })
                .filter(|&index| self.pending[index].at <= self.wait_until);
            match next {
                Some(index) => {
                    let pending = self.pending.remove(index);
                    self.now = pending.at;
                    self.feed(pending.happens);
                }
                None => {
                    self.now = self.wait_until;
                    self.machine.handle(Input::Tick, self.now);
                }
            }
        }
    }

    fn feed(&mut self, happens: Happens) {
        let now = self.now;
        let input = match happens {
            Happens::NextTarget(leg, place) => {
                if self.machine.runs(leg, now) {
                    self.record.leg_event(now, leg, What::NextTarget(place));
                }
                return;
            }
            Happens::Input(input) => input,
        };
        if let Input::Provisional(leg, code) = input
            && self.machine.runs(leg, now)
        {
            self.record.provisional(now, leg, code);
        }
        self.machine.handle(input, now);
    }

    /// Answers that crossed the end of the call on the wire must be ended too.
    fn late_answers(&mut self) {
        let now = self.now;
        let crossed = |pending: &Pending| pending.at == now && pending.order == Order::Answer;
        let mut late: Vec<Pending> = self.pending.extract_if(.., |pending| crossed(pending)).collect();
        late.sort_by_key(|pending| pending.route);
        for pending in late {
            self.feed(pending.happens);
            self.drain();
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.machine.poll() {
            match output {
                Output::Dial { leg, step, route } => self.dial(leg, step, route),
                Output::Cancel(leg) => {
                    self.record.cancelled(self.now, leg);
                    self.forget(leg);
                }
                Output::Answer(leg) => self.record.answered(self.now, leg),
                Output::HangUp(leg) => self.record.answered_late(self.now, leg),
                Output::Reject(code) => self.record.rejected(self.now, code),
                Output::WaitUntil(at) => self.wait_until = at,
                Output::Note { step, route, what } => self.record.note(self.now, step, route, what),
            }
        }
    }

    fn dial(&mut self, leg: LegId, step: u8, route: RouteId) {
        let far_end = FarEnd::of(self.index.route(route), route, &self.world);
        self.record.dialled(self.now, leg, step, route, far_end.by);
        if let Some(fault) = far_end.without_effect {
            self.record.leg_event(self.now, leg, What::FaultHasNoEffect(fault));
        }
        for (after, order, happens) in far_end.happenings(leg) {
            self.pending.push(Pending { at: self.now.plus(after), order, route, happens });
        }
    }

    /// A cancelled leg says no more, but for what is already on the wire.
    fn forget(&mut self, leg: LegId) {
        let now = self.now;
        self.pending.retain(|pending| {
            pending.happens.leg() != Some(leg) || (pending.order == Order::Answer && pending.at <= now)
        });
    }
}
