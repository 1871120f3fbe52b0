//! Typed ids and units: no bare integer crosses a module's edge.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A customer's account.
    AccountId
);
id!(
    /// An inbound route. Id 0 is the built-in route to the account's registered devices.
    RouteId
);
id!(
    /// A number that an account owns.
    DidId
);
id!(
    /// A preferred point of presence of ours.
    EdgeId
);
id!(
    /// A failover plan.
    PlanId
);
id!(
    /// A schedule of hours.
    ScheduleId
);
id!(
    /// A saved case: a call and what it is expected to do.
    CaseId
);
id!(
    /// An account's configuration version. It grows by one with every change, and each row carries the
    /// version at which it last changed, so "edited since you looked" is one comparison.
    Version
);

impl RouteId {
    /// The built-in route `sip-reg`: every registered device. It can be neither changed nor deleted.
    pub const REGISTERED: RouteId = RouteId(0);
}

/// A length of time, or a moment of a call counted from its first INVITE, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u32);

impl Millis {
    /// No time at all.
    pub const ZERO: Millis = Millis(0);

    /// The sum, held at the largest value: a hostile configuration must not wrap time around.
    #[must_use]
    pub const fn plus(self, other: Millis) -> Millis {
        Millis(self.0.saturating_add(other.0))
    }

    /// The difference, never below zero.
    #[must_use]
    pub const fn minus(self, other: Millis) -> Millis {
        Millis(self.0.saturating_sub(other.0))
    }
}

impl Millis {
    /// Seconds without their unit: `6`, `0.5`, `12.25`.
    pub fn seconds(self) -> String {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return whole.to_string();
        }
        let digits = format!("{rest:03}");
        format!("{whole}.{}", digits.trim_end_matches('0'))
    }

    /// Reads seconds with at most three decimals, after a point or a comma; no sign, no exponent. `None` for
    /// anything else, and for what does not fit.
    pub fn parse_seconds(text: &str) -> Option<Millis> {
        let text = text.trim();
        let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        if !digits(whole, 7) || !digits(decimals, 3) {
            return None;
        }
        let whole: u32 = whole.parse().ok()?;
        let decimals: u32 = format!("{decimals:0<3}").parse().ok()?;
        whole.checked_mul(1000)?.checked_add(decimals).map(Millis)
    }
}

impl fmt::Display for Millis {
    /// Seconds as people read them: `6 s`, `0.5 s`, `12.25 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::Millis;

    #[test]
    fn seconds_read_back_as_they_are_written() {
        for (text, expected) in [
            ("6", Some(6_000)),
            ("0.5", Some(500)),
            ("12.25", Some(12_250)),
            (" 12,5 ", Some(12_500)),
            ("0", Some(0)),
            ("007", Some(7_000)),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            (".5", None),
            ("1.", None),
            ("1.2345", None),
            ("99999999", None),
            ("9999999", None),
            ("6 s", None),
        ] {
            let found = Millis::parse_seconds(text);
            assert_eq!(found, expected.map(Millis), "{text:?}");
            if let Some(found) = found {
                assert_eq!(Millis::parse_seconds(&found.seconds()), Some(found), "{text:?}");
            }
        }
    }
}
