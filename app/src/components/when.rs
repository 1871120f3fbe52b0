//! Moments, in UTC, readable and exact.

use jiff::Timestamp;
use leptos::prelude::*;
use portal::UnixMs;

use crate::words;

/// `2026-11-21 02:07 UTC`, with the exact moment in the markup.
pub fn when(at: UnixMs) -> impl IntoView + use<> {
    let moment = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    view! {
        <time class="figure nowrap" datetime=moment.to_string()>{moment.strftime("%Y-%m-%d %H:%M UTC").to_string()}</time>
    }
}

/// How long ago: `just now`, `5 min ago`, with the exact moment in the markup.
pub fn ago(at: UnixMs, now: UnixMs) -> impl IntoView + use<> {
    let said = age(at, now).map_or_else(|| "just now".to_owned(), |age| format!("{age} ago"));
    view! { <time class="nowrap" datetime=words::exact(at) title=words::moment(at)>{said}</time> }
}

/// For how long: `less than a minute`, `5 min`.
pub fn lasting(since: UnixMs, now: UnixMs) -> String {
    age(since, now).unwrap_or_else(|| "less than a minute".to_owned())
}

/// In one unit: `5 min`, `3 h`, `12 days`; `None` below a minute.
fn age(at: UnixMs, now: UnixMs) -> Option<String> {
    let seconds = (now.0 - at.0).max(0) / 1000;
    Some(match seconds {
        0..60 => return None,
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        86_400..172_800 => "1 day".into(),
        _ => format!("{} days", seconds / 86_400),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_in_its_largest_unit() {
        for (seconds, expected) in [
            (-5, None),
            (59, None),
            (60, Some("1 min")),
            (7_300, Some("2 h")),
            (90_000, Some("1 day")),
            (864_000, Some("10 days")),
        ] {
            assert_eq!(age(UnixMs(0), UnixMs(seconds * 1000)).as_deref(), expected);
        }
        assert_eq!(lasting(UnixMs(0), UnixMs(0)), "less than a minute");
    }
}
