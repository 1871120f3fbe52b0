//! What people type into a search box: digits in any grouping, or part of an alias.

use routing::Alias;

use crate::sql::Sql;

/// Below this many characters a trigram index knows nothing.
const TRIGRAM: usize = 3;
/// Fewer digits than this after a leading zero are the end of a number ("0100"), not a national form.
const NATIONAL: usize = 5;

/// A search, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// Part of a folded alias.
    text: String,
    /// Parts of a number, any of which will do; none if letters were typed.
    digits: Vec<String>,
    /// A plus was typed: numbers begin with the digits.
    from_start: bool,
}

/// How SQLite finds what matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    /// Look at every row: the words are too short for the index, or so common that the page is soon full.
    Read,
    /// Ask the trigram index, then sort the few rows that it gives.
    Index,
}

impl Query {
    /// `None` if there is nothing to search for.
    pub(crate) fn parse(typed: &str) -> Option<Query> {
        // Neither an alias nor a number holds a control character, and PostgreSQL's text cannot hold NUL.
        let typed: String = typed.chars().filter(|c| !c.is_control()).collect();
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let text = Alias::parse(typed).map_or_else(|_| typed.to_lowercase(), |alias| alias.fold());
        Some(Query { text, digits: number_parts(typed), from_start: typed.starts_with('+') })
    }

    /// Whether the folded alias holds it.
    pub(crate) fn is_in_text(&self, folded: &str) -> bool {
        folded.contains(&self.text)
    }

    /// Whether a route's value holds it: as text, or as the digits of a phone number.
    pub(crate) fn is_in_value(&self, value: &str) -> bool {
        let holds = |digits: &str| {
            let has = |part: &String| {
                if self.from_start { digits.starts_with(part) } else { digits.contains(part) }
            };
            self.digits.iter().any(has)
        };
        value.to_lowercase().contains(&self.text) || value.strip_prefix('+').is_some_and(holds)
    }

    /// Whether the trigram index can answer it.
    pub(crate) fn fits_index(&self) -> bool {
        self.text.chars().count() >= TRIGRAM && self.digits.iter().all(|part| part.len() >= TRIGRAM)
    }

    /// The search in the words of FTS5: each part a quoted phrase in its column.
    pub(crate) fn fts(&self) -> String {
        let mut words = format!("alias : \"{}\"", self.text.replace('"', "\"\""));
        for part in &self.digits {
            words.push_str(" OR digits : \"");
            words.push_str(part);
            words.push('"');
        }
        words
    }

    /// Appends the condition on `dids as d`.
    pub(crate) fn push(&self, sql: &mut Sql, means: Means) {
        if means == Means::Index {
            sql.push(" and d.id in (select rowid from did_search where did_search match ");
            sql.push_bind(self.fts()).push(")");
            // The index knows no beginnings: it finds the candidates, and they are looked at once more.
            if !self.from_start {
                return;
            }
        }
        sql.push(" and (d.alias_key like ").push_bind(like(&self.text)).push(" escape '\\'");
        for part in &self.digits {
            let pattern = if self.from_start { format!("{part}%") } else { like(part) };
            sql.push(" or cast(d.number as text) like ").push_bind(pattern).push(" escape '\\'");
        }
        sql.push(")");
    }
}

/// A pattern that matches the text anywhere, its wildcards taken literally.
pub(crate) fn like(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The digits to look for in E.164 numbers: as typed, and without an international prefix (00, 011) or the
/// trunk zero of a national form.
fn number_parts(typed: &str) -> Vec<String> {
    let separator = |c: char| {
        c.is_whitespace() || matches!(c, '+' | '(' | ')' | '-' | '.' | '/' | '\u{2010}'..='\u{2015}')
    };
    if !typed.chars().all(|c| c.is_ascii_digit() || separator(c)) {
        return Vec::new();
    }
    // The zero of "+44 (0)20" is not dialled from abroad.
    let dialled = if typed.starts_with('+') { typed.replace("(0)", "") } else { typed.to_owned() };
    let digits: String = dialled.chars().filter(char::is_ascii_digit).collect();
    let mut parts: Vec<String> = Vec::new();
    let without_zeros = digits.trim_start_matches('0');
    for (part, least) in [
        (digits.as_str(), 1),
        (digits.strip_prefix("011").unwrap_or_default(), NATIONAL),
        (without_zeros, NATIONAL),
    ] {
        if part.len() >= least && !parts.iter().any(|known| known == part) {
            parts.push(part.to_owned());
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_found_in_any_grouping_and_with_any_prefix() {
        for (typed, expected) in [
            ("206555", &["206555"][..]),
            ("+1 (206) 555-01", &["120655501"]),
            ("206.555.0100", &["2065550100"]),
            ("206–555", &["206555"]),
            ("0044 20 7946", &["0044207946", "44207946"]),
            ("011 44 207", &["01144207", "44207", "1144207"]),
            ("0100", &["0100"]),
            ("0044", &["0044"]),
            ("020 7946", &["0207946", "207946"]),
            ("+44 (0)20 7946", &["44207946"]),
            ("00", &["00"]),
            ("desk 12", &[]),
            ("206a", &[]),
            ("()", &[]),
        ] {
            assert_eq!(number_parts(typed), expected, "{typed}");
        }
    }

    #[test]
    fn wildcards_and_quotes_are_taken_literally() {
        assert_eq!(like("100%_a\\b"), "%100\\%\\_a\\\\b%");
        let query = Query::parse("the \"big\" one").expect("there is text");
        assert_eq!(query.fts(), "alias : \"the \"\"big\"\" one\"");
    }

    #[test]
    fn nothing_but_white_space_and_control_characters_is_no_search() {
        for typed in ["", "  ", "\t\n", "\0"] {
            assert_eq!(Query::parse(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn letter_case_and_normal_form_do_not_matter() {
        let query = Query::parse("CAFE\u{301}").expect("there is text");
        assert!(query.is_in_text("caf\u{e9} paris"));
    }
}
