//! Which fault befalls which route.

use routing::{EdgeId, Fault, FaultTarget, NetworkKind, RouteId, Scenario, Snapshot};

use crate::common::{ADDRESS, MOBILE, PBX, SERVICE, TCP, account, number, rejects, run, told};

#[test]
fn the_most_exact_fault_holds() {
    // From the most exact to the least, each with a code of its own.
    let targets = [
        (FaultTarget::Route(PBX), 401),
        (FaultTarget::Host("PBX.Example.com".to_owned()), 402),
        (FaultTarget::Site("hq".to_owned()), 403),
        (FaultTarget::Carrier("acme".to_owned()), 404),
        (FaultTarget::Region("west".to_owned()), 405),
        (FaultTarget::Edge(EdgeId(4)), 406),
        (FaultTarget::Network(NetworkKind::SipHosts), 407),
    ];
    for first in 0..targets.len() {
        let mut scenario = Scenario::new(number());
        // Listed backwards: the order in the list must not matter.
        for (target, code) in targets[first..].iter().rev() {
            scenario = scenario.with_fault(target.clone(), rejects(*code));
        }
        let expected = format!("1 {0} 0: {0}; ", targets[first].1);
        assert_eq!(told(&run(&account(PBX, None), &scenario)), expected, "{:?}", targets[first].0);
    }
}

#[test]
fn of_equally_exact_faults_the_first_listed_holds() {
    let scenario = Scenario::new(number())
        .with_fault(FaultTarget::Route(PBX), Fault::Busy)
        .with_fault(FaultTarget::Route(PBX), Fault::Declines);
    assert_eq!(told(&run(&account(PBX, None), &scenario)), "1 486 0: 486; ");
}

#[test]
fn a_fault_befalls_only_what_it_names() {
    let dead = |snapshot: &Snapshot, on: FaultTarget| {
        let trace = run(snapshot, &Scenario::new(number()).with_fault(on, rejects(500)));
        !trace.reached_somebody()
    };
    let network = FaultTarget::Network;
    for (route, on, expected) in [
        (MOBILE, network(NetworkKind::PhoneNetwork), true),
        (MOBILE, network(NetworkKind::SipHosts), false),
        (SERVICE, network(NetworkKind::SipHosts), true),
        (RouteId::REGISTERED, network(NetworkKind::RegisteredDevices), true),
        (RouteId::REGISTERED, network(NetworkKind::PhoneNetwork), false),
        (RouteId::REGISTERED, FaultTarget::Route(RouteId::REGISTERED), true),
        (ADDRESS, FaultTarget::Host("192.0.2.10".to_owned()), true),
        (SERVICE, FaultTarget::Host("service.example.net".to_owned()), true),
        (ADDRESS, FaultTarget::Host("192.0.2.1".to_owned()), false),
        (ADDRESS, FaultTarget::Host("not a host".to_owned()), false),
        (ADDRESS, FaultTarget::Site("hq".to_owned()), false),
        (ADDRESS, FaultTarget::Edge(EdgeId(4)), false),
        // Labels are written by hand: findings take `HQ` and `hq` for one site, so faults do.
        (PBX, FaultTarget::Site("HQ".to_owned()), true),
        (PBX, FaultTarget::Site("HQ 2".to_owned()), false),
        (PBX, FaultTarget::Route(TCP), false),
    ] {
        assert_eq!(dead(&account(route, None), on.clone()), expected, "route {route} under {on:?}");
    }
}
