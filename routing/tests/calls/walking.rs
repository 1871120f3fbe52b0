//! Which step comes next: triggers, hours, health and last resorts, in plans of several steps.

use routing::{
    CallMachine, CallPlan, Input, LegId, OpenHours, Output, PassedOver, PlanStep, Profile, RouteId, SipCode,
    Standing, What,
};

use crate::common::ms;
use crate::machine::{plan, step};

/// Rejects every leg with the code of its route (`codes[route - 1]`) and tells the walk: `1 486` for an attempt,
/// `(2 trigger)` for a step passed over, `last 1` for a last resort.
fn walk(plan: CallPlan, codes: &[u16]) -> String {
    let mut machine = CallMachine::new(plan, Profile::Ideal);
    let mut told = Vec::new();
    let mut failing: Vec<(LegId, SipCode)> = Vec::new();
    loop {
        while let Some(output) = machine.poll() {
            match output {
                Output::Dial { leg, route, .. } => {
                    let code = codes[usize::try_from(route.0).unwrap() - 1];
                    told.push(format!("{route} {code}"));
                    failing.push((leg, SipCode::new(code).unwrap()));
                }
                Output::Reject(code) => told.push(format!("= {}", code.get())),
                Output::Note { step: Some(step), route, what } => {
                    let step = step + 1;
                    match (what, route) {
                        (What::StepPassedOver(PassedOver::Trigger(_)), _) => {
                            told.push(format!("({step} trigger)"))
                        }
                        (What::StepPassedOver(PassedOver::Hours), _) => told.push(format!("({step} hours)")),
                        (What::StepPassedOver(PassedOver::Health), _) => {
                            told.push(format!("({step} health)"))
                        }
                        (What::StepPassedOver(PassedOver::Attempts), _) => {
                            told.push(format!("({step} attempts)"))
                        }
                        (What::RoutePassedOver, Some(route)) => told.push(format!("(route {route})")),
                        (What::LastResort, _) => told.push(format!("last {step}")),
                        (What::StepCut(cut), _) => told.push(format!("(cut {cut})")),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        if failing.is_empty() {
            return told.join(" ");
        }
        let (leg, code) = failing.remove(0);
        machine.handle(Input::Final(leg, code), ms(0));
    }
}

fn with(mut step: PlanStep, standings: &[Standing]) -> PlanStep {
    for (leg, standing) in step.legs.iter_mut().zip(standings) {
        leg.standing = *standing;
    }
    step
}

fn down(trigger: &str, route: i64) -> PlanStep {
    with(step(trigger, &[route], 0), &[Standing::Down])
}

fn off(trigger: &str, route: i64) -> PlanStep {
    with(step(trigger, &[route], 0), &[Standing::SwitchedOff])
}

fn up(trigger: &str, route: i64) -> PlanStep {
    step(trigger, &[route], 0)
}

fn closed(trigger: &str, route: i64) -> PlanStep {
    PlanStep { hours: OpenHours::NEVER, ..up(trigger, route) }
}

#[test]
fn steps_are_walked_by_trigger_hours_and_health() {
    let any = "any_failure";
    for (sentence, steps, codes, expected) in [
        ("in order", vec![up(any, 1), up(any, 2), up(any, 3)], [503, 486, 404], "1 503 2 486 3 404 = 404"),
        (
            "the first trigger that matches",
            vec![up(any, 1), up("busy", 2), up(any, 3)],
            [503, 486, 404],
            "1 503 (2 trigger) 3 404 = 404",
        ),
        (
            "never back",
            vec![up(any, 1), up("busy", 2), up("outage", 3)],
            [503, 480, 486],
            "1 503 (2 trigger) 3 486 = 486",
        ),
        (
            "no step matches",
            vec![up(any, 1), up("busy", 2), up("no_answer", 3)],
            [503, 480, 486],
            "1 503 (2 trigger) (3 trigger) = 500",
        ),
        (
            "closed",
            vec![up(any, 1), closed(any, 2), up(any, 3)],
            [503, 480, 486],
            "1 503 (2 hours) 3 486 = 486",
        ),
        (
            "the trigger is judged before the hours",
            vec![up(any, 1), closed("busy", 2), up(any, 3)],
            [503, 480, 486],
            "1 503 (2 trigger) 3 486 = 486",
        ),
        (
            "the hours are judged before health",
            vec![up(any, 1), PlanStep { hours: OpenHours::NEVER, ..down(any, 2) }, up(any, 3)],
            [503, 480, 486],
            "1 503 (2 hours) 3 486 = 486",
        ),
        (
            "a first step is entered without a trigger",
            vec![up("never", 1), up("never", 2)],
            [503, 480, 0],
            "1 503 (2 trigger) = 500",
        ),
        ("all closed", vec![closed(any, 1), closed(any, 2)], [0; 3], "(1 hours) (2 hours) = 480"),
    ] {
        assert_eq!(walk(plan(steps), &codes), expected, "{sentence}");
    }
}

#[test]
fn routes_that_are_down_are_passed_over_and_tried_last() {
    let any = "any_failure";
    for (sentence, steps, codes, expected) in [
        (
            "a primary that is down is passed over",
            vec![down("outage", 1), up("outage", 2)],
            [503, 486, 0],
            "(1 health) 2 486 = 486",
        ),
        (
            "and tried last if the default trigger matches",
            vec![down("outage", 1), up("outage", 2)],
            [486, 503, 0],
            "(1 health) 2 503 last 1 1 486 = 486",
        ),
        (
            "busy at the failover never rings the dead primary",
            vec![down(any, 1), up(any, 2)],
            [503, 486, 0],
            "(1 health) 2 486 = 486",
        ),
        (
            "a failover that is down is tried last",
            vec![up("outage", 1), down("outage", 2)],
            [503, 486, 0],
            "1 503 (2 health) last 2 2 486 = 486",
        ),
        (
            "but not after a busy primary",
            vec![up(any, 1), down(any, 2)],
            [486, 480, 0],
            "1 486 (2 health) = 486",
        ),
        (
            "after a step that was down, the next may match the earlier failure",
            vec![up(any, 1), down("busy", 2), up("busy", 3)],
            [486, 480, 404],
            "1 486 (2 health) 3 404 = 404",
        ),
        (
            "or `marked_down`",
            vec![up(any, 1), down("busy", 2), up("outage", 3)],
            [486, 480, 404],
            "1 486 (2 health) 3 404 = 404",
        ),
        (
            "a step refused by its trigger was not down",
            vec![up(any, 1), down("busy", 2), up("404", 3)],
            [503, 480, 404],
            "1 503 (2 trigger) (3 trigger) = 500",
        ),
        (
            "all down: the plan is walked once more",
            vec![down("outage", 1), down("outage", 2)],
            [503, 486, 0],
            "(1 health) (2 health) last 1 1 503 last 2 2 486 = 486",
        ),
        (
            "with its triggers",
            vec![down("outage", 1), down("outage", 2)],
            [486, 503, 0],
            "(1 health) (2 health) last 1 1 486 (2 trigger) = 486",
        ),
        (
            "judged on what now happens",
            vec![down("busy", 1), down("busy", 2)],
            [486, 603, 0],
            "(1 health) (2 trigger) last 1 1 486 last 2 2 603 = 603",
        ),
        (
            "nothing fits but the dead primary: it is tried after all",
            vec![down("busy", 1), up("busy", 2)],
            [404, 603, 0],
            "(1 health) (2 trigger) last 1 1 404 = 404",
        ),
        (
            "last resorts go in plan order",
            vec![down("outage", 1), down("outage", 2), up("outage", 3)],
            [503, 408, 500],
            "(1 health) (2 health) 3 500 last 1 1 503 last 2 2 408 = 408",
        ),
        (
            "what was refused by its trigger is no last resort",
            vec![up(any, 1), down("busy", 2)],
            [503, 480, 0],
            "1 503 (2 trigger) = 500",
        ),
        (
            "a route switched off comes after one that is down",
            vec![off("outage", 1), down("outage", 2), up("outage", 3)],
            [404, 503, 500],
            "(1 health) (2 health) 3 500 last 2 2 503 last 1 1 404 = 404",
        ),
        (
            "none up: what is down goes before what is switched off",
            vec![off("outage", 1), down("outage", 2), off("outage", 3)],
            [503, 408, 486],
            "(1 health) (2 health) (3 health) (1 health) last 2 2 408 (3 health) last 1 1 503 last 3 3 486 = 486",
        ),
        (
            "all switched off: the plan is walked all the same",
            vec![off("outage", 1), off("outage", 2)],
            [503, 486, 0],
            "(1 health) (2 health) last 1 1 503 last 2 2 486 = 486",
        ),
    ] {
        assert_eq!(walk(plan(steps), &codes), expected, "{sentence}");
    }
}

#[test]
fn in_a_parallel_step_only_the_legs_that_are_down_are_left_out() {
    let half = || with(step("outage", &[1, 2], 0), &[Standing::Down, Standing::Up]);
    for (sentence, codes, expected) in [
        ("the other leg is dialled", [503, 486], "(route 1) 2 486 = 486"),
        ("the leg that was down comes last", [404, 503], "(route 1) 2 503 last 1 1 404 = 404"),
    ] {
        assert_eq!(walk(plan(vec![half()]), &codes), expected, "{sentence}");
    }
}

#[test]
fn a_parallel_steps_trigger_sees_the_winning_branch_only() {
    for (codes, expected) in [
        ([486, 503, 404], "1 486 2 503 3 404 = 404"),
        ([480, 503, 404], "1 480 2 503 (2 trigger) = 480"),
        ([486, 603, 404], "1 486 2 603 (2 trigger) = 603"),
    ] {
        assert_eq!(walk(plan(vec![step("outage", &[1, 2], 0), step("busy", &[3], 0)]), &codes), expected);
    }
}

#[test]
fn a_step_that_would_pass_thirty_attempts_is_cut() {
    let ten: Vec<i64> = (1..=10).collect();
    let mut steps = vec![step("outage", &[1], 0)];
    steps.extend((0..4).map(|_| step("outage", &ten, 0)));
    let told = walk(plan(steps), &[503; 10]);
    assert_eq!(told.matches(" 503").count(), 30, "{told}");
    assert!(told.contains("(cut 1) 1 503"), "{told}");
    assert!(told.ends_with("(5 attempts) = 500"), "{told}");
}

#[test]
fn the_worst_case_counts_every_step_and_its_last_leg() {
    let plan = plan(vec![step("never", &[1], 0), step("outage", &[2, 3, 4], 1_500)]);
    assert_eq!(plan.worst_case_ms(), ms(26_000 + 29_000));
    assert_eq!(plan.steps[0].legs[0].route, RouteId(1));
}
