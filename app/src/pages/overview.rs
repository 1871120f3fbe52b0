//! What needs attention.

use leptos::prelude::*;
use portal::{Finding, OperationView, Overview, RouteView, UnixMs};
use routing::{FindingKind, Severity};

use crate::{
    components::{ago, badge, path, tel},
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// The page.
pub fn page(frame: &Frame, overview: &Overview, now: UnixMs) -> String {
    document(frame, Here::Overview, "Overview", Bundle::Base, || {
        view! {
            {title("Overview", view! { <a class="button primary" href=urls::MANAGE>"Manage your DIDs"</a> })}
            <div class="stack">
                {figures(overview)}
                {(overview.dids == 0).then(first_steps)}
                {(!overview.routes_down.is_empty()).then(|| down(&overview.routes_down, now))}
                {(overview.dids > 0).then(|| findings(&overview.findings))}
                {recent(&overview.recent, now)}
            </div>
        }
    })
}

fn figures(overview: &Overview) -> impl IntoView {
    let down = overview.routes_down.len() as u64;
    view! {
        <div class="figures">
            <a href=urls::MANAGE><b>{words::figure(overview.dids)}</b>"DIDs"</a>
            <a href=format!("{}?failover=none", urls::MANAGE)><b>{words::figure(overview.without_failover)}</b>"DIDs without failover"</a>
            <a href=urls::ROUTES><b>{words::figure(overview.routes)}</b>"Inbound routes"</a>
            <a href=urls::ROUTES><b>{words::figure(down)}</b>"Routes down"</a>
        </div>
    }
}

fn first_steps() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="first">
            <h2 id="first">"First steps"</h2>
            <ol>
                <li><a href=urls::IMPORT>"Import your DIDs"</a>" from a CSV file, or paste them."</li>
                <li><a href=urls::ROUTES>"Add an inbound route"</a>": where calls should ring, and where they should ring when that fails."</li>
                <li>"Tick the DIDs under "<a href=urls::MANAGE>"Manage your DIDs"</a>" and choose Set Failover Route."</li>
            </ol>
        </section>
    }
}

fn down(routes: &[RouteView], now: UnixMs) -> impl IntoView {
    let rows = routes
        .iter()
        .map(|r| {
            let since = r.health_since.map(|at| format!("for {}", ago(at, now)));
            let used = format!("{} primary, {} failover", words::figure(r.usage.primary), words::figure(r.usage.failover));
            view! {
                <tr>
                    <td data-label="Route"><a href=urls::route(r.route.id)>{r.route.alias.to_string()}</a></td>
                    <td data-label="State" class="nowrap">{badge(r.health)}" "{since}</td>
                    <td data-label="Used by"><a href=format!("{}?route={}", urls::MANAGE, r.route.id)>{used}</a></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="down">
            <h2 id="down">"Routes that are down"</h2>
            <table class="table rows">
                <thead><tr><th scope="col">"Route"</th><th scope="col">"State"</th><th scope="col">"Used by"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

fn findings(findings: &[Finding]) -> impl IntoView {
    if findings.is_empty() {
        return view! {
            <div class="note good"><p>"Nothing to mend: every DID has a failover route that does not share the fate of its primary."</p></div>
        }
        .into_any();
    }
    let rows = findings
        .iter()
        .map(|f| {
            let (what, way_out) = finding(f.kind);
            view! {
                <tr>
                    <td data-label="Severity" class="nowrap">{severity(f.severity)}</td>
                    <td data-label="Finding" class="wide">{what}<br/><span class="muted small">{way_out}</span></td>
                    <td data-label="Routing">{path(&f.primary, &f.failover)}</td>
                    <td data-label="DIDs" class="nowrap">
                        {words::dids(f.dids)}<span class="muted small">", such as "</span>
                        <a href=urls::did(f.example)>{tel(f.example)}</a>
                        <div class="small"><a href=affected(f)>{format!("All on {}", f.primary.alias)}</a></div>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="findings">
            <h2 id="findings">"Findings"</h2>
            <table class="table rows">
                <thead><tr>
                    <th scope="col">"Severity"</th><th scope="col">"Finding"</th>
                    <th scope="col">"Routing"</th><th scope="col">"DIDs"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// Where the DIDs of a finding are listed, among others on the same primary.
fn affected(finding: &Finding) -> String {
    match finding.kind {
        FindingKind::NoFailover | FindingKind::PrimaryDownNoFailover => {
            format!("{}?failover=none&route={}", urls::MANAGE, finding.primary.id)
        }
        _ => format!("{}?failover=some&route={}", urls::MANAGE, finding.primary.id),
    }
}

/// A severity: shape, word and colour.
pub fn severity(severity: Severity) -> impl IntoView {
    let (class, mark, word) = match severity {
        Severity::Serious => ("badge down", "✕", "Serious"),
        Severity::Warning => ("badge failing", "!", "Warning"),
        Severity::Note => ("badge unknown", "i", "Note"),
    };
    view! { <span class=class><b aria-hidden="true">{mark}</b>{word}</span> }
}

/// What was found, and the way out.
pub fn finding(kind: FindingKind) -> (&'static str, &'static str) {
    match kind {
        FindingKind::NoFailover => (
            "No failover: when the primary route fails, the caller hears the failure.",
            "Tick the DIDs and choose Set Failover Route.",
        ),
        FindingKind::PrimaryDownNoFailover => (
            "The primary route is down and there is no failover: calls are lost now.",
            "Set a failover route, or another primary route.",
        ),
        FindingKind::SharedHost => (
            "The failover leads to the same host as the primary: one fault takes both.",
            "Choose a failover at another host.",
        ),
        FindingKind::SharedCarrier => (
            "Primary and failover depend on the same carrier.",
            "Choose a failover that another carrier brings.",
        ),
        FindingKind::SharedSite => (
            "Primary and failover stand at the same site: a power cut takes both.",
            "Choose a failover elsewhere.",
        ),
        FindingKind::FailoverDown => {
            ("The failover route is down itself.", "Mend it, or choose another failover route.")
        }
        FindingKind::EndsAtVoicemail => (
            "The failover is a voicemail: nobody is reached.",
            "Put a person or an answering service before it.",
        ),
        FindingKind::OwnDid => (
            "The failover rings one of your own DIDs, which does not work.",
            "Choose a number outside, a host or a URI.",
        ),
    }
}

fn recent(operations: &[OperationView], now: UnixMs) -> impl IntoView {
    if operations.is_empty() {
        return ().into_any();
    }
    let rows = operations
        .iter()
        .map(|o| {
            view! {
                <tr>
                    <td data-label="When" class="nowrap"><time datetime=words::exact(o.at) title=words::moment(o.at)>{ago(o.at, now)}</time></td>
                    <td data-label="Who">{o.actor.clone()}</td>
                    <td data-label="What" class="wide"><a href=urls::result(o.version)>{words::operation(o)}</a></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="recent">
            <h2 id="recent">"Recent changes"</h2>
            <table class="table rows">
                <thead><tr><th scope="col">"When"</th><th scope="col">"Who"</th><th scope="col">"What"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}
