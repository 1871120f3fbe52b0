//! Taking the text of a CSV apart into rows as it comes in (RFC 4180, with any line ends), and refusing quotation marks
//! that do not come in pairs: a lenient reader takes the rows after one into a single cell without a word.

use super::FileProblem;
use crate::limits::IMPORT_ROW_BYTES_MAX;

/// A row as it stands in the file.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The line on which it begins, as an editor counts; the first is 1.
    pub(super) line: u64,
    /// Its cells, one after the other.
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Row {
    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn cell(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..end)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.cell(index))
    }

    fn push(&mut self, c: char) -> Result<(), FileProblem> {
        self.text.push(c);
        self.must_fit()
    }

    fn end_cell(&mut self) -> Result<(), FileProblem> {
        self.ends.push(self.text.len());
        self.must_fit()
    }

    fn must_fit(&self) -> Result<(), FileProblem> {
        let fits = self.text.len() + self.ends.len() <= IMPORT_ROW_BYTES_MAX;
        if fits { Ok(()) } else { Err(FileProblem::LongRow { line: self.line }) }
    }
}

/// Where a splitter stands within a cell.
#[derive(Clone, Copy, Debug)]
enum At {
    Start,
    Unquoted,
    /// In a quoted cell.
    Inside,
    /// At a mark that ends the cell, or is the first of a doubled one.
    Closed,
    /// In spaces between the closing mark and the end of the cell.
    Trailing,
}

/// Takes text in pieces of any length, which may end anywhere.
#[derive(Debug)]
pub(super) struct Splitter {
    delimiter: char,
    at: At,
    /// The line of the next character.
    line: u64,
    after_return: bool,
    /// The line on which the last quoted cell opens.
    opens: u64,
    row: Row,
    /// Something of the row was read.
    begun: bool,
}

impl Splitter {
    pub(super) fn new(delimiter: char) -> Splitter {
        let row = Row::default();
        Splitter { delimiter, at: At::Start, line: 1, after_return: false, opens: 1, row, begun: false }
    }

    /// The sign between cells.
    pub(super) fn delimiter(&self) -> char {
        self.delimiter
    }

    /// The line of the next character.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Reads on, and hands out each row that ends.
    pub(super) fn split(
        &mut self,
        text: &str,
        mut take: impl FnMut(&Row) -> Result<(), FileProblem>,
    ) -> Result<(), FileProblem> {
        for c in text.chars() {
            if self.read(c)? {
                self.end_row(&mut take)?;
            }
        }
        Ok(())
    }

    /// Hands out the last row, if no line end stands behind it.
    pub(super) fn finish(
        &mut self,
        mut take: impl FnMut(&Row) -> Result<(), FileProblem>,
    ) -> Result<(), FileProblem> {
        if matches!(self.at, At::Inside) {
            return Err(self.fault());
        }
        if !self.begun {
            return Ok(());
        }
        self.row.end_cell()?;
        self.end_row(&mut take)
    }

    /// Reads a character. Whether a row ends with it.
    fn read(&mut self, c: char) -> Result<bool, FileProblem> {
        let line = self.line;
        let ends_line = matches!(c, '\r' | '\n');
        // A line may end in one sign, or in two that are one end.
        self.line += u64::from(c == '\r' || (c == '\n' && !self.after_return));
        self.after_return = c == '\r';
        if !self.begun {
            if ends_line {
                return Ok(false);
            }
            (self.begun, self.row.line) = (true, line);
        }
        self.at = match self.at {
            At::Start if c == '"' => {
                self.opens = line;
                At::Inside
            }
            At::Inside if c == '"' => At::Closed,
            At::Inside => {
                self.row.push(c)?;
                At::Inside
            }
            At::Closed if c == '"' => {
                self.row.push(c)?;
                At::Inside
            }
            At::Start | At::Unquoted | At::Closed | At::Trailing if ends_line || c == self.delimiter => {
                self.row.end_cell()?;
                At::Start
            }
            At::Closed | At::Trailing if c == ' ' => At::Trailing,
            At::Closed | At::Trailing => return Err(self.fault()),
            // A mark in the middle of an unquoted cell is text: `5" pipe`.
            At::Start | At::Unquoted => {
                self.row.push(c)?;
                At::Unquoted
            }
        };
        Ok(ends_line && matches!(self.at, At::Start))
    }

    fn end_row(&mut self, take: &mut impl FnMut(&Row) -> Result<(), FileProblem>) -> Result<(), FileProblem> {
        let taken = take(&self.row);
        self.row.text.clear();
        self.row.ends.clear();
        (self.at, self.begun) = (At::Start, false);
        taken
    }

    fn fault(&self) -> FileProblem {
        FileProblem::Quote { line: self.opens }
    }
}

/// Whether a cell of several lines holds what was meant as a row: two unclosed marks in different rows look like
/// one cell in good order. `number` is the place of the numbers.
pub(super) fn holds_a_row(cell: &str, delimiter: char, number: usize) -> bool {
    cell.split(['\r', '\n']).skip(1).any(|line| {
        line.contains(delimiter) && line.split(delimiter).nth(number).is_some_and(is_like_a_number)
    })
}

fn is_like_a_number(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let others = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '.' | ' ' | '\'' | '"');
    (7..=15).contains(&digits) && cell.chars().all(others)
}
