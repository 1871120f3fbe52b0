//! One leg while the call is set up.

use super::{LegId, PlanStep, Profile};
use crate::{Cause, Millis, RouteId};

/// A leg of a step that was entered.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    pub(super) id: LegId,
    pub(super) step: u8,
    pub(super) route: RouteId,
    pub(super) state: State,
}

/// Where a leg stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Its stagger has not run out.
    Waiting { starts_at: Millis },
    /// Dialled. `rang` since an 18x; `late` once an answer has lost to the ring clock.
    Live { started: Millis, provisional: Option<Millis>, rang: bool, late: bool },
    /// Failed; it counts in the choice of a response.
    Failed(Cause),
    /// Cancelled. It may still be answered, late.
    Gone,
    /// Nothing new can come: its answer won, or lost to the ring clock and was ended, or it was never dialled.
    Closed,
}

impl Leg {
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Waiting { .. } | State::Live { .. })
    }

    /// When its running clock ends: its stagger, then silence, then ringing.
    pub(super) fn deadline(&self, step: &PlanStep, profile: Profile) -> Option<Millis> {
        match self.state {
            State::Waiting { starts_at } => Some(starts_at),
            State::Live { started, provisional: None, .. } => {
                Some(profile.deadline(started, step.no_response_ms))
            }
            State::Live { provisional: Some(at), .. } => Some(profile.deadline(at, step.ring_ms)),
            State::Failed(_) | State::Gone | State::Closed => None,
        }
    }
}
