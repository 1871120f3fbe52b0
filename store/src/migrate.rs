//! Bringing a database to this program's schema: once, whoever else starts meanwhile.

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPool;
use sqlx::{Connection, Sqlite, SqliteConnection};

use crate::sql::{Conn, Sql};
use crate::{Error, Result};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../migrations/postgres");

/// While another process migrates, which may take minutes where a table of a million rows is built anew.
const WAIT_FOR_MIGRATION: &str = "pragma busy_timeout = 600000";

/// Migrates a SQLite file. All that is missing is done in one transaction that holds the file: sqlx takes no lock of its
/// own here, and two that start at once would both create the first table. `then_wait` puts the patience back.
pub(crate) async fn sqlite(conn: &mut PoolConnection<Sqlite>, then_wait: &'static str) -> Result<()> {
    if !sqlite_is_current(&mut Conn::Sqlite(conn)).await? {
        wait(conn, WAIT_FOR_MIGRATION).await?;
        let failed = |source| Error::Database { doing: "begin to migrate", source };
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        apply(&mut tx).await?;
        let failed = |source| Error::Database { doing: "migrate the database", source };
        tx.commit().await.map_err(failed)?;
        wait(conn, then_wait).await?;
    }
    // Of one that is current, it compares what was applied, and writes nothing.
    apply(conn).await
}

/// What is missing of a SQLite database. (`run` is the same, but a future of it over a borrowed connection cannot be sent to a thread.)
pub(crate) async fn apply(conn: &mut SqliteConnection) -> Result<()> {
    SQLITE_MIGRATIONS.run_direct(None, conn, false).await.map_err(refused)
}

async fn wait(conn: &mut PoolConnection<Sqlite>, pragma: &'static str) -> Result<()> {
    Conn::Sqlite(conn).run(Sql::new("set how long to wait", pragma)).await.map(drop)
}

/// Whether nothing is left to do: a command beside a busy server must not wait for its write lock only to find that.
async fn sqlite_is_current(conn: &mut Conn<'_>) -> Result<bool> {
    Ok(sqlite_version(conn).await? == Some(known()))
}

/// The last migration that a SQLite file has; `None` if it is no database of ours.
///
/// # Errors
/// [`Error::NewerDatabase`]; it cannot be read.
pub(crate) async fn sqlite_version(conn: &mut Conn<'_>) -> Result<Option<i64>> {
    let doing = "look for migrations";
    let there = Sql::new(doing, "select 1 from sqlite_schema where name = '_sqlx_migrations'");
    if conn.optional::<(i64,)>(there).await?.is_none() {
        return Ok(None);
    }
    let sql = Sql::new(doing, "select max(version) from _sqlx_migrations");
    let (found,): (Option<i64>,) = conn.one(sql).await?;
    match (found, known()) {
        (Some(found), known) if found > known => Err(Error::NewerDatabase { found, known }),
        (found, _) => Ok(found),
    }
}

/// The last migration that this program knows.
fn known() -> i64 {
    SQLITE_MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Migrates a PostgreSQL database; sqlx takes an advisory lock, so that servers which start at once do it once.
pub(crate) async fn postgres(pool: &PgPool) -> Result<()> {
    POSTGRES_MIGRATIONS.run(pool).await.map_err(refused)
}

/// A version that we do not know was made by somebody who does.
fn refused(error: MigrateError) -> Error {
    match error {
        MigrateError::VersionMissing(found) if found > known() => {
            Error::NewerDatabase { found, known: known() }
        }
        error => Error::Migrate(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_paired_by_number_and_name() {
        let list = |migrator: &Migrator| -> Vec<(i64, String)> {
            migrator.iter().map(|migration| (migration.version, migration.description.to_string())).collect()
        };
        assert_eq!(list(&SQLITE_MIGRATIONS), list(&POSTGRES_MIGRATIONS));
        assert!(!list(&SQLITE_MIGRATIONS).is_empty());
    }
}
