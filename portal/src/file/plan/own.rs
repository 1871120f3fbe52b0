//! No failover may ring one of our DIDs, whichever of the two the file brings.

use std::collections::{BTreeSet, HashMap};

use routing::{E164, Failover, OwnDid, PlanId, PlanPlace, RouteId, RouteTarget};
use store::{DidRow, NewDid};

use super::Planner;
use crate::plans::place;

impl Planner {
    /// `failovers` says how many DIDs will have a route as their failover.
    pub(super) fn refuse_own(
        &mut self,
        becomes: &[(usize, NewDid, Option<DidRow>)],
        own: &BTreeSet<E164>,
        added: &BTreeSet<E164>,
        failovers: &HashMap<RouteId, u64>,
    ) {
        let own: BTreeSet<E164> = own.union(added).copied().collect();
        let in_plans: BTreeSet<RouteId> = self.book.plans().flat_map(|row| row.plan.routes()).collect();
        let stands_behind =
            |id: RouteId| in_plans.contains(&id) || failovers.get(&id).is_some_and(|uses| *uses > 0);
        let barred: HashMap<RouteId, OwnDid> = self
            .book
            .added()
            .filter(|row| stands_behind(row.route.id))
            .filter_map(|row| self.book.barred(&row.route.target, &own).map(|why| (row.route.id, why)))
            .collect();
        if barred.is_empty() {
            return;
        }
        let mut errors = self.barred_steps(&barred);
        let rung = self.rung(&barred);
        for (index, new, old) in becomes {
            let untouched = old.as_ref().is_some_and(|old| old.did.failover == new.routing.failover);
            let why = match new.routing.failover {
                Failover::None => None,
                Failover::Route(id) => barred
                    .get(&id)
                    .filter(|_| !untouched || self.changes_route(id))
                    .map(|why| ("failover", why)),
                Failover::Plan(id) => self
                    .barred_plan(id, &barred)
                    .filter(|_| !untouched && !self.places.contains_key(&id))
                    .map(|why| ("failover_plan", why)),
            };
            if let Some((field, why)) = why {
                errors.push((format!("dids[{index}].{field}"), why.to_string()));
            }
            if old.is_none()
                && let Some(route) = rung.get(&new.number).and_then(|id| self.book.get(*id))
            {
                let alias = &route.route.alias;
                let where_it_is = match self.book.plans_with(route.route.id).next() {
                    Some(row) => format!("is in the failover plan {}", row.plan.name),
                    None => "is a failover".to_owned(),
                };
                let message = format!("The inbound route {alias} rings this number and {where_it_is}.");
                errors.push((format!("dids[{index}].number"), message));
            }
        }
        // A route that the file changes, and that stands behind primaries outside of the file.
        for (_, route) in &self.plan.routes_changed {
            if let Some(why) = barred.get(&route.id) {
                errors.push((format!("routes ({})", route.alias), why.to_string()));
            }
        }
        errors.into_iter().for_each(|(place, message)| self.error(place, message));
    }

    /// The places of barred routes in the plans that the file adds or changes.
    fn barred_steps(&self, barred: &HashMap<RouteId, OwnDid>) -> Vec<(String, String)> {
        let mut errors = Vec::new();
        for row in self.book.plans() {
            let Some(index) = self.places.get(&row.plan.id) else { continue };
            for (at, step) in row.plan.steps.iter().enumerate() {
                for (leg, why) in
                    step.routes.iter().enumerate().filter_map(|(n, leg)| Some((n, barred.get(&leg.route)?)))
                {
                    let place = place(PlanPlace::Route(at, leg));
                    errors.push((format!("plans[{index}].{place}"), why.to_string()));
                }
            }
        }
        errors
    }

    /// The numbers that barred routes ring.
    fn rung(&self, barred: &HashMap<RouteId, OwnDid>) -> HashMap<E164, RouteId> {
        let mut rung = HashMap::new();
        for id in barred.keys() {
            let Some(row) = self.book.get(*id) else { continue };
            for number in self.book.numbers_in([&row.route.target] as [&RouteTarget; 1]) {
                rung.insert(number, *id);
            }
        }
        rung
    }

    fn barred_plan<'a>(&self, id: PlanId, barred: &'a HashMap<RouteId, OwnDid>) -> Option<&'a OwnDid> {
        self.book.plan(id)?.plan.routes().find_map(|route| barred.get(&route))
    }

    fn changes_route(&self, id: RouteId) -> bool {
        self.plan.routes_changed.iter().any(|(_, route)| route.id == id)
    }
}
