//! The pages: from what `portal` answered to a document.

pub mod bulk;
pub mod dids;
pub mod errors;
pub mod import;
pub mod overview;
pub mod routes;
pub mod welcome;
