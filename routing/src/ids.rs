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

impl fmt::Display for Millis {
    /// Seconds as people read them: `6 s`, `0.5 s`, `12.25 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return write!(f, "{whole} s");
        }
        let digits = format!("{rest:03}");
        write!(f, "{whole}.{} s", digits.trim_end_matches('0'))
    }
}
