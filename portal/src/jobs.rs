//! Jobs: changes that take longer than a page. One runs at a time in an account; how far it is can be seen, and it can be
//! cancelled until it is committed. Either way it is one transaction: done whole, or not at all.
//!
//! How far a job is stands in the memory of the process that runs it; a row in the database says that it runs, and what
//! became of it. So a job of which only the row is left was cut off with its server, and nothing of it happened.

mod progress;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use routing::{AccountId, Version};
use store::{DatabaseKind, JOB_BEAT, JobId, JobState, NewJob, UnixMs};

pub use self::progress::Progress;
use self::progress::{Phase, Why};
use crate::history::OperationKind;
use crate::limits::JOB_END_WAIT;
use crate::{Actor, Error, Noun, Portal, Result};

/// The jobs that this process runs: one of an account at most.
#[derive(Debug, Default)]
pub(crate) struct Running(Mutex<HashMap<AccountId, Begun>>);

#[derive(Clone, Debug)]
struct Begun {
    new: NewJob,
    since: UnixMs,
    progress: Progress,
}

impl Running {
    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, Begun>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, account: AccountId, id: JobId) -> Option<Begun> {
        self.lock().get(&account).filter(|begun| begun.new.id == id).cloned()
    }
}

/// A job, as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobView {
    /// Its id.
    pub id: JobId,
    /// What is done.
    pub kind: OperationKind,
    /// Who began it.
    pub made_by: String,
    /// When.
    pub since: UnixMs,
    /// The address of the form that began it, with what it said.
    pub form: String,
    /// How far it is, or what became of it.
    pub phase: JobPhase,
}

/// How far a job is, or what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobPhase {
    /// It runs here.
    Running {
        /// DIDs, changes, or parts of a file that were gone through.
        done: u64,
        /// Of how many; 0 while that is not known.
        total: u64,
    },
    /// All is written and being committed: it cannot be cancelled any more.
    Committing,
    /// Another server runs it.
    Elsewhere,
    /// Its change is committed under this version.
    Done(Version),
    /// There was nothing to change, or it was refused, or it failed: nothing was changed.
    Unchanged,
    /// Somebody cancelled it: nothing was changed.
    Cancelled,
    /// It was cut off, by a server that was stopped or by a fault: nothing was changed.
    Stopped,
}

/// What came of cancelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelling {
    /// It is cancelled; one that another server runs was asked to end, and may be too far by then.
    Cancelled,
    /// It had ended already, or was being committed.
    TooLate,
}

impl Portal {
    /// Begins a job: nobody else begins another one in the account until it is dropped. `form` is the address of the form
    /// that began it, with what it said.
    ///
    /// # Errors
    /// [`Error::JobRuns`]; [`Error::NotFound`], [`Error::Forbidden`].
    pub fn begin_job(
        &self,
        actor: &Actor,
        account: AccountId,
        kind: &OperationKind,
        form: String,
    ) -> Result<Job> {
        actor.may_write(account)?;
        let id = JobId::random()?;
        let new = NewJob { id, kind: kind.as_str().to_owned(), made_by: actor.name().to_owned(), form };
        let begun = Begun { new, since: UnixMs::now(), progress: Progress::of(id) };
        let mut running = self.jobs.lock();
        if let Some(other) = running.get(&account) {
            return Err(Error::JobRuns(other.new.id));
        }
        running.insert(account, begun.clone());
        Ok(Job { portal: self.clone(), account, begun })
    }

    /// A job of the account: how far it is, or what became of it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn job(&self, actor: &Actor, account: AccountId, id: JobId) -> Result<JobView> {
        actor.may_read(account)?;
        let view = |new: NewJob, since, phase| JobView {
            id: new.id,
            kind: OperationKind::read(new.kind),
            made_by: new.made_by,
            since,
            form: new.form,
            phase,
        };
        if let Some(Begun { new, since, progress }) = self.jobs.find(account, id) {
            return Ok(view(new, since, progress.shown()));
        }
        let job = self.store.job(account, id).await?.ok_or(Error::NotFound(Noun::Job))?;
        let phase = match job.state {
            JobState::Running => JobPhase::Elsewhere,
            JobState::Done(version) => JobPhase::Done(version),
            JobState::Unchanged => JobPhase::Unchanged,
            JobState::Cancelled => JobPhase::Cancelled,
            JobState::Stopped => JobPhase::Stopped,
        };
        Ok(view(job.new, job.created_at, phase))
    }

    /// The job of the account that runs, here or on another server, for those who come by and did not begin it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn running_job(&self, actor: &Actor, account: AccountId) -> Result<Option<JobView>> {
        actor.may_read(account)?;
        let here = self.jobs.lock().get(&account).map(|begun| begun.new.id);
        let running = match here {
            Some(id) => Some(id),
            None => self.store.running_job(account).await?,
        };
        let Some(id) = running else { return Ok(None) };
        match self.job(actor, account, id).await {
            // One that was just begun is not written down yet, or was not to be.
            Err(Error::NotFound(Noun::Job)) => Ok(None),
            job => job.map(Some),
        }
    }

    /// Cancels a job of the account, whoever began it, and waits a moment for its end.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn cancel_job(&self, actor: &Actor, account: AccountId, id: JobId) -> Result<Cancelling> {
        actor.may_write(account)?;
        let cancelled = match self.jobs.find(account, id) {
            Some(Begun { progress, .. }) => {
                let cancelled = progress.stop(Why::Person);
                // It is cancelled, or committed, though it may take longer to say so.
                let _ = tokio::time::timeout(JOB_END_WAIT, progress.ended()).await;
                cancelled
            }
            None => match self.store.job(account, id).await?.ok_or(Error::NotFound(Noun::Job))?.state {
                JobState::Running => self.store.cancel_job(account, id).await?,
                JobState::Cancelled => true,
                JobState::Done(_) | JobState::Unchanged | JobState::Stopped => false,
            },
        };
        Ok(if cancelled { Cancelling::Cancelled } else { Cancelling::TooLate })
    }

    /// Waits for the jobs that this process runs, since it is to end. Those that take longer are stopped, and roll back.
    pub async fn end_jobs(&self, patience: Duration) {
        let running: Vec<Progress> = self.jobs.lock().values().map(|begun| begun.progress.clone()).collect();
        let all_ended = async {
            for progress in &running {
                progress.ended().await;
            }
        };
        if tokio::time::timeout(patience, all_ended).await.is_ok() {
            return;
        }
        for progress in &running {
            if progress.stop(Why::Server) {
                tracing::warn!("a job did not end in time and was stopped: nothing of it was changed");
            }
        }
        for progress in &running {
            let _ = tokio::time::timeout(JOB_END_WAIT, progress.ended()).await;
        }
    }
}

/// A job that was begun. It runs until it is dropped.
#[derive(Debug)]
pub struct Job {
    portal: Portal,
    account: AccountId,
    begun: Begun,
}

impl Job {
    /// Its id.
    pub fn id(&self) -> JobId {
        self.begun.new.id
    }

    /// What its use case is given.
    pub fn progress(&self) -> Progress {
        self.begun.progress.clone()
    }

    /// Does the work, unless it is cancelled before it is committed: then the work is dropped where it stands, and its
    /// transaction rolls back.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::JobRuns`] on another server; those of the work.
    pub async fn run<T, E: From<Error>>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let Begun { new, progress, .. } = &self.begun;
        let noted = async {
            self.note().await?;
            work.await
        };
        let done = tokio::select! {
            biased;
            done = noted => done,
            () = progress.stopped() => Err(Error::Cancelled.into()),
            () = self.heed_other_servers() => Err(Error::Cancelled.into()),
        };
        let ended = match progress.phase() {
            // Its transaction wrote that down.
            Phase::Committed => return done,
            Phase::Stopping(Why::Person) => JobState::Cancelled,
            Phase::Stopping(Why::Server) => JobState::Stopped,
            Phase::Running | Phase::Committing | Phase::Ended => JobState::Unchanged,
        };
        if let Err(error) = self.portal.store.end_job(self.account, new, ended).await {
            // Without it, the row says that it was cut off; of one that was never written down, there is none.
            tracing::warn!(%error, "what became of a job could not be written down");
        }
        done
    }

    /// Writes down that it runs. On SQLite this waits for whoever writes.
    async fn note(&self) -> Result<()> {
        let store = &self.portal.store;
        loop {
            match store.begin_job(self.account, &self.begun.new).await {
                Err(store::Error::JobRuns) => {}
                begun => return Ok(begun?),
            }
            // It may have ended in this moment.
            if let Some(id) = store.running_job(self.account).await? {
                return Err(Error::JobRuns(id));
            }
        }
    }

    /// On PostgreSQL, says now and then that this server runs the job, and ends when somebody on another one cancels it.
    async fn heed_other_servers(&self) {
        let (store, Begun { new, progress, .. }) = (&self.portal.store, &self.begun);
        if store.kind() == DatabaseKind::Sqlite {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(JOB_BEAT).await;
            match store.beat_job(self.account, new.id).await {
                Ok(true) if progress.stop(Why::Person) => return,
                // What cannot be asked now is asked again.
                Ok(_) | Err(_) => {}
            }
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.portal.jobs.lock().remove(&self.account);
        self.begun.progress.end();
    }
}
