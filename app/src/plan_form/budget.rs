//! How long setting up a call may take at the longest, as a sentence and as a bar to scale.

use std::fmt::Write;

use routing::{Millis, PlanReading, limits::SETUP_MAX_MS};

use super::Ground;
use crate::timeline::percent;

const BAR_PX: u32 = 16;

/// The sentence and the bar: the primary, then each step, against the longest that a call may be set up. `places` are
/// those of the reading's steps in the form.
pub fn budget(ground: &Ground, reading: &PlanReading, places: &[u8]) -> String {
    let defaults = &ground.snapshot.defaults;
    let primary = defaults.no_response_ms.plus(defaults.ring_ms);
    let steps: Vec<Millis> = reading.steps.iter().map(routing::Step::worst_case_ms).collect();
    let plan = steps.iter().fold(Millis::ZERO, |sum, step| sum.plus(*step));
    let whole = primary.plus(plan);
    let scale = whole.0.max(SETUP_MAX_MS.0);
    let (class, then) = if whole > SETUP_MAX_MS {
        ("bad", " Beyond that the call is ended, and the last steps are cut short.")
    } else {
        ("muted", "")
    };
    let mut out = format!(
        "<p class=\"{class}\">Ringing through it all takes at most <b>{whole}</b>: {primary} at the primary, {plan} in \
         the plan. A call may be set up for {SETUP_MAX_MS}, and most callers wait {}.{then}</p>\
         <svg class=\"budget\" height=\"{}\" aria-hidden=\"true\">",
        defaults.patience_ms,
        BAR_PX + 2
    );
    let _ = write!(
        out,
        "<rect class=\"room\" x=\"0\" y=\"1\" width=\"{}\" height=\"{BAR_PX}\"/>",
        percent(SETUP_MAX_MS, scale)
    );
    let mut at = Millis::ZERO;
    for (place, length) in std::iter::once(primary).chain(steps).enumerate() {
        let class = if place == 0 { "primary" } else { "part" };
        let (x, width) = (percent(at, scale), percent(length, scale));
        let _ =
            write!(out, "<rect class=\"{class}\" x=\"{x}\" y=\"1\" width=\"{width}\" height=\"{BAR_PX}\"/>");
        let number = place.checked_sub(1).and_then(|at| places.get(at)).map(|at| (at + 1).to_string());
        let word = number.unwrap_or_else(|| "P".into());
        let _ = write!(
            out,
            "<svg x=\"{x}\" y=\"0\" width=\"{width}\" height=\"{BAR_PX}\"><text x=\"50%\" y=\"13\" \
             text-anchor=\"middle\">{word}</text></svg>"
        );
        at = at.plus(length);
    }
    for (class, limit) in [("patience", defaults.patience_ms), ("cap", SETUP_MAX_MS)] {
        let x = percent(limit, scale);
        let _ = write!(out, "<line class=\"{class}\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{}\"/>", BAR_PX + 2);
    }
    out.push_str("</svg>");
    out
}
