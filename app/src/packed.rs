//! What a page hands to its islands, packed. As JSON it would be larger, and the code that reads a configuration from JSON
//! would weigh a tenth of each bundle; this reads fields in their order, without their names.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, de::DeserializeOwned, ser};

/// An island's data. Page and bundle are of one build, so that both know the same fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed<T>(pub T);

impl<T: Serialize> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = postcard::to_allocvec(&self.0).map_err(ser::Error::custom)?;
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Packed<T>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = bytes_of(&text).ok_or_else(|| de::Error::custom("an island's data is not Base64"))?;
        postcard::from_bytes(&bytes).map(Packed).map_err(de::Error::custom)
    }
}

/// The bytes that a Base64 text stands for. The browser knows how: code for it would weigh some kilobytes.
#[cfg(feature = "hydrate")]
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let decoded = web_sys::window()?.atob(text).ok()?;
    decoded.chars().map(|byte| u8::try_from(u32::from(byte)).ok()).collect()
}

#[cfg(not(feature = "hydrate"))]
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use routing::{Millis, Trigger};

    use super::*;

    type Whole = (Trigger, Option<String>, Millis, Option<i64>, Vec<i64>);

    /// What somebody may type into a name, a trigger that is no preset, and nothing at all.
    #[test]
    fn what_is_packed_is_unpacked_as_it_was() {
        for text in ["outage", "404, 5xx, no_answer", "never", "unreachable,"] {
            let whole = Packed((
                Trigger::parse(text).unwrap(),
                Some("</script>\u{1f4de} \"a\"".to_owned()),
                Millis(6_000),
                None::<i64>,
                vec![-1_i64, i64::MAX],
            ));
            let json = serde_json::to_string(&whole).unwrap();
            assert!(
                json.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=\"".contains(&byte)),
                "{json}"
            );
            assert_eq!(serde_json::from_str::<Packed<Whole>>(&json).unwrap(), whole);
        }
        for broken in ["\"!\"", "\"AA\"", "\"\"", "{}"] {
            assert!(serde_json::from_str::<Packed<(String, u64)>>(broken).is_err(), "{broken}");
        }
    }
}
