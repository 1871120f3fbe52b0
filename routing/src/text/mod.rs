//! Reading what people type: numbers, aliases, hosts, SIP URIs.
//!
//! Strict where a mistake could send a call astray, lenient where people type. Each refusal is a variant of its
//! own with a stable `code()`, a `position()` and a sentence that says what would be right.

mod address_error;
mod alias;
mod check;
mod country;
mod country_table;
mod destination;
mod dialled;
mod digits;
mod escape;
mod host;
mod host_target;
mod idn;
mod number;

mod quoted;
mod refusal;
mod target;
mod tel;
mod uri;
mod uri_number;

pub mod own_did;

#[cfg(test)]
mod tests;

pub use address_error::AddressError;
pub use alias::{Alias, AliasError};
pub use check::{CheckError, CheckKind, UnknownCheckKind, check};
pub use country::{CallingCode, Country, Dialling, countries};
pub use destination::{Destination, UnknownDestination};
pub use digits::Digits;
pub use host::{DnsName, Host};
pub use host_target::{HostTarget, Transport};
pub use number::{E164, NumberError};
pub use own_did::OwnDid;
pub use quoted::{cut, shortened};
pub use target::{Caution, RouteKind, RouteTarget, TargetError, UnknownRouteKind};
pub use tel::number_of_tel;
pub use uri::{Parameter, SipUri};
