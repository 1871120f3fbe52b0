//! `%`-escapes and the characters that need none (RFC 3261 §25.1).

use super::address_error::AddressError;

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte)
}

/// What may stand in a user part without an escape.
pub(super) fn is_user_byte(byte: u8) -> bool {
    is_unreserved(byte) || b"&=+$,;?/".contains(&byte)
}

/// What may stand in a parameter's name or value without an escape.
pub(super) fn is_parameter_byte(byte: u8) -> bool {
    is_unreserved(byte) || b"[]/:&+$".contains(&byte)
}

/// The canonical spelling: an escape only where the character has a meaning of its own, in upper case
/// (RFC 3261 §19.1.4 holds both spellings to be the same).
pub(super) fn canonical(
    text: &str,
    at: usize,
    takes: fn(u8) -> bool,
    refusal: fn(usize) -> AddressError,
) -> Result<String, AddressError> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let mut at = at;
    while let [first, tail @ ..] = rest {
        if *first != b'%' {
            if !takes(*first) {
                return Err(refusal(at));
            }
            out.push(char::from(*first));
            (rest, at) = (tail, at + 1);
            continue;
        }
        let [high, low, tail @ ..] = tail else {
            return Err(AddressError::Escape { at });
        };
        let byte = hex_pair(*high, *low).ok_or(AddressError::Escape { at })?;
        if byte.is_ascii_control() {
            return Err(AddressError::EscapedControl { at });
        }
        if is_unreserved(byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(high.to_ascii_uppercase()));
            out.push(char::from(low.to_ascii_uppercase()));
        }
        (rest, at) = (tail, at + 3);
    }
    Ok(out)
}

/// The text without its escapes, of which every one is well formed.
pub(super) fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, tail) = match tail {
            [high, low, tail @ ..] if *first == b'%' => (hex_pair(*high, *low).unwrap_or(*first), tail),
            _ => (*first, tail),
        };
        out.push(byte);
        rest = tail;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
