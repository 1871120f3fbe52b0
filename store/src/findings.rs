//! Findings that somebody accepted: what was found is meant to be so.

use routing::{AccountId, Version};

use crate::db::Store;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// An accepted finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedRow {
    /// What was found, and where; unique in the account.
    pub key: String,
    /// The kind of the finding.
    pub kind: String,
    /// Who accepted it.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
    /// When.
    pub at: UnixMs,
    /// Until when; `None`: for good.
    pub until: Option<UnixMs>,
}

#[derive(sqlx::FromRow)]
struct StoredAcceptance {
    key: String,
    kind: String,
    by_whom: String,
    reason: String,
    at: i64,
    until: Option<i64>,
}

impl StoredAcceptance {
    fn into_domain(self) -> AcceptedRow {
        AcceptedRow {
            key: self.key,
            kind: self.kind,
            by: self.by_whom,
            reason: self.reason,
            at: UnixMs(self.at),
            until: self.until.map(UnixMs),
        }
    }
}

impl Store {
    /// The account's accepted findings by key, those that are over among them.
    ///
    /// # Errors
    /// The database failed.
    pub async fn accepted_findings(&self, account: AccountId) -> Result<Vec<AcceptedRow>> {
        list(&mut self.reader().await?.conn(), account).await
    }
}

pub(crate) async fn list(conn: &mut Conn<'_>, account: AccountId) -> Result<Vec<AcceptedRow>> {
    let sql = Sql::new(
        "list accepted findings",
        "select key, kind, by_whom, reason, at, until from accepted_findings where account_id = $1 order by key",
    )
    .bind(account.0);
    let rows: Vec<StoredAcceptance> = conn.all(sql).await?;
    Ok(rows.into_iter().map(StoredAcceptance::into_domain).collect())
}

/// Accepts a finding; what was said of it before is replaced.
pub(crate) async fn accept(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    accepted: &AcceptedRow,
) -> Result<()> {
    let sql = Sql::new(
        "accept a finding",
        "insert into accepted_findings (account_id, key, kind, by_whom, reason, at, until, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (account_id, key) do update
         set kind = excluded.kind, by_whom = excluded.by_whom, reason = excluded.reason, at = excluded.at,
             until = excluded.until, version = excluded.version",
    )
    .bind(account.0)
    .bind(accepted.key.as_str())
    .bind(accepted.kind.as_str())
    .bind(accepted.by.as_str())
    .bind(accepted.reason.as_str())
    .bind(accepted.at.0)
    .bind(accepted.until.map(|until| until.0))
    .bind(version.0);
    conn.run(sql).await.map(drop)
}

pub(crate) async fn withdraw(conn: &mut Conn<'_>, account: AccountId, key: &str) -> Result<()> {
    let sql = Sql::new(
        "withdraw the acceptance of a finding",
        "delete from accepted_findings where account_id = $1 and key = $2",
    )
    .bind(account.0)
    .bind(key);
    match conn.run(sql).await? {
        1 => Ok(()),
        _ => Err(Error::NotFound(Noun::AcceptedFinding)),
    }
}
