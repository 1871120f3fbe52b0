//! Text in a cell of a CSV. Spreadsheets run a cell that begins like a formula, so such text is written with an
//! apostrophe before it, and that apostrophe is taken off when it comes back.

use std::borrow::Cow;

/// A cell with this word, or with a dash, clears what is there.
const CLEARS: [&str; 2] = ["none", "-"];

/// What makes a spreadsheet take a cell for a formula.
fn is_lead(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r')
}

/// Whether a cell says to clear what is there.
pub(crate) fn clears(cell: &str) -> bool {
    CLEARS.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// Text that would be read in another way than it stands, with any apostrophes of its own before it.
fn needs_apostrophe(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    bare.starts_with(is_lead) || clears(bare)
}

/// A name as it is written into a cell.
pub(crate) fn protect(text: &str) -> Cow<'_, str> {
    if needs_apostrophe(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// A name as it stands in a cell.
pub(crate) fn unprotect(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if needs_apostrophe(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formula_leads_are_neutralised_and_come_back_as_they_were() {
        let rows = [
            ("Front desk", "Front desk"),
            ("=1+1", "'=1+1"),
            ("+1 206 555 0100 ext", "'+1 206 555 0100 ext"),
            ("-desk", "'-desk"),
            ("@home", "'@home"),
            ("'=1", "''=1"),
            ("''", "''"),
            ("'quoted'", "'quoted'"),
            ("none", "'none"),
            ("None", "'None"),
            ("-", "'-"),
            ("a=b", "a=b"),
            ("O'Hara", "O'Hara"),
        ];
        for (text, cell) in rows {
            assert_eq!(protect(text), cell);
            assert_eq!(unprotect(cell), text);
            assert!(!clears(cell), "{cell}");
        }
    }
}
