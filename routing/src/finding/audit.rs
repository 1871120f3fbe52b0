//! The audit: each group of DIDs, each plan and each route that they use is looked at once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{
    Finding, FindingDetail, FindingKind, FindingSubject, Severity, Surroundings, hours, loops, outages,
    shared,
};
use crate::index::Index;
use crate::limits::{ATTEMPTS_MAX, SETUP_MAX_MS};
use crate::matrix::Calls;
use crate::{
    Answerer, E164, Failover, FailoverPlan, Fault, FaultTarget, Group, HealthState, InboundRoute,
    InjectedFault, Millis, NetworkKind, OwnDid, RouteId, RouteTarget, Routing, Scenario, Snapshot, Step,
    Trigger, Weights, own_did,
};

/// One configuration under audit.
pub struct Audit<'a> {
    pub(super) index: Index<'a>,
    pub(super) surroundings: Surroundings<'a>,
}

/// One step behind the primary: 1 is the failover route, or the first step of the plan.
pub(super) struct Way<'a> {
    pub(super) step: u8,
    /// Each route with its entry; the built-in one has none.
    pub(super) routes: Vec<(RouteId, Option<&'a InboundRoute>)>,
}

impl<'a> Audit<'a> {
    /// Prepares a configuration. `snapshot.dids` need hold only those numbers that routes lead to.
    pub fn new(snapshot: &'a Snapshot, surroundings: Surroundings<'a>) -> Audit<'a> {
        Audit { index: Index::new(snapshot), surroundings }
    }

    /// Everything that is wrong with these groups and with the plans and routes that they use; worst first, then
    /// what touches most DIDs.
    pub fn findings(&self, groups: &[Group]) -> Vec<Finding> {
        let Some(first) = groups.first() else { return Vec::new() };
        let mut found = Vec::new();
        let looping = loops::looping(self, groups);
        let silent = uniform(first.example, Fault::Silent);
        let ringing = uniform(first.example, Fault::RingsForEver);
        let clocks = [Calls::new(self.index.snapshot, &silent), Calls::new(self.index.snapshot, &ringing)];
        let mut times: BTreeMap<(Failover, Option<Weights>), ClockFindings> = BTreeMap::new();
        for (place, group) in groups.iter().enumerate() {
            let mut add = |kind, severity, step, detail| {
                let subject = FindingSubject::Routing(group.routing);
                found.push(Finding {
                    kind,
                    severity,
                    subject,
                    step,
                    detail,
                    dids: group.dids,
                    example: group.example,
                });
            };
            if looping[place] {
                add(FindingKind::Loop, Severity::Serious, None, FindingDetail::Plain);
            }
            self.group(group.routing, &mut add);
            let behind = (group.routing.failover, group.routing.weights);
            let times = times.entry(behind).or_insert_with(|| self.clocks(group, &clocks));
            if let Some((step, at)) = times.late {
                add(FindingKind::OverPatience, Severity::Note, Some(step), FindingDetail::After(at));
            }
            if let Some(worst) = times.worst {
                add(FindingKind::OverCap, Severity::Warning, None, FindingDetail::After(worst));
            }
        }
        for (plan, (dids, example)) in self.users_of_plans(groups) {
            let mut add = |kind, severity, step, detail| {
                let subject = FindingSubject::Plan(plan.id);
                found.push(Finding { kind, severity, subject, step, detail, dids, example });
            };
            self.plan(plan, &mut add);
        }
        for (id, (dids, example)) in self.users_of_routes(groups) {
            let target = self.index.route(id).map(|route| &route.target);
            if let Some(RouteTarget::Phone(number)) = target
                && number.is_dear()
            {
                found.push(Finding {
                    kind: FindingKind::PremiumRate,
                    severity: Severity::Warning,
                    subject: FindingSubject::Route(id),
                    step: None,
                    detail: FindingDetail::Plain,
                    dids,
                    example,
                });
            }
        }
        found.sort_by_cached_key(|finding| {
            let Finding { kind, severity, subject, step, dids, .. } = *finding;
            (severity, Reverse(dids), kind, subject, step, finding.key())
        });
        found
    }

    /// The steps behind a primary.
    pub(super) fn ways(&self, routing: Routing) -> Vec<Way<'a>> {
        let listed = |id: RouteId| (id, self.index.route(id));
        match (routing.failover.route(), routing.failover.plan()) {
            (Some(route), _) => vec![Way { step: 1, routes: vec![listed(route)] }],
            (None, Some(plan)) => {
                let steps = self.index.plan(plan).map(|plan| plan.steps.as_slice()).unwrap_or_default();
                let routes = |step: &Step| step.routes.iter().map(|leg| listed(leg.route)).collect();
                (1..).zip(steps).map(|(at, step)| Way { step: at, routes: routes(step) }).collect()
            }
            (None, None) => Vec::new(),
        }
    }

    /// How a route leads back to us.
    pub(super) fn leads_back(&self, route: Option<&InboundRoute>) -> Option<OwnDid> {
        let own = self.surroundings.own;
        let edges = &self.index.snapshot.edges;
        own_did::find(&route?.target, edges, &self.surroundings.dialling, |number| own.contains(&number))
    }

    fn is_down(&self, id: RouteId) -> bool {
        self.surroundings.health.get(&id).copied().is_some_and(HealthState::is_down)
    }

    fn group(
        &self,
        routing: Routing,
        add: &mut impl FnMut(FindingKind, Severity, Option<u8>, FindingDetail),
    ) {
        let ways = self.ways(routing);
        if ways.is_empty() {
            let (kind, severity) = if self.is_down(routing.primary) {
                (FindingKind::PrimaryDownNoFailover, Severity::Serious)
            } else {
                (FindingKind::NoFailover, Severity::Warning)
            };
            return add(kind, severity, None, FindingDetail::Plain);
        }
        // A plan's own steps are looked at once, with the plan.
        if let Some(why) = routing.failover.route().and_then(|id| self.leads_back(self.index.route(id))) {
            add(FindingKind::OwnDid, Severity::Serious, None, FindingDetail::LeadsBack(why));
        }
        if ways.iter().flat_map(|way| &way.routes).all(|(id, _)| self.is_down(*id)) {
            let lost_now = self.is_down(routing.primary);
            let severity = if lost_now { Severity::Serious } else { Severity::Warning };
            add(FindingKind::FailoverDown, severity, None, FindingDetail::Plain);
        }
        for way in &ways {
            if way.routes.iter().any(|(id, _)| *id == routing.primary) {
                let again = FindingDetail::Route(routing.primary);
                add(FindingKind::RouteTwice, Severity::Note, Some(way.step), again);
            }
        }
        if let Some(primary) = self.index.route(routing.primary) {
            shared::with_primary(primary, &ways, add);
        }
        let answers = |wanted: Answerer| {
            move |way: &Way<'_>| way.routes.iter().any(|(_, route)| answerer(*route) == wanted)
        };
        let last_is_machine = ways
            .last()
            .is_some_and(|way| way.routes.iter().all(|(_, route)| answerer(*route) == Answerer::Voicemail));
        if last_is_machine && !ways.iter().any(answers(Answerer::LiveAnswer)) {
            add(FindingKind::EndsAtVoicemail, Severity::Note, None, FindingDetail::Plain);
        }
    }

    /// How late the last step begins when everything before it is silent, or rings for ever; and how long the whole
    /// may take. The primary's clocks are the account's, so this is the same for every primary.
    fn clocks(&self, group: &Group, calls: &[Calls<'_>; 2]) -> ClockFindings {
        let patience = self.index.snapshot.defaults.patience_ms;
        let late = calls
            .iter()
            .filter_map(|calls| calls.of(*group).last_step())
            .filter(|(_, at)| *at > patience)
            .max_by_key(|(_, at)| *at);
        let worst = calls[0].of(*group).worst_case_ms();
        ClockFindings { late, worst: worst.filter(|worst| *worst > SETUP_MAX_MS) }
    }

    fn plan(
        &self,
        plan: &FailoverPlan,
        add: &mut impl FnMut(FindingKind, Severity, Option<u8>, FindingDetail),
    ) {
        let mut seen: Vec<RouteId> = Vec::new();
        // The primary is the first attempt.
        let mut attempts = 1;
        for (at, step) in (1..).zip(&plan.steps) {
            if step.enter_on == Trigger::NEVER || self.is_never_open(step) || attempts >= ATTEMPTS_MAX {
                add(FindingKind::StepNeverEntered, Severity::Warning, Some(at), FindingDetail::Plain);
            } else if attempts + step.routes.len() > ATTEMPTS_MAX {
                add(FindingKind::AttemptsCut, Severity::Warning, Some(at), FindingDetail::Plain);
            }
            attempts += step.routes.len();
            for leg in &step.routes {
                if seen.contains(&leg.route) {
                    add(FindingKind::RouteTwice, Severity::Note, Some(at), FindingDetail::Route(leg.route));
                }
                seen.push(leg.route);
                if let Some(why) = self.leads_back(self.index.route(leg.route)) {
                    add(FindingKind::OwnDid, Severity::Serious, Some(at), FindingDetail::LeadsBack(why));
                }
            }
            if has_unused_weights(step) {
                add(FindingKind::WeightsUnused, Severity::Note, Some(at), FindingDetail::Plain);
            }
            if let Some((route, severity)) = self.voicemail_trap(step) {
                add(FindingKind::VoicemailTrap, severity, Some(at), FindingDetail::Route(route));
            }
        }
        // A step that is never open enters nothing; that is a finding of its own.
        let open = plan.steps.iter().filter(|step| !self.is_never_open(step));
        if let Some((severity, outages)) = outages::unmet(open) {
            add(FindingKind::OutageEntersNoStep, severity, None, outages);
        }
        if let Some(gap) = hours::gap(self.index.snapshot, plan, self.surroundings.now) {
            add(FindingKind::ScheduleGap, Severity::Warning, None, gap);
        }
    }

    fn is_never_open(&self, step: &Step) -> bool {
        let schedule = step.hours.and_then(|id| self.index.snapshot.schedule(id));
        schedule.is_some_and(|(schedule, _)| {
            schedule.is_never_open() && schedule.exceptions.iter().all(|day| day.hours.is_closed())
        })
    }

    /// In a step that rings several places, the one whose machine would take the call: a voicemail for certain, a
    /// phone when it is switched off.
    fn voicemail_trap(&self, step: &Step) -> Option<(RouteId, Severity)> {
        if step.routes.len() < 2 {
            return None;
        }
        let routes = || step.routes.iter().map(|leg| (leg.route, self.index.route(leg.route)));
        let machine = routes().find(|(_, route)| answerer(*route) == Answerer::Voicemail);
        if let Some((id, _)) = machine {
            return Some((id, Severity::Warning));
        }
        let phone = routes().find(|(_, route)| {
            let is_phone = |route: &InboundRoute| NetworkKind::of(&route.target) == NetworkKind::PhoneNetwork;
            route.is_some_and(is_phone) && answerer(*route) == Answerer::Person
        });
        phone.map(|(id, _)| (id, Severity::Note))
    }

    fn users_of_plans(&self, groups: &[Group]) -> Vec<(&'a FailoverPlan, (u64, E164))> {
        let mut users = BTreeMap::new();
        for group in groups {
            if let Some(id) = group.routing.failover.plan() {
                count(&mut users, id, group);
            }
        }
        users.into_iter().filter_map(|(id, users)| Some((self.index.plan(id)?, users))).collect()
    }

    fn users_of_routes(&self, groups: &[Group]) -> BTreeMap<RouteId, (u64, E164)> {
        let mut users = BTreeMap::new();
        for group in groups {
            let mut routes = group.routing.routes_in(&self.index);
            routes.sort_unstable();
            routes.dedup();
            for id in routes {
                count(&mut users, id, group);
            }
        }
        users
    }
}

/// What is wrong with the times of a routing.
struct ClockFindings {
    /// The last step and when it begins, if that is later than callers wait.
    late: Option<(u8, Millis)>,
    /// The worst case, if it is more than the edge allows.
    worst: Option<Millis>,
}

fn count<K: Ord>(users: &mut BTreeMap<K, (u64, E164)>, key: K, group: &Group) {
    let entry = users.entry(key).or_insert((0, group.example));
    entry.0 += group.dids;
    entry.1 = entry.1.min(group.example);
}

fn answerer(route: Option<&InboundRoute>) -> Answerer {
    route.map_or(Answerer::default(), |route| route.domains.answerer)
}

/// Weights order legs that start one after the other: where all start at once, or only one does, they say nothing.
fn has_unused_weights(step: &Step) -> bool {
    let starts_at_once = step.routes.len() < 2 || step.stagger_ms == Millis::ZERO;
    starts_at_once && step.routes.iter().any(|leg| leg.weight.is_some())
}

/// A call in which every network fails in one way; `example` is any number, for the calls are to groups.
fn uniform(example: E164, fault: Fault) -> Scenario {
    let faults = NetworkKind::ALL.map(|kind| InjectedFault { on: FaultTarget::Network(kind), fault });
    Scenario { faults: faults.to_vec(), ..Scenario::new(example) }
}
