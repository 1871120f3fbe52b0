//! Looking a backup through: whether it is one, is whole, and holds histories as they were written.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::{Allowing, BackedUp, BackupError};
use crate::accounts::BEFORE_CREATION;
use crate::sql::{Conn, Sql};
use crate::{Error, INSTALLATION, Store, migrate};

/// What every SQLite file begins with.
const SQLITE_MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Looks through a file that is of this program's schema, without a change to it. `called` is what errors call it.
pub(super) async fn through(
    path: &Path,
    called: &Path,
    allowing: Allowing,
) -> Result<Vec<BackedUp>, BackupError> {
    let store = Store::of_file_at_rest(path).await?;
    let found = whole(&store, called, allowing).await;
    store.close().await;
    found
}

async fn whole(store: &Store, called: &Path, allowing: Allowing) -> Result<Vec<BackedUp>, BackupError> {
    undamaged(&mut store.reader().await?.conn(), called).await?;
    histories(store, allowing).await
}

/// Whether it is a database of ours at all, and of no newer program.
///
/// # Errors
/// [`BackupError::NotABackup`], [`BackupError::NotAtRest`], [`Error::NewerDatabase`].
pub(super) async fn ours(path: &Path) -> Result<(), BackupError> {
    let mut magic = [0; SQLITE_MAGIC.len()];
    let mut file = File::open(path).map_err(BackupError::file("read", path))?;
    if file.read_exact(&mut magic).is_err() || &magic != SQLITE_MAGIC {
        return Err(BackupError::NotABackup(path.to_owned()));
    }
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if fs::metadata(log).is_ok_and(|log| log.len() > 0) {
        return Err(BackupError::NotAtRest(path.to_owned()));
    }
    let store = Store::of_file_at_rest(path).await?;
    let known = match store.reader().await {
        Ok(mut reader) => migrate::sqlite_version(&mut reader.conn()).await,
        Err(error) => Err(error),
    };
    store.close().await;
    match known {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(BackupError::NotABackup(path.to_owned())),
        Err(newer @ Error::NewerDatabase { .. }) => Err(newer.into()),
        Err(error) => Err(BackupError::Damaged { path: path.to_owned(), said: told(&error) }),
    }
}

/// SQLite's own check of every page and index, and of every key that names another row.
pub(super) async fn undamaged(conn: &mut Conn<'_>, called: &Path) -> Result<(), BackupError> {
    let damaged = |said| BackupError::Damaged { path: called.to_owned(), said };
    let sql = Sql::new("check the file", "pragma integrity_check(1)");
    let said: Vec<(String,)> = conn.all(sql).await.map_err(|error| damaged(told(&error)))?;
    match said.first() {
        Some((word,)) if word == "ok" => {}
        said => return Err(damaged(said.map(|(said,)| said.clone()).unwrap_or_default())),
    }
    let sql = Sql::new("check the keys", "select \"table\" from pragma_foreign_key_check limit 1");
    match conn.optional::<(String,)>(sql).await? {
        Some((table,)) => Err(damaged(format!("a row of {table} names one that is not there"))),
        None => Ok(()),
    }
}

/// What every account's history verifies as.
pub(super) async fn histories(store: &Store, allowing: Allowing) -> Result<Vec<BackedUp>, BackupError> {
    let mut found = Vec::new();
    let mut accounts = store.accounts().await?;
    // Of a backup from before it had a history, there is none to look at.
    let own = store.account(INSTALLATION).await?;
    accounts.extend(own.filter(|installation| installation.version > BEFORE_CREATION));
    for account in accounts {
        let history = store.verify_chain(account.id, None).await?;
        match history {
            Err(fault) if !allowing.altered => {
                return Err(BackupError::Altered { name: account.name, fault });
            }
            history => found.push(BackedUp { account: account.id, name: account.name, history }),
        }
    }
    Ok(found)
}

/// An error with what lies under it: of a damaged file, SQLite says what is wrong.
fn told(error: &Error) -> String {
    let source = std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
    format!("{error}{source}")
}
