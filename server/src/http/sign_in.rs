//! Signing in and out, and the links that work once.

use app::{
    pages::people::{self as pages, Joined, SignInForm},
    urls,
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Entered, Entry, Error};

use super::{
    Site, cookies,
    error::{HttpError, status},
    extract::{Form, InPath},
    passkeys::Party,
    query::Pairs,
    site::{Browser, Perhaps, bare_frame},
};

/// Where somebody goes on: a page of ours that the address names, else the overview.
pub(super) fn next(pairs: &Pairs) -> String {
    let next = pairs.get("next").unwrap_or(urls::OVERVIEW);
    // `//evil.example` and `/\evil.example` are other hosts to a browser.
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    if ours { next.to_owned() } else { urls::OVERVIEW.to_owned() }
}

pub(super) fn go_on(to: &str, entered: &Entered) -> Response {
    cookies::entered(Redirect::to(to).into_response(), entered)
}

/// On to a page, or to the second step before it.
pub(super) fn go_in(to: &str, entry: &Entry) -> Response {
    match entry {
        Entry::In(entered) => go_on(to, entered),
        Entry::NeedsCode(pending) => {
            let to = format!("{}{}", urls::SIGN_IN_CODE, urls::query(&[("next", to.to_owned())]));
            cookies::session(Redirect::to(&to).into_response(), pending)
        }
    }
}

/// The form with nothing in it, for somebody who goes on to a page.
pub(super) fn empty(site: &Site, party: &Party, next: String) -> SignInForm {
    let provider = site.portal.provider_label().map(str::to_owned);
    SignInForm { next, provider, passkeys: party.place.clone(), ..SignInForm::default() }
}

pub(super) async fn form(State(site): State<Site>, party: Party, RawQuery(query): RawQuery) -> Response {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let form = empty(&site, &party, next(&pairs));
    Html(pages::sign_in(&bare_frame(), &form)).into_response()
}

pub(super) async fn sign_in(
    State(site): State<Site>,
    browser: Browser,
    party: Party,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let form = SignInForm { email: pairs.text("email"), ..empty(&site, &party, next(&pairs)) };
    match site.portal.sign_in(&form.email, &pairs.text("password"), browser.attempt()).await {
        Ok(entry) => Ok(go_in(&form.next, &entry)),
        Err(error) => refused(error, form, pages::sign_in),
    }
}

pub(super) async fn code_form(
    State(site): State<Site>,
    browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let form = SignInForm { next: next(&pairs), ..SignInForm::default() };
    let waits = match browser.cookie() {
        Some(cookie) => site.portal.awaits_code(cookie).await?,
        None => false,
    };
    if !waits {
        return Ok(Redirect::to(&urls::sign_in(&form.next)).into_response());
    }
    Ok(Html(pages::code(&bare_frame(), &form)).into_response())
}

pub(super) async fn code(
    State(site): State<Site>,
    browser: Browser,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let form = SignInForm { next: next(&pairs), ..SignInForm::default() };
    match site.portal.sign_in_with_code(&pairs.text("code"), browser.attempt()).await {
        Ok(entered) => Ok(go_on(&form.next, &entered)),
        Err(Error::SignInAgain) => Ok(Redirect::to(&urls::sign_in(&form.next)).into_response()),
        Err(error) => refused(error, form, pages::code),
    }
}

/// The form again, with what is wrong.
pub(super) fn refused(
    error: Error,
    mut form: SignInForm,
    page: fn(&app::Frame, &SignInForm) -> String,
) -> Result<Response, HttpError> {
    let code = status(&error);
    let mut wait = None;
    match error {
        Error::Refused(problems) => form.problems = problems,
        Error::TooMany { wait_s } => {
            wait = Some(wait_s);
            form.refused = Some(error.to_string());
        }
        Error::Provider { .. } => form.refused = Some(error.to_string()),
        other => return Err(other.into()),
    }
    let mut response = (code, Html(page(&bare_frame(), &form))).into_response();
    if let Some(wait) = wait {
        response.headers_mut().insert(axum::http::header::RETRY_AFTER, wait.into());
    }
    Ok(response)
}

/// Signs out; who could not sign in again is asked first.
pub(super) async fn sign_out(
    State(site): State<Site>,
    browser: Browser,
    Perhaps(me): Perhaps,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    if let Some(me) = me.filter(|me| me.who.no_way_in && pairs.get("sure") != Some("yes")) {
        return Ok(Html(pages::last_sign_out(&me.frame)).into_response());
    }
    if let Some(cookie) = browser.cookie() {
        site.portal.sign_out(cookie).await?;
    }
    let mut response = cookies::ended(Redirect::to(urls::SIGN_IN).into_response());
    // What the browser keeps of the pages goes with the session (ASVS 5.0, 14.3.1).
    response
        .headers_mut()
        .insert("clear-site-data", axum::http::HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

pub(super) async fn invitation(
    State(site): State<Site>,
    Perhaps(me): Perhaps,
    InPath(word): InPath<String>,
) -> Result<Response, HttpError> {
    let joining = site.portal.joining(&word).await?;
    let reader = match &me {
        None => Joined::Stranger,
        Some(me) if me.who.email.eq_ignore_ascii_case(&joining.email) => Joined::Invited,
        Some(me) => Joined::Other(me.who.email.clone()),
    };
    let (frame, provider) = (me.map_or_else(bare_frame, |me| me.frame), site.portal.provider_label());
    Ok(Html(pages::join(&frame, &word, &joining, &reader, "", &[], provider)).into_response())
}

pub(super) async fn join(
    State(site): State<Site>,
    Perhaps(me): Perhaps,
    InPath(word): InPath<String>,
    browser: Browser,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    if let Some(me) = me {
        site.portal.join_as(&me.who, &word).await?;
        return Ok(Redirect::to(urls::ACCOUNTS).into_response());
    }
    let (name, password) = (pairs.text("person"), pairs.text("password"));
    match site.portal.join(&word, &name, &password, browser.attempt()).await {
        Ok(entered) => Ok(go_on(urls::OVERVIEW, &entered)),
        Err(Error::SignInAgain) => Ok(Redirect::to(&urls::sign_in(&urls::invitation(&word))).into_response()),
        Err(Error::Refused(problems)) => {
            let joining = site.portal.joining(&word).await?;
            let (frame, provider) = (bare_frame(), site.portal.provider_label());
            let html = pages::join(&frame, &word, &joining, &Joined::Stranger, &name, &problems, provider);
            Ok((super::error::FORM_REFUSED, Html(html)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn password_link(
    State(site): State<Site>,
    InPath(word): InPath<String>,
) -> Result<Response, HttpError> {
    let email = site.portal.password_link(&word).await?;
    Ok(Html(pages::new_password(&bare_frame(), &word, &email, &[])).into_response())
}

pub(super) async fn set_password(
    State(site): State<Site>,
    InPath(word): InPath<String>,
    browser: Browser,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    match site.portal.set_password_by_link(&word, &pairs.text("password"), browser.attempt()).await {
        Ok(entered) => Ok(go_on(urls::OVERVIEW, &entered)),
        // The second factor stays: the new password is the first step.
        Err(Error::SignInAgain) => Ok(Redirect::to(urls::SIGN_IN).into_response()),
        Err(Error::Refused(problems)) => {
            let email = site.portal.password_link(&word).await?;
            let html = pages::new_password(&bare_frame(), &word, &email, &problems);
            Ok((super::error::FORM_REFUSED, Html(html)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_leads_to_no_other_host() {
        for (query, expected) in [
            ("next=/dids/manage%3Fq%3D1", "/dids/manage?q=1"),
            ("", "/"),
            ("next=//evil.example", "/"),
            ("next=/%5Cevil.example", "/"),
            ("next=/%09/evil.example", "/"),
            ("next=https://evil.example", "/"),
            ("next=javascript:alert(1)", "/"),
        ] {
            assert_eq!(next(&Pairs::parse(query)), expected, "{query}");
        }
    }
}
