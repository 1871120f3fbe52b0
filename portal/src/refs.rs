//! Routes and DIDs as people see them: with the aliases and the health of what they name.

use std::fmt;

use routing::{Alias, Caution, E164, Edge, HealthState, InboundRoute, RouteId, RouteKind, Version};
use store::{UnixMs, Usage};

/// A route, as it is named beside other things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRef {
    /// Its id.
    pub id: RouteId,
    /// Its alias.
    pub alias: Alias,
    /// Its type.
    pub kind: RouteKind,
    /// What probes, or an operator, say of it.
    pub health: HealthState,
}

/// A route with all that is known of it. The built-in route is there with id 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteView {
    /// The route.
    pub route: InboundRoute,
    /// The account's version at which it last changed: the `as_of` of an edit.
    pub version: Version,
    /// What probes, or an operator, say of it.
    pub health: HealthState,
    /// Since when.
    pub health_since: Option<UnixMs>,
    /// How many DIDs use it.
    pub usage: Usage,
    /// The preferred edge.
    pub edge: Option<Edge>,
    /// What is worth a second look.
    pub cautions: Vec<Caution>,
}

impl RouteView {
    /// Its name.
    pub fn to_ref(&self) -> RouteRef {
        RouteRef {
            id: self.route.id,
            alias: self.route.alias.clone(),
            kind: self.route.target.kind(),
            health: self.health,
        }
    }
}

/// What stands behind a primary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailoverRef {
    /// Nothing: the caller hears the failure.
    None,
    /// A route.
    Route(RouteRef),
}

impl FailoverRef {
    /// The route, if there is one.
    pub fn route(&self) -> Option<&RouteRef> {
        match self {
            FailoverRef::None => None,
            FailoverRef::Route(route) => Some(route),
        }
    }
}

impl fmt::Display for FailoverRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FailoverRef::None => f.pad("none"),
            FailoverRef::Route(route) => route.alias.fmt(f),
        }
    }
}

/// A DID in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidRow {
    /// Its number.
    pub number: E164,
    /// What its owner calls it.
    pub alias: Option<Alias>,
    /// Where it rings.
    pub primary: RouteRef,
    /// Where it rings when that fails.
    pub failover: FailoverRef,
    /// The account's version at which it last changed.
    pub version: Version,
    /// When it last changed.
    pub changed_at: UnixMs,
}

/// What can be changed of a DID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidState {
    /// What its owner calls it.
    pub alias: Option<Alias>,
    /// Where it rings.
    pub primary: RouteRef,
    /// Where it rings when that fails.
    pub failover: FailoverRef,
}

impl fmt::Display for DidState {
    /// `Front desk: seattle-pbx → mobile`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(alias) = &self.alias {
            write!(f, "{alias}: ")?;
        }
        match &self.failover {
            FailoverRef::None => write!(f, "{}, no failover", self.primary.alias),
            FailoverRef::Route(route) => write!(f, "{} → {}", self.primary.alias, route.alias),
        }
    }
}
