//! What the pages that delete something have in common: what stands in the way, and what somebody else did meanwhile.

use leptos::prelude::*;
use portal::ChangeView;
use routing::{Alias, E164};

use super::history::change_table;
use crate::{components::tel, urls, words};

/// Nothing was deleted, because somebody changed it after the page was shown; nothing if nobody did.
pub(super) fn changed_meanwhile(what: &str, changes: &[ChangeView]) -> Option<impl IntoView + use<>> {
    let sentence = format!("Nothing was deleted: the {what} was changed while you were looking at it.");
    (!changes.is_empty()).then(|| {
        view! {
            <div class="note bad" role="alert">
                <p><b>{sentence}</b></p>
                {change_table(changes)}
            </div>
        }
    })
}

/// The DIDs that use it, the first by number; nothing if there are none.
pub(super) fn used_by_dids(
    what: &str,
    first: &[(E164, Option<Alias>)],
    count: u64,
) -> Option<impl IntoView + use<>> {
    let verb = if count == 1 { "uses" } else { "use" };
    let sentence = format!("{} {verb} this {what}. ", words::dids(count));
    let rest = count.saturating_sub(first.len() as u64);
    let first = first
        .iter()
        .map(|(number, alias)| {
            view! { <li><a href=urls::did(*number)>{tel(*number)}</a>" "{alias.as_ref().map(ToString::to_string)}</li> }
        })
        .collect_view();
    (count > 0).then(|| {
        view! {
            <div class="note bad" role="alert">
                <p><b>{sentence}</b>"Please disassociate all numbers before deleting."</p>
                <ul>{first}</ul>
                {(rest > 0).then(|| view! { <p>{format!("and {} more", words::figure(rest))}</p> })}
            </div>
        }
    })
}
