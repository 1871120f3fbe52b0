//! Before and after, on the screens that set a route or a failover for many numbers. It runs `routing` in the browser; no
//! request leaves it.

use std::fmt::Write;

use leptos::prelude::*;
use routing::{Changed, Did, E164, Failover, RouteId, Routing, Scenario, Simulator, Snapshot, diff};

use super::preview::{
    Controls, GROUP, HANGS_UP, PATIENCE, PLACES, Place, did_of, fault_picker, follow, is_open, outcome,
};
use crate::{
    choices::picker,
    desk::{self, LEGEND},
    packed::Packed,
    timeline,
};

/// What is said of a route or a plan that only the server knows.
const NOT_HERE: &str = "Press Show what changes to see this one: this account has too many routes or plans to bring \
                        them all into this page.";

/// One group of chosen DIDs that are routed alike.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DraftGroup {
    /// Where they ring now, in words: `seattle-pbx → mobile`.
    pub label: String,
    /// A DID of the group; it stands in the snapshot.
    pub example: E164,
    /// How many.
    pub count: u64,
}

/// Which half of a DID's routing the screen changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum DraftOf {
    /// Set Route.
    Primary,
    /// Set Failover Route.
    Failover,
}

/// What a screen would change for the chosen DIDs.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Chosen {
    /// The account's routes and plans, and one DID of each group.
    pub snapshot: Snapshot,
    /// The chosen DIDs by their routing; at least one.
    pub groups: Vec<DraftGroup>,
    /// Routes that health has marked down.
    pub marked_down: Vec<RouteId>,
    /// The moment of the calls, in seconds since 1970 UTC: it decides which hours are open.
    pub at: i64,
    /// What the screen changes.
    pub draft_of: DraftOf,
    /// What the form shows as chosen: `3`, `plan:3`, or nothing.
    pub chosen: String,
}

/// Before and after, for the screens that set a route: the drop-down `#route` of the page is followed.
#[island]
pub fn BeforeAfter(
    /// The change.
    of: Packed<Chosen>,
) -> impl IntoView {
    let Packed(Chosen { snapshot, groups, marked_down, at, draft_of, chosen }) = of;
    let chosen = RwSignal::new(chosen);
    #[cfg(feature = "hydrate")]
    browser::follow_drop_down(chosen);
    let first = groups.first().and_then(|group| did_of(&snapshot, group.example));
    let primary_is_down = first.is_some_and(|did| marked_down.contains(&did.primary));
    let start =
        Controls::new(2, primary_is_down, first.map(|did| did.number.to_string()).unwrap_or_default());
    let labels: Vec<(String, String)> =
        groups.iter().map(|g| (g.example.to_string(), format!("{} ({})", g.label, g.count))).collect();
    let mut pickers = String::new();
    if labels.len() > 1 {
        let choices = labels.iter().map(|(value, words)| (value.as_str(), words.as_str()));
        picker(&mut pickers, "DIDs routed like this", GROUP, choices, &start.example);
    }
    fault_picker(&mut pickers, "The primary", PLACES[0], &start.faults[0]);
    fault_picker(&mut pickers, "The failover, or a plan’s first step", PLACES[1], &start.faults[1]);
    picker(&mut pickers, "The caller hangs up", HANGS_UP, PATIENCE.into_iter(), "");
    // They go along with the page's form: the page that it leads to shows the same failure, and so does its address.
    let sent = |id: &str| {
        (format!("<select id=\"{id}\">"), format!("<select id=\"{id}\" name=\"{id}\" form=\"action\">"))
    };
    for (alone, sent) in [PLACES[0], PLACES[1], HANGS_UP, GROUP].map(sent) {
        pickers = pickers.replace(&alone, &sent);
    }
    let controls = follow(start, PLACES[..2].to_vec());
    let result = Memo::new(move |_| {
        let controls = controls.read();
        let Some(did) = E164::parse(&controls.example).ok().and_then(|number| did_of(&snapshot, number))
        else {
            return Default::default();
        };
        let simulator = Simulator::new(&snapshot);
        let run = |did: &Did| {
            let scenario = controls.scenario(did.number, &halves(&snapshot, did), &marked_down, at);
            simulator.run_did(did, &scenario)
        };
        let before = run(did);
        let draft = drafted(did, draft_of, &chosen.read());
        let after = draft.as_ref().filter(|draft| is_here(&snapshot, draft)).map(run);
        let span = timeline::span(before.iter().chain(after.iter().flatten()));
        let mut said = format!("Now: {}", desk::aloud(&snapshot, before.as_ref()));
        let now = outcome(&snapshot, before.as_ref(), span, "before");
        let mut differences = String::new();
        let then = match (&draft, &after) {
            (None, _) => match draft_of {
                DraftOf::Primary => "<p class=\"muted\">Choose an inbound route to see what changes.</p>",
                DraftOf::Failover => {
                    "<p class=\"muted\">Choose an inbound route or a failover plan to see what changes.</p>"
                }
            }
            .to_owned(),
            (Some(_), None) => {
                let _ = write!(said, " After this change: {NOT_HERE}");
                format!("<p class=\"muted\">{NOT_HERE}</p>")
            }
            (Some(draft), Some(after)) => {
                let _ = write!(said, " After this change: {}", desk::aloud(&snapshot, after.as_ref()));
                differences = in_every_failure(&snapshot, did, draft, &marked_down, at);
                outcome(&snapshot, after.as_ref(), span, "after")
            }
        };
        let html = format!(
            "<div class=\"before-after\"><div><h3>Now</h3>{now}</div><div><h3>After this change</h3>{then}</div></div>\
             {differences}"
        );
        (said, html)
    });
    view! {
        <div class="preview">
            <div class="controls" inner_html=pickers></div>
            <p class="hidden-text" aria-live="polite">{move || result.read().0.clone()}</p>
            <div inner_html=move || result.read().1.clone()></div>
            <div inner_html=LEGEND></div>
        </div>
    }
}

/// The two places of the screens for many: the primary, and the failover route or every route of the first step.
fn halves(snapshot: &Snapshot, did: &Did) -> Vec<Place> {
    let first_step = did.failover.plan().and_then(|id| snapshot.plan(id)?.steps.first());
    let behind = match (did.failover.route(), first_step) {
        (Some(route), _) => vec![route],
        (None, Some(step)) => step.routes.iter().map(|leg| leg.route).collect(),
        (None, None) => Vec::new(),
    };
    [vec![did.primary], behind]
        .into_iter()
        .zip(PLACES)
        .map(|(routes, id)| Place { id, label: String::new(), routes })
        .collect()
}

/// The number as the form would leave it; `None` while nothing is chosen.
pub(super) fn drafted(did: &Did, draft_of: DraftOf, chosen: &str) -> Option<Did> {
    let did = did.clone();
    Some(match draft_of {
        DraftOf::Primary => Did { primary: RouteId(chosen.parse().ok()?), ..did },
        DraftOf::Failover => did.with_failover(Failover::parse(chosen)?),
    })
}

/// Whether a call to the number can be run here: of very many routes or plans, the page brings those in use.
pub(super) fn is_here(snapshot: &Snapshot, did: &Did) -> bool {
    let route = |id: RouteId| id == RouteId::REGISTERED || snapshot.route(id).is_some();
    let behind = match did.failover {
        Failover::None => true,
        Failover::Route(id) => route(id),
        Failover::Plan(id) => snapshot.plan(id).is_some_and(|plan| plan.routes().all(route)),
    };
    route(did.primary) && behind
}

/// In which failures the numbers of the group end elsewhere, whatever the drop-downs say.
fn in_every_failure(
    snapshot: &Snapshot,
    before: &Did,
    after: &Did,
    marked_down: &[RouteId],
    at: i64,
) -> String {
    let changed =
        Changed { before: Routing::of(before), after: Routing::of(after), dids: 1, example: before.number };
    let mut base = Scenario { at: Some(at), ..Scenario::new(before.number) };
    base.mark_down(marked_down);
    let diffs = diff(snapshot, snapshot, &[changed], &base).unwrap_or_default();
    let tables: String = diffs.iter().map(|diff| desk::diff_table(snapshot, diff)).collect();
    format!(
        "<details id=\"steps-diff\"{}><summary>In every failure</summary>{tables}</details>",
        if is_open("diff") { " open" } else { "" }
    )
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use web_sys::{Event, HtmlSelectElement};

    use crate::islands::dom;

    pub(super) fn follow_drop_down(chosen: RwSignal<String>) {
        let Some(select) = dom::find::<HtmlSelectElement>("#route") else { return };
        let read = {
            let select = select.clone();
            move || chosen.set(select.value())
        };
        let (changed, shown) = (read.clone(), read.clone());
        dom::on(&select, "change", move |_: Event| changed());
        // A browser that went back may have restored a choice that the server did not render.
        dom::on(&dom::window(), "pageshow", move |_: Event| shown());
        dom::when_awake(read);
    }
}
