//! What things were before: the first change of each after a version, and whose version held at a moment.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use routing::{Alias, PlanId, RouteId, RouteKind, RouteTarget, Version};
use serde_json::json;
use store::{Error, NewChange, NewRoute, Noun, OperationFilter, OperationsAt, Store, Subject, UnixMs};

use super::build::{nth_number, number, operation};
use crate::support::{Db, contract};

contract! {
    the_first_change_after_a_version_says_what_a_thing_was,
    the_version_of_a_moment_is_the_last_that_is_not_later,
    an_id_comes_back_to_what_had_it_and_to_nothing_else,
    the_changes_of_some_things_are_found_without_reading_those_of_a_hundred_thousand,
}

fn change(subject: Subject, before: Option<i64>, after: Option<i64>) -> NewChange {
    let json = |value: i64| json!({ "value": value });
    NewChange::of(subject, "", before.map(json), after.map(json))
}

async fn the_changes_of_some_things_are_found_without_reading_those_of_a_hundred_thousand(db: Db) {
    const COUNT: u64 = 100_000;
    const SOME: std::ops::Range<u64> = 40_000..42_000;
    let account = db.account().await.id;
    let subject = |n| Subject::Did(nth_number(n));
    for (rows, before, after) in [(0..COUNT, None, Some(1)), (SOME, Some(1), Some(2))] {
        let mut tx = db.store.begin(account).await.unwrap();
        let changes: Vec<NewChange> = rows.map(|n| change(subject(n), before, after)).collect();
        tx.record(&changes).await.unwrap();
        tx.commit(operation("x")).await.unwrap();
    }
    let some: BTreeSet<Subject> = SOME.map(subject).collect();

    let start = Instant::now();
    let befores = db.store.befores_of(account, &some, Version(0)).await.unwrap();
    assert_eq!(befores.len(), some.len());
    assert!(befores.iter().all(|row| row.version == Version(1) && row.before.is_none()));
    let span = (Version(0), Version(2));
    assert_eq!(db.store.changes_among(account, &some, span, 10_000).await.unwrap().len(), 2 * some.len());
    for n in SOME.step_by(50) {
        assert_eq!(db.store.changes_for(account, subject(n), 10).await.unwrap().len(), 2);
        assert_eq!(db.store.changes_since(account, subject(n), Version(1)).await.unwrap().len(), 1);
        let filter = OperationFilter { subjects: vec![subject(n)], ..OperationFilter::default() };
        let page = db.store.operations(account, &filter, OperationsAt::Newest, 10).await.unwrap();
        assert_eq!(page.rows.len(), 2);
    }
    // A small part of that; where every change was read for these, it was tens of seconds.
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

async fn the_first_change_after_a_version_says_what_a_thing_was(db: Db) {
    let account = db.account().await.id;
    let (route, plan, did) =
        (Subject::Route(RouteId(1)), Subject::Plan(PlanId(1)), Subject::Did(number("+12065550100")));
    for changes in [
        vec![change(route, None, Some(1)), change(plan, None, Some(1)), change(did, None, Some(1))],
        vec![change(route, Some(1), Some(2)), change(route, Some(2), Some(3))],
        vec![change(did, Some(1), None), change(route, Some(3), Some(4))],
    ] {
        let mut tx = db.store.begin(account).await.unwrap();
        tx.record(&changes).await.unwrap();
        tx.commit(operation("edit_route")).await.unwrap();
    }
    let all = BTreeSet::from([route, plan, did]);
    let value = |before: Option<serde_json::Value>| before.map(|json| json["value"].as_i64().unwrap());
    for (since, expected) in [
        (0, vec![(route, 1, None), (plan, 1, None), (did, 1, None)]),
        (1, vec![(route, 2, Some(1)), (did, 3, Some(1))]),
        (2, vec![(route, 3, Some(3)), (did, 3, Some(1))]),
        (3, vec![]),
    ] {
        let mut found: Vec<_> = db
            .store
            .befores_of(account, &all, Version(since))
            .await
            .unwrap()
            .into_iter()
            .map(|row| (row.subject, row.version.0, value(row.before)))
            .collect();
        let mut expected = expected;
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "since {since}");
    }
    // The same of everything, in pages of two that meet without gap or overlap.
    let (mut place, mut walked) = (Store::end_of(Version(1)), Vec::new());
    loop {
        let page = db.store.befores_after(account, place, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        place = (last.version, last.seq);
        walked.extend(page.into_iter().map(|row| (row.version.0, row.seq, value(row.before))));
    }
    assert_eq!(walked, [(2, 0, Some(1)), (2, 1, Some(2)), (3, 0, Some(1)), (3, 1, Some(3))]);
    let between = db.store.changes_among(account, &all, (Version(1), Version(2)), 1).await.unwrap();
    assert_eq!((between.len(), between[0].version, between[0].seq), (1, Version(2), 1), "the newest first");
    let things = db.store.operation_things(account, Version(3)).await.unwrap();
    assert_eq!(things.iter().map(|row| row.subject).collect::<Vec<_>>(), [route]);
}

async fn the_version_of_a_moment_is_the_last_that_is_not_later(db: Db) {
    let account = db.account().await;
    for seconds in [10, 20, 20] {
        let mut tx = db.store.begin(account.id).await.unwrap();
        tx.set_at(UnixMs(account.created_at.0 + seconds * 1_000));
        tx.commit(operation("edit_route")).await.unwrap();
    }
    for (after_ms, version) in
        [(-1, None), (0, Some(0)), (9_999, Some(0)), (10_000, Some(1)), (20_000, Some(3))]
    {
        let at = UnixMs(account.created_at.0 + after_ms);
        let found = db.store.operation_at(account.id, at).await.unwrap();
        assert_eq!(found.map(|row| row.version.0), version, "{after_ms} ms");
    }
}

async fn an_id_comes_back_to_what_had_it_and_to_nothing_else(db: Db) {
    let account = db.account().await.id;
    let new = |alias: &str| NewRoute {
        alias: Alias::parse(alias).unwrap(),
        target: RouteTarget::parse(RouteKind::Host, "pbx.example.com", &Default::default()).unwrap(),
        edge: None,
        domains: Default::default(),
    };
    let mut tx = db.store.begin(account).await.unwrap();
    let id = tx.insert_route(&new("pbx")).await.unwrap();
    tx.delete_route(id).await.unwrap();
    tx.restore_route(id, &new("pbx")).await.unwrap();
    let next = tx.insert_route(&new("other")).await.unwrap();
    assert!(next > id);
    tx.commit(operation("edit_route")).await.unwrap();
    assert_eq!(db.store.route(account, id).await.unwrap().unwrap().0.route.id, id);
    for never in [RouteId(0), RouteId(-1), RouteId(next.0 + 1)] {
        let mut tx = db.store.begin(account).await.unwrap();
        let done = tx.restore_route(never, &new("third")).await;
        assert!(matches!(done, Err(Error::NotFound(Noun::Route))), "{never}: {done:?}");
    }
}
