//! Quoting what somebody sent: a refusal repeats enough to recognise it by, and no more.

use std::borrow::Cow;

use crate::limits::QUOTED_CHARS_MAX;

/// A text as a refusal quotes it: its first [`QUOTED_CHARS_MAX`] characters, on one line.
pub fn shortened(text: &str) -> Cow<'_, str> {
    cut(text, QUOTED_CHARS_MAX)
}

/// The start of a text on one line, at most so many characters of it; what was cut off leaves `…`.
pub fn cut(text: &str, chars_max: usize) -> Cow<'_, str> {
    let end = text.char_indices().nth(chars_max).map(|(at, _)| at);
    if end.is_none() && !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let start = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let mut short = start.replace(char::is_control, " ");
    if end.is_some() {
        short.push('…');
    }
    Cow::Owned(short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CivilDate, DayHours, InjectedFault, Trigger};

    #[test]
    fn a_quotation_is_the_start_of_a_text_on_one_line() {
        let whole = "é".repeat(64);
        let long = format!("{whole}é");
        let shown = format!("{whole}…");
        for (text, expected) in
            [("", ""), ("mobile", "mobile"), ("a\r\nb", "a  b"), (&whole, &whole), (&long, &shown)]
        {
            assert_eq!(shortened(text), expected);
        }
        assert_eq!((cut("abc", 2), cut("abc", 3)), ("ab…".into(), "abc".into()));
    }

    #[test]
    fn no_refusal_repeats_a_long_text_whole() {
        let x = "x".repeat(900);
        let digits = "9".repeat(900);
        let said = |error: &dyn std::error::Error| error.to_string();
        let fault = |text: &str| said(&InjectedFault::parse(text).unwrap_err());
        let trigger = |text: &str| said(&Trigger::parse(text).unwrap_err());
        for text in [
            fault(&x),
            fault(&format!("{x}:1=silent")),
            fault(&format!("route:{x}=silent")),
            fault(&format!("route:1={x}")),
            fault(&format!("route:1={digits}")),
            fault(&format!("route:1={digits}s")),
            trigger(&x),
            trigger(&format!("{digits}-408")),
            said(&DayHours::parse(&x[..200]).unwrap_err()),
            said(&CivilDate::parse(&x).unwrap_err()),
        ] {
            assert!(text.contains('…') && text.len() < 400, "{text}");
        }
    }
}
