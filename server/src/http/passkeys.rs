//! Passkeys: one's own, and signing in with one.

use std::convert::Infallible;

use app::{
    pages::people::{self as pages, Place},
    urls,
};
use axum::{
    extract::{FromRequestParts, State},
    http::{header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Error, FieldError, Forbidden, PasskeyId, RelyingParty};

use super::{
    Site, cookies,
    error::{HttpError, status},
    extract::{Form, InPath},
    guard,
    sign_in::{empty, go_on, next, refused},
    site::{Browser, Me, bare_frame, done, page},
};

/// Who we are to authenticators, by the address that people know: that of the settings, else that of the request if it is
/// `localhost`. (Which names a request may use was judged before.)
pub(super) struct Party {
    known: Option<RelyingParty>,
    /// The same, for the pages.
    pub(super) place: Place,
}

impl Party {
    fn of(site: &Site, host: &str) -> Party {
        let address = match &site.public {
            Some(public) => public.to_string(),
            None => format!("http://{host}"),
        };
        let known = RelyingParty::at(&address);
        let place = match (&known, &site.public) {
            (Some(_), _) => Place::Here,
            (None, Some(_)) => Place::Nowhere,
            (None, None) => {
                let port = guard::split_port(host).1.unwrap_or(site.port);
                Place::At(format!("http://localhost:{port}"))
            }
        };
        Party { known, place }
    }
}

impl FromRequestParts<Site> for Party {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Party, Infallible> {
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        Ok(Party::of(site, host.unwrap_or_default()))
    }
}

pub(super) async fn begin_sign_in(
    State(site): State<Site>,
    browser: Browser,
    party: Party,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let form = empty(&site, &party, next(&pairs));
    match site.portal.begin_passkey_sign_in(party.known.as_ref(), browser.attempt()).await {
        Ok(begun) => {
            let html = pages::sign_in_asking(&bare_frame(), &begun.options, &form.next);
            Ok(cookies::ceremony(Html(html).into_response(), &begun))
        }
        Err(Error::NoPasskeysHere) => Ok(Redirect::to(&urls::sign_in(&form.next)).into_response()),
        Err(error) => refused(error, form, pages::sign_in),
    }
}

pub(super) async fn sign_in(
    State(site): State<Site>,
    browser: Browser,
    party: Party,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let form = empty(&site, &party, next(&pairs));
    let signed = pairs.text("passkey");
    match site
        .portal
        .sign_in_with_passkey(party.known.as_ref(), browser.ceremony(), &signed, browser.attempt())
        .await
    {
        Ok(entered) => Ok(go_on(&form.next, &entered)),
        Err(Error::SignInAgain | Error::NoPasskeysHere) => {
            Ok(Redirect::to(&urls::sign_in(&form.next)).into_response())
        }
        Err(error) => refused(error, form, pages::sign_in),
    }
}

/// Where somebody is led who cannot go on here: whoever signed in too long ago does so again, and comes back.
fn elsewhere(error: Error, back: &str) -> Result<Response, HttpError> {
    match error {
        Error::Forbidden(Forbidden::Stale) => Ok(Redirect::to(&urls::sign_in(back)).into_response()),
        // It says so there.
        Error::NoPasskeysHere => Ok(Redirect::to(urls::YOU).into_response()),
        other => Err(other.into()),
    }
}

/// The page again, with what is wrong.
fn again(error: Error, page: impl FnOnce(&[FieldError]) -> String) -> Result<Response, HttpError> {
    let code = status(&error);
    match error {
        Error::Refused(problems) => Ok((code, Html(page(&problems))).into_response()),
        other => elsewhere(other, urls::PASSKEYS),
    }
}

pub(super) async fn new_form(
    State(site): State<Site>,
    me: Me,
    browser: Browser,
    party: Party,
) -> Result<Response, HttpError> {
    match site.portal.may_add_passkey(&me.who, party.known.as_ref()).await {
        Ok(()) => Ok(page(pages::new_passkey(&me.frame, None, browser.agent(), &[]))),
        Err(error) => elsewhere(error, urls::PASSKEYS),
    }
}

pub(super) async fn begin(
    State(site): State<Site>,
    me: Me,
    browser: Browser,
    party: Party,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let name = pairs.text("passkey-name");
    match site.portal.begin_passkey(&me.who, party.known.as_ref(), &name).await {
        Ok(begun) => {
            let html = pages::making_passkey(&me.frame, &begun.options);
            Ok(cookies::ceremony(Html(html).into_response(), &begun))
        }
        Err(error) => {
            again(error, |problems| pages::new_passkey(&me.frame, Some(&name), browser.agent(), problems))
        }
    }
}

pub(super) async fn add(
    State(site): State<Site>,
    me: Me,
    browser: Browser,
    party: Party,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    match site
        .portal
        .add_passkey(&me.who, party.known.as_ref(), browser.ceremony(), &pairs.text("passkey"))
        .await
    {
        Ok(()) => Ok(done(urls::YOU, "passkey-added")),
        Err(error) => again(error, |problems| pages::new_passkey(&me.frame, None, browser.agent(), problems)),
    }
}

fn passkey_id(text: &str) -> Result<PasskeyId, HttpError> {
    text.parse().map(PasskeyId).map_err(|_| HttpError::NoSuchPage)
}

pub(super) async fn show(
    State(site): State<Site>,
    me: Me,
    InPath(id): InPath<String>,
) -> Result<Response, HttpError> {
    let passkey = site.portal.passkey(&me.who, passkey_id(&id)?).await?;
    Ok(page(pages::passkey(&me.frame, &passkey, None, &[])))
}

pub(super) async fn rename(
    State(site): State<Site>,
    me: Me,
    InPath(id): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let (id, name) = (passkey_id(&id)?, pairs.text("passkey-name"));
    match site.portal.rename_passkey(&me.who, id, &name).await {
        Ok(()) => Ok(done(urls::YOU, "saved")),
        Err(error) => {
            let passkey = site.portal.passkey(&me.who, id).await?;
            again(error, |problems| pages::passkey(&me.frame, &passkey, Some(&name), problems))
        }
    }
}

pub(super) async fn remove(
    State(site): State<Site>,
    me: Me,
    InPath(id): InPath<String>,
) -> Result<Response, HttpError> {
    match site.portal.remove_passkey(&me.who, passkey_id(&id)?).await {
        Ok(()) => Ok(done(urls::YOU, "passkey-removed")),
        Err(error) => elsewhere(error, &urls::passkey(id)),
    }
}
