//! Doing an import: after planning it again on what is there now, whole or not at all.

use routing::{AccountId, Edge, Version};
use store::{Account, DidWrites, Draft, DraftId, Store, Tx};
use tokio::try_join;

use super::plan::{Judge, Numbers, Verdict, Write};
use super::present::{Ground, Present};
use super::rows::Rows;
use crate::book::Book;
use crate::bulk::Editors;
use crate::cases::commit;
use crate::history::{Done, OperationKind, did_added, did_updated};
use crate::reading::Reading;
use crate::{Actor, Error, Noun, Portal, Progress, Result};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// Does an import of a staged file: whole or not at all, a part of the file at a time. `as_of` is that of the plan
    /// which was confirmed, and never later than the staging: what was edited or released after it is refused.
    ///
    /// # Errors
    /// [`Error::ImportRefused`] with the plan if any row cannot be imported: nothing is then; [`Error::NotFound`];
    /// [`Error::Cancelled`].
    pub async fn apply_import(
        &self,
        actor: &Actor,
        account: AccountId,
        id: &DraftId,
        as_of: Version,
        progress: &Progress,
    ) -> Result<ImportResult> {
        actor.may_write(account)?;
        self.throttle.bulk(account, &actor.origin().address)?;
        let draft = self.store.draft(account, *id).await?.ok_or(Error::NotFound(Noun::Draft))?;
        let as_of = draft.as_of.min(as_of);
        let edges = self.store.edges().await?;
        // Before the transaction: one that holds a connection must not wait for a second, save one that is kept for it.
        let editors = self.editors_since(account, as_of).await?;
        let beside = self.store.beside().await?;
        let mut tx = self.begin_watched(account, progress).await?;
        let Some(mut result) =
            write(&mut tx, beside.store(), &draft, edges, (as_of, editors), progress).await?
        else {
            // Others need not wait while the refusal is put into words.
            drop((tx, beside));
            let plan = self.plan_draft(account, &draft, as_of).await?;
            return Err(Error::ImportRefused(plan));
        };
        let changed = result.added + result.changed;
        if changed == 0 {
            return Ok(result);
        }
        tx.delete_draft(draft.id).await?;
        let done =
            Done { changed, unchanged: result.unchanged, ..Done::one(OperationKind::Import, &draft.name) };
        result.version = Some(commit(tx, done.by(actor, account), actor).await?);
        Ok(result)
    }
}

/// Writes what a file says; `None` if any row cannot be imported.
async fn write(
    tx: &mut Tx,
    beside: &Store,
    draft: &Draft,
    edges: Vec<Edge>,
    as_of: (Version, Editors),
    progress: &Progress,
) -> Result<Option<ImportResult>> {
    let book = Book::read_in(tx, edges).await?;
    let Account { id, version, .. } = *tx.account();
    let mut reading = Reading::Store(beside, id);
    let ground = Ground::read(&mut reading, (&book, version), as_of).await?;
    let mut judge = Judge::new(&ground);
    // How many rows there are is known after the last part only.
    progress.expect(draft.parts);
    let mut file = Rows::of(beside, id, draft);
    // A file names a number once: of the next part, all is still as it was.
    let mut judged = async || -> Result<Option<Vec<Verdict>>> {
        let Some(rows) = file.next().await? else { return Ok(None) };
        let numbers = Numbers::read(&rows, &book);
        let present = Present::read(&mut reading, &numbers, &ground).await?;
        Ok(Some(judge.judge(&rows, &numbers, &present)))
    };
    let mut result = ImportResult::default();
    let mut next = judged().await?;
    while let Some(verdicts) = next.take() {
        if verdicts.iter().any(Result::is_err) {
            return Ok(None);
        }
        let writes = result.take(verdicts, &book);
        let written = async { tx.write_dids(writes).await.map_err(Error::from) };
        (next, ()) = try_join!(judged(), written)?;
        progress.advance(1);
    }
    Ok(judge.own_rule().is_none().then_some(result))
}

impl ImportResult {
    /// Takes in what was judged of a part of the file, and says what is to be written.
    fn take(&mut self, verdicts: Vec<Verdict>, book: &Book) -> DidWrites {
        let mut writes = DidWrites::default();
        for verdict in verdicts {
            match verdict {
                Ok(Some(Write::Add(new))) => {
                    writes.changes.push(did_added(book, &new));
                    writes.adds.push(new);
                }
                Ok(Some(Write::Change(update))) => {
                    writes.changes.push(did_updated(book, &update));
                    writes.updates.push(update);
                }
                Ok(None) | Err(_) => self.unchanged += 1,
            }
        }
        self.added += writes.adds.len() as u64;
        self.changed += writes.updates.len() as u64;
        writes
    }
}
