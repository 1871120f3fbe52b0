//! The first visit, and the overview.

use app::{
    Notice,
    pages::{overview as overview_page, welcome as page_of},
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{NewAccount, UnixMs};

use super::{
    Site,
    error::{HttpError, status},
    extract::Form,
    query::Pairs,
    site::{Who, bare_frame, page},
};

pub(super) async fn overview(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    let overview = site.portal.overview(&who.actor, who.account.id).await?;
    Ok(page(overview_page::page(&who.frame_saying(notice), &overview, UnixMs::now())))
}

pub(super) async fn form(State(site): State<Site>) -> Result<Response, HttpError> {
    if site.portal.account().await?.is_some() {
        return Ok(Redirect::to(app::urls::OVERVIEW).into_response());
    }
    Ok(page(page_of::page(&bare_frame(), &page_of::Typed::default(), &[])))
}

pub(super) async fn create(State(site): State<Site>, Form(pairs): Form) -> Result<Response, HttpError> {
    let typed = page_of::Typed { name: pairs.text("name"), country: pairs.text("country") };
    let new = NewAccount { name: typed.name.clone(), country: typed.country.clone() };
    match site.portal.create_account(&new).await {
        Ok(_) => Ok(Redirect::to(app::urls::OVERVIEW).into_response()),
        Err(error @ portal::Error::Refused(_)) => {
            let code = status(&error);
            let portal::Error::Refused(problems) = error else { return Err(error.into()) };
            let html = page_of::page(&bare_frame(), &typed, &problems);
            Ok((code, Html(html)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn sample(State(site): State<Site>) -> Result<Response, HttpError> {
    site.portal.create_sample_account().await?;
    Ok(Redirect::to(app::urls::OVERVIEW).into_response())
}
