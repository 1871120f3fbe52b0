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
