//! Activity: everything that was done, one entry opened into its rows.

mod compare;
mod entry;
mod list;
mod restore;
mod undo;

pub use compare::compare;
pub use entry::entry;
pub use list::{ActivityForm, draft_pairs, list};
pub use restore::restore;
pub use undo::{Undoing, undo};
