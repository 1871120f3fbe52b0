//! A place in a sorted list of DIDs, as text that fits in a URL.

use std::fmt;
use std::str::FromStr;

use routing::E164;

use super::page::DidSort;
use crate::Error;

/// A place in the list: the sort order, the key there, and the number that breaks ties. The row need not
/// exist any more. Its text is opaque and URL-safe, and only text that this program made is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(super) sort: DidSort,
    pub(super) key: Key,
    pub(super) number: E164,
}

/// The value a row is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// The number itself, or a row without a key: no alias, no failover.
    Null,
    Text(String),
    Moment(i64),
}

impl Cursor {
    /// The sort order that it is a place in.
    pub fn sort(&self) -> DidSort {
        self.sort
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.sort.letter(), self.number.to_u64())?;
        match &self.key {
            Key::Null => Ok(()),
            Key::Moment(at) => write!(f, "-{at}"),
            Key::Text(text) => {
                f.write_str("-")?;
                text.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Cursor, Error> {
        let cursor = read(text).ok_or(Error::Cursor)?;
        // One place has one text: leading zeros, capitals and the like are not ours.
        if cursor.to_string() == text { Ok(cursor) } else { Err(Error::Cursor) }
    }
}

fn read(text: &str) -> Option<Cursor> {
    let sort = DidSort::from_letter(text.chars().next()?)?;
    let rest = text.get(1..)?;
    let (digits, key) = match rest.split_once('-') {
        Some((digits, key)) => (digits, Some(key)),
        None => (rest, None),
    };
    let number = E164::from_u64(digits.parse().ok()?).ok()?;
    let key = match (sort, key) {
        (DidSort::Number | DidSort::Alias | DidSort::Failover, None) => Key::Null,
        (DidSort::Changed, Some(at)) => Key::Moment(at.parse().ok()?),
        (DidSort::Alias | DidSort::Primary | DidSort::Failover, Some(hex)) => Key::Text(from_hex(hex)?),
        _ => return None,
    };
    Some(Cursor { sort, key, number })
}

fn from_hex(hex: &str) -> Option<String> {
    if hex.is_empty() || !hex.len().is_multiple_of(2) {
        return None;
    }
    let nibble = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let bytes = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?))
        .collect::<Option<Vec<u8>>>()?;
    // PostgreSQL's text cannot hold NUL.
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_from_its_own_text() {
        let number = E164::parse("+12065550100").expect("a number");
        for (sort, key, text) in [
            (DidSort::Number, Key::Null, "n12065550100"),
            (DidSort::Alias, Key::Null, "a12065550100"),
            (DidSort::Alias, Key::Text("é".to_owned()), "a12065550100-c3a9"),
            (DidSort::Primary, Key::Text("pbx".to_owned()), "p12065550100-706278"),
            (DidSort::Failover, Key::Null, "f12065550100"),
            (DidSort::Changed, Key::Moment(-5), "c12065550100--5"),
        ] {
            let cursor = Cursor { sort, key, number };
            assert_eq!(cursor.to_string(), text);
            assert_eq!(text.parse::<Cursor>().expect(text), cursor);
        }
    }

    #[test]
    fn other_text_is_refused() {
        for text in [
            "",
            "n",
            "n-",
            "x12065550100",
            "n012065550100",
            "n12065550100-",
            "n12065550100-61",
            "n+12065550100",
            "n1",
            "n99999999999999999999",
            "p12065550100",
            "c12065550100",
            "c12065550100-x",
            "c12065550100-05",
            "a12065550100-6",
            "a12065550100-C3A9",
            "a12065550100-ff",
            "a12065550100-00",
            "a12065550100-+1",
            "é12065550100",
        ] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
