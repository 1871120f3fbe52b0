//! Text in a cell of a CSV. Spreadsheets run a cell that begins like a formula, so such text is written with an
//! apostrophe before it, and that apostrophe is taken off when it comes back.

use std::borrow::Cow;

/// A cell with this word, or with a dash, clears what is there.
const CLEARS: [&str; 2] = ["none", "-"];

/// What the name of a failover plan stands behind, to tell it from a route's alias.
pub(crate) const PLAN: &str = "plan:";

/// What makes a spreadsheet take a cell for a formula; the full-width signs too, which some read as the plain ones
/// (OWASP, CSV Injection).
fn is_lead(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

/// A number as it stands in a cell: none begins with an apostrophe, so one there is a spreadsheet's.
pub(crate) fn bare_number(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell).trim()
}

/// Whether a cell says to clear what is there.
pub(crate) fn clears(cell: &str) -> bool {
    CLEARS.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// The name of the failover plan that a cell names.
pub(crate) fn plan(cell: &str) -> Option<&str> {
    let (start, name) = cell.split_at_checked(PLAN.len())?;
    start.eq_ignore_ascii_case(PLAN).then_some(name)
}

/// Text that would be read in another way than it stands, with any apostrophes of its own before it.
fn needs_apostrophe(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    bare.starts_with(is_lead) || clears(bare) || plan(bare).is_some()
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
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－", "'－"),
            ("＠home", "'＠home"),
            ("'＝1", "''＝1"),
            ("a=b", "a=b"),
            ("a＝b", "a＝b"),
            ("O'Hara", "O'Hara"),
            ("plan:b", "'plan:b"),
            ("Plan: b", "'Plan: b"),
            ("'plan:b", "''plan:b"),
            ("plan b", "plan b"),
            ("pläne:", "pläne:"),
        ];
        for (text, cell) in rows {
            assert_eq!(protect(text), cell);
            assert_eq!(unprotect(cell), text);
            assert!(!clears(cell) && plan(cell).is_none(), "{cell}");
        }
    }
}
