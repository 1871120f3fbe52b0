//! `cargo xtask run`: from a checkout to a portal that answers, with one command.

use std::process::Command;

use crate::Outcome;
use crate::process::{cargo, check, server_binary};
use crate::site::{self, Kind};

/// Builds the site and the server optimised, then becomes the server.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    site::build(Kind::Optimised)?;
    println!("building the server (the first time takes several minutes)");
    check(&mut cargo(["build", "--release", "--package", "server"]))?;
    // The server runs in the caller's folder: that is where its database file is looked for.
    become_the(Command::new(server_binary("release")).arg("serve").args(arguments))
}

/// Replaces this process, so that Ctrl-C and signals reach the server and its exit code is ours.
#[cfg(unix)]
fn become_the(server: &mut Command) -> Outcome {
    use std::os::unix::process::CommandExt;

    let error = server.exec();
    Err(format!("cannot start the server: {error}"))
}

#[cfg(not(unix))]
fn become_the(server: &mut Command) -> Outcome {
    check(server)
}
