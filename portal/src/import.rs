//! Import of a CSV of DIDs: read, planned as a whole, applied as a whole.

mod apply;
pub(crate) mod cell;
mod column;
mod near;
mod outcome;
mod plan;
mod present;
mod problem;
mod quote;
mod read;
mod review;

pub use apply::{ImportResult, ImportSource};
pub use column::Column;
pub use outcome::{ImportError, ImportOutcome, ImportPlan, ImportRow};
pub use problem::FileProblem;
