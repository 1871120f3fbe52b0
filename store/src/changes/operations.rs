//! The list of operations: filtered, newest first, a page at a time. What each changed stays where it is, however much.

use routing::{AccountId, Version};

use super::{OperationRow, SELECT_OPERATIONS, StoredOperation, Subject, by_subject};
use crate::db::Store;
use crate::search::like;
use crate::sql::Sql;
use crate::{DatabaseKind, Result, UnixMs};

/// Which operations of an account; the default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationFilter {
    /// Part of the actor's name; of letters from A to Z the case does not matter.
    pub actor: Option<String>,
    /// Of this kind, as it is stored.
    pub kind: Option<String>,
    /// Not before this moment.
    pub from: Option<UnixMs>,
    /// Before this moment.
    pub until: Option<UnixMs>,
    /// Those that changed each of these things.
    pub subjects: Vec<Subject>,
}

/// Where a page of operations stands in the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OperationsAt {
    /// At its beginning: the newest.
    #[default]
    Newest,
    /// Those next older than a version.
    OlderThan(Version),
    /// Those next newer than a version.
    NewerThan(Version),
}

/// A page of operations, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationPage {
    /// Its rows.
    pub rows: Vec<OperationRow>,
    /// Whether there are older ones.
    pub older: bool,
    /// Whether there are newer ones. Of a page asked for by [`OperationsAt::OlderThan`] always so.
    pub newer: bool,
}

impl Store {
    /// A page of the operations that match, newest first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn operations(
        &self,
        account: AccountId,
        filter: &OperationFilter,
        at: OperationsAt,
        limit: u32,
    ) -> Result<OperationPage> {
        let mut sql = Sql::new("list operations", SELECT_OPERATIONS);
        sql.push_bind(account.0);
        filter.push(&mut sql, self.kind(), account);
        match at {
            OperationsAt::Newest => {
                sql.push(" order by version desc");
            }
            OperationsAt::OlderThan(version) => {
                sql.push(" and version < ").push_bind(version.0).push(" order by version desc");
            }
            OperationsAt::NewerThan(version) => {
                sql.push(" and version > ").push_bind(version.0).push(" order by version");
            }
        }
        // One more says whether there is another page.
        sql.push(" limit ").push_bind(i64::from(limit) + 1);
        let mut stored: Vec<StoredOperation> = self.reader().await?.conn().all(sql).await?;
        let more = stored.len() > limit as usize;
        stored.truncate(limit as usize);
        let (older, newer) = match at {
            OperationsAt::Newest => (more, false),
            OperationsAt::OlderThan(_) => (more, true),
            OperationsAt::NewerThan(_) => {
                stored.reverse();
                (true, more)
            }
        };
        let rows = stored.into_iter().map(|row| row.into_domain(account)).collect::<Result<_>>()?;
        Ok(OperationPage { rows, older, newer })
    }
}

impl OperationFilter {
    fn push(&self, sql: &mut Sql, kind: DatabaseKind, account: AccountId) {
        if let Some(actor) = &self.actor {
            sql.push(" and lower(actor) like lower(").push_bind(like(actor)).push(") escape '\\'");
        }
        if let Some(kind) = &self.kind {
            sql.push(" and kind = ").push_bind(kind.as_str());
        }
        if let Some(from) = self.from {
            sql.push(" and at >= ").push_bind(from.0);
        }
        if let Some(until) = self.until {
            sql.push(" and at < ").push_bind(until.0);
        }
        for subject in &self.subjects {
            // Few operations changed any one thing, and an index names them: it is not asked for each operation.
            let (subject_kind, id) = subject.to_db(account);
            sql.push(" and version in (select version from changes").push(by_subject(kind));
            sql.push(" where account_id = ").push_bind(account.0);
            sql.push(" and subject_kind = ").push_bind(subject_kind);
            sql.push(" and subject_id = ").push_bind(id).push(")");
        }
    }
}
