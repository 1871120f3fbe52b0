//! Where a change reads what it is judged by: in the database for its plan, and of a large one beside its transaction; in
//! the transaction what that may have changed.

use std::collections::{BTreeMap, BTreeSet};

use routing::{AccountId, E164, Group, Version};
use store::{AcceptedRow, CaseRow, ChangeRow, DidFilter, DidRow, Released, Store, Subject, Tx};

use crate::Result;
use crate::limits::LATER_CHANGES_MAX;

pub(crate) enum Reading<'a> {
    Store(&'a Store, AccountId),
    Tx(&'a mut Tx),
}

impl Reading<'_> {
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
}
