//! The lines of saved cases and of accepted findings.

use std::borrow::Cow;

use routing::{Alias, Case, FindingDetail, FindingSubject, Millis, Profile, RouteId, SrvRecord};
use serde::Serialize;
use serde_json::Value;
use store::{AcceptedRow, UnixMs};

use super::{line, text_of};
use crate::book::Book;
use crate::file::cases::{PROFILES, fault_text, present, reaches_text};
use crate::findings::Key;
use crate::moments::{day, rfc3339};

/// A case's line.
#[derive(Serialize)]
struct CaseLine<'a> {
    name: &'a str,
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hangs_up_after_ms: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'static str>,
    #[serde(skip_serializing_if = "is_zero")]
    seed: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marked_down: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    switched_off: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    srv: &'a [SrvRecord],
    reaches: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    within_ms: Option<Millis>,
}

/// An accepted finding's line.
#[derive(Serialize)]
struct AcceptedLine<'a> {
    finding: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failover: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failover_plan: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    reason: &'a str,
    by: &'a str,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

fn is_zero(seed: &u64) -> bool {
    *seed == 0
}

/// `None` where the case can never hold again: see [`present`].
pub(super) fn case_line(book: &Book, name: &Alias, case: &Case) -> Option<String> {
    let Case { scenario, expect } = present(case, book)?;
    let aliases = |ids: &[RouteId]| ids.iter().map(|id| text_of(book.alias(*id))).collect();
    let moment = |at: i64| {
        let text = at.checked_mul(1_000).and_then(|at| rfc3339(UnixMs(at)));
        text.map_or(Value::from(at), Value::from)
    };
    let profile = PROFILES.into_iter().find(|(profile, _)| *profile == scenario.profile);
    Some(line(&CaseLine {
        name: name.as_str(),
        number: scenario.did.to_string(),
        at: scenario.at.map(moment),
        faults: scenario.faults.iter().map(|injected| fault_text(book, injected)).collect(),
        hangs_up_after_ms: scenario.caller.hangs_up_after,
        profile: profile.filter(|(profile, _)| *profile != Profile::default()).map(|(_, name)| name),
        seed: scenario.seed,
        marked_down: aliases(&scenario.marked_down),
        switched_off: aliases(&scenario.switched_off),
        srv: &scenario.srv,
        reaches: reaches_text(book, expect.reaches),
        within_ms: expect.within_ms,
    }))
}

/// Lines in an order that does not hang on ids, so that a copy of the account has the same. What names something that
/// is gone can never be found again, and is left out.
pub(super) fn accepted_lines(book: &Book, rows: &[AcceptedRow]) -> Vec<String> {
    let mut lines: Vec<String> = rows.iter().filter_map(|row| accepted_line(book, row)).collect();
    lines.sort_unstable();
    lines
}

fn accepted_line(book: &Book, row: &AcceptedRow) -> Option<String> {
    let key = Key::parse(&row.key).filter(|key| key.is_there(book))?;
    let plan_name = |id| book.plan(id).map(|row| row.plan.name.as_str());
    let (routing, plan, route) = match key.subject {
        FindingSubject::Routing(routing) => (Some(routing), None, None),
        FindingSubject::Plan(id) => (None, Some(id), None),
        FindingSubject::Route(id) => (None, None, Some(id)),
    };
    let failover = routing.map(|routing| routing.failover).unwrap_or_default();
    let (route, shared) = match &key.detail {
        FindingDetail::Route(id) => (Some(*id), None),
        FindingDetail::Shared(label) => (route, Some(label.as_str())),
        _ => (route, None),
    };
    let alias = |id: RouteId| text_of(book.alias(id));
    Some(line(&AcceptedLine {
        finding: key.kind.name(),
        primary: routing.map(|routing| alias(routing.primary)),
        failover: failover.route().map(alias),
        failover_plan: failover.plan().and_then(plan_name),
        plan: plan.and_then(plan_name),
        step: key.step,
        route: route.map(alias),
        detail: shared,
        reason: &row.reason,
        by: &row.by,
        at: rfc3339(row.at)?,
        until: row.until.map(|until| day(until).to_string()),
    }))
}
