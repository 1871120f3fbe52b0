use super::*;
use crate::bulk::Editors;
use crate::import::near;
use crate::import::outcome::{ImportOutcome, outcome};
use crate::import::read::{Columns, Reader};
use crate::import::shown::Shown;
use crate::limits::NEAR_LOOK_UPS_MAX;
use routing::{
    Clocks, Dialling, Did, DidId, Domains, FailoverPlan, HealthState, InboundRoute, Millis, RouteKind,
    RouteTarget, Step, Trigger, Version, Weights,
};
use store::{DidRow, PlanRow, Released, RouteRow, UnixMs};

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

/// Routes 1 `seattle-pbx`, 2 `mobile` (+1 206 555 0177), 3 `loop` (rings +1 206 555 0101, a DID),
/// 4 `branch` (+1 206 555 0188). Plans `Night` of `seattle-pbx` and `branch`, `Same` of `seattle-pbx` alone, `Back` of `seattle-pbx` and `loop`.
fn book() -> Book {
    let route = |id: i64, alias: &str, kind, value: &str| RouteRow {
        route: InboundRoute {
            id: RouteId(id),
            alias: Alias::parse(alias).unwrap(),
            target: RouteTarget::parse(kind, value, &Dialling::default()).unwrap(),
            edge: None,
            domains: Domains::default(),
        },
        version: Version(1),
        health: HealthState::Up,
        health_since: None,
    };
    let rows = vec![
        route(1, "seattle-pbx", RouteKind::Host, "pbx.example.com"),
        route(2, "mobile", RouteKind::Phone, "+12065550177"),
        route(3, "loop", RouteKind::Phone, "+12065550101"),
        route(4, "branch", RouteKind::Phone, "+12065550188"),
    ];
    let mut book = Book::new(rows, Vec::new(), Dialling::default());
    for (id, name, routes) in [(1, "Night", &[1, 4][..]), (2, "Same", &[1, 1]), (3, "Back", &[1, 3])] {
        let clocks = Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) };
        let step = |route: &i64| Step::of([RouteId(*route)], Trigger::default(), clocks);
        let steps = routes.iter().map(step).collect();
        let plan = FailoverPlan { id: PlanId(id), name: Alias::parse(name).unwrap(), steps };
        book.add_plan(PlanRow { plan, version: Version(1) });
    }
    book
}

/// What a file is judged by.
struct There<'a> {
    ground: Ground<'a>,
    present: Present,
}

/// +1 206 555 0100 and 0101 are there, on sip-reg, 0101 changed at version 5; 0150 is another account's; 0160 was
/// released since, and 0100 too, but came back.
fn there(book: &Book) -> There<'_> {
    let did = |text: &str, id: i64, version: i64| {
        let did = Did {
            id: DidId(id),
            number: number(text),
            alias: Some(Alias::parse("Desk").unwrap()),
            primary: RouteId::REGISTERED,
            failover: Failover::Route(RouteId(1)),
            weights: None,
        };
        (did.number, DidRow { did, version: Version(version), changed_at: UnixMs(9) })
    };
    let dids = HashMap::from([did("+12065550100", 1, 1), did("+12065550101", 2, 5)]);
    let own: BTreeSet<E164> = dids.keys().copied().chain([number("+12065550150")]).collect();
    let targets: BTreeSet<E164> =
        book.numbers_in(book.added().map(|row| &row.route.target)).into_iter().collect();
    let ground = Ground {
        book,
        own: own.intersection(&targets).copied().collect(),
        targets,
        failovers: HashMap::from([(RouteId(1), 2)]),
        room: 10,
        as_of: Version(4),
        changed: true,
        editors: Editors::default(),
    };
    let released = HashMap::from([released("+12065550160"), released("+12065550100")]);
    There { ground, present: Present { dids, own, released } }
}

fn rows(csv: &str) -> Vec<SheetRow> {
    let mut reader = Reader::default();
    let mut rows = reader.push(csv.as_bytes()).unwrap();
    rows.extend(reader.finish().unwrap().0);
    rows
}

/// The judgement on each row, which is the same however many are judged at once.
fn judge(csv: &str, there: &There<'_>) -> Vec<Verdict> {
    let rows = rows(csv);
    let walk = |judge: &mut Judge<'_>, at_once: usize| -> Vec<Verdict> {
        let part =
            |rows: &[SheetRow]| judge.judge(rows, &Numbers::read(rows, there.ground.book), &there.present);
        rows.chunks(at_once).flat_map(part).collect()
    };
    let judged = |at_once: usize| {
        let mut judge = Judge::new(&there.ground);
        let verdicts = walk(&mut judge, at_once);
        match judge.own_rule() {
            Some(rule) => {
                let again = walk(&mut Judge::again(&there.ground, rule), at_once);
                assert_ne!(again, verdicts);
                again
            }
            None => verdicts,
        }
    };
    let whole = judged(rows.len());
    for at_once in [1, 2] {
        assert_eq!(judged(at_once), whole, "{csv}");
    }
    whole
}

fn released(text: &str) -> (E164, Released) {
    let number = number(text);
    (number, Released { number, by: "Sam".to_owned(), at: UnixMs(8), version: Version(8) })
}

fn outcomes(csv: &str) -> Vec<String> {
    let book = book();
    judge(csv, &there(&book))
        .iter()
        .map(|verdict| match outcome(verdict, &book) {
            ImportOutcome::Add { after } => format!("add {after}"),
            ImportOutcome::Change { after, .. } => format!("change {after}"),
            ImportOutcome::Unchanged => "unchanged".to_owned(),
            ImportOutcome::Error(error) => error.code().to_owned(),
        })
        .collect()
}

#[test]
fn each_row_is_added_changed_left_or_refused() {
    let rows = [
        // A new DID.
        ("+12065550110,,,", "add sip-reg, no failover"),
        ("206 555 0110,Door,seattle-pbx,mobile", "add Door: seattle-pbx → mobile"),
        ("+12065550110,'=x,SEATTLE-PBX,none", "add =x: seattle-pbx, no failover"),
        // One that is there.
        ("+12065550100,,,", "unchanged"),
        ("12065550100,Desk,sip-reg,seattle-pbx", "unchanged"),
        ("+12065550100,none,,", "change sip-reg → seattle-pbx"),
        ("+12065550100,'none,,", "change none: sip-reg → seattle-pbx"),
        ("+12065550100,,,-", "change Desk: sip-reg, no failover"),
        ("+12065550100,,mobile,", "change Desk: mobile → seattle-pbx"),
        // Plans.
        ("+12065550110,,mobile,plan:night", "add mobile → plan Night"),
        ("+12065550100,,,PLAN: Night", "change Desk: sip-reg → plan Night"),
        ("+12065550110,,,plan:same", "add sip-reg → plan Same"),
        ("+12065550110,,seattle-pbx,plan:same", "same_as_primary"),
        ("+12065550110,,,plan:Mobile", "unknown_plan"),
        ("+12065550110,,,plan:", "unknown_plan"),
        ("+12065550110,,,'plan:night", "unknown_route"),
        ("+12065550110,,plan:night,", "unknown_route"),
        ("+12065550110,,,plan:back", "own_did"),
        ("+12065550188,,,", "rung_by_plan"),
        // Refused.
        (",x,,", "number_empty"),
        ("911,,,", "number_emergency"),
        ("1.20655E+10,,,", "shortened"),
        ("+12065550150,,,", "elsewhere"),
        ("+12065550110,a\tb,,", "alias_control"),
        ("+12065550110,,nowhere,", "unknown_route"),
        ("+12065550110,,,nowhere", "unknown_route"),
        ("+12065550110,,none,", "primary_cleared"),
        ("+12065550110,,mobile,MOBILE", "same_as_primary"),
        ("+12065550100,,seattle-pbx,", "same_as_primary"),
        ("+12065550110,,,loop", "own_did"),
        ("+12065550101,Door,,", "edited_since"),
        ("+12065550101,Desk,,", "unchanged"),
        ("+12065550160,,,", "released_since"),
        ("+12065550160,,nowhere,", "released_since"),
        ("+12065550110,Smith, John,seattle-pbx,mobile", "too_many_cells"),
        ("1,206,555,0100,x", "too_many_cells"),
        ("+12065550110,,,,,", "add sip-reg, no failover"),
    ];
    for (row, expected) in rows {
        assert_eq!(outcomes(&format!("number,alias,primary,failover\n{row}\n")), [expected], "{row}");
    }
}

#[test]
fn a_missing_column_leaves_what_is_there() {
    assert_eq!(outcomes("number\n+12065550100\n"), ["unchanged"]);
    assert_eq!(outcomes("number,failover\n+12065550100,mobile\n"), ["change Desk: sip-reg → mobile"]);
}

#[test]
fn weights_stay_for_as_long_as_their_failover_route_does() {
    let book = book();
    let mut there = there(&book);
    let weights = Some(Weights { primary: 70, failover: 30 });
    if let Some(row) = there.present.dids.get_mut(&number("+12065550100")) {
        row.did.weights = weights;
    }
    for (csv, expected) in [
        ("number,alias\n+12065550100,Door\n", weights),
        ("number,primary\n+12065550100,mobile\n", weights),
        ("number,failover\n+12065550100,mobile\n", None),
        ("number,failover\n+12065550100,plan:night\n", None),
        ("number,failover\n+12065550100,none\n", None),
    ] {
        let verdicts = judge(csv, &there);
        let Ok(Some(Write::Change(update))) = &verdicts[0] else { panic!("{csv}: {verdicts:?}") };
        assert_eq!(update.routing.weights, expected, "{csv}");
    }
}

#[test]
fn a_number_twice_is_refused_at_each_later_line_whatever_its_form() {
    let csv = "number\n+12065550110\n(206) 555-0110\n+1 206 555 0110\n";
    assert_eq!(outcomes(csv), ["add sip-reg, no failover", "twice", "twice"]);
    let book = book();
    let verdicts = judge(csv, &there(&book));
    assert_eq!(verdicts[2], Err(ImportError::Twice { first_line: 2 }));
}

#[test]
fn no_failover_may_ring_a_number_that_the_same_file_makes_a_did() {
    // mobile rings +1 206 555 0177: fine as a failover, fine as a DID, not both.
    assert_eq!(outcomes("number,failover\n+12065550110,mobile\n"), ["add sip-reg → mobile"]);
    assert_eq!(outcomes("number\n+12065550177\n"), ["add sip-reg, no failover"]);
    assert_eq!(
        outcomes("number,failover\n+12065550110,mobile\n+12065550177,\n"),
        ["own_did", "rung_by_failover"]
    );
}

#[test]
fn a_number_that_a_failover_rings_already_cannot_be_added_unless_the_file_ends_that() {
    let book = book();
    let mut there = there(&book);
    there.ground.failovers = HashMap::from([(RouteId(2), 1)]);
    if let Some(row) = there.present.dids.get_mut(&number("+12065550100")) {
        row.did.failover = Failover::Route(RouteId(2));
    }
    let judge = |csv: &str| judge(csv, &there);
    let refused = judge("number\n+12065550177\n");
    assert_eq!(refused, [Err(ImportError::RungByFailover { route: Alias::parse("mobile").unwrap() })]);
    let both = judge("number,failover\n+12065550177,\n+12065550100,none\n");
    assert!(both.iter().all(Result::is_ok), "{both:?}");
}

#[test]
fn digits_without_their_plus_count_only_for_a_did_that_is_there() {
    let book = book();
    let mut there = there(&book);
    let london = number("+442079460000");
    let mut row = there.present.dids[&number("+12065550100")].clone();
    row.did.number = london;
    there.present.dids.insert(london, row);
    let verdicts = judge("number,failover\n442079460000,none\n442079460001,none\n", &there);
    assert!(matches!(verdicts[0], Ok(Some(Write::Change(..)))), "{verdicts:?}");
    assert!(matches!(verdicts[1], Err(ImportError::Number(_))), "{verdicts:?}");
}

#[test]
fn an_account_takes_so_many_and_the_rows_beyond_are_named() {
    let book = book();
    let csv = "number\n+12065550110\n+12065550100\n+12065550111\n911\n+12065550112\n+12065550113\n";
    let mut there = there(&book);
    there.ground.room = 2;
    let verdicts = judge(csv, &there);
    let full = Err(ImportError::AccountFull { max: DIDS_PER_ACCOUNT_MAX as u64 });
    assert!(matches!(verdicts[0], Ok(Some(Write::Add(_)))));
    assert!(matches!(verdicts[2], Ok(Some(Write::Add(_)))));
    assert_eq!(verdicts[4..], [full.clone(), full]);
}

#[test]
fn an_unknown_route_names_those_that_are_called_almost_so() {
    let book = book();
    let rows: [(&str, &[&str]); 5] = [
        ("seatle-pbx", &["seattle-pbx"]),
        ("pbx", &["seattle-pbx"]),
        ("Mobil", &["mobile"]),
        ("warehouse", &[]),
        ("mobil\u{7}", &[]),
    ];
    for (typed, expected) in rows {
        let near: Vec<String> = near::find(typed, book.aliases()).iter().map(ToString::to_string).collect();
        assert_eq!(near, expected, "{typed}");
    }
}

#[test]
fn only_the_first_unknown_routes_are_looked_up() {
    let book = book();
    let mut csv = "number,primary\n".to_owned();
    for row in 0..NEAR_LOOK_UPS_MAX + 2 {
        csv.push_str(&format!("+1206555{:04},mobile{row}\n", 200 + row));
    }
    csv.push_str("+12065550110,mobile0\n");
    let mut shown = Shown::default();
    shown.take(&rows(&csv), &judge(&csv, &there(&book)), &book);
    let plan = shown.plan(Columns::default(), &book, Version(4));
    let hinted: Vec<bool> = plan
        .rows
        .iter()
        .map(|row| match &row.outcome {
            ImportOutcome::Error(ImportError::UnknownRoute { near, .. }) => !near.is_empty(),
            other => panic!("{other:?}"),
        })
        .collect();
    let mut expected = vec![true; NEAR_LOOK_UPS_MAX];
    // The last is one that was looked up before.
    expected.extend([false, false, true]);
    assert_eq!(hinted, expected);
}
