//! Findings: the list, and what of it is meant to be so.

use app::{
    Notice,
    pages::findings::{self as pages, AcceptState},
    urls,
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Response},
};
use portal::Error;

use super::{
    Site,
    error::{HttpError, status},
    extract::Form,
    query::Pairs,
    site::{Who, done, page},
};

/// `GET /findings`
pub(super) async fn list(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let notice = Notice::of(pairs.get("done"));
    let findings = site.portal.findings(&who.actor, who.account.id).await?;
    let state = AcceptState { key: pairs.text("accept"), back: back(&pairs), ..AcceptState::default() };
    Ok(page(pages::page(&who.frame_saying(notice), &findings, &state)))
}

/// The page that asked, as the path of one of ours; else nothing. An address must not send anybody to another site.
fn back(pairs: &Pairs) -> String {
    let path = pairs.text("back");
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-');
    if path.starts_with('/') && !path.starts_with("//") && path.bytes().all(plain) {
        path
    } else {
        String::new()
    }
}

/// `POST /findings/accept`
pub(super) async fn accept(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let (key, reason, until) = (pairs.text("key"), pairs.text("reason"), pairs.text("until"));
    let back = back(&pairs);
    let error = match site.portal.accept_finding(&who.actor, who.account.id, &key, &reason, &until).await {
        Ok(()) if back.is_empty() => return Ok(done(urls::FINDINGS, "accepted")),
        Ok(()) => return Ok(done(&back, "accepted")),
        Err(error) => error,
    };
    let code = status(&error);
    let Error::Refused(problems) = error else { return Err(error.into()) };
    let problems =
        problems.iter().map(|error| (error.field.name().to_owned(), error.problem.to_string())).collect();
    let state = AcceptState { key, reason, until, back, problems };
    let findings = site.portal.findings(&who.actor, who.account.id).await?;
    Ok((code, Html(pages::page(&who.frame, &findings, &state))).into_response())
}

/// `POST /findings/withdraw`
pub(super) async fn withdraw(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    site.portal.withdraw_acceptance(&who.actor, who.account.id, &pairs.text("key")).await?;
    Ok(done(urls::FINDINGS, "withdrawn"))
}
