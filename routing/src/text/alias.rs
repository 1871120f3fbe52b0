//! What an owner calls a route or a DID.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::refusal::{is_bidi, is_control, is_invisible, is_padding, refusals, trimmed};
use crate::limits::{ALIAS_CHARS_MAX, INPUT_OCTETS_MAX};

refusals! {
    /// Why a text is not an alias.
    AliasError {
        /// Nothing to see in it.
        Empty => "alias_empty", "This is empty. Write a name, such as seattle-pbx.";
        /// More than 64 code points.
        TooLong => "alias_too_long", "The alias is longer than 64 characters. Write a shorter one.";
        /// A control character or a line break.
        Control(at) => "alias_control", "A control character or line break stands in the alias. Write it on one line, without it.";
        /// A character that turns the direction of the text.
        Bidi(at) => "alias_bidi", "A hidden character here turns the direction of the text. Write the alias again without it.";
        /// A character that nobody sees.
        Invisible(at) => "alias_invisible", "An invisible character stands here. Write the alias again without it.";
    }
}

/// A name of 1–64 code points, trimmed, in Unicode's normal form C (UAX #15), on one line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alias(Box<str>);

impl Alias {
    /// Reads a name as typed.
    ///
    /// Without the feature `unicode` the normal form is left to whoever saves it.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(text: &str) -> Result<Alias, AliasError> {
        if text.len() > INPUT_OCTETS_MAX {
            return Err(AliasError::TooLong);
        }
        let (name, start) = trimmed(text);
        check(name, start).map_err(|error| error.in_chars_of(text))?;
        let name = normal_form(name);
        if name.chars().count() > ALIAS_CHARS_MAX {
            return Err(AliasError::TooLong);
        }
        Ok(Alias(name.into_boxed_str()))
    }

    /// The built-in route's alias, Flowroute's `sip-reg`.
    pub fn registered() -> Alias {
        Alias("sip-reg".into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key under which two aliases that differ only in letter case are the same.
    pub fn fold(&self) -> String {
        // Upper case first makes one of letters that share it: ß and SS, the two forms of sigma.
        let folded: String =
            self.0.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
        normal_form(&folded)
    }
}

fn check(name: &str, start: usize) -> Result<(), AliasError> {
    // Joiners alone show nothing, though inside words some scripts need them.
    if name.chars().all(|c| is_padding(c) || is_joiner(c)) {
        return Err(AliasError::Empty);
    }
    for (offset, c) in name.char_indices() {
        let at = start + offset;
        if is_control(c) {
            return Err(AliasError::Control { at });
        }
        if is_bidi(c) {
            return Err(AliasError::Bidi { at });
        }
        if is_invisible(c) && !is_joiner(c) {
            return Err(AliasError::Invisible { at });
        }
    }
    Ok(())
}

/// Emoji, Persian and Indic scripts join and part letters with these.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

#[cfg(feature = "unicode")]
fn normal_form(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;

    text.nfc().collect()
}

#[cfg(not(feature = "unicode"))]
fn normal_form(text: &str) -> String {
    text.to_owned()
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Alias {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Alias {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Alias, D::Error> {
        Alias::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
