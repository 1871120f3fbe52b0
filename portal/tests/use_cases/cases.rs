//! Saved cases are kept, and every change of the account is held against them.

use portal::{BulkAction, CaseDraft, Error, Field, Noun, Progress, Result, Saved};
use routing::{
    Case, CaseId, Expectation, Fault, FaultTarget, Millis, Reaches, RouteId, Scenario, SrvRecord, Verdict,
    Version,
};

use crate::bulk::numbers;
use crate::office::{Office, number, refused};
use crate::support::{Db, contract};

contract!(
    a_case_is_saved_changed_and_deleted_with_its_history,
    a_case_that_makes_no_sense_says_all_that_is_wrong,
    a_case_changed_by_somebody_else_is_neither_overwritten_nor_deleted,
    an_account_has_a_limited_number_of_cases,
    a_case_whose_number_is_gone_says_that_it_cannot_be_run,
);

pub(crate) const DESK: &str = "+12065550100";

/// A call to the front desk while the PBX is silent reaches somebody within so many seconds.
pub(crate) fn pbx_silent(office: &Office, seconds: u32) -> Case {
    let pbx = FaultTarget::Route(office.id("pbx"));
    Case {
        scenario: Scenario::new(number(DESK)).with_fault(pbx, Fault::Silent),
        expect: Expectation { reaches: Reaches::Somebody, within_ms: Some(Millis(seconds * 1_000)) },
    }
}

pub(crate) fn draft(name: &str, case: &Case) -> CaseDraft {
    CaseDraft { name: name.to_owned(), case: case.clone() }
}

pub(crate) async fn add(office: &Office, name: &str, case: &Case) -> Result<CaseId> {
    office.portal.add_case(&office.dana, office.account.id, &draft(name, case)).await
}

async fn a_case_is_saved_changed_and_deleted_with_its_history(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    office.set_failover(DESK, office.id("spare")).await.unwrap();
    let case = pbx_silent(&office, 10);
    let id = add(&office, " Desk ", &case).await.unwrap();
    let view = office.portal.case(&office.dana, account, id).await.unwrap();
    assert_eq!((view.name.as_str(), &view.case, view.version), ("Desk", &case, office.version().await));
    assert!(view.verdict.holds(), "{:?}", view.verdict);
    assert_eq!(office.portal.cases(&office.dana, account).await.unwrap(), std::slice::from_ref(&view));

    let soon = Case { expect: Expectation { within_ms: Some(Millis(1_000)), ..case.expect }, ..case.clone() };
    let edit = async |as_of: Version, case: &Case| {
        office.portal.edit_case(&office.dana, account, id, as_of, &draft("Desk", case)).await
    };
    assert_eq!(edit(view.version, &soon).await.unwrap(), Saved { dids: 0, changed: true });
    let view = office.portal.case(&office.dana, account, id).await.unwrap();
    assert!(matches!(view.verdict, Verdict::TooLate(_)), "{:?}", view.verdict);
    assert_eq!(edit(view.version, &soon).await.unwrap(), Saved { dids: 0, changed: false });

    office.portal.delete_case(&office.dana, account, id, view.version).await.unwrap();
    let gone = office.portal.case(&office.dana, account, id).await;
    assert!(matches!(gone, Err(Error::NotFound(Noun::Case))), "{gone:?}");
    let version = office.version().await;
    let mut told = Vec::new();
    for version in version.0 - 2..=version.0 {
        let done = office.portal.operation(&office.dana, account, Version(version)).await.unwrap();
        let fields = done.changes[0].fields.len();
        told.push((done.kind.as_str().to_owned(), done.about, done.changes[0].label.clone(), fields));
    }
    let row = |kind: &str, fields| (kind.to_owned(), "Desk".to_owned(), "Desk".to_owned(), fields);
    // Name, number, faults, profile, what is expected and how soon; then how soon alone.
    assert_eq!(told, [row("save_case", 6), row("edit_case", 1), row("delete_case", 6)]);

    // By name, and with all that decides what comes of the call.
    let mut odd = case.clone();
    odd.scenario = odd.scenario.with_fault(FaultTarget::Edge(routing::EdgeId(4)), Fault::Busy);
    odd.scenario.seed = 7;
    odd.scenario.srv = vec![SrvRecord {
        host: "pbx.example.com".into(),
        targets: vec!["a.example".into(), "b.example".into()],
    }];
    add(&office, "Odd", &odd).await.unwrap();
    let done = office.portal.operation(&office.dana, account, office.version().await).await.unwrap();
    let field = |name: &str| {
        let field = done.changes[0].fields.iter().find(|field| field.name == name).unwrap();
        field.after.clone().unwrap()
    };
    assert_eq!(field("faults"), "route:pbx=silent, edge:US-East-VA=busy");
    assert_eq!((field("seed"), field("srv")), ("7".into(), "pbx.example.com → a.example b.example".into()));
}

async fn a_case_that_makes_no_sense_says_all_that_is_wrong(db: Db) {
    let office = Office::open(db).await;
    let case = pbx_silent(&office, 10);
    let id = add(&office, "Desk", &case).await.unwrap();
    let before = office.version().await;
    let nobodys = Case {
        scenario: Scenario::new(number("+12065550199"))
            .with_fault(FaultTarget::Site("x".repeat(65)), Fault::Silent),
        expect: Expectation { reaches: Reaches::Route(RouteId(99)), within_ms: Some(Millis(120_001)) },
    };
    assert_eq!(
        refused(add(&office, "DESK", &nobodys).await),
        [
            (Field::Name, "case_name_taken"),
            (Field::Number, "unknown_number"),
            (Field::Scenario, "scenario"),
            (Field::Reaches, "unknown_route"),
            (Field::Within, "beyond_set_up"),
        ]
    );
    assert_eq!(refused(add(&office, " ", &case).await), [(Field::Name, "alias_empty")]);
    let mut heavy = case.clone();
    heavy.scenario.faults = vec![heavy.scenario.faults[0].clone(); 51];
    let Err(Error::Refused(problems)) = add(&office, "Heavy", &heavy).await else { panic!() };
    assert_eq!(
        problems[0].to_string(),
        "scenario: This call cannot be saved. faults: there are 51 of them; there may be at most 50."
    );
    // What it breaks need not be there, and its own name is not taken.
    let gone = case.scenario.clone().with_fault(FaultTarget::Route(RouteId(99)), Fault::Busy);
    let gone = draft("DESK", &Case { scenario: gone, ..case.clone() });
    assert_eq!(office.version().await, before);
    office.portal.edit_case(&office.dana, office.account.id, id, before, &gone).await.unwrap();
}

async fn a_case_changed_by_somebody_else_is_neither_overwritten_nor_deleted(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    let case = pbx_silent(&office, 10);
    let id = add(&office, "Desk", &case).await.unwrap();
    let seen = office.version().await;
    office.portal.edit_case(&office.sam, account, id, seen, &draft("Sam's", &case)).await.unwrap();
    let mine = office.portal.edit_case(&office.dana, account, id, seen, &draft("Dana's", &case)).await;
    let Err(Error::CaseConflict(conflict)) = mine else { panic!("{mine:?}") };
    assert_eq!((conflict.now.name.as_str(), conflict.changes[0].actor.as_str()), ("Sam's", "Sam"));
    let mine = office.portal.delete_case(&office.dana, account, id, seen).await;
    assert!(matches!(mine, Err(Error::CaseConflict(_))), "{mine:?}");
    office.portal.delete_case(&office.dana, account, id, conflict.now.version).await.unwrap();
}

async fn an_account_has_a_limited_number_of_cases(db: Db) {
    let office = Office::open(db).await;
    let case = pbx_silent(&office, 10);
    add(&office, "Desk", &case).await.unwrap();
    let rows: Vec<String> = (2..=500)
        .map(|id| format!("select account_id, {id}, 'case {id}', 'case {id}', body, created_at, version from cases where id = 1"))
        .collect();
    for rows in rows.chunks(100) {
        let insert = "insert into cases (account_id, id, name, name_key, body, created_at, version)";
        office.db.sql(&format!("{insert} {}", rows.join(" union all "))).await;
    }
    let full = add(&office, "One more", &case).await;
    assert!(matches!(full, Err(Error::Limit { what: Noun::Case, max: 500 })), "{full:?}");
}

async fn a_case_whose_number_is_gone_says_that_it_cannot_be_run(db: Db) {
    let office = Office::open(db).await;
    let desk = Case { scenario: Scenario::new(number(DESK)), ..pbx_silent(&office, 10) };
    let id = add(&office, "Desk", &desk).await.unwrap();
    let sure = office.dana.clone().confirming_broken_cases([id]);
    let all = numbers(&[DESK], office.version().await);
    office
        .portal
        .apply_bulk(&sure, office.account.id, &all, &BulkAction::Release, None, &Progress::default())
        .await
        .unwrap();
    let view = office.portal.case(&office.dana, office.account.id, id).await.unwrap();
    let Verdict::CannotRun(why) = view.verdict else { panic!("{:?}", view.verdict) };
    assert_eq!(why.to_string(), "+12065550100 is not one of this account's numbers");
}
