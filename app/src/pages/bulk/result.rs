//! What an action did.

use leptos::prelude::*;
use portal::{ChangeView, OperationKind, OperationView, PAGE_SIZES, Refusal, Selected, Selection, Subject};
use routing::Version;

use super::{Screen, back, selection_pairs};
use crate::{
    components::{field_changes, tel},
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// What an action did: a page of its own, so that reloading it repeats nothing.
pub fn result(frame: &Frame, operation: &OperationView) -> String {
    document(frame, Here::Manage, "Result", Bundle::Base, || {
        let refusals: Vec<(routing::E164, Refusal)> = operation.refusals.clone();
        let class = if operation.refused > 0 { "note warn" } else { "note good" };
        let shown = refusals.len() as u64;
        view! {
            {title(words::operation(operation), view! { <a class="button primary" href=urls::MANAGE>"Back to Manage your DIDs"</a> })}
            <div class="stack">
                <div class=class role="status">
                    <p><b>{words::outcome(operation)}</b></p>
                    {again(&operation.kind, &refusals, operation.version)}
                </div>
                <dl class="facts card">
                    <dt>"Who"</dt><dd>{operation.actor.clone()}" "<span class="muted">{words::via(&operation.via)}</span></dd>
                    <dt>"When"</dt><dd>{crate::components::when(operation.at)}</dd>
                    {(!operation.broken_cases.is_empty()).then(|| view! {
                        <dt>"Broke the saved cases"</dt><dd>{operation.broken_cases.join(", ")}</dd>
                    })}
                    {operation.reason.clone().map(|r| view! { <dt>"Reason"</dt><dd>{r}</dd> })}
                    <dt>"Configuration version"</dt><dd class="figure">{operation.version.to_string()}</dd>
                </dl>
                {refused_table(&refusals, operation.refused.saturating_sub(shown))}
                {(!operation.changes.is_empty()).then(|| view! {
                    <section aria-labelledby="changed">
                        <h2 id="changed">"What was changed"</h2>
                        {subject_table(operation)}
                    </section>
                })}
            </div>
        }
    })
}

/// The answer when every DID was refused: nothing changed, so there is no result to keep.
pub fn nothing_changed(
    frame: &Frame,
    screen: &Screen,
    selection: &Selection,
    unchanged: u64,
    refusals: &[(routing::E164, Refusal)],
    refused: u64,
    as_of: Version,
) -> String {
    document(frame, Here::Manage, screen.label(), Bundle::None, || {
        view! {
            {title(screen.label(), view! { <a class="button primary" href=back(selection)>"Back to Manage your DIDs"</a> })}
            <div class="stack">
                <div class="note warn" role="alert"><p><b>"Nothing was changed. "</b>
                    {format!("{} already as asked, {} refused.", words::dids(unchanged), words::figure(refused))}</p>
                    {look_again(screen, refusals, as_of)}</div>
                {refused_table(refusals, refused.saturating_sub(refusals.len() as u64))}
            </div>
        }
    })
}

/// The way on for those that were refused because somebody had changed them: the same screen, as of now.
fn again(
    kind: &OperationKind,
    refusals: &[(routing::E164, Refusal)],
    as_of: Version,
) -> Option<impl IntoView + use<>> {
    let screen = match kind {
        OperationKind::SetRoute => Screen::SetRoute(None),
        OperationKind::SetFailoverRoute => Screen::SetFailoverRoute(None),
        OperationKind::ClearFailoverRoute => Screen::ClearFailoverRoute,
        OperationKind::SetAlias => Screen::SetAlias { typed: String::new(), clear: false },
        OperationKind::Release => Screen::Release,
        _ => return None,
    };
    look_again(&screen, refusals, as_of)
}

fn look_again(
    screen: &Screen,
    refusals: &[(routing::E164, Refusal)],
    as_of: Version,
) -> Option<impl IntoView + use<>> {
    let numbers: Vec<routing::E164> = refusals
        .iter()
        .filter(|(_, refusal)| matches!(refusal, Refusal::EditedSince { .. }))
        .map(|(number, _)| *number)
        .take(PAGE_SIZES[PAGE_SIZES.len() - 1] as usize)
        .collect();
    let count = words::dids(numbers.len() as u64);
    let label = format!("Look again at {count} that somebody changed meanwhile: {}", screen.label());
    let selection = Selection { what: Selected::Numbers(numbers.clone()), as_of };
    let address = format!("{}{}", urls::action(screen.slug()), urls::query(&selection_pairs(&selection)));
    (!numbers.is_empty()).then(|| view! { <p><a href=address>{label}</a></p> })
}

fn refused_table(refusals: &[(routing::E164, Refusal)], left_out: u64) -> impl IntoView + use<> {
    let rows = refusals
        .iter()
        .map(|(number, refusal)| {
            view! {
                <tr>
                    <td class="nowrap" data-label="Number"><a href=urls::did(*number)>{tel(*number)}</a></td>
                    <td class="wide" data-label="Why">{words::refusal(refusal)}</td>
                </tr>
            }
        })
        .collect_view();
    (!refusals.is_empty()).then(|| {
        view! {
            <section aria-labelledby="refused">
                <h2 id="refused">"Refused"</h2>
                <table class="table rows">
                    <thead><tr><th scope="col">"Number"</th><th scope="col">"Why"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                {(left_out > 0).then(|| view! { <p class="muted">{format!("and {} more", words::figure(left_out))}</p> })}
            </section>
        }
    })
}

/// What was changed, as a link to where it is now.
fn subject(change: &ChangeView) -> impl IntoView + use<> {
    match change.subject {
        Subject::Did(number) => view! { <a href=urls::did(number)>{tel(number)}</a> }.into_any(),
        Subject::Route(id) => view! { <a href=urls::route(id)>{change.label.clone()}</a> }.into_any(),
        Subject::Plan(id) => view! { <a href=urls::plan(id)>{change.label.clone()}</a> }.into_any(),
        Subject::Schedule(id) => view! { <a href=urls::schedule(id)>{change.label.clone()}</a> }.into_any(),
        Subject::Case(id) => view! { <a href=urls::case(id)>{change.label.clone()}</a> }.into_any(),
        Subject::Finding => view! { <a href=urls::FINDINGS>{change.label.clone()}</a> }.into_any(),
        Subject::Account => change.label.clone().into_any(),
    }
}

fn subject_table(operation: &OperationView) -> impl IntoView + use<> {
    let rows = operation
        .changes
        .iter()
        .map(|change| {
            view! {
                <tr>
                    <td class="wide" data-label="What">{subject(change)}</td>
                    <td class="wide" data-label="Before → after">{field_changes(&change.fields)}</td>
                </tr>
            }
        })
        .collect_view();
    let total = operation.changed;
    let shown = operation.changes.len() as u64;
    view! {
        <table class="table rows">
            <thead><tr><th scope="col">"What"</th><th scope="col">"Before → after"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {(total > shown).then(|| view! { <p class="muted">{format!("and {} more", words::figure(total - shown))}</p> })}
    }
}
