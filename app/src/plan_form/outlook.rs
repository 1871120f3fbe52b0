//! What a call would do with a draft: the sentence, the picture, the steps, the warnings.

use std::fmt::Write;

use routing::{PlanDraft, PlanError, RouteId};

use super::{
    Asked, Ground, budget,
    trial::{Trial, counts, places},
    warnings,
};
use crate::{
    desk::{Shown, aloud, outcome_html},
    timeline,
};

/// What comes of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The call: words, picture, step by step. HTML.
    pub call: String,
    /// The same for the ear.
    pub said: String,
    /// What every failure would do. HTML.
    pub glance: String,
    /// What the audit found. HTML.
    pub warnings: String,
    /// The longest set-up. HTML.
    pub budget: String,
    /// What is wrong with the draft.
    pub errors: Vec<PlanError>,
}

/// Runs the draft.
pub fn outlook(ground: &Ground, draft: &PlanDraft, asked: &Asked) -> Outlook {
    let reading = draft.read(ground);
    let places: Vec<u8> = places(ground, draft);
    let budget = budget(ground, &reading, &places);
    let name = reading.name.clone();
    let trial = Trial::new(ground, draft, reading.steps, name, places);
    let (mut call, mut said, glance, warnings) = match (&trial, trial.as_ref().map(|trial| trial.run(asked)))
    {
        (Some(trial), Some(trace)) => {
            let span = timeline::span(&trace);
            let call = outcome_html(Shown {
                snapshot: &trial.told,
                trace: trace.as_ref(),
                span,
                id: "draft",
                open: false,
                steps_of: None,
            });
            let (list, count) = if trial.is_plan {
                let primary = asked.primary.parse().ok().map(RouteId);
                warnings::warnings(ground, &trial.drafted, &trial.places, primary, trial.example)
            } else {
                ("<p class=\"muted\">Choose a route for a step first.</p>".into(), 0)
            };
            let mut said = aloud(&trial.told, trace.as_ref());
            let _ = match count {
                0 => Ok(()),
                1 => write!(said, " 1 warning."),
                count => write!(said, " {count} warnings."),
            };
            (call, said, trial.glance(asked), list)
        }
        _ => Default::default(),
    };
    let without = trial.is_some_and(|trial| !trial.is_plan);
    let left_out: Vec<String> = (1..)
        .zip(&draft.steps)
        .filter(|(_, step)| !counts(ground, step))
        .map(|(n, _): (usize, _)| n.to_string())
        .collect();
    let note = if without {
        "No step rings anywhere yet: this is what callers get without a plan.".to_owned()
    } else if left_out.is_empty() {
        String::new()
    } else {
        format!("Step {} rings nowhere yet and is left out.", left_out.join(", "))
    };
    if !note.is_empty() {
        call.insert_str(0, &format!("<p class=\"muted\">{note}</p>"));
        said.insert_str(0, &format!("{note} "));
    }
    Outlook { call, said, glance, warnings, budget, errors: reading.errors }
}
