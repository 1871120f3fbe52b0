//! Reading the log: what was done to one thing, by one operation, or after a version.

use std::collections::{BTreeMap, BTreeSet};

use routing::{AccountId, E164, Version};

use super::{
    ChangeRow, OperationRow, Released, SELECT_OPERATIONS, StoredChange, StoredOperation, Subject, by_subject,
    select_changes, select_changes_of,
};
use crate::convert::{count_to_db, number_from_db, row_name};
use crate::db::Store;
use crate::sql::{Conn, Sql};
use crate::{ROWS_PER_STATEMENT, Result, UnixMs};

impl Store {
    /// The latest changes to one thing, newest first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn changes_for(
        &self,
        account: AccountId,
        subject: Subject,
        limit: u32,
    ) -> Result<Vec<ChangeRow>> {
        let (kind, id) = subject.to_db(account);
        let mut sql = select_changes_of(self.kind(), "list the changes to one thing", account);
        sql.push(" and c.subject_kind = ").push_bind(kind);
        sql.push(" and c.subject_id = ").push_bind(id);
        sql.push(" order by c.version desc, c.seq desc limit ").push_bind(i64::from(limit));
        changes(&mut self.reader().await?.conn(), account, sql).await
    }

    /// What the operations of a span of versions changed, oldest first; the first version counts, and the last.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn changes_between(
        &self,
        account: AccountId,
        (first, last): (Version, Version),
    ) -> Result<Vec<ChangeRow>> {
        let mut sql = select_changes("list the changes of a span", account);
        sql.push(" and c.version between ").push_bind(first.0);
        sql.push(" and ").push_bind(last.0).push(" order by c.version, c.seq");
        changes(&mut self.reader().await?.conn(), account, sql).await
    }

    /// The changes to one thing after a version, oldest first: what somebody else did meanwhile.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn changes_since(
        &self,
        account: AccountId,
        subject: Subject,
        since: Version,
    ) -> Result<Vec<ChangeRow>> {
        changes_since(&mut self.reader().await?.conn(), account, subject, since).await
    }

    /// Those of the numbers that were released after a version, by number, each with its latest release. They may
    /// be there again.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn released_since(
        &self,
        account: AccountId,
        numbers: &[E164],
        since: Version,
    ) -> Result<Vec<Released>> {
        released_since(&mut self.reader().await?.conn(), account, numbers, since).await
    }

    /// The latest operations, newest first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn recent_operations(&self, account: AccountId, limit: u32) -> Result<Vec<OperationRow>> {
        let mut sql = Sql::new("list operations", SELECT_OPERATIONS);
        sql.push_bind(account.0).push(" order by version desc limit ").push_bind(i64::from(limit));
        let rows: Vec<StoredOperation> = self.reader().await?.conn().all(sql).await?;
        rows.into_iter().map(|row| row.into_domain(account)).collect()
    }

    /// The operation that made a version.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn operation(&self, account: AccountId, version: Version) -> Result<Option<OperationRow>> {
        operation(&mut self.reader().await?.conn(), account, version).await
    }

    /// Who made each of these versions.
    ///
    /// # Errors
    /// The database failed.
    pub async fn actors_of(
        &self,
        account: AccountId,
        versions: &BTreeSet<Version>,
    ) -> Result<BTreeMap<Version, String>> {
        actors_of(&mut self.reader().await?.conn(), account, versions).await
    }

    /// What an operation changed, in the order in which it was recorded, from a place on.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn operation_changes(
        &self,
        account: AccountId,
        version: Version,
        from: u64,
        limit: u32,
    ) -> Result<Vec<ChangeRow>> {
        operation_changes(&mut self.reader().await?.conn(), account, version, from, limit).await
    }
}

pub(crate) async fn operation(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
) -> Result<Option<OperationRow>> {
    let mut sql = Sql::new("read an operation", SELECT_OPERATIONS);
    sql.push_bind(account.0).push(" and version = ").push_bind(version.0);
    let row: Option<StoredOperation> = conn.optional(sql).await?;
    row.map(|row| row.into_domain(account)).transpose()
}

pub(crate) async fn actors_of(
    conn: &mut Conn<'_>,
    account: AccountId,
    versions: &BTreeSet<Version>,
) -> Result<BTreeMap<Version, String>> {
    let versions: Vec<i64> = versions.iter().map(|version| version.0).collect();
    let mut actors = BTreeMap::new();
    for versions in versions.chunks(ROWS_PER_STATEMENT) {
        let mut sql =
            Sql::new("read who did it", "select version, actor from operations where account_id = ");
        sql.push_bind(account.0).push(" and version").push_is_among(conn.kind(), versions);
        let rows: Vec<(i64, String)> = conn.all(sql).await?;
        actors.extend(rows.into_iter().map(|(version, actor)| (Version(version), actor)));
    }
    Ok(actors)
}

pub(crate) async fn operation_changes(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    from: u64,
    limit: u32,
) -> Result<Vec<ChangeRow>> {
    let mut sql = select_changes("list what an operation changed", account);
    sql.push(" and c.version = ").push_bind(version.0);
    sql.push(" and c.seq >= ").push_bind(count_to_db(from));
    sql.push(" order by c.seq limit ").push_bind(i64::from(limit));
    changes(conn, account, sql).await
}

pub(crate) async fn changes_since(
    conn: &mut Conn<'_>,
    account: AccountId,
    subject: Subject,
    since: Version,
) -> Result<Vec<ChangeRow>> {
    let (kind, id) = subject.to_db(account);
    let mut sql = select_changes_of(conn.kind(), "list what changed meanwhile", account);
    sql.push(" and c.subject_kind = ").push_bind(kind);
    sql.push(" and c.subject_id = ").push_bind(id);
    sql.push(" and c.version > ").push_bind(since.0).push(" order by c.version, c.seq");
    changes(conn, account, sql).await
}

pub(crate) async fn released_since(
    conn: &mut Conn<'_>,
    account: AccountId,
    numbers: &[E164],
    since: Version,
) -> Result<Vec<Released>> {
    let mut released: BTreeMap<E164, Released> = BTreeMap::new();
    for numbers in numbers.chunks(ROWS_PER_STATEMENT) {
        let mut sql = Sql::new(
            "look for released DIDs",
            "select c.version, c.seq, c.subject_id, o.actor, o.at from changes as c",
        );
        sql.push(by_subject(conn.kind()));
        sql.push(" join operations as o on o.account_id = c.account_id and o.version = c.version");
        sql.push(" where c.account_id = ").push_bind(account.0);
        sql.push(" and c.subject_kind = 'did' and c.after is null and c.version > ");
        sql.push_bind(since.0)
            .push(" and c.subject_id")
            .push_is_among(conn.kind(), &crate::dids::numbers_to_db(numbers));
        sql.push(" order by c.version, c.seq");
        let rows: Vec<(i64, i64, i64, String, i64)> = conn.all(sql).await?;
        for (version, seq, number, by, at) in rows {
            let row = row_name(row_name(account, version), seq);
            let number = number_from_db("changes", row, "subject_id", number)?;
            released.insert(number, Released { number, by, at: UnixMs(at), version: Version(version) });
        }
    }
    Ok(released.into_values().collect())
}

pub(super) async fn changes(conn: &mut Conn<'_>, account: AccountId, sql: Sql) -> Result<Vec<ChangeRow>> {
    let rows: Vec<StoredChange> = conn.all(sql).await?;
    rows.into_iter().map(|row| row.into_domain(account)).collect()
}
