//! Preview: the what-if desk and the cases that are saved from it.

mod case_form;
mod cases;
mod desk;

pub use case_form::{CaseForm, CaseState};
pub(crate) use cases::verdict;
pub use cases::{Telling, delete, edit, list};
pub use desk::{DeskPage, desk, unsaved_note};
