//! Undo: what an operation changed goes back to what it was, save what somebody changed after it. An undo is an
//! operation itself, goes through the same gate as any change, and can be undone.
//!
//! What was deleted comes back under the id that it had. An id is never given to another thing, so whatever still names
//! it (a saved case, an address, its history) means it again. No DID can: what is in use cannot be deleted.

mod dids;
mod plan;
mod things;
mod undone;
mod world;

use std::fmt;

use routing::{AccountId, E164, Version};
use serde_json::json;
use store::{ChangeRow, DidWrites, Store, Subject};

use self::dids::{Back, Judged, Verdict, judge};
pub(crate) use self::dids::{DidVerdict, judge_did};
pub use self::plan::UndoPlan;
pub(crate) use self::things::{Fate, Later, judge as judge_thing, write};
use self::things::{in_order, subjects};
pub use self::undone::UndoneBy;
pub(crate) use self::world::{Which, World};
use crate::book::Book;
use crate::cases::commit;
use crate::history::{AccountKept, Done, OperationKind, did_added, did_removed, did_updated};
use crate::labels::reason as clean_reason;
use crate::limits::{BULK_CHUNK, REFUSALS_MAX};
use crate::reading::Reading;
use crate::{Actor, Error, Noun, OperationView, Portal, Progress, Refusal, Result};

/// Why an operation cannot be undone at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotUndone {
    /// The account was created by it.
    Creation,
    /// Who belongs to the account is changed on a page of its own.
    People,
    /// Where routes may ring is changed on a page of its own.
    Destinations,
    /// A note is removed where it stands.
    Notes,
    /// A kind that this program does not know.
    Unknown,
    /// Of a thing that is to be restored: it is as it was, was not there, or cannot be so again.
    NothingLeft,
    /// Of a thing that is to be restored: somebody changed it after it was looked at.
    ChangedMeanwhile,
}

impl NotUndone {
    fn of(kind: &OperationKind) -> Option<NotUndone> {
        match kind {
            OperationKind::CreateAccount => Some(NotUndone::Creation),
            OperationKind::Invite
            | OperationKind::WithdrawInvitation
            | OperationKind::Join
            | OperationKind::ChangeRole
            | OperationKind::RemovePerson
            | OperationKind::GrantSupport
            | OperationKind::EndSupport
            | OperationKind::MakeToken
            | OperationKind::RevokeToken => Some(NotUndone::People),
            OperationKind::AllowDestination | OperationKind::ForbidDestination => {
                Some(NotUndone::Destinations)
            }
            OperationKind::WriteNote | OperationKind::RemoveNote => Some(NotUndone::Notes),
            OperationKind::Other(_) => Some(NotUndone::Unknown),
            kind if kind.is_of_the_installation() => Some(NotUndone::People),
            _ => None,
        }
    }
}

impl fmt::Display for NotUndone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotUndone::Creation => "An account that was created stays.",
            NotUndone::People => "Who may do what is changed on the page People.",
            NotUndone::Destinations => {
                "Where routes to phone numbers may ring is changed on the page Allowed countries."
            }
            NotUndone::Notes => "A note is removed where it stands.",
            NotUndone::Unknown => "This version of Switchback does not know what was done.",
            NotUndone::NothingLeft => "There is nothing that could be put back. Look at it again.",
            NotUndone::ChangedMeanwhile => "Somebody changed it since you looked. Look at it again.",
        })
    }
}

/// Something other than a DID that was left as it is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// What it is.
    pub subject: Subject,
    /// What it was called at that time.
    pub label: String,
    /// Why it was left.
    pub why: Refusal,
}

/// What an undo did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoResult {
    /// The account's version that it made; `None` if nothing was left to put back.
    pub version: Option<Version>,
    /// How many things went back.
    pub changed: u64,
    /// How many were as they were before already.
    pub unchanged: u64,
    /// How many were left as they are.
    pub refused: u64,
    /// The first of the DIDs among those, and why.
    pub refusals: Vec<(E164, Refusal)>,
    /// The first of the other things among those.
    pub left: Vec<Left>,
}

impl UndoResult {
    fn refuse(&mut self, number: E164, why: Refusal) {
        self.refused += 1;
        if self.refusals.len() < REFUSALS_MAX {
            self.refusals.push((number, why));
        }
    }

    fn leave(&mut self, change: &ChangeRow, why: Refusal) {
        self.refused += 1;
        if self.left.len() < REFUSALS_MAX {
            self.left.push(Left { subject: change.subject, label: change.label.clone(), why });
        }
    }
}

impl Portal {
    /// Undoes an operation: whole, save what was changed after it, which stays as it is and is named in the result. If
    /// nothing is left to put back, nothing is written.
    ///
    /// # Errors
    /// [`Error::NotUndone`]; [`Error::BreaksCases`]; [`Error::NotFound`]; [`Error::Cancelled`]; [`Error::Forbidden`] where
    /// the account's country goes back, of who may not open one.
    pub async fn undo(
        &self,
        actor: &Actor,
        account: AccountId,
        version: Version,
        reason: Option<String>,
        progress: &Progress,
    ) -> Result<UndoResult> {
        actor.may_write(account)?;
        self.throttle.bulk(account, &actor.origin().address)?;
        let edges = self.store.edges().await?;
        let beside = self.store.beside().await?;
        let mut tx = self.begin_watched(account, progress).await?;
        let row = tx.operation(version).await?.ok_or(Error::NotFound(Noun::Operation))?;
        let undone = OperationView::new(row);
        if let Some(why) = undone.undo_barred() {
            return Err(Error::NotUndone(why));
        }
        progress.expect(undone.changed);
        let mut result = UndoResult::default();
        let book = Book::read_in(&mut tx, edges).await?;
        let (kept, next) = (AccountKept::of(tx.account()), tx.next_version());
        let home = kept.country.clone();
        let mut reading = Reading::Tx(&mut tx);
        let things = reading.things(version).await?;
        let mut world = World::read(&mut reading, book, kept, next, &things).await?;
        let later = Later::new(reading.later(&subjects(&things), version).await?);
        let (stay, leave) = in_order(things);
        let (first, last) = (stay.len() as u64, leave.len() as u64);
        put_back(&mut tx, &mut world, &later, stay, &mut result).await?;
        progress.advance(first);
        // A new home lets routes ring where they could not.
        if world.account.country != home {
            actor.may_open(account)?;
        }
        let mut rounds = Rounds::of(beside.store(), account, version);
        // One after the other: this reads and judges so much that others would wait, if it were done beside the writing.
        while let Some(judged) = rounds.next(&world.book).await? {
            let mut round = DidWrites::default();
            let walked = judged.len() as u64;
            for judged in judged {
                judged.moves(&mut world);
                result.take(judged, &world.book, &mut round);
            }
            result.changed += round.changes.len() as u64;
            tx.write_dids(round).await?;
            progress.advance(walked);
        }
        put_back(&mut tx, &mut world, &later, leave, &mut result).await?;
        progress.advance(last);
        if result.changed > 0 {
            let done = Done {
                reason: clean_reason(reason),
                changed: result.changed,
                unchanged: result.unchanged,
                refused: result.refused,
                refusals: &result.refusals,
                left: &result.left,
                ..Done::one(OperationKind::Undo, &undone.about)
            };
            let mut operation = done.by(actor, account);
            operation.details["undone"] = json!((version, undone.kind.as_str()));
            result.version = Some(commit(tx, operation, actor).await?);
        }
        Ok(result)
    }
}

/// Puts one DID back. Whether it was.
pub(crate) async fn write_did(tx: &mut store::Tx, book: &Book, change: ChangeRow) -> Result<bool> {
    let mut round = DidWrites::default();
    let mut result = UndoResult::default();
    for judged in judge(&mut Reading::Tx(tx), book, vec![change], Back::One).await? {
        result.take(judged, book, &mut round);
    }
    let changes = !round.changes.is_empty();
    tx.write_dids(round).await?;
    Ok(changes)
}

/// Puts things back one by one, each judged by what those before it became.
async fn put_back(
    tx: &mut store::Tx,
    world: &mut World,
    later: &Later,
    changes: Vec<ChangeRow>,
    result: &mut UndoResult,
) -> Result<()> {
    let mut recorded = Vec::new();
    for change in changes {
        match things::judge(world, later, &change) {
            Fate::Unchanged => result.unchanged += 1,
            Fate::Refused(why) => result.leave(&change, why),
            Fate::Moves(sides) => {
                let which = Which::changed_by(&change);
                let both = (sides.now.as_ref(), sides.then.as_ref());
                recorded.extend(write(tx, world, &which, &change.label, both).await?);
                world.put(&which, sides.then);
            }
        }
    }
    result.changed += recorded.len() as u64;
    Ok(tx.record(&recorded).await?)
}

/// The change that undoing makes, in the words of the one that it undoes.
pub(crate) fn undoing(change: ChangeRow) -> ChangeRow {
    let ChangeRow { before, after, .. } = change;
    ChangeRow { before: after, after: before, ..change }
}

impl OperationView {
    /// Why it cannot be undone at all, if so.
    pub fn undo_barred(&self) -> Option<NotUndone> {
        NotUndone::of(&self.kind)
    }
}

/// Walks the changes of an operation, some of them in memory at a time.
struct Rounds<'a> {
    store: &'a Store,
    account: AccountId,
    version: Version,
    from: u64,
}

impl Rounds<'_> {
    fn of(store: &Store, account: AccountId, version: Version) -> Rounds<'_> {
        Rounds { store, account, version, from: 0 }
    }

    async fn next(&mut self, book: &Book) -> Result<Option<Vec<Judged>>> {
        let Rounds { store, account, version, from } = *self;
        let changes = store.operation_changes(account, version, from, BULK_CHUNK).await?;
        if changes.is_empty() {
            return Ok(None);
        }
        self.from += changes.len() as u64;
        judge(&mut Reading::Store(store, account), book, changes, Back::Whole).await.map(Some)
    }
}

impl UndoResult {
    /// Takes in what was judged of one DID, and adds to a round what is to be written.
    fn take(&mut self, judged: Judged, book: &Book, writes: &mut DidWrites) {
        let number = judged.number;
        match judged.verdict {
            Verdict::Unchanged => self.unchanged += 1,
            Verdict::Refused(why) => self.refuse(number, why),
            Verdict::Becomes { now, then } => {
                let update = then.update(now);
                writes.changes.push(did_updated(book, &update));
                writes.updates.push(update);
            }
            Verdict::Leaves { now } => {
                writes.changes.push(did_removed(book, &now));
                writes.releases.push(now.number);
            }
            Verdict::Returns { then } => {
                let new = then.new_did(number);
                writes.changes.push(did_added(book, &new));
                writes.adds.push(new);
            }
        }
    }
}
