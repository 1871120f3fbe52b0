//! DIDs: Manage your DIDs, and one number's page.

mod choices;
mod detail;
mod manage;
mod replay;

pub use choices::Choices;
pub use detail::{DidForm, detail};
pub use manage::{filter_pairs, manage};
pub use replay::{Asked, replay};
