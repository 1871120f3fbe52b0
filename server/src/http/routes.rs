//! Inbound Routes.

use app::{
    Notice,
    pages::routes::{self as pages, FormState, RouteChanges},
    urls,
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Response},
};
use portal::{ChangeView, Error, InUse, Noun, RouteDraft, RouteQuery, Subject, UnixMs};
use routing::RouteId;

use super::{
    Site,
    error::{HttpError, status},
    extract::{Form, InPath},
    query::{Pairs, route_query},
    site::{Who, done, page, saved},
};

fn draft_of(pairs: &Pairs) -> RouteDraft {
    RouteDraft {
        alias: pairs.text("alias"),
        kind: pairs.text("kind"),
        value: pairs.text("value"),
        edge: pairs.text("edge"),
        carrier: pairs.text("carrier"),
        site: pairs.text("site"),
        region: pairs.text("region"),
        answerer: pairs.text("answerer"),
    }
}

/// A route that has pages of its own: the built-in one has none.
fn route_id(text: &str) -> Result<RouteId, HttpError> {
    let id = text.parse().map(RouteId).map_err(|_| HttpError::NoSuchPage)?;
    if id == RouteId::REGISTERED { Err(Error::NotFound(Noun::Route).into()) } else { Ok(id) }
}

async fn list_page(
    site: &Site,
    who: &Who,
    query: &RouteQuery,
    form: &FormState,
    notice: Option<Notice>,
) -> Result<String, HttpError> {
    let routes = site.portal.routes(&who.actor, who.account.id, query).await?;
    let ground = site.portal.route_ground(&who.actor, who.account.id).await?;
    let frame = who.frame_saying(notice);
    Ok(pages::list(&frame, &routes, query, &ground, form, UnixMs::now()))
}

pub(super) async fn list(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let notice = Notice::of(pairs.get("done"));
    let query = route_query(&pairs)?;
    Ok(page(list_page(&site, &who, &query, &FormState::default(), notice).await?))
}

pub(super) async fn add(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let draft = draft_of(&pairs);
    match site.portal.add_route(&who.actor, who.account.id, &draft).await {
        Ok(_) => Ok(done(urls::ROUTES, "added")),
        Err(error @ Error::Refused(_)) => {
            let code = status(&error);
            let Error::Refused(problems) = error else { return Err(error.into()) };
            let form = FormState { draft, problems };
            Ok((code, Html(list_page(&site, &who, &RouteQuery::default(), &form, None).await?))
                .into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn edit_form(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let route = site.portal.route(&who.actor, who.account.id, route_id(&id)?).await?;
    let ground = site.portal.route_ground(&who.actor, who.account.id).await?;
    let pairs = Pairs::parse(&query.unwrap_or_default());
    // The way back from a change that was shown first: what was typed, by the version that it was typed upon.
    let (draft, as_of) = match pairs.has("kind") {
        true => (draft_of(&pairs), pairs.as_of()?),
        false => (RouteDraft::of(&route.route), route.version),
    };
    let form = FormState { draft, problems: Vec::new() };
    let changes = history(&site, &who, route.route.id).await?;
    let changes = RouteChanges { meanwhile: None, recent: &changes };
    Ok(page(pages::edit(&who.frame, &route, as_of, &ground, &form, changes)))
}

pub(super) async fn edit(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let id = route_id(&id)?;
    let (draft, as_of) = (draft_of(&pairs), pairs.as_of()?);
    let error = match site.portal.edit_route(&who.actor, who.account.id, id, as_of, &draft).await {
        Ok(changed) => return Ok(saved(urls::ROUTES, &changed)),
        Err(error) => error,
    };
    let code = status(&error);
    let (problems, conflict) = match error {
        Error::Refused(problems) => (problems, None),
        Error::RouteConflict(conflict) => (Vec::new(), Some(conflict)),
        other => return Err(other.into()),
    };
    let route = site.portal.route(&who.actor, who.account.id, id).await?;
    let ground = site.portal.route_ground(&who.actor, who.account.id).await?;
    // After a conflict the form goes by what is stored now: saving again is then a decision, not an accident.
    let as_of = conflict.as_ref().map_or(as_of, |conflict| conflict.now.version);
    let form = FormState { draft, problems };
    let recent = history(&site, &who, id).await?;
    let changes = RouteChanges { meanwhile: conflict.as_deref(), recent: &recent };
    let html = pages::edit(&who.frame, &route, as_of, &ground, &form, changes);
    Ok((code, Html(html)).into_response())
}

async fn history(site: &Site, who: &Who, id: RouteId) -> Result<Vec<ChangeView>, HttpError> {
    Ok(site.portal.history_of(&who.actor, who.account.id, Subject::Route(id)).await?)
}

async fn delete_page(
    site: &Site,
    who: &Who,
    id: RouteId,
    in_use: Option<&InUse>,
    changes: &[ChangeView],
) -> Result<String, HttpError> {
    let route = site.portal.route(&who.actor, who.account.id, id).await?;
    Ok(pages::delete(&who.frame, &route, in_use, changes))
}

pub(super) async fn delete_form(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
) -> Result<Response, HttpError> {
    let id = route_id(&id)?;
    let in_use = site.portal.route_in_use(&who.actor, who.account.id, id).await?;
    Ok(page(delete_page(&site, &who, id, in_use.as_ref(), &[]).await?))
}

pub(super) async fn delete(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let (id, as_of) = (route_id(&id)?, pairs.as_of()?);
    let error = match site.portal.delete_route(&who.actor, who.account.id, id, as_of).await {
        Ok(()) => return Ok(done(urls::ROUTES, "deleted")),
        Err(error) => error,
    };
    let code = status(&error);
    let html = match error {
        Error::InUse(in_use) => delete_page(&site, &who, id, Some(&in_use), &[]).await?,
        // The page goes by what is stored now: deleting after all is then a decision, not an accident.
        Error::RouteConflict(conflict) => {
            let in_use = site.portal.route_in_use(&who.actor, who.account.id, id).await?;
            delete_page(&site, &who, id, in_use.as_ref(), &conflict.changes).await?
        }
        other => return Err(other.into()),
    };
    Ok((code, Html(html)).into_response())
}
