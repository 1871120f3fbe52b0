use std::time::{Duration, Instant};

use routing::{E164, Failover, RouteId, Routing};
use serde_json::json;
use store::{
    DatabaseKind, DidFilter, DidSort, DidUpdate, FailoverFilter, NewChange, NewDid, PageRequest, Store,
    Subject,
};

use super::build::{add_routes, alias, new_did, new_plan, nth_number, number, operation, weights};
use crate::support::{Db, contract};

contract! {
    a_page_of_one_country_reads_no_dids_of_the_others,
    numbers_are_looked_up_among_rows_that_are_not_committed_without_reading_those,
    a_hundred_thousand_dids_change_in_one_transaction,
    as_many_get_a_plan_or_weights_in_one_transaction,
}

const COUNT: u64 = 100_000;

/// The budget is a second or so in an optimised build; this holds it to a multiple, so that a statement per
/// row would fail.
const AT_MOST: Duration = Duration::from_secs(20);

/// A first import, part by part. PostgreSQL has no statistics of such rows.
async fn numbers_are_looked_up_among_rows_that_are_not_committed_without_reading_those(db: Db) {
    const PARTS: u64 = 6;
    const PART: u64 = 2_000;
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    for part in 0..PARTS {
        let numbers: Vec<E164> = (part * PART..(part + 1) * PART).map(nth_number).collect();
        assert_eq!(tx.dids_by_number(&numbers).await.unwrap(), []);
        let new: Vec<NewDid> = numbers
            .iter()
            .map(|number| new_did(&number.to_string(), None, RouteId::REGISTERED, None))
            .collect();
        tx.insert_dids(&new).await.unwrap();
        assert_eq!(tx.dids_by_number(&numbers).await.unwrap().len(), new.len());
    }
    tx.commit(operation("import")).await.unwrap();
    if db.store.kind() == DatabaseKind::Postgres {
        // A session tells what it has read when it ends.
        db.store.close().await;
        let read = "(select generate_series(1, seq_tup_read + idx_tup_fetch) from pg_stat_user_tables
                     where relname = 'dids') as read";
        let all = i64::try_from(PARTS * PART).unwrap();
        let start = Instant::now();
        let mut rows = db.count(read).await;
        while rows < all && start.elapsed() < AT_MOST {
            tokio::time::sleep(Duration::from_millis(20)).await;
            rows = db.count(read).await;
        }
        assert_eq!(rows, all, "each was found once");
    }
}

/// PostgreSQL finds them where their calling codes stand, and could read the account's DIDs from the first number on.
async fn a_page_of_one_country_reads_no_dids_of_the_others(db: Db) {
    if db.store.kind() == DatabaseKind::Sqlite {
        return;
    }
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let elsewhere = (0..5_000).map(|n| format!("+4420794{n:05}"));
    let dids: Vec<NewDid> = (0..20_000)
        .map(|n| nth_number(n).to_string())
        .chain(elsewhere)
        .map(|number| new_did(&number, None, RouteId::REGISTERED, None))
        .collect();
    tx.insert_dids(&dids).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    // A session tells what it has read when it ends.
    db.store.close().await;
    let read = async || {
        let read = "(select generate_series(1, seq_tup_read + idx_tup_fetch) from pg_stat_user_tables
                     where relname = 'dids') as read";
        db.count(read).await
    };
    let mut before = read().await;
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = read().await;
        if now == before {
            break;
        }
        before = now;
    }
    let store = Store::connect(&db.url.parse().unwrap()).await.unwrap();
    let britain = DidFilter { calling_code: Some(44), ..DidFilter::default() };
    let request =
        PageRequest { sort: DidSort::Number, descending: false, cursor: None, backwards: false, limit: 50 };
    assert_eq!(store.did_page(account, &britain, request).await.unwrap().rows.len(), 50);
    let last = number("+442079404899");
    let rows = store.dids_after(account, &britain, Some(last), 50).await.unwrap();
    assert_eq!((rows.len(), rows[0].did.number), (50, number("+442079404900")));
    store.close().await;
    let start = Instant::now();
    let mut rows = 0;
    while rows < 100 && start.elapsed() < AT_MOST {
        tokio::time::sleep(Duration::from_millis(20)).await;
        rows = read().await - before;
    }
    assert!((100..=150).contains(&rows), "{rows} were read for two pages");
}

async fn a_hundred_thousand_dids_change_in_one_transaction(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["primary", "failover"]).await;
    let dids: Vec<NewDid> = (0..COUNT)
        .map(|n| NewDid {
            number: nth_number(n),
            alias: Some(alias(&format!("Desk {n}"))),
            routing: Routing { primary: ids[0], failover: Failover::None, weights: None },
        })
        .collect();
    let start = Instant::now();
    tx.insert_dids(&dids).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    println!("{COUNT} added in {:?}", start.elapsed());
    if db.url.starts_with("postgres") {
        // It plans by what it counted, and does not wait to be asked by its housekeeping.
        let counted =
            db.count("pg_class where relname in ('dids', 'did_search') and reltuples >= 100000").await;
        assert_eq!(counted, 2);
    }

    let start = Instant::now();
    let mut tx = db.store.begin(account).await.unwrap();
    let rows = tx.dids_after(&DidFilter::default(), None, u32::try_from(COUNT).unwrap()).await.unwrap();
    let read = start.elapsed();
    let updates: Vec<DidUpdate> = rows
        .iter()
        .map(|row| DidUpdate {
            now: row.did.clone(),
            alias: row.did.alias.clone(),
            routing: Routing::of(&row.did).with_failover(Failover::Route(ids[1])),
        })
        .collect();
    tx.update_dids(&updates).await.unwrap();
    let updated = start.elapsed();
    let changes: Vec<NewChange> = rows
        .iter()
        .map(|row| {
            let label = row.did.alias.as_ref().map_or_else(String::new, ToString::to_string);
            let sides = (json!({"failover": null}), json!({"failover": ids[1]}));
            NewChange::of(Subject::Did(row.did.number), label, Some(sides.0), Some(sides.1))
        })
        .collect();
    tx.record(&changes).await.unwrap();
    let version = tx.commit(operation("set_failover_route")).await.unwrap();
    let took = start.elapsed();
    println!("{COUNT} changed with a change row each in {took:?}: read by {read:?}, updated by {updated:?}");
    assert!(took < AT_MOST, "{took:?}");

    // Some become different things: each is looked up by its number, and not all of the account for each.
    let start = Instant::now();
    let mut tx = db.store.begin(account).await.unwrap();
    let renamed: Vec<DidUpdate> = rows[..10_000]
        .iter()
        .map(|row| DidUpdate {
            now: Routing::of(&row.did).with_failover(Failover::Route(ids[1])).did(row.did.number),
            alias: Some(alias(&format!("Office {}", row.did.number))),
            routing: Routing::of(&row.did).with_failover(Failover::Route(ids[1])),
        })
        .collect();
    tx.update_dids(&renamed).await.unwrap();
    drop(tx);
    assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());

    let without = DidFilter { failover: FailoverFilter::None, ..DidFilter::default() };
    assert_eq!(db.store.count_dids(account, &without, None).await.unwrap(), 0);
    let usage = db.store.route_usage(account, ids[1]).await.unwrap();
    assert_eq!((usage.primary, usage.failover), (0, COUNT));
    let last = Subject::Did(nth_number(COUNT - 1));
    assert_eq!(db.store.changes_for(account, last, 5).await.unwrap()[0].version, version);
    assert_eq!(db.store.route_usage(account, RouteId::REGISTERED).await.unwrap().primary, 0);
}

async fn as_many_get_a_plan_or_weights_in_one_transaction(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["primary", "failover"]).await;
    let plan = tx.insert_plan(&new_plan("plan", &ids)).await.unwrap();
    let dids: Vec<NewDid> = (0..COUNT)
        .map(|n| NewDid {
            number: nth_number(n),
            alias: None,
            routing: Routing {
                primary: ids[0],
                failover: Failover::Route(ids[1]),
                weights: weights(500, 500),
            },
        })
        .collect();
    tx.insert_dids(&dids).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    let on_plan = DidFilter { plan: Some(plan), ..DidFilter::default() };
    for (failover, shared, expected) in
        [(Failover::Plan(plan), None, COUNT), (Failover::Route(ids[1]), weights(1, 1_000), 0)]
    {
        let start = Instant::now();
        let mut tx = db.store.begin(account).await.unwrap();
        let rows = tx.dids_after(&DidFilter::default(), None, u32::try_from(COUNT).unwrap()).await.unwrap();
        let updates: Vec<DidUpdate> = rows
            .into_iter()
            .map(|row| DidUpdate {
                alias: row.did.alias.clone(),
                routing: Routing { primary: row.did.primary, failover, weights: shared },
                now: row.did,
            })
            .collect();
        tx.update_dids(&updates).await.unwrap();
        tx.commit(operation("set_failover")).await.unwrap();
        let took = start.elapsed();
        println!("{COUNT} set to {failover:?} in {took:?}");
        assert!(took < AT_MOST, "{took:?}");
        assert_eq!(db.store.plan(account, plan).await.unwrap().unwrap().1, expected);
        assert_eq!(db.store.count_dids(account, &on_plan, None).await.unwrap(), expected);
        let groups = db.store.groups(account, &DidFilter::default()).await.unwrap();
        let groups: Vec<_> =
            groups.iter().map(|group| (group.routing.failover, group.routing.weights, group.dids)).collect();
        assert_eq!(groups, [(failover, shared, COUNT)]);
    }
}
