//! The picture: SVG text. Silence hatched, ringing solid, the answer a mark, the patience budget a line.
//!
//! Positions are percentages and heights are pixels, so words keep their size on a phone. The page's style
//! sheet colours it; there is no `style` attribute, which the content security policy would refuse.

use std::fmt::Write;

use routing::{
    Answerer, AttemptTrace, Ending, Event, Millis, Outcome, RouteId, Sound, What, limits::SETUP_MAX_MS,
};

use super::{
    Told, escape,
    told::{ending, reason},
};

/// A leg: its words, and its bar under them.
const LANE_PX: u32 = 46;
/// The words over legs that ring side by side.
const HEAD_PX: u32 = 24;
/// A step or a route that was passed over.
const OVER_PX: u32 = 28;
const BAR_PX: u32 = 14;
const AXIS_PX: u32 = 22;

impl Told<'_> {
    /// The picture, for the eye only: [`Told::fate`] says it in words. `id` keeps its hatching apart from that of
    /// another picture on the page.
    pub fn svg(&self, span: Millis, id: &str) -> String {
        let mut canvas = Canvas { told: *self, scale: span.0, id, y: 0, drawn: String::new() };
        canvas.lane("What the caller hears");
        for heard in &self.trace().heard {
            canvas.bar(heard.from_ms, heard.to_ms, heard.sound == Sound::Ringing);
        }
        canvas.steps();
        let bottom = canvas.y;
        let height = bottom + AXIS_PX;
        let mut out = String::with_capacity(canvas.drawn.len() + 2048);
        let _ = write!(
            out,
            "<svg class=\"timeline\" height=\"{height}\" aria-hidden=\"true\"><defs><pattern id=\"hatch-{id}\" \
             width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke-width=\"2\"/></pattern></defs>",
        );
        grid(&mut out, span.0, height);
        out.push_str(&canvas.drawn);
        limit(&mut out, "patience", self.patience(), span, bottom);
        limit(&mut out, "cap", SETUP_MAX_MS, span, bottom);
        out.push_str("</svg>");
        out
    }
}

/// What is drawn so far, from the top down.
struct Canvas<'a> {
    told: Told<'a>,
    scale: u32,
    id: &'a str,
    /// Where the next lane begins.
    y: u32,
    drawn: String,
}

impl Canvas<'_> {
    /// Each step in the order in which the call came to it.
    fn steps(&mut self) {
        let trace = self.told.trace();
        let mut attempts = trace.attempts.iter();
        for (at, event) in trace.events.iter().enumerate() {
            match (event.what, event.step) {
                (What::StepPassedOver(why), Some(step)) => {
                    self.rule();
                    self.over(&self.step_word(step, true), &reason(why), false);
                }
                (What::StepEntered(_) | What::LastResort, Some(step)) => {
                    let (legs, down) = of_step(&trace.events[at + 1..]);
                    let legs: Vec<&AttemptTrace> = attempts.by_ref().take(legs).collect();
                    self.entered(step, &legs, &down, event.what == What::LastResort);
                }
                _ => {}
            }
        }
    }

    fn entered(&mut self, step: u8, legs: &[&AttemptTrace], down: &[RouteId], last_resort: bool) {
        self.rule();
        let mut word = self.step_word(step, false);
        if last_resort {
            word.push_str(if word.is_empty() { "Last resort" } else { ", as a last resort" });
        }
        let together = legs.len() > 1;
        if together {
            let stagger = self.told.plan_step(step).map(|step| step.stagger_ms).unwrap_or_default();
            let how = if stagger == Millis::ZERO {
                "all at once".to_owned()
            } else {
                format!("one more every {stagger}")
            };
            // A band behind the legs that ring side by side.
            let height = HEAD_PX + LANE_PX * legs.len() as u32;
            let _ = write!(
                self.drawn,
                "<rect class=\"together\" x=\"0\" y=\"{}\" width=\"100%\" height=\"{}\" rx=\"4\"/>",
                self.y + 4,
                height - 2,
            );
            let head = if word.is_empty() { how } else { format!("{word}, {how}") };
            self.text(6, self.y + 20, "step-word", &head);
            self.y += HEAD_PX;
        }
        for leg in legs {
            let words = format!("{} — {}", self.told.name(leg.route), ending(leg));
            let words = match word.as_str() {
                "" => words,
                _ if together => words,
                word => format!("{word} · {words}"),
            };
            self.leg(leg, &words, together);
        }
        for route in down {
            self.over(&self.told.name(*route), "marked down", together);
        }
    }

    /// `Primary`, `Step 2`, with the routes of a step that was not tried; nothing where there is no plan: then
    /// names say enough.
    fn step_word(&self, step: u8, with_routes: bool) -> String {
        if !self.told.is_plan() {
            return if !with_routes {
                String::new()
            } else if step == 0 {
                "Primary".into()
            } else {
                "Failover".into()
            };
        }
        let word = if step == 0 { "Primary".to_owned() } else { format!("Step {step}") };
        let names = self.told.names_in(step);
        if with_routes && !names.is_empty() { format!("{word} · {names}") } else { word }
    }

    /// A leg: what it did in words, over its bar and its end.
    fn leg(&mut self, leg: &AttemptTrace, words: &str, inset: bool) {
        self.text(if inset { 6 } else { 0 }, self.y + 22, "", words);
        let rings = leg.ringing_from_ms.unwrap_or(leg.ended_ms);
        self.y += LANE_PX;
        self.bar(leg.started_ms, rings, false);
        self.bar(rings, leg.ended_ms, true);
        let (x, y) = (percent(leg.ended_ms, self.scale), self.y - LANE_PX + 28 + BAR_PX / 2);
        let _ = match leg.ending {
            Ending::Answered => {
                let outcome = self.told.trace().outcome;
                let machine = matches!(outcome, Outcome::Answered { by: Answerer::Voicemail, .. });
                let class = if machine { "machine" } else { "answer" };
                write!(self.drawn, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"7\"/>")
            }
            Ending::Failed(_) => write!(
                self.drawn,
                "<svg x=\"{x}\" y=\"{}\" overflow=\"visible\"><path class=\"fail\" d=\"M-5 2l10 10M5 2l-10 10\"/></svg>",
                y - 7
            ),
            Ending::Cancelled => write!(
                self.drawn,
                "<line class=\"cut\" x1=\"{x}\" x2=\"{x}\" y1=\"{}\" y2=\"{}\"/>",
                y - 9,
                y + 9
            ),
        };
    }

    /// A lane with its words; its bars are drawn into it.
    fn lane(&mut self, words: &str) {
        self.text(0, self.y + 22, "", words);
        self.y += LANE_PX;
    }

    /// A thin lane, struck through, with the reason.
    fn over(&mut self, struck: &str, reason: &str, inset: bool) {
        let _ = write!(
            self.drawn,
            "<text class=\"over\" x=\"{}\" y=\"{}\"><tspan class=\"struck\">{}</tspan> — {}</text>",
            if inset { 6 } else { 0 },
            self.y + 19,
            escape(struck),
            escape(reason)
        );
        self.y += OVER_PX;
    }

    /// The line between two steps.
    fn rule(&mut self) {
        let y = self.y + 3;
        let _ = write!(self.drawn, "<line class=\"rule\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>");
    }

    fn text(&mut self, x: u32, y: u32, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = write!(self.drawn, "<text{class} x=\"{x}\" y=\"{y}\">{}</text>", escape(text));
    }

    /// A bar in the lane that was begun last.
    fn bar(&mut self, from: Millis, to: Millis, rings: bool) {
        if to <= from {
            return;
        }
        let y = self.y - LANE_PX + 28;
        let (x, width) = (percent(from, self.scale), percent(to.minus(from), self.scale));
        let look = if rings {
            "class=\"ringing\"".into()
        } else {
            format!("class=\"silent\" fill=\"url(#hatch-{})\"", self.id)
        };
        let _ =
            write!(self.drawn, "<rect {look} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BAR_PX}\"/>");
    }
}

/// Of the events after a step was entered: how many legs it dialled, and which of its routes it left out.
fn of_step(events: &[Event]) -> (usize, Vec<RouteId>) {
    let own = || {
        events.iter().take_while(|event| {
            !matches!(event.what, What::StepEntered(_) | What::LastResort | What::StepPassedOver(_))
        })
    };
    let legs = own().filter(|event| event.what == What::Dialled).count();
    let down = own().filter(|event| event.what == What::RoutePassedOver);
    (legs, down.filter_map(|event| event.route).collect())
}

/// A line at a time that matters, if the picture reaches so far.
fn limit(out: &mut String, word: &str, at: Millis, span: Millis, bottom: u32) {
    if at <= span {
        let x = percent(at, span.0);
        let _ = write!(
            out,
            "<line class=\"{word}\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{bottom}\"/><text class=\"{word}-word\" \
             x=\"{x}\" dx=\"-4\" y=\"11\" text-anchor=\"end\">{word} {at}</text>",
        );
    }
}

fn grid(out: &mut String, scale: u32, height: u32) {
    // A tick at 2, 5, 10, 20 … s: whichever leaves at most seven.
    let step = [2_000, 5_000, 10_000, 20_000, 30_000, 60_000]
        .into_iter()
        .find(|s| scale / s <= 7)
        .unwrap_or(120_000);
    for at in (0..=scale).step_by(step as usize) {
        let x = percent(Millis(at), scale);
        let anchor = match at {
            0 => "start",
            at if at > scale / 20 * 19 => "end",
            _ => "middle",
        };
        let _ = write!(
            out,
            "<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"{LANE_TOP}\" y2=\"{}\"/>\
             <text class=\"axis\" x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{} s</text>",
            height - AXIS_PX + 4,
            height - 5,
            at / 1000,
            LANE_TOP = 26,
        );
    }
}

/// A moment on a scale, as a share of the picture's width.
pub(crate) fn percent(at: Millis, scale: u32) -> String {
    let hundredths = u64::from(at.0) * 10_000 / u64::from(scale.max(1));
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}
