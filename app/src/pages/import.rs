//! Import of a CSV of DIDs: the form, the dry run, what came of it.

use leptos::prelude::*;
use portal::{DraftId, ImportOutcome, ImportPlan, ImportRow};
use routing::{Snapshot, Zone};

use crate::{
    notice::Tone,
    pages::confirm::broken,
    shell::{Bundle, Frame, Here, document, title_below},
    urls, words,
};

/// The form. `problem` says why the last file could not be read at all.
pub fn form(frame: &Frame, pasted: &str, problem: Option<&str>) -> String {
    document(frame, Here::Manage, "Import DIDs", Bundle::None, || {
        view! {
            {title_below(urls::MANAGE, "Manage your DIDs", "Import DIDs", ())}
            {problem.map(|why| view! { <div class="note bad" role="alert"><p><b>"Nothing was imported. "</b>{why.to_owned()}</p></div> })}
            <form class="card stack" method="post" action=urls::IMPORT enctype="multipart/form-data">
                <div class="field">
                    <label for="file">"CSV file"</label>
                    <input type="file" id="file" name="file" accept=".csv,.tsv,.txt,text/csv" aria-describedby="file-help"/>
                    <div class="help" id="file-help">"Nothing is changed yet: you will see row by row what would happen."</div>
                </div>
                <div class="field">
                    <label for="text">"Or paste rows"</label>
                    <textarea id="text" name="text" rows="8" spellcheck="false" class="code" aria-describedby="columns" placeholder="number,alias,primary,failover\n+12065550100,Front desk,seattle-pbx,mobile">{crate::components::textarea(pasted)}</textarea>
                </div>
                <div id="columns" class="help">
                    <p>"The first row names the columns. " <code>"number"</code> " is needed; " <code>"alias"</code> ", " <code>"primary"</code>
                        " and " <code>"failover"</code> " are optional, the last two by the alias of an inbound route; a failover plan is written plan:NAME."</p>
                    <p>"A missing column or an empty cell leaves what is there; a new DID rings your registered devices (sip-reg) and has no failover. Write "
                        <code>"none"</code> " to clear an alias or a failover."</p>
                </div>
                <div class="row">
                    <button class="button primary">"Check the file"</button>
                    <a class="button link" href=urls::MANAGE>"Cancel"</a>
                </div>
            </form>
        }
    })
}

/// The dry run. The snapshot names the routes of the saved cases that the import breaks; the zone is for their moments.
pub fn review(
    frame: &Frame,
    draft: &DraftId,
    name: &str,
    plan: &ImportPlan,
    snapshot: &Snapshot,
    zone: &Zone,
) -> String {
    document(frame, Here::Manage, "Check the import", Bundle::None, || {
        let changes_nothing = plan.errors == 0 && plan.adds + plan.changes == 0;
        let (tone, text) = if plan.errors > 0 {
            (
                Tone::Bad,
                format!(
                    "{} of {} rows cannot be imported, so nothing will be. Correct them in the file and bring it in again.",
                    words::figure(plan.errors),
                    words::figure(plan.rows_total)
                ),
            )
        } else if changes_nothing {
            (
                Tone::Good,
                match plan.rows_total {
                    1 => "Its one row is as it should be already.".to_owned(),
                    rows => format!("All {} rows are as they should be already.", words::figure(rows)),
                },
            )
        } else {
            (
                Tone::Good,
                format!(
                    "{} will be added, {} changed, {} stay as they are. Nothing has been changed yet.",
                    words::dids(plan.adds),
                    words::figure(plan.changes),
                    words::figure(plan.unchanged)
                ),
            )
        };
        let rows = plan.rows.iter().map(row).collect_view();
        let left_out = plan.rows_total.saturating_sub(plan.rows.len() as u64);
        view! {
            {title_below(urls::IMPORT, "Import DIDs", "Check the import", ())}
            <div class=tone.class() role="status"><p>{text}</p></div>
            {broken(&plan.broken_cases, snapshot, zone)}
            {columns(plan)}
            <form method="post" action=format!("{}/{draft}", urls::IMPORT) class="row spaced">
                <input type="hidden" name="as_of" value=plan.as_of.to_string()/>
                {(plan.errors == 0 && !changes_nothing).then(|| view! {
                    <button class="button primary">{format!("Import {}", words::dids(plan.adds + plan.changes))}</button>
                })}
                <a class="button" href=urls::IMPORT>"Choose another file"</a>
                <span class="muted">{name.to_owned()}</span>
            </form>
            <table class="table rows">
                <thead><tr>
                    <th scope="col" class="right">"Line"</th><th scope="col">"Number"</th>
                    <th scope="col">"What happens"</th><th scope="col">"Details"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {(left_out > 0).then(|| view! { <p class="muted">{format!("{} more rows are not shown; rows with errors come first.", words::figure(left_out))}</p> })}
        }
    })
}

/// Which columns were read, and which were passed over: a misspelt header would otherwise lose its column
/// without a word.
fn columns(plan: &ImportPlan) -> impl IntoView + use<> {
    let read = plan.columns.iter().map(|c| words::column(*c)).collect::<Vec<_>>().join(", ");
    let ignored = plan.ignored.join(", ");
    let class = if ignored.is_empty() { "muted" } else { "note warn" };
    let passed_over = (!ignored.is_empty()).then(|| {
        view! { " "<b>"Not understood, so left out: "</b>{ignored}"." }
    });
    view! { <p class=class>"Columns read: "{read}"."{passed_over}</p> }
}

fn row(row: &ImportRow) -> impl IntoView + use<> {
    let (word, class, details) = match &row.outcome {
        ImportOutcome::Add { after } => ("+ Add", "badge up", after.to_string()),
        ImportOutcome::Change { before, after } => {
            ("→ Change", "badge failing", format!("{before}  →  {after}"))
        }
        ImportOutcome::Unchanged => ("= As it is", "badge unknown", String::new()),
        ImportOutcome::Error(error) => ("✕ Error", "badge down", error.to_string()),
    };
    view! {
        <tr>
            <td class="right figure" data-label="Line">{row.line}</td>
            <td class="nowrap" data-label="Number">{row.number.clone()}</td>
            <td class="nowrap" data-label="What happens"><span class=class>{word}</span></td>
            <td class="wide" data-label="Details">{details}</td>
        </tr>
    }
}
