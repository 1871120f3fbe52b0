//! Why a file cannot be read as a whole.

use std::fmt;

use routing::{limits::DIDS_PER_ACCOUNT_MAX, shortened};

use super::Column;
use crate::limits::{IMPORT_BYTES_MAX, IMPORT_NAMES_SHOWN, IMPORT_ROW_BYTES_MAX};

/// Why a file cannot be read as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// Nothing in it.
    Empty,
    /// More than [`IMPORT_BYTES_MAX`].
    TooLarge,
    /// More rows than an account holds DIDs, [`DIDS_PER_ACCOUNT_MAX`].
    TooManyRows,
    /// A row of more than [`IMPORT_ROW_BYTES_MAX`].
    LongRow {
        /// The line on which it begins.
        line: u64,
    },
    /// Neither UTF-8, nor UTF-16 with its mark.
    NotUtf8 {
        /// The line with the first foreign character.
        line: u64,
    },
    /// No column holds the numbers.
    NoNumberColumn {
        /// The headers that were found.
        found: Vec<String>,
    },
    /// Two columns for the same thing.
    ColumnTwice {
        /// Which.
        column: Column,
    },
    /// A quotation mark that is never closed, or not where its cell ends: rows after it would be lost in one cell.
    Quote {
        /// The line on which it opens.
        line: u64,
    },
    /// A spreadsheet's own file format.
    Spreadsheet,
    /// Headers, but no row.
    NoRows,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileProblem::Empty => f.write_str("The file is empty."),
            FileProblem::TooLarge => write!(
                f,
                "The file is larger than {} MiB. Split it into several.",
                IMPORT_BYTES_MAX / (1024 * 1024)
            ),
            FileProblem::TooManyRows => write!(
                f,
                "The file has more than {DIDS_PER_ACCOUNT_MAX} rows, the most DIDs that an account holds."
            ),
            FileProblem::LongRow { line } => write!(
                f,
                "The row that begins on line {line} is longer than {} KiB. Close a quotation mark in it that is open, or shorten it.",
                IMPORT_ROW_BYTES_MAX / 1024
            ),
            FileProblem::NotUtf8 { line } => {
                write!(f, "Line {line} is not UTF-8 text. Save the file as \"CSV UTF-8\".")
            }
            FileProblem::NoNumberColumn { found } => write!(
                f,
                "No column is called number. The first row must name the columns number, alias, primary, failover; it says: {}.",
                names(found)
            ),
            FileProblem::ColumnTwice { column } => {
                write!(f, "Two columns hold the {}. Take one of them out.", column.name())
            }
            FileProblem::Quote { line } => write!(
                f,
                "A quotation mark on line {line} is not closed where its cell ends, so the rows after it would be lost. Close it, or write it twice if it belongs to the text."
            ),
            FileProblem::Spreadsheet => f.write_str(
                "This is a spreadsheet, not a CSV. Save it as \"CSV UTF-8\" and bring in that file.",
            ),
            FileProblem::NoRows => f.write_str("There is no row below the column names."),
        }
    }
}

/// The first of them, short: a file of another kind may have a page of text for column names.
fn names(found: &[String]) -> String {
    let mut names: Vec<String> =
        found.iter().take(IMPORT_NAMES_SHOWN).map(|name| shortened(name).into_owned()).collect();
    if found.len() > names.len() {
        names.push("…".to_owned());
    }
    names.join(", ")
}
