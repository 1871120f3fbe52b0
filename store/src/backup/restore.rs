//! Bringing a backup back: whole or not at all, and never beside somebody who has the database open.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{Connection, PgConnection, SqliteConnection};

use super::file::NewFile;
use super::{Allowing, BackedUp, BackupError, catalog, copy, look, sequence};
use crate::db::{ANALYZE_DIDS, Address, POSTGRES_OPEN_LOCK, is_sqlite_busy};
use crate::sql::{Conn, Name, Sql};
use crate::{DatabaseKind, DatabaseUrl, Error, Store};

/// How long somebody who is about to close the database is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Brings a backup back into a database that holds no account, or in place of all that it holds. One of an older program
/// is brought to this one's schema first.
///
/// # Errors
/// It is no backup, is damaged, or is of a newer program; a history does not verify; the database is open elsewhere or
/// holds an account; a file cannot be written; the database failed. What was there before is as it was then.
pub async fn restore(
    backup: &Path,
    database: &DatabaseUrl,
    allowing: Allowing,
) -> Result<Vec<BackedUp>, BackupError> {
    look::ours(backup).await?;
    match &database.0 {
        Address::Sqlite(path) => into_sqlite(backup, path, allowing).await,
        Address::Postgres { .. } => into_postgres(backup, database, allowing).await,
    }
}

/// A copy of the backup, of this program's schema and looked through.
async fn prepare(
    copy: &mut NewFile,
    backup: &Path,
    allowing: Allowing,
) -> Result<Vec<BackedUp>, BackupError> {
    copy.fill(backup)?;
    let before = Store::of_file_at_rest(copy.path()).await?;
    let whole = look::undamaged(&mut before.reader().await?.conn(), backup).await;
    before.close().await;
    whole?;
    let store = Store::connect(&DatabaseUrl::sqlite(copy.path())).await?;
    let found = match look::histories(&store, allowing).await {
        Ok(found) => sign_everybody_out(&store).await.map(|()| found).map_err(BackupError::from),
        altered => altered,
    };
    // It writes all back into the one file.
    store.close().await;
    found
}

/// Whoever was signed out after the backup was taken, or used up a link, must not find the door open
/// again. (Tokens and people who were removed since do come back: nothing here can know of them.)
async fn sign_everybody_out(store: &Store) -> Result<(), Error> {
    let mut tx = store.transact().await?;
    for text in [
        "delete from sessions",
        "delete from password_links",
        "delete from invitations",
        "delete from passkey_ceremonies",
    ] {
        tx.conn().run(Sql::new("sign everybody out", text)).await?;
    }
    tx.commit("sign everybody out").await
}

async fn into_sqlite(backup: &Path, path: &Path, allowing: Allowing) -> Result<Vec<BackedUp>, BackupError> {
    let old = if path.exists() { Some(hold(path).await?) } else { None };
    // Without one to hold, a server that starts meanwhile makes one: it is not replaced.
    let mut file = NewFile::begin(path, old.is_some())?;
    let Some(mut old) = old else {
        let found = prepare(&mut file, backup, allowing).await?;
        file.finish()?;
        return Ok(found);
    };
    if !allowing.replace && holds_accounts(&mut Conn::Sqlite(&mut old)).await? {
        return Err(BackupError::HoldsAccounts);
    }
    let found = prepare(&mut file, backup, allowing).await?;
    file.resemble(&fs::metadata(path).map_err(BackupError::file("look at", path))?)?;
    file.finish()?;
    // Held until the new one has its name. Who waited to open it has one without a name now, which SQLite does not write.
    let failed = |source| Error::Database { doing: "let go of the old database", source };
    old.close().await.map_err(failed)?;
    Ok(found)
}

/// Opens a SQLite database so that nobody else can, and takes what stands in its write-ahead log into the file: the log
/// of the old one must not be left beside the new one. Leaving that mode needs to be the only one who has it open.
async fn hold(path: &Path) -> Result<SqliteConnection, BackupError> {
    let refused = |source: sqlx::Error| match &source {
        sqlx::Error::Database(error) if is_sqlite_busy(error.as_ref()) => BackupError::InUse,
        _ => BackupError::Store(Error::Database { doing: "hold the database", source }),
    };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Delete)
        .busy_timeout(PATIENCE);
    let mut conn = SqliteConnection::connect_with(&options).await.map_err(refused)?;
    let held = Conn::Sqlite(&mut conn).run(Sql::new("hold the database", "begin exclusive")).await;
    match held {
        Ok(_) => Ok(conn),
        Err(Error::Database { source, .. }) => Err(refused(source)),
        Err(error) => Err(error.into()),
    }
}

async fn holds_accounts(conn: &mut Conn<'_>) -> Result<bool, Error> {
    let doing = "look for accounts";
    if conn.kind() == DatabaseKind::Sqlite {
        let sql = Sql::new(doing, "select 1 from sqlite_schema where type = 'table' and name = 'accounts'");
        if conn.optional::<(i64,)>(sql).await?.is_none() {
            return Ok(false);
        }
    }
    let sql = Sql::new(doing, "select id from accounts where id > 0 or version >= 0 limit 1");
    Ok(conn.optional::<(i64,)>(sql).await?.is_some())
}

async fn into_postgres(
    backup: &Path,
    database: &DatabaseUrl,
    allowing: Allowing,
) -> Result<Vec<BackedUp>, BackupError> {
    let Address::Postgres { options, .. } = &database.0 else { return Err(BackupError::InUse) };
    let folder = PrivateFolder::new()?;
    let mut file = NewFile::begin(&folder.0.join("backup.sqlite"), false)?;
    let found = prepare(&mut file, backup, allowing).await?;
    // For its schema.
    Store::connect(database).await?.close().await;

    let failed = |doing| move |source| Error::Database { doing, source };
    let wait = [("lock_timeout", PATIENCE.as_millis().to_string())];
    let options = options.as_ref().clone().options(wait);
    let mut conn = PgConnection::connect_with(&options).await.map_err(failed("connect to PostgreSQL"))?;
    let sql = Sql::new("hold the database", "select 1 from pg_advisory_lock($1)").bind(POSTGRES_OPEN_LOCK);
    match Conn::Postgres(&mut conn).run(sql).await {
        Err(error) if error.is_temporary() => return Err(BackupError::InUse),
        held => held.map(drop)?,
    }
    let source = Store::of_file_at_rest(file.path()).await?;
    let mut reader = source.reader().await?;
    let mut tx = conn.begin().await.map_err(failed("begin to write"))?;
    let (from, into) = (&mut reader.conn(), &mut Conn::Postgres(&mut tx));
    if !allowing.replace && holds_accounts(into).await? {
        return Err(BackupError::HoldsAccounts);
    }
    let tables = catalog::shared(from, into).await?;
    let names: Vec<Name> = tables.iter().map(|(_, ours)| ours.name.clone()).collect();
    empty(into, &names).await?;
    copy::rows(from, into, &tables).await?;
    sequence::to_postgres(from, into, &tables).await?;
    into.run(Sql::new("analyze the DIDs", ANALYZE_DIDS)).await?;
    tx.commit().await.map_err(failed("bring the backup back"))?;
    conn.close().await.map_err(failed("let go of the database"))?;
    drop(reader);
    source.close().await;
    Ok(found)
}

/// Takes every row away. The triggers that keep the history as it was written stand aside for that, and are back before
/// a row is written, all in the one transaction.
async fn empty(into: &mut Conn<'_>, tables: &[Name]) -> Result<(), BackupError> {
    let sql = Sql::new(
        "list the triggers",
        "select cast(c.relname as text), cast(t.tgname as text), cast(t.tgenabled as text)
         from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
         where not t.tgisinternal and t.tgenabled <> 'D'
             and c.relnamespace = cast(current_schema() as regnamespace)
         order by 1, 2",
    );
    let rows: Vec<(String, String, String)> = into.all(sql).await?;
    let mut triggers = Vec::new();
    for (table, trigger, enabled) in rows {
        let strange = || BackupError::Schema { table: table.clone() };
        let how = match enabled.as_str() {
            "A" => " enable always trigger ",
            "R" => " enable replica trigger ",
            _ => " enable trigger ",
        };
        let named = (Name::new(&table).ok_or_else(strange)?, Name::new(&trigger).ok_or_else(strange)?);
        triggers.push((named, how));
    }
    let switch = |(table, trigger): &(Name, Name), how: &'static str| {
        let mut sql = Sql::new("switch a trigger", "alter table ");
        sql.push_name(table).push(how).push_name(trigger);
        sql
    };
    for (named, _) in &triggers {
        into.run(switch(named, " disable trigger ")).await?;
    }
    let mut sql = Sql::new("empty the tables", "truncate table ");
    for (at, table) in tables.iter().enumerate() {
        sql.push(if at > 0 { ", " } else { "" }).push_name(table);
    }
    sql.push(", ").push(catalog::FILLED_BY_TRIGGERS).push(" restart identity");
    into.run(sql).await?;
    for (named, how) in &triggers {
        into.run(switch(named, how)).await?;
    }
    Ok(())
}

/// A folder that only we can look into; gone with what is in it when it is dropped.
struct PrivateFolder(PathBuf);

impl PrivateFolder {
    fn new() -> Result<PrivateFolder, BackupError> {
        let mut id = [0; 8];
        getrandom::fill(&mut id).map_err(Error::Random)?;
        let path = std::env::temp_dir().join(format!("switchback-restore-{:016x}", u64::from_ne_bytes(id)));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(BackupError::file("create", &path))?;
        Ok(PrivateFolder(path))
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        // What stays is a copy in a folder that is ours alone.
        let _ = fs::remove_dir_all(&self.0);
    }
}
