//! What the buttons of the form do to a draft.

use routing::{PlanDraft, Preset, StepRouteDraft};

use super::{Ground, Start, fields::empty_step};

/// A change of the form's rows. As text it is what its button sends: `up.1`, `remove-route.0.2`, `preset.second-trunk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// One more step, at the end.
    AddStep,
    /// Without this step.
    RemoveStep(usize),
    /// A step at another place.
    Move {
        /// Where it stands.
        from: usize,
        /// Where it is to stand.
        to: usize,
    },
    /// One more route in a step.
    AddRoute(usize),
    /// Without this route of a step.
    RemoveRoute(usize, usize),
    /// The steps of a preset in place of all.
    Preset(Start),
}

/// What an edit has done, for those who do not see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The id of what to go on with.
    pub focus: String,
    /// What to say.
    pub said: String,
}

impl Edit {
    /// Reads what a button sends. `None`: another button.
    pub fn parse(text: &str) -> Option<Edit> {
        let (word, rest) = text.split_once('.').unwrap_or((text, ""));
        let step = || rest.parse::<usize>().ok();
        Some(match word {
            "add-step" if rest.is_empty() => Edit::AddStep,
            "remove-step" => Edit::RemoveStep(step()?),
            "up" => Edit::Move { from: step()?, to: step()?.checked_sub(1)? },
            "down" => Edit::Move { from: step()?, to: step()?.checked_add(1)? },
            "add-route" => Edit::AddRoute(step()?),
            "remove-route" => {
                let (step, route) = rest.split_once('.')?;
                Edit::RemoveRoute(step.parse().ok()?, route.parse().ok()?)
            }
            "preset" => Edit::Preset(Start::from_name(rest)?),
            _ => return None,
        })
    }

    /// Does it. An edit of rows that are not there does nothing: a form may have been sent twice.
    pub fn apply(self, draft: &mut PlanDraft, ground: &Ground) -> Done {
        let steps = draft.steps.len();
        let done = |focus: String, said: String| Done { focus, said };
        match self {
            Edit::AddStep => {
                let preset = if steps == 0 { Preset::Outage } else { Preset::OutageOrNoAnswer };
                draft.steps.push(empty_step(&ground.snapshot.defaults, preset));
                done(format!("step.{steps}.route.0"), format!("Step {} was added.", steps + 1))
            }
            Edit::RemoveStep(at) if at < steps => {
                draft.steps.remove(at);
                let next = at.min(steps.saturating_sub(2));
                let focus =
                    if steps > 1 { format!("do.remove-step.{next}") } else { "do.add-step".to_owned() };
                done(focus, format!("Step {} was removed.", at + 1))
            }
            Edit::Move { from, to } if from < steps && to < steps => {
                let step = draft.steps.remove(from);
                draft.steps.insert(to, step);
                // The button of the same direction, as long as there is a way to go.
                let up = to < from;
                let word = match to {
                    0 => "down",
                    to if to + 1 == steps => "up",
                    _ if up => "up",
                    _ => "down",
                };
                done(format!("do.{word}.{to}"), format!("Step {} is step {} now.", from + 1, to + 1))
            }
            Edit::AddRoute(at) if at < steps => {
                let routes = &mut draft.steps[at].routes;
                routes.push(StepRouteDraft::default());
                let last = routes.len() - 1;
                let said = format!("Step {} has {} routes now.", at + 1, routes.len());
                done(format!("step.{at}.route.{last}"), said)
            }
            Edit::RemoveRoute(at, place) if at < steps && place < draft.steps[at].routes.len() => {
                let routes = &mut draft.steps[at].routes;
                routes.remove(place);
                let said = format!("The route was taken out of step {}.", at + 1);
                done(format!("do.add-route.{at}"), said)
            }
            Edit::Preset(start) => {
                let filled = start.draft(ground);
                draft.steps = filled.steps;
                // A name that somebody wrote stays.
                if draft.name.trim().is_empty() || Start::is_own_name(&draft.name) {
                    draft.name = filled.name;
                }
                done("step.0.route.0".into(), format!("Filled in: {}.", start.label()))
            }
            Edit::RemoveStep(_) | Edit::Move { .. } | Edit::AddRoute(_) | Edit::RemoveRoute(..) => {
                done("name".into(), String::new())
            }
        }
    }
}
