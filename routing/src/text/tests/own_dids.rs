use super::super::{Dialling, E164, OwnDid, RouteKind, RouteTarget, own_did};
use super::dialling;
use crate::{Edge, EdgeId};

fn edges() -> Vec<Edge> {
    let edge = |id, host: &str| Edge { id: EdgeId(id), name: format!("edge {id}"), host: host.to_owned() };
    vec![edge(4, "us-east-va.sip.flowroute.com"), edge(5, "198.51.100.7"), edge(6, "[2001:db8::7]:5060")]
}

fn find(kind: RouteKind, text: &str, own: &str, dialling: &Dialling) -> Option<OwnDid> {
    let target = RouteTarget::parse(kind, text, dialling).expect(text);
    let own = E164::parse(own).unwrap();
    own_did::find(&target, &edges(), dialling, |number| number == own)
}

#[test]
fn an_own_number_is_found_in_a_phone_route() {
    for text in ["+12065550100", "12065550100", "206-555-0100", "011 1 206 555 0100"] {
        let found = find(RouteKind::Phone, text, "+12065550100", &dialling("US"));
        assert!(matches!(found, Some(OwnDid::Number { .. })), "{text}");
    }
    assert_eq!(find(RouteKind::Phone, "+12065550101", "+12065550100", &dialling("US")), None);
}

#[test]
fn an_own_number_is_found_in_the_user_part_of_a_uri() {
    for user in [
        "+12065550100",
        "12065550100",
        "2065550100",
        "01112065550100",
        "0012065550100",
        "%2B1%2D206%2D555%2D0100",
        "%31%32%30%36%35%35%35%30%31%30%30",
        "+1.206.555.0100",
        "(206)555-0100",
        "206%20555%200100",
        "+12065550100;npdi",
        "+12065550100;phone-context=+1",
        "2065550100;phone-context=+1",
        "5550100;phone-context=+1206",
        "5550100;phone-context=%2B1206",
        "tel%3A+12065550100",
        "TEL%3A12065550100",
        "sip%3A12065550100%40other.example",
        "12065550100;ext=5",
        "12065550100x5",
        "2065550100,,5",
        "206/555/0100",
        "(206555-0100",
        "++12065550100",
        "00012065550100",
        "12065550100%3Bext%3D5",
        "+1%EF%BC%92065550100",
    ] {
        for iso in ["US", "GB", "DE"] {
            let text = format!("sip:{user}@pbx.example.com;user=phone");
            let found = find(RouteKind::Uri, &text, "+12065550100", &dialling(iso));
            assert!(matches!(found, Some(OwnDid::InsideUri { .. })), "{iso} {text} {found:?}");
        }
    }
}

#[test]
fn an_own_number_is_found_in_the_national_forms_of_the_account() {
    for user in
        ["02079460000", "2079460000", "442079460000", "00442079460000", "011442079460000", "+44(0)2079460000"]
    {
        let text = format!("sips:{user}@pbx.example.com");
        let found = find(RouteKind::Uri, &text, "+442079460000", &dialling("GB"));
        assert!(matches!(found, Some(OwnDid::InsideUri { .. })), "{text}");
    }
}

#[test]
fn an_own_edge_is_found_however_it_is_written() {
    for (kind, text) in [
        (RouteKind::Host, "us-east-va.sip.flowroute.com"),
        (RouteKind::Host, "US-East-VA.sip.Flowroute.com."),
        (RouteKind::Host, "sips:us-east-va.sip.flowroute.com:5061"),
        (RouteKind::Host, "sip:us-east-va.sip.flowroute.com;transport=tcp"),
        (RouteKind::Host, "198.51.100.7:5080"),
        (RouteKind::Host, "[::ffff:198.51.100.7]"),
        (RouteKind::Host, "[2001:DB8:0::7]"),
        (RouteKind::Uri, "sip:alice@us-east-va.sip.flowroute.com"),
        (RouteKind::Uri, "sips:alice@US-EAST-VA.sip.flowroute.com.:5061;x"),
        (RouteKind::Uri, "sip:alice@pbx.example.com;maddr=198.51.100.7"),
        (RouteKind::Uri, "sip:alice@pbx.example.com;maddr=us-east-va.sip.flowroute.com"),
    ] {
        let found = find(kind, text, "+12065550100", &dialling("US"));
        assert!(matches!(found, Some(OwnDid::OwnEdge { .. })), "{text}");
    }
}

#[test]
fn other_targets_are_let_through() {
    for (kind, text) in [
        (RouteKind::Host, "pbx.example.com"),
        (RouteKind::Host, "flowroute.com"),
        (RouteKind::Host, "198.51.100.8"),
        (RouteKind::Uri, "sip:alice@pbx.example.com"),
        (RouteKind::Uri, "sip:101@pbx.example.com"),
        (RouteKind::Uri, "sip:12065550101@pbx.example.com"),
        (RouteKind::Registered, ""),
    ] {
        assert_eq!(find(kind, text, "+12065550100", &dialling("US")), None, "{text}");
    }
}

#[test]
fn the_sentence_names_the_disguise() {
    let found =
        find(RouteKind::Uri, "sip:2065550100@pbx.example.com", "+12065550100", &dialling("US")).unwrap();
    assert!(
        found
            .to_string()
            .starts_with("The user part of this URI is +1 206 555 0100, a DID on this platform.")
    );
    assert_eq!(found.code(), "own_did_in_uri");
}
