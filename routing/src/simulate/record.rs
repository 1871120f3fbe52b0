//! Writes a trace while the call runs.

use crate::call::LegId;
use crate::trace::{AttemptTrace, Ending, Event, Heard, Outcome, Sound, Trace, What, decision_hash};
use crate::{Answerer, Millis, PlanId, RouteId, SipCode, Version};

pub(super) struct Record {
    plan: Option<PlanId>,
    events: Vec<Event>,
    dialled: Vec<Dialled>,
    outcome: Option<Outcome>,
    ringing_from: Option<Millis>,
}

/// An attempt as it runs.
struct Dialled {
    leg: LegId,
    by: Answerer,
    step: u8,
    route: RouteId,
    started: Millis,
    first_provisional: Option<Millis>,
    ringing_from: Option<Millis>,
    /// When an answer came that was too late.
    late: Option<Millis>,
    ended: Option<(Millis, Ending)>,
}

impl Record {
    pub(super) fn new(plan: Option<PlanId>) -> Record {
        Record { plan, events: Vec::new(), dialled: Vec::new(), outcome: None, ringing_from: None }
    }

    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }

    /// An event that the machine tells of.
    pub(super) fn note(&mut self, now: Millis, step: Option<u8>, route: Option<RouteId>, what: What) {
        self.events.push(Event { at_ms: now, step, route, what });
        match what {
            What::CallerHungUp => self.outcome = Some(Outcome::CallerHungUp { at_ms: now }),
            What::Failed(cause) => {
                let open = self.dialled.iter_mut().find(|attempt| {
                    attempt.ended.is_none() && Some(attempt.step) == step && Some(attempt.route) == route
                });
                if let Some(attempt) = open {
                    attempt.ended = Some((now, Ending::Failed(cause)));
                }
            }
            _ => {}
        }
    }

    pub(super) fn dialled(&mut self, now: Millis, leg: LegId, step: u8, route: RouteId, by: Answerer) {
        self.dialled.push(Dialled {
            leg,
            by,
            step,
            route,
            started: now,
            first_provisional: None,
            ringing_from: None,
            late: None,
            ended: None,
        });
        self.leg_event(now, leg, What::Dialled);
    }

    pub(super) fn leg_event(&mut self, now: Millis, leg: LegId, what: What) {
        if let Some(attempt) = self.dialled.iter().find(|attempt| attempt.leg == leg) {
            let (step, route) = (Some(attempt.step), Some(attempt.route));
            self.events.push(Event { at_ms: now, step, route, what });
        }
    }

    pub(super) fn provisional(&mut self, now: Millis, leg: LegId, code: SipCode) {
        let Some(attempt) = self.dialled.iter_mut().find(|attempt| attempt.leg == leg) else { return };
        attempt.first_provisional.get_or_insert(now);
        if code == SipCode::RINGING {
            attempt.ringing_from.get_or_insert(now);
            self.ringing_from.get_or_insert(now);
        }
        self.leg_event(now, leg, What::Provisional(code));
    }

    /// A leg that has failed by its clock is cancelled too; that is no event of its own.
    pub(super) fn cancelled(&mut self, now: Millis, leg: LegId) {
        let open = self.dialled.iter_mut().find(|attempt| attempt.leg == leg && attempt.ended.is_none());
        if let Some(attempt) = open {
            attempt.ended = Some((now, Ending::Cancelled));
            self.leg_event(now, leg, What::Cancelled);
        }
    }

    pub(super) fn answered(&mut self, now: Millis, leg: LegId) {
        if let Some(attempt) = self.dialled.iter_mut().find(|attempt| attempt.leg == leg) {
            attempt.ended = Some((now, Ending::Answered));
            self.outcome = Some(Outcome::Answered { route: attempt.route, at_ms: now, by: attempt.by });
            self.leg_event(now, leg, What::Answered);
        }
    }

    /// The attempt is over, whatever ends it: mostly its own clock, in this very millisecond.
    pub(super) fn answered_late(&mut self, now: Millis, leg: LegId) {
        if let Some(attempt) = self.dialled.iter_mut().find(|attempt| attempt.leg == leg) {
            attempt.late.get_or_insert(now);
        }
        self.leg_event(now, leg, What::LateAnswerEnded);
    }

    pub(super) fn rejected(&mut self, now: Millis, code: SipCode) {
        self.outcome = Some(Outcome::Rejected { code, at_ms: now });
        self.note(now, None, None, What::Rejected(code));
    }

    pub(super) fn into_trace(self, version: Version, outcome: Outcome) -> Trace {
        let end = outcome.at_ms();
        let rings_from = self.ringing_from.unwrap_or(end);
        let attempts = self.dialled.into_iter().map(|attempt| {
            let (ended_ms, ending) =
                attempt.ended.unwrap_or((attempt.late.unwrap_or(end), Ending::Cancelled));
            AttemptTrace {
                step: attempt.step,
                route: attempt.route,
                started_ms: attempt.started,
                first_provisional_ms: attempt.first_provisional,
                ringing_from_ms: attempt.ringing_from,
                ended_ms,
                ending,
            }
        });
        let spans = [(Millis::ZERO, rings_from, Sound::Silence), (rings_from, end, Sound::Ringing)];
        Trace {
            version,
            plan: self.plan,
            decision_hash: decision_hash(&self.events, &outcome),
            attempts: attempts.collect(),
            outcome,
            heard: spans
                .into_iter()
                .filter(|(from_ms, to_ms, _)| from_ms < to_ms)
                .map(|(from_ms, to_ms, sound)| Heard { from_ms, to_ms, sound })
                .collect(),
            silence_ms: rings_from,
            ringing_ms: end.minus(rings_from),
            events: self.events,
        }
    }
}
