//! What a call would do with a draft: the sentence, the picture, the steps, the warnings.

use std::fmt::Write;

use routing::{CompileError, PlanDraft, PlanError, PlanPlace, PlanProblem, RouteId, Step, Trace};

use super::{
    Asked, Ground,
    asked::hidden_fields,
    budget,
    saving::{Saving, saving},
    trial::{Trial, counts, places, zone},
    warnings,
};
use crate::{
    desk::{Shown, aloud, outcome_html},
    timeline,
};

/// What comes of a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The call: words, picture, step by step. HTML.
    pub call: String,
    /// The same for the ear, without the plan's name.
    pub said: String,
    /// What every failure would do. HTML.
    pub glance: String,
    /// What saving changes for the numbers that have the plan.
    pub saving: Saving,
    /// What the audit found. HTML.
    pub warnings: String,
    /// The longest set-up. HTML.
    pub budget: String,
    /// What is asked, as fields that go along to the desk. HTML.
    pub asked: String,
    /// What is wrong with the draft.
    pub errors: Vec<PlanError>,
}

/// Runs the draft.
pub fn outlook(ground: &Ground, draft: &PlanDraft, asked: &Asked) -> Outlook {
    let reading = draft.read(ground);
    let places: Vec<u8> = places(ground, draft);
    let budget = budget(ground, &reading, &places);
    let errors = reading.errors;
    if let Some(note) = unseen(ground, &reading.steps) {
        let html = format!("<p class=\"muted\">{}</p>", timeline::escape(&note));
        return Outlook {
            call: html.clone(),
            said: note.clone(),
            glance: html.clone(),
            saving: if ground.used_by > 0 { Saving::remark(&note) } else { Saving::default() },
            warnings: html,
            budget,
            asked: String::new(),
            errors,
        };
    }
    let Some(mut trial) = Trial::new(ground, draft, reading.steps, reading.name, places) else {
        return Outlook { budget, errors, ..Outlook::default() };
    };
    let (trace, glance) = trial.run_all(asked);
    let saved = trial.of_stored();
    let before = saved.as_ref().map(|saved| saved.run_one(asked, trial.failure(asked).as_ref()));
    let span = timeline::span(trace.iter().chain(before.iter().flatten()));
    let show = |trial: &Trial<'_>, trace: Result<&Trace, &CompileError>, id: &str| {
        outcome_html(Shown { snapshot: &trial.told, trace, span, id, open: false, steps_of: None })
    };
    let mut call = show(&trial, trace.as_ref(), "draft");
    if let (Some(saved), Some(before)) = (&saved, &before) {
        let is_same = matches!((&trace, before), (Ok(now), Ok(then)) if now.events == then.events);
        call = if is_same {
            format!("{call}<p class=\"muted\">With the plan as it is saved, this call goes the same way.</p>")
        } else {
            // Folded: the draft is what is worked on, and its warnings stand right under it.
            let words = timeline::escape(&aloud(&saved.told, before.as_ref()));
            let before = show(saved, before.as_ref(), "saved");
            format!(
                "{call}<details id=\"as-saved\"><summary><b>As it is saved:</b> {words}</summary>{before}</details>"
            )
        };
    }
    // What cannot be read is run with something in its place: nobody typed that.
    let is_read = |error: &PlanError| {
        error.place == PlanPlace::Name || matches!(error.problem, PlanProblem::NoRoute | PlanProblem::NoStep)
    };
    let fields = hidden_fields(&asked.pairs(trial.moment(asked), &zone(&trial.drafted)));
    let saving = match errors.iter().all(is_read) {
        true => saving(ground, &trial.drafted, trial.example),
        false if ground.used_by > 0 => Saving::remark("Mend what is marked in the form first."),
        false => Saving::default(),
    };
    let (warnings, count) = if trial.is_plan {
        let primary = asked.primary.parse().ok().map(RouteId);
        warnings::warnings(ground, &trial.drafted, &trial.places, primary, trial.example)
    } else {
        ("<p class=\"muted\">Choose a route for a step first.</p>".into(), 0)
    };
    // Said without the plan's name: it would be said anew at every letter that is typed into it.
    trial.forget_name();
    let mut said = aloud(&trial.told, trace.as_ref());
    let _ = match count {
        0 => Ok(()),
        1 => write!(said, " 1 warning."),
        count => write!(said, " {count} warnings."),
    };
    let mut note = note(ground, draft, trial.is_plan);
    if !errors.iter().all(is_read) {
        note.push_str(" What cannot be read is run with the usual value in its place.");
    }
    let note = note.trim_start().to_owned();
    if !note.is_empty() {
        call.insert_str(0, &format!("<p class=\"muted\">{note}</p>"));
        said.insert_str(0, &format!("{note} "));
    }
    Outlook { call, said, glance, saving, warnings, budget, asked: fields, errors }
}

/// What to say instead of a call to a route that only the server knows.
fn unseen(ground: &Ground, steps: &[Step]) -> Option<String> {
    let mut rung = steps.iter().flat_map(|step| &step.routes).map(|leg| leg.route);
    let route = rung.find(|id| !ground.can_preview(*id))?;
    Some(format!(
        "Calls to {} can be seen here after saving: this account has too many routes to bring them all into this page.",
        ground.name_of(route)
    ))
}

/// Which steps are not in the picture.
fn note(ground: &Ground, draft: &PlanDraft, is_plan: bool) -> String {
    if !is_plan {
        return "No step rings anywhere yet: this is what callers get without a plan.".to_owned();
    }
    let left_out: Vec<String> = (1..)
        .zip(&draft.steps)
        .filter(|(_, step)| !counts(ground, step))
        .map(|(n, _): (usize, _)| n.to_string())
        .collect();
    match left_out.is_empty() {
        true => String::new(),
        false => format!("Step {} rings nowhere yet and is left out.", left_out.join(", ")),
    }
}
