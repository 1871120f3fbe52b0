//! The configuration of an account as plain values.

mod check;

use serde::{Deserialize, Serialize};

use crate::{
    Alias, DidId, E164, EdgeId, FailoverPlan, Millis, PlanId, RouteId, RouteTarget, Routing, Schedule,
    ScheduleId, Trigger, Version, Weights, Zone, bounded, limits,
};

pub use check::SnapshotError;
pub(crate) use check::{at_most, label};

/// A destination for inbound calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboundRoute {
    /// Unique in the account.
    pub id: RouteId,
    /// What its owner calls it; unique in the account without regard to case.
    pub alias: Alias,
    /// Where the call goes.
    pub target: RouteTarget,
    /// The preferred edge; others are fallbacks, never a pin. `None`: wherever the call came in.
    #[serde(default)]
    pub edge: Option<EdgeId>,
    /// What it shares its fate with, and what answers there.
    #[serde(default)]
    pub domains: Domains,
}

/// What a route shares its fate with, and what answers there. Host, address and edge are derived.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Domains {
    /// The carrier that brings the call there.
    pub carrier: Option<String>,
    /// The building.
    pub site: Option<String>,
    /// The part of the world.
    pub region: Option<String>,
    /// What answers; a healthy PBX answers sooner than a person.
    pub answerer: Answerer,
}

/// What answers at a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answerer {
    /// A phone system: it answers within about two seconds.
    #[default]
    Pbx,
    /// Somebody who must reach for a phone: about eight seconds.
    Person,
    /// An answering service.
    LiveAnswer,
    /// A machine that takes a message: it answers, yet nobody was reached.
    Voicemail,
}

/// A point of presence of ours: data, not code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// The id that the API shows (Flowroute's US-East-VA is 4).
    pub id: EdgeId,
    /// Such as `US-East-VA`.
    pub name: String,
    /// The host that it answers at; a route to it would come back to us.
    pub host: String,
}

/// A number that the account owns, and its routing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Did {
    /// Unique in the installation.
    pub id: DidId,
    /// The number callers dial.
    pub number: E164,
    /// What its owner calls it; need not be unique.
    #[serde(default)]
    pub alias: Option<Alias>,
    /// Where it rings.
    pub primary: RouteId,
    /// Where it rings when that fails.
    #[serde(default)]
    pub failover: Failover,
    /// How calls are shared between primary and failover route. `None`: the primary goes first. A plan as the
    /// failover leaves them unread.
    #[serde(default)]
    pub weights: Option<Weights>,
}

impl Did {
    /// The DID with another failover; see [`Routing::with_failover`].
    #[must_use]
    pub fn with_failover(self, failover: Failover) -> Did {
        let Routing { failover, weights, .. } = Routing::of(&self).with_failover(failover);
        Did { failover, weights, ..self }
    }
}

/// Where a DID rings when its primary route fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failover {
    /// Nowhere: the caller hears the failure.
    #[default]
    None,
    /// One route: a plan of one step.
    Route(RouteId),
    /// A failover plan.
    Plan(PlanId),
}

/// What the word for a plan begins with; its id follows.
const PLAN: &str = "plan:";

impl Failover {
    /// Reads what [`Failover::word`] writes, and nothing else: `none`, a route's id, or `plan:` and a plan's id.
    pub fn parse(word: &str) -> Option<Failover> {
        // `parse` alone would take a sign as well, so that one thing had two words.
        let id = |digits: &str| {
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<i64>().ok().filter(|_| plain)
        };
        match word.strip_prefix(PLAN) {
            _ if word == "none" => Some(Failover::None),
            Some(plan) => id(plan).map(PlanId).map(Failover::Plan),
            None => id(word).map(RouteId).map(Failover::Route),
        }
    }

    /// It in one word, as forms, addresses and stored texts say it: `none`, `3` for a route, `plan:3`.
    pub fn word(self) -> String {
        match self {
            Failover::None => "none".to_owned(),
            Failover::Route(id) => id.to_string(),
            Failover::Plan(id) => format!("{PLAN}{id}"),
        }
    }

    /// The failover route, where there is exactly one.
    pub fn route(self) -> Option<RouteId> {
        match self {
            Failover::Route(id) => Some(id),
            Failover::None | Failover::Plan(_) => None,
        }
    }

    /// The failover plan, where it is one.
    pub fn plan(self) -> Option<PlanId> {
        match self {
            Failover::Plan(id) => Some(id),
            Failover::None | Failover::Route(_) => None,
        }
    }
}

/// The account's clocks and trigger: they hold for the primary and for a plain failover route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Defaults {
    /// From the INVITE to the first provisional response.
    pub no_response_ms: Millis,
    /// From the first provisional response (100 included) to the answer.
    pub ring_ms: Millis,
    /// What the failover is entered on.
    pub trigger: Trigger,
    /// How long a caller waits before we warn.
    pub patience_ms: Millis,
}

impl Default for Defaults {
    fn default() -> Self {
        Defaults {
            no_response_ms: Millis(6_000),
            ring_ms: Millis(20_000),
            trigger: Trigger::default(),
            patience_ms: crate::limits::PATIENCE_MS,
        }
    }
}

/// The whole configuration of an account as one value, or the part of it that some calls need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Snapshot {
    /// The configuration version that it was read at.
    pub version: Version,
    /// The account's clocks and trigger.
    pub defaults: Defaults,
    /// Our points of presence.
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::EDGES_MAX }>")]
    pub edges: Vec<Edge>,
    /// Inbound routes. The built-in route [`RouteId::REGISTERED`] is always there, listed or not.
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::ROUTES_PER_ACCOUNT_MAX + 1 }>")]
    pub routes: Vec<InboundRoute>,
    /// Failover plans; one more than an account may have, for a draft that is tried.
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::PLANS_PER_ACCOUNT_MAX + 1 }>")]
    pub plans: Vec<FailoverPlan>,
    /// Schedules that steps name.
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::SCHEDULES_PER_ACCOUNT_MAX }>")]
    pub schedules: Vec<Schedule>,
    /// The zones that schedules name.
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::ZONES_MAX }>")]
    pub zones: Vec<Zone>,
    /// Numbers.
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::DIDS_PER_ACCOUNT_MAX }>")]
    pub dids: Vec<Did>,
}

impl Snapshot {
    /// The plan of that id.
    pub fn plan(&self, id: PlanId) -> Option<&FailoverPlan> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    /// The schedule of that id, with its zone.
    pub fn schedule(&self, id: ScheduleId) -> Option<(&Schedule, &Zone)> {
        let schedule = self.schedules.iter().find(|schedule| schedule.id == id)?;
        Some((schedule, self.zones.iter().find(|zone| zone.name == schedule.zone)?))
    }

    /// The route of that id; the built-in one only if it is listed.
    pub fn route(&self, id: RouteId) -> Option<&InboundRoute> {
        self.routes.iter().find(|route| route.id == id)
    }
}

/// What probes, or an operator, say of a route. `Down` and `Recovering` count as down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// Nothing is known yet.
    #[default]
    Unknown,
    /// It answers.
    Up,
    /// Some probes failed, not yet enough.
    Failing,
    /// Marked down: calls pass it over.
    Down,
    /// It answers again, not yet often enough.
    Recovering,
}

impl HealthState {
    /// Whether calls pass the route over.
    pub fn is_down(self) -> bool {
        matches!(self, HealthState::Down | HealthState::Recovering)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failover_is_one_word_that_reads_back() {
        for (word, failover) in [
            ("none", Failover::None),
            ("0", Failover::Route(RouteId::REGISTERED)),
            ("3", Failover::Route(RouteId(3))),
            ("plan:3", Failover::Plan(PlanId(3))),
            ("plan:9223372036854775807", Failover::Plan(PlanId(i64::MAX))),
        ] {
            assert_eq!(failover.word(), word);
            assert_eq!(Failover::parse(word), Some(failover));
        }
        for word in [
            "",
            " 3",
            "+3",
            "-3",
            "3.0",
            "٣",
            "None",
            "plan:",
            "plan:none",
            "plan: 3",
            "plan:-3",
            "Plan:3",
            "route:3",
            "9223372036854775808",
        ] {
            assert_eq!(Failover::parse(word), None, "{word:?}");
        }
    }
}
