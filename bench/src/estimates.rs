//! What criterion found out about the core, beside DESIGN's budgets.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Outcome;
use crate::report::{Row, Table, nanoseconds};

/// Benches with a budget in nanoseconds. It is the browser's; the figure is this machine's, so there must be room.
const BUDGETS: [(&str, f64, &str); 5] = [
    ("decision/walk: ten steps, all fail", 1e6, "≤ 1 ms in the browser"),
    ("simulation/ten steps, all silent", 1e6, "≤ 1 ms in the browser"),
    ("simulation/matrix of 1,000 DIDs, none alike, and 20 failures", 200e6, "≤ 200 ms in the browser"),
    ("findings/100,000 DIDs, all alike", 1e9, "≤ 1 s"),
    ("findings/100,000 DIDs, none alike", 1e9, "≤ 1 s"),
];

/// A table of the results below a folder that criterion wrote.
pub(crate) fn table(folder: &Path) -> Outcome<Table> {
    let mut results = Vec::new();
    for group in folders_in(folder)? {
        for bench in folders_in(&group)? {
            let latest = bench.join("new");
            if latest.join("estimates.json").is_file() {
                results.push(row(
                    &json(&latest.join("benchmark.json"))?,
                    &json(&latest.join("estimates.json"))?,
                )?);
            }
        }
    }
    if results.is_empty() {
        return Err(format!("criterion left no results in {}", folder.display()).into());
    }
    Ok(Table { title: "The core, in this process".into(), rows: results })
}

fn row(benchmark: &Value, estimates: &Value) -> Outcome<Row> {
    let name = benchmark["full_id"].as_str().ok_or("criterion's result has no name")?;
    let median = estimates["median"]["point_estimate"].as_f64().ok_or("criterion's result has no median")?;
    let (group, bench) = name.split_once('/').unwrap_or((name, ""));
    let per_second = if median > 0.0 { 1e9 / median } else { 0.0 };
    let beside = format!("{} a second on one core", crate::report::figure(per_second as u64));
    let row =
        Row::new(format!("{group}: {}", bench.trim_start_matches("walk: ")), nanoseconds(median), beside);
    Ok(match BUDGETS.iter().find(|(budgeted, ..)| *budgeted == name) {
        Some((_, max, budget)) => row.within(*budget, median <= *max),
        None => row,
    })
}

/// In order of their names, so that two runs give the same order.
fn folders_in(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut folders = entries.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    Ok(folders)
}

fn json(file: &Path) -> Outcome<Value> {
    Ok(serde_json::from_slice(&fs::read(file)?)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_result_becomes_a_row_with_its_budget() {
        let estimates = |ns: f64| json!({ "median": { "point_estimate": ns } });
        let row_of = |name: &str, ns| row(&json!({ "full_id": name }), &estimates(ns)).unwrap();
        let slow = row_of("simulation/matrix of 1,000 DIDs, none alike, and 20 failures", 300e6);
        assert_eq!((slow.measured.as_str(), slow.budget.map(|(_, held)| held)), ("300 ms", Some(false)));
        let plain = row_of("E164/plus and digits", 50.0);
        assert_eq!(
            (plain.what.as_str(), plain.beside.as_str()),
            ("E164: plus and digits", "20,000,000 a second on one core")
        );
        assert!(plain.budget.is_none());
    }
}
