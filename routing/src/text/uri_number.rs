//! The numbers that a URI's user part can be taken for.

use super::country::Dialling;
use super::dialled::ascii;
use super::number::E164;
use super::refusal::strip_prefix_ignoring_case;
use super::uri::{Parameter, SipUri};
use crate::limits::E164_DIGITS_MIN;

/// Every number that somebody between us and the telephone network could read in the user part, the likeliest
/// first: as dialled in the account's country, with a plus or a calling code that was left out, and in North
/// American form, which our own edges read.
pub(super) fn readings(uri: &SipUri, dialling: Dialling) -> impl Iterator<Item = E164> {
    let user = uri.user_unescaped();
    let mut parts = user.split(';');
    let number = bare_number(parts.next().unwrap_or_default()).to_owned();
    let context = parts
        .find_map(|part| strip_prefix_ignoring_case(part, "phone-context="))
        .or_else(|| uri.parameter("phone-context").and_then(Parameter::value))
        .filter(|context| context.starts_with('+'))
        .map(str::to_owned);
    let digits = digits_of(&number);
    let significant = digits.trim_start_matches(['+', '0']).to_owned();
    let code = dialling.country().calling_code();
    let home = Dialling::default();

    let as_typed = E164::parse_dialled(&number, &dialling);
    let global = [
        // RFC 3966 §5.1.4: a local number and the global one that it belongs to.
        context.map(|context| format!("{context}{significant}")),
        Some(format!("+{significant}")),
        digits.strip_prefix("011").map(|rest| format!("+{rest}")),
        Some(format!("+{code}{significant}")),
    ];
    [as_typed, E164::parse_dialled(&digits, &dialling), E164::parse_dialled(&digits, &home)]
        .into_iter()
        .flatten()
        .chain(global.into_iter().flatten().filter_map(|text| E164::parse(&text).ok()))
}

/// `tel:` or `sip:` before a number and a host after it do not hide it.
fn bare_number(text: &str) -> &str {
    let number = ["tel:", "sips:", "sip:"].iter().find_map(|scheme| strip_prefix_ignoring_case(text, scheme));
    number.unwrap_or(text).split('@').next().unwrap_or_default()
}

/// The digits and the plus, whatever signs stand between, up to an extension; nothing for a name.
fn digits_of(text: &str) -> String {
    let mut digits = String::new();
    for c in text.chars().map(ascii) {
        match c {
            '0'..='9' | '+' => digits.push(c),
            'a'..='z' | 'A'..='Z' | ',' | '#' if digits.len() >= E164_DIGITS_MIN => break,
            'a'..='z' | 'A'..='Z' => return String::new(),
            _ => {}
        }
    }
    digits
}
