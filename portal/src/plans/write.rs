//! Failover plans are added, changed and deleted.

use std::collections::BTreeSet;

use routing::{
    AccountId, E164, FailoverPlan, PlanDraft, PlanId, PlanPlace, PlanProblem, RouteId, RouteTarget, Version,
    limits::PLANS_PER_ACCOUNT_MAX,
};
use store::{NewPlan, PlanRow, Subject, Tx};

use super::{PlanFindings, PlanView};
use crate::book::{Against, Book};
use crate::cases::commit;
use crate::history::{Done, OperationKind, plan_change};
use crate::limits::IN_USE_FIRST;
use crate::{Actor, Conflict, Error, Noun, PlanInUse, Portal, Result, Saved};

impl Portal {
    /// Adds a failover plan.
    ///
    /// # Errors
    /// [`Error::PlanRefused`] with every problem of the draft; [`Error::Limit`]; [`Error::NotFound`].
    pub async fn add_plan(&self, actor: &Actor, account: AccountId, draft: &PlanDraft) -> Result<PlanId> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        if book.plans().count() >= PLANS_PER_ACCOUNT_MAX {
            return Err(Error::Limit { what: Noun::Plan, max: PLANS_PER_ACCOUNT_MAX as u64 });
        }
        let own = tx.own_numbers(&book.numbers_in(targets(draft, &book))).await?;
        let mut plan = read(draft, PlanId::default(), &book, own)?;
        plan.id = tx.insert_plan(&NewPlan { name: plan.name.clone(), steps: plan.steps.clone() }).await?;
        tx.record(&[plan_change(&book, plan.id, None, Some(&plan))]).await?;
        let name = plan.name.to_string();
        commit(tx, Done::one(OperationKind::AddPlan, &name).by(actor, account), actor).await?;
        Ok(plan.id)
    }

    /// Changes a failover plan in place, for every DID that has it. `as_of` is the version of the plan, or of the
    /// account, that the form was filled from.
    ///
    /// # Errors
    /// [`Error::PlanConflict`] if somebody changed it since; [`Error::PlanRefused`] with every problem of the draft;
    /// [`Error::NotFound`].
    pub async fn edit_plan(
        &self,
        actor: &Actor,
        account: AccountId,
        id: PlanId,
        as_of: Version,
        draft: &PlanDraft,
    ) -> Result<Saved> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        let (row, dids) = unchanged_since(&mut tx, &book, id, as_of).await?;
        let own = tx.own_numbers(&book.numbers_in(targets(draft, &book))).await?;
        let plan = read(draft, id, &book, own)?;
        if plan == row.plan {
            return Ok(Saved { dids, changed: false });
        }
        tx.update_plan(&plan).await?;
        tx.record(&[plan_change(&book, id, Some(&row.plan), Some(&plan))]).await?;
        let name = plan.name.to_string();
        commit(tx, Done::one(OperationKind::EditPlan, &name).by(actor, account), actor).await?;
        Ok(Saved { dids, changed: true })
    }

    /// Deletes a failover plan that no DID has.
    ///
    /// # Errors
    /// [`Error::PlanInUse`] with the DIDs that do; [`Error::PlanConflict`]; [`Error::NotFound`].
    pub async fn delete_plan(
        &self,
        actor: &Actor,
        account: AccountId,
        id: PlanId,
        as_of: Version,
    ) -> Result<()> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        let (row, count) = unchanged_since(&mut tx, &book, id, as_of).await?;
        if count > 0 {
            let first = tx.plan_users(id, IN_USE_FIRST).await?;
            let first = first.into_iter().map(|row| (row.did.number, row.did.alias)).collect();
            let plan = book.plan_ref_of(&row.plan);
            return Err(Error::PlanInUse(Box::new(PlanInUse { plan, first, count })));
        }
        tx.delete_plan(id).await?;
        tx.record(&[plan_change(&book, id, Some(&row.plan), None)]).await?;
        let name = row.plan.name.to_string();
        commit(tx, Done::one(OperationKind::DeletePlan, &name).by(actor, account), actor).await?;
        Ok(())
    }
}

/// The plan, unless somebody changed it after `as_of`.
async fn unchanged_since(tx: &mut Tx, book: &Book, id: PlanId, as_of: Version) -> Result<(PlanRow, u64)> {
    let (row, dids) = tx.plan(id).await?.ok_or(Error::NotFound(Noun::Plan))?;
    if row.version > as_of {
        let now = PlanView::new(book, row, dids, PlanFindings::default());
        return Err(Error::PlanConflict(Conflict::since(tx, Subject::Plan(id), as_of, now).await?));
    }
    Ok((row, dids))
}

/// The targets of the routes that a draft names, as far as they are the account's.
fn targets<'a>(draft: &PlanDraft, book: &'a Book) -> Vec<&'a RouteTarget> {
    let typed = draft.steps.iter().flat_map(|step| &step.routes).map(|route| route.route.trim());
    let named: BTreeSet<RouteId> = typed.filter_map(|id| id.parse().ok().map(RouteId)).collect();
    named.into_iter().filter_map(|id| Some(&book.get(id)?.route.target)).collect()
}

/// What a draft amounts to, or every problem of it, in the order of the form.
fn read(draft: &PlanDraft, id: PlanId, book: &Book, own: Vec<E164>) -> Result<FailoverPlan> {
    let mut reading = draft.read(&Against { book, own: own.into_iter().collect() });
    let taken = reading.name.as_ref().and_then(|name| book.find_plan(name));
    if taken.is_some_and(|other| other.plan.id != id) {
        let error = routing::PlanError { place: PlanPlace::Name, problem: PlanProblem::NameTaken };
        reading.errors.insert(0, error);
    }
    match reading.name {
        Some(name) if reading.errors.is_empty() => Ok(FailoverPlan { id, name, steps: reading.steps }),
        _ => Err(Error::PlanRefused(reading.errors)),
    }
}
