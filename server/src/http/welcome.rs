//! The first visit, and the overview.

use app::{
    Notice,
    pages::{overview as overview_page, welcome as page_of},
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Error, FirstVisit, NewAccount, SetUp, UnixMs};

use super::{
    Site, cookies,
    error::{HttpError, status},
    extract::Form,
    query::Pairs,
    site::{Browser, Who, bare_frame, page},
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

/// Whoever comes first administers the server: where others can come, that is whoever has its terminal.
fn at_the_terminal(site: &Site) -> Result<(), HttpError> {
    if site.public.is_some() { Err(HttpError::FirstVisitAtTheTerminal) } else { Ok(()) }
}

pub(super) async fn form(State(site): State<Site>) -> Result<Response, HttpError> {
    match site.portal.set_up_needs().await? {
        SetUp::Person | SetUp::Everything if site.public.is_some() => Err(HttpError::FirstVisitAtTheTerminal),
        SetUp::Done => Ok(Redirect::to(app::urls::OVERVIEW).into_response()),
        needs => Ok(page(page_of::page(&bare_frame(), needs, &page_of::Typed::default(), &[]))),
    }
}

pub(super) async fn create(
    State(site): State<Site>,
    browser: Browser,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    at_the_terminal(&site)?;
    let typed = page_of::Typed {
        name: pairs.text("name"),
        country: pairs.text("country"),
        person: pairs.text("person"),
        email: pairs.text("email"),
    };
    let account = NewAccount { name: typed.name.clone(), country: typed.country.clone() };
    let visit = FirstVisit {
        name: typed.person.clone(),
        email: typed.email.clone(),
        password: pairs.text("password"),
    };
    let needs = site.portal.set_up_needs().await?;
    match site.portal.set_up(&visit, &account, browser.attempt()).await {
        Ok(entered) => Ok(cookies::entered(Redirect::to(app::urls::OVERVIEW).into_response(), &entered)),
        Err(error @ Error::Refused(_)) => {
            let code = status(&error);
            let Error::Refused(problems) = error else { return Err(error.into()) };
            Ok((code, Html(page_of::page(&bare_frame(), needs, &typed, &problems))).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn sample(State(site): State<Site>, browser: Browser) -> Result<Response, HttpError> {
    at_the_terminal(&site)?;
    let entered = site.portal.set_up_sample(browser.attempt()).await?;
    Ok(cookies::entered(Redirect::to(app::urls::OVERVIEW).into_response(), &entered))
}
