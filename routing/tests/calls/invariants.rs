//! What holds for every call, whatever is configured and whatever breaks.

use proptest::prelude::*;
use routing::{
    Ending, Fault, FaultTarget, Input, LegId, Millis, NetworkKind, OpenHours, Outcome, Output, Preset,
    Profile, RejectCode, RouteId, Scenario, SipCode, Snapshot, Sound, Standing, Trigger, Unreachable,
};

use crate::common::{ROUTES, account, number, run};
use crate::machine::{plan, step};

fn route() -> impl Strategy<Value = RouteId> {
    (0..ROUTES.len()).prop_map(|index| ROUTES[index])
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::Silent),
        Just(Fault::TryingOnly),
        Just(Fault::Refused),
        Just(Fault::DnsFailure),
        Just(Fault::TlsFailure),
        Just(Fault::RingsForEver),
        Just(Fault::Busy),
        Just(Fault::Declines),
        Just(Fault::VoicemailAnswers),
        (300_u16..700).prop_map(|code| Fault::Rejects(RejectCode::new(code).unwrap())),
        (0_u32..30_000).prop_map(|after| Fault::AnswersAfter(Millis(after))),
        any::<u32>().prop_map(|after| Fault::AnswersAfter(Millis(after))),
    ]
}

fn target() -> impl Strategy<Value = FaultTarget> {
    prop_oneof![
        4 => route().prop_map(FaultTarget::Route),
        1 => Just(FaultTarget::Host("pbx.example.com".to_owned())),
        1 => Just(FaultTarget::Site("hq".to_owned())),
        1 => Just(FaultTarget::Network(NetworkKind::SipHosts)),
        1 => Just(FaultTarget::Network(NetworkKind::PhoneNetwork)),
    ]
}

fn clock() -> impl Strategy<Value = Millis> {
    prop_oneof![3 => 0_u32..40_000, 1 => Just(0), 1 => any::<u32>()].prop_map(Millis)
}

prop_compose! {
    fn account_of_any_kind()(
        primary in route(),
        failover in prop::option::of(route()),
        no_response_ms in clock(),
        ring_ms in clock(),
        preset in 0..Preset::ALL.len(),
    ) -> Snapshot {
        let mut snapshot = account(primary, failover);
        snapshot.defaults.no_response_ms = no_response_ms;
        snapshot.defaults.ring_ms = ring_ms;
        snapshot.defaults.trigger = Preset::ALL[preset].trigger();
        snapshot
    }
}

prop_compose! {
    fn scenario_of_any_kind()(
        faults in prop::collection::vec((target(), fault()), 0..5),
        hangs_up_after in prop::option::of(clock()),
        kamailio in any::<bool>(),
        marked_down in prop::collection::vec(route(), 0..4),
    ) -> Scenario {
        let mut scenario = Scenario::new(number());
        for (on, fault) in faults {
            scenario = scenario.with_fault(on, fault);
        }
        scenario.caller.hangs_up_after = hangs_up_after;
        scenario.profile = if kamailio { Profile::Kamailio } else { Profile::Ideal };
        scenario.marked_down = marked_down;
        scenario
    }
}

/// An input of any kind on one of a few legs.
fn input() -> impl Strategy<Value = Input> {
    let leg = || (0_u8..8).prop_map(LegId);
    let code = || (100_u16..700).prop_map(|code| SipCode::new(code).unwrap());
    prop_oneof![
        3 => (leg(), code()).prop_map(|(leg, code)| Input::Provisional(leg, code)),
        3 => leg().prop_map(|leg| Input::Provisional(leg, SipCode::RINGING)),
        4 => (leg(), code()).prop_map(|(leg, code)| Input::Final(leg, code)),
        1 => leg().prop_map(|leg| Input::Unreachable(leg, Unreachable::Dns)),
        1 => Just(Input::CallerCancelled),
        6 => Just(Input::Tick),
    ]
}

proptest! {
    #[test]
    fn every_call_ends_in_order_with_one_winner_and_every_moment_heard(
        snapshot in account_of_any_kind(),
        scenario in scenario_of_any_kind(),
    ) {
        let trace = run(&snapshot, &scenario);
        let end = trace.outcome.at_ms();
        prop_assert!(end <= Millis(120_000), "the edge's longest set-up");
        prop_assert!(trace.events.is_sorted_by_key(|event| event.at_ms), "time never goes back");
        prop_assert!(trace.events.iter().all(|event| event.at_ms <= end));
        prop_assert!(trace.events.len() <= 40, "a call of two steps has few events");
        let winners: Vec<RouteId> = trace
            .attempts
            .iter()
            .filter(|attempt| attempt.ending == Ending::Answered)
            .map(|attempt| attempt.route)
            .collect();
        match trace.outcome {
            Outcome::Answered { route, .. } => prop_assert_eq!(winners, [route]),
            Outcome::Rejected { code, .. } => {
                prop_assert!(winners.is_empty());
                prop_assert!(code.is_failure() && code.class() != 3 && code.get() != 503);
            }
            Outcome::CallerHungUp { .. } => prop_assert!(winners.is_empty()),
        }
        for attempt in &trace.attempts {
            prop_assert!(attempt.started_ms <= attempt.ended_ms && attempt.ended_ms <= end);
            let moments = [attempt.first_provisional_ms, attempt.ringing_from_ms];
            prop_assert!(moments.iter().flatten().all(|at| (attempt.started_ms..=attempt.ended_ms).contains(at)));
        }
        let mut heard_until = Millis::ZERO;
        for heard in &trace.heard {
            prop_assert_eq!(heard.from_ms, heard_until, "no gap");
            prop_assert!(heard.from_ms < heard.to_ms);
            heard_until = heard.to_ms;
        }
        prop_assert_eq!(heard_until, end);
        prop_assert_eq!(trace.silence_ms.plus(trace.ringing_ms), end);
        let ringing = trace.heard.iter().find(|heard| heard.sound == Sound::Ringing);
        prop_assert_eq!(ringing.map_or(Millis::ZERO, |heard| heard.to_ms.minus(heard.from_ms)), trace.ringing_ms);
    }

    #[test]
    fn the_same_call_gives_the_same_bytes(
        snapshot in account_of_any_kind(),
        scenario in scenario_of_any_kind(),
    ) {
        let bytes = |snapshot: &Snapshot| serde_json::to_vec(&run(snapshot, &scenario)).unwrap();
        let mut shuffled = snapshot.clone();
        shuffled.routes.reverse();
        prop_assert_eq!(bytes(&snapshot), bytes(&snapshot));
        prop_assert_eq!(bytes(&snapshot), bytes(&shuffled), "the order of routes in a snapshot means nothing");
    }

    #[test]
    fn the_machine_survives_any_script_and_dials_answers_and_rejects_at_most_once(
        steps in prop::collection::vec((0..Preset::ALL.len(), 1_usize..4, 0_u32..3_000, any::<bool>()), 1..5),
        standings in prop::collection::vec(0_u8..3, 16),
        script in prop::collection::vec((0_u32..9_000, input()), 0..60),
    ) {
        let mut standings = standings.into_iter();
        let steps = steps.into_iter().map(|(preset, legs, stagger, open)| {
            let routes: Vec<i64> = (1..=i64::try_from(legs).unwrap()).collect();
            let mut step = step("never", &routes, stagger);
            step.enter_on = Preset::ALL[preset].trigger();
            step.hours = if open { OpenHours::ALWAYS } else { OpenHours::NEVER };
            for leg in &mut step.legs {
                leg.standing = match standings.next() {
                    Some(1) => Standing::Down,
                    Some(2) => Standing::SwitchedOff,
                    _ => Standing::Up,
                };
            }
            step
        });
        let mut machine = routing::CallMachine::new(plan(steps.collect()), Profile::Ideal);
        let (mut dialled, mut answers, mut endings, mut now) = (Vec::new(), 0, 0, 0_u32);
        let mut drain = |machine: &mut routing::CallMachine| -> Option<Millis> {
            let mut wait = None;
            while let Some(output) = machine.poll() {
                match output {
                    Output::Dial { leg, .. } => {
                        assert!(!dialled.contains(&leg), "a leg is dialled once");
                        dialled.push(leg);
                        assert_eq!(endings, 0, "nothing is dialled after the end");
                    }
                    Output::Cancel(leg) | Output::HangUp(leg) => assert!(dialled.contains(&leg)),
                    Output::Answer(leg) => {
                        assert!(dialled.contains(&leg));
                        answers += 1;
                        endings += 1;
                    }
                    Output::Reject(_) => endings += 1,
                    Output::Note { what: routing::What::CallerHungUp, .. } => endings += 1,
                    Output::WaitUntil(at) => wait = Some(at),
                    Output::Note { .. } => {}
                }
                assert!(endings <= 1, "a call ends once");
            }
            wait
        };
        let mut wait = drain(&mut machine);
        for (after, input) in script {
            now += after;
            machine.handle(input, Millis(now));
            wait = drain(&mut machine);
        }
        // From here on nobody says anything more: the clocks alone must end the call.
        let mut ticks = 0;
        while let Some(at) = wait {
            machine.handle(Input::Tick, at);
            wait = drain(&mut machine);
            ticks += 1;
            prop_assert!(ticks < 200, "every call ends");
        }
        prop_assert!(machine.is_over());
    }
}

#[test]
fn an_empty_plan_ends_at_once() {
    let mut machine = routing::CallMachine::new(plan(vec![]), Profile::Ideal);
    let outputs: Vec<Output> = std::iter::from_fn(|| machine.poll()).collect();
    assert_eq!(outputs, [Output::Reject(SipCode::TEMPORARILY_UNAVAILABLE)]);
    assert_eq!(Trigger::NEVER.name(), "custom");
}
