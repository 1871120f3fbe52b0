//! `GET /health`, for whoever decides where requests go.

use std::time::Duration;

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::Site;

/// How long the database is waited for: a load balancer asks again every few seconds.
const DATABASE_TIME_MAX: Duration = Duration::from_secs(5);

/// What asks for the process alone.
const PROCESS: &str = "process";

/// `ok` if the database answers, else 503: a server without its database has no page to show. `/health?process` is `ok`
/// while there is a process: restarting it would not bring a database back.
pub(super) async fn health(State(site): State<Site>, RawQuery(query): RawQuery) -> Response {
    if query.as_deref() == Some(PROCESS) {
        return "ok".into_response();
    }
    match tokio::time::timeout(DATABASE_TIME_MAX, site.portal.ask_database()).await {
        Ok(Ok(())) => "ok".into_response(),
        Ok(Err(_)) | Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response()
        }
    }
}
