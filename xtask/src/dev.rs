//! `cargo xtask dev`: a debug server that follows the sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use crate::Outcome;
use crate::compress::files_below;
use crate::process::{cargo, check, command, root, server_binary};
use crate::site::{self, Kind};

/// The folders whose files make the program.
const SOURCES: [&str; 8] = ["app", "frontend", "migrations", "portal", "routing", "server", "store", "style"];

/// How often the folders are looked at. A few hundred files: less than a millisecond each time.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// How long the server may take to finish its requests before it is killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Builds, serves, and does both again whenever a source file changes. Ends with Ctrl-C, which reaches the server too.
pub(crate) fn dev(arguments: &[String]) -> Outcome {
    let mut server = Server { running: None, arguments };
    loop {
        let seen = sources()?;
        match build() {
            Ok(()) => server.bring_up_to_date()?,
            // The old server goes on: one can look at it while mending the source.
            Err(message) => eprintln!("{message}\nwaiting for a change"),
        }
        while sources()? == seen {
            server.report_an_early_end();
            sleep(LOOK_EVERY);
        }
    }
}

fn build() -> Outcome {
    site::build(Kind::Debug)?;
    check(&mut cargo(["build", "--package", "server"]))
}

/// Every source file with the time it was changed.
fn sources() -> Outcome<BTreeMap<PathBuf, Option<SystemTime>>> {
    let mut found = BTreeMap::new();
    for folder in SOURCES {
        for file in files_below(&root().join(folder))? {
            found.insert(file.clone(), changed(&file));
        }
    }
    Ok(found)
}

fn changed(file: &PathBuf) -> Option<SystemTime> {
    fs::metadata(file).and_then(|about| about.modified()).ok()
}

struct Server<'a> {
    running: Option<(Child, Option<SystemTime>)>,
    arguments: &'a [String],
}

impl Server<'_> {
    /// Starts the server, or starts it again if the build made a new one. A debug server reads the site from disk,
    /// so a new style needs no restart.
    fn bring_up_to_date(&mut self) -> Outcome {
        let binary = server_binary("debug");
        let made = changed(&binary);
        if self.running.as_ref().is_some_and(|(_, of)| *of == made) {
            return Ok(());
        }
        self.stop();
        let child = Command::new(&binary).arg("serve").args(self.arguments).spawn();
        let child = child.map_err(|error| format!("cannot start {}: {error}", binary.display()))?;
        self.running = Some((child, made));
        Ok(())
    }

    fn report_an_early_end(&mut self) {
        if let Some((child, _)) = &mut self.running
            && let Ok(Some(status)) = child.try_wait()
        {
            eprintln!("the server ended: {status}; waiting for a change");
            self.running = None;
        }
    }

    fn stop(&mut self) {
        let Some((mut child, _)) = self.running.take() else { return };
        // Asked first, so that it finishes its requests; the standard library can only kill.
        let asked = check(&mut command("kill", ["-TERM", &child.id().to_string()])).is_ok();
        let mut waited = Duration::ZERO;
        while asked && waited < PATIENCE && matches!(child.try_wait(), Ok(None)) {
            sleep(LOOK_EVERY / 10);
            waited += LOOK_EVERY / 10;
        }
        // It may have ended by itself; then there is nothing to kill and only its exit code to collect.
        child.kill().ok();
        child.wait().ok();
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        self.stop();
    }
}
