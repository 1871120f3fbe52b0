//! The log of changes: who did what, when, and what it was before.

mod operations;
mod past;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use routing::{AccountId, CaseId, E164, PlanId, RouteId, ScheduleId, Version};
use serde_json::Value as Json;

pub use operations::{OperationFilter, OperationPage, OperationsAt};
pub use past::Before;
pub(crate) use past::{among, befores_of, things};

use crate::audit::{ChangeFields, ChangesHash, LoggedOperation};
use crate::convert::{
    corrupt, count, count_to_db, json_from_db, json_to_db, number_from_db, number_to_db, row_name,
};
use crate::db::Store;
use crate::people::UserId;
use crate::sql::{Column, Conn, Sql};
use crate::{ROWS_PER_STATEMENT, Result, UnixMs};

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
#[derive(Clone, Debug, PartialEq)]
pub struct NewChange {
    /// What was changed.
    pub subject: Subject,
    /// Its name at that time, for people.
    pub label: String,
    /// What it was; `None` if it was not there.
    pub before: Option<Json>,
    /// What it became; `None` if it is gone.
    pub after: Option<Json>,
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

const SELECT_CHANGES: &str =
    "select c.version, c.seq, o.at, o.actor, o.via, o.kind, c.subject_kind, c.subject_id,
        c.label, c.before, c.after
 from changes as c join operations as o on o.account_id = c.account_id and o.version = c.version
 where c.account_id = ";

pub(crate) const SELECT_OPERATIONS: &str =
    "select version, at, actor, via, kind, reason, changed, refused, details
 from operations where account_id = ";

impl Store {
    /// The latest changes to one thing, newest first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn changes_for(
        &self,
        account: AccountId,
        subject: Subject,
        limit: u32,
    ) -> Result<Vec<ChangeRow>> {
        let (kind, id) = subject.to_db(account);
        let mut sql = Sql::new("list the changes to one thing", SELECT_CHANGES);
        sql.push_bind(account.0).push(" and c.subject_kind = ").push_bind(kind);
        sql.push(" and c.subject_id = ").push_bind(id);
        sql.push(" order by c.version desc, c.seq desc limit ").push_bind(i64::from(limit));
        changes(&mut self.reader().await?.conn(), account, sql).await
    }

    /// What the operations of a span of versions changed, oldest first; the first version counts, and the last.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn changes_between(
        &self,
        account: AccountId,
        (first, last): (Version, Version),
    ) -> Result<Vec<ChangeRow>> {
        let mut sql = Sql::new("list the changes of a span", SELECT_CHANGES);
        sql.push_bind(account.0).push(" and c.version between ").push_bind(first.0);
        sql.push(" and ").push_bind(last.0).push(" order by c.version, c.seq");
        changes(&mut self.reader().await?.conn(), account, sql).await
    }

    /// The changes to one thing after a version, oldest first: what somebody else did meanwhile.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn changes_since(
        &self,
        account: AccountId,
        subject: Subject,
        since: Version,
    ) -> Result<Vec<ChangeRow>> {
        changes_since(&mut self.reader().await?.conn(), account, subject, since).await
    }

    /// Those of the numbers that were released after a version, by number, each with its latest release. They may
    /// be there again.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn released_since(
        &self,
        account: AccountId,
        numbers: &[E164],
        since: Version,
    ) -> Result<Vec<Released>> {
        released_since(&mut self.reader().await?.conn(), account, numbers, since).await
    }

    /// The latest operations, newest first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn recent_operations(&self, account: AccountId, limit: u32) -> Result<Vec<OperationRow>> {
        let mut sql = Sql::new("list operations", SELECT_OPERATIONS);
        sql.push_bind(account.0).push(" order by version desc limit ").push_bind(i64::from(limit));
        let rows: Vec<StoredOperation> = self.reader().await?.conn().all(sql).await?;
        rows.into_iter().map(|row| row.into_domain(account)).collect()
    }

    /// The operation that made a version.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn operation(&self, account: AccountId, version: Version) -> Result<Option<OperationRow>> {
        operation(&mut self.reader().await?.conn(), account, version).await
    }

    /// Who made each of these versions.
    ///
    /// # Errors
    /// The database failed.
    pub async fn actors_of(
        &self,
        account: AccountId,
        versions: &BTreeSet<Version>,
    ) -> Result<BTreeMap<Version, String>> {
        actors_of(&mut self.reader().await?.conn(), account, versions).await
    }

    /// What an operation changed, in the order in which it was recorded, from a place on.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn operation_changes(
        &self,
        account: AccountId,
        version: Version,
        from: u64,
        limit: u32,
    ) -> Result<Vec<ChangeRow>> {
        operation_changes(&mut self.reader().await?.conn(), account, version, from, limit).await
    }
}

pub(crate) async fn operation(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
) -> Result<Option<OperationRow>> {
    let mut sql = Sql::new("read an operation", SELECT_OPERATIONS);
    sql.push_bind(account.0).push(" and version = ").push_bind(version.0);
    let row: Option<StoredOperation> = conn.optional(sql).await?;
    row.map(|row| row.into_domain(account)).transpose()
}

pub(crate) async fn actors_of(
    conn: &mut Conn<'_>,
    account: AccountId,
    versions: &BTreeSet<Version>,
) -> Result<BTreeMap<Version, String>> {
    let versions: Vec<i64> = versions.iter().map(|version| version.0).collect();
    let mut actors = BTreeMap::new();
    for versions in versions.chunks(ROWS_PER_STATEMENT) {
        let mut sql =
            Sql::new("read who did it", "select version, actor from operations where account_id = ");
        sql.push_bind(account.0).push(" and version in ").push_set(conn.kind(), versions)?;
        let rows: Vec<(i64, String)> = conn.all(sql).await?;
        actors.extend(rows.into_iter().map(|(version, actor)| (Version(version), actor)));
    }
    Ok(actors)
}

pub(crate) async fn operation_changes(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    from: u64,
    limit: u32,
) -> Result<Vec<ChangeRow>> {
    let mut sql = Sql::new("list what an operation changed", SELECT_CHANGES);
    sql.push_bind(account.0).push(" and c.version = ").push_bind(version.0);
    sql.push(" and c.seq >= ").push_bind(count_to_db(from));
    sql.push(" order by c.seq limit ").push_bind(i64::from(limit));
    changes(conn, account, sql).await
}

pub(crate) async fn changes_since(
    conn: &mut Conn<'_>,
    account: AccountId,
    subject: Subject,
    since: Version,
) -> Result<Vec<ChangeRow>> {
    let (kind, id) = subject.to_db(account);
    let mut sql = Sql::new("list what changed meanwhile", SELECT_CHANGES);
    sql.push_bind(account.0).push(" and c.subject_kind = ").push_bind(kind);
    sql.push(" and c.subject_id = ").push_bind(id);
    sql.push(" and c.version > ").push_bind(since.0).push(" order by c.version, c.seq");
    changes(conn, account, sql).await
}

pub(crate) async fn released_since(
    conn: &mut Conn<'_>,
    account: AccountId,
    numbers: &[E164],
    since: Version,
) -> Result<Vec<Released>> {
    let mut released: BTreeMap<E164, Released> = BTreeMap::new();
    for numbers in numbers.chunks(ROWS_PER_STATEMENT) {
        let mut sql = Sql::new(
            "look for released DIDs",
            "select c.version, c.seq, c.subject_id, o.actor, o.at
             from changes as c join operations as o on o.account_id = c.account_id and o.version = c.version
             where c.account_id = ",
        );
        sql.push_bind(account.0).push(" and c.subject_kind = 'did' and c.after is null and c.version > ");
        sql.push_bind(since.0).push(" and c.subject_id in ").push_numbers(conn.kind(), numbers)?;
        sql.push(" order by c.version, c.seq");
        let rows: Vec<(i64, i64, i64, String, i64)> = conn.all(sql).await?;
        for (version, seq, number, by, at) in rows {
            let row = row_name(row_name(account, version), seq);
            let number = number_from_db("changes", row, "subject_id", number)?;
            released.insert(number, Released { number, by, at: UnixMs(at), version: Version(version) });
        }
    }
    Ok(released.into_values().collect())
}

async fn changes(conn: &mut Conn<'_>, account: AccountId, sql: Sql) -> Result<Vec<ChangeRow>> {
    let rows: Vec<StoredChange> = conn.all(sql).await?;
    rows.into_iter().map(|row| row.into_domain(account)).collect()
}

/// Writes change rows, after those that were hashed before.
pub(crate) async fn record(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    hash: &mut ChangesHash,
    new: &[NewChange],
) -> Result<()> {
    for new in new.chunks(conn.kind().table_rows()) {
        let (mut seqs, mut kinds, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        let (mut labels, mut befores, mut afters) = (Vec::new(), Vec::new(), Vec::new());
        for change in new {
            let (subject_kind, subject_id) = change.subject.to_db(account);
            let text = |value: &Option<Json>| value.as_ref().map(Json::to_string);
            let (seq, before, after) = (hash.count(), text(&change.before), text(&change.after));
            hash.add(ChangeFields {
                seq,
                subject_kind,
                subject_id,
                label: change.label.as_str(),
                before: before.as_deref(),
                after: after.as_deref(),
            });
            seqs.push(seq);
            kinds.push(subject_kind.to_owned());
            ids.push(subject_id);
            labels.push(change.label.clone());
            befores.push(before);
            afters.push(after);
        }
        let mut sql = Sql::with_table(
            conn.kind(),
            "record changes",
            "insert into changes (seq, subject_kind, subject_id, label, before, after, account_id, version)
             select recorded.*, ",
        );
        sql.push_bind(account.0).push(", ").push_bind(version.0).push(" from ");
        let columns = [
            Column::ints("seq", seqs),
            Column::texts("subject_kind", kinds),
            Column::ints("subject_id", ids),
            Column::texts("label", labels),
            Column::texts("before", befores),
            Column::texts("after", afters),
        ];
        sql.push_table(columns).push(" as recorded");
        conn.run(sql).await?;
    }
    Ok(())
}

pub(crate) async fn insert_operation(
    conn: &mut Conn<'_>,
    account: AccountId,
    operation: LoggedOperation,
) -> Result<()> {
    let sql = Sql::new(
        "record the operation",
        "insert into operations (account_id, version, at, actor, via, kind, reason, changed, refused, details)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(account.0)
    .bind(operation.version.0)
    .bind(operation.at.0)
    .bind(operation.actor)
    .bind(operation.via)
    .bind(operation.kind)
    .bind(operation.reason)
    .bind(operation.changed)
    .bind(operation.refused)
    .bind(operation.details);
    conn.run(sql).await.map(drop)
}
