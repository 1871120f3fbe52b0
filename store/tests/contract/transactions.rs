use std::time::{Duration, Instant};

use routing::{RouteId, Version};
use store::{DatabaseKind, DidFilter, DidWrites, Error, NewChange, Subject};

use super::build::{add_routes, all_dids, host, new_did, new_route, nth_number, operation};
use crate::support::{Db, contract};

contract! {
    dropping_a_transaction_leaves_nothing,
    a_failed_write_cannot_be_committed,
    a_cancelled_write_cannot_be_committed,
    a_cancelled_round_cannot_be_committed,
    two_writers_take_turns_and_both_are_kept,
    readers_see_the_old_state_until_the_commit,
    a_read_of_many_statements_sees_one_moment,
    who_reads_beside_a_transaction_needs_nothing_that_others_hold,
}

async fn dropping_a_transaction_leaves_nothing(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a"]).await;
    tx.insert_dids(&[new_did("+12065550100", None, ids[0], None)]).await.unwrap();
    assert_eq!(tx.count_dids(&DidFilter::default(), None).await.unwrap(), 1);
    assert_eq!(tx.route_choices().await.unwrap().len(), 1);
    drop(tx);
    assert_eq!(all_dids(&db.store, account).await, []);
    assert_eq!(db.store.route_choices(account).await.unwrap(), []);
    assert_eq!(db.store.account(account).await.unwrap().unwrap().version, Version(0));
    // Only the creation.
    let done = db.store.recent_operations(account, 10).await.unwrap();
    assert_eq!(done.iter().map(|row| row.version).collect::<Vec<_>>(), [Version(0)]);
    // The counter of ids rolled back as well, and the writer is free.
    let mut tx = db.store.begin(account).await.unwrap();
    assert_eq!(add_routes(&mut tx, &["a"]).await, [RouteId(1)]);
}

async fn a_failed_write_cannot_be_committed(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    add_routes(&mut tx, &["a"]).await;
    assert!(tx.insert_route(&new_route("A", host("b.example"))).await.is_err());
    let next = tx.insert_route(&new_route("b", host("b.example"))).await;
    assert!(matches!(next, Err(Error::Broken)), "{next:?}");
    assert!(matches!(tx.commit(operation("x")).await, Err(Error::Broken)));
    assert_eq!(db.store.route_choices(account).await.unwrap(), []);
}

async fn a_cancelled_write_cannot_be_committed(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let dids: Vec<_> =
        (0..30_000).map(|n| new_did(&nth_number(n).to_string(), None, RouteId::REGISTERED, None)).collect();
    let cut = tokio::time::timeout(Duration::from_millis(5), tx.insert_dids(&dids)).await;
    assert!(cut.is_err(), "the machine is too fast for this test");
    assert!(matches!(tx.commit(operation("x")).await, Err(Error::Broken)));
    assert_eq!(all_dids(&db.store, account).await, []);
}

async fn a_cancelled_round_cannot_be_committed(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let mut round = DidWrites::default();
    for n in 0..30_000 {
        round.adds.push(new_did(&nth_number(n).to_string(), None, RouteId::REGISTERED, None));
        round.changes.push(NewChange::of(Subject::Did(nth_number(n)), "", None, None));
    }
    let cut = tokio::time::timeout(Duration::from_millis(5), tx.write_dids(round)).await;
    assert!(cut.is_err(), "the machine is too fast for this test");
    assert!(matches!(tx.commit(operation("x")).await, Err(Error::Broken)));
    assert_eq!(all_dids(&db.store, account).await, []);
    assert_eq!(db.count("changes where subject_kind = 'did'").await, 0);
}

async fn two_writers_take_turns_and_both_are_kept(db: Db) {
    let account = db.account().await.id;
    let mut tasks = Vec::new();
    for writer in 0..2 {
        let store = db.store.clone();
        tasks.push(tokio::spawn(async move {
            let mut versions = Vec::new();
            for n in 0..20 {
                let mut tx = store.begin(account).await.unwrap();
                let count = tx.count_dids(&DidFilter::default(), None).await.unwrap();
                assert_eq!(
                    tx.account().version,
                    Version(i64::try_from(count).unwrap()),
                    "a turn saw half of another"
                );
                let number = nth_number(writer * 100 + n).to_string();
                tx.insert_dids(&[new_did(&number, None, RouteId::REGISTERED, None)]).await.unwrap();
                versions.push(tx.commit(operation("add")).await.unwrap());
            }
            versions
        }));
    }
    let mut versions = Vec::new();
    for task in tasks {
        versions.extend(task.await.unwrap());
    }
    versions.sort_unstable();
    assert_eq!(versions, (1..=40).map(Version).collect::<Vec<_>>());
    assert_eq!(all_dids(&db.store, account).await.len(), 40);
}

async fn readers_see_the_old_state_until_the_commit(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    tx.insert_dids(&[new_did("+12065550100", None, RouteId::REGISTERED, None)]).await.unwrap();
    assert_eq!(all_dids(&db.store, account).await, []);
    assert_eq!(db.store.account(account).await.unwrap().unwrap().version, Version(0));
    assert_eq!(db.store.changes_for(account, Subject::Account, 5).await.unwrap(), []);
    tx.commit(operation("add")).await.unwrap();
    assert_eq!(all_dids(&db.store, account).await.len(), 1);
}

async fn a_read_of_many_statements_sees_one_moment(db: Db) {
    let account = db.account().await.id;
    let writer = {
        let store = db.store.clone();
        tokio::spawn(async move {
            for n in 0..40 {
                let mut tx = store.begin(account).await.unwrap();
                tx.insert_route(&new_route(&format!("r{n}"), host("a.example"))).await.unwrap();
                let number = nth_number(n).to_string();
                tx.insert_dids(&[new_did(&number, None, RouteId(1), None)]).await.unwrap();
                tx.commit(operation("add")).await.unwrap();
            }
        })
    };
    while !writer.is_finished() {
        let snapshot = db.store.snapshot(account).await.unwrap();
        assert_eq!(snapshot.routes.len(), snapshot.dids.len());
        assert_eq!(snapshot.version, Version(i64::try_from(snapshot.dids.len()).unwrap()));
    }
    writer.await.unwrap();
}

/// Somebody writes a large change and reads on, while more people than there are connections wait for the account.
async fn who_reads_beside_a_transaction_needs_nothing_that_others_hold(db: Db) {
    const WAITING: usize = 24;
    let account = db.account().await.id;
    let (beside, all) = (db.store.beside().await.unwrap(), DidFilter::default());
    let mut tx = db.store.begin(account).await.unwrap();
    let waiting: Vec<_> = (0..WAITING)
        .map(|_| {
            let store = db.store.clone();
            tokio::spawn(async move { store.begin(account).await.map(drop) })
        })
        .collect();
    if db.store.kind() == DatabaseKind::Postgres {
        let held = "pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        let start = Instant::now();
        while db.count(held).await < 15 {
            assert!(start.elapsed() < Duration::from_secs(20), "they do not wait");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    for part in 0..3 {
        tx.insert_dids(&[new_did(&nth_number(part).to_string(), None, RouteId::REGISTERED, None)])
            .await
            .unwrap();
        // Of what is not committed it knows nothing.
        let read = beside.store().dids_after(account, &all, None, 10);
        assert_eq!(tokio::time::timeout(Duration::from_secs(5), read).await.unwrap().unwrap(), []);
    }
    tx.commit(operation("add")).await.unwrap();
    assert_eq!(beside.store().dids_after(account, &all, None, 10).await.unwrap().len(), 3);
    for waited in waiting {
        waited.await.unwrap().unwrap();
    }
    // There are so many at once; the next one has to wait for one of them.
    let mut turns = vec![beside];
    for _ in 1..8 {
        turns.push(db.store.beside().await.unwrap());
    }
    assert!(tokio::time::timeout(Duration::from_millis(200), db.store.beside()).await.is_err());
    turns.pop();
    db.store.beside().await.unwrap().store().account(account).await.unwrap().unwrap();
}
