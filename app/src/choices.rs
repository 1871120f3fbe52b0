//! Drop-downs as HTML text.

use std::fmt::Write;

use crate::timeline::escape;

/// A choice of a drop-down.
pub(crate) fn option(out: &mut String, value: &str, words: &str, chosen: bool) {
    let selected = if chosen { " selected" } else { "" };
    let _ = write!(out, "<option value=\"{}\"{selected}>{}</option>", escape(value), escape(words));
}

/// A labelled drop-down. `id` is what an island reads it by.
pub(crate) fn picker<'a>(
    out: &mut String,
    label: &str,
    id: &str,
    choices: impl Iterator<Item = (&'a str, &'a str)>,
    chosen: &str,
) {
    let _ = write!(out, "<div><label for=\"{id}\">{}</label><select id=\"{id}\">", escape(label));
    for (value, words) in choices {
        option(out, value, words, value == chosen);
    }
    out.push_str("</select></div>");
}
