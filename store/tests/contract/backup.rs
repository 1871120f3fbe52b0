//! A backup holds everything of either database, comes back into either, and stands in nobody's way.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use routing::{AccountId, RouteId, Step, Version};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, Row, SqliteConnection};
use store::{
    AcceptedRow, Allowing, BackupError, DatabaseUrl, DidFilter, Error, JobId, NewCase, NewChange, NewJob,
    NewPasskey, NewPlan, Store, Subject, UnixMs, UserId, restore,
};

use super::build::{
    add_routes, alias, all_dids, new_did, new_did_on, new_schedule, nth_number, number, operation, shared,
    sign_in, step, upload,
};
use crate::support::{Db, contract, postgres::Database};

contract! {
    a_backup_comes_back_into_either_database_with_everything,
    a_backup_is_of_one_moment_while_others_write,
    accounts_that_are_there_are_replaced_only_if_that_is_asked_for,
    a_database_that_somebody_has_open_is_left_alone,
    what_is_no_whole_backup_changes_nothing,
    an_altered_history_is_backed_up_only_if_that_is_asked_for,
    a_backup_of_an_older_program_is_brought_up_to_date,
}

const NOTHING: Allowing = Allowing { replace: false, altered: false };
const REPLACE: Allowing = Allowing { replace: true, altered: false };
const ALTERED: Allowing = Allowing { replace: true, altered: true };

/// Something in every table: a DID of the highest id that is gone, an upload that waits, texts that JSON must carry.
async fn fill(db: &Db) -> AccountId {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["pbx", "mobile \"2\" \\ é\u{1F600}"]).await;
    let hours = Some(tx.insert_schedule(&new_schedule("office")).await.unwrap());
    let steps = vec![Step { hours, ..step(ids[0]) }, step(ids[1])];
    let plan = tx.insert_plan(&NewPlan { name: alias("night"), steps }).await.unwrap();
    let did = new_did("+12065550100", Some("it's \"desk\""), ids[0], Some(ids[1]));
    tx.insert_dids(&[shared(did, 70, 30), new_did_on("+12065550101", ids[1], plan)]).await.unwrap();
    tx.insert_dids(&[new_did("+12065550102", None, ids[0], None)]).await.unwrap();
    tx.insert_case(&NewCase { name: alias("case"), body: json!({"a": "b"}) }).await.unwrap();
    let text = |text: &str| text.to_owned();
    let accepted = AcceptedRow {
        key: text("a/1"),
        kind: text("a"),
        by: text("Dana"),
        reason: text("so"),
        at: UnixMs(1),
        until: None,
    };
    tx.accept_finding(&accepted).await.unwrap();
    let change =
        |n: i64| NewChange::of(Subject::Route(RouteId(n)), "a \"label\"\n", Some(json!({"x": n})), None);
    tx.record(&[change(1), change(2)]).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    let mut tx = db.store.begin(account).await.unwrap();
    tx.delete_dids(&[number("+12065550102")]).await.unwrap();
    tx.commit(operation("bulk")).await.unwrap();
    db.sql(
        "insert into users (email, email_key, name, staff, password, created_at)
             values ('Ann@x', 'ann@x', 'Ann', 'admin', '$argon2id$', 1), ('gone', 'gone', 'gone', null, null, 1);
         delete from users where email = 'gone';
         insert into members (account_id, user_id, role, since) values (1, 1, 'owner', 1);
         insert into sessions (hash, user_id, created_at, seen_at, proved_at, address, agent)
             values ('s', 1, 1, 1, 1, '::1', 'x');
         insert into devices (hash, user_id, created_at) values ('d', 1, 1);
         insert into recovery_codes (user_id, hash) values (1, 'r');
         insert into invitations (hash, account_id, role, email, email_key, invited_by, created_at, expires_at)
             values ('i', 1, 'viewer', 'b', 'b', 'Ann', 1, 2);
         insert into password_links (hash, user_id, created_at, expires_at) values ('p', 1, 1, 2);
         insert into passkey_ceremonies (hash, user_id, state, expires_at) values ('c', 1, '{}', 2);
         insert into api_tokens (hash, account_id, user_id, name, hint, scope, created_at, expires_at)
             values ('t', 1, 1, 'ci', 'swb_', 'read', 1, 2);
         insert into support_grants (account_id, granted_by, granted_at, until) values (1, 'Ann', 1, 2);
         insert into looks (account_id, user_id, at, address) values (1, 1, 1, '/');
         insert into oidc_identities (issuer, subject, user_id, email, linked_at) values ('https://i', 's', 1, null, 1);
         insert into oidc_unlinked (user_id, issuer) values (1, 'https://j');
         insert into destinations (account_id, code) values (1, 44);
         insert into notes (account_id, number, text, by_whom, at) values (1, null, 'n', 'Ann', 1);",
    )
    .await;
    upload(&db.store, account, "x.csv", &[&[0, 1], &[255, 34]]).await;
    db.store.save_selection(account, DidFilter::default(), "Ann").await.unwrap();
    let text = |text: &str| text.to_owned();
    let job = NewJob {
        id: JobId::random().unwrap(),
        kind: text("undo"),
        made_by: text("Ann"),
        form: text("/activity/1/undo"),
    };
    db.store.begin_job(account, &job).await.unwrap();
    let passkey = NewPasskey {
        user: UserId(1),
        handle: vec![0, 255],
        credential_id: vec![1, 254],
        credential: "{}".into(),
        name: "phone".into(),
    };
    sign_in(&db.store, async |tx| tx.insert_passkey(&passkey).await).await.unwrap();
    account
}

/// Where to restore to: a SQLite file that is not there, and a PostgreSQL that nobody used.
async fn targets(folder: &Path) -> (String, String, Database) {
    let postgres = Database::create().await;
    (format!("sqlite:{}", folder.join("restored.sqlite").display()), postgres.url.clone(), postgres)
}

/// What a restore ends.
fn ended(row: &str) -> bool {
    ["sessions: ", "password_links: ", "invitations: ", "passkey_ceremonies: "]
        .iter()
        .any(|table| row.starts_with(table))
}

/// Every row of every table of a backup, as text.
async fn dump(backup: &Path) -> Vec<String> {
    let mut conn = SqliteConnection::connect(&format!("sqlite:{}", backup.display())).await.unwrap();
    let tables: Vec<(String, String)> = sqlx::query_as(
        "select t.name, group_concat('quote(\"' || c.name || '\")', ' || '','' || ')
         from pragma_table_list as t join pragma_table_info(t.name) as c
         where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite_schema%' and t.name <> '_sqlx_migrations'
         group by t.name order by t.name",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    assert!(tables.len() >= 14, "{tables:?}");
    let mut rows = Vec::new();
    for (table, columns) in tables {
        let sql = format!("select '{table}: ' || {columns} from \"{table}\" order by 1");
        let found = conn.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await.unwrap();
        assert!(!found.is_empty() || ended(&format!("{table}: ")), "nothing is in {table}");
        rows.extend(found.iter().map(|row| row.get::<String, _>(0)));
    }
    // PostgreSQL counts accounts that are gone as well; the default of SQLite does not.
    rows.retain(|row| row != "sqlite_sequence: 'accounts',1");
    rows
}

async fn a_backup_comes_back_into_either_database_with_everything(db: Db) {
    let account = fill(&db).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("all.backup");
    let found = db.store.back_up(&backup, NOTHING).await.unwrap();
    let history = db.store.verify_chain(account, None).await.unwrap().unwrap();
    // The installation's history is the last.
    assert_eq!((found.len(), found[0].history.as_ref()), (2, Ok(&history)));
    let about = fs::metadata(&backup).unwrap();
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    let mut rows = dump(&backup).await;
    // Nobody is signed in after a restore.
    rows.retain(|row| !ended(row));

    let (sqlite, postgres, database) = targets(folder.path()).await;
    for url in [sqlite, postgres] {
        let target: DatabaseUrl = url.parse().unwrap();
        let found = restore(&backup, &target, NOTHING).await.unwrap();
        assert_eq!(found[0].history.as_ref(), Ok(&history), "{target}");
        let restored = Store::connect(&target).await.unwrap();
        assert_eq!(restored.snapshot(account).await.unwrap(), db.store.snapshot(account).await.unwrap());
        assert_eq!(all_dids(&restored, account).await, all_dids(&db.store, account).await);
        // What triggers fill, too.
        let codes = db.store.calling_codes(account).await.unwrap();
        assert_eq!(restored.calling_codes(account).await.unwrap(), codes);
        let alias = DidFilter { q: Some("desk".into()), ..DidFilter::default() };
        assert_eq!(restored.count_dids(account, &alias, None).await.unwrap(), 1, "{target}");
        let again = folder.path().join("again.backup");
        restored.back_up(&again, REPLACE).await.unwrap();
        assert_eq!(dump(&again).await, rows, "{target}");

        // No id comes back, and the history is as insert-only as it was.
        let mut tx = restored.begin(account).await.unwrap();
        tx.insert_dids(&[new_did("+12065550103", None, RouteId::REGISTERED, None)]).await.unwrap();
        let new = tx.dids_by_number(&[number("+12065550103")]).await.unwrap().remove(0).did.id;
        assert_eq!(new.0, 4, "{target}");
        tx.commit(operation("x")).await.unwrap();
        let restored = Db { store: restored, url };
        for harm in [
            "update operations set actor = 'x'",
            "delete from changes",
            "delete from audit_chain",
            "delete from looks",
        ] {
            assert!(restored.try_sql(harm).await.is_err(), "{target}: {harm}");
        }
        restored.store.close().await;
    }
    database.remove().await;
}

async fn a_backup_is_of_one_moment_while_others_write(db: Db) {
    let account = db.account().await.id;
    let writer = db.store.clone();
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let writing = tokio::spawn(async move {
        let mut count = 0;
        while !*stopped.borrow_and_update() {
            let mut tx = writer.begin(account).await.unwrap();
            let number = nth_number(count).to_string();
            tx.insert_dids(&[new_did(&number, None, RouteId::REGISTERED, None)]).await.unwrap();
            tx.commit(operation("import")).await.unwrap();
            count += 1;
        }
        count
    });
    let folder = tempfile::tempdir().unwrap();
    // Of each version one DID: a copy of two moments would not have as many.
    for n in 0..5 {
        let backup = folder.path().join(format!("{n}.backup"));
        let found = db.store.back_up(&backup, NOTHING).await.unwrap();
        let version = found[0].history.as_ref().unwrap().version.unwrap();
        let target = folder.path().join(format!("{n}.sqlite"));
        restore(&backup, &DatabaseUrl::sqlite(&target), NOTHING).await.unwrap();
        let store = Store::connect(&DatabaseUrl::sqlite(&target)).await.unwrap();
        assert_eq!(all_dids(&store, account).await.len() as i64, version.0);
        store.close().await;
    }
    stop.send(true).unwrap();
    assert!(writing.await.unwrap() > 0);
}

/// A database like `db`, closed, and its backup.
async fn closed(db: Db, folder: &Path) -> (DatabaseUrl, AccountId, PathBuf) {
    let account = fill(&db).await;
    let backup = folder.join("a.backup");
    db.store.back_up(&backup, NOTHING).await.unwrap();
    db.store.close().await;
    (db.url.parse().unwrap(), account, backup)
}

async fn accounts_that_are_there_are_replaced_only_if_that_is_asked_for(db: Db) {
    let folder = tempfile::tempdir().unwrap();
    let (url, account, backup) = closed(db, folder.path()).await;
    let store = Store::connect(&url).await.unwrap();
    store.begin(account).await.unwrap().commit(operation("later")).await.unwrap();
    let refused = store.back_up(&backup, NOTHING).await;
    assert!(matches!(refused, Err(BackupError::Exists(_))), "{refused:?}");
    store.close().await;
    for (allowing, version) in [(NOTHING, 3), (REPLACE, 2)] {
        let refused = restore(&backup, &url, allowing).await;
        assert_eq!(matches!(refused, Err(BackupError::HoldsAccounts)), !allowing.replace, "{refused:?}");
        let store = Store::connect(&url).await.unwrap();
        assert_eq!(store.account(account).await.unwrap().unwrap().version, Version(version));
        assert!(store.verify_chain(account, None).await.unwrap().is_ok());
        store.close().await;
    }
}

async fn a_database_that_somebody_has_open_is_left_alone(db: Db) {
    let account = fill(&db).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("a.backup");
    db.store.back_up(&backup, NOTHING).await.unwrap();
    db.store.begin(account).await.unwrap().commit(operation("later")).await.unwrap();
    let refused = restore(&backup, &db.url.parse().unwrap(), REPLACE).await;
    assert!(matches!(refused, Err(BackupError::InUse)), "{refused:?}");
    db.store.begin(account).await.unwrap().commit(operation("later")).await.unwrap();
    assert_eq!(db.store.account(account).await.unwrap().unwrap().version, Version(4));
}

async fn what_is_no_whole_backup_changes_nothing(db: Db) {
    let folder = tempfile::tempdir().unwrap();
    let (url, account, backup) = closed(db, folder.path()).await;
    let whole = fs::read(&backup).unwrap();
    let mut torn = whole.clone();
    // In the middle of a page of rows.
    let middle = torn.len() / 2;
    torn[middle..middle + 2048].fill(0xA5);
    let altered = |sql: &'static str| {
        let path = folder.path().join("altered.backup");
        fs::write(&path, &whole).unwrap();
        async move {
            let mut conn = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
            conn.execute(sqlx::raw_sql(sql)).await.unwrap();
            conn.close().await.unwrap();
            fs::read(&path).unwrap()
        }
    };
    let newer = altered("update _sqlx_migrations set version = 9999 where version = 1").await;
    let history = altered(
        "drop trigger operations_are_not_updated; update operations set actor = 'Sam' where version = 1",
    )
    .await;
    let foreign = altered("drop table _sqlx_migrations").await;
    type Said = fn(&BackupError) -> bool;
    let rows: [(&str, Vec<u8>, Said); 7] = [
        ("empty", vec![], |e| matches!(e, BackupError::NotABackup(_))),
        ("text", b"number,alias\n".repeat(999), |e| matches!(e, BackupError::NotABackup(_))),
        ("cut off", whole[..whole.len() / 2].to_vec(), |e| matches!(e, BackupError::Damaged { .. })),
        ("torn", torn, |e| matches!(e, BackupError::Damaged { .. })),
        ("newer", newer, |e| matches!(e, BackupError::Store(Error::NewerDatabase { found: 9999, .. }))),
        ("altered", history, |e| matches!(e, BackupError::Altered { .. })),
        ("foreign", foreign, |e| matches!(e, BackupError::NotABackup(_))),
    ];
    for (what, bytes, said) in rows {
        let path = folder.path().join("wrong.backup");
        fs::write(&path, bytes).unwrap();
        let refused = restore(&path, &url, REPLACE).await.unwrap_err();
        assert!(said(&refused), "{what}: {refused:?}");
        let store = Store::connect(&url).await.unwrap();
        assert_eq!(store.account(account).await.unwrap().unwrap().version, Version(2), "{what}");
        store.close().await;
    }
    let absent = restore(&folder.path().join("absent"), &url, REPLACE).await;
    assert!(matches!(absent, Err(BackupError::File { .. })), "{absent:?}");
    // A database that was copied while it was in use: the rest of it stands in another file.
    let copied = folder.path().join("copied.sqlite");
    fs::write(&copied, &whole).unwrap();
    fs::write(folder.path().join("copied.sqlite-wal"), b"frames").unwrap();
    let refused = restore(&copied, &url, REPLACE).await;
    assert!(matches!(refused, Err(BackupError::NotAtRest(_))), "{refused:?}");
}

async fn an_altered_history_is_backed_up_only_if_that_is_asked_for(db: Db) {
    let account = fill(&db).await;
    db.disarm_history().await;
    db.sql("update operations set actor = 'Sam' where version = 1").await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("a.backup");
    let refused = db.store.back_up(&backup, NOTHING).await;
    assert!(matches!(refused, Err(BackupError::Altered { .. })), "{refused:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let found = db.store.back_up(&backup, ALTERED).await.unwrap();
    assert!(found[0].history.is_err());
    // It comes back as it is: restoring mends nothing.
    let target = DatabaseUrl::sqlite(folder.path().join("restored.sqlite"));
    let refused = restore(&backup, &target, NOTHING).await;
    assert!(matches!(refused, Err(BackupError::Altered { .. })), "{refused:?}");
    restore(&backup, &target, ALTERED).await.unwrap();
    let store = Store::connect(&target).await.unwrap();
    assert!(store.verify_chain(account, None).await.unwrap().is_err());
    store.close().await;
}

async fn a_backup_of_an_older_program_is_brought_up_to_date(db: Db) {
    // A file as the first release left it.
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old.backup");
    super::migration::write_old_sqlite(&format!("sqlite:{}", old.display())).await;
    db.store.close().await;
    restore(&old, &db.url.parse().unwrap(), NOTHING).await.unwrap();
    let store = Store::connect(&db.url.parse().unwrap()).await.unwrap();
    let account = store.accounts().await.unwrap().remove(0);
    assert_eq!(account.version, Version(2));
    let history = store.verify_chain(account.id, None).await.unwrap().unwrap();
    assert_eq!(history.operations, 3);
    store.close().await;
}
