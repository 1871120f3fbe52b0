//! What every failure would do, in a line each.

use std::fmt::Write;

use routing::{Millis, Outcome, Trace};

use crate::{
    desk::outcome_mark,
    timeline::{escape, name_of},
};

/// One failure with what a call comes to under it.
pub(super) struct Line {
    /// As [`routing::Failure`] prints it.
    pub(super) failure: String,
    pub(super) words: String,
    pub(super) trace: Option<Trace>,
}

/// The lines as a table. Each failure is a button that shows its call.
pub(super) fn glance(snapshot: &routing::Snapshot, lines: &[Line], shown: &str) -> String {
    let patience = snapshot.defaults.patience_ms;
    let mut out = String::from("<table class=\"steps glance\"><tbody>");
    for line in lines {
        let outcome = line.trace.as_ref().map(|trace| trace.outcome);
        let (class, sign) = outcome.map_or(("bad", "✕"), |outcome| outcome_mark(&outcome, patience));
        let (who, at) = match outcome {
            None => ("no route to call".to_owned(), Millis::ZERO),
            Some(Outcome::Answered { route, at_ms, .. }) => (name_of(snapshot, route), at_ms),
            Some(Outcome::Rejected { code, at_ms }) => (format!("nobody: {}", code.get()), at_ms),
            Some(Outcome::CallerHungUp { at_ms }) => ("the caller hangs up".to_owned(), at_ms),
        };
        // What the sign says, for those who do not see it; a call that nobody answers says so itself.
        let meant = match sign {
            "!" => "<span class=\"hidden-text\">late: </span>",
            "✉" => "<span class=\"hidden-text\">a machine: </span>",
            _ => "",
        };
        let current = if line.failure == shown { " aria-current=\"true\"" } else { "" };
        let _ = write!(
            out,
            "<tr><td><button type=\"button\" data-failure=\"{}\"{current}>{}</button></td><td class=\"{class}\"><b \
             aria-hidden=\"true\">{sign}</b> {meant}{}</td><td class=\"figure nowrap right\">{at}</td></tr>",
            escape(&line.failure),
            escape(&line.words),
            escape(&who)
        );
    }
    out.push_str("</tbody></table>");
    out
}
