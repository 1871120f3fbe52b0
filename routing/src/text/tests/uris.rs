use super::super::{CheckKind, SipUri, Transport};
use super::{accepts, dialling, refuses};

#[test]
fn a_uri_is_read_by_rfc_3261() {
    accepts(
        CheckKind::Uri,
        &[
            ("sip:alice@atlanta.com", "sip:alice@atlanta.com"),
            ("sips:securecall@securedserver.com", "sips:securecall@securedserver.com"),
            (" SIP:Alice@AtLanTa.CoM. ", "sip:Alice@atlanta.com"),
            ("SIPS:alice@atlanta.com:5061", "sips:alice@atlanta.com:5061"),
            ("sip:alice@192.0.2.4", "sip:alice@192.0.2.4"),
            ("sip:alice@[2001:DB8::0010]:5070", "sip:alice@[2001:db8::10]:5070"),
            ("sip:+1-212-555-1212@gateway.com;user=phone", "sip:+1-212-555-1212@gateway.com;user=phone"),
            ("sip:1212@gateway.com", "sip:1212@gateway.com"),
            ("sip:alice;day=tuesday@atlanta.com", "sip:alice;day=tuesday@atlanta.com"),
            ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@atlanta.com;transport=tcp"),
            ("sip:user;par=u%40example.net@example.com", "sip:user;par=u%40example.net@example.com"),
            ("sip:sips%3Auser%40example.com@example.net", "sip:sips%3Auser%40example.com@example.net"),
            ("sip:sips%3auser@example.net", "sip:sips%3Auser@example.net"),
            ("sip:a%20b@example.com", "sip:a%20b@example.com"),
            ("sip:%C3%bc@example.com", "sip:%C3%BC@example.com"),
            ("sip:%2525@example.com", "sip:%2525@example.com"),
            ("sip:&=+$,;?/@example.com", "sip:&=+$,;?/@example.com"),
            ("sip:-_.!~*'()@example.com", "sip:-_.!~*'()@example.com"),
            ("sip:u@example.com;lr", "sip:u@example.com;lr"),
            ("sip:u@example.com;LR;x=1", "sip:u@example.com;lr;x=1"),
            ("sip:u@example.com;z=1;A=2;m", "sip:u@example.com;z=1;A=2;m"),
            ("sip:u@example.com;security=on;X-y=%5b", "sip:u@example.com;security=on;X-y=%5B"),
            ("sip:u@example.com;p%61ram=[/]:&+$", "sip:u@example.com;param=[/]:&+$"),
            ("sip:u@example.com;maddr=239.255.255.1;ttl=15", "sip:u@example.com;maddr=239.255.255.1;ttl=15"),
            ("sip:u@example.com;maddr=[2001:DB8::1]", "sip:u@example.com;maddr=[2001:db8::1]"),
            ("sips:u@example.com;transport=tcp", "sips:u@example.com;transport=tcp"),
            ("sips:u@example.com;transport=tls", "sips:u@example.com;transport=tls"),
            ("sip:u@example.com;transport=tls", "sip:u@example.com;transport=tls"),
            ("sip:u@example.com;user=Phone", "sip:u@example.com;user=phone"),
        ],
    );
}

#[test]
fn a_uri_that_could_send_a_call_astray_is_refused() {
    refuses(
        CheckKind::Uri,
        &[
            ("", "address_empty", None),
            ("sip:u@h\r\nRoute: <sip:x>", "control_character", Some(7)),
            ("sip:u\0@h", "control_character", Some(5)),
            ("sip:u @h", "space", Some(5)),
            ("sip: u@h", "space", Some(4)),
            ("sip:u\u{200e}@h", "invisible_character", Some(5)),
            ("\"Bob\" <sip:bob@example.com>", "name_and_brackets", Some(0)),
            ("<sip:bob@example.com>", "name_and_brackets", Some(0)),
            ("https://example.com", "web_address", Some(0)),
            ("sip://bob@example.com", "double_slash", Some(4)),
            ("mailto:bob@example.com", "mail_address", Some(0)),
            ("tel:+12065550100", "tel_uri", Some(0)),
            ("TEL:5550100;phone-context=+1206", "tel_uri", Some(0)),
            ("xmpp:bob@example.com", "unknown_scheme", Some(0)),
            ("sipx:bob@example.com", "unknown_scheme", Some(0)),
            ("bob@example.com", "missing_scheme", Some(0)),
            ("bob@example.com:5060", "missing_scheme", Some(0)),
            ("pbx.example.com", "missing_scheme", Some(0)),
            ("pbx:5060", "missing_scheme", Some(0)),
            ("sip:", "missing_user", Some(4)),
            ("sip:example.com", "missing_user", Some(4)),
            ("sips:example.com:5061", "missing_user", Some(5)),
            ("sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com", "missing_user", Some(4)),
            ("sip:@example.com", "empty_user", Some(4)),
            ("sip:a@b@example.com", "second_at", Some(7)),
            ("sip:bob:secret@example.com", "password", Some(7)),
            ("sip:bob:@example.com", "password", Some(7)),
            ("sip::secret@example.com", "password", Some(4)),
            ("sip:b\"ob@example.com", "name_and_brackets", Some(5)),
            ("sip:b^ob@example.com", "user_character", Some(5)),
            ("sip:jürgen@example.com", "user_character", Some(5)),
            ("sip:b#1@example.com", "user_character", Some(5)),
            ("sip:[bob]@example.com", "user_character", Some(4)),
            ("sip:%@example.com", "bad_escape", Some(4)),
            ("sip:a%4@example.com", "bad_escape", Some(5)),
            ("sip:a%zz@example.com", "bad_escape", Some(5)),
            ("sip:a%+1@example.com", "bad_escape", Some(5)),
            ("sip:null-%00-null@example.com", "escaped_control", Some(9)),
            ("sip:a%0d%0aX@example.com", "escaped_control", Some(5)),
            ("sip:u@example.com?subject=x", "headers", Some(17)),
            ("sip:u@example.com;lr?Route=%3Csip:x%3E", "headers", Some(20)),
            ("sip:u@example.com?", "headers", Some(17)),
            ("sip:example.com?to=u@evil.example", "headers", Some(15)),
            ("sip:u@example.com/path", "path", Some(17)),
            ("sip:u@", "empty_host", Some(6)),
            ("sip:u@:5060", "empty_host", Some(6)),
            ("sip:u@example.com:", "port_missing", Some(18)),
            ("sip:u@example.com:0", "port", Some(18)),
            ("sip:u@example.com:65536", "port", Some(18)),
            ("sip:u@exam_ple.com", "underscore", Some(10)),
            ("sip:u@1.2.3.400", "ipv4_octet", Some(12)),
            ("sip:u@192.0.02.4", "ipv4_leading_zero", Some(12)),
            ("sip:u@2001:db8::10", "ipv6_without_brackets", Some(6)),
            ("sip:u@[fe80::1%25eth0]", "zone_id", Some(14)),
            ("sip:u@[2001:db8::10", "bracket_open", Some(6)),
            ("sip:u@example.com;", "empty_parameter", Some(18)),
            ("sip:u@example.com;;lr", "empty_parameter", Some(18)),
            ("sip:u@example.com;=x", "empty_parameter", Some(18)),
            ("sip:u@example.com;x=", "empty_parameter", Some(20)),
            ("sip:u@example.com;x=a=b", "parameter_character", Some(21)),
            ("sip:u@example.com;x=a,b", "parameter_character", Some(21)),
            ("sip:u@example.com;x=ü", "parameter_character", Some(20)),
            ("sip:u@example.com;x=%0", "bad_escape", Some(20)),
            ("sip:u@example.com;x=%00", "escaped_control", Some(20)),
            ("sip:u@example.com;x=1;X=2", "duplicate_parameter", Some(22)),
            ("sip:u@example.com;lr;%6cr", "duplicate_parameter", Some(21)),
            ("sip:u@example.com;transport=sctp", "transport", Some(18)),
            ("sip:u@example.com;transport", "transport", Some(18)),
            ("sips:u@example.com;transport=udp", "sips_over_udp", Some(19)),
            ("sips:u@example.com;transpor%74=UDP", "sips_over_udp", Some(19)),
            ("sip:u@example.com;method=BYE", "method", Some(18)),
            ("sip:u@example.com;%6dethod=BYE", "method", Some(18)),
            ("sip:u@example.com;weight=10", "weight", Some(18)),
            ("sip:u@example.com;maddr", "maddr", Some(18)),
            ("sip:u@example.com;maddr=1.2.3", "maddr", Some(18)),
            ("sip:u@example.com;maddr=a:5060", "maddr", Some(18)),
            ("sip:u@example.com;ttl=256", "ttl", Some(18)),
            ("sip:u@example.com;ttl=+1", "ttl", Some(18)),
        ],
    );
    refuses(CheckKind::Uri, &[(&format!("sip:{}@example.com", "a".repeat(500)), "address_too_long", None)]);
}

#[test]
fn a_uri_tells_its_parts() {
    let uri = SipUri::parse("sip:a%20b@example.com:5080;transport=tcp;x=1").unwrap();
    assert_eq!((uri.user(), uri.user_unescaped().as_str()), ("a%20b", "a b"));
    assert_eq!((uri.host().to_string().as_str(), uri.port()), ("example.com", Some(5080)));
    assert_eq!((uri.is_sips(), uri.transport()), (false, Some(Transport::Tcp)));
    let names: Vec<&str> = uri.parameters().iter().map(|parameter| parameter.name()).collect();
    assert_eq!(names, ["transport", "x"]);
    assert_eq!(SipUri::parse("sips:a@b;transport=tcp").unwrap().transport(), Some(Transport::Tls));
}

#[test]
fn a_user_part_is_read_as_a_number() {
    for (uri, number) in [
        ("sip:+12065550100@h", Some("+12065550100")),
        ("sip:12065550100@h", Some("+12065550100")),
        ("sip:2065550100@h", Some("+12065550100")),
        ("sip:%2B12065550100@h", Some("+12065550100")),
        ("sip:011442079460000@h", Some("+442079460000")),
        ("sip:442079460000@h", Some("+442079460000")),
        ("sip:alice@h", None),
        ("sip:101@h", None),
    ] {
        let found = SipUri::parse(uri).unwrap().user_as_number(&dialling("US"));
        assert_eq!(found.map(|number| number.to_string()).as_deref(), number, "{uri}");
    }
}
