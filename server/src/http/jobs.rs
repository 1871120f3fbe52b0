//! Jobs: a form whose work may take longer than a page. It is answered as any other form if it is done within a moment;
//! otherwise its sender goes to the page of the job, and finds there what the answer would have been.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use app::{
    Notice,
    pages::{confirm, jobs as pages},
    urls,
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts, RawQuery, State},
    http::{HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use portal::{Cancelling, Error, JobId, JobPhase, OperationKind, Progress};
use routing::AccountId;

use super::{
    Site,
    asked::Asked,
    confirm::Posted,
    error::{self, HttpError},
    extract::InPath,
    patience::JOB_TIME_MAX,
    query::Pairs,
    site::{Who, done, page},
};

/// How long the sender of a form waits for its answer: what is done within this feels like any other form, and shows no
/// page that is gone at once.
const ANSWERED_WITHIN: Duration = Duration::from_millis(300);
/// How long an answer waits for its reader, who may be at lunch.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);
/// Answers that wait: each is a page, and most are read within a second.
const KEPT_MAX: usize = 100;
/// The largest page that is kept.
const PAGE_BYTES_MAX: usize = 1024 * 1024;

/// What answers a form was sent with, beside its fields: an answer may be written long after.
pub(super) struct Sent {
    asked: Asked,
    posted: Posted,
    address: String,
}

impl FromRequestParts<Site> for Sent {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Sent, HttpError> {
        Ok(Sent {
            asked: Asked::of(&parts.extensions),
            posted: parts.extensions.get().cloned().unwrap_or_default(),
            address: parts.uri.path().to_owned(),
        })
    }
}

/// An answer that waits for its reader.
#[derive(Clone)]
struct Answer {
    since: Instant,
    account: AccountId,
    made_by: String,
    code: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.code, self.headers, Body::from(self.body)).into_response()
    }
}

/// The answers of jobs that have ended, for who sent the form. In memory: after a restart the job's page says whether
/// anything was changed, and leads back to the form.
#[derive(Default)]
pub(crate) struct Answers(Mutex<HashMap<JobId, Answer>>);

impl Answers {
    fn keep(&self, id: JobId, answer: Answer) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, answer| answer.since.elapsed() < KEPT_FOR);
        while kept.len() >= KEPT_MAX {
            let oldest = kept.iter().min_by_key(|(_, answer)| answer.since).map(|(id, _)| *id);
            oldest.and_then(|id| kept.remove(&id));
        }
        kept.insert(id, answer);
    }

    /// Of somebody's own job: another reader's page would not be theirs.
    fn of(&self, id: JobId, who: &Who) -> Option<Answer> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = |answer: &&Answer| answer.account == who.account.id && answer.made_by == who.actor.name();
        kept.get(&id).filter(own).cloned()
    }

    fn take(&self, id: JobId) -> Option<Answer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id)
    }
}

/// Does the work of a form as a job. `work` is what its handler would do, and gives the answer.
pub(super) async fn run<W, F>(
    site: Site,
    who: Who,
    kind: OperationKind,
    sent: Sent,
    work: W,
) -> Result<Response, HttpError>
where
    W: FnOnce(Site, Who, Progress) -> F,
    F: Future<Output = Result<Response, HttpError>> + Send + 'static,
{
    let (account, made_by) = (who.account.id, who.actor.name().to_owned());
    let form = confirm::back(&sent.address, sent.posted.fields());
    let job = site.portal.begin_job(&who.actor, account, &kind, form)?;
    let id = job.id();
    let work = work(site.clone(), who, job.progress());
    let answers = site.answers.clone();
    let running = tokio::spawn(async move {
        let work = async { tokio::time::timeout(JOB_TIME_MAX, work).await.map_err(|_| HttpError::TooSlow)? };
        let answer = match job.run(work).await {
            // Its page says so.
            Err(HttpError::Portal(Error::Cancelled)) => return,
            answer => answer.into_response(),
        };
        let answer = error::written(&site, &sent.asked, &sent.posted, &sent.address, answer).await;
        let (parts, body) = answer.into_parts();
        // A page that is larger than any is lost; what was done is not.
        if let Ok(body) = to_bytes(body, PAGE_BYTES_MAX).await {
            let (code, headers) = (parts.status, parts.headers);
            let since = Instant::now();
            site.answers.keep(id, Answer { since, account, made_by, code, headers, body });
        }
        // Only now has it ended for those who ask for its page: the answer is there.
        drop(job);
    });
    match tokio::time::timeout(ANSWERED_WITHIN, running).await {
        Ok(Err(failed)) if failed.is_panic() => return Ok(error::panicked(failed.into_panic())),
        Ok(_) => {
            if let Some(answer) = answers.take(id) {
                return Ok(answer.into_response());
            }
        }
        Err(_) => {}
    }
    Ok(Redirect::to(&urls::job(id)).into_response())
}

fn job_id(text: &str) -> Result<JobId, HttpError> {
    text.parse().map_err(|_| HttpError::NoSuchPage)
}

/// `GET /jobs/{id}`
pub(super) async fn show(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let id = job_id(&id)?;
    let late = Pairs::parse(&query.unwrap_or_default()).get(pages::LATE.0) == Some(pages::LATE.1);
    let job = match site.portal.job(&who.actor, who.account.id, id).await {
        Ok(job) => job,
        // It could not even be written down.
        Err(error) => return Ok(site.answers.of(id, &who).ok_or(error)?.into_response()),
    };
    match job.phase {
        JobPhase::Done(version) => {
            let entry = urls::entry(version);
            Ok(if late {
                done(&entry, Notice::CancelledLate.code())
            } else {
                Redirect::to(&entry).into_response()
            })
        }
        JobPhase::Unchanged if let Some(answer) = site.answers.of(id, &who) => Ok(answer.into_response()),
        _ => Ok(page(pages::job(&who.frame, &job, late))),
    }
}

/// `POST /jobs/{id}/cancel`
pub(super) async fn cancel(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
) -> Result<Response, HttpError> {
    let id = job_id(&id)?;
    let late = match site.portal.cancel_job(&who.actor, who.account.id, id).await? {
        Cancelling::Cancelled => String::new(),
        Cancelling::TooLate => urls::query(&[(pages::LATE.0, pages::LATE.1.to_owned())]),
    };
    Ok(Redirect::to(&format!("{}{late}", urls::job(id))).into_response())
}
