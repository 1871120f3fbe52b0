//! Each step of a call's routing in a row: what came of it, or why it was not taken.

use std::fmt::Write;

use routing::{AttemptTrace, Cause, Did, Outcome, PassedOver, RouteId, Snapshot, Trace, Trigger, What};

use super::Naming;
use crate::timeline::{cause_word, ending, escape};

/// One route of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `Primary`, `Failover`, or the number of the plan's step.
    pub step: String,
    /// What was tried, or would have been.
    pub routes: String,
    /// From when to when; empty if it was not tried.
    pub when: String,
    /// What came of it, or why it was not taken.
    pub what: String,
    /// Whether it was tried.
    pub taken: bool,
}

/// A step as the routing has it.
struct Step {
    name: String,
    routes: Vec<RouteId>,
    enter_on: Trigger,
}

/// Every step of the number's routing, in the order in which a call walks it.
pub fn rows(snapshot: &Snapshot, did: &Did, trace: &Trace) -> Vec<Row> {
    let steps = steps(snapshot, did, trace);
    (0_u8..).zip(&steps).flat_map(|(index, step)| rows_of(snapshot, step, index, trace)).collect()
}

fn steps(snapshot: &Snapshot, did: &Did, trace: &Trace) -> Vec<Step> {
    let plain = |name: &str, route| Step {
        name: name.to_owned(),
        routes: vec![route],
        enter_on: snapshot.defaults.trigger,
    };
    let mut steps = vec![plain("Primary", did.primary)];
    if let Some(route) = did.failover.route() {
        steps.push(plain("Failover", route));
        if trace.events.iter().any(|event| event.what == What::SharedByWeight) {
            steps.reverse();
        }
    }
    let plan = did.failover.plan().and_then(|id| snapshot.plan(id));
    for (number, step) in (1..).zip(plan.map(|plan| plan.steps.as_slice()).unwrap_or_default()) {
        let routes = step.routes.iter().map(|leg| leg.route).collect();
        steps.push(Step { name: format!("{number}"), routes, enter_on: step.enter_on });
    }
    steps
}

fn rows_of(snapshot: &Snapshot, step: &Step, index: u8, trace: &Trace) -> Vec<Row> {
    let naming = Naming(snapshot);
    let happened: Vec<What> = events(trace, index).map(|(_, what)| what).collect();
    let attempts: Vec<&AttemptTrace> = trace.attempts.iter().filter(|a| a.step == index).collect();
    let row = |routes: String, when: String, what: String, taken: bool| Row {
        step: step.name.clone(),
        routes,
        when,
        what,
        taken,
    };
    if attempts.is_empty() {
        let names: Vec<String> = step.routes.iter().map(|id| naming.route(*id)).collect();
        return vec![row(names.join(", "), String::new(), not_taken(step, &happened, trace, naming), false)];
    }
    let why = entered(&happened);
    let mut rows: Vec<Row> = attempts
        .iter()
        .map(|attempt| {
            let when = format!("{} – {}", attempt.started_ms.seconds(), attempt.ended_ms);
            row(naming.route(attempt.route), when, format!("{}{why}", ending(attempt)), true)
        })
        .collect();
    let left_out = step.routes.iter().filter(|id| !attempts.iter().any(|a| a.route == **id));
    for id in left_out {
        let down = events(trace, index).any(|(on, what)| on == Some(*id) && what == What::RoutePassedOver);
        let why = if down {
            "Not tried: it is marked down".to_owned()
        } else if happened.iter().any(|what| matches!(what, What::StepCut(_))) {
            "Not tried: the call has used up its attempts".to_owned()
        } else {
            too_late(trace, naming)
        };
        rows.push(row(naming.route(*id), String::new(), why, false));
    }
    rows
}

fn events(trace: &Trace, step: u8) -> impl Iterator<Item = (Option<RouteId>, What)> {
    trace.events.iter().filter(move |event| event.step == Some(step)).map(|event| (event.route, event.what))
}

/// Why the step was entered, to be read after what came of it.
fn entered(happened: &[What]) -> String {
    let last_resort = happened.contains(&What::LastResort);
    let cause = happened.iter().find_map(|what| match what {
        What::StepEntered(cause) => *cause,
        _ => None,
    });
    match (last_resort, cause) {
        (true, _) => "; tried as a last resort, though marked down".into(),
        (false, Some(cause)) => format!("; entered because of {}", cause_word(cause)),
        (false, None) => String::new(),
    }
}

fn not_taken(step: &Step, happened: &[What], trace: &Trace, naming: Naming<'_>) -> String {
    let passed = happened.iter().find_map(|what| match what {
        What::StepPassedOver(why) => Some(*why),
        _ => None,
    });
    match passed {
        Some(PassedOver::Trigger(cause)) => trigger_words(&step.enter_on, cause),
        Some(PassedOver::Hours) => "Not tried: its hours are closed at that time".into(),
        Some(PassedOver::Health) => "Not tried: marked down".into(),
        Some(PassedOver::Attempts) => "Not tried: the call has used up its attempts".into(),
        None => too_late(trace, naming),
    }
}

fn trigger_words(trigger: &Trigger, cause: Cause) -> String {
    let name = match trigger.name() {
        "custom" => trigger.to_string(),
        preset => preset.replace('_', " "),
    };
    format!("Not tried: it is entered on “{name}”, and {} is none", cause_word(cause))
}

/// Why a step that nothing spoke against was not reached.
fn too_late(trace: &Trace, naming: Naming<'_>) -> String {
    match trace.outcome {
        Outcome::Answered { route, .. } => format!("Not needed: {} answered before", naming.route(route)),
        Outcome::CallerHungUp { .. } => "Not reached: the caller hung up before".into(),
        Outcome::Rejected { .. } => "Not reached: the call was over before".into(),
    }
}

/// The rows as a table.
pub(super) fn table(snapshot: &Snapshot, did: &Did, trace: &Trace) -> String {
    let mut out = String::from(
        "<table class=\"steps attempts\"><thead><tr><th scope=\"col\">Step</th><th scope=\"col\">Route</th>\
         <th scope=\"col\">From – to</th><th scope=\"col\">What came of it</th></tr></thead><tbody>",
    );
    for row in rows(snapshot, did, trace) {
        let class = if row.taken { "" } else { " class=\"muted\"" };
        let _ = write!(
            out,
            "<tr{class}><td>{}</td><td>{}</td><td class=\"figure nowrap\">{}</td><td>{}</td></tr>",
            escape(&row.step),
            escape(&row.routes),
            row.when,
            escape(&row.what)
        );
    }
    out.push_str("</tbody></table>");
    out
}

#[cfg(test)]
mod tests {
    use routing::{
        Alias, DidId, E164, Failover, FailoverPlan, Fault, FaultTarget, InboundRoute, Millis, PlanId, Preset,
        RouteTarget, Scenario, StepRoute, simulate,
    };

    use super::*;

    fn snapshot() -> Snapshot {
        let route = |id, alias: &str| InboundRoute {
            id: RouteId(id),
            alias: Alias::parse(alias).unwrap(),
            target: RouteTarget::Phone(E164::parse("+12065550199").unwrap()),
            edge: None,
            domains: Default::default(),
        };
        let step = |routes: &[i64], preset: Preset| routing::Step {
            routes: routes.iter().map(|id| StepRoute { route: RouteId(*id), weight: None }).collect(),
            enter_on: preset.trigger(),
            hours: None,
            no_response_ms: Millis(6_000),
            ring_ms: Millis(20_000),
            stagger_ms: Millis(5_000),
        };
        Snapshot {
            routes: vec![route(1, "pbx"), route(2, "busy-desk"), route(3, "mobile"), route(4, "answering")],
            plans: vec![FailoverPlan {
                id: PlanId(1),
                name: Alias::parse("Clinic").unwrap(),
                steps: vec![
                    step(&[2], Preset::Busy),
                    step(&[3, 4], Preset::Outage),
                    step(&[2], Preset::Outage),
                ],
            }],
            dids: vec![Did {
                id: DidId(1),
                number: E164::parse("+12065550100").unwrap(),
                alias: None,
                primary: RouteId(1),
                failover: Failover::Plan(PlanId(1)),
                weights: None,
            }],
            ..Snapshot::default()
        }
    }

    #[test]
    fn each_step_says_what_came_of_it_or_why_it_was_not_taken() {
        let snapshot = snapshot();
        let scenario =
            Scenario::new(snapshot.dids[0].number).with_fault(FaultTarget::Route(RouteId(1)), Fault::Silent);
        let trace = simulate(&snapshot, &scenario).unwrap();
        let said: Vec<String> = rows(&snapshot, &snapshot.dids[0], &trace)
            .into_iter()
            .map(|row| format!("{}|{}|{}|{}", row.step, row.routes, row.when, row.what))
            .collect();
        assert_eq!(
            said,
            [
                "Primary|pbx|0 – 6 s|no response after 6 s",
                "1|busy-desk||Not tried: it is entered on “busy”, and no response is none",
                "2|mobile|6 – 8 s|answers after 2 s; entered because of no response",
                "2|answering||Not needed: mobile answered before",
                "3|busy-desk||Not needed: mobile answered before",
            ]
        );
    }
}
