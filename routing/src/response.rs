//! SIP status codes, and which response goes back when every branch failed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Cause, RouteId};

/// A SIP status code, 100 to 699.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct SipCode(u16);

/// A number that is not a SIP status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a SIP status code; codes run from 100 to 699")]
pub struct NotASipCode(
    /// The number.
    pub u16,
);

impl SipCode {
    /// 100 Trying.
    pub const TRYING: SipCode = SipCode(100);
    /// 180 Ringing.
    pub const RINGING: SipCode = SipCode(180);
    /// 200 OK.
    pub const OK: SipCode = SipCode(200);
    /// 408 Request Timeout.
    pub const REQUEST_TIMEOUT: SipCode = SipCode(408);
    /// 480 Temporarily Unavailable.
    pub const TEMPORARILY_UNAVAILABLE: SipCode = SipCode(480);
    /// 486 Busy Here.
    pub const BUSY_HERE: SipCode = SipCode(486);
    /// 500 Server Internal Error.
    pub const SERVER_ERROR: SipCode = SipCode(500);
    /// 503 Service Unavailable.
    pub const SERVICE_UNAVAILABLE: SipCode = SipCode(503);
    /// 603 Decline.
    pub const DECLINE: SipCode = SipCode(603);

    /// Reads a code from 100 to 699 (RFC 3261 §21).
    ///
    /// # Errors
    /// Outside that range.
    pub fn new(code: u16) -> Result<SipCode, NotASipCode> {
        if (100..700).contains(&code) { Ok(SipCode(code)) } else { Err(NotASipCode(code)) }
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0
    }

    /// The first digit.
    pub fn class(self) -> u16 {
        self.0 / 100
    }

    /// Whether it is a 1xx.
    pub fn is_provisional(self) -> bool {
        self.class() == 1
    }

    /// Whether it is a 2xx.
    pub fn is_answer(self) -> bool {
        self.class() == 2
    }

    /// Whether it is a final failure, 300 to 699.
    pub fn is_failure(self) -> bool {
        self.class() >= 3
    }

    /// Whether it says that somebody is being alerted: an 18x.
    pub fn is_ringing(self) -> bool {
        self.0 / 10 == 18
    }

    /// The reason phrase of the codes that people meet; empty for the others.
    pub fn phrase(self) -> &'static str {
        match self.0 {
            100 => "Trying",
            180 => "Ringing",
            183 => "Session Progress",
            200 => "OK",
            301 => "Moved Permanently",
            302 => "Moved Temporarily",
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            407 => "Proxy Authentication Required",
            408 => "Request Timeout",
            410 => "Gone",
            480 => "Temporarily Unavailable",
            484 => "Address Incomplete",
            486 => "Busy Here",
            487 => "Request Terminated",
            488 => "Not Acceptable Here",
            500 => "Server Internal Error",
            501 => "Not Implemented",
            502 => "Bad Gateway",
            503 => "Service Unavailable",
            504 => "Server Time-out",
            505 => "Version Not Supported",
            600 => "Busy Everywhere",
            603 => "Decline",
            604 => "Does Not Exist Anywhere",
            606 => "Not Acceptable",
            _ => "",
        }
    }
}

impl TryFrom<u16> for SipCode {
    type Error = NotASipCode;

    fn try_from(code: u16) -> Result<SipCode, NotASipCode> {
        SipCode::new(code)
    }
}

impl From<SipCode> for u16 {
    fn from(code: SipCode) -> u16 {
        code.0
    }
}

impl fmt::Display for SipCode {
    /// `486 Busy Here`, or the bare number where no phrase is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.phrase() {
            "" => write!(f, "{}", self.0),
            phrase => write!(f, "{} {phrase}", self.0),
        }
    }
}

/// The branch whose failure stands for the whole step, best first: 6xx, 3xx, 401/407/415/420/484, other 4xx,
/// 5xx with 503 last; by number within each, then the lowest route id. `None` without branches.
///
/// Of two local time-outs `no_answer` wins. This is settled first, for a far 408 between them (by id) would
/// otherwise make the order a circle.
pub fn best_branch(branches: &[(RouteId, Cause)]) -> Option<(RouteId, Cause)> {
    let rang = branches.iter().any(|(_, cause)| *cause == Cause::NoAnswer);
    branches
        .iter()
        .copied()
        .filter(|(_, cause)| !(rang && *cause == Cause::NoResponse))
        .min_by_key(|&(route, cause)| (rank(cause.code()), cause.code(), route, cause))
}

/// The place of a code's group among failed branches (RFC 3261 §16.7 step 6, as Kamailio does it).
fn rank(code: SipCode) -> u8 {
    match code.get() {
        600.. => 0,
        300..=399 => 1,
        401 | 407 | 415 | 420 | 484 => 2,
        400..=499 => 3,
        503 => 5,
        _ => 4,
    }
}

/// What the caller is told when this cause is the last word: a 503 becomes 500 (RFC 3261 §16.7 step 6), and a
/// redirection becomes 480, for following it would let a far end divert calls at the customer's cost.
pub fn final_code(cause: Cause) -> SipCode {
    match cause.code() {
        SipCode::SERVICE_UNAVAILABLE => SipCode::SERVER_ERROR,
        code if code.class() == 3 => SipCode::TEMPORARILY_UNAVAILABLE,
        code => code,
    }
}
