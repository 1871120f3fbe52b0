//! What an action does to calls: which DIDs end elsewhere, in which failure, before anybody applies it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use routing::{
    Changed, DiffKind, Difference, E164, Failure, GroupDiff, RouteId, Routing, Scenario, ScheduleId,
    Snapshot, Zone, diff, layers,
};
use store::UnixMs;

use crate::facts::Facts;
use crate::limits::{DIFF_CALLS_MAX, DIFF_GROUPS_MAX};
use crate::zones;

/// The DIDs whose routing would change, in groups that change alike; counted while the selection is walked.
#[derive(Debug, Default)]
pub(super) struct Moves(HashMap<(Routing, Routing), (u64, E164)>);

impl Moves {
    /// Numbers come in order, so the first of a group is its lowest.
    pub(super) fn add(&mut self, before: Routing, after: Routing, number: E164) {
        if before != after {
            self.0.entry((before, after)).or_insert((0, number)).0 += 1;
        }
    }

    fn largest_first(self) -> Vec<Changed> {
        let changed = |((before, after), (dids, example))| Changed { before, after, dids, example };
        let mut all: Vec<Changed> = self.0.into_iter().map(changed).collect();
        all.sort_by_key(|changed| (Reverse(changed.dids), *changed));
        all
    }
}

/// What becomes of their calls.
#[derive(Debug, Default)]
pub(super) struct Behaviour {
    pub(super) diff: Vec<GroupDiff>,
    pub(super) effects: BTreeMap<DiffKind, u64>,
    pub(super) not_compared: u64,
}

impl Behaviour {
    /// Compares the calls of the groups, the largest first, for as long as the budget lasts: as they would go at this
    /// moment, with what is marked down now.
    pub(super) fn of(facts: &Facts, moves: Moves, at: UnixMs) -> Behaviour {
        let mut found = Behaviour::default();
        let mut calls = 0;
        let zones = if moves.0.is_empty() {
            Vec::new()
        } else {
            zones::of(facts.book.schedules().map(|row| &row.schedule))
        };
        for changed in moves.largest_first() {
            if calls > DIFF_CALLS_MAX {
                found.not_compared += changed.dids;
                continue;
            }
            let snapshot = part(facts, &zones, changed);
            // Each failure before and after.
            calls += 2 * (Failure::of(&snapshot).len() + layers(&snapshot, &snapshot, &changed).len());
            let mut base = Scenario { at: Some(at.0.div_euclid(1000)), ..Scenario::new(changed.example) };
            base.mark_down(&facts.marked_down(snapshot.routes.iter().map(|route| route.id)));
            let compared = if calls > DIFF_CALLS_MAX {
                None
            } else {
                // It cannot be compiled if somebody changed the account while it was read: the next look shows it.
                diff(&snapshot, &snapshot, &[changed], &base).ok().and_then(|mut all| all.pop())
            };
            match compared {
                Some(group) => found.count(group),
                None => found.not_compared += changed.dids,
            }
        }
        found
    }

    fn count(&mut self, group: GroupDiff) {
        let dids = group.changed.dids;
        let kinds: BTreeSet<DiffKind> = group.differences.iter().map(Difference::kind).collect();
        for kind in kinds {
            *self.effects.entry(kind).or_default() += dids;
        }
        if self.diff.len() < DIFF_GROUPS_MAX {
            self.diff.push(group);
        }
    }
}

/// The part of the configuration that a group's calls need, before and after: no other failure can touch them.
fn part(facts: &Facts, zones: &[Zone], changed: Changed) -> Snapshot {
    let book = &facts.book;
    let both = [changed.before, changed.after];
    let named: BTreeSet<_> = both.iter().filter_map(|routing| routing.failover.plan()).collect();
    let plans: Vec<_> = named.iter().filter_map(|id| Some(book.plan(*id)?.plan.clone())).collect();
    let mut routes: BTreeSet<RouteId> = both.iter().map(|routing| routing.primary).collect();
    routes.extend(both.iter().filter_map(|routing| routing.failover.route()));
    routes.extend(plans.iter().flat_map(routing::FailoverPlan::routes));
    let hours: BTreeSet<ScheduleId> =
        plans.iter().flat_map(|plan| &plan.steps).filter_map(|step| step.hours).collect();
    let schedules: Vec<_> =
        hours.iter().filter_map(|id| Some(book.schedule(*id)?.schedule.clone())).collect();
    Snapshot {
        version: facts.account.version,
        defaults: facts.account.defaults.clone(),
        edges: book.edges().to_vec(),
        routes: routes
            .iter()
            .filter(|id| **id != RouteId::REGISTERED)
            .filter_map(|id| Some(book.get(*id)?.route.clone()))
            .collect(),
        zones: zones
            .iter()
            .filter(|zone| schedules.iter().any(|schedule| schedule.zone == zone.name))
            .cloned()
            .collect(),
        plans,
        schedules,
        dids: both.iter().map(|routing| routing.did(changed.example)).collect(),
    }
}
