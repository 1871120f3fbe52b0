//! The history can be added to and not altered; if somebody alters it all the same, the chain says where.

use routing::{AccountId, Version};
use serde_json::json;
use store::{ChainFault, ChainSummary, LogEntry, NewChange, Operation, Subject, UnixMs, Verifier};

use super::build::{nth_number, number, operation};
use crate::support::{Db, contract};

contract! {
    every_operation_is_hashed_with_all_of_its_change_rows,
    what_was_done_cannot_be_altered,
    whatever_is_altered_is_found_at_its_version,
    a_cut_off_end_is_found_by_a_hash_that_was_kept,
    a_damaged_chain_stays_damaged_and_stops_nobody,
    a_long_history_is_read_in_pieces,
    a_commit_meanwhile_is_no_fault,
}

fn change(seq: i64, before: Option<serde_json::Value>, after: Option<serde_json::Value>) -> NewChange {
    let subject = Subject::Did(number(&format!("+1206555010{seq}")));
    NewChange::of(subject, format!("Desk {seq}"), before, after)
}

/// Five versions: the creation, three change rows, one, none, two.
async fn history(db: &Db) -> AccountId {
    let account = db.account().await.id;
    for (version, rows) in [(1, 3), (2, 1), (3, 0), (4, 2)] {
        let mut tx = db.store.begin(account).await.unwrap();
        tx.set_at(UnixMs(1_000 * version));
        for seq in 0..rows {
            tx.record(&[change(
                seq,
                Some(json!({"alias": "é \"x\"", "n": 1.5})),
                (seq > 0).then_some(serde_json::Value::Null),
            )])
            .await
            .unwrap();
        }
        let reason = (version == 2).then(|| "moved".to_owned());
        let details = json!({"about": "x", "n": [1, 2]});
        tx.commit(Operation { reason, details, ..operation("set_alias") }).await.unwrap();
    }
    account
}

async fn verify(db: &Db, account: AccountId) -> Result<ChainSummary, ChainFault> {
    db.store.verify_chain(account, None).await.unwrap()
}

async fn every_operation_is_hashed_with_all_of_its_change_rows(db: Db) {
    let account = history(&db).await;
    let whole = verify(&db, account).await.unwrap();
    assert_eq!((whole.version, whole.operations, whole.changes), (Some(Version(4)), 5, 6));
    // The rows that are read are what was hashed, wherever they are verified.
    let mut log = db.store.audit_log(account).await.unwrap();
    assert_eq!(log.version(), Version(4));
    let mut verifier = Verifier::new(account, None, Some(whole.hash));
    let mut kinds = String::new();
    while let Some(entry) = log.next().await.unwrap() {
        kinds.push(match &entry {
            LogEntry::Operation(_) => 'o',
            LogEntry::Change(_) => 'c',
            LogEntry::Hash(_) => 'h',
        });
        verifier.add(entry).unwrap();
    }
    assert_eq!(kinds, "ohoccchochohocch");
    assert_eq!(verifier.finish(), Ok(ChainSummary { kept: Some(Version(4)), ..whole.clone() }));
    // A transaction of two operations makes two links, and one that is dropped none.
    let mut tx = db.store.begin(account).await.unwrap();
    tx.record(&[change(0, None, None)]).await.unwrap();
    tx.end_operation(operation("x")).await.unwrap();
    tx.record(&[change(1, None, None), change(2, None, None)]).await.unwrap();
    tx.commit(operation("y")).await.unwrap();
    let mut dropped = db.store.begin(account).await.unwrap();
    dropped.record(&[change(0, None, None)]).await.unwrap();
    dropped.end_operation(operation("z")).await.unwrap();
    drop(dropped);
    let more = db.store.verify_chain(account, Some(whole.hash)).await.unwrap().unwrap();
    assert_eq!(
        (more.version, more.operations, more.changes, more.kept),
        (Some(Version(6)), 7, 9, Some(Version(4)))
    );
    assert!(db.store.verify_chain(AccountId(9), None).await.is_err());
}

async fn what_was_done_cannot_be_altered(db: Db) {
    let account = history(&db).await;
    let before = verify(&db, account).await;
    let insert_operation =
        "into operations (account_id, version, at, actor, via, kind, changed, refused, details)
         values (1, $version, 1, 'x', 'x', 'x', 0, 0, 'null')";
    let insert_change = "into changes (account_id, version, seq, subject_kind, subject_id, label)
         values (1, 4, $seq, 'did', 1, 'x')";
    let insert_hash = format!(
        "into audit_chain (account_id, version, changes, hash) values (1, 4, 0, '{}')",
        "0".repeat(64)
    );
    let mut harms: Vec<(String, &str)> = Vec::new();
    for table in ["operations", "changes", "audit_chain"] {
        for harm in [
            format!("update {table} set version = version"),
            format!("update {table} set version = 99 where version = 4"),
            format!("delete from {table}"),
            format!("delete from {table} where version = 4"),
        ] {
            harms.push((harm, "insert-only"));
        }
    }
    harms.push((
        format!("insert {}", insert_change.replace("$seq", "2")),
        "the operation of these rows is complete",
    ));
    harms.push((
        format!("insert {}", insert_operation.replace("$version", "5")),
        "needs its row in audit_chain",
    ));
    match db.store.kind() {
        // Deletes the row that is there, without a trigger on delete.
        store::DatabaseKind::Sqlite => {
            for insert in
                [insert_operation.replace("$version", "4"), insert_change.replace("$seq", "0"), insert_hash]
            {
                harms.push((format!("insert or replace {insert}"), "insert-only"));
            }
            harms.push((
                "update or replace operations set version = 3 where version = 4".into(),
                "insert-only",
            ));
        }
        store::DatabaseKind::Postgres => {
            for table in ["operations", "changes", "audit_chain", "operations, changes, audit_chain"] {
                harms.push((format!("truncate {table}"), "insert-only"));
            }
            harms.push(("truncate accounts cascade".into(), "insert-only"));
            harms.push((
                "set session_replication_role = replica; delete from operations".into(),
                "insert-only",
            ));
            harms.push((
                format!("insert {insert_hash} on conflict (account_id, version) do update set changes = 7"),
                "insert-only",
            ));
        }
    }
    for (harm, why) in &harms {
        let error = db.try_sql(harm).await.expect_err(harm).to_string();
        assert!(error.contains(why), "{harm}: {error}");
    }
    assert_eq!(verify(&db, account).await, before);
}

/// Keeps the history, so that each harm is undone.
const KEEP: &str = "create table kept_operations as select * from operations;
    create table kept_changes as select * from changes;
    create table kept_chain as select * from audit_chain;";
const RESTORE: &str = "delete from operations; delete from changes; delete from audit_chain;
    insert into operations select * from kept_operations;
    insert into changes select * from kept_changes;
    insert into audit_chain select * from kept_chain;
    update accounts set version = 4;";

async fn whatever_is_altered_is_found_at_its_version(db: Db) {
    use ChainFault::*;
    let account = history(&db).await;
    db.disarm_history().await;
    db.sql(KEEP).await;
    let v = Version;
    let changed = |harm: &'static str, version| (harm, Changed(Version(version)));
    let new_operation =
        "insert into operations select account_id, 5, at, actor, via, kind, reason, changed, refused,
             details from operations where version = 4";
    let new_change =
        "insert into changes select account_id, version, 9, subject_kind, subject_id, label, before,
             after from changes where version = 2";
    let swap_operations = "update operations set version = 99 where version = 2;
         update operations set version = 2 where version = 3; update operations set version = 3 where version = 99";
    let swap_rows = "update changes set seq = 99 where version = 1 and seq = 0;
         update changes set seq = 0 where version = 1 and seq = 2;
         update changes set seq = 2 where version = 1 and seq = 99";
    let swap_hashes = "update audit_chain set version = 99 where version = 2;
         update audit_chain set version = 2 where version = 3; update audit_chain set version = 3 where version = 99";
    let rows = [
        changed("update operations set at = at + 1 where version = 2", 2),
        changed("update operations set actor = 'Sam' where version = 2", 2),
        changed("update operations set via = 'api' where version = 2", 2),
        changed("update operations set kind = 'release' where version = 2", 2),
        changed("update operations set reason = null where version = 2", 2),
        changed("update operations set reason = '' where version = 3", 3),
        changed("update operations set changed = changed + 1 where version = 2", 2),
        changed("update operations set refused = 1 where version = 2", 2),
        changed("update operations set details = details || ' ' where version = 0", 0),
        changed("update changes set subject_kind = 'route' where version = 1 and seq = 1", 1),
        changed("update changes set subject_id = 5 where version = 1 and seq = 1", 1),
        changed("update changes set label = 'Desk' where version = 1 and seq = 2", 1),
        changed("update changes set before = null where version = 4 and seq = 0", 4),
        changed("update changes set before = '{}' where version = 4 and seq = 1", 4),
        changed("update changes set after = '' where version = 2", 2),
        changed("update changes set seq = 7 where version = 1 and seq = 2", 1),
        changed("update audit_chain set hash = reverse_of_it where version = 3", 3),
        changed(swap_operations, 2),
        changed(swap_rows, 1),
        (swap_hashes, ExtraChanges { version: v(2), hashed: 0, found: 1 }),
        ("delete from operations where version = 2", OperationMissing(v(2))),
        ("delete from operations where version = 0", OperationMissing(v(0))),
        ("delete from operations where version = 4", OperationMissing(v(4))),
        ("delete from operations", OperationMissing(v(0))),
        ("update operations set version = -1 where version = 0", OutOfOrder(v(-1))),
        (
            "delete from changes where version = 1 and seq = 1",
            ChangesMissing { version: v(1), hashed: 3, found: 2 },
        ),
        ("delete from changes where version = 2", ChangesMissing { version: v(2), hashed: 1, found: 0 }),
        (new_change, ExtraChanges { version: v(2), hashed: 1, found: 2 }),
        ("delete from audit_chain where version = 3", HashMissing(v(3))),
        ("delete from audit_chain where version = 4", HashMissing(v(4))),
        ("delete from audit_chain", HashMissing(v(0))),
        (
            "update audit_chain set changes = 2 where version = 1",
            ExtraChanges { version: v(1), hashed: 2, found: 3 },
        ),
        (new_operation, Extra(v(5))),
        (
            "update changes set version = 5 where version = 4 and seq = 1",
            ChangesMissing { version: v(4), hashed: 2, found: 1 },
        ),
        (
            "insert into audit_chain select account_id, 5, changes, hash from audit_chain where version = 4",
            Extra(v(5)),
        ),
        (
            "delete from operations where version = 4; delete from changes where version = 4;
             delete from audit_chain where version = 4",
            OperationMissing(v(4)),
        ),
        (
            "delete from operations where version = 1; delete from changes where version = 1;
             delete from audit_chain where version = 1",
            OperationMissing(v(1)),
        ),
    ];
    for (harm, expected) in rows {
        let other_hash = format!("'{}'", "5".repeat(64));
        db.sql(&harm.replace("reverse_of_it", &other_hash)).await;
        assert_eq!(verify(&db, account).await, Err(expected), "{harm}");
        db.sql(RESTORE).await;
    }
    verify(&db, account).await.unwrap();
}

async fn a_cut_off_end_is_found_by_a_hash_that_was_kept(db: Db) {
    let account = history(&db).await;
    let kept = verify(&db, account).await.unwrap().hash;
    db.disarm_history().await;
    db.sql(
        "delete from operations where version > 2; delete from changes where version > 2;
         delete from audit_chain where version > 2; update accounts set version = 2;",
    )
    .await;
    // Without the hash, it is a shorter history.
    assert_eq!(verify(&db, account).await.unwrap().version, Some(Version(2)));
    let missing = Err(ChainFault::KeptHashMissing(kept));
    assert_eq!(db.store.verify_chain(account, Some(kept)).await.unwrap(), missing);
    // Going on from there does not bring it back.
    for _ in 0..2 {
        db.store.begin(account).await.unwrap().commit(operation("x")).await.unwrap();
    }
    assert_eq!(verify(&db, account).await.unwrap().version, Some(Version(4)));
    assert_eq!(db.store.verify_chain(account, Some(kept)).await.unwrap(), missing);
}

async fn a_damaged_chain_stays_damaged_and_stops_nobody(db: Db) {
    let account = history(&db).await;
    db.disarm_history().await;
    let mangled = format!("update audit_chain set hash = '{}' where version = 4", "é".repeat(64));
    for (harm, expected) in [
        (mangled.as_str(), ChainFault::Changed(Version(4))),
        ("delete from audit_chain", ChainFault::HashMissing(Version(0))),
    ] {
        db.sql(harm).await;
        db.store.begin(account).await.unwrap().commit(operation("x")).await.unwrap();
        assert_eq!(verify(&db, account).await, Err(expected), "{harm}");
        // Nor is it mended when a server starts.
        let again = store::Store::connect(&db.url.parse().unwrap()).await.unwrap();
        assert_eq!(again.verify_chain(account, None).await.unwrap(), Err(expected), "{harm}");
        again.close().await;
    }
}

async fn a_long_history_is_read_in_pieces(db: Db) {
    let account = db.account().await.id;
    // More than is read at once, in two operations and beside others.
    for rows in [0, 12_345, 1, 5_000] {
        let mut tx = db.store.begin(account).await.unwrap();
        let changes: Vec<NewChange> = (0..rows)
            .map(|n| NewChange::of(Subject::Did(nth_number(n)), "", None, Some(json!({"n": n}))))
            .collect();
        for part in changes.chunks(7_000) {
            tx.record(part).await.unwrap();
        }
        tx.commit(operation("x")).await.unwrap();
    }
    let found = verify(&db, account).await.unwrap();
    assert_eq!((found.operations, found.changes), (5, 17_346));
}

async fn a_commit_meanwhile_is_no_fault(db: Db) {
    let account = history(&db).await;
    let writer = {
        let store = db.store.clone();
        tokio::spawn(async move {
            for _ in 0..40 {
                let mut tx = store.begin(account).await.unwrap();
                tx.record(&[change(0, None, None)]).await.unwrap();
                tx.commit(operation("x")).await.unwrap();
            }
        })
    };
    while !writer.is_finished() {
        verify(&db, account).await.unwrap();
    }
    writer.await.unwrap();
    assert_eq!(verify(&db, account).await.unwrap().version, Some(Version(44)));
}
