//! The steps of `cargo xtask test`: run one after the other, timed, and told in a table at the end.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::counts::Counts;
use crate::process::{shown, target};

/// What ran so far.
pub(crate) struct Steps {
    done: Vec<Step>,
    tests: Counts,
    /// What could not be checked on this machine.
    unchecked: Vec<&'static str>,
    logs: PathBuf,
}

struct Step {
    name: &'static str,
    took: Duration,
    ok: bool,
}

impl Steps {
    /// Nothing done yet; what the steps write goes to files in `target/xtask`.
    pub(crate) fn new() -> Outcome<Self> {
        let logs = target().join("xtask");
        fs::create_dir_all(&logs).map_err(|error| format!("cannot create {}: {error}", logs.display()))?;
        Ok(Self { done: Vec::new(), tests: Counts::default(), unchecked: Vec::new(), logs })
    }

    /// Does one step; its error is shown at once. True if it went well.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) -> bool {
        print!("{name:<44} ");
        flush();
        let start = Instant::now();
        let outcome = work();
        let took = start.elapsed();
        let ok = outcome.is_ok();
        println!("{:<6} {:>7.1} s", verdict(ok), took.as_secs_f64());
        if let Err(output) = outcome {
            println!("--- {name} ---\n{}\n---", output.trim_end());
        }
        flush();
        self.done.push(Step { name, took, ok });
        ok
    }

    /// Runs a program as a step. What it writes is shown only if it fails.
    pub(crate) fn run(&mut self, name: &'static str, command: &mut Command) -> bool {
        let log = self.log(name);
        self.step(name, || logged(command, &log))
    }

    /// Runs a program that runs tests; `count` reads how many from what it wrote. One that fails before it could run
    /// a failing test counts as one failed test.
    pub(crate) fn run_tests(
        &mut self,
        name: &'static str,
        command: &mut Command,
        count: impl FnOnce(&str) -> Option<Counts>,
    ) -> bool {
        let log = self.log(name);
        let mut counts = None;
        let ok = self.step(name, || {
            let outcome = logged(command, &log);
            counts = fs::read_to_string(&log).ok().and_then(|written| count(&written));
            match (&counts, &outcome) {
                (None | Some(Counts { passed: 0, failed: 0 }), Ok(())) => Err("no test ran".to_owned()),
                (Some(Counts { failed: 1.., .. }), Ok(())) => Err("a test was skipped or flaky".to_owned()),
                _ => outcome,
            }
        });
        let mut counts = counts.unwrap_or_default();
        if !ok && counts.failed == 0 {
            counts.failed = 1;
        }
        self.tests += counts;
        ok
    }

    /// A step of tests that could not be run: one failed test, since nothing was proved.
    pub(crate) fn no_tests(&mut self, name: &'static str, why: &str) {
        self.step(name, || Err(why.to_owned()));
        self.tests.failed += 1;
    }

    /// Says that something was not checked here: a step that went well must not be read as more than it did.
    pub(crate) fn not_checked(&mut self, what: &'static str) {
        println!("not checked: {what}");
        self.unchecked.push(what);
    }

    /// Prints the table and the totals. An error if any step failed.
    pub(crate) fn finish(self) -> Outcome {
        let total: Duration = self.done.iter().map(|step| step.took).sum();
        let failed: Vec<&str> = self.done.iter().filter(|step| !step.ok).map(|step| step.name).collect();
        println!("\n{:<44} {:<6} {:>9}", "step", "result", "time");
        for step in &self.done {
            println!("{:<44} {:<6} {:>7.1} s", step.name, verdict(step.ok), step.took.as_secs_f64());
        }
        println!("{:<44} {:<6} {:>7.1} s\n", "all", verdict(failed.is_empty()), total.as_secs_f64());
        for what in &self.unchecked {
            println!("not checked: {what}");
        }
        let outcome = if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) };
        // The error goes first: the counts are the very last line, on whichever stream one looks.
        if let Err(message) = &outcome {
            println!("{message}");
        }
        println!("{} passed, {} failed", self.tests.passed, self.tests.failed);
        flush();
        outcome.map_err(|_| String::new())
    }

    fn log(&self, name: &str) -> PathBuf {
        let file: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        self.logs.join(format!("{file}.log"))
    }
}

fn verdict(ok: bool) -> &'static str {
    if ok { "ok" } else { "FAILED" }
}

/// A reader who went away is no reason to stop testing.
fn flush() {
    std::io::stdout().flush().ok();
}

/// Runs the program with both its streams in one file, so that they stay in order.
fn logged(command: &mut Command, log: &PathBuf) -> Outcome {
    let cannot = |error: std::io::Error| format!("cannot write {}: {error}", log.display());
    let file = File::create(log).map_err(cannot)?;
    let also = file.try_clone().map_err(cannot)?;
    let status = command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(also)
        .status()
        .map_err(|error| format!("cannot start `{}`: {error}", shown(command)))?;
    if status.success() {
        return Ok(());
    }
    let written = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    Err(format!("{}\n`{}` failed: {status}", written.trim_end(), shown(command)))
}
