//! How far a change is, and whether it may still be cancelled: what a use case tells, and what others ask meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use store::{JobId, Noun, Tx};
use tokio::sync::watch;

use super::JobPhase;
use crate::{Error, Result};

/// How far a change is. A use case says what it goes through; the default is of a change that nobody watches.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    job: Option<JobId>,
    done: AtomicU64,
    total: AtomicU64,
    phase: watch::Sender<Phase>,
}

/// Where a change stands. From `Running` on, it goes one of two ways: it is stopped, or it is committed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Phase {
    #[default]
    Running,
    Stopping(Why),
    Committing,
    Committed,
    Ended,
}

/// Why a change is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Somebody cancelled it.
    Person,
    /// The process is to end.
    Server,
}

impl Progress {
    pub(super) fn of(job: JobId) -> Progress {
        Progress(Arc::new(State { job: Some(job), ..State::default() }))
    }

    /// Says how much there is to go through.
    pub(crate) fn expect(&self, total: u64) {
        self.0.total.store(total, Ordering::Relaxed);
    }

    /// Says that so much more was gone through.
    pub(crate) fn advance(&self, more: u64) {
        self.0.done.fetch_add(more, Ordering::Relaxed);
    }

    /// Ends the job within its transaction, which is committed next: from here on it cannot be stopped.
    ///
    /// # Errors
    /// [`Error::Cancelled`] if it was stopped before, or given up by another server.
    pub(crate) async fn end_in(&self, tx: &mut Tx) -> Result<()> {
        if !self.step(Phase::Running, Phase::Committing) {
            return Err(Error::Cancelled);
        }
        let Some(job) = self.0.job else { return Ok(()) };
        tx.end_job(job).await.map_err(|error| match error {
            // This server was silent for so long that another one took it for dead.
            store::Error::NotFound(Noun::Job) => Error::Cancelled,
            error => error.into(),
        })
    }

    /// Says that the transaction is on disk.
    pub(crate) fn committed(&self) {
        self.0.phase.send_replace(Phase::Committed);
    }

    /// Stops it, unless it is being committed. Whether it is stopped.
    pub(super) fn stop(&self, why: Why) -> bool {
        self.step(Phase::Running, Phase::Stopping(why)) || matches!(self.phase(), Phase::Stopping(_))
    }

    fn step(&self, from: Phase, to: Phase) -> bool {
        self.0.phase.send_if_modified(|phase| {
            let steps = *phase == from;
            if steps {
                *phase = to;
            }
            steps
        })
    }

    /// Says that nothing more comes.
    pub(super) fn end(&self) {
        self.0.phase.send_replace(Phase::Ended);
    }

    pub(super) fn phase(&self) -> Phase {
        *self.0.phase.borrow()
    }

    pub(super) async fn stopped(&self) {
        self.reaches(|phase| matches!(phase, Phase::Stopping(_))).await;
    }

    pub(super) async fn ended(&self) {
        self.reaches(|phase| *phase == Phase::Ended).await;
    }

    async fn reaches(&self, wanted: impl FnMut(&Phase) -> bool) {
        // The sender lives as long as we do, so that this cannot fail.
        let _ = self.0.phase.subscribe().wait_for(wanted).await;
    }

    /// As people see it while it runs.
    pub(super) fn shown(&self) -> JobPhase {
        match self.phase() {
            Phase::Running => JobPhase::Running {
                done: self.0.done.load(Ordering::Relaxed),
                total: self.0.total.load(Ordering::Relaxed),
            },
            Phase::Stopping(Why::Person) => JobPhase::Cancelled,
            Phase::Stopping(Why::Server) => JobPhase::Stopped,
            Phase::Committing | Phase::Committed | Phase::Ended => JobPhase::Committing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stopped_is_not_committed_and_what_is_committed_is_not_stopped() {
        let commits = |progress: &Progress| progress.step(Phase::Running, Phase::Committing);
        let stopped = Progress::default();
        assert!(stopped.stop(Why::Person));
        assert!(stopped.stop(Why::Server), "it is stopped already");
        assert!(!commits(&stopped));
        assert_eq!(stopped.phase(), Phase::Stopping(Why::Person));
        let committed = Progress::default();
        assert!(commits(&committed));
        assert!(!committed.stop(Why::Person));
        committed.committed();
        assert!(!committed.stop(Why::Person));
        assert_eq!(committed.phase(), Phase::Committed);
    }

    #[test]
    fn how_far_it_is_can_be_seen() {
        let progress = Progress::default();
        progress.expect(100_000);
        for _ in 0..4 {
            progress.advance(10_000);
        }
        assert_eq!(progress.shown(), JobPhase::Running { done: 40_000, total: 100_000 });
    }
}
