//! The list of failover plans, with where they are used.

use leptos::prelude::*;
use portal::PlanView;
use routing::limits::SETUP_MAX_MS;

use super::plan_steps;
use crate::{
    components::severity,
    plan_form::Start,
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// The page.
pub fn list(frame: &Frame, plans: &[PlanView]) -> String {
    document(frame, Here::FailoverPlans, "Failover Plans", Bundle::Base, || {
        view! {
            {title("Failover Plans", view! { <a data-writes="" class="button primary" href=urls::NEW_PLAN>"New plan"</a> })}
            <div class="stack">
                <p class="muted">"What is tried, step after step, when a DID’s primary route fails."</p>
                {if plans.is_empty() { none_yet().into_any() } else { table(plans).into_any() }}
            </div>
        }
    })
}

fn none_yet() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="first">
            <h2 id="first">"No plan yet"</h2>
            <p>"One failover route is where others stop. A plan goes on: a second trunk, a mobile, an answering service; \
                another way for busy than for an outage; other hours, other people."
                <span data-writes="">" Start from one of these, or from "<a href=urls::NEW_PLAN>"an empty plan"</a>"."</span></p>
            {starts()}
        </section>
    }
}

/// Links to new plans that are filled in already.
pub(super) fn starts() -> impl IntoView {
    let items = Start::ALL
        .map(|start| {
            view! {
                <li><a href=format!("{}?preset={}", urls::NEW_PLAN, start.name())>
                    <b>{start.label()}</b><span class="muted">{start.explain()}</span>
                </a></li>
            }
        })
        .collect_view();
    view! { <ul class="plain starts" data-writes="">{items}</ul> }
}

fn table(plans: &[PlanView]) -> impl IntoView + use<> {
    let rows = plans.iter().map(row).collect_view();
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col">"Name"</th><th scope="col">"Steps"</th><th scope="col">"Takes at most"</th>

                <th scope="col">"Findings"</th><th scope="col">"Used by"</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(view: &PlanView) -> impl IntoView + use<> {
    let plan = &view.plan;
    let open = view.findings.iter().filter(|f| f.accepted.is_none());
    let found = match open.map(|f| f.finding.severity).min() {
        None => view! { <span class="muted">"none"</span> }.into_any(),
        Some(worst) => view! {
            {severity(worst)}
            {(view.open > 1).then(|| format!(" and {} more", words::figure(view.open - 1)))}
        }
        .into_any(),
    };
    let used = if view.dids == 0 {
        view! { <span class="muted">"not used"</span> }.into_any()
    } else {
        view! { <a href=urls::dids_of_plan(plan.id)>{words::dids(view.dids)}</a> }.into_any()
    };
    view! {
        <tr>
            <td data-label="Name" class="wide"><a href=urls::plan(plan.id)>{plan.name.to_string()}</a></td>
            <td data-label="Steps" class="wide">{plan_steps(&view.to_ref)}</td>
            <td data-label="Takes at most" class="figure nowrap">
                {view.worst_case_ms.to_string()}" "<span class="muted small">{format!("of {SETUP_MAX_MS}")}</span>
            </td>
            <td data-label="Findings" class="nowrap">{found}</td>
            <td data-label="Used by" class="figure nowrap">{used}</td>
        </tr>
    }
}
