//! Download your DIDs: a CSV that the import reads back.

use std::borrow::Cow;

use routing::{AccountId, Alias, E164, Failover};
use store::DidFilter;

use crate::book::Book;
use crate::import::cell::{PLAN, protect};
use crate::limits::EXPORT_CHUNK;
use crate::{Actor, Portal, Result};

const HEADER: &str = "number,alias,primary,failover\r\n";

/// A part of a download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportPart {
    /// What it says.
    pub bytes: Vec<u8>,
    /// Where the next part starts; `None` after the last.
    pub next: Option<E164>,
    /// How many DIDs it holds.
    pub dids: u64,
}

impl Portal {
    /// Writes the DIDs that match as CSV, by number, in parts of some hundred kilobytes, and says how many they
    /// are. Cells that a spreadsheet would run as a formula have an apostrophe before them.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn export_csv(
        &self,
        actor: &Actor,
        account: AccountId,
        filter: &DidFilter,
        mut write: impl FnMut(&[u8]),
    ) -> Result<u64> {
        let (mut after, mut dids) = (None, 0);
        loop {
            let part = self.export_csv_part(actor, account, filter, after).await?;
            write(&part.bytes);
            dids += part.dids;
            after = part.next;
            if after.is_none() {
                return Ok(dids);
            }
        }
    }

    /// One part of [`Portal::export_csv`], for a body that is sent as it is made. The first part, after `None`,
    /// begins with the column names.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn export_csv_part(
        &self,
        actor: &Actor,
        account: AccountId,
        filter: &DidFilter,
        after: Option<E164>,
    ) -> Result<ExportPart> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let rows = self.store.dids_after(account, filter, after, EXPORT_CHUNK).await?;
        let mut text = if after.is_none() { HEADER.to_owned() } else { String::new() };
        for row in &rows {
            push_row(&mut text, &facts.book, row);
        }
        let full = rows.len() == EXPORT_CHUNK as usize;
        let next = rows.last().filter(|_| full).map(|row| row.did.number);
        Ok(ExportPart { bytes: text.into_bytes(), next, dids: rows.len() as u64 })
    }
}

fn push_row(text: &mut String, book: &Book, row: &store::DidRow) {
    let failover = match row.did.failover {
        Failover::None => Cow::Borrowed(""),
        Failover::Route(id) => Cow::Owned(protect(book.alias(id).as_str()).into_owned()),
        Failover::Plan(id) => Cow::Owned(format!("{PLAN}{}", book.plan_ref(id).name)),
    };
    // A plus and digits are a number to a spreadsheet, not a formula.
    text.push_str(&row.did.number.to_string());
    for cell in [
        protect(row.did.alias.as_ref().map_or("", Alias::as_str)),
        protect(book.alias(row.did.primary).as_str()),
        failover,
    ] {
        text.push(',');
        push_cell(text, &cell);
    }
    text.push_str("\r\n");
}

/// Quotes where RFC 4180 §2 asks for it; semicolons too, for spreadsheets that split at them.
fn push_cell(text: &mut String, cell: &str) {
    if cell.contains([',', ';', '"', '\n', '\r', '\t']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}
