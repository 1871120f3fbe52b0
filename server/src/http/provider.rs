//! Signing in by the OIDC provider, and linking it.
//!
//! Coming back begins a session, though a browser comes by `GET` and from another site: the one exception to "`GET`
//! changes nothing", since the protocol has it so. What stands in place of the rule is the flow: an answer counts only in
//! the browser that one of our own forms sent there, whose cookie fits what the answer names, and once.

use app::{pages::people as pages, urls};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Errand, Error, Flow, Forbidden, ProviderAnswer, Returned};

use super::{
    Site, cookies,
    error::HttpError,
    extract::Form,
    passkeys::Party,
    query::Pairs,
    sign_in,
    site::{Browser, Me, Perhaps, bare_frame, done},
    you,
};

/// Octets of the page to go on with, in the cookie: browsers keep 4096 for all of it.
const NEXT_BYTES_MAX: usize = 2000;

/// The address that people come back to, as the provider knows it.
fn back(site: &Site) -> String {
    site.outside(urls::PROVIDER_RETURN)
}

/// What the browser keeps while its person is away: the flow, and the page to go on with.
fn kept(flow: &Flow, next: &str) -> String {
    let next = if next.len() > NEXT_BYTES_MAX { urls::OVERVIEW } else { next };
    form_urlencoded::Serializer::new(String::new())
        .append_pair("flow", &flow.reveal())
        .append_pair("next", next)
        .finish()
}

pub(super) async fn leave(
    State(site): State<Site>,
    Perhaps(me): Perhaps,
    party: Party,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let word = pairs.text("word");
    let (errand, next) = match pairs.get("for") {
        Some("link") => (Errand::Link, urls::YOU.to_owned()),
        Some("join") => (Errand::Join(&word), urls::invitation(&word)),
        _ => (Errand::SignIn, sign_in::next(&pairs)),
    };
    let who = me.as_ref().map(|me| &me.who);
    match site.portal.leave_for_provider(errand, who, &back(&site)).await {
        Ok((address, flow)) => {
            let label = site.portal.provider_label().unwrap_or_default();
            let html = pages::to_provider(&bare_frame(), label, &address);
            let mut response = Html(html).into_response();
            if let Ok(refresh) = HeaderValue::from_str(&format!("0; url={address}")) {
                response.headers_mut().insert(header::REFRESH, refresh);
            }
            Ok(cookies::leaving(response, &kept(&flow, &next)))
        }
        Err(error) => refused(&site, &party, me, errand == Errand::Link, next, error).await,
    }
}

pub(super) async fn come_back(
    State(site): State<Site>,
    Perhaps(me): Perhaps,
    party: Party,
    browser: Browser,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let kept = Pairs::parse(cookies::get(&headers, cookies::FLOW).unwrap_or_default());
    let flow = kept.get("flow").and_then(Flow::parse);
    let (links, next) = (flow.as_ref().is_some_and(Flow::links), sign_in::next(&kept));
    let answered = Pairs::parse(&query.unwrap_or_default());
    let answer = ProviderAnswer {
        state: answered.get("state").unwrap_or_default(),
        code: answered.get("code"),
        error: answered.get("error"),
        issuer: answered.get("iss"),
    };
    let (who, back) = (me.as_ref().map(|me| &me.who), back(&site));
    let came = site.portal.return_from_provider(answer, flow.as_ref(), who, &back, browser.attempt()).await;
    let response = match came {
        Ok(Returned::Entry(entry)) => Ok(sign_in::go_in(&next, &entry)),
        Ok(Returned::Joined(entered)) => Ok(sign_in::go_on(urls::OVERVIEW, &entered)),
        Ok(Returned::Linked) => Ok(done(urls::YOU, "provider-linked")),
        Err(error) => refused(&site, &party, me, links, next, error).await,
    };
    cookies::returned(response.unwrap_or_else(IntoResponse::into_response))
}

/// What came of it is told where it was begun.
async fn refused(
    site: &Site,
    party: &Party,
    me: Option<Me>,
    links: bool,
    next: String,
    error: Error,
) -> Result<Response, HttpError> {
    match (error, me) {
        (Error::SignInAgain | Error::Forbidden(Forbidden::Stale), _) => {
            Ok(Redirect::to(&urls::sign_in(&next)).into_response())
        }
        (error @ Error::Provider { .. }, Some(me)) if links => {
            you::again(site, &me, party, error, None).await
        }
        (error, _) => sign_in::refused(error, sign_in::empty(site, party, next), pages::sign_in),
    }
}

pub(super) async fn unlink(State(site): State<Site>, me: Me, party: Party) -> Result<Response, HttpError> {
    match site.portal.unlink_provider(&me.who).await {
        Ok(()) => Ok(done(urls::YOU, "provider-unlinked")),
        Err(error @ Error::Provider { .. }) => you::again(&site, &me, &party, error, None).await,
        Err(error) => refused(&site, &party, None, false, urls::YOU.to_owned(), error).await,
    }
}
