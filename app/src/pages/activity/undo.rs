//! Undoing an entry: what would go back, what would stay and why, and the button.

use leptos::prelude::*;
use portal::UndoPlan;
use routing::{Snapshot, Zone};

use super::entry::{change_rows, left_table, undone_by};
use crate::{
    components::{reason_field, when},
    pages::{bulk::refused_table, confirm::broken},
    shell::{Bundle, Frame, Here, document},
    urls, words,
};

/// What the page begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undoing {
    /// It is asked for.
    Asked,
    /// The button was pressed, and nothing was left to put back.
    NothingDone,
}

/// The page. `reason` is what was typed; saved cases are told with the names and the zone of the account.
pub fn undo(
    frame: &Frame,
    plan: &UndoPlan,
    undoing: Undoing,
    reason: &str,
    (snapshot, zone): (&Snapshot, &Zone),
) -> String {
    let operation = &plan.operation;
    let what = words::operation(operation);
    let heading = format!("Undo: {what}");
    let left_out = plan.refused.saturating_sub((plan.refusals.len() + plan.left.len()) as u64);
    let more = plan.changes.saturating_sub(plan.rows.len() as u64);
    document(frame, Here::Activity, &format!("{heading} · Activity"), Bundle::Base, || {
        view! {
            <div class="title">
                <div><a class="crumb" href=urls::entry(operation.version)>{what.clone()}</a><h1>{heading.clone()}</h1></div>
            </div>
            <div class="stack">
                <p>"Done by "<b>{operation.actor.clone()}</b>" "{when(operation.at)}". What somebody changed after it stays as they left it."</p>
                {(undoing == Undoing::NothingDone).then(|| view! {
                    <div class="note bad" role="alert"><p><b>"Nothing was changed: there is nothing left to put back."</b></p></div>
                })}
                {operation.undone_by.as_ref().map(undone_by)}
                {summary(plan)}
                {broken(&plan.broken_cases, snapshot, zone)}
                {(plan.changes > 0).then(|| form(plan, reason))}
                {left_table(&plan.left)}
                {refused_table(&plan.refusals, left_out)}
                {(plan.changes > 0).then(|| view! {
                    <section aria-labelledby="back">
                        <h2 id="back">"What goes back"</h2>
                        {change_rows(&plan.rows, None)}
                        {(more > 0).then(|| view! { <p class="muted">{format!("and {} more", words::figure(more))}</p> })}
                    </section>
                })}
            </div>
        }
    })
}

fn summary(plan: &UndoPlan) -> impl IntoView + use<> {
    if let Some(why) = plan.barred {
        return view! {
            <div class="note warn" role="status">
                <p><b>"This cannot be undone. "</b>{why.to_string()}</p>
                <p><a href=urls::entry(plan.operation.version)>"What was changed"</a></p>
            </div>
        }
        .into_any();
    }
    let class = if plan.refused > 0 || plan.changes == 0 { "note warn" } else { "note good" };
    let verb = if plan.changes == 1 { "goes" } else { "go" };
    let text = format!(
        "{} {verb} back, {} as they were already, {} left as they are. Nothing has been changed yet.",
        words::counted(&plan.operation, plan.changes),
        words::figure(plan.unchanged),
        words::figure(plan.refused)
    );
    view! { <div class=class role="status"><p>{text}</p></div> }.into_any()
}

fn form(plan: &UndoPlan, reason: &str) -> impl IntoView + use<> {
    view! {
        <form method="post" action=urls::undo(plan.operation.version) class="card">
            {reason_field(reason)}
            <div class="row">
                <button class="button primary">{format!("Undo for {}", words::counted(&plan.operation, plan.changes))}</button>
                <a class="button link" href=urls::entry(plan.operation.version)>"Cancel"</a>
            </div>
        </form>
    }
}
