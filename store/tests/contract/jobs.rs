use store::{Error, Job, JobId, JobState, NewJob, Noun, UnixMs};

use super::build::operation;
use crate::support::{Db, contract};

contract! {
    a_job_is_done_with_its_transaction_and_not_before,
    a_job_that_changed_nothing_says_why_and_is_not_done_later,
    an_account_runs_one_job_at_a_time,
    a_job_that_its_server_left_behind_was_stopped,
    old_jobs_are_removed_when_one_begins,
}

/// A job that nobody began yet.
pub(crate) fn job() -> NewJob {
    NewJob {
        id: JobId::random().unwrap(),
        kind: "set_route".into(),
        made_by: "Dana".into(),
        form: "/dids/manage/set-route?dids=1".into(),
    }
}

async fn state(db: &Db, account: routing::AccountId, id: JobId) -> JobState {
    db.store.job(account, id).await.unwrap().unwrap().state
}

async fn a_job_is_done_with_its_transaction_and_not_before(db: Db) {
    let account = db.account().await.id;
    let new = job();
    db.store.begin_job(account, &new).await.unwrap();
    let mut tx = db.store.begin(account).await.unwrap();
    tx.end_job(new.id).await.unwrap();
    assert_ne!(state(&db, account, new.id).await, JobState::Done(tx.next_version()));
    drop(tx);
    let mut tx = db.store.begin(account).await.unwrap();
    tx.end_job(new.id).await.unwrap();
    let version = tx.commit(operation("set_route")).await.unwrap();
    let Job { new: kept, created_at, state } = db.store.job(account, new.id).await.unwrap().unwrap();
    assert_eq!((kept, state), (new.clone(), JobState::Done(version)));
    assert!(UnixMs::now().0 - created_at.0 < 60_000);
    // Not twice, and not by who learns too late that the commit came through.
    let mut tx = db.store.begin(account).await.unwrap();
    assert!(matches!(tx.end_job(new.id).await, Err(Error::NotFound(Noun::Job))));
    drop(tx);
    db.store.end_job(account, &new, JobState::Unchanged).await.unwrap();
    assert_eq!(db.store.job(account, new.id).await.unwrap().unwrap().state, JobState::Done(version));
}

async fn a_job_that_changed_nothing_says_why_and_is_not_done_later(db: Db) {
    let account = db.account().await.id;
    for why in [JobState::Unchanged, JobState::Cancelled, JobState::Stopped] {
        let new = job();
        db.store.begin_job(account, &new).await.unwrap();
        db.store.end_job(account, &new, why).await.unwrap();
        assert_eq!(state(&db, account, new.id).await, why);
        let mut tx = db.store.begin(account).await.unwrap();
        assert!(matches!(tx.end_job(new.id).await, Err(Error::NotFound(Noun::Job))));
    }
    let never = job();
    db.store.end_job(account, &never, JobState::Cancelled).await.unwrap();
    assert_eq!(state(&db, account, never.id).await, JobState::Cancelled, "before it was written down");
    for text in ["", "1", &"g".repeat(32)] {
        assert!(matches!(text.parse::<JobId>(), Err(Error::NotFound(Noun::Job))), "{text}");
    }
    assert_eq!(db.store.job(account, JobId::random().unwrap()).await.unwrap(), None);
}

async fn an_account_runs_one_job_at_a_time(db: Db) {
    let account = db.account().await.id;
    let first = job();
    db.store.begin_job(account, &first).await.unwrap();
    let other = db.account().await.id;
    db.store.begin_job(other, &job()).await.unwrap();
    assert_eq!(db.store.running_job(account).await.unwrap(), Some(first.id));
    // Whoever begins on SQLite has looked in its memory: what else runs there was left behind.
    if db.store.kind() == store::DatabaseKind::Postgres {
        assert!(matches!(db.store.begin_job(account, &job()).await, Err(Error::JobRuns)));
        assert!(!db.store.beat_job(account, first.id).await.unwrap());
        assert!(db.store.cancel_job(account, first.id).await.unwrap());
        assert!(db.store.beat_job(account, first.id).await.unwrap(), "somebody cancels it");
        assert_eq!(state(&db, account, first.id).await, JobState::Running);
    }
    db.store.end_job(account, &first, JobState::Cancelled).await.unwrap();
    assert!(!db.store.cancel_job(account, first.id).await.unwrap());
    assert_eq!(db.store.running_job(account).await.unwrap(), None);
    db.store.begin_job(account, &job()).await.unwrap();
}

async fn a_job_that_its_server_left_behind_was_stopped(db: Db) {
    let account = db.account().await.id;
    let left = job();
    db.store.begin_job(account, &left).await.unwrap();
    db.sql("update jobs set beat_at = beat_at - 16000").await;
    assert_eq!(state(&db, account, left.id).await, JobState::Stopped);
    let next = job();
    db.store.begin_job(account, &next).await.unwrap();
    assert_eq!(db.store.running_job(account).await.unwrap(), Some(next.id));
    // It was asleep only, and wakes: its change is not committed.
    let mut tx = db.store.begin(account).await.unwrap();
    assert!(matches!(tx.end_job(left.id).await, Err(Error::NotFound(Noun::Job))));
}

async fn old_jobs_are_removed_when_one_begins(db: Db) {
    let account = db.account().await.id;
    let old = job();
    db.store.begin_job(account, &old).await.unwrap();
    db.store.end_job(account, &old, JobState::Cancelled).await.unwrap();
    db.sql("update jobs set created_at = created_at - 604800001").await;
    let new = job();
    db.store.begin_job(account, &new).await.unwrap();
    assert_eq!(db.store.job(account, old.id).await.unwrap(), None);
    assert!(db.store.job(account, new.id).await.unwrap().is_some());
    let missing = routing::AccountId(9_999);
    assert!(matches!(db.store.begin_job(missing, &job()).await, Err(Error::NotFound(Noun::Account))));
}
