//! Backups of the whole installation. They are no use cases of an actor: whoever may take one, or bring one back, has the
//! database's file or its password already.

use std::path::Path;

use store::{Allowing, BackedUp, BackupError};

use crate::Portal;

impl Portal {
    /// Writes everything there is into a new file; see [`store::Store::back_up`].
    ///
    /// # Errors
    /// The file is there already or cannot be written; a history does not verify; the database failed.
    pub async fn back_up(&self, file: &Path, allowing: Allowing) -> Result<Vec<BackedUp>, BackupError> {
        self.store.back_up(file, allowing).await
    }
}

/// Brings a backup back into the database of an address; see [`store::restore`].
///
/// # Errors
/// It is no backup that this program can bring back there. What was there before is as it was then.
pub async fn restore(file: &Path, database: &str, allowing: Allowing) -> Result<Vec<BackedUp>, BackupError> {
    store::restore(file, &database.parse()?, allowing).await
}
