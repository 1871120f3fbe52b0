//! A CSV of DIDs is planned and applied whole, and downloads come back as they were.

use portal::{BulkAction, DidFilter, Error, FileProblem, ImportOutcome, Noun, Progress, Selection};
use routing::{Failover, RouteId, Routing, Version};

use crate::office::{Office, number, stage};
use crate::support::{Db, contract};

contract!(
    a_plan_changes_nothing_and_applying_does_what_it_said,
    errors_come_by_line_and_nothing_is_half_applied,
    a_staged_file_is_applied_once,
    what_somebody_edited_since_the_plan_is_refused,
    a_staged_file_never_overwrites_what_was_edited_since_however_often_it_is_reviewed,
    a_number_released_since_the_file_was_brought_in_is_not_added_again,
    a_number_that_a_failover_rings_cannot_be_added,
    a_number_that_a_plan_rings_cannot_be_added,
    plans_are_imported_by_name_and_downloaded_so,
    formula_leads_survive_a_download_and_an_import,
    a_download_holds_what_the_filter_lets_through,
    another_accounts_number_is_refused,
    a_number_that_another_account_adds_meanwhile_is_refused_and_then_told,
    a_file_of_many_parts_is_done_whole_as_one_change_and_undone_as_one,
    a_fault_in_the_last_part_leaves_nothing_of_the_first,
    what_the_last_row_forbids_is_told_of_the_first,
    a_file_that_cannot_be_read_leaves_nothing_behind,
    a_plan_that_is_looked_at_again_is_that_of_now,
);

async fn a_plan_changes_nothing_and_applying_does_what_it_said(db: Db) {
    let office = Office::open(db).await;
    let before = office.version().await;
    let csv = "Phone;Label;Route;Backup\r\n(206) 555-0100;Reception;;mobile\r\n+442079460000;London;spare;\r\n+12065550101;Billing;pbx;\r\n";
    let plan = office.plan_import(csv).await.unwrap();
    assert_eq!((plan.rows_total, plan.adds, plan.changes, plan.unchanged, plan.errors), (3, 1, 1, 1, 0));
    assert_eq!(plan.as_of, before);
    assert_eq!(office.version().await, before);
    let ImportOutcome::Change { before: was, after } = &plan.rows[0].outcome else {
        panic!("{:?}", plan.rows)
    };
    assert_eq!(was.to_string(), "Front desk: pbx, no failover");
    assert_eq!(after.to_string(), "Reception: pbx → mobile");
    let result = office.import(csv).await.unwrap();
    assert_eq!((result.added, result.changed, result.unchanged), (1, 1, 1));
    let done =
        office.portal.operation(&office.dana, office.account.id, result.version.unwrap()).await.unwrap();
    assert_eq!((done.kind.as_str(), done.about.as_str(), done.changed), ("import", "numbers.csv", 2));
    let again = office.import(csv).await.unwrap();
    assert_eq!((again.version, again.unchanged), (None, 3));
}

async fn errors_come_by_line_and_nothing_is_half_applied(db: Db) {
    let office = Office::open(db).await;
    let (before, csv_before) = (office.version().await, office.csv().await);
    let csv = "number,alias,failover\n+12065550110,a,mobile\n911,b,\n+12065550110,c,\n+12065550111,d,mobil\n1.20655E+10,,\n";
    let Err(Error::ImportRefused(plan)) = office.import(csv).await else { panic!("imported") };
    assert_eq!((plan.errors, plan.adds), (4, 1));
    let errors: Vec<(u64, &str)> = plan
        .rows
        .iter()
        .filter_map(|row| match &row.outcome {
            ImportOutcome::Error(error) => Some((row.line, error.code())),
            _ => None,
        })
        .collect();
    assert_eq!(errors, [(3, "number_emergency"), (4, "twice"), (5, "unknown_route"), (6, "shortened")]);
    let ImportOutcome::Error(error) = &plan.rows[2].outcome else { panic!() };
    assert!(error.to_string().ends_with("Did you mean mobile?"), "{error}");
    assert_eq!((office.version().await, office.csv().await), (before, csv_before));
    let unreadable = office.import("name\nx\n").await;
    assert!(
        matches!(unreadable, Err(Error::ImportFile(FileProblem::NoNumberColumn { .. }))),
        "{unreadable:?}"
    );
}

async fn a_staged_file_is_applied_once(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let draft = office.stage("number\n+12065550110\n").await.unwrap();
    let (name, plan) = portal.staged_import(&office.dana, account, &draft).await.unwrap();
    assert_eq!((name.as_str(), plan.adds), ("numbers.csv", 1));
    let result =
        portal.apply_import(&office.dana, account, &draft, plan.as_of, &Progress::default()).await.unwrap();
    assert_eq!(result.added, 1);
    let again = portal.apply_import(&office.dana, account, &draft, plan.as_of, &Progress::default()).await;
    assert!(matches!(again, Err(Error::NotFound(Noun::Draft))), "{again:?}");
    assert_eq!(office.did("+12065550110").await.row.primary.alias.as_str(), "sip-reg");
}

async fn what_somebody_edited_since_the_plan_is_refused(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let draft = office.stage("number,alias\n+12065550100,Reception\n+12065550101,Money\n").await.unwrap();
    let (_, plan) = portal.staged_import(&office.dana, account, &draft).await.unwrap();
    let edit = portal::DidDraft {
        alias: "Sam".into(),
        primary: office.id("pbx").to_string(),
        ..portal::DidDraft::default()
    };
    portal.edit_did(&office.sam, account, number("+12065550101"), plan.as_of, &edit).await.unwrap();
    let Err(Error::ImportRefused(plan)) =
        portal.apply_import(&office.dana, account, &draft, plan.as_of, &Progress::default()).await
    else {
        panic!("imported")
    };
    assert_eq!(plan.rows[0].line, 3);
    let ImportOutcome::Error(error) = &plan.rows[0].outcome else { panic!("{:?}", plan.rows) };
    assert_eq!(
        error.to_string(),
        "Sam changed this DID after the file was brought in. Bring the file in again to look at it anew."
    );
    assert_eq!(office.did("+12065550100").await.row.alias.unwrap().as_str(), "Front desk");
}

async fn a_staged_file_never_overwrites_what_was_edited_since_however_often_it_is_reviewed(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let csv = "number,alias\n+12065550100,Reception\n+12065550101,Money\n";
    let draft = office.stage(csv).await.unwrap();
    let staged = office.version().await;
    let edit = portal::DidDraft {
        alias: "Sam".into(),
        primary: office.id("pbx").to_string(),
        ..portal::DidDraft::default()
    };
    portal.edit_did(&office.sam, account, number("+12065550101"), staged, &edit).await.unwrap();
    let errors = |plan: &portal::ImportPlan| -> Vec<(u64, String)> {
        let error = |row: &portal::ImportRow| match &row.outcome {
            ImportOutcome::Error(error) => Some((row.line, error.to_string())),
            _ => None,
        };
        plan.rows.iter().filter_map(error).collect()
    };
    let expected = [(
        3,
        "Sam changed this DID after the file was brought in. Bring the file in again to look at it anew."
            .to_owned(),
    )];
    let (_, plan) = portal.staged_import(&office.dana, account, &draft).await.unwrap();
    assert_eq!((plan.as_of, errors(&plan)), (staged, expected.to_vec()));
    // What the page posts back, what it posts after the refusal, and what it never showed.
    for as_of in [plan.as_of, staged, office.version().await, Version(i64::MAX)] {
        let refused = portal.apply_import(&office.dana, account, &draft, as_of, &Progress::default()).await;
        let Err(Error::ImportRefused(plan)) = refused else { panic!("{refused:?}") };
        assert_eq!((plan.as_of, errors(&plan)), (staged, expected.to_vec()));
    }
    // Brought in again, it has been looked at anew.
    let again = office.stage(csv).await.unwrap();
    let (_, plan) = portal.staged_import(&office.dana, account, &again).await.unwrap();
    assert_eq!((plan.changes, plan.errors), (2, 0));
    assert_eq!(
        portal
            .apply_import(&office.dana, account, &again, plan.as_of, &Progress::default())
            .await
            .unwrap()
            .changed,
        2
    );
}

async fn a_number_released_since_the_file_was_brought_in_is_not_added_again(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let csv = "number,alias\n+12065550101,Money\n+12065550110,New\n";
    let draft = office.stage(csv).await.unwrap();
    let (_, plan) = portal.staged_import(&office.dana, account, &draft).await.unwrap();
    assert_eq!((plan.adds, plan.changes, plan.errors), (1, 1, 0));
    let selection =
        Selection::Numbers { numbers: vec![number("+12065550101")], as_of: office.version().await };
    portal
        .apply_bulk(&office.sam, account, &selection, &BulkAction::Release, None, &Progress::default())
        .await
        .unwrap();
    let (_, seen) = portal.staged_import(&office.dana, account, &draft).await.unwrap();
    let refused = portal.apply_import(&office.dana, account, &draft, plan.as_of, &Progress::default()).await;
    let Err(Error::ImportRefused(refused)) = refused else { panic!("{refused:?}") };
    for plan in [&seen, &*refused] {
        assert_eq!((plan.adds, plan.errors), (1, 1));
        let ImportOutcome::Error(error) = &plan.rows[0].outcome else { panic!("{:?}", plan.rows) };
        assert_eq!((plan.rows[0].line, error.code()), (2, "released_since"));
        assert!(error.to_string().starts_with("Sam released this number"), "{error}");
    }
    assert_eq!(office.dids().await.len(), 2);
    // Brought in again, it is a number like any other.
    let done = office.import(csv).await.unwrap();
    assert_eq!(done.added, 2);
}

async fn a_number_that_a_failover_rings_cannot_be_added(db: Db) {
    let office = Office::open(db).await;
    let csv = "number\n+12065550177\n";
    office.set_failover("+12065550100", office.id("mobile")).await.unwrap();
    let Err(Error::ImportRefused(plan)) = office.import(csv).await else { panic!("imported") };
    let ImportOutcome::Error(error) = &plan.rows[0].outcome else { panic!() };
    assert_eq!(error.code(), "rung_by_failover");
    office.set_failover("+12065550100", office.id("spare")).await.unwrap();
    assert_eq!(office.import(csv).await.unwrap().added, 1);
    // And now it cannot become one.
    let own = office.import("number,failover\n+12065550100,mobile\n").await;
    let Err(Error::ImportRefused(plan)) = own else { panic!("imported") };
    let ImportOutcome::Error(error) = &plan.rows[0].outcome else { panic!() };
    assert_eq!(error.code(), "own_did");
}

/// The codes of the rows that were refused.
fn codes(result: Result<portal::ImportResult, Error>) -> Vec<&'static str> {
    let Err(Error::ImportRefused(plan)) = result else { panic!("{result:?}") };
    let code = |row: &portal::ImportRow| match &row.outcome {
        ImportOutcome::Error(error) => Some(error.code()),
        _ => None,
    };
    plan.rows.iter().filter_map(code).collect()
}

async fn a_number_that_a_plan_rings_cannot_be_added(db: Db) {
    let office = Office::open(db).await;
    let csv = "number\n+12065550177\n";
    let night = office.add_plan("Night", &[&["spare"], &["mobile"]]).await;
    let refused = office.import(csv).await;
    let Err(Error::ImportRefused(plan)) = &refused else { panic!("{refused:?}") };
    let ImportOutcome::Error(error) = &plan.rows[0].outcome else { panic!() };
    assert_eq!(error.code(), "rung_by_plan");
    assert!(
        error.to_string().contains("mobile rings this number and is in the failover plan Night."),
        "{error}"
    );
    let account = office.account.id;
    office.portal.delete_plan(&office.dana, account, night, office.version().await).await.unwrap();
    assert_eq!(office.import(csv).await.unwrap().added, 1);
}

async fn plans_are_imported_by_name_and_downloaded_so(db: Db) {
    let mut office = Office::open(db).await;
    office.add("plan:b", "host", "b.example.com").await;
    office.add_plan("Night, late", &[&["mobile"]]).await;
    office.add_plan("Again", &[&["pbx"], &["pbx"]]).await;
    office.import("number,alias,failover\n+12065550100,plan:x,\"Plan: night, late\"\n").await.unwrap();
    office.import("number,failover\n+12065550101,'plan:b\n").await.unwrap();
    let written = office.csv().await;
    assert_eq!(
        written,
        "number,alias,primary,failover\r\n\
         +12065550100,'plan:x,pbx,\"plan:Night, late\"\r\n\
         +12065550101,Billing,pbx,'plan:b\r\n\
         +12065550102,,pbx,\r\n"
    );
    let back = office.import(&written).await.unwrap();
    assert_eq!((back.version, back.unchanged), (None, 3));
    let refused = office.import("number,failover\n+12065550102,plan:Nigth\n+12065550101,plan:again\n").await;
    let Err(Error::ImportRefused(plan)) = &refused else { panic!("{refused:?}") };
    let ImportOutcome::Error(error) = &plan.rows[0].outcome else { panic!() };
    assert_eq!(
        error.to_string(),
        "No failover plan is called Nigth. Add it first, or write the name of another."
    );
    assert_eq!(codes(refused), ["unknown_plan", "same_as_primary"]);
    let plan = office.plan_import("number,failover\n+12065550102,plan:nigh\n").await.unwrap();
    let ImportOutcome::Error(error) = &plan.rows[0].outcome else { panic!() };
    assert!(error.to_string().ends_with("Did you mean Night, late?"), "{error}");
    let plan = office.plan_import("number,failover\n+12065550100,mobile\n").await.unwrap();
    let ImportOutcome::Change { before, after } = &plan.rows[0].outcome else { panic!() };
    assert_eq!(before.to_string(), "plan:x: pbx → plan Night, late");
    assert_eq!(after.to_string(), "plan:x: pbx → mobile");
}

async fn formula_leads_survive_a_download_and_an_import(db: Db) {
    let mut office = Office::open(db).await;
    office.add("=cmd|' /C calc'!A0", "host", "a.example.com").await;
    office.import("number,alias,primary,failover\n+12065550100,'=1+1,,'=cmd|' /C calc'!A0\n+12065550101,\"'@x, \"\"y\"\"\",,\n+12065550102,'none,,\n+12065550103,'＝1,pbx,\n+12065550104,＋1,pbx,\n").await.unwrap();
    let csv = office.csv().await;
    assert_eq!(
        csv,
        "number,alias,primary,failover\r\n\
         +12065550100,'=1+1,pbx,'=cmd|' /C calc'!A0\r\n\
         +12065550101,\"'@x, \"\"y\"\"\",pbx,\r\n\
         +12065550102,'none,pbx,\r\n\
         +12065550103,'＝1,pbx,\r\n\
         +12065550104,'＋1,pbx,\r\n"
    );
    assert_eq!(office.did("+12065550103").await.row.alias.unwrap().as_str(), "＝1");
    assert_eq!(office.did("+12065550100").await.row.alias.unwrap().as_str(), "=1+1");
    assert_eq!(office.did("+12065550101").await.row.alias.unwrap().as_str(), "@x, \"y\"");
    let back = office.import(&csv).await.unwrap();
    assert_eq!((back.version, back.unchanged), (None, 5));
}

async fn a_download_holds_what_the_filter_lets_through(db: Db) {
    let office = Office::open(db).await;
    let mut csv = String::from("number\n");
    for line in 0..5_001 {
        csv.push_str(&format!("+44113{:07}\n", 4_960_000 + line));
    }
    office.import(&csv).await.unwrap();
    let filter = DidFilter { calling_code: Some(44), ..DidFilter::default() };
    let (mut parts, mut text) = (0, String::new());
    let write = |part: &[u8]| {
        parts += 1;
        text.push_str(std::str::from_utf8(part).unwrap());
    };
    let dids = office.portal.export_csv(&office.dana, office.account.id, &filter, write).await.unwrap();
    assert_eq!((dids, parts, text.lines().count()), (5_001, 2, 5_002));
    assert_eq!(text.lines().nth(1), Some("+441134960000,,sip-reg,"));
}

async fn another_accounts_number_is_refused(db: Db) {
    let office = Office::open(db).await;
    let other = office.db.second_account().await;
    let sam = portal::Actor::owner(other.id, "Sam", portal::Via::Api);
    let draft = stage(&office.portal, &sam, other.id, "number\n+441134960000\n").await.unwrap();
    office.portal.apply_import(&sam, other.id, &draft, other.version, &Progress::default()).await.unwrap();
    let Err(Error::ImportRefused(plan)) = office.import("number\n+441134960000\n").await else {
        panic!("taken")
    };
    let ImportOutcome::Error(error) = &plan.rows[0].outcome else { panic!() };
    assert_eq!(error.code(), "elsewhere");
}

async fn a_number_that_another_account_adds_meanwhile_is_refused_and_then_told(db: Db) {
    let office = Office::open(db).await;
    let other = office.db.second_account().await;
    let (csv, before) = ("number,alias\n+12065550110,Lobby\n+12065550111,\n", office.version().await);
    let new = store::NewDid {
        number: number("+12065550111"),
        alias: None,
        routing: Routing { primary: RouteId::REGISTERED, failover: Failover::None, weights: None },
    };
    let mut tx = office.db.store.begin(other.id).await.unwrap();
    tx.insert_dids(&[new]).await.unwrap();
    // What the other has not committed yet is seen by nobody, and waited for by whoever writes the same.
    let (refused, committed) = tokio::join!(office.import(csv), async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        tx.commit(store::Operation { kind: "import".to_owned(), ..Default::default() }).await
    });
    committed.unwrap();
    match office.db.store.kind() {
        // Only one writes at all, and the second sees all that the first wrote.
        store::DatabaseKind::Sqlite => {
            assert!(matches!(refused, Err(Error::ImportRefused(_))), "{refused:?}")
        }
        store::DatabaseKind::Postgres => {
            assert!(matches!(refused, Err(Error::AddedMeanwhile)), "{refused:?}")
        }
    }
    assert_eq!(office.version().await, before);
    let Err(Error::ImportRefused(plan)) = office.import(csv).await else { panic!("imported") };
    assert_eq!((plan.adds, plan.errors), (1, 1));
}

/// So many British numbers, of several parts.
const MANY: usize = 16_000;

fn many(alias: &str) -> String {
    let mut csv = "number,alias,primary,failover\n".to_owned();
    for row in 0..MANY {
        csv.push_str(&format!("+44113{:07},{alias} {row},pbx,spare\n", 4_960_000 + row));
    }
    assert!(csv.len() > 2 * portal::IMPORT_PART_BYTES);
    csv
}

async fn a_file_of_many_parts_is_done_whole_as_one_change_and_undone_as_one(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let before = office.csv().await;
    let added = office.import(&many("Desk")).await.unwrap();
    assert_eq!((added.added, added.changed, added.unchanged), (MANY as u64, 0, 0));
    let csv = many("Door").replace("+441134970000,Door 10000", "+441134970000,Desk 10000");
    let draft = office.stage(&csv).await.unwrap();
    let (_, plan) = portal.staged_import(&office.dana, account, &draft).await.unwrap();
    let (lines, all) = (plan.rows.iter().map(|row| row.line), MANY as u64);
    assert_eq!((plan.rows_total, plan.changes, plan.unchanged, plan.errors), (all, all - 1, 1, 0));
    assert!(lines.eq(2..502), "{:?}", plan.rows.len());
    let changed =
        portal.apply_import(&office.dana, account, &draft, plan.as_of, &Progress::default()).await.unwrap();
    assert_eq!((changed.added, changed.changed, changed.unchanged), (0, all - 1, 1));
    assert_eq!(changed.version.unwrap().0, added.version.unwrap().0 + 1);
    // What was downloaded is what was brought in.
    let written = office.csv().await;
    assert!(written.contains("+441134970001,Door 10001,pbx,spare\r\n"));
    assert_eq!(office.import(&written).await.unwrap().version, None);
    for (operation, count) in [(changed.version, all - 1), (added.version, all)] {
        let undone =
            portal.undo(&office.dana, account, operation.unwrap(), None, &Progress::default()).await.unwrap();
        assert_eq!((undone.changed, undone.refused), (count, 0));
    }
    assert_eq!(office.csv().await, before);
    let chain = portal.verify_chain(&office.dana, account, None).await.unwrap().unwrap();
    assert!(chain.changes >= 4 * all - 2, "{chain:?}");
}

async fn a_fault_in_the_last_part_leaves_nothing_of_the_first(db: Db) {
    let office = Office::open(db).await;
    let before = (office.version().await, office.csv().await);
    // The second and the last line name one number.
    let twice = format!("{}(0) 113 496 0000,again,,\n", many("Desk")).replace("(0) ", "+44 ");
    let draft = office.stage(&twice).await.unwrap();
    let refused = office
        .portal
        .apply_import(&office.dana, office.account.id, &draft, before.0, &Progress::default())
        .await;
    let Err(Error::ImportRefused(plan)) = refused else { panic!("{refused:?}") };
    assert_eq!((plan.errors, plan.adds), (1, MANY as u64));
    let ImportOutcome::Error(error) = &plan.rows[0].outcome else { panic!() };
    assert_eq!(plan.rows[0].line, MANY as u64 + 2);
    assert_eq!(error.to_string(), "This number stands on line 2 already. Keep one of the two.");
    assert_eq!((office.version().await, office.csv().await), before);
}

async fn what_the_last_row_forbids_is_told_of_the_first(db: Db) {
    let office = Office::open(db).await;
    let before = (office.version().await, office.csv().await);
    // The first row rings `mobile`, whose number the last row makes a DID.
    let csv = many("Desk").replacen(",pbx,spare", ",pbx,mobile", 1) + "+12065550177,,,\n";
    for result in [office.import(&csv).await.map(drop), office.plan_import(&csv).await.and_then(refusal)] {
        let Err(Error::ImportRefused(plan)) = result else { panic!("{result:?}") };
        assert_eq!((plan.errors, plan.adds), (2, MANY as u64 - 1));
        assert_eq!((plan.rows[0].line, plan.rows[1].line), (2, MANY as u64 + 2));
        assert_eq!(codes(Err(Error::ImportRefused(plan))), ["own_did", "rung_by_failover"]);
    }
    assert_eq!((office.version().await, office.csv().await), before);
}

/// A plan with errors, as applying it would answer.
fn refusal(plan: std::sync::Arc<portal::ImportPlan>) -> Result<(), Error> {
    Err(Error::ImportRefused(plan))
}

async fn a_file_that_cannot_be_read_leaves_nothing_behind(db: Db) {
    let office = Office::open(db).await;
    let kept = async || office.db.count("import_draft_parts").await + office.db.count("import_drafts").await;
    let (many, row) = (many("Desk"), "x".repeat(portal::IMPORT_ROW_BYTES_MAX + 1));
    for (csv, problem) in [
        (format!("{many}+44113,\"open\n"), FileProblem::Quote { line: MANY as u64 + 2 }),
        (format!("{many}{row},,,\n"), FileProblem::LongRow { line: MANY as u64 + 2 }),
        ("number\n".to_owned(), FileProblem::NoRows),
    ] {
        let refused = office.stage(&csv).await;
        assert!(matches!(&refused, Err(Error::ImportFile(found)) if *found == problem), "{refused:?}");
        assert_eq!(kept().await, 0, "{problem}");
    }
    let mut upload = office.portal.begin_import(&office.dana, office.account.id, "x.csv").await.unwrap();
    upload.push(many.as_bytes()).await.unwrap();
    assert!(kept().await > 1);
    upload.give_up().await;
    assert_eq!(kept().await, 0);
    let draft = office.stage(&many).await.unwrap();
    office.portal.discard_import(&office.dana, office.account.id, &draft).await.unwrap();
    assert_eq!(kept().await, 0);
}

async fn a_plan_that_is_looked_at_again_is_that_of_now(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let draft = office.stage("number\n+12065550110\n+441134960000\n").await.unwrap();
    let look = async || portal.staged_import(&office.dana, account, &draft).await.unwrap().1;
    let first = look().await;
    assert_eq!((first.adds, first.errors), (2, 0));
    assert!(std::sync::Arc::ptr_eq(&first, &look().await));
    // Another account takes one of the numbers: this one's version says nothing of it, applying does.
    let other = office.db.second_account().await;
    let sam = portal::Actor::owner(other.id, "Sam", portal::Via::Api);
    let theirs = stage(portal, &sam, other.id, "number\n+441134960000\n").await.unwrap();
    portal.apply_import(&sam, other.id, &theirs, other.version, &Progress::default()).await.unwrap();
    let refused = portal.apply_import(&office.dana, account, &draft, first.as_of, &Progress::default()).await;
    assert_eq!(codes(refused), ["elsewhere"]);
    assert_eq!(look().await.errors, 1);
    // A change of this account is seen at once.
    office.import("number\n+12065550110\n").await.unwrap();
    assert_eq!(look().await.unchanged, 1);
}
