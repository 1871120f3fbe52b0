//! One number: its routing, the failover preview, its recent changes.

use leptos::prelude::*;
use portal::{ChangeView, DidDraft, DidView, Field, FieldError, RouteRef, RouteView};
use routing::{Failover, RouteId, Version};

use crate::{
    components::{
        badge, error_list, field_changes, field_error, needs_javascript, path, select_option, tel, when,
    },
    islands::preview::Preview,
    pages::{
        overview::{finding, severity},
        routes::problems_of,
    },
    shell::{Bundle, Frame, Here, document},
    urls, words,
};

/// What the edit form shows when it was refused.
#[derive(Clone, Debug, Default)]
pub struct DidForm {
    /// As typed, with the version that the form was filled from; `None`: as it is stored.
    pub draft: Option<(DidDraft, Version)>,
    /// What is wrong with it.
    pub problems: Vec<FieldError>,
    /// What somebody else changed while it was edited.
    pub changed_meanwhile: Vec<ChangeView>,
}

/// The page.
pub fn detail(frame: &Frame, did: &DidView, choices: &[RouteRef], form: &DidForm) -> String {
    let number = did.row.number;
    let alias = did.row.alias.as_ref().map(ToString::to_string);
    document(frame, Here::Manage, &number.grouped(), Bundle::Desk, || {
        view! {
            <div class="title">
                <div>
                    <a class="crumb" href=urls::MANAGE>"Manage your DIDs"</a>
                    <h1>{tel(number)}" "<span class="muted">{alias.clone()}</span></h1>
                </div>
            </div>
            {error_list(problems_of(&form.problems))}
            {changed_meanwhile(&form.changed_meanwhile)}
            <div class="stack">
                {findings(did)}
                <div class="split">
                    <section class="card" aria-labelledby="routing">
                        <h2 id="routing">"Routing"</h2>
                        <p>{path(&did.row.primary, &did.row.failover)}</p>
                        <dl class="facts">
                            {route_facts("Primary", Some(&did.primary))}
                            {route_facts("Failover", did.failover.as_ref())}
                            <dt>"Fails over on"</dt>
                            <dd>{words::trigger(&did.snapshot.defaults.trigger)}</dd>
                            <dt>"Clocks"</dt>
                            <dd>{format!("{} for a first response, then {} of ringing", did.snapshot.defaults.no_response_ms, did.snapshot.defaults.ring_ms)}</dd>
                            <dt>"Country"</dt>
                            <dd>{format!("{} (+{})", number.region().name, number.calling_code())}</dd>
                        </dl>
                    </section>
                    {edit_form(did, choices, form)}
                </div>
                <section class="card" aria-labelledby="preview">
                    <h2 id="preview">"Failover preview"</h2>
                    {needs_javascript()}
                    <p class="muted">"Choose what fails and see what a call to this number does. Nothing is called and nothing is saved."</p>
                    <Preview snapshot=did.snapshot.clone() did=number marked_down=did.marked_down.clone()/>
                </section>
                <section aria-labelledby="changes">
                    <h2 id="changes">"Recent changes"</h2>
                    {if did.changes.is_empty() {
                        view! { <p class="muted">"Nothing has been changed since this number was added."</p> }.into_any()
                    } else {
                        change_table(&did.changes).into_any()
                    }}
                </section>
            </div>
        }
    })
}

fn route_facts(label: &'static str, route: Option<&RouteView>) -> impl IntoView + use<> {
    let fact = match route {
        None => {
            view! { <span class="none">"none: when the primary fails, the caller hears the failure"</span> }
                .into_any()
        }
        Some(view) if view.route.id == RouteId::REGISTERED => {
            view! { {view.route.alias.to_string()}" "<span class="muted">"every registered device"</span> }
                .into_any()
        }
        Some(view) => view! {
            <a href=urls::route(view.route.id)>{view.route.alias.to_string()}</a>
            " " <span class="code">{words::value(&view.route.target)}</span> " " {badge(view.health)}
        }
        .into_any(),
    };
    view! { <dt>{label}</dt><dd>{fact}</dd> }
}

fn findings(did: &DidView) -> impl IntoView + use<> {
    let items = did
        .findings
        .iter()
        .map(|f| {
            let (what, way_out) = finding(f.kind);
            view! { <li>{severity(f.severity)}" "{what}" "<span class="muted">{way_out}</span></li> }
        })
        .collect_view();
    (!did.findings.is_empty()).then(|| view! { <div class="note warn"><ul class="plain">{items}</ul></div> })
}

fn edit_form(did: &DidView, choices: &[RouteRef], form: &DidForm) -> impl IntoView + use<> {
    let (draft, as_of) = form.draft.clone().unwrap_or_else(|| {
        let alias = did.row.alias.as_ref().map(ToString::to_string).unwrap_or_default();
        let primary = did.primary.route.id.to_string();
        (DidDraft { alias, primary, failover: stored_failover(did) }, did.as_of)
    });
    let message =
        |field: Field| form.problems.iter().find(|p| p.field == field).map(|p| p.problem.to_string());
    let (alias_error, route_error) = (message(Field::Alias), message(Field::Route));
    let options = |chosen: &str| {
        // A route that is gone stays chosen: the first of the list must not take its place unseen.
        let gone = !chosen.is_empty() && !choices.iter().any(|r| r.id.to_string() == chosen);
        let gone =
            gone.then(|| select_option(chosen.to_owned(), "(a route that is gone: choose another)", true));
        let rest = choices
            .iter()
            .map(|r| select_option(r.id.to_string(), words::choice(r), r.id.to_string() == chosen))
            .collect_view();
        (gone, rest)
    };
    view! {
        <section class="card" aria-labelledby="change">
            <h2 id="change">"Change it"</h2>
            <form method="post" action=urls::did(did.row.number)>
                <input type="hidden" name="as_of" value=as_of.to_string()/>
                <div class="field">
                    <label for="alias">"Alias"</label>
                    <input type="text" id="alias" name="alias" value=draft.alias.clone() autocomplete="off"
                        aria-invalid=alias_error.is_some().then_some("true") aria-describedby=alias_error.is_some().then_some("alias-error")/>
                    {field_error("alias-error", alias_error)}
                </div>
                <div class="field">
                    <label for="primary">"Primary route"</label>
                    <select id="primary" name="primary">{options(&draft.primary)}</select>
                </div>
                <div class="field">
                    <label for="route">"Failover route"</label>
                    <select id="route" name="failover" aria-describedby=route_error.is_some().then_some("route-error")>
                        {select_option("", "No failover", draft.failover.is_empty())}
                        {options(&draft.failover)}
                    </select>
                    {field_error("route-error", route_error)}
                </div>
                <button class="button primary">"Save"</button>
            </form>
        </section>
    }
}

fn stored_failover(did: &DidView) -> String {
    did.snapshot
        .dids
        .iter()
        .find(|d| d.number == did.row.number)
        .and_then(|d| match d.failover {
            Failover::Route(id) => Some(id.to_string()),
            _ => None,
        })
        .unwrap_or_default()
}

fn changed_meanwhile(changes: &[ChangeView]) -> impl IntoView + use<> {
    let table = (!changes.is_empty()).then(|| change_table(changes));
    table.map(|table| {
        view! {
            <div class="note bad" role="alert">
                <p><b>"Nothing was saved: this number was changed while you were editing it."</b></p>
                {table}
                <p>"Your entries are still below. Save again to put them in place of those."</p>
            </div>
        }
    })
}

/// Changes with their author, newest first, each field before and after.
pub fn change_table(changes: &[ChangeView]) -> impl IntoView + use<> {
    let rows = changes
        .iter()
        .map(|change| {
            view! {
                <tr>
                    <td data-label="When">{when(change.at)}</td>
                    <td data-label="Who" class="nowrap">{change.actor.clone()}" "<span class="muted small">{words::via(&change.via)}</span></td>
                    <td data-label="What" class="nowrap"><a href=urls::result(change.version)>{words::change_kind(&change.kind)}</a></td>
                    <td data-label="Before → after" class="wide">{field_changes(&change.fields)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col">"When"</th><th scope="col">"Who"</th><th scope="col">"What"</th><th scope="col">"Before → after"</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
