//! `cargo xtask bench`: the core's benches, then the whole server over HTTP; the tables go to `bench/README.md`.

use std::fs;
use std::io::ErrorKind;

use crate::Outcome;
use crate::process::{cargo, check, command, root, server_binary, target};
use crate::site::{self, Kind};

/// Runs the criterion benches, then measures an optimised server, and writes down both.
pub(crate) fn bench() -> Outcome {
    // A folder of our own, emptied before: a bench that was renamed must not be reported for ever.
    let results = target().join("bench");
    match fs::remove_dir_all(&results) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(format!("cannot remove {}: {error}", results.display()));
        }
        _ => {}
    }
    check(cargo(["bench", "--package", "bench"]).env("CRITERION_HOME", &results))?;

    site::build(Kind::Optimised)?;
    check(&mut cargo(["build", "--release", "--package", "server", "--package", "bench"]))?;
    let measure = target().join(format!("release/switchback-bench{}", std::env::consts::EXE_SUFFIX));
    let mut measure = command(measure, ["--criterion"]);
    measure.arg(&results).arg("--write").arg(root().join("bench/README.md"));
    check(measure.env("SWITCHBACK_BIN", server_binary("release")))
}
