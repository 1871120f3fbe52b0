use super::super::{Alias, CheckKind};
use super::{accepts, refuses};

#[test]
fn an_alias_is_trimmed_and_otherwise_kept() {
    accepts(
        CheckKind::Alias,
        &[
            ("seattle-pbx", "seattle-pbx"),
            ("  Main line  ", "Main line"),
            ("\u{a0}Büro Köln\u{3000}", "Büro Köln"),
            ("\tpasted from a sheet\t", "pasted from a sheet"),
            ("חיפה", "חיפה"),
            ("👩\u{200d}💻 desk", "👩\u{200d}💻 desk"),
            ("=SUM(A1)", "=SUM(A1)"),
            ("<script>", "<script>"),
        ],
    );
}

#[test]
fn an_alias_that_hides_something_is_refused() {
    refuses(
        CheckKind::Alias,
        &[
            ("", "alias_empty", None),
            ("   ", "alias_empty", None),
            ("\u{200d}", "alias_empty", None),
            ("a\nb", "alias_control", Some(1)),
            ("ab\r\n", "alias_control", Some(2)),
            ("é\0", "alias_control", Some(1)),
            ("a\tb", "alias_control", Some(1)),
            ("a\u{85}b", "alias_control", Some(1)),
            ("a\u{2028}b", "alias_control", Some(1)),
            (" ab\u{202e}cd", "alias_bidi", Some(3)),
            ("a\u{2066}b", "alias_bidi", Some(1)),
            ("pbx\u{200b}", "alias_invisible", Some(3)),
            ("\u{feff}pbx", "alias_invisible", Some(0)),
        ],
    );
}

#[test]
fn an_alias_has_at_most_64_code_points_after_normalising() {
    assert!(Alias::parse(&"ä".repeat(64)).is_ok());
    assert_eq!(Alias::parse(&"ä".repeat(65)).unwrap_err().code(), "alias_too_long");
    assert_eq!(Alias::parse(&"a".repeat(100_000)).unwrap_err().code(), "alias_too_long");
}

#[cfg(feature = "unicode")]
#[test]
fn an_alias_is_in_normal_form_c() {
    assert_eq!(Alias::parse("Bu\u{308}ro").unwrap().as_str(), "Büro");
    assert!(Alias::parse(&"a\u{308}".repeat(64)).is_ok());
}

#[test]
fn aliases_that_differ_in_letter_case_only_have_the_same_key() {
    for (one, two) in [("PBX", "pbx"), ("Straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("Éclair", "éclair")]
    {
        assert_eq!(Alias::parse(one).unwrap().fold(), Alias::parse(two).unwrap().fold(), "{one} {two}");
    }
    assert_ne!(Alias::parse("pbx 1").unwrap().fold(), Alias::parse("pbx1").unwrap().fold());
}

#[test]
fn json_is_no_way_around_the_rules() {
    assert!(serde_json::from_str::<Alias>(r#"" ok ""#).is_ok());
    assert!(serde_json::from_str::<Alias>(r#""a\nb""#).is_err());
}
