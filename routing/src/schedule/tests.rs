//! Hours against real zones: daylight saving in both directions, midnight, holidays.

use super::*;

/// Seattle in 2026 and 2027, as the IANA database has it.
fn seattle() -> Zone {
    let change = |at, hours: i32| OffsetChange { at, offset_s: hours * 3600 };
    Zone {
        name: "America/Los_Angeles".to_owned(),
        offset_s: -8 * 3600,
        changes: vec![
            change(1_772_964_000, -7), // 2026-03-08T10:00Z
            change(1_793_523_600, -8), // 2026-11-01T09:00Z
            change(1_805_018_400, -7), // 2027-03-14T10:00Z
        ],
    }
}

fn schedule(weekly: &str, exceptions: &[(&str, &str)]) -> Schedule {
    Schedule {
        id: ScheduleId(1),
        name: Alias::parse("hours").unwrap(),
        zone: "America/Los_Angeles".to_owned(),
        weekly: std::array::from_fn(|_| DayHours::parse(weekly).unwrap()),
        exceptions: exceptions
            .iter()
            .map(|(date, hours)| ScheduleException {
                date: CivilDate::parse(date).unwrap(),
                hours: DayHours::parse(hours).unwrap(),
            })
            .collect(),
    }
}

/// `2026-03-08T10:00Z` in seconds.
fn utc(text: &str) -> i64 {
    let (date, time) = text.trim_end_matches('Z').split_once('T').unwrap();
    let mut parts = time.split(':').map(|part| part.parse::<i64>().unwrap());
    let (hour, minute, second) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap_or(0));
    CivilDate::parse(date).unwrap().local_second(0) + hour * 3600 + minute * 60 + second
}

#[test]
fn hours_are_half_open_and_local() {
    let office = schedule("08:00-17:30", &[]);
    for (at, open) in [
        ("2026-11-26T15:59:59Z", false), // 07:59:59 in Seattle
        ("2026-11-26T16:00Z", true),
        ("2026-11-27T01:29:59Z", true),
        ("2026-11-27T01:30Z", false), // 17:30
        ("2026-07-01T15:00Z", true),  // 08:00 in summer
        ("2026-07-01T14:59Z", false),
    ] {
        assert_eq!(office.is_open_at(&seattle(), utc(at)), open, "{at}");
    }
}

#[test]
fn in_the_spring_gap_a_missing_start_opens_at_the_jump() {
    // At 02:00 clocks go to 03:00 (10:00Z).
    for (hours, at, open) in [
        ("02:30-05:00", "2026-03-08T09:59Z", false),
        ("02:30-05:00", "2026-03-08T10:00Z", true),
        ("01:00-02:30", "2026-03-08T09:59Z", true),
        ("01:00-02:30", "2026-03-08T10:00Z", false),
        // Wholly within the gap: never.
        ("02:10-02:50", "2026-03-08T09:59Z", false),
        ("02:10-02:50", "2026-03-08T10:00Z", false),
    ] {
        assert_eq!(schedule(hours, &[]).is_open_at(&seattle(), utc(at)), open, "{hours} {at}");
    }
}

#[test]
fn in_autumn_the_repeated_hour_counts_twice() {
    // At 02:00 clocks go back to 01:00 (09:00Z): 01:00 to 02:00 comes at 08:00Z and again at 09:00Z.
    let hour = schedule("01:00-02:00", &[]);
    for (at, open) in [
        ("2026-11-01T07:59Z", false),
        ("2026-11-01T08:00Z", true),
        ("2026-11-01T08:59Z", true),
        ("2026-11-01T09:00Z", true),
        ("2026-11-01T09:59Z", true),
        ("2026-11-01T10:00Z", false),
    ] {
        assert_eq!(hour.is_open_at(&seattle(), utc(at)), open, "{at}");
    }
}

#[test]
fn a_stretch_past_midnight_belongs_to_the_day_on_which_it_starts() {
    let night = schedule("22:00-06:00", &[("2026-12-24", "closed"), ("2026-12-31", "20:00-24:00")]);
    for (at, open) in [
        // The night of the 23rd goes on into the 24th, which is closed itself: its own night never begins.
        ("2026-12-24T13:59Z", true),  // 05:59 on the 24th
        ("2026-12-24T14:00Z", false), // 06:00
        ("2026-12-25T06:00Z", false), // 22:00 on the 24th
        ("2026-12-25T10:00Z", false), // 02:00 on the 25th
        ("2026-12-26T06:00Z", true),  // 22:00 on the 25th
        // 24:00 ends the day: nothing on New Year's morning.
        ("2027-01-01T07:59Z", true),
        ("2027-01-01T08:00Z", false),
    ] {
        assert_eq!(night.is_open_at(&seattle(), utc(at)), open, "{at}");
    }
}

#[test]
fn what_overlaps_between_days_is_refused_with_both() {
    for (weekly, exceptions, code) in [
        ("22:00-06:00", &[][..], None),
        ("22:00-06:00, 05:00-07:00", &[], Some("hours_overlap")),
        ("22:00-06:00", &[("2026-12-24", "06:00-08:00")], None),
        ("22:00-06:00", &[("2026-12-24", "05:59-08:00")], Some("hours_overlap")),
        ("08:00-17:00", &[("2026-12-24", "20:00-09:00")], Some("hours_overlap")),
        ("08:00-17:00", &[("2026-12-24", "closed"), ("2026-12-24", "08:00-09:00")], Some("exception_twice")),
    ] {
        let found = schedule(weekly, exceptions).check();
        assert_eq!(found.as_ref().err().map(ScheduleError::code), code, "{weekly} {exceptions:?}: {found:?}");
    }
    let mut many = schedule("", &[]);
    let mut date = CivilDate::parse("2026-01-01").unwrap();
    for _ in 0..=EXCEPTIONS_MAX {
        many.exceptions.push(ScheduleException { date, hours: DayHours::default() });
        date = date.tomorrow();
    }
    assert_eq!(many.check().unwrap_err().code(), "exceptions_too_many");
}

#[test]
fn the_turns_of_a_call_come_at_the_minute() {
    let office = schedule("08:00-17:30", &[]);
    let at = utc("2026-11-26T15:59:20Z");
    assert_eq!(office.turns_in(&seattle(), at, 120), (false, vec![40]));
    assert_eq!(office.turns_in(&seattle(), at, 30), (false, vec![]));
    assert_eq!(office.turns_in(&seattle(), utc("2026-11-26T20:00Z"), 120), (true, vec![]));
}

#[test]
fn a_local_time_names_a_moment_also_around_the_jumps() {
    let local = |text: &str| utc(text);
    for (wall, moment) in [
        ("2026-11-26T08:00Z", "2026-11-26T16:00Z"),
        ("2026-07-01T08:00Z", "2026-07-01T15:00Z"),
        ("2026-03-08T01:59Z", "2026-03-08T09:59Z"),
        ("2026-03-08T02:30Z", "2026-03-08T10:30Z"), // skipped: read as before the jump
        ("2026-03-08T03:00Z", "2026-03-08T10:00Z"),
        ("2026-11-01T01:30Z", "2026-11-01T08:30Z"), // twice: the first
        ("2026-11-01T02:00Z", "2026-11-01T10:00Z"),
    ] {
        assert_eq!(seattle().utc_of(local(wall)), utc(moment), "{wall}");
    }
}
