//! A database of the first release comes along with everything in it.

use std::borrow::Cow;
use std::path::Path;

use routing::{Failover, RouteId, Version};
use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection, SqliteConnection};
use store::{DatabaseKind, DatabaseUrl, DidFilter, DidSort, Error, NewChange, PageRequest, Store, Subject};

use super::build::{new_did, new_did_on, new_plan, number, operation};
use crate::support::{Db, block_on, contract};

contract! {
    what_the_first_release_wrote_is_kept,
    what_the_first_release_wrote_is_hashed_once,
    servers_that_start_at_once_hash_it_once,
    a_database_of_a_newer_program_is_refused_with_what_to_do,
}

/// What the first release would have written. The DID of id 3, the highest ever given, is gone again.
const ROWS: &str = "
    insert into accounts (name, country, version, defaults, sample, next_route_id, created_at)
    values ('Northwind', 'US', 2, '{}', $false, 3, 1000);
    insert into routes (account_id, id, alias, alias_key, kind, value, answerer, health, version) values
        (1, 0, 'sip-reg', 'sip-reg', 'registered', 'sip-reg', 'pbx', 'unknown', 0),
        (1, 1, 'Seattle', 'seattle', 'host', 'pbx.example.com', 'pbx', 'up', 1),
        (1, 2, 'Boston', 'boston', 'phone', '+12065550199', 'person', 'unknown', 1);
    insert into dids (account_id, number, calling_code, alias, alias_key, primary_route, failover_route, changed_at,
                      version) values
        (1, 12065550101, 1, 'Front Desk', 'front desk', 1, 2, 2000, 1),
        (1, 12065550100, 1, null, null, 0, null, 3000, 2),
        (1, 12065550102, 1, 'gone', 'gone', 0, null, 3000, 2);
    delete from dids where number = 12065550102;
    insert into operations (account_id, version, at, actor, via, kind, reason, changed, refused, details) values
        (1, 0, 1000, 'Dana', 'browser', 'create_account', null, 0, 0, 'null'),
        (1, 1, 2000, 'Dana', 'browser', 'add_route', null, 2, 0, 'null'),
        (1, 2, 3000, 'Dana', 'browser', 'import', 'moved', 1, 0, '{}');
    insert into changes (account_id, version, seq, subject_kind, subject_id, label, before, after) values
        (1, 2, 0, 'did', 12065550101, 'Front Desk', null, '{\"primary\":1}'),
        (1, 2, 1, 'route', 1, 'Seattle', '{}', null);
    insert into import_drafts (account_id, id, name, bytes, as_of, created_at)
    values (1, '0123456789abcdef0123456789abcdef', 'new.csv', $bytes, 2, 9999999999999);
";
/// The octets of the upload that waits.
const BYTES: usize = 300_000;

/// The migrations of the first release alone.
async fn first_release(kind: DatabaseKind) -> Migrator {
    let folder = match kind {
        DatabaseKind::Sqlite => "../migrations/sqlite",
        DatabaseKind::Postgres => "../migrations/postgres",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut migrator = Migrator::new(folder).await.unwrap();
    let first = migrator.iter().filter(|migration| migration.version == 1).cloned().collect();
    migrator.migrations = Cow::Owned(first);
    migrator
}

/// A SQLite file as the first release left it.
pub(crate) async fn write_old_sqlite(url: &str) {
    let mut conn = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
    first_release(DatabaseKind::Sqlite).await.run(&mut conn).await.unwrap();
    let rows = ROWS.replace("$false", "0").replace("$bytes", &format!("zeroblob({BYTES})"));
    sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// A database beside the test's own, as the first release left it; its address.
async fn old_database(db: &Db) -> String {
    match db.store.kind() {
        DatabaseKind::Sqlite => {
            let url = format!("{}.old", db.url);
            write_old_sqlite(&url).await;
            url
        }
        DatabaseKind::Postgres => {
            db.store.close().await;
            db.sql("drop schema public cascade; create schema public").await;
            let mut conn = PgConnection::connect(&db.url).await.unwrap();
            first_release(DatabaseKind::Postgres).await.run(&mut conn).await.unwrap();
            let bytes = format!("decode(repeat('00', {BYTES}), 'hex')");
            let rows = ROWS.replace("$false", "false").replace("$bytes", &bytes);
            sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(&mut conn).await.unwrap();
            conn.close().await.unwrap();
            db.url.clone()
        }
    }
}

async fn what_the_first_release_wrote_is_kept(db: Db) {
    let store = Store::connect(&old_database(&db).await.parse().unwrap()).await.unwrap();
    let account = store.accounts().await.unwrap().remove(0).id;
    let snapshot = store.snapshot(account).await.unwrap();
    let dids: Vec<_> = snapshot
        .dids
        .iter()
        .map(|did| (did.id.0, did.number.to_string(), did.alias.as_ref().map(|alias| alias.as_str())))
        .collect();
    assert_eq!(
        dids,
        [(2, "+12065550100".to_owned(), None), (1, "+12065550101".to_owned(), Some("Front Desk"))]
    );
    let desk = store.did(account, number("+12065550101")).await.unwrap().unwrap();
    assert_eq!((desk.did.primary, desk.did.failover), (RouteId(1), Failover::Route(RouteId(2))));
    assert_eq!((desk.did.weights, desk.version, desk.changed_at.0), (None, Version(1), 2_000));
    assert_eq!((snapshot.version, snapshot.routes.len(), snapshot.plans.len()), (Version(2), 2, 0));
    let found = async |q: &str| {
        let filter = DidFilter { q: Some(q.to_owned()), ..DidFilter::default() };
        let rows = store.dids_after(account, &filter, None, 10).await.unwrap();
        rows.into_iter().map(|row| row.did.id.0).collect::<Vec<_>>()
    };
    assert_eq!((found("front").await, found("0100").await, found("gone").await), (vec![1], vec![2], vec![]));
    assert_eq!(store.calling_codes(account).await.unwrap(), [(1, 2)]);
    let by_alias = PageRequest { sort: DidSort::Alias, limit: 10, ..PageRequest::default() };
    let page = store.did_page(account, &DidFilter::default(), by_alias).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.did.id.0).collect::<Vec<_>>(), [1, 2]);
    for (subject, label) in
        [(Subject::Did(number("+12065550101")), "Front Desk"), (Subject::Route(RouteId(1)), "Seattle")]
    {
        let changes = store.changes_for(account, subject, 10).await.unwrap();
        assert_eq!(changes.iter().map(|row| row.label.as_str()).collect::<Vec<_>>(), [label]);
    }
    let operation_2 = store.operation(account, Version(2)).await.unwrap().unwrap();
    assert_eq!(operation_2.operation.reason.as_deref(), Some("moved"));
    // A file that waits has come into parts.
    let draft = store.draft(account, "0123456789abcdef0123456789abcdef".parse().unwrap()).await;
    let draft = draft.unwrap().unwrap();
    assert_eq!((draft.name.as_str(), draft.parts, draft.as_of), ("new.csv", 2, Version(2)));
    for (part, octets) in [(0, 262_144), (1, BYTES - 262_144)] {
        assert_eq!(store.draft_part(account, draft.id, part).await.unwrap(), vec![0; octets]);
    }

    // Keys, triggers and counters work on: what is new is found, what is released is not, no id comes back.
    let mut tx = store.begin(account).await.unwrap();
    let plan = tx.insert_plan(&new_plan("first", &[RouteId(2)])).await.unwrap();
    tx.delete_dids(&[desk.did.number]).await.unwrap();
    tx.insert_dids(&[
        new_did("+12065550103", Some("Front Door"), RouteId(1), None),
        new_did_on("+12065550104", RouteId(1), plan),
    ])
    .await
    .unwrap();
    tx.commit(operation("x")).await.unwrap();
    assert_eq!((plan.0, found("front").await, found("0104").await), (1, vec![4], vec![5]));
    for held in [RouteId(1), RouteId(2)] {
        let refused = store.begin(account).await.unwrap().delete_route(held).await;
        assert!(matches!(refused, Err(Error::RouteInUse { route }) if route == held), "{refused:?}");
    }
    store.close().await;
}

async fn what_the_first_release_wrote_is_hashed_once(db: Db) {
    let url: DatabaseUrl = old_database(&db).await.parse().unwrap();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let store = Store::connect(&url).await.unwrap();
        let account = store.accounts().await.unwrap().remove(0).id;
        seen.push(store.verify_chain(account, None).await.unwrap().unwrap());
        store.close().await;
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!((seen[0].version, seen[0].operations, seen[0].changes), (Some(Version(2)), 3, 2));
    // What follows is added to it, and what was kept is found.
    let store = Store::connect(&url).await.unwrap();
    let account = store.accounts().await.unwrap().remove(0).id;
    store.begin(account).await.unwrap().commit(operation("x")).await.unwrap();
    let after = store.verify_chain(account, Some(seen[0].hash)).await.unwrap().unwrap();
    assert_eq!((after.version, after.kept), (Some(Version(3)), Some(Version(2))));
    store.close().await;
}

async fn servers_that_start_at_once_hash_it_once(db: Db) {
    // Migrated, but as if no server had come to hashing yet.
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let changes = (0..3).map(|n| NewChange {
        subject: Subject::Route(RouteId(n)),
        label: "x".to_owned(),
        before: None,
        after: None,
    });
    tx.record(&changes.collect::<Vec<_>>()).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    let before = db.store.verify_chain(account, None).await.unwrap();
    db.disarm_history().await;
    db.sql("delete from audit_chain; update accounts set history_unhashed = (1 = 1)").await;
    let url: DatabaseUrl = db.url.parse().unwrap();
    let starting: Vec<_> = (0..4)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { Store::connect(&url).await })
        })
        .collect();
    for store in starting {
        let store = store.await.unwrap().unwrap();
        assert_eq!(store.verify_chain(account, None).await.unwrap(), before);
        store.close().await;
    }
}

async fn a_database_of_a_newer_program_is_refused_with_what_to_do(db: Db) {
    db.sql(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         select 9999, 'of the future', success, checksum, 0 from _sqlx_migrations where version = 1",
    )
    .await;
    let refused = Store::connect(&db.url.parse().unwrap()).await.unwrap_err();
    assert!(matches!(refused, Error::NewerDatabase { found: 9999, .. }), "{refused:?}");
    assert!(refused.to_string().contains("use the newer one"), "{refused}");
}

#[test]
fn processes_that_open_a_new_sqlite_file_at_once_migrate_it_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::sqlite(folder.path().join("new.sqlite"));
        block_on(async {
            let opening: Vec<_> = (0..6)
                .map(|_| {
                    let url = url.clone();
                    tokio::spawn(async move { Store::connect(&url).await })
                })
                .collect();
            for store in opening {
                let store = store.await.unwrap().unwrap();
                assert!(store.accounts().await.unwrap().is_empty());
                store.close().await;
            }
        });
    }
}
