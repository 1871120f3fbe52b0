//! What needs attention.

use leptos::prelude::*;
use portal::{OperationView, Overview, RouteView, UnixMs};

use crate::{
    components::{accept_link, ago, badge, finding_words, lasting, pressing_first, severity, touched},
    pages::notes::notes,
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
                {notes(frame, &overview.notes, None)}
                {(overview.dids == 0).then(first_steps)}
                {(overview.broken_cases > 0).then(|| broken_cases(overview.broken_cases))}
                {(!overview.routes_down.is_empty()).then(|| down(&overview.routes_down, now))}
                {(overview.dids > 0).then(|| findings(overview))}
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

fn broken_cases(cases: u64) -> impl IntoView {
    let words = match cases {
        1 => "1 saved case does not hold".to_owned(),
        n => format!("{} saved cases do not hold", words::figure(n)),
    };
    view! {
        <div class="note bad"><p><a href=urls::CASES>{words}</a>": calls that somebody counts on would end elsewhere, or later."</p></div>
    }
}

fn first_steps() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="first">
            <h2 id="first">"First steps"</h2>
            <ol>
                <li data-writes=""><a href=urls::IMPORT>"Import your DIDs"</a>" from a CSV file, or paste them."</li>
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
            let since = r.health_since.map(|at| format!("for {}", lasting(at, now)));
            let used = words::usage(r.usage).unwrap_or_else(|| "not used".to_owned());
            view! {
                <tr>
                    <td data-label="Route"><a href=urls::route(r.route.id)>{r.route.alias.to_string()}</a></td>
                    <td data-label="State" class="nowrap">{badge(r.health)}" "<span class="muted small">{since}</span></td>
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

/// Findings that stand on the overview; the others are one click away.
const FINDINGS_SHOWN: usize = 8;

fn findings(overview: &Overview) -> impl IntoView {
    let open = pressing_first(overview.findings.iter().collect());
    let also = match overview.findings_accepted {
        0 => String::new(),
        1 => " 1 finding is accepted.".to_owned(),
        n => format!(" {} findings are accepted.", words::figure(n)),
    };
    if open.is_empty() {
        let why = match overview.findings_accepted {
            0 => "Nothing to mend: every DID has a failover that does not share the fate of its primary.",
            _ => "Nothing is wrong that nobody has accepted.",
        };
        return view! {
            <div class="note good"><p>{why}{also}" "<a href=urls::FINDINGS>"Findings"</a></p></div>
        }
        .into_any();
    }
    let rows = open
        .iter()
        .take(FINDINGS_SHOWN)
        .map(|finding| {
            let said = finding_words(finding);
            view! {
                <tr>
                    <td data-label="Severity" class="nowrap">{severity(finding.finding.severity)}</td>
                    <td data-label="Finding" class="wide">{said.what}<br/><span class="muted small">{said.way_out}" "{accept_link(finding, urls::OVERVIEW)}</span></td>
                    <td data-label="Touches">{touched(finding)}</td>
                </tr>
            }
        })
        .collect_view();
    let all = match open.len() as u64 + overview.findings_more {
        1 => "This finding on its own page".to_owned(),
        n => format!("All {} findings", words::figure(n)),
    };
    view! {
        <section aria-labelledby="findings">
            <h2 id="findings">"Findings"</h2>
            <table class="table rows">
                <thead><tr>
                    <th scope="col">"Severity"</th><th scope="col">"Finding"</th><th scope="col">"Touches"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p><a href=urls::FINDINGS>{all}</a><span class="muted">{also}</span></p>
        </section>
    }
    .into_any()
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
                    <td data-label="When">{ago(o.at, now)}</td>
                    <td data-label="Who">{o.actor.clone()}</td>
                    <td data-label="What" class="wide"><a href=urls::entry(o.version)>{words::operation(o)}</a></td>
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
            <p><a href=urls::ACTIVITY>"All activity"</a></p>
        </section>
    }
    .into_any()
}
