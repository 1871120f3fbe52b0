//! Time zones. The only place that knows a time-zone database: the core, and with it the browser, gets offsets and
//! the moments at which they change.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use routing::{OffsetChange, Schedule, Snapshot, Zone};

/// The first moment of 2020 and of 2041, in seconds since 1970 UTC: a preview looks a few years back and ahead, and
/// two changes a year keep a zone below a kilobyte.
const YEARS: std::ops::Range<i64> = 1_577_836_800..2_240_611_200;

/// What machines list among their zones and no schedule can mean.
const NO_ZONES: [&str; 4] = ["Etc/Unknown", "Factory", "localtime", "posixrules"];

/// The zone of an IANA name, in any letter case; its name is in the usual spelling. `None`: no such zone.
pub fn zone(name: &str) -> Option<Zone> {
    let name = name.trim();
    let name = names().iter().find(|known| known.eq_ignore_ascii_case(name))?;
    offsets(name, &rules(name)?)
}

/// Every zone by name, for a list to choose from.
pub fn zone_names() -> Vec<String> {
    names().to_vec()
}

/// Fills in the zones that the schedules name.
pub(crate) fn fill(snapshot: &mut Snapshot) {
    snapshot.zones = of(&snapshot.schedules);
}

/// The zones that schedules name, each once. One that no database knows any more is left out.
pub(crate) fn of<'a>(schedules: impl IntoIterator<Item = &'a Schedule>) -> Vec<Zone> {
    let named: BTreeSet<&str> = schedules.into_iter().map(|schedule| schedule.zone.as_str()).collect();
    named.into_iter().filter_map(|name| Some(Zone { name: name.to_owned(), ..zone(name)? })).collect()
}

/// A machine's own database goes first: its owner may keep it newer than this program.
fn databases() -> [TimeZoneDatabase; 2] {
    [jiff::tz::db().clone(), TimeZoneDatabase::bundled()]
}

fn names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let databases = databases();
        let all = databases.iter().flat_map(TimeZoneDatabase::available).map(|name| name.to_string());
        let sorted: BTreeSet<String> = all.filter(|name| !NO_ZONES.contains(&name.as_str())).collect();
        sorted.into_iter().collect()
    })
}

fn rules(name: &str) -> Option<TimeZone> {
    databases().iter().find_map(|database| database.get(name).ok())
}

fn offsets(name: &str, rules: &TimeZone) -> Option<Zone> {
    let start = Timestamp::from_second(YEARS.start).ok()?;
    let offset_s = rules.to_offset(start).seconds();
    let mut changes: Vec<OffsetChange> = Vec::new();
    for change in rules.following(start) {
        let (at, offset) = (change.timestamp().as_second(), change.offset().seconds());
        if at >= YEARS.end {
            break;
        }
        // Some changes are of the name alone.
        if offset != changes.last().map_or(offset_s, |last| last.offset_s) {
            changes.push(OffsetChange { at, offset_s: offset });
        }
    }
    Some(Zone { name: name.to_owned(), offset_s, changes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_its_offsets_of_many_years() {
        let found = zone(" america/los_angeles ").unwrap();
        assert_eq!((found.name.as_str(), found.offset_s), ("America/Los_Angeles", -8 * 3600));
        assert_eq!(found.changes.len(), 42);
        // 2026-03-08T10:00Z and 2026-11-01T09:00Z.
        for (at, offset) in [(1_772_964_000, -7), (1_793_523_600, -8)] {
            assert_eq!(found.offset_at(at), offset * 3600);
            assert_ne!(found.offset_at(at - 1), offset * 3600);
        }
        assert_eq!(zone("UTC").unwrap(), Zone::utc());
        assert_eq!(zone("Asia/Kolkata").unwrap().offset_s, 19_800);
        for year in [2020, 2041] {
            let day = routing::CivilDate::parse(&format!("{year}-01-01")).unwrap();
            assert!([YEARS.start, YEARS.end].contains(&day.local_second(0)), "{year}");
        }
    }

    #[test]
    fn what_is_no_zone_is_none() {
        for name in ["", "Mars/Olympus", "../../etc/passwd", "PST8PDT;", "Factory", "America", "+02:00"] {
            assert_eq!(zone(name), None, "{name:?}");
        }
        let names = zone_names();
        assert!(names.len() > 400 && names.is_sorted(), "{}", names.len());
        assert!(names.iter().all(|name| zone(name).is_some()));
    }
}
