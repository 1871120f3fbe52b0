//! Findings: the list, and what of it is meant to be so.

use app::{
    Notice,
    pages::findings::{self as pages, AcceptState},
    urls,
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::Error;

use super::{
    Site,
    error::{HttpError, status},
    extract::Form,
    query::Pairs,
    site::{Who, page},
};

/// `GET /findings`
pub(super) async fn list(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    let findings = site.portal.findings_page(&who.actor, who.account.id).await?;
    Ok(page(pages::page(&who.frame_saying(notice), &findings, &AcceptState::default())))
}

fn done(code: &str) -> Response {
    Redirect::to(&format!("{}?done={code}", urls::FINDINGS)).into_response()
}

/// `POST /findings/accept`
pub(super) async fn accept(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let (key, reason, until) = (pairs.text("key"), pairs.text("reason"), pairs.text("until"));
    let error = match site.portal.accept_finding(&who.actor, who.account.id, &key, &reason, &until).await {
        Ok(()) => return Ok(done("accepted")),
        Err(error) => error,
    };
    let code = status(&error);
    let Error::Refused(problems) = error else { return Err(error.into()) };
    let problems =
        problems.iter().map(|error| (error.field.name().to_owned(), error.problem.to_string())).collect();
    let state = AcceptState { key, reason, until, problems };
    let findings = site.portal.findings_page(&who.actor, who.account.id).await?;
    Ok((code, Html(pages::page(&who.frame, &findings, &state))).into_response())
}

/// `POST /findings/withdraw`
pub(super) async fn withdraw(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    site.portal.withdraw_acceptance(&who.actor, who.account.id, &pairs.text("key")).await?;
    Ok(done("withdrawn"))
}
