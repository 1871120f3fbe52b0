//! The account as it is now, but for its DIDs one by one: what putting a thing back is judged by, and changes.

use std::collections::{BTreeMap, BTreeSet};

use routing::limits::{PLANS_PER_ACCOUNT_MAX, ROUTES_PER_ACCOUNT_MAX, SCHEDULES_PER_ACCOUNT_MAX};
use routing::{
    Alias, Case, CaseId, E164, FailoverPlan, Group, InboundRoute, PlanId, RouteId, Routing, Schedule,
    ScheduleId, Snapshot, Version,
};
use store::{AcceptedRow, ChangeRow, PlanRow, RouteRow, ScheduleRow, Subject};

use crate::book::Book;
use crate::cases::saved;
use crate::facts::configuration;
use crate::history::{AccountKept, Thing, finding_key};
use crate::limits::{ACCEPTED_PER_ACCOUNT_MAX, CASES_PER_ACCOUNT_MAX};
use crate::reading::Reading;
use crate::{Refusal, Result};

/// Which thing. What is said of findings shares one subject; the finding's key tells it apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Which {
    pub(crate) subject: Subject,
    finding: String,
}

impl Which {
    pub(crate) fn of(subject: Subject) -> Which {
        Which { subject, finding: String::new() }
    }

    pub(super) fn changed_by(change: &ChangeRow) -> Which {
        let sides = change.before.iter().chain(&change.after);
        let finding = match change.subject {
            Subject::Finding => sides.filter_map(finding_key).next().unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        Which { subject: change.subject, finding }
    }
}

/// The account as it is, and as it becomes while things are put back.
pub(crate) struct World {
    pub(crate) book: Book,
    pub(super) account: AccountKept,
    pub(crate) cases: BTreeMap<CaseId, (Alias, Case)>,
    pub(super) accepted: BTreeMap<String, AcceptedRow>,
    /// How many DIDs are routed so.
    pub(super) groups: BTreeMap<Routing, Group>,
    /// Those numbers of the installation that a target may amount to.
    pub(super) own: BTreeSet<E164>,
    /// The version of what is put back.
    pub(super) version: Version,
}

impl World {
    /// Reads what the things of an operation are judged by; of an operation on DIDs alone, next to nothing.
    pub(crate) async fn read(
        reading: &mut Reading<'_>,
        book: Book,
        account: AccountKept,
        version: Version,
        things: &[ChangeRow],
    ) -> Result<World> {
        let mut world = World {
            book,
            account,
            cases: Default::default(),
            accepted: Default::default(),
            groups: Default::default(),
            own: Default::default(),
            version,
        };
        let cases = saved(reading.cases().await?)?;
        world.cases = cases.into_iter().map(|case| (case.id, (case.name, case.case))).collect();
        if things.is_empty() {
            return Ok(world);
        }
        let accepted = reading.accepted().await?;
        world.accepted = accepted.into_iter().map(|row| (row.key.clone(), row)).collect();
        let is_routing = |change: &ChangeRow| matches!(change.subject, Subject::Route(_) | Subject::Plan(_));
        if things.iter().any(is_routing) {
            world.groups = reading.groups().await?.into_iter().map(|group| (group.routing, group)).collect();
            let kept =
                things.iter().filter_map(|change| Thing::read(change.subject, change.before.as_ref()?));
            let kept: Vec<_> = kept.filter_map(|thing| Some(thing.route()?.target.clone())).collect();
            let present = world.book.added().map(|row| &row.route.target);
            world.own = reading.taken(&world.book.numbers_in(present.chain(&kept))).await?;
        }
        Ok(world)
    }

    /// The thing as it is.
    pub(crate) fn get(&self, which: &Which) -> Option<Thing> {
        match which.subject {
            Subject::Account => Some(Thing::Account(self.account.clone())),
            Subject::Route(id) => Some(Thing::Route(self.book.get(id)?.route.clone())),
            Subject::Plan(id) => Some(Thing::Plan(self.book.plan(id)?.plan.clone())),
            Subject::Schedule(id) => Some(Thing::Schedule(self.book.schedule(id)?.schedule.clone())),
            Subject::Case(id) => {
                self.cases.get(&id).map(|(name, case)| Thing::Case(name.clone(), case.clone()))
            }
            Subject::Finding => self.accepted.get(&which.finding).cloned().map(Thing::Acceptance),
            // DIDs are read by the thousand elsewhere; the others are not put back.
            _ => None,
        }
    }

    /// The thing becomes this, or goes.
    pub(crate) fn put(&mut self, which: &Which, then: Option<Thing>) {
        let version = self.version;
        match (which.subject, then) {
            (Subject::Account, Some(Thing::Account(kept))) => self.account = kept,
            (Subject::Route(id), Some(Thing::Route(route))) => {
                let known = self.book.get(id).cloned();
                let new = RouteRow {
                    route: route.clone(),
                    version,
                    health: Default::default(),
                    health_since: None,
                };
                self.book.add(known.map_or(new, |row| RouteRow { route, version, ..row }));
            }
            (Subject::Plan(_), Some(Thing::Plan(plan))) => self.book.add_plan(PlanRow { plan, version }),
            (Subject::Schedule(_), Some(Thing::Schedule(schedule))) => {
                self.book.add_schedule(ScheduleRow { schedule, version });
            }
            (Subject::Case(id), Some(Thing::Case(name, case))) => {
                self.cases.insert(id, (name, case));
            }
            (Subject::Finding, Some(Thing::Acceptance(row))) => {
                self.accepted.insert(which.finding.clone(), row);
            }
            (Subject::Route(id), None) => self.book.remove(id),
            (Subject::Plan(id), None) => self.book.remove_plan(id),
            (Subject::Schedule(id), None) => self.book.remove_schedule(id),
            (Subject::Case(id), None) => drop(self.cases.remove(&id)),
            (Subject::Finding, None) => drop(self.accepted.remove(&which.finding)),
            // A DID is not looked at here, and the account stays.
            _ => {}
        }
    }

    /// A DID is routed otherwise: from one routing to another.
    pub(super) fn moves(&mut self, from: Option<Routing>, to: Option<Routing>, number: E164) {
        if let Some(group) = from.and_then(|routing| self.groups.get_mut(&routing)) {
            group.dids = group.dids.saturating_sub(1);
            if group.dids == 0 {
                let routing = group.routing;
                self.groups.remove(&routing);
            }
        }
        if let Some(routing) = to {
            let group = Group { routing, dids: 0, example: number };
            self.groups.entry(routing).or_insert(group).dids += 1;
        }
    }

    /// The configuration that calls go by, without DIDs.
    pub(crate) fn configuration(&self) -> Snapshot {
        configuration(&self.book, self.version, &self.account.defaults)
    }

    /// Why a thing cannot become this, or go.
    pub(crate) fn refusal(&self, which: &Which, then: Option<&Thing>) -> Option<Refusal> {
        let is_new = self.get(which).is_none();
        match (which.subject, then) {
            (Subject::Route(id), None) => self.route_in_use(id),
            (Subject::Plan(id), None) => self.plan_in_use(id),
            (Subject::Schedule(id), None) => self.schedule_in_use(id),
            (Subject::Route(id), Some(Thing::Route(route))) => self
                .full(is_new, self.book.added_count(), ROUTES_PER_ACCOUNT_MAX)
                .or_else(|| self.route_refused(id, route)),
            (Subject::Plan(id), Some(Thing::Plan(plan))) => self
                .full(is_new, self.book.plans().count(), PLANS_PER_ACCOUNT_MAX)
                .or_else(|| self.plan_refused(id, plan)),
            (Subject::Schedule(id), Some(Thing::Schedule(schedule))) => self
                .full(is_new, self.book.schedules().count(), SCHEDULES_PER_ACCOUNT_MAX)
                .or_else(|| self.schedule_refused(id, schedule)),
            (Subject::Case(id), Some(Thing::Case(name, _))) => {
                let key = name.fold();
                let other = self.cases.iter().any(|(other, (name, _))| *other != id && name.fold() == key);
                self.full(is_new, self.cases.len(), CASES_PER_ACCOUNT_MAX)
                    .or_else(|| other.then(|| Refusal::NameTaken { name: name.to_string() }))
            }
            (Subject::Finding, Some(_)) => self.full(is_new, self.accepted.len(), ACCEPTED_PER_ACCOUNT_MAX),
            _ => None,
        }
    }

    fn full(&self, is_new: bool, count: usize, max: usize) -> Option<Refusal> {
        (is_new && count >= max).then_some(Refusal::Full { max: max as u64 })
    }

    fn route_in_use(&self, id: RouteId) -> Option<Refusal> {
        let uses = |routing: &Routing| routing.primary == id || routing.failover.route() == Some(id);
        let plans = self.book.plans_with(id).map(|row| row.plan.name.to_string()).collect();
        self.in_use(uses, plans)
    }

    fn plan_in_use(&self, id: PlanId) -> Option<Refusal> {
        self.in_use(|routing| routing.failover.plan() == Some(id), Vec::new())
    }

    fn schedule_in_use(&self, id: ScheduleId) -> Option<Refusal> {
        let goes_by = |row: &&PlanRow| row.plan.steps.iter().any(|step| step.hours == Some(id));
        let plans = self.book.plans().filter(goes_by).map(|row| row.plan.name.to_string()).collect();
        self.in_use(|_| false, plans)
    }

    fn in_use(&self, uses: impl Fn(&Routing) -> bool, plans: Vec<String>) -> Option<Refusal> {
        let using = || self.groups.values().filter(|group| uses(&group.routing));
        let dids = using().map(|group| group.dids).sum();
        (dids > 0 || !plans.is_empty()).then_some(Refusal::InUse { dids, plans })
    }

    fn route_refused(&self, id: RouteId, route: &InboundRoute) -> Option<Refusal> {
        if self.book.find(&route.alias).is_some_and(|other| other.route.id != id) {
            return Some(Refusal::NameTaken { name: route.alias.to_string() });
        }
        if let Some(destination) = self.book.not_allowed(Some(id), &route.target) {
            return Some(Refusal::NotAllowed { country: destination.name().to_owned() });
        }
        // A route that stands behind some primary must not lead back to us.
        let is_behind = self.groups.keys().any(|routing| routing.failover.route() == Some(id))
            || self.book.plans_with(id).next().is_some();
        let back = is_behind.then(|| self.book.barred(&route.target, &self.own));
        back.flatten().map(Refusal::OwnDid)
    }

    fn plan_refused(&self, id: PlanId, plan: &FailoverPlan) -> Option<Refusal> {
        let hours = plan.steps.iter().filter_map(|step| step.hours);
        if self.book.find_plan(&plan.name).is_some_and(|other| other.plan.id != id) {
            Some(Refusal::NameTaken { name: plan.name.to_string() })
        } else if let Some(gone) = plan.routes().find(|route| self.book.get(*route).is_none()) {
            Some(Refusal::TargetGone { name: format!("Route {gone}") })
        } else if let Some(gone) = hours.into_iter().find(|hours| self.book.schedule(*hours).is_none()) {
            Some(Refusal::HoursGone { name: self.book.schedule_name(gone).into_owned() })
        } else {
            self.book.plan_barred(plan, &self.own).map(Refusal::OwnDid)
        }
    }

    fn schedule_refused(&self, id: ScheduleId, schedule: &Schedule) -> Option<Refusal> {
        let other = self.book.find_schedule(&schedule.name).filter(|other| other.schedule.id != id);
        other.map(|_| Refusal::NameTaken { name: schedule.name.to_string() })
    }
}
