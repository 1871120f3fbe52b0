//! What can be done to many DIDs.

use routing::{Alias, Failover, RouteId};

use crate::book::Book;
use crate::history::OperationKind;
use crate::{Error, Field, Problem, Result};

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// Make it ring here first.
    SetRoute(RouteId),
    /// Make it ring here when that fails: a route or a plan.
    SetFailoverRoute(Failover),
    /// Let the caller hear the failure.
    ClearFailoverRoute,
    /// Call it so, or nothing.
    SetAlias(Option<Alias>),
    /// Give it up.
    Release,
}

impl BulkAction {
    /// How the history names it.
    pub fn kind(&self) -> OperationKind {
        match self {
            BulkAction::SetRoute(_) => OperationKind::SetRoute,
            BulkAction::SetFailoverRoute(_) => OperationKind::SetFailoverRoute,
            BulkAction::ClearFailoverRoute => OperationKind::ClearFailoverRoute,
            BulkAction::SetAlias(_) => OperationKind::SetAlias,
            BulkAction::Release => OperationKind::Release,
        }
    }

    /// What the history names beside it: the route or plan, or the alias. Where it is nothing, one DID that changed alone
    /// is named.
    pub(crate) fn about(&self, book: &Book) -> String {
        match self {
            BulkAction::SetRoute(id) => book.alias(*id).to_string(),
            BulkAction::SetFailoverRoute(failover) => {
                book.failover_text(*failover).unwrap_or_default().into_owned()
            }
            BulkAction::SetAlias(Some(alias)) => alias.to_string(),
            BulkAction::SetAlias(None) | BulkAction::ClearFailoverRoute | BulkAction::Release => {
                String::new()
            }
        }
    }

    /// The route or plan that it sets must be one of the account.
    pub(crate) fn check(&self, book: &Book) -> Result<()> {
        let problem = match self {
            BulkAction::SetRoute(id) | BulkAction::SetFailoverRoute(Failover::Route(id)) => {
                book.get(*id).is_none().then_some(Problem::UnknownRoute)
            }
            BulkAction::SetFailoverRoute(Failover::Plan(id)) => {
                book.plan(*id).is_none().then_some(Problem::UnknownPlan)
            }
            BulkAction::SetFailoverRoute(Failover::None) => Some(Problem::Missing),
            BulkAction::ClearFailoverRoute | BulkAction::SetAlias(_) | BulkAction::Release => None,
        };
        problem.map_or(Ok(()), |problem| Err(Error::refused(Field::Route, problem)))
    }
}
