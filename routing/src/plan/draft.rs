//! A failover plan as somebody typed it. The form, the file and the editor in the browser all read it here, so that
//! they refuse alike and in the same words.

use serde::{Deserialize, Serialize};

use super::problem::{PlanError, PlanPlace, PlanProblem};
use super::{Step, StepRoute};
use crate::limits::{CLOCK_MAX_MS, CLOCK_MIN_MS, ROUTES_PER_STEP_MAX, SETUP_MAX_MS, STEPS_MAX, WEIGHT_MAX};
use crate::{Alias, Millis, OwnDid, RouteId, ScheduleId, Trigger};

/// A plan as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDraft {
    /// What to call it.
    pub name: String,
    /// Its steps, in order.
    pub steps: Vec<StepDraft>,
}

/// A step as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDraft {
    /// Its routes.
    pub routes: Vec<StepRouteDraft>,
    /// A preset's name, or a list of causes and codes.
    pub enter_on: String,
    /// A schedule's id; empty: always.
    pub hours: String,
    /// Seconds.
    pub no_response_s: String,
    /// Seconds.
    pub ring_s: String,
    /// Seconds; empty: none.
    pub stagger_s: String,
}

/// A route of a step as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRouteDraft {
    /// A route's id.
    pub route: String,
    /// 0 to 1000; empty: none.
    pub weight: String,
}

impl PlanDraft {
    /// What an edit form starts with.
    pub fn of(name: &Alias, steps: &[Step]) -> PlanDraft {
        PlanDraft { name: name.to_string(), steps: steps.iter().map(StepDraft::of).collect() }
    }
}

impl StepDraft {
    /// A step as its form shows it.
    pub fn of(step: &Step) -> StepDraft {
        let route = |leg: &StepRoute| StepRouteDraft {
            route: leg.route.to_string(),
            weight: leg.weight.map(|weight| weight.to_string()).unwrap_or_default(),
        };
        StepDraft {
            routes: step.routes.iter().map(route).collect(),
            enter_on: step.enter_on.to_string(),
            hours: step.hours.map(|hours| hours.to_string()).unwrap_or_default(),
            no_response_s: step.no_response_ms.seconds(),
            ring_s: step.ring_ms.seconds(),
            stagger_s: if step.stagger_ms == Millis::ZERO {
                String::new()
            } else {
                step.stagger_ms.seconds()
            },
        }
    }
}

/// What a draft is read against.
pub trait Known {
    /// Whether the account has the route; the built-in one always.
    fn has_route(&self, route: RouteId) -> bool;
    /// Whether the account has the schedule.
    fn has_schedule(&self, schedule: ScheduleId) -> bool;
    /// How the route leads back to us: no failover may.
    fn leads_back(&self, route: RouteId) -> Option<OwnDid>;
}

/// What a draft amounts to, as far as it can be read: the editor previews a plan that is not finished.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanReading {
    /// Its name, if it is one.
    pub name: Option<Alias>,
    /// The steps that have a route; what could not be read is left as it is by default.
    pub steps: Vec<Step>,
    /// Everything that is wrong, in the order of the form: the name, each step, the steps as a whole. Steps and
    /// routes beyond those that there may be are not looked at. With nothing here, `name` is there and `steps` are all.
    pub errors: Vec<PlanError>,
}

impl PlanDraft {
    /// Reads the whole draft: every problem at once.
    pub fn read(&self, known: &impl Known) -> PlanReading {
        let mut reading = PlanReading::default();
        match Alias::parse(&self.name) {
            Ok(name) => reading.name = Some(name),
            Err(error) => reading.refuse(PlanPlace::Name, PlanProblem::Name(error)),
        }
        if self.steps.is_empty() {
            reading.refuse(PlanPlace::Steps, PlanProblem::NoStep);
        }
        if self.steps.len() > STEPS_MAX {
            reading.refuse(PlanPlace::Steps, PlanProblem::TooManySteps);
        }
        for (at, step) in self.steps.iter().enumerate().take(STEPS_MAX) {
            let read = reading.step(at, step, known);
            if !read.routes.is_empty() {
                reading.steps.push(read);
            }
        }
        let worst = reading.steps.iter().fold(Millis::ZERO, |sum, step| sum.plus(step.worst_case_ms()));
        if worst > SETUP_MAX_MS {
            reading.refuse(PlanPlace::Steps, PlanProblem::WorstCase(worst));
        }
        reading.errors.sort_by_key(|error| error.place.in_form());
        reading
    }
}

impl PlanReading {
    /// Notes something that is wrong.
    pub fn refuse(&mut self, place: PlanPlace, problem: PlanProblem) {
        self.errors.push(PlanError { place, problem });
    }

    fn step(&mut self, at: usize, draft: &StepDraft, known: &impl Known) -> Step {
        let routes = self.routes(at, draft, known);
        let enter_on = match Trigger::parse(&draft.enter_on) {
            Ok(trigger) if trigger == Trigger::NEVER => {
                self.refuse(PlanPlace::EnterOn(at), PlanProblem::TriggerEmpty);
                trigger
            }
            Ok(trigger) => trigger,
            Err(error) => {
                self.refuse(PlanPlace::EnterOn(at), PlanProblem::Trigger(error));
                Trigger::default()
            }
        };
        let hours = match draft.hours.trim() {
            "" => None,
            id => {
                let known = id.parse().ok().map(ScheduleId).filter(|id| known.has_schedule(*id));
                if known.is_none() {
                    self.refuse(PlanPlace::Hours(at), PlanProblem::UnknownSchedule);
                }
                known
            }
        };
        let defaults = crate::Defaults::default();
        let clock = CLOCK_MIN_MS..=CLOCK_MAX_MS;
        let no_response_ms = self.time(PlanPlace::NoResponse(at), &draft.no_response_s, &clock);
        let ring_ms = self.time(PlanPlace::Ring(at), &draft.ring_s, &clock);
        let stagger_ms = match draft.stagger_s.trim() {
            "" => Some(Millis::ZERO),
            text => self.time(PlanPlace::Stagger(at), text, &(Millis::ZERO..=CLOCK_MAX_MS)),
        };
        Step {
            routes,
            enter_on,
            hours,
            no_response_ms: no_response_ms.unwrap_or(defaults.no_response_ms),
            ring_ms: ring_ms.unwrap_or(defaults.ring_ms),
            stagger_ms: stagger_ms.unwrap_or_default(),
        }
    }

    fn routes(&mut self, at: usize, draft: &StepDraft, known: &impl Known) -> Vec<StepRoute> {
        let mut routes: Vec<StepRoute> = Vec::new();
        // A row that nobody filled in is no route.
        let filled = || draft.routes.iter().enumerate().filter(|(_, route)| !route.route.trim().is_empty());
        if filled().next().is_none() {
            self.refuse(PlanPlace::Routes(at), PlanProblem::NoRoute);
        }
        if filled().count() > ROUTES_PER_STEP_MAX {
            self.refuse(PlanPlace::Routes(at), PlanProblem::TooManyRoutes);
        }
        let weighted = filled().any(|(_, route)| !route.weight.trim().is_empty());
        for (place, typed) in filled().take(ROUTES_PER_STEP_MAX) {
            let weight = match typed.weight.trim() {
                "" if weighted => {
                    self.refuse(PlanPlace::Weight(at, place), PlanProblem::WeightMissing);
                    None
                }
                "" => None,
                text => {
                    let plain = text.bytes().all(|b| b.is_ascii_digit());
                    let weight = text.parse().ok().filter(|weight| plain && *weight <= WEIGHT_MAX);
                    if weight.is_none() {
                        self.refuse(PlanPlace::Weight(at, place), PlanProblem::Weight);
                    }
                    weight
                }
            };
            let place = PlanPlace::Route(at, place);
            let route = typed.route.trim().parse().ok().map(RouteId);
            match route.filter(|id| *id == RouteId::REGISTERED || known.has_route(*id)) {
                None => self.refuse(place, PlanProblem::UnknownRoute),
                Some(id) if routes.iter().any(|leg| leg.route == id) => {
                    self.refuse(place, PlanProblem::RouteTwice);
                }
                Some(route) => {
                    if let Some(why) = known.leads_back(route) {
                        self.refuse(place, PlanProblem::LeadsBack(why));
                    }
                    routes.push(StepRoute { route, weight });
                }
            }
        }
        routes
    }

    fn time(
        &mut self,
        place: PlanPlace,
        text: &str,
        range: &std::ops::RangeInclusive<Millis>,
    ) -> Option<Millis> {
        let problem = match Millis::parse_seconds(text) {
            None => PlanProblem::NotATime,
            Some(time) if time < *range.start() => PlanProblem::TooShort,
            Some(time) if time > *range.end() => PlanProblem::TooLong,
            Some(time) => return Some(time),
        };
        self.refuse(place, problem);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::E164;

    struct Account;

    impl Known for Account {
        fn has_route(&self, route: RouteId) -> bool {
            (1..=20).contains(&route.0)
        }

        fn has_schedule(&self, schedule: ScheduleId) -> bool {
            schedule.0 == 7
        }

        fn leads_back(&self, route: RouteId) -> Option<OwnDid> {
            (route.0 == 20).then(|| OwnDid::Number { number: E164::parse("+12065550100").unwrap() })
        }
    }

    fn step(routes: &[&str]) -> StepDraft {
        StepDraft {
            routes: routes
                .iter()
                .map(|route| StepRouteDraft { route: (*route).to_owned(), weight: String::new() })
                .collect(),
            enter_on: "outage".to_owned(),
            hours: String::new(),
            no_response_s: "6".to_owned(),
            ring_s: "20".to_owned(),
            stagger_s: String::new(),
        }
    }

    fn found(steps: Vec<StepDraft>) -> Vec<(PlanPlace, &'static str)> {
        let read = PlanDraft { name: "Plan".to_owned(), steps }.read(&Account);
        read.errors.iter().map(|error| (error.place, error.problem.code())).collect()
    }

    #[test]
    fn every_problem_of_a_step_stands_beside_its_field() {
        use PlanPlace::{EnterOn, Hours, NoResponse, Ring, Route, Routes, Stagger, Steps, Weight};
        let with = |change: fn(&mut StepDraft)| {
            let mut step = step(&["1", "2"]);
            change(&mut step);
            vec![step]
        };
        let eleven: Vec<String> = (1..=11).map(|id| id.to_string()).collect();
        let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
        type Row = (Vec<StepDraft>, Vec<(PlanPlace, &'static str)>);
        let rows: Vec<Row> = vec![
            (vec![step(&["1"])], vec![]),
            (vec![step(&["0", "", "2"])], vec![]),
            (vec![], vec![(Steps, "no_step")]),
            (vec![step(&["1"]); 4], vec![]),
            (vec![step(&["1"]); 5], vec![(Steps, "worst_case")]),
            (vec![step(&["", " "])], vec![(Routes(0), "no_route")]),
            (vec![step(&eleven)], vec![(Routes(0), "too_many_routes")]),
            (vec![step(&["1", "99"])], vec![(Route(0, 1), "unknown_route")]),
            (vec![step(&["1", "x"])], vec![(Route(0, 1), "unknown_route")]),
            (vec![step(&["1", "2", "1"])], vec![(Route(0, 2), "route_twice")]),
            (vec![step(&["20"])], vec![(Route(0, 0), "own_did")]),
            (with(|s| s.routes[0].weight = "5".into()), vec![(Weight(0, 1), "weight_missing")]),
            (
                with(|s| s.routes.iter_mut().for_each(|r| r.weight = "1001".into())),
                vec![(Weight(0, 0), "weight"), (Weight(0, 1), "weight")],
            ),
            (
                with(|s| s.routes.iter_mut().for_each(|r| r.weight = "+5".into())),
                vec![(Weight(0, 0), "weight"), (Weight(0, 1), "weight")],
            ),
            (with(|s| s.enter_on = "sometimes".into()), vec![(EnterOn(0), "unknown_trigger")]),
            (with(|s| s.enter_on = "never".into()), vec![(EnterOn(0), "trigger_empty")]),
            (with(|s| s.enter_on = String::new()), vec![(EnterOn(0), "unknown_trigger")]),
            (with(|s| s.hours = "8".into()), vec![(Hours(0), "unknown_schedule")]),
            (with(|s| s.hours = "7".into()), vec![]),
            (with(|s| s.no_response_s = "-6".into()), vec![(NoResponse(0), "not_a_time")]),
            (with(|s| s.no_response_s = "0.4".into()), vec![(NoResponse(0), "too_short")]),
            (with(|s| s.ring_s = "1e9".into()), vec![(Ring(0), "not_a_time")]),
            (with(|s| s.ring_s = "121".into()), vec![(Ring(0), "too_long")]),
            (with(|s| s.ring_s = String::new()), vec![(Ring(0), "not_a_time")]),
            (with(|s| s.stagger_s = "x".into()), vec![(Stagger(0), "not_a_time")]),
            (with(|s| s.stagger_s = "100".into()), vec![(Steps, "worst_case")]),
        ];
        for (steps, expected) in rows {
            assert_eq!(found(steps.clone()), expected, "{steps:?}");
        }
        let mut long = vec![step(&["1"]); 11];
        long.iter_mut().for_each(|step| step.ring_s = "1".to_owned());
        assert_eq!(found(long), [(Steps, "too_many_steps")]);
    }

    #[test]
    fn problems_come_in_the_order_of_the_form() {
        use PlanPlace::{EnterOn, Hours, NoResponse, Ring, Route, Routes, Stagger, Steps, Weight};
        let mut first = step(&["1", "99"]);
        first.routes[1].weight = "x".to_owned();
        (first.enter_on, first.hours) = ("sometimes".to_owned(), "8".to_owned());
        (first.no_response_s, first.ring_s, first.stagger_s) = ("x".into(), "x".into(), "x".into());
        let mut steps = vec![first, step(&[""])];
        steps.extend(vec![step(&["1"]); 9]);
        let places: Vec<PlanPlace> = found(steps).into_iter().map(|(place, _)| place).collect();
        let of_first = [EnterOn(0), Hours(0), Route(0, 1), NoResponse(0), Ring(0), Stagger(0)];
        let rest = [Weight(0, 0), Weight(0, 1), Routes(1), Steps, Steps];
        assert_eq!(places, [&of_first[..], &rest].concat());
    }

    #[test]
    fn a_step_reads_back_from_its_own_form() {
        let mut draft = step(&["3", "4"]);
        draft.hours = "7".to_owned();
        draft.stagger_s = "2.5".to_owned();
        draft.enter_on = "404, 5xx, no_answer".to_owned();
        draft.routes.iter_mut().for_each(|route| route.weight = "10".to_owned());
        let read = PlanDraft { name: "Plan".to_owned(), steps: vec![draft] }.read(&Account);
        assert_eq!(read.errors, []);
        let again = PlanDraft::of(&read.name.clone().unwrap(), &read.steps).read(&Account);
        assert_eq!(again, read);
    }
}
