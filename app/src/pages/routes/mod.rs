//! Interconnection → Inbound Routes.

mod delete;
mod edit;
mod form;
mod list;

pub use delete::delete;
pub use edit::{RouteChanges, edit};
pub use form::{FormState, problems_of};
pub use list::list;
