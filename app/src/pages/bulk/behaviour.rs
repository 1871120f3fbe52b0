//! What a change means to callers: in which failures their calls end elsewhere.

use leptos::prelude::*;
use portal::{Behaviour, BulkPlan, UnixMs};
use routing::{DiffKind, Snapshot};

use crate::{
    desk::{DiffRow, Naming, diff_rows_between, effects_class, effects_words, kind_words},
    words,
};

/// Rows that are shown unfolded; losses come first.
const ROWS_OPEN: usize = 20;
/// Rows that are shown at all.
const ROWS_SHOWN: usize = 200;

/// How the section is worded.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// Its heading.
    pub heading: &'static str,
    /// Of what calls came to, and of what they come to.
    pub sides: [&'static str; 2],
    /// What is said where nothing was marked down, or what was.
    pub health: &'static str,
}

const OF_AN_ACTION: Wording = Wording {
    heading: "What changes for callers",
    sides: ["Now", "After this change"],
    health: "with what is marked down now",
};

/// The section of a bulk action's plan; nothing for an action that leaves the routing alone.
pub(super) fn behaviour(plan: &BulkPlan, snapshot: &Snapshot) -> Option<impl IntoView + use<>> {
    if plan.diff.is_empty() && plan.not_compared == 0 {
        return None;
    }
    let found = Behaviour {
        // Of what was not compared, nothing is said.
        compared: plan.changes.saturating_sub(plan.not_compared),
        diff: plan.diff.clone(),
        not_shown: 0,
        effects: plan.effects.clone(),
        not_compared: plan.not_compared,
    };
    Some(compared(&found, [snapshot; 2], plan.at, OF_AN_ACTION))
}

/// The section for two configurations, each of which names what is its own.
pub fn compared(
    found: &Behaviour,
    sides: [&Snapshot; 2],
    at: UnixMs,
    wording: Wording,
) -> impl IntoView + use<> {
    let namings = sides.map(Naming);
    let mut rows: Vec<(DiffRow, u64, String)> = found
        .diff
        .iter()
        .flat_map(|group| {
            let changed = group.changed;
            let about = namings[0].routing(changed.before);
            diff_rows_between(namings, group).into_iter().map(move |row| (row, changed.dids, about.clone()))
        })
        .collect();
    // Stable: of equals, the larger group stays first.
    rows.sort_by_key(|(row, ..)| row.kind);
    let left_out = rows.len().saturating_sub(ROWS_SHOWN);
    let effects = || found.effects.iter().map(|(kind, dids)| (*kind, *dids));
    let sentence = (found.compared > 0).then(|| effects_words(found.compared, effects()));
    let class = format!("note {}", effects_class(effects()));
    rows.truncate(ROWS_SHOWN);
    let folded = rows.split_off(rows.len().min(ROWS_OPEN));
    let more = format!("{} more", words::figure(folded.len() as u64));
    let open = (!rows.is_empty()).then(|| table(rows, wording.sides));
    let folded = (!folded.is_empty())
        .then(|| view! { <details><summary>{more}</summary>{table(folded, wording.sides)}</details> });
    let not_compared = (found.not_compared > 0).then(|| {
        format!(
            "{} of smaller groups were not compared: they are routed in too many ways.",
            words::dids(found.not_compared)
        )
    });
    let not_shown = (found.not_shown > 0).then(|| {
        format!(
            "{} smaller groups that differ are counted above and not shown.",
            words::figure(found.not_shown)
        )
    });
    view! {
        <section class="stack" aria-labelledby="behaviour">
            <h2 id="behaviour">{wording.heading}</h2>
            {sentence.map(|sentence| view! { <div class=class role="status"><p>{sentence}</p></div> })}
            {open}
            {folded}
            {(left_out > 0).then(|| view! { <p class="muted">{format!("{} more rows are not shown; losses come first.", words::figure(left_out as u64))}</p> })}
            {not_shown.map(|text| view! { <p class="muted">{text}</p> })}
            {not_compared.map(|text| view! { <p class="muted">{text}</p> })}
            <p class="small muted">{format!("Calls as they would go at {}, {}.", words::moment(at), wording.health)}</p>
        </section>
    }
}

fn table(rows: Vec<(DiffRow, u64, String)>, [then, now]: [&'static str; 2]) -> impl IntoView {
    let rows = rows.into_iter().map(|found| row(found, [then, now])).collect_view();
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col">"DIDs"</th><th scope="col">"When"</th>
                <th scope="col">{then}</th><th scope="col">{now}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row((row, dids, about): (DiffRow, u64, String), [then, now]: [&'static str; 2]) -> impl IntoView {
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
            <td data-label=then class="wide">{row.before}</td>
            <td data-label=now class="wide">
                <span class=class><b aria-hidden="true">{sign}</b>{word}</span>" "{row.after}
            </td>
        </tr>
    }
}
