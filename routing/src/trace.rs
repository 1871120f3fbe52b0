//! What came of a simulated call.

mod canonical;
mod text;

pub(crate) use canonical::decision_hash;

use serde::{Deserialize, Serialize};

use crate::{Answerer, Cause, DecisionHash, Fault, Millis, PlanId, RouteId, SipCode, Version};

/// A call from its first INVITE to its end, event by event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The configuration version that decided.
    pub version: Version,
    /// The failover plan that was walked, if the number has one.
    #[serde(default)]
    pub plan: Option<PlanId>,
    /// Over the events and the outcome: two sides that show the same one decided alike. The version is left
    /// out, for an edit elsewhere in the account changes nothing here.
    pub decision_hash: DecisionHash,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Every route that was dialled, in order.
    pub attempts: Vec<AttemptTrace>,
    /// How it ended.
    pub outcome: Outcome,
    /// What the caller heard, from the start to the end without a gap.
    pub heard: Vec<Heard>,
    /// Silence in all.
    pub silence_ms: Millis,
    /// Ringing in all.
    pub ringing_ms: Millis,
}

impl Trace {
    /// Whether a person or a phone system took the call; a machine that takes messages did not.
    pub fn reached_somebody(&self) -> bool {
        matches!(self.outcome, Outcome::Answered { by, .. } if by != Answerer::Voicemail)
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, from the first INVITE.
    pub at_ms: Millis,
    /// In which step: 0 is the primary, 1 the failover route or the first step of the plan. `None`: in the call as
    /// a whole.
    pub step: Option<u8>,
    /// On which route, where it concerns one.
    pub route: Option<RouteId>,
    /// What.
    pub what: What,
}

/// What happened, or why something did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The step was entered, after a failure with this cause; `None` for the first.
    StepEntered(Option<Cause>),
    /// The step was not entered.
    StepPassedOver(PassedOver),
    /// The route was left out of its step: marked down.
    RoutePassedOver,
    /// The step is entered after all, for its routes that were passed over for health: nothing else is left.
    LastResort,
    /// So many routes of the step were cut: the call has used up its attempts.
    StepCut(u8),
    /// An INVITE went out.
    Dialled,
    /// The injected fault cannot befall this route: it does nothing.
    FaultHasNoEffect(Fault),
    /// A provisional response came.
    Provisional(SipCode),
    /// The attempt failed.
    Failed(Cause),
    /// The attempt was cancelled while another one, or the whole call, ended.
    Cancelled,
    /// The attempt was answered: the call is through.
    Answered,
    /// An answer came too late and was ended with ACK and BYE.
    LateAnswerEnded,
    /// The set-up reached the edge's longest time.
    SetUpTooLong,
    /// The DID has no failover.
    NoFailover,
    /// The caller hung up.
    CallerHungUp,
    /// The caller was told that the call failed.
    Rejected(SipCode),
    /// Weights put the failover route before the primary in this call.
    SharedByWeight,
    /// The attempt goes on to the host's next SRV target: its place in the order of trying, 1 for the second.
    NextTarget(u8),
}

/// Why a step was passed over: the first that holds, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassedOver {
    /// Its trigger does not match this cause.
    Trigger(Cause),
    /// Its hours are closed.
    Hours,
    /// Every route in it is marked down.
    Health,
    /// The call has used up its attempts.
    Attempts,
}

/// One try at one route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptTrace {
    /// The step: 0 is the primary.
    pub step: u8,
    /// The route.
    pub route: RouteId,
    /// When the INVITE went out.
    pub started_ms: Millis,
    /// When the first provisional response came.
    pub first_provisional_ms: Option<Millis>,
    /// When it began to ring (the first 180).
    pub ringing_from_ms: Option<Millis>,
    /// When it ended.
    pub ended_ms: Millis,
    /// How it ended.
    pub ending: Ending,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It won the call.
    Answered,
    /// It failed.
    Failed(Cause),
    /// It was cancelled: another leg won, a 6xx ended the step, the caller hung up, or the time was over.
    Cancelled,
}

/// How the call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Somebody, or something, answered.
    Answered {
        /// The route that won.
        route: RouteId,
        /// When.
        at_ms: Millis,
        /// What answered there.
        by: Answerer,
    },
    /// Every way failed.
    Rejected {
        /// What the caller was told.
        code: SipCode,
        /// When.
        at_ms: Millis,
    },
    /// The caller gave up first.
    CallerHungUp {
        /// When.
        at_ms: Millis,
    },
}

impl Outcome {
    /// When the set-up ended.
    pub fn at_ms(&self) -> Millis {
        match *self {
            Outcome::Answered { at_ms, .. }
            | Outcome::Rejected { at_ms, .. }
            | Outcome::CallerHungUp { at_ms } => at_ms,
        }
    }
}

/// A stretch of what the caller heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// From here.
    pub from_ms: Millis,
    /// To here, always later.
    pub to_ms: Millis,
    /// What.
    pub sound: Sound,
}

/// What the caller hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sound {
    /// Nothing yet.
    Silence,
    /// The ringing tone, from the first 180 on, also while a failover is dialled.
    Ringing,
}
