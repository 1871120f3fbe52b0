//! What was done: changes with their fields before and after, and operations with what they refused.

mod kind;
mod read;
mod record;

use routing::{AccountId, E164, Version};
use serde_json::{Map, Value};
use store::{ChangeRow, OperationRow, Subject, UnixMs};

pub use self::kind::OperationKind;
pub(crate) use self::read::{AccountKept, Thing, did_of, finding_key};
use self::record::{Details, subject_of};
pub(crate) use self::record::{
    Done, account_change, account_json, did_added, did_change, did_json, did_removed, did_updated,
    plan_change, route_change, schedule_change,
};
use crate::limits::OPERATION_CHANGES;
use crate::{Actor, Drift, Error, Left, Noun, Portal, Refusal, Result, UndoneBy};

/// A field of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// `alias`, `type`, `value`, `primary`, `failover`, `weights`, `edge`, `carrier`, `site`, `region`, `answerer`;
    /// a plan's `name` and `step_1` to `step_10`; a schedule's `name`, `zone`, `monday` to `sunday` and `exceptions`;
    /// the account's `name`, `country` and clocks; a saved case's `number`, `at`, `faults`, `expects` and the like; a
    /// finding's `finding`, `key`, `reason` and `until`.
    pub name: String,
    /// What it was.
    pub before: Option<String>,
    /// What it became.
    pub after: Option<String>,
}

/// What was changed of one thing, by whom, when and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeView {
    /// The account's version that it made.
    pub version: Version,
    /// When.
    pub at: UnixMs,
    /// Who.
    pub actor: String,
    /// From where.
    pub via: String,
    /// What kind of operation it was part of.
    pub kind: OperationKind,
    /// What was changed.
    pub subject: Subject,
    /// Its name at that time.
    pub label: String,
    /// Whether it was not there before.
    pub added: bool,
    /// Whether it is gone since.
    pub removed: bool,
    /// The fields that differ.
    pub fields: Vec<FieldChange>,
}

/// The order in which fields are read; steps follow by their number, then any other.
const FIELDS: [&str; 22] = [
    "alias",
    "type",
    "value",
    "primary",
    "failover",
    "weights",
    "edge",
    "carrier",
    "site",
    "region",
    "answerer",
    "name",
    "country",
    "zone",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "exceptions",
];

/// What the name of a step's field begins with; its number follows.
const STEP: &str = "step_";
/// The steps of a plan as programs read them; not shown.
const STEPS: &str = "steps";
/// A saved case as programs read it; not shown.
pub(crate) const CASE: &str = "case";
/// Who accepted a finding, when and until when, as programs read it; not shown.
pub(crate) const ACCEPTANCE: &str = "acceptance";
/// What stands beside its words for programs.
const FOR_PROGRAMS: [&str; 3] = [STEPS, CASE, ACCEPTANCE];

fn place(name: &str) -> usize {
    let step = || Some(FIELDS.len().saturating_add(name.strip_prefix(STEP)?.parse().ok()?));
    FIELDS.iter().position(|field| *field == name).or_else(step).unwrap_or(usize::MAX)
}

impl ChangeView {
    pub(crate) fn new(row: ChangeRow) -> ChangeView {
        let (before, after) = (row.before.as_ref(), row.after.as_ref());
        ChangeView {
            version: row.version,
            at: row.at,
            actor: row.actor,
            via: row.via,
            kind: OperationKind::read(row.kind),
            subject: row.subject,
            label: row.label,
            added: before.is_none(),
            removed: after.is_none(),
            fields: differences(before.and_then(Value::as_object), after.and_then(Value::as_object)),
        }
    }
}

fn differences(before: Option<&Map<String, Value>>, after: Option<&Map<String, Value>>) -> Vec<FieldChange> {
    let mut names: Vec<&String> = before.into_iter().chain(after).flat_map(Map::keys).collect();
    names.sort_by_key(|name| (place(name), name.as_str()));
    names.dedup();
    let text = |side: Option<&Map<String, Value>>, name: &str| match side.and_then(|side| side.get(name)) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    names
        .into_iter()
        // Ids stand beside their names for programs.
        .filter(|name| !name.ends_with("_id") && !FOR_PROGRAMS.contains(&name.as_str()))
        .map(|name| FieldChange { name: name.clone(), before: text(before, name), after: text(after, name) })
        .filter(|change| change.before != change.after)
        .collect()
}

/// What an undo undid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The version that it had made.
    pub version: Version,
    /// What kind of operation it was.
    pub kind: OperationKind,
}

/// Something that was done, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationView {
    /// The account's version that it made.
    pub version: Version,
    /// When.
    pub at: UnixMs,
    /// Who.
    pub actor: String,
    /// From where.
    pub via: String,
    /// The network address of the request, if it was one.
    pub address: Option<String>,
    /// What the request is called in the log.
    pub request: Option<String>,
    /// On whose behalf: the owner's who let support write.
    pub on_behalf_of: Option<String>,
    /// What kind.
    pub kind: OperationKind,
    /// What it was about: the name of a route, plan or schedule, a number, a file's name; empty if nothing in
    /// particular.
    pub about: String,
    /// Why, in their words.
    pub reason: Option<String>,
    /// How many things it changed.
    pub changed: u64,
    /// How many were as asked already.
    pub unchanged: u64,
    /// How many it refused.
    pub refused: u64,
    /// The first of those, and why.
    pub refusals: Vec<(E164, Refusal)>,
    /// Things other than DIDs that it left as they are, and why.
    pub left: Vec<Left>,
    /// How what matched the filter of a selection differed from what was chosen by it.
    pub drift: Drift,
    /// What it undid, of an undo.
    pub undone: Option<Undone>,
    /// The version to which it put a thing back, of a restore.
    pub restored: Option<Version>,
    /// By what it was undone, if it was and that was not undone in its turn.
    pub undone_by: Option<UndoneBy>,
    /// The saved cases that it broke, whoever made it having been shown them.
    pub broken_cases: Vec<String>,
    /// A page of its changes, in the order in which they were made; empty in a list of operations.
    pub changes: Vec<ChangeView>,
    /// The place of the first of these among all.
    pub changes_from: u64,
    /// Whether more follow.
    pub changes_more: bool,
}

impl OperationView {
    pub(crate) fn new(row: OperationRow) -> OperationView {
        // Details that an older or newer program wrote in another way cost the details, not the page.
        let details: Details = serde_json::from_value(row.operation.details).unwrap_or_default();
        OperationView {
            version: row.version,
            at: row.at,
            actor: row.operation.actor,
            via: row.operation.via,
            address: details.address,
            request: details.request,
            on_behalf_of: details.on_behalf_of,
            kind: OperationKind::read(row.operation.kind),
            about: details.about,
            reason: row.operation.reason,
            changed: row.operation.changed,
            unchanged: details.unchanged,
            refused: row.operation.refused,
            refusals: details.refusals.into_iter().map(|(number, why)| (number, why.into())).collect(),
            left: details
                .left
                .into_iter()
                .map(|(kind, id, label, why)| Left { subject: subject_of(&kind, id), label, why: why.into() })
                .collect(),
            drift: details.drift,
            restored: details.restored,
            undone_by: None,
            undone: details.undone.map(|(version, kind)| Undone { version, kind: OperationKind::read(kind) }),
            broken_cases: details.broken_cases,
            changes: Vec::new(),
            changes_from: 0,
            changes_more: false,
        }
    }
}

impl Portal {
    /// What an operation did: its page, also long after, with the first of its changes.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn operation(
        &self,
        actor: &Actor,
        account: AccountId,
        version: Version,
    ) -> Result<OperationView> {
        self.operation_from(actor, account, version, 0).await
    }

    /// The same, with the page of its changes that begins at a place.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn operation_from(
        &self,
        actor: &Actor,
        account: AccountId,
        version: Version,
        from: u64,
    ) -> Result<OperationView> {
        actor.may_read(account)?;
        let row = self.store.operation(account, version).await?.ok_or(Error::NotFound(Noun::Operation))?;
        let mut view = OperationView::new(row);
        self.tell_undone(account, std::slice::from_mut(&mut view)).await?;
        let mut changes = self.store.operation_changes(account, version, from, OPERATION_CHANGES + 1).await?;
        view.changes_more = changes.len() > OPERATION_CHANGES as usize;
        changes.truncate(OPERATION_CHANGES as usize);
        view.changes_from = from;
        view.changes = changes.into_iter().map(ChangeView::new).collect();
        Ok(view)
    }
}
