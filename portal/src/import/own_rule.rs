//! No failover may ring a DID of ours, whichever of the two a file brings.

use std::collections::{BTreeSet, HashMap};

use routing::{Alias, E164, Failover, OwnDid, PlanId, RouteId, RouteTarget};

use super::outcome::ImportError;
use super::plan::{Becomes, Write};
use super::present::Ground;
use crate::book::Book;

/// What the rule forbids when a whole file is done.
///
/// Across accounts it holds one way: a failover to any DID of the installation is refused, but a number may become
/// a DID here while a failover of another account rings it. Refusing it would tell one customer about another's
/// routes, and one could keep a number from the other by naming it. The call then comes in on the DID like any
/// other.
pub(crate) struct OwnRule<'a> {
    /// Routes that lead to a DID.
    routes: HashMap<RouteId, OwnDid>,
    /// Plans with such a route.
    plans: HashMap<PlanId, OwnDid>,
    rung: Rung<'a>,
}

impl<'a> OwnRule<'a> {
    pub(super) fn new(ground: &Ground<'a>, becomes: &Becomes) -> OwnRule<'a> {
        let book = ground.book;
        let own: BTreeSet<E164> = ground.own.union(&becomes.added).copied().collect();
        let routes: HashMap<RouteId, OwnDid> = book
            .added()
            .filter_map(|row| book.barred(&row.route.target, &own).map(|why| (row.route.id, why)))
            .collect();
        let plans = book
            .plans()
            .filter_map(|row| {
                let why = row.plan.routes().find_map(|route| routes.get(&route))?;
                Some((row.plan.id, why.clone()))
            })
            .collect();
        OwnRule { routes, plans, rung: Rung::of(book, &becomes.failovers) }
    }

    /// Whether any row of the file breaks it.
    pub(super) fn is_broken_by(&self, becomes: &Becomes) -> bool {
        becomes.named.iter().any(|failover| self.barred(*failover).is_some())
            || becomes.added.iter().any(|number| self.rung.error(*number).is_some())
    }

    /// How a row breaks it.
    pub(super) fn error(&self, write: &Write) -> Option<ImportError> {
        let (failover, new) = match write {
            Write::Add(new) => (new.routing.failover, Some(new.number)),
            Write::Change(update) => (update.routing.failover, None),
        };
        let barred = self.barred(failover).map(|why| ImportError::OwnDid(why.clone()));
        barred.or_else(|| new.and_then(|number| self.rung.error(number)))
    }

    fn barred(&self, failover: Failover) -> Option<&OwnDid> {
        match failover {
            Failover::None => None,
            Failover::Route(id) => self.routes.get(&id),
            Failover::Plan(id) => self.plans.get(&id),
        }
    }
}

/// The numbers that stand behind some primary: routes that are failovers, and those of every plan ring them.
struct Rung<'a>(HashMap<E164, (&'a Alias, Option<&'a Alias>)>);

impl<'a> Rung<'a> {
    fn of(book: &'a Book, failovers: &HashMap<RouteId, u64>) -> Rung<'a> {
        let mut plans: HashMap<RouteId, &Alias> = HashMap::new();
        for row in book.plans() {
            for route in row.plan.routes() {
                plans.entry(route).or_insert(&row.plan.name);
            }
        }
        let mut rung = HashMap::new();
        for row in book.added() {
            let plan = plans.get(&row.route.id).copied();
            let is_failover = failovers.get(&row.route.id).is_some_and(|uses| *uses > 0);
            if is_failover || plan.is_some() {
                for number in book.numbers_in([&row.route.target] as [&RouteTarget; 1]) {
                    rung.entry(number).or_insert((&row.route.alias, plan.filter(|_| !is_failover)));
                }
            }
        }
        Rung(rung)
    }

    /// Why the number cannot become a DID.
    fn error(&self, number: E164) -> Option<ImportError> {
        let (route, plan) = *self.0.get(&number)?;
        let route = route.clone();
        Some(match plan {
            None => ImportError::RungByFailover { route },
            Some(plan) => ImportError::RungByPlan { route, plan: plan.clone() },
        })
    }
}
