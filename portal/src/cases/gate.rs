//! The gate: a change that could alter calls is held against the account's saved cases before it is committed.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use routing::{AccountId, CaseId, Snapshot, Version};
use serde_json::json;
use store::{Operation, Tx};

use super::{BrokenCase, SavedCase, saved, snapshot_in};
use crate::{Actor, Error, Portal, Progress, Result};

/// A transaction whose change is held against the account's cases: [`commit`] ends it, and nothing else does.
pub(crate) struct Writing {
    tx: Tx,
    cases: Vec<SavedCase>,
    /// The configuration before the change, as far as the cases need it.
    before: Snapshot,
    /// The job that the change is, if it is one.
    progress: Progress,
}

impl Deref for Writing {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}

impl Portal {
    /// Begins a change that could alter calls. The state before it is read here, inside of the transaction: it holds
    /// the account already, and must not wait for a second connection later.
    pub(crate) async fn begin(&self, account: AccountId) -> Result<Writing> {
        self.begin_watched(account, &Progress::default()).await
    }

    /// The same, for a change that is watched and can be cancelled until it is committed.
    pub(crate) async fn begin_watched(&self, account: AccountId, progress: &Progress) -> Result<Writing> {
        let mut tx = self.store.begin(account).await?;
        let cases = saved(tx.cases().await?)?;
        let before =
            if cases.is_empty() { Snapshot::default() } else { snapshot_in(&mut tx, &cases).await? };
        Ok(Writing { tx, cases, before, progress: progress.clone() })
    }
}

impl Writing {
    /// The cases that held before and would fail if what was written so far were committed.
    pub(crate) async fn broken(&mut self) -> Result<Vec<BrokenCase>> {
        if self.cases.is_empty() {
            return Ok(Vec::new());
        }
        // An account file may change cases too: they are held as they are from now on.
        let known: BTreeSet<CaseId> = self.cases.iter().map(|case| case.id).collect();
        let mut cases = saved(self.tx.cases().await?)?;
        cases.retain(|case| known.contains(&case.id));
        let after = snapshot_in(&mut self.tx, &cases).await?;
        Ok(broken(cases, &self.before, &after))
    }
}

/// Commits a change, unless it breaks cases that held before. An actor who was shown every one of them may confirm; the
/// operation then names them. One that broke since they were shown is asked about with all the others.
pub(crate) async fn commit(mut writing: Writing, mut operation: Operation, actor: &Actor) -> Result<Version> {
    let broken = writing.broken().await?;
    if broken.iter().any(|case| !actor.confirms(case.id)) {
        return Err(Error::BreaksCases(broken));
    }
    if let Some(details) = operation.details.as_object_mut().filter(|_| !broken.is_empty()) {
        let names: Vec<&str> = broken.iter().map(|case| case.name.as_str()).collect();
        details.insert("broken_cases".to_owned(), json!(names));
    }
    let Writing { mut tx, progress, .. } = writing;
    progress.end_in(&mut tx).await?;
    let version = tx.commit(operation).await?;
    progress.committed();
    Ok(version)
}

/// Those of the cases that held before and fail after.
pub(super) fn broken(cases: Vec<SavedCase>, before: &Snapshot, after: &Snapshot) -> Vec<BrokenCase> {
    let breaks = |saved: SavedCase| {
        let SavedCase { id, name, case, .. } = saved;
        let after = case.run(after);
        if after.holds() {
            return None;
        }
        let before = case.run(before);
        before.holds().then_some(BrokenCase { id, name, case, before, after })
    };
    cases.into_iter().filter_map(breaks).collect()
}
