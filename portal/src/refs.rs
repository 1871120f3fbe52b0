//! Routes, plans and DIDs as people see them: with the names and the health of what they name.

use std::fmt;

use routing::{
    Alias, Caution, E164, Edge, Failover, HealthState, InboundRoute, PlanId, RouteId, RouteKind, Version,
    Weights,
};
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
    /// How many DIDs and plans use it.
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

/// A failover plan, as it is named beside other things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRef {
    /// Its id.
    pub id: PlanId,
    /// What its owner calls it.
    pub name: Alias,
    /// The routes of each step.
    pub steps: Vec<Vec<RouteRef>>,
    /// Whether every route of every step is marked down.
    pub down: bool,
}

/// What stands behind a primary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailoverRef {
    /// Nothing: the caller hears the failure.
    None,
    /// A route.
    Route(RouteRef),
    /// A plan.
    Plan(PlanRef),
}

impl FailoverRef {
    /// It by id.
    pub fn to_failover(&self) -> Failover {
        match self {
            FailoverRef::None => Failover::None,
            FailoverRef::Route(route) => Failover::Route(route.id),
            FailoverRef::Plan(plan) => Failover::Plan(plan.id),
        }
    }

    /// The route, if it is one.
    pub fn route(&self) -> Option<&RouteRef> {
        match self {
            FailoverRef::Route(route) => Some(route),
            FailoverRef::None | FailoverRef::Plan(_) => None,
        }
    }

    /// The plan, if it is one.
    pub fn plan(&self) -> Option<&PlanRef> {
        match self {
            FailoverRef::Plan(plan) => Some(plan),
            FailoverRef::None | FailoverRef::Route(_) => None,
        }
    }
}

impl fmt::Display for FailoverRef {
    /// The route's alias or the plan's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FailoverRef::None => f.pad("none"),
            FailoverRef::Route(route) => route.alias.fmt(f),
            FailoverRef::Plan(plan) => plan.name.fmt(f),
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
    /// How calls are shared between the two; only with a failover route.
    pub weights: Option<Weights>,
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
    /// How calls are shared between the two; only with a failover route.
    pub weights: Option<Weights>,
}

impl fmt::Display for DidState {
    /// `Front desk: seattle-pbx → mobile`, `seattle-pbx 70 : 30 mobile`, `seattle-pbx → plan Night`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(alias) = &self.alias {
            write!(f, "{alias}: ")?;
        }
        let primary = &self.primary.alias;
        match (&self.failover, self.weights) {
            (FailoverRef::None, _) => write!(f, "{primary}, no failover"),
            (FailoverRef::Route(route), None) => write!(f, "{primary} → {}", route.alias),
            (FailoverRef::Route(route), Some(weights)) => {
                write!(f, "{primary} {} : {} {}", weights.primary, weights.failover, route.alias)
            }
            (FailoverRef::Plan(plan), _) => write!(f, "{primary} → plan {}", plan.name),
        }
    }
}
