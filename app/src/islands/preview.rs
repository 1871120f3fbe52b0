//! The failover preview: pick what fails, see what a call does. It runs `routing` in the browser; no request
//! leaves it.
//!
//! Controls and outcome are written as HTML text: a tree of typed views for them would weigh more in the
//! browser's bundle than the routing core does.

use std::fmt::Write;

use leptos::prelude::*;
use routing::{
    CallerBehaviour, E164, Failover, Fault, FaultTarget, InjectedFault, Millis, RejectCode, RouteId,
    Scenario, Snapshot, Trace, simulate,
};

use crate::timeline::{self, Told, escape, name_of};

/// What can be chosen for a route: the value, the label.
const CHOICES: [(&str, &str); 16] = [
    ("now", "as it is now"),
    ("works", "works as usual"),
    ("silent", "no answer to signalling"),
    ("503", "503 Service Unavailable"),
    ("dns", "DNS failure"),
    ("tls", "TLS failure"),
    ("refused", "connection refused"),
    ("trying", "100 Trying, then nothing"),
    ("rings", "rings for ever"),
    ("busy", "busy (486)"),
    ("declines", "declines (603)"),
    ("404", "404 Not Found"),
    ("480", "480 Temporarily Unavailable"),
    ("slow", "answers after 18 s"),
    ("voicemail", "a voicemail answers"),
    ("down", "down, and marked so by health"),
];

/// When the caller gives up: the value in seconds, the label.
const PATIENCE: [(&str, &str); 5] =
    [("", "never"), ("10", "after 10 s"), ("20", "after 20 s"), ("30", "after 30 s"), ("60", "after 60 s")];

/// What the controls say.
#[derive(Clone, PartialEq)]
struct Controls {
    primary: String,
    failover: String,
    hangs_up: String,
    /// The DID whose routing stands for its group; only where there are groups.
    example: String,
}

impl Controls {
    /// At first the primary is silent, unless it is down already, and the failover is as it is.
    fn new(primary_is_down: bool, example: String) -> Controls {
        Controls {
            primary: if primary_is_down { "now" } else { "silent" }.to_owned(),
            failover: "now".to_owned(),
            hangs_up: String::new(),
            example,
        }
    }

    /// The call to a DID of the snapshot under the chosen failures; `marked_down` is the health of now.
    fn run(&self, snapshot: &Snapshot, did: E164, marked_down: &[RouteId]) -> Option<Trace> {
        let (primary, failover) = routes_of(snapshot, did)?;
        let mut scenario = Scenario::new(did);
        inject(&mut scenario, primary, &self.primary, marked_down);
        // The same route twice fails the same way twice.
        if let Some(failover) = failover.filter(|f| *f != primary) {
            inject(&mut scenario, failover, &self.failover, marked_down);
        }
        let seconds = self.hangs_up.parse::<u32>().ok();
        scenario.caller = CallerBehaviour { hangs_up_after: seconds.map(|s| Millis(s * 1000)) };
        simulate(snapshot, &scenario).ok()
    }
}

/// A signal that follows the drop-downs, also when a browser that went back has restored them.
fn follow(start: Controls) -> RwSignal<Controls> {
    let controls = RwSignal::new(start);
    #[cfg(feature = "hydrate")]
    browser::follow(controls);
    controls
}

fn routes_of(snapshot: &Snapshot, did: E164) -> Option<(RouteId, Option<RouteId>)> {
    let did = snapshot.dids.iter().find(|d| d.number == did)?;
    Some((did.primary, did.failover.route()))
}

fn inject(scenario: &mut Scenario, route: RouteId, choice: &str, marked_down: &[RouteId]) {
    let down = choice == "down" || choice == "now" && marked_down.contains(&route);
    if down {
        scenario.marked_down.push(route);
    }
    let fault = match choice {
        // It was marked down because it does not answer: tried as a last resort, it does not answer either.
        _ if down => Fault::Silent,
        "silent" => Fault::Silent,
        "dns" => Fault::DnsFailure,
        "tls" => Fault::TlsFailure,
        "refused" => Fault::Refused,
        "trying" => Fault::TryingOnly,
        "rings" => Fault::RingsForEver,
        "busy" => Fault::Busy,
        "declines" => Fault::Declines,
        "slow" => Fault::AnswersAfter(Millis(18_000)),
        "voicemail" => Fault::VoicemailAnswers,
        code => match code.parse().ok().and_then(|c| RejectCode::new(c).ok()) {
            Some(code) => Fault::Rejects(code),
            None => return,
        },
    };
    scenario.faults.push(InjectedFault { on: FaultTarget::Route(route), fault });
}

/// A choice of a drop-down.
pub(crate) fn option(out: &mut String, value: &str, words: &str, chosen: bool) {
    let selected = if chosen { " selected" } else { "" };
    let _ = write!(out, "<option value=\"{}\"{selected}>{}</option>", escape(value), escape(words));
}

/// A labelled drop-down. `id` is what [`follow`] reads it by.
pub(crate) fn picker<'a>(
    out: &mut String,
    label: &str,
    id: &str,
    choices: impl Iterator<Item = (&'a str, &'a str)>,
    chosen: &str,
) {
    let _ = write!(out, "<div><label for=\"{id}\">{}</label><select id=\"{id}\">", escape(label));
    for (value, words) in choices {
        option(out, value, words, value == chosen);
    }
    out.push_str("</select></div>");
}

/// What one trace comes to, in words.
pub(crate) fn fate(snapshot: &Snapshot, trace: Option<&Trace>) -> String {
    let Some(trace) = trace else { return "This number has no route to call.".into() };
    let patience = snapshot.defaults.patience_ms;
    let mut fate = Told::new(snapshot, trace).fate();
    if trace.outcome.at_ms() > patience {
        let _ = write!(fate, " That is longer than the {patience} a caller is expected to wait.");
    }
    fate
}

/// The words, the picture, the steps and the fingerprint of one trace.
pub(crate) fn outcome(snapshot: &Snapshot, trace: Option<&Trace>, span: Millis, id: &str) -> String {
    let words = escape(&fate(snapshot, trace));
    let Some(trace) = trace else { return format!("<p class=\"fate bad\"><b>✕ {words}</b></p>") };
    let patience = snapshot.defaults.patience_ms;
    let (class, mark) = match (trace.reached_somebody(), trace.outcome.at_ms() > patience) {
        (true, false) => ("good", "✓"),
        (true, true) => ("warn", "!"),
        (false, _) => ("bad", "✕"),
    };
    let told = Told::new(snapshot, trace);
    let mut out = format!("<p class=\"fate {class}\"><b>{mark} {words}</b></p>");
    out.push_str(&told.svg(span, id));
    // Written anew at every change, it stays as it was: open or folded.
    let open = if is_open(id) { " open" } else { "" };
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

fn is_open(id: &str) -> bool {
    #[cfg(feature = "hydrate")]
    return browser::is_open(id);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        false
    }
}

/// What the hatching, the bar and the mark stand for.
pub(crate) const LEGEND: &str = "<p class=\"legend\" aria-hidden=\"true\">\
    <span><svg><rect class=\"swatch-silent\" width=\"22\" height=\"10\"/></svg> silence</span>\
    <span><svg><rect class=\"swatch-ringing\" width=\"22\" height=\"10\"/></svg> ringing</span>\
    <span><svg><circle class=\"swatch-answer\" cx=\"6\" cy=\"5\" r=\"5\"/></svg> answered</span></p>";

/// One number's preview. `marked_down`: routes that health has marked down right now.
#[island]
pub fn Preview(
    /// The configuration that the call needs.
    snapshot: Snapshot,
    /// The number.
    did: E164,
    /// Routes that health has marked down.
    marked_down: Vec<RouteId>,
) -> impl IntoView {
    let (primary, failover) = routes_of(&snapshot, did).unwrap_or_default();
    let start = Controls::new(marked_down.contains(&primary), String::new());
    let mut pickers = String::new();
    let primary_label = format!("Primary, {}", name_of(&snapshot, primary));
    picker(&mut pickers, &primary_label, "fails-primary", CHOICES.into_iter(), &start.primary);
    if let Some(failover) = failover.filter(|f| *f != primary) {
        let label = format!("Failover, {}", name_of(&snapshot, failover));
        picker(&mut pickers, &label, "fails-failover", CHOICES.into_iter(), &start.failover);
    }
    picker(&mut pickers, "The caller hangs up", "hangs-up", PATIENCE.into_iter(), "");
    let controls = follow(start);
    // What is said aloud, and what is seen.
    let result = Memo::new(move |_| {
        let trace = controls.read().run(&snapshot, did, &marked_down);
        let seen = outcome(&snapshot, trace.as_ref(), timeline::span(&trace), "now");
        (fate(&snapshot, trace.as_ref()), seen)
    });
    view! {
        <div class="preview">
            <div class="controls" inner_html=pickers></div>
            <p class="hidden-text" aria-live="polite">{move || result.read().0.clone()}</p>
            <div inner_html=move || result.read().1.clone()></div>
            <div inner_html=LEGEND></div>
        </div>
    }
}

/// One group of chosen DIDs that are routed alike.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DraftGroup {
    /// Where they ring now, in words: `seattle-pbx → mobile`.
    pub label: String,
    /// A DID of the group; it stands in the snapshot.
    pub example: E164,
    /// How many.
    pub count: u64,
}

/// Which half of a DID's routing the screen changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum DraftOf {
    /// Set Route.
    Primary,
    /// Set Failover Route.
    Failover,
}

/// Before and after, for the screens that set a route: the drop-down `#route` of the page is followed.
#[island]
pub fn BeforeAfter(
    /// The account's routes, and one DID of each group.
    snapshot: Snapshot,
    /// The chosen DIDs by their routing; at least one.
    groups: Vec<DraftGroup>,
    /// Routes that health has marked down.
    marked_down: Vec<RouteId>,
    /// What the screen changes.
    draft_of: DraftOf,
    /// The route that the form shows as chosen.
    chosen: Option<RouteId>,
) -> impl IntoView {
    let chosen = RwSignal::new(chosen);
    #[cfg(feature = "hydrate")]
    browser::follow_drop_down(chosen);
    let first = groups.first().map(|g| g.example);
    let primary_down =
        first.and_then(|f| routes_of(&snapshot, f)).is_some_and(|(p, _)| marked_down.contains(&p));
    let start = Controls::new(primary_down, first.map(|f| f.to_string()).unwrap_or_default());
    let labels: Vec<(String, String)> =
        groups.iter().map(|g| (g.example.to_string(), format!("{} ({})", g.label, g.count))).collect();
    let mut pickers = String::new();
    if labels.len() > 1 {
        let choices = labels.iter().map(|(value, words)| (value.as_str(), words.as_str()));
        picker(&mut pickers, "DIDs routed like this", "group", choices, &start.example);
    }
    picker(&mut pickers, "The primary", "fails-primary", CHOICES.into_iter(), &start.primary);
    picker(&mut pickers, "The failover", "fails-failover", CHOICES.into_iter(), &start.failover);
    picker(&mut pickers, "The caller hangs up", "hangs-up", PATIENCE.into_iter(), "");
    let controls = follow(start);
    let result = Memo::new(move |_| {
        let controls = controls.read();
        let Ok(did) = E164::parse(&controls.example) else { return Default::default() };
        let before = controls.run(&snapshot, did, &marked_down);
        let draft = chosen.get().map(|route| drafted(&snapshot, did, draft_of, route));
        let after = draft.as_ref().and_then(|draft| controls.run(draft, did, &marked_down));
        let span = timeline::span(before.iter().chain(&after));
        let mut said = format!("Now: {}", fate(&snapshot, before.as_ref()));
        let now = outcome(&snapshot, before.as_ref(), span, "before");
        let then = match &draft {
            None => "<p class=\"muted\">Choose an inbound route to see what changes.</p>".to_owned(),
            Some(draft) => {
                let _ = write!(said, " After this change: {}", fate(draft, after.as_ref()));
                outcome(draft, after.as_ref(), span, "after")
            }
        };
        (said, format!("<div><h3>Now</h3>{now}</div><div><h3>After this change</h3>{then}</div>"))
    });
    view! {
        <div class="preview">
            <div class="controls" inner_html=pickers></div>
            <p class="hidden-text" aria-live="polite">{move || result.read().0.clone()}</p>
            <div class="before-after" inner_html=move || result.read().1.clone()></div>
            <div inner_html=LEGEND></div>
        </div>
    }
}

fn drafted(snapshot: &Snapshot, did: E164, draft_of: DraftOf, route: RouteId) -> Snapshot {
    let mut draft = snapshot.clone();
    for did in draft.dids.iter_mut().filter(|d| d.number == did) {
        match draft_of {
            DraftOf::Primary => did.primary = route,
            DraftOf::Failover => did.failover = Failover::Route(route),
        }
    }
    draft
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use routing::RouteId;
    use web_sys::{Element, Event, HtmlSelectElement};

    use super::Controls;
    use crate::islands::dom;

    fn value(id: &str) -> Option<String> {
        dom::find::<HtmlSelectElement>(id).map(|select| select.value())
    }

    pub(super) fn is_open(id: &str) -> bool {
        dom::find::<Element>(&format!("#steps-{id}[open]")).is_some()
    }

    pub(super) fn follow(controls: RwSignal<Controls>) {
        let read = move || {
            let old = controls.get_untracked();
            let new = Controls {
                primary: value("#fails-primary").unwrap_or(old.primary.clone()),
                failover: value("#fails-failover").unwrap_or(old.failover.clone()),
                hangs_up: value("#hangs-up").unwrap_or(old.hangs_up.clone()),
                example: value("#group").unwrap_or(old.example.clone()),
            };
            if new != controls.get_untracked() {
                controls.set(new);
            }
        };
        dom::on(&dom::document(), "change", move |_: Event| read());
        // A browser that went back has restored the choices before this ran, or does so right after.
        dom::on(&dom::window(), "pageshow", move |_: Event| read());
        dom::when_awake(read);
    }

    pub(super) fn follow_drop_down(chosen: RwSignal<Option<RouteId>>) {
        let Some(select) = dom::find::<HtmlSelectElement>("#route") else { return };
        let read = {
            let select = select.clone();
            move || chosen.set(select.value().parse().ok().map(RouteId))
        };
        let (changed, shown) = (read.clone(), read.clone());
        dom::on(&select, "change", move |_: Event| changed());
        // A browser that went back may have restored a choice that the server did not render.
        dom::on(&dom::window(), "pageshow", move |_: Event| shown());
        dom::when_awake(read);
    }
}
