//! The failover preview: pick what fails, see what a call does. It runs `routing` in the browser; no request
//! leaves it.
//!
//! Controls and outcome are written as HTML text: a tree of typed views for them would weigh more in the
//! browser's bundle than the routing core does.

use leptos::prelude::*;
use routing::{
    CallerBehaviour, CompileError, Did, E164, Fault, FaultTarget, InjectedFault, Millis, RouteId, Scenario,
    Simulator, Snapshot, Trace,
};

use crate::{
    choices::picker,
    desk::{self, LEGEND, Naming, Shown},
    packed::Packed,
    timeline,
};

/// What can be chosen for a route: the value, the label.
pub(super) fn choices() -> Vec<(&'static str, String)> {
    let mut choices = vec![("now", "as it is now".to_owned()), ("works", "works as usual".to_owned())];
    choices.extend(desk::fault_choices());
    choices.push(("down", "is down, and marked so by health".to_owned()));
    choices
}

/// A drop-down of them.
pub(super) fn fault_picker(out: &mut String, label: &str, id: &str, chosen: &str) {
    let choices = choices();
    picker(out, label, id, choices.iter().map(|(value, words)| (*value, words.as_str())), chosen);
}

/// When the caller gives up: the value in seconds, the label.
pub(super) const PATIENCE: [(&str, &str); 5] =
    [("", "never"), ("10", "after 10 s"), ("20", "after 20 s"), ("30", "after 30 s"), ("60", "after 60 s")];

/// A place where something can be chosen to fail: its drop-down's id and label, and the routes that it is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) id: &'static str,
    pub(super) label: String,
    pub(super) routes: Vec<RouteId>,
}

/// The id of the drop-down that says when the caller gives up.
pub(super) const HANGS_UP: &str = "hangs-up";
/// The id of the one that says which DIDs, where there are several kinds.
pub(super) const GROUP: &str = "group";
/// The drop-downs' ids, the primary's first; a number has as many as its failover has steps, or routes.
pub(super) const PLACES: [&str; 12] = [
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

/// What the controls say.
#[derive(Clone, PartialEq)]
pub(super) struct Controls {
    /// For each place what was chosen.
    pub(super) faults: Vec<String>,
    hangs_up: String,
    /// The DID whose routing stands for its group; only where there are groups.
    pub(super) example: String,
}

impl Controls {
    /// At first the primary is silent, unless it is down already, and everything else is as it is.
    pub(super) fn new(places: usize, primary_is_down: bool, example: String) -> Controls {
        let mut faults = vec!["now".to_owned(); places];
        if let Some(primary) = faults.first_mut().filter(|_| !primary_is_down) {
            "silent".clone_into(primary);
        }
        Controls { faults, hangs_up: String::new(), example }
    }

    /// The call to a number under the chosen failures; `at` is now, and `marked_down` the health of now.
    pub(super) fn scenario(&self, did: E164, places: &[Place], marked_down: &[RouteId], at: i64) -> Scenario {
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
pub(super) fn follow(start: Controls, ids: Vec<&'static str>) -> RwSignal<Controls> {
    let controls = RwSignal::new(start);
    #[cfg(feature = "hydrate")]
    browser::follow(controls, ids);
    #[cfg(not(feature = "hydrate"))]
    drop(ids);
    controls
}

pub(super) fn did_of(snapshot: &Snapshot, number: E164) -> Option<&Did> {
    snapshot.dids.iter().find(|did| did.number == number)
}

fn inject(scenario: &mut Scenario, route: RouteId, choice: &str, marked_down: &[RouteId]) {
    if choice == "down" || choice == "now" && marked_down.contains(&route) {
        return scenario.mark_down(&[route]);
    }
    let Ok(fault) = Fault::parse(choice) else { return };
    scenario.faults.push(InjectedFault { on: FaultTarget::Route(route), fault });
}

/// The words, the picture, the steps and the fingerprint of one trace.
pub(super) fn outcome(
    snapshot: &Snapshot,
    trace: Result<&Trace, &CompileError>,
    span: Millis,
    id: &str,
) -> String {
    desk::outcome_html(Shown { snapshot, trace, span, id, open: is_open(id), steps_of: None })
}

pub(super) fn is_open(id: &str) -> bool {
    #[cfg(feature = "hydrate")]
    return browser::is_open(id);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        false
    }
}

/// A number whose calls are previewed, with all that they need.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Previewed {
    /// The configuration that the calls need.
    pub snapshot: Snapshot,
    /// The number.
    pub did: E164,
    /// Routes that health has marked down right now.
    pub marked_down: Vec<RouteId>,
    /// The moment of the call, in seconds since 1970 UTC: it decides which hours are open.
    pub at: i64,
}

/// One number's preview.
#[island]
pub fn Preview(
    /// The number.
    of: Packed<Previewed>,
) -> impl IntoView {
    let Packed(Previewed { snapshot, did, marked_down, at }) = of;
    let places = did_of(&snapshot, did).map(|did| places(&snapshot, did)).unwrap_or_default();
    let primary_is_down = places.first().is_some_and(|place| is_down(&place.routes, &marked_down));
    let start = Controls::new(places.len(), primary_is_down, String::new());
    let mut pickers = String::new();
    for (place, chosen) in places.iter().zip(&start.faults) {
        fault_picker(&mut pickers, &place.label, place.id, chosen);
    }
    picker(&mut pickers, "The caller hangs up", HANGS_UP, PATIENCE.into_iter(), "");
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

fn is_down(routes: &[RouteId], marked_down: &[RouteId]) -> bool {
    !routes.is_empty() && routes.iter().all(|route| marked_down.contains(route))
}

#[cfg(test)]
mod tests;

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use web_sys::{Element, Event, HtmlSelectElement};

    use super::{Controls, GROUP, HANGS_UP};
    use crate::islands::dom;

    fn drop_down(id: &str) -> Option<HtmlSelectElement> {
        dom::find(&format!("#{id}"))
    }

    fn value(id: &str) -> Option<String> {
        drop_down(id).map(|select| select.value())
    }

    /// Chooses what the page's address says, where it says something that can be chosen.
    fn choose(id: &str) {
        let (Some(select), Some(said)) = (drop_down(id), dom::said(id)) else { return };
        let before = select.value();
        select.set_value(&said);
        if select.value() != said {
            select.set_value(&before);
        }
    }

    pub(super) fn is_open(id: &str) -> bool {
        dom::find::<Element>(&format!("#steps-{id}[open]")).is_some()
    }

    pub(super) fn follow(controls: RwSignal<Controls>, ids: Vec<&'static str>) {
        ids.iter().chain(&[HANGS_UP, GROUP]).for_each(|id| choose(id));
        let read = move || {
            let old = controls.get_untracked();
            let new = Controls {
                faults: ids
                    .iter()
                    .zip(&old.faults)
                    .map(|(id, old)| value(id).unwrap_or_else(|| old.clone()))
                    .collect(),
                hangs_up: value(HANGS_UP).unwrap_or(old.hangs_up.clone()),
                example: value(GROUP).unwrap_or(old.example.clone()),
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
}
