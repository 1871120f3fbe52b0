//! What undoing an operation would do, as of now: judged in memory, by the functions that judge it when it is done.

use routing::{AccountId, E164, Version};
use store::ChangeRow;

use super::dids::Verdict;
use super::things::{Fate, Later, in_order, judge, subjects};
use super::{Left, NotUndone, Rounds, UndoResult, Which, World, undoing};
use crate::history::AccountKept;
use crate::limits::PLANNED_ROWS_MAX;
use crate::reading::Reading;
use crate::{Actor, BrokenCase, ChangeView, Error, Noun, OperationView, Portal, Refusal, Result};

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
    /// The first of the DIDs that would be left, and why.
    pub refusals: Vec<(E164, Refusal)>,
    /// The first of the other things that would be left.
    pub left: Vec<Left>,
    /// The saved cases that hold now and would not any more: undoing must be confirmed.
    pub broken_cases: Vec<BrokenCase>,
}

impl Portal {
    /// What undoing an operation would do. Nothing is changed.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn undo_plan(&self, actor: &Actor, account: AccountId, version: Version) -> Result<UndoPlan> {
        actor.may_read(account)?;
        let row = self.store.operation(account, version).await?.ok_or(Error::NotFound(Noun::Operation))?;
        let mut operation = OperationView::new(row);
        self.tell_undone(account, std::slice::from_mut(&mut operation)).await?;
        let barred = operation.undo_barred();
        let mut walk = UndoResult::default();
        let mut plan = UndoPlan {
            operation,
            barred,
            changes: 0,
            unchanged: 0,
            refused: 0,
            rows: Vec::new(),
            refusals: Vec::new(),
            left: Vec::new(),
            broken_cases: Vec::new(),
        };
        if plan.barred.is_some() {
            return Ok(plan);
        }
        let facts = self.facts(account).await?;
        let mut forecast = self.forecast(&facts).await?;
        let mut reading = Reading::Store(&self.store, account);
        let things = reading.things(version).await?;
        let kept = AccountKept::of(&facts.account);
        let book = facts.book.clone();
        let mut world = World::read(&mut reading, book, kept, facts.account.version, &things).await?;
        let later = Later::new(reading.later(&subjects(&things), version).await?);
        let (stay, leave) = in_order(things);
        let put_back =
            |world: &mut World, changes: Vec<ChangeRow>, plan: &mut UndoPlan, walk: &mut UndoResult| {
                for change in changes {
                    match judge(world, &later, &change) {
                        Fate::Unchanged => plan.unchanged += 1,
                        Fate::Refused(why) => walk.leave(&change, why),
                        Fate::Moves(sides) => {
                            world.put(&Which::changed_by(&change), sides.then);
                            plan.goes_back(undoing(change));
                        }
                    }
                }
            };
        put_back(&mut world, stay, &mut plan, &mut walk);
        let mut rounds = Rounds::of(&self.store, account, version);
        while let Some(judged) = rounds.next(&world.book).await? {
            for judged in judged {
                let number = judged.number;
                judged.moves(&mut world);
                match &judged.verdict {
                    Verdict::Unchanged => plan.unchanged += 1,
                    Verdict::Refused(why) => walk.refuse(number, why.clone()),
                    Verdict::Becomes { then, .. } => forecast.becomes(number, then.routing),
                    Verdict::Leaves { .. } => forecast.leaves(number),
                    Verdict::Returns { then } => forecast.returns(then.routing.did(number)),
                }
                if judged.is_change() {
                    plan.goes_back(judged.undoing());
                }
            }
        }
        put_back(&mut world, leave, &mut plan, &mut walk);
        forecast.configured(world.configuration(), &world.cases);
        plan.broken_cases = forecast.broken();
        walk.refusals.truncate(PLANNED_ROWS_MAX);
        walk.left.truncate(PLANNED_ROWS_MAX);
        Ok(UndoPlan { refused: walk.refused, refusals: walk.refusals, left: walk.left, ..plan })
    }
}

impl UndoPlan {
    fn goes_back(&mut self, undoing: ChangeRow) {
        self.changes += 1;
        if self.rows.len() < PLANNED_ROWS_MAX {
            self.rows.push(ChangeView::new(undoing));
        }
    }
}
