use proptest::prelude::*;

use super::super::{
    Alias, CheckKind, Dialling, E164, RouteKind, RouteTarget, SipUri, check, countries, own_did,
};
use crate::{Edge, EdgeId};

const KINDS: [RouteKind; 3] = [RouteKind::Host, RouteKind::Phone, RouteKind::Uri];

/// Texts near the grammar: pieces of addresses in any order, and now and then anything.
fn near_misses() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "sip:",
            "sips:",
            "tel:",
            "//",
            "@",
            ":",
            ";",
            "=",
            "?",
            "&",
            "%",
            "%4",
            "%41",
            "%00",
            "%2B",
            "[",
            "]",
            "::",
            "2001:db8::1",
            "fe80::1%eth0",
            "192.0.2.1",
            "010.",
            "0x7f",
            ".",
            "..",
            "-",
            "_",
            "+",
            "00",
            "011",
            "1",
            "44",
            "206",
            "555",
            "0100",
            "(0)",
            "(",
            ")",
            "example.com",
            "xn--",
            "xn--bcher-kva",
            "ü",
            "а",
            "２",
            "\u{a0}",
            "\u{200b}",
            "\r\n",
            "\0",
            " ",
            "transport=udp",
            "transport=tls",
            "method=BYE",
            "lr",
            "maddr=",
            "ttl=3",
            "user=phone",
            "phone-context=",
            "weight=1",
            "5060",
            "65536",
            "x5",
            "bob",
            "pbx",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), near_misses()]
}

fn plausible_uris() -> impl Strategy<Value = String> {
    "(sip|SIPS):([a-zA-Z0-9_.!~*'()&=+$,;/-]|%[2-7][0-9a-fA-F]|%[c-f][0-9A-F]){1,12}@([a-z0-9]{1,8}[.]){0,3}[a-z]{1,6}(:[1-9][0-9]{0,3})?(;[a-z]{1,2}(=[a-zA-Z0-9$+:%41]{1,6})?){0,3}"
}

fn plausible_hosts() -> impl Strategy<Value = String> {
    "(sip:|sips:)?(([A-Za-z0-9]{1,8}[.]){0,3}[a-zA-Z]{1,6}[.]?|[1-9][0-9]?[.][0-9][.][1-9][.]1[0-9]|\\[[0-9A-F]{1,4}:[0-9a-f]{0,4}::[0-9a-f]{1,4}\\])(:[1-9][0-9]{0,3})?(;transport=(tls|TCP))?"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_makes_a_parser_panic(text in texts(), country in 0..countries().len()) {
        let dialling = Dialling::of(countries()[country].iso()).unwrap();
        for kind in [CheckKind::Host, CheckKind::Phone, CheckKind::Uri, CheckKind::Alias] {
            if let Err(error) = check(kind, &text, &dialling) {
                prop_assert!(!error.to_string().is_empty());
                prop_assert!(error.position().is_none_or(|at| at <= text.chars().count()), "{error:?}");
            }
        }
    }

    #[test]
    fn what_is_accepted_reads_back_as_itself(
        text in prop_oneof![texts(), plausible_uris(), plausible_hosts()],
    ) {
        for kind in KINDS {
            let Ok(target) = RouteTarget::parse(kind, &text, &Dialling::default()) else { continue };
            let canonical = target.canonical();
            prop_assert!(canonical.is_ascii());
            prop_assert!(!canonical.bytes().any(|byte| byte.is_ascii_control() || byte == b' '));
            prop_assert_eq!(RouteTarget::parse(kind, &canonical, &Dialling::default()), Ok(target.clone()));
            let json = serde_json::to_string(&target).unwrap();
            prop_assert_eq!(serde_json::from_str::<RouteTarget>(&json).unwrap(), target);
        }
    }

    #[test]
    fn a_number_survives_every_form_it_is_written_in(digits in "[1-9][0-9]{6,14}") {
        let text = format!("+{digits}");
        let Ok(number) = E164::parse(&text) else { return Ok(()) };
        prop_assert_eq!(number.to_string(), text);
        prop_assert_eq!(&*number.digits(), digits.as_str());
        prop_assert_eq!(E164::from_u64(number.to_u64()), Ok(number));
        prop_assert_eq!(E164::parse(&number.grouped()), Ok(number));
        for country in countries() {
            let dialling = Dialling::of(country.iso()).unwrap();
            prop_assert_eq!(E164::parse_dialled(&number.grouped(), &dialling), Ok(number));
            if let Some(prefix) = country.international_prefix() {
                prop_assert_eq!(E164::parse_dialled(&format!("{prefix} {digits}"), &dialling), Ok(number));
            }
        }
    }

    #[test]
    fn a_national_form_never_leaves_its_country(text in "[0-9]{7,15}", country in 0..countries().len()) {
        let country = &countries()[country];
        let dialling = Dialling::of(country.iso()).unwrap();
        let abroad = country.international_prefix().is_some_and(|prefix| text.starts_with(prefix));
        if let Ok(number) = E164::parse_dialled(&text, &dialling) && !abroad && !text.starts_with("00") {
            prop_assert_eq!(number.calling_code(), country.calling_code());
        }
    }

    #[test]
    fn an_alias_reads_back_as_itself(text in "\\PC{0,70}") {
        let Ok(alias) = Alias::parse(&text) else { return Ok(()) };
        prop_assert_eq!(Alias::parse(alias.as_str()), Ok(alias.clone()));
        prop_assert!((1..=64).contains(&alias.as_str().chars().count()));
    }

    #[test]
    fn an_own_number_is_found_whatever_is_strewn_into_it(
        signs in prop::collection::vec(prop::sample::select(vec!["", "-", ".", "%2D", "(206)", "%20"]), 11),
        plus in any::<bool>(),
    ) {
        let mut user = String::from(if plus { "+" } else { "" });
        for (digit, sign) in "12065550100".chars().zip(&signs) {
            user.push(digit);
            user.push_str(if sign.starts_with('(') { "" } else { sign });
        }
        let own = E164::parse("+12065550100").unwrap();
        let edge = Edge { id: EdgeId(1), name: "x".into(), host: "edge.example".into() };
        let uri = SipUri::parse(&format!("sip:{user}@pbx.example")).unwrap();
        let found = own_did::find(&RouteTarget::Uri(uri), &[edge], &Dialling::default(), |number| number == own);
        prop_assert!(found.is_some());
    }
}
