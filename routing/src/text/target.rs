//! Where a route leads.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::address_error::AddressError;
use super::country::Dialling;
use super::host::Host;
use super::host_target::{HostTarget, Transport};
use super::number::{E164, NumberError};
use super::uri::SipUri;

/// The type of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteKind {
    /// A phone system, by its host.
    Host,
    /// A public number.
    Phone,
    /// A SIP URI.
    Uri,
    /// Every registered device: the built-in route.
    Registered,
}

impl RouteKind {
    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            RouteKind::Host => "host",
            RouteKind::Phone => "phone",
            RouteKind::Uri => "uri",
            RouteKind::Registered => "registered",
        }
    }
}

impl fmt::Display for RouteKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no type of route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is not a type of route. Write host, phone, uri or registered.")]
pub struct UnknownRouteKind;

impl FromStr for RouteKind {
    type Err = UnknownRouteKind;

    fn from_str(text: &str) -> Result<RouteKind, UnknownRouteKind> {
        [RouteKind::Host, RouteKind::Phone, RouteKind::Uri, RouteKind::Registered]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownRouteKind)
    }
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteTarget {
    /// A phone system, called by the number that was dialled.
    Host(HostTarget),
    /// A public number.
    Phone(E164),
    /// A user somewhere.
    Uri(SipUri),
    /// Every registered device of the account.
    Registered,
}

/// Why a text is not the value of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetError {
    /// Not a telephone number.
    Number(NumberError),
    /// Neither a host nor a URI.
    Address(AddressError),
    /// A value for the built-in route, which has none.
    RegisteredValue,
}

impl TargetError {
    /// The broken rule as a stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            TargetError::Number(error) => error.code(),
            TargetError::Address(error) => error.code(),
            TargetError::RegisteredValue => "registered_value",
        }
    }

    /// How many characters of the text stand before the fault, where one place is to blame.
    pub fn position(&self) -> Option<usize> {
        match self {
            TargetError::Number(error) => error.position(),
            TargetError::Address(error) => error.position(),
            TargetError::RegisteredValue => None,
        }
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TargetError::Number(error) => error.fmt(f),
            TargetError::Address(error) => error.fmt(f),
            TargetError::RegisteredValue => f.write_str(
                "The route to registered devices has no value. Write nothing, or choose another type.",
            ),
        }
    }
}

impl Error for TargetError {}

impl From<NumberError> for TargetError {
    fn from(error: NumberError) -> TargetError {
        TargetError::Number(error)
    }
}

impl From<AddressError> for TargetError {
    fn from(error: AddressError) -> TargetError {
        TargetError::Address(error)
    }
}

impl RouteTarget {
    /// Reads a route's value as typed.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(kind: RouteKind, text: &str, dialling: &Dialling) -> Result<RouteTarget, TargetError> {
        Ok(match kind {
            RouteKind::Host => RouteTarget::Host(HostTarget::parse(text)?),
            RouteKind::Phone => RouteTarget::Phone(E164::parse_dialled(text, dialling)?),
            RouteKind::Uri => RouteTarget::Uri(SipUri::parse(text)?),
            RouteKind::Registered if text.is_empty() => RouteTarget::Registered,
            RouteKind::Registered => return Err(TargetError::RegisteredValue),
        })
    }

    /// Its type.
    pub fn kind(&self) -> RouteKind {
        match self {
            RouteTarget::Host(_) => RouteKind::Host,
            RouteTarget::Phone(_) => RouteKind::Phone,
            RouteTarget::Uri(_) => RouteKind::Uri,
            RouteTarget::Registered => RouteKind::Registered,
        }
    }

    /// Its value in the one form that is stored and compared; [`RouteTarget::parse`] reads it back.
    pub fn canonical(&self) -> String {
        self.to_string()
    }

    /// The host that it is sent to, where it names one.
    pub fn host(&self) -> Option<&Host> {
        match self {
            RouteTarget::Host(target) => Some(target.host()),
            RouteTarget::Uri(uri) => Some(uri.host()),
            RouteTarget::Phone(_) | RouteTarget::Registered => None,
        }
    }

    /// The port that it names. A name without one is looked up by SRV first (RFC 3263 §4.2).
    pub fn port(&self) -> Option<u16> {
        match self {
            RouteTarget::Host(target) => target.port(),
            RouteTarget::Uri(uri) => uri.port(),
            RouteTarget::Phone(_) | RouteTarget::Registered => None,
        }
    }

    /// The transport that it asks for.
    pub fn transport(&self) -> Option<Transport> {
        match self {
            RouteTarget::Host(target) => target.transport(),
            RouteTarget::Uri(uri) => uri.transport(),
            RouteTarget::Phone(_) | RouteTarget::Registered => None,
        }
    }

    /// What is worth a second look, though it is accepted.
    pub fn cautions(&self) -> Vec<Caution> {
        self.host().and_then(Caution::of).into_iter().collect()
    }
}

impl fmt::Display for RouteTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RouteTarget::Host(target) => target.fmt(f),
            RouteTarget::Phone(number) => number.fmt(f),
            RouteTarget::Uri(uri) => uri.fmt(f),
            RouteTarget::Registered => Ok(()),
        }
    }
}

/// Something about a target that is accepted with a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caution {
    /// An address that only a private network knows.
    PrivateAddress,
    /// The machine itself.
    LoopbackAddress,
}

impl Caution {
    fn of(host: &Host) -> Option<Caution> {
        let (private, loopback) = match (host, host.v4()) {
            (Host::Name(name), _) => {
                let name = name.as_str();
                (false, name == "localhost" || name.ends_with(".localhost"))
            }
            (_, Some(v4)) => {
                let [first, second, ..] = v4.octets();
                // Shared address space behind a carrier's NAT (RFC 6598) is no more reachable than RFC 1918's.
                let shared = first == 100 && second & 0xc0 == 64;
                (v4.is_private() || v4.is_link_local() || shared, v4.is_loopback() || v4.is_unspecified())
            }
            (Host::V6(v6), None) => {
                (v6.is_unique_local() || v6.is_unicast_link_local(), v6.is_loopback() || v6.is_unspecified())
            }
            (Host::V4(_), None) => (false, false),
        };
        if loopback {
            return Some(Caution::LoopbackAddress);
        }
        private.then_some(Caution::PrivateAddress)
    }

    /// A stable name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Caution::PrivateAddress => "private_address",
            Caution::LoopbackAddress => "loopback_address",
        }
    }
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Caution::PrivateAddress => {
                "This address belongs to a private network: calls reach it only from inside, and it is not probed."
            }
            Caution::LoopbackAddress => {
                "This address means the machine that sends the call itself: nothing else is reached, and it is not probed."
            }
        })
    }
}

/// How a target stands in JSON: `{"type":"host","value":"pbx.example.com"}`.
#[derive(Serialize, Deserialize)]
struct Wire {
    #[serde(rename = "type")]
    kind: RouteKind,
    #[serde(default)]
    value: Option<String>,
}

impl Serialize for RouteTarget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = self.kind();
        let value = (kind != RouteKind::Registered).then(|| self.canonical());
        Wire { kind, value }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RouteTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RouteTarget, D::Error> {
        let Wire { kind, value } = Wire::deserialize(deserializer)?;
        let text = value.unwrap_or_default();
        // No account is known here, so a number must have its plus.
        if kind == RouteKind::Phone {
            return E164::parse(&text).map(RouteTarget::Phone).map_err(de::Error::custom);
        }
        RouteTarget::parse(kind, &text, &Dialling::default()).map_err(de::Error::custom)
    }
}
