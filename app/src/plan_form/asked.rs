//! What is asked of a draft, and the controls that ask it.

use std::fmt::Write;

use routing::{FailoverPlan, Failure, Fault, PlanDraft, RouteId, Snapshot, Weekday, Zone};

use super::{
    Ground,
    trial::{Trial, failures, places},
};
use crate::{
    choices,
    desk::{Naming, fault_choices, local_text},
    timeline,
};

/// What is asked of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Before the plan.
    pub primary: String,
    /// A failure as [`Failure`] prints it, or [`BY_ROUTE`].
    pub failure: String,
    /// For each route its fault, as [`Fault::parse`] reads it. Counts where the failure is [`BY_ROUTE`].
    pub faults: Vec<(RouteId, String)>,
    /// A day's name; empty: any time.
    pub day: String,
    /// `03:00`
    pub time: String,
    /// Seconds; empty: never.
    pub hangs_up: String,
}

/// Each route has a fault of its own.
pub(super) const BY_ROUTE: &str = "by-route";

/// When the caller gives up: seconds, label.
const PATIENCE: [(&str, &str); 5] =
    [("", "never"), ("10", "after 10 s"), ("20", "after 20 s"), ("30", "after 30 s"), ("60", "after 60 s")];

impl Asked {
    /// At first the busiest primary is silent, at any time.
    pub fn new(ground: &Ground) -> Asked {
        let primary = ground.primaries().first().map(|(id, _)| id.to_string()).unwrap_or_default();
        Asked {
            primary,
            failure: Failure::Primary(Fault::Silent).to_string(),
            faults: Vec::new(),
            day: String::new(),
            time: "12:00".into(),
            hangs_up: String::new(),
        }
    }
}

impl Asked {
    /// The same call in the words of the desk's address: what fails, behind which primary, when, how patient the caller.
    pub(super) fn pairs(&self, moment: Option<i64>, zone: &Zone) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        match self.failure.split_once('=') {
            Some(("primary", fault)) => pairs.push(("fault", format!("route:{}={fault}", self.primary))),
            Some(_) => pairs.push(("fault", self.failure.clone())),
            None if self.failure == BY_ROUTE => {
                let of_routes = self.faults.iter().filter(|(_, fault)| !fault.is_empty());
                pairs.extend(of_routes.map(|(route, fault)| ("fault", format!("route:{route}={fault}"))));
            }
            None => {}
        }
        pairs.push(("primary", self.primary.clone()));
        pairs.push(("hangs_up", self.hangs_up.clone()));
        if let Some(at) = moment {
            pairs.push(("at", local_text(at, zone)));
            pairs.push(("zone", zone.name.clone()));
        }
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }
}

/// Those pairs as hidden fields of the form: sent to the desk, they are part of its address.
pub(super) fn hidden_fields(pairs: &[(&'static str, String)]) -> String {
    let field = |(name, value): &(&str, String)| {
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", timeline::escape(value))
    };
    pairs.iter().map(field).collect()
}

/// A failure as a sentence without its full stop.
pub(super) fn failure_words(snapshot: &Snapshot, failure: &Failure) -> String {
    let mut words = Naming(snapshot).failure(failure);
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// The parts of the controls that go by the draft: the failures of the drop-down, and the drop-downs of the routes.
/// HTML; what was chosen stays chosen.
pub fn offered(ground: &Ground, draft: &PlanDraft, asked: &Asked) -> (String, String) {
    let reading = draft.read(ground);
    let places = places(ground, draft);
    let Some(trial) = Trial::new(ground, draft, reading.steps, reading.name, places) else {
        return Default::default();
    };
    let mut options = String::new();
    let mut found = false;
    for failure in failures(ground, &trial.drafted) {
        let value = failure.to_string();
        found |= value == asked.failure;
        choices::option(
            &mut options,
            &value,
            &failure_words(&ground.snapshot, &failure),
            value == asked.failure,
        );
    }
    found |= asked.failure == BY_ROUTE;
    choices::option(&mut options, BY_ROUTE, "Each route in a way of its own…", asked.failure == BY_ROUTE);
    if !found {
        choices::option(&mut options, &asked.failure, "(nothing of this plan)", true);
    }
    let mut pickers = String::new();
    if asked.failure == BY_ROUTE {
        let primary = asked.primary.parse().ok().map(RouteId);
        let of_plan = trial.drafted.plans.iter().flat_map(FailoverPlan::routes);
        let mut seen: Vec<RouteId> = Vec::new();
        for route in primary.into_iter().chain(of_plan) {
            if seen.contains(&route) {
                continue;
            }
            seen.push(route);
            let chosen =
                asked.faults.iter().find(|(id, _)| *id == route).map_or("", |(_, fault)| fault.as_str());
            let words = fault_choices();
            let all = std::iter::once(("", "works as usual"))
                .chain(words.iter().map(|(value, words)| (*value, words.as_str())));
            let label = ground.name_of(route);
            choices::picker(&mut pickers, &label, &format!("fault-{route}"), all, chosen);
        }
    }
    (options, pickers)
}

/// The controls over the picture.
pub fn controls(ground: &Ground, draft: &PlanDraft, asked: &Asked) -> String {
    let (options, pickers) = offered(ground, draft, asked);
    let mut out = String::from("<div class=\"controls\">");
    let primaries: Vec<(String, String)> = ground
        .primaries()
        .into_iter()
        .map(|(id, dids)| {
            let name = timeline::name_of(&ground.snapshot, id);
            let words = match dids {
                0 => name,
                1 => format!("{name} (1 DID)"),
                dids => format!("{name} ({dids} DIDs)"),
            };
            (id.to_string(), words)
        })
        .collect();
    let borrowed = primaries.iter().map(|(value, words)| (value.as_str(), words.as_str()));
    choices::picker(&mut out, "The primary", "asked-primary", borrowed, &asked.primary);
    let _ = write!(
        out,
        "<div><label for=\"asked-failure\">What fails</label><select id=\"asked-failure\">{options}</select></div>"
    );
    let days = Weekday::ALL.iter().map(|day| (day.name(), day.name()));
    let days = std::iter::once(("", "at any time, all hours open")).chain(days);
    choices::picker(&mut out, "When", "asked-day", days, &asked.day);
    let _ = write!(
        out,
        "<div id=\"asked-clock\"{}><label for=\"asked-time\">at</label><input type=\"time\" id=\"asked-time\" \
         value=\"{}\"></div>",
        if asked.day.is_empty() { " hidden" } else { "" },
        timeline::escape(&asked.time)
    );
    choices::picker(&mut out, "The caller hangs up", "asked-hangs-up", PATIENCE.into_iter(), &asked.hangs_up);
    let _ = write!(out, "</div><div class=\"controls\" id=\"asked-faults\">{pickers}</div>");
    out
}
