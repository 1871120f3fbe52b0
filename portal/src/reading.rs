//! Where a change reads what it is judged by: in the database for its plan, in its transaction when it is done.

use std::collections::{BTreeMap, BTreeSet};

use routing::{AccountId, E164, Group, Version};
use store::{
    AcceptedRow, Before, CaseRow, ChangeRow, DidFilter, DidRow, DraftId, Released, Store, Subject, Tx,
};

use crate::Result;
use crate::limits::LATER_CHANGES_MAX;

pub(crate) enum Reading<'a> {
    Store(&'a Store, AccountId),
    Tx(&'a mut Tx),
}

impl Reading<'_> {
    pub(crate) async fn changes(
        &mut self,
        version: Version,
        from: u64,
        limit: u32,
    ) -> Result<Vec<ChangeRow>> {
        Ok(match self {
            Reading::Store(store, account) => store.operation_changes(*account, version, from, limit).await?,
            Reading::Tx(tx) => tx.operation_changes(version, from, limit).await?,
        })
    }

    /// What an operation changed but for DIDs.
    pub(crate) async fn things(&mut self, version: Version) -> Result<Vec<ChangeRow>> {
        Ok(match self {
            Reading::Store(store, account) => store.operation_things(*account, version).await?,
            Reading::Tx(tx) => tx.operation_things(version).await?,
        })
    }

    /// What was changed of these things after a version, newest first.
    pub(crate) async fn later(
        &mut self,
        subjects: &BTreeSet<Subject>,
        version: Version,
    ) -> Result<Vec<ChangeRow>> {
        let span = (version, Version(i64::MAX));
        Ok(match self {
            Reading::Store(store, account) => {
                store.changes_among(*account, subjects, span, LATER_CHANGES_MAX).await?
            }
            Reading::Tx(tx) => tx.changes_among(subjects, span, LATER_CHANGES_MAX).await?,
        })
    }

    pub(crate) async fn groups(&mut self) -> Result<Vec<Group>> {
        let all = DidFilter::default();
        Ok(match self {
            Reading::Store(store, account) => store.groups(*account, &all).await?,
            Reading::Tx(tx) => tx.groups(&all).await?,
        })
    }

    pub(crate) async fn cases(&mut self) -> Result<Vec<CaseRow>> {
        Ok(match self {
            Reading::Store(store, account) => store.cases(*account).await?,
            Reading::Tx(tx) => tx.cases().await?,
        })
    }

    pub(crate) async fn accepted(&mut self) -> Result<Vec<AcceptedRow>> {
        Ok(match self {
            Reading::Store(store, account) => store.accepted_findings(*account).await?,
            Reading::Tx(tx) => tx.accepted_findings().await?,
        })
    }

    pub(crate) async fn dids(&mut self, numbers: &[E164]) -> Result<Vec<DidRow>> {
        Ok(match self {
            Reading::Store(store, account) => store.dids_by_number(*account, numbers).await?,
            Reading::Tx(tx) => tx.dids_by_number(numbers).await?,
        })
    }

    /// The next that match, by number.
    pub(crate) async fn dids_after(
        &mut self,
        filter: &DidFilter,
        last: Option<E164>,
        limit: u32,
    ) -> Result<Vec<DidRow>> {
        Ok(match self {
            Reading::Store(store, account) => store.dids_after(*account, filter, last, limit).await?,
            Reading::Tx(tx) => tx.dids_after(filter, last, limit).await?,
        })
    }

    /// What these things were before their first change after a version.
    pub(crate) async fn befores(
        &mut self,
        subjects: &BTreeSet<Subject>,
        since: Version,
    ) -> Result<Vec<Before>> {
        Ok(match self {
            Reading::Store(store, account) => store.befores_of(*account, subjects, since).await?,
            Reading::Tx(tx) => tx.befores_of(subjects, since).await?,
        })
    }

    /// Those that are DIDs of anybody.
    pub(crate) async fn taken(&mut self, numbers: &[E164]) -> Result<BTreeSet<E164>> {
        let taken = match self {
            Reading::Store(store, _) => store.own_numbers(numbers).await?,
            Reading::Tx(tx) => tx.own_numbers(numbers).await?,
        };
        Ok(taken.into_iter().collect())
    }

    pub(crate) async fn released(&mut self, numbers: &[E164], since: Version) -> Result<Vec<Released>> {
        Ok(match self {
            Reading::Store(store, account) => store.released_since(*account, numbers, since).await?,
            Reading::Tx(tx) => tx.released_since(numbers, since).await?,
        })
    }

    pub(crate) async fn actors(&mut self, versions: &BTreeSet<Version>) -> Result<BTreeMap<Version, String>> {
        Ok(match self {
            Reading::Store(store, account) => store.actors_of(*account, versions).await?,
            Reading::Tx(tx) => tx.actors_of(versions).await?,
        })
    }

    /// One part of an uploaded file.
    pub(crate) async fn draft_part(&mut self, id: DraftId, part: u64) -> Result<Vec<u8>> {
        Ok(match self {
            Reading::Store(store, account) => store.draft_part(*account, id, part).await?,
            Reading::Tx(tx) => tx.draft_part(id, part).await?,
        })
    }
}
