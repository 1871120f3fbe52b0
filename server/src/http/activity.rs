//! Activity: the list, and one entry.

use app::pages::activity::{self as pages, ActivityForm};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Response},
};
use portal::{Error, UnixMs};
use routing::Version;

use super::{
    Site,
    error::{HttpError, status},
    extract::InPath,
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
    let form = ActivityForm { draft: &draft, routes: &routes, plans: &plans, problems: &[] };
    match site.portal.activity(&who.actor, who.account.id, &draft, at).await {
        Ok(found) => Ok(page(pages::list(&who.frame, Some(&found), form, UnixMs::now()))),
        Err(error @ Error::Refused(_)) => {
            let code = status(&error);
            let Error::Refused(problems) = error else { return Err(error.into()) };
            let form = ActivityForm { problems: &problems, ..form };
            Ok((code, Html(pages::list(&who.frame, None, form, UnixMs::now()))).into_response())
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
    let from = change_place(&Pairs::parse(&query.unwrap_or_default()))?;
    let operation = site.portal.operation_from(&who.actor, who.account.id, version, from).await?;
    Ok(page(pages::entry(&who.frame, &operation)))
}
