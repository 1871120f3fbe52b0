//! The route type URI: a SIP or SIPS URI with a user (RFC 3261 §19.1).

use std::fmt;
use std::str::FromStr;

use super::address_error::AddressError;
use super::country::Dialling;
use super::escape;
use super::host::{self, Host};
use super::host_target::{Transport, is_scheme, refuse_other_schemes, scheme};
use super::number::E164;
use super::uri_number;
use crate::limits::URI_OCTETS_MAX;

/// A URI parameter, canonical: only what must be escaped is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Parameter {
    name: String,
    value: Option<String>,
}

impl Parameter {
    /// Its name; those that RFC 3261 knows are in lower case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What follows the equals sign.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }
}

/// `sip:user@host[:port][;parameters]`, or `sips:`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SipUri {
    secure: bool,
    user: String,
    host: Host,
    port: Option<u16>,
    parameters: Vec<Parameter>,
}

impl SipUri {
    /// Reads a URI as typed.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(text: &str) -> Result<SipUri, AddressError> {
        parse(text).map_err(|error| error.in_chars_of(text))
    }

    /// Whether it is a `sips:` URI: TLS on every hop.
    pub fn is_sips(&self) -> bool {
        self.secure
    }

    /// The user part as it stands in the URI, escapes included.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The user part without its escapes; bytes that are no UTF-8 become U+FFFD.
    pub fn user_unescaped(&self) -> String {
        escape::decode(&self.user)
    }

    /// Where it is.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The port that was asked for.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Its parameters in the order in which they were typed.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The parameter of this name, in any letter case.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name))
    }

    /// The transport that was asked for: TLS for `sips:`.
    pub fn transport(&self) -> Option<Transport> {
        if self.secure {
            return Some(Transport::Tls);
        }
        self.parameter("transport")
            .and_then(Parameter::value)
            .and_then(|value| Transport::parse(value, 0).ok())
    }

    /// The number that the user part amounts to, read leniently: whoever answers there may dial it.
    pub fn user_as_number(&self, dialling: &Dialling) -> Option<E164> {
        uri_number::readings(self, *dialling).next()
    }
}

fn parse(text: &str) -> Result<SipUri, AddressError> {
    let (whole, start) = host::clean(text)?;
    if whole.len() > URI_OCTETS_MAX {
        return Err(AddressError::TooLong);
    }
    refuse_other_schemes(whole, start)?;
    let Some((secure, rest)) = scheme(whole) else {
        return Err(match whole.split_once(':') {
            Some((head, tail)) if is_scheme(head) && !tail.starts_with(|c: char| c.is_ascii_digit()) => {
                AddressError::UnknownScheme { at: start }
            }
            _ => AddressError::MissingScheme { at: start },
        });
    };
    let at = start + whole.len() - rest.len();
    if rest.starts_with("//") {
        return Err(AddressError::DoubleSlash { at });
    }
    let Some((user, rest)) = rest.split_once('@') else {
        return Err(AddressError::MissingUser { at });
    };
    let user_at = at;
    let at = at + user.len() + 1;
    let user = read_user(user, user_at)?;
    if let Some(offset) = rest.find(['?', '@']) {
        let at = at + offset;
        return Err(match rest.as_bytes().get(offset) {
            Some(b'?') => AddressError::Headers { at },
            _ => AddressError::SecondAt { at },
        });
    }
    let (place, parameters) =
        rest.split_once(';').map_or((rest, None), |(place, after)| (place, Some(after)));
    if let Some(offset) = place.find(['/', '\\', '#']) {
        return Err(AddressError::Path { at: at + offset });
    }
    let (host, port) = host::host_and_port(place, at)?;
    let parameters = match parameters {
        Some(parameters) => read_parameters(parameters, at + place.len() + 1, secure)?,
        None => Vec::new(),
    };
    let uri = SipUri { secure, user, host, port, parameters };
    // A-labels are longer than what they stand for.
    if uri.to_string().len() > URI_OCTETS_MAX { Err(AddressError::TooLong) } else { Ok(uri) }
}

fn read_user(user: &str, at: usize) -> Result<String, AddressError> {
    if user.is_empty() {
        return Err(AddressError::EmptyUser { at });
    }
    if let Some(offset) = user.find(':') {
        return Err(AddressError::Password { at: at + offset });
    }
    // A user part may hold a `?`; one that looks like a header is a header before a forgotten user.
    if let Some(offset) = user.find('?')
        && user.get(offset..).is_some_and(|tail| tail.contains('='))
    {
        return Err(AddressError::Headers { at: at + offset });
    }
    escape::canonical(user, at, escape::is_user_byte, |at| AddressError::UserCharacter { at })
}

fn read_parameters(text: &str, mut at: usize, secure: bool) -> Result<Vec<Parameter>, AddressError> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for typed in text.split(';') {
        let parameter = read_parameter(typed, at, secure)?;
        if parameters.iter().any(|earlier| earlier.name.eq_ignore_ascii_case(&parameter.name)) {
            return Err(AddressError::DuplicateParameter { at });
        }
        parameters.push(parameter);
        at += typed.len() + 1;
    }
    Ok(parameters)
}

fn read_parameter(typed: &str, at: usize, secure: bool) -> Result<Parameter, AddressError> {
    let (name, value) = typed.split_once('=').map_or((typed, None), |(name, value)| (name, Some(value)));
    let value_at = at + name.len() + 1;
    let canonical = |text: &str, at: usize| {
        if text.is_empty() {
            return Err(AddressError::EmptyParameter { at });
        }
        escape::canonical(text, at, escape::is_parameter_byte, |at| AddressError::ParameterCharacter { at })
    };
    let mut name = canonical(name, at)?;
    let mut value = value.map(|value| canonical(value, value_at)).transpose()?;
    let known = name.to_ascii_lowercase();
    match (known.as_str(), value.as_deref_mut()) {
        ("method", _) => return Err(AddressError::Method { at }),
        ("weight", _) => return Err(AddressError::Weight { at }),
        ("transport", text) => {
            let transport = Transport::parse(text.as_deref().unwrap_or_default(), at)?;
            if secure && transport == Transport::Udp {
                return Err(AddressError::SipsOverUdp { at });
            }
            value = Some(transport.as_str().to_owned());
        }
        ("maddr", text) => {
            let (host, port) = host::host_and_port(text.as_deref().unwrap_or_default(), value_at)
                .map_err(|_| AddressError::Maddr { at })?;
            if port.is_some() {
                return Err(AddressError::Maddr { at });
            }
            value = Some(host.to_string());
        }
        ("ttl", text) => {
            let hops: u8 = text
                .as_deref()
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|digits| digits.parse().ok())
                .ok_or(AddressError::Ttl { at })?;
            value = Some(hops.to_string());
        }
        ("user", Some(text)) => text.make_ascii_lowercase(),
        ("lr" | "user", _) => {}
        // Nobody says that the case of other names does not matter to whoever gets them.
        _ => return Ok(Parameter { name, value }),
    }
    name.make_ascii_lowercase();
    Ok(Parameter { name, value })
}

impl FromStr for SipUri {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<SipUri, AddressError> {
        SipUri::parse(text)
    }
}

impl fmt::Display for SipUri {
    /// The canonical form; [`SipUri::parse`] reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.secure { "sips:" } else { "sip:" })?;
        f.write_str(&self.user)?;
        f.write_str("@")?;
        self.host.fmt(f)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        for parameter in &self.parameters {
            f.write_str(";")?;
            f.write_str(&parameter.name)?;
            if let Some(value) = &parameter.value {
                f.write_str("=")?;
                f.write_str(value)?;
            }
        }
        Ok(())
    }
}
