//! What an action would do, DID by DID.

use leptos::prelude::*;
use portal::{BulkPlan, PlannedOutcome, PlannedRow, Refusal};

use crate::{
    components::{path, shared_path, tel},
    urls, words,
};

/// Per DID what changes, what stays and what is refused.
pub(super) fn planned(plan: &BulkPlan) -> impl IntoView + use<> {
    let rows = plan.rows.iter().map(planned_row).collect_view();
    let gone = plan
        .missing
        .iter()
        .take(portal::limits::PLANNED_ROWS_MAX)
        .map(|number| gone_row(*number))
        .collect_view();
    let shown = plan.rows.len() as u64 + plan.missing.len() as u64;
    let left_out = plan.selected.saturating_sub(shown + plan.drift.gone);
    let class = if plan.refused > 0 { "note warn" } else { "note good" };
    view! {
        <section class="stack" aria-labelledby="plan">
            <h2 id="plan">"What changes"</h2>
            <div class=class role="status"><p>{format!(
                "{} will change, {} already as asked, {} refused. Nothing has been changed yet.",
                words::dids(plan.changes), words::figure(plan.unchanged), words::figure(plan.refused)
            )}</p>{words::drift(plan.drift).map(|text| view! { <p>{text}</p> })}</div>
            <table class="table rows">
                <thead><tr>
                    <th scope="col">"Number"</th><th scope="col">"Now"</th><th scope="col">"After"</th>
                </tr></thead>
                <tbody>{gone}{rows}</tbody>
            </table>
            {(left_out > 0).then(|| view! { <p class="muted">{format!("{} more are not shown; refused ones come first.", words::figure(left_out))}</p> })}
        </section>
    }
}

fn gone_row(number: routing::E164) -> impl IntoView + use<> {
    view! {
        <tr>
            <td class="nowrap" data-label="Number">{tel(number)}</td>
            <td data-label="Now"></td>
            <td data-label="After"><span class="error">"✕ "{words::refusal(&Refusal::Gone)}</span></td>
        </tr>
    }
}

fn planned_row(row: &PlannedRow) -> impl IntoView + use<> {
    let after = match &row.after {
        PlannedOutcome::Changes { primary, failover, alias, weights, released } => {
            if *released {
                view! { <span>"released"</span> }.into_any()
            } else if let Some(alias) = alias {
                let text = alias.as_ref().map_or("no alias".to_owned(), ToString::to_string);
                view! { <span>"alias: "{text}</span> }.into_any()
            } else {
                // Weights that do not change are not told: they stay as they are.
                shared_path(primary, failover, weights.flatten()).into_any()
            }
        }
        PlannedOutcome::Unchanged => view! { <span class="muted">"as it is"</span> }.into_any(),
        PlannedOutcome::Refused(refusal) => {
            view! { <span class="error">"✕ "{words::refusal(refusal)}</span> }.into_any()
        }
    };
    view! {
        <tr>
            <td class="nowrap" data-label="Number"><a href=urls::did(row.number)>{tel(row.number)}</a>" "<span class="muted">{row.alias.as_ref().map(ToString::to_string)}</span></td>
            <td data-label="Now">{path(&row.before.0, &row.before.1)}</td>
            <td data-label="After">{after}</td>
        </tr>
    }
}
