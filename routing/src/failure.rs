//! The failures that a configuration is held against: each breaks one thing that several routes may depend on.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    FailoverPlan, Fault, FaultTarget, HostTarget, InboundRoute, InjectedFault, NetworkKind, RouteId,
    RouteTarget, Routing, Scenario, Snapshot,
};

/// A failure to hold a configuration against.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Everything works.
    Nothing,
    /// The primary route of the number that is called, whichever it is.
    Primary(Fault),
    /// Everything that depends on this falls silent.
    Domain(FaultTarget),
    /// The primary fails, and with it routes behind it: what leads a call to the later layers.
    Layers {
        /// How the primary fails.
        primary: Fault,
        /// The routes that fail with it, each once.
        behind: Vec<RouteId>,
        /// How each of them fails.
        how: Fault,
    },
}

impl Failure {
    /// What fails at a number's primary, in the order to show them.
    const AT_PRIMARY: [Fault; 4] = [Fault::Silent, Fault::RingsForEver, Fault::Busy, Fault::Declines];

    /// What leads a call through the layers of a plan, down to its last: the primary fails and so do the first steps
    /// behind it, one more each time. Routes that are dead and routes where nobody picks up take another way each. That
    /// all of it fails is no way to any layer.
    pub fn layers(snapshot: &Snapshot, routing: Routing) -> Vec<Failure> {
        let plan = routing.failover.plan().and_then(|id| snapshot.plan(id));
        let steps = plan.map(|plan| plan.steps.as_slice()).unwrap_or_default();
        let (mut failures, mut behind): (Vec<Failure>, Vec<RouteId>) = (Vec::new(), Vec::new());
        for step in steps.iter().take(steps.len().saturating_sub(1)) {
            for leg in &step.routes {
                if leg.route != routing.primary && !behind.contains(&leg.route) {
                    behind.push(leg.route);
                }
            }
            let ways = [
                (Fault::Silent, Fault::Silent),
                (Fault::Silent, Fault::RingsForEver),
                (Fault::RingsForEver, Fault::RingsForEver),
            ];
            let ways = ways.into_iter().filter(|_| !behind.is_empty());
            failures.extend(ways.map(|(primary, how)| Failure::Layers {
                primary,
                behind: behind.clone(),
                how,
            }));
        }
        failures
    }

    /// The faults that it is, on a call of that routing.
    pub fn faults(&self, routing: Routing) -> Vec<InjectedFault> {
        let on = |id: RouteId, fault: Fault| InjectedFault { on: FaultTarget::Route(id), fault };
        match self {
            Failure::Nothing => Vec::new(),
            Failure::Primary(fault) => vec![on(routing.primary, *fault)],
            Failure::Domain(target) => vec![InjectedFault { on: target.clone(), fault: Fault::Silent }],
            Failure::Layers { primary, behind, how } => std::iter::once(on(routing.primary, *primary))
                .chain(behind.iter().map(|id| on(*id, *how)))
                .collect(),
        }
    }

    /// The call with this failure added to what is broken already.
    #[must_use]
    pub fn befalls(&self, mut scenario: Scenario, routing: Routing) -> Scenario {
        // Of two faults on a route the first holds: what is tried stands before what is down already.
        scenario.faults.splice(0..0, self.faults(routing));
        scenario
    }

    /// The failures that a configuration is held against: nothing; each way in which a primary fails; then each
    /// carrier, site, region, edge and network that its routes depend on, and each host that two of them share.
    pub fn of(snapshot: &Snapshot) -> Vec<Failure> {
        let mut failures = vec![Failure::Nothing];
        failures.extend(Failure::AT_PRIMARY.map(Failure::Primary));
        failures.extend(domains(snapshot).into_iter().map(Failure::Domain));
        failures
    }
}

impl fmt::Display for Failure {
    /// `nothing`, `primary=silent`, `carrier:Acme=silent`, `primary=silent+route:3=rings`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Nothing => f.write_str("nothing"),
            Failure::Primary(fault) => write!(f, "primary={}", fault.word()),
            Failure::Domain(on) => write!(f, "{on}={}", Fault::Silent.word()),
            Failure::Layers { primary, behind, how } => {
                write!(f, "primary={}", primary.word())?;
                behind.iter().try_for_each(|id| write!(f, "+route:{id}={}", how.word()))
            }
        }
    }
}

/// What a route shares its fate with: its labels, its host, its edge, its kind of network.
pub(crate) fn domains_of(id: RouteId, listed: Option<&InboundRoute>) -> Vec<FaultTarget> {
    let Some(route) = listed else {
        let kind =
            if id == RouteId::REGISTERED { Some(NetworkKind::of(&RouteTarget::Registered)) } else { None };
        return kind.map(FaultTarget::Network).into_iter().collect();
    };
    let labels = &route.domains;
    let named = |label: &Option<String>, of: fn(String) -> FaultTarget| label.clone().map(of);
    [
        route.target.host().map(|host| FaultTarget::Host(host.to_string())),
        named(&labels.site, FaultTarget::Site),
        named(&labels.carrier, FaultTarget::Carrier),
        named(&labels.region, FaultTarget::Region),
        route.edge.map(FaultTarget::Edge),
        Some(FaultTarget::Network(NetworkKind::of(&route.target))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What calls of one routing depend on; and so, which failures can make a difference to them.
pub(crate) struct Dependencies(Vec<FaultTarget>);

impl Dependencies {
    pub(crate) fn of(routes: &[(RouteId, Option<&InboundRoute>)]) -> Dependencies {
        let domains = routes.iter().flat_map(|(id, listed)| {
            let mut domains = domains_of(*id, *listed);
            domains.push(FaultTarget::Route(*id));
            domains
        });
        Dependencies(domains.collect())
    }

    pub(crate) fn include(&self, failure: &Failure) -> bool {
        match failure {
            Failure::Nothing => false,
            Failure::Primary(_) | Failure::Layers { .. } => true,
            Failure::Domain(on) => self.0.iter().any(|domain| domain.is_same(on)),
        }
    }
}

impl Snapshot {
    /// Whether any of its routes depends on this: a fault on anything else does nothing.
    pub fn depends_on(&self, on: &FaultTarget) -> bool {
        let routes: Vec<(RouteId, Option<&InboundRoute>)> = std::iter::once((RouteId::REGISTERED, None))
            .chain(self.routes.iter().map(|route| (route.id, Some(route))))
            .collect();
        Dependencies::of(&routes).include(&Failure::Domain(on.clone()))
    }
}

/// Every failure domain of the configuration's routes, hosts only where two routes share one.
pub(crate) fn domains(snapshot: &Snapshot) -> Vec<FaultTarget> {
    // By kind, then by name without regard to case: the first spelling stands for all.
    let mut found: BTreeMap<(u8, String), (FaultTarget, u32)> = BTreeMap::new();
    let mut add = |domain: FaultTarget| {
        let key = (place(&domain), spelling(&domain));
        found.entry(key).or_insert((domain, 0)).1 += 1;
    };
    for route in &snapshot.routes {
        domains_of(route.id, Some(route)).into_iter().for_each(&mut add);
    }
    let registered = RouteId::REGISTERED;
    if snapshot.dids.iter().any(|did| did.primary == registered || did.failover.route() == Some(registered))
        || snapshot.plans.iter().flat_map(FailoverPlan::routes).any(|id| id == registered)
    {
        domains_of(registered, None).into_iter().for_each(&mut add);
    }
    found
        .into_values()
        .filter(|(domain, routes)| !matches!(domain, FaultTarget::Host(_)) || *routes > 1)
        .map(|(domain, _)| domain)
        .collect()
}

/// What different spellings of one thing have in common.
fn spelling(domain: &FaultTarget) -> String {
    match domain {
        FaultTarget::Host(name) => host_spelling(name),
        other => other.to_string().to_ascii_lowercase(),
    }
}

/// An IPv4 address may be dressed as an IPv6 one.
fn host_spelling(name: &str) -> String {
    let v4 = HostTarget::parse(name).ok().and_then(|target| target.host().v4());
    v4.map_or_else(|| name.to_ascii_lowercase(), |address| address.to_string())
}

/// People ask for the carrier first, for one host last.
fn place(domain: &FaultTarget) -> u8 {
    match domain {
        FaultTarget::Carrier(_) => 0,
        FaultTarget::Site(_) => 1,
        FaultTarget::Region(_) => 2,
        FaultTarget::Edge(_) => 3,
        FaultTarget::Network(_) => 4,
        FaultTarget::Host(_) => 5,
        FaultTarget::Route(_) => 6,
    }
}
