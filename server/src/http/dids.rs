//! Manage your DIDs, the download, and one number's page.

use app::{
    Notice,
    pages::dids::{self as pages, DidForm},
    urls,
};
use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::header,
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{DidDraft, Error};

use super::{
    Site,
    error::{HttpError, status},
    extract::{Form, InPath},
    query::{Pairs, did_filter, did_query, number},
    site::{Who, page},
};

pub(super) async fn manage(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let notice = Notice::of(pairs.get("problem"));
    let query = did_query(&pairs)?;
    let dids = site.portal.dids(&who.actor, who.account.id, &query).await?;
    let choices = site.portal.route_choices(&who.actor, who.account.id).await?;
    Ok(page(pages::manage(&who.frame_saying(notice), &dids, &query, &choices)))
}

pub(super) async fn download(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let filter = did_filter(&Pairs::parse(&query.unwrap_or_default()))?;
    let mut csv = Vec::new();
    site.portal.export_csv(&who.actor, who.account.id, &filter, |part| csv.extend_from_slice(part)).await?;
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"dids.csv\""),
        ],
        Body::from(csv),
    )
        .into_response())
}

pub(super) async fn detail(
    State(site): State<Site>,
    who: Who,
    InPath(digits): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let number = number(&digits).map_err(|_| HttpError::NoSuchPage)?;
    let did = site.portal.did(&who.actor, who.account.id, number).await?;
    let choices = site.portal.route_choices(&who.actor, who.account.id).await?;
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    let frame = who.frame_saying(notice);
    Ok(page(pages::detail(&frame, &did, &choices, &DidForm::default())))
}

pub(super) async fn edit(
    State(site): State<Site>,
    who: Who,
    InPath(digits): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let number = number(&digits).map_err(|_| HttpError::NoSuchPage)?;
    let draft = DidDraft {
        alias: pairs.text("alias"),
        primary: pairs.text("primary"),
        failover: pairs.text("failover"),
    };
    let as_of = pairs.as_of()?;
    let error = match site.portal.edit_did(&who.actor, who.account.id, number, as_of, &draft).await {
        Ok(saved) => {
            let done = if saved.changed { "saved" } else { "same" };
            return Ok(Redirect::to(&format!("{}?done={done}", urls::did(number))).into_response());
        }
        Err(error) => error,
    };
    let code = status(&error);
    let form = match error {
        Error::Refused(problems) => DidForm { draft: Some((draft, as_of)), problems, ..DidForm::default() },
        // The form goes by what is stored now: saving again is then a decision, not an accident.
        Error::DidConflict(conflict) => DidForm {
            draft: Some((draft, conflict.now.version)),
            changed_meanwhile: conflict.changes,
            ..DidForm::default()
        },
        other => return Err(other.into()),
    };
    let did = site.portal.did(&who.actor, who.account.id, number).await?;
    let choices = site.portal.route_choices(&who.actor, who.account.id).await?;
    Ok((code, Html(pages::detail(&who.frame, &did, &choices, &form))).into_response())
}
