use super::super::{CallingCode, countries};
use super::dialling;

#[test]
fn every_country_stands_in_the_table_once() {
    let all = countries();
    assert!(all.len() > 230);
    for country in all {
        assert_eq!(country.iso().len(), 2);
        assert!(country.iso().bytes().all(|byte| byte.is_ascii_uppercase()));
        assert_eq!(all.iter().filter(|other| other.iso() == country.iso()).count(), 1, "{}", country.iso());
        assert!(CallingCode::of(country.calling_code()).is_some());
    }
}

#[test]
fn no_calling_code_begins_another() {
    let codes: Vec<String> = CallingCode::all().map(|code| code.code.to_string()).collect();
    assert_eq!(codes.len(), 215);
    for one in &codes {
        assert!(!codes.iter().any(|two| two != one && two.starts_with(one.as_str())), "{one}");
    }
}

#[test]
fn calling_codes_have_plain_names() {
    for (code, name) in
        [(1, "North America"), (44, "United Kingdom"), (49, "Germany"), (881, "Satellite networks")]
    {
        assert_eq!(CallingCode::of(code).unwrap().name, name);
    }
    for code in [0, 2, 210, 999, 1000, u16::MAX] {
        assert_eq!(CallingCode::of(code), None);
    }
}

#[test]
fn a_country_knows_how_its_people_dial() {
    for (iso, code, abroad, trunk) in [
        ("US", 1, Some("011"), "1"),
        ("ca", 1, Some("011"), "1"),
        ("GB", 44, Some("00"), "0"),
        ("IT", 39, Some("00"), ""),
        ("AU", 61, Some("0011"), "0"),
        ("JP", 81, Some("010"), "0"),
        ("HU", 36, Some("00"), "06"),
        ("BR", 55, None, "0"),
    ] {
        let country = dialling(iso).country();
        assert_eq!(
            (country.calling_code(), country.international_prefix(), country.trunk_prefix()),
            (code, abroad, trunk),
            "{iso}"
        );
    }
}
