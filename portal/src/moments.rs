//! Moments as the history keeps them, in UTC: an account has no zone of its own.

use jiff::Timestamp;
use routing::CivilDate;
use store::UnixMs;

const DAY_S: i64 = 24 * 60 * 60;

/// `2026-11-29 11:00 UTC`, of a moment in seconds since 1970.
pub(crate) fn moment(at: i64) -> String {
    let minute = at.rem_euclid(DAY_S) / 60;
    format!("{} {:02}:{:02} UTC", CivilDate::of_local_second(at), minute / 60, minute % 60)
}

/// A moment as RFC 3339 has it, in UTC: `2026-11-29T11:00:00Z`. `None`: of a year beyond all calendars.
pub(crate) fn rfc3339(at: UnixMs) -> Option<String> {
    Timestamp::from_millisecond(at.0).ok().map(|moment| moment.to_string())
}

/// Reads a moment that is written as RFC 3339 has it, with any offset.
pub(crate) fn read_rfc3339(typed: &str) -> Option<UnixMs> {
    typed.trim().parse().ok().map(|moment: Timestamp| UnixMs(moment.as_millisecond()))
}

/// The day of a moment.
pub(crate) fn day(at: UnixMs) -> CivilDate {
    CivilDate::of_local_second(at.0.div_euclid(1_000))
}

/// The first moment of a day.
pub(crate) fn start_of(day: CivilDate) -> UnixMs {
    UnixMs(day.local_second(0) * 1_000)
}

/// The last moment of a day.
pub(crate) fn end_of(day: CivilDate) -> UnixMs {
    UnixMs((day.local_second(0) + DAY_S) * 1_000 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_utc_and_a_day_ends_with_it() {
        assert_eq!(moment(1_795_950_000), "2026-11-29 11:00 UTC");
        assert_eq!(moment(-60), "1969-12-31 23:59 UTC");
        for (at, text) in [(0, "1970-01-01T00:00:00Z"), (1_795_950_000_120, "2026-11-29T11:00:00.12Z")] {
            assert_eq!(rfc3339(UnixMs(at)).as_deref(), Some(text));
            assert_eq!(read_rfc3339(text), Some(UnixMs(at)));
        }
        assert_eq!(read_rfc3339(" 2026-11-29T03:00:00-08:00 "), Some(UnixMs(1_795_950_000_000)));
        assert_eq!((rfc3339(UnixMs(i64::MAX)), read_rfc3339("2026-11-29")), (None, None));
        let date = CivilDate::parse("2026-12-31").unwrap();
        let end = end_of(date);
        assert_eq!((day(start_of(date)), end.0 - start_of(date).0), (date, DAY_S * 1_000 - 1));
        assert_eq!((day(end), day(UnixMs(end.0 + 1)).to_string().as_str()), (date, "2027-01-01"));
    }
}
