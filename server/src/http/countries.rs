//! Where an account's routes to phone numbers may ring.

use app::{Notice, pages::people as pages, urls};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Response},
};
use portal::{Error, Result};

use super::{
    Site,
    error::{HttpError, status},
    extract::Form,
    query::Pairs,
    site::{Who, done, page},
};

pub(super) async fn show(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    let destinations = site.portal.destinations(&who.actor, who.account.id).await?;
    Ok(page(pages::countries(&who.frame_saying(notice), &destinations, None)))
}

pub(super) async fn allow(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let allowed = site.portal.allow_destination(&who.actor, who.account.id, &pairs.text("country")).await;
    answer(&site, &who, allowed).await
}

pub(super) async fn forbid(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let forbidden = site.portal.forbid_destination(&who.actor, who.account.id, &pairs.text("country")).await;
    answer(&site, &who, forbidden).await
}

async fn answer(site: &Site, who: &Who, done_so: Result<()>) -> Result<Response, HttpError> {
    match done_so {
        Ok(()) => Ok(done(urls::COUNTRIES, "countries-saved")),
        Err(error @ (Error::Refused(_) | Error::DestinationInUse { .. })) => {
            let destinations = site.portal.destinations(&who.actor, who.account.id).await?;
            let html = pages::countries(&who.frame, &destinations, Some(error.to_string()));
            Ok((status(&error), Html(html)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
