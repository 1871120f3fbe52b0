//! Puts the tables into a file, between two marks.

use std::fs;
use std::path::Path;

use crate::Outcome;

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// Replaces what stands between the marks.
pub(crate) fn write(file: &Path, tables: &str) -> Outcome {
    let told = |error| format!("cannot use {}: {error}", file.display());
    let before = fs::read_to_string(file).map_err(told)?;
    let after = between_marks(&before, tables)
        .ok_or_else(|| format!("{} has no line {BEGIN} with a line {END} after it", file.display()))?;
    fs::write(file, after).map_err(told)?;
    Ok(())
}

fn between_marks(text: &str, tables: &str) -> Option<String> {
    let (head, rest) = text.split_once(BEGIN)?;
    let (_, tail) = rest.split_once(END)?;
    Some(format!("{head}{BEGIN}\n\n{}\n\n{END}{tail}", tables.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let first = between_marks(&format!("a\n{BEGIN}\n{END}\nb\n"), "| t |\n").unwrap();
        assert_eq!(first, format!("a\n{BEGIN}\n\n| t |\n\n{END}\nb\n"));
        assert_eq!(between_marks(&first, "| t |\n").unwrap(), first);
        assert_eq!(between_marks("no marks", "| t |"), None);
    }
}
