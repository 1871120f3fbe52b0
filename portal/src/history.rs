//! What was done: changes with their fields before and after, and operations with what they refused.

mod read;
mod record;

use routing::{AccountId, E164, Version};
use serde_json::{Map, Value};
use store::{ChangeRow, OperationRow, Subject, UnixMs};

pub(crate) use self::read::{AccountKept, Thing, did_of, finding_key};
use self::record::{Details, subject_of};
pub(crate) use self::record::{
    Done, account_change, account_json, did_added, did_change, did_json, did_removed, did_updated,
    plan_change, route_change, schedule_change,
};
use crate::limits::OPERATION_CHANGES;
use crate::{Actor, Drift, Error, Left, Noun, Portal, Refusal, Result, UndoneBy};

/// What kind of operation it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// The account was created.
    CreateAccount,
    /// A route was added.
    AddRoute,
    /// A route was changed.
    EditRoute,
    /// A route was deleted.
    DeleteRoute,
    /// A failover plan was added.
    AddPlan,
    /// A failover plan was changed.
    EditPlan,
    /// A failover plan was deleted.
    DeletePlan,
    /// A schedule was added.
    AddSchedule,
    /// A schedule was changed.
    EditSchedule,
    /// A schedule was deleted.
    DeleteSchedule,
    /// One DID was changed on its page.
    EditDid,
    /// Set Route.
    SetRoute,
    /// Set Failover Route.
    SetFailoverRoute,
    /// Clear Failover Route.
    ClearFailoverRoute,
    /// Set Alias.
    SetAlias,
    /// Release.
    Release,
    /// A CSV of DIDs.
    Import,
    /// An account file.
    ImportAccount,
    /// A case was saved.
    SaveCase,
    /// A saved case was changed.
    EditCase,
    /// A saved case was deleted.
    DeleteCase,
    /// A finding was accepted.
    AcceptFinding,
    /// The acceptance of a finding was taken back.
    WithdrawAcceptance,
    /// Somebody was invited.
    Invite,
    /// An invitation was taken back.
    WithdrawInvitation,
    /// Somebody belongs to the account since.
    Join,
    /// Somebody has another role since.
    ChangeRole,
    /// Somebody belongs to the account no more.
    RemovePerson,
    /// Support may write for a time.
    GrantSupport,
    /// Support may write no more.
    EndSupport,
    /// An API token was made.
    MakeToken,
    /// An API token was revoked.
    RevokeToken,
    /// Routes to phone numbers may ring in one more country.
    AllowDestination,
    /// They may ring there no more.
    ForbidDestination,
    /// The staff told the customer something.
    WriteNote,
    /// A note is gone.
    RemoveNote,
    /// Somebody may sign in since.
    AddPerson,
    /// Somebody may sign in no more.
    DisablePerson,
    /// Somebody may sign in again.
    EnablePerson,
    /// A link to a new password was made for somebody.
    MakePasswordLink,
    /// Somebody's second factor was switched off for them.
    ResetSecondFactor,
    /// Something that was done was undone.
    Undo,
    /// One thing was put back to how it was after a version.
    Restore,
    /// Written by a newer version of this program.
    Other(String),
}

impl OperationKind {
    /// Those of the installation's own history alone.
    const OF_THE_INSTALLATION: [OperationKind; 5] = [
        OperationKind::AddPerson,
        OperationKind::DisablePerson,
        OperationKind::EnablePerson,
        OperationKind::MakePasswordLink,
        OperationKind::ResetSecondFactor,
    ];

    /// Every kind that this program writes in an account's history.
    pub const NAMED: [OperationKind; 38] = [
        OperationKind::CreateAccount,
        OperationKind::AddRoute,
        OperationKind::EditRoute,
        OperationKind::DeleteRoute,
        OperationKind::AddPlan,
        OperationKind::EditPlan,
        OperationKind::DeletePlan,
        OperationKind::AddSchedule,
        OperationKind::EditSchedule,
        OperationKind::DeleteSchedule,
        OperationKind::EditDid,
        OperationKind::SetRoute,
        OperationKind::SetFailoverRoute,
        OperationKind::ClearFailoverRoute,
        OperationKind::SetAlias,
        OperationKind::Release,
        OperationKind::Import,
        OperationKind::ImportAccount,
        OperationKind::SaveCase,
        OperationKind::EditCase,
        OperationKind::DeleteCase,
        OperationKind::AcceptFinding,
        OperationKind::WithdrawAcceptance,
        OperationKind::Invite,
        OperationKind::WithdrawInvitation,
        OperationKind::Join,
        OperationKind::ChangeRole,
        OperationKind::RemovePerson,
        OperationKind::GrantSupport,
        OperationKind::EndSupport,
        OperationKind::MakeToken,
        OperationKind::RevokeToken,
        OperationKind::AllowDestination,
        OperationKind::ForbidDestination,
        OperationKind::WriteNote,
        OperationKind::RemoveNote,
        OperationKind::Undo,
        OperationKind::Restore,
    ];

    /// Its stable name, as the history stores it.
    pub fn as_str(&self) -> &str {
        match self {
            OperationKind::CreateAccount => "create_account",
            OperationKind::AddRoute => "add_route",
            OperationKind::EditRoute => "edit_route",
            OperationKind::DeleteRoute => "delete_route",
            OperationKind::AddPlan => "add_plan",
            OperationKind::EditPlan => "edit_plan",
            OperationKind::DeletePlan => "delete_plan",
            OperationKind::AddSchedule => "add_schedule",
            OperationKind::EditSchedule => "edit_schedule",
            OperationKind::DeleteSchedule => "delete_schedule",
            OperationKind::EditDid => "edit_did",
            OperationKind::SetRoute => "set_route",
            OperationKind::SetFailoverRoute => "set_failover_route",
            OperationKind::ClearFailoverRoute => "clear_failover_route",
            OperationKind::SetAlias => "set_alias",
            OperationKind::Release => "release",
            OperationKind::Import => "import",
            OperationKind::ImportAccount => "import_account",
            OperationKind::SaveCase => "save_case",
            OperationKind::EditCase => "edit_case",
            OperationKind::DeleteCase => "delete_case",
            OperationKind::AcceptFinding => "accept_finding",
            OperationKind::WithdrawAcceptance => "withdraw_acceptance",
            OperationKind::Invite => "invite",
            OperationKind::WithdrawInvitation => "withdraw_invitation",
            OperationKind::Join => "join",
            OperationKind::ChangeRole => "change_role",
            OperationKind::RemovePerson => "remove_person",
            OperationKind::GrantSupport => "grant_support",
            OperationKind::EndSupport => "end_support",
            OperationKind::MakeToken => "make_token",
            OperationKind::RevokeToken => "revoke_token",
            OperationKind::AllowDestination => "allow_destination",
            OperationKind::ForbidDestination => "forbid_destination",
            OperationKind::WriteNote => "write_note",
            OperationKind::RemoveNote => "remove_note",
            OperationKind::AddPerson => "add_person",
            OperationKind::DisablePerson => "disable_person",
            OperationKind::EnablePerson => "enable_person",
            OperationKind::MakePasswordLink => "make_password_link",
            OperationKind::ResetSecondFactor => "reset_second_factor",
            OperationKind::Undo => "undo",
            OperationKind::Restore => "restore",
            OperationKind::Other(name) => name,
        }
    }

    /// The kind of a stable name, if this program writes it.
    pub fn parse(name: &str) -> Option<OperationKind> {
        let all = OperationKind::NAMED.into_iter().chain(OperationKind::OF_THE_INSTALLATION);
        all.into_iter().find(|kind| kind.as_str() == name)
    }

    pub(crate) fn read(name: String) -> OperationKind {
        OperationKind::parse(&name).unwrap_or(OperationKind::Other(name))
    }
}

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
