//! Undo: what an operation changed goes back to what it was, save what somebody changed after it. An undo is an
//! operation itself, goes through the same gate as any change, and can be undone.

mod dids;
mod reading;

use std::fmt;

use routing::{AccountId, E164, Version};
use serde_json::json;
use store::ChangeRow;

use self::dids::{Judged, Verdict, judge};
use self::reading::Reading;
use crate::book::Book;
use crate::cases::commit;
use crate::history::{Done, OperationKind, did_change, did_json};
use crate::labels::reason as clean_reason;
use crate::limits::{BULK_CHUNK, PLANNED_ROWS_MAX};
use crate::{Actor, BulkResult, ChangeView, Error, Noun, OperationView, Portal, Refusal, Result};

/// Why an operation cannot be undone at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotUndone {
    /// The account was created by it.
    Creation,
    /// Something was added that has a page, where it can be deleted.
    Addition,
    /// Something was deleted, whose id never comes back.
    Deletion,
    /// A route, plan or schedule was changed.
    Edit,
    /// An account file changed many kinds of things.
    AccountFile,
    /// Saved cases do not route calls.
    Case,
    /// Nor does what was said of findings.
    Finding,
    /// Nor does who belongs to the account.
    People,
    /// A kind that this program does not know.
    Unknown,
}

impl NotUndone {
    fn of(kind: &OperationKind) -> Option<NotUndone> {
        match kind {
            OperationKind::EditDid
            | OperationKind::SetRoute
            | OperationKind::SetFailoverRoute
            | OperationKind::ClearFailoverRoute
            | OperationKind::SetAlias
            | OperationKind::Release
            | OperationKind::Import
            | OperationKind::Undo => None,
            OperationKind::CreateAccount => Some(NotUndone::Creation),
            OperationKind::AddRoute | OperationKind::AddPlan | OperationKind::AddSchedule => {
                Some(NotUndone::Addition)
            }
            OperationKind::DeleteRoute | OperationKind::DeletePlan | OperationKind::DeleteSchedule => {
                Some(NotUndone::Deletion)
            }
            OperationKind::EditRoute | OperationKind::EditPlan | OperationKind::EditSchedule => {
                Some(NotUndone::Edit)
            }
            OperationKind::ImportAccount => Some(NotUndone::AccountFile),
            OperationKind::SaveCase | OperationKind::EditCase | OperationKind::DeleteCase => {
                Some(NotUndone::Case)
            }
            OperationKind::AcceptFinding | OperationKind::WithdrawAcceptance => Some(NotUndone::Finding),
            OperationKind::Invite
            | OperationKind::WithdrawInvitation
            | OperationKind::Join
            | OperationKind::ChangeRole
            | OperationKind::RemovePerson
            | OperationKind::GrantSupport
            | OperationKind::EndSupport
            | OperationKind::MakeToken
            | OperationKind::RevokeToken => Some(NotUndone::People),
            OperationKind::Other(_) => Some(NotUndone::Unknown),
        }
    }
}

impl fmt::Display for NotUndone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotUndone::Creation => "An account that was created stays.",
            NotUndone::People => "Who may do what is changed on the page People.",
            NotUndone::Addition => "What was added can be deleted on its own page, while nothing uses it.",
            NotUndone::Deletion => {
                "What was deleted does not come back under its old id. Add it again from what stands below."
            }
            NotUndone::Edit => {
                "Changes of a route, a plan or a schedule are not undone here. Its page takes the old values back, from what stands below."
            }
            NotUndone::AccountFile => {
                "An account file changes many kinds of things at once. Import the file of the state that you want back."
            }
            NotUndone::Case => "A saved case routes no calls. Save, edit or delete it on its page.",
            NotUndone::Finding => "Findings are accepted and withdrawn on their own page.",
            NotUndone::Unknown => "This version of Switchback does not know what was done.",
        })
    }
}

/// What undoing an operation would do, as of now.
#[derive(Clone, Debug)]
pub struct UndoPlan {
    /// The operation, without its changes.
    pub operation: OperationView,
    /// Why it cannot be undone at all, if so; nothing is counted then.
    pub barred: Option<NotUndone>,
    /// How many things would go back.
    pub changes: u64,
    /// How many are as they were before already.
    pub unchanged: u64,
    /// How many would be left as they are.
    pub refused: u64,
    /// The first that would go back, each as the change that undoing makes.
    pub rows: Vec<ChangeView>,
    /// The first of those that would be left, and why.
    pub refusals: Vec<(E164, Refusal)>,
}

impl Portal {
    /// What undoing an operation would do. Nothing is changed.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn undo_plan(&self, actor: &Actor, account: AccountId, version: Version) -> Result<UndoPlan> {
        actor.may_read(account)?;
        let row = self.store.operation(account, version).await?.ok_or(Error::NotFound(Noun::Operation))?;
        let operation = OperationView::new(row);
        let mut plan = UndoPlan {
            barred: operation.undo_barred(),
            operation,
            changes: 0,
            unchanged: 0,
            refused: 0,
            rows: Vec::new(),
            refusals: Vec::new(),
        };
        if plan.barred.is_some() {
            return Ok(plan);
        }
        let facts = self.facts(account).await?;
        let mut reading = Reading::Store(&self.store, account);
        let mut rounds = Rounds::of(version);
        while let Some(judged) = rounds.next(&mut reading, &facts.book).await? {
            for judged in judged {
                match &judged.verdict {
                    Verdict::Unchanged => plan.unchanged += 1,
                    Verdict::Refused(why) => {
                        plan.refused += 1;
                        if plan.refusals.len() < PLANNED_ROWS_MAX {
                            plan.refusals.push((judged.number, why.clone()));
                        }
                    }
                    Verdict::Becomes { .. } | Verdict::Leaves { .. } | Verdict::Returns { .. } => {
                        plan.changes += 1;
                        if plan.rows.len() < PLANNED_ROWS_MAX {
                            plan.rows.push(ChangeView::new(judged.undoing()));
                        }
                    }
                }
            }
        }
        Ok(plan)
    }

    /// Undoes an operation: whole, save what was changed after it, which stays as it is and is named in the result. If
    /// nothing is left to put back, nothing is written.
    ///
    /// # Errors
    /// [`Error::NotUndone`]; [`Error::BreaksCases`]; [`Error::NotFound`].
    pub async fn undo(
        &self,
        actor: &Actor,
        account: AccountId,
        version: Version,
        reason: Option<String>,
    ) -> Result<BulkResult> {
        actor.may_write(account)?;
        self.throttle.bulk(account, &actor.origin().address)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let row = tx.operation(version).await?.ok_or(Error::NotFound(Noun::Operation))?;
        let undone = OperationView::new(row);
        if let Some(why) = undone.undo_barred() {
            return Err(Error::NotUndone(why));
        }
        let book = Book::read_in(&mut tx, edges).await?;
        let mut result = BulkResult::none();
        let mut rounds = Rounds::of(version);
        while let Some(judged) = rounds.next(&mut Reading::Tx(&mut tx), &book).await? {
            let mut round = Round::default();
            for judged in judged {
                round.take(judged, &book, &mut result);
            }
            result.changed += round.changes.len() as u64;
            tx.update_dids(&round.updates).await?;
            tx.delete_dids(&round.releases).await?;
            tx.insert_dids(&round.adds).await?;
            tx.record(&round.changes).await?;
        }
        if result.changed > 0 {
            let done = Done {
                kind: OperationKind::Undo,
                about: &undone.about,
                reason: clean_reason(reason),
                changed: result.changed,
                unchanged: result.unchanged,
                refused: result.refused,
                refusals: &result.refusals,
            };
            let mut operation = done.by(actor, account);
            operation.details["undone"] = json!((version, undone.kind.as_str()));
            result.version = Some(commit(tx, operation, actor).await?);
        }
        Ok(result)
    }
}

impl OperationView {
    /// Why it cannot be undone at all, if so.
    pub fn undo_barred(&self) -> Option<NotUndone> {
        NotUndone::of(&self.kind)
    }
}

/// Walks the changes of an operation, some thousands in memory at a time.
struct Rounds {
    version: Version,
    from: u64,
}

impl Rounds {
    fn of(version: Version) -> Rounds {
        Rounds { version, from: 0 }
    }

    async fn next(&mut self, reading: &mut Reading<'_>, book: &Book) -> Result<Option<Vec<Judged>>> {
        let changes: Vec<ChangeRow> = reading.changes(self.version, self.from, BULK_CHUNK).await?;
        if changes.is_empty() {
            return Ok(None);
        }
        self.from += changes.len() as u64;
        judge(reading, book, changes).await.map(Some)
    }
}

/// What one round writes.
#[derive(Default)]
struct Round {
    updates: Vec<store::DidUpdate>,
    releases: Vec<routing::DidId>,
    adds: Vec<store::NewDid>,
    changes: Vec<store::NewChange>,
}

impl Round {
    fn take(&mut self, judged: Judged, book: &Book, result: &mut BulkResult) {
        let number = judged.number;
        let json = |kept: &dids::Kept| did_json(book, kept.alias.as_ref(), kept.routing);
        match judged.verdict {
            Verdict::Unchanged => result.unchanged += 1,
            Verdict::Refused(why) => result.refuse(number, why),
            Verdict::Becomes { id, now, then } => {
                self.changes.push(did_change(number, Some(json(&now)), Some(json(&then))));
                self.updates.push(then.update(id));
            }
            Verdict::Leaves { id, now } => {
                self.changes.push(did_change(number, Some(json(&now)), None));
                self.releases.push(id);
            }
            Verdict::Returns { then } => {
                self.changes.push(did_change(number, None, Some(json(&then))));
                self.adds.push(then.new_did(number));
            }
        }
    }
}
