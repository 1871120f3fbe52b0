//! The account's routes by id, to put names to what DIDs hold.

use std::collections::BTreeMap;

use routing::{Alias, Answerer, Domains, Edge, Failover, HealthState, InboundRoute, RouteId, RouteTarget, Version};
use store::{RouteRow, Usage};

use crate::{DidRow, FailoverRef, RouteRef, RouteView};

/// Routes by id, the built-in one included.
pub(crate) struct Directory {
    routes: BTreeMap<RouteId, RouteRow>,
}

/// The built-in route to the account's registered devices.
pub(crate) fn built_in() -> RouteRow {
    RouteRow {
        route: InboundRoute {
            id: RouteId::REGISTERED,
            alias: Alias::registered(),
            target: RouteTarget::Registered,
            edge: None,
            domains: Domains { answerer: Answerer::Pbx, ..Domains::default() },
        },
        version: Version(0),
        health: HealthState::Unknown,
        health_since: None,
    }
}

impl Directory {
    /// From the stored routes.
    pub(crate) fn new(stored: impl IntoIterator<Item = RouteRow>) -> Directory {
        let routes = std::iter::once(built_in()).chain(stored).map(|row| (row.route.id, row)).collect();
        Directory { routes }
    }

    pub(crate) fn get(&self, id: RouteId) -> Option<&RouteRow> {
        self.routes.get(&id)
    }

    /// All routes, the built-in one first, then by alias.
    pub(crate) fn by_alias(&self) -> Vec<&RouteRow> {
        let mut rows: Vec<&RouteRow> = self.routes.values().collect();
        rows.sort_by_cached_key(|row| (row.route.id != RouteId::REGISTERED, row.route.alias.fold(), row.route.id));
        rows
    }

    /// The route of an alias, without regard to case.
    pub(crate) fn find(&self, alias: &str) -> Option<&RouteRow> {
        let wanted = Alias::parse(alias).ok()?.fold();
        self.routes.values().find(|row| row.route.alias.fold() == wanted)
    }

    /// How a route is named; one that is gone, which the database's foreign keys rule out, by its id.
    pub(crate) fn name(&self, id: RouteId) -> RouteRef {
        match self.get(id) {
            Some(row) => route_ref(row),
            None => RouteRef { id, ..route_ref(&built_in()) },
        }
    }

    pub(crate) fn failover(&self, failover: Failover) -> FailoverRef {
        match failover.route() {
            Some(id) => FailoverRef::Route(self.name(id)),
            None => FailoverRef::None,
        }
    }

    pub(crate) fn did(&self, row: &store::DidRow) -> DidRow {
        DidRow {
            number: row.did.number,
            alias: row.did.alias.clone(),
            primary: self.name(row.did.primary),
            failover: self.failover(row.did.failover),
            version: row.version,
        }
    }
}

/// A route as it is named beside other things.
pub(crate) fn route_ref(row: &RouteRow) -> RouteRef {
    RouteRef {
        id: row.route.id,
        alias: row.route.alias.clone(),
        kind: row.route.target.kind(),
        value: row.route.target.canonical(),
        health: row.health,
    }
}

/// A route with all that is shown of it.
pub(crate) fn route_view(row: RouteRow, usage: Usage, edges: &[Edge]) -> RouteView {
    let edge = row.route.edge.and_then(|id| edges.iter().find(|e| e.id == id).cloned());
    let cautions = row.route.target.cautions();
    RouteView {
        route: row.route,
        version: row.version,
        health: row.health,
        health_since: row.health_since,
        usage,
        edge,
        cautions,
    }
}
