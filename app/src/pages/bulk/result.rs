//! What is said when an action changed nothing, and what the pages of what it did share with that.

use leptos::prelude::*;
use portal::{BulkResult, OperationKind, PAGE_SIZES, Refusal, Selection, Survey};
use routing::Version;

use super::{Screen, back, selection_pairs};
use crate::{
    components::tel,
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// The answer when every DID was refused: nothing changed, so there is no result to keep.
pub fn nothing_changed(frame: &Frame, screen: &Screen, survey: &Survey, done: &BulkResult) -> String {
    let BulkResult { unchanged, refused, refusals, .. } = done;
    document(frame, Here::Manage, screen.label(), Bundle::None, || {
        view! {
            {title(screen.label(), view! { <a class="button primary" href=back(survey.filter.as_ref())>"Back to Manage your DIDs"</a> })}
            <div class="stack">
                <div class="note warn" role="alert"><p><b>"Nothing was changed. "</b>
                    {format!("{} already as asked, {} refused.", words::dids(*unchanged), words::figure(*refused))}</p>
                    {words::drift(done.drift).map(|text| view! { <p>{text}</p> })}
                    {look_again(screen, refusals, survey.as_of)}</div>
                {refused_table(refusals, refused.saturating_sub(refusals.len() as u64))}
            </div>
        }
    })
}

/// The way on for those that were refused because somebody had changed them: the same screen, as of now.
pub fn again(
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
    let selection = Selection::Numbers { numbers: numbers.clone(), as_of };
    let address = format!("{}{}", urls::action(screen.slug()), urls::query(&selection_pairs(&selection)));
    (!numbers.is_empty()).then(|| view! { <p><a href=address>{label}</a></p> })
}

/// The DIDs that were left as they are, each with the reason.
pub fn refused_table(refusals: &[(routing::E164, Refusal)], left_out: u64) -> impl IntoView + use<> {
    let rows = refusals
        .iter()
        .map(|(number, refusal)| {
            view! {
                <tr>
                    <td class="nowrap" data-label="Number"><a href=urls::did(*number)>{tel(*number)}</a></td>
                    <td class="wide" data-label="Why">{words::refusal(refusal)}{later(refusal)}</td>
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

/// The way to what somebody did after it.
pub fn later(refusal: &Refusal) -> Option<impl IntoView + use<>> {
    let Refusal::EditedAfter { version, .. } = refusal else { return None };
    let entry = urls::entry(*version);
    Some(view! { " "<a href=entry>"What they did"</a> })
}
