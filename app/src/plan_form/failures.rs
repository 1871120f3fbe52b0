//! Failures in words.

use routing::{Failure, Fault, FaultTarget, NetworkKind, Snapshot};

use crate::timeline::name_of;

/// A failure as a sentence without its full stop.
pub fn failure_words(snapshot: &Snapshot, failure: &Failure) -> String {
    match failure {
        Failure::Nothing => "Nothing fails".into(),
        Failure::Primary(fault) => format!("The primary {}", fault_words(*fault)),
        Failure::Domain(target) => match target {
            FaultTarget::Carrier(name) => format!("Carrier {name} fails"),
            FaultTarget::Site(name) => format!("Site {name} fails"),
            FaultTarget::Region(name) => format!("Region {name} fails"),
            FaultTarget::Host(name) => format!("Host {name} fails"),
            FaultTarget::Route(id) => format!("{} fails", name_of(snapshot, *id)),
            FaultTarget::Edge(id) => {
                let edge = snapshot.edges.iter().find(|edge| edge.id == *id);
                format!("Edge {} fails", edge.map_or_else(|| id.to_string(), |edge| edge.name.clone()))
            }
            FaultTarget::Network(NetworkKind::SipHosts) => "All SIP hosts fail".into(),
            FaultTarget::Network(NetworkKind::PhoneNetwork) => "The phone network fails".into(),
            FaultTarget::Network(NetworkKind::RegisteredDevices) => "All registered devices fail".into(),
        },
    }
}

/// What a fault does, to be read after its subject.
pub fn fault_words(fault: Fault) -> String {
    match fault {
        Fault::Silent => "does not answer at all".into(),
        Fault::TryingOnly => "says 100 Trying, then nothing".into(),
        Fault::Rejects(code) => format!("rejects with {} {}", code.code().get(), code.code().phrase()),
        Fault::Refused => "refuses the connection".into(),
        Fault::DnsFailure => "has no address in DNS".into(),
        Fault::TlsFailure => "fails in TLS".into(),
        Fault::RingsForEver => "rings for ever".into(),
        Fault::Busy => "is busy".into(),
        Fault::Declines => "declines".into(),
        Fault::AnswersAfter(after) => format!("answers after {after}"),
        Fault::VoicemailAnswers => "has its voicemail answer".into(),
    }
}
