//! Schedules.

use app::{
    Notice,
    pages::schedules::{self as pages, Editing, ScheduleForm},
    urls, week,
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Response},
};
use portal::{ChangeView, Error, ScheduleDraft, ScheduleInUse, zone_names};
use routing::ScheduleId;

use super::{
    Site,
    error::{HttpError, status},
    extract::{Form, InPath},
    query::Pairs,
    site::{Who, done, page, saved},
};

fn schedule_id(text: &str) -> Result<ScheduleId, HttpError> {
    text.parse().map(ScheduleId).map_err(|_| HttpError::NoSuchPage)
}

fn draft_of(pairs: &Pairs) -> ScheduleDraft {
    ScheduleDraft {
        name: pairs.text("name"),
        zone: pairs.text("zone"),
        weekly: week::FIELDS.map(|day| pairs.text(day)),
        exceptions: pairs.text("exceptions"),
    }
}

pub(super) async fn list(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    let schedules = site.portal.schedules(&who.actor, who.account.id).await?;
    Ok(page(pages::list(&who.frame_saying(notice), &schedules)))
}

pub(super) async fn new_form(who: Who) -> Result<Response, HttpError> {
    Ok(page(pages::form(&who.frame, Editing::New, &zone_names(), &ScheduleForm::new())))
}

pub(super) async fn add(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let draft = draft_of(&pairs);
    let error = match site.portal.add_schedule(&who.actor, who.account.id, &draft).await {
        Ok(_) => return Ok(done(urls::SCHEDULES, "schedule-added")),
        Err(error) => error,
    };
    let code = status(&error);
    let Error::ScheduleRefused(problems) = error else { return Err(error.into()) };
    let form = ScheduleForm { draft, problems };
    Ok((code, Html(pages::form(&who.frame, Editing::New, &zone_names(), &form))).into_response())
}

pub(super) async fn edit_form(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let view = site.portal.schedule(&who.actor, who.account.id, schedule_id(&id)?).await?;
    let pairs = Pairs::parse(&query.unwrap_or_default());
    // The way back from a change that was shown first: what was typed, by the version that it was typed upon.
    let (draft, as_of) = match pairs.has("zone") {
        true => (draft_of(&pairs), pairs.as_of()?),
        false => (ScheduleDraft::of(&view.schedule), view.version),
    };
    let form = ScheduleForm { draft, problems: Vec::new() };
    let editing = Editing::Stored { view: &view, as_of, conflict: None };
    Ok(page(pages::form(&who.frame, editing, &zone_names(), &form)))
}

pub(super) async fn edit(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let id = schedule_id(&id)?;
    let (draft, as_of) = (draft_of(&pairs), pairs.as_of()?);
    let error = match site.portal.edit_schedule(&who.actor, who.account.id, id, as_of, &draft).await {
        Ok(changed) => return Ok(saved(urls::SCHEDULES, &changed)),
        Err(error) => error,
    };
    let code = status(&error);
    let (problems, conflict) = match error {
        Error::ScheduleRefused(problems) => (problems, None),
        Error::ScheduleConflict(conflict) => (Vec::new(), Some(conflict)),
        other => return Err(other.into()),
    };
    let view = site.portal.schedule(&who.actor, who.account.id, id).await?;
    // After a conflict the form goes by what is stored now: saving again is then a decision, not an accident.
    let as_of = conflict.as_ref().map_or(as_of, |conflict| conflict.now.version);
    let form = ScheduleForm { draft, problems };
    let editing = Editing::Stored { view: &view, as_of, conflict: conflict.as_deref() };
    Ok((code, Html(pages::form(&who.frame, editing, &zone_names(), &form))).into_response())
}

async fn delete_page(
    site: &Site,
    who: &Who,
    id: ScheduleId,
    in_use: Option<&ScheduleInUse>,
    changes: &[ChangeView],
) -> Result<String, HttpError> {
    let view = site.portal.schedule(&who.actor, who.account.id, id).await?;
    Ok(pages::delete(&who.frame, &view, in_use, changes))
}

pub(super) async fn delete_form(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
) -> Result<Response, HttpError> {
    Ok(page(delete_page(&site, &who, schedule_id(&id)?, None, &[]).await?))
}

pub(super) async fn delete(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let (id, as_of) = (schedule_id(&id)?, pairs.as_of()?);
    let error = match site.portal.delete_schedule(&who.actor, who.account.id, id, as_of).await {
        Ok(()) => return Ok(done(urls::SCHEDULES, "schedule-deleted")),
        Err(error) => error,
    };
    let code = status(&error);
    let html = match error {
        Error::ScheduleInUse(in_use) => delete_page(&site, &who, id, Some(&in_use), &[]).await?,
        // The page goes by what is stored now: deleting after all is then a decision, not an accident.
        Error::ScheduleConflict(conflict) => delete_page(&site, &who, id, None, &conflict.changes).await?,
        other => return Err(other.into()),
    };
    Ok((code, Html(html)).into_response())
}
