//! The digits of a number as text.

use std::fmt;
use std::ops::Deref;

use crate::limits::E164_DIGITS_MAX;

/// The digits of a number, without an allocation.
#[derive(Clone, Copy)]
pub struct Digits {
    text: [u8; E164_DIGITS_MAX],
    start: u8,
}

impl Digits {
    pub(super) fn of(value: u64) -> Digits {
        let mut digits = Digits { text: [b'0'; E164_DIGITS_MAX], start: E164_DIGITS_MAX as u8 };
        let mut rest = value;
        for (index, place) in digits.text.iter_mut().enumerate().rev() {
            if rest == 0 {
                break;
            }
            *place = b'0' + (rest % 10) as u8;
            digits.start = index as u8;
            rest /= 10;
        }
        digits
    }
}

impl Deref for Digits {
    type Target = str;

    fn deref(&self) -> &str {
        self.text
            .get(usize::from(self.start)..)
            .and_then(|text| std::str::from_utf8(text).ok())
            .unwrap_or_default()
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}
