//! Manage your DIDs, the download, and one number's page.

use app::{
    Frame, Notice,
    pages::dids::{self as pages, DidForm},
    urls,
};
use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::header,
    response::{Html, IntoResponse, Response},
};
use portal::{DidDraft, Error};
use routing::E164;

use super::{
    Site,
    error::{HttpError, status},
    extract::{Form, InPath},
    query::{Pairs, did_filter, did_query, number},
    site::{Who, page, saved},
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

fn draft_of(pairs: &Pairs) -> DidDraft {
    DidDraft {
        alias: pairs.text("alias"),
        primary: pairs.text("primary"),
        failover: pairs.text("failover"),
        primary_weight: pairs.text("primary_weight"),
        failover_weight: pairs.text("failover_weight"),
    }
}

async fn detail_page(
    site: &Site,
    who: &Who,
    frame: &Frame,
    number: E164,
    form: &DidForm,
) -> Result<String, HttpError> {
    let did = site.portal.did(&who.actor, who.account.id, number).await?;
    let choices = site.portal.did_choices(&who.actor, who.account.id).await?;
    Ok(pages::detail(frame, &did, &choices, form))
}

pub(super) async fn detail(
    State(site): State<Site>,
    who: Who,
    InPath(digits): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let number = number(&digits).map_err(|_| HttpError::NoSuchPage)?;
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let frame = who.frame_saying(Notice::of(pairs.get("done")));
    // The way back from a change that was shown first: what was typed, by the version that it was typed upon.
    let draft = match pairs.has("primary") {
        true => Some((draft_of(&pairs), pairs.as_of()?)),
        false => None,
    };
    let form = DidForm { draft, ..DidForm::default() };
    Ok(page(detail_page(&site, &who, &frame, number, &form).await?))
}

pub(super) async fn edit(
    State(site): State<Site>,
    who: Who,
    InPath(digits): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let number = number(&digits).map_err(|_| HttpError::NoSuchPage)?;
    let (draft, as_of) = (draft_of(&pairs), pairs.as_of()?);
    let error = match site.portal.edit_did(&who.actor, who.account.id, number, as_of, &draft).await {
        Ok(changed) => return Ok(saved(&urls::did(number), &changed)),
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
    Ok((code, Html(detail_page(&site, &who, &who.frame, number, &form).await?)).into_response())
}
