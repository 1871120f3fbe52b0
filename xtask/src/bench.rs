//! `cargo xtask bench`: the core's benches, then the whole server over HTTP.

use crate::Outcome;
use crate::process::{cargo, check, command, server_binary, target};
use crate::site::{self, Kind};

/// Runs the criterion benches, and then the measures over HTTP against an optimised server.
pub(crate) fn bench() -> Outcome {
    check(&mut cargo(["bench", "--package", "bench"]))?;
    site::build(Kind::Optimised)?;
    check(&mut cargo(["build", "--release", "--package", "server", "--package", "bench"]))?;
    let measures = target().join(format!("release/switchback-bench{}", std::env::consts::EXE_SUFFIX));
    if measures.is_file() {
        check(command(measures, [""; 0]).env("SWITCHBACK_BIN", server_binary("release")))?;
    }
    Ok(())
}
