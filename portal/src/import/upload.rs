//! Bringing a file in: it is checked and kept as it comes, and never held as a whole.

use routing::AccountId;
use store::DraftId;

use super::read::Reader;
use crate::limits::{IMPORT_PART_BYTES, LABEL_CHARS_MAX};
use crate::{Actor, Error, Portal, Result};

/// A file that is being brought in. One that is neither finished nor given up, because the process died, is removed
/// after a day.
#[derive(Debug)]
pub struct ImportUpload {
    portal: Portal,
    account: AccountId,
    draft: DraftId,
    reader: Reader,
    /// Bytes that are not kept yet.
    part: Vec<u8>,
    parts: u64,
}

impl Portal {
    /// Begins to bring in a file, which waits for a day at most until somebody confirms it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn begin_import(&self, actor: &Actor, account: AccountId, name: &str) -> Result<ImportUpload> {
        actor.may_write(account)?;
        let draft = self.store.begin_draft(account, &file_name(name)).await?;
        let (portal, reader) = (self.clone(), Reader::default());
        Ok(ImportUpload { portal, account, draft, reader, part: Vec::new(), parts: 0 })
    }

    /// Removes a file that was brought in and is not wanted.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn discard_import(&self, actor: &Actor, account: AccountId, draft: &DraftId) -> Result<()> {
        actor.may_write(account)?;
        Ok(self.store.remove_draft(account, *draft).await?)
    }
}

impl ImportUpload {
    /// Takes the next bytes, which may end anywhere.
    ///
    /// # Errors
    /// [`Error::ImportFile`] if the file cannot be read as a whole. Nothing is kept of it after an error.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        for bytes in bytes.chunks(IMPORT_PART_BYTES) {
            if let Err(error) = self.take(bytes).await {
                self.remove().await;
                return Err(error);
            }
        }
        Ok(())
    }

    async fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.reader.push(bytes).map_err(Error::ImportFile)?;
        self.part.extend_from_slice(bytes);
        if self.part.len() >= IMPORT_PART_BYTES {
            let rest = self.part.split_off(IMPORT_PART_BYTES);
            self.keep(rest).await?;
        }
        Ok(())
    }

    /// Keeps a part, after which come the bytes given.
    async fn keep(&mut self, rest: Vec<u8>) -> Result<()> {
        let part = std::mem::replace(&mut self.part, rest);
        self.portal.store.add_draft_part(self.account, self.draft, self.parts, part).await?;
        self.parts += 1;
        Ok(())
    }

    /// After the last byte: the file waits for somebody to confirm it.
    ///
    /// # Errors
    /// [`Error::ImportFile`] if the file cannot be read as a whole. Nothing is kept of it after an error.
    pub async fn finish(mut self) -> Result<DraftId> {
        let completed = self.complete().await;
        if completed.is_err() {
            self.remove().await;
        }
        completed.map(|()| self.draft)
    }

    async fn complete(&mut self) -> Result<()> {
        std::mem::take(&mut self.reader).finish().map_err(Error::ImportFile)?;
        self.keep(Vec::new()).await?;
        let as_of = self.portal.facts(self.account).await?.account.version;
        Ok(self.portal.store.complete_draft(self.account, self.draft, self.parts, as_of).await?)
    }

    /// Keeps nothing of it.
    pub async fn give_up(self) {
        self.remove().await;
    }

    async fn remove(&self) {
        match self.portal.store.remove_draft(self.account, self.draft).await {
            // Removed by an error before.
            Ok(()) | Err(store::Error::NotFound(_)) => {}
            Err(error) => tracing::warn!(%error, "an upload that was given up stays for a day"),
        }
    }
}

/// A file's name for the history: without the folders that some browsers send, on one line.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(LABEL_CHARS_MAX).collect();
    if plain.is_empty() { "import.csv".to_owned() } else { plain }
}
