//! An account of three groups of DIDs.

use routing::{
    Alias, Answerer, Cell, Clocks, Dialling, Did, Domains, E164, Failover, FailoverPlan, InboundRoute,
    Millis, Outcome, PlanId, RouteId, RouteKind, RouteTarget, Routing, Snapshot, Step, Trigger,
};

pub(crate) const PBX: RouteId = RouteId(1);
pub(crate) const TRUNK: RouteId = RouteId(2);
pub(crate) const MOBILE: RouteId = RouteId(3);
pub(crate) const SERVICE: RouteId = RouteId(4);
pub(crate) const VOICEMAIL: RouteId = RouteId(5);
pub(crate) const PLAN: PlanId = PlanId(9);

pub(crate) fn number(at: u64) -> E164 {
    E164::from_u64(12_065_550_100 + at).unwrap()
}

pub(crate) fn routing(primary: RouteId, failover: Failover) -> Routing {
    Routing { primary, failover, weights: None }
}

/// 0 to 4: the PBX, no failover. 5 to 7: the PBX, then a trunk of its own carrier. 8 and 9: the PBX, then a plan of
/// mobile, service, voicemail.
pub(crate) fn account() -> Snapshot {
    let route = |id, alias: &str, (kind, value), carrier: &str, answerer| InboundRoute {
        id,
        alias: Alias::parse(alias).unwrap(),
        target: RouteTarget::parse(kind, value, &Dialling::default()).unwrap(),
        edge: None,
        domains: Domains { carrier: Some(carrier.to_owned()), answerer, ..Domains::default() },
    };
    let (host, uri, phone) = (RouteKind::Host, RouteKind::Uri, RouteKind::Phone);
    let clocks = Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) };
    let step = |id| Step::of([id], Trigger::default(), clocks);
    let dids = (0..10).map(|at| {
        let failover = match at {
            0..5 => Failover::None,
            5..8 => Failover::Route(TRUNK),
            _ => Failover::Plan(PLAN),
        };
        routing(PBX, failover).did(number(at))
    });
    Snapshot {
        routes: vec![
            route(PBX, "pbx", (host, "pbx.example.com"), "Acme", Answerer::Pbx),
            route(TRUNK, "trunk", (host, "trunk.example.com"), "Acme", Answerer::Pbx),
            route(MOBILE, "mobile", (phone, "+14155550123"), "Mobile Co", Answerer::Person),
            route(SERVICE, "service", (uri, "sip:desk@service.example.net"), "Desk Co", Answerer::LiveAnswer),
            route(VOICEMAIL, "voicemail", (uri, "sip:box@vm.example.net"), "Vm Co", Answerer::Voicemail),
        ],
        plans: vec![FailoverPlan {
            id: PLAN,
            name: Alias::parse("people, then machine").unwrap(),
            steps: vec![step(MOBILE), step(SERVICE), step(VOICEMAIL)],
        }],
        dids: dids.collect::<Vec<Did>>(),
        ..Snapshot::default()
    }
}

/// `3 at 14 s`, `500 at 6 s`.
pub(crate) fn told(cell: &Cell) -> String {
    match cell.outcome {
        Outcome::Answered { route, at_ms, .. } => format!("{route} at {at_ms}"),
        Outcome::Rejected { code, at_ms } => format!("{} at {at_ms}", code.get()),
        Outcome::CallerHungUp { at_ms } => format!("hung up at {at_ms}"),
    }
}
