//! Faults as people write them on a command line and as an address of a page carries them:
//! `carrier:Acme=silent`, `route:3=503`, `network:phone_network=rings`.

use std::fmt;

use super::{Fault, FaultTarget, InjectedFault, NetworkKind, RejectCode};
use crate::limits::{INPUT_OCTETS_MAX, SETUP_MAX_MS};
use crate::{EdgeId, Millis, RouteId, shortened};

/// Why a text is not a fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// No such way to fail.
    #[error(
        "`{0}` is no failure; write silent, trying, refused, dns, tls, rings, busy, declines, voicemail, a code such \
         as 503, or 12s (answers after 12 seconds)"
    )]
    UnknownFault(String),
    /// A code that no call is rejected with.
    #[error("{0} does not reject a call; codes that do run from 300 to 699")]
    NotARejection(String),
    /// Longer than any call is set up.
    #[error("`{0}` is longer than a call is ever set up; write at most {SETUP_MAX_MS}")]
    TooLate(String),
    /// Nothing that can fail.
    #[error(
        "`{0}` is nothing that can fail; write route:ID, host:NAME, site:NAME, carrier:NAME, region:NAME, edge:ID or \
         network:sip_hosts, network:phone_network, network:registered_devices"
    )]
    UnknownTarget(String),
    /// No `=` between the two.
    #[error("`{0}` does not say how it fails; write it as carrier:NAME=silent")]
    NoFault(String),
    /// Too long to look at.
    #[error("this is too long for a failure; write at most {INPUT_OCTETS_MAX} characters")]
    TooLong,
}

impl Fault {
    /// The faults that are a word of their own, in the order to offer them.
    pub const WORDS: [(&'static str, Fault); 9] = [
        ("silent", Fault::Silent),
        ("trying", Fault::TryingOnly),
        ("refused", Fault::Refused),
        ("dns", Fault::DnsFailure),
        ("tls", Fault::TlsFailure),
        ("rings", Fault::RingsForEver),
        ("busy", Fault::Busy),
        ("declines", Fault::Declines),
        ("voicemail", Fault::VoicemailAnswers),
    ];

    /// Reads a word of [`Fault::WORDS`], a code from 300 to 699, or a time such as `12s` or `12.5s` after which it
    /// answers.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Fault, FaultError> {
        if text.len() > INPUT_OCTETS_MAX {
            return Err(FaultError::TooLong);
        }
        let text = text.trim();
        if let Some((_, fault)) = Fault::WORDS.into_iter().find(|(word, _)| *word == text) {
            return Ok(fault);
        }
        if let Some(seconds) = text.strip_suffix('s') {
            let after = Millis::parse_seconds(seconds)
                .ok_or_else(|| FaultError::UnknownFault(shortened(text).into_owned()))?;
            return if after > SETUP_MAX_MS {
                Err(FaultError::TooLate(shortened(text).into_owned()))
            } else {
                Ok(Fault::AnswersAfter(after))
            };
        }
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            let code = text.parse().ok().and_then(|code| RejectCode::new(code).ok());
            return code
                .map(Fault::Rejects)
                .ok_or_else(|| FaultError::NotARejection(shortened(text).into_owned()));
        }
        Err(FaultError::UnknownFault(shortened(text).into_owned()))
    }

    /// The word that [`Fault::parse`] reads back.
    pub fn word(self) -> String {
        match self {
            Fault::Rejects(code) => code.code().get().to_string(),
            Fault::AnswersAfter(after) => format!("{}s", after.seconds()),
            other => {
                let word = Fault::WORDS.into_iter().find(|(_, fault)| *fault == other);
                word.map_or_else(String::new, |(word, _)| word.to_owned())
            }
        }
    }
}

impl NetworkKind {
    /// Every kind.
    pub const ALL: [NetworkKind; 3] =
        [NetworkKind::SipHosts, NetworkKind::PhoneNetwork, NetworkKind::RegisteredDevices];

    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            NetworkKind::SipHosts => "sip_hosts",
            NetworkKind::PhoneNetwork => "phone_network",
            NetworkKind::RegisteredDevices => "registered_devices",
        }
    }
}

impl FaultTarget {
    /// Reads `carrier:Acme`, `route:3` and the like.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<FaultTarget, FaultError> {
        if text.len() > INPUT_OCTETS_MAX {
            return Err(FaultError::TooLong);
        }
        let refused = || FaultError::UnknownTarget(shortened(text).into_owned());
        let (kind, name) = text.split_once(':').ok_or_else(refused)?;
        let name = name.trim();
        if name.is_empty() {
            return Err(refused());
        }
        let id = || name.parse::<i64>().map_err(|_| refused());
        Ok(match kind.trim() {
            "route" => FaultTarget::Route(RouteId(id()?)),
            "host" => FaultTarget::Host(name.to_owned()),
            "site" => FaultTarget::Site(name.to_owned()),
            "carrier" => FaultTarget::Carrier(name.to_owned()),
            "region" => FaultTarget::Region(name.to_owned()),
            "edge" => FaultTarget::Edge(EdgeId(id()?)),
            "network" => FaultTarget::Network(
                NetworkKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(refused)?,
            ),
            _ => return Err(refused()),
        })
    }
}

impl fmt::Display for FaultTarget {
    /// As [`FaultTarget::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FaultTarget::Route(id) => write!(f, "route:{id}"),
            FaultTarget::Host(name) => write!(f, "host:{name}"),
            FaultTarget::Site(name) => write!(f, "site:{name}"),
            FaultTarget::Carrier(name) => write!(f, "carrier:{name}"),
            FaultTarget::Region(name) => write!(f, "region:{name}"),
            FaultTarget::Edge(id) => write!(f, "edge:{id}"),
            FaultTarget::Network(kind) => write!(f, "network:{}", kind.name()),
        }
    }
}

impl InjectedFault {
    /// Reads `carrier:Acme=silent`. A name may hold an equals sign: the last one counts.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<InjectedFault, FaultError> {
        if text.len() > INPUT_OCTETS_MAX {
            return Err(FaultError::TooLong);
        }
        let (on, fault) =
            text.rsplit_once('=').ok_or_else(|| FaultError::NoFault(shortened(text).into_owned()))?;
        Ok(InjectedFault { on: FaultTarget::parse(on)?, fault: Fault::parse(fault)? })
    }
}

impl fmt::Display for InjectedFault {
    /// As [`InjectedFault::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.on, self.fault.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_reads_back_as_it_is_written() {
        for text in [
            "route:3=503",
            "host:pbx.example.com=dns",
            "carrier:A = B=silent",
            "site:Seattle, Pine Street=rings",
            "region:US West=12s",
            "edge:4=12.5s",
            "network:phone_network=busy",
            "network:registered_devices=voicemail",
        ] {
            assert_eq!(InjectedFault::parse(text).unwrap().to_string(), text);
        }
        for (word, fault) in Fault::WORDS {
            assert_eq!((Fault::parse(word).unwrap(), fault.word().as_str()), (fault, word));
        }
    }

    #[test]
    fn what_is_no_fault_says_what_would_be_one() {
        for (text, begins) in [
            ("carrier:Acme", "`carrier:Acme` does not say"),
            ("carrier:=silent", "`carrier:` is nothing"),
            ("planet:Mars=silent", "`planet:Mars` is nothing"),
            ("route:x=silent", "`route:x` is nothing"),
            ("route:1=slow", "`slow` is no failure"),
            ("route:1=", "`` is no failure"),
            ("route:1=200", "200 does not reject"),
            ("route:1=99999", "99999 does not reject"),
            ("route:1=121s", "`121s` is longer"),
            ("route:1=-1s", "`-1s` is no failure"),
        ] {
            let error = InjectedFault::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(begins), "{text}: {error}");
        }
        assert_eq!(InjectedFault::parse(&"x".repeat(INPUT_OCTETS_MAX + 1)), Err(FaultError::TooLong));
    }
}
