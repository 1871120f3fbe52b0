//! A primary with one failover route under every fault, trigger and clock.

use routing::{Fault, FaultTarget, Millis, Profile, RouteId, Scenario, Trigger};

use crate::common::{
    ADDRESS, MOBILE, PBX, SERVICE, TCP, TLS, VOICEMAIL, account, ms, number, rejects, run, told,
};

/// A route and what befalls it.
type At = (RouteId, Option<Fault>);

/// Runs rows of (sentence, primary, failover, what is told).
fn check(trigger: &str, rows: &[(&str, At, Option<At>, &str)]) {
    for (sentence, primary, failover, expected) in rows {
        let mut snapshot = account(primary.0, failover.map(|failover| failover.0));
        snapshot.defaults.trigger = Trigger::parse(trigger).unwrap();
        let mut scenario = Scenario::new(number());
        for (route, fault) in [Some(*primary), *failover].into_iter().flatten() {
            if let Some(fault) = fault {
                scenario = scenario.with_fault(FaultTarget::Route(route), fault);
            }
        }
        assert_eq!(told(&run(&snapshot, &scenario)), *expected, "{trigger}: {sentence}");
    }
}

#[test]
fn an_outage_enters_the_failover_and_nothing_else_does() {
    let mobile = Some((MOBILE, None));
    check(
        "outage",
        &[
            (
                "a healthy PBX answers after two seconds",
                (PBX, None),
                mobile,
                "1 answered 2000: pbx; ringing 2000",
            ),
            (
                "a healthy person answers after eight",
                (MOBILE, None),
                None,
                "5 answered 8000: person; ringing 8000",
            ),
            (
                "an answering service answers as a PBX does",
                (SERVICE, None),
                None,
                "6 answered 2000: liveanswer; ringing 2000",
            ),
            ("so does a voicemail", (VOICEMAIL, None), None, "7 answered 2000: voicemail; ringing 2000"),
            (
                "registered devices need not be listed",
                (RouteId::REGISTERED, None),
                None,
                "0 answered 2000: pbx; ringing 2000",
            ),
            (
                "silence lasts no_response_ms",
                (PBX, Some(Fault::Silent)),
                mobile,
                "1 no response 6000, 5 answered 14000: person; silence 6000, ringing 8000",
            ),
            (
                "a dead PBX behind a live proxy is an outage after ring_ms",
                (PBX, Some(Fault::TryingOnly)),
                mobile,
                "1 no response 20000, 5 answered 28000: person; silence 20000, ringing 8000",
            ),
            (
                "ringing for ever is no outage",
                (PBX, Some(Fault::RingsForEver)),
                mobile,
                "1 no answer 20000: 408; ringing 20000",
            ),
            (
                "refused over UDP is silence",
                (PBX, Some(Fault::Refused)),
                mobile,
                "1 no response 6000, 5 answered 14000: person; silence 6000, ringing 8000",
            ),
            (
                "refused over TCP fails at once",
                (TCP, Some(Fault::Refused)),
                mobile,
                "2 connection refused 0, 5 answered 8000: person; ringing 8000",
            ),
            (
                "refused over TLS fails at once",
                (TLS, Some(Fault::Refused)),
                mobile,
                "3 connection refused 0, 5 answered 8000: person; ringing 8000",
            ),
            (
                "a phone number has no transport of its own, so refused is silence",
                (MOBILE, Some(Fault::Refused)),
                None,
                "5 no response 6000: 408; silence 6000",
            ),
            (
                "a DNS failure fails at once",
                (PBX, Some(Fault::DnsFailure)),
                mobile,
                "1 DNS failure 0, 5 answered 8000: person; ringing 8000",
            ),
            (
                "a DNS failure does nothing to an address",
                (ADDRESS, Some(Fault::DnsFailure)),
                mobile,
                "4 answered 2000: pbx; ringing 2000",
            ),
            (
                "a TLS failure fails at once",
                (TLS, Some(Fault::TlsFailure)),
                mobile,
                "3 TLS failure 0, 5 answered 8000: person; ringing 8000",
            ),
            (
                "a TLS failure does nothing over TCP",
                (TCP, Some(Fault::TlsFailure)),
                mobile,
                "2 answered 2000: pbx; ringing 2000",
            ),
            (
                "a TLS failure does nothing over UDP",
                (PBX, Some(Fault::TlsFailure)),
                mobile,
                "1 answered 2000: pbx; ringing 2000",
            ),
            ("busy is no outage", (PBX, Some(Fault::Busy)), mobile, "1 486 0: 486; "),
            ("declined is no outage", (PBX, Some(Fault::Declines)), mobile, "1 603 0: 603; "),
            (
                "a slow answer within ring_ms is an answer",
                (PBX, Some(Fault::AnswersAfter(Millis(19_999)))),
                mobile,
                "1 answered 19999: pbx; ringing 19999",
            ),
            (
                "an answer at exactly ring_ms loses to the timer",
                (PBX, Some(Fault::AnswersAfter(Millis(20_000)))),
                mobile,
                "1 no answer 20000: 408; ringing 20000",
            ),
            (
                "an answer at once is an answer",
                (PBX, Some(Fault::AnswersAfter(Millis(0)))),
                mobile,
                "1 answered 0: pbx; ",
            ),
            (
                "a voicemail at a PBX answers as a machine",
                (PBX, Some(Fault::VoicemailAnswers)),
                mobile,
                "1 answered 2000: voicemail; ringing 2000",
            ),
            (
                "a voicemail on a mobile answers sooner than its person",
                (MOBILE, Some(Fault::VoicemailAnswers)),
                None,
                "5 answered 2000: voicemail; ringing 2000",
            ),
            (
                "408 from afar is an outage",
                (PBX, Some(rejects(408))),
                mobile,
                "1 408 0, 5 answered 8000: person; ringing 8000",
            ),
            (
                "500 is an outage",
                (PBX, Some(rejects(500))),
                mobile,
                "1 500 0, 5 answered 8000: person; ringing 8000",
            ),
            ("501 is not", (PBX, Some(rejects(501))), mobile, "1 501 0: 501; "),
            (
                "503 is an outage",
                (PBX, Some(rejects(503))),
                mobile,
                "1 503 0, 5 answered 8000: person; ringing 8000",
            ),
            ("505 is not", (PBX, Some(rejects(505))), mobile, "1 505 0: 505; "),
            (
                "599 is an outage",
                (PBX, Some(rejects(599))),
                mobile,
                "1 599 0, 5 answered 8000: person; ringing 8000",
            ),
            ("404 is not an outage", (PBX, Some(rejects(404))), mobile, "1 404 0: 404; "),
            ("a challenge changes nothing", (PBX, Some(rejects(407))), mobile, "1 407 0: 407; "),
        ],
    );
}

#[test]
fn when_all_failed_the_last_step_decides_what_goes_back() {
    check(
        "any_failure",
        &[
            ("a lone 503 goes back as 500", (PBX, Some(rejects(503))), None, "1 503 0: 500; "),
            (
                "a local time-out goes back as 408",
                (PBX, Some(Fault::Silent)),
                None,
                "1 no response 6000: 408; silence 6000",
            ),
            (
                "what could not be sent counts as 503, so it goes back as 500",
                (TCP, Some(Fault::Refused)),
                None,
                "2 connection refused 0: 500; ",
            ),
            ("a redirection goes back as 480", (PBX, Some(rejects(302))), None, "1 302 0: 480; "),
            ("a far 487 goes back", (PBX, Some(rejects(487))), None, "1 487 0: 487; "),
            (
                "the failover's busy hides the primary's 503",
                (PBX, Some(rejects(503))),
                Some((MOBILE, Some(Fault::Busy))),
                "1 503 0, 5 486 0: 486; ",
            ),
            (
                "the failover's 404 hides the primary's decline",
                (PBX, Some(Fault::Declines)),
                Some((MOBILE, Some(rejects(404)))),
                "1 603 0, 5 404 0: 404; ",
            ),
            (
                "the failover's silence hides the primary's busy",
                (PBX, Some(Fault::Busy)),
                Some((MOBILE, Some(Fault::Silent))),
                "1 486 0, 5 no response 6000: 408; silence 6000",
            ),
            (
                "the failover's 503 goes back as 500",
                (PBX, Some(Fault::Busy)),
                Some((MOBILE, Some(rejects(503)))),
                "1 486 0, 5 503 0: 500; ",
            ),
            (
                "both clocks of both steps can run",
                (PBX, Some(Fault::TryingOnly)),
                Some((MOBILE, Some(Fault::RingsForEver))),
                "1 no response 20000, 5 no answer 40000: 408; silence 20000, ringing 20000",
            ),
            (
                "a failover to the same route tries it twice",
                (PBX, Some(Fault::Silent)),
                Some((PBX, None)),
                "1 no response 6000, 1 no response 12000: 408; silence 12000",
            ),
        ],
    );
}

#[test]
fn each_preset_enters_the_failover_on_its_own_causes() {
    let rows: [(&str, &[Fault], &[Fault]); 9] = [
        (
            "outage",
            &[Fault::Silent, Fault::TryingOnly, Fault::DnsFailure, rejects(503)],
            &[Fault::RingsForEver, Fault::Busy, Fault::Declines, rejects(480), rejects(302)],
        ),
        (
            "outage_or_no_answer",
            &[Fault::Silent, Fault::DnsFailure, Fault::RingsForEver, rejects(504)],
            &[Fault::Busy, Fault::Declines, rejects(487)],
        ),
        (
            "voipbin",
            &[Fault::Silent, Fault::DnsFailure, Fault::Declines, rejects(404), rejects(501), rejects(600)],
            &[Fault::RingsForEver, Fault::Busy, rejects(408), rejects(480)],
        ),
        (
            "telnyx",
            &[Fault::Silent, Fault::DnsFailure, rejects(408), rejects(480), rejects(503), rejects(504)],
            &[Fault::RingsForEver, Fault::Busy, Fault::Declines, rejects(404), rejects(500)],
        ),
        (
            "didww",
            &[
                Fault::Silent,
                Fault::RingsForEver,
                Fault::Busy,
                Fault::Declines,
                Fault::DnsFailure,
                rejects(404),
            ],
            &[rejects(401), rejects(503), rejects(302)],
        ),
        (
            "any_failure",
            &[Fault::Silent, Fault::RingsForEver, Fault::Busy, Fault::Declines, rejects(302), rejects(487)],
            &[],
        ),
        (
            "busy",
            &[Fault::Busy, rejects(600)],
            &[Fault::Silent, Fault::RingsForEver, Fault::Declines, rejects(503)],
        ),
        (
            "no_answer",
            &[Fault::RingsForEver],
            &[Fault::Silent, Fault::TryingOnly, Fault::Busy, rejects(408), rejects(480)],
        ),
        (
            "unreachable",
            &[Fault::Silent, Fault::TryingOnly, Fault::DnsFailure],
            &[Fault::RingsForEver, Fault::Busy, rejects(408), rejects(503)],
        ),
    ];
    for (preset, entered, stays) in rows {
        for (faults, attempts) in [(entered, 2), (stays, 1)] {
            for fault in faults {
                let mut snapshot = account(PBX, Some(MOBILE));
                snapshot.defaults.trigger = Trigger::preset(preset).unwrap();
                let scenario = Scenario::new(number()).with_fault(FaultTarget::Route(PBX), *fault);
                assert_eq!(run(&snapshot, &scenario).attempts.len(), attempts, "{preset} on {fault}");
            }
        }
    }
}

#[test]
fn the_accounts_clocks_hold_for_both_steps() {
    let told_with = |no_response_ms, ring_ms, fault, profile| {
        let mut snapshot = account(PBX, Some(MOBILE));
        snapshot.defaults.no_response_ms = ms(no_response_ms);
        snapshot.defaults.ring_ms = ms(ring_ms);
        snapshot.defaults.trigger = Trigger::preset("any_failure").unwrap();
        let mut scenario = Scenario::new(number())
            .with_fault(FaultTarget::Route(PBX), fault)
            .with_fault(FaultTarget::Route(MOBILE), fault);
        scenario.profile = profile;
        told(&run(&snapshot, &scenario))
    };
    for (sentence, no_response, ring, fault, profile, expected) in [
        (
            "silence runs both short clocks",
            500,
            20_000,
            Fault::Silent,
            Profile::Ideal,
            "1 no response 500, 5 no response 1000: 408; silence 1000",
        ),
        (
            "ringing runs the other clock",
            500,
            7_000,
            Fault::RingsForEver,
            Profile::Ideal,
            "1 no answer 7000, 5 no answer 14000: 408; ringing 14000",
        ),
        (
            "Kamailio's ticks bend a clock that lies between them",
            1_000,
            1_010,
            Fault::RingsForEver,
            Profile::Kamailio,
            "1 no answer 1063, 5 no answer 2125: 408; ringing 2125",
        ),
        (
            "Kamailio's ticks leave whole seconds alone",
            2_000,
            5_000,
            Fault::Silent,
            Profile::Kamailio,
            "1 no response 2000, 5 no response 4000: 408; silence 4000",
        ),
        (
            "a clock of no time runs out at once",
            0,
            5_000,
            Fault::Silent,
            Profile::Ideal,
            "1 no response 0, 5 no response 0: 408; ",
        ),
        (
            "a clock of no time does not wait for ringing",
            0,
            5_000,
            Fault::RingsForEver,
            Profile::Ideal,
            "1 no response 0, 5 no response 0: 408; ",
        ),
        (
            "a failure comes before a clock in the same millisecond",
            0,
            0,
            Fault::Busy,
            Profile::Ideal,
            "1 486 0, 5 486 0: 486; ",
        ),
        (
            "the edge ends a set-up at 120 s with 408",
            90_000,
            20_000,
            Fault::Silent,
            Profile::Ideal,
            "1 no response 90000, 5 cancelled 120000: 408; silence 120000",
        ),
        (
            "clocks beyond all time end there too",
            u32::MAX,
            u32::MAX,
            Fault::RingsForEver,
            Profile::Kamailio,
            "1 cancelled 120000: 408; ringing 120000",
        ),
    ] {
        assert_eq!(told_with(no_response, ring, fault, profile), expected, "{sentence}");
    }
}

#[test]
fn a_caller_who_hangs_up_ends_the_call() {
    for (sentence, fault, after, expected) in [
        ("in silence", Fault::Silent, 3_000, "1 cancelled 3000: hung up; silence 3000"),
        ("while it rings", Fault::RingsForEver, 3_000, "1 cancelled 3000: hung up; ringing 3000"),
        (
            "in the failover",
            Fault::Silent,
            9_000,
            "1 no response 6000, 5 cancelled 9000: hung up; silence 6000, ringing 3000",
        ),
        ("at once", Fault::Silent, 0, "1 cancelled 0: hung up; "),
        (
            "with the clock: the failover is not dialled any more",
            Fault::Silent,
            6_000,
            "1 cancelled 6000: hung up; silence 6000",
        ),
        (
            "with the answer: the answer wins",
            Fault::AnswersAfter(Millis(4_000)),
            4_000,
            "1 answered 4000: pbx; ringing 4000",
        ),
        (
            "after the answer: not a matter of set-up",
            Fault::AnswersAfter(Millis(4_000)),
            4_001,
            "1 answered 4000: pbx; ringing 4000",
        ),
        (
            "just before the answer",
            Fault::AnswersAfter(Millis(4_000)),
            3_999,
            "1 cancelled 3999: hung up; ringing 3999",
        ),
    ] {
        let mut scenario = Scenario::new(number()).with_fault(FaultTarget::Route(PBX), fault);
        scenario.caller.hangs_up_after = Some(ms(after));
        assert_eq!(told(&run(&account(PBX, Some(MOBILE)), &scenario)), expected, "{sentence}");
    }
}
