//! Jobs: they can be watched, cancelled until they are committed, and are done whole or not at all.

use std::time::Duration;

use portal::{
    BulkAction, BulkResult, Cancelling, DatabaseKind, Error, Job, JobId, JobPhase, Noun, OperationKind,
    Portal, Result, Selection,
};
use routing::{AccountId, Failover};

use crate::office::Office;
use crate::support::{Db, contract};

contract!(
    a_job_is_watched_and_leads_to_what_it_did,
    a_job_that_is_cancelled_half_way_changes_nothing,
    a_job_that_waits_for_the_account_can_be_cancelled,
    what_is_done_cannot_be_cancelled,
    one_job_runs_in_an_account_at_a_time,
    a_job_that_is_refused_changes_nothing_and_the_next_one_runs,
    an_undo_is_a_job_like_any_other,
    a_job_whose_server_died_changed_nothing,
    a_job_is_seen_and_cancelled_from_another_server,
    a_server_that_stops_waits_for_jobs_and_then_stops_them,
);

/// DIDs of which a dozen rounds of a bulk action are needed.
const MANY: u64 = 25_000;
const FORM: &str = "/dids/manage/set-failover-route?to=1";

struct Fixture {
    office: Office,
    before: String,
}

impl Fixture {
    async fn many(db: Db) -> Fixture {
        let office = Office::open(db).await;
        let rows: Vec<String> = (0..MANY).map(|n| format!("+44113{:07},pbx", 4_960_000 + n)).collect();
        office.import(&format!("number,primary\n{}\n", rows.join("\n"))).await.unwrap();
        let before = office.csv().await;
        Fixture { office, before }
    }

    fn account(&self) -> AccountId {
        self.office.account.id
    }

    fn begin(&self) -> Result<Job> {
        let kind = OperationKind::SetFailoverRoute;
        self.office.portal.begin_job(&self.office.dana, self.account(), &kind, FORM.to_owned())
    }

    async fn set(&self, job: &Job, chosen: &Selection) -> Result<BulkResult> {
        let Office { portal, dana, .. } = &self.office;
        let action = BulkAction::SetFailoverRoute(Failover::Route(self.office.id("mobile")));
        let progress = job.progress();
        job.run(portal.apply_bulk(dana, self.account(), chosen, &action, None, &progress)).await
    }

    async fn phase(&self, id: JobId) -> JobPhase {
        phase(&self.office.portal, &self.office, id).await
    }

    async fn cancel(&self, id: JobId) -> Cancelling {
        self.office.portal.cancel_job(&self.office.sam, self.account(), id).await.unwrap()
    }

    async fn is_as_before(&self) -> bool {
        self.office.csv().await == self.before
    }
}

async fn phase(portal: &Portal, office: &Office, id: JobId) -> JobPhase {
    portal.job(&office.sam, office.account.id, id).await.unwrap().phase
}

/// Looks again and again, until it is so.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let seen = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), seen).await.expect("it is never so");
}

async fn a_job_is_watched_and_leads_to_what_it_did(db: Db) {
    let fixture = Fixture::many(db).await;
    let chosen = fixture.office.all().await;
    let job = fixture.begin().unwrap();
    let id = job.id();
    let mut seen = Vec::new();
    let watched = async {
        until(async || {
            let phase = fixture.phase(id).await;
            if seen.last() != Some(&phase) {
                seen.push(phase);
            }
            !matches!(phase, JobPhase::Running { .. })
        })
        .await;
    };
    let portal = &fixture.office.portal;
    let runs = async || {
        let job = portal.running_job(&fixture.office.sam, fixture.account()).await.unwrap();
        job.map(|job| (job.id, job.made_by))
    };
    assert_eq!(runs().await, Some((id, "Dana".to_owned())));
    let (done, ()) = tokio::join!(fixture.set(&job, &chosen), watched);
    let version = done.unwrap().version.unwrap();
    drop(job);
    assert_eq!(runs().await, None);
    let view = fixture.office.portal.job(&fixture.office.sam, fixture.account(), id).await.unwrap();
    assert_eq!(view.phase, JobPhase::Done(version));
    assert_eq!((view.made_by.as_str(), view.form.as_str()), ("Dana", FORM));
    assert_eq!(view.kind, OperationKind::SetFailoverRoute);
    let total = MANY + 3;
    let dones: Vec<u64> = seen
        .iter()
        .filter_map(|phase| match phase {
            JobPhase::Running { done, total: of } if *of == total => Some(*done),
            _ => None,
        })
        .collect();
    // It goes in rounds of 2,000.
    assert!(dones.is_sorted() && dones.iter().all(|done| done % 2_000 == 0 || *done == total), "{seen:?}");
    let between = dones.iter().filter(|done| (1..total).contains(done)).count();
    assert!(between >= 3, "{seen:?}");
    let stranger = portal::Actor::owner(AccountId(9_999), "Dana", portal::Via::Browser);
    let hidden = fixture.office.portal.job(&stranger, fixture.account(), id).await;
    assert!(matches!(hidden, Err(Error::NotFound(Noun::Account))));
    let elsewhere = fixture.office.db.second_account().await;
    let other = portal::Actor::owner(elsewhere.id, "Dana", portal::Via::Browser);
    let missing = fixture.office.portal.job(&other, elsewhere.id, id).await;
    assert!(matches!(missing, Err(Error::NotFound(Noun::Job))));
}

async fn a_job_that_is_cancelled_half_way_changes_nothing(db: Db) {
    let fixture = Fixture::many(db).await;
    let (chosen, version) = (fixture.office.all().await, fixture.office.version().await);
    let job = fixture.begin().unwrap();
    let id = job.id();
    let cancelled = async {
        until(async || matches!(fixture.phase(id).await, JobPhase::Running { done: 10_000.., .. })).await;
        fixture.cancel(id).await
    };
    let ended = async {
        let done = fixture.set(&job, &chosen).await;
        drop(job);
        done
    };
    let (done, cancelled) = tokio::join!(ended, cancelled);
    assert!(matches!(done, Err(Error::Cancelled)), "{done:?}");
    assert_eq!(cancelled, Cancelling::Cancelled);
    assert_eq!(fixture.phase(id).await, JobPhase::Cancelled);
    assert!(fixture.is_as_before().await);
    assert_eq!(fixture.office.version().await, version);
    assert_eq!(fixture.cancel(id).await, Cancelling::Cancelled, "twice is once");
    // The selection is there still.
    let job = fixture.begin().unwrap();
    assert_eq!(fixture.set(&job, &chosen).await.unwrap().changed, MANY + 3);
}

async fn a_job_that_waits_for_the_account_can_be_cancelled(db: Db) {
    let fixture = Fixture::many(db).await;
    let chosen = fixture.office.all().await;
    let holds = fixture.office.db.store.begin(fixture.account()).await.unwrap();
    let job = fixture.begin().unwrap();
    let id = job.id();
    let cancelled = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(matches!(fixture.phase(id).await, JobPhase::Running { done: 0, .. }));
        let cancelled = fixture.cancel(id).await;
        drop(holds);
        cancelled
    };
    let ended = async {
        let done = fixture.set(&job, &chosen).await;
        drop(job);
        done
    };
    let (done, cancelled) = tokio::join!(ended, cancelled);
    assert!(matches!(done, Err(Error::Cancelled)), "{done:?}");
    assert_eq!(cancelled, Cancelling::Cancelled);
    assert_eq!(fixture.phase(id).await, JobPhase::Cancelled);
    assert!(fixture.is_as_before().await);
}

async fn what_is_done_cannot_be_cancelled(db: Db) {
    let fixture = Fixture::many(db).await;
    let chosen = fixture.office.all().await;
    let job = fixture.begin().unwrap();
    let id = job.id();
    let version = fixture.set(&job, &chosen).await.unwrap().version.unwrap();
    assert_eq!(fixture.phase(id).await, JobPhase::Committing);
    let (cancelled, ()) = tokio::join!(fixture.cancel(id), async { drop(job) });
    assert_eq!(cancelled, Cancelling::TooLate);
    assert_eq!(fixture.cancel(id).await, Cancelling::TooLate);
    assert_eq!(fixture.phase(id).await, JobPhase::Done(version));
}

async fn one_job_runs_in_an_account_at_a_time(db: Db) {
    let fixture = Fixture { office: Office::open(db).await, before: String::new() };
    let job = fixture.begin().unwrap();
    let id = job.id();
    let second = fixture.begin();
    assert!(matches!(second, Err(Error::JobRuns(other)) if other == id), "{second:?}");
    drop(job);
    assert!(fixture.begin().is_ok());
}

async fn a_job_that_is_refused_changes_nothing_and_the_next_one_runs(db: Db) {
    let fixture = Fixture { office: Office::open(db).await, before: String::new() };
    let chosen = fixture.office.all().await;
    let Office { portal, dana, .. } = &fixture.office;
    let job = fixture.begin().unwrap();
    let id = job.id();
    let nowhere = BulkAction::SetRoute(routing::RouteId(99));
    let progress = job.progress();
    let done = job.run(portal.apply_bulk(dana, fixture.account(), &chosen, &nowhere, None, &progress)).await;
    assert!(matches!(done, Err(Error::Refused(_))), "{done:?}");
    drop(job);
    assert_eq!(fixture.phase(id).await, JobPhase::Unchanged);
    // Nor does one that finds all as it is asked for.
    let job = fixture.begin().unwrap();
    let id = job.id();
    let progress = job.progress();
    let clear = BulkAction::ClearFailoverRoute;
    let done = job.run(portal.apply_bulk(dana, fixture.account(), &chosen, &clear, None, &progress)).await;
    assert_eq!(done.unwrap().version, None);
    drop(job);
    assert_eq!(fixture.phase(id).await, JobPhase::Unchanged);
    let job = fixture.begin().unwrap();
    assert_eq!(fixture.set(&job, &chosen).await.unwrap().changed, 3);
}

async fn an_undo_is_a_job_like_any_other(db: Db) {
    let fixture = Fixture::many(db).await;
    let Office { portal, dana, .. } = &fixture.office;
    let chosen = fixture.office.all().await;
    let job = fixture.begin().unwrap();
    let version = fixture.set(&job, &chosen).await.unwrap().version.unwrap();
    drop(job);
    let after = fixture.office.csv().await;
    for cancels in [true, false] {
        let job = portal.begin_job(dana, fixture.account(), &OperationKind::Undo, String::new()).unwrap();
        let (id, progress) = (job.id(), job.progress());
        let cancelled = async {
            let half =
                |phase| matches!(phase, JobPhase::Running { done: 10_000.., total } if total == MANY + 3);
            until(async || !cancels || half(fixture.phase(id).await)).await;
            if cancels {
                fixture.cancel(id).await;
            }
        };
        let ended = async {
            let done = job.run(portal.undo(dana, fixture.account(), version, None, &progress)).await;
            drop(job);
            done
        };
        let (done, ()) = tokio::join!(ended, cancelled);
        if cancels {
            assert!(matches!(done, Err(Error::Cancelled)), "{done:?}");
            assert_eq!(fixture.office.csv().await, after);
        } else {
            assert_eq!(fixture.phase(id).await, JobPhase::Done(done.unwrap().version.unwrap()));
            assert!(fixture.is_as_before().await);
        }
    }
}

/// Work that never ends.
async fn for_ever() -> Result<()> {
    std::future::pending().await
}

/// Runs a job until it is written down, and leaves it there.
async fn noted(fixture: &Fixture, job: &Job) {
    let begun = std::cell::Cell::new(false);
    let work = async {
        begun.set(true);
        for_ever().await
    };
    tokio::select! {
        _ = job.run(work) => panic!("it ended"),
        () = until(async || begun.get()) => {}
    }
    assert!(matches!(fixture.phase(job.id()).await, JobPhase::Running { .. }));
}

async fn a_job_whose_server_died_changed_nothing(db: Db) {
    let fixture = Fixture { office: Office::open(db).await, before: String::new() };
    let job = fixture.begin().unwrap();
    let id = job.id();
    noted(&fixture, &job).await;
    let next = Portal::new(fixture.office.db.store.clone());
    if next.store_kind() == DatabaseKind::Postgres {
        // It cannot be known at once: another server may run it.
        assert_eq!(phase(&next, &fixture.office, id).await, JobPhase::Elsewhere);
        fixture.office.db.sql("update jobs set beat_at = beat_at - 16000").await;
    }
    assert_eq!(phase(&next, &fixture.office, id).await, JobPhase::Stopped);
    let kind = OperationKind::Release;
    let again = next.begin_job(&fixture.office.dana, fixture.account(), &kind, String::new()).unwrap();
    again.run(async { Ok::<_, Error>(()) }).await.unwrap();
}

async fn a_job_is_seen_and_cancelled_from_another_server(db: Db) {
    let fixture = Fixture { office: Office::open(db).await, before: String::new() };
    let other = Portal::new(fixture.office.db.store.clone());
    if other.store_kind() == DatabaseKind::Sqlite {
        return;
    }
    let job = fixture.begin().unwrap();
    let id = job.id();
    let Office { dana, .. } = &fixture.office;
    let elsewhere = async {
        until(async || other.job(dana, fixture.account(), id).await.is_ok()).await;
        assert_eq!(phase(&other, &fixture.office, id).await, JobPhase::Elsewhere);
        let second =
            other.begin_job(dana, fixture.account(), &OperationKind::Release, String::new()).unwrap();
        let refused = second.run(for_ever()).await;
        assert!(matches!(refused, Err(Error::JobRuns(runs)) if runs == id), "{refused:?}");
        let cancelled = other.cancel_job(dana, fixture.account(), id).await.unwrap();
        assert_eq!(cancelled, Cancelling::Cancelled);
    };
    let (done, ()) = tokio::join!(job.run(for_ever()), elsewhere);
    assert!(matches!(done, Err(Error::Cancelled)), "{done:?}");
    drop(job);
    assert_eq!(phase(&other, &fixture.office, id).await, JobPhase::Cancelled);
}

async fn a_server_that_stops_waits_for_jobs_and_then_stops_them(db: Db) {
    let fixture = Fixture { office: Office::open(db).await, before: String::new() };
    let portal = &fixture.office.portal;
    for (work, patience, expected) in [
        (Duration::from_millis(100), Duration::from_secs(20), JobPhase::Unchanged),
        (Duration::from_secs(60), Duration::from_millis(10), JobPhase::Stopped),
    ] {
        let job = fixture.begin().unwrap();
        let id = job.id();
        let ended = async {
            let work = async {
                tokio::time::sleep(work).await;
                Ok::<_, Error>(())
            };
            let _ = job.run(work).await;
            drop(job);
        };
        tokio::join!(ended, portal.end_jobs(patience));
        assert_eq!(fixture.phase(id).await, expected);
    }
}
