//! A trace as lines of text for the command line.

use std::fmt::Write;

use super::{Event, Outcome, PassedOver, Sound, Trace, What};
use crate::{Answerer, Millis, PlanId, RouteId, Snapshot};

impl Trace {
    /// The timeline as aligned plain text, with the routes' aliases from the snapshot; it ends with a line break.
    pub fn to_text(&self, snapshot: &Snapshot) -> String {
        let alias = |id: RouteId| alias(snapshot, id);
        let width = self
            .events
            .iter()
            .filter_map(|event| event.route)
            .map(|id| alias(id).chars().count())
            .max()
            .unwrap_or(0);
        let mut text = String::new();
        let steps = Steps {
            plan: self.plan,
            swapped: self.events.iter().any(|event| event.what == What::SharedByWeight),
        };
        for event in &self.events {
            let step = event.step.map_or(String::new(), |step| steps.column(step));
            let route = event.route.map_or(String::new(), alias);
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "{}  {step:<8}  {route:<width$}  {}",
                clock(event.at_ms),
                sentence(event, &steps)
            );
        }
        let _ = writeln!(text);
        let _ = writeln!(text, "Outcome   {}", self.outcome.to_text(snapshot));
        let heard: Vec<String> = self
            .heard
            .iter()
            .map(|heard| {
                let sound = match heard.sound {
                    Sound::Silence => "silence",
                    Sound::Ringing => "ringing",
                };
                format!("{sound} {}", heard.to_ms.minus(heard.from_ms))
            })
            .collect();
        let heard =
            if heard.is_empty() { "nothing: it was over at once".to_owned() } else { heard.join(", then ") };
        let _ = writeln!(text, "Heard     {heard}");
        let _ = writeln!(text, "Decision  {} (configuration {})", self.decision_hash, self.version);
        text
    }
}

impl Outcome {
    /// How a call ended as a clause, with the route's alias from the snapshot.
    pub fn to_text(&self, snapshot: &Snapshot) -> String {
        match *self {
            Outcome::Answered { route, at_ms, by } => {
                let by = match by {
                    Answerer::Pbx => "a phone system",
                    Answerer::Person => "a person",
                    Answerer::LiveAnswer => "an answering service",
                    Answerer::Voicemail => "voicemail; nobody was reached",
                };
                format!("answered at {} after {at_ms} by {by}", alias(snapshot, route))
            }
            Outcome::Rejected { code, at_ms } => format!("the caller gets {code} after {at_ms}"),
            Outcome::CallerHungUp { at_ms } => format!("the caller hung up after {at_ms}"),
        }
    }
}

/// Seconds with three decimals, right-aligned for set-ups of up to 999 s.
fn clock(at: Millis) -> String {
    format!("{:>4}.{:03} s", at.0 / 1000, at.0 % 1000)
}

fn alias(snapshot: &Snapshot, id: RouteId) -> String {
    match snapshot.routes.iter().find(|route| route.id == id) {
        Some(route) => route.alias.to_string(),
        None if id == RouteId::REGISTERED => "sip-reg".to_owned(),
        None => format!("route {id}"),
    }
}

/// What the steps of a trace are called.
struct Steps {
    plan: Option<PlanId>,
    /// Whether weights put the failover route first.
    swapped: bool,
}

impl Steps {
    /// `primary`, `failover`, `step 2`.
    fn column(&self, step: u8) -> String {
        match (step, self.plan, self.swapped) {
            (0, _, false) | (1, None, true) => "primary".to_owned(),
            (1, None, false) | (0, _, true) => "failover".to_owned(),
            (step, ..) => format!("step {step}"),
        }
    }
}

fn sentence(event: &Event, steps: &Steps) -> String {
    let step = match event.step {
        None => "the call".to_owned(),
        Some(step) => {
            let column = steps.column(step);
            if column.starts_with("step") { column } else { format!("the {column}") }
        }
    };
    match event.what {
        What::StepEntered(None) => format!("{step} is tried"),
        What::StepEntered(Some(cause)) => format!("{step} is tried, because of: {cause}"),
        What::StepPassedOver(PassedOver::Trigger(cause)) => {
            format!("{step} is passed over: its trigger does not match {cause}")
        }
        What::StepPassedOver(PassedOver::Hours) => format!("{step} is passed over: closed at this hour"),
        What::StepPassedOver(PassedOver::Health) => format!("{step} is passed over: marked down"),
        What::StepPassedOver(PassedOver::Attempts) => {
            format!("{step} is passed over: the call has used up its attempts")
        }
        What::RoutePassedOver => "passed over: marked down".to_owned(),
        What::LastResort => format!("{step} is tried after all, as a last resort"),
        What::StepCut(1) => "1 route is left out: the call has used up its attempts".to_owned(),
        What::StepCut(routes) => format!("{routes} routes are left out: the call has used up its attempts"),
        What::Dialled => "dial".to_owned(),
        What::FaultHasNoEffect(fault) => {
            format!("the fault `{fault}` cannot befall this route and does nothing")
        }
        What::Provisional(code) => code.to_string(),
        What::Failed(cause) => format!("failed: {cause}"),
        What::Cancelled => "cancelled".to_owned(),
        What::Answered => "answered".to_owned(),
        What::LateAnswerEnded => "answered too late: ended at once".to_owned(),
        What::SetUpTooLong => "the set-up took too long: the edge ends it".to_owned(),
        What::NoFailover => "this number has no failover".to_owned(),
        What::CallerHungUp => "the caller hangs up".to_owned(),
        What::Rejected(code) => format!("the caller gets {code}"),
        What::SharedByWeight => "weights put the failover route first in this call".to_owned(),
        What::NextTarget(place) => format!("SRV target {} is tried", u16::from(place) + 1),
    }
}
