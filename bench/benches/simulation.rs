//! `simulate`: a primary with one failover route, under several faults; a plan of ten steps; and what is computed
//! over many calls.

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::Duration;

use bench::{FAILOVER, PRIMARY, account, large_account};
use criterion::{Criterion, criterion_group, criterion_main};
use routing::{
    Dialling, Failure, Fault, FaultTarget, InjectedFault, Matrix, Millis, NetworkKind, RejectCode, Scenario,
    Simulator, Surroundings, blast_radius, findings, simulate,
};

fn rejects(code: u16) -> Fault {
    Fault::Rejects(RejectCode::new(code).expect("a code that rejects"))
}

/// Ten ways in which a primary fails.
fn faults() -> [Fault; 10] {
    [
        Fault::Silent,
        Fault::TryingOnly,
        rejects(503),
        rejects(404),
        Fault::DnsFailure,
        Fault::TlsFailure,
        Fault::RingsForEver,
        Fault::Busy,
        Fault::AnswersAfter(Millis(12_000)),
        Fault::VoicemailAnswers,
    ]
}

fn one_call(c: &mut Criterion) {
    let snapshot = account(1).expect("an account of the core");
    let number = snapshot.dids[0].number;
    let primary = |fault| Scenario::new(number).with_fault(FaultTarget::Route(PRIMARY), fault);
    let rows = [
        ("nothing fails", Scenario::new(number)),
        ("primary silent", primary(Fault::Silent)),
        ("primary rejects with 503", primary(rejects(503))),
        ("primary without DNS", primary(Fault::DnsFailure)),
        ("primary rings for ever", primary(Fault::RingsForEver)),
        ("both silent", primary(Fault::Silent).with_fault(FaultTarget::Route(FAILOVER), Fault::Silent)),
    ];
    let mut group = c.benchmark_group("simulation");
    for (name, scenario) in rows {
        assert!(simulate(&snapshot, &scenario).is_ok(), "{name}");
        group.bench_function(name, |b| b.iter(|| simulate(black_box(&snapshot), black_box(&scenario))));
    }
    group.finish();
}

/// A plan of ten steps, each of which fails.
fn ten_steps(c: &mut Criterion) {
    let snapshot = large_account(1).expect("an account of the core");
    let mut scenario = Scenario::new(snapshot.dids[0].number);
    let silent = InjectedFault { on: FaultTarget::Network(NetworkKind::SipHosts), fault: Fault::Silent };
    scenario.faults.push(silent);
    let simulator = Simulator::new(&snapshot);
    let trace = simulator.run(&scenario).expect("a scenario that runs");
    assert_eq!(trace.attempts.len(), 11, "the primary and every step");
    let mut group = c.benchmark_group("simulation");
    group.bench_function("ten steps, all silent", |b| b.iter(|| simulator.run(black_box(&scenario))));
    group.finish();
}

fn matrix(c: &mut Criterion) {
    let snapshot = large_account(1_000).expect("an account of the core");
    let mut failures = Failure::of(&snapshot);
    failures.extend(faults().into_iter().map(Failure::Primary));
    failures.truncate(20);
    let base = Scenario::new(snapshot.dids[0].number);
    let mut group = c.benchmark_group("simulation");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    group.bench_function("matrix of 1,000 DIDs, none alike, and 20 failures", |b| {
        b.iter(|| {
            let matrix = Matrix::run(&snapshot, snapshot.groups(), failures.clone(), black_box(&base));
            matrix.expect("routes that are there")
        });
    });
    group.bench_function("blast radius of 1,000 DIDs, none alike", |b| {
        b.iter(|| blast_radius(&snapshot, &snapshot.groups(), black_box(&base)));
    });
    group.finish();
}

/// Findings over a large account, alike and not.
fn audit(c: &mut Criterion) {
    let mut group = c.benchmark_group("findings");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    for (name, snapshot) in
        [("100,000 DIDs, all alike", account(100_000)), ("100,000 DIDs, none alike", large_account(100_000))]
    {
        let snapshot = snapshot.expect("an account of the core");
        let (own, health) = (BTreeSet::new(), BTreeMap::new());
        let surroundings =
            Surroundings { dialling: Dialling::default(), own: &own, health: &health, now: 1_795_000_000 };
        group.bench_function(name, |b| b.iter(|| findings(black_box(&snapshot), surroundings)));
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
    targets = one_call, ten_steps, matrix, audit
}
criterion_main!(benches);
