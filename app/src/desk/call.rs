//! The calls that the desk shows: one, or two side by side on one time scale.

use std::fmt::Write;

use routing::{CompileError, Did, RouteId, Routing, Simulator, Trace};

use super::{
    Controls, Draft, Naming, Offer, Shown, aloud, failover_word, no_call_html, outcome_html, outcome_mark,
};
use crate::timeline::{self, Told, escape};

/// Groups that are listed for a route: the largest.
const USERS_SHOWN: usize = 20;

/// What the desk shows for its controls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Result {
    /// To be said aloud.
    pub aloud: String,
    /// To be seen.
    pub html: String,
}

/// One side: the number with its failover, and the call to it.
struct Side {
    did: Did,
    trace: std::result::Result<Trace, CompileError>,
}

/// Runs the calls. `is_open` says of a side whether its events are unfolded.
pub fn run(offer: Offer<'_>, controls: &Controls, is_open: &dyn Fn(&str) -> bool) -> Result {
    let snapshot = offer.snapshot;
    let Some(did) = offer.did(controls) else {
        let words = match controls.did {
            Some(did) => format!("{} is not one of your numbers: there is no call to show.", did.grouped()),
            None => "There is no call to show: there is no number yet.".to_owned(),
        };
        return Result { html: no_call_html(&words), aloud: words };
    };
    let scenario = controls.scenario(did.number, snapshot, offer.marked_down);
    let simulator = Simulator::new(snapshot);
    let side = |draft: Draft| {
        let did = offer.tried(controls, draft, did);
        let trace = simulator.run_did(&did, &scenario);
        Side { did, trace }
    };
    let (first, second) = (side(controls.failover), controls.against.map(side));
    let span = timeline::span(first.trace.iter().chain(second.iter().flat_map(|side| &side.trace)));
    let show = |side: &Side, id: &str| {
        let (trace, steps_of) = (side.trace.as_ref(), Some(&side.did));
        outcome_html(Shown { snapshot, trace, span, id, open: is_open(id), steps_of })
    };
    let mut html = users(offer, controls);
    if let Some(note) = untouched(offer, controls, did) {
        html.push_str(&note);
    }
    let heading = |draft: Draft| escape(&failover_word(snapshot, draft, did.failover));
    let aloud_of = |side: &Side| aloud(snapshot, side.trace.as_ref());
    let aloud = match (&second, controls.against) {
        (Some(second), Some(against)) => {
            let _ = write!(
                html,
                "<div class=\"before-after\"><div><h3>{}</h3>{}</div><div><h3>{}</h3>{}</div></div>",
                heading(controls.failover),
                show(&first, "first"),
                heading(against),
                show(second, "second")
            );
            format!("First: {} Beside it: {}", aloud_of(&first), aloud_of(second))
        }
        _ => {
            if controls.failover != Draft::AsItIs {
                let _ = write!(html, "<h3>{}</h3>", heading(controls.failover));
            }
            html.push_str(&show(&first, "first"));
            aloud_of(&first)
        }
    };
    Result { aloud, html }
}

/// The failures that cannot touch this call, so that nobody takes its calm for safety.
fn untouched(offer: Offer<'_>, controls: &Controls, did: &Did) -> Option<String> {
    let routing = |draft| Routing::of(&offer.tried(controls, draft, did));
    let mut routings = vec![routing(controls.failover)];
    routings.extend(controls.against.map(routing));
    let routes: Vec<RouteId> = routings.iter().flat_map(|routing| routing.routes(offer.snapshot)).collect();
    let idle: Vec<String> = controls
        .faults
        .iter()
        .filter(|injected| {
            !routes.iter().any(|id| super::controls::befalls_id(&injected.on, *id, offer.snapshot))
        })
        .map(|injected| Naming(offer.snapshot).target_with_kind(&injected.on))
        .collect();
    (!idle.is_empty()).then(|| {
        format!(
            "<p class=\"small muted\">This call depends on no such thing: {}.</p>",
            escape(&idle.join(", "))
        )
    })
}

/// With a route chosen: what becomes of every group of numbers that uses it.
fn users(offer: Offer<'_>, controls: &Controls) -> String {
    let Some(route) = controls.route else { return String::new() };
    let snapshot = offer.snapshot;
    let naming = Naming(snapshot);
    let simulator = Simulator::new(snapshot);
    let groups = offer.groups_on(Some(route));
    if groups.is_empty() {
        return match offer.did(controls).filter(|_| controls.primary.is_none()) {
            Some(did) => format!(
                "<p>No number uses {}. This is a call to {} as if it rang there first.</p>",
                escape(&naming.route(route)),
                did.number.grouped()
            ),
            None => String::new(),
        };
    }
    let mut out = String::from(
        "<table class=\"steps users\"><thead><tr><th scope=\"col\">Numbers</th><th scope=\"col\">Routing</th>\
         <th scope=\"col\">What a call comes to</th></tr></thead><tbody>",
    );
    for group in groups.iter().take(USERS_SHOWN) {
        let did = group.routing.did(group.example);
        let scenario = controls.scenario(group.example, snapshot, offer.marked_down);
        let Ok(trace) = simulator.run_did(&offer.tried(controls, controls.failover, &did), &scenario) else {
            continue;
        };
        let (class, sign) = outcome_mark(&trace.outcome, snapshot.defaults.patience_ms);
        let fate = Told::new(snapshot, &trace).fate();
        let _ = write!(
            out,
            "<tr><td class=\"nowrap\"><button type=\"button\" class=\"button link\" data-did=\"{}\">{}{}</button></td><td>{}</td>\
             <td class=\"{class}\">{sign} {}</td></tr>",
            group.example,
            group.example.grouped(),
            if group.dids > 1 { format!(" and {} more", group.dids - 1) } else { String::new() },
            escape(&naming.routing(group.routing)),
            escape(&fate)
        );
    }
    out.push_str("</tbody></table>");
    if groups.len() > USERS_SHOWN {
        let _ = write!(out, "<p class=\"muted\">and {} groups more</p>", groups.len() - USERS_SHOWN);
    }
    out
}
