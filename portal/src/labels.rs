//! Short names that people give to things, without the rules of an alias.

use crate::Problem;
use crate::limits::{LABEL_CHARS_MAX, REASON_CHARS_MAX};

/// A carrier, site, region or account name; `None` if it is empty.
pub(crate) fn label(typed: &str) -> Result<Option<String>, Problem> {
    text(typed, LABEL_CHARS_MAX)
}

/// Why somebody did something. Nobody is refused for a long reason: it is cut, and line breaks become spaces.
pub(crate) fn reason(typed: Option<String>) -> Option<String> {
    let text: String = one_line(&typed?).chars().take(REASON_CHARS_MAX).collect();
    (!text.is_empty()).then_some(text)
}

/// A paragraph as one line: line breaks become spaces.
pub(crate) fn one_line(typed: &str) -> String {
    let words = typed.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Lines, each by itself as [`one_line`] has it; at most one empty line stands between two.
pub(crate) fn lines(typed: &str) -> String {
    let mut text = String::new();
    let mut empty = 0;
    for line in typed.lines().map(one_line) {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !text.is_empty() {
            text.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        text.push_str(&line);
        empty = 0;
    }
    text
}

/// One line of at most so many characters; `None` if it is empty.
pub(crate) fn text(typed: &str, max: usize) -> Result<Option<String>, Problem> {
    let text = typed.trim();
    if text.chars().any(char::is_control) {
        return Err(Problem::Unprintable);
    }
    if text.chars().count() > max {
        return Err(Problem::TooLong { max });
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines_and_no_more() {
        for (typed, expected) in [
            ("", ""),
            (" \n\t\n", ""),
            ("one", "one"),
            ("  one \t two\r\nthree\u{7}  ", "one two\nthree"),
            ("\n\none\n \n\n\ntwo\n", "one\n\ntwo"),
        ] {
            assert_eq!(lines(typed), expected, "{typed:?}");
        }
    }
}
