//! Days of the proleptic Gregorian calendar, as numbers. No time-zone database here.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::shortened;

/// A day of the calendar, counted from 1970-01-01. As text it is `2026-12-25`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate(i32);

/// Why a text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date; write it as 2026-12-25")]
pub struct NotADate(
    /// What was written.
    pub String,
);

/// The years that a date may lie in: four digits, and never before telephony by IP.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=9999;

impl CivilDate {
    /// Reads `2026-12-25`; the day must exist.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<CivilDate, NotADate> {
        let refused = || NotADate(shortened(text).into_owned());
        let digits = |part: &str, len: usize| {
            (part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<i32>().ok())
                .flatten()
        };
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(refused());
        };
        let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
            return Err(refused());
        };
        let exists = YEARS.contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        let date = CivilDate(days_from_civil(year, month, day));
        if exists && date.year_month_day() == (year, month, day) { Ok(date) } else { Err(refused()) }
    }

    /// The day that holds this second of local time, counted from 1970-01-01T00:00 local.
    pub fn of_local_second(second: i64) -> CivilDate {
        CivilDate(i32::try_from(second.div_euclid(DAY_S)).unwrap_or(i32::MAX))
    }

    /// The second of local time at which a minute of the day begins, counted from 1970-01-01T00:00 local.
    pub fn local_second(self, minute: u16) -> i64 {
        i64::from(self.0) * DAY_S + i64::from(minute) * 60
    }

    /// The day before.
    pub(super) fn yesterday(self) -> CivilDate {
        CivilDate(self.0.saturating_sub(1))
    }

    /// The day after.
    pub(super) fn tomorrow(self) -> CivilDate {
        CivilDate(self.0.saturating_add(1))
    }

    /// Its day of the week.
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::ALL[usize::try_from((i64::from(self.0) + 3).rem_euclid(7)).unwrap_or_default()]
    }

    /// Year, month and day of the month.
    pub fn year_month_day(self) -> (i32, i32, i32) {
        // Days since 0000-03-01: leap days then come last in their year (H. Hinnant, civil calendar algorithms).
        let days = self.0.saturating_add(719_468);
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year_of_era + era * 400 + i32::from(month <= 2), month, day)
    }
}

/// Seconds of a day.
pub(super) const DAY_S: i64 = 24 * 60 * 60;

fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for CivilDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CivilDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CivilDate, D::Error> {
        CivilDate::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// A day of the week; the week begins on Monday (ISO 8601).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday
    Monday,
    /// Tuesday
    Tuesday,
    /// Wednesday
    Wednesday,
    /// Thursday
    Thursday,
    /// Friday
    Friday,
    /// Saturday
    Saturday,
    /// Sunday
    Sunday,
}

impl Weekday {
    /// Monday first.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// The day after.
    #[must_use]
    pub fn next(self) -> Weekday {
        Weekday::ALL[(self as usize + 1) % 7]
    }

    /// In English.
    pub fn name(self) -> &'static str {
        match self {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar_have_their_number_and_weekday() {
        for (text, number, weekday) in [
            ("1970-01-01", 0, Weekday::Thursday),
            ("2000-02-29", 11_016, Weekday::Tuesday),
            ("2024-02-29", 19_782, Weekday::Thursday),
            ("2026-11-26", 20_783, Weekday::Thursday),
            ("2026-12-31", 20_818, Weekday::Thursday),
            ("9999-12-31", 2_932_896, Weekday::Friday),
        ] {
            let date = CivilDate::parse(text).unwrap();
            assert_eq!(date, CivilDate(number), "{text}");
            assert_eq!(date.to_string(), text);
            assert_eq!(date.weekday(), weekday, "{text}");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        for text in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-01-32",
            "26-01-01",
            "2026-1-1",
            "2026-01-01-",
            "+026-01-01",
            "1969-12-31",
            "2026/01/01",
            "２０２６-01-01",
        ] {
            assert!(CivilDate::parse(text).is_err(), "{text}");
        }
    }
}
