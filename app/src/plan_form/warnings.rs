//! What the audit finds in a draft, for every primary that it stands behind.

use std::{collections::BTreeMap, fmt::Write};

use routing::{
    Audit, E164, Failover, Finding, FindingDetail, FindingKind, FindingSubject, Group, HealthState, RouteId,
    Routing, Severity, Snapshot, Surroundings,
};

use super::Ground;
use crate::{
    finding_words::{Called, say},
    timeline::{escape, name_of},
};

/// Something wrong, with the primaries before which it is.
struct Warning {
    finding: Finding,
    primaries: Vec<RouteId>,
}

/// The warnings as a list, and how many there are. `places` are those of the plan's steps in the form.
pub(super) fn warnings(ground: &Ground, drafted: &Snapshot, places: &[u8], example: E164) -> (String, usize) {
    let mut found = found(ground, drafted, example);
    for warning in &mut found {
        let at = warning.finding.step.and_then(|step| step.checked_sub(1));
        if let Some(place) = at.and_then(|at| places.get(usize::from(at))) {
            warning.finding.step = Some(place + 1);
        }
    }
    if found.is_empty() {
        return ("<p class=\"good\">✓ Nothing to warn of.</p>".into(), 0);
    }
    let of_all = ground.primaries().len();
    let mut out = String::from("<ul class=\"plain warnings\">");
    for warning in &found {
        let (class, mark, word) = match warning.finding.severity {
            Severity::Serious => ("bad", "✕", "Serious"),
            Severity::Warning => ("warn", "!", "Warning"),
            Severity::Note => ("noted", "i", "Note"),
        };
        let route = route_of(&warning.finding).map(|id| name_of(drafted, id));
        let said = say(&warning.finding, Called { route: route.as_deref(), plan: None });
        let _ = write!(
            out,
            "<li class=\"{class}\"><b><span aria-hidden=\"true\">{mark}</span> {word}</b> {} <span \
             class=\"muted\">{}</span>",
            escape(&said.what),
            escape(&said.way_out)
        );
        if !warning.primaries.is_empty() && warning.primaries.len() < of_all {
            let names: Vec<String> = warning.primaries.iter().map(|id| name_of(drafted, *id)).collect();
            let _ = write!(out, " <span class=\"muted\">(Primary: {}.)</span>", escape(&names.join(", ")));
        }
        out.push_str("</li>");
    }
    out.push_str("</ul>");
    (out, found.len())
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
        let same = warnings.iter_mut().find(|known| {
            let known = &known.finding;
            known.kind == finding.kind && known.step == finding.step && known.detail == finding.detail
        });
        match same {
            Some(known) => known.primaries.extend(primary),
            None => warnings.push(Warning { finding, primaries: primary.into_iter().collect() }),
        }
    }
    warnings
}
