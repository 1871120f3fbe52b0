//! The list of what was done, with its filters.

use std::fmt::Display;

use leptos::prelude::*;
use portal::{
    ActivityDraft, ActivityPage, Field, FieldError, JobView, OperationKind, OperationView, PlanRef, RouteRef,
    ScheduleView, UnixMs,
};

use crate::{
    components::{Pager, ago, field_error, select_option},
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// The filters: what was typed and chosen, what can be chosen, what is wrong.
#[derive(Clone, Copy, Debug)]
pub struct ActivityForm<'a> {
    /// What was typed and chosen.
    pub draft: &'a ActivityDraft,
    /// Every route.
    pub routes: &'a [RouteRef],
    /// Every plan.
    pub plans: &'a [PlanRef],
    /// Every schedule.
    pub schedules: &'a [ScheduleView],
    /// What is wrong with it.
    pub problems: &'a [FieldError],
}

/// A filter as it stands in the URL.
pub fn draft_pairs(draft: &ActivityDraft) -> Vec<(&'static str, String)> {
    vec![
        ("actor", draft.actor.clone()),
        ("kind", draft.kind.as_ref().map(|kind| kind.as_str().to_owned()).unwrap_or_default()),
        ("number", draft.number.clone()),
        ("route", draft.route.map(|id| id.to_string()).unwrap_or_default()),
        ("plan", draft.plan.map(|id| id.to_string()).unwrap_or_default()),
        ("schedule", draft.schedule.map(|id| id.to_string()).unwrap_or_default()),
        ("from", draft.from.clone()),
        ("until", draft.until.clone()),
    ]
}

/// The page; without one of the list when the filters are refused. `job` is what is being done to many DIDs right now.
pub fn list(
    frame: &Frame,
    page: Option<&ActivityPage>,
    form: ActivityForm<'_>,
    job: Option<&JobView>,
    now: UnixMs,
) -> String {
    document(frame, Here::Activity, "Activity", Bundle::Base, || {
        view! {
            {title("Activity", view! { <a class="button" href=urls::COMPARE>"Compare two moments"</a> })}
            {job.map(|job| view! {
                <div class="note" role="status"><p>
                    <b>{words::job(&job.kind)}</b>" is under way, begun "{ago(job.since, now)}" by "
                    {job.made_by.clone()}". "<a href=urls::job(job.id)>"See how far it is"</a>"."
                </p></div>
            })}
            {(!form.problems.is_empty()).then(|| view! {
                <div class="note bad" role="alert"><p><b>"Nothing was looked up."</b>" Correct what is marked, and search again."</p></div>
            })}
            {filters(form)}
            {page.map(|page| view! {
                {table(page, form.draft, now)}
                {pager(page, form.draft)}
            })}
        }
    })
}

fn filters(form: ActivityForm<'_>) -> impl IntoView + use<> {
    let draft = form.draft;
    let filtered = draft_pairs(draft).iter().any(|(_, value)| !value.is_empty());
    let kinds = OperationKind::NAMED
        .iter()
        .map(|kind| select_option(kind.as_str(), words::change_kind(kind), draft.kind.as_ref() == Some(kind)))
        .collect_view();
    let routes: Vec<_> = form.routes.iter().map(|route| (route.id, route.alias.to_string())).collect();
    let plans: Vec<_> = form.plans.iter().map(|plan| (plan.id, plan.name.to_string())).collect();
    let named = |view: &ScheduleView| (view.schedule.id, view.schedule.name.to_string());
    let schedules: Vec<_> = form.schedules.iter().map(named).collect();
    view! {
        <form class="filters" method="get" action=urls::ACTIVITY role="search">
            {typed(form, Field::Number, "search", "Number", "+1 206 555 0100", &draft.number)}
            {typed(form, Field::Actor, "text", "Who", "", &draft.actor)}
            <div>
                <label for="kind">"What"</label>
                <select id="kind" name="kind"><option value="">"Anything"</option>{kinds}</select>
            </div>
            {thing("route", "Route", "Any route", routes, draft.route)}
            {thing("plan", "Failover plan", "Any plan", plans, draft.plan)}
            {thing("schedule", "Schedule", "Any schedule", schedules, draft.schedule)}
            {typed(form, Field::From, "date", "From (UTC)", "", &draft.from)}
            {typed(form, Field::Until, "date", "Until (UTC)", "", &draft.until)}
            <button class="button">"Search"</button>
            {filtered.then(|| view! { <a class="button link" href=urls::ACTIVITY>"Clear filters"</a> })}
        </form>
    }
}

/// A thing to choose by its name. What is gone can still be asked for: its history is there.
fn thing<K: PartialEq + Copy + Display>(
    name: &'static str,
    label: &'static str,
    any: &'static str,
    known: Vec<(K, String)>,
    chosen: Option<K>,
) -> impl IntoView + use<K> {
    let gone = chosen.filter(|id| known.iter().all(|(known, _)| known != id));
    let gone = gone.map(|id| select_option(id.to_string(), format!("{label} {id}, which is gone"), true));
    let options: Vec<_> = known
        .into_iter()
        .map(|(id, words)| select_option(id.to_string(), words, chosen == Some(id)))
        .collect();
    view! {
        <div>
            <label for=name>{label}</label>
            <select id=name name=name><option value="">{any}</option>{gone}{options}</select>
        </div>
    }
}

/// A field that is typed into, with what is wrong under it.
fn typed(
    form: ActivityForm<'_>,
    field: Field,
    kind: &'static str,
    label: &'static str,
    example: &'static str,
    value: &str,
) -> impl IntoView + use<> {
    let name = field.name();
    let message =
        form.problems.iter().find(|error| error.field == field).map(|error| error.problem.to_string());
    let error_id = format!("{name}-error");
    view! {
        <div>
            <label for=name>{label}</label>
            <input type=kind id=name name=name value=value.to_owned() autocomplete="off"
                placeholder=(!example.is_empty()).then_some(example)
                aria-invalid=message.is_some().then_some("true")
                aria-describedby=message.is_some().then(|| error_id.clone())/>
            {field_error(error_id.clone(), message)}
        </div>
    }
}

fn table(page: &ActivityPage, draft: &ActivityDraft, now: UnixMs) -> impl IntoView + use<> {
    let rows = page.rows.iter().map(|entry| row(entry, now)).collect_view();
    let nothing = page.rows.is_empty().then(|| {
        let filtered = draft_pairs(draft).iter().any(|(_, value)| !value.is_empty());
        let way_on = if filtered { "Clear filters" } else { "Go to the newest" };
        view! { <tr><td class="empty" colspan="5">"Nothing was done that matches. " <a href=urls::ACTIVITY>{way_on}</a></td></tr> }
    });
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col">"When"</th><th scope="col">"Who"</th><th scope="col">"What"</th>
                <th scope="col">"Changed"</th><th scope="col">"Reason"</th>
            </tr></thead>
            <tbody>{rows}{nothing}</tbody>
        </table>
    }
}

fn row(entry: &OperationView, now: UnixMs) -> impl IntoView + use<> {
    let refused = (entry.refused > 0).then(
        || view! { ", "<span class="caution">{format!("{} refused", words::figure(entry.refused))}</span> },
    );
    let undone = entry.undone_by.as_ref().map(|by| {
        let words = if by.in_part { "undone in part" } else { "undone" };
        view! { " "<a class="small muted" href=urls::entry(by.version)>{words}</a> }
    });
    view! {
        <tr>
            <td data-label="When">{ago(entry.at, now)}</td>
            <td data-label="Who" class="nowrap">{entry.actor.clone()}" "<span class="muted small">{words::via(&entry.via)}</span></td>
            <td data-label="What" class="wide"><a href=urls::entry(entry.version)>{words::operation(entry)}</a>{undone}</td>
            <td data-label="Changed" class="figure nowrap">{words::figure(entry.changed)}{refused}</td>
            <td data-label="Reason" class="wide">{entry.reason.clone()}</td>
        </tr>
    }
}

fn pager(page: &ActivityPage, draft: &ActivityDraft) -> Option<impl IntoView + use<>> {
    let at = |key: &'static str, place: routing::Version| {
        let mut pairs = draft_pairs(draft);
        pairs.push((key, place.to_string()));
        format!("{}{}", urls::ACTIVITY, urls::query(&pairs))
    };
    let (previous, next) = (page.newer.map(|at_| at("newer", at_)), page.older.map(|at_| at("older", at_)));
    let showing = match page.rows.len() as u64 {
        1 => "1 entry".to_owned(),
        shown => format!("{} entries", words::figure(shown)),
    };
    (!page.rows.is_empty()).then(|| Pager { previous, next, sizes: Vec::new(), showing }.view())
}
