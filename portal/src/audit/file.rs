//! An export of the history, one JSON value a line, and verifying it without a database.
//!
//! The first line is `{"audit":{"format":1,"account":…}}`. For each version follow `{"operation":{…}}`, a
//! `{"change":{…}}` for each change row in order, and `{"hash":{"version":…,"changes":…,"hash":"…"}}`. The last line is
//! `{"end":{"version":…,"operations":…,"changes":…,"hash":"…"}}`: without it, the file was cut off. Columns have the
//! names and values of the database; JSON within them (`details`, `before`, `after`) is the text that is stored, since
//! that is what was hashed. `store/src/audit.rs` says how.

use std::io::{self, BufRead};

use routing::limits::MESSAGE_CHARS_MAX;
use routing::{AccountId, Version, cut};
use serde::{Deserialize, Serialize};
use store::{ChainFault, ChainHash, ChainSummary, LogEntry, LoggedChange, LoggedOperation, Seal, Verifier};
use thiserror::Error;

use crate::limits::AUDIT_LINE_BYTES_MAX;

/// The number of this format.
pub(super) const FORMAT: u32 = 1;

/// What the first line says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: u32,
    pub(super) account: AccountId,
}

/// What the last line says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    version: Option<Version>,
    operations: u64,
    changes: u64,
    hash: String,
}

impl From<&ChainSummary> for End {
    fn from(summary: &ChainSummary) -> End {
        End {
            version: summary.version,
            operations: summary.operations,
            changes: summary.changes,
            hash: summary.hash.to_string(),
        }
    }
}

/// A line of an export.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Audit(Header),
    Operation(LoggedOperation),
    Change(LoggedChange),
    Hash(Seal),
    End(End),
}

/// An export that verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFileSummary {
    /// The account whose history it is.
    pub account: AccountId,
    /// What it holds.
    pub summary: ChainSummary,
}

/// Why an export does not verify.
#[derive(Debug, Error)]
pub enum AuditFileError {
    /// It could not be read.
    #[error("the export cannot be read")]
    Read(#[source] io::Error),
    /// It has another format, or is something else.
    #[error("this is no export of the history in format {FORMAT}")]
    Format,
    /// A line is not one of an export.
    #[error("line {line} is not one of an export: {problem}")]
    Line {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// The last line is missing.
    #[error("the file was cut off: its last line is missing")]
    CutOff,
    /// The last line says something else than the lines before it.
    #[error("the last line does not say what the file holds")]
    End,
    /// The history itself does not verify.
    #[error("{0}")]
    Fault(ChainFault),
}

/// Verifies an export, holding a line of it at a time. `kept` is the hash of an earlier verification or export: the file
/// must hold it.
///
/// # Errors
/// The file cannot be read, or does not verify.
pub fn verify_audit_file(
    mut file: impl BufRead,
    kept: Option<ChainHash>,
) -> Result<AuditFileSummary, AuditFileError> {
    let mut lines = Lines { text: Vec::new(), number: 0 };
    let account = match lines.next(&mut file) {
        Ok(Some(Line::Audit(Header { format: FORMAT, account }))) => account,
        Err(AuditFileError::Read(error)) => return Err(AuditFileError::Read(error)),
        _ => return Err(AuditFileError::Format),
    };
    let mut verifier = Verifier::new(account, None, kept);
    loop {
        let entry = match lines.next(&mut file)? {
            Some(Line::Operation(operation)) => LogEntry::Operation(operation),
            Some(Line::Change(change)) => LogEntry::Change(change),
            Some(Line::Hash(seal)) => LogEntry::Hash(seal),
            Some(Line::End(end)) => {
                let said = end == End::from(verifier.summary());
                let summary = verifier.finish().map_err(AuditFileError::Fault)?;
                if !said {
                    return Err(AuditFileError::End);
                }
                return match lines.next(&mut file)? {
                    None => Ok(AuditFileSummary { account, summary }),
                    Some(_) => Err(lines.wrong("it stands behind the last one")),
                };
            }
            Some(Line::Audit(_)) => return Err(lines.wrong("it is a first one")),
            None => return Err(AuditFileError::CutOff),
        };
        verifier.add(entry).map_err(AuditFileError::Fault)?;
    }
}

struct Lines {
    text: Vec<u8>,
    number: u64,
}

impl Lines {
    /// The next line; `None` at the end.
    fn next(&mut self, file: &mut impl BufRead) -> Result<Option<Line>, AuditFileError> {
        self.text.clear();
        self.number += 1;
        let most = AUDIT_LINE_BYTES_MAX + 1;
        let read = io::Read::take(&mut *file, most).read_until(b'\n', &mut self.text);
        if read.map_err(AuditFileError::Read)? == 0 {
            return Ok(None);
        }
        if self.text.last() != Some(&b'\n') {
            // The end of a file that was cut off is no line.
            let long = self.text.len() as u64 == most;
            return Err(if long { self.wrong("it is too long") } else { AuditFileError::CutOff });
        }
        let line = serde_json::from_slice(&self.text);
        line.map(Some).map_err(|error| self.wrong(&cut(&error.to_string(), MESSAGE_CHARS_MAX)))
    }

    fn wrong(&self, problem: &str) -> AuditFileError {
        AuditFileError::Line { line: self.number, problem: problem.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "{\"audit\":{\"format\":1,\"account\":1}}\n";

    fn end(operations: u64) -> String {
        let zeros = "0".repeat(64);
        format!(
            "{{\"end\":{{\"version\":null,\"operations\":{operations},\"changes\":0,\"hash\":\"{zeros}\"}}}}\n"
        )
    }

    #[test]
    fn a_file_that_is_no_whole_export_is_refused_with_the_place() {
        let long = format!("{HEADER}{}", "x".repeat(usize::try_from(AUDIT_LINE_BYTES_MAX).unwrap() + 5));
        let end = end(0);
        for (file, expected) in [
            (format!("{HEADER}{end}"), "ok"),
            (String::new(), "no export"),
            ("number,alias\n".into(), "no export"),
            (HEADER.replace(":1,", ":2,"), "no export"),
            (end.clone(), "no export"),
            (HEADER.into(), "cut off"),
            (format!("{HEADER}{}", &end[..end.len() - 1]), "cut off"),
            (format!("{HEADER}\n"), "line 2 is not"),
            (format!("{HEADER}{{\"note\":{{}}}}\n{end}"), "line 2 is not"),
            (format!("{HEADER}{HEADER}{end}"), "line 2 is not"),
            (format!("{HEADER}{end}{end}"), "line 3 is not"),
            (format!("{HEADER}{}", end.replace("\"changes\"", "\"more\":1,\"changes\"")), "line 2 is not"),
            (format!("{HEADER}{}", self::end(1)), "the last line does not say"),
            (long, "line 2 is not one of an export: it is too long"),
        ] {
            let found = match verify_audit_file(file.as_bytes(), None) {
                Ok(found) => format!("ok {}", found.account),
                Err(error) => error.to_string(),
            };
            assert!(found.contains(expected), "{}: {found}", cut(&file, 80));
        }
    }
}
