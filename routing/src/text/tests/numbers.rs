use super::super::{CheckKind, E164};
use super::{accepts, dialling, refuses};

#[test]
fn a_number_is_read_as_people_type_it() {
    accepts(
        CheckKind::Phone,
        &[
            ("+12065550100", "+12065550100"),
            ("12065550100", "+12065550100"),
            ("16476998778", "+16476998778"),
            ("2065550100", "+12065550100"),
            ("(206) 555-0100", "+12065550100"),
            ("206.555.0100", "+12065550100"),
            ("1-206-555-0100", "+12065550100"),
            ("+1 (206) 555-0100", "+12065550100"),
            ("(+1) 206 555 0100", "+12065550100"),
            (" +1\u{a0}206\u{202f}555\u{2011}0100 ", "+12065550100"),
            ("＋１２０６５５５０１００", "+12065550100"),
            ("２０６－５５５－０１００", "+12065550100"),
            ("011 44 20 7946 0000", "+442079460000"),
            ("011442079460000", "+442079460000"),
            ("011 1 206 555 0100", "+12065550100"),
            ("+44 20 7946 0000", "+442079460000"),
            ("+44 (0)20 7946 0000", "+442079460000"),
            ("+44 (0) 20 7946 0000", "+442079460000"),
            ("+39 06 698 12345", "+390669812345"),
            ("+225 07 01 02 03 04", "+2250701020304"),
            ("+49 (30) 1234567", "+49301234567"),
            ("+290 2100", "+2902100"),
            ("+123 456 789 01", "+12345678901"),
            ("+882 1234 5678 9012", "+882123456789012"),
        ],
    );
}

#[test]
fn what_is_not_a_public_number_is_refused() {
    refuses(
        CheckKind::Phone,
        &[
            ("", "number_empty", None),
            (" \u{a0} ", "number_empty", None),
            ("+", "number_no_digits", None),
            ("()-", "number_no_digits", None),
            ("12345", "number_too_short", None),
            ("+44 1234", "number_too_short", None),
            ("+4420794600001234", "number_too_long", None),
            ("+44 2079460000 12345678901234567890", "number_too_long", None),
            ("+1 206\n555 0100", "number_control", Some(6)),
            ("+12065550100\r\n", "number_control", Some(12)),
            ("+1206\u{0}5550100", "number_control", Some(5)),
            ("\u{202a}+12065550100\u{202c}", "number_invisible", Some(0)),
            ("+1206555\u{200b}0100", "number_invisible", Some(8)),
            ("1-800-FLOWERS", "number_letter", Some(6)),
            ("call 2065550100", "number_letter", Some(0)),
            ("٢٠٦٥٥٥٠١٠٠", "number_script", Some(0)),
            ("+1 206 555 ०१००", "number_script", Some(11)),
            ("+1 206 555 010Ο", "number_script", Some(14)),
            ("206 555 0100 x123", "number_extension", Some(13)),
            ("206 555 0100x123", "number_extension", Some(12)),
            ("206 555 0100 ext. 5", "number_extension", Some(13)),
            ("206 555 0100 Extension 5", "number_extension", Some(13)),
            ("+12065550100;ext=5", "number_extension", Some(12)),
            ("+12065550100,,5", "number_extension", Some(12)),
            ("+12065550100#5", "number_extension", Some(12)),
            ("+12065550100p5", "number_extension", Some(12)),
            ("tel:+12065550100", "number_tel_uri", Some(0)),
            ("5550100;phone-context=+1206", "number_tel_uri", Some(7)),
            ("sip:2065550100@example.com", "number_address", Some(0)),
            ("2065550100@example.com", "number_address", Some(10)),
            ("*67 206 555 0100", "number_star", Some(0)),
            ("++12065550100", "number_plus_inside", Some(1)),
            ("1+2065550100", "number_plus_inside", Some(1)),
            ("(206 555-0100", "number_parenthesis", Some(0)),
            ("206) 555-0100", "number_parenthesis", Some(3)),
            ("((206)) 555-0100", "number_parenthesis", Some(1)),
            ("206/555/0100", "number_sign", Some(3)),
            ("$2065550100", "number_sign", Some(0)),
            ("442079460000", "number_missing_plus", None),
            ("5550100", "number_missing_area", Some(0)),
            ("0044 20 7946 0000", "number_foreign_prefix", Some(0)),
            ("+0 206 555 0100", "number_unknown_code", Some(1)),
            ("+999 555 0100", "number_unknown_code", Some(1)),
            ("+210 555 0100", "number_unknown_code", Some(1)),
            ("011 0 206 555 0100", "number_unknown_code", Some(4)),
            ("+44 020 7946 0000", "number_trunk_after_code", Some(4)),
            ("+39 (0) 6 698 12345", "number_unclear_zero", Some(5)),
            ("+1 206 555 010", "number_nanp_length", None),
            ("+1 206 555 01000", "number_nanp_length", None),
            ("206 555 010", "number_nanp_length", None),
            ("22065550100", "number_nanp_length", None),
            ("+1 106 555 0100", "number_area_code", Some(3)),
            ("006 555 0100", "number_foreign_prefix", Some(0)),
            ("106 555 0100", "number_area_code", Some(0)),
            ("206 155 0100", "number_exchange", Some(4)),
            ("+1 206 055 0100", "number_exchange", Some(7)),
            ("411", "number_service_code", Some(0)),
            ("1411", "number_service_code", Some(1)),
            ("+1 411", "number_service_code", Some(3)),
            ("211 555 0100", "number_service_code", Some(0)),
            ("911 555 0100", "number_service_code", Some(0)),
            ("206 911 0100", "number_service_code", Some(4)),
            ("911", "number_emergency", Some(0)),
            ("9-1-1", "number_emergency", Some(0)),
            ("1 911", "number_emergency", Some(2)),
            ("+911", "number_emergency", Some(1)),
            ("112", "number_emergency", Some(0)),
            ("999", "number_emergency", Some(0)),
            ("000", "number_emergency", Some(0)),
            ("110", "number_emergency", Some(0)),
            ("+44 999", "number_emergency", Some(4)),
            ("+49 (112)", "number_emergency", Some(5)),
            ("１１２", "number_emergency", Some(0)),
        ],
    );
}

#[test]
fn emergency_numbers_after_a_calling_code_are_told_as_such() {
    for text in ["+1 911", "+1911", "011 1 911", "+61 000", "+81 110"] {
        assert_eq!(
            E164::parse_dialled(text, &dialling("US")).unwrap_err().code(),
            "number_emergency",
            "{text}"
        );
    }
}

#[test]
fn national_forms_are_read_by_the_accounts_country() {
    for (iso, text, canonical) in [
        ("GB", "020 7946 0000", "+442079460000"),
        ("gb", "(020) 7946 0000", "+442079460000"),
        ("GB", "(0)20 7946 0000", "+442079460000"),
        ("GB", "07700 900123", "+447700900123"),
        ("GB", "00 1 206 555 0100", "+12065550100"),
        ("GB", "+1 206 555 0100", "+12065550100"),
        ("DE", "030 1234567", "+49301234567"),
        ("FR", "01 23 45 67 89", "+33123456789"),
        ("IT", "06 698 12345", "+390669812345"),
        ("IT", "0039 06 698 12345", "+390669812345"),
        ("ES", "612 345 678", "+34612345678"),
        ("DK", "32 12 34 56", "+4532123456"),
        ("AU", "02 9876 5432", "+61298765432"),
        ("AU", "0011 44 20 7946 0000", "+442079460000"),
        ("JP", "03-1234-5678", "+81312345678"),
        ("JP", "010 1 206 555 0100", "+12065550100"),
        ("JP", "00 1 206 555 0100", "+12065550100"),
        ("RU", "8 495 123-45-67", "+74951234567"),
        ("RU", "8 10 44 20 7946 0000", "+442079460000"),
        ("HU", "06 1 234 5678", "+3612345678"),
        ("CA", "647 699 8778", "+16476998778"),
        ("JM", "876 555 0100", "+18765550100"),
        ("SG", "6123 4567", "+6561234567"),
    ] {
        let number = E164::parse_dialled(text, &dialling(iso));
        assert_eq!(number.map(|number| number.to_string()).as_deref(), Ok(canonical), "{iso} {text}");
    }
}

#[test]
fn national_forms_with_two_readings_are_refused() {
    for (iso, text, code) in [
        ("GB", "20 7946 0000", "number_missing_trunk"),
        ("GB", "442079460000", "number_missing_plus"),
        ("GB", "020 7946", "number_national_length"),
        ("GB", "0207 9460 00000", "number_national_length"),
        ("GB", "999", "number_emergency"),
        ("GB", "01144 2079460000", "number_national_length"),
        ("ES", "34612345678", "number_missing_plus"),
        ("FR", "1 23 45 67 89", "number_missing_trunk"),
        ("BR", "00 31 44 20 7946 0000", "number_foreign_prefix"),
        ("KR", "00 44 20 7946 0000", "number_foreign_prefix"),
    ] {
        let error = E164::parse_dialled(text, &dialling(iso)).unwrap_err();
        assert_eq!(error.code(), code, "{iso} {text}");
    }
}

#[test]
fn a_number_without_a_country_needs_its_plus() {
    assert_eq!(E164::parse("+1 (206) 555-0100").unwrap().to_string(), "+12065550100");
    assert_eq!(E164::parse("12065550100").unwrap_err().code(), "number_missing_plus");
    assert_eq!(E164::parse("911").unwrap_err().code(), "number_emergency");
}

#[test]
fn a_number_is_grouped_for_reading() {
    for (number, grouped) in [
        ("+12065550100", "+1 206 555 0100"),
        ("+442079460000", "+44 20 7946 0000"),
        ("+447700900123", "+44 7700 900123"),
        ("+33123456789", "+33 1 23 45 67 89"),
        ("+4532123456", "+45 3212 3456"),
        ("+2902100", "+290 2100"),
    ] {
        let number = E164::parse(number).unwrap();
        assert_eq!(number.grouped(), grouped);
        assert_eq!(E164::parse(grouped), Ok(number));
    }
}

#[test]
fn a_number_is_small_and_knows_its_country() {
    assert_eq!(size_of::<Option<E164>>(), 8);
    let number = E164::parse("+442079460000").unwrap();
    assert_eq!(&*number.digits(), "442079460000");
    assert_eq!(number.calling_code(), 44);
    assert_eq!(number.region().name, "United Kingdom");
    assert_eq!(number.to_u64(), 442_079_460_000);
    assert_eq!(E164::from_u64(442_079_460_000), Ok(number));
    for value in [0, 1, 911, 999_999_999, 12_060_550_100, u64::MAX] {
        assert!(E164::from_u64(value).is_err(), "{value}");
    }
}

#[test]
fn json_is_no_way_around_the_rules() {
    let number: E164 = serde_json::from_str(r#""+12065550100""#).unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), r#""+12065550100""#);
    for json in [r#""2065550100""#, r#""+1911""#, "12065550100", r#""""#] {
        assert!(serde_json::from_str::<E164>(json).is_err(), "{json}");
    }
}
