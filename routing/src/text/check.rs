//! One value of one kind, for `switchback check`.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::alias::{Alias, AliasError};
use super::country::Dialling;
use super::target::{RouteKind, RouteTarget, TargetError};

/// What a text is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// The value of a route of type Host.
    Host,
    /// The value of a route of type Phone Number, or a DID.
    Phone,
    /// The value of a route of type URI.
    Uri,
    /// The alias of a route or a DID.
    Alias,
}

/// A text that names nothing that can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This kind of value is not known. Write host, phone, uri or alias.")]
pub struct UnknownCheckKind;

impl FromStr for CheckKind {
    type Err = UnknownCheckKind;

    fn from_str(text: &str) -> Result<CheckKind, UnknownCheckKind> {
        match text {
            "host" => Ok(CheckKind::Host),
            "phone" => Ok(CheckKind::Phone),
            "uri" => Ok(CheckKind::Uri),
            "alias" => Ok(CheckKind::Alias),
            _ => Err(UnknownCheckKind),
        }
    }
}

/// Why a value was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckError {
    /// Not the value of a route.
    Target(TargetError),
    /// Not an alias.
    Alias(AliasError),
}

impl CheckError {
    /// The broken rule as a stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            CheckError::Target(error) => error.code(),
            CheckError::Alias(error) => error.code(),
        }
    }

    /// How many characters of the text stand before the fault, where one place is to blame.
    pub fn position(&self) -> Option<usize> {
        match self {
            CheckError::Target(error) => error.position(),
            CheckError::Alias(error) => error.position(),
        }
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CheckError::Target(error) => error.fmt(f),
            CheckError::Alias(error) => error.fmt(f),
        }
    }
}

impl Error for CheckError {}

/// The canonical form of a value.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(kind: CheckKind, text: &str, dialling: &Dialling) -> Result<String, CheckError> {
    let kind = match kind {
        CheckKind::Host => RouteKind::Host,
        CheckKind::Phone => RouteKind::Phone,
        CheckKind::Uri => RouteKind::Uri,
        CheckKind::Alias => {
            return Alias::parse(text).map(|alias| alias.as_str().to_owned()).map_err(CheckError::Alias);
        }
    };
    RouteTarget::parse(kind, text, dialling).map(|target| target.canonical()).map_err(CheckError::Target)
}
