//! What to do with a call: compiling a DID's routing, and walking it as responses come in.

use std::hint::black_box;
use std::time::Duration;

use bench::{FAILOVER, PRIMARY, account};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use routing::{
    CallMachine, CallPlan, Input, LegId, Millis, Moment, Output, Preset, Profile, SipCode, limits,
};

/// Rings at every leg and then gives this final response; returns how many legs were dialled.
fn walk(plan: CallPlan, last: SipCode) -> u32 {
    let mut machine = CallMachine::new(plan, Profile::Ideal);
    let (mut now, mut dialled) = (Millis::ZERO, 0);
    loop {
        let mut ringing: Option<LegId> = None;
        while let Some(output) = machine.poll() {
            if let Output::Dial { leg, .. } = output {
                ringing = Some(leg);
                dialled += 1;
            }
        }
        let Some(leg) = ringing else { return dialled };
        now = now.plus(Millis(100));
        machine.handle(Input::Provisional(leg, SipCode::RINGING), now);
        now = now.plus(Millis(2_000));
        machine.handle(Input::Final(leg, last), now);
    }
}

/// As many steps as a plan may have, each entered on any failure.
fn ten_steps(one: &CallPlan) -> CallPlan {
    let mut step = one.steps[0].clone();
    step.enter_on = Preset::AnyFailure.trigger();
    CallPlan { steps: vec![step; limits::STEPS_MAX], ..one.clone() }
}

fn decision(c: &mut Criterion) {
    let snapshot = account(1).expect("an account of the core");
    let did = &snapshot.dids[0];
    let plan = CallPlan::compile(&snapshot, did, Moment::default()).expect("a plan of known routes");
    let dead = Moment { marked_down: &[PRIMARY, FAILOVER], ..Moment::default() };
    let down = CallPlan::compile(&snapshot, did, dead).expect("a plan of known routes");
    let long = ten_steps(&plan);
    assert_eq!(walk(plan.clone(), SipCode::SERVICE_UNAVAILABLE), 2, "503 leads to the failover");
    assert_eq!(walk(long.clone(), SipCode::SERVICE_UNAVAILABLE), 10, "every step is tried");

    let mut group = c.benchmark_group("decision");
    group.bench_function("compile", |b| {
        b.iter(|| CallPlan::compile(black_box(&snapshot), did, Moment::default()))
    });
    let rows = [
        ("walk: answered", &plan, SipCode::OK),
        ("walk: failover, both fail", &plan, SipCode::SERVICE_UNAVAILABLE),
        ("walk: both marked down", &down, SipCode::SERVICE_UNAVAILABLE),
        ("walk: ten steps, all fail", &long, SipCode::SERVICE_UNAVAILABLE),
    ];
    for (name, plan, last) in rows {
        group.bench_function(name, |b| {
            b.iter_batched(|| plan.clone(), |plan| walk(plan, black_box(last)), BatchSize::SmallInput)
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
        .sample_size(40)
        .nresamples(10_000);
    targets = decision
}
criterion_main!(benches);
