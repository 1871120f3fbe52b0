//! Choose a DID Action: a selection is surveyed, an action on it planned, and the plan applied.

mod action;
mod apply;
mod judge;
mod plan;
mod refusal;
mod selection;
mod survey;

pub use action::BulkAction;
pub use apply::BulkResult;
pub use plan::{BulkPlan, PlannedOutcome, PlannedRow};
pub use refusal::Refusal;
pub(crate) use refusal::{Editors, StoredRefusal};
pub use selection::{Drift, Selection};
pub use survey::{Group, Survey};
