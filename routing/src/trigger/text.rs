//! A trigger as people and JSON write it.

use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{CODES, LocalCause, Trigger};
use crate::shortened;

/// How the empty set is written.
const NEVER: &str = "never";

/// Why a text is not a trigger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TriggerError {
    /// Neither a preset, a local cause nor a code.
    #[error(
        "`{0}` is not a trigger; write a preset such as `outage`, a cause such as `no_response`, a code (408), \
         a class (5xx) or a range (501-503)"
    )]
    Unknown(String),
    /// Codes that are no failures, or no SIP codes.
    #[error("`{0}` is outside 300 to 699, the codes a call can fail with")]
    OutOfRange(String),
    /// A range written from high to low.
    #[error("`{0}` runs backwards; write the lower code first")]
    Backwards(String),
}

impl Trigger {
    /// Reads a preset's name, `never`, or a list of causes, codes, classes and ranges parted by commas or spaces.
    ///
    /// # Errors
    /// The first item that it cannot read.
    pub fn parse(text: &str) -> Result<Trigger, TriggerError> {
        let text = text.trim();
        if let Some(trigger) = Trigger::preset(text) {
            return Ok(trigger);
        }
        let mut trigger = Trigger::NEVER;
        if text == NEVER {
            return Ok(trigger);
        }
        let mut items = text.split([',', ' ']).filter(|item| !item.is_empty()).peekable();
        if items.peek().is_none() {
            return Err(TriggerError::Unknown(shortened(text).into_owned()));
        }
        for item in items {
            match LocalCause::ALL.into_iter().find(|cause| cause.name() == item) {
                Some(cause) => trigger.insert_cause(cause),
                None => trigger.insert_text(item)?,
            }
        }
        Ok(trigger)
    }

    /// The codes as written: whole classes as `5xx`, runs as `501-503`, single codes.
    pub fn codes(&self) -> Vec<String> {
        let mut list = Vec::new();
        for class in 3..=6_u16 {
            let codes = class * 100..class * 100 + 100;
            if codes.clone().all(|code| self.holds_number(code)) {
                list.push(format!("{class}xx"));
                continue;
            }
            let mut code = codes.start;
            while code < codes.end {
                let first = code;
                while code < codes.end && self.holds_number(code) {
                    code += 1;
                }
                match code - first {
                    0 => {}
                    1 => list.push(first.to_string()),
                    _ => list.push(format!("{first}-{}", code - 1)),
                }
                code += 1;
            }
        }
        list
    }

    /// The local causes that it holds by name.
    pub fn causes(&self) -> impl Iterator<Item = LocalCause> {
        let trigger = *self;
        LocalCause::ALL.into_iter().filter(move |cause| trigger.holds_cause(*cause))
    }

    /// Adds `408`, `5xx` or `501-503`.
    fn insert_text(&mut self, item: &str) -> Result<(), TriggerError> {
        let (first, last) =
            code_range(item).ok_or_else(|| TriggerError::Unknown(shortened(item).into_owned()))?;
        if !CODES.contains(&first) || !CODES.contains(&last) {
            return Err(TriggerError::OutOfRange(shortened(item).into_owned()));
        }
        if first > last {
            return Err(TriggerError::Backwards(shortened(item).into_owned()));
        }
        (first..=last).for_each(|code| self.insert_number(code));
        Ok(())
    }
}

fn code_range(item: &str) -> Option<(u16, u16)> {
    if let Some(class) = item.strip_suffix("xx").or_else(|| item.strip_suffix("XX")) {
        let class: u16 = three_digits(&format!("{class}00"))?;
        return Some((class, class + 99));
    }
    match item.split_once('-') {
        Some((first, last)) => Some((three_digits(first)?, three_digits(last)?)),
        None => three_digits(item).map(|code| (code, code)),
    }
}

/// `u16::from_str` would take `+408`; a code is three digits and nothing else.
fn three_digits(text: &str) -> Option<u16> {
    (text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Trigger {
    /// The preset's name, or the list that [`Trigger::parse`] reads back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(preset) = self.as_preset() {
            return f.write_str(preset.name());
        }
        let mut items = self.codes();
        items.extend(self.causes().map(|cause| cause.name().to_owned()));
        if items.is_empty() {
            return f.write_str(NEVER);
        }
        let text = items.join(", ");
        // The cause `unreachable` alone is less than the preset of that name: a comma makes it a list.
        let comma = if Trigger::preset(&text).is_some() { "," } else { "" };
        write!(f, "{text}{comma}")
    }
}

impl Serialize for Trigger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.collect_str(self);
        }
        if let Some(preset) = self.as_preset() {
            return serializer.serialize_str(preset.name());
        }
        let causes: Vec<&str> = self.causes().map(LocalCause::name).collect();
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("codes", &self.codes())?;
        map.serialize_entry("causes", &causes)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Trigger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Trigger, D::Error> {
        // A format without names knows no maps but by their length: there a trigger is its text.
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(TriggerVisitor)
        } else {
            deserializer.deserialize_str(TriggerVisitor)
        }
    }
}

struct TriggerVisitor;

impl<'de> Visitor<'de> for TriggerVisitor {
    type Value = Trigger;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a trigger's name, or an object with `codes` and `causes`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Trigger, E> {
        Trigger::parse(text).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Trigger, A::Error> {
        let mut trigger = Trigger::NEVER;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "codes" => {
                    for Code(code) in map.next_value::<Vec<Code>>()? {
                        trigger.insert_text(&code).map_err(de::Error::custom)?;
                    }
                }
                "causes" => {
                    for name in map.next_value::<Vec<String>>()? {
                        let cause = LocalCause::ALL.into_iter().find(|cause| cause.name() == name);
                        trigger.insert_cause(
                            cause.ok_or_else(|| de::Error::custom(TriggerError::Unknown(name)))?,
                        );
                    }
                }
                _ => return Err(de::Error::unknown_field(&key, &["codes", "causes"])),
            }
        }
        Ok(trigger)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Trigger, A::Error> {
        Err(de::Error::invalid_type(de::Unexpected::Seq, &self))
    }
}

/// An element of `codes`: a text, or a bare number where somebody left out the quotes.
struct Code(String);

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
        struct CodeVisitor;
        impl Visitor<'_> for CodeVisitor {
            type Value = Code;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a code (408), a class (\"5xx\") or a range (\"501-503\")")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Code, E> {
                Ok(Code(text.to_owned()))
            }

            fn visit_u64<E: de::Error>(self, code: u64) -> Result<Code, E> {
                Ok(Code(code.to_string()))
            }
        }
        deserializer.deserialize_any(CodeVisitor)
    }
}
