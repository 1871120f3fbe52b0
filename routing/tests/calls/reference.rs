//! Every pair of faults on every pair of routes under every preset, against a model that knows no clock, no
//! machine and no queue: it only adds up.

use routing::{Answerer, Fault, FaultTarget, Millis, Preset, RejectCode, RouteId, Scenario};

use crate::common::{ADDRESS, MOBILE, ROUTES, SERVICE, TCP, TLS, VOICEMAIL, account, number, run, told};

/// The account's clocks: silence and ringing.
const CLOCKS: (u32, u32) = (6_000, 20_000);

/// How one attempt ends, how long it takes, and whether the caller hears it ring.
#[derive(Clone, Copy)]
pub(crate) struct Fate {
    /// `None`: answered. A far code stands for itself.
    pub(crate) failure: Option<&'static str>,
    pub(crate) ms: u32,
    pub(crate) rings: bool,
    pub(crate) by: Answerer,
}

/// What becomes of an attempt that is left alone, under these clocks.
pub(crate) fn fate(route: RouteId, fault: Option<Fault>, (no_response_ms, ring_ms): (u32, u32)) -> Fate {
    let by = match route {
        MOBILE => Answerer::Person,
        SERVICE => Answerer::LiveAnswer,
        VOICEMAIL => Answerer::Voicemail,
        _ => Answerer::Pbx,
    };
    let healthy = if by == Answerer::Person { 8_000 } else { 2_000 };
    let fails = |failure, ms| Fate { failure: Some(failure), ms, rings: false, by };
    let rings_out = Fate { failure: Some("no answer"), ms: ring_ms, rings: true, by };
    let answers = |ms, by| {
        if ms < ring_ms { Fate { failure: None, ms, rings: true, by } } else { rings_out }
    };
    match fault {
        None => answers(healthy, by),
        Some(Fault::Silent) => fails("no response", no_response_ms),
        Some(Fault::TryingOnly) => fails("no response", ring_ms),
        Some(Fault::Refused) if route == TCP || route == TLS => fails("connection refused", 0),
        Some(Fault::Refused) => fails("no response", no_response_ms),
        Some(Fault::DnsFailure) if route == ADDRESS => answers(healthy, by),
        Some(Fault::DnsFailure) => fails("DNS failure", 0),
        Some(Fault::TlsFailure) if route != TLS => answers(healthy, by),
        Some(Fault::TlsFailure) => fails("TLS failure", 0),
        Some(Fault::RingsForEver) => rings_out,
        Some(Fault::Busy) => fails("486", 0),
        Some(Fault::Declines) => fails("603", 0),
        Some(Fault::AnswersAfter(after)) => answers(after.0, by),
        Some(Fault::VoicemailAnswers) => answers(2_000, Answerer::Voicemail),
        Some(Fault::Rejects(code)) => {
            let name = CODES.iter().find(|(number, _)| *number == u16::from(code)).unwrap().1;
            fails(name, 0)
        }
    }
}

pub(crate) const CODES: [(u16, &str); 9] = [
    (302, "302"),
    (401, "401"),
    (404, "404"),
    (408, "408"),
    (480, "480"),
    (487, "487"),
    (500, "500"),
    (501, "501"),
    (503, "503"),
];

/// Written from the documents again, with other means than the bit set under test.
pub(crate) fn enters(preset: Preset, failure: &str) -> bool {
    if failure == "marked down" {
        return preset != Preset::Busy && preset != Preset::NoAnswer;
    }
    let outage = ["no response", "connection refused", "DNS failure", "TLS failure", "408", "500", "503"]
        .contains(&failure);
    match preset {
        Preset::Outage => outage,
        Preset::OutageOrNoAnswer => outage || failure == "no answer",
        Preset::Voipbin => !["no answer", "408", "302", "401", "480", "486", "487"].contains(&failure),
        Preset::Telnyx => (outage && failure != "500") || failure == "480",
        Preset::Didww => !["302", "401", "503"].contains(&failure),
        Preset::AnyFailure => true,
        Preset::Busy => failure == "486",
        Preset::NoAnswer => failure == "no answer",
        Preset::Unreachable => outage && !failure.starts_with(|c: char| c.is_ascii_digit()),
    }
}

/// What goes back when this failure has the last word.
pub(crate) fn told_to_the_caller(failure: &str) -> &str {
    match failure {
        "no response" | "no answer" => "408",
        "connection refused" | "DNS failure" | "TLS failure" | "503" => "500",
        "302" => "480",
        code => code,
    }
}

fn expected(preset: Preset, attempts: &[(RouteId, Option<Fault>)]) -> String {
    let (mut now, mut rings_from, mut parts) = (0, None, Vec::new());
    let mut outcome = String::new();
    for (route, fault) in attempts {
        let fate = fate(*route, *fault, CLOCKS);
        if fate.rings {
            rings_from.get_or_insert(now);
        }
        now += fate.ms;
        parts.push(format!("{route} {} {now}", fate.failure.unwrap_or("answered")));
        let Some(failure) = fate.failure else {
            outcome = format!("{:?}", fate.by).to_lowercase();
            break;
        };
        outcome = told_to_the_caller(failure).to_owned();
        if !enters(preset, failure) {
            break;
        }
    }
    let silence = rings_from.unwrap_or(now);
    let heard: Vec<String> = [("silence", silence), ("ringing", now - silence)]
        .into_iter()
        .filter(|(_, ms)| *ms > 0)
        .map(|(sound, ms)| format!("{sound} {ms}"))
        .collect();
    format!("{}: {outcome}; {}", parts.join(", "), heard.join(", "))
}

pub(crate) fn faults() -> Vec<Option<Fault>> {
    let mut faults = vec![
        None,
        Some(Fault::Silent),
        Some(Fault::TryingOnly),
        Some(Fault::Refused),
        Some(Fault::DnsFailure),
        Some(Fault::TlsFailure),
        Some(Fault::RingsForEver),
        Some(Fault::Busy),
        Some(Fault::Declines),
        Some(Fault::AnswersAfter(Millis(5_000))),
        Some(Fault::AnswersAfter(Millis(CLOCKS.1))),
        Some(Fault::VoicemailAnswers),
    ];
    faults.extend(CODES.iter().map(|(code, _)| Some(Fault::Rejects(RejectCode::new(*code).unwrap()))));
    faults
}

#[test]
fn every_pair_of_faults_ends_as_the_naive_model_says() {
    let faults = faults();
    let mut calls = 0;
    for primary in ROUTES {
        for failover in ROUTES.into_iter().filter(|route| *route != primary).map(Some).chain([None]) {
            let mut snapshot = account(primary, failover);
            for preset in Preset::ALL {
                snapshot.defaults.trigger = preset.trigger();
                for first in &faults {
                    for second in faults.iter().take(if failover.is_some() { faults.len() } else { 1 }) {
                        let mut attempts = vec![(primary, *first)];
                        attempts.extend(failover.map(|failover| (failover, *second)));
                        let mut scenario = Scenario::new(number());
                        for (route, fault) in &attempts {
                            if let Some(fault) = fault {
                                scenario = scenario.with_fault(FaultTarget::Route(*route), *fault);
                            }
                        }
                        let found = told(&run(&snapshot, &scenario));
                        assert_eq!(found, expected(preset, &attempts), "{preset:?}: {attempts:?}");
                        calls += 1;
                    }
                }
            }
        }
    }
    assert_eq!(calls, 8 * 9 * 21 * (7 * 21 + 1));
}
