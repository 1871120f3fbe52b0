//! Moments as people write them on a command line.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use routing::shortened;

use super::Failure;

/// Reads a moment to seconds since 1970 UTC: with an offset (RFC 3339: `2026-11-29T11:00:00Z`), or a local date and
/// time (`2026-11-29T03:00`) of a zone.
pub(super) fn read(text: &str, zone: Option<&str>) -> Result<i64, Failure> {
    let text = text.trim();
    let quoted = shortened(text);
    let moment = text.parse::<Timestamp>();
    let Some(name) = zone else {
        return moment.map(Timestamp::as_second).map_err(|_| {
            format!("`{quoted}` is no moment; write 2026-11-29T11:00:00Z, or a local time with --zone").into()
        });
    };
    if moment.is_ok() {
        return Err(format!("`{quoted}` names a moment in every zone; leave --zone out").into());
    }
    let zone = portal::zone(name)
        .ok_or_else(|| format!("there is no zone `{}`; write one as America/Los_Angeles", shortened(name)))?;
    let local = text
        .parse::<DateTime>()
        .and_then(|local| local.to_zoned(TimeZone::UTC))
        .map_err(|_| format!("`{quoted}` is no date and time; write it as 2026-11-29T03:00"))?;
    Ok(zone.utc_of(local.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_an_offset_or_a_zone() {
        let seattle = Some("America/Los_Angeles");
        for (text, zone, expected) in [
            ("2026-11-29T11:00:00Z", None, Ok(1_795_950_000)),
            ("2026-11-29T03:00:00-08:00", None, Ok(1_795_950_000)),
            (" 2026-11-29T03:00 ", seattle, Ok(1_795_950_000)),
            ("2026-11-29 03:00:00", Some("america/los_angeles"), Ok(1_795_950_000)),
            // Skipped in spring: read as before the jump.
            ("2026-03-08T02:30", seattle, Ok(1_772_965_800)),
            ("2026-11-29T03:00", None, Err("no moment")),
            ("tomorrow", None, Err("no moment")),
            ("2026-11-29T11:00:00Z", seattle, Err("leave --zone out")),
            ("2026-02-30T03:00", seattle, Err("no date and time")),
            ("2026-11-29T03:00", Some("Mars/Olympus"), Err("there is no zone")),
        ] {
            match (read(text, zone), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
                (Err(error), Err(says)) => assert!(error.to_string().contains(says), "{text}: {error}"),
                (found, _) => panic!("{text} {zone:?}: {found:?}"),
            }
        }
    }
}
