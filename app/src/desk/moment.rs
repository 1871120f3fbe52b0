//! Moments as a field of the kind `datetime-local` writes them: `2026-11-29T03:00`, in a zone.

use routing::{CivilDate, Zone};

/// Seconds of a minute.
const MINUTE_S: i64 = 60;

/// Reads a local time with minutes, or with seconds too, as seconds since 1970 local.
pub fn parse_local(text: &str) -> Option<i64> {
    let (date, time) = text.trim().split_once(['T', ' '])?;
    let date = CivilDate::parse(date).ok()?;
    let mut parts = time.split(':').map(two_digits);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let valid = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    valid.then(|| date.local_second(hour * 60 + minute) + i64::from(second))
}

fn two_digits(text: &str) -> Option<u16> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// The local time of a moment, without seconds where there are none.
pub fn local_text(at: i64, zone: &Zone) -> String {
    let local = at.saturating_add(i64::from(zone.offset_at(at)));
    let date = CivilDate::of_local_second(local);
    let in_day = local - date.local_second(0);
    let (minutes, seconds) = (in_day / MINUTE_S, in_day % MINUTE_S);
    let mut text = format!("{date}T{:02}:{:02}", minutes / 60, minutes % 60);
    if seconds != 0 {
        text.push_str(&format!(":{seconds:02}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use routing::OffsetChange;

    use super::*;

    fn los_angeles() -> Zone {
        // 2026-11-01 09:00 UTC: from daylight saving to standard time.
        let autumn = OffsetChange { at: 1_793_523_600, offset_s: -8 * 3600 };
        Zone { name: "America/Los_Angeles".into(), offset_s: -7 * 3600, changes: vec![autumn] }
    }

    #[test]
    fn a_local_time_reads_back_as_it_is_written() {
        let zone = los_angeles();
        for (text, utc) in [
            ("2026-11-29T03:00", 1_795_950_000),
            ("2026-10-31T23:59:07", 1_793_516_347),
            ("2026-11-01T01:30", 1_793_521_800),
        ] {
            let at = zone.utc_of(parse_local(text).unwrap());
            assert_eq!(at, utc, "{text}");
            assert_eq!(local_text(at, &zone), text);
        }
    }

    #[test]
    fn what_is_no_local_time_is_none() {
        for text in [
            "",
            "2026-11-29",
            "2026-11-29T3:00",
            "2026-11-29T24:00",
            "2026-11-29T03:60",
            "tomorrow",
            "2026-02-30T03:00",
            "2026-11-29T03:00Z",
            "2026-11-29T03:00:00:00",
            "2026-11-29T+3:00",
        ] {
            assert_eq!(parse_local(text), None, "{text}");
        }
    }
}
