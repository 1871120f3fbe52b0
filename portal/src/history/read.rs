//! What the history keeps, read back: the one place that reads stored values. `None` is said of what was written in
//! another way than this program writes, by an older one or a newer one.

use routing::{
    Alias, Case, CivilDate, DayHours, Defaults, Dialling, Domains, EdgeId, Failover, FailoverPlan,
    InboundRoute, PlanId, RouteId, RouteTarget, Routing, Schedule, ScheduleException, ScheduleId, Weekday,
    Weights,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{AcceptedRow, Account, Subject};

use super::{ACCEPTANCE, CASE, STEPS};
use crate::routes::answerer;

/// What the history keeps of the account itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountKept {
    pub(crate) name: String,
    pub(crate) country: String,
    pub(crate) defaults: Defaults,
}

impl AccountKept {
    pub(crate) fn of(account: &Account) -> AccountKept {
        AccountKept {
            name: account.name.clone(),
            country: account.country.clone(),
            defaults: account.defaults.clone(),
        }
    }
}

/// A thing as the history keeps it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Thing {
    Account(AccountKept),
    Route(InboundRoute),
    Plan(FailoverPlan),
    Schedule(Schedule),
    Did(Option<Alias>, Routing),
    Case(Alias, Case),
    Acceptance(AcceptedRow),
}

impl Thing {
    pub(crate) fn read(subject: Subject, json: &Value) -> Option<Thing> {
        Some(match subject {
            Subject::Account => Thing::Account(account_of(json)?),
            Subject::Route(id) => Thing::Route(route_of(id, json)?),
            Subject::Plan(id) => Thing::Plan(plan_of(id, json)?),
            Subject::Schedule(id) => Thing::Schedule(schedule_of(id, json)?),
            Subject::Did(_) => did_of(json).map(|(alias, routing)| Thing::Did(alias, routing))?,
            Subject::Case(_) => case_of(json).map(|(name, case)| Thing::Case(name, case))?,
            Subject::Finding => Thing::Acceptance(acceptance_of(json)?),
            // Who belongs to the account, what they allow and what they are told is not put back.
            Subject::Person | Subject::Destination | Subject::Note | Subject::User(_) => return None,
        })
    }
}

/// A thing of a kind that is known.
impl Thing {
    pub(crate) fn route(&self) -> Option<&InboundRoute> {
        match self {
            Thing::Route(route) => Some(route),
            _ => None,
        }
    }

    pub(crate) fn plan(&self) -> Option<&FailoverPlan> {
        match self {
            Thing::Plan(plan) => Some(plan),
            _ => None,
        }
    }

    pub(crate) fn schedule(&self) -> Option<&Schedule> {
        match self {
            Thing::Schedule(schedule) => Some(schedule),
            _ => None,
        }
    }

    pub(crate) fn case(&self) -> Option<(&Alias, &Case)> {
        match self {
            Thing::Case(name, case) => Some((name, case)),
            _ => None,
        }
    }

    pub(crate) fn acceptance(&self) -> Option<&AcceptedRow> {
        match self {
            Thing::Acceptance(row) => Some(row),
            _ => None,
        }
    }
}

fn text<'a>(json: &'a Value, name: &str) -> Option<&'a str> {
    json.get(name)?.as_str()
}

/// A text that may be missing; `None` if something else stands there.
fn text_or_none(json: &Value, name: &str) -> Option<Option<String>> {
    match json.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(value) => Some(Some(value.as_str()?.to_owned())),
    }
}

fn typed<T: DeserializeOwned>(json: &Value, name: &str) -> Option<T> {
    serde_json::from_value(json.get(name)?.clone()).ok()
}

fn named(json: &Value, name: &str) -> Option<Alias> {
    Alias::parse(text(json, name)?).ok()
}

/// The account.
fn account_of(json: &Value) -> Option<AccountKept> {
    let defaults = Defaults {
        no_response_ms: typed(json, "no_response_ms")?,
        ring_ms: typed(json, "ring_ms")?,
        patience_ms: typed(json, "patience_ms")?,
        trigger: typed(json, "trigger")?,
    };
    Some(AccountKept {
        name: text(json, "name")?.to_owned(),
        country: text(json, "country")?.to_owned(),
        defaults,
    })
}

/// A DID.
pub(crate) fn did_of(json: &Value) -> Option<(Option<Alias>, Routing)> {
    let id = |name: &str| match json.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(value) => value.as_i64().map(Some),
    };
    let alias = match json.get("alias") {
        None | Some(Value::Null) => None,
        Some(value) => Some(Alias::parse(value.as_str()?).ok()?),
    };
    let failover = match (id("failover_id")?, id("failover_plan_id")?) {
        (None, None) => Failover::None,
        (Some(route), None) => Failover::Route(RouteId(route)),
        (None, Some(plan)) => Failover::Plan(PlanId(plan)),
        (Some(_), Some(_)) => return None,
    };
    let weights = match json.get("weights") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let (primary, failover) = value.as_str()?.split_once('/')?;
            Some(Weights { primary: primary.parse().ok()?, failover: failover.parse().ok()? })
        }
    };
    Some((alias, Routing { primary: RouteId(id("primary_id")??), failover, weights }))
}

/// A route.
fn route_of(id: RouteId, json: &Value) -> Option<InboundRoute> {
    // Values are kept in their canonical form, which reads alike wherever one dials.
    let dialling = Dialling::default();
    let target =
        RouteTarget::parse(text(json, "type")?.parse().ok()?, text(json, "value")?, &dialling).ok()?;
    let edge = match json.get("edge_id") {
        None | Some(Value::Null) => None,
        Some(value) => Some(EdgeId(serde_json::from_value(value.clone()).ok()?)),
    };
    let domains = Domains {
        carrier: text_or_none(json, "carrier")?,
        site: text_or_none(json, "site")?,
        region: text_or_none(json, "region")?,
        answerer: answerer(text(json, "answerer")?)?,
    };
    Some(InboundRoute { id, alias: named(json, "alias")?, target, edge, domains })
}

/// A failover plan.
fn plan_of(id: PlanId, json: &Value) -> Option<FailoverPlan> {
    Some(FailoverPlan { id, name: named(json, "name")?, steps: typed(json, STEPS)? })
}

/// A schedule.
fn schedule_of(id: ScheduleId, json: &Value) -> Option<Schedule> {
    let mut weekly: [DayHours; 7] = Default::default();
    for (day, hours) in Weekday::ALL.into_iter().zip(&mut weekly) {
        *hours = typed(json, &day.name().to_lowercase())?;
    }
    let exceptions = match text_or_none(json, "exceptions")? {
        None => Vec::new(),
        Some(text) => text.split("; ").map(exception).collect::<Option<_>>()?,
    };
    let zone = text(json, "zone")?.to_owned();
    Some(Schedule { id, name: named(json, "name")?, zone, weekly, exceptions })
}

/// `2026-12-24 08:00-12:00`
fn exception(text: &str) -> Option<ScheduleException> {
    let (date, hours) = text.split_once(' ')?;
    Some(ScheduleException { date: CivilDate::parse(date).ok()?, hours: DayHours::parse(hours).ok()? })
}

/// A saved case. Those of the first versions were kept in words alone.
fn case_of(json: &Value) -> Option<(Alias, Case)> {
    Some((named(json, "name")?, typed(json, CASE)?))
}

/// What somebody said of a finding. That of the first versions was kept without the day's end and by whom.
fn acceptance_of(json: &Value) -> Option<AcceptedRow> {
    let kept = json.get(ACCEPTANCE)?;
    Some(AcceptedRow {
        key: text(json, "key")?.to_owned(),
        kind: text(json, "finding")?.to_owned(),
        by: text(kept, "by")?.to_owned(),
        reason: text(json, "reason")?.to_owned(),
        at: typed(kept, "at")?,
        until: typed(kept, "until")?,
    })
}

/// Which finding somebody said something of.
pub(crate) fn finding_key(json: &Value) -> Option<&str> {
    text(json, "key")
}

#[cfg(test)]
mod tests {
    use routing::{CaseId, E164};
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_written_in_another_way_is_not_guessed_at() {
        let (route, plan, schedule) = (Subject::Route(RouteId(3)), Subject::Plan(PlanId(3)), ScheduleId(3));
        let did = Subject::Did(E164::parse("+12065550100").unwrap());
        let week = |hours: &str| {
            json!({ "name": "Office", "zone": "UTC", "monday": hours, "tuesday": "closed", "wednesday": "closed",
                    "thursday": "closed", "friday": "closed", "saturday": "closed", "sunday": "closed" })
        };
        let host = |kind: &str, value: &str| json!({ "alias": "pbx", "type": kind, "value": value, "edge": null, "edge_id": null, "answerer": "pbx" });
        for (subject, json, is_read) in [
            (route, host("host", "pbx.example.com:5061"), true),
            (route, host("phone", "+4930123456"), true),
            (route, host("fax", "pbx.example.com"), false),
            (route, host("host", "not a host"), false),
            (plan, json!({ "name": "Night", "steps": [] }), true),
            (plan, json!({ "name": "Night", "step_1": "ring mobile; on outage; 6 s/20 s" }), false),
            (Subject::Schedule(schedule), week("08:00-12:00, 13:00-24:00"), true),
            (Subject::Schedule(schedule), week("8 to 12"), false),
            (did, json!({ "primary_id": 3, "failover_id": null }), true),
            (did, json!({ "primary_id": 3, "failover_id": 4, "failover_plan_id": 5 }), false),
            (did, json!({ "primary_id": "x" }), false),
            // The first versions kept these in words alone.
            (Subject::Case(CaseId(3)), json!({ "name": "Outage", "number": "+12065550100" }), false),
            (Subject::Finding, json!({ "finding": "no_failover", "key": "k", "reason": "We know" }), false),
            (Subject::Account, json!({ "name": "Northwind", "country": "US" }), false),
            (Subject::Person, json!({ "email": "dana@example.com" }), false),
        ] {
            assert_eq!(Thing::read(subject, &json).is_some(), is_read, "{json}");
        }
    }

    #[test]
    fn exceptions_read_back_day_by_day() {
        let read = exception("2026-12-24 08:00-12:00, 13:00-14:00").unwrap();
        assert_eq!(read.hours.intervals().len(), 2);
        assert!(exception("2026-12-25 closed").unwrap().hours.is_closed());
        for text in ["", "2026-12-25", "soon closed", "2026-12-25 often"] {
            assert!(exception(text).is_none(), "{text:?}");
        }
    }
}
