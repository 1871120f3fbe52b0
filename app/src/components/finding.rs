//! A finding: how bad, what is wrong, the way out, the DIDs that it touches.

use leptos::prelude::*;
use portal::Finding;
use routing::{Failover, FindingKind, FindingSubject, Severity};

use super::{path, tel};
use crate::{
    finding_words::{Called, FindingWords, say},
    urls, words,
};

/// A severity: shape, word and colour.
pub fn severity(severity: Severity) -> impl IntoView + use<> {
    let (class, mark, word) = match severity {
        Severity::Serious => ("badge down", "✕", "Serious"),
        Severity::Warning => ("badge failing", "!", "Warning"),
        Severity::Note => ("badge unknown", "i", "Note"),
    };
    view! { <span class=class><b aria-hidden="true">{mark}</b>{word}</span> }
}

/// What is wrong, and the way out.
pub fn finding_words(finding: &Finding) -> FindingWords {
    let route = finding.route.as_ref().map(|route| route.alias.to_string());
    let plan = finding.plan.as_ref().map(|plan| plan.name.to_string());
    say(&finding.finding, Called { route: route.as_deref(), plan: plan.as_deref() })
}

/// Calls that are lost now come before those that one fault would lose; else the order stays.
pub fn pressing_first(mut findings: Vec<&Finding>) -> Vec<&Finding> {
    findings.sort_by_key(|finding| finding.finding.kind != FindingKind::PrimaryDownNoFailover);
    findings
}

/// The way to the form that accepts a finding, from the page `back` and to it again.
pub fn accept_link(finding: &Finding, back: &str) -> impl IntoView + use<> {
    view! { <a href=urls::finding(&finding.key, back)>"Accept…"</a> }
}

/// Those that nobody accepted, each with what more is to be said of it and the way to accept it from the page `back`.
pub fn open_findings(
    findings: &[Finding],
    back: &str,
    more: fn(&Finding) -> Option<String>,
) -> Option<impl IntoView + use<>> {
    let open: Vec<&Finding> = findings.iter().filter(|finding| finding.accepted.is_none()).collect();
    let items: Vec<_> = pressing_first(open)
        .into_iter()
        .map(|finding| {
            let (said, more) = (finding_words(finding), more(finding));
            let accept = accept_link(finding, back);
            view! {
                <li>{severity(finding.finding.severity)}" "{said.what}" "
                    <span class="muted">{said.way_out}" "{more.map(|more| format!("{more} "))}{accept}</span></li>
            }
        })
        .collect();
    (!items.is_empty()).then(|| view! { <ul class="plain">{items}</ul> })
}

/// Those that somebody accepted, with by whom and why.
pub fn accepted_findings(findings: &[Finding]) -> Option<impl IntoView + use<>> {
    let items: Vec<_> = findings
        .iter()
        .filter_map(|finding| Some((finding, finding.accepted.as_ref()?)))
        .map(|(finding, accepted)| {
            let why = format!("accepted by {}: {}", accepted.by, accepted.reason);
            view! { <li>{severity(finding.finding.severity)}" "{finding_words(finding).what}" "<span class="muted">{why}</span></li> }
        })
        .collect();
    (!items.is_empty()).then(|| view! { <ul class="plain">{items}</ul> })
}

/// Where the DIDs of a finding are listed, among others on the same primary.
pub fn affected(finding: &Finding) -> String {
    let pairs = match finding.finding.subject {
        FindingSubject::Plan(plan) => vec![("plan", plan.to_string())],
        FindingSubject::Route(route) => vec![("route", route.to_string())],
        FindingSubject::Routing(routing) => {
            let mut pairs = vec![("route", routing.primary.to_string())];
            match routing.failover {
                Failover::None => pairs.push(("failover", "none".into())),
                Failover::Route(_) => pairs.push(("failover", "some".into())),
                Failover::Plan(plan) => pairs.push(("plan", plan.to_string())),
            }
            pairs
        }
    };
    format!("{}{}", urls::MANAGE, urls::query(&pairs))
}

/// What the finding is about, and the DIDs that it touches.
pub fn touched(finding: &Finding) -> impl IntoView + use<> {
    let about = match (&finding.primary, &finding.plan, &finding.route) {
        (Some(primary), ..) => path(primary, &finding.failover).into_any(),
        (None, Some(plan), _) => super::plan_mark(plan).into_any(),
        (None, None, Some(route)) => super::route_mark(route).into_any(),
        (None, None, None) => ().into_any(),
    };
    let (dids, example) = (finding.finding.dids, finding.finding.example);
    view! {
        {about}
        <div class="small">
            <a href=affected(finding)>{words::dids(dids)}</a>
            <span class="muted">", such as "</span><a href=urls::did(example)>{tel(example)}</a>
        </div>
    }
}
