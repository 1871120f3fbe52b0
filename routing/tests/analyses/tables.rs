//! The matrix, the blast radius and the behavioural diff.

use routing::{
    Changed, Dialling, DiffKind, Failover, Failure, Fault, FaultTarget, Matrix, RouteId, RouteKind,
    RouteTarget, Scenario, SrvRecord, blast_radius, diff, simulate,
};

use crate::account::{MOBILE, PBX, PLAN, SERVICE, TRUNK, VOICEMAIL, account, number, routing, told};

fn base() -> Scenario {
    Scenario::new(number(0))
}

#[test]
fn each_cell_is_what_a_call_to_the_group_comes_to() {
    let snapshot = account();
    let matrix = Matrix::run(&snapshot, snapshot.groups(), Failure::of(&snapshot), &base()).unwrap();
    let dids: Vec<u64> = matrix.groups.iter().map(|group| group.dids).collect();
    assert_eq!(dids, [5, 3, 2]);
    let rows: Vec<String> = matrix
        .failures
        .iter()
        .zip(&matrix.cells)
        .map(|(failure, row)| format!("{failure}: {}", row.iter().map(told).collect::<Vec<_>>().join(" | ")))
        .collect();
    assert_eq!(
        rows,
        [
            "nothing: 1 at 2 s | 1 at 2 s | 1 at 2 s",
            "primary=silent: 408 at 6 s | 2 at 8 s | 3 at 14 s",
            "primary=rings: 408 at 20 s | 408 at 20 s | 408 at 20 s",
            "primary=busy: 486 at 0 s | 486 at 0 s | 486 at 0 s",
            "primary=declines: 603 at 0 s | 603 at 0 s | 603 at 0 s",
            "carrier:Acme=silent: 408 at 6 s | 408 at 12 s | 3 at 14 s",
            "carrier:Desk Co=silent: 1 at 2 s | 1 at 2 s | 1 at 2 s",
            "carrier:Mobile Co=silent: 1 at 2 s | 1 at 2 s | 1 at 2 s",
            "carrier:Vm Co=silent: 1 at 2 s | 1 at 2 s | 1 at 2 s",
            "network:phone_network=silent: 1 at 2 s | 1 at 2 s | 1 at 2 s",
            "network:sip_hosts=silent: 408 at 6 s | 408 at 12 s | 3 at 14 s",
        ]
    );
}

#[test]
fn a_cell_decides_as_the_same_call_alone() {
    let snapshot = account();
    let matrix = Matrix::run(&snapshot, snapshot.groups(), Failure::of(&snapshot), &base()).unwrap();
    for (failure, row) in matrix.failures.iter().zip(&matrix.cells) {
        for (group, cell) in matrix.groups.iter().zip(row) {
            let scenario = failure.befalls(Scenario::new(group.example), group.routing);
            let alone = simulate(&snapshot, &scenario).unwrap();
            assert_eq!(cell.decision_hash, alone.decision_hash, "{failure} {group:?}");
        }
    }
}

#[test]
fn what_is_broken_already_stays_broken_in_every_row() {
    let snapshot = account();
    let broken = base().with_fault(FaultTarget::Route(MOBILE), Fault::Silent);
    let silent = vec![Failure::Primary(Fault::Silent)];
    let matrix = Matrix::run(&snapshot, snapshot.groups(), silent, &broken).unwrap();
    assert_eq!(told(&matrix.cells[0][2]), "4 at 14 s");
}

#[test]
fn the_blast_radius_names_the_deadliest_domain_first() {
    let snapshot = account();
    let blasts = blast_radius(&snapshot, &snapshot.groups(), &base()).unwrap();
    let rows: Vec<String> = blasts
        .iter()
        .map(|blast| {
            format!(
                "{}: {} untouched, {} rerouted (at most {}), {} to voicemail, {} dead",
                blast.domain, blast.untouched, blast.rerouted, blast.worst_ms, blast.voicemail, blast.dead
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "carrier:Acme: 0 untouched, 2 rerouted (at most 14 s), 0 to voicemail, 8 dead",
            "network:sip_hosts: 0 untouched, 2 rerouted (at most 14 s), 0 to voicemail, 8 dead",
            "carrier:Desk Co: 10 untouched, 0 rerouted (at most 0 s), 0 to voicemail, 0 dead",
            "carrier:Mobile Co: 10 untouched, 0 rerouted (at most 0 s), 0 to voicemail, 0 dead",
            "carrier:Vm Co: 10 untouched, 0 rerouted (at most 0 s), 0 to voicemail, 0 dead",
            "network:phone_network: 10 untouched, 0 rerouted (at most 0 s), 0 to voicemail, 0 dead",
        ]
    );
    let dead: Vec<u64> = blasts[0].dead_groups.iter().map(|group| group.dids).collect();
    assert_eq!(dead, [5, 3]);
}

#[test]
fn a_number_that_is_dead_already_is_not_counted_as_killed() {
    let snapshot = account();
    let broken = base().with_fault(FaultTarget::Route(PBX), Fault::Silent);
    let blasts = blast_radius(&snapshot, &snapshot.groups(), &broken).unwrap();
    let acme = blasts.iter().find(|blast| blast.domain == FaultTarget::Carrier("Acme".to_owned())).unwrap();
    // Those without failover are lost before; those with the trunk are lost by this.
    assert_eq!((acme.untouched, acme.dead), (7, 3));
}

#[test]
fn a_machine_instead_of_somebody_counts_and_a_machine_as_before_does_not() {
    let mut snapshot = account();
    let to_machine = routing(PBX, Failover::Route(VOICEMAIL));
    let machine_first = routing(VOICEMAIL, Failover::Route(TRUNK));
    snapshot.dids =
        vec![to_machine.did(number(0)), machine_first.did(number(1)), machine_first.did(number(2))];
    let blasts = blast_radius(&snapshot, &snapshot.groups(), &base()).unwrap();
    let rows: Vec<String> = blasts
        .iter()
        .filter(|blast| blast.untouched < 3)
        .map(|blast| {
            let counts = (blast.untouched, blast.rerouted, blast.voicemail, blast.dead);
            format!("{}: {counts:?}", blast.domain)
        })
        .collect();
    // Where a machine answers anyway, nobody is lost when something fails.
    assert_eq!(rows, ["network:sip_hosts: (2, 0, 0, 1)", "carrier:Acme: (2, 0, 1, 0)"]);
}

#[test]
fn one_host_in_two_spellings_fails_as_one() {
    let mut snapshot = account();
    let target = |value| RouteTarget::parse(RouteKind::Host, value, &Dialling::default()).unwrap();
    snapshot.routes[0].target = target("192.0.2.1");
    snapshot.routes[1].target = target("[::ffff:192.0.2.1]");
    let hosts: Vec<String> = Failure::of(&snapshot)
        .iter()
        .filter(|failure| matches!(failure, Failure::Domain(FaultTarget::Host(_))))
        .map(ToString::to_string)
        .collect();
    assert_eq!(hosts, ["host:192.0.2.1=silent"]);
    let silent = vec![Failure::Domain(FaultTarget::Host("192.0.2.1".to_owned()))];
    let matrix = Matrix::run(&snapshot, snapshot.groups(), silent, &base()).unwrap();
    assert_eq!(
        matrix.cells[0].iter().map(told).collect::<Vec<_>>(),
        ["408 at 6 s", "408 at 12 s", "3 at 14 s"]
    );
}

#[test]
fn what_fails_by_route_or_as_an_srv_target_is_never_taken_for_untouched() {
    let snapshot = account();
    let one = vec![Failure::Domain(FaultTarget::Route(PBX))];
    let matrix = Matrix::run(&snapshot, snapshot.groups(), one, &base()).unwrap();
    assert_eq!(told(&matrix.cells[0][0]), "408 at 6 s");
    let mut srv = base();
    let targets = vec!["a.example.com".to_owned()];
    srv.srv = vec![SrvRecord { host: "pbx.example.com".to_owned(), targets }];
    let target = vec![Failure::Domain(FaultTarget::Host("a.example.com".to_owned()))];
    let matrix = Matrix::run(&snapshot, snapshot.groups(), target, &srv).unwrap();
    assert_eq!(told(&matrix.cells[0][0]), "408 at 6 s");
}

#[test]
fn the_diff_names_each_failure_in_which_calls_end_elsewhere_or_later() {
    let snapshot = account();
    let changed = |before, after, dids| Changed {
        before: routing(PBX, before),
        after: routing(PBX, after),
        dids,
        example: number(0),
    };
    let rows: [(Failover, Failover, &[&str]); 4] = [
        (
            Failover::None,
            Failover::Plan(PLAN),
            &[
                "primary=silent: 408 at 6 s → 3 at 14 s, elsewhere",
                "carrier:Acme=silent: 408 at 6 s → 3 at 14 s, elsewhere",
                "network:sip_hosts=silent: 408 at 6 s → 3 at 14 s, elsewhere",
                "primary=silent+route:3=silent: 408 at 6 s → 4 at 14 s, elsewhere",
                "primary=silent+route:3=silent+route:4=silent: 408 at 6 s → 5 at 20 s, elsewhere",
            ],
        ),
        (
            Failover::Route(MOBILE),
            Failover::Route(TRUNK),
            &[
                "primary=silent: 3 at 14 s → 2 at 8 s, elsewhere",
                "carrier:Acme=silent: 3 at 14 s → 408 at 12 s, lost",
                "network:sip_hosts=silent: 3 at 14 s → 408 at 12 s, lost",
            ],
        ),
        (
            Failover::Route(MOBILE),
            Failover::Plan(PLAN),
            // The plan begins with the same route: what it adds shows where that one fails, too.
            &[
                "primary=silent+route:3=silent: 408 at 12 s → 4 at 14 s, elsewhere",
                "primary=silent+route:3=silent+route:4=silent: 408 at 12 s → 5 at 20 s, elsewhere",
            ],
        ),
        (Failover::None, Failover::None, &[]),
    ];
    for (before, after, expected) in rows {
        let diffs = diff(&snapshot, &snapshot, &[changed(before, after, 5)], &base()).unwrap();
        let found: Vec<String> = diffs[0]
            .differences
            .iter()
            .map(|difference| {
                let word = match (difference.kind() == DiffKind::Loss, difference.is_elsewhere()) {
                    (true, _) => "lost",
                    (false, true) => "elsewhere",
                    (false, false) => "later or sooner",
                };
                format!(
                    "{}: {} → {}, {word}",
                    difference.failure,
                    told(&difference.before),
                    told(&difference.after)
                )
            })
            .collect();
        assert_eq!(found, expected, "{before:?} → {after:?}");
    }
}

#[test]
fn a_plan_that_changes_under_its_dids_shows_in_the_diff() {
    let before = account();
    let mut after = before.clone();
    after.plans[0].steps.swap(0, 1);
    let same = routing(PBX, Failover::Plan(PLAN));
    let changed = Changed { before: same, after: same, dids: 2, example: number(8) };
    let diffs = diff(&before, &after, &[changed], &base()).unwrap();
    let silent = diffs[0].differences.iter().find(|d| d.failure == Failure::Primary(Fault::Silent)).unwrap();
    assert_eq!(
        (told(&silent.before), told(&silent.after)),
        ("3 at 14 s".to_owned(), format!("{SERVICE} at 8 s"))
    );
}

#[test]
fn a_routing_that_cannot_be_compiled_is_an_error_not_a_guess() {
    let snapshot = account();
    let mut groups = snapshot.groups();
    groups[0].routing.primary = RouteId(99);
    assert!(Matrix::run(&snapshot, groups.clone(), vec![Failure::Nothing], &base()).is_err());
    assert!(blast_radius(&snapshot, &groups, &base()).is_err());
}
