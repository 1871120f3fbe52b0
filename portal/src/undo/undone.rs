//! Which entries were undone, and by what.

use std::collections::BTreeMap;

use routing::{AccountId, Version};
use store::UnixMs;

use crate::history::OperationKind;
use crate::limits::UNDOS_READ_MAX;
use crate::{OperationView, Portal, Result};

/// The undo of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoneBy {
    /// The version that it made.
    pub version: Version,
    /// Who.
    pub actor: String,
    /// When.
    pub at: UnixMs,
    /// Whether something was left as it was.
    pub in_part: bool,
}

impl Portal {
    /// Says of each entry by what it was undone. An undo that was undone itself does not count.
    pub(crate) async fn tell_undone(&self, account: AccountId, entries: &mut [OperationView]) -> Result<()> {
        let Some(oldest) = entries.iter().map(|entry| entry.version).min() else { return Ok(()) };
        let kind = OperationKind::Undo;
        let rows = self.store.operations_of_kind(account, kind.as_str(), oldest, UNDOS_READ_MAX).await?;
        let undos = in_force(rows.into_iter().map(OperationView::new).collect());
        for entry in entries {
            entry.undone_by = undos.get(&entry.version).map(|undo| UndoneBy {
                version: undo.version,
                actor: undo.actor.clone(),
                at: undo.at,
                in_part: undo.refused > 0,
            });
        }
        Ok(())
    }
}

/// Of undos, newest first, those that nobody undid, each by the version that it undid; the newest where there are several.
fn in_force(undos: Vec<OperationView>) -> BTreeMap<Version, OperationView> {
    let mut kept: BTreeMap<Version, OperationView> = BTreeMap::new();
    for undo in undos {
        let Some(undone) = &undo.undone else { continue };
        // What undid this one is newer, and was looked at before.
        if !kept.contains_key(&undo.version) {
            kept.entry(undone.version).or_insert(undo);
        }
    }
    kept
}
