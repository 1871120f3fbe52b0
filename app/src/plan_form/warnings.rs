//! What the audit finds in a draft, for every primary that it stands behind.

use std::{collections::BTreeMap, fmt::Write};

use routing::{
    Audit, E164, Failover, Finding, FindingDetail, FindingKind, FindingSubject, Group, HealthState, RouteId,
    Routing, Severity, Snapshot, Surroundings,
};

use super::Ground;
use crate::{
    finding_words::{Called, FindingWords, say},
    timeline::{escape, name_of},
};

/// Something wrong, with the primaries before which it is.
struct Warning {
    finding: Finding,
    primaries: Vec<RouteId>,
    /// Whether the step rings nothing but the primary itself.
    itself: bool,
}

/// The warnings as a list, and how many there are before the primary that is looked at, notes left out. `places` are
/// those of the plan's steps in the form.
pub(super) fn warnings(
    ground: &Ground,
    drafted: &Snapshot,
    places: &[u8],
    primary: Option<RouteId>,
    example: E164,
) -> (String, usize) {
    let mut found = found(ground, drafted, example);
    for warning in &mut found {
        let at = warning.finding.step.and_then(|step| step.checked_sub(1));
        if let Some(place) = at.and_then(|at| places.get(usize::from(at))) {
            warning.finding.step = Some(place + 1);
        }
    }
    let here = |warning: &Warning| {
        warning.primaries.is_empty() || primary.is_none_or(|primary| warning.primaries.contains(&primary))
    };
    let (here, elsewhere): (Vec<Warning>, Vec<Warning>) = found.into_iter().partition(here);
    let mut out = if here.is_empty() {
        "<p class=\"good\">✓ Nothing to warn of.</p>".to_owned()
    } else {
        list(drafted, &here, false)
    };
    if !elsewhere.is_empty() {
        let count = elsewhere.len();
        let _ = write!(
            out,
            "<details id=\"elsewhere\"><summary>{count} more before other primaries</summary>{}</details>",
            list(drafted, &elsewhere, true)
        );
    }
    let is_more_than_a_note = |warning: &&Warning| warning.finding.severity != Severity::Note;
    (out, here.iter().filter(is_more_than_a_note).count())
}

fn list(drafted: &Snapshot, warnings: &[Warning], with_primaries: bool) -> String {
    let mut out = String::from("<ul class=\"plain warnings\">");
    for warning in warnings {
        let (class, mark, word) = match warning.finding.severity {
            Severity::Serious => ("bad", "✕", "Serious"),
            Severity::Warning => ("warn", "!", "Warning"),
            Severity::Note => ("noted", "i", "Note"),
        };
        let route = route_of(&warning.finding).map(|id| name_of(drafted, id));
        let said = if warning.itself {
            itself(warning.finding.step)
        } else {
            say(&warning.finding, Called { route: route.as_deref(), plan: None })
        };
        let _ = write!(
            out,
            "<li class=\"{class}\"><b><span aria-hidden=\"true\">{mark}</span> {word}</b> {} <span \
             class=\"muted\">{}</span>",
            escape(&said.what),
            escape(&said.way_out)
        );
        if with_primaries {
            let names: Vec<String> = warning.primaries.iter().map(|id| name_of(drafted, *id)).collect();
            let _ = write!(out, " <span class=\"muted\">(Primary: {}.)</span>", escape(&names.join(", ")));
        }
        out.push_str("</li>");
    }
    out.push_str("</ul>");
    out
}

fn itself(step: Option<u8>) -> FindingWords {
    let (what, whose) = match step {
        Some(step) => (format!("Step {step} rings"), format!("step {step}")),
        None => ("Every step rings".to_owned(), "one step at least".to_owned()),
    };
    FindingWords {
        what: format!("{what} the primary itself: what has failed there fails again."),
        way_out: format!("Choose another route for {whose}."),
    }
}

fn route_of(finding: &Finding) -> Option<RouteId> {
    match (&finding.detail, &finding.subject) {
        (FindingDetail::Route(id), _) | (_, FindingSubject::Route(id)) => Some(*id),
        _ => None,
    }
}

/// Findings that the plan can do something about; those of several primaries are one.
fn found(ground: &Ground, drafted: &Snapshot, example: E164) -> Vec<Warning> {
    let failover = Failover::Plan(ground.id());
    let groups: Vec<Group> = ground
        .primaries()
        .into_iter()
        .map(|(primary, dids)| Group { routing: Routing { primary, failover, weights: None }, dids, example })
        .collect();
    let health: BTreeMap<RouteId, HealthState> =
        ground.marked_down.iter().map(|id| (*id, HealthState::Down)).collect();
    let surroundings =
        Surroundings { dialling: ground.dialling(), own: &ground.own, health: &health, now: ground.now };
    let of_plan: Vec<RouteId> =
        drafted.plan(ground.id()).map(|plan| plan.routes().collect()).unwrap_or_default();
    let mut warnings: Vec<Warning> = Vec::new();
    for finding in Audit::new(drafted, surroundings).findings(&groups) {
        let primary = match finding.subject {
            FindingSubject::Routing(routing) => Some(routing.primary),
            FindingSubject::Plan(_) => None,
            FindingSubject::Route(id) if of_plan.contains(&id) => None,
            // The primary's own, which no plan can mend.
            FindingSubject::Route(_) => continue,
        };
        // The circle of own numbers is known to the server alone; the form refuses such a route by itself.
        if matches!(finding.kind, FindingKind::Loop | FindingKind::OwnDid) {
            continue;
        }
        let itself = primary.is_some_and(|primary| rings_only(drafted, ground, &finding, primary));
        let same = warnings.iter_mut().find(|known| {
            let other = &known.finding;
            let alike = other.kind == finding.kind && other.detail == finding.detail;
            // Host, carrier and site of a route are its own.
            other.step == finding.step && (known.itself && itself || alike && known.itself == itself)
        });
        match same {
            Some(known) => {
                known.primaries.extend(primary.filter(|primary| !known.primaries.contains(primary)));
            }
            None => warnings.push(Warning { finding, primaries: primary.into_iter().collect(), itself }),
        }
    }
    warnings
}

/// Whether what is shared with the primary is all: the step, or every step, rings nothing else.
fn rings_only(drafted: &Snapshot, ground: &Ground, finding: &Finding, primary: RouteId) -> bool {
    let shared = matches!(
        finding.kind,
        FindingKind::SharedHost | FindingKind::SharedCarrier | FindingKind::SharedSite
    );
    let steps = drafted.plan(ground.id()).map(|plan| plan.steps.as_slice()).unwrap_or_default();
    let at = finding.step.and_then(|step| step.checked_sub(1)).map(usize::from);
    let mut steps = steps.iter().enumerate().filter(|(place, _)| at.is_none_or(|at| at == *place));
    shared && steps.all(|(_, step)| step.routes.iter().all(|leg| leg.route == primary))
}
