//! The form of a replayed call: the moment, and what fails. What else its address says goes along unseen.

use leptos::prelude::*;
use portal::Replay;
use routing::{FaultTarget, InjectedFault, Snapshot};

use super::Asked;
use crate::{
    components::select_option,
    desk::{Naming, fault_choices, fault_targets, fault_words, local_text},
    urls,
};

/// Parameters with a field of their own; the first `fault` has one.
const FIELDS: [&str; 4] = ["did", "at", "zone", "fault"];

pub(super) fn form(asked: &Asked, replay: Option<&Replay>) -> impl IntoView + use<> {
    let at = asked.controls.at.map(|at| local_text(at, &asked.zone)).unwrap_or_default();
    let zones = asked
        .zones
        .iter()
        .map(|zone| select_option(zone.clone(), zone.clone(), *zone == asked.zone.name))
        .collect_view();
    let version = asked.version.map(|version| version.to_string()).unwrap_or_default();
    view! {
        <form class="filters" method="get" action=urls::replay(asked.number)>
            <div>
                <label for="at">"Date and time"</label>
                <input type="datetime-local" id="at" name="at" value=at autocomplete="off"/>
            </div>
            <div>
                <label for="zone">"Time zone"</label>
                <select id="zone" name="zone">{zones}</select>
            </div>
            <div>
                <label for="version">"Or a version"</label>
                <input type="text" class="short" id="version" name="version" inputmode="numeric" value=version autocomplete="off"/>
            </div>
            {replay.map(|replay| failure(asked, replay))}
            {unseen(asked, replay.is_some())}
            <button class="button primary">"Replay"</button>
        </form>
    }
}

/// What fails, of the first failure; others of the address go along.
fn failure(asked: &Asked, replay: &Replay) -> impl IntoView + use<> {
    let both = both(&replay.then, &replay.now);
    let naming = Naming(&both);
    let chosen = asked.controls.faults.first();
    let mut known = chosen.is_none();
    let mut option = |fault: &InjectedFault, words: String| {
        let is_chosen = chosen == Some(fault);
        known |= is_chosen;
        select_option(fault.to_string(), words, is_chosen)
    };
    let primaries = replay.then.dids.iter().map(|did| did.primary);
    let primary = primaries.map(FaultTarget::Route).next();
    let of_primary = primary.as_ref().map(|on| {
        let faults: Vec<InjectedFault> = fault_choices()
            .into_iter()
            .filter_map(|(word, _)| InjectedFault::parse(&format!("{on}={word}")).ok())
            .collect();
        let options: Vec<_> = faults.iter().map(|fault| option(fault, words(naming, fault))).collect();
        view! { <optgroup label="The primary of then">{options}</optgroup> }
    });
    let groups: Vec<_> = fault_targets(&both)
        .into_iter()
        .filter(|(_, targets)| !targets.is_empty())
        .map(|(label, targets)| {
            let silent = |on| InjectedFault { on, fault: routing::Fault::Silent };
            let faults = targets.into_iter().filter(|on| Some(on) != primary.as_ref()).map(silent);
            let options: Vec<_> = faults.map(|fault| option(&fault, words(naming, &fault))).collect();
            view! { <optgroup label=label>{options}</optgroup> }
        })
        .collect();
    let other =
        chosen.filter(|_| !known).map(|fault| select_option(fault.to_string(), words(naming, fault), true));
    view! {
        <div>
            <label for="fault">"What fails"</label>
            <select id="fault" name="fault">
                {select_option("", "nothing", chosen.is_none())}
                {other}{of_primary}{groups}
            </select>
        </div>
    }
}

fn words(naming: Naming<'_>, injected: &InjectedFault) -> String {
    format!("{}: {}", naming.target(&injected.on), fault_words(injected.fault))
}

/// What the form has no field for.
fn unseen(asked: &Asked, with_failure: bool) -> impl IntoView + use<> {
    let pairs = asked.controls.pairs(std::slice::from_ref(&asked.zone));
    let others = pairs.into_iter().filter(|(name, _)| !FIELDS.contains(name));
    let faults = asked.controls.faults.iter().skip(usize::from(with_failure));
    let faults = faults.map(|fault| ("fault", fault.to_string()));
    others
        .chain(faults)
        .map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=value/> })
        .collect_view()
}

/// The routes and edges of both sides, each once.
fn both(then: &Snapshot, now: &Snapshot) -> Snapshot {
    let mut both = then.clone();
    both.routes.extend(now.routes.iter().filter(|route| then.route(route.id).is_none()).cloned());
    both
}
