//! The editor of a plan: its steps as a form, and beside it what a call would do.

use leptos::prelude::*;
use portal::{ChangeView, PlanConflict, PlanPage, Subject};
use routing::{PlanDraft, PlanError, PlanPlace, Version};

use super::{list::starts, saved::saved_findings};
use crate::{
    components::{error_list, needs_javascript, path, reason_field, tel},
    islands::plan_editor::PlanEditor,
    packed::Packed,
    pages::history::{change_table, history_table},
    plan_form::{Asked, Ground, Outlook, Start, field_of, outlook, steps},
    shell::{Bundle, Frame, Here, document},
    urls, words,
};

/// What the form shows.
#[derive(Clone, Debug, Default)]
pub struct PlanForm {
    /// As typed.
    pub draft: PlanDraft,
    /// What is wrong with it, once it was sent.
    pub errors: Vec<PlanError>,
    /// Whether somebody asked what is wrong: then what is not filled in is wrong, too.
    pub asked: bool,
}

/// Which plan is edited.
#[derive(Clone, Copy)]
pub enum Editing<'a> {
    /// None yet.
    New,
    /// One that is stored.
    Stored {
        /// The plan as it is stored.
        page: &'a PlanPage,
        /// The version that the form was filled from.
        as_of: Version,
        /// What somebody else changed since then.
        conflict: Option<&'a PlanConflict>,
    },
}

impl Editing<'_> {
    fn address(self) -> String {
        match self {
            Editing::New => urls::NEW_PLAN.to_owned(),
            Editing::Stored { page, .. } => urls::plan(page.view.plan.id),
        }
    }
}

/// The page.
pub fn editor(frame: &Frame, editing: Editing<'_>, ground: &Ground, form: &PlanForm) -> String {
    let heading = match editing {
        Editing::New => "New plan".to_owned(),
        Editing::Stored { page, .. } => page.view.plan.name.to_string(),
    };
    document(frame, Here::FailoverPlans, &format!("{heading} · Failover Plans"), Bundle::Plans, || {
        let foreseen = outlook(ground, &form.draft, &Asked::new(ground));
        let delete = match editing {
            Editing::New => None,
            Editing::Stored { page, .. } => Some(
                view! { <a data-writes="" class="button" href=urls::delete_plan(page.view.plan.id)>"Delete…"</a> },
            ),
        };
        view! {
            <div class="title">
                <div><a class="crumb" href=urls::PLANS>"Failover Plans"</a><h1>{heading.clone()}</h1></div>
                <div class="row">{delete}</div>
            </div>
            {error_list(problems_of(form))}
            {conflict_note(editing)}
            {used_by(editing)}
            {matches!(editing, Editing::New).then(|| start_from(form))}
            <div class="plan-desk">
                {plan_form(editing, ground, form, &foreseen, &frame.reason)}
                <div class="outlook">
                    <section class="card" aria-labelledby="outlook">
                        <h2 id="outlook">"What a call does"</h2>
                        {needs_javascript()}
                        <PlanEditor start=Packed((ground.clone(), form.draft.clone()))/>
                    </section>
                    <section class="card" aria-labelledby="warned">
                        <h2 id="warned">"Warnings"</h2>
                        <div id="warnings" inner_html=foreseen.warnings.clone()></div>
                        {match editing {
                            Editing::New => None,
                            Editing::Stored { page, .. } => Some(saved_findings(&page.view)),
                        }}
                    </section>
                </div>
            </div>
            <div class="plan-after">
                {(ground.used_by > 0).then(|| view! {
                    <section class="card" aria-labelledby="changed">
                        <h2 id="changed">"What saving changes"</h2>
                        <div id="saving" inner_html=foreseen.saving.rows.clone()></div>
                    </section>
                })}
                <section class="card preview" aria-labelledby="glanced">
                    <h2 id="glanced">"Every failure at a glance"</h2>
                    <div id="glance" inner_html=foreseen.glance.clone()></div>
                </section>
            </div>
            {history(editing)}
        }
    })
}

fn start_from(form: &PlanForm) -> Option<impl IntoView + use<>> {
    let empty = form.draft.steps.iter().all(|step| step.routes.iter().all(|leg| leg.route.is_empty()));
    (empty && !form.asked).then(|| {
        view! {
            <section class="start-from" aria-labelledby="start-from">
                <h2 id="start-from">"Start from"</h2>
                {starts()}
            </section>
        }
    })
}

/// The problems with the fields that they belong to, for the list at the top.
fn problems_of(form: &PlanForm) -> Vec<(String, String)> {
    form.errors
        .iter()
        .map(|error| {
            (
                field_of(&form.draft, error.place),
                format!("{}: {}", words::plan_place(error.place), error.problem),
            )
        })
        .collect()
}

fn plan_form(
    editing: Editing<'_>,
    ground: &Ground,
    form: &PlanForm,
    foreseen: &Outlook,
    reason: &str,
) -> impl IntoView + use<> {
    let message = |place: PlanPlace| {
        form.errors.iter().find(|error| error.place == place).map(|error| format!("✕ {}", error.problem))
    };
    let (name_error, steps_error) = (message(PlanPlace::Name), message(PlanPlace::Steps));
    let defaults = &ground.snapshot.defaults;
    let as_of = match editing {
        Editing::New => None,
        Editing::Stored { as_of, .. } => Some(as_of.to_string()),
    };
    let draft_of = match editing {
        Editing::New => "new".to_owned(),
        Editing::Stored { page, .. } => page.view.plan.id.to_string(),
    };
    let save = match editing {
        Editing::New => "Add plan".to_owned(),
        Editing::Stored { page, .. } if page.view.dids > 0 => {
            format!("Save for {}", words::dids(page.view.dids))
        }
        Editing::Stored { .. } => "Save".to_owned(),
    };
    view! {
        <form method="post" action=editing.address() id="plan" data-as-of=as_of.clone().unwrap_or_else(|| "new".into())
            data-strict=form.asked.then_some("")>
            // First in the source: Enter in a field shows what is wrong, and does not save.
            <button class="hidden-text" name="do" value="show" tabindex="-1" aria-hidden="true">"Check"</button>
            {as_of.clone().map(|as_of| view! { <input type="hidden" name="as_of" value=as_of/> })}
            <div class="field">
                <label for="name">"Name"</label>
                <input type="text" id="name" name="name" value=form.draft.name.clone() autocomplete="off" spellcheck="false"
                    aria-describedby="name-error" aria-invalid=name_error.is_some().then_some("true")/>
                <div class="error" id="name-error" hidden=name_error.is_none()>{name_error.clone()}</div>
            </div>
            <p class="plan-primary">
                <b>"The primary"</b>" of each DID goes first: "{defaults.no_response_ms.to_string()}" to a response, then "
                {defaults.ring_ms.to_string()}" of ringing."
            </p>
            <ol class="plain" id="steps" tabindex="-1" aria-label="Steps" inner_html=steps(ground, &form.draft, &form.errors)></ol>
            <div class="row">
                <button class="button" name="do" value="add-step" id="do.add-step" formaction=format!("#step.{}", form.draft.steps.len())>"Add a step"</button>
            </div>
            <div class="error" id="steps-error" hidden=steps_error.is_none()>{steps_error.clone()}</div>
            <div id="budget" inner_html=foreseen.budget.clone()></div>
            <div id="saving-said" inner_html=foreseen.saving.sentence.clone()></div>
            <div id="asked-fields" hidden inner_html=foreseen.asked.clone()></div>
            {reason_field(reason)}
            <div class="row">
                <button class="button primary" name="do" value="save">{save}</button>
                // A form that is only looked at: its fields become the address of the desk.
                <button class="button" name="draft" value=draft_of formmethod="get" formaction=urls::PREVIEW>"Try it on the desk"</button>
                <a class="button link" href=urls::PLANS>"Cancel"</a>
            </div>
            {matches!(editing, Editing::Stored { .. }).then(presets)}
        </form>
    }
}

/// The presets as buttons of the form: they take the place of all its steps.
fn presets() -> impl IntoView {
    let items = Start::ALL
        .map(|start| {
            view! {
                <li><button class="button link" name="do" value=format!("preset.{}", start.name())>{start.label()}</button>
                    <span class="muted">{start.explain()}</span></li>
            }
        })
        .collect_view();
    view! {
        <details class="presets">
            <summary>"Begin anew from a preset"</summary>
            <ul class="plain">{items}</ul>
        </details>
    }
}

fn used_by(editing: Editing<'_>) -> Option<impl IntoView + use<>> {
    let Editing::Stored { page, .. } = editing else { return None };
    let dids = page.view.dids;
    let id = page.view.plan.id;
    (dids > 0).then(|| {
        let first = page
            .users
            .iter()
            .map(|did| {
                view! {
                    <li>
                        <a href=urls::did(did.number)>{tel(did.number)}</a>
                        <span><span class="muted">{did.alias.as_ref().map(ToString::to_string)}</span>{path(&did.primary, &did.failover)}</span>
                    </li>
                }
            })
            .collect_view();
        let rest = dids.saturating_sub(page.users.len() as u64);
        view! {
            <div class="note warn">
                <p>"Saving changes the routing of " <a href=urls::dids_of_plan(id)>{words::dids(dids)}</a> " at once."
                    {page.users.first().map(|did| view! { " "<a href=urls::preview_of(did.number)>"Try a call to one of them"</a>"." })}</p>
                <details>
                    <summary>"Which ones"</summary>
                    <ul class="plain chosen">{first}</ul>
                    {(rest > 0).then(|| view! { <p><a href=urls::dids_of_plan(id)>{format!("and {} more", words::figure(rest))}</a></p> })}
                </details>
            </div>
        }
    })
}

fn conflict_note(editing: Editing<'_>) -> Option<impl IntoView + use<>> {
    let Editing::Stored { conflict, .. } = editing else { return None };
    conflict.map(|conflict| {
        view! {
            <div class="note bad" role="alert">
                <p><b>"Nothing was saved: this plan was changed while you were editing it."</b></p>
                {change_table(&conflict.changes)}
                <p>"Your entries are still below. Save again to put them in place of those, or "
                    <a href=urls::plan(conflict.now.plan.id)>"take the plan as it is now"</a> "."</p>
            </div>
        }
    })
}

fn history(editing: Editing<'_>) -> Option<impl IntoView + use<>> {
    let Editing::Stored { page, .. } = editing else { return None };
    let changes: &[ChangeView] = &page.changes;
    (!changes.is_empty()).then(|| {
        view! {
            <section class="later" aria-labelledby="changes">
                <h2 id="changes">"Recent changes"</h2>
                {history_table(Subject::Plan(page.view.plan.id), changes)}
                <p><a href=urls::activity_of_plan(page.view.plan.id)>"All that was done to this plan"</a></p>
            </section>
        }
    })
}
