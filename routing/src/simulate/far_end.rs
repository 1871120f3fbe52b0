//! How a far end behaves, healthy or under a fault.

use super::Order;
use crate::call::{Input, LegId};
use crate::{
    Answerer, Fault, FaultTarget, Host, HostTarget, InboundRoute, InjectedFault, Millis, NetworkKind,
    RouteId, RouteTarget, SipCode, Transport, Unreachable,
};

/// How soon a machine answers: a PBX, an answering service, a voicemail.
const MACHINE_ANSWERS: Millis = Millis(2_000);
/// How soon a person reaches for the phone.
const PERSON_ANSWERS: Millis = Millis(8_000);

/// What one route does in this call.
pub(super) struct FarEnd {
    behaviour: Behaviour,
    /// What answers there.
    pub(super) by: Answerer,
    /// A fault that was meant for it and cannot befall it.
    pub(super) without_effect: Option<Fault>,
}

#[derive(Clone, Copy)]
enum Behaviour {
    Silent,
    Says(SipCode),
    Unreachable(Unreachable),
    AnswersAfter(Millis),
}

impl FarEnd {
    /// The route as configured (`None`: the built-in one, unlisted), under the first fault that holds for it.
    pub(super) fn of(listed: Option<&InboundRoute>, id: RouteId, faults: &[InjectedFault]) -> FarEnd {
        let by = listed.map_or(Answerer::default(), |route| route.domains.answerer);
        let target = listed.map_or(&RouteTarget::Registered, |route| &route.target);
        let fault = faults
            .iter()
            .filter(|injected| befalls(&injected.on, listed, id, target))
            .min_by_key(|injected| exactness(&injected.on))
            .map(|injected| injected.fault);
        let healthy = |by| match by {
            Answerer::Person => Behaviour::AnswersAfter(PERSON_ANSWERS),
            Answerer::Pbx | Answerer::LiveAnswer | Answerer::Voicemail => {
                Behaviour::AnswersAfter(MACHINE_ANSWERS)
            }
        };
        let link = Link::of(target);
        let (behaviour, by, without_effect) = match fault {
            None => (healthy(by), by, None),
            Some(Fault::Silent) => (Behaviour::Silent, by, None),
            Some(Fault::TryingOnly) => (Behaviour::Says(SipCode::TRYING), by, None),
            Some(Fault::Rejects(code)) => (Behaviour::Says(code.code()), by, None),
            Some(Fault::Refused) if link.datagrams => (Behaviour::Silent, by, None),
            Some(Fault::Refused) => (Behaviour::Unreachable(Unreachable::Refused), by, None),
            Some(fault @ Fault::DnsFailure) if !link.named => (healthy(by), by, Some(fault)),
            Some(Fault::DnsFailure) => (Behaviour::Unreachable(Unreachable::Dns), by, None),
            Some(fault @ Fault::TlsFailure) if !link.tls => (healthy(by), by, Some(fault)),
            Some(Fault::TlsFailure) => (Behaviour::Unreachable(Unreachable::Tls), by, None),
            Some(Fault::RingsForEver) => (Behaviour::Says(SipCode::RINGING), by, None),
            Some(Fault::Busy) => (Behaviour::Says(SipCode::BUSY_HERE), by, None),
            Some(Fault::Declines) => (Behaviour::Says(SipCode::DECLINE), by, None),
            Some(Fault::AnswersAfter(after)) => (Behaviour::AnswersAfter(after), by, None),
            Some(Fault::VoicemailAnswers) => (healthy(Answerer::Voicemail), Answerer::Voicemail, None),
        };
        FarEnd { behaviour, by, without_effect }
    }

    /// What it sends, and how long after the INVITE. Whoever will answer rings from the start.
    pub(super) fn inputs(&self, leg: LegId) -> Vec<(Millis, Order, Input)> {
        let at_once = Millis::ZERO;
        match self.behaviour {
            Behaviour::Silent => vec![],
            Behaviour::Says(code) if code.is_provisional() => {
                vec![(at_once, Order::Provisional, Input::Provisional(leg, code))]
            }
            Behaviour::Says(code) => vec![(at_once, Order::Failure, Input::Final(leg, code))],
            Behaviour::Unreachable(why) => vec![(at_once, Order::Failure, Input::Unreachable(leg, why))],
            Behaviour::AnswersAfter(after) => vec![
                (at_once, Order::Provisional, Input::Provisional(leg, SipCode::RINGING)),
                (after, Order::Answer, Input::Final(leg, SipCode::OK)),
            ],
        }
    }
}

/// How the route is reached, as far as faults care.
struct Link {
    /// Over UDP, where a refused connection is silence.
    datagrams: bool,
    tls: bool,
    /// By a name to look up. The public phone network and registered devices count as named: our own
    /// gateways are looked up too.
    named: bool,
}

impl Link {
    fn of(target: &RouteTarget) -> Link {
        let transport = target.transport().unwrap_or(Transport::Udp);
        Link {
            datagrams: transport == Transport::Udp,
            tls: transport == Transport::Tls,
            named: !target.host().is_some_and(Host::is_address),
        }
    }
}

/// Whether the fault is meant for the route.
fn befalls(on: &FaultTarget, listed: Option<&InboundRoute>, id: RouteId, target: &RouteTarget) -> bool {
    let label = |of: fn(&InboundRoute) -> &Option<String>, wanted: &String| {
        listed.and_then(|route| of(route).as_ref()).is_some_and(|label| label == wanted)
    };
    match on {
        FaultTarget::Route(route) => *route == id,
        FaultTarget::Host(text) => target
            .host()
            .is_some_and(|host| HostTarget::parse(text).is_ok_and(|meant| meant.host().is_same_place(host))),
        FaultTarget::Site(site) => label(|route| &route.domains.site, site),
        FaultTarget::Carrier(carrier) => label(|route| &route.domains.carrier, carrier),
        FaultTarget::Region(region) => label(|route| &route.domains.region, region),
        FaultTarget::Edge(edge) => listed.is_some_and(|route| route.edge == Some(*edge)),
        FaultTarget::Network(kind) => *kind == network(target),
    }
}

fn network(target: &RouteTarget) -> NetworkKind {
    match target {
        RouteTarget::Host(_) | RouteTarget::Uri(_) => NetworkKind::SipHosts,
        RouteTarget::Phone(_) => NetworkKind::PhoneNetwork,
        RouteTarget::Registered => NetworkKind::RegisteredDevices,
    }
}

/// The place of a target's kind in the order of precedence; the lowest holds.
fn exactness(on: &FaultTarget) -> u8 {
    match on {
        FaultTarget::Route(_) => 0,
        FaultTarget::Host(_) => 1,
        FaultTarget::Site(_) => 2,
        FaultTarget::Carrier(_) => 3,
        FaultTarget::Region(_) => 4,
        FaultTarget::Edge(_) => 5,
        FaultTarget::Network(_) => 6,
    }
}
