//! Failover Plans.

use app::{
    Notice,
    pages::plans::{self as pages, Editing, PlanForm},
    plan_form::{Edit, Ground, Start, draft_of, new_draft},
    urls,
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use portal::{ChangeView, Error, PlanConflict, PlanInUse, PlanPage, UnixMs};
use routing::{PlanDraft, PlanId, Version, shortened};

use super::{
    Site,
    error::{HttpError, status},
    extract::{Form, InPath},
    query::Pairs,
    site::{Who, done, page, saved},
};

fn plan_id(text: &str) -> Result<PlanId, HttpError> {
    text.parse().map(PlanId).map_err(|_| HttpError::NoSuchPage)
}

fn now() -> i64 {
    UnixMs::now().0.div_euclid(1000)
}

/// What the pressed button asks for.
enum Pressed {
    /// Save it.
    Save,
    /// Change the form's rows: nothing is saved, and nothing is wrong yet.
    Edit(Edit),
    /// Show what is wrong: Enter in a field.
    Show,
}

impl Pressed {
    fn of(pairs: &Pairs) -> Result<Pressed, HttpError> {
        match pairs.get("do") {
            Some("save") => Ok(Pressed::Save),
            None | Some("show") => Ok(Pressed::Show),
            Some(word) => Edit::parse(word).map(Pressed::Edit).ok_or_else(|| {
                let word = shortened(word);
                HttpError::BadRequest(format!("`do={word}` is no button of this form. Open the page again."))
            }),
        }
    }

    /// The form after a button that saves nothing.
    fn form(self, mut draft: PlanDraft, ground: &Ground) -> PlanForm {
        match self {
            Pressed::Edit(edit) => {
                edit.apply(&mut draft, ground);
                PlanForm { draft, ..PlanForm::default() }
            }
            Pressed::Show | Pressed::Save => {
                let errors = draft.read(ground).errors;
                PlanForm { draft, errors, asked: true }
            }
        }
    }
}

/// The draft that an address carries: the way back from a change that was shown first.
fn draft_in_address(pairs: &Pairs) -> Option<PlanDraft> {
    pairs.has("name").then(|| draft_of(pairs.iter()))
}

pub(super) async fn list(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    let plans = site.portal.plans(&who.actor, who.account.id).await?;
    Ok(page(pages::list(&who.frame_saying(notice), &plans)))
}

/// `GET /interconnection/failover-plans/new?preset=…`
pub(super) async fn new_form(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let start = match pairs.get("preset") {
        None => None,
        Some(name) => Some(Start::from_name(name).ok_or_else(|| {
            let known: Vec<&str> = Start::ALL.iter().map(|start| start.name()).collect();
            HttpError::BadRequest(format!("`preset={}` is none of {}.", shortened(name), known.join(", ")))
        })?),
    };
    let desk = site.portal.plan_desk(&who.actor, who.account.id).await?;
    let ground = pages::ground(&desk, None, 0, now());
    let draft = match start {
        Some(start) => start.draft(&ground),
        None => draft_in_address(&pairs).unwrap_or_else(|| new_draft(&ground)),
    };
    let form = PlanForm { draft, ..PlanForm::default() };
    Ok(page(pages::editor(&who.frame, Editing::New, &ground, &form)))
}

/// `POST /interconnection/failover-plans/new`
pub(super) async fn add(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let (draft, pressed) = (draft_of(pairs.iter()), Pressed::of(&pairs)?);
    let (code, errors) = match pressed {
        Pressed::Save => match site.portal.add_plan(&who.actor, who.account.id, &draft).await {
            Ok(id) => return Ok(done(&urls::plan(id), "plan-added")),
            Err(error) => {
                let code = status(&error);
                let Error::PlanRefused(errors) = error else { return Err(error.into()) };
                (code, Some(errors))
            }
        },
        Pressed::Edit(_) | Pressed::Show => (StatusCode::OK, None),
    };
    let desk = site.portal.plan_desk(&who.actor, who.account.id).await?;
    let ground = pages::ground(&desk, None, 0, now());
    let form = match errors {
        Some(errors) => PlanForm { draft, errors, asked: true },
        None => pressed.form(draft, &ground),
    };
    Ok((code, Html(pages::editor(&who.frame, Editing::New, &ground, &form))).into_response())
}

fn edit_page(
    who: &Who,
    notice: Option<Notice>,
    plan: &PlanPage,
    as_of: Version,
    form: impl FnOnce(&Ground) -> PlanForm,
    conflict: Option<&PlanConflict>,
) -> String {
    let ground = pages::ground(&plan.desk, Some(plan.view.plan.id), plan.view.dids, now());
    let editing = Editing::Stored { page: plan, as_of, conflict };
    pages::editor(&who.frame_saying(notice), editing, &ground, &form(&ground))
}

pub(super) async fn edit_form(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let plan = site.portal.plan(&who.actor, who.account.id, plan_id(&id)?).await?;
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let notice = Notice::of(pairs.get("done"));
    let typed = draft_in_address(&pairs);
    // What was typed is judged by the version that it was typed upon.
    let as_of = if typed.is_some() { pairs.as_of()? } else { plan.view.version };
    let form = |_: &Ground| {
        let stored = || PlanDraft::of(&plan.view.plan.name, &plan.view.plan.steps);
        PlanForm { draft: typed.unwrap_or_else(stored), ..PlanForm::default() }
    };
    Ok(page(edit_page(&who, notice, &plan, as_of, form, None)))
}

pub(super) async fn edit(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let (id, as_of, pressed) = (plan_id(&id)?, pairs.as_of()?, Pressed::of(&pairs)?);
    let draft = draft_of(pairs.iter());
    let (code, errors, conflict) = match pressed {
        Pressed::Save => {
            let error = match site.portal.edit_plan(&who.actor, who.account.id, id, as_of, &draft).await {
                Ok(changed) => return Ok(saved(&urls::plan(id), &changed)),
                Err(error) => error,
            };
            let code = status(&error);
            match error {
                Error::PlanRefused(errors) => (code, Some(errors), None),
                Error::PlanConflict(conflict) => (code, None, Some(conflict)),
                other => return Err(other.into()),
            }
        }
        Pressed::Edit(_) | Pressed::Show => (StatusCode::OK, None, None),
    };
    let plan = site.portal.plan(&who.actor, who.account.id, id).await?;
    // After a conflict the form goes by what is stored now: saving again is then a decision, not an accident.
    let as_of = conflict.as_ref().map_or(as_of, |conflict| conflict.now.version);
    let form = |ground: &Ground| match errors {
        Some(errors) => PlanForm { draft, errors, asked: true },
        None if conflict.is_some() => PlanForm { draft, ..PlanForm::default() },
        None => pressed.form(draft, ground),
    };
    let html = edit_page(&who, None, &plan, as_of, form, conflict.as_deref());
    Ok((code, Html(html)).into_response())
}

async fn delete_page(
    site: &Site,
    who: &Who,
    id: PlanId,
    in_use: Option<&PlanInUse>,
    changes: &[ChangeView],
) -> Result<String, HttpError> {
    let plan = site.portal.plan(&who.actor, who.account.id, id).await?;
    let users = || PlanInUse {
        plan: plan.view.to_ref.clone(),
        first: plan.users.iter().map(|did| (did.number, did.alias.clone())).collect(),
        count: plan.view.dids,
    };
    // Asked for while DIDs use it: the page says so before anybody presses anything.
    let found = (in_use.is_none() && plan.view.dids > 0).then(users);
    Ok(pages::delete(&who.frame, &plan, in_use.or(found.as_ref()), changes))
}

pub(super) async fn delete_form(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
) -> Result<Response, HttpError> {
    Ok(page(delete_page(&site, &who, plan_id(&id)?, None, &[]).await?))
}

pub(super) async fn delete(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let (id, as_of) = (plan_id(&id)?, pairs.as_of()?);
    let error = match site.portal.delete_plan(&who.actor, who.account.id, id, as_of).await {
        Ok(()) => return Ok(done(urls::PLANS, "plan-deleted")),
        Err(error) => error,
    };
    let code = status(&error);
    let html = match error {
        Error::PlanInUse(in_use) => delete_page(&site, &who, id, Some(&in_use), &[]).await?,
        // The page goes by what is stored now: deleting after all is then a decision, not an accident.
        Error::PlanConflict(conflict) => delete_page(&site, &who, id, None, &conflict.changes).await?,
        other => return Err(other.into()),
    };
    Ok((code, Html(html)).into_response())
}
