//! What becomes of calls between two configurations: which DIDs end elsewhere, in which failure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use routing::{
    Changed, DiffKind, Difference, E164, FailoverPlan, Failure, GroupDiff, InboundRoute, PlanId, RouteId,
    Routing, Scenario, Schedule, ScheduleId, Snapshot, Zone, diff, layers,
};
use store::UnixMs;

use crate::limits::{DIFF_CALLS_MAX, DIFF_GROUPS_MAX};

/// DIDs whose routing changes, or whose routes change under them, in groups that change alike; counted one by one.
#[derive(Debug, Default)]
pub(crate) struct Moves(HashMap<(Routing, Routing), (u64, E164)>);

impl Moves {
    /// Numbers come in order, so the first of a group is its lowest.
    pub(crate) fn add(&mut self, before: Routing, after: Routing, number: E164) {
        if before != after {
            self.add_all(before, after, 1, number);
        }
    }

    /// So many at once, routed otherwise or by other routes of the same ids.
    pub(crate) fn add_all(&mut self, before: Routing, after: Routing, dids: u64, example: E164) {
        self.0.entry((before, after)).or_insert((0, example)).0 += dids;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn largest_first(self) -> Vec<Changed> {
        let changed = |((before, after), (dids, example))| Changed { before, after, dids, example };
        let mut all: Vec<Changed> = self.0.into_iter().map(changed).collect();
        all.sort_by_key(|changed| (Reverse(changed.dids), *changed));
        all
    }
}

/// How much is compared and kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Calls that are simulated.
    pub(crate) calls: usize,
    /// Whether groups are kept of which every call ends as before.
    pub(crate) with_unchanged: bool,
}

impl Extent {
    /// For a screen that is looked at before every change.
    pub(crate) const OF_A_PLAN: Extent = Extent { calls: DIFF_CALLS_MAX, with_unchanged: true };
}

/// What becomes of calls.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    /// DIDs whose calls were compared.
    pub compared: u64,
    /// In which failures they end in another way or at another time. DIDs that are routed alike are one group; the
    /// largest first, at most [`DIFF_GROUPS_MAX`](crate::limits::DIFF_GROUPS_MAX).
    pub diff: Vec<GroupDiff>,
    /// Groups that differ and are not among these; they are counted in `effects`.
    pub not_shown: u64,
    /// How many DIDs have a call of which this becomes, in some failure; what becomes of none is not there.
    pub effects: BTreeMap<DiffKind, u64>,
    /// DIDs that were not compared, of the smallest groups: they are of too many kinds.
    pub not_compared: u64,
}

impl Behaviour {
    /// Compares the calls of the groups, the largest first, for as long as the budget lasts: as they would go at a
    /// moment, with these routes marked down.
    pub(crate) fn between(
        [before, after]: [&Snapshot; 2],
        moves: Moves,
        at: UnixMs,
        marked_down: &[RouteId],
        extent: Extent,
    ) -> Behaviour {
        let mut found = Behaviour::default();
        let mut calls = 0;
        let (before, after) = (Parts::of(before), Parts::of(after));
        for changed in moves.largest_first() {
            if calls > extent.calls {
                found.not_compared += changed.dids;
                continue;
            }
            let (then, now) = (before.part(changed.before, changed), after.part(changed.after, changed));
            if changed.before == changed.after && then.is_alike(&now) {
                found.compared += changed.dids;
                continue;
            }
            let (then, now) = (then.0, now.0);
            // Each failure before and after.
            let failures = Failure::of(&then).len() + Failure::of(&now).len();
            calls += 2 * (failures + layers(&then, &now, &changed).len());
            let mut base = Scenario { at: Some(at.0.div_euclid(1000)), ..Scenario::new(changed.example) };
            base.mark_down(marked_down);
            let compared = if calls > extent.calls {
                None
            } else {
                // It cannot be compiled if somebody changed the account while it was read: the next look shows it.
                diff(&then, &now, &[changed], &base).ok().and_then(|mut all| all.pop())
            };
            match compared {
                Some(group) => found.count(group, extent),
                None => found.not_compared += changed.dids,
            }
        }
        found
    }

    fn count(&mut self, group: GroupDiff, extent: Extent) {
        let dids = group.changed.dids;
        self.compared += dids;
        let kinds: BTreeSet<DiffKind> = group.differences.iter().map(Difference::kind).collect();
        for kind in &kinds {
            *self.effects.entry(*kind).or_default() += dids;
        }
        if kinds.is_empty() && !extent.with_unchanged {
            return;
        }
        if self.diff.len() < DIFF_GROUPS_MAX {
            self.diff.push(group);
        } else {
            self.not_shown += u64::from(!kinds.is_empty());
        }
    }
}

/// A configuration of which parts are asked for.
struct Parts<'a> {
    whole: &'a Snapshot,
    routes: HashMap<RouteId, &'a InboundRoute>,
    plans: HashMap<PlanId, &'a FailoverPlan>,
    schedules: HashMap<ScheduleId, &'a Schedule>,
}

/// What a group's calls need: no other failure can touch them.
struct Part(Snapshot);

impl Part {
    /// Whether calls go alike: the routes, the plan, the hours and the clocks are the same.
    fn is_alike(&self, other: &Part) -> bool {
        let (a, b) = (&self.0, &other.0);
        (&a.routes, &a.plans, &a.schedules, &a.defaults) == (&b.routes, &b.plans, &b.schedules, &b.defaults)
    }
}

impl<'a> Parts<'a> {
    fn of(whole: &'a Snapshot) -> Parts<'a> {
        Parts {
            whole,
            routes: whole.routes.iter().map(|route| (route.id, route)).collect(),
            plans: whole.plans.iter().map(|plan| (plan.id, plan)).collect(),
            schedules: whole.schedules.iter().map(|schedule| (schedule.id, schedule)).collect(),
        }
    }

    fn part(&self, routing: Routing, changed: Changed) -> Part {
        let plan = routing.failover.plan().and_then(|id| self.plans.get(&id));
        let plans: Vec<FailoverPlan> = plan.into_iter().map(|plan| (*plan).clone()).collect();
        let mut routes: BTreeSet<RouteId> = BTreeSet::from([routing.primary]);
        routes.extend(routing.failover.route());
        routes.extend(plans.iter().flat_map(FailoverPlan::routes));
        let hours: BTreeSet<ScheduleId> =
            plans.iter().flat_map(|plan| &plan.steps).filter_map(|step| step.hours).collect();
        let schedules: Vec<Schedule> =
            hours.iter().filter_map(|id| self.schedules.get(id)).map(|found| (*found).clone()).collect();
        let is_named = |zone: &&Zone| schedules.iter().any(|schedule| schedule.zone == zone.name);
        Part(Snapshot {
            version: self.whole.version,
            defaults: self.whole.defaults.clone(),
            edges: self.whole.edges.clone(),
            routes: routes
                .iter()
                .filter_map(|id| self.routes.get(id))
                .map(|route| (*route).clone())
                .collect(),
            zones: self.whole.zones.iter().filter(is_named).cloned().collect(),
            plans,
            schedules,
            dids: vec![routing.did(changed.example)],
        })
    }
}
