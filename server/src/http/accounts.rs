//! The accounts to choose from, and everybody who may sign in.

use app::{
    Frame, Notice,
    pages::{people as pages, welcome::Typed},
    urls,
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Error, FieldError, InvitationId, Invite, MadeInvitation, NewAccount, Staff, UserId};

use super::{
    Site,
    error::{HttpError, status},
    extract::Form,
    query::{Pairs, activity_place},
    site::{Me, done, page},
};

pub(super) async fn list(
    State(site): State<Site>,
    me: Me,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    let accounts = site.portal.accounts(&me.who.actor).await?;
    let frame = Frame { notice, ..me.frame };
    Ok(page(pages::accounts(&frame, &accounts, &Typed::default(), &[])))
}

pub(super) async fn create(
    State(site): State<Site>,
    me: Me,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let typed = Typed { name: pairs.text("name"), country: pairs.text("country"), ..Typed::default() };
    let new = NewAccount { name: typed.name.clone(), country: typed.country.clone() };
    match site.portal.create_account(&me.who.actor, &new).await {
        Ok(account) => {
            let people = urls::mounted(account.id, urls::TEAM);
            Ok(Redirect::to(&people).into_response())
        }
        Err(error @ Error::Refused(_)) => {
            let code = status(&error);
            let Error::Refused(problems) = error else { return Err(error.into()) };
            let accounts = site.portal.accounts(&me.who.actor).await?;
            Ok((code, Html(pages::accounts(&me.frame, &accounts, &typed, &problems))).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

async fn people_page(
    site: &Site,
    me: &Me,
    invite: &Invite,
    problems: &[FieldError],
    made: Option<(&MadeInvitation, String)>,
    notice: Option<Notice>,
) -> Result<String, HttpError> {
    let people = site.portal.people(&me.who.actor).await?;
    let invited = site.portal.staff_invitations(&me.who.actor).await?;
    let frame = Frame { notice, ..me.frame.clone() };
    Ok(pages::people(&frame, &people, &invited, invite, problems, made))
}

pub(super) async fn people(
    State(site): State<Site>,
    me: Me,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    Ok(page(people_page(&site, &me, &Invite::default(), &[], None, notice).await?))
}

/// `GET /people/activity`
pub(super) async fn activity(
    State(site): State<Site>,
    me: Me,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let at = activity_place(&Pairs::parse(&query.unwrap_or_default()))?;
    let found = site.portal.people_activity(&me.who.actor, at).await?;
    Ok(page(pages::people_activity(&me.frame, &found)))
}

pub(super) async fn invite(
    State(site): State<Site>,
    me: Me,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let invite = Invite { email: pairs.text("email"), role: pairs.text("role") };
    match site.portal.invite_staff(&me.who.actor, &invite).await {
        // Not a redirect: the link is shown once, and stands nowhere else.
        Ok(made) => {
            let address = site.outside(&urls::invitation(&made.word.reveal()));
            let html = people_page(&site, &me, &Invite::default(), &[], Some((&made, address)), None).await?;
            Ok(Html(html).into_response())
        }
        Err(error @ Error::Refused(_)) => {
            let code = status(&error);
            let Error::Refused(problems) = error else { return Err(error.into()) };
            Ok((code, Html(people_page(&site, &me, &invite, &problems, None, None).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn withdraw(
    State(site): State<Site>,
    me: Me,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let id = InvitationId(pairs.id("invitation")?);
    site.portal.withdraw_staff_invitation(&me.who.actor, id).await?;
    Ok(done(urls::PEOPLE, "people-saved"))
}

pub(super) async fn staff(
    State(site): State<Site>,
    me: Me,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let staff = match pairs.get("staff") {
        Some("none") => None,
        named => Some(named.and_then(Staff::parse).ok_or_else(Pairs::incomplete)?),
    };
    site.portal.set_staff(&me.who.actor, UserId(pairs.id("user")?), staff).await?;
    Ok(done(urls::PEOPLE, "people-saved"))
}

pub(super) async fn disable(
    State(site): State<Site>,
    me: Me,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let disabled = pairs.get("disabled") == Some("yes");
    site.portal.set_disabled(&me.who.actor, UserId(pairs.id("user")?), disabled).await?;
    Ok(done(urls::PEOPLE, "people-saved"))
}

pub(super) async fn password_link(
    State(site): State<Site>,
    me: Me,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let made = site.portal.make_password_link(&me.who.actor, UserId(pairs.id("user")?)).await?;
    let address = site.outside(&urls::password_link(&made.word.reveal()));
    let html = people_page(&site, &me, &Invite::default(), &[], Some((&made, address)), None).await?;
    Ok(Html(html).into_response())
}

pub(super) async fn second_factor_off(
    State(site): State<Site>,
    me: Me,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    site.portal.reset_second_factor(&me.who.actor, UserId(pairs.id("user")?)).await?;
    Ok(done(urls::PEOPLE, "people-saved"))
}
