//! Public telephone numbers (ITU-T E.164).

use std::fmt;
use std::num::NonZeroU64;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::country::{CallingCode, Dialling, drops_zero, is_assigned};
use super::dialled::{self, Typed};
use super::digits::Digits;
use super::refusal::refusals;
use crate::limits::{E164_DIGITS_MAX, E164_DIGITS_MIN};

refusals! {
    /// Why a text is not a public telephone number.
    NumberError {
        /// Nothing but white space.
        Empty => "number_empty", "The number is empty. Write it as +12065550100.";
        /// Signs, but no digit.
        NoDigits => "number_no_digits", "There is no digit in the number. Write it as +12065550100.";
        /// Fewer than 7 digits.
        TooShort => "number_too_short", "The number is too short. Write all of it, with + and the country code: at least 7 digits.";
        /// More than 15 digits, or a text too long to look at.
        TooLong => "number_too_long", "The number is too long. Write + and at most 15 digits.";
        /// A control character or a line break.
        Control(at) => "number_control", "A control character or line break stands here. Write the number on one line, without it.";
        /// A character that nobody sees.
        Invisible(at) => "number_invisible", "An invisible character stands here, as often after copying. Write the number again by hand.";
        /// A Latin letter.
        Letter(at) => "number_letter", "Letters are not part of a number. Write the digits that stand for them.";
        /// A digit or letter of another script, or a symbol outside ASCII.
        OtherScript(at) => "number_script", "Only the digits 0 to 9 are read. Write the number with them.";
        /// An extension, a pause or digits to be dialled after the answer.
        Extension(at) => "number_extension", "A call cannot be sent to an extension. Write the number without it, or a URI that names the extension.";
        /// `tel:` before it or parameters after it.
        TelUri(at) => "number_tel_uri", "This is a tel: link. Write only the number itself.";
        /// A SIP address.
        Address(at) => "number_address", "This looks like a SIP address. Choose the type URI for it, or write a number.";
        /// `*` as in a service code.
        StarCode(at) => "number_star", "Service codes with * cannot be routed to. Write a public number.";
        /// A plus that is not the first sign.
        PlusInside(at) => "number_plus_inside", "A plus may only stand first. Write + once, before the country code.";
        /// A parenthesis without its partner.
        Parenthesis(at) => "number_parenthesis", "This parenthesis has no partner. Write the whole number, as +1 (206) 555-0100.";
        /// Any other sign.
        Sign(at) => "number_sign", "This sign is not part of a number. Write digits, with spaces, dots, dashes or parentheses only.";
        /// No plus, and not a national form that we know.
        MissingPlus => "number_missing_plus", "It is not clear which country this number is in. Write + and the country code before it.";
        /// A national number without its first zero.
        MissingTrunk(at) => "number_missing_trunk", "Numbers of the account's country begin with its trunk prefix (mostly 0). Write that, or + and the country code.";
        /// A national number of impossible length.
        NationalLength => "number_national_length", "This is not the length of a number in the account's country. Write all of it, or + and the country code.";
        /// Seven digits in North America.
        MissingAreaCode(at) => "number_missing_area", "The area code is missing. Write ten digits, as 206 555 0100.";
        /// Another country's international prefix.
        ForeignPrefix(at) => "number_foreign_prefix", "From the account's country numbers abroad do not begin like this. Write + and the country code.";
        /// No country has this calling code.
        UnknownCode(at) => "number_unknown_code", "No country has this calling code. Write + and an existing country code, as +1 or +44.";
        /// The zero that is dialled at home only.
        TrunkAfterCode(at) => "number_trunk_after_code", "After this country code the leading 0 is left out. Write the number without that 0.";
        /// `(0)` where a zero may or may not belong.
        UnclearZero(at) => "number_unclear_zero", "It is not clear whether (0) is dialled in this country. Write the number as it is dialled from abroad.";
        /// Not ten digits after +1.
        NorthAmericanLength => "number_nanp_length", "A North American number has ten digits after the 1. Write it as +1 206 555 0100.";
        /// An area code beginning with 0 or 1.
        AreaCode(at) => "number_area_code", "A North American area code does not begin with 0 or 1. Write one that exists, as 206.";
        /// An exchange beginning with 0 or 1.
        Exchange(at) => "number_exchange", "The three digits after a North American area code do not begin with 0 or 1. Write all ten digits as they are dialled.";
        /// 211, 311 and so on, as the number, its area code or its exchange.
        ServiceCode(at) => "number_service_code", "Service numbers such as 411 cannot be routed to. Write a public number of ten digits.";
        /// 112, 911, 999 and so on.
        Emergency(at) => "number_emergency", "Calls are never routed to emergency numbers. Write a public number that reaches the same people.";
    }
}

/// A public telephone number: a plus and 7–15 digits, beginning with an assigned calling code.
///
/// It takes eight bytes, also as an `Option`. Numbers sort by their value, shorter ones first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164(NonZeroU64);

impl E164 {
    /// Reads a number with its plus and country code; spaces, dots, dashes and parentheses may stand in it.
    ///
    /// # Errors
    /// The first rule that it breaks; [`NumberError::MissingPlus`] for national forms.
    pub fn parse(text: &str) -> Result<E164, NumberError> {
        Typed::read(text)
            .and_then(
                |typed| if typed.plus { dialled::international(&typed, 0) } else { Err(typed.plusless()) },
            )
            .map_err(|error| error.in_chars_of(text))
    }

    /// Reads a number as people of the account's country write it: with a plus, with their international
    /// prefix, or in national form where that has one meaning only.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse_dialled(text: &str, dialling: &Dialling) -> Result<E164, NumberError> {
        Typed::read(text)
            .and_then(|typed| dialled::read(&typed, *dialling))
            .map_err(|error| error.in_chars_of(text))
    }

    /// The number whose digits are those of `value`, as [`E164::to_u64`] gave it.
    ///
    /// # Errors
    /// Where no number has these digits: it may come from a store that somebody edited.
    pub fn from_u64(value: u64) -> Result<E164, NumberError> {
        let number = E164(NonZeroU64::new(value).ok_or(NumberError::TooShort)?);
        if value >= 10u64.pow(E164_DIGITS_MAX as u32) {
            return Err(NumberError::TooLong);
        }
        check(number.digits().as_bytes(), |index| index)?;
        Ok(number)
    }

    /// Its digits as one number, for compact storage.
    pub fn to_u64(self) -> u64 {
        self.0.get()
    }

    /// Its digits without the plus.
    pub fn digits(self) -> Digits {
        Digits::of(self.0.get())
    }

    /// Its calling code: 44 for +442079460000.
    pub fn calling_code(self) -> u16 {
        split(self.digits().as_bytes()).map_or(0, |(code, _)| code)
    }

    /// Its calling code with a name to show beside it.
    pub fn region(self) -> CallingCode {
        let code = self.calling_code();
        CallingCode::of(code).unwrap_or(CallingCode { code, name: "Unknown" })
    }

    /// In groups for reading: `+1 206 555 0100`. [`E164::parse`] reads it back.
    pub fn grouped(self) -> String {
        let digits = self.digits();
        let (code, length) = split(digits.as_bytes()).unwrap_or((0, 0));
        let (head, mut rest) = digits.split_at(length);
        let mut text = String::with_capacity(E164_DIGITS_MAX + 6);
        text.push('+');
        text.push_str(head);
        for size in groups(code, rest) {
            let (group, tail) = rest.split_at_checked(usize::from(*size)).unwrap_or((rest, ""));
            text.push(' ');
            text.push_str(group);
            rest = tail;
        }
        text
    }
}

/// How the digits after the calling code are grouped; every row adds up to their count.
fn groups(code: u16, national: &str) -> &'static [u8] {
    match (code, national.len()) {
        (33, 9) => &[1, 2, 2, 2, 2],
        (44, 10) if national.starts_with('2') => &[2, 4, 4],
        (44, 10) => &[4, 6],
        (_, 4) => &[4],
        (_, 5) => &[5],
        (_, 6) => &[3, 3],
        (_, 7) => &[3, 4],
        (_, 8) => &[4, 4],
        (_, 9) => &[3, 3, 3],
        (_, 10) => &[3, 3, 4],
        (_, 11) => &[3, 4, 4],
        (_, 12) => &[4, 4, 4],
        (_, 13) => &[3, 3, 3, 4],
        _ => &[3, 3, 4, 4],
    }
}

/// The calling code that digits begin with, and its length.
pub(super) fn split(digits: &[u8]) -> Option<(u16, usize)> {
    if digits.first() == Some(&b'0') {
        return None;
    }
    let mut code = 0;
    for (index, digit) in digits.iter().take(3).enumerate() {
        code = code * 10 + u16::from(digit - b'0');
        if is_assigned(code) {
            return Some((code, index + 1));
        }
    }
    None
}

/// Checks ASCII digits after a plus; `place` tells where in the text a digit stands.
pub(super) fn check(digits: &[u8], place: impl Fn(usize) -> usize) -> Result<(), NumberError> {
    let Some((code, length)) = split(digits) else {
        return Err(match digits.len() {
            0 => NumberError::NoDigits,
            _ if dialled::is_emergency(digits) => NumberError::Emergency { at: place(0) },
            _ => NumberError::UnknownCode { at: place(0) },
        });
    };
    let national = digits.get(length..).unwrap_or_default();
    if digits.len() < E164_DIGITS_MIN {
        if dialled::is_emergency(digits) {
            return Err(NumberError::Emergency { at: place(0) });
        }
        if dialled::is_emergency(national) {
            return Err(NumberError::Emergency { at: place(length) });
        }
    }
    if code == 1 {
        return check_north_american(national, |index| place(length + index));
    }
    if digits.len() < E164_DIGITS_MIN {
        return Err(NumberError::TooShort);
    }
    if digits.len() > E164_DIGITS_MAX {
        return Err(NumberError::TooLong);
    }
    if national.first() == Some(&b'0') && drops_zero(code) {
        return Err(NumberError::TrunkAfterCode { at: place(length) });
    }
    Ok(())
}

/// Ten digits NXX NXX XXXX, N being 2–9 (North American Numbering Plan).
fn check_north_american(digits: &[u8], place: impl Fn(usize) -> usize) -> Result<(), NumberError> {
    if dialled::is_service_code(digits) {
        return Err(NumberError::ServiceCode { at: place(0) });
    }
    if digits.len() != 10 {
        return Err(NumberError::NorthAmericanLength);
    }
    for (start, refusal) in
        [(0, NumberError::AreaCode { at: place(0) }), (3, NumberError::Exchange { at: place(3) })]
    {
        match digits.get(start..start + 3) {
            Some([b'0' | b'1', ..]) => return Err(refusal),
            Some(code) if dialled::is_service_code(code) => {
                return Err(NumberError::ServiceCode { at: place(start) });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Makes a number of digits that were checked.
pub(super) fn from_checked(digits: &[u8]) -> Result<E164, NumberError> {
    let value =
        digits.iter().fold(0u64, |value, digit| value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')));
    NonZeroU64::new(value).map(E164).ok_or(NumberError::TooShort)
}

impl fmt::Display for E164 {
    /// The canonical form, `+12065550100`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("+")?;
        f.write_str(&self.digits())
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for E164 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for E164 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<E164, D::Error> {
        E164::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
