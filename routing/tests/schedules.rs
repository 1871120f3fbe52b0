//! Schedules against a walk over local time, minute by minute, that searches nothing.
// All of it is test code: without `cfg(test)` clippy would not know that its helpers may unwrap.
#![cfg(test)]

use std::collections::BTreeSet;

use proptest::prelude::*;
use routing::{
    Alias, CivilDate, Clocks, DayHours, Did, DidId, E164, Failover, FailoverPlan, Fault, FaultTarget, Millis,
    OffsetChange, PlanId, Preset, RouteId, Scenario, Schedule, ScheduleException, ScheduleId, Snapshot, Step,
    Zone, simulate,
};

/// Days that are walked, one more before and after for what passes midnight and for the zone.
const DAYS: i64 = 6;
/// Minutes of a day.
const DAY_MIN: i64 = 1_440;

/// Stretches of a day: from a minute on, for so many minutes.
type Hours = Vec<(i64, i64)>;

/// Weekly hours from Monday on, hours of single days, and a zone: its first offset, then changes by minute.
#[derive(Clone, Debug)]
struct Model {
    /// The first day that is walked, counted from 1970-01-01, a Thursday.
    first_day: i64,
    weekly: Vec<Hours>,
    /// By their place among the days that are walked.
    exceptions: Vec<(i64, Hours)>,
    offset_min: i64,
    changes: Vec<(i64, i64)>,
}

impl Model {
    fn hours(&self, day: i64) -> &Hours {
        let exception = self.exceptions.iter().find(|(place, _)| self.first_day + place == day);
        // 1970-01-01 was a Thursday: three days after a Monday.
        exception.map_or(&self.weekly[usize::try_from((day + 3).rem_euclid(7)).unwrap()], |(_, hours)| hours)
    }

    /// Every minute of local time that is open.
    fn open_minutes(&self) -> BTreeSet<i64> {
        let mut open = BTreeSet::new();
        for day in self.first_day - 3..self.first_day + DAYS + 3 {
            for (from, length) in self.hours(day) {
                open.extend((day * DAY_MIN + from..).take(usize::try_from(*length).unwrap()));
            }
        }
        open
    }

    /// What the zone is ahead of UTC in this minute.
    fn offset_min(&self, minute: i64) -> i64 {
        let mut offset = self.offset_min;
        for (at, after) in &self.changes {
            if *at <= minute {
                offset = *after;
            }
        }
        offset
    }

    fn zone(&self) -> Zone {
        let seconds = |minutes: i64| i32::try_from(minutes * 60).unwrap();
        let change = |(at, offset): &(i64, i64)| OffsetChange { at: at * 60, offset_s: seconds(*offset) };
        Zone {
            name: "Here".to_owned(),
            offset_s: seconds(self.offset_min),
            changes: self.changes.iter().map(change).collect(),
        }
    }

    fn schedule(&self) -> Schedule {
        Schedule {
            id: ScheduleId(1),
            name: Alias::parse("hours").unwrap(),
            zone: "Here".to_owned(),
            weekly: std::array::from_fn(|day| written(&self.weekly[day])),
            exceptions: self
                .exceptions
                .iter()
                .map(|(place, hours)| ScheduleException {
                    date: CivilDate::of_local_second((self.first_day + place) * DAY_MIN * 60),
                    hours: written(hours),
                })
                .collect(),
        }
    }
}

/// Hours as people write them.
fn written(hours: &Hours) -> DayHours {
    let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
    let stretch = |(from, length): &(i64, i64)| {
        let end = from + length;
        format!("{}-{}", clock(*from), clock(if end > DAY_MIN { end - DAY_MIN } else { end }))
    };
    DayHours::parse(&hours.iter().map(stretch).collect::<Vec<String>>().join(", ")).unwrap()
}

/// Hours without overlap: every second stretch between some minutes of the day; the last may pass midnight.
fn hours() -> impl Strategy<Value = Hours> {
    let minute = prop_oneof![0..DAY_MIN, (0..48_i64).prop_map(|half| half * 30)];
    let night = prop_oneof![3 => Just(0), 1 => 1..600_i64];
    (prop::collection::btree_set(minute, 0..9), night).prop_map(|(minutes, night)| {
        let minutes: Vec<i64> = minutes.into_iter().collect();
        let mut hours: Hours = minutes.chunks_exact(2).map(|pair| (pair[0], pair[1] - pair[0])).collect();
        let last = minutes.chunks_exact(2).remainder().first();
        let spare = hours.first().map_or(DAY_MIN, |(from, _)| *from);
        match last {
            // It ends at midnight or in the night after, and never meets the day's own first stretch.
            Some(from) => hours.push((*from, DAY_MIN - from + night.min(spare).min(from - 1).max(0))),
            None if hours.is_empty() && night > 300 => hours.push((0, DAY_MIN)),
            None => {}
        }
        hours
    })
}

prop_compose! {
    fn model()(
        first_day in 15_000_i64..40_000,
        weekly in prop::collection::vec(hours(), 7),
        exceptions in prop::collection::btree_map(0..DAYS, hours(), 0..4),
        // Zones lie on quarters of an hour.
        offset in -48_i64..57,
        changes in prop::collection::btree_map(0..DAYS * DAY_MIN, -12_i64..13, 0..4),
    ) -> Model {
        let offset_min = offset * 15;
        Model {
            first_day,
            weekly,
            exceptions: exceptions.into_iter().collect(),
            offset_min,
            changes: changes
                .into_iter()
                .map(|(after, jump)| (first_day * DAY_MIN + after, offset_min + jump * 15))
                .collect(),
        }
    }
}

/// Days since 1970 counted one by one, as a calendar on the wall does it.
fn date_on_the_wall(day: i64) -> String {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (mut year, mut month, mut left) = (1970, 0, day);
    while left >= if leap(year) { 366 } else { 365 } {
        left -= if leap(year) { 366 } else { 365 };
        year += 1;
    }
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while left >= lengths[month] {
        left -= lengths[month];
        month += 1;
    }
    format!("{year:04}-{:02}-{:02}", month + 1, left + 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_schedule_is_open_in_exactly_the_minutes_of_a_walk_over_local_time(
        model in model(),
        second in 0_i64..60,
    ) {
        let (schedule, zone, open) = (model.schedule(), model.zone(), model.open_minutes());
        for minute in (model.first_day * DAY_MIN..).take(usize::try_from(DAYS * DAY_MIN).unwrap()) {
            let expected = open.contains(&(minute + model.offset_min(minute)));
            let found = schedule.is_open_at(&zone, minute * 60 + second);
            prop_assert_eq!(found, expected, "minute {} of the walk", minute - model.first_day * DAY_MIN);
        }
    }

    #[test]
    fn a_call_enters_a_step_exactly_if_its_minute_of_the_walk_is_open(
        model in model(),
        moments in prop::collection::vec((0..DAYS * DAY_MIN * 60, 500_u32..100_000), 200),
    ) {
        let open = model.open_minutes();
        let mut snapshot = account(&model);
        for (after, silent_ms) in moments {
            let at = model.first_day * DAY_MIN * 60 + after;
            snapshot.defaults.no_response_ms = Millis(silent_ms);
            let silent = FaultTarget::Route(RouteId::REGISTERED);
            let mut scenario = Scenario::new(snapshot.dids[0].number).with_fault(silent, Fault::Silent);
            scenario.at = Some(at);
            let entered = simulate(&snapshot, &scenario).unwrap().attempts.len() == 2;
            let minute = (at + i64::from(silent_ms / 1000)).div_euclid(60);
            let expected = open.contains(&(minute + model.offset_min(minute)));
            prop_assert_eq!(entered, expected, "at {} after {} ms", at, silent_ms);
        }
    }
}

/// A primary, and a step that is entered when its schedule is open.
fn account(model: &Model) -> Snapshot {
    let clocks = Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(9_000) };
    let step = Step::of([RouteId::REGISTERED], Preset::AnyFailure.trigger(), clocks);
    Snapshot {
        zones: vec![model.zone()],
        schedules: vec![model.schedule()],
        plans: vec![FailoverPlan {
            id: PlanId(1),
            name: Alias::parse("plan").unwrap(),
            steps: vec![Step { hours: Some(ScheduleId(1)), ..step }],
        }],
        dids: vec![Did {
            id: DidId(1),
            number: E164::parse("+12065550100").unwrap(),
            alias: None,
            primary: RouteId::REGISTERED,
            failover: Failover::Plan(PlanId(1)),
            weights: None,
        }],
        ..Snapshot::default()
    }
}

#[test]
fn every_day_of_a_century_has_the_date_on_the_wall_and_the_weekday_after_the_one_before() {
    let mut weekday = CivilDate::of_local_second(0).weekday();
    for day in 0..36_525_i64 {
        let date = CivilDate::of_local_second(day * DAY_MIN * 60);
        assert_eq!(date.to_string(), date_on_the_wall(day));
        assert_eq!(CivilDate::parse(&date.to_string()), Ok(date));
        assert_eq!(date.weekday(), weekday, "{date}");
        weekday = weekday.next();
    }
}
