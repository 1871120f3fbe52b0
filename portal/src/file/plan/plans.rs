//! The schedules and failover plans of an account file. They are read as a form's are, so that a file is refused for
//! the same reasons, and in the same words.

use std::collections::{BTreeSet, HashMap};

use routing::{
    Alias, Defaults, FailoverPlan, Millis, PlanDraft, PlanId, PlanPlace, PlanProblem, ScheduleId, StepDraft,
    StepRouteDraft, Version, shortened,
};
use store::{PlanRow, ScheduleRow};

use super::{Planner, new_id};
use crate::book::Against;
use crate::file::read::{PlanPart, SchedulePart, StepPart};
use crate::plans::place;
use crate::schedules::{ScheduleDraft, ScheduleField, read as read_schedule};

/// The id of nothing: what a draft names by a name that the account does not know.
const UNKNOWN: &str = "?";

impl Planner {
    pub(super) fn schedules(&mut self, parts: &[SchedulePart]) {
        let mut seen = HashMap::new();
        for (index, part) in parts.iter().enumerate() {
            if self.is_twice("schedules", index, &part.name, &mut seen) {
                continue;
            }
            let known = Alias::parse(&part.name).ok();
            let old = known.and_then(|name| self.book.find_schedule(&name)).map(|row| row.schedule.clone());
            let id = old.as_ref().map_or(ScheduleId(new_id(index)), |schedule| schedule.id);
            let schedule = match read_schedule(&schedule_draft(part), id, &self.book) {
                Ok(schedule) => schedule,
                Err(found) => {
                    for found in found {
                        let place = match (found.field, found.line) {
                            (ScheduleField::Day(_), _) => format!("weekly.{}", found.field.name()),
                            (ScheduleField::Exceptions, Some(line)) => format!("exceptions[{line}]"),
                            (field, _) => field.name().to_owned(),
                        };
                        self.error(format!("schedules[{index}].{place}"), found.message);
                    }
                    continue;
                }
            };
            let row = ScheduleRow { schedule: schedule.clone(), version: Version(0) };
            match old {
                Some(old) if old == schedule => self.plan.unchanged += 1,
                Some(old) => {
                    self.plan.schedules_changed.push((old, schedule));
                    self.book.add_schedule(row);
                }
                None => {
                    self.plan.schedules_added.push(schedule);
                    self.book.add_schedule(row);
                }
            }
        }
    }

    pub(super) fn plans(&mut self, parts: &[PlanPart]) {
        let mut seen = HashMap::new();
        for (index, part) in parts.iter().enumerate() {
            if self.is_twice("plans", index, &part.name, &mut seen) || !self.has_weights(part, index) {
                continue;
            }
            let known = Alias::parse(&part.name).ok();
            let old = known.and_then(|name| self.book.find_plan(&name)).map(|row| row.plan.clone());
            let id = old.as_ref().map_or(PlanId(new_id(index)), |plan| plan.id);
            // Which routes lead back to us is known when the numbers are: see `refuse_own`.
            let reading = self.plan_draft(part).read(&Against { book: &self.book, own: BTreeSet::new() });
            let Some(name) = reading.name.filter(|_| reading.errors.is_empty()) else {
                for error in reading.errors {
                    let message = message(part, error.place, &error.problem);
                    self.error(format!("plans[{index}].{}", place(error.place)), message);
                }
                continue;
            };
            let plan = FailoverPlan { id, name, steps: reading.steps };
            let row = PlanRow { plan: plan.clone(), version: Version(0) };
            match old {
                Some(old) if old == plan => {
                    self.plan.unchanged += 1;
                    continue;
                }
                Some(old) => self.plan.plans_changed.push((old, plan)),
                None => self.plan.plans_added.push(plan),
            }
            self.book.add_plan(row);
            self.places.insert(id, index);
        }
    }

    /// Whether an earlier one of the list bears the name.
    pub(super) fn is_twice(
        &mut self,
        list: &str,
        index: usize,
        name: &str,
        seen: &mut HashMap<String, usize>,
    ) -> bool {
        let first = Alias::parse(name).ok().and_then(|name| seen.insert(name.fold(), index));
        if let Some(first) = first {
            self.error(format!("{list}[{index}].name"), format!("{list}[{first}] is called so already."));
        }
        first.is_some()
    }

    /// Whether each step has as many weights as routes, or none.
    fn has_weights(&mut self, part: &PlanPart, index: usize) -> bool {
        let wrong = |step: &StepPart| !step.weights.is_empty() && step.weights.len() != step.routes.len();
        let wrong: Vec<usize> =
            part.steps.iter().enumerate().filter(|(_, step)| wrong(step)).map(|(at, _)| at).collect();
        for at in &wrong {
            let message = "There must be a weight for each route of the step, or none at all.";
            self.error(format!("plans[{index}].steps[{at}].weights"), message);
        }
        wrong.is_empty()
    }

    /// A form's draft: routes and schedules are named there by their ids.
    fn plan_draft(&self, part: &PlanPart) -> PlanDraft {
        let route = |alias: &String| {
            let known = Alias::parse(alias).ok().and_then(|alias| self.book.find(&alias));
            known.map_or_else(|| UNKNOWN.to_owned(), |row| row.route.id.to_string())
        };
        let hours = |name: &str| match name.trim() {
            "" => String::new(),
            name => {
                let known = Alias::parse(name).ok().and_then(|name| self.book.find_schedule(&name));
                known.map_or_else(|| UNKNOWN.to_owned(), |row| row.schedule.id.to_string())
            }
        };
        let defaults = Defaults::default();
        let step = |step: &StepPart| StepDraft {
            routes: step
                .routes
                .iter()
                .enumerate()
                .map(|(at, alias)| StepRouteDraft {
                    route: route(alias),
                    weight: step.weights.get(at).map(i64::to_string).unwrap_or_default(),
                })
                .collect(),
            enter_on: step.enter_on.clone(),
            hours: hours(&step.hours),
            no_response_s: seconds(step.no_response_ms.unwrap_or(i64::from(defaults.no_response_ms.0))),
            ring_s: seconds(step.ring_ms.unwrap_or(i64::from(defaults.ring_ms.0))),
            stagger_s: seconds(step.stagger_ms),
        };
        PlanDraft { name: part.name.clone(), steps: part.steps.iter().map(step).collect() }
    }
}

/// What cannot be so many milliseconds is left for the draft to refuse.
fn seconds(ms: i64) -> String {
    u32::try_from(ms).map_or_else(|_| UNKNOWN.to_owned(), |ms| Millis(ms).seconds())
}

/// The sentence of a form, but where that speaks of a list to choose from, or of seconds.
fn message(part: &PlanPart, place: PlanPlace, problem: &PlanProblem) -> String {
    let step = |at: usize| part.steps.get(at);
    match (problem, place) {
        (PlanProblem::UnknownRoute, PlanPlace::Route(at, leg)) => {
            let alias =
                step(at).and_then(|step| step.routes.get(leg)).map(String::as_str).unwrap_or_default();
            format!("No inbound route is called {}.", shortened(alias))
        }
        (PlanProblem::UnknownSchedule, PlanPlace::Hours(at)) => {
            let name = step(at).map(|step| step.hours.trim()).unwrap_or_default();
            format!("No schedule is called {}.", shortened(name))
        }
        (PlanProblem::NotATime, _) => "This is not a time. Write milliseconds, such as 20000.".to_owned(),
        _ => problem.to_string(),
    }
}

fn schedule_draft(part: &SchedulePart) -> ScheduleDraft {
    let weekly = &part.weekly;
    let days = [
        &weekly.monday,
        &weekly.tuesday,
        &weekly.wednesday,
        &weekly.thursday,
        &weekly.friday,
        &weekly.saturday,
        &weekly.sunday,
    ];
    // One a line, so that a line's number is a place in the file.
    let line = |exception: &String| exception.replace(char::is_control, " ");
    ScheduleDraft {
        name: part.name.clone(),
        zone: part.zone.clone(),
        weekly: days.map(Clone::clone),
        exceptions: part.exceptions.iter().map(line).collect::<Vec<_>>().join("\n"),
    }
}
