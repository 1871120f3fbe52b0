//! Hours of the week in which a plan has no step open.

use super::FindingDetail;
use crate::{FailoverPlan, Schedule, Snapshot, Weekday, Zone};

const DAY_MIN: usize = 24 * 60;
const WEEK_MIN: usize = 7 * DAY_MIN;

/// The first gap of a week, if every step has hours and some hour is left over. Weekly hours only: an exception is
/// somebody's will.
pub(super) fn gap(snapshot: &Snapshot, plan: &FailoverPlan, now: i64) -> Option<FindingDetail> {
    let schedules: Option<Vec<(&Schedule, &Zone)>> =
        plan.steps.iter().map(|step| snapshot.schedule(step.hours?)).collect();
    let schedules = schedules?;
    let (_, first_zone) = schedules.first()?;
    let mut open = vec![false; WEEK_MIN];
    for (schedule, zone) in &schedules {
        // Into the first step's clock, so that the gap is told in it.
        let ahead = (first_zone.offset_at(now) - zone.offset_at(now)) / 60;
        for day in Weekday::ALL {
            for stretch in schedule.weekly[day as usize].intervals() {
                for minute in stretch.from_min()..stretch.end_min() {
                    let local = (day as usize * DAY_MIN + usize::from(minute)) as i64 + i64::from(ahead);
                    let place = local.rem_euclid(WEEK_MIN as i64);
                    open[usize::try_from(place).unwrap_or_default()] = true;
                }
            }
        }
    }
    let closed = open.iter().filter(|open| !**open).count();
    if closed == 0 {
        return None;
    }
    // Where the gap begins: closed, and open the minute before. Closed all week: on Monday at 00:00.
    let begins = (0..WEEK_MIN).find(|at| !open[*at] && open[(at + WEEK_MIN - 1) % WEEK_MIN]).unwrap_or(0);
    Some(FindingDetail::Gap {
        day: Weekday::ALL[begins / DAY_MIN],
        from_min: u16::try_from(begins % DAY_MIN).unwrap_or_default(),
        minutes: u32::try_from(closed).unwrap_or_default(),
    })
}
