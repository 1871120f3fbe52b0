//! Reading the history in order, a few thousand rows at a time.

use std::collections::VecDeque;

use routing::{AccountId, Version};

use super::{ChainFault, ChainHash, ChainSummary, LogEntry, LoggedChange, LoggedOperation, Seal, Verifier};
use crate::changes::{SELECT_OPERATIONS, StoredOperation};
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, Store, UnixMs};

/// Rows of each table that are held at once: some megabytes.
const ROWS_PER_READ: usize = 5_000;

/// The tables of the history, in the order in which rows of one version are read.
#[derive(Clone, Copy, Debug)]
enum Table {
    Operations,
    Changes,
    Chain,
}

impl From<StoredOperation> for LogEntry {
    fn from(row: StoredOperation) -> LogEntry {
        LogEntry::Operation(LoggedOperation {
            version: Version(row.version),
            at: UnixMs(row.at),
            actor: row.actor,
            via: row.via,
            kind: row.kind,
            reason: row.reason,
            changed: row.changed,
            refused: row.refused,
            details: row.details,
        })
    }
}

#[derive(sqlx::FromRow)]
struct StoredChange {
    version: i64,
    seq: i64,
    subject_kind: String,
    subject_id: i64,
    label: String,
    before: Option<String>,
    after: Option<String>,
}

impl From<StoredChange> for LogEntry {
    fn from(row: StoredChange) -> LogEntry {
        LogEntry::Change(LoggedChange {
            version: Version(row.version),
            seq: row.seq,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            label: row.label,
            before: row.before,
            after: row.after,
        })
    }
}

#[derive(sqlx::FromRow)]
struct StoredSeal {
    version: i64,
    changes: i64,
    hash: String,
}

impl From<StoredSeal> for LogEntry {
    fn from(row: StoredSeal) -> LogEntry {
        LogEntry::Hash(Seal { version: Version(row.version), changes: row.changes, hash: row.hash })
    }
}

/// What was read of a table and not yet taken.
#[derive(Debug)]
struct Feed {
    table: Table,
    rows: VecDeque<LogEntry>,
    /// The version and, among change rows, the place of the last row that was read. Versions begin with 0, but a row
    /// that somebody put before them must be seen.
    after: (i64, i64),
    read_all: bool,
}

impl Feed {
    fn new(table: Table) -> Feed {
        Feed { table, rows: VecDeque::new(), after: (i64::MIN, i64::MIN), read_all: false }
    }

    fn hungry(&self) -> bool {
        self.rows.is_empty() && !self.read_all
    }

    async fn fill(&mut self, conn: &mut Conn<'_>, account: AccountId, until: Version) -> Result<()> {
        let select = match self.table {
            Table::Operations => SELECT_OPERATIONS,
            Table::Changes => {
                "select version, seq, subject_kind, subject_id, label, before, after
                 from changes where account_id = "
            }
            Table::Chain => "select version, changes, hash from audit_chain where account_id = ",
        };
        let mut sql = Sql::new("read the history", select);
        sql.push_bind(account.0).push(" and version <= ").push_bind(until.0);
        let (version, seq) = self.after;
        let order = match self.table {
            Table::Changes => {
                sql.push(" and (version, seq) > (").push_bind(version).push(", ").push_bind(seq).push(")");
                " order by version, seq limit "
            }
            Table::Operations | Table::Chain => {
                sql.push(" and version > ").push_bind(version);
                " order by version limit "
            }
        };
        sql.push(order).push_bind(i64::try_from(ROWS_PER_READ).unwrap_or(i64::MAX));
        self.rows = match self.table {
            Table::Operations => entries::<StoredOperation>(conn, sql).await?,
            Table::Changes => entries::<StoredChange>(conn, sql).await?,
            Table::Chain => entries::<StoredSeal>(conn, sql).await?,
        };
        self.read_all = self.rows.len() < ROWS_PER_READ;
        if let Some(last) = self.rows.back() {
            let seq = if let LogEntry::Change(change) = last { change.seq } else { 0 };
            self.after = (last.version().0, seq);
        }
        Ok(())
    }
}

async fn entries<T: crate::sql::Row + Into<LogEntry>>(
    conn: &mut Conn<'_>,
    sql: Sql,
) -> Result<VecDeque<LogEntry>> {
    Ok(conn.all::<T>(sql).await?.into_iter().map(Into::into).collect())
}

/// The history of an account, of which a little is held at a time.
#[derive(Debug)]
pub(crate) struct Log {
    account: AccountId,
    until: Version,
    feeds: [Feed; 3],
}

impl Log {
    /// Up to a version.
    pub(crate) fn new(account: AccountId, until: Version) -> Log {
        let feeds = [Table::Operations, Table::Changes, Table::Chain].map(Feed::new);
        Log { account, until, feeds }
    }

    fn hungry(&self) -> bool {
        self.feeds.iter().any(Feed::hungry)
    }

    async fn fill(&mut self, conn: &mut Conn<'_>) -> Result<()> {
        for feed in self.feeds.iter_mut().filter(|feed| feed.hungry()) {
            feed.fill(conn, self.account, self.until).await?;
        }
        Ok(())
    }

    /// The next row, once every table was read on: the one of the earliest version.
    fn pop(&mut self) -> Option<LogEntry> {
        // Of several, the first: an operation, its change rows, its hash.
        let next = self.feeds.iter_mut().filter(|feed| !feed.rows.is_empty());
        next.min_by_key(|feed| feed.rows.front().map(LogEntry::version))?.rows.pop_front()
    }

    /// The next row.
    pub(crate) async fn next(&mut self, conn: &mut Conn<'_>) -> Result<Option<LogEntry>> {
        if self.hungry() {
            self.fill(conn).await?;
        }
        Ok(self.pop())
    }
}

/// The history of an account as it is stored, read row by row. What was done while it is read is not part of it.
#[derive(Debug)]
pub struct AuditLog {
    store: Store,
    version: Version,
    log: Log,
}

impl AuditLog {
    /// The version that the account was at when the reading began.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// The database failed.
    pub async fn next(&mut self) -> Result<Option<LogEntry>> {
        if self.log.hungry() {
            // Rows that were written stay as they are, so the reading needs no transaction that would hold up others.
            self.log.fill(&mut self.store.reader().await?.conn()).await?;
        }
        Ok(self.log.pop())
    }
}

impl Store {
    /// Begins to read the history of an account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account; the database failed.
    pub async fn audit_log(&self, account: AccountId) -> Result<AuditLog> {
        // Rows beyond the account's version were not written by us; those of a commit right after this are not seen.
        let sql = Sql::new(
            "look how long the history is",
            "select a.version,
                 (select max(version) from operations where account_id = a.id),
                 (select max(version) from changes where account_id = a.id),
                 (select max(version) from audit_chain where account_id = a.id)
             from accounts as a where a.id = $1",
        )
        .bind(account.0);
        type Ends = (i64, Option<i64>, Option<i64>, Option<i64>);
        let ends: Option<Ends> = self.reader().await?.conn().optional(sql).await?;
        let (version, operations, changes, chain) = ends.ok_or(Error::NotFound(Noun::Account))?;
        let until = [operations, changes, chain].into_iter().flatten().fold(version, i64::max);
        let log = Log::new(account, Version(until));
        Ok(AuditLog { store: self.clone(), version: Version(version), log })
    }

    /// Computes the chain of an account anew from what is stored, and says where it first does not fit. `kept` is the
    /// hash of an earlier verification that must be found in it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account; the database failed. A history that does not verify is an
    /// answer, not an error.
    pub async fn verify_chain(
        &self,
        account: AccountId,
        kept: Option<ChainHash>,
    ) -> Result<Result<ChainSummary, ChainFault>> {
        let mut log = self.audit_log(account).await?;
        let mut verifier = Verifier::new(account, Some(log.version()), kept);
        while let Some(entry) = log.next().await? {
            if let Err(fault) = verifier.add(entry) {
                return Ok(Err(fault));
            }
        }
        Ok(verifier.finish())
    }
}
