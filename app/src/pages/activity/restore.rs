//! Putting one thing back to how it was after a version: before and after in words, what calls do, and the button.

use leptos::prelude::*;
use portal::{RestoreOutcome, RestorePlan, Subject};
use routing::{Snapshot, Zone};

use super::entry::{change_rows, subject};
use crate::{
    components::{reason_field, when},
    pages::{
        bulk::{Wording, compared, later},
        confirm::broken,
        history::restore_address,
    },
    shell::{Bundle, Frame, Here, document},
    urls, words,
};

const WORDING: Wording = Wording {
    heading: "What changes for callers",
    sides: ["Now", "After this"],
    health: "with what is marked down now",
};

/// The page; `problem` is why nothing was put back. Saved cases are told with the names and the zone of the account.
pub fn restore(
    frame: &Frame,
    plan: &RestorePlan,
    problem: Option<&str>,
    reason: &str,
    (snapshot, zone): (&Snapshot, &Zone),
) -> String {
    let name = name(plan);
    let heading = format!("Put back {name}");
    document(frame, Here::Activity, &heading, Bundle::Base, || {
        let operation = &plan.operation;
        let is_routing = matches!(plan.outcome, RestoreOutcome::Changes(_));
        let [before, after] = &plan.sides;
        view! {
            <div class="title">
                <div><a class="crumb" href=urls::ACTIVITY>"Activity"</a><h1>{heading.clone()}</h1></div>
            </div>
            <div class="stack">
                <p>"To how it was after version "<span class="figure">{operation.version.to_string()}</span>", which "
                    <b>{operation.actor.clone()}</b>" made "{when(operation.at)}": "
                    <a href=urls::entry(operation.version)>{words::operation(operation)}</a>". Nothing else changes."</p>
                {problem.map(|text| view! { <div class="note bad" role="alert"><p><b>"Nothing was changed. "</b>{text.to_owned()}</p></div> })}
                {outcome(plan, reason)}
                {broken(&plan.broken_cases, snapshot, zone)}
                {(is_routing && plan.behaviour.compared > 0).then(|| compared(&plan.behaviour, [before, after], plan.at, WORDING))}
            </div>
        }
    })
}

/// `the DID +1 206 555 0100`, `the route mobile`.
fn name(plan: &RestorePlan) -> String {
    match plan.subject {
        Subject::Did(number) => number.grouped(),
        Subject::Route(_) => format!("the route {}", plan.label),
        Subject::Plan(_) => format!("the plan {}", plan.label),
        Subject::Schedule(_) => format!("the schedule {}", plan.label),
        _ => plan.label.clone(),
    }
}

fn outcome(plan: &RestorePlan, reason: &str) -> impl IntoView + use<> {
    let say = |class: &'static str, text: String| {
        view! { <div class=class role="status"><p>{text}</p><p>{subject(plan.subject, &plan.label)}</p></div> }
    };
    match &plan.outcome {
        RestoreOutcome::Unchanged => {
            say("note", "It is as it was then: there is nothing to put back.".to_owned()).into_any()
        }
        RestoreOutcome::NotThere => {
            say("note warn", "It was not there then, so there is nothing to go back to.".to_owned()).into_any()
        }
        RestoreOutcome::Refused(why) => view! {
            <div class="note warn" role="status"><p><b>"It cannot be so again. "</b>{words::refusal(why)}{later(why)}</p></div>
        }
        .into_any(),
        RestoreOutcome::Changes(change) => view! {
            <section aria-labelledby="back">
                <h2 id="back">"What changes"</h2>
                {change_rows(std::slice::from_ref(change), None)}
            </section>
            {form(plan, reason)}
        }
        .into_any(),
    }
}

fn form(plan: &RestorePlan, reason: &str) -> impl IntoView + use<> {
    let address = restore_address(plan.subject, plan.operation.version).unwrap_or_default();
    // What it is stands in the form: the address keeps only whose shown cases are confirmed.
    let (action, what) = match address.split_once('?') {
        Some((action, what)) => (action.to_owned(), what.to_owned()),
        None => (address, String::new()),
    };
    let (kind, id) = what.split_once('=').unwrap_or_default();
    view! {
        <form method="post" action=action class="card">
            <input type="hidden" name=kind.to_owned() value=id.to_owned()/>
            <input type="hidden" name="as_of" value=plan.as_of.to_string()/>
            {reason_field(reason)}
            <div class="row">
                <button class="button primary">"Put it back"</button>
                <a class="button link" href=urls::entry(plan.operation.version)>"Cancel"</a>
            </div>
        </form>
    }
}
