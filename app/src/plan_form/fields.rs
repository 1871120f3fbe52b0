//! The names of the fields, and a draft read from them. A field's id is its name.

use routing::{
    PlanDraft, PlanPlace, StepDraft, StepRouteDraft,
    limits::{ROUTES_PER_STEP_MAX, STEPS_MAX},
};

use super::Ground;

/// What the drop-down of `enter_on` says when the text beside it counts.
pub(super) const CUSTOM: &str = "custom";

/// Rows of a form that are read. More than may be saved, so that a form with too many is told so; not without end.
const STEPS_READ_MAX: usize = STEPS_MAX * 2;
/// See [`STEPS_READ_MAX`].
const ROUTES_READ_MAX: usize = ROUTES_PER_STEP_MAX * 2;

/// The draft that a form says, from its pairs in their order.
pub fn draft_of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> PlanDraft {
    let mut draft = PlanDraft::default();
    for (name, value) in pairs {
        set(&mut draft, name, value);
    }
    draft
}

/// Whether a form of a plan has a field of that name.
pub fn is_field(name: &str) -> bool {
    let is_row = |text: &str| text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        ["name"] => true,
        ["step", step, "enter_on" | "custom" | "hours" | "no_response" | "ring" | "stagger"] => is_row(step),
        ["step", step, "route" | "weight", place] => is_row(step) && is_row(place),
        _ => false,
    }
}

/// Takes one field; a name that is none of ours, or beyond what is read, is passed over.
fn set(draft: &mut PlanDraft, name: &str, value: &str) {
    if name == "name" {
        value.clone_into(&mut draft.name);
        return;
    }
    let mut parts = name.split('.');
    let (Some("step"), Some(step), Some(field)) = (parts.next(), parts.next(), parts.next()) else { return };
    let Some(step) = row(&mut draft.steps, step, STEPS_READ_MAX) else { return };
    let place = parts.next();
    if parts.next().is_some() {
        return;
    }
    match (field, place) {
        ("enter_on", None) => value.clone_into(&mut step.enter_on),
        // It stands after the drop-down.
        ("custom", None) if step.enter_on == CUSTOM => value.clone_into(&mut step.enter_on),
        ("hours", None) => value.clone_into(&mut step.hours),
        ("no_response", None) => value.clone_into(&mut step.no_response_s),
        ("ring", None) => value.clone_into(&mut step.ring_s),
        ("stagger", None) => value.clone_into(&mut step.stagger_s),
        ("route", Some(place)) => {
            if let Some(leg) = row(&mut step.routes, place, ROUTES_READ_MAX) {
                value.clone_into(&mut leg.route);
            }
        }
        ("weight", Some(place)) => {
            if let Some(leg) = row(&mut step.routes, place, ROUTES_READ_MAX) {
                value.clone_into(&mut leg.weight);
            }
        }
        _ => {}
    }
}

/// The row of that number; rows before it that were not sent are empty ones.
fn row<'a, T: Default>(rows: &'a mut Vec<T>, number: &str, most: usize) -> Option<&'a mut T> {
    let at: usize = number.parse().ok().filter(|at| *at < most)?;
    while rows.len() <= at {
        rows.push(T::default());
    }
    rows.get_mut(at)
}

/// The id of the field that something is wrong with.
pub fn field_of(draft: &PlanDraft, place: PlanPlace) -> String {
    match place {
        PlanPlace::Name => "name".into(),
        PlanPlace::Steps => "steps".into(),
        PlanPlace::Routes(step) => format!("step.{step}.route.0"),
        PlanPlace::Route(step, route) => format!("step.{step}.route.{route}"),
        PlanPlace::Weight(step, route) => format!("step.{step}.weight.{route}"),
        PlanPlace::EnterOn(step) if draft.steps.get(step).is_some_and(is_custom) => {
            format!("step.{step}.custom")
        }
        PlanPlace::EnterOn(step) => format!("step.{step}.enter_on"),
        PlanPlace::Hours(step) => format!("step.{step}.hours"),
        PlanPlace::NoResponse(step) => format!("step.{step}.no_response"),
        PlanPlace::Ring(step) => format!("step.{step}.ring"),
        PlanPlace::Stagger(step) => format!("step.{step}.stagger"),
    }
}

/// The id of the line that says what is wrong there.
pub fn error_of(place: PlanPlace) -> String {
    match place {
        PlanPlace::Name => "name-error".into(),
        PlanPlace::Steps => "steps-error".into(),
        PlanPlace::Routes(step) => format!("step.{step}.routes-error"),
        PlanPlace::Route(step, route) => format!("step.{step}.route.{route}-error"),
        PlanPlace::Weight(step, route) => format!("step.{step}.weight.{route}-error"),
        PlanPlace::EnterOn(step) => format!("step.{step}.enter_on-error"),
        PlanPlace::Hours(step) => format!("step.{step}.hours-error"),
        PlanPlace::NoResponse(step) => format!("step.{step}.no_response-error"),
        PlanPlace::Ring(step) => format!("step.{step}.ring-error"),
        PlanPlace::Stagger(step) => format!("step.{step}.stagger-error"),
    }
}

/// Whether what a step is entered on is a text of somebody's own.
pub(super) fn is_custom(step: &StepDraft) -> bool {
    routing::Preset::from_name(step.enter_on.trim()).is_none()
}

/// What the form of a new plan shows: one step to fill in.
pub fn new_draft(ground: &Ground) -> PlanDraft {
    let step = empty_step(&ground.snapshot.defaults, routing::Preset::Outage);
    PlanDraft { name: String::new(), steps: vec![step] }
}

/// A step as it is added: the account's clocks, one route to choose.
pub(super) fn empty_step(defaults: &routing::Defaults, enter_on: routing::Preset) -> StepDraft {
    StepDraft {
        routes: vec![StepRouteDraft::default()],
        enter_on: enter_on.name().into(),
        hours: String::new(),
        no_response_s: defaults.no_response_ms.seconds(),
        ring_s: defaults.ring_ms.seconds(),
        stagger_s: String::new(),
    }
}
