//! Numbers that cost more than others, or that are reached by satellite: where stolen accounts call.

use super::number::E164;

/// How such numbers begin, without the plus. A country that is not here may have some all the same.
const PREFIXES: [&str; 22] = [
    "1900", // North America (47 CFR 64.1501)
    "3190", // Netherlands (ACM, 0900, 0906, 0909)
    "3290", // Belgium (BIPT, 0900 to 0909)
    "3389", // France (ARCEP, SVA 089)
    "34803", "34806", "34807", "34905", // Spain (CNMC)
    "39892", "39899", // Italy (AGCOM)
    "41900", "41901", "41906", // Switzerland (BAKOM)
    "43900", // Austria (RTR)
    "449",   // United Kingdom (Ofcom, 09)
    "49137", "49900", // Germany (Bundesnetzagentur)
    "6119",  // Australia (ACMA, 19)
    "870", "881", "882", // satellites and international networks (ITU-T E.164 Annex A)
    "979", // international premium rate (ITU-T E.169.2)
];

impl E164 {
    /// Whether it is known to cost more than others, or to be reached by satellite.
    pub fn is_premium(self) -> bool {
        let digits = self.digits();
        PREFIXES.iter().any(|prefix| digits.as_bytes().starts_with(prefix.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::E164;

    #[test]
    fn premium_and_satellite_numbers_are_told_from_plain_ones() {
        for (number, expected) in [
            ("+19005550100", true),
            ("+12065550100", false),
            ("+449098790000", true),
            ("+442079460000", false),
            ("+499001234567", true),
            ("+493012345678", false),
            ("+881612345678", true),
            ("+611900123456", true),
            ("+61290123456", false),
        ] {
            assert_eq!(E164::parse(number).unwrap().is_premium(), expected, "{number}");
        }
    }
}
