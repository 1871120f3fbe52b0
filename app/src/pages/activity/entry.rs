//! One entry: what an operation did, opened into its rows.

use leptos::prelude::*;
use portal::{ChangeView, Left, OPERATION_CHANGES, OperationView, Subject, UndoneBy};

use crate::{
    components::{Pager, field_changes, tel, when},
    pages::bulk::{again, later, refused_table},
    shell::{Bundle, Frame, Here, document},
    urls, words,
};

/// The page of an entry: an address of its own, so that reloading it repeats nothing and it is found a year later.
pub fn entry(frame: &Frame, operation: &OperationView) -> String {
    let heading = words::operation(operation);
    document(frame, Here::Activity, &format!("{heading} · Activity"), Bundle::Base, || {
        let class = if operation.refused > 0 { "note warn" } else { "note good" };
        let shown = (operation.refusals.len() + operation.left.len()) as u64;
        view! {
            <div class="title">
                <div><a class="crumb" href=urls::ACTIVITY>"Activity"</a><h1>{heading.clone()}</h1></div>
                <div class="row">
                    {operation.undo_barred().is_none().then(|| view! { <a class="button" href=urls::undo(operation.version)>"Undo…"</a> })}
                    <a class="button" href=urls::MANAGE>"Back to Manage your DIDs"</a>
                </div>
            </div>
            <div class="stack">
                <div class=class role="status">
                    <p><b>{words::outcome(operation)}</b></p>
                    {again(&operation.kind, &operation.refusals, operation.version)}
                </div>
                {operation.undone_by.as_ref().map(undone_by)}
                <dl class="facts card">
                    <dt>"Who"</dt><dd>{operation.actor.clone()}" "<span class="muted">{words::via(&operation.via)}</span></dd>
                    {operation.on_behalf_of.clone().map(|owner| view! { <dt>"On behalf of"</dt><dd>{owner}</dd> })}
                    <dt>"When"</dt><dd>{when(operation.at)}</dd>
                    {operation.address.clone().map(|address| view! { <dt>"From"</dt><dd class="figure">{address}</dd> })}
                    {(!operation.broken_cases.is_empty()).then(|| view! {
                        <dt>"Broke the saved cases"</dt><dd>{operation.broken_cases.join(", ")}</dd>
                    })}
                    {operation.undone.as_ref().map(|undone| view! {
                        <dt>"Undid"</dt><dd><a href=urls::entry(undone.version)>{words::change_kind(&undone.kind)}</a></dd>
                    })}
                    {operation.restored.map(|version| view! {
                        <dt>"Back to"</dt><dd><a href=urls::entry(version)>{format!("version {version}")}</a></dd>
                    })}
                    {operation.reason.clone().map(|r| view! { <dt>"Reason"</dt><dd>{r}</dd> })}
                    {operation.undo_barred().map(|why| view! { <dt>"Undo"</dt><dd class="muted">{why.to_string()}</dd> })}
                    {operation.request.clone().map(|request| view! { <dt>"Request"</dt><dd class="figure">{request}</dd> })}
                    <dt>"Configuration version"</dt><dd class="figure">{operation.version.to_string()}</dd>
                    <dt>"Calls"</dt><dd>{compared(operation)}</dd>
                </dl>
                {left_table(&operation.left)}
                {refused_table(&operation.refusals, operation.refused.saturating_sub(shown))}
                <section aria-labelledby="changed">
                    <h2 id="changed">"What was changed"</h2>
                    {rows(operation)}
                </section>
            </div>
        }
    })
}

/// The way to what it did to calls. Before the first version there is none to compare with.
fn compared(operation: &OperationView) -> impl IntoView + use<> {
    let version = operation.version;
    let around = (version.0 > 0).then(|| {
        view! { <a href=urls::compare_around(version)>"What this changed for callers"</a>" · " }
    });
    view! { {around}<a href=urls::compare_since(version)>"What differs since"</a> }
}

/// That an entry was undone, and where.
pub(super) fn undone_by(by: &UndoneBy) -> impl IntoView + use<> {
    let words = if by.in_part { "This was undone in part: " } else { "This was undone: " };
    view! {
        <div class="note"><p>{words}<b>{by.actor.clone()}</b>", "{when(by.at)}". "<a href=urls::entry(by.version)>"The undo"</a></p></div>
    }
}

/// Things other than DIDs that were left as they are, each with the reason.
pub(super) fn left_table(left: &[Left]) -> Option<impl IntoView + use<>> {
    let rows = left
        .iter()
        .map(|left| {
            view! {
                <tr>
                    <td class="wide" data-label="What">{subject(left.subject, &left.label)}</td>
                    <td class="wide" data-label="Why">{words::refusal(&left.why)}{later(&left.why)}</td>
                </tr>
            }
        })
        .collect_view();
    (!left.is_empty()).then(|| {
        view! {
            <section aria-labelledby="left">
                <h2 id="left">"Left as they are"</h2>
                <table class="table rows">
                    <thead><tr><th scope="col">"What"</th><th scope="col">"Why"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
    })
}

/// A thing, as a link to where it is now.
pub(super) fn subject(subject: Subject, label: &str) -> impl IntoView + use<> {
    let label = label.to_owned();
    match subject {
        Subject::Did(number) => view! { <a href=urls::did(number)>{tel(number)}</a> }.into_any(),
        Subject::Route(id) => view! { <a href=urls::route(id)>{label}</a> }.into_any(),
        Subject::Plan(id) => view! { <a href=urls::plan(id)>{label}</a> }.into_any(),
        Subject::Schedule(id) => view! { <a href=urls::schedule(id)>{label}</a> }.into_any(),
        Subject::Case(id) => view! { <a href=urls::case(id)>{label}</a> }.into_any(),
        Subject::Finding => view! { <a href=urls::FINDINGS>{label}</a> }.into_any(),
        Subject::Person => view! { <a href=urls::TEAM>{label}</a> }.into_any(),
        Subject::Destination => view! { <a href=urls::COUNTRIES>{label}</a> }.into_any(),
        Subject::Account | Subject::Note | Subject::User(_) => label.into_any(),
    }
}

fn rows(operation: &OperationView) -> impl IntoView + use<> {
    let nothing = operation.changes.is_empty().then(|| {
        let first = urls::entry(operation.version);
        match operation.changes_from {
            0 => "Nothing but the version of the account.".into_any(),
            _ => view! { "Nothing further here. " <a href=first>"Go to the first page"</a> }.into_any(),
        }
    });
    view! {
        {change_rows(&operation.changes, nothing)}
        {pager(operation)}
    }
}

/// Changes by what they were made to; `nothing` is said where there are none.
pub(super) fn change_rows(changes: &[ChangeView], nothing: Option<AnyView>) -> impl IntoView + use<> {
    let rows = changes
        .iter()
        .map(|change| {
            view! {
                <tr>
                    <td class="wide" data-label="What">{subject(change.subject, &change.label)}</td>
                    <td class="wide" data-label="Before → after">{field_changes(&change.fields)}</td>
                </tr>
            }
        })
        .collect_view();
    let nothing = nothing.map(|text| view! { <tr><td class="empty" colspan="2">{text}</td></tr> });
    view! {
        <table class="table rows">
            <thead><tr><th scope="col">"What"</th><th scope="col">"Before → after"</th></tr></thead>
            <tbody>{rows}{nothing}</tbody>
        </table>
    }
}

/// Nothing where one page holds them all.
fn pager(operation: &OperationView) -> Option<impl IntoView + use<>> {
    let (from, shown) = (operation.changes_from, operation.changes.len() as u64);
    let at = |place| format!("{}#changed", urls::entry_from(operation.version, place));
    let previous = (from > 0).then(|| at(from.saturating_sub(u64::from(OPERATION_CHANGES))));
    let next = operation.changes_more.then(|| at(from + shown));
    let total = operation.changed.max(from + shown);
    let showing = match shown {
        0 => format!("of {}", words::figure(total)),
        _ => format!(
            "{} to {} of {}",
            words::figure(from + 1),
            words::figure(from + shown),
            words::figure(total)
        ),
    };
    (previous.is_some() || next.is_some())
        .then(|| Pager { previous, next, sizes: Vec::new(), showing }.view())
}
