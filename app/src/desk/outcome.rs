//! One call, shown: the sentence of its fate, the picture to scale, its attempts, every event, the fingerprint.

use std::fmt::Write;

use routing::{Answerer, CompileError, Did, Millis, Outcome, Snapshot, Trace};

use super::{UNSAVED, attempts};
use crate::timeline::{Told, escape};

/// What the hatching, the bar and the marks stand for.
pub const LEGEND: &str = "<p class=\"legend\" aria-hidden=\"true\">\
    <span><svg><path class=\"swatch-silent\" d=\"M1 1h20v8H1zM1 9 9 1M7 9 15 1M13 9 21 1\"/></svg> silence</span>\
    <span><svg><rect class=\"swatch-ringing\" width=\"22\" height=\"10\"/></svg> ringing</span>\
    <span><svg><circle class=\"swatch-answer\" cx=\"6\" cy=\"5\" r=\"5\"/></svg> answered</span>\
    <span><svg><circle class=\"swatch-machine\" cx=\"6\" cy=\"5\" r=\"5\"/></svg> a machine answered</span></p>";

/// How a call is to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The configuration that it ran in.
    pub snapshot: &'a Snapshot,
    /// The call, or why there is none.
    pub trace: Result<&'a Trace, &'a CompileError>,
    /// How much time the picture spans.
    pub span: Millis,
    /// Keeps its parts apart from those of another call on the page.
    pub id: &'a str,
    /// Whether its events are unfolded.
    pub open: bool,
    /// The number with the routing that was walked, to list each of its steps, taken or not.
    pub steps_of: Option<&'a Did>,
}

/// The class and the mark of a call that ended so.
pub fn mark(outcome: &Outcome, patience: Millis) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Answered { by: Answerer::Voicemail, .. } => ("warn", "✉"),
        Outcome::Answered { at_ms, .. } if *at_ms > patience => ("warn", "!"),
        Outcome::Answered { .. } => ("good", "✓"),
        Outcome::Rejected { .. } | Outcome::CallerHungUp { .. } => ("bad", "✕"),
    }
}

/// What a call comes to, in words.
pub fn aloud(snapshot: &Snapshot, trace: Result<&Trace, &CompileError>) -> String {
    let trace = match trace {
        Ok(trace) => trace,
        Err(why) => return why_no_call(why),
    };
    let patience = snapshot.defaults.patience_ms;
    let mut fate = Told::new(snapshot, trace).fate();
    if trace.outcome.at_ms() > patience {
        let _ = write!(fate, " That is longer than the {patience} a caller is expected to wait.");
    }
    fate
}

/// Why a call cannot be shown.
fn why_no_call(why: &CompileError) -> String {
    match why {
        CompileError::UnknownRoute(id) => {
            format!(
                "Inbound route {id} does not exist, or not any more: there is no call to show. Choose another."
            )
        }
        CompileError::UnknownPlan(UNSAVED) => {
            "The draft cannot be walked as it is: there is no call to show.".into()
        }
        CompileError::UnknownPlan(id) => {
            format!(
                "Failover plan {id} does not exist, or not any more: there is no call to show. Choose another."
            )
        }
        other => format!("There is no call to show: {other}."),
    }
}

/// In the place of a call: why there is none.
pub fn no_call_html(words: &str) -> String {
    format!("<p class=\"fate bad\"><b>✕ {}</b></p>", escape(words))
}

/// The call as HTML.
pub fn html(shown: Shown<'_>) -> String {
    let Shown { snapshot, trace, span, id, open, steps_of } = shown;
    let words = aloud(snapshot, trace);
    let Ok(trace) = trace else { return no_call_html(&words) };
    let words = escape(&words);
    let patience = snapshot.defaults.patience_ms;
    let (class, sign) = mark(&trace.outcome, patience);
    let told = Told::new(snapshot, trace);
    let mut out = format!("<p class=\"fate {class}\"><b>{sign} {words}</b></p>");
    out.push_str(&told.svg(span, id));
    if let Some(did) = steps_of {
        out.push_str(&attempts::table(snapshot, did, trace));
    }
    // Written anew at every change, it stays as it was: open or folded.
    let open = if open { " open" } else { "" };
    let _ = write!(
        out,
        "<details id=\"steps-{id}\"{open}><summary>Step by step</summary><table class=\"steps\"><thead><tr>\
         <th scope=\"col\">At</th><th scope=\"col\">What happens</th></tr></thead><tbody>",
    );
    for event in &trace.events {
        let sentence = escape(&told.sentence(event));
        let _ = write!(out, "<tr><td class=\"figure nowrap\">{}</td><td>{sentence}</td></tr>", event.at_ms);
    }
    let _ = write!(
        out,
        "</tbody></table></details><p class=\"small muted\">Configuration version {} · decision \
         <span class=\"code\">{}</span></p>",
        trace.version.0, trace.decision_hash
    );
    out
}
