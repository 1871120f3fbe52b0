//! How a far end behaves, healthy or under a fault.

use super::{Happens, Order};
use crate::call::{Input, LegId};
use crate::limits::{SRV_TARGET_MS, SRV_TARGETS_MAX};
use crate::{
    Answerer, Fault, FaultTarget, Host, HostTarget, InboundRoute, InjectedFault, Millis, NetworkKind,
    RouteId, RouteTarget, Scenario, SipCode, Transport, Unreachable,
};

/// How soon a machine answers: a PBX, an answering service, a voicemail.
const MACHINE_ANSWERS: Millis = Millis(2_000);
/// How soon a person reaches for the phone.
const PERSON_ANSWERS: Millis = Millis(8_000);

/// What is broken, with the host names of faults and SRV records read once a call.
pub(super) struct World<'a> {
    faults: Vec<(&'a InjectedFault, Option<Host>)>,
    srv: Vec<(Host, Vec<Host>)>,
}

impl<'a> World<'a> {
    /// A host that cannot be read befalls nothing.
    pub(super) fn new(scenario: &'a Scenario) -> World<'a> {
        let host = |text: &str| HostTarget::parse(text).ok().map(|target| target.host().clone());
        let faults = scenario.faults.iter().map(|injected| {
            let named = match &injected.on {
                FaultTarget::Host(text) => host(text),
                _ => None,
            };
            (injected, named)
        });
        let srv = scenario.srv.iter().filter_map(|record| {
            let targets = record.targets.iter().take(SRV_TARGETS_MAX).filter_map(|text| host(text)).collect();
            Some((host(&record.host)?, targets))
        });
        World { faults: faults.collect(), srv: srv.collect() }
    }

    /// The SRV targets of a route: only where it names a host without a port (RFC 3263 §4.2).
    fn targets(&self, target: &RouteTarget) -> &[Host] {
        let found =
            target.host().filter(|host| !host.is_address() && target.port().is_none()).and_then(|host| {
                self.srv.iter().find(|(name, targets)| name.is_same_place(host) && !targets.is_empty())
            });
        found.map_or(&[], |(_, targets)| targets)
    }
}

/// What one route does in this call.
pub(super) struct FarEnd {
    /// The hosts that are tried one after the other, each from its moment on; mostly one.
    tried: Vec<(Millis, Behaviour)>,
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

impl Behaviour {
    /// How long the next SRV target waits for this one; `None` if this one has the last word (RFC 3263 §4.3).
    fn goes_on_after(self) -> Option<Millis> {
        match self {
            Behaviour::Silent => Some(SRV_TARGET_MS),
            Behaviour::Unreachable(_) => Some(Millis::ZERO),
            Behaviour::Says(code) if code == SipCode::SERVICE_UNAVAILABLE => Some(Millis::ZERO),
            Behaviour::Says(_) | Behaviour::AnswersAfter(_) => None,
        }
    }
}

impl FarEnd {
    /// The route as configured (`None`: the built-in one, unlisted), under the faults that hold for it.
    pub(super) fn of(listed: Option<&InboundRoute>, id: RouteId, world: &World<'_>) -> FarEnd {
        let route =
            Route { listed, id, target: listed.map_or(&RouteTarget::Registered, |route| &route.target) };
        let targets = world.targets(route.target);
        if targets.is_empty() {
            let (behaviour, by, without_effect) = route.behaviour(None, world);
            return FarEnd { tried: vec![(Millis::ZERO, behaviour)], by, without_effect };
        }
        let mut far_end = FarEnd { tried: Vec::new(), by: route.answerer(), without_effect: None };
        let mut from = Millis::ZERO;
        for host in targets {
            let (behaviour, by, without_effect) = route.behaviour(Some(host), world);
            far_end.tried.push((from, behaviour));
            far_end.by = by;
            far_end.without_effect = far_end.without_effect.or(without_effect);
            match behaviour.goes_on_after() {
                Some(after) => from = from.plus(after),
                None => break,
            }
        }
        far_end
    }

    /// What it sends, and how long after the INVITE. Whoever will answer rings from the start.
    pub(super) fn happenings(&self, leg: LegId) -> Vec<(Millis, Order, Happens)> {
        let mut all = Vec::with_capacity(self.tried.len() + 1);
        for (place, (from, behaviour)) in (0_u8..).zip(&self.tried) {
            if place > 0 {
                all.push((*from, Order::Target, Happens::NextTarget(leg, place)));
            }
            // Only the last one tried is heard: of the others, what they say only leads on to the next.
            if usize::from(place) + 1 < self.tried.len() {
                continue;
            }
            let mut input =
                |after: Millis, order, input| all.push((from.plus(after), order, Happens::Input(input)));
            match *behaviour {
                Behaviour::Silent => {}
                Behaviour::Says(code) if code.is_provisional() => {
                    input(Millis::ZERO, Order::Provisional, Input::Provisional(leg, code));
                }
                Behaviour::Says(code) => input(Millis::ZERO, Order::Failure, Input::Final(leg, code)),
                Behaviour::Unreachable(why) => {
                    input(Millis::ZERO, Order::Failure, Input::Unreachable(leg, why));
                }
                Behaviour::AnswersAfter(after) => {
                    input(Millis::ZERO, Order::Provisional, Input::Provisional(leg, SipCode::RINGING));
                    input(after, Order::Answer, Input::Final(leg, SipCode::OK));
                }
            }
        }
        all
    }
}

/// A route as faults see it.
#[derive(Clone, Copy)]
struct Route<'a> {
    listed: Option<&'a InboundRoute>,
    id: RouteId,
    target: &'a RouteTarget,
}

impl Route<'_> {
    fn answerer(&self) -> Answerer {
        self.listed.map_or(Answerer::default(), |route| route.domains.answerer)
    }

    /// How it behaves, called at one of its SRV targets or (`None`) as itself: what it does, who answers, and the
    /// fault that cannot befall it.
    fn behaviour(&self, at: Option<&Host>, world: &World<'_>) -> (Behaviour, Answerer, Option<Fault>) {
        let by = self.answerer();
        let fault = world
            .faults
            .iter()
            .filter(|(injected, named)| self.is_befallen(&injected.on, named.as_ref(), at))
            .min_by_key(|(injected, _)| exactness(&injected.on))
            .map(|(injected, _)| injected.fault);
        let healthy = |by| match by {
            Answerer::Person => Behaviour::AnswersAfter(PERSON_ANSWERS),
            Answerer::Pbx | Answerer::LiveAnswer | Answerer::Voicemail => {
                Behaviour::AnswersAfter(MACHINE_ANSWERS)
            }
        };
        let link = Link::of(self.target);
        match fault {
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
        }
    }

    /// Whether a fault is meant for it; `named` is the host that the fault names.
    fn is_befallen(&self, on: &FaultTarget, named: Option<&Host>, at: Option<&Host>) -> bool {
        let label = |of: fn(&InboundRoute) -> &Option<String>, wanted: &String| {
            self.listed
                .and_then(|route| of(route).as_ref())
                .is_some_and(|label| label.eq_ignore_ascii_case(wanted))
        };
        match on {
            FaultTarget::Route(route) => *route == self.id,
            FaultTarget::Host(_) => named.is_some_and(|named| {
                self.target.host().into_iter().chain(at).any(|host| named.is_same_place(host))
            }),
            FaultTarget::Site(site) => label(|route| &route.domains.site, site),
            FaultTarget::Carrier(carrier) => label(|route| &route.domains.carrier, carrier),
            FaultTarget::Region(region) => label(|route| &route.domains.region, region),
            FaultTarget::Edge(edge) => self.listed.is_some_and(|route| route.edge == Some(*edge)),
            FaultTarget::Network(kind) => *kind == NetworkKind::of(self.target),
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
