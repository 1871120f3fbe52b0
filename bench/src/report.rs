//! Rows, and the Markdown that they become.

use std::time::Duration;

/// A measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) what: String,
    /// The figure.
    pub(crate) measured: String,
    /// Ratios and counts that explain it.
    pub(crate) beside: String,
    /// The most that it may be, and whether it is not more.
    pub(crate) budget: Option<(String, bool)>,
}

impl Row {
    pub(crate) fn new(
        what: impl Into<String>,
        measured: impl Into<String>,
        beside: impl Into<String>,
    ) -> Row {
        Row { what: what.into(), measured: measured.into(), beside: beside.into(), budget: None }
    }

    /// The row with its budget.
    pub(crate) fn within(self, budget: impl Into<String>, held: bool) -> Row {
        Row { budget: Some((budget.into(), held)), ..self }
    }
}

/// Rows that belong together.
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) rows: Vec<Row>,
}

impl Table {
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("### {}\n\n", self.title);
        let budgets = self.rows.iter().any(|row| row.budget.is_some());
        text.push_str(if budgets {
            "| what | measured | beside it | budget | held |\n| --- | --- | --- | --- | --- |\n"
        } else {
            "| what | measured | beside it |\n| --- | --- | --- |\n"
        });
        for row in &self.rows {
            text.push_str(&format!("| {} | {} | {} |", row.what, row.measured, row.beside));
            if budgets {
                let (budget, held) = match &row.budget {
                    Some((budget, true)) => (budget.as_str(), "yes"),
                    Some((budget, false)) => (budget.as_str(), "**no**"),
                    None => ("", ""),
                };
                text.push_str(&format!(" {budget} | {held} |"));
            }
            text.push('\n');
        }
        text
    }
}

/// A number in groups of three: `100,000`.
pub(crate) fn figure(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time with three digits that mean something: `1.23 ms`, `0.45 µs`.
pub(crate) fn time(time: Duration) -> String {
    nanoseconds(time.as_secs_f64() * 1e9)
}

/// The same for criterion's fractions of a nanosecond.
pub(crate) fn nanoseconds(ns: f64) -> String {
    let (value, unit) = match ns {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    let digits = match value {
        value if value < 10.0 => 2,
        value if value < 100.0 => 1,
        _ => 0,
    };
    format!("{value:.digits$} {unit}")
}

/// Bytes: `14.2 kB`, `3.1 MB`, a thousand to the next unit.
pub(crate) fn bytes(n: u64) -> String {
    match n as f64 {
        n if n < 1e3 => format!("{n} B"),
        n if n < 1e6 => format!("{:.1} kB", n / 1e3),
        n if n < 1e9 => format!("{:.1} MB", n / 1e6),
        n => format!("{:.1} GB", n / 1e9),
    }
}

/// Times of the same thing, to be asked for their quantiles.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn new(mut times: Vec<Duration>) -> Times {
        times.sort_unstable();
        Times(times)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest time that this share of all does not pass (nearest rank); of none, zero.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        let rank = (share * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    pub(crate) fn median(&self) -> Duration {
        self.quantile(0.5)
    }

    pub(crate) fn max(&self) -> Duration {
        self.quantile(1.0)
    }

    /// `p50 1.2 ms, p99 3.4 ms`.
    pub(crate) fn summary(&self) -> String {
        format!("p50 {}, p99 {}", time(self.median()), time(self.quantile(0.99)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_for_reading() {
        assert_eq!(
            ["1", "999", "1,000", "1,234,567"],
            [1, 999, 1_000, 1_234_567].map(figure).each_ref().map(String::as_str)
        );
        for (ns, expected) in [
            (0.5, "0.50 ns"),
            (350.0, "350 ns"),
            (4_250.0, "4.25 µs"),
            (12_300_000.0, "12.3 ms"),
            (1.2e9, "1.20 s"),
        ] {
            assert_eq!(nanoseconds(ns), expected);
        }
        for (n, expected) in
            [(12, "12 B"), (14_210, "14.2 kB"), (3_100_000, "3.1 MB"), (25_300_000_000, "25.3 GB")]
        {
            assert_eq!(bytes(n), expected);
        }
    }

    #[test]
    fn a_quantile_is_a_time_that_was_measured() {
        let times = Times::new((1..=100).rev().map(Duration::from_millis).collect());
        for (share, ms) in [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)] {
            assert_eq!(times.quantile(share), Duration::from_millis(ms));
        }
        assert_eq!(Times::new(Vec::new()).quantile(0.99), Duration::ZERO);
    }

    #[test]
    fn a_row_says_whether_its_budget_is_held() {
        let rows = vec![
            Row::new("a", "1 ms", "").within("≤ 2 ms", true),
            Row::new("b", "3 ms", "x").within("≤ 2 ms", false),
        ];
        let text = Table { title: "t".into(), rows }.markdown();
        assert!(text.contains("| a | 1 ms |  | ≤ 2 ms | yes |") && text.contains("| **no** |"), "{text}");
    }
}
