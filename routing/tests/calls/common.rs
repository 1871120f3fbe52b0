//! A small account to run calls in: every kind of target.

use routing::{
    Alias, Answerer, Cause, Dialling, Did, DidId, Domains, E164, EdgeId, Ending, Failover, Fault,
    InboundRoute, Millis, Outcome, PlanId, RejectCode, RouteId, RouteKind, RouteTarget, Scenario, Snapshot,
    Trace, Version, simulate,
};

/// A PBX by name over UDP: site `hq`, carrier `acme`, region `west`, edge 4.
pub(crate) const PBX: RouteId = RouteId(1);
/// A PBX by name over TCP.
pub(crate) const TCP: RouteId = RouteId(2);
/// A PBX by name over TLS.
pub(crate) const TLS: RouteId = RouteId(3);
/// A PBX at an address over UDP.
pub(crate) const ADDRESS: RouteId = RouteId(4);
/// A person on the public phone network.
pub(crate) const MOBILE: RouteId = RouteId(5);
/// An answering service at a URI.
pub(crate) const SERVICE: RouteId = RouteId(6);
/// A voicemail at a URI.
pub(crate) const VOICEMAIL: RouteId = RouteId(7);

pub(crate) const ROUTES: [RouteId; 8] =
    [RouteId::REGISTERED, PBX, TCP, TLS, ADDRESS, MOBILE, SERVICE, VOICEMAIL];

/// The number that is dialled.
pub(crate) fn number() -> E164 {
    E164::parse("+12065550100").unwrap()
}

/// The account, with one DID that has this routing.
pub(crate) fn account(primary: RouteId, failover: Option<RouteId>) -> Snapshot {
    let route = |id, alias, (kind, value), answerer| InboundRoute {
        id,
        alias: Alias::parse(alias).unwrap(),
        target: RouteTarget::parse(kind, value, &Dialling::default()).unwrap(),
        edge: None,
        domains: Domains { answerer, ..Domains::default() },
    };
    let host = |value| (RouteKind::Host, value);
    let uri = |value| (RouteKind::Uri, value);
    let phone = (RouteKind::Phone, "+14155550123");
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
            weights: None,
        }],
        ..Snapshot::default()
    }
}

/// Runs a scenario that must run.
pub(crate) fn run(snapshot: &Snapshot, scenario: &Scenario) -> Trace {
    simulate(snapshot, scenario).unwrap()
}

/// The same account with a plan for a failover.
pub(crate) fn account_with_plan() -> Snapshot {
    let mut snapshot = account(PBX, None);
    snapshot.dids[0].failover = Failover::Plan(PlanId(3));
    snapshot
}

/// Milliseconds.
pub(crate) fn ms(ms: u32) -> Millis {
    Millis(ms)
}

/// A trace in one line: each attempt's route, ending and moment, then the outcome, then what was heard:
/// `1 no response 6000, 5 answered 14000: person; silence 6000, ringing 8000`.
pub(crate) fn told(trace: &Trace) -> String {
    let attempts: Vec<String> = trace
        .attempts
        .iter()
        .map(|attempt| {
            let ending = match attempt.ending {
                Ending::Answered => "answered".to_owned(),
                Ending::Failed(Cause::Response(code)) => code.get().to_string(),
                Ending::Failed(cause) => cause.to_string(),
                Ending::Cancelled => "cancelled".to_owned(),
            };
            format!("{} {ending} {}", attempt.route, attempt.ended_ms.0)
        })
        .collect();
    let outcome = match trace.outcome {
        Outcome::Answered { by, .. } => format!("{by:?}").to_lowercase(),
        Outcome::Rejected { code, .. } => code.get().to_string(),
        Outcome::CallerHungUp { .. } => "hung up".to_owned(),
    };
    let heard = [("silence", trace.silence_ms), ("ringing", trace.ringing_ms)];
    let heard: Vec<String> = heard
        .into_iter()
        .filter(|(_, length)| length.0 > 0)
        .map(|(sound, length)| format!("{sound} {}", length.0))
        .collect();
    format!("{}: {outcome}; {}", attempts.join(", "), heard.join(", "))
}

/// A far end that rejects with the code.
pub(crate) fn rejects(code: u16) -> Fault {
    Fault::Rejects(RejectCode::new(code).unwrap())
}
