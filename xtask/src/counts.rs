//! How many tests ran, read from what the test programs wrote.

use std::ops::AddAssign;

/// Tests that passed and tests that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Counts) {
        self.passed += more.passed;
        self.failed += more.failed;
    }
}

/// Sums the `test result:` lines of `cargo test`, one for each test program.
pub(crate) fn of_cargo(log: &str) -> Counts {
    let mut counts = Counts::default();
    for result in log.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        counts +=
            Counts { passed: number_before(result, " passed"), failed: number_before(result, " failed") };
    }
    counts
}

fn number_before(line: &str, word: &str) -> u64 {
    let number = line.split(word).next().and_then(|before| before.split_whitespace().last());
    number.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// Reads the report that Playwright writes as JSON. A test that was skipped did not prove anything: it counts as failed.
pub(crate) fn of_playwright(report: &str) -> Option<Counts> {
    let report: serde_json::Value = serde_json::from_str(report).ok()?;
    let stats = report.get("stats")?;
    let of = |name: &str| stats.get(name).and_then(serde_json::Value::as_u64);
    Some(Counts { passed: of("expected")?, failed: of("unexpected")? + of("flaky")? + of("skipped")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_counts_are_summed_over_all_test_programs() {
        let rows = [
            ("", (0, 0)),
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s",
                (12, 0),
            ),
            (
                "running 3 tests\ntest result: FAILED. 2 passed; 1 failed; 0 ignored\n\ntest result: ok. 4 passed; 0 failed;",
                (6, 1),
            ),
            ("    test result: ok. 9 passed; a test printed this", (0, 0)),
        ];
        for (log, (passed, failed)) in rows {
            assert_eq!(of_cargo(log), Counts { passed, failed }, "{log}");
        }
    }

    #[test]
    fn playwright_counts_come_from_its_report_and_a_skipped_test_is_no_success() {
        let report = |stats: &str| format!("{{\"suites\":[],\"stats\":{stats}}}");
        let rows = [
            (report(r#"{"expected":7,"unexpected":0,"flaky":0,"skipped":0}"#), Some((7, 0))),
            (report(r#"{"expected":7,"unexpected":2,"flaky":1,"skipped":1}"#), Some((7, 4))),
            (report("{}"), None),
            ("cut of".to_owned(), None),
        ];
        for (report, expected) in rows {
            let expected = expected.map(|(passed, failed)| Counts { passed, failed });
            assert_eq!(of_playwright(&report), expected, "{report}");
        }
    }
}
