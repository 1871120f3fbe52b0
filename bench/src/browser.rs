//! What the browser measured: rows that `end2end/measure` wrote.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Outcome;
use crate::report::{Row, Table};

/// A table of the rows in a file.
pub(crate) fn table(file: &Path) -> Outcome<Table> {
    let cannot = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| cannot(&error))?;
    let rows: Vec<Value> = serde_json::from_str(&text).map_err(|error| cannot(&error))?;
    if rows.is_empty() {
        return Err(cannot(&"the browser measured nothing").into());
    }
    Ok(Table { title: "In Chromium, optimised bundles".into(), rows: rows.iter().map(row).collect() })
}

fn row(value: &Value) -> Row {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let row = Row::new(text("what"), text("measured"), text("beside"));
    match text("budget") {
        budget if budget.is_empty() => row,
        budget => row.within(budget, value["held"].as_bool().unwrap_or(false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_browser_keep_their_budget() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rows.json");
        fs::write(
            &file,
            r#"[{"what":"a","measured":"p50 9 ms","beside":"b","budget":"≤ 50 ms","held":true}]"#,
        )
        .unwrap();
        assert!(table(&file).unwrap().markdown().contains("| a | p50 9 ms | b | ≤ 50 ms | yes |"));
        fs::write(&file, "[]").unwrap();
        assert!(table(&file).is_err());
    }
}
