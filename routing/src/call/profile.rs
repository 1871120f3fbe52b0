//! Whose timers run.

use serde::{Deserialize, Serialize};

use crate::Millis;

/// Whose timers run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Timers fire to the millisecond, as RFC 3261 writes them.
    #[default]
    Ideal,
    /// Timers fire on Kamailio's ticks of 62.5 ms, counted from the call's first INVITE.
    Kamailio,
}

/// Kamailio's timer ticks in a second.
const TICKS_HZ: u64 = 16;

impl Profile {
    /// When a timer fires that is set at `start` for `length`.
    ///
    /// Kamailio rounds the length up to whole ticks and counts them from the tick in which the timer was set,
    /// so a timer set between two ticks fires up to 62 ms early. Half milliseconds are rounded up.
    pub fn deadline(self, start: Millis, length: Millis) -> Millis {
        match self {
            Profile::Ideal => start.plus(length),
            Profile::Kamailio => {
                let set_in = u64::from(start.0) * TICKS_HZ / 1000;
                let ticks = set_in + (u64::from(length.0) * TICKS_HZ).div_ceil(1000);
                Millis(u32::try_from((ticks * 1000).div_ceil(TICKS_HZ)).unwrap_or(u32::MAX))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Millis, Profile};

    #[test]
    fn kamailio_counts_whole_ticks_from_the_tick_in_which_the_timer_was_set() {
        for (start, length, expected) in [
            (0, 0, 0),
            (0, 1, 63),
            (0, 62, 63),
            (0, 63, 125),
            (0, 125, 125),
            (0, 2_000, 2_000),
            (0, 6_000, 6_000),
            (61, 2_000, 2_000),
            (63, 2_000, 2_063),
            (100, 2_000, 2_063),
            (6_063, 20_000, 26_063),
            (u32::MAX, u32::MAX, u32::MAX),
        ] {
            let fired = Profile::Kamailio.deadline(Millis(start), Millis(length));
            assert_eq!(fired, Millis(expected), "set at {start} for {length}");
        }
    }
}
