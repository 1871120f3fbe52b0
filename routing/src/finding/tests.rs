//! Rows of configurations, each with everything that is found in it.

use super::*;
use crate::{
    Alias, Answerer, Clocks, DayHours, Did, Domains, FailoverPlan, Fault, FaultTarget, InboundRoute,
    InjectedFault, Outcome, Preset, RejectCode, RouteKind, RouteTarget, Scenario, Schedule, ScheduleId, Step,
    StepRoute, Trigger, Zone, simulate,
};

const CLOCKS: Clocks = Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) };

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

fn route(
    id: i64,
    (kind, value): (RouteKind, &str),
    carrier: &str,
    site: &str,
    answerer: Answerer,
) -> InboundRoute {
    let label = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    InboundRoute {
        id: RouteId(id),
        alias: Alias::parse(&format!("route {id}")).unwrap(),
        target: RouteTarget::parse(kind, value, &Dialling::default()).unwrap(),
        edge: None,
        domains: Domains { carrier: label(carrier), site: label(site), region: None, answerer },
    }
}

/// 1: the PBX. 2: a second trunk of the same carrier and site. 3: a mobile. 4: an answering service. 5: voicemail.
/// 6: a number of our own. 7: a premium number. 8: the PBX's host by another name of route.
fn account() -> Snapshot {
    use Answerer::{LiveAnswer, Pbx, Person, Voicemail};
    use RouteKind::{Host, Phone, Uri};
    let mut snapshot = Snapshot {
        routes: vec![
            route(1, (Host, "pbx.example.com"), "Acme", "HQ", Pbx),
            route(2, (Host, "trunk2.example.com"), "acme", "hq", Pbx),
            route(3, (Phone, "+14155550123"), "Mobile Co", "", Person),
            route(4, (Uri, "sip:desk@service.example.net"), "Desk Co", "", LiveAnswer),
            route(5, (Uri, "sip:box@vm.example.net"), "", "", Voicemail),
            route(6, (Phone, "+12065550101"), "", "", Pbx),
            route(7, (Phone, "+19005550100"), "", "", Pbx),
            route(8, (Uri, "sip:hunt@PBX.example.com:5080"), "", "", Pbx),
        ],
        ..Snapshot::default()
    };
    snapshot.dids.push(did("+12065550100", Failover::None));
    snapshot
}

fn did(text: &str, failover: Failover) -> Did {
    Routing { primary: RouteId(1), failover, weights: None }.did(number(text))
}

fn step(routes: &[i64]) -> Step {
    Step::of(routes.iter().copied().map(RouteId), Trigger::default(), CLOCKS)
}

/// What is found, as `kind/subject/step/detail!severity`.
fn found(snapshot: &Snapshot, down: &[i64]) -> Vec<String> {
    let own = snapshot.dids.iter().map(|did| did.number).collect();
    let health = down.iter().map(|id| (RouteId(*id), HealthState::Down)).collect();
    let surroundings =
        Surroundings { dialling: Dialling::default(), own: &own, health: &health, now: 1_795_000_000 };
    findings(snapshot, surroundings)
        .iter()
        .map(|finding| {
            let mark = match finding.severity {
                Severity::Serious => "!!",
                Severity::Warning => "!",
                Severity::Note => "",
            };
            format!("{}{mark}", finding.key())
        })
        .collect()
}

#[test]
fn a_pair_is_judged_by_what_it_shares_and_where_it_ends() {
    let rows: [(Option<i64>, &[i64], &[&str]); 10] = [
        (None, &[], &["no_failover/primary:1!"]),
        (None, &[1], &["primary_down_no_failover/primary:1!!"]),
        (Some(3), &[], &[]),
        (Some(2), &[], &["shared_carrier/primary:1/route:2/acme!!", "shared_site/primary:1/route:2/hq!!"]),
        (Some(8), &[], &["shared_host/primary:1/route:8/pbx.example.com!!"]),
        (Some(5), &[], &["ends_at_voicemail/primary:1/route:5"]),
        (Some(3), &[3], &["failover_down/primary:1/route:3!"]),
        (Some(3), &[1, 3], &["failover_down/primary:1/route:3!!"]),
        (Some(6), &[], &["own_did/primary:1/route:6/+12065550101!!"]),
        (Some(7), &[], &["premium_rate/route:7!"]),
    ];
    for (failover, down, expected) in rows {
        let mut snapshot = account();
        snapshot.dids =
            vec![did("+12065550100", failover.map_or(Failover::None, |id| Failover::Route(RouteId(id))))];
        if failover == Some(6) {
            snapshot.dids.push(did("+12065550101", Failover::Route(RouteId(3))));
        }
        assert_eq!(found(&snapshot, down), expected, "{failover:?} {down:?}");
    }
}

#[test]
fn a_plan_is_judged_step_by_step() {
    type Row<'a> = (&'a str, Vec<Step>, &'a [&'a str]);
    let on = |preset: Preset, step: Step| Step { enter_on: preset.trigger(), ..step };
    let rows: Vec<Row<'_>> = vec![
        ("a good plan", vec![step(&[3]), step(&[4]), step(&[5])], &[]),
        (
            "the second trunk of the primary's carrier is no help when that fails",
            vec![step(&[2]), step(&[3]), step(&[4])],
            &["shared_carrier/primary:1/plan:9/step:1/acme!", "shared_site/primary:1/plan:9/step:1/hq!"],
        ),
        (
            "where all share, one fault takes them all",
            vec![step(&[2])],
            &["shared_carrier/primary:1/plan:9/acme!!", "shared_site/primary:1/plan:9/hq!!"],
        ),
        ("a step shares only if every leg does", vec![step(&[2, 4])], &[]),
        (
            "voicemail last, and no service before it",
            vec![step(&[3]), step(&[5])],
            &["ends_at_voicemail/primary:1/plan:9"],
        ),
        (
            "a machine in a step that rings several",
            vec![step(&[4, 5]), step(&[3, 4])],
            &[
                "voicemail_trap/plan:9/step:1/route:5!",
                "voicemail_trap/plan:9/step:2/route:3",
                "route_twice/plan:9/step:2/route:4",
            ],
        ),
        (
            "a step that nothing enters",
            vec![Step { enter_on: Trigger::NEVER, ..step(&[3]) }, step(&[4])],
            &["step_never_entered/plan:9/step:1!"],
        ),
        (
            "ringing out everywhere takes longer than callers wait",
            vec![on(Preset::OutageOrNoAnswer, step(&[3])), on(Preset::OutageOrNoAnswer, step(&[4]))],
            // The primary rings on the account's trigger; each step then rings out.
            &["over_patience/primary:1/plan:9/step:2"],
        ),
        (
            "more than the edge allows",
            vec![step(&[3]), step(&[4]), step(&[2]), step(&[5])],
            &[
                "shared_carrier/primary:1/plan:9/step:3/acme!",
                "shared_site/primary:1/plan:9/step:3/hq!",
                "over_cap/primary:1/plan:9!",
            ],
        ),
        ("a number of our own", vec![step(&[6])], &["own_did/plan:9/step:1/+12065550101!!"]),
    ];
    for (name, steps, expected) in rows {
        let mut snapshot = account();
        let plan = FailoverPlan { id: PlanId(9), name: Alias::parse("plan").unwrap(), steps };
        snapshot.plans = vec![plan];
        snapshot.dids = vec![did("+12065550100", Failover::Plan(PlanId(9)))];
        if name == "a number of our own" {
            snapshot.dids.push(did("+12065550101", Failover::Route(RouteId(3))));
        }
        assert_eq!(found(&snapshot, &[]), expected, "{name}");
    }
}

/// A plan that is entered on these triggers, behind the PBX: what of it is found of this kind.
fn entered_on(triggers: &[&str], kind: FindingKind) -> (Snapshot, Vec<String>) {
    let mut snapshot = account();
    let steps = triggers
        .iter()
        .zip([3, 4, 5])
        .map(|(trigger, route)| Step { enter_on: Trigger::parse(trigger).unwrap(), ..step(&[route]) });
    let name = Alias::parse("plan").unwrap();
    snapshot.plans = vec![FailoverPlan { id: PlanId(9), name, steps: steps.collect() }];
    snapshot.dids = vec![did("+12065550100", Failover::Plan(PlanId(9)))];
    let found = found(&snapshot, &[]).into_iter().filter(|key| key.starts_with(kind.name())).collect();
    (snapshot, found)
}

#[test]
fn of_what_leads_to_the_primarys_host_its_carrier_and_site_are_not_told_as_well() {
    // A second way to the PBX, by the same carrier and at the same site.
    let mut snapshot = account();
    snapshot.routes.push(route(9, (RouteKind::Uri, "sip:ops@pbx.example.com"), "Acme", "HQ", Answerer::Pbx));
    let rows: [(Vec<Step>, &[&str]); 4] = [
        (vec![step(&[9])], &["shared_host/primary:1/plan:9/pbx.example.com!!"]),
        (vec![step(&[9]), step(&[3])], &["shared_host/primary:1/plan:9/step:1/pbx.example.com!"]),
        // That all depend on one carrier and site is more than the first step's host.
        (
            vec![step(&[9]), step(&[2])],
            &[
                "shared_carrier/primary:1/plan:9/acme!!",
                "shared_site/primary:1/plan:9/hq!!",
                "shared_host/primary:1/plan:9/step:1/pbx.example.com!",
            ],
        ),
        // The second trunk is another step than the one that leads to the host.
        (
            vec![step(&[9]), step(&[2]), step(&[3])],
            &[
                "shared_host/primary:1/plan:9/step:1/pbx.example.com!",
                "shared_carrier/primary:1/plan:9/step:2/acme!",
                "shared_site/primary:1/plan:9/step:2/hq!",
            ],
        ),
    ];
    for (steps, expected) in rows {
        snapshot.plans = vec![FailoverPlan { id: PlanId(9), name: Alias::parse("plan").unwrap(), steps }];
        snapshot.dids = vec![did("+12065550100", Failover::Plan(PlanId(9)))];
        let mut found = found(&snapshot, &[]);
        found.retain(|key| key.starts_with("shared"));
        assert_eq!(found, expected);
    }
}

#[test]
fn a_plan_that_an_outage_of_the_primary_never_enters_is_found() {
    let rows: [(&[&str], &str); 13] = [
        (&["outage"], ""),
        (&["outage_or_no_answer"], ""),
        (&["any_failure"], ""),
        (&["telnyx"], ""),
        (&["voipbin"], ""),
        // Whatever the order: a step that does not match is passed over.
        (&["busy", "no_answer", "outage"], ""),
        (&["busy"], "no_response-unreachable-marked_down-503!"),
        (&["busy", "no_answer"], "no_response-unreachable-marked_down-503!"),
        (&["503"], "no_response-marked_down!"),
        (&["408, 503"], "marked_down!"),
        (&["no_response"], "unreachable-marked_down-503!"),
        // What they leave out is alive, and left out on purpose.
        (&["unreachable"], "503"),
        (&["didww"], "503"),
    ];
    for (triggers, unmet) in rows {
        let (_, found) = entered_on(triggers, FindingKind::OutageEntersNoStep);
        let expected = (!unmet.is_empty()).then(|| format!("outage_enters_no_step/plan:9/{unmet}"));
        assert_eq!(found, Vec::from_iter(expected), "{triggers:?}");
    }
}

#[test]
fn a_call_is_lost_in_just_those_outages_that_are_found() {
    let answered = |snapshot: &Snapshot, scenario: &Scenario| {
        matches!(simulate(snapshot, scenario).unwrap().outcome, Outcome::Answered { .. })
    };
    for triggers in [&["503"][..], &["408, 503"], &["busy"], &["unreachable"], &["busy", "outage"]] {
        let (snapshot, found) = entered_on(triggers, FindingKind::OutageEntersNoStep);
        let label = found.first().map(|key| key.trim_end_matches('!').rsplit('/').next().unwrap().to_owned());
        let label = label.unwrap_or_default();
        let unmet: Vec<&str> = label.split('-').collect();
        let outages = [
            ("no_response", Fault::Silent, false),
            ("unreachable", Fault::DnsFailure, false),
            // Marked down for good reason: it would not answer either.
            ("marked_down", Fault::Silent, true),
            ("503", Fault::Rejects(RejectCode::new(503).unwrap()), false),
        ];
        for (name, fault, is_down) in outages {
            let mut scenario = Scenario::new(number("+12065550100"));
            scenario.faults = vec![InjectedFault { on: FaultTarget::Route(RouteId(1)), fault }];
            scenario.marked_down = if is_down { vec![RouteId(1)] } else { Vec::new() };
            assert_eq!(answered(&snapshot, &scenario), !unmet.contains(&name), "{triggers:?} {name}");
        }
    }
}

#[test]
fn weights_that_order_nothing_are_noted() {
    let rows: [(&[i64], Option<u16>, u32, bool); 5] = [
        (&[3, 4], Some(5), 0, true),
        (&[3, 4], Some(5), 3_000, false),
        (&[3], Some(5), 3_000, true),
        (&[3, 4], None, 0, false),
        (&[3], None, 0, false),
    ];
    for (routes, weight, stagger_ms, expected) in rows {
        let mut snapshot = account();
        let mut step = Step { stagger_ms: Millis(stagger_ms), ..step(routes) };
        step.routes.iter_mut().for_each(|leg| leg.weight = weight);
        snapshot.plans =
            vec![FailoverPlan { id: PlanId(9), name: Alias::parse("plan").unwrap(), steps: vec![step] }];
        snapshot.dids = vec![did("+12065550100", Failover::Plan(PlanId(9)))];
        let found = found(&snapshot, &[]).contains(&"weights_unused/plan:9/step:1".to_owned());
        assert_eq!(found, expected, "{routes:?} {weight:?} {stagger_ms}");
    }
}

#[test]
fn a_circle_of_own_numbers_is_found_however_long() {
    let mut snapshot = account();
    let ring = |id, value: &str| route(id, (RouteKind::Phone, value), "", "", Answerer::Pbx);
    snapshot.routes.push(ring(21, "+12065550121"));
    snapshot.routes.push(ring(22, "+12065550122"));
    snapshot.routes.push(ring(23, "+12065550123"));
    snapshot.routes.push(ring(25, "+12065550125"));
    snapshot.routes.push(ring(31, "+12065550131"));
    let through = |text, primary| {
        Routing { primary: RouteId(primary), failover: Failover::Route(RouteId(3)), weights: None }
            .did(number(text))
    };
    // 121 → 122 → 123 → 121 is a circle. 100 leads into it through 125; 130 leads to 131, which ends.
    snapshot.dids = vec![
        through("+12065550100", 25),
        through("+12065550121", 22),
        through("+12065550122", 23),
        through("+12065550123", 21),
        through("+12065550125", 21),
        through("+12065550130", 31),
        through("+12065550131", 1),
    ];
    let loops = |snapshot: &Snapshot| -> Vec<String> {
        found(snapshot, &[]).into_iter().filter(|key| key.starts_with("loop/")).collect()
    };
    assert_eq!(
        loops(&snapshot),
        // Two DIDs ring 21 first: what touches most comes first.
        [21, 22, 23, 25].map(|primary| format!("loop/primary:{primary}/route:3!!"))
    );
    // Broken at one place, it is none.
    snapshot.dids[3].primary = RouteId(1);
    assert_eq!(loops(&snapshot), [""; 0]);
}

#[test]
fn hours_that_leave_a_gap_are_told_with_its_start() {
    let schedule = |id, hours: [&str; 7], zone: &str| Schedule {
        id: ScheduleId(id),
        name: Alias::parse("hours").unwrap(),
        zone: zone.to_owned(),
        weekly: hours.map(|day| DayHours::parse(day).unwrap()),
        exceptions: Vec::new(),
    };
    let office = ["08:00-18:00", "08:00-18:00", "08:00-18:00", "08:00-18:00", "08:00-18:00", "", ""];
    let night = [
        "18:00-08:00",
        "18:00-08:00",
        "18:00-08:00",
        "18:00-08:00",
        "18:00-24:00",
        "00:00-24:00",
        "00:00-24:00",
    ];
    let monday = [
        "00:00-08:00, 18:00-08:00",
        "18:00-08:00",
        "18:00-08:00",
        "18:00-08:00",
        "18:00-24:00",
        "00:00-24:00",
        "00:00-24:00",
    ];
    let mut snapshot = account();
    let berlin = Zone { name: "Europe/Berlin".to_owned(), offset_s: 3600, changes: Vec::new() };
    snapshot.zones = vec![Zone::utc(), berlin];
    let steps = |hours: [Option<i64>; 2]| -> Vec<Step> {
        [3, 4]
            .into_iter()
            .zip(hours)
            .map(|(id, hours)| Step { hours: hours.map(ScheduleId), ..step(&[id]) })
            .collect()
    };
    type Row<'a> = (&'a str, [&'a str; 7], &'a str, [Option<i64>; 2], Option<(Weekday, u16, u32)>);
    let rows: Vec<Row<'_>> = vec![
        ("a step without hours closes every gap", night, "UTC", [Some(1), None], None),
        (
            "nothing between Sunday's end and Monday's start",
            night,
            "UTC",
            [Some(1), Some(2)],
            Some((Weekday::Monday, 0, 480)),
        ),
        ("all of the week", monday, "UTC", [Some(1), Some(2)], None),
        (
            "another zone opens another hour",
            monday,
            "Europe/Berlin",
            [Some(1), Some(2)],
            Some((Weekday::Monday, 7 * 60, 300)),
        ),
    ];
    for (name, second, zone, hours, expected) in rows {
        snapshot.schedules = vec![schedule(1, office, "UTC"), schedule(2, second, zone)];
        snapshot.plans =
            vec![FailoverPlan { id: PlanId(9), name: Alias::parse("plan").unwrap(), steps: steps(hours) }];
        snapshot.dids = vec![did("+12065550100", Failover::Plan(PlanId(9)))];
        let (own, health) = (BTreeSet::new(), BTreeMap::new());
        let surroundings = Surroundings { dialling: Dialling::default(), own: &own, health: &health, now: 0 };
        let gap = findings(&snapshot, surroundings).into_iter().find_map(|finding| match finding.detail {
            FindingDetail::Gap { day, from_min, minutes } => Some((day, from_min, minutes)),
            _ => None,
        });
        assert_eq!(gap, expected, "{name}");
    }
}

#[test]
fn findings_count_every_did_that_they_touch() {
    let mut snapshot = account();
    snapshot.plans = vec![FailoverPlan {
        id: PlanId(9),
        name: Alias::parse("plan").unwrap(),
        steps: vec![Step { routes: vec![StepRoute { route: RouteId(7), weight: None }], ..step(&[7]) }],
    }];
    snapshot.dids = (0..5).map(|at| did(&format!("+1206555010{at}"), Failover::Plan(PlanId(9)))).collect();
    snapshot.dids.push(did("+12065550109", Failover::Route(RouteId(7))));
    let (own, health) = (BTreeSet::new(), BTreeMap::new());
    let surroundings = Surroundings { dialling: Dialling::default(), own: &own, health: &health, now: 0 };
    let premium: Vec<(u64, E164)> = findings(&snapshot, surroundings)
        .into_iter()
        .filter(|finding| finding.kind == FindingKind::PremiumRate)
        .map(|finding| (finding.dids, finding.example))
        .collect();
    assert_eq!(premium, [(6, number("+12065550100"))]);
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = FindingKind::ALL.into_iter().map(FindingKind::name).collect();
    assert_eq!(names.len(), FindingKind::ALL.len());
}
