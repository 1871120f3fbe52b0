//! What a call would do with a draft: the sentence, the picture, the steps, the warnings.

use std::fmt::Write;

use routing::{
    Alias, CallerBehaviour, CivilDate, E164, Failover, FailoverPlan, Failure, Fault, FaultTarget,
    InjectedFault, Known, Millis, PlanDraft, PlanError, RouteId, Routing, Scenario, ScheduleId, Simulator,
    Snapshot, Step, Trace, Weekday, Zone,
};

use super::{
    Ground, budget,
    glance::{Line, glance},
    warnings,
};
use crate::{
    choices,
    desk::{Naming, Shown, aloud, fault_words, outcome_html},
    timeline,
};

/// What is asked of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Before the plan.
    pub primary: String,
    /// A failure as [`Failure`] prints it, or [`BY_ROUTE`].
    pub failure: String,
    /// For each route its fault, as [`Fault::parse`] reads it. Counts where the failure is [`BY_ROUTE`].
    pub faults: Vec<(RouteId, String)>,
    /// A day's name; empty: any time.
    pub day: String,
    /// `03:00`
    pub time: String,
    /// Seconds; empty: never.
    pub hangs_up: String,
}

/// Each route has a fault of its own.
const BY_ROUTE: &str = "by-route";

/// Faults to choose from for one route, as [`Fault::parse`] reads them.
const FAULTS: [&str; 13] = [
    "silent",
    "503",
    "dns",
    "tls",
    "refused",
    "trying",
    "rings",
    "busy",
    "declines",
    "404",
    "480",
    "18s",
    "voicemail",
];

/// When the caller gives up: seconds, label.
const PATIENCE: [(&str, &str); 5] =
    [("", "never"), ("10", "after 10 s"), ("20", "after 20 s"), ("30", "after 30 s"), ("60", "after 60 s")];

impl Asked {
    /// At first the busiest primary is silent, at any time.
    pub fn new(ground: &Ground) -> Asked {
        let primary = ground.primaries().first().map(|(id, _)| id.to_string()).unwrap_or_default();
        Asked {
            primary,
            failure: Failure::Primary(Fault::Silent).to_string(),
            faults: Vec::new(),
            day: String::new(),
            time: "12:00".into(),
            hangs_up: String::new(),
        }
    }
}

/// What comes of a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The call: words, picture, step by step. HTML.
    pub call: String,
    /// The same for the ear, without the plan's name.
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
    let errors = reading.errors;
    if let Some(note) = unseen(ground, &reading.steps) {
        let html = format!("<p class=\"muted\">{}</p>", timeline::escape(&note));
        return Outlook {
            call: html.clone(),
            said: note,
            glance: html.clone(),
            warnings: html,
            budget,
            errors,
        };
    }
    let Some(mut trial) = Trial::new(ground, draft, reading.steps, reading.name, places) else {
        return Outlook { budget, errors, ..Outlook::default() };
    };
    let (trace, glance) = trial.run_all(asked);
    let mut call = outcome_html(Shown {
        snapshot: &trial.told,
        trace: trace.as_ref(),
        span: timeline::span(&trace),
        id: "draft",
        open: false,
        steps_of: None,
    });
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
    let note = note(ground, draft, trial.is_plan);
    if !note.is_empty() {
        call.insert_str(0, &format!("<p class=\"muted\">{note}</p>"));
        said.insert_str(0, &format!("{note} "));
    }
    Outlook { call, said, glance, warnings, budget, errors }
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

/// Whether a step has a route, so that it is one of the reading's.
fn counts(ground: &Ground, step: &routing::StepDraft) -> bool {
    let known = |id: RouteId| id == RouteId::REGISTERED || ground.has_route(id);
    step.routes.iter().any(|leg| leg.route.trim().parse().ok().map(RouteId).is_some_and(known))
}

/// The place in the form of each step that has a route.
fn places(ground: &Ground, draft: &PlanDraft) -> Vec<u8> {
    (0..).zip(&draft.steps).filter(|(_, step)| counts(ground, step)).map(|(at, _)| at).collect()
}

/// The configuration with the draft in it.
struct Trial<'a> {
    ground: &'a Ground,
    /// What calls walk: steps that ring somewhere.
    drafted: Snapshot,
    /// The same with the form's own numbers: steps that ring nowhere are in it too. For names only.
    told: Snapshot,
    /// What the plan is called where its name is left out.
    nameless: Alias,
    /// The place in the form of each step that calls walk.
    places: Vec<u8>,
    is_plan: bool,
    /// A number to call. Any one does: a call is known by its routing.
    example: E164,
}

impl<'a> Trial<'a> {
    fn new(
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

    /// From here on the plan is told without its name.
    fn forget_name(&mut self) {
        for plan in &mut self.told.plans {
            plan.name.clone_from(&self.nameless);
        }
    }

    /// The call that is asked for, and what every failure would do in a line each.
    fn run_all(&self, asked: &Asked) -> (Option<Trace>, String) {
        let simulator = Simulator::new(&self.drafted);
        let failures = failures(self.ground, &self.drafted);
        let mut shown = None;
        let mut lines = Vec::with_capacity(failures.len());
        for failure in &failures {
            let trace = self.run(&simulator, asked, Some(failure));
            let words = failure_words(&self.ground.snapshot, failure);
            let name = failure.to_string();
            if name == asked.failure {
                shown.clone_from(&trace);
            }
            lines.push(Line { failure: name, words, trace });
        }
        if !lines.iter().any(|line| line.failure == asked.failure) {
            let by_route = asked.failure == BY_ROUTE;
            shown = self.run(&simulator, asked, (!by_route).then_some(&Failure::Nothing));
        }
        (shown, glance(&self.drafted, &lines, &asked.failure))
    }

    /// A call under a failure; `None`: each route has the fault that is asked for.
    fn run(&self, simulator: &Simulator<'_>, asked: &Asked, failure: Option<&Failure>) -> Option<Trace> {
        let primary = asked.primary.parse().ok().map(RouteId)?;
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
        // Marked down since they do not answer: tried as a last resort, they do not answer either.
        for route in &self.ground.marked_down {
            scenario.marked_down.push(*route);
            scenario = scenario.with_fault(FaultTarget::Route(*route), Fault::Silent);
        }
        let mut trace = simulator.run_did(&routing.did(self.example), &scenario).ok()?;
        self.renumber(&mut trace);
        Some(trace)
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
    fn moment(&self, asked: &Asked) -> Option<i64> {
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

/// A failure as a sentence without its full stop.
fn failure_words(snapshot: &Snapshot, failure: &Failure) -> String {
    let mut words = Naming(snapshot).failure(failure);
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

fn clocks(ground: &Ground) -> routing::Clocks {
    let defaults = &ground.snapshot.defaults;
    routing::Clocks { no_response_ms: defaults.no_response_ms, ring_ms: defaults.ring_ms }
}

/// The zone of the first hours in the plan, else of the account's first schedule.
fn zone(drafted: &Snapshot) -> Zone {
    let of_plan = drafted.plans.iter().flat_map(|plan| &plan.steps).find_map(|step| step.hours);
    let first: Option<ScheduleId> = of_plan.or_else(|| drafted.schedules.first().map(|schedule| schedule.id));
    first.and_then(|id| drafted.schedule(id)).map_or_else(Zone::utc, |(_, zone)| zone.clone())
}

/// The failures that can touch a call: of the plan's routes and the primaries, not of the whole account.
fn failures(ground: &Ground, drafted: &Snapshot) -> Vec<Failure> {
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

/// The parts of the controls that go by the draft: the failures of the drop-down, and the drop-downs of the routes.
/// HTML; what was chosen stays chosen.
pub fn offered(ground: &Ground, draft: &PlanDraft, asked: &Asked) -> (String, String) {
    let reading = draft.read(ground);
    let places = places(ground, draft);
    let Some(trial) = Trial::new(ground, draft, reading.steps, reading.name, places) else {
        return Default::default();
    };
    let mut options = String::new();
    let mut found = false;
    for failure in failures(ground, &trial.drafted) {
        let value = failure.to_string();
        found |= value == asked.failure;
        choices::option(
            &mut options,
            &value,
            &failure_words(&ground.snapshot, &failure),
            value == asked.failure,
        );
    }
    found |= asked.failure == BY_ROUTE;
    choices::option(&mut options, BY_ROUTE, "Each route in a way of its own…", asked.failure == BY_ROUTE);
    if !found {
        choices::option(&mut options, &asked.failure, "(nothing of this plan)", true);
    }
    let mut pickers = String::new();
    if asked.failure == BY_ROUTE {
        let primary = asked.primary.parse().ok().map(RouteId);
        let of_plan = trial.drafted.plans.iter().flat_map(FailoverPlan::routes);
        let mut seen: Vec<RouteId> = Vec::new();
        for route in primary.into_iter().chain(of_plan) {
            if seen.contains(&route) {
                continue;
            }
            seen.push(route);
            let chosen =
                asked.faults.iter().find(|(id, _)| *id == route).map_or("", |(_, fault)| fault.as_str());
            let words: Vec<(String, String)> = FAULTS
                .iter()
                .filter_map(|word| Some(((*word).to_owned(), fault_words(Fault::parse(word).ok()?))))
                .collect();
            let all = std::iter::once(("", "works as usual"))
                .chain(words.iter().map(|(value, words)| (value.as_str(), words.as_str())));
            let label = ground.name_of(route);
            choices::picker(&mut pickers, &label, &format!("fault-{route}"), all, chosen);
        }
    }
    (options, pickers)
}

/// The controls over the picture.
pub fn controls(ground: &Ground, draft: &PlanDraft, asked: &Asked) -> String {
    let (options, pickers) = offered(ground, draft, asked);
    let mut out = String::from("<div class=\"controls\">");
    let primaries: Vec<(String, String)> = ground
        .primaries()
        .into_iter()
        .map(|(id, dids)| {
            let name = timeline::name_of(&ground.snapshot, id);
            let words = match dids {
                0 => name,
                1 => format!("{name} (1 DID)"),
                dids => format!("{name} ({dids} DIDs)"),
            };
            (id.to_string(), words)
        })
        .collect();
    let borrowed = primaries.iter().map(|(value, words)| (value.as_str(), words.as_str()));
    choices::picker(&mut out, "The primary", "asked-primary", borrowed, &asked.primary);
    let _ = write!(
        out,
        "<div><label for=\"asked-failure\">What fails</label><select id=\"asked-failure\">{options}</select></div>"
    );
    let days = Weekday::ALL.iter().map(|day| (day.name(), day.name()));
    let days = std::iter::once(("", "at any time, all hours open")).chain(days);
    choices::picker(&mut out, "When", "asked-day", days, &asked.day);
    let _ = write!(
        out,
        "<div id=\"asked-clock\"{}><label for=\"asked-time\">at</label><input type=\"time\" id=\"asked-time\" \
         value=\"{}\"></div>",
        if asked.day.is_empty() { " hidden" } else { "" },
        timeline::escape(&asked.time)
    );
    choices::picker(&mut out, "The caller hangs up", "asked-hangs-up", PATIENCE.into_iter(), &asked.hangs_up);
    let _ = write!(out, "</div><div class=\"controls\" id=\"asked-faults\">{pickers}</div>");
    out
}
