//! Calls in files of their own: a sentence, a configuration, a call, and the trace to the letter.
//!
//! The files lie beside this one. [`read`] says how they are written. A file's name is its sentence. To write
//! the traces of new or changed files, run `SWITCHBACK_BLESS=1 cargo test -p routing --test scenarios`, then
//! check each of them by hand against the rules: a trace that was only copied proves nothing.
// All of it is test code: without `cfg(test)` clippy would not know that its helpers may unwrap.
#![cfg(test)]

mod read;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use routing::{Scenario, Snapshot, simulate};

use read::Case;

/// Fewer files than this, and somebody has lost some.
const FILES_MIN: usize = 100;
/// What parts the call from its trace.
const RULE: &str = "---\n";
/// Set to write traces instead of comparing them.
const BLESS: &str = "SWITCHBACK_BLESS";

/// Every scenario file by name.
fn files() -> BTreeMap<String, PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .collect()
}

/// `Busy, here or there` as `busy-here-or-there`.
fn slug(sentence: &str) -> String {
    let words = sentence.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// Runs the call as read, and as it comes back from JSON: both must tell the same.
fn trace(case: &Case) -> String {
    let run = |snapshot: &Snapshot, scenario: &Scenario| {
        simulate(snapshot, scenario)
            .map_or_else(|error| format!("{error}\n"), |trace| trace.to_text(snapshot))
    };
    let text = run(&case.snapshot, &case.scenario);
    let snapshot = serde_json::from_str(&serde_json::to_string(&case.snapshot).unwrap()).unwrap();
    let scenario = serde_json::from_str(&serde_json::to_string(&case.scenario).unwrap()).unwrap();
    assert_eq!(run(&snapshot, &scenario), text, "after a way through JSON");
    text
}

/// The lines that differ, between those that do not.
fn diff(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let before = expected.iter().zip(&found).take_while(same).count();
    let shorter = expected.len().min(found.len()) - before;
    let after = expected.iter().rev().zip(found.iter().rev()).take_while(same).count().min(shorter);
    let mut text = String::new();
    for (mark, lines) in [
        (' ', &expected[..before]),
        ('-', &expected[before..expected.len() - after]),
        ('+', &found[before..found.len() - after]),
        (' ', &expected[expected.len() - after..]),
    ] {
        for line in lines {
            let _ = writeln!(text, "  {mark} {line}");
        }
    }
    text
}

#[test]
fn every_scenario_file_tells_what_happens_to_its_call() {
    let bless = env::var_os(BLESS).is_some();
    let mut wrong = Vec::new();
    for (name, path) in files() {
        let text = fs::read_to_string(&path).unwrap();
        let (head, expected) = text.split_once(RULE).unwrap_or((&text, ""));
        let found = match Case::read(head) {
            Ok(case) => trace(&case),
            Err(error) => {
                wrong.push(format!("{name}: {error}\n"));
                continue;
            }
        };
        if found == expected {
            continue;
        }
        if bless {
            fs::write(&path, format!("{head}{RULE}{found}")).unwrap();
        } else {
            wrong.push(format!("{name}:\n{}", diff(expected, &found)));
        }
    }
    assert!(wrong.is_empty(), "{} files do not hold:\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_scenario_file_is_named_by_its_sentence_and_no_sentence_stands_twice() {
    let files = files();
    assert!(files.len() >= FILES_MIN, "only {} scenario files are left", files.len());
    let mut sentences = BTreeMap::new();
    for (name, path) in &files {
        let text = fs::read_to_string(path).unwrap();
        let sentence = text.lines().next().unwrap_or_default().to_owned();
        assert_eq!(slug(&sentence), *name, "a file's name is its sentence");
        let twin = sentences.insert(sentence.to_lowercase(), name);
        assert_eq!(twin, None, "the sentence of {name} stands twice");
    }
}

#[test]
fn a_file_that_does_not_read_says_which_line_is_wrong() {
    let head = "A sentence\n\nroute 1 pbx: host pbx.example.com; pbx\ndid: pbx\n";
    assert!(Case::read(head).is_ok());
    for (line, complaint) in [
        ("fault on route pbx: bussy", "`bussy` is no fault"),
        ("fault on route px: busy", "there is no route `px`"),
        ("fault on rote pbx: busy", "`rote pbx` is nothing that can break"),
        ("profil: kamailio", "`profil` is no part of a scenario"),
        ("step: pbx; on outge", "`outge` is not a trigger"),
        ("hangs up: 9 s", "write `after 9 s`"),
        ("at: 2026-03-08", "is no moment"),
        ("no colon", "has no colon"),
    ] {
        let error = Case::read(&format!("{head}{line}\n")).err().unwrap_or_default();
        assert!(error.contains(complaint) && error.contains(line), "{line}: {error}");
    }
}
