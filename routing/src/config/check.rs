//! A snapshot that comes from outside is looked through before anything is run in it: what is larger than may be, or
//! names what is not there, is refused with its place. The work is in proportion to the snapshot's size.

use std::collections::BTreeSet;
use std::fmt;

use super::{Failover, Snapshot};
use crate::limits::{
    CLOCK_MAX_MS, CLOCK_MIN_MS, DIDS_PER_ACCOUNT_MAX, EDGES_MAX, FAULTS_MAX, INPUT_OCTETS_MAX,
    LABEL_CHARS_MAX, OFFSET_CHANGES_MAX, OFFSET_MAX_S, PLANS_PER_ACCOUNT_MAX, ROUTES_PER_ACCOUNT_MAX,
    ROUTES_PER_STEP_MAX, SCHEDULES_PER_ACCOUNT_MAX, SRV_HOSTS_MAX, SRV_TARGETS_MAX, STEPS_MAX, WEIGHT_MAX,
    ZONES_MAX,
};
use crate::{
    Did, FailoverPlan, FaultTarget, Millis, PlanId, RouteId, RouteTarget, Scenario, ScheduleId, Step, Zone,
};

/// What is wrong with a snapshot or a scenario from outside, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct SnapshotError {
    /// Such as `plans[2].steps[0].routes[1]`, counted from 0.
    pub place: String,
    /// What is wrong, and what would be right.
    pub reason: String,
}

pub(crate) type Checked<T = ()> = Result<T, SnapshotError>;

fn refuse<T>(place: impl fmt::Display, reason: impl fmt::Display) -> Checked<T> {
    Err(SnapshotError { place: place.to_string(), reason: reason.to_string() })
}

/// What there may be at most so many of.
pub(crate) fn at_most(place: impl fmt::Display, found: usize, max: usize) -> Checked {
    if found <= max {
        return Ok(());
    }
    refuse(place, format!("there are {found} of them; there may be at most {max}"))
}

/// The keys of a list, each of which may stand there once.
fn keys<T: Ord + Clone + fmt::Display>(
    list: &str,
    field: &str,
    keys: impl Iterator<Item = T>,
) -> Checked<BTreeSet<T>> {
    let mut seen = BTreeSet::new();
    for (at, key) in keys.enumerate() {
        if !seen.insert(key.clone()) {
            return refuse(format!("{list}[{at}].{field}"), format!("{key} stands twice; write it once"));
        }
    }
    Ok(seen)
}

/// A name that people gave to something, on one line.
pub(crate) fn label(place: impl fmt::Display, text: &str, chars_max: usize) -> Checked {
    if text.chars().nth(chars_max).is_some() {
        return refuse(place, format!("this is longer than {chars_max} characters; write a shorter one"));
    }
    if text.chars().any(char::is_control) {
        return refuse(place, "a control character or line break stands here; write it without");
    }
    Ok(())
}

fn clock(place: impl fmt::Display, found: Millis, least: Millis) -> Checked {
    if (least..=CLOCK_MAX_MS).contains(&found) {
        return Ok(());
    }
    refuse(place, format!("{found} is no clock of a call; write {least} to {CLOCK_MAX_MS}"))
}

fn weight(place: impl fmt::Display, found: u16) -> Checked {
    if found <= WEIGHT_MAX {
        return Ok(());
    }
    refuse(place, format!("{found} is no weight; write 0 to {WEIGHT_MAX}"))
}

/// What can be named.
struct Named {
    routes: BTreeSet<RouteId>,
    plans: BTreeSet<PlanId>,
    schedules: BTreeSet<ScheduleId>,
}

impl Named {
    fn route(&self, place: impl fmt::Display, id: RouteId) -> Checked {
        if id == RouteId::REGISTERED || self.routes.contains(&id) {
            return Ok(());
        }
        refuse(place, format!("there is no inbound route {id}"))
    }
}

impl Snapshot {
    /// Looks through a snapshot that was made elsewhere. (One of the store holds what is looked for here already.)
    /// An edge need not be listed: routes share a fate by its id alone.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), SnapshotError> {
        for (list, found, max) in [
            ("edges", self.edges.len(), EDGES_MAX),
            // The built-in route may be listed beside those of the account.
            ("routes", self.routes.len(), ROUTES_PER_ACCOUNT_MAX + 1),
            ("plans", self.plans.len(), PLANS_PER_ACCOUNT_MAX),
            ("schedules", self.schedules.len(), SCHEDULES_PER_ACCOUNT_MAX),
            ("zones", self.zones.len(), ZONES_MAX),
            ("dids", self.dids.len(), DIDS_PER_ACCOUNT_MAX),
        ] {
            at_most(list, found, max)?;
        }
        for (field, found) in [
            ("no_response_ms", self.defaults.no_response_ms),
            ("ring_ms", self.defaults.ring_ms),
            ("patience_ms", self.defaults.patience_ms),
        ] {
            clock(format!("defaults.{field}"), found, Millis::ZERO)?;
        }
        keys("edges", "id", self.edges.iter().map(|edge| edge.id))?;
        for (at, edge) in self.edges.iter().enumerate() {
            label(format!("edges[{at}].name"), &edge.name, LABEL_CHARS_MAX)?;
            label(format!("edges[{at}].host"), &edge.host, INPUT_OCTETS_MAX)?;
        }
        let named = Named {
            routes: keys("routes", "id", self.routes.iter().map(|route| route.id))?,
            plans: keys("plans", "id", self.plans.iter().map(|plan| plan.id))?,
            schedules: keys("schedules", "id", self.schedules.iter().map(|schedule| schedule.id))?,
        };
        self.check_routes()?;
        self.check_schedules()?;
        for (at, plan) in self.plans.iter().enumerate() {
            check_plan(&format!("plans[{at}]"), plan, &named)?;
        }
        keys("dids", "number", self.dids.iter().map(|did| did.number))?;
        for (at, did) in self.dids.iter().enumerate() {
            check_did(at, did, &named)?;
        }
        Ok(())
    }

    fn check_routes(&self) -> Checked {
        for (at, route) in self.routes.iter().enumerate() {
            let built_in = route.id == RouteId::REGISTERED;
            if built_in != (route.target == RouteTarget::Registered) {
                let reason = "the route to registered devices has the id 0, and no other route has it";
                return refuse(format!("routes[{at}].target"), reason);
            }
            let labels = &route.domains;
            for (field, text) in
                [("carrier", &labels.carrier), ("site", &labels.site), ("region", &labels.region)]
            {
                let text = text.as_deref().unwrap_or_default();
                label(format!("routes[{at}].domains.{field}"), text, LABEL_CHARS_MAX)?;
            }
        }
        Ok(())
    }

    fn check_schedules(&self) -> Checked {
        for (at, zone) in self.zones.iter().enumerate() {
            check_zone(&format!("zones[{at}]"), zone)?;
        }
        let zones = keys("zones", "name", self.zones.iter().map(|zone| zone.name.as_str()))?;
        for (at, schedule) in self.schedules.iter().enumerate() {
            let place = format!("schedules[{at}]");
            schedule.check().or_else(|error| refuse(&place, error))?;
            label(format!("{place}.zone"), &schedule.zone, LABEL_CHARS_MAX)?;
            if !zones.contains(schedule.zone.as_str()) {
                let reason = format!("the zone {} is not among the zones; add it there", schedule.zone);
                return refuse(format!("{place}.zone"), reason);
            }
        }
        Ok(())
    }
}

fn check_zone(place: &str, zone: &Zone) -> Checked {
    label(format!("{place}.name"), &zone.name, LABEL_CHARS_MAX)?;
    at_most(format!("{place}.changes"), zone.changes.len(), OFFSET_CHANGES_MAX)?;
    let offset = |place: String, found: i32| {
        if (-OFFSET_MAX_S..=OFFSET_MAX_S).contains(&found) {
            return Ok(());
        }
        let reason = format!("no zone is {found} s ahead of UTC; write at most {OFFSET_MAX_S} s either way");
        refuse(place, reason)
    };
    offset(format!("{place}.offset_s"), zone.offset_s)?;
    let mut last = i64::MIN;
    for (at, change) in zone.changes.iter().enumerate() {
        if at > 0 && change.at <= last {
            let reason = "this change is not later than the one before it; write them in order";
            return refuse(format!("{place}.changes[{at}].at"), reason);
        }
        offset(format!("{place}.changes[{at}].offset_s"), change.offset_s)?;
        last = change.at;
    }
    Ok(())
}

fn check_plan(place: &str, plan: &FailoverPlan, named: &Named) -> Checked {
    at_most(format!("{place}.steps"), plan.steps.len(), STEPS_MAX)?;
    if plan.steps.is_empty() {
        return refuse(format!("{place}.steps"), "a plan needs at least one step");
    }
    for (at, step) in plan.steps.iter().enumerate() {
        check_step(&format!("{place}.steps[{at}]"), step, named)?;
    }
    Ok(())
}

fn check_step(place: &str, step: &Step, named: &Named) -> Checked {
    at_most(format!("{place}.routes"), step.routes.len(), ROUTES_PER_STEP_MAX)?;
    if step.routes.is_empty() {
        return refuse(format!("{place}.routes"), "a step needs at least one inbound route");
    }
    for (at, leg) in step.routes.iter().enumerate() {
        named.route(format!("{place}.routes[{at}]"), leg.route)?;
        if step.routes[..at].iter().any(|other| other.route == leg.route) {
            return refuse(format!("{place}.routes[{at}]"), "this step rings this inbound route already");
        }
        weight(format!("{place}.routes[{at}].weight"), leg.weight.unwrap_or_default())?;
    }
    if let Some(hours) = step.hours.filter(|hours| !named.schedules.contains(hours)) {
        return refuse(format!("{place}.hours"), format!("there is no schedule {hours}"));
    }
    clock(format!("{place}.no_response_ms"), step.no_response_ms, CLOCK_MIN_MS)?;
    clock(format!("{place}.ring_ms"), step.ring_ms, CLOCK_MIN_MS)?;
    clock(format!("{place}.stagger_ms"), step.stagger_ms, Millis::ZERO)
}

fn check_did(at: usize, did: &Did, named: &Named) -> Checked {
    named.route(format!("dids[{at}].primary"), did.primary)?;
    match did.failover {
        Failover::None => {}
        Failover::Route(id) => named.route(format!("dids[{at}].failover"), id)?,
        Failover::Plan(id) if named.plans.contains(&id) => {}
        Failover::Plan(id) => {
            return refuse(format!("dids[{at}].failover"), format!("there is no failover plan {id}"));
        }
    }
    let Some(weights) = did.weights else { return Ok(()) };
    weight(format!("dids[{at}].weights.primary"), weights.primary)?;
    weight(format!("dids[{at}].weights.failover"), weights.failover)
}

impl Scenario {
    /// Looks through a scenario that was made elsewhere. What it breaks need not be there: it may be gone since.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), SnapshotError> {
        at_most("faults", self.faults.len(), FAULTS_MAX)?;
        at_most("marked_down", self.marked_down.len(), ROUTES_PER_ACCOUNT_MAX)?;
        at_most("switched_off", self.switched_off.len(), ROUTES_PER_ACCOUNT_MAX)?;
        at_most("srv", self.srv.len(), SRV_HOSTS_MAX)?;
        for (at, injected) in self.faults.iter().enumerate() {
            let (text, chars_max) = match &injected.on {
                FaultTarget::Host(text) => (text, INPUT_OCTETS_MAX),
                FaultTarget::Site(text) | FaultTarget::Carrier(text) | FaultTarget::Region(text) => {
                    (text, LABEL_CHARS_MAX)
                }
                FaultTarget::Route(_) | FaultTarget::Edge(_) | FaultTarget::Network(_) => continue,
            };
            label(format!("faults[{at}].on"), text, chars_max)?;
        }
        for (at, record) in self.srv.iter().enumerate() {
            label(format!("srv[{at}].host"), &record.host, INPUT_OCTETS_MAX)?;
            at_most(format!("srv[{at}].targets"), record.targets.len(), SRV_TARGETS_MAX)?;
            for (place, target) in record.targets.iter().enumerate() {
                label(format!("srv[{at}].targets[{place}]"), target, INPUT_OCTETS_MAX)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
