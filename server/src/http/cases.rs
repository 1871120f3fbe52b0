//! Saved cases.

use app::{
    Notice,
    desk::{Offer, read_reaches},
    pages::preview::{self as pages, CaseForm, CaseState, Telling},
    urls,
};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Response},
};
use portal::{CaseDraft, CaseView, ChangeView, Desk, Error};
use routing::{Case, CaseId, Expectation, Millis, Scenario, Version, limits::SETUP_MAX_MS};

use super::{
    Site,
    error::{FORM_REFUSED, HttpError, status},
    extract::{Form, InPath},
    preview::{self, Unsaved},
    query::Pairs,
    site::{Who, done, page},
};

fn case_id(text: &str) -> Result<CaseId, HttpError> {
    text.parse().map(CaseId).map_err(|_| HttpError::NoSuchPage)
}

fn form_of(pairs: &Pairs) -> CaseForm {
    CaseForm {
        name: pairs.text("name"),
        reaches: pairs.text("reaches"),
        within: pairs.text("within"),
        with_down: pairs.has("with_down"),
    }
}

/// What is wrong with a form: the input, the sentence.
type Problems = Vec<(String, String)>;

/// What the form expects of the call.
fn expectation(form: &CaseForm) -> Result<Expectation, Problems> {
    let mut problems = Vec::new();
    let reaches = read_reaches(&form.reaches);
    if reaches.is_none() {
        problems.push(("reaches".to_owned(), "Choose who should answer.".to_owned()));
    }
    let typed = form.within.trim();
    let within = Millis::parse_seconds(typed);
    if !typed.is_empty() && within.is_none() {
        let right =
            format!("Write a number of seconds up to {}, such as 15, or nothing.", SETUP_MAX_MS.seconds());
        problems.push(("within".to_owned(), right));
    }
    match reaches {
        Some(reaches) if problems.is_empty() => Ok(Expectation { reaches, within_ms: within }),
        _ => Err(problems),
    }
}

/// The call that the desk's form carries. One that names no number is the one that the desk shows: to the first.
async fn scenario(
    site: &Site,
    who: &Who,
    call: &Pairs,
    form: &CaseForm,
) -> Result<Result<Scenario, Problems>, HttpError> {
    let (desk, controls, _) = preview::read(site, who, call).await?;
    let mut problems = Vec::new();
    let offer = Offer {
        snapshot: &desk.snapshot,
        groups: &desk.groups,
        used_routes: &desk.used_routes,
        marked_down: &desk.marked_down,
    };
    if offer.is_tried(&controls) {
        problems.push((
            "desk-failover".to_owned(),
            "This call goes another way than the number’s own, which a saved case cannot. Set primary and failover to \
             “as it is” and save it again."
                .to_owned(),
        ));
    }
    // A number that is not ours any more must not become another one unseen.
    let did = offer.did(&controls).map(|did| did.number);
    if did.is_none() {
        let why = "The call names none of your numbers. Choose one, and save it again.";
        problems.push(("desk-did".to_owned(), why.to_owned()));
    }
    Ok(match did {
        Some(did) if problems.is_empty() => {
            Ok(controls.to_save(did, &desk.snapshot, &desk.marked_down, form.with_down))
        }
        _ => Err(problems),
    })
}

/// The call and what it should come to, or all that is wrong with either.
async fn read(
    site: &Site,
    who: &Who,
    call: &Pairs,
    form: &CaseForm,
) -> Result<Result<Case, Problems>, HttpError> {
    let call = scenario(site, who, call, form).await?;
    Ok(match (call, expectation(form)) {
        (Ok(scenario), Ok(expect)) => Ok(Case { scenario, expect }),
        (call, expect) => Err([call.err(), expect.err()].into_iter().flatten().flatten().collect()),
    })
}

/// `GET /preview/cases`
pub(super) async fn list(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let notice = Notice::of(Pairs::parse(&query.unwrap_or_default()).get("done"));
    let cases = site.portal.cases(&who.actor, who.account.id).await?;
    let desk = site.portal.desk(&who.actor, who.account.id, None).await?;
    Ok(page(pages::list(&who.frame_saying(notice), &cases, telling(&desk))))
}

fn telling(desk: &Desk) -> Telling<'_> {
    Telling { snapshot: &desk.snapshot, zone: &desk.zone }
}

fn saved() -> Response {
    done(urls::CASES, "case-saved")
}

/// `POST /preview/cases`: from the desk's form.
pub(super) async fn add(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let call = Pairs::parse(&pairs.text("call"));
    let form = form_of(&pairs);
    let (code, state) = match read(&site, &who, &call, &form).await? {
        Err(problems) => (FORM_REFUSED, CaseState { form, problems }),
        Ok(case) => {
            let draft = CaseDraft { name: form.name.clone(), case };
            match site.portal.add_case(&who.actor, who.account.id, &draft).await {
                Ok(_) => return Ok(saved()),
                Err(error @ Error::Refused(_)) => refused(error, form)?,
                Err(other) => return Err(other.into()),
            }
        }
    };
    let html = preview::desk_page(&site, &who, &call, Some(Unsaved { state, as_of: None })).await?;
    Ok((code, Html(html)).into_response())
}

fn refused(error: Error, form: CaseForm) -> Result<(axum::http::StatusCode, CaseState), HttpError> {
    let code = status(&error);
    match error {
        Error::Refused(problems) => Ok((code, CaseState::refused(form, &problems))),
        other => Err(other.into()),
    }
}

async fn edit_page(
    site: &Site,
    who: &Who,
    case: &CaseView,
    state: &CaseState,
    as_of: Version,
    changes: &[ChangeView],
) -> Result<String, HttpError> {
    let desk = site.portal.desk(&who.actor, who.account.id, None).await?;
    Ok(pages::edit(&who.frame, case, telling(&desk), state, as_of, changes))
}

/// `GET /preview/cases/{id}`
pub(super) async fn edit_form(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
) -> Result<Response, HttpError> {
    let case = site.portal.case(&who.actor, who.account.id, case_id(&id)?).await?;
    let state = CaseState { form: CaseForm::of(case.name.as_str(), &case.case), problems: Vec::new() };
    Ok(page(edit_page(&site, &who, &case, &state, case.version, &[]).await?))
}

/// `POST /preview/cases/{id}`: from its own page, or from the desk with another call.
pub(super) async fn edit(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let (id, as_of, form) = (case_id(&id)?, pairs.as_of()?, form_of(&pairs));
    if let Some(call) = pairs.get("call") {
        return edit_call(&site, &who, id, as_of, Pairs::parse(call), form).await;
    }
    let stored = site.portal.case(&who.actor, who.account.id, id).await?;
    let expect = match expectation(&form) {
        Ok(expect) => expect,
        Err(problems) => {
            let state = CaseState { form, problems };
            let html = edit_page(&site, &who, &stored, &state, as_of, &[]).await?;
            return Ok((FORM_REFUSED, Html(html)).into_response());
        }
    };
    let case = Case { scenario: stored.case.scenario.clone(), expect };
    let draft = CaseDraft { name: form.name.clone(), case };
    let error = match site.portal.edit_case(&who.actor, who.account.id, id, as_of, &draft).await {
        Ok(_) => return Ok(saved()),
        Err(error) => error,
    };
    let code = status(&error);
    let html = match error {
        // The form goes by what is stored now: saving again is then a decision, not an accident.
        Error::CaseConflict(conflict) => {
            let state = CaseState { form, problems: Vec::new() };
            let as_of = conflict.now.version;
            edit_page(&site, &who, &conflict.now, &state, as_of, &conflict.changes).await?
        }
        error @ Error::Refused(_) => {
            let (_, state) = refused(error, form)?;
            edit_page(&site, &who, &stored, &state, as_of, &[]).await?
        }
        other => return Err(other.into()),
    };
    Ok((code, Html(html)).into_response())
}

/// From the desk: the case gets the call that stands there. A refusal is answered there as well, with that call.
async fn edit_call(
    site: &Site,
    who: &Who,
    id: CaseId,
    as_of: Version,
    call: Pairs,
    form: CaseForm,
) -> Result<Response, HttpError> {
    let call = call.with("case", &id.to_string());
    let (code, unsaved) = match read(site, who, &call, &form).await? {
        Err(problems) => (FORM_REFUSED, Unsaved { state: CaseState { form, problems }, as_of: Some(as_of) }),
        Ok(case) => {
            let draft = CaseDraft { name: form.name.clone(), case };
            match site.portal.edit_case(&who.actor, who.account.id, id, as_of, &draft).await {
                Ok(_) => return Ok(saved()),
                Err(error @ Error::Refused(_)) => {
                    let (code, state) = refused(error, form)?;
                    (code, Unsaved { state, as_of: Some(as_of) })
                }
                // The form goes by what is stored now: saving again is then a decision, not an accident.
                Err(error @ Error::CaseConflict(_)) => {
                    let problems = vec![("name".to_owned(), CHANGED_MEANWHILE.to_owned())];
                    (status(&error), Unsaved { state: CaseState { form, problems }, as_of: None })
                }
                Err(other) => return Err(other.into()),
            }
        }
    };
    let html = preview::desk_page(site, who, &call, Some(unsaved)).await?;
    Ok((code, Html(html)).into_response())
}

/// Of a case that the desk would have saved a call to.
const CHANGED_MEANWHILE: &str = "Nothing was saved: somebody changed this case meanwhile. Save it again to put this \
                                 call and what is written here in place of that.";

async fn delete_page(
    site: &Site,
    who: &Who,
    case: &CaseView,
    changes: &[ChangeView],
) -> Result<String, HttpError> {
    let desk = site.portal.desk(&who.actor, who.account.id, None).await?;
    Ok(pages::delete(&who.frame, case, telling(&desk), changes))
}

/// `GET /preview/cases/{id}/delete`
pub(super) async fn delete_form(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
) -> Result<Response, HttpError> {
    let case = site.portal.case(&who.actor, who.account.id, case_id(&id)?).await?;
    Ok(page(delete_page(&site, &who, &case, &[]).await?))
}

/// `POST /preview/cases/{id}/delete`
pub(super) async fn delete(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let who = who.because(&pairs);
    let (id, as_of) = (case_id(&id)?, pairs.as_of()?);
    let error = match site.portal.delete_case(&who.actor, who.account.id, id, as_of).await {
        Ok(()) => return Ok(done(urls::CASES, "case-deleted")),
        Err(error) => error,
    };
    let code = status(&error);
    match error {
        Error::CaseConflict(conflict) => {
            let html = delete_page(&site, &who, &conflict.now, &conflict.changes).await?;
            Ok((code, Html(html)).into_response())
        }
        other => Err(other.into()),
    }
}
