//! The what-if desk without its page: what its controls say, the address that says the same, the call that comes
//! of it, and the tables of many calls. Pure, and the same in the browser and on the server.

mod attempts;
mod blast;
mod call;
mod controls;
mod diff;
mod faults;
mod form;
mod matrix;
mod moment;
mod naming;
mod outcome;
mod read;
mod said;
#[cfg(test)]
mod tests;
mod unsaved;

pub use attempts::{Row, rows};
pub use blast::{BLASTS_FIRST, BlastList, blast};
pub use call::{Result, run};
pub use controls::{Controls, Draft, FAILURES_MAX, Health};
pub use diff::{
    DiffRow, cell_words, diff_rows, diff_rows_between, diff_table, diff_table_between, effects_class,
    effects_words, kind_words,
};
pub use faults::{
    begin_with, fault_choices, fault_of, fault_problem, fault_rows, fault_targets, first_fault, how_of,
};
pub use form::{Offer, controls_html, side_heading, typed_number, zone, zones};
pub use matrix::{COLUMNS_FIRST, Extent, Grid, Mark, ROWS_FIRST};
pub use moment::{local_text, parse_local};
pub use naming::{Naming, fault_words};
pub use outcome::{LEGEND, Shown, aloud, html as outcome_html, mark as outcome_mark, no_call_html};
pub use read::{AddressError, read};
pub use said::{
    ANSWERERS, answerer_words, call_words, case_words, expectation_words, reaches_word, read_reaches,
    saved_call_words, verdict_words,
};
pub use unsaved::{UNSAVED, UnsavedPlan};
