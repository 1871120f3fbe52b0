//! The log of changes: who did what, when, and what it was before.

mod operations;
mod past;
mod read;
mod record;

use std::fmt;

use routing::{AccountId, CaseId, E164, PlanId, RouteId, ScheduleId, Version};
use serde::Serialize;
use serde_json::Value as Json;

pub use operations::{OperationFilter, OperationPage, OperationsAt};
pub use past::Before;
pub(crate) use past::{among, things};
pub(crate) use read::{actors_of, changes_since, operation, released_since};
pub(crate) use record::{Recording, insert_operation};

use crate::audit::LoggedOperation;
use crate::convert::{
    corrupt, count, count_to_db, json_from_db, json_to_db, number_from_db, number_to_db, row_name,
};
use crate::people::UserId;
use crate::sql::Sql;
use crate::{DatabaseKind, Result, UnixMs};

/// What a change was made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The account itself.
    Account,
    /// An inbound route.
    Route(RouteId),
    /// A DID; by its number, which outlives the row.
    Did(E164),
    /// A failover plan.
    Plan(PlanId),
    /// A schedule.
    Schedule(ScheduleId),
    /// A saved case.
    Case(CaseId),
    /// What somebody said of findings; which one, the label says.
    Finding,
    /// Who may do what in the account: a person, an invitation, support or an API token; the label says which.
    Person,
    /// Where routes to phone numbers may ring; the label says which country.
    Destination,
    /// What the staff tells the customer; the label says of what.
    Note,
    /// Somebody who may sign in, in the installation's own history.
    User(UserId),
}

impl Subject {
    fn to_db(self, account: AccountId) -> (&'static str, i64) {
        match self {
            Subject::Account => ("account", account.0),
            Subject::Route(route) => ("route", route.0),
            Subject::Did(number) => ("did", number_to_db(number)),
            Subject::Plan(plan) => ("plan", plan.0),
            Subject::Schedule(schedule) => ("schedule", schedule.0),
            Subject::Case(case) => ("case", case.0),
            Subject::Finding => ("finding", account.0),
            Subject::Person => ("person", account.0),
            Subject::Destination => ("destination", account.0),
            Subject::Note => ("note", account.0),
            Subject::User(user) => ("user", user.0),
        }
    }

    fn from_db(row: &str, kind: &str, id: i64) -> Result<Subject> {
        match kind {
            "account" => Ok(Subject::Account),
            "route" => Ok(Subject::Route(RouteId(id))),
            "did" => Ok(Subject::Did(number_from_db("changes", row, "subject_id", id)?)),
            "plan" => Ok(Subject::Plan(PlanId(id))),
            "schedule" => Ok(Subject::Schedule(ScheduleId(id))),
            "case" => Ok(Subject::Case(CaseId(id))),
            "finding" => Ok(Subject::Finding),
            "person" => Ok(Subject::Person),
            "destination" => Ok(Subject::Destination),
            "note" => Ok(Subject::Note),
            "user" => Ok(Subject::User(UserId(id))),
            other => Err(corrupt("changes", row, "subject_kind", format_args!("{other:?} is no subject"))),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Account => f.write_str("account"),
            Subject::Route(route) => write!(f, "route {route}"),
            Subject::Did(number) => write!(f, "DID {number}"),
            Subject::Plan(plan) => write!(f, "failover plan {plan}"),
            Subject::Schedule(schedule) => write!(f, "schedule {schedule}"),
            Subject::Case(case) => write!(f, "case {case}"),
            Subject::Finding => f.write_str("finding"),
            Subject::Destination => f.write_str("destination"),
            Subject::Note => f.write_str("note"),
            Subject::User(user) => write!(f, "user {user}"),
            Subject::Person => f.write_str("person"),
        }
    }
}

/// A change to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChange {
    /// What was changed.
    pub subject: Subject,
    /// Its name at that time, for people.
    pub label: String,
    /// What it was; `None` if it was not there.
    pub before: Option<JsonText>,
    /// What it became; `None` if it is gone.
    pub after: Option<JsonText>,
}

impl NewChange {
    /// The change of a thing from one side to the other.
    pub fn of(
        subject: Subject,
        label: impl Into<String>,
        before: Option<Json>,
        after: Option<Json>,
    ) -> NewChange {
        let (before, after) = (before.map(JsonText::from), after.map(JsonText::from));
        NewChange { subject, label: label.into(), before, after }
    }
}

/// JSON as the text that is stored and hashed. A bulk action records hundreds of thousands of things, of which nobody
/// reads the fields on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText(String);

impl JsonText {
    /// The JSON of a struct of texts and numbers, and of whatever else is JSON.
    ///
    /// # Panics
    /// If it is none, such as a map whose keys are no texts; so does [`serde_json::json!`].
    pub fn of(thing: &impl Serialize) -> JsonText {
        JsonText(serde_json::to_string(thing).expect("what is recorded is JSON"))
    }

    /// Read back, to be shown.
    ///
    /// # Panics
    /// Never: it was written as JSON.
    pub fn read(&self) -> Json {
        serde_json::from_str(&self.0).expect("it was written as JSON")
    }
}

impl From<Json> for JsonText {
    fn from(json: Json) -> JsonText {
        JsonText(json.to_string())
    }
}

/// A recorded change.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeRow {
    /// The account's version that it made.
    pub version: Version,
    /// Its place among the changes of its operation, from 0 on without a gap.
    pub seq: u64,
    /// When.
    pub at: UnixMs,
    /// Who.
    pub actor: String,
    /// From where: browser, command line, API.
    pub via: String,
    /// What kind of operation it was part of.
    pub kind: String,
    /// What was changed.
    pub subject: Subject,
    /// Its name at that time.
    pub label: String,
    /// What it was; `None` if it was not there.
    pub before: Option<Json>,
    /// What it became; `None` if it is gone.
    pub after: Option<Json>,
}

/// What a transaction was for; committing writes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Operation {
    /// Who.
    pub actor: String,
    /// From where.
    pub via: String,
    /// What kind, such as `set_failover_route`.
    pub kind: String,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// How many things it changed.
    pub changed: u64,
    /// How many it was refused.
    pub refused: u64,
    /// What else its result page shows.
    pub details: Json,
}

impl Operation {
    /// As it is stored.
    pub(crate) fn logged(self, version: Version, at: UnixMs) -> Result<LoggedOperation> {
        Ok(LoggedOperation {
            version,
            at,
            details: json_to_db("record the operation", &self.details)?,
            actor: self.actor,
            via: self.via,
            kind: self.kind,
            reason: self.reason,
            changed: count_to_db(self.changed),
            refused: count_to_db(self.refused),
        })
    }
}

/// A committed operation.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationRow {
    /// The account's version that it made.
    pub version: Version,
    /// When.
    pub at: UnixMs,
    /// What it was.
    pub operation: Operation,
}

/// A DID that left the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// Its number.
    pub number: E164,
    /// Who released it.
    pub by: String,
    /// When.
    pub at: UnixMs,
    /// The account's version that it made.
    pub version: Version,
}

#[derive(sqlx::FromRow)]
struct StoredChange {
    version: i64,
    seq: i64,
    at: i64,
    actor: String,
    via: String,
    kind: String,
    subject_kind: String,
    subject_id: i64,
    label: String,
    before: Option<String>,
    after: Option<String>,
}

impl StoredChange {
    fn into_domain(self, account: AccountId) -> Result<ChangeRow> {
        let row = row_name(row_name(account, self.version), self.seq);
        let json = |column, text: Option<String>| {
            text.map(|text| json_from_db("changes", &row, column, &text)).transpose()
        };
        Ok(ChangeRow {
            version: Version(self.version),
            seq: count(self.seq),
            at: UnixMs(self.at),
            actor: self.actor,
            via: self.via,
            kind: self.kind,
            subject: Subject::from_db(&row, &self.subject_kind, self.subject_id)?,
            label: self.label,
            before: json("before", self.before)?,
            after: json("after", self.after)?,
        })
    }
}

/// An operation as it is stored: what the log lists, and what the audit hashes.
#[derive(sqlx::FromRow)]
pub(crate) struct StoredOperation {
    pub(crate) version: i64,
    pub(crate) at: i64,
    pub(crate) actor: String,
    pub(crate) via: String,
    pub(crate) kind: String,
    pub(crate) reason: Option<String>,
    pub(crate) changed: i64,
    pub(crate) refused: i64,
    pub(crate) details: String,
}

impl StoredOperation {
    fn into_domain(self, account: AccountId) -> Result<OperationRow> {
        let details = json_from_db("operations", row_name(account, self.version), "details", &self.details)?;
        Ok(OperationRow {
            version: Version(self.version),
            at: UnixMs(self.at),
            operation: Operation {
                actor: self.actor,
                via: self.via,
                kind: self.kind,
                reason: self.reason,
                changed: count(self.changed),
                refused: count(self.refused),
                details,
            },
        })
    }
}

/// Begins to read changes of an account, any of them.
fn select_changes(doing: &'static str, account: AccountId) -> Sql {
    select_changes_by("", doing, account)
}

/// The same, of changes that are chosen by what they were made to.
fn select_changes_of(kind: DatabaseKind, doing: &'static str, account: AccountId) -> Sql {
    select_changes_by(by_subject(kind), doing, account)
}

fn select_changes_by(index: &'static str, doing: &'static str, account: AccountId) -> Sql {
    let mut sql = Sql::new(
        doing,
        "select c.version, c.seq, o.at, o.actor, o.via, o.kind, c.subject_kind, c.subject_id,
                c.label, c.before, c.after
         from changes as c",
    );
    sql.push(index).push(" join operations as o on o.account_id = c.account_id and o.version = c.version");
    sql.push(" where c.account_id = ").push_bind(account.0);
    sql
}

/// To stand behind the table, where changes are chosen by what they were made to. Without statistics SQLite takes the index
/// for no better than the order in which the table lies, and would read all that was ever done in the account.
fn by_subject(kind: DatabaseKind) -> &'static str {
    match kind {
        DatabaseKind::Sqlite => " indexed by changes_by_subject",
        DatabaseKind::Postgres => "",
    }
}

pub(crate) const SELECT_OPERATIONS: &str =
    "select version, at, actor, via, kind, reason, changed, refused, details
 from operations where account_id = ";
