//! Activity: what was done, looked up, and opened into what it changed.

use portal::{
    ActivityDraft, ActivityPage, BulkAction, Error, Field, Noun, OPERATION_CHANGES, OperationKind,
    OperationsAt, Progress,
};
use routing::{Alias, Failover, Version};

use crate::bulk::all;
use crate::office::{Office, number, refused};
use crate::support::{Db, contract};

contract!(
    what_was_done_is_found_by_who_kind_day_and_what_it_changed,
    a_bulk_action_is_one_entry_that_opens_into_all_its_rows,
    a_filter_that_makes_no_sense_is_refused_part_by_part,
    activity_comes_in_pages,
);

impl Office {
    pub(crate) async fn activity(&self, draft: &ActivityDraft) -> ActivityPage {
        self.portal.activity(&self.dana, self.account.id, draft, OperationsAt::Newest).await.unwrap()
    }

    /// A few thousand DIDs on `pbx` beside those of the office.
    pub(crate) async fn thousands(&self, count: u64) {
        let rows: String = (0..count).map(|n| format!("+1312555{n:04},pbx\n")).collect();
        self.import(&format!("number,primary\n{rows}")).await.unwrap();
    }
}

fn kinds(page: &ActivityPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.kind.as_str()).collect()
}

async fn what_was_done_is_found_by_who_kind_day_and_what_it_changed(db: Db) {
    let office = Office::open(db).await;
    let plan = office.add_plan("Night", &[&["mobile"]]).await;
    office.set_plan("+12065550100", plan).await.unwrap();
    let rename = BulkAction::SetAlias(Some(Alias::parse("Desk").unwrap()));
    let chosen = all(&office.portal, &office.sam, office.account.id).await;
    office
        .portal
        .apply_bulk(&office.sam, office.account.id, &chosen, &rename, None, &Progress::default())
        .await
        .unwrap();

    let any = ActivityDraft::default;
    let today = office.activity(&any()).await;
    assert_eq!(
        kinds(&today),
        [
            "set_alias",
            "edit_did",
            "add_plan",
            "import",
            "add_route",
            "add_route",
            "add_route",
            "create_account"
        ]
    );
    assert_eq!((today.older, today.newer), (None, None));
    assert_eq!((today.rows[0].changed, today.rows[0].changes.len()), (3, 0));
    for (draft, expected) in [
        (ActivityDraft { actor: " sam ".into(), ..any() }, &["set_alias"][..]),
        (ActivityDraft { kind: Some(OperationKind::EditDid), ..any() }, &["edit_did"]),
        // As the account's people dial.
        (ActivityDraft { number: "(206) 555-0100".into(), ..any() }, &["set_alias", "edit_did", "import"]),
        (ActivityDraft { number: "+12065550101".into(), ..any() }, &["set_alias", "import"]),
        (ActivityDraft { number: "+12065550199".into(), ..any() }, &[]),
        (ActivityDraft { route: Some(office.id("mobile")), ..any() }, &["add_route"]),
        (ActivityDraft { plan: Some(plan), ..any() }, &["add_plan"]),
        (ActivityDraft { plan: Some(plan), route: Some(office.id("mobile")), ..any() }, &[]),
        (ActivityDraft { until: "2020-12-31".into(), ..any() }, &[]),
        (
            ActivityDraft { from: "2020-12-31".into(), kind: Some(OperationKind::Import), ..any() },
            &["import"],
        ),
    ] {
        assert_eq!(kinds(&office.activity(&draft).await), expected, "{draft:?}");
    }
}

async fn a_bulk_action_is_one_entry_that_opens_into_all_its_rows(db: Db) {
    let office = Office::open(db).await;
    office.thousands(2_000).await;
    let mobile = Failover::Route(office.id("mobile"));
    let done = office.apply(&office.all().await, &BulkAction::SetFailoverRoute(mobile)).await;
    let version = done.version.unwrap();
    assert_eq!(office.activity(&ActivityDraft::default()).await.rows[0].version, version);
    let mut seen = Vec::new();
    loop {
        let from = seen.len() as u64;
        let part =
            office.portal.operation_from(&office.dana, office.account.id, version, from).await.unwrap();
        assert_eq!((part.changed, part.changes_from), (2_003, from));
        assert!(part.changes.len() <= OPERATION_CHANGES as usize);
        seen.extend(part.changes.into_iter().map(|change| change.label));
        if !part.changes_more {
            break;
        }
    }
    assert_eq!(seen.len(), 2_003);
    seen.dedup();
    assert_eq!((seen.len(), seen[0].as_str()), (2_003, number("+12065550100").to_string().as_str()));
}

async fn a_filter_that_makes_no_sense_is_refused_part_by_part(db: Db) {
    let office = Office::open(db).await;
    let any = ActivityDraft::default;
    for (draft, expected) in [
        (
            ActivityDraft {
                number: "front desk".into(),
                from: "yesterday".into(),
                until: "2026-02-30".into(),
                actor: "x".repeat(65),
                ..any()
            },
            &[Field::Actor, Field::Number, Field::From, Field::Until][..],
        ),
        (ActivityDraft { from: "2026-02-02".into(), until: "2026-02-01".into(), ..any() }, &[Field::Until]),
    ] {
        let asked =
            office.portal.activity(&office.dana, office.account.id, &draft, OperationsAt::Newest).await;
        assert_eq!(refused(asked).into_iter().map(|(field, _)| field).collect::<Vec<_>>(), expected);
    }
    let day = ActivityDraft { from: "2026-02-02".into(), until: "2026-02-02".into(), ..any() };
    assert_eq!(office.activity(&day).await.rows.len(), 0);
}

async fn activity_comes_in_pages(db: Db) {
    let office = Office::open(db).await;
    let (pbx, mobile) = (office.id("pbx"), office.id("mobile"));
    for n in 0..60 {
        let route = if n % 2 == 0 { mobile } else { pbx };
        let chosen = office.all().await;
        office.apply(&chosen, &BulkAction::SetRoute(route)).await;
    }
    let at = async |at| {
        let draft = ActivityDraft::default();
        office.portal.activity(&office.dana, office.account.id, &draft, at).await.unwrap()
    };
    let first = at(OperationsAt::Newest).await;
    let second = at(OperationsAt::OlderThan(first.older.unwrap())).await;
    assert_eq!((first.rows.len(), first.newer, second.older), (50, None, None));
    assert_eq!(second.rows.len() as i64, office.version().await.0 + 1 - 50);
    let back = at(OperationsAt::NewerThan(second.newer.unwrap())).await;
    assert_eq!((back.rows, back.newer, back.older), (first.rows, None, first.older));
    let other = office.db.second_account().await.id;
    let theirs =
        office.portal.activity(&office.dana, other, &ActivityDraft::default(), OperationsAt::Newest).await;
    assert!(matches!(theirs, Err(Error::NotFound(Noun::Account))), "{theirs:?}");
    let gone = office.portal.operation_from(&office.dana, office.account.id, Version(999), 0).await;
    assert!(matches!(gone, Err(Error::NotFound(Noun::Operation))), "{gone:?}");
}
