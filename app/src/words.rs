//! Words for people, for what the other crates only name.

use portal::{Count, Field, Finding, FindingKind, Noun};
use routing::{HealthState, RouteKind};

/// `1,234`.
pub fn figure(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `1 DID`, `214 DIDs`.
pub fn dids(n: u64) -> String {
    if n == 1 { "1 DID".into() } else { format!("{} DIDs", figure(n)) }
}

/// A count that may have been cut off: `10,000+`.
pub fn count(count: Count) -> String {
    format!("{}{}", figure(count.n), if count.capped { "+" } else { "" })
}

/// A health state as a word.
pub fn health(state: HealthState) -> &'static str {
    match state {
        HealthState::Unknown => "not checked",
        HealthState::Up => "up",
        HealthState::Failing => "failing",
        HealthState::Down => "down",
        HealthState::Recovering => "recovering",
    }
}

/// The word only where somebody should look.
pub fn health_if_bad(state: HealthState) -> Option<&'static str> {
    match state {
        HealthState::Unknown | HealthState::Up => None,
        bad => Some(health(bad)),
    }
}

/// A route type, by Flowroute's label.
pub fn kind(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Host => "Host",
        RouteKind::Phone => "Phone Number",
        RouteKind::Uri => "URI",
        RouteKind::Registered => "Registered devices",
    }
}

/// A form field's label.
pub fn field(field: Field) -> &'static str {
    match field {
        Field::Alias => "Alias",
        Field::Value => "Route value",
        Field::Kind => "Route Type",
        Field::Edge => "Edge Strategy",
        Field::Route => "Inbound Route",
        Field::Number => "Number",
        Field::Name => "Account name",
        Field::Country => "Country",
        Field::Carrier => "Carrier",
        Field::Site => "Site",
        Field::Region => "Region",
        Field::Answerer => "What answers",
    }
}

/// A thing that can be missing.
pub fn noun(noun: Noun) -> &'static str {
    match noun {
        Noun::Account => "account",
        Noun::Route => "inbound route",
        Noun::Did => "DID",
        Noun::Operation => "change",
        Noun::Draft => "uploaded file",
    }
}
