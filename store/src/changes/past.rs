//! What things were before they changed: what takes an account back to a past moment. The log is insert-only, so
//! that whoever reads these last reads true, however many calls it took to read what is there now.

use std::collections::{BTreeMap, BTreeSet};

use routing::{AccountId, Version};
use serde_json::Value as Json;

use super::read::changes;
use super::{
    ChangeRow, OperationRow, SELECT_OPERATIONS, StoredOperation, Subject, by_subject, select_changes,
    select_changes_of,
};
use crate::convert::{count, count_to_db, json_from_db, row_name};
use crate::db::Store;
use crate::sql::{Conn, Sql};
use crate::{ROWS_PER_STATEMENT, Result, UnixMs};

/// What a thing was before a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    /// The version that the change made.
    pub version: Version,
    /// Its place in its operation.
    pub seq: u64,
    /// The thing.
    pub subject: Subject,
    /// What it was; `None` if it was not there.
    pub before: Option<Json>,
}

#[derive(sqlx::FromRow)]
struct StoredBefore {
    version: i64,
    seq: i64,
    subject_kind: String,
    subject_id: i64,
    before: Option<String>,
}

impl StoredBefore {
    fn into_domain(self, account: AccountId) -> Result<Before> {
        let row = row_name(row_name(account, self.version), self.seq);
        let before = self.before.map(|text| json_from_db("changes", &row, "before", &text)).transpose()?;
        Ok(Before {
            version: Version(self.version),
            seq: count(self.seq),
            subject: Subject::from_db(&row, &self.subject_kind, self.subject_id)?,
            before,
        })
    }
}

impl Store {
    /// The operation whose version held at a moment: the last one that is not later. `None` before the account was
    /// created.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn operation_at(&self, account: AccountId, at: UnixMs) -> Result<Option<OperationRow>> {
        let mut sql = Sql::new("look for the version of a moment", SELECT_OPERATIONS);
        sql.push_bind(account.0).push(" and at <= ").push_bind(at.0).push(" order by version desc limit 1");
        let row: Option<StoredOperation> = self.reader().await?.conn().optional(sql).await?;
        row.map(|row| row.into_domain(account)).transpose()
    }

    /// What each of these things was before its first change after a version. One that is not among the answers did
    /// not change.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn befores_of(
        &self,
        account: AccountId,
        subjects: &BTreeSet<Subject>,
        since: Version,
    ) -> Result<Vec<Before>> {
        befores_of(&mut self.reader().await?.conn(), account, subjects, since).await
    }

    /// What was changed after a place in the log, each as it was before, in the order of the log. The first page
    /// begins at the end of a version: see [`Store::end_of`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn befores_after(
        &self,
        account: AccountId,
        place: (Version, u64),
        limit: u32,
    ) -> Result<Vec<Before>> {
        let mut sql = Sql::new(
            "read what things were before",
            "select version, seq, subject_kind, subject_id, before from changes where account_id = ",
        );
        sql.push_bind(account.0).push(" and (version, seq) > (").push_bind(place.0.0).push(", ");
        sql.push_bind(count_to_db(place.1)).push(") order by version, seq limit ");
        sql.push_bind(i64::from(limit));
        let rows: Vec<StoredBefore> = self.reader().await?.conn().all(sql).await?;
        rows.into_iter().map(|row| row.into_domain(account)).collect()
    }

    /// The place behind the last change of a version.
    pub fn end_of(version: Version) -> (Version, u64) {
        (version, u64::MAX)
    }

    /// The first change to a thing after a version.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn first_change(
        &self,
        account: AccountId,
        subject: Subject,
        since: Version,
    ) -> Result<Option<ChangeRow>> {
        let (kind, id) = subject.to_db(account);
        let mut sql = select_changes_of(self.kind(), "look for the next change to a thing", account);
        sql.push(" and c.subject_kind = ").push_bind(kind);
        sql.push(" and c.subject_id = ").push_bind(id);
        sql.push(" and c.version > ").push_bind(since.0).push(" order by c.version, c.seq limit 1");
        Ok(changes(&mut self.reader().await?.conn(), account, sql).await?.into_iter().next())
    }

    /// The latest changes to any of these things after a version and up to another, newest first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn changes_among(
        &self,
        account: AccountId,
        subjects: &BTreeSet<Subject>,
        span: (Version, Version),
        limit: u32,
    ) -> Result<Vec<ChangeRow>> {
        among(&mut self.reader().await?.conn(), account, subjects, span, limit).await
    }

    /// What an operation changed but for DIDs, of which there may be very many, in the order of the log.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn operation_things(&self, account: AccountId, version: Version) -> Result<Vec<ChangeRow>> {
        things(&mut self.reader().await?.conn(), account, version).await
    }

    /// The operations of a kind after a version, newest first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn operations_of_kind(
        &self,
        account: AccountId,
        kind: &str,
        since: Version,
        limit: u32,
    ) -> Result<Vec<OperationRow>> {
        let mut sql = Sql::new("list the operations of a kind", SELECT_OPERATIONS);
        sql.push_bind(account.0).push(" and version > ").push_bind(since.0);
        sql.push(" and kind = ").push_bind(kind);
        sql.push(" order by version desc limit ").push_bind(i64::from(limit));
        let rows: Vec<StoredOperation> = self.reader().await?.conn().all(sql).await?;
        rows.into_iter().map(|row| row.into_domain(account)).collect()
    }
}

pub(crate) async fn befores_of(
    conn: &mut Conn<'_>,
    account: AccountId,
    subjects: &BTreeSet<Subject>,
    since: Version,
) -> Result<Vec<Before>> {
    let mut found = Vec::new();
    for (kind, ids) in by_kind(account, subjects) {
        for ids in ids.chunks(ROWS_PER_STATEMENT) {
            found.extend(first_of(conn, account, kind, ids, since).await?);
        }
    }
    Ok(found)
}

pub(crate) async fn among(
    conn: &mut Conn<'_>,
    account: AccountId,
    subjects: &BTreeSet<Subject>,
    (since, until): (Version, Version),
    limit: u32,
) -> Result<Vec<ChangeRow>> {
    let mut found = Vec::new();
    for (kind, ids) in by_kind(account, subjects) {
        for ids in ids.chunks(ROWS_PER_STATEMENT) {
            let mut sql = select_changes_of(conn.kind(), "list the changes to some things", account);
            // The plus keeps planners from walking all that was done since, in the order that is asked for.
            sql.push(" and +c.version > ").push_bind(since.0);
            sql.push(" and +c.version <= ").push_bind(until.0);
            sql.push(" and c.subject_kind = ").push_bind(kind);
            sql.push(" and c.subject_id").push_is_among(conn.kind(), ids);
            sql.push(" order by +c.version desc, c.seq desc limit ").push_bind(i64::from(limit));
            found.extend(changes(conn, account, sql).await?);
        }
    }
    found.sort_by_key(|row| std::cmp::Reverse((row.version, row.seq)));
    found.truncate(limit as usize);
    Ok(found)
}

pub(crate) async fn things(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
) -> Result<Vec<ChangeRow>> {
    let mut sql = select_changes("list what else an operation changed", account);
    sql.push(" and c.version = ").push_bind(version.0);
    sql.push(" and c.subject_kind <> 'did' order by c.seq");
    changes(conn, account, sql).await
}

/// Ids as the log stores them, by their kind.
fn by_kind(account: AccountId, subjects: &BTreeSet<Subject>) -> BTreeMap<&'static str, Vec<i64>> {
    let mut kinds: BTreeMap<&'static str, Vec<i64>> = BTreeMap::new();
    for subject in subjects {
        let (kind, id) = subject.to_db(account);
        kinds.entry(kind).or_default().push(id);
    }
    kinds
}

async fn first_of(
    conn: &mut Conn<'_>,
    account: AccountId,
    kind: &'static str,
    ids: &[i64],
    since: Version,
) -> Result<Vec<Before>> {
    let by_subject = by_subject(conn.kind());
    let mut sql = Sql::new(
        "read what some things were before",
        "select c.version, c.seq, c.subject_kind, c.subject_id, c.before from changes as c",
    );
    sql.push(by_subject).push(" where c.account_id = ").push_bind(account.0);
    sql.push(" and c.subject_kind = ").push_bind(kind);
    sql.push(" and c.version > ").push_bind(since.0).push(" and c.subject_id");
    sql.push_is_among(conn.kind(), ids);
    // An index answers this for each row; a thing has few changes.
    sql.push(" and not exists (select 1 from changes as e").push(by_subject).push(
        " where e.account_id = c.account_id
            and e.subject_kind = c.subject_kind and e.subject_id = c.subject_id
            and (e.version < c.version or (e.version = c.version and e.seq < c.seq)) and e.version > ",
    );
    sql.push_bind(since.0).push(")");
    let rows: Vec<StoredBefore> = conn.all(sql).await?;
    rows.into_iter().map(|row| row.into_domain(account)).collect()
}
