//! The route type Host: `[sip:|sips:]host[:port][;transport=…]`.

use std::fmt;
use std::str::FromStr;

use super::address_error::AddressError;
use super::host::{self, Host};
use super::refusal::strip_prefix_ignoring_case;

/// How SIP messages travel (RFC 3261 §19.1.1, `transport-param`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// Datagrams.
    Udp,
    /// A stream in the clear.
    Tcp,
    /// An encrypted stream.
    Tls,
}

impl Transport {
    /// As in `;transport=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Transport::Udp => "udp",
            Transport::Tcp => "tcp",
            Transport::Tls => "tls",
        }
    }

    pub(super) fn parse(text: &str, at: usize) -> Result<Transport, AddressError> {
        [Transport::Udp, Transport::Tcp, Transport::Tls]
            .into_iter()
            .find(|transport| transport.as_str().eq_ignore_ascii_case(text))
            .ok_or(AddressError::Transport { at })
    }
}

/// A phone system that is called by the number that was dialled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostTarget {
    transport: Option<Transport>,
    host: Host,
    port: Option<u16>,
}

impl HostTarget {
    /// Reads a host as typed. `sips:` and `;transport=tls` are the same thing.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(text: &str) -> Result<HostTarget, AddressError> {
        parse(text).map_err(|error| error.in_chars_of(text))
    }

    /// The transport that was asked for. `None`: whatever DNS says, or UDP.
    pub fn transport(&self) -> Option<Transport> {
        self.transport
    }

    /// Where it is.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The port that was asked for. `None`: SRV records are tried.
    pub fn port(&self) -> Option<u16> {
        self.port
    }
}

fn parse(text: &str) -> Result<HostTarget, AddressError> {
    let (rest, mut at) = host::clean(text)?;
    refuse_other_schemes(rest, at)?;
    if rest.starts_with("//") {
        return Err(AddressError::WebAddress { at });
    }
    let (secure, rest) = match scheme(rest) {
        Some((secure, tail)) => {
            at += rest.len() - tail.len();
            (secure, tail)
        }
        None => (false, rest),
    };
    if rest.starts_with("//") {
        return Err(AddressError::DoubleSlash { at });
    }
    // An @ after a ? still means that somebody wrote a user part.
    if let Some(offset) = rest.find('@') {
        return Err(AddressError::UserInHost { at: at + offset });
    }
    if let Some(offset) = rest.find('?') {
        return Err(AddressError::Headers { at: at + offset });
    }
    let (place, parameters) =
        rest.split_once(';').map_or((rest, None), |(place, after)| (place, Some(after)));
    if let Some(offset) = place.find(['/', '\\', '#']) {
        return Err(AddressError::Path { at: at + offset });
    }
    if place.strip_prefix('+').is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit())) {
        return Err(AddressError::PhoneNumber { at });
    }
    let (host, port) = host::host_and_port(place, at)?;
    // It would be written `sip:5060`, and read back as a scheme before a host of digits.
    if !secure
        && port.is_some()
        && matches!(&host, Host::Name(name) if ["sip", "sips"].contains(&name.as_str()))
    {
        return Err(AddressError::NamedLikeScheme { at });
    }
    let named = match parameters {
        Some(parameters) => Some(transport(parameters, at + place.len() + 1, secure)?),
        None => None,
    };
    Ok(HostTarget { transport: if secure { Some(Transport::Tls) } else { named }, host, port })
}

/// `sip:` or `sips:`: whether it is the latter, and what follows.
pub(super) fn scheme(text: &str) -> Option<(bool, &str)> {
    strip_prefix_ignoring_case(text, "sips:")
        .map(|tail| (true, tail))
        .or_else(|| strip_prefix_ignoring_case(text, "sip:").map(|tail| (false, tail)))
}

/// Refuses what other schemes begin with, each with its advice.
pub(super) fn refuse_other_schemes(text: &str, at: usize) -> Result<(), AddressError> {
    if strip_prefix_ignoring_case(text, "tel:").is_some() {
        return Err(AddressError::TelUri { at });
    }
    if strip_prefix_ignoring_case(text, "mailto:").is_some() {
        return Err(AddressError::MailAddress { at });
    }
    match text.find("://") {
        Some(end) if scheme(text).is_none() && text.get(..end).is_some_and(is_scheme) => {
            Err(AddressError::WebAddress { at })
        }
        _ => Ok(()),
    }
}

/// RFC 3986 §3.1, without the dot that is more likely a host's.
pub(super) fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-'))
}

/// Reads a host's parameters, of which `transport` is the only one.
fn transport(parameters: &str, mut at: usize, secure: bool) -> Result<Transport, AddressError> {
    let mut found = None;
    for parameter in parameters.split(';') {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.is_empty() {
            return Err(AddressError::EmptyParameter { at });
        }
        if name.eq_ignore_ascii_case("weight") {
            return Err(AddressError::Weight { at });
        }
        if !name.eq_ignore_ascii_case("transport") {
            return Err(AddressError::UnknownParameter { at });
        }
        if found.is_some() {
            return Err(AddressError::DuplicateParameter { at });
        }
        let transport = Transport::parse(value, at)?;
        if secure && transport == Transport::Udp {
            return Err(AddressError::SipsOverUdp { at });
        }
        found = Some(transport);
        at += parameter.len() + 1;
    }
    found.ok_or(AddressError::EmptyParameter { at })
}

impl FromStr for HostTarget {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<HostTarget, AddressError> {
        HostTarget::parse(text)
    }
}

impl fmt::Display for HostTarget {
    /// The canonical form; [`HostTarget::parse`] reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.transport == Some(Transport::Tls) {
            f.write_str("sips:")?;
        }
        self.host.fmt(f)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        match self.transport {
            Some(transport @ (Transport::Udp | Transport::Tcp)) => {
                write!(f, ";transport={}", transport.as_str())
            }
            Some(Transport::Tls) | None => Ok(()),
        }
    }
}
