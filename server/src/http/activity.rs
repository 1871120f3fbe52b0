//! Activity: the list, one entry, and undoing it.

use app::{
    Notice,
    pages::activity::{self as pages, ActivityForm, Undoing},
    urls,
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Error, OperationKind, UndoPlan, UnixMs};
use routing::Version;

use super::{
    Site,
    confirm::named_by,
    error::{ALL_REFUSED, HttpError, status},
    extract::{Form, InPath},
    jobs::{self, Sent},
    query::{Pairs, activity_draft, activity_place, change_place},
    site::{Who, page},
};

/// `GET /activity`
pub(super) async fn list(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let (draft, at) = (activity_draft(&pairs)?, activity_place(&pairs)?);
    let routes = site.portal.route_choices(&who.actor, who.account.id).await?;
    let plans = site.portal.plan_choices(&who.actor, who.account.id).await?;
    let schedules = site.portal.schedules(&who.actor, who.account.id).await?;
    let form =
        ActivityForm { draft: &draft, routes: &routes, plans: &plans, schedules: &schedules, problems: &[] };
    let job = site.portal.running_job(&who.actor, who.account.id).await?;
    match site.portal.activity(&who.actor, who.account.id, &draft, at).await {
        Ok(found) => Ok(page(pages::list(&who.frame, Some(&found), form, job.as_ref(), UnixMs::now()))),
        Err(error @ Error::Refused(_)) => {
            let code = status(&error);
            let Error::Refused(problems) = error else { return Err(error.into()) };
            let form = ActivityForm { problems: &problems, ..form };
            Ok((code, Html(pages::list(&who.frame, None, form, job.as_ref(), UnixMs::now()))).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) fn version_of(text: &str) -> Result<Version, HttpError> {
    text.parse().map(Version).map_err(|_| HttpError::NoSuchPage)
}

/// `GET /activity/{version}`
pub(super) async fn entry(
    State(site): State<Site>,
    who: Who,
    InPath(version): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let version = version_of(&version)?;
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let from = change_place(&pairs)?;
    let operation = site.portal.operation_from(&who.actor, who.account.id, version, from).await?;
    Ok(page(pages::entry(&who.frame_saying(Notice::of(pairs.get("done"))), &operation)))
}

/// `GET /activity/{version}/undo`
pub(super) async fn undo_form(
    State(site): State<Site>,
    who: Who,
    InPath(version): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let reason = Pairs::parse(&query.unwrap_or_default()).text("reason");
    let plan = site.portal.undo_plan(&who.actor, who.account.id, version_of(&version)?).await?;
    Ok(page(undo_page(&site, &who, &plan, Undoing::Asked, &reason).await?))
}

async fn undo_page(
    site: &Site,
    who: &Who,
    plan: &UndoPlan,
    undoing: Undoing,
    reason: &str,
) -> Result<String, HttpError> {
    let (snapshot, zone) = named_by(site, &who.actor, &who.account).await?;
    Ok(pages::undo(&who.frame, plan, undoing, reason, (&snapshot, &zone)))
}

/// `POST /activity/{version}/undo`
pub(super) async fn undo(
    State(site): State<Site>,
    who: Who,
    InPath(version): InPath<String>,
    sent: Sent,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let (version, reason) = (version_of(&version)?, pairs.text("reason"));
    jobs::run(site, who, OperationKind::Undo, sent, move |site, who, progress| async move {
        let (actor, account) = (&who.actor, who.account.id);
        let done = site.portal.undo(actor, account, version, Some(reason.clone()), &progress).await?;
        if let Some(version) = done.version {
            return Ok(Redirect::to(&urls::entry(version)).into_response());
        }
        let plan = site.portal.undo_plan(actor, account, version).await?;
        let code = if done.refused > 0 { ALL_REFUSED } else { StatusCode::OK };
        Ok((code, Html(undo_page(&site, &who, &plan, Undoing::NothingDone, &reason).await?)).into_response())
    })
    .await
}
