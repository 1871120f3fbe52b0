//! Computing the chain anew from rows, wherever they come from: no clock, no database, no file.

use std::cmp::Ordering;

use routing::{AccountId, Version};
use thiserror::Error;

use super::{ChainHash, ChangesHash, LogEntry, LoggedChange, LoggedOperation, Seal};

/// A history that verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainSummary {
    /// The last version; `None` if nothing was done yet.
    pub version: Option<Version>,
    /// How many operations there are.
    pub operations: u64,
    /// How many change rows.
    pub changes: u64,
    /// The last hash: it stands for everything before it.
    pub hash: ChainHash,
    /// The version that has the hash that was kept, if one was given.
    pub kept: Option<Version>,
}

/// Where a history does not verify first, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ChainFault {
    /// A version has no operation.
    #[error("version {0}: the operation is missing")]
    OperationMissing(Version),
    /// An operation has no hash.
    #[error("version {0}: the hash is missing")]
    HashMissing(Version),
    /// Fewer change rows than were hashed.
    #[error("version {version}: {} of {hashed} change rows are missing", .hashed - .found)]
    ChangesMissing {
        /// The version.
        version: Version,
        /// How many change rows were hashed.
        hashed: i64,
        /// How many are there.
        found: i64,
    },
    /// More change rows than were hashed.
    #[error("version {version}: extra rows: {found} change rows are there, {hashed} were hashed")]
    ExtraChanges {
        /// The version.
        version: Version,
        /// How many change rows were hashed.
        hashed: i64,
        /// How many are there.
        found: i64,
    },
    /// What is there does not have the hash that it had.
    #[error("version {0}: changed: the operation, its change rows or its hash are not what was written")]
    Changed(Version),
    /// A row stands where a later one is due.
    #[error("version {0}: out of order: a row stands where a later one is due")]
    OutOfOrder(Version),
    /// Rows of a version that the account has not reached.
    #[error("version {0}: extra rows: the account has not reached this version")]
    Extra(Version),
    /// The hash that was kept is nowhere in the chain.
    #[error(
        "no version has the hash {0}: since it was kept, the history was written anew or its end was cut off"
    )]
    KeptHashMissing(ChainHash),
}

/// Takes the rows of a history one after the other, and says where they first do not fit.
#[derive(Clone, Debug)]
pub struct Verifier {
    account: AccountId,
    last: Option<Version>,
    kept: Option<ChainHash>,
    next: Version,
    open: Option<(LoggedOperation, ChangesHash)>,
    summary: ChainSummary,
}

impl Verifier {
    /// Begins. `last` is the version that the account is at, where that is known; `kept` is a hash from an earlier
    /// verification that must be found.
    pub fn new(account: AccountId, last: Option<Version>, kept: Option<ChainHash>) -> Verifier {
        let summary =
            ChainSummary { version: None, operations: 0, changes: 0, hash: ChainHash::NONE, kept: None };
        Verifier { account, last, kept, next: Version(0), open: None, summary }
    }

    /// What was verified so far.
    pub fn summary(&self) -> &ChainSummary {
        &self.summary
    }

    /// Takes the next row.
    ///
    /// # Errors
    /// It does not fit.
    pub fn add(&mut self, entry: LogEntry) -> Result<(), ChainFault> {
        let version = entry.version();
        if self.last.is_some_and(|last| version > last) {
            // Unless one is missing before.
            return Err(self.ended().err().unwrap_or(ChainFault::Extra(version)));
        }
        match entry {
            LogEntry::Operation(operation) => self.operation(operation),
            LogEntry::Change(change) => self.change(&change),
            LogEntry::Hash(seal) => self.seal(&seal),
        }
    }

    /// Says what was verified, once every row was taken.
    ///
    /// # Errors
    /// Something is missing.
    pub fn finish(self) -> Result<ChainSummary, ChainFault> {
        self.ended()?;
        match self.kept {
            Some(kept) if self.summary.kept.is_none() => Err(ChainFault::KeptHashMissing(kept)),
            _ => Ok(self.summary),
        }
    }

    fn ended(&self) -> Result<(), ChainFault> {
        match (&self.open, self.last) {
            (Some((operation, _)), _) => Err(ChainFault::HashMissing(operation.version)),
            (None, Some(last)) if self.next <= last => Err(ChainFault::OperationMissing(self.next)),
            _ => Ok(()),
        }
    }

    fn operation(&mut self, operation: LoggedOperation) -> Result<(), ChainFault> {
        if let Some((open, _)) = &self.open {
            return Err(ChainFault::HashMissing(open.version));
        }
        match operation.version.cmp(&self.next) {
            Ordering::Less => Err(ChainFault::OutOfOrder(operation.version)),
            Ordering::Greater => Err(ChainFault::OperationMissing(self.next)),
            Ordering::Equal => {
                self.open = Some((operation, ChangesHash::default()));
                Ok(())
            }
        }
    }

    fn change(&mut self, change: &LoggedChange) -> Result<(), ChainFault> {
        match &mut self.open {
            Some((open, changes)) if open.version == change.version => {
                // A gap shows by the number of rows.
                if change.seq < changes.count() {
                    return Err(ChainFault::OutOfOrder(change.version));
                }
                changes.add(change.into());
                Ok(())
            }
            _ => Err(self.stray(change.version)),
        }
    }

    fn seal(&mut self, seal: &Seal) -> Result<(), ChainFault> {
        let Some((operation, changes)) = self.open.take_if(|(open, _)| open.version == seal.version) else {
            return Err(self.stray(seal.version));
        };
        let (version, hashed, found) = (seal.version, seal.changes, changes.count());
        match found.cmp(&hashed) {
            Ordering::Less => return Err(ChainFault::ChangesMissing { version, hashed, found }),
            Ordering::Greater => return Err(ChainFault::ExtraChanges { version, hashed, found }),
            Ordering::Equal => {}
        }
        let hash = changes.finish(&self.summary.hash.to_string(), self.account, &operation);
        if hash.to_string() != seal.hash {
            return Err(ChainFault::Changed(version));
        }
        if self.kept == Some(hash) {
            self.summary.kept = Some(version);
        }
        self.summary.version = Some(version);
        self.summary.operations += 1;
        self.summary.changes += u64::try_from(found).unwrap_or(0);
        self.summary.hash = hash;
        self.next = Version(version.0 + 1);
        Ok(())
    }

    /// Why a row is wrong that belongs to no operation before it.
    fn stray(&self, version: Version) -> ChainFault {
        match &self.open {
            Some((open, _)) if version > open.version => ChainFault::HashMissing(open.version),
            None if version >= self.next => ChainFault::OperationMissing(self.next),
            _ => ChainFault::OutOfOrder(version),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnixMs;

    fn operation(version: i64) -> LogEntry {
        LogEntry::Operation(LoggedOperation {
            version: Version(version),
            at: UnixMs(1_000),
            actor: "Dana".into(),
            via: "browser".into(),
            kind: "edit_did".into(),
            reason: None,
            changed: 1,
            refused: 0,
            details: "null".into(),
        })
    }

    fn change(version: i64, seq: i64) -> LogEntry {
        LogEntry::Change(LoggedChange {
            version: Version(version),
            seq,
            subject_kind: "did".into(),
            subject_id: 12_065_550_100,
            label: String::new(),
            before: None,
            after: Some("{}".into()),
        })
    }

    /// Three versions with two, none and one change row.
    fn history() -> Vec<LogEntry> {
        let mut previous = ChainHash::NONE;
        let mut entries = Vec::new();
        for (version, changes) in [(0, 2), (1, 0), (2, 1)] {
            let LogEntry::Operation(logged) = operation(version) else { unreachable!() };
            let mut hash = ChangesHash::default();
            entries.push(operation(version));
            for seq in 0..changes {
                let LogEntry::Change(change) = change(version, seq) else { unreachable!() };
                hash.add((&change).into());
                entries.push(LogEntry::Change(change));
            }
            previous = hash.finish(&previous.to_string(), AccountId(1), &logged);
            entries.push(LogEntry::Hash(Seal {
                version: Version(version),
                changes,
                hash: previous.to_string(),
            }));
        }
        entries
    }

    fn verify(
        entries: Vec<LogEntry>,
        last: Option<i64>,
        kept: Option<ChainHash>,
    ) -> Result<ChainSummary, ChainFault> {
        let mut verifier = Verifier::new(AccountId(1), last.map(Version), kept);
        entries.into_iter().try_for_each(|entry| verifier.add(entry))?;
        verifier.finish()
    }

    #[test]
    fn a_history_as_it_was_written_verifies() {
        let whole = verify(history(), Some(2), None).unwrap();
        assert_eq!((whole.version, whole.operations, whole.changes), (Some(Version(2)), 3, 3));
        assert_eq!(verify(history(), None, None).unwrap(), whole);
        assert_eq!(verify(history(), None, Some(whole.hash)).unwrap().kept, Some(Version(2)));
        let none = verify(Vec::new(), None, None).unwrap();
        assert_eq!((none.version, none.hash), (None, ChainHash::NONE));
        // The account belongs to what is hashed.
        let mut other = Verifier::new(AccountId(2), None, None);
        let fault = history().into_iter().try_for_each(|entry| other.add(entry));
        assert_eq!(fault, Err(ChainFault::Changed(Version(0))));
    }

    #[test]
    fn what_was_done_to_a_history_is_found_where_it_was_done() {
        use ChainFault::*;
        // op 0, change 0/0, change 0/1, hash 0, op 1, hash 1, op 2, change 2/0, hash 2
        let v = Version;
        type Harm = fn(&mut Vec<LogEntry>);
        let rows: [(&str, Harm, ChainFault); 14] = [
            ("its first operation", |all| drop(all.drain(..4)), OperationMissing(v(0))),
            ("an operation with all of it", |all| drop(all.drain(4..6)), OperationMissing(v(1))),
            ("an operation alone", |all| drop(all.remove(4)), OperationMissing(v(1))),
            ("an operation before its change rows", |all| drop(all.remove(6)), OperationMissing(v(2))),
            ("the end", |all| all.truncate(6), OperationMissing(v(2))),
            ("a hash", |all| drop(all.remove(3)), HashMissing(v(0))),
            ("a hash before change rows", |all| drop(all.drain(5..7)), HashMissing(v(1))),
            ("the last hash", |all| all.truncate(8), HashMissing(v(2))),
            (
                "a change row",
                |all| drop(all.remove(1)),
                ChangesMissing { version: v(0), hashed: 2, found: 1 },
            ),
            (
                "one more change row",
                |all| all.insert(3, change(0, 2)),
                ExtraChanges { version: v(0), hashed: 2, found: 3 },
            ),
            ("change rows exchanged", |all| all.swap(1, 2), OutOfOrder(v(0))),
            ("a row twice", |all| all.insert(4, operation(0)), OutOfOrder(v(0))),
            (
                "a change row behind its hash",
                |all| all.swap(7, 8),
                ChangesMissing { version: v(2), hashed: 1, found: 0 },
            ),
            ("one more version", |all| all.push(operation(3)), Extra(v(3))),
        ];
        for (name, harm, expected) in rows {
            let mut entries = history();
            harm(&mut entries);
            assert_eq!(verify(entries, Some(2), None), Err(expected), "{name}");
        }
    }

    #[test]
    fn a_cut_off_end_shows_against_a_hash_that_was_kept() {
        let kept = verify(history(), None, None).unwrap().hash;
        let mut cut = history();
        cut.truncate(6);
        assert!(verify(cut.clone(), None, None).is_ok());
        assert_eq!(verify(cut, None, Some(kept)), Err(ChainFault::KeptHashMissing(kept)));
    }
}
