//! Triggers: what the presets hold, and how triggers are written.

use routing::{Cause, LocalCause, Preset, SipCode, Trigger, TriggerError, Unreachable};

fn holds(trigger: Trigger) -> String {
    let mut items = trigger.codes();
    items.extend(trigger.causes().map(|cause| cause.name().to_owned()));
    items.join(" ")
}

#[test]
fn presets_hold_exactly_what_is_settled() {
    for (name, expected) in [
        ("outage", "408 500 502-504 506-599 no_response unreachable marked_down"),
        ("outage_or_no_answer", "408 500 502-504 506-599 no_response no_answer unreachable marked_down"),
        ("voipbin", "404 5xx 6xx no_response marked_down"),
        ("telnyx", "408 480 503-504 no_response unreachable marked_down"),
        (
            "didww",
            "400 402-404 408-410 412-417 420-424 428-429 433 436-438 480 482-488 494 500-502 504-505 513 580 600 \
             603-604 606 no_response no_answer unreachable marked_down",
        ),
        ("any_failure", "3xx 4xx 5xx 6xx no_response no_answer unreachable marked_down"),
        ("busy", "486 600"),
        ("no_answer", "no_answer"),
        ("unreachable", "no_response unreachable marked_down"),
    ] {
        assert_eq!(holds(Trigger::preset(name).unwrap()), expected, "{name}");
    }
    assert_eq!(Trigger::default(), Trigger::preset("outage").unwrap());
    assert_eq!(Trigger::preset("Outage"), None, "names are exact");
}

#[test]
fn every_preset_is_named_and_differs_from_the_others() {
    for preset in Preset::ALL {
        assert_eq!(preset.trigger().name(), preset.name());
        assert_eq!(preset.trigger().as_preset(), Some(preset));
    }
}

#[test]
fn local_causes_match_by_name_and_some_by_their_code() {
    let unreachable = Cause::Unreachable(Unreachable::Dns);
    for (trigger, cause, expected) in [
        ("408", Cause::NoResponse, true),
        ("no_response", Cause::NoResponse, true),
        ("503", Cause::NoResponse, false),
        ("503", unreachable, true),
        ("unreachable", unreachable, true),
        ("408", unreachable, false),
        ("408", Cause::NoAnswer, false),
        ("no_answer", Cause::NoAnswer, true),
        ("503", Cause::MarkedDown, false),
        ("outage", Cause::MarkedDown, true),
        ("no_response", Cause::Response(SipCode::REQUEST_TIMEOUT), false),
        ("unreachable", Cause::Response(SipCode::SERVICE_UNAVAILABLE), false),
        ("4xx", Cause::Response(SipCode::BUSY_HERE), true),
        ("any_failure", Cause::Response(SipCode::OK), false),
    ] {
        assert_eq!(Trigger::parse(trigger).unwrap().matches(&cause), expected, "{trigger} on {cause}");
    }
}

#[test]
fn a_trigger_is_written_as_it_is_read() {
    for (text, expected) in [
        ("outage", "outage"),
        (" busy ", "busy"),
        ("600 486", "busy"),
        ("486, 600", "busy"),
        ("408", "408"),
        ("5xx, 501-503", "5xx"),
        ("5XX", "5xx"),
        ("299", "error"),
        ("500-501,502", "500-502"),
        ("399-400", "399, 400"),
        ("300-699 no_response no_answer unreachable marked_down", "any_failure"),
        ("marked_down,404", "404, marked_down"),
        ("699", "699"),
        ("never", "never"),
        ("unreachable", "unreachable"),
        ("unreachable,", "unreachable,"),
        ("408 unreachable", "408, unreachable"),
        ("", "error"),
        (",", "error"),
        ("nonsense", "error"),
        ("+408", "error"),
        ("4080", "error"),
        ("503-501", "error"),
        ("7xx", "error"),
        ("2xx", "error"),
        ("éxx", "error"),
    ] {
        let written = Trigger::parse(text).map_or("error".to_owned(), |trigger| trigger.to_string());
        assert_eq!(written, expected, "{text:?}");
    }
    assert_eq!(Trigger::parse("503-501"), Err(TriggerError::Backwards("503-501".to_owned())));
    assert_eq!(Trigger::parse("200"), Err(TriggerError::OutOfRange("200".to_owned())));
}

#[test]
fn json_takes_a_name_or_a_set_and_gives_it_back() {
    for (json, expected) in [
        (r#""telnyx""#, r#""telnyx""#),
        (
            r#"{"codes":["408","5xx","501-503"],"causes":["no_response"]}"#,
            r#"{"codes":["408","5xx"],"causes":["no_response"]}"#,
        ),
        (r#"{"codes":[408]}"#, r#"{"codes":["408"],"causes":[]}"#),
        (r#"{"causes":["no_answer"]}"#, r#""no_answer""#),
        (r"{}", r#"{"codes":[],"causes":[]}"#),
        (r#"{"codes":["200"]}"#, "error"),
        (r#"{"causes":["busy"]}"#, "error"),
        (r#"{"cause":["busy"]}"#, "error"),
        (r#"["408"]"#, "error"),
        ("408", "error"),
    ] {
        let read: Result<Trigger, _> = serde_json::from_str(json);
        let written = read.map_or("error".to_owned(), |trigger| serde_json::to_string(&trigger).unwrap());
        assert_eq!(written, expected, "{json}");
    }
}

proptest::proptest! {
    #[test]
    fn any_set_survives_text_and_json(
        codes in proptest::collection::vec(300_u16..700, 0..60),
        causes in proptest::collection::vec(0_usize..4, 0..4),
    ) {
        let mut trigger = Trigger::NEVER;
        for code in codes {
            trigger.insert_code(SipCode::new(code).unwrap());
        }
        for cause in causes {
            trigger.insert_cause(LocalCause::ALL[cause]);
        }
        let json = serde_json::to_string(&trigger).unwrap();
        proptest::prop_assert_eq!(serde_json::from_str::<Trigger>(&json).unwrap(), trigger);
        proptest::prop_assert_eq!(Trigger::parse(&trigger.to_string()).unwrap(), trigger);
    }
}
