//! How long a request may take, and what becomes of it when nobody waits any more.

use std::time::Duration;

use app::urls;
use axum::{
    extract::Request,
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::error::{self, HttpError};

/// No page takes longer than this: a stuck database must not hold connections for ever.
pub(super) const REQUEST_TIME_MAX: Duration = Duration::from_secs(60);
/// No job takes longer than this: a stuck database must not keep an account from its next one for ever.
pub(super) const JOB_TIME_MAX: Duration = Duration::from_secs(10 * 60);
/// An upload may take its time over a slow line, as long as something of it arrives.
pub(super) const UPLOAD_SILENCE_MAX: Duration = Duration::from_secs(30);

/// Ends what takes too long. A request that may change something runs to its end though the browser has gone:
/// its result then stands in the history, whole.
pub(super) async fn bounded(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // The handler bounds its own work, after the upload.
    let upload = changes && request.uri().path() == urls::IMPORT;
    let work = async move {
        if upload { next.run(request).await } else { within(REQUEST_TIME_MAX, next.run(request)).await }
    };
    if !changes {
        return work.await;
    }
    match tokio::spawn(work).await {
        Ok(response) => response,
        Err(failed) => match failed.try_into_panic() {
            Ok(payload) => error::panicked(payload),
            // Only the end of the process cancels it.
            Err(_) => HttpError::TooSlow.into_response(),
        },
    }
}

/// A transaction that is dropped here rolls back; one that was being committed may stand.
async fn within(limit: Duration, work: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(limit, work).await {
        Ok(response) => response,
        Err(_) => HttpError::TooSlow.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::{Router, body::Body, middleware, routing::any};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn what_takes_too_long_is_answered_with_a_page_that_says_where_to_look() {
        let response = within(Duration::from_millis(5), std::future::pending()).await;
        assert_eq!(response.status().as_u16(), 504);
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains("Recent changes"));
    }

    #[tokio::test]
    async fn a_change_runs_to_its_end_though_the_browser_has_gone_and_a_page_does_not() {
        for (method, expected) in [(Method::POST, true), (Method::GET, false)] {
            let (done, finished) = tokio::sync::oneshot::channel();
            let done = Arc::new(Mutex::new(Some(done)));
            let work = async move || {
                tokio::time::sleep(Duration::from_millis(50)).await;
                let _ = done.lock().unwrap().take().unwrap().send(());
            };
            let router = Router::new().route("/", any(work)).layer(middleware::from_fn(bounded));
            let request = Request::builder().method(method).uri("/").body(Body::empty()).unwrap();
            let gone = tokio::time::timeout(Duration::from_millis(5), router.oneshot(request)).await;
            assert!(gone.is_err());
            assert_eq!(finished.await.is_ok(), expected);
        }
    }
}
