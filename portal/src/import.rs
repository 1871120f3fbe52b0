//! Import of a CSV of DIDs: read, planned as a whole, applied as a whole.

mod apply;
pub(crate) mod cell;
mod outcome;
mod plan;
mod read;

pub use apply::{ImportResult, ImportSource};
pub use outcome::{ImportError, ImportOutcome, ImportPlan, ImportRow};
pub use read::{Column, FileProblem};
