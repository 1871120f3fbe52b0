//! What people type into a search box: digits in any grouping, or part of an alias.

use routing::{Alias, E164};

use crate::DatabaseKind;
use crate::sql::Sql;

/// Below this many characters a trigram index knows nothing.
const TRIGRAM: usize = 3;
/// Fewer digits than this after a leading zero are the end of a number ("0100"), not a national form.
const NATIONAL: usize = 5;
/// Digits of the longest number (E.164): a text of more is the beginning of none.
const NUMBER_DIGITS_MAX: usize = routing::limits::E164_DIGITS_MAX;

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

/// How what matches is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    /// Look at every row: the words are too short for the trigram index, or there is none.
    Read,
    /// Sort the few rows that the index named, of any account: their keys, which [`Query::push_found`] finds.
    Named(Vec<i64>),
    /// Look at every row: the index names so many that a page is soon full. The first of them.
    Common(Vec<i64>),
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
        let number = routing::number_of_tel(typed);
        Some(Query { text: fold(typed), digits: number_parts(number), from_start: number.starts_with('+') })
    }

    /// Whether the folded alias holds it.
    pub(crate) fn is_in_text(&self, folded: &str) -> bool {
        folded.contains(&self.text)
    }

    /// Whether a DID's alias or number holds it.
    pub(crate) fn is_in_did(&self, number: E164, alias: Option<&Alias>) -> bool {
        alias.is_some_and(|alias| self.is_in_text(&alias.fold())) || self.is_in_digits(&number.digits())
    }

    /// Whether a route's value holds it: as text, or as the digits of a phone number.
    pub(crate) fn is_in_value(&self, value: &str) -> bool {
        let holds = |digits: &str| self.is_in_digits(digits);
        value.to_lowercase().contains(&self.text) || value.strip_prefix('+').is_some_and(holds)
    }

    fn is_in_digits(&self, digits: &str) -> bool {
        let has =
            |part: &String| if self.from_start { digits.starts_with(part) } else { digits.contains(part) };
        self.digits.iter().any(has)
    }

    /// Whether the trigram index can answer it.
    pub(crate) fn fits_index(&self) -> bool {
        self.text.chars().count() >= TRIGRAM && self.digits.iter().all(|part| part.len() >= TRIGRAM)
    }

    /// Whether it can be answered without reading every row, accounts aside: from the trigram index, and beginnings of
    /// numbers from the index of numbers.
    pub(crate) fn fits_indexes(&self) -> bool {
        self.fits_index() || (self.from_start && self.text.chars().count() >= TRIGRAM)
    }

    /// Appends the statements, joined by `union`, that find DIDs of any account, as [`Query::push_found`] does; each gives
    /// `most` at most and reads little more. Which ones, if there are more, is left to the database: it would have to read all to sort them.
    pub(crate) fn push_everywhere(&self, sql: &mut Sql, kind: DatabaseKind, most: i64) {
        let mut digits = self.digits.as_slice();
        if self.from_start {
            for (first, beyond) in digits.iter().flat_map(|part| ranges(part)) {
                sql.push(match kind {
                    DatabaseKind::Sqlite => "select * from (select d.id from dids",
                    DatabaseKind::Postgres => "select * from (select d.account_id, d.number from did_search",
                });
                sql.push(" as d where d.number >= ").push_bind(first);
                sql.push(" and d.number < ").push_bind(beyond);
                sql.push(" order by d.number limit ").push_bind(most).push(") as beginning union ");
            }
            digits = &[];
        }
        sql.push("select * from (");
        self.push_found_by(digits, sql, kind);
        sql.push(" limit ").push_bind(most).push(") as named");
    }

    /// Appends the condition on `routes as r`: the alias, or the value as text or as the digits of a phone number.
    pub(crate) fn push_route(&self, sql: &mut Sql) {
        sql.push("(r.alias_key like ").push_bind(like(&self.text)).push(" escape '\\'");
        sql.push(" or lower(r.value) like ").push_bind(like(&self.text)).push(" escape '\\'");
        for part in &self.digits {
            let pattern = if self.from_start { format!("+{part}%") } else { like(part) };
            sql.push(" or (r.kind = 'phone' and r.value like ").push_bind(pattern).push(")");
        }
        sql.push(")");
    }

    /// Appends the statement that names, from the trigram index, the DIDs of any account that hold it: by the key of their
    /// table, which is `id` in SQLite, and `account_id` and `number` in PostgreSQL. The index knows no beginnings: of
    /// what was typed with a plus it names too many.
    pub(crate) fn push_found(&self, sql: &mut Sql, kind: DatabaseKind) {
        self.push_found_by(&self.digits, sql, kind);
    }

    fn push_found_by(&self, digits: &[String], sql: &mut Sql, kind: DatabaseKind) {
        match kind {
            DatabaseKind::Sqlite => {
                sql.push("select rowid as id from did_search where did_search match ");
                sql.push_bind(fts(&self.text, digits));
            }
            DatabaseKind::Postgres => {
                sql.push("select account_id, number from did_search where (alias like ");
                sql.push_bind(like(&self.text)).push(" escape '\\'");
                for part in digits {
                    sql.push(" or digits like ").push_bind(like(part));
                }
                sql.push(")").plan_for_values();
            }
        }
    }

    /// Appends the condition on `dids as d`.
    pub(crate) fn push(&self, sql: &mut Sql, kind: DatabaseKind, means: &Means) {
        if let Means::Named(keys) = means {
            sql.push(match kind {
                DatabaseKind::Sqlite => " and d.id",
                DatabaseKind::Postgres => " and d.number",
            });
            sql.push_is_among(kind, keys);
            if !self.from_start {
                return;
            }
        }
        sql.push(" and (d.alias_key like ").push_bind(like(&self.text)).push(" escape '\\'");
        for part in &self.digits {
            let pattern = if self.from_start { format!("{part}%") } else { like(part) };
            sql.push(" or cast(d.number as text) like ").push_bind(pattern).push(" escape '\\'");
        }
        sql.push(")").plan_for_values();
    }
}

/// A name as it is compared: without regard to case and normal form.
pub(crate) fn fold(name: &str) -> String {
    Alias::parse(name).map_or_else(|_| name.to_lowercase(), |alias| alias.fold())
}

/// A search in the words of FTS5: each part a quoted phrase in its column.
fn fts(text: &str, digits: &[String]) -> String {
    let mut words = format!("alias : \"{}\"", text.replace('"', "\"\""));
    for part in digits {
        words.push_str(" OR digits : \"");
        words.push_str(part);
        words.push('"');
    }
    words
}

/// The numbers that begin with some digits, as ranges of integers from the first on and below the second: one for each
/// length that a number may have.
pub(crate) fn ranges(digits: &str) -> Vec<(i64, i64)> {
    let lengths = digits.len()..=NUMBER_DIGITS_MAX;
    lengths
        .filter_map(|length| {
            let rest = 10_i64.pow(u32::try_from(length - digits.len()).ok()?);
            let first = digits.parse::<i64>().ok()? * rest;
            Some((first, first + rest))
        })
        .collect()
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
    fn what_a_number_begins_with_is_a_range_for_each_length() {
        let found = |digits: &str, number: i64| {
            ranges(digits).iter().any(|(first, beyond)| (*first..*beyond).contains(&number))
        };
        for (digits, number, expected) in [
            ("44", 442_079_460_000, true),
            ("44", 44_207_946, true),
            ("44", 12_065_550_144, false),
            ("44", 444, true),
            ("12065550100", 12_065_550_100, true),
            ("12065550100", 12_065_550_101, false),
            ("999999999999999", 999_999_999_999_999, true),
            ("9999999999999999", 999_999_999_999_999, false),
        ] {
            assert_eq!(found(digits, number), expected, "{digits} {number}");
        }
        assert_eq!(ranges(&"1".repeat(200)), []);
    }

    #[test]
    fn wildcards_and_quotes_are_taken_literally() {
        assert_eq!(like("100%_a\\b"), "%100\\%\\_a\\\\b%");
        assert_eq!(fts("the \"big\" one", &[]), "alias : \"the \"\"big\"\" one\"");
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
