//! What most pages need of an account, kept in memory for as long as its version stays the same: a page of DIDs
//! must not read thousands of routes again and again.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use routing::{
    AccountId, CallingCode, Defaults, Dialling, Failover, FailoverPlan, Group, RouteId, Snapshot, Version,
};
use store::{Account, DidFilter, Store, Usage};

use crate::book::{Book, usage_of};
use crate::limits::{GROUPS_KEPT_MAX, SURVEY_PLANS_MAX, SURVEY_ROUTES_MAX};
use crate::{Error, Noun, Result, zones};

/// An account at one version.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) account: Account,
    pub(crate) book: Book,
    totals: OnceLock<Totals>,
    groups: OnceLock<Arc<[Group]>>,
    usages: OnceLock<Arc<HashMap<RouteId, Usage>>>,
}

/// How many DIDs there are, and of which countries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) dids: u64,
    pub(crate) codes: Vec<(CallingCode, u64)>,
}

impl Totals {
    /// How many match, where that is known: all, none because there are none, and those of a calling code.
    pub(crate) fn of(&self, filter: &DidFilter) -> Option<u64> {
        if self.dids == 0 || filter.is_all() {
            return Some(self.dids);
        }
        let calling_code = filter.calling_code?;
        let only = DidFilter { calling_code: Some(calling_code), ..DidFilter::default() };
        let found = self.codes.iter().find(|(code, _)| code.code == calling_code);
        (*filter == only).then(|| found.map_or(0, |(_, dids)| *dids))
    }
}

/// The latest facts of each account. Every answer is checked against the version in the database, so that other
/// servers on the same database are seen at once.
#[derive(Debug, Default)]
pub(crate) struct Cache(Mutex<HashMap<AccountId, Arc<Facts>>>);

impl Cache {
    pub(crate) async fn facts(&self, store: &Store, id: AccountId) -> Result<Arc<Facts>> {
        // The version is read first: what is read after it is at least as new.
        let account = store.account(id).await?.ok_or(Error::NotFound(Noun::Account))?;
        if let Some(known) = self.known(id)
            && known.account.version == account.version
        {
            return Ok(known);
        }
        let book = Book::read(store, &account).await?;
        let (totals, groups, usages) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let facts = Arc::new(Facts { account, book, totals, groups, usages });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&facts));
        Ok(facts)
    }

    fn known(&self, id: AccountId) -> Option<Arc<Facts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }
}

impl Facts {
    /// The configuration without its DIDs, for a preview. It travels in the page, so that of very many routes or
    /// plans only those come along that `used` asks for.
    pub(crate) fn snapshot(&self, used: impl Fn(Failover) -> bool) -> Snapshot {
        let mut snapshot = self.configuration();
        if snapshot.plans.len() > SURVEY_PLANS_MAX {
            snapshot.plans.retain(|plan| used(Failover::Plan(plan.id)));
        }
        if snapshot.routes.len() > SURVEY_ROUTES_MAX {
            let plans = snapshot.plans.iter().filter(|plan| used(Failover::Plan(plan.id)));
            let in_plans: BTreeSet<RouteId> = plans.flat_map(FailoverPlan::routes).collect();
            let wanted = |id: RouteId| in_plans.contains(&id) || used(Failover::Route(id));
            snapshot.routes.retain(|route| wanted(route.id));
        }
        snapshot
    }

    /// The whole configuration without its DIDs.
    pub(crate) fn configuration(&self) -> Snapshot {
        configuration(&self.book, self.account.version, &self.account.defaults)
    }

    /// Those of the routes that are marked down.
    pub(crate) fn marked_down(&self, routes: impl IntoIterator<Item = RouteId>) -> Vec<RouteId> {
        let is_down = |id: &RouteId| self.book.get(*id).is_some_and(|row| row.health.is_down());
        let down: BTreeSet<RouteId> = routes.into_iter().filter(is_down).collect();
        down.into_iter().collect()
    }

    pub(crate) async fn totals(&self, store: &Store) -> Result<Totals> {
        if let Some(totals) = self.totals.get() {
            return Ok(totals.clone());
        }
        let counted = store.calling_codes(self.account.id).await?;
        let dids = counted.iter().map(|(_, dids)| dids).sum();
        let codes = counted
            .into_iter()
            .map(|(code, dids)| {
                (CallingCode::of(code).unwrap_or(CallingCode { code, name: "Unknown" }), dids)
            })
            .collect();
        let totals = Totals { dids, codes };
        Ok(self.totals.get_or_init(|| totals).clone())
    }

    /// All the DIDs, grouped by how they are routed: see [`Store::groups`].
    pub(crate) async fn groups(&self, store: &Store) -> Result<Arc<[Group]>> {
        if let Some(groups) = self.groups.get() {
            return Ok(Arc::clone(groups));
        }
        // While a first import runs, PostgreSQL would look at each of its rows to find none.
        let groups: Arc<[Group]> = match self.totals(store).await?.dids {
            0 => Arc::default(),
            _ => store.groups(self.account.id, &DidFilter::default()).await?.into(),
        };
        if groups.len() > GROUPS_KEPT_MAX {
            return Ok(groups);
        }
        Ok(Arc::clone(self.groups.get_or_init(|| groups)))
    }

    /// How many DIDs use each route themselves, and how many plans. One that is not in it is used by nobody.
    pub(crate) async fn usages(&self, store: &Store) -> Result<Arc<HashMap<RouteId, Usage>>> {
        if let Some(usages) = self.usages.get() {
            return Ok(Arc::clone(usages));
        }
        let usages = Arc::new(usage_of(&self.groups(store).await?, &self.book));
        Ok(Arc::clone(self.usages.get_or_init(|| usages)))
    }
}

/// All that a book holds, without DIDs.
pub(crate) fn configuration(book: &Book, version: Version, defaults: &Defaults) -> Snapshot {
    let mut snapshot = Snapshot {
        version,
        defaults: defaults.clone(),
        edges: book.edges().to_vec(),
        routes: book.added().map(|row| row.route.clone()).collect(),
        plans: book.plans_by_id().map(|row| row.plan.clone()).collect(),
        schedules: book.schedules().map(|row| row.schedule.clone()).collect(),
        ..Snapshot::default()
    };
    zones::fill(&mut snapshot);
    snapshot
}

/// How the account's people dial.
pub(crate) fn dialling(account: &Account) -> Dialling {
    Dialling::of(&account.country).unwrap_or_default()
}
