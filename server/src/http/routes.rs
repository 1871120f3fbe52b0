//! Inbound Routes.

use app::{
    Tone,
    pages::routes::{self as pages, FormState},
    urls,
};
use axum::{
    extract::{Path, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Error, RouteDraft, RouteQuery, UnixMs};
use routing::RouteId;

use super::{
    Site,
    error::{HttpError, status},
    query::{Pairs, route_query},
    site::{Who, page},
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

fn route_id(text: &str) -> Result<RouteId, HttpError> {
    text.parse().map(RouteId).map_err(|_| HttpError::NoSuchPage)
}

async fn list_page(
    site: &Site,
    who: &Who,
    query: &RouteQuery,
    form: &FormState,
    notice: Option<(Tone, String)>,
) -> Result<String, HttpError> {
    let routes = site.portal.routes(&who.actor, who.account.id, query).await?;
    let edges = site.portal.edges().await?;
    let frame = who.frame_saying(notice);
    Ok(pages::list(&frame, &routes, query, &edges, &who.account.country, form, UnixMs::now()))
}

pub(super) async fn list(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let notice = match pairs.get("done") {
        Some("added") => {
            Some((Tone::Good, "The route was added. Choose it for your DIDs under Manage.".to_owned()))
        }
        Some("saved") => Some((Tone::Good, "The route was saved.".to_owned())),
        Some("deleted") => Some((Tone::Good, "The route was deleted.".to_owned())),
        _ => None,
    };
    let query = route_query(&pairs)?;
    Ok(page(list_page(&site, &who, &query, &FormState::default(), notice).await?))
}

pub(super) async fn add(State(site): State<Site>, who: Who, body: String) -> Result<Response, HttpError> {
    let draft = draft_of(&Pairs::parse(&body));
    match site.portal.add_route(&who.actor, who.account.id, &draft).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=added", urls::ROUTES)).into_response()),
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
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let route = site.portal.route(&who.actor, who.account.id, route_id(&id)?).await?;
    let edges = site.portal.edges().await?;
    let form = FormState { draft: RouteDraft::of(&route.route), problems: Vec::new() };
    Ok(page(pages::edit(&who.frame, &route, route.version, &edges, &who.account.country, &form, None)))
}

pub(super) async fn edit(
    State(site): State<Site>,
    who: Who,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, HttpError> {
    let (id, pairs) = (route_id(&id)?, Pairs::parse(&body));
    let (draft, as_of) = (draft_of(&pairs), pairs.as_of()?);
    let error = match site.portal.edit_route(&who.actor, who.account.id, id, as_of, &draft).await {
        Ok(_) => return Ok(Redirect::to(&format!("{}?done=saved", urls::ROUTES)).into_response()),
        Err(error) => error,
    };
    let code = status(&error);
    let (problems, conflict) = match error {
        Error::Refused(problems) => (problems, None),
        Error::Conflict(conflict) => (Vec::new(), Some(conflict)),
        other => return Err(other.into()),
    };
    let route = site.portal.route(&who.actor, who.account.id, id).await?;
    let edges = site.portal.edges().await?;
    // After a conflict the form goes by what is stored now: saving again is then a decision, not an accident.
    let as_of = if conflict.is_some() { route.version } else { as_of };
    let form = FormState { draft, problems };
    let html =
        pages::edit(&who.frame, &route, as_of, &edges, &who.account.country, &form, conflict.as_deref());
    Ok((code, Html(html)).into_response())
}

pub(super) async fn delete_form(
    State(site): State<Site>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let id = route_id(&id)?;
    let route = site.portal.route(&who.actor, who.account.id, id).await?;
    let in_use = site.portal.route_users(&who.actor, who.account.id, id).await?;
    Ok(page(pages::delete(&who.frame, &route, Some(&in_use).filter(|users| users.count > 0))))
}

pub(super) async fn delete(
    State(site): State<Site>,
    who: Who,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, HttpError> {
    let (id, as_of) = (route_id(&id)?, Pairs::parse(&body).as_of()?);
    let error = match site.portal.delete_route(&who.actor, who.account.id, id, as_of).await {
        Ok(()) => return Ok(Redirect::to(&format!("{}?done=deleted", urls::ROUTES)).into_response()),
        Err(error) => error,
    };
    let code = status(&error);
    match error {
        Error::InUse(in_use) => {
            let route = site.portal.route(&who.actor, who.account.id, id).await?;
            Ok((code, Html(pages::delete(&who.frame, &route, Some(&in_use)))).into_response())
        }
        Error::Conflict(_) => {
            let route = site.portal.route(&who.actor, who.account.id, id).await?;
            let notice = (
                Tone::Bad,
                "The route was changed meanwhile; look at it again before you delete it.".to_owned(),
            );
            Ok((code, Html(pages::delete(&who.frame_saying(Some(notice)), &route, None))).into_response())
        }
        other => Err(other.into()),
    }
}
