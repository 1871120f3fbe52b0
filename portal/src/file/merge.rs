//! Writing what an account file says: routes and schedules first, then plans, then DIDs, cases and acceptances, so that
//! each can name what stands before it by the ids that it got.

use std::collections::HashMap;

use routing::{Failover, FailoverPlan, InboundRoute, PlanId, RouteId, Routing, Schedule, ScheduleId};
use store::{NewChange, NewPlan, PlanRow, RouteRow, ScheduleRow, Tx};

use super::cases;
use super::plan::{Accepted, Plan};
use crate::Result;
use crate::book::Book;
use crate::cases::{case_change, new_case};
use crate::destinations::destination_change;
use crate::findings::acceptance_change;
use crate::history::{did_added, did_updated, plan_change, route_change, schedule_change};
use crate::routes::new_route;
use crate::schedules::new_schedule;

/// The ids that new things got.
#[derive(Default)]
struct Stored {
    routes: HashMap<RouteId, RouteId>,
    schedules: HashMap<ScheduleId, ScheduleId>,
    plans: HashMap<PlanId, PlanId>,
}

impl Stored {
    fn route(&self, id: RouteId) -> RouteId {
        self.routes.get(&id).copied().unwrap_or(id)
    }

    fn plan(&self, mut plan: FailoverPlan) -> FailoverPlan {
        for step in &mut plan.steps {
            step.routes.iter_mut().for_each(|leg| leg.route = self.route(leg.route));
            step.hours = step.hours.map(|id| self.schedules.get(&id).copied().unwrap_or(id));
        }
        plan
    }

    fn plan_id(&self, id: PlanId) -> PlanId {
        self.plans.get(&id).copied().unwrap_or(id)
    }

    fn failover(&self, failover: Failover) -> Failover {
        match failover {
            Failover::None => Failover::None,
            Failover::Route(id) => Failover::Route(self.route(id)),
            Failover::Plan(id) => Failover::Plan(self.plan_id(id)),
        }
    }

    fn routing(&self, Routing { primary, failover, weights }: Routing) -> Routing {
        Routing { primary: self.route(primary), failover: self.failover(failover), weights }
    }
}

/// Writes the plan, with a change for each thing touched.
pub(super) async fn write(
    tx: &mut Tx,
    mut book: Book,
    plan: Plan,
    mut changes: Vec<NewChange>,
) -> Result<()> {
    let version = tx.next_version();
    let mut stored = Stored::default();
    for destination in plan.destinations_added {
        tx.allow_destination(destination).await?;
        changes.push(destination_change(destination, true));
    }
    for (before, after) in &plan.routes_changed {
        tx.update_route(after).await?;
        changes.push(route_change(&book, after.id, Some(before), Some(after)));
    }
    for new in plan.routes_added {
        let id = tx.insert_route(&new_route(&new)).await?;
        stored.routes.insert(new.id, id);
        let route = InboundRoute { id, ..new };
        changes.push(route_change(&book, id, None, Some(&route)));
        book.add(RouteRow { route, version, health: Default::default(), health_since: None });
    }
    for (before, after) in &plan.schedules_changed {
        tx.update_schedule(after).await?;
        changes.push(schedule_change(after.id, Some(before), Some(after)));
    }
    for new in plan.schedules_added {
        let id = tx.insert_schedule(&new_schedule(&new)).await?;
        stored.schedules.insert(new.id, id);
        let schedule = Schedule { id, ..new };
        changes.push(schedule_change(id, None, Some(&schedule)));
        book.add_schedule(ScheduleRow { schedule, version });
    }
    for (before, after) in plan.plans_changed {
        let after = stored.plan(after);
        tx.update_plan(&after).await?;
        changes.push(plan_change(&book, after.id, Some(&before), Some(&after)));
        book.add_plan(PlanRow { plan: after, version });
    }
    for new in plan.plans_added {
        let temporary = new.id;
        let FailoverPlan { name, steps, .. } = stored.plan(new);
        let id = tx.insert_plan(&NewPlan { name: name.clone(), steps: steps.clone() }).await?;
        stored.plans.insert(temporary, id);
        let plan = FailoverPlan { id, name, steps };
        changes.push(plan_change(&book, id, None, Some(&plan)));
        book.add_plan(PlanRow { plan, version });
    }
    let mut added = plan.dids_added;
    for new in &mut added {
        new.routing = stored.routing(new.routing);
        changes.push(did_added(&book, new));
    }
    let mut updates = Vec::with_capacity(plan.dids_changed.len());
    for mut update in plan.dids_changed {
        update.routing = stored.routing(update.routing);
        changes.push(did_updated(&book, &update));
        updates.push(update);
    }
    tx.insert_dids(&added).await?;
    tx.update_dids(&updates).await?;
    for (name, case) in plan.cases_added {
        let case = cases::map(case, |id| stored.route(id));
        let id = tx.insert_case(&new_case(&name, &case)?).await?;
        changes.push(case_change(&book, id, None, Some((&name, &case))));
    }
    for (old, (name, case)) in plan.cases_changed {
        let case = cases::map(case, |id| stored.route(id));
        tx.update_case(old.id, &new_case(&name, &case)?).await?;
        changes.push(case_change(&book, old.id, Some((&old.name, &old.case)), Some((&name, &case))));
    }
    for (old, Accepted { key, by, reason, at, until }) in plan.accepted {
        let key = key.map(|id| stored.route(id), |to| stored.failover(to), |id| stored.plan_id(id));
        let about = key.about(&book);
        let row = Accepted { key, by, reason, at, until }.row();
        tx.accept_finding(&row).await?;
        changes.push(acceptance_change(&about, old.as_ref(), Some(&row)));
    }
    tx.record(&changes).await?;
    Ok(())
}
