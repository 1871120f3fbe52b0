//! What an action changes for callers: in which failures their calls end elsewhere, before anybody applies it.

use leptos::prelude::*;
use portal::BulkPlan;
use routing::{DiffKind, Snapshot};

use crate::{
    desk::{DiffRow, Naming, diff_rows, effects_class, effects_words, kind_words},
    words,
};

/// Rows that are shown unfolded; losses come first.
const ROWS_OPEN: usize = 20;
/// Rows that are shown at all.
const ROWS_SHOWN: usize = 200;

/// The section; nothing for an action that leaves the routing alone.
pub(super) fn behaviour(plan: &BulkPlan, snapshot: &Snapshot) -> Option<impl IntoView + use<>> {
    if plan.diff.is_empty() && plan.not_compared == 0 {
        return None;
    }
    let naming = Naming(snapshot);
    let mut rows: Vec<(DiffRow, u64, String)> = plan
        .diff
        .iter()
        .flat_map(|group| {
            let changed = group.changed;
            let about = naming.routing(changed.before);
            diff_rows(snapshot, group).into_iter().map(move |row| (row, changed.dids, about.clone()))
        })
        .collect();
    // Stable: of equals, the larger group stays first.
    rows.sort_by_key(|(row, ..)| row.kind);
    let left_out = rows.len().saturating_sub(ROWS_SHOWN);
    // Of what was not compared, nothing is said.
    let compared = plan.changes.saturating_sub(plan.not_compared);
    let effects = || plan.effects.iter().map(|(kind, dids)| (*kind, *dids));
    let sentence = (compared > 0).then(|| effects_words(compared, effects()));
    let class = format!("note {}", effects_class(effects()));
    rows.truncate(ROWS_SHOWN);
    let folded = rows.split_off(rows.len().min(ROWS_OPEN));
    let more = format!("{} more", words::figure(folded.len() as u64));
    let open = (!rows.is_empty()).then(|| table(rows));
    let folded =
        (!folded.is_empty()).then(|| view! { <details><summary>{more}</summary>{table(folded)}</details> });
    let not_compared = (plan.not_compared > 0).then(|| {
        format!(
            "{} of smaller groups were not compared: the selection is routed in too many ways.",
            words::dids(plan.not_compared)
        )
    });
    Some(view! {
        <section class="stack" aria-labelledby="behaviour">
            <h2 id="behaviour">"What changes for callers"</h2>
            {sentence.map(|sentence| view! { <div class=class role="status"><p>{sentence}</p></div> })}
            {open}
            {folded}
            {(left_out > 0).then(|| view! { <p class="muted">{format!("{} more rows are not shown; losses come first.", words::figure(left_out as u64))}</p> })}
            {not_compared.map(|text| view! { <p class="muted">{text}</p> })}
            <p class="small muted">{format!("Calls as they would go at {}, with what is marked down now.", words::moment(plan.at))}</p>
        </section>
    })
}

fn table(rows: Vec<(DiffRow, u64, String)>) -> impl IntoView {
    let rows = rows.into_iter().map(row).collect_view();
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col">"DIDs"</th><th scope="col">"When"</th>
                <th scope="col">"Now"</th><th scope="col">"After this change"</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row((row, dids, about): (DiffRow, u64, String)) -> impl IntoView {
    let (class, sign, word) = kind_words(row.kind);
    let class = match class {
        "bad" => "badge down",
        "warn" => "badge failing",
        _ => "badge up",
    };
    let is_loss = row.kind == DiffKind::Loss;
    view! {
        <tr class=is_loss.then_some("loss")>
            <td data-label="DIDs">{words::dids(dids)}<div class="small muted">{about}</div></td>
            <td data-label="When" class="wide">{row.failure}</td>
            <td data-label="Now" class="wide">{row.before}</td>
            <td data-label="After" class="wide">
                <span class=class><b aria-hidden="true">{sign}</b>{word}</span>" "{row.after}
            </td>
        </tr>
    }
}
