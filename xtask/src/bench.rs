//! `cargo xtask bench`: the core's benches, what people wait for in a browser, then the whole server over HTTP; the tables go to `bench/README.md`.

use std::fs;
use std::io::ErrorKind;

use crate::Outcome;
use crate::process::{cargo, check, command, end2end, root, server_binary, target};
use crate::setup;
use crate::site::{self, Kind};

/// Runs the criterion benches, then measures an optimised server and its pages, and writes all of it down.
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
    setup::system_packages()?;
    setup::npm_packages()?;
    let rows = target().join("xtask/browser.json");
    let mut browser = command("npx", ["--no-install", "playwright", "test", "--config=measure.config.ts"]);
    browser.current_dir(end2end()).env("SWITCHBACK_BIN", server_binary("release"));
    check(browser.env("SWITCHBACK_BENCH_BROWSER", &rows))?;

    let measure = target().join(format!("release/switchback-bench{}", std::env::consts::EXE_SUFFIX));
    let mut measure = command(measure, ["--criterion"]);
    measure.arg(&results).arg("--browser").arg(&rows).arg("--write").arg(root().join("bench/README.md"));
    check(measure.env("SWITCHBACK_BIN", server_binary("release")))
}
