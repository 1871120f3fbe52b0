//! Moments as the history keeps them, in UTC: an account has no zone of its own.

use routing::CivilDate;
use store::UnixMs;

const DAY_S: i64 = 24 * 60 * 60;

/// `2026-11-29 11:00 UTC`, of a moment in seconds since 1970.
pub(crate) fn moment(at: i64) -> String {
    let minute = at.rem_euclid(DAY_S) / 60;
    format!("{} {:02}:{:02} UTC", CivilDate::of_local_second(at), minute / 60, minute % 60)
}

/// The day of a moment.
pub(crate) fn day(at: UnixMs) -> CivilDate {
    CivilDate::of_local_second(at.0.div_euclid(1_000))
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
        let date = CivilDate::parse("2026-12-31").unwrap();
        let end = end_of(date);
        assert_eq!((day(end), day(UnixMs(end.0 + 1)).to_string().as_str()), (date, "2027-01-01"));
    }
}
