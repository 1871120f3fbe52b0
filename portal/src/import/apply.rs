//! Doing an import: after planning it again on what is there now, whole or not at all.

use std::collections::HashMap;

use routing::{AccountId, E164, RouteId, Version, limits::DIDS_PER_ACCOUNT_MAX};
use store::{DidFilter, DraftId};

use super::outcome::{ImportPlan, shown};
use super::plan::{Numbers, Present, Verdict, Write, judge};
use super::read::read;
use crate::book::{Book, usage_of};
use crate::bulk::Editors;
use crate::facts::dialling;
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
    /// What a file would do. Nothing is changed.
    ///
    /// # Errors
    /// [`Error::ImportFile`] if it cannot be read as a whole; [`Error::NotFound`].
    pub async fn plan_import(&self, actor: &Actor, account: AccountId, csv: &[u8]) -> Result<ImportPlan> {
        actor.may_read(account)?;
        let sheet = read(csv).map_err(Error::ImportFile)?;
        let facts = self.facts(account).await?;
        let (book, as_of) = (&facts.book, facts.account.version);
        let numbers = Numbers::read(&sheet, book);
        let looked_up = numbers.to_look_up();
        let dids = self.store.dids_by_number(account, &looked_up).await?;
        let own = self.store.own_numbers(&with_targets(looked_up, book)).await?;
        let pairs = self.store.pairs(account, &DidFilter::default()).await?;
        let present = Present {
            book,
            dids: dids.into_iter().map(|row| (row.did.number, row)).collect(),
            own: own.into_iter().collect(),
            failovers: failovers(&pairs),
            // What is planned on is what was just read: nothing of it is news.
            as_of: Version(i64::MAX),
            editors: Editors::default(),
        };
        let verdicts = judge(&sheet, &numbers, &present);
        Ok(shown(sheet, &verdicts, book, as_of))
    }

    /// Keeps a file until somebody confirms it, for a day at most.
    ///
    /// # Errors
    /// [`Error::ImportFile`] if it cannot be read as a whole; [`Error::NotFound`].
    pub async fn stage_import(
        &self,
        actor: &Actor,
        account: AccountId,
        name: &str,
        csv: &[u8],
    ) -> Result<DraftId> {
        actor.may_write(account)?;
        read(csv).map_err(Error::ImportFile)?;
        let as_of = self.facts(account).await?.account.version;
        Ok(self.store.save_draft(account, &file_name(name), csv.to_vec(), as_of).await?)
    }

    /// The name of a staged file, and what it would do.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it was applied, or waited too long.
    pub async fn staged_import(
        &self,
        actor: &Actor,
        account: AccountId,
        id: &DraftId,
    ) -> Result<(String, ImportPlan)> {
        actor.may_read(account)?;
        let draft = self.store.draft(account, *id).await?.ok_or(Error::NotFound(Noun::Draft))?;
        let plan = self.plan_import(actor, account, &draft.bytes).await?;
        Ok((draft.name, plan))
    }

    /// Does an import. `as_of` is that of the plan which was confirmed: what was edited after it is refused.
    ///
    /// # Errors
    /// [`Error::ImportRefused`] with the plan if any row cannot be imported: nothing is then;
    /// [`Error::ImportFile`]; [`Error::Limit`]; [`Error::NotFound`].
    pub async fn apply_import(
        &self,
        actor: &Actor,
        account: AccountId,
        source: ImportSource<'_>,
        as_of: Version,
    ) -> Result<ImportResult> {
        actor.may_write(account)?;
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
        let sheet = read(csv).map_err(Error::ImportFile)?;
        let edges = self.store.edges().await?;
        // Before the transaction: one that holds a connection must not wait for a second.
        let editors = self.editors_since(account, as_of).await?;
        let mut tx = self.store.begin(account).await?;
        let book = Book::new(tx.route_choices().await?, edges, dialling(tx.account()));
        let now = tx.account().version;
        let numbers = Numbers::read(&sheet, &book);
        let looked_up = numbers.to_look_up();
        let dids = tx.dids_by_number(&looked_up).await?;
        let own = tx.own_numbers(&with_targets(looked_up, &book)).await?;
        let pairs = tx.pairs(&DidFilter::default()).await?;
        let present = Present {
            book: &book,
            dids: dids.into_iter().map(|row| (row.did.number, row)).collect(),
            own: own.into_iter().collect(),
            failovers: failovers(&pairs),
            as_of,
            editors,
        };
        let verdicts = judge(&sheet, &numbers, &present);
        if verdicts.iter().any(Result::is_err) {
            return Err(Error::ImportRefused(Box::new(shown(sheet, &verdicts, &book, now))));
        }
        let total: u64 = pairs.iter().map(|pair| pair.dids).sum();
        let writes = Writes::new(&verdicts, &book);
        if total + writes.adds.len() as u64 > DIDS_PER_ACCOUNT_MAX as u64 {
            return Err(Error::Limit { what: Noun::Did, max: DIDS_PER_ACCOUNT_MAX as u64 });
        }
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
        result.version = Some(tx.commit(done.by(actor)).await?);
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
                    let after = did_json(book, new.alias.as_ref(), new.primary, new.failover);
                    writes.changes.push(did_change(new.number, None, Some(after)));
                    writes.adds.push(new.clone());
                }
                Ok(Some(Write::Change(update, old))) => {
                    let old = &old.did;
                    let before = did_json(book, old.alias.as_ref(), old.primary, old.failover);
                    let after = did_json(book, update.alias.as_ref(), update.primary, update.failover);
                    writes.changes.push(did_change(old.number, Some(before), Some(after)));
                    writes.updates.push(update.clone());
                }
                Ok(None) | Err(_) => writes.unchanged += 1,
            }
        }
        writes
    }
}

/// The numbers of the file, and those that routes may amount to.
fn with_targets(mut numbers: Vec<E164>, book: &Book) -> Vec<E164> {
    numbers.extend(book.numbers_in(book.added().map(|row| &row.route.target)));
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn failovers(pairs: &[store::Pair]) -> HashMap<RouteId, u64> {
    usage_of(pairs).into_iter().map(|(route, usage)| (route, usage.failover)).collect()
}

/// A file's name for the history: without the folders that some browsers send, on one line.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String =
        last.chars().filter(|c| !c.is_control()).take(crate::limits::LABEL_CHARS_MAX).collect();
    if plain.is_empty() { "import.csv".to_owned() } else { plain }
}
