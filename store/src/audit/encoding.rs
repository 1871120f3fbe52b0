//! Rows as bytes: fields of known length in a fixed order, so that no two histories give the same bytes.

use routing::AccountId;
use sha2::{Digest, Sha256};

use super::{ChainHash, LoggedChange, LoggedOperation};

/// What it is, and the number of this encoding: another one would have another.
const TITLE: &str = "switchback audit chain 1";

fn push_integer(bytes: &mut Vec<u8>, value: i64) {
    bytes.extend_from_slice(&value.to_be_bytes());
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    // A text is far shorter than 2⁶³ bytes.
    push_integer(bytes, i64::try_from(text.len()).unwrap_or(i64::MAX));
    bytes.extend_from_slice(text.as_bytes());
}

fn push_optional(bytes: &mut Vec<u8>, text: Option<&str>) {
    match text {
        None => bytes.push(0),
        Some(text) => {
            bytes.push(1);
            push_text(bytes, text);
        }
    }
}

/// A change row that is about to be stored, or was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChangeFields<'a> {
    pub(crate) seq: i64,
    pub(crate) subject_kind: &'a str,
    pub(crate) subject_id: i64,
    pub(crate) label: &'a str,
    pub(crate) before: Option<&'a str>,
    pub(crate) after: Option<&'a str>,
}

impl<'a> From<&'a LoggedChange> for ChangeFields<'a> {
    fn from(change: &'a LoggedChange) -> ChangeFields<'a> {
        ChangeFields {
            seq: change.seq,
            subject_kind: &change.subject_kind,
            subject_id: change.subject_id,
            label: &change.label,
            before: change.before.as_deref(),
            after: change.after.as_deref(),
        }
    }
}

fn push_change(bytes: &mut Vec<u8>, change: ChangeFields<'_>) {
    push_integer(bytes, change.seq);
    push_text(bytes, change.subject_kind);
    push_integer(bytes, change.subject_id);
    push_text(bytes, change.label);
    push_optional(bytes, change.before);
    push_optional(bytes, change.after);
}

fn push_operation(
    bytes: &mut Vec<u8>,
    previous: &str,
    account: AccountId,
    operation: &LoggedOperation,
    changes: i64,
    changes_hash: &str,
) {
    push_text(bytes, TITLE);
    push_text(bytes, previous);
    push_integer(bytes, account.0);
    push_integer(bytes, operation.version.0);
    push_integer(bytes, operation.at.0);
    push_text(bytes, &operation.actor);
    push_text(bytes, &operation.via);
    push_text(bytes, &operation.kind);
    push_optional(bytes, operation.reason.as_deref());
    push_integer(bytes, operation.changed);
    push_integer(bytes, operation.refused);
    push_text(bytes, &operation.details);
    push_integer(bytes, changes);
    push_text(bytes, changes_hash);
}

/// The hash of an operation's change rows, in the making: they are hashed as they are written, however many.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChangesHash {
    hasher: Sha256,
    bytes: Vec<u8>,
    count: i64,
}

impl ChangesHash {
    /// Adds the next row.
    pub(crate) fn add(&mut self, change: ChangeFields<'_>) {
        self.bytes.clear();
        push_change(&mut self.bytes, change);
        self.hasher.update(&self.bytes);
        self.count += 1;
    }

    /// How many rows were added.
    pub(crate) fn count(&self) -> i64 {
        self.count
    }

    /// The hash of the operation that these are the change rows of, after the hash before it.
    pub(crate) fn finish(self, previous: &str, account: AccountId, operation: &LoggedOperation) -> ChainHash {
        let changes_hash = ChainHash(self.hasher.finalize().into());
        let mut bytes = self.bytes;
        bytes.clear();
        push_operation(&mut bytes, previous, account, operation, self.count, &changes_hash.to_string());
        ChainHash(Sha256::digest(&bytes).into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use routing::Version;

    use super::*;
    use crate::UnixMs;

    /// Reads an encoding back: what can be read back in one way only was written in one way only.
    struct Reader<'a>(&'a [u8]);

    impl Reader<'_> {
        fn take(&mut self, count: usize) -> &[u8] {
            let (taken, rest) = self.0.split_at(count);
            self.0 = rest;
            taken
        }

        fn integer(&mut self) -> i64 {
            i64::from_be_bytes(self.take(8).try_into().unwrap())
        }

        fn text(&mut self) -> String {
            let length = usize::try_from(self.integer()).unwrap();
            String::from_utf8(self.take(length).to_vec()).unwrap()
        }

        fn optional(&mut self) -> Option<String> {
            (self.take(1) == [1]).then(|| self.text())
        }

        fn change(&mut self) -> LoggedChange {
            LoggedChange {
                version: Version(0),
                seq: self.integer(),
                subject_kind: self.text(),
                subject_id: self.integer(),
                label: self.text(),
                before: self.optional(),
                after: self.optional(),
            }
        }
    }

    type Whole = (String, i64, LoggedOperation, i64, String);

    fn read_operation(bytes: &[u8]) -> Whole {
        let mut from = Reader(bytes);
        assert_eq!(from.text(), TITLE);
        let (previous, account) = (from.text(), from.integer());
        let operation = LoggedOperation {
            version: Version(from.integer()),
            at: UnixMs(from.integer()),
            actor: from.text(),
            via: from.text(),
            kind: from.text(),
            reason: from.optional(),
            changed: from.integer(),
            refused: from.integer(),
            details: from.text(),
        };
        let whole = (previous, account, operation, from.integer(), from.text());
        assert!(from.0.is_empty());
        whole
    }

    /// Few letters, so that two texts often differ only in where one ends and the next begins.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["[ab\u{0}\u{1}é]{0,3}", any::<String>()]
    }

    fn integer() -> impl Strategy<Value = i64> {
        prop_oneof![-1_i64..3, any::<i64>()]
    }

    fn change() -> impl Strategy<Value = LoggedChange> {
        let sides = (prop::option::of(text()), prop::option::of(text()));
        (integer(), text(), integer(), text(), sides).prop_map(
            |(seq, subject_kind, subject_id, label, (before, after))| LoggedChange {
                version: Version(0),
                seq,
                subject_kind,
                subject_id,
                label,
                before,
                after,
            },
        )
    }

    fn whole() -> impl Strategy<Value = Whole> {
        let operation = (integer(), integer(), text(), text(), text(), prop::option::of(text()))
            .prop_flat_map(|first| (Just(first), integer(), integer(), text()))
            .prop_map(|((version, at, actor, via, kind, reason), changed, refused, details)| {
                LoggedOperation {
                    version: Version(version),
                    at: UnixMs(at),
                    actor,
                    via,
                    kind,
                    reason,
                    changed,
                    refused,
                    details,
                }
            });
        (text(), integer(), operation, integer(), text())
    }

    fn bytes_of_changes(changes: &[LoggedChange]) -> Vec<u8> {
        let mut bytes = Vec::new();
        changes.iter().for_each(|change| push_change(&mut bytes, change.into()));
        bytes
    }

    fn bytes_of((previous, account, operation, changes, hash): &Whole) -> Vec<u8> {
        let mut bytes = Vec::new();
        push_operation(&mut bytes, previous, AccountId(*account), operation, *changes, hash);
        bytes
    }

    proptest! {
        #[test]
        fn an_operation_reads_back_from_its_bytes(one in whole(), two in whole()) {
            prop_assert_eq!(&read_operation(&bytes_of(&one)), &one);
            prop_assert_eq!(bytes_of(&one) == bytes_of(&two), one == two);
        }

        #[test]
        fn change_rows_read_back_from_their_bytes(
            one in prop::collection::vec(change(), 0..4),
            two in prop::collection::vec(change(), 0..4),
        ) {
            let bytes = bytes_of_changes(&one);
            let (mut from, mut read) = (Reader(&bytes), Vec::new());
            while !from.0.is_empty() {
                read.push(from.change());
            }
            prop_assert_eq!(&read, &one);
            prop_assert_eq!(bytes == bytes_of_changes(&two), one == two);
        }
    }

    #[test]
    fn a_hash_is_what_other_tools_compute() {
        let operation = LoggedOperation {
            version: Version(0),
            at: UnixMs(1_000),
            actor: "Dana".into(),
            via: "browser".into(),
            kind: "create_account".into(),
            reason: None,
            changed: 1,
            refused: 0,
            details: "null".into(),
        };
        let mut changes = ChangesHash::default();
        changes.add(ChangeFields {
            seq: 0,
            subject_kind: "account",
            subject_id: 1,
            label: "Café",
            before: None,
            after: Some("{\"country\":\"US\"}"),
        });
        let hash = changes.finish(&ChainHash::NONE.to_string(), AccountId(1), &operation);
        assert_eq!(hash.to_string(), "71ff3ce009757f874085784a938558cc9f953f7e1350347808229f0ef4d487fe");
    }
}
