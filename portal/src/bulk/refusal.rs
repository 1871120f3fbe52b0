//! Why a DID is left as it is, though it was chosen.

use std::collections::HashMap;
use std::fmt;

use routing::{AccountId, E164, OwnDid, Version};
use serde::{Deserialize, Serialize};
use store::UnixMs;

use crate::limits::EDITORS_MAX;
use crate::{Portal, Result};

/// Why a DID is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody changed it after it was chosen; their work is not overwritten.
    EditedSince {
        /// Who.
        by: String,
        /// When.
        at: UnixMs,
    },
    /// The failover would be the primary itself, or a plan that rings nothing else.
    SameAsPrimary,
    /// The primary would be its failover, or all that its failover plan rings.
    SameAsFailover,
    /// The failover would come back to us.
    OwnDid(OwnDid),
    /// It is not in the account any more.
    Gone,
    /// Somebody changed, added or released it after what is to be undone; their work stays.
    EditedAfter {
        /// Who.
        by: String,
        /// When.
        at: UnixMs,
        /// The version of the account that they made.
        version: Version,
    },
    /// A route or plan that it would go back to is there no more.
    TargetGone {
        /// What that was called.
        name: String,
    },
    /// Its number belongs to somebody else meanwhile.
    NumberTaken,
    /// The history keeps it in a way that this program cannot read.
    Unreadable,
    /// What was added rings for DIDs or stands in plans by now, so it cannot go.
    InUse {
        /// How many DIDs.
        dids: u64,
        /// The plans by name.
        plans: Vec<String>,
    },
    /// The account does not let routes to phone numbers ring there.
    NotAllowed {
        /// What that country is called.
        country: String,
    },
    /// Something else has the name by now that it would go back to.
    NameTaken {
        /// The name.
        name: String,
    },
    /// A schedule that a plan would go by again is there no more.
    HoursGone {
        /// What that was called.
        name: String,
    },
    /// There are as many of its kind as an account may have.
    Full {
        /// How many that is.
        max: u64,
    },
}

impl Refusal {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::EditedSince { .. } => "edited_since",
            Refusal::SameAsPrimary => "same_as_primary",
            Refusal::SameAsFailover => "same_as_failover",
            Refusal::OwnDid(why) => why.code(),
            Refusal::Gone => "gone",
            Refusal::EditedAfter { .. } => "edited_after",
            Refusal::TargetGone { .. } => "target_gone",
            Refusal::NumberTaken => "number_taken",
            Refusal::Unreadable => "unreadable",
            Refusal::InUse { .. } => "in_use",
            Refusal::NotAllowed { .. } => "destination_not_allowed",
            Refusal::NameTaken { .. } => "name_taken",
            Refusal::HoursGone { .. } => "hours_gone",
            Refusal::Full { .. } => "full",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::EditedSince { by, .. } => {
                write!(f, "{by} changed it since you looked. Look at it again.")
            }
            Refusal::SameAsPrimary => {
                f.write_str("This is its primary route already, so it would fail with it.")
            }
            Refusal::SameAsFailover => {
                f.write_str("Its failover rings this route and nothing else, so both would fail. Set another failover first.")
            }
            Refusal::OwnDid(why) => why.fmt(f),
            Refusal::Gone => f.write_str("It is not in the account any more."),
            Refusal::EditedAfter { by, .. } => write!(f, "{by} changed it after that, and their change stays."),
            Refusal::TargetGone { name } => {
                write!(f, "{name}, where it rang, is there no more. Set another route for it.")
            }
            Refusal::NumberTaken => f.write_str("The number belongs to somebody else meanwhile."),
            Refusal::Unreadable => f.write_str(
                "The history keeps what it was in a way that this version of Switchback cannot read.",
            ),
            Refusal::InUse { dids, plans } => in_use(f, *dids, plans),
            Refusal::NotAllowed { country } => {
                write!(f, "The account does not allow calls there ({country}). An owner can, under Allowed countries.")
            }
            Refusal::NameTaken { name } => {
                write!(f, "Another one is called {name} by now. Give that one another name first.")
            }
            Refusal::HoursGone { name } => {
                write!(f, "The schedule by which its steps were entered ({name}) is there no more.")
            }
            Refusal::Full { max } => {
                write!(f, "The account has {max} of its kind, the most that it may have. Delete one first.")
            }
        }
    }
}

fn in_use(f: &mut fmt::Formatter<'_>, dids: u64, plans: &[String]) -> fmt::Result {
    f.write_str("It is in use by now, ")?;
    match dids {
        0 => {}
        1 => f.write_str("by 1 DID")?,
        n => write!(f, "by {n} DIDs")?,
    }
    if !plans.is_empty() {
        let plans = plans.join(", ");
        write!(f, "{}in failover plans ({plans})", if dids > 0 { " and " } else { "" })?;
    }
    f.write_str(". Take it out of there first.")
}

/// A refusal as an operation keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub(crate) enum StoredRefusal {
    EditedSince { by: String, at: UnixMs },
    SameAsPrimary,
    SameAsFailover,
    OwnNumber { number: E164 },
    OwnNumberInUri { number: E164 },
    OwnEdge { host: String },
    Gone,
    EditedAfter { by: String, at: UnixMs, version: Version },
    TargetGone { name: String },
    NumberTaken,
    Unreadable,
    InUse { dids: u64, plans: Vec<String> },
    NotAllowed { country: String },
    NameTaken { name: String },
    HoursGone { name: String },
    Full { max: u64 },
}

impl From<&Refusal> for StoredRefusal {
    fn from(refusal: &Refusal) -> StoredRefusal {
        match refusal {
            Refusal::EditedSince { by, at } => StoredRefusal::EditedSince { by: by.clone(), at: *at },
            Refusal::SameAsPrimary => StoredRefusal::SameAsPrimary,
            Refusal::SameAsFailover => StoredRefusal::SameAsFailover,
            Refusal::OwnDid(OwnDid::Number { number }) => StoredRefusal::OwnNumber { number: *number },
            Refusal::OwnDid(OwnDid::InsideUri { number }) => {
                StoredRefusal::OwnNumberInUri { number: *number }
            }
            Refusal::OwnDid(OwnDid::OwnEdge { host }) => StoredRefusal::OwnEdge { host: host.clone() },
            Refusal::Gone => StoredRefusal::Gone,
            Refusal::EditedAfter { by, at, version } => {
                StoredRefusal::EditedAfter { by: by.clone(), at: *at, version: *version }
            }
            Refusal::TargetGone { name } => StoredRefusal::TargetGone { name: name.clone() },
            Refusal::NumberTaken => StoredRefusal::NumberTaken,
            Refusal::Unreadable => StoredRefusal::Unreadable,
            Refusal::InUse { dids, plans } => StoredRefusal::InUse { dids: *dids, plans: plans.clone() },
            Refusal::NotAllowed { country } => StoredRefusal::NotAllowed { country: country.clone() },
            Refusal::NameTaken { name } => StoredRefusal::NameTaken { name: name.clone() },
            Refusal::HoursGone { name } => StoredRefusal::HoursGone { name: name.clone() },
            Refusal::Full { max } => StoredRefusal::Full { max: *max },
        }
    }
}

impl From<StoredRefusal> for Refusal {
    fn from(stored: StoredRefusal) -> Refusal {
        match stored {
            StoredRefusal::EditedSince { by, at } => Refusal::EditedSince { by, at },
            StoredRefusal::SameAsPrimary => Refusal::SameAsPrimary,
            StoredRefusal::SameAsFailover => Refusal::SameAsFailover,
            StoredRefusal::OwnNumber { number } => Refusal::OwnDid(OwnDid::Number { number }),
            StoredRefusal::OwnNumberInUri { number } => Refusal::OwnDid(OwnDid::InsideUri { number }),
            StoredRefusal::OwnEdge { host } => Refusal::OwnDid(OwnDid::OwnEdge { host }),
            StoredRefusal::Gone => Refusal::Gone,
            StoredRefusal::EditedAfter { by, at, version } => Refusal::EditedAfter { by, at, version },
            StoredRefusal::TargetGone { name } => Refusal::TargetGone { name },
            StoredRefusal::NumberTaken => Refusal::NumberTaken,
            StoredRefusal::Unreadable => Refusal::Unreadable,
            StoredRefusal::InUse { dids, plans } => Refusal::InUse { dids, plans },
            StoredRefusal::NotAllowed { country } => Refusal::NotAllowed { country },
            StoredRefusal::NameTaken { name } => Refusal::NameTaken { name },
            StoredRefusal::HoursGone { name } => Refusal::HoursGone { name },
            StoredRefusal::Full { max } => Refusal::Full { max },
        }
    }
}

/// Who made the versions after some moment. Read once, however many DIDs they edited.
#[derive(Debug, Default)]
pub(crate) struct Editors(HashMap<Version, String>);

impl Portal {
    /// Those who made the account's versions after `as_of`.
    pub(crate) async fn editors_since(&self, account: AccountId, as_of: Version) -> Result<Editors> {
        let now = self.facts(account).await?.account.version;
        let versions = now.0.saturating_sub(as_of.0).clamp(0, EDITORS_MAX);
        let Some(limit) = u32::try_from(versions).ok().filter(|versions| *versions > 0) else {
            return Ok(Editors::default());
        };
        let operations = self.store.recent_operations(account, limit).await?;
        Ok(Editors(operations.into_iter().map(|row| (row.version, row.operation.actor)).collect()))
    }
}

impl Editors {
    /// Why a row of a later version is refused.
    pub(crate) fn refusal(&self, row: &store::DidRow) -> Refusal {
        let by = self.0.get(&row.version).cloned().unwrap_or_else(|| "Somebody else".to_owned());
        Refusal::EditedSince { by, at: row.changed_at }
    }
}
