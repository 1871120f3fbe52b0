//! A trace in sentences.

use routing::{
    Answerer, AttemptTrace, Cause, Ending, Event, Millis, Outcome, PassedOver, RouteId, Snapshot, StepRoute,
    Trace, Unreachable, What,
};

use super::{Told, name_of};

impl<'a> Told<'a> {
    /// A trace of a call in this configuration.
    pub fn new(snapshot: &'a Snapshot, trace: &'a Trace) -> Told<'a> {
        let swapped = trace.events.iter().any(|event| event.what == What::SharedByWeight);
        Told { snapshot, trace, swapped }
    }

    /// The trace.
    pub(super) fn trace(&self) -> &'a Trace {
        self.trace
    }

    /// How long callers wait.
    pub(super) fn patience(&self) -> Millis {
        self.snapshot.defaults.patience_ms
    }

    /// What a route is called.
    pub(super) fn name(&self, id: RouteId) -> String {
        name_of(self.snapshot, id)
    }

    /// Whether the steps behind the primary are those of a plan.
    pub(super) fn is_plan(&self) -> bool {
        self.trace.plan.is_some()
    }

    /// A step of the plan as it is configured; the primary is none.
    pub(super) fn plan_step(&self, step: u8) -> Option<&'a routing::Step> {
        self.snapshot.plan(self.trace.plan?)?.steps.get(usize::from(step.checked_sub(1)?))
    }

    /// What the routes of a step of the plan are called.
    pub(super) fn names_in(&self, step: u8) -> String {
        let legs: &[StepRoute] = self.plan_step(step).map(|step| step.routes.as_slice()).unwrap_or_default();
        legs.iter().map(|leg| self.name(leg.route)).collect::<Vec<_>>().join(", ")
    }

    /// `the primary route`, `the failover route`, `step 2`.
    fn step(&self, step: Option<u8>) -> String {
        match (step, self.is_plan()) {
            (None, _) => "the call".into(),
            (Some(step), true) if step > 0 => format!("step {step}"),
            (Some(step), _) if (step == 0) != self.swapped => "the primary route".into(),
            (Some(_), _) => "the failover route".into(),
        }
    }

    /// The call's end in one sentence, and what the caller heard in another.
    pub fn fate(&self) -> String {
        let heard = heard(self.trace);
        match self.trace.outcome {
            Outcome::Answered { route, at_ms, by } => {
                let who = match by {
                    Answerer::Pbx => "",
                    Answerer::Person => " (a person)",
                    Answerer::LiveAnswer => " (answering service)",
                    Answerer::Voicemail => " (a machine: nobody was reached)",
                };
                format!("{}{who} answers after {at_ms}{}. {heard}", self.name(route), self.won_in())
            }
            Outcome::Rejected { code, at_ms } => {
                let when =
                    if at_ms == Millis::ZERO { "At once".to_owned() } else { format!("After {at_ms}") };
                format!("Nobody answers. {when} the caller gets {} {}. {heard}", code.get(), code.phrase())
            }
            Outcome::CallerHungUp { at_ms } => format!("The caller hangs up after {at_ms}. {heard}"),
        }
    }

    /// `, in step 2 of Layered`, if a step of a plan won.
    fn won_in(&self) -> String {
        let won = self.trace.attempts.iter().find(|attempt| attempt.ending == Ending::Answered);
        let plan = self.trace.plan.and_then(|id| self.snapshot.plan(id));
        match (won.map(|attempt| attempt.step).filter(|step| *step > 0), plan) {
            (Some(step), Some(plan)) => format!(", in step {step} of {}", plan.name),
            _ => String::new(),
        }
    }

    /// One event as a sentence.
    pub fn sentence(&self, event: &Event) -> String {
        let route = event.route.map(|id| self.name(id)).unwrap_or_default();
        let step = self.step(event.step);
        match event.what {
            What::StepEntered(None) => format!("The call goes to {step}"),
            What::StepEntered(Some(cause)) => {
                format!("The call goes on to {step}, because of: {}", cause_word(cause))
            }
            What::StepPassedOver(PassedOver::Trigger(cause)) => {
                format!("The call does not go to {step}: its trigger does not include {}", cause_word(cause))
            }
            What::StepPassedOver(PassedOver::Hours) => {
                format!("The call does not go to {step}: its hours are closed")
            }
            What::StepPassedOver(PassedOver::Health) => {
                format!("The call passes over {step}: it is marked down")
            }
            What::StepPassedOver(PassedOver::Attempts) => {
                format!("The call does not go to {step}: all its attempts are used up")
            }
            What::RoutePassedOver => format!("{route} is passed over: it is marked down"),
            What::LastResort => format!("Nothing else is left: {step} is tried after all"),
            What::StepCut(1) => format!("1 route of {step} is left out: the call has used up its attempts"),
            What::StepCut(n) => {
                format!("{n} routes of {step} are left out: the call has used up its attempts")
            }
            What::Dialled => format!("{route} is called"),
            What::FaultHasNoEffect(fault) => {
                format!("“{fault}” cannot happen to {route}; it works as usual")
            }
            What::Provisional(code) => format!("{route}: {} {}", code.get(), code.phrase()),
            What::Failed(cause) => format!("{route} fails: {}", cause_word(cause)),
            What::Cancelled => format!("{route} is cancelled"),
            What::Answered => format!("{route} answers: the call is through"),
            What::LateAnswerEnded => format!("{route} answers too late; that answer is ended"),
            What::SetUpTooLong => "The set-up has reached the longest time that the edge allows".into(),
            What::NoFailover => "There is no failover route to go on to".into(),
            What::CallerHungUp => "The caller hangs up".into(),
            What::Rejected(code) => format!("The caller gets {} {}", code.get(), code.phrase()),
            What::SharedByWeight => "By their weights, this call goes to the failover route first".into(),
            What::NextTarget(place) => {
                format!("{route} goes on to its host’s SRV target {}", u16::from(place) + 1)
            }
        }
    }
}

fn heard(trace: &Trace) -> String {
    match (trace.silence_ms, trace.ringing_ms) {
        (Millis::ZERO, Millis::ZERO) => "The caller hears nothing before that.".into(),
        (Millis::ZERO, ringing) => format!("The caller hears {ringing} of ringing."),
        (silence, Millis::ZERO) => format!("The caller hears {silence} of silence."),
        (silence, ringing) => format!("The caller hears {silence} of silence and {ringing} of ringing."),
    }
}

/// How an attempt ended, after how long.
pub fn ending(attempt: &AttemptTrace) -> String {
    let after = attempt.ended_ms.minus(attempt.started_ms);
    let after = if after == Millis::ZERO { "at once".to_owned() } else { format!("after {after}") };
    match attempt.ending {
        Ending::Answered => format!("answers {after}"),
        Ending::Failed(cause) => format!("{} {after}", cause_word(cause)),
        Ending::Cancelled => format!("cancelled {after}"),
    }
}

/// Why a step was passed over, as short as it can be said.
pub(super) fn reason(why: PassedOver) -> String {
    match why {
        PassedOver::Trigger(cause) => format!("not entered on {}", cause_word(cause)),
        PassedOver::Hours => "closed at this hour".into(),
        PassedOver::Health => "marked down".into(),
        PassedOver::Attempts => "the call’s attempts are used up".into(),
    }
}

/// A cause in words.
pub fn cause_word(cause: Cause) -> String {
    match cause {
        Cause::NoResponse => "no response".into(),
        Cause::NoAnswer => "no answer".into(),
        Cause::Unreachable(Unreachable::Refused) => "connection refused".into(),
        Cause::Unreachable(Unreachable::Dns) => "DNS failure".into(),
        Cause::Unreachable(Unreachable::Tls) => "TLS failure".into(),
        Cause::MarkedDown => "marked down".into(),
        Cause::Response(code) => format!("{} {}", code.get(), code.phrase()),
    }
}
