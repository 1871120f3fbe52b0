//! Saved cases.

use routing::{
    Answerer, Case, Expectation, Fault, FaultTarget, InjectedFault, Millis, Reaches, Scenario, Snapshot,
    Verdict,
};

use crate::account::{MOBILE, PBX, SERVICE, account, number};

fn case(faults: &[&str], reaches: Reaches, within_s: Option<u32>) -> Case {
    let mut scenario = Scenario::new(number(8));
    scenario.faults = faults.iter().map(|text| InjectedFault::parse(text).unwrap()).collect();
    Case { scenario, expect: Expectation { reaches, within_ms: within_s.map(|s| Millis(s * 1000)) } }
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Holds(_) => "holds",
        Verdict::Elsewhere(_) => "elsewhere",
        Verdict::TooLate(_) => "too late",
        Verdict::CannotRun(_) => "cannot run",
    }
}

#[test]
fn a_case_is_held_against_who_answers_and_when() {
    use Reaches::{Nobody, Route, Somebody};
    let rows: [(&[&str], Reaches, Option<u32>, &str); 12] = [
        (&[], Route(PBX), None, "holds"),
        (&[], Route(PBX), Some(2), "holds"),
        (&[], Route(PBX), Some(1), "too late"),
        (&[], Route(MOBILE), None, "elsewhere"),
        (&["carrier:Acme=silent"], Route(MOBILE), Some(15), "holds"),
        (&["carrier:Acme=silent", "route:3=busy"], Route(SERVICE), None, "elsewhere"),
        (&["carrier:Acme=silent", "route:3=503"], Reaches::Answerer(Answerer::LiveAnswer), Some(8), "holds"),
        (&["route:1=silent", "route:3=silent", "route:4=silent"], Somebody, None, "elsewhere"),
        (&["route:1=silent", "route:3=silent", "route:4=silent"], Nobody, None, "holds"),
        (&["route:1=busy"], Nobody, Some(1), "holds"),
        (&["route:1=busy"], Somebody, None, "elsewhere"),
        (&["route:1=silent"], Somebody, Some(13), "too late"),
    ];
    let snapshot = account();
    for (faults, reaches, within, expected) in rows {
        let verdict = case(faults, reaches, within).run(&snapshot);
        assert_eq!(word(&verdict), expected, "{faults:?} {reaches:?} {within:?}: {verdict:?}");
        assert_eq!(verdict.holds(), expected == "holds");
    }
}

#[test]
fn a_case_whose_number_is_gone_cannot_run() {
    let gone = Snapshot { dids: Vec::new(), ..account() };
    assert_eq!(word(&case(&[], Reaches::Somebody, None).run(&gone)), "cannot run");
}

#[test]
fn a_case_survives_json_and_refuses_what_it_does_not_know() {
    let mut saved = case(&["site:HQ=503"], Reaches::Route(MOBILE), Some(15));
    saved.scenario.at = Some(1_795_000_000);
    saved.scenario = saved.scenario.with_fault(FaultTarget::Route(PBX), Fault::AnswersAfter(Millis(4_000)));
    let text = serde_json::to_string(&saved).unwrap();
    assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), saved, "{text}");
    let misspelt = text.replace("within_ms", "within");
    assert!(serde_json::from_str::<Case>(&misspelt).is_err());
}
