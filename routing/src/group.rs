//! DIDs that are routed alike behave alike: whatever is computed for many DIDs is computed once a group.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::index::Index;
use crate::{Did, DidId, E164, Failover, FailoverPlan, RouteId, Snapshot, Weights};

/// All that decides the calls of a DID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Routing {
    /// Where it rings.
    pub primary: RouteId,
    /// Where it rings when that fails.
    pub failover: Failover,
    /// How calls are shared between the two.
    #[serde(default)]
    pub weights: Option<Weights>,
}

/// DIDs of the same routing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Their routing.
    pub routing: Routing,
    /// How many they are.
    pub dids: u64,
    /// The lowest of them.
    pub example: E164,
}

impl Routing {
    /// The routing of a DID.
    pub fn of(did: &Did) -> Routing {
        Routing { primary: did.primary, failover: did.failover, weights: did.weights }
    }

    /// A DID that has it.
    pub fn did(self, number: E164) -> Did {
        let Routing { primary, failover, weights } = self;
        Did { id: DidId(0), number, alias: None, primary, failover, weights }
    }

    /// The same with another failover. Weights share calls between two routes: a route that becomes the failover gets no
    /// share that another had.
    #[must_use]
    pub fn with_failover(self, failover: Failover) -> Routing {
        Routing { failover, weights: self.weights.filter(|_| self.failover == failover), ..self }
    }

    /// Every route that a call may go to, the primary first; one that is named twice comes twice.
    pub fn routes(self, snapshot: &Snapshot) -> Vec<RouteId> {
        self.routes_with(self.failover.plan().and_then(|id| snapshot.plan(id)))
    }

    /// The same, in a snapshot that was indexed before.
    pub(crate) fn routes_in(self, index: &Index<'_>) -> Vec<RouteId> {
        self.routes_with(self.failover.plan().and_then(|id| index.plan(id)))
    }

    fn routes_with(self, plan: Option<&FailoverPlan>) -> Vec<RouteId> {
        let mut routes = vec![self.primary];
        routes.extend(self.failover.route());
        routes.extend(plan.into_iter().flat_map(FailoverPlan::routes));
        routes
    }
}

impl Snapshot {
    /// Its DIDs by their routing, in the order of the routing.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: BTreeMap<Routing, Group> = BTreeMap::new();
        for did in &self.dids {
            let routing = Routing::of(did);
            let group = groups.entry(routing).or_insert(Group { routing, dids: 0, example: did.number });
            group.dids += 1;
            group.example = group.example.min(did.number);
        }
        groups.into_values().collect()
    }
}
