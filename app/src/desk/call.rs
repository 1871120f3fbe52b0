//! The calls that the desk shows: one, or two side by side on one time scale.

use std::fmt::Write;

use routing::{CompileError, Did, RouteId, Routing, Simulator, Trace};

use super::{
    Controls, Draft, Naming, Offer, Shown, aloud, no_call_html, outcome_html, outcome_mark, side_heading,
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
            None => "There is no call to show: no number is chosen.".to_owned(),
        };
        return Result { html: format!("{}{}", users(offer, controls), no_call_html(&words)), aloud: words };
    };
    let scenario = controls.scenario(did.number, snapshot, offer.marked_down);
    let simulator = Simulator::new(snapshot);
    // Another primary is tried on the first side; what stands beside it is the number with its own.
    let beside = Controls { primary: None, route: None, ..controls.clone() };
    let side = |controls: &Controls, draft: Draft| {
        let did = offer.tried(controls, draft, did);
        let trace = simulator.run_did(&did, &scenario);
        Side { did, trace }
    };
    let first = side(controls, controls.failover);
    let second = controls.against.map(|draft| side(&beside, draft));
    let span = timeline::span(first.trace.iter().chain(second.iter().flat_map(|side| &side.trace)));
    let show = |side: &Side, id: &str| {
        let (trace, steps_of) = (side.trace.as_ref(), Some(&side.did));
        outcome_html(Shown { snapshot, trace, span, id, open: is_open(id), steps_of })
    };
    let mut html = users(offer, controls);
    let sides: Vec<&Did> = std::iter::once(&first).chain(&second).map(|side| &side.did).collect();
    if let Some(note) = untouched(offer, controls, &sides) {
        html.push_str(&note);
    }
    let heading = |side: &Side, draft: Draft| escape(&side_heading(Naming(snapshot), draft, &side.did, did));
    let aloud_of = |side: &Side| aloud(snapshot, side.trace.as_ref());
    let aloud = match (&second, controls.against) {
        (Some(second), Some(against)) => {
            let _ = write!(
                html,
                "<div class=\"before-after\"><div><h3>{}</h3>{}</div><div><h3>{}</h3>{}</div></div>",
                heading(&first, controls.failover),
                show(&first, "first"),
                heading(second, against),
                show(second, "second")
            );
            format!("First: {} Beside it: {}", aloud_of(&first), aloud_of(second))
        }
        _ => {
            if offer.is_tried(controls) {
                let _ = write!(html, "<h3>{}</h3>", heading(&first, controls.failover));
            }
            html.push_str(&show(&first, "first"));
            aloud_of(&first)
        }
    };
    Result { aloud, html }
}

/// The failures that cannot touch this call, so that nobody takes its calm for safety.
fn untouched(offer: Offer<'_>, controls: &Controls, sides: &[&Did]) -> Option<String> {
    let routes: Vec<RouteId> = sides.iter().flat_map(|did| Routing::of(did).routes(offer.snapshot)).collect();
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
    if !offer.is_used(route) {
        return match offer.did(controls).filter(|_| controls.primary.is_none()) {
            Some(did) => format!(
                "<p>No number uses {}. This is a call to {} as if it rang there first.</p>",
                escape(&naming.route(route)),
                did.number.grouped()
            ),
            None => String::new(),
        };
    }
    let groups = offer.groups_on(Some(route));
    if groups.is_empty() {
        return format!(
            "<p>The numbers that use {} are among the smaller groups that are left out here. Type one of them to see its \
             calls.</p>",
            escape(&naming.route(route))
        );
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
