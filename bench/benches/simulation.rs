//! `simulate`: a primary with one failover route, under several faults, and a matrix of DIDs and faults.

use std::hint::black_box;
use std::time::Duration;

use bench::{FAILOVER, PRIMARY, account};
use criterion::{Criterion, criterion_group, criterion_main};
use routing::{Fault, FaultTarget, Millis, RejectCode, Scenario, simulate};

fn rejects(code: u16) -> Fault {
    Fault::Rejects(RejectCode::new(code).expect("a code that rejects"))
}

/// Ten faults; on the primary and on the failover they make twenty failures.
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

fn matrix(c: &mut Criterion) {
    let snapshot = account(1_000).expect("an account of the core");
    let failures = || [PRIMARY, FAILOVER].into_iter().flat_map(|route| faults().map(|fault| (route, fault)));
    let mut group = c.benchmark_group("simulation");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    group.bench_function("matrix of 1,000 DIDs and 20 failures", |b| {
        b.iter(|| {
            for did in &snapshot.dids {
                for (route, fault) in failures() {
                    let scenario = Scenario::new(did.number).with_fault(FaultTarget::Route(route), fault);
                    black_box(simulate(&snapshot, &scenario)).expect("a scenario that runs");
                }
            }
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
        .sample_size(40)
        .nresamples(10_000);
    targets = one_call, matrix
}
criterion_main!(benches);
