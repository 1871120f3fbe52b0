//! Labels that both halves show: the server's pages, and the islands that write the same markup in the browser.

use routing::{Preset, RouteKind};

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
