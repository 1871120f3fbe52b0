//! The pages: from what `portal` answered to a document.

pub mod activity;
pub mod bulk;
pub mod confirm;
mod deleting;
pub mod dids;
pub mod errors;
pub mod findings;
mod history;
pub mod import;
pub mod jobs;
pub mod notes;
pub mod overview;
pub mod people;
pub mod plans;
pub mod preview;
pub mod routes;
pub mod schedules;
pub mod support;
pub mod welcome;
