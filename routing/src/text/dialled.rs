//! How people write numbers: separators, prefixes, national forms.

use super::country::{Dialling, drops_zero};
use super::number::{E164, NumberError, check, from_checked, split};
use super::refusal::{is_control, is_invisible, is_padding, strip_prefix_ignoring_case, trimmed};
use crate::limits::INPUT_OCTETS_MAX;

/// Digits that are kept while reading: an international prefix and some more than a number may have, so that
/// too long ones are told from others.
const DIGITS_KEPT: usize = 32;

/// Short numbers for help in danger, from the national numbering plans.
const EMERGENCY: &[&[u8]] = &[
    b"000", b"066", b"100", b"101", b"102", b"103", b"104", b"105", b"106", b"107", b"108", b"110", b"111",
    b"112", b"113", b"114", b"115", b"116", b"117", b"118", b"119", b"120", b"122", b"123", b"127", b"128",
    b"129", b"131", b"132", b"133", b"140", b"144", b"150", b"155", b"158", b"160", b"166", b"190", b"191",
    b"192", b"193", b"194", b"195", b"196", b"197", b"198", b"199", b"911", b"912", b"913", b"990", b"991",
    b"992", b"993", b"994", b"995", b"996", b"997", b"998", b"999", b"01", b"02", b"03", b"04", b"15", b"17",
    b"18",
];

pub(super) fn is_emergency(digits: &[u8]) -> bool {
    EMERGENCY.contains(&digits)
}

/// North America's 211 to 811; 911 counts too where three digits stand inside a longer number.
pub(super) fn is_service_code(digits: &[u8]) -> bool {
    matches!(digits, [b'2'..=b'9', b'1', b'1'])
}

/// A text taken apart: its digits and where they stood.
pub(super) struct Typed {
    /// A plus stood before the digits.
    pub(super) plus: bool,
    digits: [u8; DIGITS_KEPT],
    /// The byte at which each digit stood.
    places: [u16; DIGITS_KEPT],
    length: usize,
    /// The digit that stood alone as `(0)`.
    lone_zero: Option<usize>,
}

impl Typed {
    /// Takes a text apart; errors carry byte offsets.
    pub(super) fn read(text: &str) -> Result<Typed, NumberError> {
        if text.len() > INPUT_OCTETS_MAX {
            return Err(NumberError::TooLong);
        }
        let (rest, start) = trimmed(text);
        if rest.is_empty() {
            return Err(NumberError::Empty);
        }
        refuse_other_kinds(rest, start)?;
        let mut typed = Typed {
            plus: false,
            digits: [0; DIGITS_KEPT],
            places: [0; DIGITS_KEPT],
            length: 0,
            lone_zero: None,
        };
        // Where the open parenthesis stood, and how many digits came before it.
        let mut open = None;
        for (offset, c) in rest.char_indices() {
            let at = start + offset;
            match ascii(c) {
                digit @ '0'..='9' => typed.push(digit as u8, at)?,
                '+' if typed.plus || typed.length > 0 => return Err(NumberError::PlusInside { at }),
                '+' => typed.plus = true,
                '(' if open.is_some() => return Err(NumberError::Parenthesis { at }),
                '(' => open = Some((at, typed.length)),
                ')' => {
                    let (_, before) = open.take().ok_or(NumberError::Parenthesis { at })?;
                    if typed.digits().get(before..) == Some(b"0") {
                        typed.lone_zero = Some(before);
                    }
                }
                ' ' | '.' | '-' => {}
                sign => return Err(refused_sign(sign, at, &typed, rest.get(offset..).unwrap_or_default())),
            }
        }
        match open {
            Some((at, _)) => Err(NumberError::Parenthesis { at }),
            None if typed.length == 0 => Err(NumberError::NoDigits),
            None => Ok(typed),
        }
    }

    fn push(&mut self, digit: u8, at: usize) -> Result<(), NumberError> {
        let place = u16::try_from(at).map_err(|_| NumberError::TooLong)?;
        match (self.digits.get_mut(self.length), self.places.get_mut(self.length)) {
            (Some(digits), Some(places)) => (*digits, *places) = (digit, place),
            _ => return Err(NumberError::TooLong),
        }
        self.length += 1;
        Ok(())
    }

    pub(super) fn digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    fn place(&self, index: usize) -> usize {
        self.places.get(index).copied().map_or(0, usize::from)
    }

    /// What to say of a number that needed a plus and has none.
    pub(super) fn plusless(&self) -> NumberError {
        match self.short_code() {
            Err(error) => error,
            Ok(()) => NumberError::MissingPlus,
        }
    }

    /// Refuses emergency and service numbers as they are dialled, with or without a trunk 1 before them.
    fn short_code(&self) -> Result<(), NumberError> {
        let digits = self.digits();
        if is_emergency(digits) {
            return Err(NumberError::Emergency { at: self.place(0) });
        }
        let (bare, at) = match digits {
            [b'1', rest @ ..] => (rest, self.place(1)),
            all => (all, self.place(0)),
        };
        match bare {
            b"911" => Err(NumberError::Emergency { at }),
            _ if is_service_code(bare) => Err(NumberError::ServiceCode { at }),
            _ => Ok(()),
        }
    }
}

/// Full-width forms, the many dashes and the many spaces as their ASCII relatives.
pub(super) fn ascii(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff19}' => char::from(b'0' + (u32::from(c) - 0xff10) as u8),
        '\u{ff0b}' => '+',
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        '\u{ff0e}' => '.',
        '\u{ff0d}' | '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ if is_padding(c) => ' ',
        _ => c,
    }
}

/// Texts of another kind get the advice that fits them.
fn refuse_other_kinds(rest: &str, start: usize) -> Result<(), NumberError> {
    if strip_prefix_ignoring_case(rest, "tel:").is_some() {
        return Err(NumberError::TelUri { at: start });
    }
    if strip_prefix_ignoring_case(rest, "sip:")
        .or_else(|| strip_prefix_ignoring_case(rest, "sips:"))
        .is_some()
    {
        return Err(NumberError::Address { at: start });
    }
    Ok(())
}

fn refused_sign(c: char, at: usize, typed: &Typed, rest: &str) -> NumberError {
    let has_digits = typed.length > 0;
    let after_letter = rest.get(1..).unwrap_or_default().trim_start_matches([' ', '.', ':']);
    let digit_follows = after_letter.starts_with(|c: char| c.is_ascii_digit());
    match c {
        _ if is_control(c) => NumberError::Control { at },
        _ if is_invisible(c) => NumberError::Invisible { at },
        '@' => NumberError::Address { at },
        '*' => NumberError::StarCode { at },
        ',' | '#' if has_digits => NumberError::Extension { at },
        ';' if strip_prefix_ignoring_case(rest, ";phone-context").is_some() => NumberError::TelUri { at },
        ';' if has_digits => NumberError::Extension { at },
        _ if has_digits && strip_prefix_ignoring_case(rest, "ext").is_some() => NumberError::Extension { at },
        // A pause or a wait in an address book: p123, w123.
        'x' | 'X' | 'p' | 'P' | 'w' | 'W' if has_digits && digit_follows => NumberError::Extension { at },
        'a'..='z' | 'A'..='Z' => NumberError::Letter { at },
        _ if c.is_ascii() => NumberError::Sign { at },
        _ => NumberError::OtherScript { at },
    }
}

/// Reads the digits from `from` on as they stand after a plus.
pub(super) fn international(typed: &Typed, from: usize) -> Result<E164, NumberError> {
    let digits = typed.digits().get(from..).unwrap_or_default();
    if let (Some((code, length)), Some(zero)) = (split(digits), typed.lone_zero)
        && zero == from + length
    {
        // `+44 (0)20`: the zero is for callers at home.
        if !drops_zero(code) {
            return Err(NumberError::UnclearZero { at: typed.place(zero) });
        }
        let mut kept = [0; DIGITS_KEPT];
        let without =
            digits.iter().enumerate().filter(|(index, _)| *index != length).map(|(_, digit)| *digit);
        let mut count = 0;
        for (place, digit) in kept.iter_mut().zip(without) {
            *place = digit;
            count += 1;
        }
        let kept = kept.get(..count).unwrap_or_default();
        check(kept, |index| typed.place(from + index + usize::from(index >= length)))?;
        return from_checked(kept);
    }
    check(digits, |index| typed.place(from + index))?;
    from_checked(digits)
}

/// Reads a number as it is dialled in the account's country.
pub(super) fn read(typed: &Typed, dialling: Dialling) -> Result<E164, NumberError> {
    if typed.plus {
        return international(typed, 0);
    }
    typed.short_code()?;
    let country = dialling.country();
    let digits = typed.digits();
    if let Some(prefix) = country.international_prefix()
        && digits.starts_with(prefix.as_bytes())
    {
        return international(typed, prefix.len());
    }
    if digits.starts_with(b"00") {
        return match country.reads_double_zero() {
            true => international(typed, 2),
            false => Err(NumberError::ForeignPrefix { at: typed.place(0) }),
        };
    }
    national(typed, dialling)
}

fn national(typed: &Typed, dialling: Dialling) -> Result<E164, NumberError> {
    let country = dialling.country();
    let digits = typed.digits();
    if country.is_north_american() {
        return match digits {
            [b'1', rest @ ..] if rest.len() == 10 => international(typed, 0),
            _ if digits.len() == 10 => prefixed(1, typed, 0),
            _ if digits.len() == 7 => Err(NumberError::MissingAreaCode { at: typed.place(0) }),
            _ if digits.len() > 11 => Err(NumberError::MissingPlus),
            _ if digits.len() < 7 => Err(NumberError::TooShort),
            _ => Err(NumberError::NorthAmericanLength),
        };
    }
    let trunk = country.trunk_prefix();
    if !digits.starts_with(trunk.as_bytes()) {
        return Err(if country.takes_length(digits.len()) {
            NumberError::MissingTrunk { at: typed.place(0) }
        } else {
            NumberError::MissingPlus
        });
    }
    let length = digits.len() - trunk.len();
    if !country.takes_length(length) {
        return Err(if trunk.is_empty() && length > 7 {
            NumberError::MissingPlus
        } else {
            NumberError::NationalLength
        });
    }
    prefixed(country.calling_code(), typed, trunk.len())
}

/// A calling code, then the digits from `from` on.
fn prefixed(code: u16, typed: &Typed, from: usize) -> Result<E164, NumberError> {
    let national = typed.digits().get(from..).unwrap_or_default();
    let mut digits = [0; DIGITS_KEPT + 3];
    let mut length = 0;
    let hundreds = [code / 100, code / 10 % 10, code % 10];
    let head = hundreds.iter().skip_while(|digit| **digit == 0).map(|digit| b'0' + *digit as u8);
    for (place, digit) in digits.iter_mut().zip(head.clone().chain(national.iter().copied())) {
        *place = digit;
        length += 1;
    }
    let digits = digits.get(..length).unwrap_or_default();
    let head = head.count();
    check(digits, |index| typed.place(from + index.saturating_sub(head)))?;
    from_checked(digits)
}
