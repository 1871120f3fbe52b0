//! DIDs: Manage your DIDs, and one number's page.

pub(super) mod choices;
mod detail;
mod manage;
mod replay;

pub use detail::{DidForm, detail};
pub use manage::{filter_pairs, manage};
pub use replay::{Asked, replay};
