//! What a change does to calls: one row a group and failure, losses first.

use std::fmt::Write;

use routing::{Answerer, Cell, DiffKind, GroupDiff, Outcome, Snapshot};

use super::Naming;
use crate::{
    labels::{dids, figure},
    timeline::escape,
};

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
        DiffKind::FailsSooner => ("", "→", "fails sooner"),
    }
}

/// `Of 214 DIDs, in some failure: 3 reach nobody any more; 12 end elsewhere.` The effects in the order to tell them,
/// with the DIDs that are met by each.
pub fn effects_words(total: u64, effects: impl IntoIterator<Item = (DiffKind, u64)>) -> String {
    let total = dids(total);
    let met = effects.into_iter().filter(|(_, dids)| *dids > 0);
    let parts: Vec<String> = met.map(|(kind, dids)| effect(kind, dids)).collect();
    match parts.is_empty() {
        true => format!("Of {total}, every call ends as before, whatever fails."),
        false => format!("Of {total}, in some failure: {}.", parts.join("; ")),
    }
}

/// The class of what a change does: that of the worst effect.
pub fn effects_class(effects: impl IntoIterator<Item = (DiffKind, u64)>) -> &'static str {
    let mut class = "good";
    for (kind, _) in effects.into_iter().filter(|(_, dids)| *dids > 0) {
        match kind_words(kind).0 {
            "bad" => return "bad",
            "warn" => class = "warn",
            _ => {}
        }
    }
    class
}

/// What becomes of so many DIDs.
fn effect(kind: DiffKind, dids: u64) -> String {
    let (one, many) = match kind {
        DiffKind::Loss => ("reaches nobody any more", "reach nobody any more"),
        DiffKind::Gain => ("reaches somebody where nobody answered", "reach somebody where nobody answered"),
        DiffKind::Elsewhere => ("ends elsewhere", "end elsewhere"),
        DiffKind::WaitsLonger => ("waits longer for the same answer", "wait longer for the same answer"),
        DiffKind::FailsLater => ("fails later", "fail later"),
        DiffKind::Sooner => ("is answered sooner", "are answered sooner"),
        DiffKind::FailsSooner => ("fails sooner", "fail sooner"),
    };
    format!("{} {}", figure(dids), if dids == 1 { one } else { many })
}

/// The rows of one group, losses first. Failures in which the same becomes the same share a row.
pub fn diff_rows(snapshot: &Snapshot, diff: &GroupDiff) -> Vec<DiffRow> {
    diff_rows_between([Naming(snapshot); 2], diff)
}

/// The same of two configurations, each of which names what is its own. A failure is named by the first that knows it.
pub fn diff_rows_between([then, now]: [Naming<'_>; 2], diff: &GroupDiff) -> Vec<DiffRow> {
    let mut rows: Vec<DiffRow> = Vec::new();
    for difference in &diff.differences {
        let row = DiffRow {
            failure: if then.knows(&difference.failure) { then } else { now }.failure(&difference.failure),
            before: cell_words(then, &difference.before),
            after: cell_words(now, &difference.after),
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
    diff_table_between([Naming(snapshot); 2], ["Now", "After this change"], diff)
}

/// The same of two configurations, with the headings of their columns.
pub fn diff_table_between(namings: [Naming<'_>; 2], [then, now]: [&str; 2], diff: &GroupDiff) -> String {
    let rows = diff_rows_between(namings, diff);
    if rows.is_empty() {
        return "<p class=\"muted\">Every call ends as before, whatever fails.</p>".to_owned();
    }
    let mut out = format!(
        "<table class=\"steps diff\"><thead><tr><th scope=\"col\">When</th><th scope=\"col\">{then}</th>\
         <th scope=\"col\">{now}</th></tr></thead><tbody>",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_most_is_told_first_and_each_thing_by_its_own_name() {
        for (effects, told) in [
            (vec![], "Of 1 DID, every call ends as before, whatever fails."),
            (vec![(DiffKind::Loss, 0)], "Of 1 DID, every call ends as before, whatever fails."),
            (
                DiffKind::ALL.into_iter().zip([1, 2, 1_234, 1, 2, 3, 1]).collect(),
                "Of 1 DID, in some failure: 1 reaches nobody any more; 2 reach somebody where nobody answered; 1,234 end elsewhere; 1 waits \
                 longer for the same answer; 2 fail later; 3 are answered sooner; 1 fails sooner.",
            ),
        ] {
            assert_eq!(effects_words(1, effects), told);
        }
        for (effects, class) in [
            (vec![], "good"),
            (vec![(DiffKind::Gain, 2)], "good"),
            (vec![(DiffKind::Gain, 2), (DiffKind::FailsLater, 1)], "warn"),
            (vec![(DiffKind::WaitsLonger, 2), (DiffKind::Loss, 1)], "bad"),
            (vec![(DiffKind::Loss, 0)], "good"),
        ] {
            assert_eq!(effects_class(effects), class);
        }
    }
}
