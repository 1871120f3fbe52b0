//! One thing put back to how it was after a version: a DID, a route, a plan, a schedule. It is an undo of all that was
//! done to it since, and judged as one: what it would be again must still be possible.

use routing::{AccountId, RouteId, Snapshot, Version};
use store::{ChangeRow, Subject, UnixMs};

use crate::behaviour::{Behaviour, Extent, Moves};
use crate::book::Book;
use crate::cases::commit;
use crate::history::{AccountKept, Done, OperationKind};
use crate::labels::reason as clean_reason;
use crate::reading::Reading;
use crate::undo::{DidVerdict, Fate, Later, Which, World, judge_did, judge_thing, undoing, write};
use crate::{Actor, BrokenCase, ChangeView, Error, NotUndone, Noun, OperationView, Portal, Refusal, Result};

/// What restoring a thing would do, as of now.
#[derive(Clone, Debug)]
pub struct RestorePlan {
    /// What it is.
    pub subject: Subject,
    /// What it is called.
    pub label: String,
    /// What made the version that it would go back to.
    pub operation: OperationView,
    /// The account's version that was planned on.
    pub as_of: Version,
    /// What would come of it.
    pub outcome: RestoreOutcome,
    /// The configuration before and after, without DIDs: what names the routes of what follows.
    pub sides: [Snapshot; 2],
    /// What becomes of calls.
    pub behaviour: Behaviour,
    /// The moment for which calls were looked at.
    pub at: UnixMs,
    /// The saved cases that hold now and would not any more: restoring must be confirmed.
    pub broken_cases: Vec<BrokenCase>,
}

/// What would come of a thing that is restored.
#[derive(Clone, Debug)]
pub enum RestoreOutcome {
    /// It changes so.
    Changes(Box<ChangeView>),
    /// It is as it was then.
    Unchanged,
    /// It was not there then.
    NotThere,
    /// It stays as it is.
    Refused(Refusal),
}

impl Portal {
    /// What putting one thing back to how it was after a version would do. Nothing is changed.
    ///
    /// # Errors
    /// [`Error::NotFound`] also if the account never had that version.
    pub async fn restore_plan(
        &self,
        actor: &Actor,
        account: AccountId,
        subject: Subject,
        version: Version,
    ) -> Result<RestorePlan> {
        actor.may_read(account)?;
        let row = self.store.operation(account, version).await?.ok_or(Error::NotFound(Noun::Operation))?;
        let operation = OperationView::new(row);
        let facts = self.facts(account).await?;
        let mut reading = Reading::Store(&self.store, account);
        let now = facts.configuration();
        let mut plan = RestorePlan {
            subject,
            label: self.label_of(account, subject).await?.ok_or(Error::NotFound(noun(subject)))?,
            operation,
            as_of: facts.account.version,
            outcome: RestoreOutcome::Unchanged,
            sides: [now.clone(), now],
            behaviour: Behaviour::default(),
            at: UnixMs::now(),
            broken_cases: Vec::new(),
        };
        let Some(back) = way_back(&mut reading, subject, version).await? else { return Ok(plan) };
        if back.before.is_none() {
            plan.outcome = RestoreOutcome::NotThere;
            return Ok(plan);
        }
        let things = [back];
        let kept = AccountKept::of(&facts.account);
        let book = facts.book.clone();
        let mut world = World::read(&mut reading, book, kept, facts.account.version, &things).await?;
        let [back] = things;
        let mut forecast = self.forecast(&facts).await?;
        let mut moves = Moves::default();
        plan.outcome = match subject {
            Subject::Did(number) => match judge_did(&mut reading, &world.book, back.clone()).await? {
                DidVerdict::Unchanged => RestoreOutcome::Unchanged,
                DidVerdict::Refused(why) => RestoreOutcome::Refused(why),
                DidVerdict::Moves { from, to } => {
                    match from {
                        Some(from) => {
                            moves.add(from, to, number);
                            forecast.becomes(number, to);
                        }
                        None => forecast.returns(to.did(number)),
                    }
                    RestoreOutcome::Changes(Box::new(ChangeView::new(undoing(back))))
                }
            },
            _ => match judge_thing(&world, &Later::default(), &back) {
                Fate::Unchanged => RestoreOutcome::Unchanged,
                Fate::Refused(why) => RestoreOutcome::Refused(why),
                Fate::Moves(sides) => {
                    world.put(&Which::of(subject), sides.then);
                    forecast.configured(world.configuration(), &world.cases);
                    for group in self.store.groups(account, &Default::default()).await? {
                        moves.add_all(group.routing, group.routing, group.dids, group.example);
                    }
                    RestoreOutcome::Changes(Box::new(ChangeView::new(undoing(back))))
                }
            },
        };
        plan.sides[1] = world.configuration();
        let [before, after] = &plan.sides;
        let down: Vec<RouteId> = facts.marked_down(before.routes.iter().map(|route| route.id));
        let extent = Extent { with_unchanged: false, ..Extent::OF_A_PLAN };
        plan.behaviour = Behaviour::between([before, after], moves, plan.at, &down, extent);
        plan.broken_cases = forecast.broken();
        Ok(plan)
    }

    /// Puts one thing back to how it was after a version; as an operation of its own, whose version is answered.
    /// `as_of` is the account's version of the plan that was looked at.
    ///
    /// # Errors
    /// [`Error::NotUndone`] if somebody changed it since, or it cannot be; [`Error::BreaksCases`];
    /// [`Error::NotFound`].
    pub async fn restore(
        &self,
        actor: &Actor,
        account: AccountId,
        subject: Subject,
        (version, as_of): (Version, Version),
        reason: Option<String>,
    ) -> Result<Version> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        tx.operation(version).await?.ok_or(Error::NotFound(Noun::Operation))?;
        let mut reading = Reading::Tx(&mut tx);
        let back = way_back(&mut reading, subject, version).await?;
        let back =
            back.filter(|back| back.before.is_some()).ok_or(Error::NotUndone(NotUndone::NothingLeft))?;
        if back.version > as_of {
            return Err(Error::NotUndone(NotUndone::ChangedMeanwhile));
        }
        let label = back.label.clone();
        let book = Book::read_in(&mut tx, edges).await?;
        let (kept, next) = (AccountKept::of(tx.account()), tx.next_version());
        let things = [back];
        let world = World::read(&mut Reading::Tx(&mut tx), book, kept, next, &things).await?;
        let [back] = things;
        match subject {
            Subject::Did(_) => {
                let changed = crate::undo::write_did(&mut tx, &world.book, back).await?;
                if !changed {
                    return Err(Error::NotUndone(NotUndone::NothingLeft));
                }
            }
            _ => {
                let Fate::Moves(sides) = judge_thing(&world, &Later::default(), &back) else {
                    return Err(Error::NotUndone(NotUndone::NothingLeft));
                };
                let sides = (sides.now.as_ref(), sides.then.as_ref());
                let change = write(&mut tx, &world, &Which::of(subject), &label, sides).await?;
                tx.record(&change.into_iter().collect::<Vec<_>>()).await?;
            }
        }
        let done = Done { reason: clean_reason(reason), ..Done::one(OperationKind::Restore, &label) };
        let mut operation = done.by(actor, account);
        operation.details["restored"] = serde_json::json!(version);
        commit(tx, operation, actor).await
    }

    /// What a thing was called when it was last changed; `None` if it never was there.
    async fn label_of(&self, account: AccountId, subject: Subject) -> Result<Option<String>> {
        let span = (Version(-1), Version(i64::MAX));
        let rows = self.store.changes_among(account, &[subject].into(), span, 1).await?;
        Ok(rows.into_iter().next().map(|row| row.label))
    }
}

/// All that was done to a thing after a version, as one change from what it was then to what it is now. `None`: nothing.
async fn way_back(
    reading: &mut Reading<'_>,
    subject: Subject,
    version: Version,
) -> Result<Option<ChangeRow>> {
    let mut later = reading.later(&[subject].into(), version).await?;
    let Some(first) = later.pop() else { return Ok(None) };
    // Newest first: without others, the first change is the last.
    let before = first.before.clone();
    let newest = later.into_iter().next().unwrap_or(first);
    Ok(Some(ChangeRow { before, ..newest }))
}

fn noun(subject: Subject) -> Noun {
    match subject {
        Subject::Account => Noun::Account,
        Subject::Route(_) => Noun::Route,
        Subject::Did(_) => Noun::Did,
        Subject::Plan(_) => Noun::Plan,
        Subject::Schedule(_) => Noun::Schedule,
        Subject::Case(_) => Noun::Case,
        Subject::Finding => Noun::Finding,
        Subject::Person | Subject::User(_) => Noun::Person,
        Subject::Destination => Noun::Destination,
        Subject::Note => Noun::Note,
    }
}
