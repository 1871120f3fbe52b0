//! An account's routes, plans and schedules by id and by name, for turning ids into names and back without a query
//! per row.

mod plans;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use routing::{
    Alias, Destination, Dialling, Domains, E164, Edge, Group, HealthState, InboundRoute, OwnDid, PlanId,
    RouteId, RouteTarget, Routing, ScheduleId, Version, own_did,
};
use store::{Account, PlanRow, RouteRow, ScheduleRow, Store, Tx, Usage};

pub(crate) use plans::Against;

use crate::facts::dialling;
use crate::{DidRow, DidState, Result, RouteRef, RouteView};

static BUILT_IN: LazyLock<RouteRow> = LazyLock::new(|| RouteRow {
    route: InboundRoute {
        id: RouteId::REGISTERED,
        alias: Alias::parse("sip-reg").expect("a constant that is an alias"),
        target: RouteTarget::Registered,
        edge: None,
        domains: Domains::default(),
    },
    version: Version(0),
    health: HealthState::Unknown,
    health_since: None,
});

/// An account's routes, the built-in one included, its plans and schedules, and what is needed to judge them.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    routes: BTreeMap<RouteId, RouteRow>,
    by_alias: BTreeMap<String, RouteId>,
    plans: BTreeMap<PlanId, PlanRow>,
    plans_by_name: BTreeMap<String, PlanId>,
    schedules: BTreeMap<ScheduleId, ScheduleRow>,
    schedules_by_name: BTreeMap<String, ScheduleId>,
    edges: Vec<Edge>,
    dialling: Dialling,
    /// Where routes to phone numbers may ring, beside the account's own country.
    allowed: BTreeSet<Destination>,
}

impl Book {
    pub(crate) fn new(rows: Vec<RouteRow>, edges: Vec<Edge>, dialling: Dialling) -> Book {
        let mut book = Book {
            routes: BTreeMap::new(),
            by_alias: BTreeMap::new(),
            plans: BTreeMap::new(),
            plans_by_name: BTreeMap::new(),
            schedules: BTreeMap::new(),
            schedules_by_name: BTreeMap::new(),
            edges,
            dialling,
            allowed: BTreeSet::new(),
        };
        book.add(BUILT_IN.clone());
        rows.into_iter().for_each(|row| book.add(row));
        book
    }

    pub(crate) async fn read(store: &Store, account: &Account) -> Result<Book> {
        let routes = store.route_choices(account.id).await?;
        let allowed = store.destinations(account.id).await?;
        let book = Book::new(routes, store.edges().await?, dialling(account)).allowing(allowed);
        let schedules = store.schedules(account.id).await?;
        Ok(book.with_plans(store.plan_choices(account.id).await?, schedules))
    }

    /// The edges come from before the transaction: one that holds a connection must not wait for a second.
    pub(crate) async fn read_in(tx: &mut Tx, edges: Vec<Edge>) -> Result<Book> {
        let book = Book::new(tx.route_choices().await?, edges, dialling(tx.account()));
        let book = book.allowing(tx.destinations().await?);
        let schedules = tx.schedules().await?;
        Ok(book.with_plans(tx.plan_choices().await?, schedules))
    }

    fn with_plans(mut self, plans: Vec<PlanRow>, schedules: Vec<(ScheduleRow, u64)>) -> Book {
        schedules.into_iter().for_each(|(row, _)| self.add_schedule(row));
        plans.into_iter().for_each(|row| self.add_plan(row));
        self
    }

    /// The same, with numbers read by other habits.
    pub(crate) fn dialled(mut self, dialling: Dialling) -> Book {
        self.dial_as(dialling);
        self
    }

    /// The account is at home elsewhere.
    pub(crate) fn dial_as(&mut self, dialling: Dialling) {
        self.dialling = dialling;
    }

    /// The same, with these destinations allowed.
    fn allowing(self, allowed: BTreeSet<Destination>) -> Book {
        Book { allowed, ..self }
    }

    pub(crate) fn allow(&mut self, destination: Destination) {
        self.allowed.insert(destination);
    }

    /// Where routes to phone numbers may ring, beside the account's own country.
    pub(crate) fn allowed(&self) -> &BTreeSet<Destination> {
        &self.allowed
    }

    /// The account's own country.
    pub(crate) fn home(&self) -> Destination {
        Destination::home(self.dialling)
    }

    /// What would have to be allowed for a route to ring there, a phone number or one at our own edges. One that rings there
    /// already stays.
    pub(crate) fn not_allowed(&self, id: Option<RouteId>, target: &RouteTarget) -> Option<Destination> {
        if id.and_then(|id| self.get(id)).is_some_and(|now| now.route.target == *target) {
            return None;
        }
        // What is sent to one of our own edges is dialled there, whoever's host it looks like.
        let dialled = match target {
            RouteTarget::Phone(number) => vec![*number],
            _ => match own_did::find(target, &self.edges, &self.dialling, |_| false) {
                Some(OwnDid::OwnEdge { .. }) => self.numbers_in([target]),
                _ => Vec::new(),
            },
        };
        dialled
            .into_iter()
            .flat_map(Destination::all_of)
            .find(|where_to| *where_to != self.home() && !self.allowed.contains(where_to))
    }

    pub(crate) fn add(&mut self, row: RouteRow) {
        if let Some(old) = self.routes.get(&row.route.id) {
            self.by_alias.remove(&old.route.alias.fold());
        }
        self.by_alias.insert(row.route.alias.fold(), row.route.id);
        self.routes.insert(row.route.id, row);
    }

    pub(crate) fn remove(&mut self, id: RouteId) {
        if let Some(row) = self.routes.remove(&id) {
            self.by_alias.remove(&row.route.alias.fold());
        }
    }

    pub(crate) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    pub(crate) fn edge(&self, route: &InboundRoute) -> Option<&Edge> {
        self.edges.iter().find(|edge| Some(edge.id) == route.edge)
    }

    pub(crate) fn dialling(&self) -> &Dialling {
        &self.dialling
    }

    pub(crate) fn get(&self, id: RouteId) -> Option<&RouteRow> {
        self.routes.get(&id)
    }

    /// The route of this alias, without regard to case.
    pub(crate) fn find(&self, alias: &Alias) -> Option<&RouteRow> {
        self.by_alias.get(&alias.fold()).and_then(|id| self.routes.get(id))
    }

    /// Routes that somebody added.
    pub(crate) fn added(&self) -> impl Iterator<Item = &RouteRow> {
        self.routes.values().filter(|row| row.route.id != RouteId::REGISTERED)
    }

    /// How many somebody added.
    pub(crate) fn added_count(&self) -> usize {
        self.routes.len() - 1
    }

    /// The built-in route, then the others by alias.
    pub(crate) fn choices(&self) -> impl Iterator<Item = &RouteRow> {
        let others = self.by_alias.values().filter(|id| **id != RouteId::REGISTERED);
        std::iter::once(&*BUILT_IN).chain(others.filter_map(|id| self.routes.get(id)))
    }

    /// The aliases under the key by which they compare.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = (&str, &Alias)> {
        self.by_alias
            .iter()
            .filter_map(|(key, id)| self.routes.get(id).map(|row| (key.as_str(), &row.route.alias)))
    }

    /// A route's alias, borrowed where it can be: a bulk action asks for hundreds of thousands.
    pub(crate) fn alias(&self, id: RouteId) -> Cow<'_, Alias> {
        self.routes
            .get(&id)
            .map_or_else(|| Cow::Owned(unknown(id).alias), |row| Cow::Borrowed(&row.route.alias))
    }

    /// A route's name. A DID read a moment before its route was renamed or left is still named.
    pub(crate) fn route_ref(&self, id: RouteId) -> RouteRef {
        self.routes.get(&id).map_or_else(|| unknown(id), route_ref)
    }

    pub(crate) fn did_row(&self, row: store::DidRow) -> DidRow {
        DidRow {
            number: row.did.number,
            primary: self.route_ref(row.did.primary),
            failover: self.failover_ref(row.did.failover),
            weights: row.did.weights,
            alias: row.did.alias,
            version: row.version,
            changed_at: row.changed_at,
        }
    }

    pub(crate) fn did_state(&self, alias: Option<Alias>, routing: Routing) -> DidState {
        DidState {
            alias,
            primary: self.route_ref(routing.primary),
            failover: self.failover_ref(routing.failover),
            weights: routing.weights,
        }
    }

    pub(crate) fn view(&self, row: &RouteRow, usage: Usage) -> RouteView {
        RouteView {
            route: row.route.clone(),
            version: row.version,
            health: row.health,
            health_since: row.health_since,
            usage,
            edge: self.edge(&row.route).cloned(),
            cautions: row.route.target.cautions(),
        }
    }

    /// How a target leads back to us, `own` being numbers of the installation.
    pub(crate) fn barred(&self, target: &RouteTarget, own: &BTreeSet<E164>) -> Option<OwnDid> {
        own_did::find(target, &self.edges, &self.dialling, |number| own.contains(&number))
    }

    /// Every number that a target may amount to, for looking them up before [`Book::barred`] is asked.
    pub(crate) fn numbers_in<'a>(&self, targets: impl IntoIterator<Item = &'a RouteTarget>) -> Vec<E164> {
        let numbers = std::cell::RefCell::new(BTreeSet::new());
        for target in targets {
            own_did::find(target, &self.edges, &self.dialling, |number| {
                numbers.borrow_mut().insert(number);
                false
            });
        }
        numbers.into_inner().into_iter().collect()
    }
}

pub(crate) fn route_ref(row: &RouteRow) -> RouteRef {
    RouteRef {
        id: row.route.id,
        alias: row.route.alias.clone(),
        kind: row.route.target.kind(),
        health: row.health,
    }
}

fn unknown(id: RouteId) -> RouteRef {
    let built_in = &BUILT_IN.route;
    RouteRef {
        id,
        alias: Alias::parse(&format!("route {id}")).unwrap_or_else(|_| built_in.alias.clone()),
        kind: built_in.target.kind(),
        health: HealthState::Unknown,
    }
}

/// How many DIDs use each route themselves, and how many plans, from the groups of an account.
pub(crate) fn usage_of(groups: &[Group], book: &Book) -> HashMap<RouteId, Usage> {
    let mut usage: HashMap<RouteId, Usage> = HashMap::new();
    for group in groups {
        usage.entry(group.routing.primary).or_default().primary += group.dids;
        if let Some(failover) = group.routing.failover.route() {
            usage.entry(failover).or_default().failover += group.dids;
        }
    }
    for row in book.plans() {
        let routes: BTreeSet<RouteId> = row.plan.routes().collect();
        for route in routes {
            usage.entry(route).or_default().plans += 1;
        }
    }
    usage
}
