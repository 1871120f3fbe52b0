//! The form of a schedule: seven days, dated exceptions, a zone, and the week drawn.

use leptos::prelude::*;
use portal::{ScheduleConflict, ScheduleDraft, ScheduleField, ScheduleProblem, ScheduleView};
use routing::{DayHours, Version, Weekday};

use super::{list::open_mark, plan_links};
use crate::{
    components::{error_list, reason_field, textarea},
    islands::schedule_editor::ScheduleEditor,
    pages::history::change_table,
    shell::{Bundle, Frame, Here, document},
    urls, week,
};

/// What the form shows.
#[derive(Clone, Debug, Default)]
pub struct ScheduleForm {
    /// As typed.
    pub draft: ScheduleDraft,
    /// What is wrong with it.
    pub problems: Vec<ScheduleProblem>,
}

impl ScheduleForm {
    /// Office hours to begin with: most of what a new schedule says.
    pub fn new() -> ScheduleForm {
        let weekly = std::array::from_fn(|day| if day < 5 { "09:00-17:00".into() } else { "closed".into() });
        ScheduleForm { draft: ScheduleDraft { weekly, ..ScheduleDraft::default() }, problems: Vec::new() }
    }

    fn message(&self, field: ScheduleField) -> Option<String> {
        self.problems
            .iter()
            .find(|problem| problem.field == field)
            .map(|problem| format!("✕ {}", problem.message))
    }
}

/// Which schedule is edited.
#[derive(Clone, Copy)]
pub enum Editing<'a> {
    /// None yet.
    New,
    /// One that is stored.
    Stored {
        /// As it is stored.
        view: &'a ScheduleView,
        /// The version that the form was filled from.
        as_of: Version,
        /// What somebody else changed since then.
        conflict: Option<&'a ScheduleConflict>,
    },
}

/// The page. `zones` are the names to choose from.
pub fn form(frame: &Frame, editing: Editing<'_>, zones: &[String], form: &ScheduleForm) -> String {
    let heading = match editing {
        Editing::New => "New schedule".to_owned(),
        Editing::Stored { view, .. } => view.schedule.name.to_string(),
    };
    document(frame, Here::Schedules, &format!("{heading} · Schedules"), Bundle::Check, || {
        let stored = match editing {
            Editing::New => None,
            Editing::Stored { view, .. } => Some(view! {
                <span class="muted">"Now "</span>{open_mark(view.open_now)}
                <a data-writes="" class="button" href=urls::delete_schedule(view.schedule.id)>"Delete…"</a>
            }),
        };
        view! {
            <div class="title">
                <div><a class="crumb" href=urls::SCHEDULES>"Schedules"</a><h1>{heading.clone()}</h1></div>
                <div class="row">{stored}</div>
            </div>
            {error_list(problems_of(form))}
            {conflict_note(editing)}
            {used_by(editing)}
            <div class="split wide-left">
                {fields(editing, zones, form, &frame.reason)}
                <section class="card" aria-labelledby="drawn">
                    <h2 id="drawn">"The week"</h2>
                    <div id="week" inner_html=week::picture(&drawn(&form.draft))></div>
                    <ScheduleEditor/>
                </section>
            </div>
        }
    })
}

/// The days as far as they can be read.
fn drawn(draft: &ScheduleDraft) -> [DayHours; 7] {
    std::array::from_fn(|day| DayHours::parse(&draft.weekly[day]).unwrap_or_default())
}

fn problems_of(form: &ScheduleForm) -> Vec<(String, String)> {
    let words = |field: ScheduleField| match field {
        ScheduleField::Name => "Name",
        ScheduleField::Zone => "Time zone",
        ScheduleField::Day(day) => day.name(),
        ScheduleField::Exceptions => "Exceptions",
    };
    form.problems
        .iter()
        .map(|p| (p.field.name().to_owned(), format!("{}: {}", words(p.field), p.message)))
        .collect()
}

fn line(form: &ScheduleForm, field: ScheduleField) -> impl IntoView + use<> {
    let message = form.message(field);
    view! { <div class="error" id=format!("{}-error", field.name()) hidden=message.is_none()>{message.clone()}</div> }
}

fn fields(
    editing: Editing<'_>,
    zones: &[String],
    form: &ScheduleForm,
    reason: &str,
) -> impl IntoView + use<> {
    let draft = &form.draft;
    let wrong = |field| form.message(field).is_some().then_some("true");
    let days = Weekday::ALL
        .map(|day| {
            let field = ScheduleField::Day(day);
            let id = field.name();
            view! {
                <div class="day">
                    <label for=id>{day.name()}</label>
                    <input type="text" id=id name=id value=draft.weekly[day as usize].clone() autocomplete="off" spellcheck="false"
                        placeholder="closed" aria-invalid=wrong(field) aria-describedby=format!("{id}-error days-help")/>
                    {line(form, field)}
                </div>
            }
        })
        .collect_view();
    let options = zones.iter().map(|zone| view! { <option value=zone.clone()></option> }).collect_view();
    let (address, as_of, save) = match editing {
        Editing::New => (urls::NEW_SCHEDULE.to_owned(), None, "Add schedule"),
        Editing::Stored { view, as_of, .. } => {
            (urls::schedule(view.schedule.id), Some(as_of.to_string()), "Save")
        }
    };
    let is_new = as_of.is_none();
    view! {
        <section class="card" aria-label="Hours">
            <form method="post" action=address id="schedule" data-new=is_new.then_some("")>
                {as_of.map(|as_of| view! { <input type="hidden" name="as_of" value=as_of/> })}
                <div class="field">
                    <label for="name">"Name"</label>
                    <input type="text" id="name" name="name" value=draft.name.clone() autocomplete="off" spellcheck="false"
                        placeholder="Office hours" aria-invalid=wrong(ScheduleField::Name) aria-describedby="name-error"/>
                    {line(form, ScheduleField::Name)}
                </div>
                <div class="field">
                    <label for="zone">"Time zone"</label>
                    <input type="text" id="zone" name="zone" value=draft.zone.clone() list="zones" autocomplete="off" spellcheck="false"
                        placeholder="America/Los_Angeles" aria-invalid=wrong(ScheduleField::Zone) aria-describedby="zone-error zone-help"/>
                    <datalist id="zones">{options}</datalist>
                    {line(form, ScheduleField::Zone)}
                    <div class="help" id="zone-help">"The clock on the wall of your office. Summer time is taken care of."</div>
                </div>
                <fieldset class="days">
                    <legend>"Open on"</legend>
                    {days}
                    <div class="help" id="days-help">"Such as 08:00-12:00, 13:00-17:30. Past midnight: 22:00-06:00. The whole day: 00:00-24:00. Empty: closed."</div>
                </fieldset>
                <div class="field">
                    <label for="exceptions">"Exceptions"</label>
                    <textarea id="exceptions" name="exceptions" rows="5" spellcheck="false" aria-invalid=wrong(ScheduleField::Exceptions)
                        aria-describedby="exceptions-error exceptions-help">{textarea(&draft.exceptions)}</textarea>
                    {line(form, ScheduleField::Exceptions)}
                    <div class="help" id="exceptions-help">"Days with hours of their own, one a line, such as "<code>"2026-12-25 closed"</code>" or "<code>"2026-12-24 08:00-12:00"</code>"."</div>
                </div>
                {reason_field(reason)}
                <div class="row">
                    <button class="button primary">{save}</button>
                    <a class="button link" href=urls::SCHEDULES>"Cancel"</a>
                </div>
            </form>
        </section>
    }
}

fn used_by(editing: Editing<'_>) -> Option<impl IntoView + use<>> {
    let Editing::Stored { view, .. } = editing else { return None };
    (!view.plans.is_empty()).then(|| {
        view! { <div class="note warn"><p>"Saving changes when these plans enter their steps: "{plan_links(&view.plans)}"."</p></div> }
    })
}

fn conflict_note(editing: Editing<'_>) -> Option<impl IntoView + use<>> {
    let Editing::Stored { conflict, .. } = editing else { return None };
    conflict.map(|conflict| {
        view! {
            <div class="note bad" role="alert">
                <p><b>"Nothing was saved: this schedule was changed while you were editing it."</b></p>
                {change_table(&conflict.changes)}
                <p>"Your entries are still below. Save again to put them in place of those, or "
                    <a href=urls::schedule(conflict.now.schedule.id)>"take the schedule as it is now"</a> "."</p>
            </div>
        }
    })
}
