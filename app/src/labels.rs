//! Labels that both halves show: the server's pages, and the islands that write the same markup in the browser.

use routing::{Preset, RouteKind, Trigger};

/// `1,234`.
pub fn figure(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `1 DID`, `214 DIDs`.
pub fn dids(n: u64) -> String {
    if n == 1 { "1 DID".into() } else { format!("{} DIDs", figure(n)) }
}

/// A route type, by Flowroute's label.
pub fn kind(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Host => "Host",
        RouteKind::Phone => "Phone Number",
        RouteKind::Uri => "URI",
        RouteKind::Registered => "Registered devices",
    }
}

/// A preset of what a step is entered on, to be read after "after".
pub fn preset(preset: Preset) -> &'static str {
    match preset {
        Preset::Outage => "an outage (silent, unreachable, 5xx)",
        Preset::OutageOrNoAnswer => "an outage, or nobody answering",
        Preset::AnyFailure => "any failure",
        Preset::Busy => "busy",
        Preset::NoAnswer => "nobody answering in time",
        Preset::Unreachable => "silent or unreachable, no codes",
        Preset::Voipbin => "404, 5xx or 6xx, as VoIPBIN does",
        Preset::Telnyx => "408, 480, 503 or 504, as Telnyx does",
        Preset::Didww => "the long list that DIDWW uses",
    }
}

/// What a step is entered on, to be read after "after": a preset's label, or the list that was written.
pub fn trigger(trigger: &Trigger) -> String {
    let preset = trigger.as_preset().map(|known| preset(known).to_owned());
    // A comma at the end tells a cause from the preset of that name; to a reader it says nothing.
    preset.unwrap_or_else(|| trigger.to_string().trim_end_matches(',').replace('_', " "))
}
