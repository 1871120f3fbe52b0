//! What a DID can be routed to.

use std::collections::BTreeSet;

use routing::{AccountId, E164, OwnDid};
use store::RouteRow;

use crate::book::{Book, route_ref};
use crate::{Actor, PlanRef, Portal, Result, RouteRef};

/// The routes and the failover plans of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Every route: the built-in one, then the others by alias.
    pub routes: Vec<Choice>,
    /// Every plan, by name.
    pub plans: Vec<PlanChoice>,
}

/// A route to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The route.
    pub route: RouteRef,
    /// How it leads back to us, and so why it cannot be a failover.
    pub barred: Option<OwnDid>,
}

/// A failover plan to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanChoice {
    /// The plan.
    pub plan: PlanRef,
    /// Why it cannot be a failover now, though it could when it was saved.
    pub barred: Option<OwnDid>,
}

impl Portal {
    /// What the DIDs of an account can be routed to.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn did_choices(&self, actor: &Actor, account: AccountId) -> Result<Choices> {
        actor.may_read(account)?;
        self.choices(&self.facts(account).await?.book).await
    }

    pub(crate) async fn choices(&self, book: &Book) -> Result<Choices> {
        let numbers = book.numbers_in(book.added().map(|row| &row.route.target));
        let own: BTreeSet<E164> = self.store.own_numbers(&numbers).await?.into_iter().collect();
        let route =
            |row: &RouteRow| Choice { route: route_ref(row), barred: book.barred(&row.route.target, &own) };
        let plan = |row: &store::PlanRow| PlanChoice {
            barred: book.plan_barred(&row.plan, &own),
            plan: book.plan_ref_of(&row.plan),
        };
        Ok(Choices { routes: book.choices().map(route).collect(), plans: book.plans().map(plan).collect() })
    }
}
