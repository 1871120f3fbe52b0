//! Snapshots and scenarios from outside: each row breaks one thing of a good one.

use super::*;
use crate::{
    Alias, Answerer, CivilDate, Clocks, DayHours, DidId, Domains, E164, Edge, EdgeId, Fault, InboundRoute,
    InjectedFault, OffsetChange, Schedule, ScheduleException, SrvRecord, StepRoute, Trigger, Weights,
};

fn route(id: i64) -> InboundRoute {
    InboundRoute {
        id: RouteId(id),
        alias: Alias::parse(&format!("route {id}")).unwrap(),
        target: RouteTarget::Phone(E164::parse("+12065550199").unwrap()),
        edge: Some(EdgeId(99)),
        domains: Domains {
            carrier: Some("Acme".to_owned()),
            answerer: Answerer::Person,
            ..Domains::default()
        },
    }
}

fn did(number: u64) -> Did {
    Did {
        id: DidId(0),
        number: E164::from_u64(number).unwrap(),
        alias: None,
        primary: RouteId(1),
        failover: Failover::Plan(PlanId(1)),
        weights: Some(Weights { primary: 1, failover: 1 }),
    }
}

/// A configuration with one of everything.
fn good() -> Snapshot {
    let clocks = Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) };
    let mut step = Step::of([RouteId(1), RouteId(2), RouteId::REGISTERED], Trigger::default(), clocks);
    step.hours = Some(ScheduleId(1));
    let closed =
        |date: &str| ScheduleException { date: CivilDate::parse(date).unwrap(), hours: DayHours::default() };
    Snapshot {
        edges: vec![Edge { id: EdgeId(4), name: "US-East-VA".into(), host: "edge.example.com".into() }],
        routes: vec![route(1), route(2)],
        plans: vec![FailoverPlan { id: PlanId(1), name: Alias::parse("Plan").unwrap(), steps: vec![step] }],
        schedules: vec![Schedule {
            id: ScheduleId(1),
            name: Alias::parse("Hours").unwrap(),
            zone: "Europe/Berlin".into(),
            weekly: std::array::from_fn(|_| DayHours::parse("08:00-17:00").unwrap()),
            exceptions: vec![closed("2026-12-25")],
        }],
        zones: vec![Zone {
            name: "Europe/Berlin".into(),
            offset_s: 3_600,
            changes: [(1_774_746_000, 7_200), (1_792_890_000, 3_600)]
                .map(|(at, offset_s)| OffsetChange { at, offset_s })
                .into(),
        }],
        dids: vec![did(12_065_550_100), did(12_065_550_101)],
        ..Snapshot::default()
    }
}

#[test]
fn a_good_snapshot_passes() {
    assert_eq!(good().check(), Ok(()));
    assert_eq!(Snapshot::default().check(), Ok(()));
    let mut listed = good();
    listed.routes.push(InboundRoute { target: RouteTarget::Registered, ..route(0) });
    assert_eq!(listed.check(), Ok(()));
}

#[test]
fn what_is_wrong_is_refused_at_its_place() {
    type Row = (&'static str, fn(&mut Snapshot), &'static str);
    let rows: [Row; 43] = [
        ("edges", |s| s.edges = vec![s.edges[0].clone(); 101], "there are 101"),
        ("edges[1].id", |s| s.edges.push(s.edges[0].clone()), "4 stands twice"),
        ("edges[0].name", |s| s.edges[0].name = "x".repeat(65), "longer than 64"),
        ("edges[0].host", |s| s.edges[0].host = "x".repeat(1025), "longer than 1024"),
        ("routes", |s| s.routes = (1..=10_002).map(route).collect(), "there are 10002"),
        ("routes[1].id", |s| s.routes[1].id = RouteId(1), "1 stands twice"),
        ("routes[0].target", |s| s.routes[0].id = RouteId::REGISTERED, "the route to registered"),
        ("routes[1].target", |s| s.routes[1].target = RouteTarget::Registered, "the route to registered"),
        ("routes[0].domains.carrier", |s| s.routes[0].domains.carrier = Some("x".repeat(65)), "longer"),
        ("routes[0].domains.site", |s| s.routes[0].domains.site = Some("a\nb".into()), "a control"),
        ("routes[1].domains.region", |s| s.routes[1].domains.region = Some("é".repeat(65)), "longer"),
        ("plans", |s| s.plans = vec![s.plans[0].clone(); 1_001], "there are 1001"),
        ("plans[1].id", |s| s.plans.push(s.plans[0].clone()), "1 stands twice"),
        ("plans[0].steps", |s| s.plans[0].steps = vec![], "a plan needs"),
        ("plans[0].steps", |s| s.plans[0].steps = vec![s.plans[0].steps[0].clone(); 11], "there are 11"),
        ("plans[0].steps[0].routes", |s| s.plans[0].steps[0].routes = vec![], "a step needs"),
        ("plans[0].steps[0].routes", |s| legs(s, &[1; 11]), "there are 11"),
        ("plans[0].steps[0].routes[1]", |s| legs(s, &[1, 7]), "there is no inbound route 7"),
        ("plans[0].steps[0].routes[2]", |s| legs(s, &[1, 2, 1]), "this step rings"),
        (
            "plans[0].steps[0].routes[1].weight",
            |s| s.plans[0].steps[0].routes[1].weight = Some(1_001),
            "1001 is no weight",
        ),
        (
            "plans[0].steps[0].hours",
            |s| s.plans[0].steps[0].hours = Some(ScheduleId(7)),
            "there is no schedule 7",
        ),
        ("plans[0].steps[0].no_response_ms", |s| s.plans[0].steps[0].no_response_ms = Millis(499), "0.499 s"),
        ("plans[0].steps[0].ring_ms", |s| s.plans[0].steps[0].ring_ms = Millis(120_001), "120.001 s"),
        ("plans[0].steps[0].stagger_ms", |s| s.plans[0].steps[0].stagger_ms = Millis(u32::MAX), "4294967"),
        ("defaults.no_response_ms", |s| s.defaults.no_response_ms = Millis(120_001), "120.001 s"),
        ("defaults.ring_ms", |s| s.defaults.ring_ms = Millis(u32::MAX), "4294967"),
        ("defaults.patience_ms", |s| s.defaults.patience_ms = Millis(u32::MAX), "4294967"),
        ("schedules", |s| s.schedules = vec![s.schedules[0].clone(); 201], "there are 201"),
        ("schedules[1].id", |s| s.schedules.push(s.schedules[0].clone()), "1 stands twice"),
        ("schedules[0].zone", |s| s.schedules[0].zone = "Europe/Paris".into(), "the zone Europe/Paris"),
        ("schedules[0].zone", |s| s.schedules[0].zone = "x".repeat(70), "longer"),
        (
            "schedules[0]",
            |s| s.schedules[0].weekly[0] = DayHours::parse("20:00-09:00").unwrap(),
            "20:00-09:00 of Monday reaches",
        ),
        ("schedules[0]", |s| twice(&mut s.schedules[0]), "2026-12-25 stands twice"),
        ("zones", |s| s.zones = vec![s.zones[0].clone(); 1_001], "there are 1001"),
        ("zones[1].name", |s| s.zones.push(s.zones[0].clone()), "Europe/Berlin stands twice"),
        ("zones[0].offset_s", |s| s.zones[0].offset_s = -64_801, "no zone is -64801 s"),
        ("zones[0].changes", |s| s.zones[0].changes = many_changes(), "there are 1001"),
        ("zones[0].changes[1].at", |s| s.zones[0].changes.reverse(), "this change is not later"),
        ("zones[0].changes[1].offset_s", |s| s.zones[0].changes[1].offset_s = i32::MIN, "no zone is"),
        ("dids[1].number", |s| s.dids[1].number = s.dids[0].number, "+12065550100 stands twice"),
        ("dids[0].primary", |s| s.dids[0].primary = RouteId(-1), "there is no inbound route -1"),
        (
            "dids[1].failover",
            |s| s.dids[1].failover = Failover::Plan(PlanId(2)),
            "there is no failover plan 2",
        ),
        (
            "dids[1].weights.failover",
            |s| s.dids[1].weights = Some(Weights { primary: 1_000, failover: 1_001 }),
            "1001 is no weight",
        ),
    ];
    for (place, change, begins) in rows {
        let mut snapshot = good();
        change(&mut snapshot);
        let error = snapshot.check().unwrap_err();
        assert_eq!(error.place, place, "{error}");
        assert!(error.reason.contains(begins), "{error} does not say {begins}");
    }
    let mut unknown = good();
    unknown.dids[0].failover = Failover::Route(RouteId(3));
    assert_eq!(unknown.check().unwrap_err().to_string(), "dids[0].failover: there is no inbound route 3");
}

fn legs(snapshot: &mut Snapshot, routes: &[i64]) {
    let legs = routes.iter().map(|route| StepRoute { route: RouteId(*route), weight: None });
    snapshot.plans[0].steps[0].routes = legs.collect();
}

fn twice(schedule: &mut Schedule) {
    schedule.exceptions.push(schedule.exceptions[0].clone());
}

fn many_changes() -> Vec<OffsetChange> {
    (0..=1_000).map(|at| OffsetChange { at, offset_s: 0 }).collect()
}

#[test]
fn more_dids_than_an_account_may_have_are_refused_unread() {
    let mut snapshot = good();
    snapshot.dids = vec![did(12_065_550_100); DIDS_PER_ACCOUNT_MAX + 1];
    assert_eq!(snapshot.check().unwrap_err().place, "dids");
}

#[test]
fn a_scenario_is_looked_through_too() {
    let broken = |on: FaultTarget| InjectedFault { on, fault: Fault::Silent };
    let number = E164::parse("+12065550100").unwrap();
    let srv = |host: &str, targets: usize| SrvRecord {
        host: host.to_owned(),
        targets: vec!["a.example".to_owned(); targets],
    };
    let good = Scenario {
        // What is gone since breaks nothing.
        faults: vec![broken(FaultTarget::Route(RouteId(99))), broken(FaultTarget::Carrier("Acme".into()))],
        marked_down: vec![RouteId(98)],
        srv: vec![srv("pbx.example.com", 16)],
        ..Scenario::new(number)
    };
    assert_eq!(good.check(), Ok(()));
    for (place, scenario) in [
        ("faults", Scenario { faults: vec![broken(FaultTarget::Route(RouteId(1))); 201], ..good.clone() }),
        (
            "faults[0].on",
            Scenario { faults: vec![broken(FaultTarget::Site("x".repeat(65)))], ..good.clone() },
        ),
        (
            "faults[0].on",
            Scenario { faults: vec![broken(FaultTarget::Host("a\u{1b}".into()))], ..good.clone() },
        ),
        ("marked_down", Scenario { marked_down: vec![RouteId(1); 10_001], ..good.clone() }),
        ("switched_off", Scenario { switched_off: vec![RouteId(1); 10_001], ..good.clone() }),
        ("srv", Scenario { srv: vec![srv("a", 1); 201], ..good.clone() }),
        ("srv[0].host", Scenario { srv: vec![srv(&"x".repeat(1_025), 1)], ..good.clone() }),
        ("srv[0].targets", Scenario { srv: vec![srv("a", 17)], ..good.clone() }),
    ] {
        assert_eq!(scenario.check().unwrap_err().place, place);
    }
}

#[test]
fn a_list_in_a_file_is_read_up_to_its_limit() {
    let endless = |list: &str, item: &str, times: usize| {
        let items = vec![item; times].join(",");
        serde_json::from_str::<Snapshot>(&format!("{{\"{list}\":[{items}]}}")).map(|_| ())
    };
    let edge = r#"{"id":1,"name":"a","host":"b"}"#;
    assert!(endless("edges", edge, EDGES_MAX).is_ok());
    for (list, item, times, max) in [
        ("edges", edge.to_owned(), EDGES_MAX + 1, EDGES_MAX),
        (
            "plans",
            r#"{"id":1,"name":"a","steps":[]}"#.to_owned(),
            PLANS_PER_ACCOUNT_MAX + 2,
            PLANS_PER_ACCOUNT_MAX + 1,
        ),
        (
            "zones",
            format!(
                r#"{{"name":"a","offset_s":0,"changes":[{}]}}"#,
                [r#"{"at":0,"offset_s":0}"#; OFFSET_CHANGES_MAX + 1].join(",")
            ),
            1,
            OFFSET_CHANGES_MAX,
        ),
        (
            "plans",
            format!(
                r#"{{"id":1,"name":"a","steps":[{{"routes":[{}],"no_response_ms":0,"ring_ms":0}}]}}"#,
                [r#"{"route":1}"#; ROUTES_PER_STEP_MAX + 1].join(",")
            ),
            1,
            ROUTES_PER_STEP_MAX,
        ),
    ] {
        let error = endless(list, &item, times).unwrap_err().to_string();
        assert!(error.contains(&format!("at most {max}")), "{list}: {error}");
    }
}
