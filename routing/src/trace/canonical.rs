//! The decision hash: a trace's events and outcome as bytes that no platform writes differently.
//!
//! Each value is a tag of one byte, then its fields as little-endian numbers of fixed width: moments as u32, route
//! ids as i64, codes as u16. An absent value is the byte 0, a present one the byte 1 before it. Tags are
//! never given a new meaning, or hashes of stored traces would lie.

use super::{Event, Outcome, PassedOver, What};
use crate::hash::Fnv;
use crate::{Answerer, Cause, DecisionHash, Fault, SipCode, Unreachable};

/// Hashes what was decided.
pub(crate) fn decision_hash(events: &[Event], outcome: &Outcome) -> DecisionHash {
    let mut hash = Fnv::new();
    for event in events {
        hash.byte(1);
        hash.u32(event.at_ms.0);
        optional(&mut hash, event.step, Fnv::byte);
        optional(&mut hash, event.route, |hash, route| hash.i64(route.0));
        what(&mut hash, event.what);
    }
    hash.byte(2);
    match *outcome {
        Outcome::Answered { route, by, .. } => {
            hash.byte(1);
            hash.i64(route.0);
            hash.byte(match by {
                Answerer::Pbx => 1,
                Answerer::Person => 2,
                Answerer::LiveAnswer => 3,
                Answerer::Voicemail => 4,
            });
        }
        Outcome::Rejected { code: rejected, .. } => {
            hash.byte(2);
            code(&mut hash, rejected);
        }
        Outcome::CallerHungUp { .. } => hash.byte(3),
    }
    hash.u32(outcome.at_ms().0);
    hash.finish()
}

fn optional<T>(hash: &mut Fnv, value: Option<T>, write: impl FnOnce(&mut Fnv, T)) {
    match value {
        None => hash.byte(0),
        Some(value) => {
            hash.byte(1);
            write(hash, value);
        }
    }
}

fn code(hash: &mut Fnv, code: SipCode) {
    hash.u16(code.get());
}

fn cause(hash: &mut Fnv, cause: Cause) {
    match cause {
        Cause::NoResponse => hash.byte(1),
        Cause::NoAnswer => hash.byte(2),
        Cause::Unreachable(Unreachable::Refused) => hash.byte(3),
        Cause::Unreachable(Unreachable::Dns) => hash.byte(4),
        Cause::Unreachable(Unreachable::Tls) => hash.byte(5),
        Cause::MarkedDown => hash.byte(6),
        Cause::Response(response) => {
            hash.byte(7);
            code(hash, response);
        }
    }
}

fn what(hash: &mut Fnv, what: What) {
    match what {
        What::StepEntered(on) => {
            hash.byte(1);
            optional(hash, on, cause);
        }
        What::StepPassedOver(why) => {
            hash.byte(2);
            match why {
                PassedOver::Trigger(refused) => {
                    hash.byte(1);
                    cause(hash, refused);
                }
                PassedOver::Hours => hash.byte(2),
                PassedOver::Health => hash.byte(3),
                PassedOver::Attempts => hash.byte(4),
            }
        }
        What::RoutePassedOver => hash.byte(3),
        What::LastResort => hash.byte(4),
        What::StepCut(routes) => {
            hash.byte(5);
            hash.byte(routes);
        }
        What::Dialled => hash.byte(6),
        What::FaultHasNoEffect(injected) => {
            hash.byte(7);
            fault(hash, injected);
        }
        What::Provisional(provisional) => {
            hash.byte(8);
            code(hash, provisional);
        }
        What::Failed(on) => {
            hash.byte(9);
            cause(hash, on);
        }
        What::Cancelled => hash.byte(10),
        What::Answered => hash.byte(11),
        What::LateAnswerEnded => hash.byte(12),
        What::SetUpTooLong => hash.byte(13),
        What::NoFailover => hash.byte(14),
        What::CallerHungUp => hash.byte(15),
        What::Rejected(rejected) => {
            hash.byte(16);
            code(hash, rejected);
        }
        What::SharedByWeight => hash.byte(17),
        What::NextTarget(place) => {
            hash.byte(18);
            hash.byte(place);
        }
    }
}

fn fault(hash: &mut Fnv, fault: Fault) {
    match fault {
        Fault::Silent => hash.byte(1),
        Fault::TryingOnly => hash.byte(2),
        Fault::Rejects(rejected) => {
            hash.byte(3);
            code(hash, rejected.code());
        }
        Fault::Refused => hash.byte(4),
        Fault::DnsFailure => hash.byte(5),
        Fault::TlsFailure => hash.byte(6),
        Fault::RingsForEver => hash.byte(7),
        Fault::Busy => hash.byte(8),
        Fault::Declines => hash.byte(9),
        Fault::AnswersAfter(after) => {
            hash.byte(10);
            hash.u32(after.0);
        }
        Fault::VoicemailAnswers => hash.byte(11),
    }
}
