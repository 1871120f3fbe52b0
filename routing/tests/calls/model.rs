//! Plans by a model that knows no machine and no queue. For each step it works out when every leg would end
//! if it were left alone, sorts these moments, and reads off the first that ends the step.

use routing::{Fault, Preset, RouteId};

use crate::reference::{enters, fate, told_to_the_caller};

/// The edge's longest set-up.
const SET_UP_MAX_MS: u32 = 120_000;

/// What health says of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Up,
    Down,
    SwitchedOff,
}

/// A step as the model sees it; the primary is one too.
#[derive(Clone, Debug)]
pub(crate) struct ModelStep {
    pub(crate) routes: Vec<RouteId>,
    pub(crate) enter_on: Preset,
    pub(crate) open: bool,
    /// Silence and ringing.
    pub(crate) clocks: (u32, u32),
    pub(crate) stagger_ms: u32,
}

/// A call as the model sees it.
#[derive(Clone, Debug)]
pub(crate) struct ModelCall {
    /// The primary first.
    pub(crate) steps: Vec<ModelStep>,
    /// What befalls a route, and what health says of it; a route that is not here is well.
    pub(crate) routes: Vec<(RouteId, Option<Fault>, Health)>,
    pub(crate) default_trigger: Preset,
    pub(crate) hangs_up_ms: Option<u32>,
}

/// What ends a step or a leg, in the order of one millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Answered,
    CallerHungUp,
    FarFailure,
    SetUpTooLong,
    Clock,
    /// A leg that a stagger starts answers or fails at once: starts come last.
    StartedAndAnswered,
    StartedAndFailed,
}

/// How a step ended.
enum Ended {
    /// The call is over: how.
    Call(String),
    /// All its legs failed; the failure that stands for them.
    Failed(&'static str),
}

/// A call while the model walks it.
struct Told<'a> {
    call: &'a ModelCall,
    now: u32,
    rings_from: Option<u32>,
    lines: Vec<String>,
}

/// The call in lines: the steps as they are judged, the attempts of each in order of dialling, the outcome
/// and how long the caller heard nothing.
pub(crate) fn expected(call: &ModelCall) -> Vec<String> {
    let mut told = Told { call, now: 0, rings_from: None, lines: Vec::new() };
    let outcome = told.walk();
    let silence = told.rings_from.unwrap_or(told.now);
    told.lines.push(format!("{outcome} at {} after {silence} of silence", told.now));
    told.lines
}

impl Told<'_> {
    fn health(&self, route: RouteId) -> Health {
        self.call.routes.iter().find(|(id, ..)| *id == route).map_or(Health::Up, |(.., health)| *health)
    }

    /// The outcome.
    fn walk(&mut self) -> String {
        let call = self.call;
        let has = |told: &Self, health| {
            call.steps.iter().flat_map(|step| &step.routes).any(|route| told.health(*route) == health)
        };
        let mut last = None;
        let mut fitting = Vec::new();
        if let Some(over) = self.pass(Health::Up, false, &mut last, &mut fitting) {
            return over;
        }
        let mut tried = Health::Up;
        if !has(self, Health::Up) {
            tried = if has(self, Health::Down) { Health::Down } else { Health::SwitchedOff };
            fitting.clear();
            if let Some(over) = self.pass(tried, true, &mut last, &mut fitting) {
                return over;
            }
        }
        for health in [Health::Down, Health::SwitchedOff].into_iter().filter(|health| *health != tried) {
            for &index in &fitting {
                let legs = self.legs(index, health);
                if legs.is_empty() || last.is_some_and(|cause| !enters(call.default_trigger, cause)) {
                    continue;
                }
                self.lines.push(format!("{index} last resort at {}", self.now));
                match self.step(index, &legs) {
                    Ended::Call(outcome) => return outcome,
                    Ended::Failed(cause) => last = Some(cause),
                }
            }
        }
        last.map_or("480", told_to_the_caller).to_owned()
    }

    fn legs(&self, index: usize, health: Health) -> Vec<RouteId> {
        let routes = self.call.steps[index].routes.iter().copied();
        routes.filter(|route| self.health(*route) == health).collect()
    }

    /// Looks at each step once, in order, and enters it with the routes of that health. Gives the outcome if
    /// the call is over then; `last` is the last failure, `fitting` the steps that trigger and hours would
    /// let in.
    fn pass(
        &mut self,
        health: Health,
        last_resort: bool,
        last: &mut Option<&'static str>,
        fitting: &mut Vec<usize>,
    ) -> Option<String> {
        let mut down = None;
        for (index, step) in self.call.steps.iter().enumerate() {
            let causes: Vec<&str> = last.iter().copied().chain(down).collect();
            let matched = causes.iter().find(|cause| enters(step.enter_on, cause)).copied();
            let now = self.now;
            if let (Some(cause), None) = (causes.first(), matched) {
                self.lines.push(format!("{index} trigger refuses {cause} at {now}"));
                continue;
            }
            if !step.open {
                self.lines.push(format!("{index} closed at {now}"));
                continue;
            }
            fitting.push(index);
            let legs = self.legs(index, health);
            if legs.is_empty() {
                self.lines.push(format!("{index} down at {now}"));
                down = Some("marked down");
                continue;
            }
            if last_resort {
                self.lines.push(format!("{index} last resort at {now}"));
            } else {
                self.lines.push(format!("{index} entered on {} at {now}", matched.unwrap_or("nothing")));
                let left_out = step.routes.iter().filter(|route| self.health(**route) != health);
                let left_out: Vec<String> = left_out.map(|id| format!("{index} without {id}")).collect();
                self.lines.extend(left_out);
            }
            down = None;
            match self.step(index, &legs) {
                Ended::Call(outcome) => return Some(outcome),
                Ended::Failed(cause) => *last = Some(cause),
            }
        }
        None
    }

    /// Dials the legs of a step.
    fn step(&mut self, index: usize, legs: &[RouteId]) -> Ended {
        let step = &self.call.steps[index];
        let fates: Vec<_> = legs
            .iter()
            .map(|route| {
                let listed = self.call.routes.iter().find(|(id, ..)| id == route);
                fate(*route, listed.and_then(|(_, fault, _)| *fault), step.clocks)
            })
            .collect();
        let starts: Vec<u32> = (0..).zip(legs).map(|(place, _)| self.now + place * step.stagger_ms).collect();
        let mut ends: Vec<(u32, End, RouteId, usize)> =
            vec![(SET_UP_MAX_MS, End::SetUpTooLong, RouteId(0), 0)];
        ends.extend(self.call.hangs_up_ms.map(|at| (at, End::CallerHungUp, RouteId(0), 0)));
        for (leg, fate) in fates.iter().enumerate() {
            let at_its_start = fate.ms == 0 && starts[leg] > self.now;
            let end = match fate.failure {
                None if at_its_start => End::StartedAndAnswered,
                None => End::Answered,
                Some(_) if at_its_start => End::StartedAndFailed,
                Some("no response" | "no answer") => End::Clock,
                Some(_) => End::FarFailure,
            };
            ends.push((starts[leg] + fate.ms, end, legs[leg], leg));
        }
        ends.sort_unstable();
        let mut failed: Vec<(usize, u32)> = Vec::new();
        let (mut over, mut stopped) = (None, None);
        for (at, end, _, leg) in ends {
            self.now = at;
            over = match end {
                End::Answered | End::StartedAndAnswered => {
                    Some(format!("answered {} by {:?}", legs[leg], fates[leg].by))
                }
                End::CallerHungUp => Some("hung up".to_owned()),
                End::SetUpTooLong => Some("408".to_owned()),
                End::FarFailure | End::Clock | End::StartedAndFailed => {
                    failed.push((leg, at));
                    None
                }
            };
            if over.is_some() || failed.last().is_some_and(|(leg, _)| fates[*leg].failure == Some("603")) {
                stopped = Some((at, leg));
                break;
            }
            if failed.len() == legs.len() {
                break;
            }
        }
        let answered = over.as_ref().filter(|over| over.starts_with("answered"));
        for (leg, route) in legs.iter().enumerate() {
            let start = starts[leg];
            // Without a stagger all are dialled before anything can come back.
            let never = stopped.is_some_and(|(at, by)| start >= at && leg != by);
            if never && leg > 0 && step.stagger_ms > 0 {
                continue;
            }
            if fates[leg].rings {
                self.rings_from = Some(self.rings_from.map_or(start, |from| from.min(start)));
            }
            let end = match failed.iter().find(|(failed, _)| *failed == leg) {
                Some((_, at)) => format!("{} {at}", fates[leg].failure.unwrap_or_default()),
                None if answered.is_some_and(|over| over.starts_with(&format!("answered {route} "))) => {
                    format!("answered {}", self.now)
                }
                None => format!("cancelled {}", self.now),
            };
            self.lines.push(format!("{index} dialled {route} at {start}: {end}"));
        }
        match over {
            Some(over) => Ended::Call(over),
            None => Ended::Failed(best(failed.iter().map(|(leg, _)| (legs[*leg], fates[*leg].failure)))),
        }
    }
}

/// The failure that stands for a step.
fn best(failed: impl Iterator<Item = (RouteId, Option<&'static str>)>) -> &'static str {
    let mut failed: Vec<(RouteId, &'static str)> =
        failed.map(|(route, failure)| (route, failure.unwrap_or_default())).collect();
    if failed.iter().any(|(_, failure)| *failure == "no answer") {
        failed.retain(|(_, failure)| *failure != "no response");
    }
    // The codes of `reference::CODES` and of the faults, best first.
    let places = ["603", "302", "401", "404", "408", "480", "486", "487", "500", "501"];
    let place = |failure: &str| {
        let code = if failure.starts_with("no ") { "408" } else { failure };
        // What could not be sent counts as 503, and that comes last.
        places.iter().position(|other| *other == code).unwrap_or(places.len())
    };
    failed.sort_by_key(|(route, failure)| (place(failure), *route));
    failed[0].1
}
