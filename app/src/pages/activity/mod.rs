//! Activity: everything that was done, one entry opened into its rows.

mod entry;
mod list;

pub use entry::entry;
pub use list::{ActivityForm, draft_pairs, list};
