//! SECURITY.md names tests; each must be there, or the document promises what nobody checks.

use std::fs;

use crate::Outcome;
use crate::process::root;

/// An error that names every test and file of SECURITY.md that is not there.
pub(crate) fn check() -> Outcome {
    let read = |file: &str| fs::read_to_string(root().join(file));
    let document = read("SECURITY.md").map_err(|error| format!("cannot read SECURITY.md: {error}"))?;
    let wrong = missing(&document, |file| read(file).ok());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// In each line, a file is followed by the names of its tests, all as code.
fn missing(document: &str, read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut tests = 0;
    let mut file: Option<(String, String)> = None;
    for line in document.lines() {
        if line.starts_with('|') {
            file = None;
        }
        // What stands between backticks is every second piece.
        for code in line.split('`').skip(1).step_by(2) {
            if code.contains('/') && code.rsplit_once('.').is_some_and(|(_, end)| ["rs", "ts"].contains(&end))
            {
                match read(code) {
                    Some(text) => file = Some((code.to_owned(), text)),
                    None => wrong.push(format!("SECURITY.md: there is no file {code}")),
                }
            } else if is_test(code) {
                tests += 1;
                match &file {
                    Some((_, text)) if text.contains(code) => {}
                    Some((name, _)) => wrong.push(format!("SECURITY.md: {name} has no test `{code}`")),
                    None => wrong.push(format!("SECURITY.md: `{code}` stands behind no file")),
                }
            }
        }
    }
    if tests == 0 {
        wrong.push("SECURITY.md names no test".to_owned());
    }
    wrong
}

/// A sentence of several words, as tests are called: with underscores in Rust, with spaces in TypeScript.
fn is_test(code: &str) -> bool {
    code.split(['_', ' ']).count() > 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_not_there_is_named() {
        let read = |file: &str| (file == "a/b.rs").then(|| "fn a_b_c_d() {}".to_owned());
        for (document, expected) in [
            ("| 1 | `a/b.rs` `a_b_c_d` |", ""),
            ("`a/b.rs`\n`a_b_c_d`", ""),
            ("| 1 | `a/b.rs` `a_b_c_e` |", "SECURITY.md: a/b.rs has no test `a_b_c_e`"),
            ("| 1 | `a/c.rs` |\n| 2 | `a/b.rs` `a_b_c_d` |", "SECURITY.md: there is no file a/c.rs"),
            ("| 1 | `a/b.rs` |\n| 2 | `a_b_c_d` |", "SECURITY.md: `a_b_c_d` stands behind no file"),
            ("`nosniff`", "SECURITY.md names no test"),
        ] {
            assert_eq!(missing(document, read).join("; "), expected, "{document}");
        }
    }
}
