//! A time zone as the core knows it: offsets from UTC and when they change. Whoever has a time-zone database fills
//! it in; the core only searches.

use serde::{Deserialize, Serialize};

use crate::{bounded, limits};

/// A time zone over the years that matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Its IANA name, such as `America/Los_Angeles`.
    pub name: String,
    /// What it is ahead of UTC before the first change, in seconds; west is negative.
    pub offset_s: i32,
    /// The changes, by moment.
    #[serde(default, deserialize_with = "bounded::list::<_, _, { limits::OFFSET_CHANGES_MAX }>")]
    pub changes: Vec<OffsetChange>,
}

/// From when on a zone has another offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetChange {
    /// The moment, in seconds since 1970 UTC.
    pub at: i64,
    /// What it is ahead of UTC from then on, in seconds.
    pub offset_s: i32,
}

impl Zone {
    /// UTC itself.
    pub fn utc() -> Zone {
        Zone { name: "UTC".to_owned(), offset_s: 0, changes: Vec::new() }
    }

    /// What the zone is ahead of UTC at a moment, in seconds.
    pub fn offset_at(&self, at: i64) -> i32 {
        match self.changes.partition_point(|change| change.at <= at) {
            0 => self.offset_s,
            after => self.changes[after - 1].offset_s,
        }
    }

    /// The moment of a local time, in seconds since 1970 UTC. A local time that is skipped is read with the offset
    /// before the jump, one that comes twice as the first (as RFC 5545 §3.3.5 has it).
    pub fn utc_of(&self, local_s: i64) -> i64 {
        // The offset at the moment sought lies within a day of it; the earlier reading wins.
        let before = i64::from(self.offset_at(local_s - 86_400));
        let after = i64::from(self.offset_at(local_s + 86_400));
        let early = local_s - before;
        if i64::from(self.offset_at(early)) == before {
            early
        } else {
            let late = local_s - after;
            if i64::from(self.offset_at(late)) == after { late } else { early }
        }
    }
}
