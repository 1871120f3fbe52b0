//! What a trace tells: events, reasons, the text for the command line, the decision hash.

use routing::{
    Alias, CallPlan, Cause, Clocks, CompileError, Did, E164, Ending, FailoverPlan, Fault, FaultTarget,
    Moment, PassedOver, PlanId, Preset, RouteId, Scenario, SimulateError, SipCode, Snapshot, SrvRecord, Step,
    Trace, Unreachable, Version, What, simulate,
};

use crate::common::{ADDRESS, MOBILE, PBX, TCP, VOICEMAIL, account, account_with_plan, ms, number, run};

fn whats(trace: &Trace) -> Vec<What> {
    trace.events.iter().map(|event| event.what).collect()
}

fn broken(route: RouteId, fault: Fault) -> Scenario {
    Scenario::new(number()).with_fault(FaultTarget::Route(route), fault)
}

#[test]
fn the_trace_says_why_the_failover_was_not_entered() {
    let busy = Cause::Response(SipCode::BUSY_HERE);
    let trace = run(&account(PBX, Some(MOBILE)), &broken(PBX, Fault::Busy));
    assert_eq!(
        whats(&trace),
        [
            What::StepEntered(None),
            What::Dialled,
            What::Failed(busy),
            What::StepPassedOver(PassedOver::Trigger(busy)),
            What::Rejected(SipCode::BUSY_HERE),
        ]
    );
    assert_eq!(trace.events[3].step, Some(1));
}

#[test]
fn the_trace_says_when_there_is_no_failover() {
    let trace = run(&account(TCP, None), &broken(TCP, Fault::Refused));
    assert_eq!(
        whats(&trace)[2..],
        [
            What::Failed(Cause::Unreachable(Unreachable::Refused)),
            What::NoFailover,
            What::Rejected(SipCode::SERVER_ERROR),
        ]
    );
}

#[test]
fn the_trace_says_when_a_fault_does_nothing() {
    for (route, fault) in [(ADDRESS, Fault::DnsFailure), (PBX, Fault::TlsFailure), (TCP, Fault::TlsFailure)] {
        let trace = run(&account(route, None), &broken(route, fault));
        assert!(whats(&trace).contains(&What::FaultHasNoEffect(fault)), "{fault} on {route}");
        assert!(trace.reached_somebody());
    }
}

#[test]
fn an_attempt_that_answered_too_late_ends_then_whatever_a_sibling_does() {
    let mut snapshot = account_with_plan();
    let clocks = Clocks { no_response_ms: ms(6_000), ring_ms: ms(2_000) };
    let steps = vec![
        Step::of([MOBILE, TCP], Preset::Outage.trigger(), clocks),
        Step::of([ADDRESS], Preset::AnyFailure.trigger(), clocks),
    ];
    snapshot.plans = vec![FailoverPlan { id: PlanId(3), name: Alias::parse("plan").unwrap(), steps }];
    // At 8 s the mobile's answer loses to its clock, and the second SRV target of the other leg declines.
    let mut scenario = broken(PBX, Fault::Silent)
        .with_fault(FaultTarget::Route(MOBILE), Fault::AnswersAfter(ms(2_000)))
        .with_fault(FaultTarget::Host("a.example.com".to_owned()), Fault::Silent)
        .with_fault(FaultTarget::Host("b.example.com".to_owned()), Fault::Declines)
        .with_fault(FaultTarget::Route(ADDRESS), Fault::Silent);
    let targets = ["a.example.com", "b.example.com"].map(str::to_owned).to_vec();
    scenario.srv = vec![SrvRecord { host: "tcp.example.com".to_owned(), targets }];
    let trace = run(&snapshot, &scenario);
    let mobile = trace.attempts.iter().find(|attempt| attempt.route == MOBILE).unwrap();
    assert_eq!((mobile.ended_ms, mobile.ending), (ms(8_000), Ending::Cancelled));
    assert!(trace.outcome.at_ms() > ms(8_000));
}

#[test]
fn a_route_marked_down_is_listed_as_passed_over_and_then_as_a_last_resort() {
    let mut scenario = broken(MOBILE, Fault::Silent);
    scenario.marked_down = vec![PBX];
    let trace = run(&account(PBX, Some(MOBILE)), &scenario);
    let steps: Vec<_> = trace
        .events
        .iter()
        .filter(|event| {
            matches!(event.what, What::StepEntered(_) | What::StepPassedOver(_) | What::LastResort)
        })
        .map(|event| (event.at_ms.0, event.step, event.what))
        .collect();
    assert_eq!(
        steps,
        [
            (0, Some(0), What::StepPassedOver(PassedOver::Health)),
            (0, Some(1), What::StepEntered(Some(Cause::MarkedDown))),
            (6_000, Some(0), What::LastResort),
        ]
    );
    assert!(trace.reached_somebody());
}

#[test]
fn a_machine_that_takes_messages_is_nobody() {
    assert!(!run(&account(VOICEMAIL, None), &Scenario::new(number())).reached_somebody());
    assert!(!run(&account(PBX, None), &broken(PBX, Fault::VoicemailAnswers)).reached_somebody());
    assert!(!run(&account(PBX, None), &broken(PBX, Fault::Busy)).reached_somebody());
    assert!(run(&account(PBX, None), &Scenario::new(number())).reached_somebody());
}

#[test]
fn the_decision_hash_stands_for_what_was_decided_and_nothing_else() {
    let scenario = broken(PBX, Fault::Silent);
    let hash = |snapshot: &Snapshot| run(snapshot, &scenario).decision_hash.to_string();
    let snapshot = account(PBX, Some(MOBILE));
    // Held to the letter: a hash stored by an older build must still be found equal.
    assert_eq!(hash(&snapshot), "8e0d9e94d8cf7ec4");
    let mut later = snapshot.clone();
    later.version = Version(8);
    later.routes.reverse();
    assert_eq!(hash(&later), hash(&snapshot), "an edit that changes no decision");
    let mut slower = snapshot.clone();
    slower.defaults.no_response_ms = ms(6_001);
    assert_ne!(hash(&slower), hash(&snapshot), "an edit that changes a moment");
}

#[test]
fn the_timeline_reads_as_aligned_text() {
    let snapshot = account(PBX, Some(MOBILE));
    let text = run(&snapshot, &broken(PBX, Fault::Silent)).to_text(&snapshot);
    let expected = [
        "   0.000 s  primary                the primary is tried",
        "   0.000 s  primary   seattle-pbx  dial",
        "   6.000 s  primary   seattle-pbx  failed: no response",
        "   6.000 s  failover               the failover is tried, because of: no response",
        "   6.000 s  failover  mobile       dial",
        "   6.000 s  failover  mobile       180 Ringing",
        "  14.000 s  failover  mobile       answered",
        "",
        "Outcome   answered at mobile after 14 s by a person",
        "Heard     silence 6 s, then ringing 8 s",
        "Decision  8e0d9e94d8cf7ec4 (configuration 7)",
        "",
    ];
    assert_eq!(text, expected.join("\n"));
}

#[test]
fn a_trace_and_a_scenario_survive_json() {
    let mut scenario = broken(PBX, Fault::Rejects(503.try_into().unwrap()))
        .with_fault(FaultTarget::Host("x.example".to_owned()), Fault::AnswersAfter(ms(5)));
    scenario.caller.hangs_up_after = Some(ms(9));
    let text = serde_json::to_string(&scenario).unwrap();
    assert_eq!(serde_json::from_str::<Scenario>(&text).unwrap(), scenario, "{text}");
    let trace = run(&account(PBX, Some(MOBILE)), &scenario);
    let text = serde_json::to_string(&trace).unwrap();
    assert_eq!(serde_json::from_str::<Trace>(&text).unwrap(), trace, "{text}");
}

#[test]
fn a_scenario_is_written_by_hand_with_few_words() {
    let scenario: Scenario = serde_json::from_str(
        r#"{"did":"+12065550100","faults":[{"on":{"route":1},"fault":{"rejects":486}},{"on":{"network":"sip_hosts"},"fault":"silent"}]}"#,
    )
    .unwrap();
    assert_eq!(scenario.faults[0].fault, Fault::Rejects(486.try_into().unwrap()));
    let wrong = r#"{"did":"+12065550100","faults":[{"on":{"route":1},"fault":{"rejects":200}}]}"#;
    let error = serde_json::from_str::<Scenario>(wrong).unwrap_err().to_string();
    assert!(error.contains("from 300 to 699"), "{error}");
    let misspelt = r#"{"did":"+12065550100","fault":[]}"#;
    assert!(serde_json::from_str::<Scenario>(misspelt).is_err());
}

#[test]
fn what_cannot_be_simulated_is_said() {
    let other = E164::parse("+12065550199").unwrap();
    for (snapshot, did, expected) in [
        (account(PBX, None), other, SimulateError::UnknownDid(other)),
        (account(RouteId(99), None), number(), CompileError::UnknownRoute(RouteId(99)).into()),
        (account(PBX, Some(RouteId(99))), number(), CompileError::UnknownRoute(RouteId(99)).into()),
        (account_with_plan(), number(), CompileError::UnknownPlan(PlanId(3)).into()),
    ] {
        assert_eq!(simulate(&snapshot, &Scenario::new(did)), Err(expected));
    }
}

#[test]
fn the_worst_case_is_both_clocks_of_every_attempt() {
    let worst = |snapshot: &Snapshot| {
        let did: &Did = &snapshot.dids[0];
        CallPlan::compile(snapshot, did, Moment::default()).unwrap().worst_case_ms()
    };
    assert_eq!(worst(&account(PBX, None)), ms(26_000));
    assert_eq!(worst(&account(PBX, Some(MOBILE))), ms(52_000));
}
