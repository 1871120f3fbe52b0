//! Quotation marks that do not come in pairs. A lenient reader takes the rows after one into a single cell
//! without a word, so a file with one is refused.

/// Where a reader stands within a cell.
enum At {
    Start,
    Unquoted,
    /// In the quoted cell that opened at this byte.
    Inside(usize),
    /// At a mark that ends the cell, or is the first of a doubled one.
    Closed(usize),
    /// In spaces between the closing mark and the end of the cell.
    Trailing(usize),
}

/// The byte of the first mark that is never closed, or that something else than the end of the cell follows
/// (RFC 4180 §2.5 to 2.7). A mark in the middle of an unquoted cell is text: `5" pipe`.
pub(super) fn fault(text: &str, delimiter: u8) -> Option<usize> {
    let mut at = At::Start;
    for (index, byte) in text.bytes().enumerate() {
        let ends_cell = byte == delimiter || matches!(byte, b'\r' | b'\n');
        at = match at {
            At::Start if byte == b'"' => At::Inside(index),
            At::Inside(open) if byte != b'"' => At::Inside(open),
            At::Inside(open) => At::Closed(open),
            At::Closed(open) if byte == b'"' => At::Inside(open),
            At::Start | At::Unquoted | At::Closed(_) | At::Trailing(_) if ends_cell => At::Start,
            At::Closed(open) | At::Trailing(open) if byte == b' ' => At::Trailing(open),
            At::Closed(open) | At::Trailing(open) => return Some(open),
            At::Start | At::Unquoted => At::Unquoted,
        };
    }
    match at {
        At::Inside(open) => Some(open),
        At::Start | At::Unquoted | At::Closed(_) | At::Trailing(_) => None,
    }
}

/// Whether a cell of several lines holds what was meant as a row: two unclosed marks in different rows look like
/// one cell in good order. `number` is the place of the numbers.
pub(super) fn holds_a_row(cell: &str, delimiter: u8, number: usize) -> bool {
    let delimiter = char::from(delimiter);
    cell.split(['\r', '\n']).skip(1).any(|line| {
        line.contains(delimiter) && line.split(delimiter).nth(number).is_some_and(is_like_a_number)
    })
}

fn is_like_a_number(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let others = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '.' | ' ' | '\'' | '"');
    (7..=15).contains(&digits) && cell.chars().all(others)
}
