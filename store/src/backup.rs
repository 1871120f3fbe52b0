//! Backups: one file that holds everything, and can be brought back into either database.
//!
//! A backup is a SQLite database with the schema of its time, whatever database it was taken of: one kind of file to keep,
//! to verify and to bring back, which moves an installation from SQLite to PostgreSQL (or back) as well. It is taken
//! beside a running server, of one moment. Nothing gets its final name before it was looked through: SQLite's own
//! check of the file, its foreign keys, and the audit chain of every account.
//!
//! Which tables and columns there are is asked of the schema and not listed here, so that a migration cannot make a
//! backup incomplete.

mod catalog;
mod copy;
mod error;
mod file;
mod look;
mod restore;
mod sequence;

use std::path::Path;

use routing::AccountId;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

pub use self::error::BackupError;
use self::file::NewFile;
pub use self::restore::restore;
use crate::sql::{Conn, Sql};
use crate::{ChainFault, ChainSummary, DatabaseKind, Error, Store, migrate};

/// What may be done that is refused otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowing {
    /// What is there already may be replaced: the file of a backup, the accounts of a restore.
    pub replace: bool,
    /// A history that does not verify may be copied as it is. It says so whenever it is verified.
    pub altered: bool,
}

/// An account in a backup, and what its history verified as.
#[derive(Clone, Debug)]
pub struct BackedUp {
    /// The account.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// Its history; a fault only where [`Allowing::altered`] lets it pass.
    pub history: Result<ChainSummary, ChainFault>,
}

impl Store {
    /// Writes everything there is into a new file that only its owner can read: as it is at one moment, while others
    /// write. Killed at any time, it leaves no file of that name, or the whole one.
    ///
    /// # Errors
    /// The file is there already or cannot be written; a history does not verify; the database failed.
    pub async fn back_up(&self, path: &Path, allowing: Allowing) -> Result<Vec<BackedUp>, BackupError> {
        if self.is_file(path).await? {
            return Err(BackupError::Itself(path.to_owned()));
        }
        let file = NewFile::begin(path, allowing.replace)?;
        match self.kind() {
            DatabaseKind::Sqlite => self.vacuum_into(file.path()).await?,
            DatabaseKind::Postgres => self.copy_into(file.path()).await?,
        }
        let found = look::through(file.path(), path, allowing).await?;
        file.finish()?;
        Ok(found)
    }

    /// Whether the path leads to the very database.
    async fn is_file(&self, path: &Path) -> Result<bool, Error> {
        if self.kind() == DatabaseKind::Postgres {
            return Ok(false);
        }
        let sql = Sql::new(
            "ask where the database is",
            "select file from pragma_database_list where name = 'main'",
        );
        let (file,): (String,) = self.reader().await?.conn().one(sql).await?;
        let (ours, theirs) = (std::fs::canonicalize(file), std::fs::canonicalize(path));
        Ok(matches!((ours, theirs), (Ok(ours), Ok(theirs)) if ours == theirs))
    }

    /// SQLite copies itself, page by page in one read transaction: no writer waits for it.
    async fn vacuum_into(&self, path: &Path) -> Result<(), Error> {
        let sql = Sql::new("copy the database", "vacuum into $1").bind(path.to_string_lossy().into_owned());
        self.copier().await?.conn().run(sql).await.map(drop)
    }

    /// Row by row into a file of the same schema.
    async fn copy_into(&self, path: &Path) -> Result<(), BackupError> {
        let failed = |source| Error::Database { doing: "write the backup", source };
        let options = SqliteConnectOptions::new()
            .filename(path)
            // It is a file that nobody knows yet: a crash leaves it unfinished either way, and it is synced at the end.
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off);
        let mut into = sqlx::SqliteConnection::connect_with(&options).await.map_err(failed)?;
        migrate::apply(&mut into).await?;
        let mut from = self.view().await?;
        let mut tx = into.begin().await.map_err(failed)?;
        fill(&mut from.conn(), &mut Conn::Sqlite(&mut tx)).await?;
        tx.commit().await.map_err(failed)?;
        into.close().await.map_err(failed)?;
        Ok(())
    }
}

async fn fill(from: &mut Conn<'_>, into: &mut Conn<'_>) -> Result<(), BackupError> {
    let tables = catalog::shared(into, from).await?;
    for (ours, _) in tables.iter().rev() {
        // What the migrations put there.
        let mut sql = Sql::new("empty a table", "delete from ");
        sql.push_name(&ours.name);
        into.run(sql).await?;
    }
    let pairs: Vec<_> = tables.into_iter().map(|(ours, theirs)| (theirs, ours)).collect();
    copy::rows(from, into, &pairs).await?;
    sequence::to_sqlite(from, into, &pairs).await?;
    Ok(())
}
