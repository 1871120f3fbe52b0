//! Reading an account file: first as JSON of the right shape, then value by value, with the place of each error.

use std::fmt;

use routing::{Defaults, SrvRecord, Trigger, cut, limits::MESSAGE_CHARS_MAX, shortened};
use serde::Deserialize;
use serde_json::Value;

use super::FORMAT;

/// Something wrong with an account file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// Such as `dids[12].failover`, counted from 0, or `line 3, column 7`.
    pub place: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl FileError {
    pub(crate) fn new(place: impl Into<String>, message: impl fmt::Display) -> FileError {
        FileError { place: place.into(), message: message.to_string() }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// An account file, not yet judged.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountFile {
    format: String,
    pub(crate) account: AccountPart,
    #[serde(default)]
    pub(crate) routes: Vec<RoutePart>,
    #[serde(default)]
    pub(crate) schedules: Vec<SchedulePart>,
    #[serde(default)]
    pub(crate) plans: Vec<PlanPart>,
    #[serde(default)]
    pub(crate) cases: Vec<CasePart>,
    #[serde(default)]
    pub(crate) accepted_findings: Vec<AcceptedPart>,
    #[serde(default)]
    pub(crate) dids: Vec<DidPart>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountPart {
    pub(crate) name: String,
    pub(crate) country: String,
    #[serde(default)]
    pub(crate) defaults: Defaults,
    /// Where routes to phone numbers may ring beside the country: `+44`, `premium_rate`.
    #[serde(default)]
    pub(crate) destinations: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoutePart {
    pub(crate) alias: String,
    pub(crate) r#type: String,
    pub(crate) value: String,
    #[serde(default)]
    pub(crate) edge: String,
    #[serde(default)]
    pub(crate) carrier: String,
    #[serde(default)]
    pub(crate) site: String,
    #[serde(default)]
    pub(crate) region: String,
    #[serde(default)]
    pub(crate) answerer: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchedulePart {
    pub(crate) name: String,
    pub(crate) zone: String,
    #[serde(default)]
    pub(crate) weekly: WeeklyPart,
    /// Such as `2026-12-25 closed`.
    #[serde(default)]
    pub(crate) exceptions: Vec<String>,
}

/// The hours of each day; one that is not named is closed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WeeklyPart {
    pub(crate) monday: String,
    pub(crate) tuesday: String,
    pub(crate) wednesday: String,
    pub(crate) thursday: String,
    pub(crate) friday: String,
    pub(crate) saturday: String,
    pub(crate) sunday: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanPart {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) steps: Vec<StepPart>,
}

/// A step. What is left out is as the account's clocks are by default.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepPart {
    /// Aliases.
    #[serde(default)]
    pub(crate) routes: Vec<String>,
    /// One for each route, or none at all.
    #[serde(default)]
    pub(crate) weights: Vec<i64>,
    /// As a form has it: a preset's name, or a list.
    #[serde(default = "outage")]
    pub(crate) enter_on: String,
    /// The name of a schedule.
    #[serde(default)]
    pub(crate) hours: String,
    pub(crate) no_response_ms: Option<i64>,
    pub(crate) ring_ms: Option<i64>,
    #[serde(default)]
    pub(crate) stagger_ms: i64,
}

fn outage() -> String {
    Trigger::default().to_string()
}

/// A saved case. What is left out is as in a call with nothing broken.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CasePart {
    pub(crate) name: String,
    pub(crate) number: String,
    /// Seconds since 1970, or a text as RFC 3339 has it.
    pub(crate) at: Option<Value>,
    /// Such as `route:seattle-pbx=503`.
    #[serde(default)]
    pub(crate) faults: Vec<String>,
    pub(crate) hangs_up_after_ms: Option<i64>,
    #[serde(default)]
    pub(crate) profile: String,
    #[serde(default)]
    pub(crate) seed: u64,
    /// Aliases.
    #[serde(default)]
    pub(crate) marked_down: Vec<String>,
    /// Aliases.
    #[serde(default)]
    pub(crate) switched_off: Vec<String>,
    #[serde(default)]
    pub(crate) srv: Vec<SrvRecord>,
    /// Such as `route:seattle-pbx`, `answerer:live_answer`, `somebody`.
    pub(crate) reaches: String,
    pub(crate) within_ms: Option<i64>,
}

/// An accepted finding: its kind, what it is about, and what was said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptedPart {
    /// The name of its kind.
    pub(crate) finding: String,
    #[serde(default)]
    pub(crate) primary: String,
    #[serde(default)]
    pub(crate) failover: String,
    #[serde(default)]
    pub(crate) failover_plan: String,
    #[serde(default)]
    pub(crate) plan: String,
    pub(crate) step: Option<u8>,
    /// The route in question, beside a primary or a plan; else what it is about.
    #[serde(default)]
    pub(crate) route: String,
    /// The host, carrier or site that is shared, the number that it leads back to, the gap.
    #[serde(default)]
    pub(crate) detail: String,
    pub(crate) reason: String,
    pub(crate) by: String,
    /// As RFC 3339 has it.
    pub(crate) at: String,
    /// The last day, by UTC; nothing: for good.
    #[serde(default)]
    pub(crate) until: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DidPart {
    pub(crate) number: String,
    #[serde(default)]
    pub(crate) alias: String,
    pub(crate) primary: String,
    #[serde(default)]
    pub(crate) failover: String,
    /// The name of a plan, where that is the failover.
    #[serde(default)]
    pub(crate) failover_plan: String,
    pub(crate) primary_weight: Option<i64>,
    pub(crate) failover_weight: Option<i64>,
}

/// Reads the JSON.
pub(crate) fn read(text: &str) -> Result<AccountFile, FileError> {
    let file: AccountFile =
        serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let message = error.to_string();
            // The place stands before the message already.
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
            FileError::new(format!("line {line}, column {column}"), cut(message, MESSAGE_CHARS_MAX))
        })?;
    if file.format != FORMAT {
        return Err(FileError::new(
            "format",
            format!("This program reads {FORMAT}, and the file says {}.", shortened(&file.format)),
        ));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_shape_is_refused_at_its_place() {
        let rows = [
            ("{", "line 1, column 1"),
            (
                "{\"format\":\"switchback-account/2\",\"account\":{\"name\":\"a\",\"country\":\"US\"}}",
                "format",
            ),
            ("{\"format\":\"switchback-account/1\"}", "line 1, column 33"),
            (
                "{\"format\":\"switchback-account/1\",\n\"account\":{\"name\":\"a\",\"country\":\"US\",\"x\":1}}",
                "line 2, column 40",
            ),
        ];
        // A key is repeated no further than anybody reads.
        let long = format!("{{\"{}\":1}}", "x".repeat(100_000));
        let message = read(&long).unwrap_err().message;
        assert!(message.starts_with("unknown field `xxx") && message.len() < 600, "{message}");
        for (text, place) in rows {
            assert_eq!(read(text).unwrap_err().place, place, "{text}");
        }
    }
}
