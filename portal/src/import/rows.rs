//! The rows of a staged file, read part by part.

use routing::AccountId;
use store::{Draft, DraftId, Store};

use super::read::{Columns, Reader, SheetRow};
use crate::{Error, Result};

/// Walks through a file.
pub(super) struct Rows<'a> {
    store: &'a Store,
    account: AccountId,
    draft: DraftId,
    next: u64,
    parts: u64,
    /// Until the last rows were read.
    reader: Option<Reader>,
    columns: Columns,
}

impl Rows<'_> {
    pub(super) fn of<'a>(store: &'a Store, account: AccountId, draft: &Draft) -> Rows<'a> {
        let (reader, columns) = (Some(Reader::default()), Columns::default());
        Rows { store, account, draft: draft.id, next: 0, parts: draft.parts, reader, columns }
    }

    /// The rows of the next part; `None` after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<SheetRow>>> {
        if let Some(reader) = self.reader.as_mut().filter(|_| self.next < self.parts) {
            let part = self.store.draft_part(self.account, self.draft, self.next).await?;
            self.next += 1;
            return reader.push(&part).map(Some).map_err(Error::ImportFile);
        }
        let Some(reader) = self.reader.take() else { return Ok(None) };
        let (rows, columns) = reader.finish().map_err(Error::ImportFile)?;
        self.columns = columns;
        Ok(Some(rows))
    }

    /// What the columns are, known after the last row.
    pub(super) fn columns(self) -> Columns {
        self.columns
    }
}
