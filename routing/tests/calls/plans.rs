//! Failover plans against [`crate::model`]: every small plan, and many random ones.

use proptest::prelude::*;
use routing::{
    Alias, Cause, Clocks, Ending, Failover, FailoverPlan, Fault, FaultTarget, Millis, Outcome, PassedOver,
    PlanId, Preset, RouteId, Scenario, Schedule, ScheduleId, Snapshot, Step, Trace, What, Zone,
};

use crate::common::{MOBILE, PBX, ROUTES, TCP, account, number, rejects, run};
use crate::model::{Health, ModelCall, ModelStep, expected};
use crate::reference::faults;

const PLAN: PlanId = PlanId(1);
/// Hours without an hour.
const CLOSED: ScheduleId = ScheduleId(1);

fn millis((silence, ringing): (u32, u32)) -> Clocks {
    Clocks { no_response_ms: Millis(silence), ring_ms: Millis(ringing) }
}

/// An account with a plan of no steps yet.
fn account_with_a_plan() -> Snapshot {
    let mut snapshot = account(PBX, None);
    snapshot.dids[0].failover = Failover::Plan(PLAN);
    snapshot.zones = vec![Zone::utc()];
    snapshot.schedules = vec![Schedule {
        id: CLOSED,
        name: Alias::parse("closed").unwrap(),
        zone: "UTC".to_owned(),
        weekly: Default::default(),
        exceptions: Vec::new(),
    }];
    snapshot.plans = vec![FailoverPlan { id: PLAN, name: Alias::parse("plan").unwrap(), steps: Vec::new() }];
    snapshot
}

/// Puts the model's steps into the snapshot.
fn configure(snapshot: &mut Snapshot, call: &ModelCall) {
    let (primary, steps) = call.steps.split_first().unwrap();
    snapshot.dids[0].primary = primary.routes[0];
    snapshot.defaults.trigger = call.default_trigger.trigger();
    snapshot.defaults.no_response_ms = Millis(primary.clocks.0);
    snapshot.defaults.ring_ms = Millis(primary.clocks.1);
    let step = |step: &ModelStep| Step {
        hours: (!step.open).then_some(CLOSED),
        stagger_ms: Millis(step.stagger_ms),
        ..Step::of(step.routes.iter().copied(), step.enter_on.trigger(), millis(step.clocks))
    };
    snapshot.plans[0].steps = steps.iter().map(step).collect();
}

/// The model's faults, health and caller as a scenario.
fn scenario(call: &ModelCall) -> Scenario {
    let mut scenario = Scenario::new(number());
    scenario.at = Some(0);
    scenario.caller.hangs_up_after = call.hangs_up_ms.map(Millis);
    for (route, fault, health) in &call.routes {
        if let Some(fault) = fault {
            scenario = scenario.with_fault(FaultTarget::Route(*route), *fault);
        }
        match health {
            Health::Up => {}
            Health::Down => scenario.marked_down.push(*route),
            Health::SwitchedOff => scenario.switched_off.push(*route),
        }
    }
    scenario
}

fn name(cause: Cause) -> String {
    match cause {
        Cause::Response(code) => code.get().to_string(),
        cause => cause.to_string(),
    }
}

/// A trace in the model's lines.
fn found(trace: &Trace) -> Vec<String> {
    let mut attempts = trace.attempts.iter();
    let mut lines = Vec::new();
    for event in &trace.events {
        let (at, step) = (event.at_ms.0, event.step.unwrap_or_default());
        lines.push(match event.what {
            What::StepEntered(cause) => {
                format!("{step} entered on {} at {at}", cause.map_or("nothing".to_owned(), name))
            }
            What::StepPassedOver(PassedOver::Trigger(cause)) => {
                format!("{step} trigger refuses {} at {at}", name(cause))
            }
            What::StepPassedOver(PassedOver::Hours) => format!("{step} closed at {at}"),
            What::StepPassedOver(PassedOver::Health) => format!("{step} down at {at}"),
            What::RoutePassedOver => format!("{step} without {}", event.route.unwrap_or_default()),
            What::LastResort => format!("{step} last resort at {at}"),
            What::Dialled => {
                let attempt = attempts.next().unwrap();
                assert_eq!((attempt.started_ms, Some(attempt.route)), (event.at_ms, event.route));
                let ending = match attempt.ending {
                    Ending::Answered => "answered".to_owned(),
                    Ending::Failed(cause) => name(cause),
                    Ending::Cancelled => "cancelled".to_owned(),
                };
                format!("{step} dialled {} at {at}: {ending} {}", attempt.route, attempt.ended_ms.0)
            }
            _ => continue,
        });
    }
    let outcome = match trace.outcome {
        Outcome::Answered { route, by, .. } => format!("answered {route} by {by:?}"),
        Outcome::Rejected { code, .. } => code.get().to_string(),
        Outcome::CallerHungUp { .. } => "hung up".to_owned(),
    };
    lines.push(format!("{outcome} at {} after {} of silence", trace.outcome.at_ms().0, trace.silence_ms.0));
    lines
}

/// A step of the primary's clocks, open, without a stagger.
fn step(routes: &[RouteId], enter_on: Preset) -> ModelStep {
    ModelStep { routes: routes.to_vec(), enter_on, open: true, clocks: (6_000, 20_000), stagger_ms: 0 }
}

/// Every list of one to `length` items.
fn lists<T: Clone>(items: &[T], length: usize) -> Vec<Vec<T>> {
    let mut all: Vec<Vec<T>> = Vec::new();
    let mut last: Vec<Vec<T>> = vec![Vec::new()];
    for _ in 0..length {
        let longer = |list: &Vec<T>| {
            items.iter().map(|item| [&list[..], std::slice::from_ref(item)].concat()).collect::<Vec<_>>()
        };
        last = last.iter().flat_map(longer).collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// The faults of the small plans: one for every way in which an attempt can end, and an answer in the same
/// millisecond as that of the healthy mobile.
fn kinds_of_faults() -> [Option<Fault>; 9] {
    [
        None,
        Some(Fault::AnswersAfter(Millis(8_000))),
        Some(Fault::Silent),
        Some(Fault::TryingOnly),
        Some(Fault::RingsForEver),
        Some(Fault::Refused),
        Some(Fault::Busy),
        Some(Fault::Declines),
        Some(rejects(503)),
    ]
}

/// Runs every plan of these steps with every pair of faults and of healths on its two routes, after a primary
/// that rejects with 503. Gives the number of calls.
fn run_all(plans: &[Vec<ModelStep>], healths: &[(Health, Health)]) -> usize {
    let mut calls = 0;
    let mut snapshot = account_with_a_plan();
    for plan in plans {
        let mut call = ModelCall {
            steps: vec![step(&[PBX], Preset::Outage)],
            routes: Vec::new(),
            default_trigger: Preset::Outage,
            hangs_up_ms: None,
        };
        call.steps.extend(plan.iter().cloned());
        configure(&mut snapshot, &call);
        for first in kinds_of_faults() {
            for second in kinds_of_faults() {
                for healths in healths {
                    let primary = (PBX, Some(rejects(503)), Health::Up);
                    call.routes = vec![primary, (TCP, first, healths.0), (MOBILE, second, healths.1)];
                    assert_eq!(found(&run(&snapshot, &scenario(&call))), expected(&call), "{call:?}");
                    calls += 1;
                }
            }
        }
    }
    calls
}

/// The steps that two routes can make.
const SHAPES: [&[RouteId]; 3] = [&[TCP], &[MOBILE], &[TCP, MOBILE]];

/// Every plan of one to three steps, each step one route, the other, or both at once, each entered on an
/// outage, on any failure or on no answer, with every pair of nine faults.
#[test]
fn every_small_plan_ends_as_the_naive_model_says() {
    let triggers = [Preset::Outage, Preset::AnyFailure, Preset::NoAnswer];
    let steps: Vec<ModelStep> =
        SHAPES.iter().flat_map(|shape| triggers.map(|trigger| step(shape, trigger))).collect();
    let calls = run_all(&lists(&steps, 3), &[(Health::Up, Health::Up)]);
    assert_eq!(calls, (9 + 9 * 9 + 9 * 9 * 9) * 9 * 9);
}

/// Every plan of one or two steps, each of both routes or one, together or two seconds apart, with a step
/// closed or not, every pair of nine faults and every pair of three healths.
#[test]
fn every_small_plan_with_routes_that_are_down_ends_as_the_naive_model_says() {
    let mut steps: Vec<ModelStep> =
        SHAPES.iter().map(|shape| step(shape, Preset::OutageOrNoAnswer)).collect();
    steps.push(ModelStep { stagger_ms: 2_000, ..step(&[MOBILE, TCP], Preset::AnyFailure) });
    steps.push(ModelStep { open: false, ..step(&[TCP], Preset::AnyFailure) });
    let every = [Health::Up, Health::Down, Health::SwitchedOff];
    let healths: Vec<_> = every.iter().flat_map(|first| every.map(|second| (*first, second))).collect();
    let calls = run_all(&lists(&steps, 2), &healths);
    assert_eq!(calls, (5 + 5 * 5) * 9 * 9 * 9);
}

fn preset() -> impl Strategy<Value = Preset> {
    prop::sample::select(Preset::ALL.to_vec())
}

fn clocks() -> impl Strategy<Value = (u32, u32)> {
    // Half of the clocks are round, so that moments meet.
    let clock = || prop_oneof![(1_u32..40).prop_map(|half| half * 500), 500_u32..20_000];
    (clock(), clock())
}

prop_compose! {
    fn model_step()(
        routes in prop::sample::subsequence(ROUTES.to_vec(), 1..=3).prop_shuffle(),
        enter_on in prop_oneof![1 => Just(Preset::AnyFailure), 2 => preset()],
        open in prop::bool::weighted(0.8),
        clocks in clocks(),
        stagger_ms in prop_oneof![Just(0), (1_u32..8).prop_map(|half| half * 500), 1_u32..5_000],
    ) -> ModelStep {
        ModelStep { routes, enter_on, open, clocks, stagger_ms }
    }
}

fn fault() -> impl Strategy<Value = Option<Fault>> {
    let after = |ms| Some(Fault::AnswersAfter(Millis(ms)));
    prop_oneof![
        3 => prop::sample::select(faults()),
        1 => (0_u32..50).prop_map(move |half| after(half * 500)),
        1 => (0_u32..20_000).prop_map(after),
    ]
}

fn health() -> impl Strategy<Value = Health> {
    prop_oneof![4 => Just(Health::Up), 2 => Just(Health::Down), 1 => Just(Health::SwitchedOff)]
}

prop_compose! {
    fn model_call()(
        primary in prop::sample::select(ROUTES.to_vec()),
        primary_clocks in clocks(),
        plan in prop::collection::vec(model_step(), 1..=4),
        routes in prop::collection::vec((fault(), health()), ROUTES.len()),
        default_trigger in preset(),
        hangs_up_ms in prop::option::weighted(0.2, 0_u32..60_000),
    ) -> ModelCall {
        let mut steps = vec![ModelStep { clocks: primary_clocks, ..step(&[primary], default_trigger) }];
        steps.extend(plan);
        let routes = ROUTES.into_iter().zip(routes).map(|(id, (fault, health))| (id, fault, health));
        let routes = routes.collect();
        ModelCall { steps, routes, default_trigger, hangs_up_ms }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_plan_ends_as_the_naive_model_says(call in model_call()) {
        let mut snapshot = account_with_a_plan();
        configure(&mut snapshot, &call);
        prop_assert_eq!(found(&run(&snapshot, &scenario(&call))), expected(&call));
    }
}
