//! Jobs: what takes longer than a page. A row says that one runs, and is ended by the job's own transaction, so that it is
//! done if and only if its change is. How far it is, only the process knows that runs it: SQLite has one writer, which
//! the job itself is.

use std::time::Duration;

use routing::{AccountId, Version};

use crate::convert::corrupt;
use crate::db::{DatabaseKind, Store};
use crate::random_id::random_id;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// How long an ended job is kept: for who comes back to a tab after a week-end.
const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// A job whose server was silent for so long is not run any more: several times [`JOB_BEAT`]. Whoever comes back after a
/// crash waits for it. A server that was slow and not dead can commit no more: nothing is lost by being early.
const SILENT_MS: i64 = 6 * 1000;
/// How often a server says that it still runs a job, and asks whether another one cancels it.
pub const JOB_BEAT: Duration = Duration::from_secs(1);

random_id!(
    /// A job's id.
    JobId,
    Noun::Job
);

/// A job that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// The stable name of the kind of operation that it makes.
    pub kind: String,
    /// Who began it.
    pub made_by: String,
    /// The address of the form that began it, with what it said.
    pub form: String,
}

/// A job as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What it was begun as.
    pub new: NewJob,
    /// When it was begun.
    pub created_at: UnixMs,
    /// What became of it.
    pub state: JobState,
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Another server runs it; on SQLite there is none.
    Running,
    /// Its change is committed under this version.
    Done(Version),
    /// There was nothing to change, or it was refused, or it failed: nothing was changed.
    Unchanged,
    /// Somebody cancelled it: nothing was changed.
    Cancelled,
    /// It was cut off, by a server that was stopped or by a fault: nothing was changed.
    Stopped,
}

impl JobState {
    fn to_db(self) -> &'static str {
        match self {
            JobState::Running => "running",
            JobState::Done(_) => "done",
            JobState::Unchanged => "unchanged",
            JobState::Cancelled => "cancelled",
            JobState::Stopped => "stopped",
        }
    }
}

#[derive(sqlx::FromRow)]
struct JobRow {
    kind: String,
    made_by: String,
    form: String,
    created_at: i64,
    state: String,
    version: Option<i64>,
    silent_ms: i64,
}

impl JobRow {
    fn into_domain(self, id: JobId) -> Result<Job> {
        let state = match (self.state.as_str(), self.version) {
            ("running", None) if self.silent_ms > SILENT_MS => JobState::Stopped,
            ("running", None) => JobState::Running,
            ("done", Some(version)) => JobState::Done(Version(version)),
            ("unchanged", None) => JobState::Unchanged,
            ("cancelled", None) => JobState::Cancelled,
            ("stopped", None) => JobState::Stopped,
            _ => return Err(corrupt("jobs", id, "state", &self.state)),
        };
        let new = NewJob { id, kind: self.kind, made_by: self.made_by, form: self.form };
        Ok(Job { new, created_at: UnixMs(self.created_at), state })
    }
}

/// The database's clock in milliseconds, since those of several servers may differ. SQLite has one server only, which
/// need not ask about what it runs: a job that is asked about was left behind by a process that ended.
fn clock(kind: DatabaseKind) -> &'static str {
    match kind {
        DatabaseKind::Sqlite => "null",
        DatabaseKind::Postgres => "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)",
    }
}

/// Appends for how many milliseconds the server of a job was silent: for ever, if it never spoke.
fn push_silence(sql: &mut Sql, kind: DatabaseKind) {
    sql.push("coalesce(").push(clock(kind)).push(" - beat_at, 9223372036854775807)");
}

impl Store {
    /// Writes that a job begins, ends those that a stopped server left behind, and removes old ones. It is no change of
    /// the account.
    ///
    /// # Errors
    /// [`Error::JobRuns`]; [`Error::NotFound`] if there is no such account.
    pub async fn begin_job(&self, account: AccountId, job: &NewJob) -> Result<()> {
        let now = UnixMs::now();
        let mut tx = self.transact().await?;
        let mut conn = tx.conn();
        let mut sql = Sql::new("end jobs that were left behind", "update jobs set state = 'stopped' where ");
        sql.push("account_id = ").push_bind(account.0).push(" and state = 'running' and ");
        push_silence(&mut sql, conn.kind());
        sql.push(" > ").push_bind(SILENT_MS);
        conn.run(sql).await?;
        let sql = Sql::new(
            "remove old jobs",
            "delete from jobs where account_id = $1 and created_at < $2 and state <> 'running'",
        )
        .bind(account.0)
        .bind(now.minus_ms(KEPT_MS).0);
        conn.run(sql).await?;
        let mut sql = Sql::new(
            "begin a job",
            "insert into jobs (account_id, id, kind, made_by, form, created_at, state, beat_at) values (",
        );
        sql.push_bind(account.0).push(", ").push_bind(job.id.to_string()).push(", ");
        sql.push_bind(job.kind.as_str()).push(", ").push_bind(job.made_by.as_str()).push(", ");
        sql.push_bind(job.form.as_str()).push(", ").push_bind(now.0).push(", 'running', ");
        sql.push(clock(conn.kind())).push(")");
        conn.run(sql).await.map_err(|error| match error {
            error if error.breaks_unique() => Error::JobRuns,
            error if error.breaks_foreign_key() => Error::NotFound(Noun::Account),
            error => error,
        })?;
        tx.commit("begin a job").await
    }

    /// Says that a job changed nothing, and why; also of one that was stopped before it was written down. One that was
    /// done stays so.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_job(&self, account: AccountId, job: &NewJob, state: JobState) -> Result<()> {
        let mut tx = self.transact().await?;
        let sql = Sql::new(
            "end a job",
            "insert into jobs (account_id, id, kind, made_by, form, created_at, state)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (account_id, id) do update set state = excluded.state where jobs.state = 'running'",
        )
        .bind(account.0)
        .bind(job.id.to_string())
        .bind(job.kind.as_str())
        .bind(job.made_by.as_str())
        .bind(job.form.as_str())
        .bind(UnixMs::now().0)
        .bind(state.to_db());
        tx.conn().run(sql).await?;
        tx.commit("end a job").await
    }

    /// A job of the account.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn job(&self, account: AccountId, id: JobId) -> Result<Option<Job>> {
        let mut reader = self.reader().await?;
        let mut conn = reader.conn();
        let mut sql = Sql::new("read a job", "select kind, made_by, form, created_at, state, version, ");
        push_silence(&mut sql, conn.kind());
        sql.push(" as silent_ms from jobs where account_id = ");
        sql.push_bind(account.0).push(" and id = ").push_bind(id.to_string());
        conn.optional::<JobRow>(sql).await?.map(|row| row.into_domain(id)).transpose()
    }

    /// The job of the account that runs, on whichever server.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn running_job(&self, account: AccountId) -> Result<Option<JobId>> {
        let sql = Sql::new(
            "look for a job that runs",
            "select id from jobs where account_id = $1 and state = 'running'",
        )
        .bind(account.0);
        let row: Option<(String,)> = self.reader().await?.conn().optional(sql).await?;
        row.map(|(id,)| id.parse().map_err(|error| corrupt("jobs", &id, "id", error))).transpose()
    }

    /// Says that this server still runs a job, and asks whether somebody on another one cancels it. For PostgreSQL: on
    /// SQLite, it would wait for the job.
    ///
    /// # Errors
    /// The database failed.
    pub async fn beat_job(&self, account: AccountId, id: JobId) -> Result<bool> {
        let mut reader = self.reader().await?;
        let mut conn = reader.conn();
        let mut sql = Sql::new("say that a job runs", "update jobs set beat_at = ");
        sql.push(clock(conn.kind())).push(" where account_id = ").push_bind(account.0);
        sql.push(" and id = ").push_bind(id.to_string()).push(" and state = 'running' returning stop");
        let row: Option<(bool,)> = conn.optional(sql).await?;
        Ok(row.is_some_and(|(stop,)| stop))
    }

    /// Asks the server that runs a job to cancel it. Whether it still runs.
    ///
    /// # Errors
    /// The database failed.
    pub async fn cancel_job(&self, account: AccountId, id: JobId) -> Result<bool> {
        let mut tx = self.transact().await?;
        let sql = Sql::new(
            "cancel a job",
            "update jobs set stop = true where account_id = $1 and id = $2 and state = 'running'",
        )
        .bind(account.0)
        .bind(id.to_string());
        let asked = tx.conn().run(sql).await? > 0;
        tx.commit("cancel a job").await?;
        Ok(asked)
    }
}

/// Ends a job together with its change.
pub(crate) async fn done(conn: &mut Conn<'_>, account: AccountId, id: JobId, version: Version) -> Result<()> {
    let sql = Sql::new(
        "end a job",
        "update jobs set state = 'done', version = $3 where account_id = $1 and id = $2 and state = 'running'",
    )
    .bind(account.0)
    .bind(id.to_string())
    .bind(version.0);
    match conn.run(sql).await? {
        1 => Ok(()),
        _ => Err(Error::NotFound(Noun::Job)),
    }
}
