//! Reading a CSV as spreadsheets write it: UTF-8 or UTF-16, with commas, semicolons or tabs, and any line ends. It is
//! read as it comes in; only a row that is not whole yet is kept.

use std::ops::Range;

use routing::{limits::DIDS_PER_ACCOUNT_MAX, shortened};

use super::cell::bare_number;
use super::decode::{Decoded, Decoder};
use super::split::{Row, Splitter, holds_a_row};
use super::{Column, FileProblem};
use crate::limits::{IMPORT_BYTES_MAX, IMPORT_ROW_BYTES_MAX};

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

/// What the first row says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    /// The columns that are understood, in the order of the file.
    pub(crate) read: Vec<Column>,
    /// Headers that are not.
    pub(crate) ignored: Vec<String>,
}

/// Reads a file in parts, which may end anywhere. What stands before a fault is read first, so that the fault that is
/// told is the same wherever parts end.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    bytes: usize,
    rows: usize,
    decoder: Decoder,
    /// The first line, until all of it is there: it says what stands between cells.
    head: String,
    splitter: Option<Splitter>,
    header: Option<Header>,
}

impl Reader {
    /// The rows that end in this part. Blank ones are left out.
    pub(crate) fn push(&mut self, part: &[u8]) -> Result<Vec<SheetRow>, FileProblem> {
        self.bytes = self.bytes.saturating_add(part.len());
        if self.bytes > IMPORT_BYTES_MAX {
            return Err(FileProblem::TooLarge);
        }
        let decoded = self.decoder.push(part)?;
        let mut rows = Vec::new();
        self.split(decoded, false, &mut rows)?;
        Ok(rows)
    }

    /// The last rows, and what the columns are.
    pub(crate) fn finish(mut self) -> Result<(Vec<SheetRow>, Columns), FileProblem> {
        let decoded = self.decoder.finish()?;
        let mut rows = Vec::new();
        self.split(decoded, true, &mut rows)?;
        if let Some(splitter) = &mut self.splitter {
            let delimiter = splitter.delimiter();
            splitter.finish(|row| take(row, delimiter, &mut self.header, &mut self.rows, &mut rows))?;
        }
        match self.header {
            None => Err(FileProblem::Empty),
            Some(_) if self.rows == 0 => Err(FileProblem::NoRows),
            Some(header) => Ok((rows, header.columns)),
        }
    }

    fn split(
        &mut self,
        Decoded { text, broken }: Decoded,
        last: bool,
        rows: &mut Vec<SheetRow>,
    ) -> Result<(), FileProblem> {
        let mut text = text;
        let mut sep = 0..0;
        let splitter = match &mut self.splitter {
            Some(splitter) => splitter,
            None => {
                self.head.push_str(&text);
                let more = self.head.len() <= IMPORT_ROW_BYTES_MAX && !broken && !last;
                if more && !self.head.trim_start_matches(LINE_ENDS).contains(LINE_ENDS) {
                    return Ok(());
                }
                text = std::mem::take(&mut self.head);
                let (delimiter, line) = delimiter(&text);
                sep = line;
                self.splitter.insert(Splitter::new(delimiter))
            }
        };
        let delimiter = splitter.delimiter();
        for text in [text.get(..sep.start), text.get(sep.end..)].into_iter().flatten() {
            splitter.split(text, |row| take(row, delimiter, &mut self.header, &mut self.rows, rows))?;
        }
        if broken { Err(FileProblem::NotUtf8 { line: splitter.line() }) } else { Ok(()) }
    }
}

/// Reads a row of the file, of which the first is the header.
fn take(
    row: &Row,
    delimiter: char,
    header: &mut Option<Header>,
    count: &mut usize,
    rows: &mut Vec<SheetRow>,
) -> Result<(), FileProblem> {
    if row.cells().all(|cell| cell.trim().is_empty()) {
        return Ok(());
    }
    let Some(header) = header else {
        *header = Some(Header::read(row)?);
        return Ok(());
    };
    if row.cells().any(|cell| holds_a_row(cell, delimiter, header.number())) {
        return Err(FileProblem::Quote { line: row.line });
    }
    *count += 1;
    if *count > DIDS_PER_ACCOUNT_MAX {
        return Err(FileProblem::TooManyRows);
    }
    rows.push(header.row(row));
    Ok(())
}

const LINE_ENDS: [char; 2] = ['\r', '\n'];

/// The sign between cells, and what is passed over: Excel's `sep=;` says it, otherwise it is the sign that the first line
/// holds most often outside of quotation marks.
fn delimiter(text: &str) -> (char, Range<usize>) {
    let rest = text.trim_start_matches(LINE_ENDS);
    let start = text.len() - rest.len();
    let line = rest.split(LINE_ENDS).next().unwrap_or_default();
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', sign @ (b',' | b';' | b'\t' | b'|')] =
        line.as_bytes()
    {
        return (char::from(*sign), start..start + line.len());
    }
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    let mut inside = false;
    for c in line.chars() {
        inside ^= c == '"';
        for (sign, count) in &mut counts {
            *count += u32::from(!inside && c == *sign);
        }
    }
    // The first of equals: a comma.
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    (most.map_or(',', |(sign, _)| sign), 0..0)
}

/// Which cell of a row holds what.
#[derive(Debug)]
struct Header {
    /// By [`Column`].
    places: [Option<usize>; 4],
    columns: Columns,
    cells: usize,
}

impl Header {
    fn read(row: &Row) -> Result<Header, FileProblem> {
        let mut header = Header { places: [None; 4], columns: Columns::default(), cells: row.len() };
        for (index, name) in row.cells().enumerate() {
            let Some(column) = Column::read(name) else {
                if !name.trim().is_empty() {
                    header.columns.ignored.push(shortened(name.trim()).into_owned());
                }
                continue;
            };
            if header.places[column as usize].replace(index).is_some() {
                return Err(FileProblem::ColumnTwice { column });
            }
            header.columns.read.push(column);
        }
        if header.places[Column::Number as usize].is_none() {
            let found = row.cells().map(|name| name.trim().to_owned()).collect();
            return Err(FileProblem::NoNumberColumn { found });
        }
        Ok(header)
    }

    /// The place of the numbers.
    fn number(&self) -> usize {
        self.places[Column::Number as usize].unwrap_or_default()
    }

    fn row(&self, row: &Row) -> SheetRow {
        let cell = |column: Column| {
            let place = self.places[column as usize];
            let text = place.and_then(|index| row.cell(index)).unwrap_or_default().trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        SheetRow {
            line: row.line,
            number: bare_number(&cell(Column::Number).unwrap_or_default()).to_owned(),
            alias: cell(Column::Alias),
            primary: cell(Column::Primary),
            failover: cell(Column::Failover),
            spilled: row.cells().skip(self.cells).any(|cell| !cell.trim().is_empty()),
        }
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "read_properties.rs"]
mod properties;
