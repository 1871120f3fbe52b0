//! The failover preview: pick what fails, see what a call does. It runs `routing` in the browser; no request
//! leaves it.

use leptos::prelude::*;
use routing::{
    CallerBehaviour, E164, Failover, Fault, FaultTarget, InjectedFault, Millis, RejectCode, RouteId, Scenario,
    Snapshot, Trace, simulate,
};

use crate::timeline;

/// What can be chosen for a route: the value, the label.
const CHOICES: [(&str, &str); 15] = [
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
    ("down", "marked down by health"),
];

/// When the caller gives up: the value in seconds, the label.
const PATIENCE: [(&str, &str); 5] = [
    ("", "never"),
    ("10", "after 10 s"),
    ("20", "after 20 s"),
    ("30", "after 30 s"),
    ("60", "after 60 s"),
];

/// What the scenario's controls say.
#[derive(Clone, Copy)]
struct Controls {
    primary: RwSignal<String>,
    failover: RwSignal<String>,
    hangs_up: RwSignal<String>,
}

impl Controls {
    fn new(primary_is_down: bool, failover_is_down: bool) -> Controls {
        let start = |down: bool, usual: &str| RwSignal::new(if down { "down" } else { usual }.to_owned());
        Controls {
            primary: start(primary_is_down, "silent"),
            failover: start(failover_is_down, "works"),
            hangs_up: RwSignal::new(String::new()),
        }
    }

    /// The call to a DID of the snapshot under the chosen failures.
    fn run(&self, snapshot: &Snapshot, did: E164) -> Option<Trace> {
        let (primary, failover) = routes_of(snapshot, did)?;
        let mut scenario = Scenario::new(did);
        inject(&mut scenario, primary, &self.primary.read());
        // The same route twice fails the same way twice.
        if let Some(failover) = failover.filter(|f| *f != primary) {
            inject(&mut scenario, failover, &self.failover.read());
        }
        let seconds = self.hangs_up.read().parse::<u32>().ok();
        scenario.caller = CallerBehaviour { hangs_up_after: seconds.map(|s| Millis(s * 1000)) };
        simulate(snapshot, &scenario).ok()
    }
}

fn routes_of(snapshot: &Snapshot, did: E164) -> Option<(RouteId, Option<RouteId>)> {
    let did = snapshot.dids.iter().find(|d| d.number == did)?;
    Some((did.primary, did.failover.route()))
}

fn inject(scenario: &mut Scenario, route: RouteId, choice: &str) {
    if choice == "down" {
        scenario.marked_down.push(route);
        return;
    }
    let fault = match choice {
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

fn name_of(snapshot: &Snapshot, id: RouteId) -> String {
    match snapshot.routes.iter().find(|r| r.id == id) {
        Some(route) => route.alias.to_string(),
        None if id == RouteId::REGISTERED => "sip-reg".into(),
        None => format!("route {id}"),
    }
}

fn picker(label: String, id: &'static str, choices: &'static [(&'static str, &'static str)], value: RwSignal<String>) -> impl IntoView {
    let options = choices
        .iter()
        .map(|(v, words)| view! { <option value=*v selected=move || value.get() == *v>{*words}</option> })
        .collect_view();
    view! {
        <div>
            <label for=id>{label}</label>
            <select id=id on:change=move |event| value.set(event_target_value(&event))>{options}</select>
        </div>
    }
}

/// The picture, the sentences and the fingerprint of one trace.
fn outcome(snapshot: &Snapshot, trace: Option<Trace>, id: &str) -> impl IntoView + use<> {
    let Some(trace) = trace else {
        return view! { <p class="fate bad"><b>"This number has no route to call."</b></p> }.into_any();
    };
    let names = |route| name_of(snapshot, route);
    let patience = snapshot.defaults.patience_ms;
    let late = trace.outcome.at_ms() > patience;
    let (class, mark) = match (trace.reached_somebody(), late) {
        (true, false) => ("fate good", "✓ "),
        (true, true) => ("fate warn", "! "),
        (false, _) => ("fate bad", "✕ "),
    };
    let fate = timeline::fate(&trace, &names);
    let warning = late.then(|| format!("That is longer than the {patience} a caller is expected to wait."));
    let rows = trace
        .events
        .iter()
        .map(|e| format!("<tr><td class=\"figure nowrap\">{}</td><td>{}</td></tr>", e.at_ms, timeline::escape(&timeline::sentence(e, &names))))
        .collect::<String>();
    let table = format!("<thead><tr><th scope=\"col\">At</th><th scope=\"col\">What happens</th></tr></thead><tbody>{rows}</tbody>");
    view! {
        <p class=class><b>{mark}{fate}</b>{warning.map(|w| format!(" {w}"))}</p>
        <div inner_html=timeline::svg(&trace, patience, &names, id)></div>
        <details>
            <summary>"Step by step"</summary>
            <table class="steps" inner_html=table></table>
        </details>
        <p class="small muted">
            "Configuration version " {trace.version.0} " · decision " <span class="code">{trace.decision_hash.to_string()}</span>
        </p>
    }
    .into_any()
}

fn legend() -> impl IntoView {
    view! {
        <p class="legend" aria-hidden="true">
            <span><svg><rect class="swatch-silent" width="22" height="10"/></svg>" silence"</span>
            <span><svg><rect class="swatch-ringing" width="22" height="10"/></svg>" ringing"</span>
            <span><svg><circle class="swatch-answer" cx="6" cy="5" r="5"/></svg>" answered"</span>
        </p>
    }
}

/// One number's preview. `marked_down`: routes that health has marked down right now.
#[island]
pub fn Preview(snapshot: Snapshot, did: E164, marked_down: Vec<RouteId>) -> impl IntoView {
    let Some((primary, failover)) = routes_of(&snapshot, did) else { return ().into_any() };
    let controls =
        Controls::new(marked_down.contains(&primary), failover.is_some_and(|f| marked_down.contains(&f)));
    let failover_picker = failover.filter(|f| *f != primary).map(|f| {
        picker(format!("Failover, {}", name_of(&snapshot, f)), "fails-failover", &CHOICES, controls.failover)
    });
    let primary_name = name_of(&snapshot, primary);
    view! {
        <div class="preview">
            <div class="controls">
                {picker(format!("Primary, {primary_name}"), "fails-primary", &CHOICES, controls.primary)}
                {failover_picker}
                {picker("The caller hangs up".into(), "hangs-up", &PATIENCE, controls.hangs_up)}
            </div>
            <div aria-live="polite">{move || outcome(&snapshot, controls.run(&snapshot, did), "now")}</div>
            {legend()}
        </div>
    }
    .into_any()
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
    snapshot: Snapshot,
    groups: Vec<DraftGroup>,
    marked_down: Vec<RouteId>,
    draft_of: DraftOf,
    chosen: Option<RouteId>,
) -> impl IntoView {
    let chosen = RwSignal::new(chosen);
    #[cfg(feature = "hydrate")]
    follow_drop_down(chosen);
    let Some(first) = groups.first().cloned() else { return ().into_any() };
    let example = RwSignal::new(first.example.to_string());
    let primary_down = routes_of(&snapshot, first.example).is_some_and(|(p, _)| marked_down.contains(&p));
    let controls = Controls::new(primary_down, false);

    let group_options = groups
        .iter()
        .map(|g| view! { <option value=g.example.to_string()>{format!("{} ({})", g.label, g.count)}</option> })
        .collect_view();
    let several = groups.len() > 1;
    let before = {
        let snapshot = snapshot.clone();
        move || {
            let did = parse(&example.read())?;
            Some(outcome(&snapshot, controls.run(&snapshot, did), "before"))
        }
    };
    let after = move || {
        let did = parse(&example.read())?;
        let Some(route) = chosen.get() else {
            return Some(view! { <p class="muted">"Choose an inbound route to see what changes."</p> }.into_any());
        };
        let mut draft = snapshot.clone();
        for d in draft.dids.iter_mut().filter(|d| d.number == did) {
            match draft_of {
                DraftOf::Primary => d.primary = route,
                DraftOf::Failover => d.failover = Failover::Route(route),
            }
        }
        Some(outcome(&draft, controls.run(&draft, did), "after").into_any())
    };
    view! {
        <div class="preview">
            <div class="controls">
                <div hidden=!several>
                    <label for="group">"DIDs routed like this"</label>
                    <select id="group" on:change=move |event| example.set(event_target_value(&event))>{group_options}</select>
                </div>
                {picker("The primary".into(), "fails-primary", &CHOICES, controls.primary)}
                {picker("The failover".into(), "fails-failover", &CHOICES, controls.failover)}
                {picker("The caller hangs up".into(), "hangs-up", &PATIENCE, controls.hangs_up)}
            </div>
            <div class="before-after" aria-live="polite">
                <div><h3>"Now"</h3>{before}</div>
                <div><h3>"After this change"</h3>{after}</div>
            </div>
            {legend()}
        </div>
    }
    .into_any()
}

fn parse(text: &str) -> Option<E164> {
    E164::parse(text).ok()
}

#[cfg(feature = "hydrate")]
fn follow_drop_down(chosen: RwSignal<Option<RouteId>>) {
    use web_sys::{Event, HtmlSelectElement};

    use super::dom;

    let Some(select) = dom::find::<HtmlSelectElement>("#route") else { return };
    let read = {
        let select = select.clone();
        move || chosen.set(select.value().parse().ok().map(RouteId))
    };
    // A browser that goes back may have restored a choice that the server did not render.
    read();
    dom::on(&select, "change", move |_: Event| read());
}
