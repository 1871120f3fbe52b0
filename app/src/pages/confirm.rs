//! A change that breaks saved cases: shown before it is saved.

use leptos::prelude::*;
use portal::BrokenCase;
use routing::{Snapshot, Zone};

use super::preview::verdict;
use crate::{
    desk::{call_words, expectation_words},
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// What an address says once the sender of a form has seen what it breaks.
pub const CONFIRMED: (&str, &str) = ("confirm", "broken-cases");
/// Beside it: the ids of the cases that they were shown, with commas.
pub const SHOWN: &str = "broken";

/// Longer addresses are cut off by some proxies.
const ADDRESS_BYTES_MAX: usize = 4_000;

/// The page: the cases that hold now and would not, and the form again with all that it said.
pub fn confirm(
    frame: &Frame,
    address: &str,
    fields: &[(String, String)],
    broken: &[BrokenCase],
    snapshot: &Snapshot,
    zone: &Zone,
) -> String {
    let heading = match broken.len() {
        1 => "This breaks a saved case".to_owned(),
        n => format!("This breaks {n} saved cases"),
    };
    document(frame, Here::Nowhere, &heading, Bundle::Base, || {
        let hidden = fields
            .iter()
            .map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone()/> })
            .collect_view();
        // In the address: who asks is read before what the form says.
        let shown: Vec<String> = broken.iter().map(|case| case.id.to_string()).collect();
        let action = format!("{address}?{}={}&{SHOWN}={}", CONFIRMED.0, CONFIRMED.1, shown.join(","));
        let back = back(address, fields);
        view! {
            {title(heading.clone(), ())}
            <div class="stack">
                <div class="note bad" role="alert">
                    <p><b>"Nothing was saved yet."</b>" With this change, these calls no longer come to what was expected of them:"</p>
                </div>
                {broken_table(broken, snapshot, zone)}
                <form method="post" action=action class="card">
                    {hidden}
                    <p>"The history will name the cases that this change broke."</p>
                    <div class="row">
                        <a class="button primary" href=back>"Go back without saving"</a>
                        <button class="button danger">"Save it nevertheless"</button>
                    </div>
                </form>
            </div>
        }
    })
}

/// The section of a preview that lists the saved cases which applying it breaks; nothing if it breaks none.
pub(super) fn broken(
    cases: &[BrokenCase],
    snapshot: &Snapshot,
    zone: &Zone,
) -> Option<impl IntoView + use<>> {
    let sentence = match cases.len() {
        0 => return None,
        1 => "This breaks a saved case. Applying it asks once more.".to_owned(),
        n => format!("This breaks {n} saved cases. Applying it asks once more."),
    };
    let table = broken_table(cases, snapshot, zone);
    Some(view! {
        <section class="stack" aria-labelledby="broken">
            <h2 id="broken">"Saved cases that it breaks"</h2>
            <div class="note bad" role="status"><p>{sentence}</p></div>
            {table}
        </section>
    })
}

/// The cases that a change breaks: what they come to now, and what after it.
fn broken_table(broken: &[BrokenCase], snapshot: &Snapshot, zone: &Zone) -> impl IntoView + use<> {
    let rows = broken
        .iter()
        .map(|case| {
            view! {
                <tr>
                    <td data-label="Case" class="wide"><a href=urls::case(case.id)>{case.name.to_string()}</a></td>
                    <td data-label="Call" class="wide">{call_words(snapshot, &case.case.scenario, zone)}</td>
                    <td data-label="Expected" class="wide">{expectation_words(snapshot, case.case.expect)}</td>
                    <td data-label="Now" class="wide">{verdict(snapshot, &case.before)}</td>
                    <td data-label="After" class="wide">{verdict(snapshot, &case.after)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col">"Case"</th><th scope="col">"Call"</th><th scope="col">"Expected"</th>
                <th scope="col">"Now"</th><th scope="col">"After this change"</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// The page that a form came from. The screens of bulk actions read their fields from the address.
pub fn back(address: &str, fields: &[(String, String)]) -> String {
    let pairs: Vec<(&str, String)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let query = urls::query(&pairs);
    if query.len() <= ADDRESS_BYTES_MAX { format!("{address}{query}") } else { address.to_owned() }
}
