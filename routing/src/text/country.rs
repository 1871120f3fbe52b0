//! Countries, how their people dial, and calling codes. The table itself: `country_table`.

use std::fmt;

use super::country_table::{COUNTRIES, SHARED, UNITED_STATES};

/// What is dialled before a number abroad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Abroad {
    /// A carrier's digits follow it, or there is no single one: only a plus is clear.
    Unclear,
    P00,
    P000,
    P001,
    P0011,
    P002,
    P009,
    P010,
    P011,
    P119,
    P810,
}

/// What is dialled before a number in the same country, and left out from abroad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trunk {
    /// The national number is dialled as it is, its zero included where it has one (Italy).
    None,
    Zero,
    One,
    Eight,
    ZeroSix,
}

/// A country, for the choice of an account's home: what people there type is read by its habits.
#[derive(Debug, PartialEq, Eq)]
pub struct Country {
    iso: &'static str,
    name: &'static str,
    calling_code: u16,
    abroad: Abroad,
    trunk: Trunk,
    /// Digits of a national number, the least and the most. They only hold for national forms, where a wrong
    /// length is the only sign of a misreading; a number with a plus is taken at its word.
    lengths: (u8, u8),
}

impl Country {
    pub(super) const fn new(
        iso: &'static str,
        name: &'static str,
        calling_code: u16,
        (abroad, trunk): (Abroad, Trunk),
        lengths: (u8, u8),
    ) -> Country {
        Country { iso, name, calling_code, abroad, trunk, lengths }
    }

    /// Its two-letter code of ISO 3166-1 (and XK, Kosovo).
    pub fn iso(&self) -> &'static str {
        self.iso
    }

    /// Its plain English name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its calling code: 44.
    pub fn calling_code(&self) -> u16 {
        self.calling_code
    }

    /// What is dialled there before a number abroad; `None` where a carrier's digits come between.
    pub fn international_prefix(&self) -> Option<&'static str> {
        Some(match self.abroad {
            Abroad::Unclear => return None,
            Abroad::P00 => "00",
            Abroad::P000 => "000",
            Abroad::P001 => "001",
            Abroad::P0011 => "0011",
            Abroad::P002 => "002",
            Abroad::P009 => "009",
            Abroad::P010 => "010",
            Abroad::P011 => "011",
            Abroad::P119 => "119",
            Abroad::P810 => "810",
        })
    }

    /// What is dialled there before a national number and left out from abroad; empty where there is none.
    pub fn trunk_prefix(&self) -> &'static str {
        match self.trunk {
            Trunk::None => "",
            Trunk::Zero => "0",
            Trunk::One => "1",
            Trunk::Eight => "8",
            Trunk::ZeroSix => "06",
        }
    }

    /// Whether it belongs to the North American Numbering Plan.
    pub fn is_north_american(&self) -> bool {
        self.calling_code == 1
    }

    /// Whether 00 is read as well, beside or as its own prefix. Where carriers are chosen by the digit after 00,
    /// that digit would be taken for the beginning of a calling code.
    pub(crate) fn reads_double_zero(&self) -> bool {
        !matches!(self.abroad, Abroad::Unclear | Abroad::P001 | Abroad::P002 | Abroad::P009 | Abroad::P011)
    }

    pub(crate) fn takes_length(&self, digits: usize) -> bool {
        (usize::from(self.lengths.0)..=usize::from(self.lengths.1)).contains(&digits)
    }
}

/// Every country that an account can be at home in, by name.
pub fn countries() -> &'static [Country] {
    COUNTRIES
}

/// How the people of an account dial: the country whose national forms are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Dialling(&'static Country);

impl Dialling {
    /// As in a country, by its ISO code in any letter case.
    pub fn of(iso: &str) -> Option<Dialling> {
        COUNTRIES.iter().find(|country| country.iso.eq_ignore_ascii_case(iso)).map(Dialling)
    }

    /// The country.
    pub fn country(self) -> &'static Country {
        self.0
    }
}

impl Default for Dialling {
    /// As in the United States: Flowroute shows and takes 10 and 11 digits.
    fn default() -> Dialling {
        Dialling(&UNITED_STATES)
    }
}

impl fmt::Debug for Dialling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dialling({})", self.0.iso)
    }
}

/// A calling code and whose it is, such as 44, "United Kingdom".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallingCode {
    /// One to three digits.
    pub code: u16,
    /// In plain English.
    pub name: &'static str,
}

impl CallingCode {
    /// The assigned code with this number.
    pub fn of(code: u16) -> Option<CallingCode> {
        let shared = SHARED.iter().find(|(shared, _)| *shared == code).map(|(_, name)| *name);
        let own =
            || COUNTRIES.iter().find(|country| country.calling_code == code).map(|country| country.name);
        shared.or_else(own).map(|name| CallingCode { code, name })
    }

    /// Every assigned code, lowest first.
    pub fn all() -> impl Iterator<Item = CallingCode> {
        (1..1000).filter(|code| is_assigned(*code)).filter_map(CallingCode::of)
    }
}

/// Whether the ITU has assigned this calling code. No code begins another one.
pub(crate) fn is_assigned(code: u16) -> bool {
    ASSIGNED.get(usize::from(code / 64)).is_some_and(|bits| bits >> (code % 64) & 1 == 1)
}

/// Whether some country with this calling code dials a 0 at home that is left out from abroad: a national
/// number there never begins with 0.
pub(crate) fn drops_zero(code: u16) -> bool {
    COUNTRIES.iter().any(|country| country.calling_code == code && country.trunk == Trunk::Zero)
}

/// A bit for each code, gathered when compiling: a call's number is checked by one look.
static ASSIGNED: [u64; 16] = {
    let mut bits = [0u64; 16];
    let mut row = 0;
    while row < COUNTRIES.len() {
        let code = COUNTRIES[row].calling_code as usize;
        bits[code / 64] |= 1 << (code % 64);
        row += 1;
    }
    row = 0;
    while row < SHARED.len() {
        let code = SHARED[row].0 as usize;
        bits[code / 64] |= 1 << (code % 64);
        row += 1;
    }
    bits
};
