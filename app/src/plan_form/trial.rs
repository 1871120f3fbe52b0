//! Calls with a draft: the configuration with the draft in it, and what is asked of it.

use routing::{
    Alias, CallerBehaviour, CivilDate, CompileError, E164, Failover, FailoverPlan, Failure, Fault,
    FaultTarget, InjectedFault, Known, Millis, PlanDraft, RouteId, Routing, Scenario, ScheduleId, Simulator,
    Snapshot, Step, Trace, Weekday, Zone,
};

use super::{
    Asked, Ground,
    asked::{BY_ROUTE, failure_words},
    glance::{Line, glance},
};

/// Whether a step has a route, so that it is one of the reading's.
pub(super) fn counts(ground: &Ground, step: &routing::StepDraft) -> bool {
    let known = |id: RouteId| id == RouteId::REGISTERED || ground.has_route(id);
    step.routes.iter().any(|leg| leg.route.trim().parse().ok().map(RouteId).is_some_and(known))
}

/// The place in the form of each step that has a route.
pub(super) fn places(ground: &Ground, draft: &PlanDraft) -> Vec<u8> {
    (0..).zip(&draft.steps).filter(|(_, step)| counts(ground, step)).map(|(at, _)| at).collect()
}

/// A call, or why there is none.
type Call = Result<Trace, CompileError>;

/// The configuration with the draft in it.
pub(super) struct Trial<'a> {
    ground: &'a Ground,
    /// What calls walk: steps that ring somewhere.
    pub(super) drafted: Snapshot,
    /// The same with the form's own numbers: steps that ring nowhere are in it too. For names only.
    pub(super) told: Snapshot,
    /// What the plan is called where its name is left out.
    nameless: Alias,
    /// The place in the form of each step that calls walk.
    pub(super) places: Vec<u8>,
    pub(super) is_plan: bool,
    /// A number to call. Any one does: a call is known by its routing.
    pub(super) example: E164,
}

impl<'a> Trial<'a> {
    pub(super) fn new(
        ground: &'a Ground,
        draft: &PlanDraft,
        steps: Vec<Step>,
        name: Option<Alias>,
        places: Vec<u8>,
    ) -> Option<Trial<'a>> {
        let example = E164::parse("+12065550100").ok()?;
        let nameless = Alias::parse("this plan").ok()?;
        let name = name.unwrap_or_else(|| nameless.clone());
        let is_plan = !steps.is_empty();
        let mut all = Vec::new();
        let mut walked = steps.iter();
        for step in &draft.steps {
            let empty = || Step::of([], routing::Trigger::NEVER, clocks(ground));
            all.push(if counts(ground, step) {
                walked.next().cloned().unwrap_or_else(empty)
            } else {
                empty()
            });
        }
        let with = |steps: Vec<Step>| {
            let mut snapshot = ground.snapshot.clone();
            snapshot.plans = vec![FailoverPlan { id: ground.id(), name: name.clone(), steps }];
            snapshot
        };
        Some(Trial { ground, told: with(all), drafted: with(steps), nameless, places, is_plan, example })
    }

    /// The stored plan on the same ground; `None`: there is none, or its steps are those of the draft.
    pub(super) fn of_stored(&self) -> Option<Trial<'a>> {
        let stored = self.ground.stored()?;
        if self.drafted.plan(stored.id).is_some_and(|drafted| drafted.steps == stored.steps) {
            return None;
        }
        let draft = PlanDraft::of(&stored.name, &stored.steps);
        let places = places(self.ground, &draft);
        Trial::new(self.ground, &draft, stored.steps.clone(), Some(stored.name.clone()), places)
    }

    /// From here on the plan is told without its name.
    pub(super) fn forget_name(&mut self) {
        for plan in &mut self.told.plans {
            plan.name.clone_from(&self.nameless);
        }
    }

    /// The call that is asked for, and what every failure would do in a line each.
    pub(super) fn run_all(&self, asked: &Asked) -> (Call, String) {
        let simulator = Simulator::new(&self.drafted);
        let failures = failures(self.ground, &self.drafted);
        let mut shown = None;
        let mut lines = Vec::with_capacity(failures.len());
        for failure in &failures {
            let trace = self.run(&simulator, asked, Some(failure));
            let words = failure_words(&self.ground.snapshot, failure);
            let name = failure.to_string();
            if name == asked.failure {
                shown = Some(trace.clone());
            }
            lines.push(Line { failure: name, words, trace: trace.ok() });
        }
        let shown = shown.unwrap_or_else(|| self.run(&simulator, asked, self.failure(asked).as_ref()));
        (shown, glance(&self.drafted, &lines, &asked.failure))
    }

    /// The failure that is asked for; `None`: each route fails in its own way. One that cannot touch this plan is none.
    pub(super) fn failure(&self, asked: &Asked) -> Option<Failure> {
        let listed = failures(self.ground, &self.drafted);
        let asked_for = listed.into_iter().find(|failure| failure.to_string() == asked.failure);
        asked_for.or((asked.failure != BY_ROUTE).then_some(Failure::Nothing))
    }

    /// The call with this failure, whether or not it can touch the plan.
    pub(super) fn run_one(&self, asked: &Asked, failure: Option<&Failure>) -> Call {
        self.run(&Simulator::new(&self.drafted), asked, failure)
    }

    /// A call under a failure; `None`: each route has the fault that is asked for.
    fn run(&self, simulator: &Simulator<'_>, asked: &Asked, failure: Option<&Failure>) -> Call {
        let primary = asked.primary.parse().map(RouteId).unwrap_or_default();
        let failover = if self.is_plan { Failover::Plan(self.ground.id()) } else { Failover::None };
        let routing = Routing { primary, failover, weights: None };
        let mut scenario = Scenario::new(self.example);
        scenario.at = self.moment(asked);
        let seconds = asked.hangs_up.parse::<u32>().ok();
        scenario.caller = CallerBehaviour { hangs_up_after: seconds.map(|s| Millis(s.saturating_mul(1000))) };
        match failure {
            Some(failure) => scenario = failure.befalls(scenario, routing),
            None => {
                for (route, fault) in &asked.faults {
                    if let Ok(fault) = Fault::parse(fault) {
                        scenario.faults.push(InjectedFault { on: FaultTarget::Route(*route), fault });
                    }
                }
            }
        }
        scenario.mark_down(&self.ground.marked_down);
        let mut trace = simulator.run_did(&routing.did(self.example), &scenario)?;
        self.renumber(&mut trace);
        Ok(trace)
    }

    /// Gives the steps of a trace the numbers that they have in the form.
    fn renumber(&self, trace: &mut Trace) {
        let place = |step: u8| match step.checked_sub(1).and_then(|at| self.places.get(usize::from(at))) {
            Some(place) => place.saturating_add(1),
            None => step,
        };
        for event in &mut trace.events {
            event.step = event.step.map(place);
        }
        for attempt in &mut trace.attempts {
            attempt.step = place(attempt.step);
        }
    }

    /// The next such day at that time, in the zone of the plan's first hours.
    pub(super) fn moment(&self, asked: &Asked) -> Option<i64> {
        let day = Weekday::ALL.into_iter().find(|day| day.name() == asked.day)?;
        let (hour, minute) = asked.time.split_once(':')?;
        let minute = hour.parse::<u16>().ok()?.checked_mul(60)?.checked_add(minute.parse().ok()?)?;
        let zone = zone(&self.drafted);
        let local = self.ground.now.saturating_add(i64::from(zone.offset_at(self.ground.now)));
        let date = (0..7)
            .map(|ahead| CivilDate::of_local_second(local.saturating_add(ahead * 86_400)))
            .find(|date| date.weekday() == day)?;
        Some(zone.utc_of(date.local_second(minute)))
    }
}

fn clocks(ground: &Ground) -> routing::Clocks {
    let defaults = &ground.snapshot.defaults;
    routing::Clocks { no_response_ms: defaults.no_response_ms, ring_ms: defaults.ring_ms }
}

/// The zone of the first hours in the plan, else of the account's first schedule.
pub(super) fn zone(drafted: &Snapshot) -> Zone {
    let of_plan = drafted.plans.iter().flat_map(|plan| &plan.steps).find_map(|step| step.hours);
    let first: Option<ScheduleId> = of_plan.or_else(|| drafted.schedules.first().map(|schedule| schedule.id));
    first.and_then(|id| drafted.schedule(id)).map_or_else(Zone::utc, |(_, zone)| zone.clone())
}

/// The failures that can touch a call: of the plan's routes and the primaries, not of the whole account.
pub(super) fn failures(ground: &Ground, drafted: &Snapshot) -> Vec<Failure> {
    let primaries = ground.primaries();
    let used: Vec<RouteId> = drafted
        .plans
        .iter()
        .flat_map(FailoverPlan::routes)
        .chain(primaries.iter().map(|(id, _)| *id))
        .collect();
    let routes = ground.snapshot.routes.iter().filter(|route| used.contains(&route.id)).cloned().collect();
    Failure::of(&Snapshot { routes, plans: drafted.plans.clone(), ..Snapshot::default() })
}
