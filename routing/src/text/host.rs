//! Host names and IP addresses, with a port (RFC 3261 §25.1 `hostport`, RFC 5954, RFC 1035 §2.3.1).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::address_error::AddressError;
use super::idn;
use super::refusal::{is_control, is_invisible, trimmed};
use crate::limits::{DNS_LABEL_OCTETS_MAX, DNS_NAME_OCTETS_MAX, INPUT_OCTETS_MAX};

/// A DNS name in its canonical form: A-labels in lower case, no dot at the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DnsName(Box<str>);

impl DnsName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where SIP messages go: a name to be looked up, or an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// A DNS name.
    Name(DnsName),
    /// Four decimal octets, strictly.
    V4(Ipv4Addr),
    /// In brackets; rendered as RFC 5952 says.
    V6(Ipv6Addr),
}

impl Host {
    /// Whether it is an address, so that nothing is looked up.
    pub fn is_address(&self) -> bool {
        !matches!(self, Host::Name(_))
    }

    /// Whether both lead to the same place: an IPv4 address may be dressed as an IPv6 one (RFC 4291 §2.5.5.2).
    pub fn is_same_place(&self, other: &Host) -> bool {
        self == other || matches!((self.v4(), other.v4()), (Some(one), Some(two)) if one == two)
    }

    /// The IPv4 address that it is, or that it maps.
    pub(crate) fn v4(&self) -> Option<Ipv4Addr> {
        match self {
            Host::Name(_) => None,
            Host::V4(address) => Some(*address),
            Host::V6(address) => address.to_ipv4_mapped(),
        }
    }
}

impl fmt::Display for Host {
    /// As it stands in a URI: IPv6 in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => name.fmt(f),
            Host::V4(address) => address.fmt(f),
            Host::V6(address) => write!(f, "[{address}]"),
        }
    }
}

/// Trims a value and refuses what cannot stand anywhere in an address; gives the byte it begins at too.
pub(super) fn clean(text: &str) -> Result<(&str, usize), AddressError> {
    if text.len() > INPUT_OCTETS_MAX {
        return Err(AddressError::TooLong);
    }
    let (rest, start) = trimmed(text);
    if rest.is_empty() {
        return Err(AddressError::Empty);
    }
    for (offset, c) in rest.char_indices() {
        let at = start + offset;
        match c {
            _ if is_control(c) && c != '\t' => return Err(AddressError::Control { at }),
            _ if is_invisible(c) => return Err(AddressError::Invisible { at }),
            _ if c.is_whitespace() => return Err(AddressError::Space { at }),
            '<' | '>' | '"' => return Err(AddressError::Brackets { at }),
            _ => {}
        }
    }
    Ok((rest, start))
}

/// Reads `host[:port]`, which begins at byte `at` of the text.
pub(super) fn host_and_port(text: &str, at: usize) -> Result<(Host, Option<u16>), AddressError> {
    if let Some(inner) = text.strip_prefix('[') {
        let (inner, after) = inner.split_once(']').ok_or(AddressError::BracketOpen { at })?;
        let host = ipv6(inner, at + 1)?;
        let after_at = at + inner.len() + 2;
        return match after.strip_prefix(':') {
            Some(digits) => Ok((host, Some(port(digits, after_at + 1)?))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(AddressError::AfterBracket { at: after_at }),
        };
    }
    let Some((name, digits)) = text.split_once(':') else {
        return Ok((host(text, at)?, None));
    };
    let looks_like_ipv6 = |c: char| c.is_ascii_hexdigit() || matches!(c, ':' | '.' | '%');
    if digits.contains(':') && text.chars().all(looks_like_ipv6) {
        return Err(AddressError::Ipv6Bare { at });
    }
    let host = host(name, at)?;
    Ok((host, Some(port(digits, at + name.len() + 1)?)))
}

fn ipv6(text: &str, at: usize) -> Result<Host, AddressError> {
    if let Some(zone) = text.find('%') {
        return Err(AddressError::ZoneId { at: at + zone });
    }
    text.parse().map(Host::V6).map_err(|_| AddressError::Ipv6 { at })
}

fn port(digits: &str, at: usize) -> Result<u16, AddressError> {
    if digits.is_empty() {
        return Err(AddressError::PortMissing { at });
    }
    // `u16` would read a plus too.
    match digits.parse() {
        Ok(port @ 1..) if digits.len() <= 5 && digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(port),
        _ => Err(AddressError::Port { at }),
    }
}

/// Reads a host without port or brackets.
pub(super) fn host(text: &str, at: usize) -> Result<Host, AddressError> {
    if !text.is_ascii() {
        if let Some(offset) = text.find('_') {
            return Err(AddressError::Underscore { at: at + offset });
        }
        // Full-width digits become plain ones: an address may not come in that way, so only names are read.
        return name(&idn::to_ascii(text, at)?, |_| at).map(Host::Name);
    }
    if text.contains(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit())
    {
        return ipv4(text, at).map(Host::V4);
    }
    let name = name(text, |offset| at + offset)?;
    idn::check(name.as_str(), at)?;
    Ok(Host::Name(name))
}

fn ipv4(text: &str, at: usize) -> Result<Ipv4Addr, AddressError> {
    if text.len() >= 7 && !text.contains('.') {
        return Err(AddressError::PhoneNumber { at });
    }
    if text.split('.').count() != 4 || text.split('.').any(str::is_empty) {
        return Err(AddressError::Ipv4Parts { at });
    }
    let mut octets = [0; 4];
    let mut offset = at;
    for (octet, digits) in octets.iter_mut().zip(text.split('.')) {
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(AddressError::Ipv4LeadingZero { at: offset });
        }
        *octet = digits.parse().map_err(|_| AddressError::Ipv4Octet { at: offset })?;
        offset += digits.len() + 1;
    }
    Ok(Ipv4Addr::from(octets))
}

/// Reads an ASCII name; `place` turns an offset in it into one in the text.
fn name(text: &str, place: impl Fn(usize) -> usize) -> Result<DnsName, AddressError> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() {
        return Err(AddressError::EmptyHost { at: place(0) });
    }
    let mut offset = 0;
    let mut last = (0, "");
    for label in text.split('.') {
        check_label(label, |inner| place(offset + inner))?;
        last = (offset, label);
        offset += label.len() + 1;
    }
    if text.len() > DNS_NAME_OCTETS_MAX {
        return Err(AddressError::NameTooLong { at: place(0) });
    }
    if is_numeric(last.1) {
        return Err(AddressError::NumericName { at: place(last.0) });
    }
    Ok(DnsName(text.to_ascii_lowercase().into_boxed_str()))
}

fn check_label(label: &str, place: impl Fn(usize) -> usize) -> Result<(), AddressError> {
    if label.is_empty() {
        return Err(AddressError::EmptyLabel { at: place(0) });
    }
    for (offset, byte) in label.bytes().enumerate() {
        let at = place(offset);
        match byte {
            b'_' => return Err(AddressError::Underscore { at }),
            b'-' if offset == 0 || offset + 1 == label.len() => return Err(AddressError::Hyphen { at }),
            b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {}
            _ => return Err(AddressError::HostCharacter { at }),
        }
    }
    if label.len() > DNS_LABEL_OCTETS_MAX {
        return Err(AddressError::LabelTooLong { at: place(0) });
    }
    Ok(())
}

/// Decimal, or hexadecimal as old resolvers read it: `0x7f`.
fn is_numeric(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        || label.bytes().all(|byte| byte.is_ascii_digit())
}
