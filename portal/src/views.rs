//! What use cases answer about routes and DIDs.

use routing::{Alias, Caution, E164, Edge, HealthState, InboundRoute, RouteId, RouteKind, Version};
use store::{UnixMs, Usage};

/// A route as it is named beside other things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRef {
    /// Its id.
    pub id: RouteId,
    /// What its owner calls it.
    pub alias: Alias,
    /// Its type.
    pub kind: RouteKind,
    /// Its value, canonical; empty for the built-in route.
    pub value: String,
    /// What probes say of it.
    pub health: HealthState,
}

/// Where a DID rings when its primary fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailoverRef {
    /// Nowhere.
    None,
    /// One route.
    Route(RouteRef),
}

/// A route with all that is shown of it.
#[derive(Clone, Debug)]
pub struct RouteView {
    /// The route; id 0 is the built-in one.
    pub route: InboundRoute,
    /// The version at which it last changed.
    pub version: Version,
    /// What probes say of it.
    pub health: HealthState,
    /// Since when.
    pub health_since: Option<UnixMs>,
    /// How many DIDs use it.
    pub usage: Usage,
    /// Its preferred edge.
    pub edge: Option<Edge>,
    /// What to be careful about.
    pub cautions: Vec<Caution>,
}

/// A DID in a list.
#[derive(Clone, Debug)]
pub struct DidRow {
    /// The number.
    pub number: E164,
    /// What its owner calls it.
    pub alias: Option<Alias>,
    /// Where it rings.
    pub primary: RouteRef,
    /// Where it rings when that fails.
    pub failover: FailoverRef,
    /// The version at which it last changed.
    pub version: Version,
}

/// A count that stops at a limit: beyond it, nobody reads the exact figure and counting costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// So many, or the limit.
    pub n: u64,
    /// There are more.
    pub capped: bool,
}
