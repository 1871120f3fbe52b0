//! Why an attempt failed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::SipCode;

/// What was observed when an attempt failed, or why a route was not attempted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Silence, or nothing but `100 Trying` until the ring clock ran out: a dead PBX behind a live proxy.
    NoResponse,
    /// It rang (an 18x was seen) and nobody answered in time.
    NoAnswer,
    /// The request could not be sent (RFC 3261 §16.9 counts it as a 503).
    Unreachable(Unreachable),
    /// The route was passed over because its health is down.
    MarkedDown,
    /// The far end answered with this final code, 300 to 699.
    Response(SipCode),
}

/// What kept a request from being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreachable {
    /// The connection was refused.
    Refused,
    /// The name could not be resolved.
    Dns,
    /// The TLS handshake failed.
    Tls,
}

impl Cause {
    /// The code that this cause counts as when responses are compared: local time-outs are 408, what could
    /// not be sent is 503.
    pub fn code(self) -> SipCode {
        match self {
            Cause::NoResponse | Cause::NoAnswer => SipCode::REQUEST_TIMEOUT,
            Cause::Unreachable(_) | Cause::MarkedDown => SipCode::SERVICE_UNAVAILABLE,
            Cause::Response(code) => code,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::NoResponse => f.write_str("no response"),
            Cause::NoAnswer => f.write_str("no answer"),
            Cause::Unreachable(Unreachable::Refused) => f.write_str("connection refused"),
            Cause::Unreachable(Unreachable::Dns) => f.write_str("DNS failure"),
            Cause::Unreachable(Unreachable::Tls) => f.write_str("TLS failure"),
            Cause::MarkedDown => f.write_str("marked down"),
            Cause::Response(code) => code.fmt(f),
        }
    }
}
