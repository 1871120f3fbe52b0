//! The machine that sets up one call.

use std::collections::VecDeque;

use super::leg::{Leg, State};
use super::walk::{Entry, Walk};
use super::{CallPlan, Input, LegId, Output, PlanStep, Profile};
use crate::response::{best_branch, final_code};
use crate::trace::What;
use crate::{Cause, Millis, RouteId, SipCode};

/// Sets up one call: give it inputs with a time, drain its outputs.
///
/// Times count from the call's first INVITE, and never run backwards: an earlier time is read as the last one.
/// Inputs of one millisecond are best given in this order: provisional responses, answers, the caller's cancel,
/// failures, the tick; within each by route id. A leg's own ring clock beats its answer in the same millisecond.
#[derive(Clone, Debug)]
pub struct CallMachine {
    plan: CallPlan,
    profile: Profile,
    walk: Walk,
    now: Millis,
    /// Every leg of the call. Those of the step entered last begin at `first`.
    legs: Vec<Leg>,
    first: usize,
    over: bool,
    outputs: VecDeque<Output>,
}

/// A clock that runs out, in the order that those of one millisecond fire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Call,
    Clock(RouteId, usize),
    Start(RouteId, usize),
}

impl CallMachine {
    /// Starts the call at 0 ms: its first outputs are ready to be drained.
    pub fn new(plan: CallPlan, profile: Profile) -> CallMachine {
        let mut machine = CallMachine {
            plan,
            profile,
            walk: Walk::new(),
            now: Millis::ZERO,
            legs: Vec::new(),
            first: 0,
            over: false,
            outputs: VecDeque::new(),
        };
        if machine.plan.swapped {
            machine.note(None, None, What::SharedByWeight);
        }
        machine.go_on();
        machine.wait();
        machine
    }

    /// Takes something that happened. Clocks that ran out before `now` fire first, as if at `now`. A tick fires
    /// one more that runs out at `now` exactly; the next [`Output::WaitUntil`] says whether another is due.
    pub fn handle(&mut self, input: Input, now: Millis) {
        self.now = self.now.max(now);
        while let Some((at, due)) = self.due()
            && at < self.now
        {
            self.fire(due);
        }
        match input {
            Input::Provisional(id, code) if code.is_provisional() => self.provisional(id, code),
            Input::Final(id, code) if code.is_answer() => self.answer(id),
            Input::Final(id, code) if code.is_failure() => self.fail_live(id, Cause::Response(code)),
            Input::Provisional(..) | Input::Final(..) => {}
            Input::Unreachable(id, why) => self.fail_live(id, Cause::Unreachable(why)),
            Input::CallerCancelled if self.over => {}
            Input::CallerCancelled => {
                self.note(None, None, What::CallerHungUp);
                self.end();
            }
            Input::Tick => {
                if let Some((_, due)) = self.due().filter(|(at, _)| *at <= self.now) {
                    self.fire(due);
                }
            }
        }
        self.wait();
    }

    /// The next thing to do; `None` until the next input.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Whether the call was answered, rejected or given up. Late answers are still ended.
    pub fn is_over(&self) -> bool {
        self.over
    }

    fn wait(&mut self) {
        if let Some((at, _)) = self.due() {
            self.outputs.push_back(Output::WaitUntil(at));
        }
    }

    fn note(&mut self, step: Option<u8>, route: Option<RouteId>, what: What) {
        self.outputs.push_back(Output::Note { step, route, what });
    }

    fn step(&self, leg: &Leg) -> Option<&PlanStep> {
        self.plan.steps.get(usize::from(leg.step))
    }

    fn deadline(&self, leg: &Leg) -> Option<Millis> {
        leg.deadline(self.step(leg)?, self.profile)
    }

    /// The clock that runs out next.
    fn due(&self) -> Option<(Millis, Due)> {
        if self.over {
            return None;
        }
        let legs = self.legs.iter().enumerate().skip(self.first).filter_map(|(index, leg)| {
            let due = match leg.state {
                State::Waiting { .. } => Due::Start(leg.route, index),
                _ => Due::Clock(leg.route, index),
            };
            Some((self.deadline(leg)?, due))
        });
        let call = (self.profile.deadline(Millis::ZERO, self.plan.set_up_max_ms), Due::Call);
        legs.chain(std::iter::once(call)).min()
    }

    fn fire(&mut self, due: Due) {
        match due {
            Due::Call => {
                self.note(None, None, What::SetUpTooLong);
                self.end();
                self.outputs.push_back(Output::Reject(SipCode::REQUEST_TIMEOUT));
            }
            Due::Start(_, index) => self.start(index),
            Due::Clock(_, index) => {
                let State::Live { rang, late, .. } = self.legs[index].state else { return };
                self.fail(index, if rang { Cause::NoAnswer } else { Cause::NoResponse }, !late);
            }
        }
    }

    /// Whether the leg's attempt still runs at a moment. What comes at the very end of its clock is too late, like an
    /// answer.
    pub(crate) fn runs(&self, id: LegId, now: Millis) -> bool {
        let deadline = self.legs.get(usize::from(id.0)).and_then(|leg| self.deadline(leg));
        !self.over && deadline.is_some_and(|at| at > now)
    }

    fn provisional(&mut self, id: LegId, code: SipCode) {
        if !self.runs(id, self.now) {
            return;
        }
        let now = self.now;
        if let State::Live { provisional, rang, .. } = &mut self.legs[usize::from(id.0)].state {
            provisional.get_or_insert(now);
            *rang |= code.is_ringing();
        }
    }

    fn answer(&mut self, id: LegId) {
        let index = usize::from(id.0);
        let Some(leg) = self.legs.get(index) else { return };
        match leg.state {
            State::Live { provisional: Some(_), .. } if self.deadline(leg) == Some(self.now) => {
                if let State::Live { late, .. } = &mut self.legs[index].state
                    && !std::mem::replace(late, true)
                {
                    self.outputs.push_back(Output::HangUp(id));
                }
            }
            State::Live { .. } => {
                self.legs[index].state = State::Closed;
                self.outputs.push_back(Output::Answer(id));
                self.end();
            }
            State::Failed(_) | State::Gone => self.outputs.push_back(Output::HangUp(id)),
            State::Waiting { .. } | State::Closed => {}
        }
    }

    fn fail_live(&mut self, id: LegId, cause: Cause) {
        let index = usize::from(id.0);
        if let Some(Leg { state: State::Live { late: false, .. }, .. }) = self.legs.get(index) {
            self.fail(index, cause, false);
        }
    }

    /// The leg failed: the step goes on while others ring, unless this is a 6xx; then the walk goes on.
    fn fail(&mut self, index: usize, cause: Cause, cancel: bool) {
        let Leg { id, step, route, .. } = self.legs[index];
        self.legs[index].state = State::Failed(cause);
        self.note(Some(step), Some(route), What::Failed(cause));
        if cancel {
            self.outputs.push_back(Output::Cancel(id));
        }
        if matches!(cause, Cause::Response(code) if code.class() == 6) {
            self.cancel_open();
        }
        if self.legs[self.first..].iter().any(Leg::is_open) {
            return;
        }
        let branches: Vec<(RouteId, Cause)> = self.legs[self.first..]
            .iter()
            .filter_map(|leg| match leg.state {
                State::Failed(cause) => Some((leg.route, cause)),
                _ => None,
            })
            .collect();
        if let Some((_, cause)) = best_branch(&branches) {
            self.walk.failed(cause);
        }
        self.go_on();
    }

    /// Enters the next step, or tells the caller that none is left.
    fn go_on(&mut self) {
        let mut notes = Vec::new();
        let entry = self.walk.next(&self.plan, self.now, &mut notes);
        for (step, route, what) in notes {
            self.note(Some(step), route, what);
        }
        if let Some(entry) = entry {
            return self.enter(entry);
        }
        if self.plan.steps.len() == 1 {
            self.note(None, None, What::NoFailover);
        }
        self.over = true;
        // Without any attempt (every step closed) the number is there but nobody is.
        let code = self.walk.last_cause().map_or(SipCode::TEMPORARILY_UNAVAILABLE, final_code);
        self.outputs.push_back(Output::Reject(code));
    }

    fn enter(&mut self, entry: Entry) {
        self.first = self.legs.len();
        let stagger = self.plan.steps.get(usize::from(entry.step)).map_or(0, |step| step.stagger_ms.0);
        for (place, route) in (0_u32..).zip(entry.routes) {
            let offset = Millis(stagger.saturating_mul(place));
            let starts_at =
                if offset == Millis::ZERO { self.now } else { self.profile.deadline(self.now, offset) };
            // `limits::ATTEMPTS_MAX` keeps the number of legs far below 256.
            let id = LegId(u8::try_from(self.legs.len()).unwrap_or(u8::MAX));
            self.legs.push(Leg { id, step: entry.step, route, state: State::Waiting { starts_at } });
        }
        for index in self.first..self.legs.len() {
            if matches!(self.legs[index].state, State::Waiting { starts_at } if starts_at <= self.now) {
                self.start(index);
            }
        }
    }

    fn start(&mut self, index: usize) {
        let leg = &mut self.legs[index];
        leg.state = State::Live { started: self.now, provisional: None, rang: false, late: false };
        self.outputs.push_back(Output::Dial { leg: leg.id, step: leg.step, route: leg.route });
    }

    /// The call is over: whatever still rings is cancelled.
    fn end(&mut self) {
        self.over = true;
        self.cancel_open();
    }

    fn cancel_open(&mut self) {
        for leg in &mut self.legs[self.first..] {
            if let State::Live { late, .. } = leg.state {
                if !late {
                    self.outputs.push_back(Output::Cancel(leg.id));
                }
                leg.state = if late { State::Closed } else { State::Gone };
            } else if leg.is_open() {
                leg.state = State::Closed;
            }
        }
    }
}
