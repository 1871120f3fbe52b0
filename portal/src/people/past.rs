//! The installation's own history: who let whom sign in, and as what.

use std::collections::BTreeMap;

use store::{INSTALLATION, OperationFilter, OperationsAt};

use crate::activity::ActivityPage;
use crate::limits::ACTIVITY_ROWS;
use crate::{Actor, ChangeView, OperationView, Portal, Result};

impl Portal {
    /// What was done to who may sign in, newest first, each entry with what it changed.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] for who is no administrator; [`crate::Error::NotFound`] for who is not of the staff.
    pub async fn people_activity(&self, actor: &Actor, at: OperationsAt) -> Result<ActivityPage> {
        actor.may_administer()?;
        let page =
            self.store.operations(INSTALLATION, &OperationFilter::default(), at, ACTIVITY_ROWS).await?;
        let mut rows: Vec<OperationView> = page.rows.into_iter().map(OperationView::new).collect();
        let (newest, oldest) = (rows.first().map(|row| row.version), rows.last().map(|row| row.version));
        if let (Some(newest), Some(oldest)) = (newest, oldest) {
            let mut changes: BTreeMap<_, Vec<ChangeView>> = BTreeMap::new();
            for change in self.store.changes_between(INSTALLATION, (oldest, newest)).await? {
                changes.entry(change.version).or_default().push(ChangeView::new(change));
            }
            for row in &mut rows {
                row.changes = changes.remove(&row.version).unwrap_or_default();
            }
        }
        Ok(ActivityPage { rows, older: oldest.filter(|_| page.older), newer: newest.filter(|_| page.newer) })
    }
}
