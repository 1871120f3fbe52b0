//! Doing an import: after planning it again on what is there now, whole or not at all.

use routing::{AccountId, Routing, Version};
use store::DraftId;

use super::outcome::shown;
use super::plan::{Numbers, Verdict, Write, judge};
use super::present::Present;
use super::read::read;
use crate::book::Book;
use crate::cases::commit;
use crate::dids::Routed;
use crate::history::{Done, OperationKind, did_change, did_json};
use crate::{Actor, Error, Noun, Portal, Result};

/// Where the file is.
#[derive(Clone, Copy, Debug)]
pub enum ImportSource<'a> {
    /// Staged by [`Portal::stage_import`].
    Draft(&'a DraftId),
    /// At hand.
    Bytes {
        /// Its name, for the history.
        name: &'a str,
        /// What is in it.
        csv: &'a [u8],
    },
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportResult {
    /// The account's version that it made; `None` if all was as the file says already.
    pub version: Option<Version>,
    /// DIDs added.
    pub added: u64,
    /// DIDs changed.
    pub changed: u64,
    /// DIDs that were as the file says already.
    pub unchanged: u64,
}

impl Portal {
    /// Does an import. `as_of` is that of the plan which was confirmed: what was edited or released after it is
    /// refused. For a staged file it is never later than the staging.
    ///
    /// # Errors
    /// [`Error::ImportRefused`] with the plan if any row cannot be imported: nothing is then;
    /// [`Error::ImportFile`]; [`Error::NotFound`].
    pub async fn apply_import(
        &self,
        actor: &Actor,
        account: AccountId,
        source: ImportSource<'_>,
        as_of: Version,
    ) -> Result<ImportResult> {
        actor.may_write(account)?;
        self.throttle.bulk(account, &actor.origin().address)?;
        let staged = match source {
            ImportSource::Draft(id) => {
                Some(self.store.draft(account, *id).await?.ok_or(Error::NotFound(Noun::Draft))?)
            }
            ImportSource::Bytes { .. } => None,
        };
        let (name, csv) = match (&staged, source) {
            (Some(draft), _) => (draft.name.clone(), draft.bytes.as_slice()),
            (None, ImportSource::Bytes { name, csv }) => (file_name(name), csv),
            (None, ImportSource::Draft(_)) => return Err(Error::NotFound(Noun::Draft)),
        };
        let as_of = staged.as_ref().map_or(as_of, |draft| draft.as_of.min(as_of));
        let sheet = read(csv).map_err(Error::ImportFile)?;
        let edges = self.store.edges().await?;
        // Before the transaction: one that holds a connection must not wait for a second.
        let editors = self.editors_since(account, as_of).await?;
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        let numbers = Numbers::read(&sheet, &book);
        let present = Present::read_in(&mut tx, &numbers, &book, (as_of, editors)).await?;
        let verdicts = judge(&sheet, &numbers, &present);
        if verdicts.iter().any(Result::is_err) {
            // Others need not wait while the refusal is put into words.
            drop(tx);
            return Err(Error::ImportRefused(Box::new(shown(sheet, &verdicts, &book, as_of))));
        }
        let writes = Writes::new(&verdicts, &book);
        let mut result = ImportResult {
            version: None,
            added: writes.adds.len() as u64,
            changed: writes.updates.len() as u64,
            unchanged: writes.unchanged,
        };
        let changed = result.added + result.changed;
        if changed == 0 {
            return Ok(result);
        }
        tx.insert_dids(&writes.adds).await?;
        tx.update_dids(&writes.updates).await?;
        tx.record(&writes.changes).await?;
        if let Some(draft) = &staged {
            tx.delete_draft(draft.id).await?;
        }
        let done = Done { changed, unchanged: result.unchanged, ..Done::one(OperationKind::Import, &name) };
        result.version = Some(commit(tx, done.by(actor, account), actor).await?);
        Ok(result)
    }
}

/// What an import writes.
struct Writes {
    adds: Vec<store::NewDid>,
    updates: Vec<store::DidUpdate>,
    changes: Vec<store::NewChange>,
    unchanged: u64,
}

impl Writes {
    fn new(verdicts: &[Verdict], book: &Book) -> Writes {
        let mut writes = Writes { adds: Vec::new(), updates: Vec::new(), changes: Vec::new(), unchanged: 0 };
        for verdict in verdicts {
            match verdict {
                Ok(Some(Write::Add(new))) => {
                    let after = did_json(book, new.alias.as_ref(), new.routing());
                    writes.changes.push(did_change(new.number, None, Some(after)));
                    writes.adds.push(new.clone());
                }
                Ok(Some(Write::Change(update, old))) => {
                    let old = &old.did;
                    let before = did_json(book, old.alias.as_ref(), Routing::of(old));
                    let after = did_json(book, update.alias.as_ref(), update.routing());
                    writes.changes.push(did_change(old.number, Some(before), Some(after)));
                    writes.updates.push(update.clone());
                }
                Ok(None) | Err(_) => writes.unchanged += 1,
            }
        }
        writes
    }
}

/// A file's name for the history: without the folders that some browsers send, on one line.
pub(super) fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String =
        last.chars().filter(|c| !c.is_control()).take(crate::limits::LABEL_CHARS_MAX).collect();
    if plain.is_empty() { "import.csv".to_owned() } else { plain }
}
