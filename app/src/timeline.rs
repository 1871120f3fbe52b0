//! A trace as a picture to scale, and as sentences.
//!
//! The picture is SVG text: silence hatched, ringing solid, the answer a mark, the patience budget a line.
//! Positions are percentages and heights are pixels, so words keep their size on a phone. The page's style
//! sheet colours it; there is no `style` attribute, which the content security policy would refuse.

use std::fmt::Write;

use routing::{
    Answerer, AttemptTrace, Cause, Ending, Event, Millis, Outcome, PassedOver, RouteId, Sound, Trace,
    Unreachable, What,
};

/// A picture never spans less than this, so that a call answered after 2 s looks as short as it is.
const SPAN_MIN_MS: u32 = 12_500;
const LANE_PX: u32 = 46;
const BAR_PX: u32 = 14;
const AXIS_PX: u32 = 22;

/// What a route is called.
pub type Names<'a> = &'a dyn Fn(RouteId) -> String;

/// How much time a picture spans: the longest of the calls that stand side by side, and a little more.
pub fn span<'a>(traces: impl IntoIterator<Item = &'a Trace>) -> Millis {
    let end = traces.into_iter().map(|trace| trace.outcome.at_ms().0).max().unwrap_or_default();
    Millis(end.saturating_add(end / 10).max(SPAN_MIN_MS))
}

/// The picture, for the eye only: [`fate`] says it in words. `id` keeps its hatching apart from that of another picture on the page.
pub fn svg(trace: &Trace, span: Millis, patience: Millis, names: Names<'_>, id: &str) -> String {
    let scale = span.0;
    let lanes = trace.attempts.len() as u32 + 1;
    let height = lanes * LANE_PX + AXIS_PX;
    let mut out = String::with_capacity(2048);
    let _ = write!(
        out,
        "<svg class=\"timeline\" height=\"{height}\" aria-hidden=\"true\"><defs><pattern id=\"hatch-{id}\" \
         width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke-width=\"2\"/></pattern></defs>",
    );
    grid(&mut out, scale, height);
    lane_label(&mut out, 0, "What the caller hears");
    for heard in &trace.heard {
        bar(&mut out, 0, heard.from_ms.0, heard.to_ms.0, scale, heard.sound == Sound::Ringing, id);
    }
    for (i, attempt) in trace.attempts.iter().enumerate() {
        attempt_lane(&mut out, i as u32 + 1, attempt, trace, scale, names, id);
    }
    if patience.0 <= scale {
        let x = percent(patience.0, scale);
        let _ = write!(
            out,
            "<line class=\"patience\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{}\"/><text class=\"patience-word\" x=\"{x}\" \
             dx=\"-4\" y=\"11\" text-anchor=\"end\">patience {patience}</text>",
            height - AXIS_PX
        );
    }
    out.push_str("</svg>");
    out
}

fn attempt_lane(
    out: &mut String,
    lane: u32,
    attempt: &AttemptTrace,
    trace: &Trace,
    scale: u32,
    names: Names<'_>,
    id: &str,
) {
    let label = format!("{} — {}", names(attempt.route), ending(attempt));
    lane_label(out, lane, &label);
    let (from, to) = (attempt.started_ms.0, attempt.ended_ms.0);
    let rings = attempt.ringing_from_ms.map_or(to, |ms| ms.0);
    bar(out, lane, from, rings, scale, false, id);
    bar(out, lane, rings, to, scale, true, id);
    let (x, y) = (percent(to, scale), lane * LANE_PX + 28 + BAR_PX / 2);
    match attempt.ending {
        Ending::Answered => {
            let machine = matches!(trace.outcome, Outcome::Answered { by: Answerer::Voicemail, .. });
            let class = if machine { "machine" } else { "answer" };
            let _ = write!(out, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"7\"/>");
        }
        Ending::Failed(_) => {
            let _ = write!(
                out,
                "<svg x=\"{x}\" y=\"{}\" overflow=\"visible\"><path class=\"fail\" d=\"M-5 2l10 10M5 2l-10 10\"/></svg>",
                y - 7
            );
        }
        Ending::Cancelled => {}
    }
}

fn lane_label(out: &mut String, lane: u32, text: &str) {
    let _ = write!(out, "<text x=\"0\" y=\"{}\">{}</text>", lane * LANE_PX + 22, escape(text));
}

fn bar(out: &mut String, lane: u32, from: u32, to: u32, scale: u32, rings: bool, id: &str) {
    if to <= from {
        return;
    }
    let y = lane * LANE_PX + 28;
    let (x, width) = (percent(from, scale), percent(to - from, scale));
    let look = if rings {
        "class=\"ringing\"".into()
    } else {
        format!("class=\"silent\" fill=\"url(#hatch-{id})\"")
    };
    let _ = write!(out, "<rect {look} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BAR_PX}\"/>");
}

fn grid(out: &mut String, scale: u32, height: u32) {
    // A tick at 2, 5, 10, 20 … s: whichever leaves at most seven.
    let step = [2_000, 5_000, 10_000, 20_000, 30_000, 60_000]
        .into_iter()
        .find(|s| scale / s <= 7)
        .unwrap_or(120_000);
    for at in (0..=scale).step_by(step as usize) {
        let x = percent(at, scale);
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

fn percent(ms: u32, scale: u32) -> String {
    let hundredths = u64::from(ms) * 10_000 / u64::from(scale.max(1));
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// Escapes text for HTML and SVG: aliases are people's own words.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// How an attempt ended, after how long.
fn ending(attempt: &AttemptTrace) -> String {
    let after = attempt.ended_ms.minus(attempt.started_ms);
    let after = if after == Millis::ZERO { "at once".to_owned() } else { format!("after {after}") };
    match attempt.ending {
        Ending::Answered => format!("answers {after}"),
        Ending::Failed(cause) => format!("{} {after}", cause_word(cause)),
        Ending::Cancelled => format!("cancelled {after}"),
    }
}

/// A cause in words.
pub fn cause_word(cause: Cause) -> String {
    match cause {
        Cause::NoResponse => "no response".into(),
        Cause::NoAnswer => "no answer".into(),
        Cause::Unreachable(Unreachable::Refused) => "connection refused".into(),
        Cause::Unreachable(Unreachable::Dns) => "DNS failure".into(),
        Cause::Unreachable(Unreachable::Tls) => "TLS failure".into(),
        Cause::MarkedDown => "marked down".into(),
        Cause::Response(code) => format!("{} {}", code.get(), code.phrase()),
    }
}

/// The call's end in one sentence.
pub fn fate(trace: &Trace, names: Names<'_>) -> String {
    let heard = heard(trace);
    match trace.outcome {
        Outcome::Answered { route, at_ms, by } => {
            let who = match by {
                Answerer::Pbx => "",
                Answerer::Person => " (a person)",
                Answerer::LiveAnswer => " (answering service)",
                Answerer::Voicemail => " (a machine: nobody was reached)",
            };
            format!("{}{who} answers after {at_ms}. {heard}", names(route))
        }
        Outcome::Rejected { code, at_ms } => {
            let when = if at_ms == Millis::ZERO { "At once".to_owned() } else { format!("After {at_ms}") };
            format!("Nobody answers. {when} the caller gets {} {}. {heard}", code.get(), code.phrase())
        }
        Outcome::CallerHungUp { at_ms } => format!("The caller hangs up after {at_ms}. {heard}"),
    }
}

fn heard(trace: &Trace) -> String {
    match (trace.silence_ms, trace.ringing_ms) {
        (Millis::ZERO, Millis::ZERO) => "The caller hears nothing before that.".into(),
        (Millis::ZERO, ringing) => format!("The caller hears {ringing} of ringing."),
        (silence, Millis::ZERO) => format!("The caller hears {silence} of silence."),
        (silence, ringing) => format!("The caller hears {silence} of silence and {ringing} of ringing."),
    }
}

/// One event as a sentence.
pub fn sentence(event: &Event, names: Names<'_>) -> String {
    let route = event.route.map(names).unwrap_or_default();
    let step = match event.step {
        Some(0) => "the primary route".to_owned(),
        Some(1) => "the failover route".to_owned(),
        Some(n) => format!("step {n}"),
        None => "the call".to_owned(),
    };
    match event.what {
        What::StepEntered(None) => format!("The call goes to {step}"),
        What::StepEntered(Some(cause)) => {
            format!("The call goes on to {step}, because of: {}", cause_word(cause))
        }
        What::StepPassedOver(PassedOver::Trigger(cause)) => {
            format!("The call does not go to {step}: its trigger does not include {}", cause_word(cause))
        }
        What::StepPassedOver(PassedOver::Hours) => {
            format!("The call does not go to {step}: its hours are closed")
        }
        What::StepPassedOver(PassedOver::Health) => format!("The call passes over {step}: it is marked down"),
        What::StepPassedOver(PassedOver::Attempts) => {
            format!("The call does not go to {step}: all its attempts are used up")
        }
        What::RoutePassedOver => format!("{route} is passed over: it is marked down"),
        What::LastResort => format!("Nothing else is left: {step} is tried after all"),
        What::StepCut(n) => format!("{n} routes of {step} are left out: the call has used up its attempts"),
        What::Dialled => format!("{route} is called"),
        What::FaultHasNoEffect(fault) => format!("“{fault}” cannot happen to {route}; it works as usual"),
        What::Provisional(code) => format!("{route}: {} {}", code.get(), code.phrase()),
        What::Failed(cause) => format!("{route} fails: {}", cause_word(cause)),
        What::Cancelled => format!("{route} is cancelled"),
        What::Answered => format!("{route} answers: the call is through"),
        What::LateAnswerEnded => format!("{route} answers too late; that answer is ended"),
        What::SetUpTooLong => "The set-up has reached the longest time that the edge allows".into(),
        What::NoFailover => "There is no failover route to go on to".into(),
        What::CallerHungUp => "The caller hangs up".into(),
        What::Rejected(code) => format!("The caller gets {} {}", code.get(), code.phrase()),
    }
}

#[cfg(test)]
mod tests {
    use routing::{
        Alias, Did, DidId, Domains, E164, Failover, Fault, FaultTarget, InboundRoute, RouteTarget, Scenario,
        Snapshot, simulate,
    };

    use super::*;

    fn snapshot() -> Snapshot {
        let number = |text: &str| E164::parse(text).unwrap();
        let route = |id, alias: &str, target: RouteTarget, answerer| InboundRoute {
            id: RouteId(id),
            alias: Alias::parse(alias).unwrap(),
            target,
            edge: None,
            domains: Domains { answerer, ..Domains::default() },
        };
        let phone = |text| RouteTarget::Phone(number(text));
        Snapshot {
            routes: vec![
                route(1, "a<b>&\"c\"", phone("+12065550199"), Answerer::Pbx),
                route(2, "mobile", phone("+12065550198"), Answerer::Person),
            ],
            dids: vec![Did {
                id: DidId(1),
                number: number("+12065550100"),
                alias: None,
                primary: RouteId(1),
                failover: Failover::Route(RouteId(2)),
            }],
            ..Snapshot::default()
        }
    }

    fn trace(fault: Option<Fault>) -> (Snapshot, Trace) {
        let snapshot = snapshot();
        let mut scenario = Scenario::new(snapshot.dids[0].number);
        if let Some(fault) = fault {
            scenario = scenario.with_fault(FaultTarget::Route(RouteId(1)), fault);
        }
        let trace = simulate(&snapshot, &scenario).unwrap();
        (snapshot, trace)
    }

    fn name(snapshot: &Snapshot, id: RouteId) -> String {
        snapshot.routes.iter().find(|r| r.id == id).map(|r| r.alias.to_string()).unwrap()
    }

    #[test]
    fn a_call_ends_in_one_sentence_with_what_the_caller_heard() {
        let rows = [
            (None, "a<b>&\"c\" answers after 2 s. The caller hears 2 s of ringing."),
            (
                Some(Fault::Silent),
                "mobile (a person) answers after 14 s. The caller hears 6 s of silence and 8 s of ringing.",
            ),
            (
                Some(Fault::Busy),
                "Nobody answers. At once the caller gets 486 Busy Here. The caller hears nothing before that.",
            ),
            (
                Some(Fault::VoicemailAnswers),
                "a<b>&\"c\" (a machine: nobody was reached) answers after 2 s. The caller hears 2 s of ringing.",
            ),
        ];
        for (fault, expected) in rows {
            let (snapshot, trace) = trace(fault);
            assert_eq!(fate(&trace, &|id| name(&snapshot, id)), expected);
        }
    }

    #[test]
    fn the_picture_is_to_scale_and_holds_no_markup_of_an_alias() {
        let (snapshot, trace) = trace(Some(Fault::Silent));
        let picture = svg(&trace, Millis(28_000), Millis(21_000), &|id| name(&snapshot, id), "x");
        assert!(!picture.contains("<b>"), "{picture}");
        assert!(picture.contains("a&lt;b&gt;&amp;&quot;c&quot;"), "{picture}");
        // Silence from 0 to 6 s of 28, ringing from 6 s for 8 s, the patience at 21 s.
        assert!(
            picture.contains("fill=\"url(#hatch-x)\" x=\"0.00%\" y=\"28\" width=\"21.42%\""),
            "{picture}"
        );
        assert!(picture.contains("class=\"ringing\" x=\"21.42%\" y=\"28\" width=\"28.57%\""), "{picture}");
        assert!(picture.contains("class=\"patience\" x1=\"75.00%\""), "{picture}");
        assert!(!picture.contains("style="), "the content security policy refuses it");
    }

    #[test]
    fn pictures_side_by_side_span_the_longest_call() {
        let (_, short) = trace(None);
        let (_, long) = trace(Some(Fault::Silent));
        assert_eq!(span([&short]), Millis(SPAN_MIN_MS));
        assert_eq!(span([&short, &long]), Millis(15_400));
    }
}
