//! What every fuzz target does with its bytes. `cargo fuzz` calls these functions from `fuzz_targets/`, and
//! `cargo test -p routing` calls them on stable from `routing/tests/fuzz.rs`, so both must hold the same
//! things.
//!
//! A function panics if what it looks at does not hold. Beyond "it does not panic", what is read must be
//! written so that it reads back as itself, and stay within its limits.

use std::fmt::Display;

use routing::{
    Alias, CheckKind, CivilDate, DayHours, Dialling, E164, HostTarget, Millis, RouteKind, RouteTarget,
    Scenario, SipUri, Snapshot, Trigger, check, countries, limits, simulate,
};

/// A target: its name, which is the name of its corpus, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 10] = [
    ("e164", e164),
    ("e164_dialled", e164_dialled),
    ("alias", alias),
    ("host_target", host_target),
    ("sip_uri", sip_uri),
    ("trigger", trigger),
    ("day_hours", day_hours),
    ("civil_date", civil_date),
    ("scenario", scenario),
    ("snapshot", snapshot),
];

/// Parsers take text; what is no UTF-8 is refused before them.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// What an error tells is bounded: it stands beside a form field.
fn bounded(error: &impl Display, input: &str) {
    let told = error.to_string();
    assert!(!told.is_empty() && told.len() <= 1_000 + 6 * input.len(), "{told}");
}

/// A number in international form.
pub fn e164(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match E164::parse(text) {
        Ok(number) => {
            let written = number.to_string();
            assert_eq!(E164::parse(&written), Ok(number), "{written}");
            assert_eq!(E164::from_u64(number.to_u64()), Ok(number));
            assert!((limits::E164_DIGITS_MIN..=limits::E164_DIGITS_MAX).contains(&(written.len() - 1)));
        }
        Err(error) => bounded(&error, text),
    }
}

/// A number as people of some country dial it: the first byte draws the country.
pub fn e164_dialled(bytes: &[u8]) {
    let Some((country, bytes)) = bytes.split_first() else { return };
    let Some(text) = text(bytes) else { return };
    let countries = countries();
    let country = countries[usize::from(*country) % countries.len()].iso();
    let dialling = Dialling::of(country).unwrap_or_default();
    match E164::parse_dialled(text, &dialling) {
        Ok(number) => {
            let written = number.to_string();
            assert_eq!(E164::parse_dialled(&written, &dialling), Ok(number), "{text} in {country}");
        }
        Err(error) => bounded(&error, text),
    }
}

/// A name.
pub fn alias(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match Alias::parse(text) {
        Ok(alias) => {
            let chars = alias.as_str().chars().count();
            assert!((1..=limits::ALIAS_CHARS_MAX).contains(&chars));
            assert_eq!(Alias::parse(alias.as_str()).as_ref(), Ok(&alias));
            assert!(!alias.as_str().chars().any(char::is_control));
        }
        Err(error) => bounded(&error, text),
    }
}

/// A host, and the same text as a form checks it.
pub fn host_target(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match HostTarget::parse(text) {
        Ok(target) => {
            let written = target.to_string();
            assert_eq!(HostTarget::parse(&written).as_ref(), Ok(&target), "{written}");
            assert!(written.is_ascii() && !written.contains(char::is_whitespace), "{written}");
        }
        Err(error) => bounded(&error, text),
    }
    target(RouteKind::Host, text);
}

/// A URI, and the same text as a form checks it.
pub fn sip_uri(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match SipUri::parse(text) {
        Ok(uri) => {
            let written = uri.to_string();
            assert_eq!(SipUri::parse(&written).as_ref(), Ok(&uri), "{written}");
            assert!(written.len() <= limits::URI_OCTETS_MAX, "{written}");
            assert!(written.bytes().all(|byte| byte.is_ascii_graphic()), "{written}");
        }
        Err(error) => bounded(&error, text),
    }
    target(RouteKind::Uri, text);
}

/// The value of a route, with every remark that is made on it.
fn target(kind: RouteKind, text: &str) {
    let dialling = Dialling::default();
    if let Ok(target) = RouteTarget::parse(kind, text, &dialling) {
        let again = RouteTarget::parse(kind, &target.canonical(), &dialling);
        assert_eq!(again.as_ref(), Ok(&target), "{text}");
        assert!(target.cautions().len() <= 10);
    }
    for kind in [CheckKind::Host, CheckKind::Phone, CheckKind::Uri, CheckKind::Alias] {
        if let Err(error) = check(kind, text, &dialling) {
            bounded(&error, text);
            assert!(error.position().is_none_or(|position| position <= text.len()), "{text}: {error}");
        }
    }
}

/// What a step is entered on, as text and as JSON.
pub fn trigger(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match Trigger::parse(text) {
        Ok(trigger) => {
            assert_eq!(Trigger::parse(&trigger.to_string()), Ok(trigger), "{trigger}");
            assert!(trigger.to_string().len() <= 2_000);
        }
        Err(error) => bounded(&error, text),
    }
    if let Ok(trigger) = serde_json::from_str::<Trigger>(text) {
        let written = serde_json::to_string(&trigger).unwrap_or_default();
        assert_eq!(serde_json::from_str::<Trigger>(&written).ok(), Some(trigger), "{written}");
    }
}

/// The hours of a day.
pub fn day_hours(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match DayHours::parse(text) {
        Ok(hours) => {
            assert_eq!(DayHours::parse(&hours.to_string()).as_ref(), Ok(&hours), "{hours}");
            assert!(hours.intervals().len() <= limits::INTERVALS_PER_DAY_MAX);
            let mut ends = 0;
            for stretch in hours.intervals() {
                assert!(ends <= stretch.from_min() && stretch.from_min() < stretch.end_min(), "{hours}");
                assert!(stretch.from_min() < 1_440 && stretch.end_min() < 2_880, "{hours}");
                ends = stretch.end_min();
            }
        }
        Err(error) => bounded(&error, text),
    }
}

/// A day of the calendar.
pub fn civil_date(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match CivilDate::parse(text) {
        Ok(date) => {
            assert_eq!(date.to_string(), text, "a date is written in one way only");
            assert_eq!(CivilDate::of_local_second(date.local_second(1_439)), date);
        }
        Err(error) => bounded(&error, text),
    }
}

/// A scenario as JSON, run in a configuration that is well.
pub fn scenario(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Ok(scenario) = serde_json::from_str::<Scenario>(text) else { return };
    let written = serde_json::to_string(&scenario).unwrap_or_default();
    assert_eq!(serde_json::from_str::<Scenario>(&written).ok().as_ref(), Some(&scenario), "{written}");
    let Ok(snapshot) = serde_json::from_str::<Snapshot>(ACCOUNT) else { panic!("the account reads") };
    call(&snapshot, &scenario);
}

/// A snapshot as JSON, with a call to each of its first numbers.
pub fn snapshot(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Ok(snapshot) = serde_json::from_str::<Snapshot>(text) else { return };
    let written = serde_json::to_string(&snapshot).unwrap_or_default();
    assert_eq!(serde_json::from_str::<Snapshot>(&written).ok().as_ref(), Some(&snapshot), "{written}");
    for did in snapshot.dids.iter().take(4) {
        let mut scenario = Scenario::new(did.number);
        call(&snapshot, &scenario);
        // With every route broken, at a moment, half of them down.
        scenario.at = Some(1_772_964_000);
        scenario.marked_down = snapshot.routes.iter().step_by(2).map(|route| route.id).collect();
        for route in &snapshot.routes {
            scenario =
                scenario.with_fault(routing::FaultTarget::Route(route.id), routing::Fault::RingsForEver);
        }
        call(&snapshot, &scenario);
    }
}

/// Runs a call. It ends within the edge's longest set-up and its attempts, and its trace is bounded.
fn call(snapshot: &Snapshot, scenario: &Scenario) {
    let Ok(trace) = simulate(snapshot, scenario) else { return };
    let end = trace.outcome.at_ms();
    assert!(end <= limits::SETUP_MAX_MS, "the call ends at {end}");
    assert!(trace.attempts.len() <= limits::ATTEMPTS_MAX);
    // An attempt has at most five events of its own and one for each SRV target; a step at most three in each
    // of its passes.
    assert!(trace.events.len() <= limits::ATTEMPTS_MAX * (6 + limits::SRV_TARGETS_MAX) + 200);
    assert!(trace.events.is_sorted_by_key(|event| event.at_ms), "time never goes back");
    assert_eq!(trace.silence_ms.plus(trace.ringing_ms), end, "every moment is heard");
    assert!(trace.attempts.iter().all(|attempt| attempt.started_ms <= attempt.ended_ms));
    assert!(trace.heard.iter().all(|heard| heard.from_ms < heard.to_ms && heard.to_ms > Millis::ZERO));
    assert!(trace.to_text(snapshot).ends_with('\n'));
}

/// The account that scenarios are run in: a plan with a parallel step, hours, weights and every kind of
/// route.
const ACCOUNT: &str = include_str!("account.json");
