//! Choose a DID Action: from the ticks to the action's screen, and from its confirm button to the result.

use app::{
    pages::{
        bulk::{self as pages, Screen, selection_pairs},
        dids::filter_pairs,
    },
    urls,
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{BulkAction, BulkResult, Error, Field, FieldError, Problem, Selection};
use routing::{Alias, Failover, Version};

use super::{
    Site,
    error::{ALL_REFUSED, FORM_REFUSED, HttpError, status},
    extract::{Form, InPath},
    jobs::{self, Sent},
    query::{Pairs, did_filter, selection},
    site::{Who, page},
};

/// `POST /dids/manage/apply-action`: the list's own form leads here. What is chosen by its filter is kept.
pub(super) async fn choose(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let back = |problem: &str| -> Result<Response, HttpError> {
        let mut to = filter_pairs(&did_filter(&pairs)?);
        to.push(("problem", problem.into()));
        Ok(Redirect::to(&format!("{}{}", urls::MANAGE, urls::query(&to))).into_response())
    };
    let Some(slug) = pairs.get("action") else { return back("no-action") };
    let screen = screen_of(slug, &pairs)?;
    let chosen = if pairs.get("all") == Some("matching") {
        let filter = did_filter(&pairs)?;
        Selection::Matching(site.portal.choose_matching(&who.actor, who.account.id, filter).await?)
    } else {
        selection(&pairs)?
    };
    if matches!(&chosen, Selection::Numbers { numbers, .. } if numbers.is_empty()) {
        return back("no-dids");
    }
    Ok(Redirect::to(&format!("{}{}", urls::action(screen.slug()), urls::query(&selection_pairs(&chosen))))
        .into_response())
}

fn screen_of(slug: &str, pairs: &Pairs) -> Result<Screen, HttpError> {
    // The list's filter is called `route` too; a selection by filter says its own choice as `to`.
    let chosen = pairs.get("to").map(failover_of).transpose()?;
    Ok(match slug {
        "set-route" => match chosen {
            Some(Failover::Plan(_)) => return Err(not_a_choice()),
            chosen => Screen::SetRoute(chosen.and_then(Failover::route)),
        },
        "set-failover-route" => Screen::SetFailoverRoute(chosen),
        "clear-failover-route" => Screen::ClearFailoverRoute,
        "set-alias" => {
            Screen::SetAlias { typed: pairs.text("alias"), clear: pairs.get("clear") == Some("yes") }
        }
        "release" => Screen::Release,
        _ => return Err(HttpError::NoSuchPage),
    })
}

/// A route or a plan; an action of its own clears what is there.
fn failover_of(word: &str) -> Result<Failover, HttpError> {
    Failover::parse(word).filter(|failover| *failover != Failover::None).ok_or_else(not_a_choice)
}

fn not_a_choice() -> HttpError {
    HttpError::BadRequest(
        "`to` is not a route's number, nor, for a failover, `plan:` and a plan's number.".into(),
    )
}

/// What the screen's form asks for; `None` while it does not say enough.
fn action_of(screen: &Screen) -> Result<Option<BulkAction>, Vec<FieldError>> {
    Ok(match screen {
        Screen::SetRoute(route) => route.map(BulkAction::SetRoute),
        Screen::SetFailoverRoute(route) => route.map(BulkAction::SetFailoverRoute),
        Screen::ClearFailoverRoute => Some(BulkAction::ClearFailoverRoute),
        // Clearing aliases is said aloud: an empty box may be one that nobody filled in.
        Screen::SetAlias { typed, clear } if typed.trim().is_empty() => {
            clear.then_some(BulkAction::SetAlias(None))
        }
        Screen::SetAlias { typed, .. } => {
            let alias = Alias::parse(typed)
                .map_err(|e| vec![FieldError { field: Field::Alias, problem: Problem::Alias(e) }])?;
            Some(BulkAction::SetAlias(Some(alias)))
        }
        Screen::Release => Some(BulkAction::Release),
    })
}

/// What the form left open.
fn missing(screen: &Screen) -> FieldError {
    let field = if matches!(screen, Screen::SetAlias { .. }) { Field::Alias } else { Field::Route };
    FieldError { field, problem: Problem::Missing }
}

async fn show(
    site: &Site,
    who: &Who,
    screen: &Screen,
    chosen: &Selection,
    plan_it: bool,
    problems: &[FieldError],
    reason: &str,
) -> Result<String, HttpError> {
    let survey = site.portal.survey(&who.actor, who.account.id, chosen).await?;
    let mut problems = problems.to_vec();
    let action = match action_of(screen) {
        Ok(action) => action.filter(|_| plan_it),
        Err(found) => {
            problems = found;
            None
        }
    };
    let plan = match action {
        Some(action) => match site.portal.plan_bulk(&who.actor, who.account.id, chosen, &action).await {
            Ok(plan) => Some(plan),
            Err(Error::Refused(found)) => {
                problems = found;
                None
            }
            Err(other) => return Err(other.into()),
        },
        None => None,
    };
    Ok(pages::screen(&who.frame, screen, chosen, &survey, plan.as_ref(), &problems, reason))
}

/// `GET /dids/manage/{action}`
pub(super) async fn screen(
    State(site): State<Site>,
    who: Who,
    InPath(slug): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let screen = screen_of(&slug, &pairs)?;
    let chosen = selection(&pairs)?;
    // "Show what changes" was pressed, but the form does not say enough.
    let asked = pairs.has("to") || pairs.has("alias");
    let missing: &[FieldError] =
        if asked && matches!(action_of(&screen), Ok(None)) { &[missing(&screen)] } else { &[] };
    Ok(page(show(&site, &who, &screen, &chosen, true, missing, &pairs.text("reason")).await?))
}

/// `POST /dids/manage/{action}`
pub(super) async fn apply(
    State(site): State<Site>,
    who: Who,
    InPath(slug): InPath<String>,
    sent: Sent,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let asked = Asking {
        screen: screen_of(&slug, &pairs)?,
        chosen: selection(&pairs)?,
        reason: pairs.text("reason"),
    };
    let action = match action_of(&asked.screen) {
        Ok(Some(action)) => action,
        Ok(None) => return asked.refused(&site, &who, &[missing(&asked.screen)], FORM_REFUSED).await,
        Err(problems) => return asked.refused(&site, &who, &problems, FORM_REFUSED).await,
    };
    jobs::run(site, who, action.kind(), sent, move |site, who, progress| async move {
        let (actor, account, chosen) = (&who.actor, who.account.id, &asked.chosen);
        let reason = Some(asked.reason.clone());
        match site.portal.apply_bulk(actor, account, chosen, &action, reason, &progress).await {
            Ok(BulkResult { version: Some(version), .. }) => {
                Ok(Redirect::to(&urls::entry(version)).into_response())
            }
            Ok(done) => {
                let survey = site.portal.survey(actor, account, chosen).await?;
                let html = pages::nothing_changed(&who.frame, &asked.screen, &survey, &done);
                let code = if done.refused > 0 { ALL_REFUSED } else { StatusCode::OK };
                Ok((code, Html(html)).into_response())
            }
            Err(error @ Error::Refused(_)) => {
                let code = status(&error);
                let Error::Refused(problems) = error else { return Err(error.into()) };
                asked.refused(&site, &who, &problems, code).await
            }
            Err(other) => Err(other.into()),
        }
    })
    .await
}

/// What the form of a screen asks for.
struct Asking {
    screen: Screen,
    chosen: Selection,
    reason: String,
}

impl Asking {
    /// The screen again, with what is wrong.
    async fn refused(
        &self,
        site: &Site,
        who: &Who,
        problems: &[FieldError],
        code: StatusCode,
    ) -> Result<Response, HttpError> {
        let html = show(site, who, &self.screen, &self.chosen, false, problems, &self.reason).await?;
        Ok((code, Html(html)).into_response())
    }
}

/// `GET /dids/manage/result/{version}`: where results once stood, for links that were kept.
pub(super) async fn result(_: Who, InPath(version): InPath<String>) -> Result<Response, HttpError> {
    let version = version.parse().map(Version).map_err(|_| HttpError::NoSuchPage)?;
    Ok(Redirect::permanent(&urls::entry(version)).into_response())
}
