//! Between stored columns and domain types. What cannot be read back is an error that names table and row.

use std::fmt::Display;
use std::str::FromStr;

use routing::limits::WEIGHT_MAX;
use routing::{Alias, Answerer, E164, HealthState, HostTarget, RouteKind, RouteTarget, SipUri, TargetError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::{Error, Result};

/// A stored value that cannot be read back.
pub(crate) fn corrupt(
    table: &'static str,
    row: impl Display,
    column: &'static str,
    problem: impl Display,
) -> Error {
    Error::Corrupt { table, row: row.to_string(), column, problem: problem.to_string() }
}

/// The digits of a number as one integer: at most 15 digits, so that it fits.
pub(crate) fn number_to_db(number: E164) -> i64 {
    i64::try_from(number.to_u64()).unwrap_or(i64::MAX)
}

pub(crate) fn number_from_db(
    table: &'static str,
    row: impl Display,
    column: &'static str,
    stored: i64,
) -> Result<E164> {
    let digits = u64::try_from(stored).map_err(|error| corrupt(table, &row, column, error))?;
    E164::from_u64(digits).map_err(|error| corrupt(table, &row, column, error))
}

/// A stored alias or name. One that reads back as something else was not written by us.
pub(crate) fn alias_from_db(
    table: &'static str,
    row: impl Display,
    column: &'static str,
    stored: &str,
) -> Result<Alias> {
    Alias::parse(stored).map_err(|error| corrupt(table, row, column, error))
}

/// A count: databases give them signed, and never below zero.
pub(crate) fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

/// A count to store; more than 2⁶³ of anything does not happen.
pub(crate) fn count_to_db(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The name that serde gives a plain enum, such as `live_answer`.
fn name_of<T: Serialize>(value: &T, doing: &'static str) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(Json::String(name)) => Ok(name),
        Ok(other) => Ok(other.to_string()),
        Err(source) => Err(Error::Encode { doing, source }),
    }
}

fn from_name<T: DeserializeOwned>(
    table: &'static str,
    row: impl Display,
    column: &'static str,
    name: String,
) -> Result<T> {
    serde_json::from_value(Json::String(name)).map_err(|error| corrupt(table, row, column, error))
}

pub(crate) fn answerer_to_db(answerer: Answerer) -> Result<String> {
    name_of(&answerer, "write an inbound route")
}

pub(crate) fn answerer_from_db(row: impl Display, name: String) -> Result<Answerer> {
    from_name("routes", row, "answerer", name)
}

pub(crate) fn health_to_db(health: HealthState) -> Result<String> {
    name_of(&health, "write the health of an inbound route")
}

pub(crate) fn health_from_db(row: impl Display, name: String) -> Result<HealthState> {
    from_name("routes", row, "health", name)
}

/// What is stored as JSON: a change's before or after, the steps of a plan, the hours of a schedule.
pub(crate) fn json_from_db<T: DeserializeOwned>(
    table: &'static str,
    row: impl Display,
    column: &'static str,
    text: &str,
) -> Result<T> {
    serde_json::from_str(text).map_err(|error| corrupt(table, row, column, error))
}

/// `doing` completes "could not encode a value to …".
pub(crate) fn json_to_db<T: Serialize>(doing: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|source| Error::Encode { doing, source })
}

/// A stored weight; the column holds it between 0 and 1000.
pub(crate) fn weight_from_db(row: impl Display, column: &'static str, stored: i64) -> Result<u16> {
    match u16::try_from(stored) {
        Ok(weight) if weight <= WEIGHT_MAX => Ok(weight),
        _ => Err(corrupt("dids", row, column, format_args!("{stored} is no weight"))),
    }
}

/// What stands in the columns `kind` and `value`.
pub(crate) fn target_to_db(target: &RouteTarget) -> (&'static str, String) {
    (target.kind().as_str(), target.canonical())
}

pub(crate) fn target_from_db(row: impl Display, kind: &str, value: &str) -> Result<RouteTarget> {
    let kind = RouteKind::from_str(kind).map_err(|error| corrupt("routes", &row, "kind", error))?;
    let target = match kind {
        RouteKind::Host => HostTarget::parse(value).map(RouteTarget::Host).map_err(TargetError::from),
        RouteKind::Phone => E164::parse(value).map(RouteTarget::Phone).map_err(TargetError::from),
        RouteKind::Uri => SipUri::parse(value).map(RouteTarget::Uri).map_err(TargetError::from),
        // Only the anchor has it, and the anchor is not read.
        RouteKind::Registered => Ok(RouteTarget::Registered),
    };
    target.map_err(|error| corrupt("routes", &row, "value", error))
}

/// Names a row by the account and what stands for it there.
pub(crate) fn row_name(account: impl Display, id: impl Display) -> String {
    format!("{account}/{id}")
}
