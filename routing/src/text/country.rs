//! Calling codes of the world (ITU-T E.164, Annex to Operational Bulletin 1114) and how each country dials.

use std::fmt;

/// What is dialled before a number abroad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Abroad {
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
enum Trunk {
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
        let own = || COUNTRIES.iter().find(|country| country.calling_code == code).map(|country| country.name);
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

const fn row(
    iso: &'static str,
    name: &'static str,
    calling_code: u16,
    (abroad, trunk): (Abroad, Trunk),
    least: u8,
    most: u8,
) -> Country {
    Country { iso, name, calling_code, abroad, trunk, lengths: (least, most) }
}

/// A member of the North American Numbering Plan.
const fn nanp(iso: &'static str, name: &'static str) -> Country {
    row(iso, name, 1, (Abroad::P011, Trunk::One), 10, 10)
}

const UNITED_STATES: Country = nanp("US", "United States");

/// Codes that several countries share, and those that are no country's.
static SHARED: &[(u16, &str)] = &[
    (1, "North America"),
    (7, "Russia and Kazakhstan"),
    (39, "Italy and Vatican City"),
    (44, "United Kingdom"),
    (47, "Norway"),
    (61, "Australia"),
    (64, "New Zealand"),
    (212, "Morocco"),
    (247, "Ascension Island"),
    (262, "Réunion and Mayotte"),
    (290, "Saint Helena"),
    (358, "Finland"),
    (590, "Guadeloupe"),
    (599, "Curaçao and Caribbean Netherlands"),
    (672, "Norfolk Island and Antarctica"),
    (800, "International freephone"),
    (808, "International shared cost"),
    (870, "Inmarsat satellite"),
    (878, "Universal personal numbers"),
    (881, "Satellite networks"),
    (882, "International networks"),
    (883, "International networks"),
    (888, "Disaster relief"),
    (979, "International premium rate"),
];

/// Dials 00 abroad and 0 at home.
const DIALS_0: (Abroad, Trunk) = (Abroad::P00, Trunk::Zero);
/// Dials 00 abroad and nothing at home.
const PLAIN: (Abroad, Trunk) = (Abroad::P00, Trunk::None);

static COUNTRIES: &[Country] = &[
    row("AF", "Afghanistan", 93, DIALS_0, 9, 9),
    row("AX", "Åland Islands", 358, DIALS_0, 5, 12),
    row("AL", "Albania", 355, DIALS_0, 6, 9),
    row("DZ", "Algeria", 213, DIALS_0, 8, 9),
    nanp("AS", "American Samoa"),
    row("AD", "Andorra", 376, PLAIN, 6, 9),
    row("AO", "Angola", 244, PLAIN, 9, 9),
    nanp("AI", "Anguilla"),
    nanp("AG", "Antigua and Barbuda"),
    row("AR", "Argentina", 54, DIALS_0, 10, 11),
    row("AM", "Armenia", 374, DIALS_0, 8, 8),
    row("AW", "Aruba", 297, PLAIN, 7, 7),
    row("AU", "Australia", 61, (Abroad::P0011, Trunk::Zero), 9, 9),
    row("AT", "Austria", 43, DIALS_0, 5, 13),
    row("AZ", "Azerbaijan", 994, DIALS_0, 9, 9),
    nanp("BS", "Bahamas"),
    row("BH", "Bahrain", 973, PLAIN, 8, 8),
    row("BD", "Bangladesh", 880, DIALS_0, 6, 10),
    nanp("BB", "Barbados"),
    row("BY", "Belarus", 375, (Abroad::P810, Trunk::Eight), 9, 10),
    row("BE", "Belgium", 32, DIALS_0, 8, 9),
    row("BZ", "Belize", 501, PLAIN, 7, 7),
    row("BJ", "Benin", 229, PLAIN, 8, 10),
    nanp("BM", "Bermuda"),
    row("BT", "Bhutan", 975, PLAIN, 7, 8),
    row("BO", "Bolivia", 591, (Abroad::Unclear, Trunk::Zero), 8, 8),
    row("BA", "Bosnia and Herzegovina", 387, DIALS_0, 8, 9),
    row("BW", "Botswana", 267, PLAIN, 7, 8),
    row("BR", "Brazil", 55, (Abroad::Unclear, Trunk::Zero), 10, 11),
    row("IO", "British Indian Ocean Territory", 246, PLAIN, 7, 7),
    nanp("VG", "British Virgin Islands"),
    row("BN", "Brunei", 673, PLAIN, 7, 7),
    row("BG", "Bulgaria", 359, DIALS_0, 7, 9),
    row("BF", "Burkina Faso", 226, PLAIN, 8, 8),
    row("BI", "Burundi", 257, PLAIN, 8, 8),
    row("KH", "Cambodia", 855, (Abroad::P001, Trunk::Zero), 8, 9),
    row("CM", "Cameroon", 237, PLAIN, 8, 9),
    nanp("CA", "Canada"),
    row("CV", "Cape Verde", 238, PLAIN, 7, 7),
    row("BQ", "Caribbean Netherlands", 599, PLAIN, 7, 7),
    nanp("KY", "Cayman Islands"),
    row("CF", "Central African Republic", 236, PLAIN, 8, 8),
    row("TD", "Chad", 235, PLAIN, 8, 8),
    row("CL", "Chile", 56, (Abroad::Unclear, Trunk::None), 9, 9),
    row("CN", "China", 86, DIALS_0, 9, 11),
    row("CX", "Christmas Island", 61, (Abroad::P0011, Trunk::Zero), 9, 9),
    row("CC", "Cocos Islands", 61, (Abroad::P0011, Trunk::Zero), 9, 9),
    row("CO", "Colombia", 57, (Abroad::Unclear, Trunk::None), 10, 10),
    row("KM", "Comoros", 269, PLAIN, 7, 7),
    row("CG", "Congo", 242, PLAIN, 9, 9),
    row("CD", "Congo (Democratic Republic)", 243, DIALS_0, 7, 9),
    row("CK", "Cook Islands", 682, PLAIN, 5, 5),
    row("CR", "Costa Rica", 506, PLAIN, 8, 8),
    row("HR", "Croatia", 385, DIALS_0, 7, 9),
    row("CU", "Cuba", 53, (Abroad::P119, Trunk::Zero), 6, 8),
    row("CW", "Curaçao", 599, PLAIN, 7, 8),
    row("CY", "Cyprus", 357, PLAIN, 8, 8),
    row("CZ", "Czechia", 420, PLAIN, 9, 9),
    row("CI", "Côte d’Ivoire", 225, PLAIN, 10, 10),
    row("DK", "Denmark", 45, PLAIN, 8, 8),
    row("DJ", "Djibouti", 253, PLAIN, 8, 8),
    nanp("DM", "Dominica"),
    nanp("DO", "Dominican Republic"),
    row("TL", "East Timor", 670, PLAIN, 7, 8),
    row("EC", "Ecuador", 593, DIALS_0, 8, 9),
    row("EG", "Egypt", 20, DIALS_0, 8, 10),
    row("SV", "El Salvador", 503, PLAIN, 8, 8),
    row("GQ", "Equatorial Guinea", 240, PLAIN, 9, 9),
    row("ER", "Eritrea", 291, DIALS_0, 7, 7),
    row("EE", "Estonia", 372, PLAIN, 7, 8),
    row("SZ", "Eswatini", 268, PLAIN, 8, 8),
    row("ET", "Ethiopia", 251, DIALS_0, 9, 9),
    row("FK", "Falkland Islands", 500, PLAIN, 5, 5),
    row("FO", "Faroe Islands", 298, PLAIN, 6, 6),
    row("FJ", "Fiji", 679, PLAIN, 7, 7),
    row("FI", "Finland", 358, DIALS_0, 5, 12),
    row("FR", "France", 33, DIALS_0, 9, 9),
    row("GF", "French Guiana", 594, DIALS_0, 9, 9),
    row("PF", "French Polynesia", 689, PLAIN, 6, 8),
    row("GA", "Gabon", 241, PLAIN, 8, 9),
    row("GM", "Gambia", 220, PLAIN, 7, 7),
    row("GE", "Georgia", 995, DIALS_0, 9, 9),
    row("DE", "Germany", 49, DIALS_0, 6, 13),
    row("GH", "Ghana", 233, DIALS_0, 9, 9),
    row("GI", "Gibraltar", 350, PLAIN, 8, 8),
    row("GR", "Greece", 30, PLAIN, 10, 10),
    row("GL", "Greenland", 299, PLAIN, 6, 6),
    nanp("GD", "Grenada"),
    row("GP", "Guadeloupe", 590, DIALS_0, 9, 9),
    nanp("GU", "Guam"),
    row("GT", "Guatemala", 502, PLAIN, 8, 8),
    row("GG", "Guernsey", 44, DIALS_0, 9, 10),
    row("GN", "Guinea", 224, PLAIN, 8, 9),
    row("GW", "Guinea-Bissau", 245, PLAIN, 7, 9),
    row("GY", "Guyana", 592, (Abroad::P001, Trunk::None), 7, 7),
    row("HT", "Haiti", 509, PLAIN, 8, 8),
    row("HN", "Honduras", 504, PLAIN, 8, 8),
    row("HK", "Hong Kong", 852, (Abroad::P001, Trunk::None), 8, 8),
    row("HU", "Hungary", 36, (Abroad::P00, Trunk::ZeroSix), 8, 9),
    row("IS", "Iceland", 354, PLAIN, 7, 9),
    row("IN", "India", 91, DIALS_0, 10, 10),
    row("ID", "Indonesia", 62, (Abroad::P001, Trunk::Zero), 8, 12),
    row("IR", "Iran", 98, DIALS_0, 10, 10),
    row("IQ", "Iraq", 964, DIALS_0, 8, 10),
    row("IE", "Ireland", 353, DIALS_0, 7, 9),
    row("IM", "Isle of Man", 44, DIALS_0, 9, 10),
    row("IL", "Israel", 972, DIALS_0, 8, 9),
    row("IT", "Italy", 39, PLAIN, 6, 11),
    nanp("JM", "Jamaica"),
    row("JP", "Japan", 81, (Abroad::P010, Trunk::Zero), 9, 10),
    row("JE", "Jersey", 44, DIALS_0, 9, 10),
    row("JO", "Jordan", 962, DIALS_0, 8, 9),
    row("KZ", "Kazakhstan", 7, (Abroad::P810, Trunk::Eight), 10, 10),
    row("KE", "Kenya", 254, (Abroad::P000, Trunk::Zero), 7, 9),
    row("KI", "Kiribati", 686, PLAIN, 5, 8),
    row("XK", "Kosovo", 383, DIALS_0, 8, 9),
    row("KW", "Kuwait", 965, PLAIN, 7, 8),
    row("KG", "Kyrgyzstan", 996, DIALS_0, 9, 9),
    row("LA", "Laos", 856, DIALS_0, 8, 10),
    row("LV", "Latvia", 371, PLAIN, 8, 8),
    row("LB", "Lebanon", 961, DIALS_0, 7, 8),
    row("LS", "Lesotho", 266, PLAIN, 8, 8),
    row("LR", "Liberia", 231, DIALS_0, 7, 9),
    row("LY", "Libya", 218, DIALS_0, 8, 9),
    row("LI", "Liechtenstein", 423, PLAIN, 7, 9),
    row("LT", "Lithuania", 370, DIALS_0, 8, 8),
    row("LU", "Luxembourg", 352, PLAIN, 4, 11),
    row("MO", "Macao", 853, PLAIN, 8, 8),
    row("MG", "Madagascar", 261, DIALS_0, 9, 9),
    row("MW", "Malawi", 265, DIALS_0, 7, 9),
    row("MY", "Malaysia", 60, DIALS_0, 8, 10),
    row("MV", "Maldives", 960, PLAIN, 7, 10),
    row("ML", "Mali", 223, PLAIN, 8, 8),
    row("MT", "Malta", 356, PLAIN, 8, 8),
    row("MH", "Marshall Islands", 692, (Abroad::P011, Trunk::One), 7, 7),
    row("MQ", "Martinique", 596, DIALS_0, 9, 9),
    row("MR", "Mauritania", 222, PLAIN, 8, 8),
    row("MU", "Mauritius", 230, PLAIN, 7, 8),
    row("YT", "Mayotte", 262, DIALS_0, 9, 9),
    row("MX", "Mexico", 52, PLAIN, 10, 10),
    row("FM", "Micronesia", 691, PLAIN, 7, 7),
    row("MD", "Moldova", 373, DIALS_0, 8, 8),
    row("MC", "Monaco", 377, PLAIN, 8, 9),
    row("MN", "Mongolia", 976, (Abroad::P001, Trunk::Zero), 8, 10),
    row("ME", "Montenegro", 382, DIALS_0, 8, 8),
    nanp("MS", "Montserrat"),
    row("MA", "Morocco", 212, DIALS_0, 9, 9),
    row("MZ", "Mozambique", 258, PLAIN, 8, 9),
    row("MM", "Myanmar", 95, DIALS_0, 6, 10),
    row("NA", "Namibia", 264, DIALS_0, 8, 9),
    row("NR", "Nauru", 674, PLAIN, 7, 7),
    row("NP", "Nepal", 977, DIALS_0, 8, 10),
    row("NL", "Netherlands", 31, DIALS_0, 9, 9),
    row("NC", "New Caledonia", 687, PLAIN, 6, 6),
    row("NZ", "New Zealand", 64, DIALS_0, 8, 10),
    row("NI", "Nicaragua", 505, PLAIN, 8, 8),
    row("NE", "Niger", 227, PLAIN, 8, 8),
    row("NG", "Nigeria", 234, (Abroad::P009, Trunk::Zero), 8, 10),
    row("NU", "Niue", 683, PLAIN, 4, 7),
    row("NF", "Norfolk Island", 672, PLAIN, 5, 6),
    row("KP", "North Korea", 850, DIALS_0, 8, 10),
    row("MK", "North Macedonia", 389, DIALS_0, 8, 8),
    nanp("MP", "Northern Mariana Islands"),
    row("NO", "Norway", 47, PLAIN, 8, 8),
    row("OM", "Oman", 968, PLAIN, 7, 8),
    row("PK", "Pakistan", 92, DIALS_0, 9, 10),
    row("PW", "Palau", 680, (Abroad::P011, Trunk::None), 7, 7),
    row("PS", "Palestine", 970, DIALS_0, 8, 9),
    row("PA", "Panama", 507, PLAIN, 7, 8),
    row("PG", "Papua New Guinea", 675, PLAIN, 7, 8),
    row("PY", "Paraguay", 595, DIALS_0, 8, 9),
    row("PE", "Peru", 51, DIALS_0, 8, 9),
    row("PH", "Philippines", 63, DIALS_0, 8, 10),
    row("PL", "Poland", 48, PLAIN, 9, 9),
    row("PT", "Portugal", 351, PLAIN, 9, 9),
    nanp("PR", "Puerto Rico"),
    row("QA", "Qatar", 974, PLAIN, 7, 8),
    row("RO", "Romania", 40, DIALS_0, 9, 9),
    row("RU", "Russia", 7, (Abroad::P810, Trunk::Eight), 10, 10),
    row("RW", "Rwanda", 250, DIALS_0, 9, 9),
    row("RE", "Réunion", 262, DIALS_0, 9, 9),
    row("BL", "Saint Barthélemy", 590, DIALS_0, 9, 9),
    row("SH", "Saint Helena", 290, PLAIN, 4, 5),
    nanp("KN", "Saint Kitts and Nevis"),
    nanp("LC", "Saint Lucia"),
    row("MF", "Saint Martin", 590, DIALS_0, 9, 9),
    row("PM", "Saint Pierre and Miquelon", 508, DIALS_0, 6, 9),
    nanp("VC", "Saint Vincent and the Grenadines"),
    row("WS", "Samoa", 685, PLAIN, 5, 7),
    row("SM", "San Marino", 378, PLAIN, 6, 10),
    row("SA", "Saudi Arabia", 966, DIALS_0, 9, 9),
    row("SN", "Senegal", 221, PLAIN, 9, 9),
    row("RS", "Serbia", 381, DIALS_0, 6, 12),
    row("SC", "Seychelles", 248, PLAIN, 7, 7),
    row("SL", "Sierra Leone", 232, DIALS_0, 8, 8),
    row("SG", "Singapore", 65, (Abroad::P001, Trunk::None), 8, 8),
    nanp("SX", "Sint Maarten"),
    row("SK", "Slovakia", 421, DIALS_0, 9, 9),
    row("SI", "Slovenia", 386, DIALS_0, 8, 8),
    row("SB", "Solomon Islands", 677, PLAIN, 5, 7),
    row("SO", "Somalia", 252, DIALS_0, 7, 9),
    row("ZA", "South Africa", 27, DIALS_0, 9, 9),
    row("KR", "South Korea", 82, (Abroad::P001, Trunk::Zero), 8, 10),
    row("SS", "South Sudan", 211, DIALS_0, 9, 9),
    row("ES", "Spain", 34, PLAIN, 9, 9),
    row("LK", "Sri Lanka", 94, DIALS_0, 9, 9),
    row("SD", "Sudan", 249, DIALS_0, 9, 9),
    row("SR", "Suriname", 597, PLAIN, 6, 7),
    row("SJ", "Svalbard", 47, PLAIN, 8, 8),
    row("SE", "Sweden", 46, DIALS_0, 7, 9),
    row("CH", "Switzerland", 41, DIALS_0, 9, 9),
    row("SY", "Syria", 963, DIALS_0, 8, 9),
    row("ST", "São Tomé and Príncipe", 239, PLAIN, 7, 7),
    row("TW", "Taiwan", 886, (Abroad::P002, Trunk::Zero), 8, 9),
    row("TJ", "Tajikistan", 992, PLAIN, 9, 9),
    row("TZ", "Tanzania", 255, (Abroad::P000, Trunk::Zero), 9, 9),
    row("TH", "Thailand", 66, (Abroad::P001, Trunk::Zero), 8, 9),
    row("TG", "Togo", 228, PLAIN, 8, 8),
    row("TK", "Tokelau", 690, PLAIN, 4, 7),
    row("TO", "Tonga", 676, PLAIN, 5, 7),
    nanp("TT", "Trinidad and Tobago"),
    row("TN", "Tunisia", 216, PLAIN, 8, 8),
    row("TR", "Turkey", 90, DIALS_0, 10, 10),
    row("TM", "Turkmenistan", 993, (Abroad::P810, Trunk::Eight), 8, 8),
    nanp("TC", "Turks and Caicos Islands"),
    row("TV", "Tuvalu", 688, PLAIN, 5, 7),
    row("UG", "Uganda", 256, (Abroad::P000, Trunk::Zero), 9, 9),
    row("UA", "Ukraine", 380, DIALS_0, 9, 9),
    row("AE", "United Arab Emirates", 971, DIALS_0, 8, 9),
    row("GB", "United Kingdom", 44, DIALS_0, 9, 10),
    UNITED_STATES,
    row("UY", "Uruguay", 598, DIALS_0, 8, 8),
    nanp("VI", "US Virgin Islands"),
    row("UZ", "Uzbekistan", 998, PLAIN, 9, 9),
    row("VU", "Vanuatu", 678, PLAIN, 5, 7),
    row("VA", "Vatican City", 39, PLAIN, 6, 11),
    row("VE", "Venezuela", 58, DIALS_0, 10, 10),
    row("VN", "Vietnam", 84, DIALS_0, 9, 10),
    row("WF", "Wallis and Futuna", 681, PLAIN, 6, 6),
    row("EH", "Western Sahara", 212, DIALS_0, 9, 9),
    row("YE", "Yemen", 967, DIALS_0, 7, 9),
    row("ZM", "Zambia", 260, DIALS_0, 9, 9),
    row("ZW", "Zimbabwe", 263, DIALS_0, 7, 10),
];
