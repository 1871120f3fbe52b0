//! Where a number is, as the guard against toll fraud tells it: stolen accounts call where minutes are dear.

use std::fmt;
use std::str::FromStr;

use super::country::{CallingCode, Dialling};
use super::number::E164;

/// Where calls to public numbers may go, or not: a country, a network above countries, or all numbers that cost more
/// than others in their country.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Destination(u16);

/// Countries that share a calling code with one that costs less, by the digits that are theirs; the first are what such a
/// place is known by (NANPA, area codes outside of the United States and Canada; ITU-T E.164 on Kazakhstan).
const APART: [(&str, &[u16]); 19] = [
    ("AG", &[1268]),
    ("AI", &[1264]),
    ("BB", &[1246]),
    ("BM", &[1441]),
    ("BS", &[1242]),
    ("DM", &[1767]),
    ("DO", &[1809, 1829, 1849]),
    ("GD", &[1473]),
    ("JM", &[1876, 1658]),
    ("KN", &[1869]),
    ("KY", &[1345]),
    ("KZ", &[76, 77]),
    ("LC", &[1758]),
    ("MS", &[1664]),
    ("SX", &[1721]),
    ("TC", &[1649]),
    ("TT", &[1868]),
    ("VC", &[1784]),
    ("VG", &[1284]),
];

/// How numbers begin that cost more than others of their country. A country that is not here may have some all the same.
const PREMIUM_RATE: [&str; 21] = [
    "1900", // North America (47 CFR 64.1501)
    "3190", // Netherlands (ACM, 0900, 0906, 0909)
    "3290", // Belgium (BIPT, 0900 to 0909)
    "3389", // France (ARCEP, SVA 089)
    "34803", "34806", "34807", "34905", // Spain (CNMC)
    "39892", "39899", // Italy (AGCOM)
    "41900", "41901", "41906", // Switzerland (BAKOM)
    "43900", // Austria (RTR)
    "4470", "4484", "4487", "449", // United Kingdom (Ofcom: personal numbers, 084, 087, 09)
    "49137", "49900", // Germany (Bundesnetzagentur)
    "6119",  // Australia (ACMA, 19)
];

/// The codes above countries that are dear: satellites and international networks (ITU-T E.164 Annex A), international
/// premium rate (ITU-T E.169.2).
const DEAR_NETWORKS: [u16; 5] = [870, 881, 882, 883, 979];

const NORTH_AMERICA: u16 = 1;
const RUSSIA: u16 = 7;

impl Destination {
    /// Numbers that cost more than others of their country.
    pub const PREMIUM_RATE: Destination = Destination(0);

    /// Where a number is.
    pub fn of(number: E164) -> Destination {
        let digits = number.digits();
        let digits = digits.as_bytes();
        let theirs = APART
            .iter()
            .find(|(_, codes)| codes.iter().any(|code| digits.starts_with(code.to_string().as_bytes())));
        Destination(theirs.map_or_else(|| number.calling_code(), |(_, codes)| codes[0]))
    }

    /// The country that an account is at home in.
    pub fn home(dialling: Dialling) -> Destination {
        let country = dialling.country();
        let apart = APART.iter().find(|(iso, _)| *iso == country.iso());
        Destination(apart.map_or_else(|| country.calling_code(), |(_, codes)| codes[0]))
    }

    /// All that must be allowed for a number: its country, and premium rate if it is one.
    pub fn all_of(number: E164) -> impl Iterator<Item = Destination> {
        let premium = number.is_premium_rate().then_some(Destination::PREMIUM_RATE);
        [Destination::of(number)].into_iter().chain(premium)
    }

    /// Every destination, in the order of its digits; premium rate comes first.
    pub fn all() -> impl Iterator<Item = Destination> {
        let apart = APART.iter().map(|(_, codes)| Destination(codes[0]));
        let codes = CallingCode::all().map(|code| Destination(code.code));
        [Destination::PREMIUM_RATE].into_iter().chain(codes).chain(apart)
    }

    /// Its digits as a number, for compact storage; 0 is premium rate.
    pub fn to_u16(self) -> u16 {
        self.0
    }

    /// The destination of these digits.
    pub fn from_u16(code: u16) -> Option<Destination> {
        Destination::all().find(|destination| destination.0 == code)
    }

    /// In plain English.
    pub fn name(self) -> &'static str {
        match self.0 {
            0 => "Premium-rate numbers",
            NORTH_AMERICA => "United States and Canada",
            RUSSIA => "Russia",
            code => {
                let apart = APART.iter().find(|(_, codes)| codes[0] == code);
                let country =
                    apart.and_then(|(iso, _)| Dialling::of(iso)).map(|dialling| dialling.country().name());
                country.or_else(|| CallingCode::of(code).map(|code| code.name)).unwrap_or("Unknown")
            }
        }
    }

    /// Whether calls there are dear wherever one is: satellites and the like.
    pub fn is_dear(self) -> bool {
        self == Destination::PREMIUM_RATE || DEAR_NETWORKS.contains(&self.0)
    }
}

/// Its stable name: `+44`, `+1876`, `premium_rate`.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.pad("premium_rate"),
            code => write!(f, "+{code}"),
        }
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Destination({self})")
    }
}

/// A text that names no destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There is no such country. Write its calling code, as +44, or premium_rate.")]
pub struct UnknownDestination;

impl FromStr for Destination {
    type Err = UnknownDestination;

    fn from_str(text: &str) -> Result<Destination, UnknownDestination> {
        if text == "premium_rate" {
            return Ok(Destination::PREMIUM_RATE);
        }
        let code = text.strip_prefix('+').and_then(|digits| digits.parse().ok()).ok_or(UnknownDestination)?;
        let apart = APART.iter().find(|(_, codes)| codes.contains(&code)).map(|(_, codes)| codes[0]);
        Destination::from_u16(apart.unwrap_or(code)).filter(|found| found.0 != 0).ok_or(UnknownDestination)
    }
}

impl E164 {
    /// Whether it is known to cost more than others of its country.
    pub fn is_premium_rate(self) -> bool {
        let digits = self.digits();
        PREMIUM_RATE.iter().any(|prefix| digits.as_bytes().starts_with(prefix.as_bytes()))
    }

    /// Whether calling it is known to be dear: at a premium rate, or by satellite.
    pub fn is_dear(self) -> bool {
        self.is_premium_rate() || Destination::of(self).is_dear()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_needs_its_country_and_premium_rate_if_it_is_one() {
        for (number, dear, expected) in [
            ("+12065550100", false, "United States and Canada"),
            ("+19005550100", true, "United States and Canada, Premium-rate numbers"),
            ("+18765550100", false, "Jamaica"),
            ("+16585550100", false, "Jamaica"),
            ("+18495550100", false, "Dominican Republic"),
            ("+449098790000", true, "United Kingdom, Premium-rate numbers"),
            ("+442079460000", false, "United Kingdom"),
            ("+499001234567", true, "Germany, Premium-rate numbers"),
            ("+493012345678", false, "Germany"),
            ("+77012345678", false, "Kazakhstan"),
            ("+74951234567", false, "Russia"),
            ("+881612345678", true, "Satellite networks"),
            ("+97912345678", true, "International premium rate"),
            ("+611900123456", true, "Australia, Premium-rate numbers"),
            ("+61290123456", false, "Australia"),
        ] {
            let number = E164::parse(number).unwrap();
            let names: Vec<&str> = Destination::all_of(number).map(Destination::name).collect();
            assert_eq!((names.join(", ").as_str(), number.is_dear()), (expected, dear), "{number}");
        }
    }

    #[test]
    fn every_destination_has_a_name_and_reads_back() {
        for destination in Destination::all() {
            assert_ne!(destination.name(), "Unknown", "{destination}");
            assert_eq!(destination.to_string().parse(), Ok(destination));
            assert_eq!(Destination::from_u16(destination.to_u16()), Some(destination));
        }
        for text in ["", "44", "+", "+0", "+44 ", "+1206", "premium", "+99999999"] {
            assert_eq!(text.parse::<Destination>(), Err(UnknownDestination), "{text:?}");
        }
        assert_eq!("+1829".parse::<Destination>().unwrap().to_string(), "+1809");
    }

    #[test]
    fn every_country_is_at_home_somewhere() {
        for (iso, expected) in
            [("US", "+1"), ("CA", "+1"), ("PR", "+1"), ("JM", "+1876"), ("KZ", "+76"), ("DE", "+49")]
        {
            assert_eq!(Destination::home(Dialling::of(iso).unwrap()).to_string(), expected, "{iso}");
        }
        for (iso, _) in APART {
            assert!(Dialling::of(iso).is_some(), "{iso}");
        }
    }
}
