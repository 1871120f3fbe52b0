//! The guard against toll fraud: in which countries an account's routes to phone numbers may ring.

use std::collections::BTreeMap;

use routing::{AccountId, Destination, RouteTarget};
use serde_json::json;
use store::{NewChange, Subject};

use crate::book::{Book, route_ref};
use crate::history::{Done, OperationKind};
use crate::{Actor, Error, Field, Forbidden, Noun, Portal, Problem, Result, RouteRef};

/// Where an account's routes to phone numbers may ring.
#[derive(Clone, Debug)]
pub struct Destinations {
    /// The account's own country: always.
    pub home: Destination,
    /// What somebody allowed beside it, by name.
    pub allowed: Vec<Allowed>,
    /// Routes that ring elsewhere: from before there was a guard, or before the account moved. They stay until their value
    /// is changed.
    pub elsewhere: Vec<(Destination, RouteRef)>,
    /// What can be allowed, by name; what is dear comes last.
    pub others: Vec<Destination>,
    /// Whether the asker may change any of it.
    pub manages: bool,
}

/// A destination that is allowed.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// Which.
    pub destination: Destination,
    /// The routes that ring there, by alias: while there are any, it stays allowed.
    pub routes: Vec<RouteRef>,
}

impl Portal {
    /// Where an account's routes to phone numbers may ring.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn destinations(&self, actor: &Actor, account: AccountId) -> Result<Destinations> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let book = &facts.book;
        let mut ringing = ringing(book);
        let mut allowed: Vec<Allowed> = book
            .allowed()
            .iter()
            .map(|destination| Allowed {
                destination: *destination,
                routes: ringing.remove(destination).unwrap_or_default(),
            })
            .collect();
        allowed.sort_by_key(|allowed| allowed.destination.name());
        ringing.remove(&book.home());
        let elsewhere = ringing
            .into_iter()
            .flat_map(|(destination, routes)| routes.into_iter().map(move |route| (destination, route)))
            .collect();
        let is_other = |other: &Destination| *other != book.home() && !book.allowed().contains(other);
        let mut others: Vec<Destination> = Destination::all().filter(is_other).collect();
        others.sort_by_key(|other| (other.is_dear(), other.name()));
        let manages = actor.may_manage(account).is_ok();
        Ok(Destinations { home: book.home(), allowed, elsewhere, others, manages })
    }

    /// Lets routes to phone numbers ring in one more country. It takes somebody who proved a short while ago who they
    /// are: an unattended browser must not do it.
    ///
    /// # Errors
    /// [`Error::Refused`] for one that there is not; [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn allow_destination(&self, actor: &Actor, account: AccountId, typed: &str) -> Result<()> {
        actor.may_open(account)?;
        let destination =
            typed.trim().parse().map_err(|_| Error::refused(Field::Country, Problem::UnknownCountry))?;
        let mut tx = self.store.begin(account).await?;
        let home = Destination::home(crate::facts::dialling(tx.account()));
        if destination == home || tx.destinations().await?.contains(&destination) {
            return Ok(());
        }
        tx.allow_destination(destination).await?;
        tx.record(&[destination_change(destination, true)]).await?;
        let done = Done::one(OperationKind::AllowDestination, destination.name());
        tx.commit(done.by(actor, account)).await?;
        Ok(())
    }

    /// Lets them ring there no more.
    ///
    /// # Errors
    /// [`Error::DestinationInUse`] while routes do; [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn forbid_destination(&self, actor: &Actor, account: AccountId, typed: &str) -> Result<()> {
        actor.may_manage(account)?;
        let destination: Destination =
            typed.trim().parse().map_err(|_| Error::NotFound(Noun::Destination))?;
        let edges = self.store.edges().await?;
        let mut tx = self.store.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        if let Some(routes) = ringing(&book).remove(&destination) {
            return Err(Error::DestinationInUse { destination, routes });
        }
        tx.forbid_destination(destination).await?;
        tx.record(&[destination_change(destination, false)]).await?;
        let done = Done::one(OperationKind::ForbidDestination, destination.name());
        tx.commit(done.by(actor, account)).await?;
        Ok(())
    }
}

impl Actor {
    /// Whether they may let calls of the account go where they could not.
    pub(crate) fn may_open(&self, account: AccountId) -> Result<()> {
        self.may_manage(account)?;
        if self.is_stale() { Err(Forbidden::Stale.into()) } else { Ok(()) }
    }
}

/// The routes to phone numbers, by alias, under all that must be allowed for them.
fn ringing(book: &Book) -> BTreeMap<Destination, Vec<RouteRef>> {
    let mut ringing: BTreeMap<Destination, Vec<RouteRef>> = BTreeMap::new();
    for row in book.choices() {
        if let RouteTarget::Phone(number) = row.route.target {
            for destination in Destination::all_of(number) {
                ringing.entry(destination).or_default().push(route_ref(row));
            }
        }
    }
    ringing
}

/// A destination that is allowed since, or no more.
pub(crate) fn destination_change(destination: Destination, allowed: bool) -> NewChange {
    let side = || Some(json!({ "destination": destination.to_string() }));
    let (before, after) = if allowed { (None, side()) } else { (side(), None) };
    NewChange::of(Subject::Destination, destination.name(), before, after)
}
