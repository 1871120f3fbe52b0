//! Files with a configuration, for the commands that run calls without a database.

use routing::{Scenario, Snapshot, cut, limits::MESSAGE_CHARS_MAX};
use serde::de::DeserializeOwned;

use super::{Failure, read_input};

/// The snapshot of the largest account fits; more is no snapshot of ours.
const INPUT_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Reads JSON of a shape that the error repeats; its lists end the reading at their limits.
pub(super) fn read<T: DeserializeOwned>(path: &str, shape: &str) -> Result<T, Failure> {
    let bytes = read_input(path, INPUT_BYTES_MAX)?;
    serde_json::from_slice(&bytes).map_err(|error| {
        format!("{path} is not {shape}: {}", cut(&error.to_string(), MESSAGE_CHARS_MAX)).into()
    })
}

/// Looks through a snapshot from outside before anything is run in it.
pub(super) fn check_snapshot(path: &str, snapshot: &Snapshot) -> Result<(), Failure> {
    snapshot.check().map_err(|error| format!("{path}: snapshot.{error}").into())
}

/// The same for a scenario; `place` is where it stands.
pub(super) fn check_scenario(path: &str, place: &str, scenario: &Scenario) -> Result<(), Failure> {
    scenario.check().map_err(|error| format!("{path}: {place}.{error}").into())
}
