//! Oneself.

use app::{
    Frame, Notice,
    pages::people::{self as pages, YouForm},
    urls,
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Error, SessionId, UnixMs};

use super::{
    Site,
    error::{HttpError, status},
    extract::Form,
    passkeys::Party,
    query::Pairs,
    site::{Me, done, page},
};

async fn you_page(
    site: &Site,
    me: &Me,
    party: &Party,
    form: &YouForm,
    notice: Option<Notice>,
) -> Result<String, HttpError> {
    let you = site.portal.you(&me.who).await?;
    let frame = Frame { notice, ..me.frame.clone() };
    Ok(pages::you(&frame, &you, form, &party.place, UnixMs::now()))
}

pub(super) async fn show(
    State(site): State<Site>,
    me: Me,
    party: Party,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    Ok(page(you_page(&site, &me, &party, &YouForm::default(), notice).await?))
}

/// The page again, with what is wrong.
pub(super) async fn again(
    site: &Site,
    me: &Me,
    party: &Party,
    error: Error,
    name: Option<String>,
) -> Result<Response, HttpError> {
    let code = status(&error);
    let form = match error {
        Error::Refused(problems) => YouForm { name, problems, refused: None },
        Error::TooMany { .. } | Error::Provider { .. } => {
            YouForm { refused: Some(error.to_string()), ..YouForm::default() }
        }
        other => return Err(other.into()),
    };
    Ok((code, Html(you_page(site, me, party, &form, None).await?)).into_response())
}

pub(super) async fn rename(
    State(site): State<Site>,
    me: Me,
    party: Party,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let name = pairs.text("person");
    match site.portal.rename_yourself(&me.who, &name).await {
        Ok(()) => Ok(done(urls::YOU, "saved")),
        Err(error) => again(&site, &me, &party, error, Some(name)).await,
    }
}

pub(super) async fn password(
    State(site): State<Site>,
    me: Me,
    party: Party,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let (before, after) = (pairs.text("password-before"), pairs.text("password"));
    match site.portal.change_password(&me.who, &before, &after).await {
        Ok(()) => Ok(done(urls::YOU, "password-set")),
        Err(Error::Forbidden(portal::Forbidden::Stale)) => {
            Ok(Redirect::to(&urls::sign_in(urls::YOU)).into_response())
        }
        Err(error) => again(&site, &me, &party, error, None).await,
    }
}

pub(super) async fn end_session(
    State(site): State<Site>,
    me: Me,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    match pairs.get("session") {
        Some("others") => site.portal.end_other_sessions(&me.who).await?,
        _ => site.portal.end_session(&me.who, SessionId(pairs.id("session")?)).await?,
    }
    Ok(done(urls::YOU, "signed-out-elsewhere"))
}

pub(super) async fn factor_form(State(site): State<Site>, me: Me) -> Result<Response, HttpError> {
    match site.portal.begin_second_factor(&me.who, None) {
        Ok(enrolment) => Ok(Html(pages::second_factor(&me.frame, &enrolment, &[])).into_response()),
        Err(Error::Forbidden(portal::Forbidden::Stale)) => {
            Ok(Redirect::to(&urls::sign_in(urls::SECOND_FACTOR)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn factor(
    State(site): State<Site>,
    me: Me,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let secret = pairs.text("secret");
    match site.portal.confirm_second_factor(&me.who, &secret, &pairs.text("code")).await {
        Ok(codes) => Ok(Html(pages::recovery_codes(&me.frame, &codes)).into_response()),
        Err(error @ Error::Refused(_)) => {
            let code = status(&error);
            let Error::Refused(problems) = error else { return Err(error.into()) };
            let enrolment = site.portal.begin_second_factor(&me.who, Some(&secret))?;
            Ok((code, Html(pages::second_factor(&me.frame, &enrolment, &problems))).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn drop_factor(State(site): State<Site>, me: Me) -> Result<Response, HttpError> {
    site.portal.drop_second_factor(&me.who).await?;
    Ok(done(urls::YOU, "second-factor-off"))
}
