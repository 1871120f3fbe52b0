//! Putting one thing back to how it was after a version.

use app::{pages::activity as pages, urls};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Error, Subject};
use routing::Version;

use super::{
    Site,
    activity::version_of,
    confirm::named_by,
    error::{HttpError, status},
    extract::{Form, InPath},
    query::{Pairs, subject},
    site::{Who, page},
};

/// `GET /activity/{version}/restore`
pub(super) async fn form(
    State(site): State<Site>,
    who: Who,
    InPath(version): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let subject = subject(&pairs)?;
    let (version, reason) = (version_of(&version)?, pairs.text("reason"));
    Ok(page(shown(&site, &who, (subject, version), None, &reason).await?))
}

/// `POST /activity/{version}/restore`
pub(super) async fn apply(
    State(site): State<Site>,
    who: Who,
    InPath(version): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let (subject, version, as_of) = (subject(&pairs)?, version_of(&version)?, pairs.as_of()?);
    let (id, reason) = (who.account.id, pairs.text("reason"));
    let done = site.portal.restore(&who.actor, id, subject, (version, as_of), Some(reason.clone())).await;
    match done {
        Ok(made) => Ok(Redirect::to(&urls::entry(made)).into_response()),
        Err(error @ Error::NotUndone(why)) => {
            let html = shown(&site, &who, (subject, version), Some(&why.to_string()), &reason).await?;
            Ok((status(&error), Html(html)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

async fn shown(
    site: &Site,
    who: &Who,
    (subject, version): (Subject, Version),
    problem: Option<&str>,
    reason: &str,
) -> Result<String, HttpError> {
    let plan = site.portal.restore_plan(&who.actor, who.account.id, subject, version).await?;
    let (snapshot, zone) = named_by(site, &who.actor, &who.account).await?;
    Ok(pages::restore(&who.frame, &plan, problem, reason, (&snapshot, &zone)))
}
