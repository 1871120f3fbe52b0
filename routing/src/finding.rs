//! What is wrong with a configuration, judged before any call fails.

mod audit;
mod hours;
mod loops;
mod outages;
mod shared;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

pub use audit::Audit;

use crate::{
    Cause, Dialling, E164, Failover, Group, HealthState, Millis, OwnDid, PlanId, RouteId, Routing, Snapshot,
    Weekday,
};

/// How bad a finding is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Calls are lost now, or one fault loses them.
    Serious,
    /// A way to an answer does not do what it seems to.
    Warning,
    /// Worth knowing.
    Note,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The primary is down and there is no failover.
    PrimaryDownNoFailover,
    /// Calls would go round among our own numbers.
    Loop,
    /// The failover would come back to us.
    OwnDid,
    /// Every way behind the primary is down itself.
    FailoverDown,
    /// There is no failover.
    NoFailover,
    /// Primary and failover lead to one host.
    SharedHost,
    /// Primary and failover depend on one carrier.
    SharedCarrier,
    /// Primary and failover stand at one site.
    SharedSite,
    /// A step is never entered.
    StepNeverEntered,
    /// No step of a plan is entered when the primary fails in one of the commonest ways.
    OutageEntersNoStep,
    /// Hours of the week in which no step is open.
    ScheduleGap,
    /// A machine may answer a step that rings several places, before anybody else can.
    VoicemailTrap,
    /// The set-up may take longer than the edge allows: the last steps are cut short.
    OverCap,
    /// A step begins when most callers have hung up.
    OverPatience,
    /// A call would use up its attempts before the end of the plan.
    AttemptsCut,
    /// A route rings numbers that cost more than others, or by satellite.
    PremiumRate,
    /// A plan rings one route twice.
    RouteTwice,
    /// A step has weights, and nothing that they could order.
    WeightsUnused,
    /// A machine takes a message at the end, and no answering service comes before it.
    EndsAtVoicemail,
}

impl FindingKind {
    /// Every kind, in the order to name them.
    pub const ALL: [FindingKind; 19] = [
        FindingKind::PrimaryDownNoFailover,
        FindingKind::Loop,
        FindingKind::OwnDid,
        FindingKind::FailoverDown,
        FindingKind::NoFailover,
        FindingKind::SharedHost,
        FindingKind::SharedCarrier,
        FindingKind::SharedSite,
        FindingKind::StepNeverEntered,
        FindingKind::OutageEntersNoStep,
        FindingKind::ScheduleGap,
        FindingKind::VoicemailTrap,
        FindingKind::OverCap,
        FindingKind::OverPatience,
        FindingKind::AttemptsCut,
        FindingKind::PremiumRate,
        FindingKind::RouteTwice,
        FindingKind::WeightsUnused,
        FindingKind::EndsAtVoicemail,
    ];

    /// Its stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            FindingKind::PrimaryDownNoFailover => "primary_down_no_failover",
            FindingKind::Loop => "loop",
            FindingKind::OwnDid => "own_did",
            FindingKind::FailoverDown => "failover_down",
            FindingKind::NoFailover => "no_failover",
            FindingKind::SharedHost => "shared_host",
            FindingKind::SharedCarrier => "shared_carrier",
            FindingKind::SharedSite => "shared_site",
            FindingKind::StepNeverEntered => "step_never_entered",
            FindingKind::OutageEntersNoStep => "outage_enters_no_step",
            FindingKind::ScheduleGap => "schedule_gap",
            FindingKind::VoicemailTrap => "voicemail_trap",
            FindingKind::OverCap => "over_cap",
            FindingKind::OverPatience => "over_patience",
            FindingKind::AttemptsCut => "attempts_cut",
            FindingKind::PremiumRate => "premium_rate",
            FindingKind::RouteTwice => "route_twice",
            FindingKind::WeightsUnused => "weights_unused",
            FindingKind::EndsAtVoicemail => "ends_at_voicemail",
        }
    }
}

/// Something that is wrong, with all DIDs that it touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// How bad it is.
    pub severity: Severity,
    /// With what.
    pub subject: FindingSubject,
    /// In which step: 1 is the failover route or the first step of the plan. `None`: as a whole.
    pub step: Option<u8>,
    /// What makes it so.
    pub detail: FindingDetail,
    /// How many DIDs it touches.
    pub dids: u64,
    /// The lowest of them.
    pub example: E164,
}

/// With what something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingSubject {
    /// Every DID of this routing.
    Routing(Routing),
    /// A plan, whatever the primary before it.
    Plan(PlanId),
    /// A route.
    Route(RouteId),
}

/// What makes it so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingDetail {
    /// Nothing more to say.
    Plain,
    /// The host, carrier or site that is shared.
    Shared(String),
    /// A time that is too long.
    After(Millis),
    /// When the gap begins, in the zone of the first step's hours, and how long it lasts in minutes of the week.
    Gap {
        /// The day.
        day: Weekday,
        /// The minute of that day.
        from_min: u16,
        /// Minutes of all gaps in a week.
        minutes: u32,
    },
    /// The failures of the primary that no step is entered on.
    Outages(Vec<Cause>),
    /// The route in question.
    Route(RouteId),
    /// How it leads back to us.
    LeadsBack(OwnDid),
}

impl Finding {
    /// A text that stays the same for as long as the same thing is wrong: what was accepted once is recognised by it.
    pub fn key(&self) -> String {
        let mut key = self.kind.name().to_owned();
        key.push('/');
        match self.subject {
            FindingSubject::Routing(routing) => {
                key.push_str(&format!("primary:{}", routing.primary));
                match routing.failover {
                    Failover::None => {}
                    Failover::Route(id) => key.push_str(&format!("/route:{id}")),
                    Failover::Plan(id) => key.push_str(&format!("/plan:{id}")),
                }
            }
            FindingSubject::Plan(id) => key.push_str(&format!("plan:{id}")),
            FindingSubject::Route(id) => key.push_str(&format!("route:{id}")),
        }
        if let Some(step) = self.step {
            key.push_str(&format!("/step:{step}"));
        }
        match &self.detail {
            FindingDetail::Route(id) => key.push_str(&format!("/route:{id}")),
            other => {
                if let Some(label) = other.label() {
                    key.push('/');
                    key.push_str(&label);
                }
            }
        }
        key
    }
}

impl FindingDetail {
    /// What of it belongs to the finding's key: with another host, gap, failure or number, it is another finding. A time that
    /// is too long stays the same finding, however long.
    pub fn label(&self) -> Option<String> {
        match self {
            FindingDetail::Shared(label) => Some(label.to_ascii_lowercase()),
            FindingDetail::Gap { day, from_min, minutes } => {
                Some(format!("{}-{from_min}-{minutes}", day.name().to_ascii_lowercase()))
            }
            FindingDetail::Outages(causes) => Some(outages::label(causes)),
            FindingDetail::LeadsBack(OwnDid::Number { number } | OwnDid::InsideUri { number }) => {
                Some(number.to_string())
            }
            FindingDetail::LeadsBack(OwnDid::OwnEdge { host }) => Some(host.to_ascii_lowercase()),
            FindingDetail::Plain | FindingDetail::After(_) | FindingDetail::Route(_) => None,
        }
    }
}

impl FindingKind {
    /// Whether its findings say what makes them so by a label: see [`FindingDetail::label`].
    pub fn has_label(self) -> bool {
        matches!(
            self,
            FindingKind::SharedHost
                | FindingKind::SharedCarrier
                | FindingKind::SharedSite
                | FindingKind::OutageEntersNoStep
                | FindingKind::ScheduleGap
                | FindingKind::OwnDid
        )
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What findings depend on beside the configuration.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// How the account's people dial.
    pub dialling: Dialling,
    /// Those numbers that routes may lead to and that are DIDs of the installation, whosever they are.
    pub own: &'a BTreeSet<E164>,
    /// What is known of routes' health; one that is not listed is unknown.
    pub health: &'a BTreeMap<RouteId, HealthState>,
    /// When, in seconds since 1970 UTC: it decides which offset a zone has.
    pub now: i64,
}

/// Everything that is wrong with a whole configuration; worst first, then what touches most DIDs.
pub fn findings(snapshot: &Snapshot, surroundings: Surroundings<'_>) -> Vec<Finding> {
    let groups: Vec<Group> = snapshot.groups();
    Audit::new(snapshot, surroundings).findings(&groups)
}
