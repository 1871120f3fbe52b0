//! What the desk's controls say, as one value: an address says the same, and a scenario comes of it.

use routing::{
    CallerBehaviour, CaseId, Did, E164, Failover, Fault, FaultTarget, InboundRoute, InjectedFault, Millis,
    NetworkKind, Profile, RouteId, Scenario, Snapshot, Zone,
};
use serde::{Deserialize, Serialize};

use super::{UNSAVED, UnsavedPlan, moment::local_text};

/// Failures at once: more rows than anybody reads.
pub const FAILURES_MAX: usize = 20;

/// What the desk shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Controls {
    /// The number that is called. `None`: the first of those to choose from.
    pub did: Option<E164>,
    /// Only calls that may go to this route.
    pub route: Option<RouteId>,
    /// When, in seconds since 1970 UTC. `None`: any time, as if every hour were open.
    pub at: Option<i64>,
    /// The zone in which the time is written.
    pub zone: String,
    /// What is broken.
    pub faults: Vec<InjectedFault>,
    /// What health checks know.
    pub health: Health,
    /// When the caller gives up.
    pub hangs_up: Option<Millis>,
    /// Whose timers run.
    pub profile: Profile,
    /// What draws by weight start from.
    pub seed: u64,
    /// The primary that the call is tried with. `None`: the one that the number has.
    pub primary: Option<RouteId>,
    /// The failover of the call that is shown.
    pub failover: Draft,
    /// The failover of the call beside it. `None`: nothing stands beside it.
    pub against: Option<Draft>,
    /// The saved case that the call was opened from.
    pub case: Option<CaseId>,
    /// A plan that is not saved, to choose as a failover.
    pub unsaved: Option<UnsavedPlan>,
}

/// What health checks know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// What they know now.
    #[default]
    Now,
    /// That, and every route that a failure of the list has taken out.
    Noticed,
    /// Nothing: no route is marked down.
    Ignored,
    /// These routes are marked down because they do not answer, and no other.
    These(Vec<RouteId>),
}

/// The word for the failover that the number has.
const AS_IT_IS: &str = "now";

/// The failover that a call is tried with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Draft {
    /// The one that the number has.
    #[default]
    AsItIs,
    /// Another.
    To(Failover),
}

impl Draft {
    /// The number with this failover.
    pub fn of(self, did: &Did) -> Did {
        match self {
            Draft::AsItIs => did.clone(),
            Draft::To(failover) => did.clone().with_failover(failover),
        }
    }

    /// As it stands in an address and in a drop-down.
    pub fn word(self) -> String {
        match self {
            Draft::AsItIs => AS_IT_IS.into(),
            Draft::To(failover) => failover.word(),
        }
    }

    /// Reads that word.
    pub fn parse(word: &str) -> Option<Draft> {
        match word {
            AS_IT_IS => Some(Draft::AsItIs),
            _ => Failover::parse(word).map(Draft::To),
        }
    }
}

impl Controls {
    /// Shows the unsaved plan, beside what the number has now: what an address means that brings one and says no more.
    pub(super) fn try_unsaved(&mut self) {
        self.failover = Draft::To(Failover::Plan(UNSAVED));
        self.against.get_or_insert(Draft::AsItIs);
    }

    /// The call to a number; `marked_down` is the health of now.
    pub fn scenario(&self, did: E164, snapshot: &Snapshot, marked_down: &[RouteId]) -> Scenario {
        let mut scenario = self.base(did, snapshot, marked_down);
        // What somebody asked for stands before what health implies: of two faults on a route the first holds.
        scenario.faults.splice(0..0, self.faults.iter().cloned());
        scenario
    }

    /// The call as a case keeps it. What is down at the moment is left out of it, unless it is `with_down`: a case is
    /// held against changes long after.
    pub fn to_save(
        &self,
        did: E164,
        snapshot: &Snapshot,
        marked_down: &[RouteId],
        with_down: bool,
    ) -> Scenario {
        self.scenario(did, snapshot, if with_down { marked_down } else { &[] })
    }

    /// Whether what is down at the moment has a say in the call.
    pub fn minds_what_is_down(&self) -> bool {
        matches!(self.health, Health::Now | Health::Noticed)
    }

    /// The same call without the failures of the list: what a failure of the matrix is laid upon.
    pub fn base(&self, did: E164, snapshot: &Snapshot, marked_down: &[RouteId]) -> Scenario {
        let mut scenario = Scenario::new(did);
        scenario.at = self.at;
        scenario.caller = CallerBehaviour { hangs_up_after: self.hangs_up };
        scenario.profile = self.profile;
        scenario.seed = self.seed;
        if self.minds_what_is_down() {
            scenario.mark_down(marked_down);
        }
        match &self.health {
            Health::Now | Health::Ignored => {}
            Health::Noticed => scenario.marked_down.extend(self.noticed(snapshot, marked_down)),
            Health::These(routes) => scenario.mark_down(routes),
        }
        scenario
    }

    /// The routes that probes would find dead under these failures, without those that are marked down now.
    fn noticed(&self, snapshot: &Snapshot, marked_down: &[RouteId]) -> Vec<RouteId> {
        let out = self.faults.iter().filter(|injected| is_noticed(injected.fault));
        let hit: Vec<&FaultTarget> = out.map(|injected| &injected.on).collect();
        let routes = snapshot.routes.iter().filter(|route| hit.iter().any(|target| befalls(target, route)));
        routes.map(|route| route.id).filter(|id| !marked_down.contains(id)).collect()
    }

    /// The controls that make this call. `None` if there are none for it: SRV records, an outage switch, routes that are
    /// marked down and answer.
    pub fn of(scenario: &Scenario, zone: &Zone) -> Option<Controls> {
        let faults: Vec<InjectedFault> = scenario.faults_beside_down().cloned().collect();
        let is_silent = |id: &RouteId| {
            scenario.faults.contains(&InjectedFault { on: FaultTarget::Route(*id), fault: Fault::Silent })
        };
        let all_silent = scenario.marked_down.iter().all(is_silent);
        if !(scenario.srv.is_empty() && scenario.switched_off.is_empty() && all_silent)
            || faults.len() > FAILURES_MAX
        {
            return None;
        }
        // An hour that autumn repeats is written twice alike: the second one is shown in UTC.
        let local =
            |zone: &Zone, at| super::parse_local(&local_text(at, zone)).map(|local| zone.utc_of(local));
        let exact = scenario.at.is_none_or(|at| local(zone, at) == Some(at));
        let health = match scenario.marked_down.as_slice() {
            [] => Health::Ignored,
            routes => Health::These(routes.to_vec()),
        };
        Some(Controls {
            did: Some(scenario.did),
            at: scenario.at,
            zone: if exact { zone.name.clone() } else { Zone::utc().name },
            faults,
            health,
            hangs_up: scenario.caller.hangs_up_after,
            profile: scenario.profile,
            seed: scenario.seed,
            ..Controls::default()
        })
    }

    /// What an address says of them, in the order of its parameters; what is as usual is left out.
    pub fn pairs<'a>(&'a self, zones: &[Zone]) -> Vec<(&'a str, String)> {
        let mut pairs: Vec<(&'a str, String)> = Vec::new();
        let mut add = |name, value: String| pairs.push((name, value));
        if let Some(did) = self.did {
            add("did", did.to_string());
        }
        if let Some(route) = self.route {
            add("route", route.to_string());
        }
        if let Some(at) = self.at {
            let zone = zones.iter().find(|zone| zone.name == self.zone).cloned().unwrap_or_else(Zone::utc);
            add("at", local_text(at, &zone));
            add("zone", zone.name);
        }
        for fault in &self.faults {
            add("fault", fault.to_string());
        }
        match &self.health {
            Health::Now => {}
            Health::Noticed => add("health", "noticed".into()),
            Health::Ignored => add("health", "ignored".into()),
            Health::These(routes) => routes.iter().for_each(|route| add("down", route.to_string())),
        }
        if let Some(after) = self.hangs_up {
            add("hangs_up", after.seconds());
        }
        if self.profile == Profile::Kamailio {
            add("profile", "kamailio".into());
        }
        if self.seed != 0 {
            add("seed", self.seed.to_string());
        }
        if let Some(primary) = self.primary {
            add("primary", primary.to_string());
        }
        // Without a word, an unsaved plan is the failover to look at.
        if self.failover != Draft::AsItIs || self.unsaved.is_some() {
            add("failover", self.failover.word());
        }
        if let Some(against) = self.against {
            add("against", against.word());
        }
        if let Some(case) = self.case {
            add("case", case.to_string());
        }
        if let Some(unsaved) = &self.unsaved {
            add("draft", unsaved.of.map_or_else(|| "new".into(), |plan| plan.to_string()));
            unsaved.fields.iter().for_each(|(name, value)| add(name, value.clone()));
        }
        pairs
    }
}

/// Whether OPTIONS probes see it: what is busy, or rings on, still answers them.
fn is_noticed(fault: Fault) -> bool {
    match fault {
        Fault::Silent | Fault::TryingOnly | Fault::Refused | Fault::DnsFailure | Fault::TlsFailure => true,
        Fault::Rejects(code) => (500..600).contains(&code.code().get()),
        Fault::RingsForEver
        | Fault::Busy
        | Fault::Declines
        | Fault::AnswersAfter(_)
        | Fault::VoicemailAnswers => false,
    }
}

/// The same of a route's id; the built-in one depends on its network alone.
pub(super) fn befalls_id(target: &FaultTarget, id: RouteId, snapshot: &Snapshot) -> bool {
    match snapshot.route(id) {
        Some(route) => befalls(target, route),
        None => {
            *target == FaultTarget::Route(id)
                || *target == FaultTarget::Network(NetworkKind::RegisteredDevices)
        }
    }
}

/// Whether a route depends on what fails.
fn befalls(target: &FaultTarget, route: &InboundRoute) -> bool {
    let same = |label: &Option<String>, of: fn(String) -> FaultTarget| {
        label.as_ref().is_some_and(|label| target.is_same(&of(label.clone())))
    };
    match target {
        FaultTarget::Route(id) => *id == route.id,
        FaultTarget::Host(_) => same(&route.target.host().map(|host| host.to_string()), FaultTarget::Host),
        FaultTarget::Site(_) => same(&route.domains.site, FaultTarget::Site),
        FaultTarget::Carrier(_) => same(&route.domains.carrier, FaultTarget::Carrier),
        FaultTarget::Region(_) => same(&route.domains.region, FaultTarget::Region),
        FaultTarget::Edge(id) => route.edge == Some(*id),
        FaultTarget::Network(kind) => *kind == NetworkKind::of(&route.target),
    }
}
