//! Replay: the call to a number at a past moment, by the configuration of that moment, beside that of today. The server
//! draws both, so that the page needs no script.

mod form;

use leptos::prelude::*;
use portal::{ChangeView, NoReplay, OperationView, Replay};
use routing::{Changed, Did, E164, Routing, Scenario, Simulator, Snapshot, Trace, Version, Zone, diff};

use self::form::form;
use crate::{
    components::{tel, when},
    desk::{Controls, LEGEND, Naming, Shown, call_words, diff_table_between, local_text, outcome_html},
    pages::history::change_table,
    shell::{Bundle, Frame, Here, document},
    timeline, urls, words,
};

/// What the address asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The number that is called; it may be gone.
    pub number: E164,
    /// The version, where one is named. Else that of the moment.
    pub version: Option<Version>,
    /// What fails, when the call is made, when the caller gives up: as on the desk.
    pub controls: Controls,
    /// The zone in which moments are written.
    pub zone: Zone,
    /// Zones to choose from.
    pub zones: Vec<String>,
}

/// The page; `None`: no moment was asked for yet.
pub fn replay(frame: &Frame, asked: &Asked, found: Option<&Result<Replay, NoReplay>>) -> String {
    let heading = format!("Replay: {}", asked.number.grouped());
    document(frame, Here::Manage, &heading, Bundle::Base, || {
        let number = asked.number;
        let replay = found.and_then(|found| found.as_ref().ok());
        // What is gone has no page to go back to.
        let is_gone = match found {
            Some(Ok(replay)) => replay.now.dids.is_empty(),
            Some(Err(NoReplay::NotThere { came, .. })) => came.is_none(),
            _ => false,
        };
        let crumb = match is_gone {
            true => view! { <a class="crumb" href=urls::MANAGE>"Manage your DIDs"</a> }.into_any(),
            false => view! { <a class="crumb" href=urls::did(number)>{tel(number)}</a> }.into_any(),
        };
        view! {
            <div class="title">
                <div>{crumb}<h1>{heading.clone()}</h1></div>
            </div>
            <p class="muted">"What a call to this number did, or would have done, at a past moment: by the configuration of that moment, beside the one of today. Nothing is called and nothing is saved."</p>
            {form(asked, replay)}
            <div class="stack">
                {match found {
                    None => view! { <p>"Choose a moment: a date and a time, or the version that an entry of the activity shows."</p> }.into_any(),
                    Some(Err(why)) => no_call(number, why).into_any(),
                    Some(Ok(replay)) => shown(asked, replay).into_any(),
                }}
            </div>
        }
    })
}

/// Why there is nothing to show, and the way on.
fn no_call(number: E164, why: &NoReplay) -> impl IntoView + use<> {
    let text = match why {
        NoReplay::BeforeAccount { created_at } => {
            format!("The account did not exist then: it was created on {}.", words::moment(*created_at))
        }
        NoReplay::Future => {
            "That moment is yet to come. The desk shows what a call would do then, as things are now."
                .to_owned()
        }
        NoReplay::NoSuchVersion { latest } => {
            format!("The account never had that version: its latest is {latest}.")
        }
        NoReplay::NotThere { left, came, .. } => not_there(number, left.as_deref(), came.as_deref()),
    };
    let entry = match why {
        NoReplay::NotThere { came: Some(change), .. } => Some((change.version, "How it came")),
        NoReplay::NotThere { left: Some(change), .. } => Some((change.version, "How it left")),
        _ => None,
    };
    let entry = entry.map(|(version, words)| view! { <p><a href=urls::entry(version)>{words}</a></p> });
    view! { <div class="note warn" role="status"><p><b>{text}</b></p>{entry}</div> }
}

fn not_there(number: E164, left: Option<&ChangeView>, came: Option<&ChangeView>) -> String {
    let number = number.grouped();
    let mut text = match left {
        Some(change) => {
            format!(
                "{number} was not in the account then: {} released it on {}.",
                change.actor,
                words::moment(change.at)
            )
        }
        None => format!("{number} was not in the account yet."),
    };
    if let Some(change) = came {
        let again = if left.is_some() { "again " } else { "" };
        let (by, at) = (&change.actor, words::moment(change.at));
        text.push_str(&format!(" {by} added it {again}on {at}."));
    }
    text
}

/// A side of the page: a configuration, the number in it, and the call.
struct Side<'a> {
    snapshot: &'a Snapshot,
    did: &'a Did,
    trace: Result<Trace, routing::CompileError>,
}

impl<'a> Side<'a> {
    fn of(snapshot: &'a Snapshot, scenario: &Scenario) -> Option<Side<'a>> {
        let did = snapshot.dids.iter().find(|did| did.number == scenario.did)?;
        Some(Side { snapshot, did, trace: Simulator::new(snapshot).run_did(did, scenario) })
    }

    fn html(&self, span: routing::Millis, id: &str) -> String {
        let (snapshot, trace, steps_of) = (self.snapshot, self.trace.as_ref(), Some(self.did));
        outcome_html(Shown { snapshot, trace, span, id, open: false, steps_of })
    }

    /// What happened and when, without the versions: those differ.
    fn events(&self) -> Option<&[routing::Event]> {
        self.trace.as_ref().ok().map(|trace| trace.events.as_slice())
    }
}

fn shown(asked: &Asked, replay: &Replay) -> impl IntoView + use<> {
    // What was marked down then is not kept. So nothing is: in neither call, or they could not be compared.
    let mut scenario = asked.controls.scenario(asked.number, &replay.then, &[]);
    let at = scenario.at.unwrap_or_else(|| replay.operation.at.0.div_euclid(1_000));
    scenario.at = Some(at);
    let then = Side::of(&replay.then, &scenario);
    let now = Side::of(&replay.now, &scenario);
    let traces = then.iter().chain(&now).filter_map(|side| side.trace.as_ref().ok());
    let span = timeline::span(traces);
    let (class, verdict) = match (&then, &now) {
        (Some(then), Some(now)) if then.events() == now.events() => {
            ("note good", "Today the same call goes the same way.")
        }
        (_, Some(_)) => ("note warn", "Today the same call goes another way."),
        (_, None) => ("note warn", "The number is not in the account any more."),
    };
    let call = format!(
        "{}, on {} ({}).",
        call_words(&replay.then, &Scenario { at: None, ..scenario.clone() }, &asked.zone),
        local_text(at, &asked.zone).replace('T', " "),
        asked.zone.name
    );
    let heading_then = format!("Then: version {}", replay.operation.version);
    let html_then = then.as_ref().map(|side| side.html(span, "then")).unwrap_or_default();
    let html_now = match &now {
        Some(side) => side.html(span, "now"),
        None => "<p class=\"muted\">There is no call: the number is not one of the account’s.</p>".to_owned(),
    };
    let everywhere =
        then.as_ref().zip(now.as_ref()).and_then(|(then, now)| in_every_failure(then, now, &scenario));
    view! {
        <div class=class role="status"><p><b>{verdict}</b>" "{call}</p></div>
        {made_by(&replay.operation)}
        {(!replay.unreadable.is_empty()).then(|| view! {
            <div class="note warn"><p>"The history keeps a part of that configuration in a way that this version of Switchback cannot read. It stands here as it is now, so that the call may not be the one of then."</p></div>
        })}
        <section class="card replay" aria-labelledby="calls">
            <h2 id="calls">"The call"</h2>
            <div class="before-after">
                <div><h3>{heading_then}</h3><div inner_html=html_then></div></div>
                <div><h3>"By the configuration of today"</h3><div inner_html=html_now></div></div>
            </div>
            <div inner_html=LEGEND></div>
            <p class="small muted">"Both calls are made at the same moment, with the hours of that moment. What health checks had marked down then is not kept: in both, every route is up but for what fails above."</p>
            {everywhere}
        </section>
        <section aria-labelledby="since">
            <h2 id="since">"What changed since of this call’s routing"</h2>
            {match replay.changes.is_empty() {
                true => view! { <p class="muted">"Nothing: neither the number nor its routes, its plan, its hours or the account’s clocks."</p> }.into_any(),
                false => change_table(&replay.changes).into_any(),
            }}
            {replay.changes_more.then(|| view! { <p><a href=urls::activity_of_did(asked.number)>"There is more: all that was done to this number"</a></p> })}
        </section>
    }
}

/// Which version it was, and who made it.
fn made_by(operation: &OperationView) -> impl IntoView + use<> {
    let version = operation.version;
    view! {
        <p>"Version "<span class="figure">{version.to_string()}</span>" held then. "<b>{operation.actor.clone()}</b>" made it, "{when(operation.at)}": "
            <a href=urls::entry(version)>{words::operation(operation)}</a>"."</p>
    }
}

/// In which failures the number's calls end elsewhere now, whatever was chosen above.
fn in_every_failure(then: &Side<'_>, now: &Side<'_>, scenario: &Scenario) -> Option<impl IntoView + use<>> {
    let changed = Changed {
        before: Routing::of(then.did),
        after: Routing::of(now.did),
        dids: 1,
        example: scenario.did,
    };
    let base = Scenario { at: scenario.at, ..Scenario::new(scenario.did) };
    let diffs = diff(then.snapshot, now.snapshot, &[changed], &base).ok()?;
    let table: String = diffs
        .iter()
        .map(|diff| {
            diff_table_between([Naming(then.snapshot), Naming(now.snapshot)], ["Then", "Today"], diff)
        })
        .collect();
    Some(view! {
        <details id="every-failure"><summary>"In every failure: then and today"</summary><div inner_html=table></div></details>
    })
}
