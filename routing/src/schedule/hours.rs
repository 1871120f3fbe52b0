//! Hours of a day as people write them: `08:00-12:00, 13:00-17:30`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::limits::{INPUT_OCTETS_MAX, INTERVALS_PER_DAY_MAX};
use crate::shortened;

/// Minutes of a day.
pub(super) const DAY_MIN: u16 = 24 * 60;

/// What a day without hours is written as.
const CLOSED: &str = "closed";

/// A stretch of a day, half-open. One whose end is not after its start passes midnight and belongs to the day on
/// which it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    from_min: u16,
    to_min: u16,
}

/// The hours of one day, in order and without overlap; none: closed. As text: `08:00-12:00, 13:00-17:30`, or
/// `closed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DayHours(Vec<Interval>);

/// Why a text does not say hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// No interval.
    #[error("`{0}` is not a stretch of hours; write it as 08:00-17:30, or `closed`")]
    Unreadable(String),
    /// 25:00, 08:60.
    #[error("`{0}` is not a time of day; write 00:00 to 24:00")]
    NoSuchTime(String),
    /// Start and end are one.
    #[error("`{0}` begins where it ends; write 00:00-24:00 for the whole day")]
    Empty(String),
    /// Two stretches share a moment.
    #[error("{0} and {1} overlap; write each hour once")]
    Overlap(Interval, Interval),
    /// Too many stretches.
    #[error("there are more than {INTERVALS_PER_DAY_MAX} stretches in this day; write fewer")]
    TooMany,
    /// Too long to look at.
    #[error("this is too long for the hours of a day; write at most {INTERVALS_PER_DAY_MAX} stretches")]
    TooLong,
}

impl HoursError {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            HoursError::Unreadable(_) => "hours_unreadable",
            HoursError::NoSuchTime(_) => "hours_no_such_time",
            HoursError::Empty(_) => "hours_empty",
            HoursError::Overlap(..) => "hours_overlap",
            HoursError::TooMany => "hours_too_many",
            HoursError::TooLong => "hours_too_long",
        }
    }
}

impl Interval {
    /// From the first minute on, up to but not at the second; minutes from midnight, the end at most 24:00.
    fn parse(text: &str) -> Result<Interval, HoursError> {
        let (from, to) = text
            .split_once(['-', '–'])
            .ok_or_else(|| HoursError::Unreadable(shortened(text).into_owned()))?;
        let (from_min, to_min) = (minute(from.trim(), text)?, minute(to.trim(), text)?);
        if from_min == DAY_MIN {
            return Err(HoursError::NoSuchTime(shortened(from.trim()).into_owned()));
        }
        if from_min == to_min {
            return Err(HoursError::Empty(shortened(text).into_owned()));
        }
        Ok(Interval { from_min, to_min })
    }

    /// The minute of the day at which it begins.
    pub fn from_min(self) -> u16 {
        self.from_min
    }

    /// The minute at which it ends, counted from the midnight before it begins: beyond 24:00 if it passes midnight.
    pub fn end_min(self) -> u16 {
        if self.to_min > self.from_min { self.to_min } else { self.to_min + DAY_MIN }
    }

    /// Whether it goes on into the next day.
    pub fn passes_midnight(self) -> bool {
        self.end_min() > DAY_MIN
    }
}

/// `08:00`, `8:00`, `24:00`.
fn minute(text: &str, whole: &str) -> Result<u16, HoursError> {
    let unreadable = || HoursError::Unreadable(shortened(whole).into_owned());
    let (hour, minute) = text.split_once(':').ok_or_else(unreadable)?;
    let digits = |part: &str, lens: std::ops::RangeInclusive<usize>| {
        (lens.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())
            .flatten()
    };
    let hour = digits(hour, 1..=2).ok_or_else(unreadable)?;
    let minute = digits(minute, 2..=2).ok_or_else(unreadable)?;
    let of_day = hour * 60 + minute;
    if minute > 59 || of_day > DAY_MIN {
        Err(HoursError::NoSuchTime(shortened(text).into_owned()))
    } else {
        Ok(of_day)
    }
}

impl DayHours {
    /// Reads stretches parted by commas or semicolons; `closed`, or nothing, is a day without hours.
    ///
    /// # Errors
    /// The first stretch that cannot be read, or the first two that overlap.
    pub fn parse(text: &str) -> Result<DayHours, HoursError> {
        if text.len() > INPUT_OCTETS_MAX {
            return Err(HoursError::TooLong);
        }
        let text = text.trim();
        if text.is_empty() || text.eq_ignore_ascii_case(CLOSED) {
            return Ok(DayHours::default());
        }
        let mut hours = Vec::new();
        for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
            if hours.len() == INTERVALS_PER_DAY_MAX {
                return Err(HoursError::TooMany);
            }
            hours.push(Interval::parse(part)?);
        }
        if hours.is_empty() {
            return Err(HoursError::Unreadable(shortened(text).into_owned()));
        }
        hours.sort_unstable();
        match hours.windows(2).find(|pair| pair[0].end_min() > pair[1].from_min) {
            Some(pair) => Err(HoursError::Overlap(pair[0], pair[1])),
            None => Ok(DayHours(hours)),
        }
    }

    /// The stretches, in order.
    pub fn intervals(&self) -> &[Interval] {
        &self.0
    }

    /// Whether there is none.
    pub fn is_closed(&self) -> bool {
        self.0.is_empty()
    }

    /// Where its last stretch reaches into the next day, and that day's first begins before it ends.
    pub(super) fn overlap(&self, next: &DayHours) -> Option<(Interval, Interval)> {
        let last = *self.0.last().filter(|last| last.passes_midnight())?;
        let first = *next.0.first()?;
        (last.end_min() - DAY_MIN > first.from_min).then_some((last, first))
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Interval { from_min, to_min } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from_min / 60, from_min % 60, to_min / 60, to_min % 60)
    }
}

impl fmt::Display for DayHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str(CLOSED);
        }
        for (index, interval) in self.0.iter().enumerate() {
            write!(f, "{}{interval}", if index > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl Serialize for DayHours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DayHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<DayHours, D::Error> {
        DayHours::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_as_people_write_them_and_print_in_one_form() {
        for (text, expected) in [
            ("", "closed"),
            ("Closed", "closed"),
            ("8:00-17:30", "08:00-17:30"),
            ("08:00 – 12:00; 13:00-17:30", "08:00-12:00, 13:00-17:30"),
            ("13:00-17:30,08:00-13:00", "08:00-13:00, 13:00-17:30"),
            ("00:00-24:00", "00:00-24:00"),
            ("22:00-06:00", "22:00-06:00"),
            ("22:00-00:00", "22:00-00:00"),
            ("06:00-08:00, 22:00-02:00,", "06:00-08:00, 22:00-02:00"),
        ] {
            let hours = DayHours::parse(text).unwrap();
            assert_eq!(hours.to_string(), expected, "{text:?}");
            assert_eq!(DayHours::parse(expected).unwrap(), hours, "{text:?}");
        }
    }

    #[test]
    fn hours_that_make_no_sense_say_which_rule_they_break() {
        let many = "00:00-00:01,".repeat(INTERVALS_PER_DAY_MAX + 1);
        let long = " ".repeat(INPUT_OCTETS_MAX + 1);
        for (text, code) in [
            ("8-17", "hours_unreadable"),
            ("nine to five", "hours_unreadable"),
            (",", "hours_unreadable"),
            ("08:00", "hours_unreadable"),
            ("+8:00-17:00", "hours_unreadable"),
            ("08:0-17:00", "hours_unreadable"),
            ("08:00-17:60", "hours_no_such_time"),
            ("08:00-24:01", "hours_no_such_time"),
            ("24:00-08:00", "hours_no_such_time"),
            ("08:00-08:00", "hours_empty"),
            ("08:00-12:00, 11:59-13:00", "hours_overlap"),
            ("20:00-02:00, 22:00-23:00", "hours_overlap"),
            (&many, "hours_too_many"),
            (&long, "hours_too_long"),
        ] {
            assert_eq!(DayHours::parse(text).unwrap_err().code(), code, "{text:?}");
        }
    }
}
