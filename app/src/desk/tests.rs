//! Names are people's own words: none becomes markup, whoever writes it.

use routing::{
    Alias, Answerer, Case, Changed, Clocks, Did, DidId, Domains, E164, Edge, EdgeId, Expectation, Failover,
    FailoverPlan, Failure, Fault, FaultTarget, HostTarget, InboundRoute, InjectedFault, Matrix, Millis,
    PlanId, Preset, Reaches, RouteId, RouteTarget, Routing, Scenario, Schedule, ScheduleId, Simulator,
    Snapshot, Step, Zone, blast_radius, diff,
};

use super::*;
use crate::timeline::escape;

const HOSTILE: &str = "a<b>&\"c\"'";

fn name() -> Alias {
    Alias::parse(HOSTILE).unwrap()
}

fn number(last: u64) -> E164 {
    E164::from_u64(12_065_550_100 + last).unwrap()
}

fn snapshot() -> Snapshot {
    let label = || Some(HOSTILE.to_owned());
    let domains = || Domains { carrier: label(), site: label(), region: label(), answerer: Answerer::Person };
    let route = |id, target| InboundRoute {
        id: RouteId(id),
        alias: name(),
        target,
        edge: Some(EdgeId(1)),
        domains: domains(),
    };
    let mut step = Step::of(
        [RouteId(2), RouteId(1)],
        Preset::AnyFailure.trigger(),
        Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) },
    );
    step.hours = Some(ScheduleId(1));
    let did = |id, failover| Did {
        id: DidId(id),
        number: number(id.unsigned_abs()),
        alias: Some(name()),
        primary: RouteId(1),
        failover,
        weights: None,
    };
    Snapshot {
        edges: vec![Edge { id: EdgeId(1), name: HOSTILE.into(), host: "edge.example.com".into() }],
        routes: vec![
            route(1, RouteTarget::Host(HostTarget::parse("pbx.example.com").unwrap())),
            route(2, RouteTarget::Phone(E164::parse("+12125550199").unwrap())),
        ],
        plans: vec![FailoverPlan { id: PlanId(1), name: name(), steps: vec![step.clone(), step] }],
        schedules: vec![Schedule {
            id: ScheduleId(1),
            name: name(),
            zone: "UTC".into(),
            weekly: Default::default(),
            exceptions: Vec::new(),
        }],
        zones: vec![Zone::utc()],
        dids: vec![
            did(1, Failover::None),
            did(2, Failover::Route(RouteId(2))),
            did(3, Failover::Plan(PlanId(1))),
        ],
        ..Snapshot::default()
    }
}

/// The routes that its calls may go to, in order.
fn used(snapshot: &Snapshot) -> Vec<RouteId> {
    let routes = snapshot.groups().into_iter().flat_map(|group| group.routing.routes(snapshot));
    routes.collect::<std::collections::BTreeSet<RouteId>>().into_iter().collect()
}

fn faults() -> Vec<InjectedFault> {
    let text = || HOSTILE.to_owned();
    [
        FaultTarget::Route(RouteId(1)),
        FaultTarget::Host(text()),
        FaultTarget::Site(text()),
        FaultTarget::Carrier(text()),
        FaultTarget::Region(text()),
        FaultTarget::Edge(EdgeId(1)),
    ]
    .into_iter()
    .map(|on| InjectedFault { on, fault: Fault::Silent })
    .collect()
}

/// The name is there, and nothing of it is read as markup or ends an attribute.
fn check(what: &str, html: &str) {
    assert!(html.contains(&escape(HOSTILE)), "{what} does not name it: {html}");
    for raw in ["a<b", "<b>&", "b>&\"", "\"c\"", "c\"'"] {
        assert!(!html.contains(raw), "{what} lets {raw} through: {html}");
    }
}

#[test]
fn no_name_becomes_markup_in_what_the_desk_writes() {
    let snapshot = snapshot();
    let groups = snapshot.groups();
    let down = [RouteId(2)];
    let used_routes = used(&snapshot);
    let offer = Offer { snapshot: &snapshot, groups: &groups, used_routes: &used_routes, marked_down: &down };
    let base = Scenario::new(number(3));
    let plan = Draft::To(Failover::Plan(PlanId(1)));
    let controls = |did| Controls { did: Some(number(did)), faults: faults(), ..Controls::default() };

    check("the form", &controls_html(offer, &controls(1)));
    let down_only = Controls { health: Health::These(down.to_vec()), ..controls(3) };
    check("the form with routes that are down", &controls_html(offer, &down_only));
    for did in 1..=3 {
        for route in [None, Some(RouteId(1))] {
            let call = Controls { route, against: Some(plan), ..controls(did) };
            check("the calls", &run(offer, &call, &|_| true).html);
            let one = Controls { against: None, failover: plan, ..call };
            check("a call", &run(offer, &one, &|_| true).html);
        }
    }
    let matrix = Matrix::run(&snapshot, groups.clone(), Failure::of(&snapshot), &base).unwrap();
    let grid = Grid::new(matrix);
    for buttons in [true, false] {
        check("the matrix", &grid.html(&snapshot, Extent::FIRST, buttons));
    }
    let blasts = blast_radius(&snapshot, &groups, &base).unwrap();
    check("the blast radius", &blast(&snapshot, &blasts, usize::MAX, &|_, _| HOSTILE.to_owned()).html);

    for did in &snapshot.dids {
        let scenario = Scenario { faults: faults(), ..Scenario::new(did.number) };
        let trace = Simulator::new(&snapshot).run_did(did, &scenario).unwrap();
        let shown = Shown {
            snapshot: &snapshot,
            trace: Ok(&trace),
            span: Millis(60_000),
            id: "first",
            open: true,
            steps_of: Some(did),
        };
        check("the attempts", &outcome_html(shown));
    }
    let routing = |failover| Routing { primary: RouteId(1), failover, weights: None };
    let changed = Changed {
        before: routing(Failover::Route(RouteId(2))),
        after: routing(Failover::None),
        dids: 1,
        example: number(2),
    };
    let diffs = diff(&snapshot, &snapshot, &[changed], &base).unwrap();
    check("the differences", &diff_table(&snapshot, &diffs[0]));
}

/// What the desk shows for these controls, on the account above.
fn shown(controls: &Controls) -> String {
    let mut snapshot = snapshot();
    if let Some(unsaved) = &controls.unsaved {
        unsaved.lay_into(&mut snapshot).unwrap();
    }
    let groups = snapshot.groups();
    let used_routes = used(&snapshot);
    let offer = Offer { snapshot: &snapshot, groups: &groups, used_routes: &used_routes, marked_down: &[] };
    format!("{}{}", run(offer, controls, &|_| false).html, controls_html(offer, controls))
}

#[test]
fn what_is_not_there_has_no_call_and_says_so() {
    let call = |did| Controls { did: Some(number(did)), ..Controls::default() };
    for (controls, expected) in [
        (call(9), "+1 206 555 0109 is not one of your numbers: there is no call to show."),
        (
            Controls { failover: Draft::To(Failover::Plan(PlanId(9))), ..call(1) },
            "Failover plan 9 does not exist, or not any more",
        ),
        (
            Controls { failover: Draft::To(Failover::Route(RouteId(9))), ..call(1) },
            "Inbound route 9 does not exist, or not any more",
        ),
        (
            Controls { primary: Some(RouteId(9)), ..call(1) },
            "Inbound route 9 does not exist, or not any more",
        ),
        (
            Controls { failover: Draft::To(Failover::Plan(UNSAVED)), ..call(1) },
            "The draft cannot be walked as it is",
        ),
    ] {
        let html = shown(&controls);
        assert!(html.contains(expected), "{expected}: {html}");
        assert!(!html.contains("fate good"), "{html}");
    }
    // The drop-downs show what is gone as gone, not as the first of their choices.
    let gone = shown(&Controls { failover: Draft::To(Failover::Plan(PlanId(9))), ..call(1) });
    assert!(
        gone.contains("<option value=\"plan:9\" selected>a failover plan that was deleted</option>"),
        "{gone}"
    );
    assert!(shown(&call(9)).contains("<option value=\"\" selected>(choose a number)</option>"));
}

#[test]
fn a_route_that_no_number_uses_is_looked_at_as_a_primary() {
    let mut snapshot = snapshot();
    let spare = InboundRoute { id: RouteId(3), ..snapshot.routes[1].clone() };
    snapshot.routes.push(spare);
    let groups = snapshot.groups();
    let used_routes = used(&snapshot);
    let offer = Offer { snapshot: &snapshot, groups: &groups, used_routes: &used_routes, marked_down: &[] };
    let controls = Controls { route: Some(RouteId(3)), ..Controls::default() };
    let html = run(offer, &controls, &|_| false).html;
    assert!(html.contains("This is a call to +1 206 555 0101 as if it rang there first."), "{html}");
    let did = offer.did(&controls).unwrap();
    assert_eq!(offer.tried(&controls, Draft::AsItIs, did).primary, RouteId(3));
    assert!(offer.is_tried(&controls), "no call of the account: it cannot be saved");
    // Where a route is used, the calls of those who use it are shown as they are.
    let used = Controls { route: Some(RouteId(1)), ..Controls::default() };
    assert_eq!(offer.tried(&used, Draft::AsItIs, did).primary, RouteId(1));
    assert!(!offer.is_tried(&used));
    let tried = Controls { primary: Some(RouteId(2)), ..used.clone() };
    assert_eq!(offer.tried(&tried, Draft::AsItIs, did).primary, RouteId(2));
    // Its own primary is no other; one that is tried stands beside the number with its own.
    assert!(offer.is_tried(&tried) && !offer.is_tried(&Controls { primary: Some(RouteId(1)), ..used }));
    let beside = Controls { against: Some(Draft::AsItIs), ..tried };
    let html = run(offer, &beside, &|_| false).html;
    for heading in
        ["<h3>With a&lt;b&gt;&amp;&quot;c&quot;&#39; → no failover</h3>", "<h3>As it is: no failover</h3>"]
    {
        assert!(html.contains(heading), "{heading}: {html}");
    }
}

#[test]
fn a_route_of_numbers_that_are_left_out_is_not_called_unused() {
    let snapshot = snapshot();
    let groups: Vec<routing::Group> =
        snapshot.groups().into_iter().filter(|group| group.routing.failover == Failover::None).collect();
    let used_routes = used(&snapshot);
    let offer = Offer { snapshot: &snapshot, groups: &groups, used_routes: &used_routes, marked_down: &[] };
    let controls = Controls { route: Some(RouteId(2)), ..Controls::default() };
    let html = run(offer, &controls, &|_| false).html;
    assert!(html.contains("are among the smaller groups that are left out here"), "{html}");
    assert!(!offer.is_tried(&controls) && offer.did(&controls).is_none());
}

#[test]
fn a_route_that_becomes_the_failover_gets_no_share_that_another_had() {
    let mut did = snapshot().dids.remove(1);
    did.weights = Some(routing::Weights { primary: 70, failover: 30 });
    assert_eq!(Draft::AsItIs.of(&did).weights, did.weights);
    assert_eq!(Draft::To(did.failover).of(&did).weights, did.weights);
    assert_eq!(Draft::To(Failover::Route(RouteId(3))).of(&did).weights, None);
}

#[test]
fn routes_that_are_down_are_no_failures_of_the_list() {
    let down: Vec<RouteId> = (1..=60).map(RouteId).collect();
    let controls = Controls { faults: faults(), ..Controls::default() };
    let saved = controls.to_save(number(1), &snapshot(), &down, true);
    assert_eq!((saved.faults.len(), saved.marked_down.len()), (66, 60));
    let case = Case { scenario: saved, expect: Expectation { reaches: Reaches::Nobody, within_ms: None } };
    assert_eq!(case.check(), Ok(()));
    let read = Controls::of(&case.scenario, &Zone::utc()).unwrap();
    assert_eq!((read.faults.len(), &read.health), (5, &Health::These(down)));
    assert_eq!(read.scenario(number(1), &snapshot(), &[]).marked_down.len(), 60);
    // Marked down, yet answering: the desk has no words for it.
    let mut odd = Scenario::new(number(1));
    odd.marked_down.push(RouteId(1));
    assert_eq!(Controls::of(&odd, &Zone::utc()), None);
}

#[test]
fn a_plan_that_is_not_saved_is_walked_and_named_as_such() {
    let plan = |fields: &[(&str, &str)]| UnsavedPlan {
        of: Some(PlanId(1)),
        fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    let step = [("step.0.enter_on", "any_failure"), ("step.0.no_response", "6"), ("step.0.ring", "20")];
    let mut fields = vec![("name", "Two"), ("step.0.route.0", "2"), ("step.0.route.1", "")];
    fields.extend(step);
    let unsaved = plan(&fields);
    let failover = Draft::To(Failover::Plan(UNSAVED));
    let controls = Controls { unsaved: Some(unsaved), failover, faults: faults(), ..Controls::default() };
    let html = shown(&controls);
    assert!(html.contains("<h3>With Two (not saved)</h3>"), "{html}");
    assert!(html.contains("<option value=\"plan:0\" selected>Two (not saved)</option>"), "{html}");
    // The number is one of those that have the plan which it is to take the place of.
    assert!(html.contains("+12065550103\" selected>"), "{html}");

    // A name may be missing, and a step that rings nowhere yet is left out; what is wrong is not walked.
    let mut bare = fields.clone();
    bare.retain(|(name, _)| *name != "name");
    bare.push(("step.1.enter_on", "busy"));
    assert_eq!(plan(&bare).lay_into(&mut snapshot()), Ok(()));
    for wrong in [("step.0.route.0", "99"), ("step.0.ring", "-1"), ("step.0.hours", "9")] {
        let mut fields = fields.clone();
        fields.push(wrong);
        let mut snapshot = snapshot();
        assert_eq!(plan(&fields).lay_into(&mut snapshot).unwrap_err().len(), 1, "{wrong:?}");
        assert!(snapshot.plan(UNSAVED).is_none());
    }
    assert!(plan(&[("name", "Empty")]).lay_into(&mut snapshot()).is_err());
}

/// What the page hands over is what the island works with: names, triggers, hours, weights, faults of every kind.
#[cfg(feature = "desk")]
#[test]
fn the_stage_travels_packed() {
    use crate::{islands::desk::Stage, packed::Packed};

    let mut snapshot = snapshot();
    snapshot.plans[0].steps[0].enter_on = routing::Trigger::parse("404, 5xx, no_answer").unwrap();
    snapshot.plans[0].steps[0].routes[0].weight = Some(7);
    snapshot.routes[0].target =
        RouteTarget::parse(routing::RouteKind::Uri, "sip:a@b.example;transport=tls", &Default::default())
            .unwrap();
    snapshot.schedules[0].weekly[0] = routing::DayHours::parse("08:00-12:00, 22:00-02:00").unwrap();
    // As many plans as an account may have, and the draft.
    let plan = snapshot.plans[0].clone();
    snapshot.plans = vec![plan; routing::limits::PLANS_PER_ACCOUNT_MAX + 1];
    let stage = Stage {
        groups: snapshot.groups(),
        used_routes: used(&snapshot),
        marked_down: vec![RouteId(2)],
        country: "US".into(),
        snapshot,
    };
    let controls = Controls {
        faults: faults(),
        health: Health::These(vec![RouteId(1)]),
        against: Some(Draft::To(Failover::Plan(UNSAVED))),
        unsaved: Some(UnsavedPlan { of: None, fields: vec![("name".into(), HOSTILE.into())] }),
        at: Some(1_795_651_200),
        ..Controls::default()
    };
    let json = serde_json::to_string(&Packed((stage.clone(), controls.clone()))).unwrap();
    let Packed((back, read)) = serde_json::from_str::<Packed<(Stage, Controls)>>(&json).unwrap();
    assert_eq!(
        (back.snapshot, back.groups, back.used_routes),
        (stage.snapshot, stage.groups, stage.used_routes)
    );
    assert_eq!(read, controls);
}

/// Pages escape what stands in text and in attributes each in its way: no tag comes of it, and no attribute ends early.
#[cfg(feature = "ssr")]
#[test]
fn no_name_becomes_markup_on_the_pages_of_cases_and_findings() {
    use portal::{BrokenCase, CaseView, FailoverRef, Finding, FindingList, UnixMs};
    use routing::{CaseId, FindingDetail, FindingKind, FindingSubject, Severity, Version};

    use crate::{
        Frame,
        pages::{confirm, findings, preview},
    };

    let snapshot = snapshot();
    let frame = Frame {
        assets: "/assets/0".into(),
        account: Some(HOSTILE.into()),
        reader: None,
        notice: None,
        reason: String::new(),
    };
    let scenario = Scenario { faults: faults(), marked_down: vec![RouteId(2)], ..Scenario::new(number(3)) };
    let expect = Expectation { reaches: Reaches::Route(RouteId(2)), within_ms: None };
    let case = Case { scenario, expect };
    let verdict = case.run(&snapshot);
    let view = CaseView {
        id: CaseId(1),
        name: name(),
        case: case.clone(),
        verdict: verdict.clone(),
        version: Version(1),
        created_at: UnixMs(0),
    };
    let telling = preview::Telling { snapshot: &snapshot, zone: "UTC" };
    let broken = BrokenCase { id: CaseId(1), name: name(), case, before: verdict.clone(), after: verdict };
    let fields = [("alias".to_owned(), HOSTILE.to_owned())];
    let finding = Finding {
        finding: routing::Finding {
            kind: FindingKind::SharedCarrier,
            severity: Severity::Warning,
            subject: FindingSubject::Routing(Routing::of(&snapshot.dids[1])),
            step: Some(1),
            detail: FindingDetail::Shared(HOSTILE.into()),
            dids: 1,
            example: number(2),
        },
        key: HOSTILE.into(),
        primary: None,
        failover: FailoverRef::None,
        plan: None,
        route: None,
        accepted: None,
    };
    let list = FindingList { findings: vec![finding], more: 0 };
    let state = findings::AcceptState { key: HOSTILE.into(), reason: HOSTILE.into(), ..Default::default() };
    for (what, html) in [
        ("the cases", preview::list(&frame, std::slice::from_ref(&view), telling)),
        ("the case to delete", preview::delete(&frame, &view, telling, &[])),
        ("the question", confirm::confirm(&frame, "/x", &fields, &[broken], &snapshot, &Zone::utc())),
        ("the findings", findings::page(&frame, &list, &state)),
    ] {
        assert!(html.contains("a&lt;b&gt;&amp;"), "{what} does not name it: {html}");
        for raw in ["a<b", "<b>&", "=\"a&lt;b&gt;&amp;\""] {
            assert!(!html.contains(raw), "{what} lets {raw} through: {html}");
        }
    }
}
