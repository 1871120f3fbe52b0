//! Schedules: at which hours a step is entered.
//!
//! Hours are local: a zone's offset turns a moment into a local time, and that is looked up among weekly hours and
//! dated exceptions. So a start that falls into the spring gap opens at the jump, and an hour that autumn repeats
//! counts twice, without a rule of its own.

mod civil;
mod hours;
mod zone;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use civil::{CivilDate, NotADate, Weekday};
pub use hours::{DayHours, HoursError, Interval};
pub use zone::{OffsetChange, Zone};

use civil::DAY_S;
use hours::DAY_MIN;

use crate::limits::EXCEPTIONS_MAX;
use crate::{Alias, ScheduleId, bounded, limits};

/// The hours of a business, a shift, a holiday plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Unique in the account.
    pub id: ScheduleId,
    /// What its owner calls it; unique among the account's schedules without regard to case.
    pub name: Alias,
    /// The IANA zone of its hours; the snapshot holds its offsets.
    pub zone: String,
    /// Monday first.
    pub weekly: [DayHours; 7],
    /// Days that go by hours of their own, each once.
    #[serde(default, deserialize_with = "bounded::list::<_, _, { limits::EXCEPTIONS_MAX }>")]
    pub exceptions: Vec<ScheduleException>,
}

/// A day that goes by hours of its own, such as a holiday. It replaces the whole day; what began the day before and
/// passes midnight goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleException {
    /// The day.
    pub date: CivilDate,
    /// Its hours; none: closed.
    pub hours: DayHours,
}

/// What is wrong with a schedule as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// A stretch that passes midnight meets the first of the next day.
    #[error("{first} of {day} reaches into {next} of the day after; write each hour once")]
    Overlap {
        /// The day that it begins on: `Monday`, or a date.
        day: String,
        /// The stretch that passes midnight.
        first: Interval,
        /// The one that it meets.
        next: Interval,
    },
    /// A date twice.
    #[error("{0} stands twice among the exceptions; write all its hours on one line")]
    Twice(CivilDate),
    /// Too many exceptions.
    #[error("there are more than {EXCEPTIONS_MAX} exceptions; take out those that are over")]
    TooMany,
}

impl ScheduleError {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ScheduleError::Overlap { .. } => "hours_overlap",
            ScheduleError::Twice(_) => "exception_twice",
            ScheduleError::TooMany => "exceptions_too_many",
        }
    }
}

impl Schedule {
    /// Looks for what is wrong between days. (Each day by itself was read by [`DayHours::parse`].)
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), ScheduleError> {
        self.problems().into_iter().next().map_or(Ok(()), Err)
    }

    /// Everything that is wrong between days: dates that stand twice, then the week, then the exceptions. Of more
    /// exceptions than there may be, only that.
    pub fn problems(&self) -> Vec<ScheduleError> {
        if self.exceptions.len() > EXCEPTIONS_MAX {
            return vec![ScheduleError::TooMany];
        }
        let mut dates = BTreeSet::new();
        let twice: BTreeSet<CivilDate> = self
            .exceptions
            .iter()
            .map(|exception| exception.date)
            .filter(|date| !dates.insert(*date))
            .collect();
        let overlap = |day: String, hours: &DayHours, next: &DayHours| {
            let (first, next) = hours.overlap(next)?;
            Some(ScheduleError::Overlap { day, first, next })
        };
        let week = Weekday::ALL.into_iter().filter_map(|day| {
            let next = &self.weekly[day.next() as usize];
            overlap(day.name().to_owned(), &self.weekly[day as usize], next)
        });
        // An exception may meet the day after it, and the day before may meet it.
        let days: BTreeSet<CivilDate> = dates.iter().flat_map(|date| [date.yesterday(), *date]).collect();
        let exceptions = days
            .into_iter()
            .filter_map(|day| overlap(day.to_string(), self.hours_of(day), self.hours_of(day.tomorrow())));
        twice.into_iter().map(ScheduleError::Twice).chain(week).chain(exceptions).collect()
    }

    /// The hours of a day: its exception, or those of its weekday.
    pub fn hours_of(&self, date: CivilDate) -> &DayHours {
        let exception = self.exceptions.iter().find(|exception| exception.date == date);
        exception.map_or(&self.weekly[date.weekday() as usize], |exception| &exception.hours)
    }

    /// Whether it is open at a moment, given in seconds since 1970 UTC.
    pub fn is_open_at(&self, zone: &Zone, at: i64) -> bool {
        let local = at.saturating_add(i64::from(zone.offset_at(at)));
        let today = CivilDate::of_local_second(local);
        // Below 1440, so it fits.
        let minute = u16::try_from(local.rem_euclid(DAY_S) / 60).unwrap_or_default();
        let began_today = self.hours_of(today).intervals().iter();
        let began_yesterday = self.hours_of(today.yesterday()).intervals().iter();
        began_today.clone().any(|hours| hours.from_min() <= minute && minute < hours.end_min())
            || began_yesterday.clone().any(|hours| minute + DAY_MIN < hours.end_min())
    }

    /// When it is open in the `length_s` seconds from a moment on: whether at the start, and after how many
    /// seconds that turns over. For the few minutes of a call: it looks at every minute.
    pub(crate) fn turns_in(&self, zone: &Zone, at: i64, length_s: i64) -> (bool, Vec<i64>) {
        let at_start = self.is_open_at(zone, at);
        let mut turns = Vec::new();
        let mut open = at_start;
        // Hours and offsets change on whole minutes only.
        let mut after = 60 - at.rem_euclid(60);
        while after <= length_s {
            if self.is_open_at(zone, at.saturating_add(after)) != open {
                open = !open;
                turns.push(after);
            }
            after += 60;
        }
        (at_start, turns)
    }

    /// Whether no week has an hour in which it is open, exceptions left aside.
    pub fn is_never_open(&self) -> bool {
        self.weekly.iter().all(DayHours::is_closed)
    }
}

#[cfg(test)]
mod tests;
