//! What the history keeps: written with every change, in the words of the moment.

use std::borrow::Cow;

use routing::{
    AccountId, Alias, CaseId, Defaults, Did, E164, FailoverPlan, InboundRoute, PlanId, RouteId, Routing,
    Schedule, ScheduleId, Step, Version, Weekday,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::{DidUpdate, JsonText, NewChange, NewDid, Operation, Subject};

use super::{OperationKind, STEP, STEPS};
use crate::book::Book;
use crate::bulk::{Drift, StoredRefusal};
use crate::limits::REFUSALS_MAX;
use crate::{Actor, Left, Refusal};

/// What an operation keeps beside its counts.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    pub(crate) about: String,
    pub(crate) unchanged: u64,
    pub(crate) refusals: Vec<(E164, StoredRefusal)>,
    pub(crate) broken_cases: Vec<String>,
    /// Of a restore: the version to which a thing went back.
    pub(crate) restored: Option<Version>,
    /// Things other than DIDs that were left: what each is, its id, what it was called, why.
    pub(crate) left: Vec<(String, i64, String, StoredRefusal)>,
    /// Of an undo: the version and the kind of what it undid.
    pub(crate) undone: Option<(Version, String)>,
    /// Of a bulk action: how what matched differed from what was chosen.
    pub(crate) drift: Drift,
    /// The request by which it was done.
    pub(crate) address: Option<String>,
    pub(crate) request: Option<String>,
    pub(crate) on_behalf_of: Option<String>,
}

/// An operation as committing writes it.
pub(crate) struct Done<'a> {
    pub(crate) kind: OperationKind,
    pub(crate) about: &'a str,
    pub(crate) reason: Option<String>,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) refused: u64,
    pub(crate) refusals: &'a [(E164, Refusal)],
    /// Things other than DIDs that were left as they are.
    pub(crate) left: &'a [Left],
    pub(crate) drift: Drift,
}

impl<'a> Done<'a> {
    /// One thing, changed.
    pub(crate) fn one(kind: OperationKind, about: &'a str) -> Done<'a> {
        Done {
            kind,
            about,
            reason: None,
            changed: 1,
            unchanged: 0,
            refused: 0,
            refusals: &[],
            left: &[],
            drift: Drift::default(),
        }
    }

    /// By whom, in their account.
    pub(crate) fn by(self, actor: &Actor, account: AccountId) -> Operation {
        let refusals: Vec<(E164, StoredRefusal)> = self
            .refusals
            .iter()
            .take(REFUSALS_MAX)
            .map(|(number, why)| (*number, StoredRefusal::from(why)))
            .collect();
        let mut details = json!({ "about": self.about, "unchanged": self.unchanged, "refusals": refusals });
        if !self.left.is_empty() {
            let stored = |left: &Left| {
                let (kind, id) = key_of(left.subject);
                (kind, id, left.label.clone(), StoredRefusal::from(&left.why))
            };
            details["left"] = json!(self.left.iter().take(REFUSALS_MAX).map(stored).collect::<Vec<_>>());
        }
        if self.drift != Drift::default() {
            details["drift"] = json!(self.drift);
        }
        let origin = actor.origin();
        for (name, said) in [
            ("address", origin.address.as_str()),
            ("request", origin.request.as_str()),
            ("on_behalf_of", actor.on_behalf_of(account).unwrap_or_default()),
        ] {
            if !said.is_empty() {
                details[name] = json!(said);
            }
        }
        Operation {
            actor: actor.name().to_owned(),
            via: actor.via().as_str().to_owned(),
            kind: self.kind.as_str().to_owned(),
            reason: self.reason.or_else(|| actor.reason().map(str::to_owned)),
            changed: self.changed,
            refused: self.refused,
            details,
        }
    }
}

/// A thing other than a DID as an operation's details name it.
fn key_of(subject: Subject) -> (&'static str, i64) {
    match subject {
        Subject::Account => ("account", 0),
        Subject::Route(id) => ("route", id.0),
        Subject::Plan(id) => ("plan", id.0),
        Subject::Schedule(id) => ("schedule", id.0),
        Subject::Case(id) => ("case", id.0),
        // DIDs that were left are kept by their number.
        Subject::Did(_) | Subject::Finding => ("finding", 0),
        Subject::Destination => ("destination", 0),
        // No operation that can be undone holds one of these.
        Subject::Person | Subject::Note | Subject::User(_) => ("account", 0),
    }
}

/// Reads that again; what nobody knows is something of the account.
pub(super) fn subject_of(kind: &str, id: i64) -> Subject {
    match kind {
        "route" => Subject::Route(RouteId(id)),
        "plan" => Subject::Plan(PlanId(id)),
        "schedule" => Subject::Schedule(ScheduleId(id)),
        "case" => Subject::Case(CaseId(id)),
        "finding" => Subject::Finding,
        "destination" => Subject::Destination,
        _ => Subject::Account,
    }
}

/// What the history keeps of a DID: names for people, ids for programs. By name, as in all that is kept.
#[derive(Serialize)]
struct DidKept<'a> {
    alias: Option<&'a str>,
    failover: Option<Cow<'a, str>>,
    failover_id: Option<RouteId>,
    // Most have neither this nor weights, and a bulk action keeps hundreds of thousands.
    #[serde(skip_serializing_if = "Option::is_none")]
    failover_plan_id: Option<PlanId>,
    primary: &'a str,
    primary_id: RouteId,
    #[serde(skip_serializing_if = "Option::is_none")]
    weights: Option<String>,
}

/// A DID as the history keeps it.
pub(crate) fn did_json(book: &Book, alias: Option<&Alias>, routing: Routing) -> JsonText {
    let Routing { primary, failover, weights } = routing;
    JsonText::of(&DidKept {
        alias: alias.map(Alias::as_str),
        failover: book.failover_text(failover),
        failover_id: failover.route(),
        failover_plan_id: failover.plan(),
        primary: book.alias(primary).as_str(),
        primary_id: primary,
        weights: weights.map(|weights| format!("{}/{}", weights.primary, weights.failover)),
    })
}

/// A change to a DID.
pub(crate) fn did_change(number: E164, before: Option<JsonText>, after: Option<JsonText>) -> NewChange {
    NewChange { subject: Subject::Did(number), label: number.to_string(), before, after }
}

/// A DID is added.
pub(crate) fn did_added(book: &Book, new: &NewDid) -> NewChange {
    did_change(new.number, None, Some(did_json(book, new.alias.as_ref(), new.routing)))
}

/// A DID becomes something else.
pub(crate) fn did_updated(book: &Book, update: &DidUpdate) -> NewChange {
    let DidUpdate { now, alias, routing } = update;
    let before = did_json(book, now.alias.as_ref(), Routing::of(now));
    did_change(now.number, Some(before), Some(did_json(book, alias.as_ref(), *routing)))
}

/// A DID leaves.
pub(crate) fn did_removed(book: &Book, now: &Did) -> NewChange {
    did_change(now.number, Some(did_json(book, now.alias.as_ref(), Routing::of(now))), None)
}

/// The account as the history keeps it.
pub(crate) fn account_json(name: &str, country: &str, defaults: &Defaults) -> Value {
    json!({
        "name": name,
        "country": country,
        "no_response_ms": defaults.no_response_ms,
        "ring_ms": defaults.ring_ms,
        "patience_ms": defaults.patience_ms,
        "trigger": defaults.trigger,
    })
}

/// A change to the account.
pub(crate) fn account_change(name: &str, before: Option<Value>, after: Value) -> NewChange {
    NewChange::of(Subject::Account, name, before, Some(after))
}

/// A route as the history keeps it.
pub(crate) fn route_json(book: &Book, route: &InboundRoute) -> Value {
    json!({
        "alias": route.alias.as_str(),
        "type": route.target.kind().as_str(),
        "value": route.target.canonical(),
        "edge": book.edge(route).map(|edge| edge.name.as_str()),
        "edge_id": route.edge,
        "carrier": route.domains.carrier,
        "site": route.domains.site,
        "region": route.domains.region,
        "answerer": crate::routes::answerer_name(route.domains.answerer),
    })
}

/// A change to a route.
pub(crate) fn route_change(
    book: &Book,
    id: RouteId,
    before: Option<&InboundRoute>,
    after: Option<&InboundRoute>,
) -> NewChange {
    let label = after.or(before).map(|route| route.alias.to_string()).unwrap_or_default();
    let json = |route: &InboundRoute| route_json(book, route);
    NewChange::of(Subject::Route(id), label, before.map(json), after.map(json))
}

/// A plan as the history keeps it: a line for each step for people, the steps for programs.
fn plan_json(book: &Book, plan: &FailoverPlan) -> Value {
    let mut fields = Map::new();
    fields.insert("name".to_owned(), json!(plan.name));
    for (number, step) in (1..).zip(&plan.steps) {
        fields.insert(format!("{STEP}{number}"), json!(step_line(book, step)));
    }
    fields.insert(STEPS.to_owned(), json!(plan.steps));
    Value::Object(fields)
}

/// `ring mobile (70) + desk (30); on outage; 6 s/20 s; 5 s apart; hours Office`.
fn step_line(book: &Book, step: &Step) -> String {
    let leg = |leg: &routing::StepRoute| match leg.weight {
        None => book.alias(leg.route).to_string(),
        Some(weight) => format!("{} ({weight})", book.alias(leg.route)),
    };
    let legs: Vec<String> = step.routes.iter().map(leg).collect();
    let mut line =
        format!("ring {}; on {}; {}/{}", legs.join(" + "), step.enter_on, step.no_response_ms, step.ring_ms);
    if step.stagger_ms > routing::Millis::ZERO {
        line.push_str(&format!("; {} apart", step.stagger_ms));
    }
    if let Some(hours) = step.hours {
        line.push_str(&format!("; hours {}", book.schedule_name(hours)));
    }
    line
}

/// A change to a plan.
pub(crate) fn plan_change(
    book: &Book,
    id: PlanId,
    before: Option<&FailoverPlan>,
    after: Option<&FailoverPlan>,
) -> NewChange {
    let label = after.or(before).map(|plan| plan.name.to_string()).unwrap_or_default();
    let json = |plan: &FailoverPlan| plan_json(book, plan);
    NewChange::of(Subject::Plan(id), label, before.map(json), after.map(json))
}

/// A schedule as the history keeps it: a field for each day, and its exceptions on one line.
fn schedule_json(schedule: &Schedule) -> Value {
    let mut fields = Map::new();
    fields.insert("name".to_owned(), json!(schedule.name));
    fields.insert("zone".to_owned(), json!(schedule.zone));
    for (day, hours) in Weekday::ALL.into_iter().zip(&schedule.weekly) {
        fields.insert(day.name().to_lowercase(), json!(hours));
    }
    let exceptions: Vec<String> = schedule
        .exceptions
        .iter()
        .map(|exception| format!("{} {}", exception.date, exception.hours))
        .collect();
    let exceptions = (!exceptions.is_empty()).then(|| exceptions.join("; "));
    fields.insert("exceptions".to_owned(), json!(exceptions));
    Value::Object(fields)
}

/// A change to a schedule.
pub(crate) fn schedule_change(
    id: ScheduleId,
    before: Option<&Schedule>,
    after: Option<&Schedule>,
) -> NewChange {
    let label = after.or(before).map(|schedule| schedule.name.to_string()).unwrap_or_default();
    NewChange::of(Subject::Schedule(id), label, before.map(schedule_json), after.map(schedule_json))
}
