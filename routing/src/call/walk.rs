//! Which step comes next: triggers, hours, health, last resorts.

use super::{CallPlan, PlanStep, Standing};
use crate::trace::{PassedOver, What};
use crate::{Cause, Millis, RouteId, limits};

/// A step to enter with these legs (places in the step).
pub(super) struct Entry {
    pub(super) step: u8,
    pub(super) routes: Vec<RouteId>,
}

/// An event for the trace: step, route, what.
pub(super) type Noted = (u8, Option<RouteId>, What);

/// Where the walk over the plan stands.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    pass: Pass,
    /// The step to look at next.
    next: u8,
    /// The last failure of a step that was entered.
    last: Option<Cause>,
    /// Whether a step was passed over for its health since then.
    passed_down: bool,
    /// Steps whose trigger and hours held when they were looked at: health alone kept legs of them back.
    fitting: Vec<u8>,
    /// Legs that were entered, by step and place.
    tried: Vec<(u8, usize)>,
}

/// Which time over the plan it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// Routes that are up.
    First,
    /// No route of the plan is up: the plan is walked anew, with routes of this standing.
    Again(Standing),
    /// Nothing else is left: what was passed over for health alone.
    LastResort(Standing),
}

impl Walk {
    pub(super) fn new() -> Walk {
        Walk {
            pass: Pass::First,
            next: 0,
            last: None,
            passed_down: false,
            fitting: Vec::new(),
            tried: Vec::new(),
        }
    }

    /// The last failure of a step that was entered.
    pub(super) fn last_cause(&self) -> Option<Cause> {
        self.last
    }

    /// Takes the failure of the step that was entered last.
    pub(super) fn failed(&mut self, cause: Cause) {
        self.last = Some(cause);
    }

    /// The next step to enter; `None` when the plan is used up. Every step passed over is noted.
    pub(super) fn next(&mut self, plan: &CallPlan, now: Millis, notes: &mut Vec<Noted>) -> Option<Entry> {
        loop {
            match plan.steps.get(usize::from(self.next)) {
                Some(step) => {
                    let index = self.next;
                    // A plan of 256 steps is far beyond `limits::STEPS_MAX`; the walk must end all the same.
                    self.next = self.next.saturating_add(1);
                    if index == u8::MAX {
                        return None;
                    }
                    if let Some(entry) = self.judge(plan, index, step, now, notes) {
                        return Some(entry);
                    }
                }
                None if self.turn(plan) => {}
                None => return None,
            }
        }
    }

    /// Goes over to the next pass; `false` when there is none.
    fn turn(&mut self, plan: &CallPlan) -> bool {
        let has =
            |standing| plan.steps.iter().flat_map(|step| &step.legs).any(|leg| leg.standing == standing);
        self.next = 0;
        self.pass = match self.pass {
            Pass::First if !has(Standing::Up) => {
                self.passed_down = false;
                self.fitting.clear();
                Pass::Again(if has(Standing::Down) { Standing::Down } else { Standing::SwitchedOff })
            }
            Pass::First | Pass::Again(_) => Pass::LastResort(Standing::Down),
            Pass::LastResort(Standing::Down) => Pass::LastResort(Standing::SwitchedOff),
            Pass::LastResort(_) => return false,
        };
        true
    }

    /// Judges a step in the order trigger, hours, health. Hours are those of the moment at which it would be entered.
    fn judge(
        &mut self,
        plan: &CallPlan,
        index: u8,
        step: &PlanStep,
        now: Millis,
        notes: &mut Vec<Noted>,
    ) -> Option<Entry> {
        let (standing, entered) = match self.pass {
            Pass::LastResort(standing) => {
                // Busy at the failover must not ring the dead primary; but where nothing was tried at all,
                // whatever is left is better than nothing.
                let wanted = self.last.is_none_or(|cause| plan.default_trigger.matches(&cause));
                if !wanted || !self.fitting.contains(&index) {
                    return None;
                }
                (standing, What::LastResort)
            }
            Pass::First | Pass::Again(_) => {
                let passed_over = |why| (index, None, What::StepPassedOver(why));
                let cause = match self.cause_for(step) {
                    Ok(cause) => cause,
                    Err(cause) => {
                        notes.push(passed_over(PassedOver::Trigger(cause)));
                        return None;
                    }
                };
                if !step.hours.hold_at(now) {
                    notes.push(passed_over(PassedOver::Hours));
                    return None;
                }
                self.fitting.push(index);
                match self.pass {
                    Pass::Again(standing) => (standing, What::LastResort),
                    _ => (Standing::Up, What::StepEntered(cause)),
                }
            }
        };
        let legs = || (0..).zip(&step.legs);
        let mut places: Vec<usize> = legs()
            .filter(|(place, leg)| leg.standing == standing && !self.tried.contains(&(index, *place)))
            .map(|(place, _)| place)
            .collect();
        if places.is_empty() {
            if !matches!(self.pass, Pass::LastResort(_)) {
                self.passed_down = true;
                notes.push((index, None, What::StepPassedOver(PassedOver::Health)));
            }
            return None;
        }
        // A last resort was open when it was passed over; now is another moment.
        if !step.hours.hold_at(now) {
            notes.push((index, None, What::StepPassedOver(PassedOver::Hours)));
            return None;
        }
        let room = limits::ATTEMPTS_MAX.saturating_sub(self.tried.len());
        if room == 0 {
            notes.push((index, None, What::StepPassedOver(PassedOver::Attempts)));
            return None;
        }
        notes.push((index, None, entered));
        if self.pass == Pass::First {
            let down = legs().filter(|(_, leg)| leg.standing != Standing::Up);
            notes.extend(down.map(|(_, leg)| (index, Some(leg.route), What::RoutePassedOver)));
        }
        if let Some(cut) = places.len().checked_sub(room).filter(|cut| *cut > 0) {
            places.truncate(room);
            notes.push((index, None, What::StepCut(u8::try_from(cut).unwrap_or(u8::MAX))));
        }
        self.passed_down = false;
        self.tried.extend(places.iter().map(|place| (index, *place)));
        let routes = legs().filter(|(place, _)| places.contains(place)).map(|(_, leg)| leg.route).collect();
        Some(Entry { step: index, routes })
    }

    /// The cause that the step is entered on, `None` for the first; or the cause that its trigger refuses.
    /// After a step that was down, the earlier failure and `marked_down` both count.
    fn cause_for(&self, step: &PlanStep) -> Result<Option<Cause>, Cause> {
        let marked_down = self.passed_down.then_some(Cause::MarkedDown);
        let causes = [self.last, marked_down];
        match causes.into_iter().flatten().find(|cause| step.enter_on.matches(cause)) {
            Some(cause) => Ok(Some(cause)),
            None => self.last.or(marked_down).map_or(Ok(None), Err),
        }
    }
}
