//! Reading a CSV as spreadsheets write it: with or without a byte order mark, with commas, semicolons or tabs.

use std::fmt;

use csv::{ReaderBuilder, StringRecord};

use super::cell::unprotect;
use crate::limits::IMPORT_BYTES_MAX;

/// A column that is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The DID.
    Number,
    /// What to call it.
    Alias,
    /// The alias of the route where it rings.
    Primary,
    /// The alias of the route where it rings when that fails.
    Failover,
}

impl Column {
    const ALL: [(Column, &[&str]); 4] = [
        (
            Column::Number,
            &[
                "number",
                "did",
                "dids",
                "didnumber",
                "phone",
                "phonenumber",
                "telephone",
                "telephonenumber",
                "tn",
                "e164",
                "numbers",
            ],
        ),
        (Column::Alias, &["alias", "name", "label", "description", "didalias"]),
        (Column::Primary, &["primary", "primaryroute", "route", "inboundroute", "primaryinboundroute"]),
        (
            Column::Failover,
            &[
                "failover",
                "failoverroute",
                "backup",
                "backuproute",
                "secondary",
                "secondaryroute",
                "failoverinboundroute",
            ],
        ),
    ];

    /// The name under which it is downloaded.
    pub fn name(self) -> &'static str {
        match self {
            Column::Number => "number",
            Column::Alias => "alias",
            Column::Primary => "primary",
            Column::Failover => "failover",
        }
    }

    fn read(header: &str) -> Option<Column> {
        let plain: String =
            header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        Column::ALL.into_iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| column)
    }
}

/// Why a file cannot be read as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// Nothing in it.
    Empty,
    /// More than [`IMPORT_BYTES_MAX`].
    TooLarge,
    /// Another encoding than UTF-8.
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
            FileProblem::NotUtf8 { line } => {
                write!(f, "Line {line} is not UTF-8 text. Save the file as \"CSV UTF-8\".")
            }
            FileProblem::NoNumberColumn { found } => write!(
                f,
                "No column is called number. The first row must name the columns number, alias, primary, failover; it says: {}.",
                found.join(", ")
            ),
            FileProblem::ColumnTwice { column } => {
                write!(f, "Two columns hold the {}. Take one of them out.", column.name())
            }
            FileProblem::Spreadsheet => f.write_str(
                "This is a spreadsheet, not a CSV. Save it as \"CSV UTF-8\" and bring in that file.",
            ),
            FileProblem::NoRows => f.write_str("There is no row below the column names."),
        }
    }
}

/// A row; an absent column and an empty cell are both `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SheetRow {
    pub(crate) line: u64,
    pub(crate) number: String,
    pub(crate) alias: Option<String>,
    pub(crate) primary: Option<String>,
    pub(crate) failover: Option<String>,
    pub(crate) spilled: bool,
}

/// A file that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub(crate) columns: Vec<Column>,
    pub(crate) ignored: Vec<String>,
    pub(crate) rows: Vec<SheetRow>,
}

/// Reads a file.
pub(crate) fn read(bytes: &[u8]) -> Result<Sheet, FileProblem> {
    if bytes.len() > IMPORT_BYTES_MAX {
        return Err(FileProblem::TooLarge);
    }
    // A zip archive (xlsx, ods) or an old Excel file.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(FileProblem::Spreadsheet);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        FileProblem::NotUtf8 { line: 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64 }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (delimiter, text, lines_before) = delimiter(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    // Text that is UTF-8, read from memory with rows of any length: no error is left that could come.
    let Some(Ok(headers)) = records.next() else { return Err(FileProblem::Empty) };
    let (places, columns, ignored) = columns(&headers)?;
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 + lines_before };
    let rows: Vec<SheetRow> = records
        .filter_map(Result::ok)
        .filter(|record| record.iter().any(|cell| !cell.trim().is_empty()))
        .map(|record| row(&record, places, lines.of(&record)))
        .collect();
    if rows.is_empty() {
        return Err(FileProblem::NoRows);
    }
    Ok(Sheet { columns, ignored, rows })
}

/// The sign between cells, the text without Excel's `sep=` line, and how many lines that took.
fn delimiter(text: &str) -> (u8, &str, u64) {
    let line = text.lines().next().unwrap_or_default();
    if let Some(&[sign @ (b',' | b';' | b'\t')]) = line.strip_prefix("sep=").map(str::as_bytes) {
        return (sign, text.get(line.len()..).unwrap_or_default().trim_start_matches(['\r', '\n']), 1);
    }
    let count = |sign: u8| line.bytes().filter(|byte| *byte == sign).count();
    let most = [b',', b';', b'\t'].into_iter().rev().max_by_key(|sign| count(*sign));
    (most.unwrap_or(b','), text, 0)
}

/// Counts lines as editors do, whatever ends them. The reader's own count stands before line breaks that it
/// skipped.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line that a record starts on; records come in order.
    fn of(&mut self, record: &StringRecord) -> u64 {
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        while let Some(byte) = self.text.get(self.at) {
            let ends_line = matches!(byte, b'\n' | b'\r');
            if self.at >= start && !ends_line {
                break;
            }
            if *byte == b'\n' || ends_line && self.text.get(self.at + 1) != Some(&b'\n') {
                self.line += 1;
            }
            self.at += 1;
        }
        self.line
    }
}

type Places = [Option<usize>; 4];

fn columns(headers: &StringRecord) -> Result<(Places, Vec<Column>, Vec<String>), FileProblem> {
    let (mut places, mut columns, mut ignored) = (Places::default(), Vec::new(), Vec::new());
    for (index, header) in headers.iter().enumerate() {
        let Some(column) = Column::read(header) else {
            if !header.trim().is_empty() {
                ignored.push(header.trim().to_owned());
            }
            continue;
        };
        if places[column as usize].replace(index).is_some() {
            return Err(FileProblem::ColumnTwice { column });
        }
        columns.push(column);
    }
    if places[Column::Number as usize].is_none() {
        let found = headers.iter().map(|header| header.trim().to_owned()).collect();
        return Err(FileProblem::NoNumberColumn { found });
    }
    Ok((places, columns, ignored))
}

fn row(record: &StringRecord, places: Places, line: u64) -> SheetRow {
    let cell = |column: Column| {
        let text = places[column as usize].and_then(|index| record.get(index)).unwrap_or_default().trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let number = cell(Column::Number).unwrap_or_default();
    SheetRow {
        line,
        number: unprotect(&number).to_owned(),
        alias: cell(Column::Alias),
        primary: cell(Column::Primary),
        failover: cell(Column::Failover),
        spilled: false,
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
