//! DIDs: Manage your DIDs, and one number's page.

mod detail;
mod manage;

pub use detail::{DidForm, change_table, detail};
pub use manage::{filter_pairs, manage};
