//! Failures of the primary that no step of a plan is entered on.

use super::{FindingDetail, Severity};
use crate::{Cause, LocalCause, SipCode, Step, Unreachable};

/// The commonest ways in which a primary fails as a whole. Busy and no answer are none: to leave them to the caller is
/// a choice. The causes of [`Unreachable`] are one to a trigger. A primary that health has marked down is one by
/// itself: `408, 503` is entered on silence until the primary is marked down for it, and not afterwards.
const OUTAGES: [Cause; 4] = [
    Cause::NoResponse,
    Cause::Unreachable(Unreachable::Refused),
    Cause::MarkedDown,
    Cause::Response(SipCode::SERVICE_UNAVAILABLE),
];

/// What none of these steps is ever entered on, and how bad that is; `None` if there is no such outage, or no step.
///
/// A primary that answers 503 is alive, and some presets leave 503 out on purpose: alone, it is worth a note.
pub(super) fn unmet<'a>(steps: impl Iterator<Item = &'a Step> + Clone) -> Option<(Severity, FindingDetail)> {
    steps.clone().next()?;
    let is_met = |cause: &Cause| steps.clone().any(|step| step.enter_on.matches(cause));
    let unmet: Vec<Cause> = OUTAGES.into_iter().filter(|cause| !is_met(cause)).collect();
    let severity = match unmet.as_slice() {
        [] => return None,
        [Cause::Response(_)] => Severity::Note,
        _ => Severity::Warning,
    };
    Some((severity, FindingDetail::Outages(unmet)))
}

/// As part of a key: `no_response-unreachable`.
pub(super) fn label(causes: &[Cause]) -> String {
    let name = |cause: &Cause| match cause {
        Cause::NoResponse => LocalCause::NoResponse.name().to_owned(),
        Cause::NoAnswer => LocalCause::NoAnswer.name().to_owned(),
        Cause::Unreachable(_) => LocalCause::Unreachable.name().to_owned(),
        Cause::MarkedDown => LocalCause::MarkedDown.name().to_owned(),
        Cause::Response(code) => code.get().to_string(),
    };
    causes.iter().map(name).collect::<Vec<_>>().join("-")
}
