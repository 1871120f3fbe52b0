//! Undo: what goes back, what stays since somebody changed it later, and what cannot be undone.

use portal::{
    ActivityDraft, Actor, BulkAction, CaseDraft, DidDraft, Error, NotUndone, Noun, OperationKind, Progress,
    Refusal, UndoPlan, UndoResult, Via,
};
use routing::{Alias, Case, Expectation, Failover, Fault, FaultTarget, Reaches, Scenario, Version};

use crate::bulk::numbers;
use crate::office::{Office, draft, number};
use crate::support::{Db, contract};

contract!(
    a_bulk_action_goes_back_and_later_edits_stay_and_are_told,
    an_undo_can_be_undone_and_that_too,
    every_did_action_can_be_undone,
    an_import_releases_what_it_added_and_puts_back_what_it_changed,
    a_released_did_comes_back_unless_it_is_back_or_its_route_is_gone,
    a_failover_that_leads_back_to_us_meanwhile_is_not_put_back,
    no_failover_comes_back_that_rings_what_comes_back_with_it,
    an_undo_that_breaks_a_saved_case_is_asked_about,
    what_cannot_be_undone_says_why,
    an_undo_without_anything_to_put_back_writes_nothing,
);

impl Office {
    pub(crate) async fn undo_plan(&self, version: Version) -> UndoPlan {
        self.portal.undo_plan(&self.dana, self.account.id, version).await.unwrap()
    }

    pub(crate) async fn undo(&self, version: Version) -> UndoResult {
        let reason = Some(" by\nmistake ".to_owned());
        self.portal.undo(&self.dana, self.account.id, version, reason, &Progress::default()).await.unwrap()
    }

    /// Undoes, after its plan; both must count alike.
    pub(crate) async fn undo_as_planned(&self, version: Version) -> UndoResult {
        let plan = self.undo_plan(version).await;
        let done = self.undo(version).await;
        assert_eq!((plan.barred, plan.changes, plan.unchanged), (None, done.changed, done.unchanged));
        assert_eq!((plan.refused, plan.left), (done.refused, done.left.clone()));
        done
    }
}

async fn a_bulk_action_goes_back_and_later_edits_stay_and_are_told(db: Db) {
    let office = Office::open(db).await;
    // More than one round of the walk.
    office.thousands(9_999).await;
    let rows: String = (0..5_000).map(|n| format!("+1415555{n:04},pbx,mobile\n")).collect();
    office.import(&format!("number,primary,failover\n{rows}")).await.unwrap();
    let before = office.csv().await;
    let spare = Failover::Route(office.id("spare"));
    let bulk = office.apply(&office.all().await, &BulkAction::SetFailoverRoute(spare)).await;
    let version = bulk.version.unwrap();
    assert_eq!(bulk.changed, 15_002);
    // Sam edits one afterwards and releases another.
    let edited = number("+12065550101");
    let draft = DidDraft { alias: "Sam's".into(), ..DidDraft::of(&office.did("+12065550101").await.row) };
    let now = office.version().await;
    office.portal.edit_did(&office.sam, office.account.id, edited, now, &draft).await.unwrap();
    let one = numbers(&["+13125550007"], office.version().await);
    let gone = office
        .portal
        .apply_bulk(&office.sam, office.account.id, &one, &BulkAction::Release, None, &Progress::default())
        .await;
    let gone = gone.unwrap().version.unwrap();

    let plan = office.undo_plan(version).await;
    assert_eq!((plan.changes, plan.unchanged, plan.refused), (15_000, 0, 2));
    assert_eq!(plan.rows[0].fields[0].before.as_deref(), Some("spare"));
    assert_eq!(plan.rows[0].fields[0].after, None);
    let expected = [(edited, Version(version.0 + 1)), (number("+13125550007"), gone)];
    let told = plan.refusals.iter().map(|(number, why)| match why {
        Refusal::EditedAfter { by, version, .. } if by == "Sam" => (*number, *version),
        other => panic!("{other:?}"),
    });
    assert_eq!(told.collect::<Vec<_>>(), expected);

    let start = std::time::Instant::now();
    let done = office.undo(version).await;
    println!("15,000 undone in {:?}", start.elapsed());
    assert_eq!((done.changed, done.unchanged, done.refused), (15_000, 0, 2));
    assert_eq!(done.refusals, plan.refusals);
    let entry =
        office.portal.operation(&office.dana, office.account.id, done.version.unwrap()).await.unwrap();
    assert_eq!(entry.kind, OperationKind::Undo);
    assert_eq!(entry.reason.as_deref(), Some("by mistake"));
    assert_eq!((entry.about.as_str(), entry.changed, entry.refused), ("spare", 15_000, 2));
    assert_eq!(entry.refusals, done.refusals);
    let undone = entry.undone.unwrap();
    assert_eq!((undone.version, undone.kind), (version, OperationKind::SetFailoverRoute));
    // All is as it was but what Sam did.
    let after = office.csv().await;
    let differ: Vec<&str> = before.lines().filter(|line| !after.contains(line)).collect();
    assert_eq!(differ.len(), 2, "{differ:?}");
    assert_eq!(office.did("+12065550101").await.row.failover.to_string(), "spare");
    let found = ActivityDraft { kind: Some(OperationKind::Undo), ..ActivityDraft::default() };
    assert_eq!(office.activity(&found).await.rows.len(), 1);
}

async fn an_undo_can_be_undone_and_that_too(db: Db) {
    let office = Office::open(db).await;
    let before = office.csv().await;
    let mobile = Failover::Route(office.id("mobile"));
    let bulk = office.apply(&office.all().await, &BulkAction::SetFailoverRoute(mobile)).await;
    let changed = office.csv().await;
    let mut version = bulk.version.unwrap();
    for expected in [&before, &changed, &before] {
        let done = office.undo_as_planned(version).await;
        assert_eq!((done.changed, done.refused), (3, 0));
        assert_eq!(&office.csv().await, expected);
        version = done.version.unwrap();
    }
    // What was undone twice is as it was: the first undo finds nothing left.
    let again = office.undo_as_planned(bulk.version.unwrap()).await;
    assert_eq!((again.version, again.changed, again.unchanged), (None, 0, 3));
}

async fn every_did_action_can_be_undone(db: Db) {
    let office = Office::open(db).await;
    let plan = office.add_plan("Night", &[&["mobile"]]).await;
    // Weights and a plan must come back too.
    let shared = "number,alias,primary,failover\n+12065550100,Front desk,pbx,mobile\n";
    office.import(shared).await.unwrap();
    let view = office.did("+12065550100").await;
    let draft =
        DidDraft { primary_weight: "70".into(), failover_weight: "30".into(), ..DidDraft::of(&view.row) };
    let did = number("+12065550100");
    office.portal.edit_did(&office.dana, office.account.id, did, view.as_of, &draft).await.unwrap();
    office.set_plan("+12065550101", plan).await.unwrap();
    let before = office.dids().await;
    let routings = |rows: &[portal::DidRow]| -> Vec<String> {
        let show = |row: &portal::DidRow| {
            format!("{} {:?} {} {} {:?}", row.number, row.alias, row.primary.alias, row.failover, row.weights)
        };
        rows.iter().map(show).collect()
    };
    for action in [
        BulkAction::SetRoute(office.id("spare")),
        BulkAction::SetFailoverRoute(Failover::Route(office.id("spare"))),
        BulkAction::ClearFailoverRoute,
        BulkAction::SetAlias(Some(Alias::parse("Desk").unwrap())),
        BulkAction::SetAlias(None),
        BulkAction::Release,
    ] {
        let bulk = office.apply(&office.all().await, &action).await;
        let done = office.undo_as_planned(bulk.version.unwrap()).await;
        assert_eq!((done.changed, done.refused), (bulk.changed, 0), "{action:?}");
        assert_eq!(routings(&office.dids().await), routings(&before), "{action:?}");
    }
    // The edit on a DID's page.
    office.set_failover("+12065550102", office.id("mobile")).await.unwrap();
    office.undo_as_planned(office.version().await).await;
    assert_eq!(routings(&office.dids().await), routings(&before));
}

async fn an_import_releases_what_it_added_and_puts_back_what_it_changed(db: Db) {
    let office = Office::open(db).await;
    let before = office.csv().await;
    let more = "number,alias,primary\n+12065550100,Other,mobile\n+12065550110,,pbx\n+12065550111,,pbx\n";
    office.import(more).await.unwrap();
    let version = office.version().await;
    office.set_failover("+12065550111", office.id("mobile")).await.unwrap();
    let done = office.undo_as_planned(version).await;
    assert_eq!((done.changed, done.refused), (2, 1));
    assert!(matches!(&done.refusals[..], [(kept, Refusal::EditedAfter { by, .. })]
        if *kept == number("+12065550111") && by == "Dana"));
    let after = office.csv().await;
    assert!(before.lines().all(|line| after.contains(line)) && !after.contains("+12065550110"), "{after}");
    // The undo of that adds and changes again.
    office.undo_as_planned(done.version.unwrap()).await;
    assert!(office.csv().await.contains("+12065550110"));
    assert_eq!(office.did("+12065550100").await.row.primary.alias.as_str(), "mobile");
}

async fn a_released_did_comes_back_unless_it_is_back_or_its_route_is_gone(db: Db) {
    let mut office = Office::open(db).await;
    let old = office.add("old", "host", "old.example.com").await;
    office.import("number,primary\n+12065550120,old\n").await.unwrap();
    let bulk = office.apply(&office.all().await, &BulkAction::Release).await;
    office.portal.delete_route(&office.dana, office.account.id, old, office.version().await).await.unwrap();
    // One is imported again otherwise, one as it was.
    office.import("number,alias,primary\n+12065550100,Back,mobile\n+12065550102,,pbx\n").await.unwrap();
    let back = office.version().await;
    let done = office.undo_as_planned(bulk.version.unwrap()).await;
    assert_eq!((done.changed, done.unchanged, done.refused), (1, 1, 2));
    let [(first, edited), (last, gone)] = done.refusals.as_slice() else { panic!("{done:?}") };
    assert_eq!((*first, *last), (number("+12065550100"), number("+12065550120")));
    assert!(matches!(edited, Refusal::EditedAfter { version, .. } if *version == back), "{edited:?}");
    assert_eq!(gone, &Refusal::TargetGone { name: "old".into() });
    assert_eq!(office.did("+12065550101").await.row.alias.unwrap().to_string(), "Billing");
    // A number that somebody else has by now stays theirs.
    let taken = office.apply(&office.all().await, &BulkAction::Release).await.version.unwrap();
    office.db.second_account().await;
    office
        .db
        .sql(
            "insert into dids (account_id, number, primary_route, calling_code, changed_at, version)
             values (2, 12065550101, 0, 1, 0, 0)",
        )
        .await;
    let done = office.undo_as_planned(taken).await;
    assert_eq!(
        (done.changed, &done.refusals[..]),
        (2, &[(number("+12065550101"), Refusal::NumberTaken)][..])
    );
}

async fn a_failover_that_leads_back_to_us_meanwhile_is_not_put_back(db: Db) {
    let mut office = Office::open(db).await;
    let outside = office.add("outside", "phone", "+12065550150").await;
    let failover = Failover::Route(outside);
    office.apply(&office.all().await, &BulkAction::SetFailoverRoute(failover)).await;
    let cleared = office.apply(&office.all().await, &BulkAction::ClearFailoverRoute).await;
    // The number that it rings becomes ours.
    office.import("number,primary\n+12065550150,pbx\n").await.unwrap();
    let done = office.undo_as_planned(cleared.version.unwrap()).await;
    assert_eq!((done.version, done.changed, done.refused), (None, 0, 3));
    assert!(done.refusals.iter().all(|(_, why)| matches!(why, Refusal::OwnDid(_))), "{done:?}");
}

/// Of a released number nobody knows that it will be ours again, so that a route may ring it meanwhile.
async fn no_failover_comes_back_that_rings_what_comes_back_with_it(db: Db) {
    let mut office = Office::open(db).await;
    let outside = office.add("outside", "phone", "+12065550150").await;
    // They go back in rounds of 2,000; in one and in several, whichever of the two stands first.
    for between in [0, 4_500] {
        for (ours, rings) in [("+12065560000", "+12065569999"), ("+12065569999", "+12065560000")] {
            let others: String = (0..between).map(|n| format!("+1206556{:04},pbx,\n", n + 1)).collect();
            let csv = format!("number,primary,failover\n{ours},pbx,\n{rings},pbx,outside\n{others}");
            office.import(&csv).await.unwrap();
            let released = office.apply(&office.all().await, &BulkAction::Release).await;
            let ring = async |value: &str| {
                let (dana, account) = (&office.dana, office.account.id);
                let now = office.version().await;
                office.portal.edit_route(dana, account, outside, now, &draft("outside", "phone", value)).await
            };
            ring(ours).await.unwrap();
            let done = office.undo_as_planned(released.version.unwrap()).await;
            assert_eq!((done.changed, done.refused), (released.changed - 1, 1), "{between} {ours}");
            let [(number, Refusal::OwnDid(_))] = &done.refusals[..] else { panic!("{done:?}") };
            assert_eq!(number.to_string(), rings);
            office.apply(&office.all().await, &BulkAction::Release).await;
            ring("+12065550150").await.unwrap();
        }
    }
    // What was added leaves: who rang it before it was there may ring it again.
    office.import("number,primary,failover\n+12065560001,pbx,outside\n").await.unwrap();
    office.import("number,primary,failover\n+12065560001,pbx,mobile\n+12065550150,pbx,\n").await.unwrap();
    let done = office.undo_as_planned(office.version().await).await;
    assert_eq!((done.changed, done.refused), (2, 0), "{done:?}");
    assert_eq!(office.did("+12065560001").await.row.failover.to_string(), "outside");
}

async fn an_undo_that_breaks_a_saved_case_is_asked_about(db: Db) {
    let office = Office::open(db).await;
    let did = number("+12065550100");
    office.set_failover("+12065550100", office.id("mobile")).await.unwrap();
    let version = office.version().await;
    let pbx = FaultTarget::Route(office.id("pbx"));
    let scenario = Scenario::new(did).with_fault(pbx, Fault::Silent);
    let expect = Expectation { reaches: Reaches::Route(office.id("mobile")), within_ms: None };
    let case = CaseDraft { name: "Desk".into(), case: Case { scenario, expect } };
    let id = office.portal.add_case(&office.dana, office.account.id, &case).await.unwrap();
    let before = office.version().await;
    let asked =
        office.portal.undo(&office.dana, office.account.id, version, None, &Progress::default()).await;
    let Err(Error::BreaksCases(broken)) = asked else { panic!("{asked:?}") };
    assert_eq!((broken[0].id, office.version().await), (id, before));
    let sure = Actor::owner(office.account.id, "Dana", Via::Browser).confirming_broken_cases([id]);
    let done =
        office.portal.undo(&sure, office.account.id, version, None, &Progress::default()).await.unwrap();
    let entry =
        office.portal.operation(&office.dana, office.account.id, done.version.unwrap()).await.unwrap();
    assert_eq!((entry.broken_cases, entry.undone.unwrap().version), (vec!["Desk".to_owned()], version));
}

async fn what_cannot_be_undone_says_why(db: Db) {
    let office = Office::open(db).await;
    let plan = office.undo_plan(Version(0)).await;
    assert_eq!((plan.barred, plan.changes, plan.refused), (Some(NotUndone::Creation), 0, 0));
    let before = office.version().await;
    let done =
        office.portal.undo(&office.dana, office.account.id, Version(0), None, &Progress::default()).await;
    assert!(matches!(done, Err(Error::NotUndone(NotUndone::Creation))), "{done:?}");
    let done =
        office.portal.undo(&office.dana, office.account.id, Version(99), None, &Progress::default()).await;
    assert!(matches!(done, Err(Error::NotFound(Noun::Operation))), "{done:?}");
    // What cannot be read is left, and says so.
    office.db.disarm_history().await;
    office.db.sql("update changes set before = '{\"primary_id\": \"x\"}' where before is not null").await;
    office.set_failover("+12065550100", office.id("mobile")).await.unwrap();
    let version = office.version().await;
    office.db.sql("update changes set before = '{\"primary_id\": \"x\"}' where before is not null").await;
    let plan = office.undo_plan(version).await;
    assert_eq!(plan.refusals, [(number("+12065550100"), Refusal::Unreadable)]);
    assert_eq!(office.version().await.0, before.0 + 1);
}

async fn an_undo_without_anything_to_put_back_writes_nothing(db: Db) {
    let office = Office::open(db).await;
    let mobile = office.id("mobile");
    office.set_failover("+12065550100", mobile).await.unwrap();
    let version = office.version().await;
    office.set_failover_none("+12065550100").await;
    let now = office.version().await;
    let done = office.undo_as_planned(version).await;
    assert_eq!((done.version, done.changed, done.unchanged, done.refused), (None, 0, 1, 0));
    assert_eq!(office.version().await, now);
}

impl Office {
    async fn set_failover_none(&self, did: &str) {
        let view = self.did(did).await;
        let draft = DidDraft { failover: String::new(), ..DidDraft::of(&view.row) };
        let saved = self.portal.edit_did(&self.dana, self.account.id, number(did), view.as_of, &draft).await;
        assert!(saved.unwrap().changed);
    }
}
