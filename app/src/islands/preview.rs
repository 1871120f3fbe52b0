//! The failover preview: pick what fails, see what a call does. It runs `routing` in the browser; no request
//! leaves it.
//!
//! Controls and outcome are written as HTML text: a tree of typed views for them would weigh more in the
//! browser's bundle than the routing core does.

use std::fmt::Write;

use leptos::prelude::*;
use routing::{
    CallerBehaviour, Changed, CompileError, Did, E164, Failover, Fault, FaultTarget, InjectedFault, Millis,
    PlanId, RouteId, Routing, Scenario, Simulator, Snapshot, Trace, diff,
};

use crate::{
    choices::picker,
    desk::{self, LEGEND, Naming, Shown},
    timeline,
};

/// What can be chosen for a route: the value, the label.
const CHOICES: [(&str, &str); 16] = [
    ("now", "as it is now"),
    ("works", "works as usual"),
    ("silent", "no answer to signalling"),
    ("503", "503 Service Unavailable"),
    ("dns", "DNS failure"),
    ("tls", "TLS failure"),
    ("refused", "connection refused"),
    ("trying", "100 Trying, then nothing"),
    ("rings", "rings for ever"),
    ("busy", "busy (486)"),
    ("declines", "declines (603)"),
    ("404", "404 Not Found"),
    ("480", "480 Temporarily Unavailable"),
    ("slow", "answers after 18 s"),
    ("voicemail", "a voicemail answers"),
    ("down", "down, and marked so by health"),
];

/// When the caller gives up: the value in seconds, the label.
const PATIENCE: [(&str, &str); 5] =
    [("", "never"), ("10", "after 10 s"), ("20", "after 20 s"), ("30", "after 30 s"), ("60", "after 60 s")];

/// A place where something can be chosen to fail: its drop-down's id and label, and the routes that it is about.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    id: &'static str,
    label: String,
    routes: Vec<RouteId>,
}

/// The drop-downs' ids, the primary's first; a number has as many as its failover has steps, or routes.
const PLACES: [&str; 12] = [
    "fails-primary",
    "fails-failover",
    "fails-2",
    "fails-3",
    "fails-4",
    "fails-5",
    "fails-6",
    "fails-7",
    "fails-8",
    "fails-9",
    "fails-10",
    "fails-11",
];

/// The places of a number: its primary, then its failover route, or each route of its plan. The same route twice
/// fails the same way twice, so it is asked for once; what a drop-down each is too much for is broken on the desk.
fn places(snapshot: &Snapshot, did: &Did) -> Vec<Place> {
    let naming = Naming(snapshot);
    let mut routes = vec![(did.primary, format!("Primary, {}", naming.route(did.primary)))];
    if let Some(route) = did.failover.route() {
        routes.push((route, format!("Failover, {}", naming.route(route))));
    }
    let plan = did.failover.plan().and_then(|id| snapshot.plan(id));
    for (number, step) in (1..).zip(plan.map(|plan| plan.steps.as_slice()).unwrap_or_default()) {
        routes.extend(
            step.routes.iter().map(|leg| (leg.route, format!("Step {number}, {}", naming.route(leg.route)))),
        );
    }
    let mut seen = Vec::new();
    routes.retain(|(route, _)| {
        !seen.contains(route) && {
            seen.push(*route);
            true
        }
    });
    PLACES
        .into_iter()
        .zip(routes)
        .map(|(id, (route, label))| Place { id, label, routes: vec![route] })
        .collect()
}

/// What is said of a route or a plan that only the server knows.
const NOT_HERE: &str = "Press Show what changes to see this one: this account has too many routes or plans to bring \
                        them all into this page.";

/// What the controls say.
#[derive(Clone, PartialEq)]
struct Controls {
    /// For each place what was chosen.
    faults: Vec<String>,
    hangs_up: String,
    /// The DID whose routing stands for its group; only where there are groups.
    example: String,
}

impl Controls {
    /// At first the primary is silent, unless it is down already, and everything else is as it is.
    fn new(places: usize, primary_is_down: bool, example: String) -> Controls {
        let mut faults = vec!["now".to_owned(); places];
        if let Some(primary) = faults.first_mut().filter(|_| !primary_is_down) {
            "silent".clone_into(primary);
        }
        Controls { faults, hangs_up: String::new(), example }
    }

    /// The call to a number under the chosen failures; `at` is now, and `marked_down` the health of now.
    fn scenario(&self, did: E164, places: &[Place], marked_down: &[RouteId], at: i64) -> Scenario {
        let mut scenario = Scenario { at: Some(at), ..Scenario::new(did) };
        for (place, choice) in places.iter().zip(&self.faults) {
            for route in &place.routes {
                // The same route twice fails the same way twice.
                if !scenario.faults.iter().any(|injected| injected.on == FaultTarget::Route(*route)) {
                    inject(&mut scenario, *route, choice, marked_down);
                }
            }
        }
        let seconds = self.hangs_up.parse::<u32>().ok();
        scenario.caller = CallerBehaviour { hangs_up_after: seconds.map(|s| Millis(s * 1000)) };
        scenario
    }
}

/// A signal that follows the drop-downs, also when a browser that went back has restored them.
fn follow(start: Controls, ids: Vec<&'static str>) -> RwSignal<Controls> {
    let controls = RwSignal::new(start);
    #[cfg(feature = "hydrate")]
    browser::follow(controls, ids);
    #[cfg(not(feature = "hydrate"))]
    drop(ids);
    controls
}

fn did_of(snapshot: &Snapshot, number: E164) -> Option<&Did> {
    snapshot.dids.iter().find(|did| did.number == number)
}

fn inject(scenario: &mut Scenario, route: RouteId, choice: &str, marked_down: &[RouteId]) {
    let down = choice == "down" || choice == "now" && marked_down.contains(&route);
    if down && !scenario.marked_down.contains(&route) {
        scenario.marked_down.push(route);
    }
    let fault = match choice {
        // It was marked down because it does not answer: tried as a last resort, it does not answer either.
        _ if down => Fault::Silent,
        "slow" => Fault::AnswersAfter(Millis(18_000)),
        word => match Fault::parse(word) {
            Ok(fault) => fault,
            Err(_) => return,
        },
    };
    scenario.faults.push(InjectedFault { on: FaultTarget::Route(route), fault });
}

/// The words, the picture, the steps and the fingerprint of one trace.
fn outcome(snapshot: &Snapshot, trace: Result<&Trace, &CompileError>, span: Millis, id: &str) -> String {
    desk::outcome_html(Shown { snapshot, trace, span, id, open: is_open(id), steps_of: None })
}

fn is_open(id: &str) -> bool {
    #[cfg(feature = "hydrate")]
    return browser::is_open(id);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        false
    }
}

/// One number's preview. `marked_down`: routes that health has marked down right now.
#[island]
pub fn Preview(
    /// The configuration that the call needs.
    snapshot: Snapshot,
    /// The number.
    did: E164,
    /// Routes that health has marked down.
    marked_down: Vec<RouteId>,
    /// The moment of the call, in seconds since 1970 UTC: it decides which hours are open.
    at: i64,
) -> impl IntoView {
    let places = did_of(&snapshot, did).map(|did| places(&snapshot, did)).unwrap_or_default();
    let primary_is_down = places.first().is_some_and(|place| is_down(&place.routes, &marked_down));
    let start = Controls::new(places.len(), primary_is_down, String::new());
    let mut pickers = String::new();
    for (place, chosen) in places.iter().zip(&start.faults) {
        picker(&mut pickers, &place.label, place.id, CHOICES.into_iter(), chosen);
    }
    picker(&mut pickers, "The caller hangs up", "hangs-up", PATIENCE.into_iter(), "");
    let controls = follow(start, places.iter().map(|place| place.id).collect());
    // What is said aloud, and what is seen.
    let result = Memo::new(move |_| {
        let Some(to) = did_of(&snapshot, did) else { return Default::default() };
        let scenario = controls.read().scenario(did, &places, &marked_down, at);
        let trace = Simulator::new(&snapshot).run_did(to, &scenario);
        let seen = outcome(&snapshot, trace.as_ref(), timeline::span(&trace), "now");
        (desk::aloud(&snapshot, trace.as_ref()), seen)
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

/// Before and after, for the screens that set a route: the drop-down `#route` of the page is followed.
#[island]
pub fn BeforeAfter(
    /// The account's routes and plans, and one DID of each group.
    snapshot: Snapshot,
    /// The chosen DIDs by their routing; at least one.
    groups: Vec<DraftGroup>,
    /// Routes that health has marked down.
    marked_down: Vec<RouteId>,
    /// The moment of the calls, in seconds since 1970 UTC: it decides which hours are open.
    at: i64,
    /// What the screen changes.
    draft_of: DraftOf,
    /// What the form shows as chosen: `3`, `plan:3`, or nothing.
    chosen: String,
) -> impl IntoView {
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
        picker(&mut pickers, "DIDs routed like this", "group", choices, &start.example);
    }
    picker(&mut pickers, "The primary", PLACES[0], CHOICES.into_iter(), &start.faults[0]);
    picker(
        &mut pickers,
        "The failover, or a plan’s first step",
        PLACES[1],
        CHOICES.into_iter(),
        &start.faults[1],
    );
    picker(&mut pickers, "The caller hangs up", "hangs-up", PATIENCE.into_iter(), "");
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

fn is_down(routes: &[RouteId], marked_down: &[RouteId]) -> bool {
    !routes.is_empty() && routes.iter().all(|route| marked_down.contains(route))
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
fn drafted(did: &Did, draft_of: DraftOf, chosen: &str) -> Option<Did> {
    let mut did = did.clone();
    match (draft_of, chosen.strip_prefix("plan:")) {
        (DraftOf::Primary, _) => did.primary = RouteId(chosen.parse().ok()?),
        (DraftOf::Failover, None) => did.failover = Failover::Route(RouteId(chosen.parse().ok()?)),
        (DraftOf::Failover, Some(plan)) => did.failover = Failover::Plan(PlanId(plan.parse().ok()?)),
    }
    Some(did)
}

/// Whether a call to the number can be run here: of very many routes or plans, the page brings those in use.
fn is_here(snapshot: &Snapshot, did: &Did) -> bool {
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
    base.marked_down = marked_down.to_vec();
    let diffs = diff(snapshot, snapshot, &[changed], &base).unwrap_or_default();
    let tables: String = diffs.iter().map(|diff| desk::diff_table(snapshot, diff)).collect();
    format!(
        "<details id=\"steps-diff\"{}><summary>In every failure</summary>{tables}</details>",
        if is_open("diff") { " open" } else { "" }
    )
}

#[cfg(test)]
mod tests;

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use web_sys::{Element, Event, HtmlSelectElement};

    use super::Controls;
    use crate::islands::dom;

    fn value(id: &str) -> Option<String> {
        dom::find::<HtmlSelectElement>(id).map(|select| select.value())
    }

    pub(super) fn is_open(id: &str) -> bool {
        dom::find::<Element>(&format!("#steps-{id}[open]")).is_some()
    }

    pub(super) fn follow(controls: RwSignal<Controls>, ids: Vec<&'static str>) {
        let read = move || {
            let old = controls.get_untracked();
            let new = Controls {
                faults: ids
                    .iter()
                    .zip(&old.faults)
                    .map(|(id, old)| value(&format!("#{id}")).unwrap_or_else(|| old.clone()))
                    .collect(),
                hangs_up: value("#hangs-up").unwrap_or(old.hangs_up.clone()),
                example: value("#group").unwrap_or(old.example.clone()),
            };
            if new != controls.get_untracked() {
                controls.set(new);
            }
        };
        let (changed, shown) = (read.clone(), read.clone());
        dom::on(&dom::document(), "change", move |_: Event| changed());
        // A browser that went back has restored the choices before this ran, or does so right after.
        dom::on(&dom::window(), "pageshow", move |_: Event| shown());
        dom::when_awake(read);
    }

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
