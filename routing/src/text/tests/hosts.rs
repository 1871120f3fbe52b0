use super::super::{Caution, CheckKind, Dialling, HostTarget, RouteKind, RouteTarget, Transport};
use super::{accepts, refuses};

#[test]
fn a_host_is_read_as_people_type_it() {
    accepts(
        CheckKind::Host,
        &[
            ("pbx.example.com", "pbx.example.com"),
            ("  PBX.Example.COM  ", "pbx.example.com"),
            ("pbx.example.com.", "pbx.example.com"),
            ("pbx.example.com.:5060", "pbx.example.com:5060"),
            ("pbx", "pbx"),
            ("sip:sip", "sip"),
            ("sips:sip:5061", "sips:sip:5061"),
            ("3cx", "3cx"),
            ("a-b.c--d.example", "a-b.c--d.example"),
            ("1.example", "1.example"),
            ("pbx.example.com:5060", "pbx.example.com:5060"),
            ("pbx.example.com:05060", "pbx.example.com:5060"),
            ("pbx.example.com:1", "pbx.example.com:1"),
            ("pbx.example.com:65535", "pbx.example.com:65535"),
            ("sip:pbx.example.com", "pbx.example.com"),
            ("SIP:pbx.example.com:5080", "pbx.example.com:5080"),
            ("sips:pbx.example.com", "sips:pbx.example.com"),
            ("sips:pbx.example.com:5061;transport=tls", "sips:pbx.example.com:5061"),
            ("sips:pbx.example.com;transport=tcp", "sips:pbx.example.com"),
            ("pbx.example.com;transport=tls", "sips:pbx.example.com"),
            ("pbx.example.com;transport=UDP", "pbx.example.com;transport=udp"),
            ("sip:pbx.example.com;Transport=tcp", "pbx.example.com;transport=tcp"),
            ("192.0.2.10", "192.0.2.10"),
            ("192.0.2.10:5060", "192.0.2.10:5060"),
            ("0.0.0.0", "0.0.0.0"),
            ("255.255.255.255", "255.255.255.255"),
            ("[2001:db8::10]", "[2001:db8::10]"),
            ("[2001:DB8:0:0:0:0:0:10]:5060", "[2001:db8::10]:5060"),
            ("[2001:0db8:0000:0000:0001:0000:0000:0001]", "[2001:db8::1:0:0:1]"),
            ("[2001:db8:0:1:1:1:1:1]", "[2001:db8:0:1:1:1:1:1]"),
            ("[::]", "[::]"),
            ("[::1]", "[::1]"),
            ("[::ffff:192.0.2.10]", "[::ffff:192.0.2.10]"),
            ("[::FFFF:C000:020A]", "[::ffff:192.0.2.10]"),
            ("[2001:db8::9:255.255.255.255]", "[2001:db8::9:ffff:ffff]"),
            ("sips:[2001:db8::10]:5061", "sips:[2001:db8::10]:5061"),
        ],
    );
}

#[test]
fn what_could_send_a_call_astray_is_refused() {
    refuses(
        CheckKind::Host,
        &[
            ("sip:sip:5060", "named_like_scheme", Some(4)),
            ("sip:SIPS:70;transport=udp", "named_like_scheme", Some(4)),
            ("", "address_empty", None),
            ("  ", "address_empty", None),
            ("pbx\r\nVia: x", "control_character", Some(3)),
            ("pbx.example.com\r\n", "control_character", Some(15)),
            ("pbx\0.example.com", "control_character", Some(3)),
            ("pbx\u{7f}", "control_character", Some(3)),
            ("pbx\u{200b}.example.com", "invisible_character", Some(3)),
            ("\u{202e}moc.elpmaxe", "invisible_character", Some(0)),
            ("pbx .example.com", "space", Some(3)),
            (" pbx\t.example.com", "space", Some(4)),
            ("<sip:pbx.example.com>", "name_and_brackets", Some(0)),
            ("http://pbx.example.com", "web_address", Some(0)),
            ("HTTPS://pbx.example.com/x", "web_address", Some(0)),
            ("//pbx.example.com", "web_address", Some(0)),
            ("sip://pbx.example.com", "double_slash", Some(4)),
            ("mailto:bob@example.com", "mail_address", Some(0)),
            ("tel:+12065550100", "tel_uri", Some(0)),
            ("+12065550100", "phone_number", Some(0)),
            ("12065550100", "phone_number", Some(0)),
            ("bob@example.com", "user_in_host", Some(3)),
            ("sip:bob@example.com", "user_in_host", Some(7)),
            ("bob:secret@example.com", "user_in_host", Some(10)),
            ("pbx.example.com?subject=x", "headers", Some(15)),
            ("pbx.example.com/path", "path", Some(15)),
            ("pbx.example.com#x", "path", Some(15)),
            ("pbx\\example", "path", Some(3)),
            (":5060", "empty_host", Some(0)),
            ("sip:", "empty_host", Some(4)),
            (".", "empty_host", Some(0)),
            ("..", "empty_label", Some(0)),
            ("a..b", "empty_label", Some(2)),
            (".example.com", "empty_label", Some(0)),
            ("example.com..", "empty_label", Some(12)),
            ("_sip._udp.example.com", "underscore", Some(0)),
            ("my_pbx.example.com", "underscore", Some(2)),
            ("exam,ple.com", "host_character", Some(4)),
            ("exam%70le.com", "host_character", Some(4)),
            ("a.example.com,b.example.com", "host_character", Some(13)),
            ("*.example.com", "host_character", Some(0)),
            ("-a.example.com", "hyphen", Some(0)),
            ("a-.example.com", "hyphen", Some(1)),
            ("example.-", "hyphen", Some(8)),
            ("example.1", "numeric_name", Some(8)),
            ("1.2.3.4.5.x.6", "numeric_name", Some(12)),
            ("0x7f.1", "numeric_name", Some(5)),
            ("0x7f000001", "numeric_name", Some(0)),
            ("127.0.0.0x1", "numeric_name", Some(8)),
            ("1.2.3", "ipv4_parts", Some(0)),
            ("1.2.3.4.", "ipv4_parts", Some(0)),
            ("1.2.3.4.5", "ipv4_parts", Some(0)),
            ("5060", "ipv4_parts", Some(0)),
            ("1.2.3.256", "ipv4_octet", Some(6)),
            ("1.2.3.4444444444444", "ipv4_octet", Some(6)),
            ("1.02.3.4", "ipv4_leading_zero", Some(2)),
            ("010.0.0.1", "ipv4_leading_zero", Some(0)),
            ("2001:db8::10", "ipv6_without_brackets", Some(0)),
            ("::1", "ipv6_without_brackets", Some(0)),
            ("2001:db8::10:5060", "ipv6_without_brackets", Some(0)),
            ("fe80::1%25", "ipv6_without_brackets", Some(0)),
            ("[2001:db8::10", "bracket_open", Some(0)),
            ("[]", "ipv6", Some(1)),
            ("[192.0.2.10]", "ipv6", Some(1)),
            ("[2001:db8:::192.0.2.1]", "ipv6", Some(1)),
            ("[1::2::3]", "ipv6", Some(1)),
            ("[12345::]", "ipv6", Some(1)),
            ("[::192.0.2.010]", "ipv6", Some(1)),
            ("[v1.fe80]", "ipv6", Some(1)),
            ("[1:2:3:4:5:6:7:8:9]", "ipv6", Some(1)),
            ("[fe80::1%eth0]", "zone_id", Some(8)),
            ("[fe80::1%25eth0]", "zone_id", Some(8)),
            ("[::1]5060", "after_bracket", Some(5)),
            ("[::1]]", "after_bracket", Some(5)),
            ("[::1]:", "port_missing", Some(6)),
            ("pbx.example.com:", "port_missing", Some(16)),
            ("pbx.example.com:0", "port", Some(16)),
            ("pbx.example.com:00000", "port", Some(16)),
            ("pbx.example.com:65536", "port", Some(16)),
            ("pbx.example.com:99999999999", "port", Some(16)),
            ("pbx.example.com:+5060", "port", Some(16)),
            ("pbx.example.com:-1", "port", Some(16)),
            ("pbx.example.com:50a", "port", Some(16)),
            ("pbx.example.com:5060:5061", "port", Some(16)),
            ("xmpp:pbx", "port", Some(5)),
            ("pbx.example.com;", "empty_parameter", Some(16)),
            ("pbx.example.com;transport=udp;", "empty_parameter", Some(30)),
            ("pbx.example.com;lr", "unknown_parameter", Some(16)),
            ("pbx.example.com;user=phone", "unknown_parameter", Some(16)),
            ("pbx.example.com;transport=udp;transport=udp", "duplicate_parameter", Some(30)),
            ("pbx.example.com;transport=sctp", "transport", Some(16)),
            ("pbx.example.com;transport", "transport", Some(16)),
            ("pbx.example.com;transport=", "transport", Some(16)),
            ("sips:pbx.example.com;transport=udp", "sips_over_udp", Some(21)),
            ("pbx.example.com;weight=5", "weight", Some(16)),
        ],
    );
}

#[test]
fn a_name_must_fit_in_dns() {
    let label = "a".repeat(63);
    let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    assert!(HostTarget::parse(&longest).is_ok());
    assert!(HostTarget::parse(&format!("{longest}.")).is_ok());
    refuses(
        CheckKind::Host,
        &[
            (&format!("{longest}a"), "name_too_long", Some(0)),
            (&format!("x.{label}a.com"), "label_too_long", Some(2)),
            (&"a".repeat(2000), "address_too_long", None),
        ],
    );
}

#[cfg(feature = "unicode")]
#[test]
fn international_names_become_a_labels() {
    accepts(
        CheckKind::Host,
        &[
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example:5060", "xn--bcher-kva.example:5060"),
            ("bu\u{308}cher.example", "xn--bcher-kva.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("XN--bcher-kva.example", "xn--bcher-kva.example"),
            ("пример.example", "xn--e1afmkfd.example"),
            ("例え。example", "xn--r8jz45g.example"),
            ("東京タワー.example", "xn--5ck2eqb538s34z.example"),
        ],
    );
    refuses(
        CheckKind::Host,
        &[
            ("pаypal.example", "mixed_scripts", Some(0)),
            ("sip:ехample.com", "mixed_scripts", Some(4)),
            ("xn--pypal-4ve.example", "mixed_scripts", Some(0)),
            ("xn--a.example", "international_name", Some(0)),
            ("xn--zzzzzzzzzzzz.example", "international_name", Some(0)),
            ("bü_cher.example", "underscore", Some(2)),
            ("１２７.０.０.１", "numeric_name", Some(0)),
            ("bücher.１", "numeric_name", Some(0)),
        ],
    );
}

#[cfg(not(feature = "unicode"))]
#[test]
fn international_names_wait_for_the_tables() {
    refuses(CheckKind::Host, &[("bücher.example", "needs_tables", Some(0))]);
    accepts(CheckKind::Host, &[("xn--bcher-kva.example", "xn--bcher-kva.example")]);
}

#[test]
fn a_host_tells_its_parts() {
    let target = HostTarget::parse("sips:[2001:db8::10]:5061").unwrap();
    assert_eq!(target.transport(), Some(Transport::Tls));
    assert_eq!(target.port(), Some(5061));
    assert!(target.host().is_address());
    assert_eq!(HostTarget::parse("pbx.example.com").unwrap().transport(), None);
    assert_eq!(HostTarget::parse("sips:pbx.example.com"), HostTarget::parse("pbx.example.com;transport=tls"));
}

#[test]
fn private_and_loopback_addresses_are_accepted_with_a_warning() {
    let private = Some(Caution::PrivateAddress);
    let loopback = Some(Caution::LoopbackAddress);
    for (text, caution) in [
        ("10.0.0.5", private),
        ("172.16.0.1", private),
        ("172.32.0.1", None),
        ("192.168.1.1:5060", private),
        ("169.254.1.1", private),
        ("100.64.0.1", private),
        ("100.128.0.1", None),
        ("192.0.2.10", None),
        ("127.0.0.1", loopback),
        ("127.9.9.9", loopback),
        ("0.0.0.0", loopback),
        ("localhost", loopback),
        ("pbx.localhost", loopback),
        ("notlocalhost", None),
        ("[::1]", loopback),
        ("[::]", loopback),
        ("[fd00::1]", private),
        ("[fe80::1]", private),
        ("[::ffff:10.0.0.5]", private),
        ("[::ffff:127.0.0.1]", loopback),
        ("[2001:db8::1]", None),
        ("pbx.example.com", None),
    ] {
        let target = RouteTarget::parse(RouteKind::Host, text, &Dialling::default()).unwrap();
        assert_eq!(target.cautions(), Vec::from_iter(caution), "{text}");
    }
}

#[test]
fn json_is_no_way_around_the_rules() {
    let target: RouteTarget = serde_json::from_str(r#"{"type":"host","value":"PBX.example.com"}"#).unwrap();
    assert_eq!(serde_json::to_string(&target).unwrap(), r#"{"type":"host","value":"pbx.example.com"}"#);
    let registered: RouteTarget = serde_json::from_str(r#"{"type":"registered"}"#).unwrap();
    assert_eq!(registered, serde_json::from_str(r#"{"type":"registered","value":null}"#).unwrap());
    assert_eq!(registered, serde_json::from_str(&serde_json::to_string(&registered).unwrap()).unwrap());
    for json in [
        r#"{"type":"host","value":"a\r\nb"}"#,
        r#"{"type":"host"}"#,
        r#"{"type":"phone","value":"2065550100"}"#,
        r#"{"type":"uri","value":"sip:a:b@c"}"#,
        r#"{"type":"registered","value":"x"}"#,
        r#"{"type":"fax","value":"x"}"#,
    ] {
        assert!(serde_json::from_str::<RouteTarget>(json).is_err(), "{json}");
    }
}
