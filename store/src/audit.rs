//! The history, fixed by a chain of hashes: what was written cannot be altered without its showing.
//!
//! Each operation has a row in `audit_chain`, written in the same transaction. Its hash is over the hash before it, the
//! operation and all of its change rows, so that it stands for the whole history up to there.
//!
//! # How it is computed
//! Three kinds of fields, one after the other, with nothing between them:
//! - an *integer*: 8 bytes, two's complement, the highest first;
//! - a *text*: its length in bytes as an integer, then its UTF-8;
//! - an *optional text*: the byte 0 if it is null, else the byte 1 and the text.
//!
//! JSON is hashed as the text that is stored. The hash of the change rows is SHA-256 over the fields of each, in order of
//! `seq`: integer `seq`, text `subject_kind`, integer `subject_id`, text `label`, optional text `before`, optional text
//! `after`. The hash of the operation is SHA-256 over: text `switchback audit chain 1`, text previous hash, integer
//! `account_id`, integer `version`, integer `at`, text `actor`, text `via`, text `kind`, optional text `reason`, integer
//! `changed`, integer `refused`, text `details`, integer number of change rows, text hash of the change rows. Hashes are
//! texts of 64 hexadecimal digits in lower case; before the first operation stand 64 zeros.
//!
//! # What it proves
//! Whoever alters, removes, adds or exchanges rows breaks the chain at that version, unless they compute every later hash
//! anew. Whoever can write to the database can do that, and can cut off its end: the chain alone proves nothing against
//! them. A hash that was kept elsewhere does: if a chain that verifies still holds it, everything up to that version is
//! what it was when the hash was kept. About what came later, only a later hash can tell. What was written before there
//! was a chain is fixed from the day on which it was hashed.

mod encoding;
mod log;
mod seal;
mod verifier;

use std::fmt;
use std::str::FromStr;

use routing::Version;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::UnixMs;

pub(crate) use encoding::{ChangeFields, ChangesHash};
pub use log::AuditLog;
pub(crate) use seal::{hash_old_history, seal};
pub use verifier::{ChainFault, ChainSummary, Verifier};

/// A SHA-256, as 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainHash([u8; 32]);

impl ChainHash {
    /// What stands before the first operation.
    const NONE: ChainHash = ChainHash([0; 32]);
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChainHash({self})")
    }
}

/// A text that is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a hash is 64 hexadecimal digits")]
pub struct NotAHash;

impl FromStr for ChainHash {
    type Err = NotAHash;

    /// Reads upper case as well: people copy hashes from many places.
    fn from_str(text: &str) -> Result<ChainHash, NotAHash> {
        let mut hash = [0; 32];
        if text.len() != 2 * hash.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAHash);
        }
        for (at, byte) in hash.iter_mut().enumerate() {
            let digits = text.get(2 * at..2 * at + 2).ok_or(NotAHash)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NotAHash)?;
        }
        Ok(ChainHash(hash))
    }
}

/// One row of the history, as it is stored. An export has one a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogEntry {
    /// An operation; its change rows follow.
    Operation(LoggedOperation),
    /// A change row of the operation before it.
    Change(LoggedChange),
    /// The hash of the operation and its change rows, after them.
    Hash(Seal),
}

/// An operation as it is stored and hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedOperation {
    /// The account's version that it made.
    pub version: Version,
    /// When.
    pub at: UnixMs,
    /// Who.
    pub actor: String,
    /// From where.
    pub via: String,
    /// What kind.
    pub kind: String,
    /// Why.
    pub reason: Option<String>,
    /// How many things it changed.
    pub changed: i64,
    /// How many it was refused.
    pub refused: i64,
    /// What else its result page shows: the JSON as it is stored.
    pub details: String,
}

/// A change row as it is stored and hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedChange {
    /// The version of its operation.
    pub version: Version,
    /// Its place among the change rows of the operation, from 0.
    pub seq: i64,
    /// What kind of thing was changed.
    pub subject_kind: String,
    /// The account's or the thing's id, or the digits of the number.
    pub subject_id: i64,
    /// Its name at that time.
    pub label: String,
    /// What it was: the JSON as it is stored.
    pub before: Option<String>,
    /// What it became: the JSON as it is stored.
    pub after: Option<String>,
}

/// A link of the chain as it is stored. Its hash is a text: one that was damaged must be seen, not stop the reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// The version that it fixes.
    pub version: Version,
    /// How many change rows were hashed.
    pub changes: i64,
    /// The hash.
    pub hash: String,
}

impl LogEntry {
    /// The version that it belongs to.
    pub fn version(&self) -> Version {
        match self {
            LogEntry::Operation(operation) => operation.version,
            LogEntry::Change(change) => change.version,
            LogEntry::Hash(seal) => seal.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_reads_back_as_itself_and_nothing_else_is_one() {
        let text = "00ff".repeat(16);
        assert_eq!(text.parse::<ChainHash>().map(|hash| hash.to_string()), Ok(text.clone()));
        assert_eq!(text.to_uppercase().parse(), text.parse::<ChainHash>());
        for wrong in
            ["", "00", &text[1..], &format!("{text}0"), &"zz".repeat(32), &"é".repeat(32), &"+f".repeat(32)]
        {
            assert_eq!(wrong.parse::<ChainHash>(), Err(NotAHash), "{wrong}");
        }
    }
}
