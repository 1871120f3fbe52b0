//! A small account to run calls in: every kind of target.

use routing::{
    Alias, Answerer, Did, DidId, Domains, E164, EdgeId, Failover, InboundRoute, Millis, PlanId, RouteId, Scenario,
    Snapshot, Trace, Version, simulate,
};

/// A PBX by name over UDP: site `hq`, carrier `acme`, region `west`, edge 4.
pub const PBX: RouteId = RouteId(1);
/// A PBX by name over TCP.
pub const TCP: RouteId = RouteId(2);
/// A PBX by name over TLS.
pub const TLS: RouteId = RouteId(3);
/// A PBX at an address over UDP.
pub const ADDRESS: RouteId = RouteId(4);
/// A person on the public phone network.
pub const MOBILE: RouteId = RouteId(5);
/// An answering service at a URI.
pub const SERVICE: RouteId = RouteId(6);
/// A voicemail at a URI.
pub const VOICEMAIL: RouteId = RouteId(7);

pub const ROUTES: [RouteId; 8] =
    [RouteId::REGISTERED, PBX, TCP, TLS, ADDRESS, MOBILE, SERVICE, VOICEMAIL];

/// The number that is dialled.
pub fn number() -> E164 {
    E164::parse("+12065550100").unwrap()
}

/// The account, with one DID that has this routing.
pub fn account(primary: RouteId, failover: Option<RouteId>) -> Snapshot {
    let route = |id, alias, target: serde_json::Value, answerer| InboundRoute {
        id,
        alias: Alias::parse(alias).unwrap(),
        target: serde_json::from_value(target).unwrap(),
        edge: None,
        domains: Domains { answerer, ..Domains::default() },
    };
    let host = |value| serde_json::json!({"kind": "host", "value": value});
    let uri = |value| serde_json::json!({"kind": "uri", "value": value});
    let phone = serde_json::json!({"kind": "phone", "value": "+14155550123"});
    let mut pbx = route(PBX, "seattle-pbx", host("pbx.example.com"), Answerer::Pbx);
    pbx.edge = Some(EdgeId(4));
    pbx.domains.site = Some("hq".to_owned());
    pbx.domains.carrier = Some("acme".to_owned());
    pbx.domains.region = Some("west".to_owned());
    Snapshot {
        version: Version(7),
        routes: vec![
            pbx,
            route(TCP, "tcp-pbx", host("tcp.example.com;transport=tcp"), Answerer::Pbx),
            route(TLS, "tls-pbx", host("tls.example.com;transport=tls"), Answerer::Pbx),
            route(ADDRESS, "address", host("192.0.2.10"), Answerer::Pbx),
            route(MOBILE, "mobile", phone, Answerer::Person),
            route(SERVICE, "service", uri("sip:desk@service.example.net"), Answerer::LiveAnswer),
            route(VOICEMAIL, "voicemail", uri("sip:box@vm.example.net"), Answerer::Voicemail),
        ],
        dids: vec![Did {
            id: DidId(1),
            number: number(),
            alias: None,
            primary,
            failover: failover.map_or(Failover::None, Failover::Route),
        }],
        ..Snapshot::default()
    }
}

/// Runs a scenario that must run.
pub fn run(snapshot: &Snapshot, scenario: &Scenario) -> Trace {
    simulate(snapshot, scenario).unwrap()
}

/// The same account with a plan for a failover.
pub fn account_with_plan() -> Snapshot {
    let mut snapshot = account(PBX, None);
    snapshot.dids[0].failover = Failover::Plan(PlanId(3));
    snapshot
}

/// Milliseconds.
pub fn ms(ms: u32) -> Millis {
    Millis(ms)
}
