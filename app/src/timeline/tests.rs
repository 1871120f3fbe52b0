use routing::{
    Alias, Answerer, Clocks, Did, DidId, Domains, E164, Failover, FailoverPlan, Fault, FaultTarget,
    InboundRoute, Millis, PlanId, Preset, RouteId, RouteTarget, Scenario, Snapshot, Step, Trace, Weights,
    simulate,
};

use super::*;

const CLOCKS: Clocks = Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) };

fn snapshot() -> Snapshot {
    let number = |text: &str| E164::parse(text).unwrap();
    let route = |id, alias: &str, target: RouteTarget, answerer| InboundRoute {
        id: RouteId(id),
        alias: Alias::parse(alias).unwrap(),
        target,
        edge: None,
        domains: Domains { answerer, ..Domains::default() },
    };
    let phone = |text| RouteTarget::Phone(number(text));
    Snapshot {
        routes: vec![
            route(1, "a<b>&\"c\"", phone("+12065550199"), Answerer::Pbx),
            route(2, "mobile", phone("+12065550198"), Answerer::Person),
            route(3, "desk", phone("+12065550197"), Answerer::Person),
            route(4, "dispatch", phone("+12065550196"), Answerer::LiveAnswer),
        ],
        dids: vec![Did {
            id: DidId(1),
            number: number("+12065550100"),
            alias: None,
            primary: RouteId(1),
            failover: Failover::Route(RouteId(2)),
            weights: None,
        }],
        ..Snapshot::default()
    }
}

/// Busy goes to nobody, an outage to mobile and desk at once, anything after that to dispatch.
fn layered() -> Snapshot {
    let mut snapshot = snapshot();
    let step = |routes: &[i64], preset: Preset| {
        Step::of(routes.iter().map(|id| RouteId(*id)), preset.trigger(), CLOCKS)
    };
    snapshot.plans = vec![FailoverPlan {
        id: PlanId(5),
        name: Alias::parse("Layered").unwrap(),
        steps: vec![
            step(&[4], Preset::Busy),
            step(&[2, 3], Preset::OutageOrNoAnswer),
            step(&[4], Preset::AnyFailure),
        ],
    }];
    snapshot.dids[0].failover = Failover::Plan(PlanId(5));
    snapshot
}

fn trace(snapshot: &Snapshot, faults: &[(i64, Fault)]) -> Trace {
    let mut scenario = Scenario::new(snapshot.dids[0].number);
    for (route, fault) in faults {
        scenario = scenario.with_fault(FaultTarget::Route(RouteId(*route)), *fault);
    }
    simulate(snapshot, &scenario).unwrap()
}

fn sentences(snapshot: &Snapshot, trace: &Trace) -> Vec<String> {
    let told = Told::new(snapshot, trace);
    trace.events.iter().map(|event| told.sentence(event)).collect()
}

#[test]
fn a_call_ends_in_one_sentence_with_what_the_caller_heard() {
    let snapshot = snapshot();
    let rows = [
        (None, "a<b>&\"c\" answers after 2 s. The caller hears 2 s of ringing."),
        (
            Some(Fault::Silent),
            "mobile (a person) answers after 14 s. The caller hears 6 s of silence and 8 s of ringing.",
        ),
        (
            Some(Fault::Busy),
            "Nobody answers. At once the caller gets 486 Busy Here. The caller hears nothing before that.",
        ),
        (
            Some(Fault::VoicemailAnswers),
            "a<b>&\"c\" (a machine: nobody was reached) answers after 2 s. The caller hears 2 s of ringing.",
        ),
    ];
    for (fault, expected) in rows {
        let faults: Vec<(i64, Fault)> = fault.into_iter().map(|fault| (1, fault)).collect();
        assert_eq!(Told::new(&snapshot, &trace(&snapshot, &faults)).fate(), expected);
    }
}

#[test]
fn a_plan_is_told_step_by_step_with_the_reasons_for_what_was_passed_over() {
    let snapshot = layered();
    let faults = [(1, Fault::Silent), (2, Fault::RingsForEver), (3, Fault::Declines)];
    let trace = trace(&snapshot, &faults);
    assert_eq!(
        Told::new(&snapshot, &trace).fate(),
        "dispatch (answering service) answers after 8 s, in step 3 of Layered. The caller hears 6 s of silence and \
         2 s of ringing."
    );
    let said = sentences(&snapshot, &trace);
    for expected in [
        "The call goes to the primary route",
        "The call does not go to step 1: its trigger does not include no response",
        "The call goes on to step 2, because of: no response",
        "The call goes on to step 3, because of: 603 Decline",
    ] {
        assert!(said.iter().any(|sentence| sentence == expected), "{expected}: {said:#?}");
    }
}

#[test]
fn with_the_failover_route_first_by_weight_the_words_are_the_right_way_round() {
    let mut snapshot = snapshot();
    snapshot.dids[0].weights = Some(Weights { primary: 0, failover: 1 });
    let trace = trace(&snapshot, &[(2, Fault::Silent)]);
    let said = sentences(&snapshot, &trace);
    assert_eq!(said[0], "By their weights, this call goes to the failover route first");
    assert_eq!(said[1], "The call goes to the failover route");
    assert!(
        said.contains(&"The call goes on to the primary route, because of: no response".into()),
        "{said:#?}"
    );
}

#[test]
fn the_picture_is_to_scale_and_holds_no_markup_of_an_alias() {
    let mut snapshot = snapshot();
    snapshot.defaults.patience_ms = Millis(21_000);
    let trace = trace(&snapshot, &[(1, Fault::Silent)]);
    let picture = Told::new(&snapshot, &trace).svg(Millis(28_000), "x");
    assert!(!picture.contains("<b>"), "{picture}");
    assert!(picture.contains("a&lt;b&gt;&amp;&quot;c&quot;"), "{picture}");
    // Silence from 0 to 6 s of 28, ringing from 6 s for 8 s, the patience at 21 s.
    assert!(picture.contains("fill=\"url(#hatch-x)\" x=\"0.00%\" y=\"28\" width=\"21.42%\""), "{picture}");
    assert!(picture.contains("class=\"ringing\" x=\"21.42%\" y=\"28\" width=\"28.57%\""), "{picture}");
    assert!(picture.contains("class=\"patience\" x1=\"75.00%\""), "{picture}");
    assert!(!picture.contains("style="), "the content security policy refuses it");
}

#[test]
fn the_picture_of_a_plan_bands_what_rings_together_and_strikes_what_was_passed_over() {
    let snapshot = layered();
    let trace = trace(&snapshot, &[(1, Fault::Silent), (2, Fault::RingsForEver), (3, Fault::RingsForEver)]);
    let picture = Told::new(&snapshot, &trace).svg(Millis(60_000), "x");
    for part in [
        "Primary · a&lt;b&gt;",
        "<tspan class=\"struck\">Step 1 · dispatch</tspan> — not entered on no response",
        "Step 2, all at once",
        "mobile — no answer after 20 s",
        "Step 3 · dispatch — answers after 2 s",
    ] {
        assert!(picture.contains(part), "{part}: {picture}");
    }
    assert_eq!(picture.matches("class=\"together\"").count(), 1);
    assert_eq!(picture.matches("class=\"rule\"").count(), 4, "one before each step");
}

#[test]
fn a_step_that_is_down_is_struck_and_shown_again_as_a_last_resort() {
    let mut snapshot = snapshot();
    snapshot.dids[0].failover = Failover::None;
    let mut scenario = Scenario::new(snapshot.dids[0].number);
    scenario.marked_down = vec![RouteId(1)];
    let trace = simulate(&snapshot, &scenario).unwrap();
    let picture = Told::new(&snapshot, &trace).svg(Millis(12_500), "x");
    assert!(picture.contains("<tspan class=\"struck\">Primary</tspan> — marked down"), "{picture}");
    assert!(picture.contains("Last resort · a&lt;b&gt;"), "{picture}");
}

#[test]
fn pictures_side_by_side_span_the_longest_call() {
    let snapshot = snapshot();
    let (short, long) = (trace(&snapshot, &[]), trace(&snapshot, &[(1, Fault::Silent)]));
    assert_eq!(span([&short]), Millis(SPAN_MIN_MS));
    assert_eq!(span([&short, &long]), Millis(15_400));
}
