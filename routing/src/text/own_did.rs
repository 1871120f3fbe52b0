//! No failover to another of our own DIDs, however it is written: the call would come back to us.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::country::Dialling;
use super::host::Host;
use super::host_target::HostTarget;
use super::number::E164;
use super::target::RouteTarget;
use super::uri::{Parameter, SipUri};
use super::uri_number;
use crate::Edge;

/// How a target leads back to us.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OwnDid {
    /// The number itself.
    Number {
        /// The DID.
        number: E164,
    },
    /// The user part of a URI amounts to a DID.
    InsideUri {
        /// The DID.
        number: E164,
    },
    /// The host is one of our own edges.
    OwnEdge {
        /// The edge's host.
        host: String,
    },
}

impl OwnDid {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            OwnDid::Number { .. } => "own_did",
            OwnDid::InsideUri { .. } => "own_did_in_uri",
            OwnDid::OwnEdge { .. } => "own_edge",
        }
    }
}

impl fmt::Display for OwnDid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OwnDid::Number { number } => {
                write!(f, "{} is a DID on this platform.", number.grouped())?;
            }
            OwnDid::InsideUri { number } => {
                write!(f, "The user part of this URI is {}, a DID on this platform.", number.grouped())?;
            }
            OwnDid::OwnEdge { host } => write!(f, "{host} is one of our own edges.")?,
        }
        f.write_str(" A failover there would come back to us and fail. Choose a destination elsewhere.")
    }
}

/// How a target leads back to us, if it does; `is_own` says whether a number is a DID of ours.
pub fn find(
    target: &RouteTarget,
    edges: &[Edge],
    dialling: &Dialling,
    is_own: impl Fn(E164) -> bool,
) -> Option<OwnDid> {
    match target {
        RouteTarget::Phone(number) => is_own(*number).then_some(OwnDid::Number { number: *number }),
        RouteTarget::Host(target) => own_edge(target.host(), edges),
        RouteTarget::Uri(uri) => uri_number::readings(uri, *dialling)
            .find(|number| is_own(*number))
            .map(|number| OwnDid::InsideUri { number })
            .or_else(|| own_edge(uri.host(), edges))
            .or_else(|| own_edge(&maddr(uri)?, edges)),
        RouteTarget::Registered => None,
    }
}

/// `maddr` overrides the host (RFC 3261 §19.1.1).
fn maddr(uri: &SipUri) -> Option<Host> {
    let value = uri.parameter("maddr").and_then(Parameter::value)?;
    HostTarget::parse(value).ok().map(|target| target.host().clone())
}

fn own_edge(host: &Host, edges: &[Edge]) -> Option<OwnDid> {
    edges
        .iter()
        .find(|edge| is_edge(host, &edge.host))
        .map(|edge| OwnDid::OwnEdge { host: edge.host.clone() })
}

/// An edge's host is configuration, and may carry a port or anything else that a Host may.
fn is_edge(host: &Host, edge: &str) -> bool {
    HostTarget::parse(edge).is_ok_and(|edge| edge.host().is_same_place(host))
}
