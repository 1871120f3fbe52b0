//! A schedule as somebody typed it, checked as a whole: every problem at once. No database here.

use std::fmt;

use routing::limits::EXCEPTIONS_MAX;
use routing::{
    Alias, CivilDate, DayHours, Schedule, ScheduleError, ScheduleException, ScheduleId, Weekday, shortened,
};

use crate::book::Book;
use crate::zones::zone;

/// A schedule as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScheduleDraft {
    /// What to call it.
    pub name: String,
    /// The IANA zone of its hours.
    pub zone: String,
    /// The hours of each day, Monday first; empty: closed.
    pub weekly: [String; 7],
    /// Days that go by hours of their own, a line each: `2026-12-25 closed`, `2026-12-24 08:00-12:00`.
    pub exceptions: String,
}

impl ScheduleDraft {
    /// What an edit form starts with.
    pub fn of(schedule: &Schedule) -> ScheduleDraft {
        let text = |hours: &DayHours| if hours.is_closed() { String::new() } else { hours.to_string() };
        ScheduleDraft {
            name: schedule.name.to_string(),
            zone: schedule.zone.clone(),
            weekly: std::array::from_fn(|day| text(&schedule.weekly[day])),
            exceptions: schedule
                .exceptions
                .iter()
                .map(|exception| format!("{} {}\n", exception.date, exception.hours))
                .collect(),
        }
    }
}

/// A field of a schedule's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScheduleField {
    /// Its name.
    Name,
    /// Its zone.
    Zone,
    /// The hours of a day.
    Day(Weekday),
    /// The days that go by hours of their own.
    Exceptions,
}

impl ScheduleField {
    /// Its stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            ScheduleField::Name => "name",
            ScheduleField::Zone => "zone",
            ScheduleField::Day(Weekday::Monday) => "monday",
            ScheduleField::Day(Weekday::Tuesday) => "tuesday",
            ScheduleField::Day(Weekday::Wednesday) => "wednesday",
            ScheduleField::Day(Weekday::Thursday) => "thursday",
            ScheduleField::Day(Weekday::Friday) => "friday",
            ScheduleField::Day(Weekday::Saturday) => "saturday",
            ScheduleField::Day(Weekday::Sunday) => "sunday",
            ScheduleField::Exceptions => "exceptions",
        }
    }
}

/// What is wrong with a field of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleProblem {
    /// Which field.
    pub field: ScheduleField,
    /// What is wrong, and what would be right. Among the exceptions it names the line.
    pub message: String,
    /// The broken rule as a stable name, for programs.
    pub code: &'static str,
}

impl fmt::Display for ScheduleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field.name(), self.message)
    }
}

/// Something wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) field: ScheduleField,
    /// The line among the exceptions, from 0.
    pub(crate) line: Option<usize>,
    /// A sentence.
    pub(crate) message: String,
    pub(crate) code: &'static str,
}

impl From<Found> for ScheduleProblem {
    fn from(found: Found) -> ScheduleProblem {
        let message = match found.line {
            None => found.message,
            Some(line) => format!("Line {}: {}", line + 1, found.message),
        };
        ScheduleProblem { field: found.field, message, code: found.code }
    }
}

/// A draft as far as it is read.
struct Reading {
    found: Vec<Found>,
}

impl Reading {
    fn refuse(
        &mut self,
        field: ScheduleField,
        line: Option<usize>,
        code: &'static str,
        what: impl fmt::Display,
    ) {
        // The core's are parts of sentences.
        let mut message = what.to_string();
        if let Some(first) = message.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        if !message.ends_with('.') {
            message.push('.');
        }
        self.found.push(Found { field, line, message, code });
    }

    fn name(&mut self, typed: &str, id: ScheduleId, book: &Book) -> Option<Alias> {
        let field = ScheduleField::Name;
        match Alias::parse(typed) {
            Err(error) => self.refuse(field, None, error.code(), error),
            Ok(name) => match book.find_schedule(&name) {
                Some(other) if other.schedule.id != id => self.refuse(
                    field,
                    None,
                    "name_taken",
                    "Another schedule is called so already. Choose another name.",
                ),
                _ => return Some(name),
            },
        }
        None
    }

    fn zone(&mut self, typed: &str) -> Option<String> {
        let field = ScheduleField::Zone;
        let found = zone(typed).map(|zone| zone.name);
        if typed.trim().is_empty() {
            self.refuse(field, None, "missing", "The hours need a time zone. Choose one of the list.");
        } else if found.is_none() {
            let what = format!(
                "`{}` is not a time zone; choose one of the list, such as America/Los_Angeles",
                shortened(typed.trim())
            );
            self.refuse(field, None, "unknown_zone", what);
        }
        found
    }

    fn day(&mut self, day: Weekday, typed: &str) -> DayHours {
        DayHours::parse(typed).unwrap_or_else(|error| {
            self.refuse(ScheduleField::Day(day), None, error.code(), error);
            DayHours::default()
        })
    }

    fn exceptions(&mut self, typed: &str) -> Vec<(usize, ScheduleException)> {
        let field = ScheduleField::Exceptions;
        let mut exceptions = Vec::new();
        let lines = typed.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
        for (count, (at, line)) in lines.enumerate() {
            if count == EXCEPTIONS_MAX {
                self.refuse(field, None, ScheduleError::TooMany.code(), ScheduleError::TooMany);
                break;
            }
            let (date, hours) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let date = match CivilDate::parse(date) {
                Ok(date) => date,
                Err(_) => {
                    let what = format!("`{}` is not a date; write it as 2026-12-25 closed", shortened(date));
                    self.refuse(field, Some(at), "not_a_date", what);
                    continue;
                }
            };
            if hours.trim().is_empty() {
                let what =
                    format!("there are no hours after {date}; write {date} closed, or {date} 08:00-12:00");
                self.refuse(field, Some(at), "hours_missing", what);
                continue;
            }
            match DayHours::parse(hours) {
                Ok(hours) => exceptions.push((at, ScheduleException { date, hours })),
                Err(error) => self.refuse(field, Some(at), error.code(), error),
            }
        }
        exceptions
    }

    /// What is wrong between days, beside the day or the line that it begins on.
    fn whole(&mut self, schedule: &Schedule, lines: &[(usize, ScheduleException)]) {
        let line_of = |date: &str| {
            lines
                .iter()
                .rev()
                .find(|(_, exception)| exception.date.to_string() == date)
                .map(|(line, _)| *line)
        };
        for error in schedule.problems() {
            let (field, line) = match &error {
                ScheduleError::Overlap { day, .. } => {
                    match Weekday::ALL.into_iter().find(|weekday| weekday.name() == day) {
                        Some(weekday) => (ScheduleField::Day(weekday), None),
                        None => (ScheduleField::Exceptions, line_of(day)),
                    }
                }
                ScheduleError::Twice(date) => (ScheduleField::Exceptions, line_of(&date.to_string())),
                ScheduleError::TooMany => (ScheduleField::Exceptions, None),
            };
            self.refuse(field, line, error.code(), &error);
        }
    }
}

/// What a draft amounts to, or every problem of it, in the order of the form.
pub(crate) fn read(draft: &ScheduleDraft, id: ScheduleId, book: &Book) -> Result<Schedule, Vec<Found>> {
    let mut reading = Reading { found: Vec::new() };
    let name = reading.name(&draft.name, id, book);
    let zone = reading.zone(&draft.zone);
    let days = Weekday::ALL;
    let weekly = std::array::from_fn(|at| reading.day(days[at], &draft.weekly[at]));
    let lines = reading.exceptions(&draft.exceptions);
    let mut exceptions: Vec<ScheduleException> =
        lines.iter().map(|(_, exception)| exception.clone()).collect();
    exceptions.sort_by_key(|exception| exception.date);
    // Days are held against each other whatever else is wrong.
    let schedule = Schedule {
        id,
        name: name.unwrap_or_else(Alias::registered),
        zone: zone.unwrap_or_default(),
        weekly,
        exceptions,
    };
    reading.whole(&schedule, &lines);
    // What is wrong between days was found last.
    reading.found.sort_by_key(|found| (found.field, found.line));
    if reading.found.is_empty() { Ok(schedule) } else { Err(reading.found) }
}
