//! What was changed of one thing, on its page and wherever somebody was faster.

use leptos::prelude::*;
use portal::{ChangeView, Subject};
use routing::Version;

use crate::{
    components::{field_changes, when},
    urls, words,
};

/// Where one thing is put back to how it was after a version; `None` of what is put back by undoing alone.
pub(super) fn restore_address(subject: Subject, version: Version) -> Option<String> {
    let what = match subject {
        Subject::Did(number) => ("did", number.digits().to_string()),
        Subject::Route(id) => ("route", id.to_string()),
        Subject::Plan(id) => ("plan", id.to_string()),
        Subject::Schedule(id) => ("schedule", id.to_string()),
        _ => return None,
    };
    Some(urls::restore(version, what))
}

/// Changes with their author, newest first, each field before and after.
pub(super) fn change_table(changes: &[ChangeView]) -> impl IntoView + use<> {
    table(changes, None)
}

/// The same on the page of the thing itself: each but the newest leads back to how it was then.
pub(super) fn history_table(subject: Subject, changes: &[ChangeView]) -> impl IntoView + use<> {
    table(changes, Some(subject))
}

fn table(changes: &[ChangeView], of: Option<Subject>) -> impl IntoView + use<> {
    let rows = changes
        .iter()
        .enumerate()
        .map(|(place, change)| {
            // After the newest it is as it is now; after its deletion there is nothing to go back to.
            let ways = of.map(|subject| {
                let back = restore_address(subject, change.version).filter(|_| place > 0 && !change.removed);
                let back = back.map(|address| view! { <a href=address>"Put back to this…"</a> });
                let call = match (subject, change.removed) {
                    (Subject::Did(number), false) => Some(
                        view! { <a href=urls::replay_at(number, change.version)>"A call then"</a> },
                    ),
                    _ => None,
                };
                view! { <td data-label="Way back" class="nowrap">{call}{back.map(|back| view! { <div>{back}</div> })}</td> }
            });
            view! {
                <tr>
                    <td data-label="When">{when(change.at)}</td>
                    <td data-label="Who">{change.actor.clone()}" "<span class="muted small">{words::via(&change.via)}</span></td>
                    <td data-label="What"><a href=urls::entry(change.version)>{words::change_kind(&change.kind)}</a></td>
                    <td data-label="Before → after" class="wide">{field_changes(&change.fields)}</td>
                    {ways}
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col">"When"</th><th scope="col">"Who"</th><th scope="col">"What"</th><th scope="col">"Before → after"</th>
                {of.map(|_| view! { <th scope="col">"Way back"</th> })}
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
