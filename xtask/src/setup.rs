//! What a machine lacks, brought in: the wasm target, Node, npm packages, Chromium, PostgreSQL.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::process::{check, command, end2end, find_program, read};

/// The browser's target.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Adds the browser's target to the toolchain in use, if it is not there.
pub(crate) fn wasm_target() -> Outcome {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let library = read(&mut command(rustc, ["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    if find_program("rustup").is_none() {
        return Err(format!(
            "the Rust target {WASM} is missing, and so is rustup, which would add it.\n\
             Install Rust from https://rustup.rs, or the package of your system that holds the target's standard library."
        ));
    }
    check(&mut command("rustup", ["target", "add", WASM]))
}

/// Installs the system's packages that the tests need. Where that is not allowed, the error is the line to run.
pub(crate) fn system_packages() -> Outcome {
    let missing = missing_packages();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    let by_hand =
        format!("sudo apt-get update && sudo apt-get install --yes --no-install-recommends {packages}");
    let ask = format!("these are missing: {packages}. Run this line, then try again:\n  {by_hand}");
    if find_program("apt-get").is_none() {
        return Err(format!(
            "these Debian packages, or what your system calls them, are missing: {packages}"
        ));
    }
    let as_root: &[&str] = match () {
        () if is_root() => &[],
        () if read(&mut command("sudo", ["-n", "true"])).is_ok() => &["sudo", "-n"],
        () => return Err(ask),
    };
    let apt = |arguments: &[&str]| {
        let start: Vec<&str> = [as_root, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]].concat();
        read(command(start[0], &start[1..]).args(arguments))
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], &missing[..]].concat())?;
    let still = missing_packages();
    if still.is_empty() { Ok(()) } else { Err(format!("installed, yet not found: {}", still.join(" "))) }
}

fn missing_packages() -> Vec<&'static str> {
    let mut missing = Vec::new();
    if find_program("node").is_none() {
        missing.push("nodejs");
    }
    if find_program("npm").is_none() {
        missing.push("npm");
    }
    if chromium().is_none() {
        // Without a font every screenshot is empty boxes.
        missing.extend(["chromium", "fonts-liberation"]);
    }
    if postgres_programs().is_none() {
        missing.push("postgresql");
    }
    missing
}

/// The browser that the tests drive: `SWITCHBACK_CHROMIUM`, or Debian's.
fn chromium() -> Option<PathBuf> {
    match std::env::var_os("SWITCHBACK_CHROMIUM") {
        Some(chosen) => Some(PathBuf::from(chosen)).filter(|file| file.is_file()),
        None => find_program("chromium"),
    }
}

/// The folder of `initdb` and `pg_ctl`; Debian keeps it off the PATH, one per version.
fn postgres_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.extend(find_program("initdb").and_then(|file| file.parent().map(Path::to_path_buf)));
    folders
        .into_iter()
        .rev()
        .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// True where `apt-get` may run without asking.
fn is_root() -> bool {
    read(&mut command("id", ["-u"])).is_ok_and(|id| id.trim() == "0")
}

/// Installs the npm packages of the end-to-end tests as the lock file names them, if they are not there yet.
pub(crate) fn npm_packages() -> Outcome {
    let changed = |file: PathBuf| fs::metadata(file).and_then(|about| about.modified()).ok();
    let wanted = changed(end2end().join("package-lock.json"));
    let there = changed(end2end().join("node_modules/.package-lock.json"));
    if there.is_some() && there >= wanted {
        return Ok(());
    }
    read(command("npm", ["ci"]).current_dir(end2end())).map(drop)
}
