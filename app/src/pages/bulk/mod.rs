//! The screens of Choose a DID Action, and what came of it.

mod behaviour;
mod plan;
mod result;
mod screen;

use portal::{DidFilter, Selection};
use routing::{Failover, RouteId};

use super::dids::filter_pairs;
use crate::urls;

pub use behaviour::{Wording, compared};
pub use result::{again, later, nothing_changed, refused_table};
pub use screen::screen;

/// Which screen, with what its form says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Set Route.
    SetRoute(Option<RouteId>),
    /// Set Failover Route: a route or a plan.
    SetFailoverRoute(Option<Failover>),
    /// Clear Failover Route.
    ClearFailoverRoute,
    /// Set Alias, as typed.
    SetAlias {
        /// The alias.
        typed: String,
        /// "Or take their aliases away".
        clear: bool,
    },
    /// Release.
    Release,
}

impl Screen {
    /// The last part of its address.
    pub fn slug(&self) -> &'static str {
        match self {
            Screen::SetRoute(_) => "set-route",
            Screen::SetFailoverRoute(_) => "set-failover-route",
            Screen::ClearFailoverRoute => "clear-failover-route",
            Screen::SetAlias { .. } => "set-alias",
            Screen::Release => "release",
        }
    }

    /// Flowroute's label; the confirm button bears it too.
    pub fn label(&self) -> &'static str {
        match self {
            Screen::SetRoute(_) => "Set Route",
            Screen::SetFailoverRoute(_) => "Set Failover Route",
            Screen::ClearFailoverRoute => "Clear Failover Route",
            Screen::SetAlias { .. } => "Set Alias",
            Screen::Release => "Release",
        }
    }
}

/// Back to the list, with the filter of a selection by one.
fn back(filter: Option<&DidFilter>) -> String {
    let pairs = filter.map(filter_pairs).unwrap_or_default();
    format!("{}{}", urls::MANAGE, urls::query(&pairs))
}

/// The selection as form fields, or as a query for the same screen.
pub fn selection_pairs(selection: &Selection) -> Vec<(&'static str, String)> {
    match selection {
        Selection::Numbers { numbers, as_of } => {
            let digits: Vec<String> = numbers.iter().map(|n| n.digits().to_string()).collect();
            let mut pairs = vec![("dids", digits.join(",")), ("as_of", as_of.to_string())];
            pairs.retain(|(_, value)| !value.is_empty());
            pairs
        }
        Selection::Matching(id) => vec![("selection", id.to_string())],
    }
}
