//! Failover plans: what is tried, step by step, when a primary route fails.

mod desk;
mod findings;
mod write;

use routing::{AccountId, FailoverPlan, Millis, PlanId, PlanPlace, Version};
use store::{DidFilter, PlanRow, Subject};

pub use desk::PlanDesk;
pub(crate) use findings::PlanFindings;

use crate::book::Book;
use crate::limits::{DID_CHANGES, IN_USE_FIRST};
use crate::{Actor, ChangeView, DidRow, Error, Finding, Noun, PlanRef, Portal, Result};

/// A failover plan with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanView {
    /// The plan.
    pub plan: FailoverPlan,
    /// The account's version at which it last changed: the `as_of` of an edit.
    pub version: Version,
    /// How many DIDs have it as their failover.
    pub dids: u64,
    /// Its name, and those of its routes.
    pub to_ref: PlanRef,
    /// The longest that walking it can take, whatever its hours and triggers.
    pub worst_case_ms: Millis,
    /// What is wrong with it, with the DIDs that have it and with the routes that it rings. On the page of a DID, only
    /// what concerns that one; after a conflict, nothing is looked for. The worst come first; of very many, the first.
    pub findings: Vec<Finding>,
    /// How many findings there are that nobody accepted.
    pub open: u64,
    /// How many there are that somebody accepted.
    pub accepted: u64,
}

/// All about a failover plan.
#[derive(Clone, Debug)]
pub struct PlanPage {
    /// The plan.
    pub view: PlanView,
    /// The first DIDs that have it as their failover, by number.
    pub users: Vec<DidRow>,
    /// What was changed of it, newest first.
    pub changes: Vec<ChangeView>,
    /// What its editor needs.
    pub desk: PlanDesk,
}

impl PlanView {
    pub(crate) fn new(book: &Book, row: PlanRow, dids: u64, found: PlanFindings) -> PlanView {
        PlanView {
            findings: found.first,
            open: found.open,
            accepted: found.accepted,
            to_ref: book.plan_ref_of(&row.plan),
            worst_case_ms: row.plan.worst_case_ms(),
            version: row.version,
            plan: row.plan,
            dids,
        }
    }
}

impl Portal {
    /// The account's failover plans by name.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn plans(&self, actor: &Actor, account: AccountId) -> Result<Vec<PlanView>> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let rows = self.store.plans(account).await?;
        let mut found = self.found(&facts).await?.by_plan(&facts.book);
        let view = |(row, dids): (PlanRow, u64)| {
            let findings = found.remove(&row.plan.id).unwrap_or_default();
            PlanView::new(&facts.book, row, dids, findings)
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Every plan by name, for a drop-down: nothing is looked for in them.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn plan_choices(&self, actor: &Actor, account: AccountId) -> Result<Vec<PlanRef>> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        Ok(facts.book.plans().map(|row| facts.book.plan_ref_of(&row.plan)).collect())
    }

    /// One failover plan.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn plan(&self, actor: &Actor, account: AccountId, id: PlanId) -> Result<PlanPage> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let (row, dids) = self.store.plan(account, id).await?.ok_or(Error::NotFound(Noun::Plan))?;
        let users = self.store.plan_users(account, id, IN_USE_FIRST).await?;
        let changes = self.store.changes_for(account, Subject::Plan(id), DID_CHANGES).await?;
        let desk = self.desk_of(&facts, Some(id)).await?;
        let groups =
            self.store.groups(account, &DidFilter { plan: Some(id), ..DidFilter::default() }).await?;
        let mut found = self.found_among(&facts, &groups).await?.by_plan(&facts.book);
        Ok(PlanPage {
            view: PlanView::new(&facts.book, row, dids, found.remove(&id).unwrap_or_default()),
            users: users.into_iter().map(|row| facts.book.did_row(row)).collect(),
            changes: changes.into_iter().map(ChangeView::new).collect(),
            desk,
        })
    }

    /// What the editor needs for a new failover plan.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn plan_desk(&self, actor: &Actor, account: AccountId) -> Result<PlanDesk> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        self.desk_of(&facts, None).await
    }
}

/// A field of a plan as an account file and a terminal name it: `steps[0].routes[1]`.
pub(crate) fn place(place: PlanPlace) -> String {
    match place {
        PlanPlace::Name => "name".to_owned(),
        PlanPlace::Steps => "steps".to_owned(),
        PlanPlace::Routes(step) => format!("steps[{step}].routes"),
        PlanPlace::Route(step, route) => format!("steps[{step}].routes[{route}]"),
        PlanPlace::Weight(step, route) => format!("steps[{step}].weights[{route}]"),
        PlanPlace::EnterOn(step) => format!("steps[{step}].enter_on"),
        PlanPlace::Hours(step) => format!("steps[{step}].hours"),
        PlanPlace::NoResponse(step) => format!("steps[{step}].no_response_ms"),
        PlanPlace::Ring(step) => format!("steps[{step}].ring_ms"),
        PlanPlace::Stagger(step) => format!("steps[{step}].stagger_ms"),
    }
}
