//! The plans and schedules of the book, and what stands behind a primary: nothing, a route, or a plan.

use std::borrow::Cow;
use std::collections::BTreeSet;

use routing::{Alias, E164, Failover, FailoverPlan, Known, OwnDid, PlanId, RouteId, RouteTarget, ScheduleId};
use store::{PlanRow, ScheduleRow};

use super::Book;
use crate::{FailoverRef, PlanRef, RouteRef};

/// Plans.
impl Book {
    pub(crate) fn add_plan(&mut self, row: PlanRow) {
        if let Some(old) = self.plans.get(&row.plan.id) {
            self.plans_by_name.remove(&old.plan.name.fold());
        }
        self.plans_by_name.insert(row.plan.name.fold(), row.plan.id);
        self.plans.insert(row.plan.id, row);
    }

    pub(crate) fn remove_plan(&mut self, id: PlanId) {
        if let Some(row) = self.plans.remove(&id) {
            self.plans_by_name.remove(&row.plan.name.fold());
        }
    }

    pub(crate) fn plan(&self, id: PlanId) -> Option<&PlanRow> {
        self.plans.get(&id)
    }

    /// The plan of this name, without regard to case.
    pub(crate) fn find_plan(&self, name: &Alias) -> Option<&PlanRow> {
        self.plans_by_name.get(&name.fold()).and_then(|id| self.plans.get(id))
    }

    /// Every plan by name.
    pub(crate) fn plans(&self) -> impl Iterator<Item = &PlanRow> {
        self.plans_by_name.values().filter_map(|id| self.plans.get(id))
    }

    /// Every plan by id.
    pub(crate) fn plans_by_id(&self) -> impl Iterator<Item = &PlanRow> {
        self.plans.values()
    }

    /// The names of plans under the key by which they compare.
    pub(crate) fn plan_names(&self) -> impl Iterator<Item = (&str, &Alias)> {
        self.plans_by_name
            .iter()
            .filter_map(|(key, id)| self.plans.get(id).map(|row| (key.as_str(), &row.plan.name)))
    }

    /// The plans that name a route, by name.
    pub(crate) fn plans_with(&self, route: RouteId) -> impl Iterator<Item = &PlanRow> {
        self.plans().filter(move |row| row.plan.routes().any(|id| id == route))
    }

    /// A plan's name. A DID read a moment before its plan was renamed or left is still named.
    pub(crate) fn plan_ref(&self, id: PlanId) -> PlanRef {
        match self.plans.get(&id) {
            Some(row) => self.plan_ref_of(&row.plan),
            None => PlanRef { id, name: unknown(id), steps: Vec::new(), down: false },
        }
    }

    pub(crate) fn plan_ref_of(&self, plan: &FailoverPlan) -> PlanRef {
        let steps: Vec<Vec<RouteRef>> = plan
            .steps
            .iter()
            .map(|step| step.routes.iter().map(|leg| self.route_ref(leg.route)).collect())
            .collect();
        let down = steps.iter().flatten().all(|route| route.health.is_down());
        PlanRef { id: plan.id, name: plan.name.clone(), steps, down }
    }
}

/// Schedules.
impl Book {
    pub(crate) fn add_schedule(&mut self, row: ScheduleRow) {
        if let Some(old) = self.schedules.get(&row.schedule.id) {
            self.schedules_by_name.remove(&old.schedule.name.fold());
        }
        self.schedules_by_name.insert(row.schedule.name.fold(), row.schedule.id);
        self.schedules.insert(row.schedule.id, row);
    }

    pub(crate) fn remove_schedule(&mut self, id: ScheduleId) {
        if let Some(row) = self.schedules.remove(&id) {
            self.schedules_by_name.remove(&row.schedule.name.fold());
        }
    }

    pub(crate) fn schedule(&self, id: ScheduleId) -> Option<&ScheduleRow> {
        self.schedules.get(&id)
    }

    /// The schedule of this name, without regard to case.
    pub(crate) fn find_schedule(&self, name: &Alias) -> Option<&ScheduleRow> {
        self.schedules_by_name.get(&name.fold()).and_then(|id| self.schedules.get(id))
    }

    /// Every schedule by id.
    pub(crate) fn schedules(&self) -> impl Iterator<Item = &ScheduleRow> {
        self.schedules.values()
    }

    /// Every schedule by name.
    pub(crate) fn schedules_by_name(&self) -> impl Iterator<Item = &ScheduleRow> {
        self.schedules_by_name.values().filter_map(|id| self.schedules.get(id))
    }

    /// What a schedule is called; its number, if it is gone.
    pub(crate) fn schedule_name(&self, id: ScheduleId) -> Cow<'_, str> {
        match self.schedules.get(&id) {
            Some(row) => Cow::Borrowed(row.schedule.name.as_str()),
            None => Cow::Owned(format!("schedule {id}")),
        }
    }
}

/// What stands behind a primary.
impl Book {
    pub(crate) fn failover_ref(&self, failover: Failover) -> FailoverRef {
        match failover {
            Failover::None => FailoverRef::None,
            Failover::Route(id) => FailoverRef::Route(self.route_ref(id)),
            Failover::Plan(id) => FailoverRef::Plan(self.plan_ref(id)),
        }
    }

    /// As the history tells it: a route's alias, or `plan Night`. A bulk action asks for hundreds of thousands.
    pub(crate) fn failover_text(&self, failover: Failover) -> Option<Cow<'_, str>> {
        match failover {
            Failover::None => None,
            Failover::Route(id) => Some(match self.alias(id) {
                Cow::Borrowed(alias) => Cow::Borrowed(alias.as_str()),
                Cow::Owned(alias) => Cow::Owned(alias.to_string()),
            }),
            Failover::Plan(id) => Some(Cow::Owned(match self.plan(id) {
                Some(row) => format!("plan {}", row.plan.name),
                None => unknown(id).to_string(),
            })),
        }
    }

    /// The one route that it rings, if it rings no other.
    pub(crate) fn only_route(&self, failover: Failover) -> Option<RouteId> {
        match failover {
            Failover::None => None,
            Failover::Route(id) => Some(id),
            Failover::Plan(id) => {
                let mut routes = self.plan(id)?.plan.routes();
                let first = routes.next()?;
                routes.all(|route| route == first).then_some(first)
            }
        }
    }

    /// Whether it rings nothing but the primary again, so that it fails with it.
    pub(crate) fn is_alone(&self, failover: Failover, primary: RouteId) -> bool {
        self.only_route(failover) == Some(primary)
    }

    /// The targets that it may ring.
    pub(crate) fn targets_of(&self, failover: Failover) -> impl Iterator<Item = &RouteTarget> {
        let plan = failover.plan().and_then(|id| self.plan(id));
        let ids = failover.route().into_iter().chain(plan.into_iter().flat_map(|row| row.plan.routes()));
        ids.filter_map(|id| Some(&self.get(id)?.route.target))
    }

    /// How it leads back to us, `own` being numbers of the installation.
    pub(crate) fn failover_barred(&self, failover: Failover, own: &BTreeSet<E164>) -> Option<OwnDid> {
        self.targets_of(failover).find_map(|target| self.barred(target, own))
    }

    /// How a plan leads back to us.
    pub(crate) fn plan_barred(&self, plan: &FailoverPlan, own: &BTreeSet<E164>) -> Option<OwnDid> {
        plan.routes().find_map(|id| self.barred(&self.get(id)?.route.target, own))
    }
}

/// What the draft of a plan is read against.
pub(crate) struct Against<'a> {
    pub(crate) book: &'a Book,
    /// Those numbers of the installation that its routes may amount to.
    pub(crate) own: BTreeSet<E164>,
}

impl Known for Against<'_> {
    fn has_route(&self, route: RouteId) -> bool {
        self.book.get(route).is_some()
    }

    fn has_schedule(&self, schedule: ScheduleId) -> bool {
        self.book.schedule(schedule).is_some()
    }

    fn leads_back(&self, route: RouteId) -> Option<OwnDid> {
        self.book.barred(&self.book.get(route)?.route.target, &self.own)
    }
}

fn unknown(id: PlanId) -> Alias {
    Alias::parse(&format!("plan {id}")).unwrap_or_else(|_| Alias::registered())
}
