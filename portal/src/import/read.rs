//! Reading a CSV as spreadsheets write it: UTF-8 or UTF-16, with commas, semicolons or tabs, and any line ends.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use routing::shortened;

use super::cell::bare_number;
use super::{Column, FileProblem, quote};
use crate::limits::IMPORT_BYTES_MAX;

/// A row; an absent column and an empty cell are both `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SheetRow {
    pub(crate) line: u64,
    pub(crate) number: String,
    pub(crate) alias: Option<String>,
    pub(crate) primary: Option<String>,
    pub(crate) failover: Option<String>,
    /// It has more cells than the header, so that it is open which is which.
    pub(crate) spilled: bool,
}

/// A file that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub(crate) columns: Vec<Column>,
    pub(crate) ignored: Vec<String>,
    pub(crate) rows: Vec<SheetRow>,
}

/// Reads a file. Blank rows are left out.
pub(crate) fn read(bytes: &[u8]) -> Result<Sheet, FileProblem> {
    if bytes.len() > IMPORT_BYTES_MAX {
        return Err(FileProblem::TooLarge);
    }
    let text = decode(bytes)?;
    let (delimiter, start) = delimiter(&text);
    let body = text.get(start..).unwrap_or_default();
    if let Some(byte) = quote::fault(body, delimiter) {
        return Err(FileProblem::Quote { line: Lines::new(&text).of(start + byte) });
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(body.as_bytes());
    let mut lines = Lines::new(&text);
    let mut header: Option<Header> = None;
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    // Text that is UTF-8, read from memory with rows of any length: no error is left that could come.
    while let Ok(true) = reader.read_record(&mut record) {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let byte = record.position().map_or(0, csv::Position::byte);
        let line = lines.of(start.saturating_add(usize::try_from(byte).unwrap_or(usize::MAX)));
        match &header {
            None => header = Some(Header::read(&record)?),
            Some(header)
                if record.iter().any(|cell| quote::holds_a_row(cell, delimiter, header.number())) =>
            {
                return Err(FileProblem::Quote { line });
            }
            Some(header) => rows.push(header.row(line, &record)),
        }
    }
    match header {
        None => Err(FileProblem::Empty),
        Some(_) if rows.is_empty() => Err(FileProblem::NoRows),
        Some(header) => Ok(Sheet { columns: header.columns, ignored: header.ignored, rows }),
    }
}

/// UTF-8, or UTF-16 with its mark, as Excel's *Unicode Text* has it.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FileProblem> {
    match bytes {
        // A zip archive (xlsx, ods) or an old Excel file.
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(FileProblem::Spreadsheet),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, FileProblem> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        FileProblem::NotUtf8 { line: Lines { text: before, at: 0, line: 1 }.of(before.len()) }
    })
}

fn utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, FileProblem> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let broken = |text: &str| Err(FileProblem::NotUtf8 { line: Lines::new(text).of(text.len()) });
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match c {
            Ok(c) => text.push(c),
            Err(_) => return broken(&text),
        }
    }
    if odd.is_empty() { Ok(Cow::Owned(text)) } else { broken(&text) }
}

/// The sign between cells, and where the rows start: Excel's `sep=;` says it, otherwise it is the sign that the
/// first line holds most often outside of quotation marks.
fn delimiter(text: &str) -> (u8, usize) {
    let start = text.len() - text.trim_start_matches(['\r', '\n']).len();
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.split(['\r', '\n']).next().unwrap_or_default();
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', sign @ (b',' | b';' | b'\t' | b'|')] =
        line.as_bytes()
    {
        return (*sign, start + line.len());
    }
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut inside = false;
    for byte in line.bytes() {
        inside ^= byte == b'"';
        for (sign, count) in &mut counts {
            *count += u32::from(!inside && byte == *sign);
        }
    }
    // The first of equals: a comma.
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    (most.map_or(b',', |(sign, _)| sign), start)
}

/// Counts lines as editors do, whatever ends them. The reader's own count stands before line breaks that it
/// skipped.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn new(text: &str) -> Lines<'_> {
        Lines { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of the first byte from here on that ends no line; bytes come in order.
    fn of(&mut self, start: usize) -> u64 {
        while let Some(byte) = self.text.get(self.at) {
            let ends_line = matches!(byte, b'\n' | b'\r');
            if self.at >= start && !ends_line {
                break;
            }
            let first_of_two = *byte == b'\r' && self.text.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(ends_line && !first_of_two);
            self.at += 1;
        }
        self.line
    }
}

/// Which cell of a row holds what.
struct Header {
    /// By [`Column`].
    places: [Option<usize>; 4],
    columns: Vec<Column>,
    ignored: Vec<String>,
    cells: usize,
}

impl Header {
    fn read(record: &StringRecord) -> Result<Header, FileProblem> {
        let mut header =
            Header { places: [None; 4], columns: Vec::new(), ignored: Vec::new(), cells: record.len() };
        for (index, name) in record.iter().enumerate() {
            let Some(column) = Column::read(name) else {
                if !name.trim().is_empty() {
                    header.ignored.push(shortened(name.trim()).into_owned());
                }
                continue;
            };
            if header.places[column as usize].replace(index).is_some() {
                return Err(FileProblem::ColumnTwice { column });
            }
            header.columns.push(column);
        }
        if header.places[Column::Number as usize].is_none() {
            let found = record.iter().map(|name| name.trim().to_owned()).collect();
            return Err(FileProblem::NoNumberColumn { found });
        }
        Ok(header)
    }

    /// The place of the numbers.
    fn number(&self) -> usize {
        self.places[Column::Number as usize].unwrap_or_default()
    }

    fn row(&self, line: u64, record: &StringRecord) -> SheetRow {
        let cell = |column: Column| {
            let place = self.places[column as usize];
            let text = place.and_then(|index| record.get(index)).unwrap_or_default().trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        SheetRow {
            line,
            number: bare_number(&cell(Column::Number).unwrap_or_default()).to_owned(),
            alias: cell(Column::Alias),
            primary: cell(Column::Primary),
            failover: cell(Column::Failover),
            spilled: record.iter().skip(self.cells).any(|cell| !cell.trim().is_empty()),
        }
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
