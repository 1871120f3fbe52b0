//! Saved cases: the list with their verdicts, and one case to edit or delete.

use leptos::prelude::*;
use portal::{CaseView, ChangeView};
use routing::{Snapshot, Version, Zone};

use super::case_form::{CaseState, fields};
use crate::{
    components::{error_list, reason_field},
    desk::{Controls, Naming, call_words, expectation_words, verdict_words, zone, zones},
    pages::{deleting::changed_meanwhile, history::change_table},
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// What the cases' calls are told with: the names of things, and the zone to write times in.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// The configuration.
    pub snapshot: &'a Snapshot,
    /// The name of the zone.
    pub zone: &'a str,
}

impl Telling<'_> {
    fn zone(&self) -> Zone {
        zone(self.snapshot, self.zone)
    }
}

/// The list, what fails first.
pub fn list(frame: &Frame, cases: &[CaseView], telling: Telling<'_>) -> String {
    document(frame, Here::Preview, "Saved cases", Bundle::Base, || {
        let broken = cases.iter().filter(|case| !case.verdict.holds()).count();
        let mut sorted: Vec<&CaseView> = cases.iter().collect();
        sorted.sort_by_key(|case| case.verdict.holds());
        let summary = match (cases.len(), broken) {
            (0, _) => None,
            (1, 0) => Some(("note good", "It holds.".to_owned())),
            (1, _) => Some(("note bad", "It does not hold.".to_owned())),
            (n, 0) => Some(("note good", format!("All {n} hold."))),
            (n, broken) => Some(("note bad", format!("{broken} of {n} do not hold."))),
        };
        let rows = sorted.into_iter().map(|case| row(case, telling)).collect_view();
        let table = (!cases.is_empty()).then(|| {
            view! {
                <table class="table rows">
                    <thead><tr>
                        <th scope="col">"Case"</th><th scope="col">"Call"</th>
                        <th scope="col">"Expected"</th><th scope="col">"Now"</th><th scope="col"><span class="hidden-text">"What can be done"</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
        });
        let empty = cases.is_empty().then(|| {
            view! {
                <div class="card">
                    <p>"No case is saved yet. A case is a call with what it should come to, such as: a call on Sunday at 03:00 with the Seattle site down reaches the answering service within 15 s."</p>
                    <p>"It runs on every change of the account; a change that breaks it is shown before it is saved."</p>
                    <p><a class="button primary" href=urls::PREVIEW>"Open the preview"</a></p>
                </div>
            }
        });
        view! {
            {title("Saved cases", view! { <a class="button" href=urls::PREVIEW>"Preview"</a> })}
            {summary.map(|(class, text)| view! { <div class=class role="status"><p>{text}</p></div> })}
            {table}
            {empty}
        }
    })
}

fn row(case: &CaseView, telling: Telling<'_>) -> impl IntoView + use<> {
    let words = call_words(telling.snapshot, &case.case.scenario, &telling.zone());
    let expected = expectation_words(telling.snapshot, case.case.expect);
    view! {
        <tr>
            <td data-label="Case" class="wide"><a href=urls::case(case.id)>{case.name.to_string()}</a></td>
            <td data-label="Call" class="wide">{words}{idle(case, telling.snapshot)}</td>
            <td data-label="Expected" class="wide">{expected}</td>
            <td data-label="Now" class="wide">{verdict(telling.snapshot, &case.verdict)}</td>
            <td class="nowrap">{open_in_desk(case, telling)}</td>
        </tr>
    }
}

/// What the call breaks and nothing of the account depends on (any more): such a case holds, and tests less than it says.
fn idle(case: &CaseView, snapshot: &Snapshot) -> Option<impl IntoView + use<>> {
    let faults = case.case.scenario.faults.iter().filter(|injected| !snapshot.depends_on(&injected.on));
    let idle: Vec<String> = faults.map(|injected| Naming(snapshot).target_with_kind(&injected.on)).collect();
    (!idle.is_empty()).then(|| {
        view! { <br/><span class="small caution">{format!("! Nothing here depends on {}: that failure changes nothing.", idle.join(", "))}</span> }
    })
}

/// The verdict's badge, and what happens.
pub(crate) fn verdict(snapshot: &Snapshot, verdict: &routing::Verdict) -> impl IntoView + use<> {
    let (class, sign, word, happens) = verdict_words(snapshot, verdict);
    view! {
        <span class=format!("badge {class}")><b aria-hidden="true">{sign}</b>{word}</span>
        <br/><span class="small muted">{happens}</span>
    }
}

/// The call in the desk, where the desk has controls for it.
fn open_in_desk(case: &CaseView, telling: Telling<'_>) -> Option<impl IntoView + use<>> {
    let zone = telling.zone();
    let controls = Controls { case: Some(case.id), ..Controls::of(&case.case.scenario, &zone)? };
    let zones = zones(telling.snapshot);
    let address = format!("{}{}", urls::PREVIEW, urls::query(&controls.pairs(&zones)));
    Some(view! { <a href=address>"Open in the preview"</a> })
}

/// One case, to be edited. `as_of` is the version that the form was filled from; `changed_meanwhile` is what
/// somebody else changed since.
pub fn edit(
    frame: &Frame,
    case: &CaseView,
    telling: Telling<'_>,
    state: &CaseState,
    as_of: Version,
    changed_meanwhile: &[ChangeView],
) -> String {
    document(frame, Here::Preview, &format!("{} · Saved cases", case.name), Bundle::Base, || {
        let words = call_words(telling.snapshot, &case.case.scenario, &telling.zone());
        let desk = open_in_desk(case, telling);
        let other_call = if desk.is_some() {
            "To change the call itself, open it in the preview, and save it from there."
        } else {
            "This call says more than the controls of the preview can, such as SRV records or an outage switch."
        };
        let conflict = (!changed_meanwhile.is_empty()).then(|| {
            view! {
                <div class="note bad" role="alert">
                    <p><b>"Nothing was saved: this case was changed while you were editing it."</b></p>
                    {change_table(changed_meanwhile)}
                    <p>"Your entries are still below. Save again to put them in place of those."</p>
                </div>
            }
        });
        view! {
            <div class="title"><div>
                <a class="crumb" href=urls::CASES>"Saved cases"</a>
                <h1>{case.name.to_string()}</h1>
            </div><div class="row"><a data-writes="" class="button" href=urls::delete_case(case.id)>"Delete…"</a></div></div>
            {error_list(state.problems.clone())}
            {conflict}
            <div class="split">
                <section class="card" aria-labelledby="call">
                    <h2 id="call">"The call"</h2>
                    <p>{words}"."</p>
                    <p>{verdict(telling.snapshot, &case.verdict)}</p>
                    <p>{desk}</p>
                    <p class="muted">{other_call}</p>
                </section>
                <section class="card" aria-labelledby="change">
                    <h2 id="change">"What it should come to"</h2>
                    <form method="post" action=urls::case(case.id)>
                        <input type="hidden" name="as_of" value=as_of.to_string()/>
                        {fields(state, telling.snapshot)}
                        {reason_field(&frame.reason)}
                        <div class="row">
                            <button class="button primary">"Save"</button>
                            <a class="button link" href=urls::CASES>"Cancel"</a>
                        </div>
                    </form>
                </section>
            </div>
        }
    })
}

/// Deleting a case: said what it is, once.
pub fn delete(frame: &Frame, case: &CaseView, telling: Telling<'_>, changes: &[ChangeView]) -> String {
    document(frame, Here::Preview, &format!("Delete {} · Saved cases", case.name), Bundle::Base, || {
        let words = call_words(telling.snapshot, &case.case.scenario, &telling.zone());
        let expected = expectation_words(telling.snapshot, case.case.expect);
        let conflict = changed_meanwhile("case", changes);
        view! {
            {title(format!("Delete {}", case.name), ())}
            {conflict}
            <section class="card" aria-label="Delete the case">
                <p>{words}" "{expected}"."</p>
                <p>"Changes of the account are then no longer held against it."</p>
                <form method="post" action=urls::delete_case(case.id)>
                    <input type="hidden" name="as_of" value=case.version.to_string()/>
                    {reason_field(&frame.reason)}
                    <div class="row">
                        <button class="button danger">"Delete case"</button>
                        <a class="button link" href=urls::case(case.id)>"Cancel"</a>
                    </div>
                </form>
            </section>
        }
    })
}
