//! `cargo xtask test`: everything that must hold, on a machine that may be fresh.

use std::fs;
use std::process::Command;

use crate::Outcome;
use crate::arrows;
use crate::counts;
use crate::deny;
use crate::process::{cargo, command, end2end, server_binary, target};
use crate::security;
use crate::setup::{self, WASM};
use crate::steps::Steps;

/// Sets the machine up, runs every check, and tells all that failed.
pub(crate) fn test() -> Outcome {
    let mut steps = Steps::new()?;

    let ready = steps.step("system packages", setup::system_packages);
    let ready = steps.step("npm packages", setup::npm_packages) && ready;
    steps.step("wasm target", setup::wasm_target);
    steps.step("cargo-deny", deny::install);
    steps.run("crates", &mut deny::fetch());

    steps.run("formatting", &mut cargo(["fmt", "--all", "--check"]));
    steps.step("dependency arrows", arrows::check);
    steps.step("tests that SECURITY.md names", security::check);
    steps.run("licences, sources, versions of crates", &mut deny::check());
    let mut asked = true;
    steps.step("known vulnerabilities of crates", || deny::advisories().map(|found| asked = found));
    if !asked {
        steps.not_checked("known vulnerabilities: the RustSec database cannot be fetched from here");
    }
    steps.run("types of the end-to-end tests", command("npm", ["run", "typecheck"]).current_dir(end2end()));
    steps.run(
        "routing for wasm32, without default features",
        &mut cargo(["build", "--package", "routing", "--no-default-features", "--target", WASM]),
    );
    steps.run("clippy, the server's half", &mut native("clippy", &["--all-targets", "--", "-D", "warnings"]));
    // Each bundle leaves out code of the others.
    for (name, features) in [
        ("clippy, the base bundle", ""),
        ("clippy, the check bundle", "frontend/check"),
        ("clippy, the preview bundle", "frontend/preview"),
        ("clippy, the plans bundle", "frontend/plans"),
        ("clippy, the desk bundle", "frontend/desk"),
    ] {
        let mut lint = cargo(["clippy", "--package", "app", "--package", "frontend", "--target", WASM]);
        lint.args(["--features", features, "--", "-D", "warnings"]);
        steps.run(name, &mut lint);
    }
    steps.run_tests("unit, property and contract tests", &mut native("test", &["--no-fail-fast"]), |log| {
        Some(counts::of_cargo(log))
    });

    // Through cargo, not by a call: so that what it prints is kept for a failure.
    let built = steps.run("site", &mut cargo(["run", "--quiet", "--package", "xtask", "--", "site"]));
    let built = built && steps.run("server", &mut cargo(["build", "--release", "--package", "server"]));
    for (name, database, arguments) in [
        ("end-to-end on SQLite", "sqlite", &[][..]),
        ("end-to-end core flow on PostgreSQL", "postgres", &["--project=desktop", "--grep=@core"][..]),
    ] {
        if ready && built {
            browse(&mut steps, name, database, arguments);
        } else {
            steps.no_tests(name, "not run: what it needs failed above");
        }
    }
    steps.finish()
}

/// A cargo command over all crates but the browser's entry: it would switch the app to its browser's half as well.
fn native(command: &str, more: &[&str]) -> Command {
    let mut cargo = cargo([command, "--workspace", "--exclude", "frontend"]);
    cargo.args(more);
    cargo
}

fn browse(steps: &mut Steps, name: &'static str, database: &str, arguments: &[&str]) {
    let report = target().join("xtask").join(format!("end2end-{database}.json"));
    // A report of an earlier run must not speak for this one.
    fs::remove_file(&report).ok();
    let mut playwright = command("npx", ["--no-install", "playwright", "test"]);
    playwright
        .args(arguments)
        .current_dir(end2end())
        .env("SWITCHBACK_BIN", server_binary("release"))
        .env("SWITCHBACK_E2E_DATABASE", database)
        .env("SWITCHBACK_E2E_REPORT", &report)
        .env("FORCE_COLOR", "0");
    steps.run_tests(name, &mut playwright, |_| {
        fs::read_to_string(&report).ok().and_then(|report| counts::of_playwright(&report))
    });
}
