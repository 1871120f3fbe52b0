//! The whole account as one readable file, and back. Written twice without a change between, it has the same
//! bytes.

mod apply;
mod cases;
mod merge;
mod plan;
mod read;
mod write;

pub use apply::FileResult;
pub(crate) use cases::fault_text;
pub use read::FileError;

/// What a file begins with, so that nobody takes another for it.
const FORMAT: &str = "switchback-account/1";
