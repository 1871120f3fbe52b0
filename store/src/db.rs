//! Opening either database, and borrowing connections from it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Postgres, Sqlite, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::sql::{Conn, Sql};
use crate::{Error, ROWS_PER_STATEMENT, Result, audit, migrate};

/// Earlier versions can corrupt a database in WAL mode when a checkpoint meets a writer.
const SQLITE_LEAST: (u32, u32, u32) = (3, 51, 3);
/// How long a writer waits for another process, such as the command line beside the server.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Between two tries to open a file that is busy.
const BUSY_PAUSE: Duration = Duration::from_millis(20);
/// [`BUSY_TIMEOUT`], said to a connection that waited longer meanwhile.
const WAIT_AS_USUAL: &str = "pragma busy_timeout = 5000";
/// How long a call waits for a connection; writers queue behind a bulk action, which takes a second or two.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
/// The same for PostgreSQL, where writers wait for a row and not for a connection: while the database is away, every page
/// says so after this long.
const POSTGRES_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Readers of SQLite: beyond a few, they only wait for the same cores.
const SQLITE_READERS_MAX: u32 = 8;
/// Connections to PostgreSQL: several servers share its default limit of 100.
const POSTGRES_CONNECTIONS_MAX: u32 = 16;
/// How many large changes go on at once, each with one more connection to read by: further ones wait.
const BESIDE_MAX: u32 = 8;
/// Page cache of each SQLite connection in KiB: the upper levels of every index of a million DIDs. With twice as much the
/// connections alone held 60 MB more of those, and no page came sooner.
const SQLITE_CACHE_KIB: &str = "-8192";

/// See [`Store::analyze_dids`].
pub(crate) const ANALYZE_DIDS: &str = "analyze dids, did_search";
/// Every connection to PostgreSQL shares this advisory lock, so that a restore can see that it is alone: a server would
/// go on with what it remembers of the accounts that were replaced.
pub(crate) const POSTGRES_OPEN_LOCK: i64 = 0x7377_6974_6368;

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A file on this machine.
    Sqlite,
    /// A server.
    Postgres,
}

impl DatabaseKind {
    /// Rows of a table that one statement takes. In SQLite each of their values is bound by itself, 32,766 at most; a
    /// statement for so many rows is prepared once and stays.
    pub(crate) fn table_rows(self) -> usize {
        match self {
            DatabaseKind::Sqlite => 500,
            DatabaseKind::Postgres => ROWS_PER_STATEMENT,
        }
    }

    /// The table in which a number is found, whosever it is; it has the account as well.
    pub(crate) fn numbers_table(self) -> &'static str {
        match self {
            DatabaseKind::Sqlite => "dids",
            DatabaseKind::Postgres => "did_search",
        }
    }
}

/// Where the database is: `sqlite:path` or `postgres://user@host/name`. Its text never shows a password.
#[derive(Clone)]
pub struct DatabaseUrl(pub(crate) Address);

#[derive(Clone)]
pub(crate) enum Address {
    Sqlite(PathBuf),
    Postgres { options: Box<PgConnectOptions>, shown: String },
}

impl DatabaseUrl {
    /// A SQLite file.
    pub fn sqlite(path: impl Into<PathBuf>) -> DatabaseUrl {
        DatabaseUrl(Address::Sqlite(path.into()))
    }

    /// Which database it names.
    pub fn kind(&self) -> DatabaseKind {
        match self.0 {
            Address::Sqlite(_) => DatabaseKind::Sqlite,
            Address::Postgres { .. } => DatabaseKind::Postgres,
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<DatabaseUrl> {
        let refused = || Error::DatabaseUrl { given: without_password(text) };
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            // In memory, every connection would see a database of its own.
            if path.is_empty() || path == ":memory:" || path.contains('?') {
                return Err(refused());
            }
            return Ok(DatabaseUrl::sqlite(path));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let options = text.parse().map_err(|_| refused())?;
            let shown = without_password(text);
            return Ok(DatabaseUrl(Address::Postgres { options: Box::new(options), shown }));
        }
        Err(refused())
    }
}

/// The address without its password and its parameters, which may hold one too.
fn without_password(text: &str) -> String {
    let text = text.split('?').next().unwrap_or_default();
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((login, host)) => {
            let user = login.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => text.to_owned(),
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Address::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Address::Postgres { shown, .. } => f.write_str(shown),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// The database, migrated and ready. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Pools,
    /// Those of [`Beside`].
    beside: Pools,
    turns: Arc<Semaphore>,
}

/// The database, to be read while a transaction is open. See [`Store::beside`].
#[derive(Debug)]
pub struct Beside {
    store: Store,
    _turn: OwnedSemaphorePermit,
}

impl Beside {
    /// What it is read by, one statement after the other: it has one connection.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

#[derive(Clone, Debug)]
enum Pools {
    /// SQLite takes one writer at a time: a pool of one makes writers queue here instead of meeting its lock.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

impl Store {
    /// Opens the database, creates the SQLite file and its folder if they are missing, migrates, and hashes a
    /// history from before the audit chain.
    ///
    /// # Errors
    /// The database is out of reach, too old, or was migrated by a newer program.
    pub async fn connect(url: &DatabaseUrl) -> Result<Store> {
        let store = match &url.0 {
            Address::Sqlite(path) => Store::over_one(connect_sqlite(path).await?),
            Address::Postgres { options, .. } => connect_postgres(options).await?,
        };
        audit::hash_old_history(&store).await?;
        Ok(store)
    }

    /// A SQLite file that nobody writes to, such as a backup: to be read as it is, without a lock or a migration.
    pub(crate) async fn of_file_at_rest(path: &Path) -> Result<Store> {
        let failed = |source| Error::Database { doing: "open the file", source };
        let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.map_err(failed)?;
        Ok(Store::over_one(Pools::Sqlite { readers: pool.clone(), writer: pool }))
    }

    fn over(pools: Pools, beside: Pools) -> Store {
        Store { pools, beside, turns: Arc::new(Semaphore::new(BESIDE_MAX as usize)) }
    }

    /// SQLite writes by a connection that is for nothing else, and readers give theirs back.
    fn over_one(pools: Pools) -> Store {
        Store::over(pools.clone(), pools)
    }

    /// The database, to be read beside a transaction that is begun after it: it sees what was there before. On PostgreSQL
    /// by a connection that is kept for that: any other may be taken by somebody who waits for that transaction.
    ///
    /// # Errors
    /// The database is out of reach.
    ///
    /// # Panics
    /// Never: nobody closes the semaphore.
    pub async fn beside(&self) -> Result<Beside> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.expect("nobody closes the semaphore");
        let store = Store { pools: self.beside.clone(), ..self.clone() };
        // Opened now, and not when the transaction holds the account already.
        store.reader().await?;
        Ok(Beside { store, _turn: turn })
    }

    /// Which database it is.
    pub fn kind(&self) -> DatabaseKind {
        match self.pools {
            Pools::Sqlite { .. } => DatabaseKind::Sqlite,
            Pools::Postgres(_) => DatabaseKind::Postgres,
        }
    }

    /// Waits until running calls are done and closes every connection.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
                // Last, so that it checkpoints and removes the write-ahead log.
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
        if let Pools::Postgres(pool) = &self.beside {
            pool.close().await;
        }
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// It gives none.
    pub async fn ask(&self) -> Result<()> {
        let sql = Sql::new("ask the database for an answer", "select id from accounts limit 1");
        self.reader().await?.conn().optional::<(i64,)>(sql).await.map(drop)
    }

    /// A connection for single statements that only read.
    pub(crate) async fn reader(&self) -> Result<Reader> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.acquire().await.map(Reader::Sqlite),
            Pools::Postgres(pool) => pool.acquire().await.map(Reader::Postgres),
        }
        .map_err(|source| Error::Database { doing: "reach the database", source })
    }

    /// A connection of SQLite that may write elsewhere.
    pub(crate) async fn copier(&self) -> Result<Reader> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => writer.acquire().await.map(Reader::Sqlite),
            Pools::Postgres(pool) => pool.acquire().await.map(Reader::Postgres),
        }
        .map_err(|source| Error::Database { doing: "reach the database", source })
    }

    /// A transaction whose reads all see the same moment.
    pub(crate) async fn view(&self) -> Result<Transacting> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.begin_with("BEGIN").await.map(Transacting::Sqlite),
            Pools::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                pool.begin_with(begin).await.map(Transacting::Postgres)
            }
        }
        .map_err(|source| Error::Database { doing: "begin to read", source })
    }

    /// A transaction that may write. On SQLite the write lock is taken at once: a transaction that reads
    /// first and locks later can be refused in the middle.
    pub(crate) async fn transact(&self) -> Result<Transacting> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                writer.begin_with("BEGIN IMMEDIATE").await.map(Transacting::Sqlite)
            }
            Pools::Postgres(pool) => pool.begin_with("BEGIN").await.map(Transacting::Postgres),
        }
        .map_err(|source| Error::Database { doing: "begin to write", source })
    }

    /// Has PostgreSQL look at its DIDs again. It plans by what it saw last, and looks by itself within a minute or so;
    /// until then it takes a table of a million for an empty one, and sorts all of it for a page.
    pub(crate) async fn analyze_dids(&self) {
        let Pools::Postgres(pool) = &self.pools else { return };
        if let Err(error) = sqlx::query(ANALYZE_DIDS).execute(pool).await {
            tracing::warn!(%error, "could not analyze the DIDs: pages are slow until the database does so by itself");
        }
    }
}

/// A pooled connection that reads.
pub(crate) enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Reader::Sqlite(conn) => Conn::Sqlite(conn),
            Reader::Postgres(conn) => Conn::Postgres(conn),
        }
    }
}

/// A transaction of either database; dropped, it rolls back.
pub(crate) enum Transacting {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Transacting {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Transacting::Sqlite(tx) => Conn::Sqlite(tx),
            Transacting::Postgres(tx) => Conn::Postgres(tx),
        }
    }

    pub(crate) async fn commit(self, doing: &'static str) -> Result<()> {
        match self {
            Transacting::Sqlite(tx) => tx.commit().await,
            Transacting::Postgres(tx) => tx.commit().await,
        }
        .map_err(|source| Error::Database { doing, source })
    }
}

async fn connect_sqlite(path: &Path) -> Result<Pools> {
    let failed = |source| Error::Database { doing: "open the SQLite database", source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let failed = |source| Error::CreateFolder { folder: folder.display().to_string(), source };
        tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL can lose acknowledged commits when the power fails.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("cache_size", SQLITE_CACHE_KIB)
        // Rows cross from SQLite's thread in batches of this size.
        .row_buffer_size(1024);
    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            // Where a commit fails, as on a full disk, SQLite has rolled back by itself. sqlx does so once more, is refused,
            // and goes on to believe that there is a transaction: nothing could be written any more by that connection.
            .before_acquire(|conn, _| Box::pin(async move { Ok(!conn.is_in_transaction()) }))
    };
    let writer =
        open_busy(|| pool().max_connections(1).connect_with(options.clone())).await.map_err(failed)?;

    let mut conn = writer.acquire().await.map_err(failed)?;
    let (version,): (String,) = Conn::Sqlite(&mut conn)
        .one(Sql::new("ask SQLite for its version", "select sqlite_version()"))
        .await?;
    if !at_least(&version, SQLITE_LEAST) {
        return Err(Error::OldSqlite { found: version, least: SQLITE_LEAST });
    }
    migrate::sqlite(&mut conn, WAIT_AS_USUAL).await?;
    drop(conn);

    let count = std::thread::available_parallelism().map_or(2, |n| u32::try_from(n.get()).unwrap_or(2));
    let readers = pool()
        .max_connections(count.clamp(2, SQLITE_READERS_MAX))
        .connect_with(options.pragma("query_only", "on"))
        .await
        .map_err(failed)?;
    Ok(Pools::Sqlite { readers, writer })
}

/// Opens, again and again while the file is busy: of several processes that turn the write-ahead log on at once, SQLite
/// refuses all but one without waiting for its busy timeout.
async fn open_busy<F>(open: impl Fn() -> F) -> Result<SqlitePool, sqlx::Error>
where
    F: Future<Output = Result<SqlitePool, sqlx::Error>>,
{
    let until = Instant::now() + BUSY_TIMEOUT;
    loop {
        match open().await {
            Err(sqlx::Error::Database(error)) if is_sqlite_busy(error.as_ref()) && Instant::now() < until => {
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            opened => return opened,
        }
    }
}

/// `SQLITE_BUSY` with its extended codes.
pub(crate) fn is_sqlite_busy(error: &dyn sqlx::error::DatabaseError) -> bool {
    matches!(error.code().as_deref(), Some("5" | "261" | "517"))
}

async fn connect_postgres(options: &PgConnectOptions) -> Result<Store> {
    let failed = |source| Error::Database { doing: "connect to PostgreSQL", source };
    let options = options.clone().options([
        // A writer waits for another one as long as on SQLite.
        ("lock_timeout", ACQUIRE_TIMEOUT.as_millis().to_string().as_str()),
        // PostgreSQL compiles a statement, or starts processes for it, by costs that it guesses, and mostly wrong for
        // rows that are not committed yet. Either takes longer than a page does, and who waits for a page needs
        // those processors. A long scan takes longer for it.
        ("jit", "off"),
        ("max_parallel_workers_per_gather", "0"),
    ]);
    let pool = || {
        PgPoolOptions::new().acquire_timeout(POSTGRES_ACQUIRE_TIMEOUT).after_connect(|conn, _| {
            Box::pin(async move {
                let lock = sqlx::query("select 1 from pg_advisory_lock_shared($1)").bind(POSTGRES_OPEN_LOCK);
                lock.execute(conn).await.map(drop)
            })
        })
    };
    let beside = pool().max_connections(BESIDE_MAX).connect_lazy_with(options.clone());
    // Never none: a quiet server has the database open too.
    let pool = pool().max_connections(POSTGRES_CONNECTIONS_MAX).min_connections(1);
    let pool = pool.connect_with(options).await.map_err(failed)?;
    migrate::postgres(&pool).await?;
    let mut conn = pool.acquire().await.map_err(failed)?;
    let sql = Sql::new("look for the search index", "select to_regclass('did_search_parts') is not null");
    let (indexed,): (bool,) = Conn::Postgres(&mut conn).one(sql).await?;
    if !indexed {
        tracing::warn!("no right to create the extension pg_trgm: searches read every row");
    }
    drop(conn);
    Ok(Store::over(Pools::Postgres(pool), Pools::Postgres(beside)))
}

fn at_least(version: &str, least: (u32, u32, u32)) -> bool {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next()) >= least
}

#[cfg(test)]
mod tests {
    use sqlx::SqliteConnection;

    use super::*;

    #[test]
    fn versions_compare_by_number_and_not_by_text() {
        for (version, expected) in [
            ("3.51.3", true),
            ("3.51.10", true),
            ("3.52.0", true),
            ("4.0", true),
            ("3.51.2", false),
            ("3.9.99", false),
            ("", false),
        ] {
            assert_eq!(at_least(version, SQLITE_LEAST), expected, "{version}");
        }
    }

    /// As `.cargo/config.toml` asks for.
    #[tokio::test]
    async fn sqlite_is_built_so_that_connections_do_not_wait_for_each_other() {
        let mut conn = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let options: Vec<(String,)> =
            sqlx::query_as("pragma compile_options").fetch_all(&mut conn).await.unwrap();
        let is_on = |option: &str| options.iter().any(|(on,)| on == option);
        assert!(is_on("DEFAULT_MEMSTATUS=0") && !is_on("ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
    }

    #[test]
    fn an_address_is_read_and_never_shows_its_password() {
        for (given, shown) in [
            ("sqlite:data/switchback.db", Some("sqlite:data/switchback.db")),
            ("sqlite:///var/lib/s.db", Some("sqlite:/var/lib/s.db")),
            (
                "postgres://ann:se@cret@db.example:5433/sb?sslmode=disable",
                Some("postgres://ann@db.example:5433/sb"),
            ),
            ("postgresql://localhost/sb", Some("postgresql://localhost/sb")),
            ("sqlite:", None),
            ("sqlite::memory:", None),
            ("mysql://ann:secret@localhost/sb", None),
            ("", None),
        ] {
            let url = given.parse::<DatabaseUrl>();
            assert_eq!(url.as_ref().ok().map(ToString::to_string).as_deref(), shown, "{given}");
            assert!(!format!("{url:?}").contains("cret"), "{given}");
        }
    }
}
