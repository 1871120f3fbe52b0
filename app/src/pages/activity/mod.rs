//! Activity: everything that was done, one entry opened into its rows.

mod entry;
mod list;
mod undo;

pub use entry::entry;
pub use list::{ActivityForm, draft_pairs, list};
pub use undo::{Undoing, undo};
