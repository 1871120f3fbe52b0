//! Inbound routes: where calls can go.

mod draft;

use std::collections::BTreeSet;

use routing::{
    AccountId, Destination, E164, Edge, Failover, Group, InboundRoute, PlanId, RouteId, RouteTarget, Version,
    limits::ROUTES_PER_ACCOUNT_MAX,
};
use store::{DidFilter, NewRoute, RouteFilter, RouteRow, RouteSort, Subject, Tx, Usage};

pub use draft::RouteDraft;
pub(crate) use draft::{answerer, answerer_name, read};

use crate::book::{Book, route_ref};
use crate::cases::commit;
use crate::history::{Done, OperationKind, route_change};
use crate::limits::IN_USE_FIRST;
use crate::{
    Actor, Conflict, Error, Field, FieldError, InUse, Noun, Portal, Problem, Result, RouteRef, RouteView,
};

/// Which routes, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouteQuery {
    /// Part of an alias or of a value; empty: all.
    pub q: String,
    /// The order.
    pub sort: RouteSort,
    /// The other way round.
    pub descending: bool,
}

/// What an edit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// How many DIDs it touches.
    pub dids: u64,
    /// Whether anything differs from before.
    pub changed: bool,
}

/// What a form for a route goes by.
#[derive(Clone, Debug)]
pub struct RouteGround {
    /// Our points of presence.
    pub edges: Vec<Edge>,
    /// Whose national numbers are understood, ISO code.
    pub country: String,
    /// Where routes to phone numbers may ring.
    pub allowed: Vec<Destination>,
}

/// Reading.
impl Portal {
    /// The account's routes that match. The built-in route comes first.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn routes(
        &self,
        actor: &Actor,
        account: AccountId,
        query: &RouteQuery,
    ) -> Result<Vec<RouteView>> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let usages = facts.usages(&self.store).await?;
        let usage = |row: &RouteRow| usages.get(&row.route.id).copied().unwrap_or_default();
        let q = Some(query.q.trim().to_owned()).filter(|q| !q.is_empty());
        let mut views = Vec::new();
        if let Some(built_in) = facts.book.get(RouteId::REGISTERED)
            && q.as_ref().is_none_or(|q| built_in.route.alias.as_str().contains(&q.to_lowercase()))
        {
            views.push(facts.book.view(built_in, usage(built_in)));
        }
        let filter = RouteFilter { q, sort: query.sort, descending: query.descending };
        let rows = facts.book.choices().filter(|row| row.route.id != RouteId::REGISTERED);
        let rows = filter.list(rows.map(|row| (row.clone(), usage(row))).collect());
        views.extend(rows.iter().map(|(row, usage)| facts.book.view(row, *usage)));
        Ok(views)
    }

    /// One route, the built-in one too.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn route(&self, actor: &Actor, account: AccountId, id: RouteId) -> Result<RouteView> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let row = facts.book.get(id).ok_or(Error::NotFound(Noun::Route))?;
        let usages = facts.usages(&self.store).await?;
        Ok(facts.book.view(row, usages.get(&id).copied().unwrap_or_default()))
    }

    /// Every route, for a drop-down: the built-in one, then the others by alias.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn route_choices(&self, actor: &Actor, account: AccountId) -> Result<Vec<RouteRef>> {
        actor.may_read(account)?;
        Ok(self.facts(account).await?.book.choices().map(route_ref).collect())
    }

    /// The first DIDs that use a route, how many do, and the failover plans that ring it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn route_users(&self, actor: &Actor, account: AccountId, id: RouteId) -> Result<InUse> {
        let view = self.route(actor, account, id).await?;
        let first = self.store.route_users(account, id, IN_USE_FIRST).await?;
        let facts = self.facts(account).await?;
        Ok(in_use(&facts.book, view.to_ref(), view.usage, first))
    }

    /// The DIDs and plans that keep a route from being deleted; `None` if it can be.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn route_in_use(
        &self,
        actor: &Actor,
        account: AccountId,
        id: RouteId,
    ) -> Result<Option<InUse>> {
        let users = self.route_users(actor, account, id).await?;
        Ok(Some(users).filter(|in_use| in_use.count > 0 || !in_use.plans.is_empty()))
    }

    /// What a form for a route goes by.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn route_ground(&self, actor: &Actor, account: AccountId) -> Result<RouteGround> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let book = &facts.book;
        Ok(RouteGround {
            edges: book.edges().to_vec(),
            country: facts.account.country.clone(),
            allowed: [book.home()].into_iter().chain(book.allowed().iter().copied()).collect(),
        })
    }
}

/// Writing.
impl Portal {
    /// What would be wrong with a draft; `id` is the route that it changes, if it is not a new one. Nothing is
    /// saved.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn check_route(
        &self,
        actor: &Actor,
        account: AccountId,
        id: Option<RouteId>,
        draft: &RouteDraft,
    ) -> Result<Vec<FieldError>> {
        actor.may_read(account)?;
        let usage = match id {
            Some(id) => self.route(actor, account, id).await?.usage,
            None => Usage::default(),
        };
        let facts = self.facts(account).await?;
        let mut reading = draft::read(draft, id, &facts.book);
        if let Some(target) = own_suspect(usage, reading.target.as_ref()) {
            let own = self.store.own_numbers(&facts.book.numbers_in([target])).await?;
            refuse_own(&mut reading, &facts.book, &own, usage);
        }
        Ok(reading.into_route(id.unwrap_or_default()).err().unwrap_or_default())
    }

    /// Adds a route.
    ///
    /// # Errors
    /// [`Error::Refused`] with every problem of the draft; [`Error::Limit`].
    pub async fn add_route(&self, actor: &Actor, account: AccountId, draft: &RouteDraft) -> Result<RouteId> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        if book.added_count() >= ROUTES_PER_ACCOUNT_MAX {
            return Err(Error::Limit { what: Noun::Route, max: ROUTES_PER_ACCOUNT_MAX as u64 });
        }
        let mut route =
            draft::read(draft, None, &book).into_route(RouteId::default()).map_err(Error::Refused)?;
        route.id = tx.insert_route(&new_route(&route)).await?;
        tx.record(&[route_change(&book, route.id, None, Some(&route))]).await?;
        let alias = route.alias.to_string();
        commit(tx, Done::one(OperationKind::AddRoute, &alias).by(actor, account), actor).await?;
        Ok(route.id)
    }

    /// Changes a route in place, for every DID that uses it. `as_of` is the version of the route, or of the
    /// account, that the form was filled from.
    ///
    /// # Errors
    /// [`Error::RouteConflict`] if somebody changed it since; [`Error::Refused`] with every problem of the draft;
    /// [`Error::BuiltIn`]; [`Error::NotFound`].
    pub async fn edit_route(
        &self,
        actor: &Actor,
        account: AccountId,
        id: RouteId,
        as_of: Version,
        draft: &RouteDraft,
    ) -> Result<Saved> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        let (row, usage) = unchanged_since(&mut tx, &book, id, as_of).await?;
        let mut reading = draft::read(draft, Some(id), &book);
        if let Some(target) = own_suspect(usage, reading.target.as_ref()) {
            let own = tx.own_numbers(&book.numbers_in([target])).await?;
            refuse_own(&mut reading, &book, &own, usage);
        }
        let route = reading.into_route(id).map_err(Error::Refused)?;
        let dids = touched(&mut tx, &book, id, usage).await?;
        if route == row.route {
            return Ok(Saved { dids, changed: false });
        }
        tx.update_route(&route).await?;
        tx.record(&[route_change(&book, id, Some(&row.route), Some(&route))]).await?;
        let alias = route.alias.to_string();
        commit(tx, Done::one(OperationKind::EditRoute, &alias).by(actor, account), actor).await?;
        Ok(Saved { dids, changed: true })
    }

    /// Deletes a route that no DID and no failover plan uses.
    ///
    /// # Errors
    /// [`Error::InUse`] with the DIDs and plans that do; [`Error::RouteConflict`]; [`Error::BuiltIn`]; [`Error::NotFound`].
    pub async fn delete_route(
        &self,
        actor: &Actor,
        account: AccountId,
        id: RouteId,
        as_of: Version,
    ) -> Result<()> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        let (row, usage) = unchanged_since(&mut tx, &book, id, as_of).await?;
        if usage.total() > 0 || usage.plans > 0 {
            let first = tx.route_users(id, IN_USE_FIRST).await?;
            return Err(Error::InUse(Box::new(in_use(&book, route_ref(&row), usage, first))));
        }
        tx.delete_route(id).await?;
        tx.record(&[route_change(&book, id, Some(&row.route), None)]).await?;
        let alias = row.route.alias.to_string();
        commit(tx, Done::one(OperationKind::DeleteRoute, &alias).by(actor, account), actor).await?;
        Ok(())
    }
}

/// The route, unless it is the built-in one or somebody changed it after `as_of`.
async fn unchanged_since(tx: &mut Tx, book: &Book, id: RouteId, as_of: Version) -> Result<(RouteRow, Usage)> {
    if id == RouteId::REGISTERED {
        return Err(Error::BuiltIn);
    }
    let (row, usage) = tx.route(id).await?.ok_or(Error::NotFound(Noun::Route))?;
    if row.version > as_of {
        let now = book.view(&row, usage);
        return Err(Error::RouteConflict(Conflict::since(tx, Subject::Route(id), as_of, now).await?));
    }
    Ok((row, usage))
}

fn in_use(book: &Book, route: RouteRef, usage: Usage, first: Vec<store::DidRow>) -> InUse {
    let first = first.into_iter().map(|row| (row.did.number, row.did.alias)).collect();
    let plans = book.plans_with(route.id).map(|row| row.plan.name.clone()).collect();
    InUse { route, first, count: usage.total(), plans }
}

/// How many DIDs a change of the route touches, those of plans that ring it included.
async fn touched(tx: &mut Tx, book: &Book, id: RouteId, usage: Usage) -> Result<u64> {
    if usage.plans == 0 {
        return Ok(usage.total());
    }
    let plans: BTreeSet<PlanId> = book.plans_with(id).map(|row| row.plan.id).collect();
    let rings = |group: &Group| {
        group.routing.primary == id
            || match group.routing.failover {
                Failover::None => false,
                Failover::Route(route) => route == id,
                Failover::Plan(plan) => plans.contains(&plan),
            }
    };
    let groups = tx.groups(&DidFilter::default()).await?;
    Ok(groups.iter().filter(|group| rings(group)).map(|group| group.dids).sum())
}

/// A target that must not lead back to us: that of a route which stands behind some primary, or in a plan.
fn own_suspect(usage: Usage, target: Option<&RouteTarget>) -> Option<&RouteTarget> {
    target.filter(|_| usage.failover > 0 || usage.plans > 0)
}

fn refuse_own(reading: &mut draft::Reading, book: &Book, own: &[E164], usage: Usage) {
    let own = own.iter().copied().collect();
    if let Some(why) = reading.target.as_ref().and_then(|target| book.barred(target, &own)) {
        reading.refuse(Field::Value, Problem::OwnDid { why, dids: usage.failover, plans: usage.plans });
    }
}

pub(crate) fn new_route(route: &InboundRoute) -> NewRoute {
    NewRoute {
        alias: route.alias.clone(),
        target: route.target.clone(),
        edge: route.edge,
        domains: route.domains.clone(),
    }
}
