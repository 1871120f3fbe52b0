//! The machine by itself: parallel legs, races, late answers.
//!
//! A row is a script of inputs with their times, and the outputs that come of them in short:
//! `dial 1`, `cancel 1`, `answer 1`, `hang up 1`, `reject 486`; legs are named by their route, which is leg + 1.

use routing::{
    CallMachine, CallPlan, Input, LegId, Millis, OpenHours, Output, PlanLeg, PlanStep, Profile, RouteId,
    SipCode, Standing, Trigger, Unreachable,
};

use crate::common::ms;

/// One step of the routes; their clocks are 6 s and 20 s.
pub(crate) fn step(trigger: &str, routes: &[i64], stagger_ms: u32) -> PlanStep {
    PlanStep {
        legs: routes.iter().map(|&id| PlanLeg { route: RouteId(id), standing: Standing::Up }).collect(),
        enter_on: Trigger::parse(trigger).unwrap(),
        hours: OpenHours::ALWAYS,
        no_response_ms: ms(6_000),
        ring_ms: ms(20_000),
        stagger_ms: ms(stagger_ms),
    }
}

pub(crate) fn plan(steps: Vec<PlanStep>) -> CallPlan {
    CallPlan {
        steps,
        plan: None,
        swapped: false,
        default_trigger: Trigger::default(),
        set_up_max_ms: ms(120_000),
    }
}

/// A sentence, a script of inputs with their times, and the outputs.
type Row<'a> = (&'a str, &'a [(u32, Input)], &'a str);

fn code(code: u16) -> SipCode {
    SipCode::new(code).unwrap()
}

fn rings(at: u32, leg: u8) -> (u32, Input) {
    (at, Input::Provisional(LegId(leg), SipCode::RINGING))
}

fn ends(at: u32, leg: u8, status: u16) -> (u32, Input) {
    (at, Input::Final(LegId(leg), code(status)))
}

fn tick(at: u32) -> (u32, Input) {
    (at, Input::Tick)
}

fn drain(machine: &mut CallMachine, told: &mut Vec<String>) {
    while let Some(output) = machine.poll() {
        told.push(match output {
            Output::Dial { route, .. } => format!("dial {route}"),
            Output::Cancel(leg) => format!("cancel {}", leg.0 + 1),
            Output::Answer(leg) => format!("answer {}", leg.0 + 1),
            Output::HangUp(leg) => format!("hang up {}", leg.0 + 1),
            Output::Reject(code) => format!("reject {}", code.get()),
            Output::WaitUntil(_) | Output::Note { .. } => continue,
        });
    }
}

fn play(plan: CallPlan, script: &[(u32, Input)]) -> String {
    let mut machine = CallMachine::new(plan, Profile::Ideal);
    let mut told = Vec::new();
    drain(&mut machine, &mut told);
    for (at, input) in script {
        machine.handle(*input, Millis(*at));
        drain(&mut machine, &mut told);
    }
    told.join(", ")
}

#[test]
fn legs_of_a_step_ring_side_by_side_and_the_first_answer_wins() {
    let both = || plan(vec![step("outage", &[1, 2], 0), step("any_failure", &[3], 0)]);
    let rows: [Row; 18] = [
        (
            "the first answer wins",
            &[rings(0, 0), rings(0, 1), ends(3_000, 1, 200)],
            "dial 1, dial 2, answer 2, cancel 1",
        ),
        ("any 2xx is an answer", &[ends(10, 0, 299)], "dial 1, dial 2, answer 1, cancel 2"),
        (
            "one failure leaves the other ringing",
            &[rings(0, 1), ends(10, 0, 503), ends(20, 1, 200)],
            "dial 1, dial 2, answer 2",
        ),
        ("the step fails with its last leg", &[ends(10, 0, 486), ends(20, 1, 503)], "dial 1, dial 2, dial 3"),
        (
            "a 6xx cancels its siblings and ends the step",
            &[rings(0, 1), ends(10, 0, 603)],
            "dial 1, dial 2, cancel 2, dial 3",
        ),
        (
            "an answer given before a 6xx of the same millisecond wins",
            &[ends(10, 1, 200), ends(10, 0, 603)],
            "dial 1, dial 2, answer 2, cancel 1",
        ),
        (
            "a late answer of a cancelled leg is ended",
            &[ends(10, 0, 603), ends(11, 1, 200)],
            "dial 1, dial 2, cancel 2, dial 3, hang up 2",
        ),
        (
            "and does not stop the step that follows",
            &[ends(10, 0, 603), ends(11, 1, 200), ends(20, 2, 200)],
            "dial 1, dial 2, cancel 2, dial 3, hang up 2, answer 3",
        ),
        (
            "two answers: the second is ended",
            &[ends(10, 0, 200), ends(10, 1, 200)],
            "dial 1, dial 2, answer 1, cancel 2, hang up 2",
        ),
        (
            "a retransmitted answer of the winner is nothing new",
            &[ends(10, 0, 200), ends(500, 0, 200)],
            "dial 1, dial 2, answer 1, cancel 2",
        ),
        (
            "the 487 of a cancelled leg is nothing new",
            &[ends(10, 0, 200), ends(20, 1, 487)],
            "dial 1, dial 2, answer 1, cancel 2",
        ),
        (
            "clocks run for each leg",
            &[rings(0, 0), tick(6_000), tick(20_000)],
            "dial 1, dial 2, cancel 2, cancel 1, dial 3",
        ),
        (
            "a late provisional does not bring a leg back",
            &[tick(6_000), rings(6_001, 1), tick(6_001)],
            "dial 1, dial 2, cancel 1, cancel 2, dial 3",
        ),
        (
            "the caller's cancel cancels all",
            &[(5, Input::CallerCancelled)],
            "dial 1, dial 2, cancel 1, cancel 2",
        ),
        (
            "a caller who is gone hears of nothing",
            &[(5, Input::CallerCancelled), ends(6, 0, 486), tick(9_000), (9_000, Input::CallerCancelled)],
            "dial 1, dial 2, cancel 1, cancel 2",
        ),
        (
            "an answer that crosses the caller's cancel is ended",
            &[(5, Input::CallerCancelled), ends(6, 0, 200)],
            "dial 1, dial 2, cancel 1, cancel 2, hang up 1",
        ),
        (
            "a leg that cannot be dialled fails at once",
            &[(0, Input::Unreachable(LegId(0), Unreachable::Dns)), ends(10, 1, 486)],
            "dial 1, dial 2, dial 3",
        ),
        ("an unknown leg is left unread", &[ends(0, 9, 200), rings(0, 9)], "dial 1, dial 2"),
    ];
    for (sentence, script, expected) in rows {
        // A tick fires one clock; the second of the same moment comes with the next input.
        let script: Vec<_> =
            script.iter().flat_map(|one| vec![*one; 1 + usize::from(one.1 == Input::Tick)]).collect();
        assert_eq!(play(both(), &script), expected, "{sentence}");
    }
}

#[test]
fn staggered_legs_start_by_the_clock() {
    let staggered = || plan(vec![step("outage", &[1, 2, 3], 1_000)]);
    let rows: [Row; 7] = [
        ("one after the other", &[tick(1_000), tick(2_000)], "dial 1, dial 2, dial 3"),
        ("an early failure does not bring the next forward", &[ends(10, 0, 486), tick(999)], "dial 1"),
        (
            "but the step goes on",
            &[ends(10, 0, 486), tick(1_000), ends(1_010, 1, 200)],
            "dial 1, dial 2, answer 2",
        ),
        (
            "after an answer the others are never dialled",
            &[ends(500, 0, 200), tick(1_000), tick(2_000)],
            "dial 1, answer 1",
        ),
        ("a leg never dialled cannot answer", &[ends(500, 0, 200), ends(600, 1, 200)], "dial 1, answer 1"),
        ("nor after a 6xx", &[ends(500, 0, 600), tick(1_000)], "dial 1, reject 600"),
        ("nor when the caller is gone", &[(500, Input::CallerCancelled), tick(1_000)], "dial 1, cancel 1"),
    ];
    for (sentence, script, expected) in rows {
        assert_eq!(play(staggered(), script), expected, "{sentence}");
    }
}

#[test]
fn a_legs_own_ring_clock_beats_its_answer_but_not_its_failure() {
    let one = || plan(vec![step("outage", &[1], 0), step("no_answer", &[2], 0), step("busy", &[3], 0)]);
    let rows: [Row; 7] = [
        ("just in time", &[rings(0, 0), ends(19_999, 0, 200)], "dial 1, answer 1"),
        (
            "too late: ended, then the clock fires without a CANCEL",
            &[rings(0, 0), ends(20_000, 0, 200), tick(20_000)],
            "dial 1, hang up 1, dial 2",
        ),
        (
            "a late answer cannot fail",
            &[rings(0, 0), ends(20_000, 0, 200), ends(20_000, 0, 486), tick(20_000)],
            "dial 1, hang up 1, dial 2",
        ),
        ("busy at exactly ring_ms is busy", &[rings(0, 0), ends(20_000, 0, 486)], "dial 1, dial 3"),
        (
            "a driver that sleeps too long does not revive the leg",
            &[rings(0, 0), ends(20_500, 0, 200)],
            "dial 1, cancel 1, dial 2, hang up 1",
        ),
        (
            "100 does not make it ring",
            &[(0, Input::Provisional(LegId(0), SipCode::TRYING)), tick(20_000)],
            "dial 1, cancel 1, reject 408",
        ),
        (
            "an answer without a provisional wins at no_response_ms",
            &[ends(6_000, 0, 200)],
            "dial 1, answer 1",
        ),
    ];
    for (sentence, script, expected) in rows {
        assert_eq!(play(one(), script), expected, "{sentence}");
    }
}

#[test]
fn time_never_runs_backwards() {
    let mut machine = CallMachine::new(plan(vec![step("outage", &[1], 0)]), Profile::Ideal);
    machine.handle(Input::Provisional(LegId(0), SipCode::RINGING), ms(5_000));
    machine.handle(Input::Tick, ms(1));
    let waits: Vec<Millis> = std::iter::from_fn(|| machine.poll())
        .filter_map(|output| match output {
            Output::WaitUntil(at) => Some(at),
            _ => None,
        })
        .collect();
    assert_eq!(waits, [ms(6_000), ms(25_000), ms(25_000)]);
    assert!(!machine.is_over());
}

#[test]
fn codes_of_the_wrong_kind_are_left_unread() {
    let script = [
        (0, Input::Provisional(LegId(0), SipCode::OK)),
        (0, Input::Final(LegId(0), SipCode::RINGING)),
        tick(6_000),
    ];
    assert_eq!(play(plan(vec![step("outage", &[1], 0)]), &script), "dial 1, cancel 1, reject 408");
}
