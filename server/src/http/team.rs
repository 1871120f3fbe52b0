//! Who may do what in an account: people, support, programs.

use app::{
    Notice,
    pages::people::{self as pages, TokenForm},
    urls,
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Response},
};
use portal::{Error, FieldError, InvitationId, Invite, MadeInvitation, TokenDraft, TokenId, UnixMs, UserId};

use super::{
    Site,
    error::{HttpError, status},
    extract::Form,
    query::Pairs,
    site::{Who, done, page},
};

async fn team_page(
    site: &Site,
    who: &Who,
    invite: &Invite,
    problems: &[FieldError],
    made: Option<&MadeInvitation>,
    notice: Option<Notice>,
) -> Result<String, HttpError> {
    let team = site.portal.team(&who.actor, who.account.id).await?;
    let made = made.map(|made| (made, site.outside(&urls::invitation(&made.word.reveal()))));
    Ok(pages::team(&who.frame_saying(notice), &team, invite, problems, made, UnixMs::now()))
}

pub(super) async fn show(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    Ok(page(team_page(&site, &who, &Invite::default(), &[], None, notice).await?))
}

/// The page again, with what is wrong.
async fn again(site: &Site, who: &Who, error: Error, invite: &Invite) -> Result<Response, HttpError> {
    let code = status(&error);
    let Error::Refused(problems) = error else { return Err(error.into()) };
    Ok((code, Html(team_page(site, who, invite, &problems, None, None).await?)).into_response())
}

pub(super) async fn invite(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let invite = Invite { email: pairs.text("email"), role: pairs.text("role") };
    match site.portal.invite(&who.actor, who.account.id, &invite).await {
        // Not a redirect: the link is shown once, and stands nowhere else.
        Ok(made) => {
            let html = team_page(&site, &who, &Invite::default(), &[], Some(&made), None).await?;
            Ok(Html(html).into_response())
        }
        Err(error) => again(&site, &who, error, &invite).await,
    }
}

pub(super) async fn withdraw(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let id = InvitationId(pairs.id("invitation")?);
    site.portal.withdraw_invitation(&who.actor, who.account.id, id).await?;
    Ok(done(urls::TEAM, "people-saved"))
}

pub(super) async fn role(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let user = UserId(pairs.id("user")?);
    site.portal.set_role(&who.actor, who.account.id, user, &pairs.text("role")).await?;
    Ok(done(urls::TEAM, "people-saved"))
}

pub(super) async fn remove(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let user = UserId(pairs.id("user")?);
    site.portal.remove_person(&who.actor, who.account.id, user).await?;
    // Whoever left has no page of this account any more.
    let left = who.actor.user() == Some(user) && who.actor.staff().is_none();
    Ok(done(if left { urls::ACCOUNTS } else { urls::TEAM }, "person-removed"))
}

pub(super) async fn support(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let hours = pairs.text("hours");
    let hours = (!pairs.has("end")).then_some(hours.as_str());
    match site.portal.grant_support(&who.actor, who.account.id, hours).await {
        Ok(()) => Ok(done(urls::TEAM, "people-saved")),
        Err(error) => again(&site, &who, error, &Invite::default()).await,
    }
}

pub(super) async fn looks(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let below = Pairs::parse(&query.unwrap_or_default()).maybe_id("below")?;
    let looks = site.portal.looks(&who.actor, who.account.id, below).await?;
    Ok(page(pages::looks(&who.frame, &looks, below.is_none())))
}

async fn token_page(
    site: &Site,
    who: &Who,
    form: &TokenForm,
    notice: Option<Notice>,
) -> Result<String, HttpError> {
    let team = site.portal.team(&who.actor, who.account.id).await?;
    Ok(pages::tokens(&who.frame_saying(notice), &team, form, UnixMs::now()))
}

pub(super) async fn tokens(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    Ok(page(token_page(&site, &who, &TokenForm::default(), notice).await?))
}

pub(super) async fn make_token(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let draft = TokenDraft { name: pairs.text("name"), scope: pairs.text("scope"), days: pairs.text("days") };
    let made = site.portal.make_token(&who.signed_in, who.account.id, &draft).await;
    match made {
        // Not a redirect: the token is shown once, and stands nowhere else.
        Ok(made) => {
            let form = TokenForm { made: Some(made), ..TokenForm::default() };
            Ok(Html(token_page(&site, &who, &form, None).await?).into_response())
        }
        Err(error @ Error::Refused(_)) => {
            let code = status(&error);
            let Error::Refused(problems) = error else { return Err(error.into()) };
            let form = TokenForm { draft, problems, made: None };
            Ok((code, Html(token_page(&site, &who, &form, None).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn revoke_token(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let token = TokenId(pairs.id("token")?);
    site.portal.revoke_token(&who.actor, who.account.id, token).await?;
    Ok(done(urls::TOKENS, "token-revoked"))
}
