//! What is injected into a simulated call.

mod text;

use std::fmt;

pub use text::FaultError;

use serde::{Deserialize, Serialize};

use crate::{E164, EdgeId, HostTarget, Millis, Profile, RouteId, RouteTarget, SipCode, bounded, limits};

/// A call to simulate: the number dialled, the caller, and what is broken meanwhile. In JSON a misspelt field is
/// refused: it would quietly run another call than the one that was meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The number that the caller dials.
    pub did: E164,
    /// When, in seconds since 1970 UTC; it decides which schedules are open. `None`: as if all were.
    #[serde(default)]
    pub at: Option<i64>,
    /// What the caller does.
    #[serde(default)]
    pub caller: CallerBehaviour,
    /// What is broken. On one route the most exact target holds (see [`FaultTarget`]), then the first listed.
    #[serde(default, deserialize_with = "bounded::list::<_, _, { limits::FAULTS_MAX }>")]
    pub faults: Vec<InjectedFault>,
    /// Whose timers run.
    #[serde(default)]
    pub profile: Profile,
    /// What draws by weight start from. A call without weights does not look at it.
    #[serde(default)]
    pub seed: u64,
    /// Routes that health has marked down: passed over, and tried only as a last resort.
    #[serde(default, deserialize_with = "bounded::list::<_, _, { limits::ROUTES_PER_ACCOUNT_MAX }>")]
    pub marked_down: Vec<RouteId>,
    /// Routes that an operator's outage switch has taken out: a last resort after those marked down.
    #[serde(default, deserialize_with = "bounded::list::<_, _, { limits::ROUTES_PER_ACCOUNT_MAX }>")]
    pub switched_off: Vec<RouteId>,
    /// What DNS says of hosts that are called without a port. A host that is not listed stands for itself.
    #[serde(default, deserialize_with = "bounded::list::<_, _, { limits::SRV_HOSTS_MAX }>")]
    pub srv: Vec<SrvRecord>,
}

/// The SRV targets of a host, in the order in which they are tried (RFC 3263 §4.2, RFC 2782).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SrvRecord {
    /// The host of a route.
    pub host: String,
    /// The hosts that answer for it, at most [`SRV_TARGETS_MAX`](crate::limits::SRV_TARGETS_MAX). A fault on one of
    /// them is a fault on its host name.
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::SRV_TARGETS_MAX }>")]
    pub targets: Vec<String>,
}

impl Scenario {
    /// A call to the number with nothing broken and a patient caller.
    pub fn new(did: E164) -> Scenario {
        Scenario {
            did,
            at: None,
            caller: CallerBehaviour::default(),
            faults: Vec::new(),
            profile: Profile::default(),
            seed: 0,
            marked_down: Vec::new(),
            switched_off: Vec::new(),
            srv: Vec::new(),
        }
    }

    /// The same call with one more fault.
    #[must_use]
    pub fn with_fault(mut self, on: FaultTarget, fault: Fault) -> Scenario {
        self.faults.push(InjectedFault { on, fault });
        self
    }

    /// The faults without those that [`Scenario::mark_down`] added.
    pub fn faults_beside_down(&self) -> impl Iterator<Item = &InjectedFault> {
        self.faults.iter().filter(|injected| {
            let FaultTarget::Route(id) = injected.on else { return true };
            injected.fault != Fault::Silent || !self.marked_down.contains(&id)
        })
    }

    /// Health has marked these routes down, because they do not answer: tried as a last resort, they do not answer either.
    pub fn mark_down(&mut self, routes: &[RouteId]) {
        self.marked_down.extend_from_slice(routes);
        let silent = |id: &RouteId| InjectedFault { on: FaultTarget::Route(*id), fault: Fault::Silent };
        self.faults.extend(routes.iter().map(silent));
    }
}

/// What the caller does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallerBehaviour {
    /// When the caller gives up, counted from the first INVITE. `None`: never.
    pub hangs_up_after: Option<Millis>,
}

/// A fault and what it befalls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InjectedFault {
    /// What is broken.
    pub on: FaultTarget,
    /// How it behaves.
    pub fault: Fault,
}

/// What a fault befalls. Where several hold for a route, the first of this order does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultTarget {
    /// One inbound route.
    Route(RouteId),
    /// Every route to this host name or address, whatever its letter case.
    Host(String),
    /// Every route of this site.
    Site(String),
    /// Every route of this carrier.
    Carrier(String),
    /// Every route of this region.
    Region(String),
    /// Every route that prefers this edge.
    Edge(EdgeId),
    /// Every route over a kind of network.
    Network(NetworkKind),
}

impl FaultTarget {
    /// Whether both mean the same thing. Labels and host names are compared without regard to ASCII case: people
    /// write them by hand.
    pub fn is_same(&self, other: &FaultTarget) -> bool {
        match (self, other) {
            (FaultTarget::Host(a), FaultTarget::Host(b)) => {
                let host = |text: &str| HostTarget::parse(text).ok();
                a.eq_ignore_ascii_case(b)
                    || matches!((host(a), host(b)), (Some(a), Some(b)) if a.host().is_same_place(b.host()))
            }
            (FaultTarget::Site(a), FaultTarget::Site(b))
            | (FaultTarget::Carrier(a), FaultTarget::Carrier(b))
            | (FaultTarget::Region(a), FaultTarget::Region(b)) => a.eq_ignore_ascii_case(b),
            _ => self == other,
        }
    }
}

/// A kind of network that routes lead over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkKind {
    /// SIP hosts and URIs.
    SipHosts,
    /// The public phone network.
    PhoneNetwork,
    /// The account's registered devices.
    RegisteredDevices,
}

impl NetworkKind {
    /// The network that a target is reached over.
    pub fn of(target: &RouteTarget) -> NetworkKind {
        match target {
            RouteTarget::Host(_) | RouteTarget::Uri(_) => NetworkKind::SipHosts,
            RouteTarget::Phone(_) => NetworkKind::PhoneNetwork,
            RouteTarget::Registered => NetworkKind::RegisteredDevices,
        }
    }
}

/// How a far end behaves. Every far end here speaks at once: what it says first, it says at 0 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing comes back.
    Silent,
    /// `100 Trying` and nothing more: a live proxy before a dead PBX.
    TryingOnly,
    /// A final response.
    Rejects(RejectCode),
    /// The connection is refused. Over UDP that is silence.
    Refused,
    /// The name does not resolve. It does nothing to an address.
    DnsFailure,
    /// The TLS handshake fails. It does nothing without TLS.
    TlsFailure,
    /// It rings and nobody answers.
    RingsForEver,
    /// 486.
    Busy,
    /// 603.
    Declines,
    /// It rings from the start and is answered after this long.
    AnswersAfter(Millis),
    /// A machine answers, as soon as a healthy machine does: nobody was reached.
    VoicemailAnswers,
}

/// A final code that a far end rejects with: 300 to 699.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct RejectCode(SipCode);

/// A code that no call is rejected with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} does not reject a call; codes that do run from 300 to 699")]
pub struct NotARejection(
    /// The number.
    pub u16,
);

impl RejectCode {
    /// Reads a code from 300 to 699.
    ///
    /// # Errors
    /// Outside that range.
    pub fn new(code: u16) -> Result<RejectCode, NotARejection> {
        SipCode::new(code).ok().filter(|code| code.is_failure()).map(RejectCode).ok_or(NotARejection(code))
    }

    /// The code.
    pub fn code(self) -> SipCode {
        self.0
    }
}

impl TryFrom<u16> for RejectCode {
    type Error = NotARejection;

    fn try_from(code: u16) -> Result<RejectCode, NotARejection> {
        RejectCode::new(code)
    }
}

impl From<RejectCode> for u16 {
    fn from(code: RejectCode) -> u16 {
        code.0.get()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Silent => f.write_str("silent"),
            Fault::TryingOnly => f.write_str("trying only"),
            Fault::Rejects(code) => write!(f, "rejects with {}", code.0),
            Fault::Refused => f.write_str("connection refused"),
            Fault::DnsFailure => f.write_str("DNS failure"),
            Fault::TlsFailure => f.write_str("TLS failure"),
            Fault::RingsForEver => f.write_str("rings for ever"),
            Fault::Busy => f.write_str("busy"),
            Fault::Declines => f.write_str("declines"),
            Fault::AnswersAfter(ms) => write!(f, "answers after {ms}"),
            Fault::VoicemailAnswers => f.write_str("voicemail answers"),
        }
    }
}
