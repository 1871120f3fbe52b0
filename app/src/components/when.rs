//! Moments, in UTC, readable and exact.

use jiff::Timestamp;
use leptos::prelude::*;
use portal::UnixMs;

/// `2026-11-21 02:07 UTC`, with the exact moment in the markup.
pub fn when(at: UnixMs) -> impl IntoView + use<> {
    let moment = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    view! {
        <time class="figure nowrap" datetime=moment.to_string()>{moment.strftime("%Y-%m-%d %H:%M UTC").to_string()}</time>
    }
}

/// How long ago, in one unit: `just now`, `5 min`, `3 h`, `12 days`.
pub fn ago(at: UnixMs, now: UnixMs) -> String {
    let seconds = (now.0 - at.0).max(0) / 1000;
    match seconds {
        0..60 => "just now".into(),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        86_400..172_800 => "1 day".into(),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_in_its_largest_unit() {
        for (seconds, expected) in [
            (-5, "just now"),
            (59, "just now"),
            (60, "1 min"),
            (7_300, "2 h"),
            (90_000, "1 day"),
            (864_000, "10 days"),
        ] {
            assert_eq!(ago(UnixMs(0), UnixMs(seconds * 1000)), expected);
        }
    }
}
