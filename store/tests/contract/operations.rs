use std::time::{Duration, Instant};

use routing::{AccountId, PlanId, RouteId, Version};
use serde_json::json;
use store::{NewChange, Operation, OperationFilter, OperationsAt, Subject, UnixMs};

use super::build::{nth_number, number, operation};
use crate::support::{Db, contract};

contract! {
    operations_are_filtered_by_each_part_and_by_all_together,
    pages_of_operations_meet_without_gap_or_overlap,
    an_entry_of_a_hundred_thousand_rows_is_listed_without_them_and_opened_in_parts,
}

fn change(subject: Subject) -> NewChange {
    NewChange::of(subject, "", None, Some(json!({})))
}

async fn done(db: &Db, account: AccountId, at: i64, actor: &str, kind: &str, subjects: &[Subject]) {
    let mut tx = db.store.begin(account).await.unwrap();
    tx.set_at(UnixMs(at));
    let changes: Vec<NewChange> = subjects.iter().copied().map(change).collect();
    tx.record(&changes).await.unwrap();
    tx.commit(Operation { actor: actor.to_owned(), ..operation(kind) }).await.unwrap();
}

/// The versions of the first page.
async fn found(db: &Db, account: AccountId, filter: &OperationFilter) -> Vec<i64> {
    let page = db.store.operations(account, filter, OperationsAt::Newest, 50).await.unwrap();
    assert!(!page.older && !page.newer);
    page.rows.into_iter().map(|row| row.version.0).collect()
}

async fn operations_are_filtered_by_each_part_and_by_all_together(db: Db) {
    let account = db.account().await.id;
    let (one, two) = (Subject::Did(number("+12065550100")), Subject::Did(number("+12065550101")));
    let (route, plan) = (Subject::Route(RouteId(3)), Subject::Plan(PlanId(3)));
    done(&db, account, 1_000, "Dana Whitfield", "edit_did", &[one]).await;
    done(&db, account, 2_000, "Sam", "set_route", &[one, two]).await;
    done(&db, account, 3_000, "dana_w", "edit_route", &[route]).await;
    done(&db, account, 4_000, "É. Sam", "edit_plan", &[plan]).await;
    // A route whose id is the number's digits is something else.
    done(&db, account, 5_000, "100% Sam", "edit_route", &[Subject::Route(RouteId(12_065_550_100))]).await;
    let all = OperationFilter::default;
    let text = |text: &str| Some(text.to_owned());
    let at = |at| Some(UnixMs(at));
    let about = |subjects: &[Subject]| OperationFilter { subjects: subjects.to_vec(), ..all() };
    for (filter, expected) in [
        (all(), &[5, 4, 3, 2, 1, 0][..]),
        (OperationFilter { actor: text("DANA"), ..all() }, &[3, 1]),
        (OperationFilter { actor: text("É"), ..all() }, &[4]),
        // What means something to a pattern means itself.
        (OperationFilter { actor: text("a_w"), ..all() }, &[3]),
        (OperationFilter { actor: text("0%"), ..all() }, &[5]),
        (OperationFilter { kind: text("edit_route"), ..all() }, &[5, 3]),
        (OperationFilter { kind: text("edit"), ..all() }, &[]),
        (OperationFilter { from: at(2_000), until: at(4_000), ..all() }, &[3, 2]),
        (about(&[one]), &[2, 1]),
        (about(&[two]), &[2]),
        (about(&[route]), &[3]),
        (about(&[plan]), &[4]),
        (about(&[one, two]), &[2]),
        (about(&[one, route]), &[]),
        (
            OperationFilter {
                actor: text("sam"),
                kind: text("set_route"),
                from: at(1_500),
                until: at(2_500),
                subjects: vec![one],
            },
            &[2],
        ),
    ] {
        assert_eq!(found(&db, account, &filter).await, expected, "{filter:?}");
    }
    // Another account's are not there.
    let other = db.second_account().await.id;
    assert_eq!(found(&db, other, &about(&[one])).await, [0_i64; 0]);
}

async fn pages_of_operations_meet_without_gap_or_overlap(db: Db) {
    let account = db.account().await.id;
    for n in 1..=6 {
        done(&db, account, n, if n % 2 == 0 { "Dana" } else { "Sam" }, "x", &[]).await;
    }
    let dana = OperationFilter { actor: Some("Dana".to_owned()), ..OperationFilter::default() };
    let all = OperationFilter::default();
    let older = |version| OperationsAt::OlderThan(Version(version));
    let newer = |version| OperationsAt::NewerThan(Version(version));
    for (filter, at, limit, expected, has_older, has_newer) in [
        (&all, OperationsAt::Newest, 3, &[6, 5, 4][..], true, false),
        (&all, older(4), 3, &[3, 2, 1], true, true),
        (&all, older(1), 3, &[0], false, true),
        (&all, newer(0), 3, &[3, 2, 1], true, true),
        (&all, newer(3), 3, &[6, 5, 4], true, false),
        (&all, OperationsAt::Newest, 7, &[6, 5, 4, 3, 2, 1, 0], false, false),
        (&dana, OperationsAt::Newest, 2, &[6, 4], true, false),
        (&dana, older(4), 2, &[2], false, true),
    ] {
        let page = db.store.operations(account, filter, at, limit).await.unwrap();
        let versions: Vec<i64> = page.rows.iter().map(|row| row.version.0).collect();
        assert_eq!((&versions[..], page.older, page.newer), (expected, has_older, has_newer), "{at:?}");
    }
}

async fn an_entry_of_a_hundred_thousand_rows_is_listed_without_them_and_opened_in_parts(db: Db) {
    const COUNT: u64 = 100_000;
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let changes: Vec<NewChange> = (0..COUNT).map(|n| change(Subject::Did(nth_number(n)))).collect();
    tx.record(&changes).await.unwrap();
    let bulk = tx.commit(Operation { changed: COUNT, ..operation("set_route") }).await.unwrap();
    done(&db, account, 1, "Dana", "edit_did", &[Subject::Did(nth_number(7))]).await;

    let about = |n| OperationFilter { subjects: vec![Subject::Did(nth_number(n))], ..Default::default() };
    let start = Instant::now();
    assert_eq!(found(&db, account, &OperationFilter::default()).await, [2, 1, 0]);
    assert_eq!(found(&db, account, &about(7)).await, [2, 1]);
    assert_eq!(found(&db, account, &about(COUNT - 1)).await, [1]);
    assert_eq!(found(&db, account, &about(COUNT)).await, [0_i64; 0]);
    let mut places = Vec::new();
    for from in [0, 50_000, COUNT - 2, COUNT] {
        let rows = db.store.operation_changes(account, bulk, from, 3).await.unwrap();
        places.push(rows.iter().map(|row| row.seq).collect::<Vec<_>>());
    }
    assert_eq!(places, [vec![0, 1, 2], vec![50_000, 50_001, 50_002], vec![COUNT - 2, COUNT - 1], vec![]]);
    // Milliseconds; reading the rows would take much longer than this.
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
