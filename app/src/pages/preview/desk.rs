//! The what-if desk's page: the island, and the form that saves its call.

use leptos::prelude::*;
use portal::{CaseView, Desk};
use routing::{PlanError, Version};

use super::case_form::{CaseState, fields};
use crate::{
    components::{comes_back, error_list, needs_javascript},
    desk::{BLASTS_FIRST, Controls, Extent, Naming},
    islands::desk::{Desk as DeskIsland, Stage},
    packed::Packed,
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct DeskPage<'a> {
    /// The account.
    pub desk: &'a Desk,
    /// Whose national numbers are understood, ISO code.
    pub country: &'a str,
    /// What the address said.
    pub controls: &'a Controls,
    /// What cannot be shown as asked.
    pub note: Option<String>,
    /// The saved case that the call was opened from.
    pub case: Option<&'a CaseView>,
    /// The version of that case which the form goes by.
    pub as_of: Option<Version>,
    /// The form that saves the call.
    pub state: &'a CaseState,
    /// Whether the matrix and the blast radius are written by the server.
    pub tables: bool,
}

/// The page.
pub fn desk(frame: &Frame, page: &DeskPage<'_>) -> String {
    document(frame, Here::Preview, "Preview", Bundle::Desk, || {
        let DeskPage { desk, country, controls, state, tables, .. } = *page;
        let stage = Stage {
            snapshot: desk.snapshot.clone(),
            groups: desk.groups.clone(),
            used_routes: desk.used_routes.clone(),
            marked_down: desk.marked_down.clone(),
            country: country.to_owned(),
        };
        let note = page.note.clone();
        let written = tables.then(|| written(&stage, controls));
        let left_out = (desk.groups_left_out > 0).then(|| {
            format!(
                "The account routes its DIDs in more ways than fit here: {} smaller groups are left out of the list, \
                 the matrix and the blast radius. Type a number to see its calls.",
                words::figure(desk.groups_left_out)
            )
        });
        let body = if desk.dids == 0 {
            view! {
                <div class="card"><p>"There is no DID whose calls could be previewed."
                    <span data-writes="">" "<a href=urls::IMPORT>"Import your DIDs"</a>" first."</span></p></div>
            }
            .into_any()
        } else {
            let address = without_script(&stage, controls);
            view! {
                {needs_javascript()}
                <noscript><p class="row"><a class="button" href=address>"Show the matrix and the blast radius as tables"</a></p></noscript>
                {comes_back(&desk.back.iter().collect::<Vec<_>>())}
                <DeskIsland start=Packed((stage.clone(), controls.clone()))/>
                {written}
                {save(page, &stage, state)}
            }
            .into_any()
        };
        view! {
            {title("Preview", view! { <a class="button" href=urls::CASES>"Saved cases"</a> })}
            {error_list(state.problems.clone())}
            <p class="muted">"Choose a number and what fails, and see what a call does. Nothing is called and nothing is saved."</p>
            {note.map(|note| view! { <div class="note warn" role="alert"><p>{note}</p></div> })}
            {left_out.map(|text| view! { <div class="note"><p>{text}</p></div> })}
            <div class="stack">{body}</div>
        }
    })
}

/// What keeps the draft of an address from being tried.
pub fn unsaved_note(wrong: &[PlanError]) -> String {
    let all: Vec<String> =
        wrong.iter().map(|error| format!("{}: {}", words::plan_place(error.place), error.problem)).collect();
    format!("The draft cannot be tried as it is. {}", all.join(" "))
}

/// The same address, with tables that need no script.
fn without_script(stage: &Stage, controls: &Controls) -> String {
    let address = stage.address(controls);
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}tables=1")
}

/// The matrix and the blast radius as the server works them out: by the same core, and as much of them as the island
/// shows at first.
fn written(stage: &Stage, controls: &Controls) -> impl IntoView + use<> {
    let extent = Extent::FIRST;
    let grid = stage.grid(controls);
    let (columns, rows) = grid.as_ref().map(|grid| (grid.columns(), grid.rows())).unwrap_or_default();
    let cut = [left_out(columns, extent.columns, "columns of DIDs"), left_out(rows, extent.rows, "failures")];
    let cut = cut.into_iter().flatten().map(|text| view! { <p class="muted">{text}</p> }).collect_view();
    let grid = grid.map(|grid| grid.html(&stage.snapshot, extent, false));
    let blast = stage.blast(controls, BLASTS_FIRST);
    let more = blast.as_ref().and_then(|list| left_out(list.count, BLASTS_FIRST, "failures"));
    let blast = blast.map(|list| list.html);
    view! {
        <section class="card" aria-labelledby="matrix-heading">
            <h2 id="matrix-heading">"Matrix: every failure, every DID"</h2>
            <div class="scroll" role="region" tabindex="0" aria-label="Matrix as a table" inner_html=grid.unwrap_or_default()></div>
            {cut}
        </section>
        <section class="card" aria-labelledby="blast-heading">
            <h2 id="blast-heading">"Blast radius: what each failure takes down"</h2>
            <div inner_html=blast.unwrap_or_default()></div>
            {more.map(|text| view! { <p class="muted">{text}</p> })}
        </section>
    }
}

/// What a table without a script leaves out.
fn left_out(all: usize, shown: usize, what: &str) -> Option<String> {
    (all > shown)
        .then(|| format!("The first {shown} of {all} {what} are shown here; all of them with JavaScript."))
}

/// The form that saves the call that is shown. The island keeps `call` in step with its controls.
fn save(page: &DeskPage<'_>, stage: &Stage, state: &CaseState) -> impl IntoView + use<> {
    let call = stage.call(page.controls);
    let words = stage.saved_words(page.controls, state.form.with_down);
    let down: Vec<String> = stage.marked_down.iter().map(|id| Naming(&stage.snapshot).route(*id)).collect();
    let hidden = !page.controls.minds_what_is_down();
    let with_down = (!down.is_empty()).then(|| {
        view! {
            <p id="case-down" hidden=hidden>
                <label><input type="checkbox" id="case-with-down" name="with_down" value="1" autocomplete="off"
                    checked=state.form.with_down/>" with the routes that are down now: "{down.join(", ")}</label>
            </p>
        }
    });
    let fields = fields(state, &page.desk.snapshot);
    let buttons = match page.case {
        None => view! { <button class="button primary">"Save case"</button> }.into_any(),
        Some(case) => view! {
            <input type="hidden" name="as_of" value=page.as_of.unwrap_or(case.version).to_string()/>
            <button class="button primary" formaction=urls::case(case.id)>{format!("Save to “{}”", case.name)}</button>
            <button class="button">"Save as a new case"</button>
        }
        .into_any(),
    };
    view! {
        <section class="card" aria-labelledby="save-heading">
            <h2 id="save-heading">"Save this call as a case"</h2>
            <p class="muted">"A saved case runs on every change of the account. A change that breaks it is shown before it is saved, and needs a confirmation."</p>
            <form method="post" action=urls::CASES id="save-case">
                <input type="hidden" id="case-call" name="call" value=call autocomplete="off"/>
                <div class="case-fields">{fields}</div>
                {with_down}
                <p>"What is saved: "<span id="case-words" aria-live="polite">{words}</span>"."</p>
                <p class="error" id="case-drafted" hidden>"This call goes another way than the number’s own. Set primary and failover to “as it is” to save the call."</p>
                <p class="error" id="case-nothing" hidden>"Choose one of your numbers to save a call to it."</p>
                <p class="error" id="case-unread" hidden>"A failure above cannot be read. Mend it to save the call."</p>
                <div class="row">{buttons}</div>
            </form>
        </section>
    }
}
