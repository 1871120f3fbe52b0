//! What goes into a [`CallMachine`](super::CallMachine) and what comes out.

use crate::trace::What;
use crate::{Millis, RouteId, SipCode, Unreachable};

/// One leg of a call: one attempt at one route, numbered from 0 in the order of planning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegId(pub u8);

/// Something that happened outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A 1xx came on the leg. Any other code is left unread.
    Provisional(LegId, SipCode),
    /// A final response came on the leg, 200 to 699. A 1xx is left unread.
    Final(LegId, SipCode),
    /// The leg's INVITE could not be sent.
    Unreachable(LegId, Unreachable),
    /// The caller gave up (CANCEL).
    CallerCancelled,
    /// Time has passed: the moment of the last [`Output::WaitUntil`] has come.
    Tick,
}

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send an INVITE to the route.
    Dial {
        /// The new leg.
        leg: LegId,
        /// The step that it belongs to; 0 is the primary.
        step: u8,
        /// Where to.
        route: RouteId,
    },
    /// Cancel the leg. Before its first provisional response the CANCEL is held back (RFC 3261 §9.1).
    Cancel(LegId),
    /// Connect the caller with the leg. The call is through.
    Answer(LegId),
    /// End the leg's answer, which came too late, with ACK and BYE; once more for each retransmission of it.
    HangUp(LegId),
    /// Tell the caller that the call failed.
    Reject(SipCode),
    /// Give a [`Input::Tick`] at this moment, unless another input comes first. It replaces the one before.
    WaitUntil(Millis),
    /// Nothing to do: an event for the trace.
    Note {
        /// The step; `None` for the call as a whole.
        step: Option<u8>,
        /// The route, where the event concerns one.
        route: Option<RouteId>,
        /// What happened.
        what: What,
    },
}
