//! The dry run of an import.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use routing::{AccountId, Version};
use store::{Draft, DraftId};

use super::outcome::ImportPlan;
use super::plan::{Judge, Numbers, Write};
use super::present::{Ground, Present};
use super::rows::Rows;
use super::shown::Shown;
use crate::cases::Forecast;
use crate::limits::IMPORT_PLANS_KEPT;
use crate::reading::Reading;
use crate::{Actor, Error, Noun, Portal, Result};

/// The latest plans, each of a file and of the account's version that it was held against: looking again at a million
/// rows does not judge them again.
#[derive(Debug, Default)]
pub(crate) struct Plans(Mutex<VecDeque<(DraftId, Version, Arc<ImportPlan>)>>);

impl Plans {
    fn find(&self, draft: DraftId, now: Version) -> Option<Arc<ImportPlan>> {
        let plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = plans.iter().find(|(id, version, _)| (*id, *version) == (draft, now));
        known.map(|(_, _, plan)| Arc::clone(plan))
    }

    fn keep(&self, draft: DraftId, now: Version, plan: &Arc<ImportPlan>) {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.retain(|(id, _, _)| *id != draft);
        plans.push_front((draft, now, Arc::clone(plan)));
        plans.truncate(IMPORT_PLANS_KEPT);
    }
}

impl Portal {
    /// The name of a staged file, and what it would do. Nothing is changed. What was edited or released since it was
    /// staged is shown as an error, however often the plan is looked at.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it was applied, or waited too long.
    pub async fn staged_import(
        &self,
        actor: &Actor,
        account: AccountId,
        id: &DraftId,
    ) -> Result<(String, Arc<ImportPlan>)> {
        actor.may_read(account)?;
        let draft = self.store.draft(account, *id).await?.ok_or(Error::NotFound(Noun::Draft))?;
        let now = self.facts(account).await?.account.version;
        let plan = match self.import_plans.find(*id, now) {
            Some(plan) => plan,
            None => self.plan_draft(account, &draft, draft.as_of).await?,
        };
        Ok((draft.name, plan))
    }

    /// Judges a staged file anew. What was edited after `as_of` is refused.
    pub(super) async fn plan_draft(
        &self,
        account: AccountId,
        draft: &Draft,
        as_of: Version,
    ) -> Result<Arc<ImportPlan>> {
        let facts = self.facts(account).await?;
        let now = facts.account.version;
        let editors = self.editors_since(account, as_of).await?;
        let mut reading = Reading::Store(&self.store, account);
        let ground = Ground::read(&mut reading, (&facts.book, now), (as_of, editors)).await?;
        let mut forecast = self.forecast(&facts).await?;
        let mut judge = Judge::new(&ground);
        let file = || Rows::of(&self.store, account, draft);
        let mut plan = look_through(file(), &mut reading, &ground, &mut judge, &mut forecast).await?;
        if let Some(own_rule) = judge.own_rule() {
            let mut judge = Judge::again(&ground, own_rule);
            plan = look_through(file(), &mut reading, &ground, &mut judge, &mut forecast).await?;
        }
        if plan.errors == 0 {
            plan.broken_cases = forecast.broken();
        }
        let plan = Arc::new(plan);
        if as_of == draft.as_of {
            self.import_plans.keep(draft.id, now, &plan);
        }
        Ok(plan)
    }
}

/// Walks through a file, and tells what each row would do.
async fn look_through(
    mut file: Rows<'_>,
    reading: &mut Reading<'_>,
    ground: &Ground<'_>,
    judge: &mut Judge<'_>,
    forecast: &mut Forecast,
) -> Result<ImportPlan> {
    let mut shown = Shown::default();
    while let Some(rows) = file.next().await? {
        let numbers = Numbers::read(&rows, ground.book);
        let present = Present::read(reading, &numbers, ground).await?;
        let verdicts = judge.judge(&rows, &numbers, &present);
        shown.take(&rows, &verdicts, ground.book);
        for write in verdicts.iter().flatten().flatten() {
            // A case of a number that is added does not hold before: it cannot be run.
            if let Write::Change(update) = write {
                forecast.becomes(update.now.number, update.routing);
            }
        }
    }
    Ok(shown.plan(file.columns(), ground.book, ground.as_of))
}
