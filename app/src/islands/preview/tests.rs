use routing::{
    Alias, DayHours, DidId, Domains, Failover, FailoverPlan, InboundRoute, Outcome, PlanId, Preset,
    RouteTarget, Schedule, ScheduleId, Step, Zone,
};

use super::*;
use crate::islands::before_after::{DraftOf, drafted, is_here};

/// A primary, and a plan that rings a mobile within office hours and dispatch at all others.
fn snapshot() -> Snapshot {
    let route = |id, alias: &str, number: &str| InboundRoute {
        id: RouteId(id),
        alias: Alias::parse(alias).unwrap(),
        target: RouteTarget::Phone(E164::parse(number).unwrap()),
        edge: None,
        domains: Domains::default(),
    };
    let hours = DayHours::parse("08:00-17:00").unwrap();
    let clocks = routing::Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) };
    let step = |route: i64, preset: Preset| Step::of([RouteId(route)], preset.trigger(), clocks);
    Snapshot {
        routes: vec![
            route(1, "pbx", "+12065550199"),
            route(2, "mobile", "+12065550198"),
            route(3, "dispatch", "+12065550197"),
        ],
        plans: vec![FailoverPlan {
            id: PlanId(5),
            name: Alias::parse("By hours").unwrap(),
            steps: vec![
                Step { hours: Some(ScheduleId(7)), ..step(2, Preset::AnyFailure) },
                step(3, Preset::AnyFailure),
            ],
        }],
        schedules: vec![Schedule {
            id: ScheduleId(7),
            name: Alias::parse("Office").unwrap(),
            zone: "UTC".into(),
            weekly: std::array::from_fn(|_| hours.clone()),
            exceptions: Vec::new(),
        }],
        zones: vec![Zone::utc()],
        dids: vec![Did {
            id: DidId(1),
            number: E164::parse("+12065550100").unwrap(),
            alias: None,
            primary: RouteId(1),
            failover: Failover::Plan(PlanId(5)),
            weights: None,
        }],
        ..Snapshot::default()
    }
}

#[test]
fn a_preview_keeps_the_hours_of_its_moment() {
    let snapshot = snapshot();
    let did = &snapshot.dids[0];
    let places = places(&snapshot, did);
    let controls = Controls::new(places.len(), false, String::new());
    // 2026-11-26, a Thursday, in UTC.
    let midnight = 1_795_651_200 / 86_400 * 86_400;
    for (hour, answers) in [(8, 2), (16, 2), (17, 3), (3, 3)] {
        let scenario = controls.scenario(did.number, &places, &[], midnight + hour * 3_600);
        let trace = routing::simulate(&snapshot, &scenario).unwrap();
        let Outcome::Answered { route, .. } = trace.outcome else { panic!("{:?}", trace.outcome) };
        assert_eq!(route, RouteId(answers), "at {hour}:00");
    }
}

#[test]
fn what_the_page_did_not_bring_is_told_from_what_cannot_be_called() {
    let mut snapshot = snapshot();
    let did = snapshot.dids[0].clone();
    for (draft_of, chosen, here) in [
        (DraftOf::Primary, "2", true),
        (DraftOf::Primary, "0", true),
        (DraftOf::Primary, "555", false),
        (DraftOf::Failover, "3", true),
        (DraftOf::Failover, "555", false),
        (DraftOf::Failover, "plan:5", true),
        (DraftOf::Failover, "plan:6", false),
    ] {
        let draft = drafted(&did, draft_of, chosen).unwrap();
        assert_eq!(is_here(&snapshot, &draft), here, "{chosen}");
    }
    snapshot.routes.pop();
    assert!(!is_here(&snapshot, &did), "a route of its plan is missing");
}
