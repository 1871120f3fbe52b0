//! Writing an account file: a line for each route, schedule, plan, case, acceptance and DID, so that two files can be compared line by
//! line.

mod kept;

use std::borrow::Cow;

use routing::{
    AccountId, Alias, Answerer, DayHours, FailoverPlan, InboundRoute, Millis, Schedule, Step, Weekday,
};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use store::DidFilter;

use self::kept::{accepted_lines, case_line};
use super::FORMAT;
use crate::book::Book;
use crate::cases::saved;
use crate::limits::BULK_CHUNK;
use crate::routes::answerer_name;
use crate::{Actor, Portal, Result, ScheduleField};

/// A route's line; fields that say nothing are left out.
#[derive(Serialize)]
struct RouteLine<'a> {
    alias: &'a str,
    r#type: &'a str,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    edge: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answerer: Option<&'a str>,
}

/// A DID's line.
#[derive(Serialize)]
struct DidLine<'a> {
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<&'a str>,
    primary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failover: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failover_plan: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_weight: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failover_weight: Option<u16>,
}

/// A schedule's line; days without hours are left out.
#[derive(Serialize)]
struct ScheduleLine<'a> {
    name: &'a str,
    zone: &'a str,
    weekly: Weekly<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exceptions: Vec<String>,
}

/// A plan's line.
#[derive(Serialize)]
struct PlanLine<'a> {
    name: &'a str,
    steps: Vec<StepLine<'a>>,
}

#[derive(Serialize)]
struct StepLine<'a> {
    routes: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    weights: Vec<u16>,
    enter_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<Cow<'a, str>>,
    no_response_ms: Millis,
    ring_ms: Millis,
    #[serde(skip_serializing_if = "is_zero")]
    stagger_ms: Millis,
}

fn is_zero(time: &Millis) -> bool {
    *time == Millis::ZERO
}

impl Portal {
    /// The account as a file: its name and clocks, its routes, schedules, plans and saved cases by name, its accepted
    /// findings, its DIDs by number. Health is not in it; neither are the case whose route to end at was deleted, and the
    /// acceptance of what was.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn export_account(&self, actor: &Actor, account: AccountId) -> Result<String> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let (book, account) = (&facts.book, &facts.account);
        let mut text = format!("{{\n  \"format\": {},\n  \"account\": {{\n", line(&FORMAT));
        text.push_str(&format!(
            "    \"name\": {},\n    \"country\": {},\n",
            line(&account.name),
            line(&account.country)
        ));
        text.push_str(&format!("    \"defaults\": {}", line(&json!(account.defaults))));
        let destinations: Vec<String> = book.allowed().iter().map(ToString::to_string).collect();
        if !destinations.is_empty() {
            text.push_str(&format!(",\n    \"destinations\": {}", line(&destinations)));
        }
        text.push_str("\n  },\n  \"routes\": [");
        let mut routes: Vec<&InboundRoute> = book.added().map(|row| &row.route).collect();
        routes.sort_by_cached_key(|route| route.alias.fold());
        let none = routes.is_empty();
        push_lines(&mut text, routes.into_iter().map(|route| route_line(book, route)), true);
        text.push_str(if none { "],\n" } else { "\n  ],\n" });
        push_part(&mut text, "schedules", book.schedules_by_name().map(|row| schedule_line(&row.schedule)));
        push_part(&mut text, "plans", book.plans().map(|row| plan_line(book, &row.plan)));
        let cases = saved(self.store.cases(account.id).await?)?;
        push_part(&mut text, "cases", cases.iter().filter_map(|row| case_line(book, &row.name, &row.case)));
        let accepted = self.store.accepted_findings(account.id).await?;
        push_part(&mut text, "accepted_findings", accepted_lines(book, &accepted).into_iter());
        text.push_str("  \"dids\": [");
        let mut last = None;
        loop {
            let rows = self.store.dids_after(account.id, &DidFilter::default(), last, BULK_CHUNK).await?;
            let first = last.is_none();
            let Some(end) = rows.last() else { break };
            last = Some(end.did.number);
            push_lines(&mut text, rows.iter().map(|row| did_line(book, row)), first);
        }
        text.push_str(if last.is_some() { "\n  ]\n}\n" } else { "]\n}\n" });
        Ok(text)
    }
}

fn push_lines(text: &mut String, lines: impl Iterator<Item = String>, mut first: bool) {
    for line in lines {
        text.push_str(if first { "\n    " } else { ",\n    " });
        text.push_str(&line);
        first = false;
    }
}

/// A part that is left out where there is nothing in it.
fn push_part(text: &mut String, name: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        text.push_str(&format!("  \"{name}\": ["));
        push_lines(text, lines, true);
        text.push_str("\n  ],\n");
    }
}

fn route_line(book: &Book, route: &InboundRoute) -> String {
    let domains = &route.domains;
    line(&RouteLine {
        alias: route.alias.as_str(),
        r#type: route.target.kind().as_str(),
        value: route.target.canonical(),
        edge: book.edge(route).map(|edge| edge.name.as_str()),
        carrier: domains.carrier.as_deref(),
        site: domains.site.as_deref(),
        region: domains.region.as_deref(),
        answerer: (domains.answerer != Answerer::default()).then(|| answerer_name(domains.answerer)),
    })
}

fn did_line(book: &Book, row: &store::DidRow) -> String {
    let did = &row.did;
    let failover = did.failover.route().map(|id| book.alias(id));
    let plan = did.failover.plan().and_then(|id| book.plan(id));
    line(&DidLine {
        number: did.number.to_string(),
        alias: did.alias.as_ref().map(Alias::as_str),
        primary: book.alias(did.primary).as_str(),
        failover: failover.as_deref().map(Alias::as_str),
        failover_plan: plan.map(|row| row.plan.name.as_str()),
        primary_weight: did.weights.map(|weights| weights.primary),
        failover_weight: did.weights.map(|weights| weights.failover),
    })
}

fn schedule_line(schedule: &Schedule) -> String {
    let exceptions = schedule.exceptions.iter();
    line(&ScheduleLine {
        name: schedule.name.as_str(),
        zone: &schedule.zone,
        weekly: Weekly(&schedule.weekly),
        exceptions: exceptions.map(|exception| format!("{} {}", exception.date, exception.hours)).collect(),
    })
}

fn plan_line(book: &Book, plan: &FailoverPlan) -> String {
    let step = |step: &Step| StepLine {
        routes: step.routes.iter().map(|leg| text_of(book.alias(leg.route))).collect(),
        weights: step.routes.iter().filter_map(|leg| leg.weight).collect(),
        enter_on: step.enter_on.to_string(),
        hours: step.hours.map(|hours| book.schedule_name(hours)),
        no_response_ms: step.no_response_ms,
        ring_ms: step.ring_ms,
        stagger_ms: step.stagger_ms,
    };
    line(&PlanLine { name: plan.name.as_str(), steps: plan.steps.iter().map(step).collect() })
}

fn text_of(alias: Cow<'_, Alias>) -> Cow<'_, str> {
    match alias {
        Cow::Borrowed(alias) => Cow::Borrowed(alias.as_str()),
        Cow::Owned(alias) => Cow::Owned(alias.to_string()),
    }
}

/// The open days of a week, Monday first.
struct Weekly<'a>(&'a [DayHours; 7]);

impl Serialize for Weekly<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let open = Weekday::ALL.into_iter().zip(self.0).filter(|(_, hours)| !hours.is_closed());
        serializer.collect_map(open.map(|(day, hours)| (ScheduleField::Day(day).name(), hours)))
    }
}

/// On one line. Text and maps with text keys: their JSON cannot fail, and if it did, reading the file would say so.
fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| Value::Null.to_string())
}
