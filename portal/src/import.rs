//! Import of a CSV of DIDs: kept and read in parts, planned as a whole, applied as a whole.

mod apply;
pub(crate) mod cell;
mod column;
mod decode;
mod near;
mod outcome;
mod own_rule;
mod plan;
mod present;
mod problem;
mod read;
mod review;
mod rows;
mod shown;
mod split;
mod upload;

pub use apply::ImportResult;
pub use column::Column;
pub use outcome::{ImportError, ImportOutcome, ImportPlan, ImportRow};
pub use problem::FileProblem;
pub(crate) use review::Plans;
pub use upload::ImportUpload;
