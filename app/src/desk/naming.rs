//! What the things of a configuration are called.

use routing::{
    Failover, Failure, Fault, FaultTarget, NetworkKind, PlanId, RouteId, Routing, ScheduleId, Snapshot,
};

use super::UNSAVED;
use crate::timeline;

/// Names from a snapshot. What it does not hold is called by its number.
#[derive(Clone, Copy, Debug)]
pub struct Naming<'a>(pub &'a Snapshot);

impl Naming<'_> {
    /// A route's alias.
    pub fn route(self, id: RouteId) -> String {
        timeline::name_of(self.0, id)
    }

    /// A plan's name.
    pub fn plan(self, id: PlanId) -> String {
        match self.0.plan(id) {
            Some(plan) if id == UNSAVED => format!("{} (not saved)", plan.name),
            Some(plan) => plan.name.to_string(),
            None => format!("plan {id}"),
        }
    }

    /// A schedule's name.
    pub fn schedule(self, id: ScheduleId) -> String {
        let found = self.0.schedules.iter().find(|schedule| schedule.id == id);
        found.map_or_else(|| format!("schedule {id}"), |schedule| schedule.name.to_string())
    }

    /// A failover: a route's alias, a plan's name, or that there is none.
    pub fn failover(self, failover: Failover) -> String {
        match failover {
            Failover::None => "no failover".into(),
            Failover::Route(id) => self.route(id),
            Failover::Plan(id) => self.plan(id),
        }
    }

    /// `seattle-pbx → Clinic plan`.
    pub fn routing(self, routing: Routing) -> String {
        format!("{} → {}", self.route(routing.primary), self.failover(routing.failover))
    }

    /// What can fail, by its own name: `Cascade Fiber`, `the phone network`.
    pub fn target(self, target: &FaultTarget) -> String {
        match target {
            FaultTarget::Route(id) => self.route(*id),
            FaultTarget::Host(name)
            | FaultTarget::Site(name)
            | FaultTarget::Carrier(name)
            | FaultTarget::Region(name) => name.clone(),
            FaultTarget::Edge(id) => {
                let edge = self.0.edges.iter().find(|edge| edge.id == *id);
                edge.map_or_else(|| format!("edge {id}"), |edge| edge.name.clone())
            }
            FaultTarget::Network(NetworkKind::SipHosts) => "all SIP hosts".into(),
            FaultTarget::Network(NetworkKind::PhoneNetwork) => "the phone network".into(),
            FaultTarget::Network(NetworkKind::RegisteredDevices) => "all registered devices".into(),
        }
    }

    /// The same with its kind before it: `the carrier Cascade Fiber`.
    pub fn target_with_kind(self, target: &FaultTarget) -> String {
        let kind = match target {
            FaultTarget::Route(id) if self.0.route(*id).is_none() && *id != RouteId::REGISTERED => "",
            FaultTarget::Route(_) => "the route ",
            FaultTarget::Host(_) => "the host ",
            FaultTarget::Site(_) => "the site ",
            FaultTarget::Carrier(_) => "the carrier ",
            FaultTarget::Region(_) => "the region ",
            FaultTarget::Edge(_) => "the edge ",
            FaultTarget::Network(_) => "",
        };
        format!("{kind}{}", self.target(target))
    }

    /// Whether it has a name of its own for what fails.
    pub(super) fn knows(self, failure: &Failure) -> bool {
        let is_there = |id: &RouteId| *id == RouteId::REGISTERED || self.0.route(*id).is_some();
        match failure {
            Failure::Domain(FaultTarget::Route(id)) => is_there(id),
            Failure::Layers { behind, .. } => behind.iter().all(is_there),
            Failure::Nothing | Failure::Primary(_) | Failure::Domain(_) => true,
        }
    }

    /// A failure as a condition, to be read after "when": `the carrier Acme fails`.
    pub fn failure(self, failure: &Failure) -> String {
        match failure {
            Failure::Nothing => "nothing fails".into(),
            Failure::Primary(fault) => format!("the primary route {}", fault_words(*fault)),
            Failure::Domain(
                target @ FaultTarget::Network(NetworkKind::SipHosts | NetworkKind::RegisteredDevices),
            ) => {
                format!("{} fail", self.target(target))
            }
            Failure::Domain(target) => format!("{} fails", self.target_with_kind(target)),
            Failure::Layers { primary, behind, how } => {
                let names: Vec<String> = behind.iter().map(|id| self.route(*id)).collect();
                if primary == how {
                    return format!("the primary route and {} {}", listed(&names), faults_words(*how));
                }
                let how = if names.len() > 1 { faults_words(*how) } else { fault_words(*how) };
                format!("the primary route {} and {} {how}", fault_words(*primary), listed(&names))
            }
        }
    }
}

/// The things in the order of their names. One sort serves every list: each kind of sort would weigh some kilobytes
/// in the browser.
pub(super) fn in_order<T>(things: Vec<T>, name: impl Fn(&T) -> String) -> Vec<T> {
    let mut things: Vec<Option<T>> = things.into_iter().map(Some).collect();
    let names = things.iter().map(|thing| thing.as_ref().map(&name).unwrap_or_default()).collect();
    places(names).into_iter().filter_map(|place| things.get_mut(place)?.take()).collect()
}

/// The places of names in their order.
fn places(names: Vec<String>) -> Vec<usize> {
    let mut numbered: Vec<(String, usize)> = names.into_iter().zip(0..).collect();
    numbered.sort_unstable();
    numbered.into_iter().map(|(_, place)| place).collect()
}

/// `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The same of several.
fn faults_words(fault: Fault) -> String {
    match fault {
        Fault::Silent => "do not answer at all".into(),
        Fault::RingsForEver => "ring for ever".into(),
        other => format!("each {}", fault_words(other)),
    }
}

/// What a fault does, to be read after its subject: `is silent`.
pub fn fault_words(fault: Fault) -> String {
    match fault {
        Fault::Silent => "does not answer at all".into(),
        Fault::TryingOnly => "says 100 Trying, then nothing".into(),
        Fault::Rejects(code) => format!("rejects with {} {}", code.code().get(), code.code().phrase()),
        Fault::Refused => "refuses the connection".into(),
        Fault::DnsFailure => "has no address in DNS".into(),
        Fault::TlsFailure => "fails in TLS".into(),
        Fault::RingsForEver => "rings for ever".into(),
        Fault::Busy => "is busy".into(),
        Fault::Declines => "declines".into(),
        Fault::AnswersAfter(after) => format!("answers after {after}"),
        Fault::VoicemailAnswers => "has its voicemail answer".into(),
    }
}
