//! What a change does to calls: one row a group and failure, losses first.

use std::fmt::Write;

use routing::{Answerer, Cell, DiffKind, GroupDiff, Outcome, Snapshot};

use super::Naming;
use crate::timeline::escape;

/// One failure in which calls end in another way, or at another time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffRow {
    /// To be read after "when".
    pub failure: String,
    /// What a call came to.
    pub before: String,
    /// What it comes to.
    pub after: String,
    /// What that is to callers.
    pub kind: DiffKind,
}

/// The class of the style sheet, the sign, the word.
pub fn kind_words(kind: DiffKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        DiffKind::Loss => ("bad", "✕", "lost"),
        DiffKind::Gain => ("good", "✓", "reached"),
        DiffKind::Elsewhere => ("warn", "→", "elsewhere"),
        DiffKind::WaitsLonger => ("warn", "!", "waits longer"),
        DiffKind::FailsLater => ("warn", "!", "fails later"),
        DiffKind::Sooner => ("good", "✓", "sooner"),
    }
}

/// The rows of one group, losses first. Failures in which the same becomes the same share a row.
pub fn diff_rows(snapshot: &Snapshot, diff: &GroupDiff) -> Vec<DiffRow> {
    let naming = Naming(snapshot);
    let mut rows: Vec<DiffRow> = Vec::new();
    for difference in &diff.differences {
        let row = DiffRow {
            failure: naming.failure(&difference.failure),
            before: cell_words(naming, &difference.before),
            after: cell_words(naming, &difference.after),
            kind: difference.kind(),
        };
        let same = |known: &&mut DiffRow| (&known.before, &known.after) == (&row.before, &row.after);
        match rows.iter_mut().find(same) {
            Some(known) => {
                known.failure.push_str(", or ");
                known.failure.push_str(&row.failure);
            }
            None => rows.push(row),
        }
    }
    let of = |kind: DiffKind| rows.iter().filter(move |row| row.kind == kind).cloned();
    DiffKind::ALL.into_iter().flat_map(of).collect()
}

/// What a cell says, as the rest of a sentence.
pub fn cell_words(naming: Naming<'_>, cell: &Cell) -> String {
    match cell.outcome {
        Outcome::Answered { route, at_ms, by: Answerer::Voicemail } => {
            format!("the voicemail {} answers after {at_ms}", naming.route(route))
        }
        Outcome::Answered { route, at_ms, .. } => format!("{} answers after {at_ms}", naming.route(route)),
        Outcome::Rejected { code, at_ms } => {
            format!("nobody answers: {} {} after {at_ms}", code.get(), code.phrase())
        }
        Outcome::CallerHungUp { at_ms } => format!("the caller hangs up after {at_ms}"),
    }
}

/// The rows of one group as a table.
pub fn diff_table(snapshot: &Snapshot, diff: &GroupDiff) -> String {
    let rows = diff_rows(snapshot, diff);
    if rows.is_empty() {
        return "<p class=\"muted\">Every call ends as before, whatever fails.</p>".to_owned();
    }
    let mut out = String::from(
        "<table class=\"steps diff\"><thead><tr><th scope=\"col\">When</th><th scope=\"col\">Now</th>\
         <th scope=\"col\">After this change</th></tr></thead><tbody>",
    );
    for row in rows {
        let (class, sign, word) = kind_words(row.kind);
        let _ = write!(
            out,
            "<tr class=\"{class}\"><td>{}</td><td>{}</td><td><b>{sign} {word}:</b> {}</td></tr>",
            escape(&row.failure),
            escape(&row.before),
            escape(&row.after)
        );
    }
    out.push_str("</tbody></table>");
    out
}
