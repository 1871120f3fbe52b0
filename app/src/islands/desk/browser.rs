//! The desk's hands in the document: controls that are followed, cells that are pressed, the address that follows.

use leptos::prelude::*;
use routing::{E164, FaultTarget, InjectedFault, Millis, Profile, RouteId};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent, MouseEvent};

use super::{Stage, call_of};
use crate::{
    desk::{self, Controls, Draft, Extent, FAILURES_MAX, Grid, Health, controls_html},
    islands::dom,
};

pub(super) fn is_open(id: &str) -> bool {
    dom::find::<Element>(&format!("#steps-{id}[open]")).is_some()
}

fn chosen(id: &str) -> Option<String> {
    dom::find::<HtmlSelectElement>(id).map(|select| select.value())
}

fn typed(id: &str) -> Option<String> {
    dom::find::<HtmlInputElement>(id).map(|input| input.value())
}

/// A failure of the list as its row says; one that cannot be read stays as it was, and its field says so.
fn fault(place: usize, old: &InjectedFault) -> InjectedFault {
    let on = chosen(&format!("#fault-{place}-on")).and_then(|on| FaultTarget::parse(&on).ok());
    let how = chosen(&format!("#fault-{place}-how")).unwrap_or_default();
    let field = dom::find::<HtmlInputElement>(&format!("#fault-{place}-with"));
    // Chosen just now, the field beside it still says nothing, or something of another kind.
    let chosen_now = desk::how_of(old.fault).0 != how;
    let with = match &field {
        Some(field) if !chosen_now => field.value(),
        _ => desk::begin_with(&how).to_owned(),
    };
    let fault = desk::fault_of(&how, &with);
    if let Some(field) = field {
        dom::attribute(&field, "aria-invalid", fault.is_none().then_some("true"));
        let said = desk::fault_problem(&how, &with).map(|why| format!("✕ {why}")).unwrap_or_default();
        let line = dom::find::<Element>(&format!("#fault-{place}-error"));
        // Only what is new: an alert that is written again is read again.
        if let Some(line) = line.filter(|line| line.text_content().unwrap_or_default() != said) {
            line.set_text_content(Some(&said));
        }
    }
    InjectedFault { on: on.unwrap_or_else(|| old.on.clone()), fault: fault.unwrap_or(old.fault) }
}

/// What the controls say.
fn read(stage: &Stage, old: &Controls) -> Controls {
    let zone = desk::zone(&stage.snapshot, &chosen("#desk-zone").unwrap_or_else(|| old.zone.clone()));
    let at = typed("#desk-at").and_then(|text| desk::parse_local(&text)).map(|local| zone.utc_of(local));
    let health = match chosen("#desk-health").as_deref() {
        Some("now") => Health::Now,
        Some("noticed") => Health::Noticed,
        Some("ignored") => Health::Ignored,
        _ => old.health.clone(),
    };
    Controls {
        did: chosen("#desk-did").and_then(|did| E164::parse(&did).ok()).or(old.did),
        route: chosen("#desk-route").and_then(|route| route.parse().ok()).map(RouteId),
        at,
        zone: zone.name,
        faults: old.faults.iter().enumerate().map(|(place, old)| fault(place, old)).collect(),
        health,
        hangs_up: chosen("#desk-hangs-up").and_then(|seconds| Millis::parse_seconds(&seconds)),
        profile: match chosen("#desk-profile").as_deref() {
            Some("kamailio") => Profile::Kamailio,
            _ => Profile::Ideal,
        },
        seed: old.seed,
        primary: chosen("#desk-primary").and_then(|route| route.parse().ok()).map(RouteId),
        failover: chosen("#desk-failover").and_then(|word| Draft::parse(&word)).unwrap_or_default(),
        against: chosen("#desk-against").and_then(|word| Draft::parse(&word)),
        case: old.case,
        unsaved: old.unsaved.clone(),
    }
}

#[derive(Clone, Copy)]
struct Page {
    stage: StoredValue<Stage>,
    controls: RwSignal<Controls>,
    grid: Memo<Option<Grid>>,
    extent: RwSignal<Extent>,
    blasts: RwSignal<usize>,
}

impl Page {
    /// Brings the form that saves the call in step.
    fn keep(self) {
        let controls = self.controls.get_untracked();
        self.stage.with_value(|stage| keep(stage, &controls));
    }

    fn follow(self) {
        let old = self.controls.get_untracked();
        let new = self.stage.with_value(|stage| read(stage, &old));
        if new == old {
            // Something may be written that cannot be read, or can be again.
            return self.keep();
        }
        // What a choice offers depends on these; the rows of failures on how each of them fails.
        let kinds = |controls: &Controls| -> Vec<&'static str> {
            controls.faults.iter().map(|injected| desk::how_of(injected.fault).0).collect()
        };
        let anew = (new.did, new.route) != (old.did, old.route) || kinds(&new) != kinds(&old);
        self.controls.set(new);
        if anew {
            self.write(None);
        }
    }

    /// Writes the controls anew, and leaves the focus where it was, or puts it where it is wanted.
    fn write(self, focus: Option<&str>) {
        let focused = dom::document().active_element().map(|element| format!("#{}", element.id()));
        let controls = self.controls.get_untracked();
        let html = self.stage.with_value(|stage| controls_html(stage.offer(), &controls));
        if let Some(form) = dom::find::<Element>("#desk") {
            form.set_inner_html(&html);
        }
        let wanted = focus.map(str::to_owned).or(focused).filter(|id| id.len() > 1);
        if let Some(element) = wanted.and_then(|id| dom::find::<HtmlElement>(&id)) {
            let _ = element.focus();
        }
    }

    /// Shows another call.
    fn show(self, controls: Controls, focus: &str) {
        self.controls.set(controls);
        self.write(None);
        if let Some(element) = dom::find::<HtmlElement>(focus) {
            let _ = element.focus();
            element.scroll_into_view();
        }
    }

    /// A number was typed: the desk holds it, or the server is asked for it.
    fn look_up(self, text: &str) {
        let country = self.stage.with_value(|stage| stage.country.clone());
        let error = match desk::typed_number(text, &country) {
            _ if text.trim().is_empty() => String::new(),
            Err(why) => format!("✕ {why}"),
            Ok(number) => {
                let mut controls = self.controls.get_untracked();
                controls.did = Some(number);
                controls.route = None;
                let held = |stage: &Stage| stage.snapshot.dids.iter().any(|did| did.number == number);
                if self.stage.with_value(held) {
                    self.controls.set(controls);
                    return self.write(Some("#desk-number"));
                }
                let address = self.stage.with_value(|stage| stage.address(&controls));
                return dom::go(&address);
            }
        };
        if let Some(place) = dom::find::<Element>("#desk-number-error") {
            place.set_text_content(Some(&error));
        }
    }

    fn click(self, target: &Element) {
        let number = |name: &str| target.get_attribute(name).and_then(|value| value.parse::<usize>().ok());
        let mut controls = self.controls.get_untracked();
        match target.id().as_str() {
            "add-fault" if controls.faults.len() < FAILURES_MAX => {
                let first = self.stage.with_value(|stage| desk::first_fault(stage.offer(), &controls));
                controls.faults.push(first);
                let focus = format!("#fault-{}-on", controls.faults.len() - 1);
                self.controls.set(controls);
                return self.write(Some(&focus));
            }
            "draw-again" => {
                controls.seed = controls.seed.wrapping_add(1);
                self.controls.set(controls);
                return self.write(None);
            }
            "copy-link" => return copy_link(),
            "more-columns" => return self.extent.update(|extent| extent.columns = usize::MAX),
            "more-rows" => return self.extent.update(|extent| extent.rows = usize::MAX),
            "more-blasts" => return self.blasts.set(usize::MAX),
            _ => {}
        }
        if let Some(place) = number("data-remove").filter(|place| *place < controls.faults.len()) {
            controls.faults.remove(place);
            self.controls.set(controls);
            self.write(Some("#add-fault"));
        } else if let Some(did) = target.get_attribute("data-did").and_then(|did| E164::parse(&did).ok()) {
            controls.did = Some(did);
            self.show(controls, "#outcome");
        } else if let (Some(row), Some(column)) = (number("data-row"), number("data-column")) {
            let call = self.grid.with_untracked(|grid| {
                let (group, failure) = grid.as_ref()?.call(row, column)?;
                // The draft stays there to be chosen again.
                let unsaved = controls.unsaved.clone();
                Some(Controls { unsaved, ..call_of(&controls, group, failure) })
            });
            if let Some(call) = call {
                self.show(call, "#outcome");
            }
        }
    }
}

/// The address of this page, to the clipboard; where there is none, the address bar has it.
fn copy_link() {
    let window = dom::window();
    let said = match window.location().href() {
        Ok(address) if window.is_secure_context() => {
            let _ = window.navigator().clipboard().write_text(&address);
            "Copied."
        }
        _ => "Copy it from the address bar.",
    };
    if let Some(status) = dom::find::<Element>("#copied") {
        status.set_text_content(Some(said));
    }
}

/// The arrows walk the matrix: one of its cells is in the tab order.
fn walk(event: &KeyboardEvent) {
    let Some(from) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else { return };
    let place = |name: &str| from.get_attribute(name).and_then(|value| value.parse::<i32>().ok());
    let (Some(row), Some(column)) = (place("data-row"), place("data-column")) else { return };
    let (row, column) = match event.key().as_str() {
        "ArrowUp" => (row - 1, column),
        "ArrowDown" => (row + 1, column),
        "ArrowLeft" => (row, column - 1),
        "ArrowRight" => (row, column + 1),
        "Home" => (row, 0),
        _ => return,
    };
    event.prevent_default();
    let selector = format!("[data-row=\"{row}\"][data-column=\"{column}\"]");
    if let Some(to) = dom::find::<HtmlElement>(&selector) {
        dom::attribute(&from, "tabindex", Some("-1"));
        dom::attribute(&to, "tabindex", Some("0"));
        let _ = to.focus();
    }
}

fn element(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

pub(super) fn attach(
    stage: StoredValue<Stage>,
    controls: RwSignal<Controls>,
    grid: Memo<Option<Grid>>,
    extent: RwSignal<Extent>,
    blasts: RwSignal<usize>,
    (matrix_open, blast_open): (RwSignal<bool>, RwSignal<bool>),
) {
    let page = Page { stage, controls, grid, extent, blasts };
    let document = dom::document();
    dom::on(&document, "change", move |event: Event| match element(&event) {
        Some(target) if target.id() == "desk-number" => {
            page.look_up(&typed("#desk-number").unwrap_or_default())
        }
        Some(target) if target.id() == "case-with-down" => page.keep(),
        Some(target) if target.closest("#desk").ok().flatten().is_some() => page.follow(),
        _ => {}
    });
    dom::on(&document, "input", move |event: Event| {
        // Times and codes are followed while they are typed; a drop-down when it is left.
        if element(&event).is_some_and(|target| target.id() == "desk-at" || target.id().ends_with("-with")) {
            page.follow();
        }
    });
    dom::on(&document, "submit", move |event: Event| {
        if element(&event).is_some_and(|form| form.id() == "desk") {
            event.prevent_default();
        }
    });
    dom::on(&document, "click", move |event: MouseEvent| {
        if let Some(button) = element(&event).and_then(|e| e.closest("button").ok().flatten()) {
            page.click(&button);
        }
    });
    dom::on(&document, "keydown", |event: KeyboardEvent| walk(&event));
    for (id, open) in [("#matrix", matrix_open), ("#blast", blast_open)] {
        let Some(details) = dom::find::<Element>(id) else { continue };
        let folded = details.clone();
        dom::on(&details, "toggle", move |_: Event| {
            if folded.has_attribute("open") {
                open.set(true);
            }
        });
    }
    // A browser that went back may have restored what the address does not say.
    dom::on(&dom::window(), "pageshow", move |_: Event| page.follow());
    Effect::new(move |_| {
        let controls = controls.read();
        let address = stage.with_value(|stage| stage.address(&controls));
        if let Ok(history) = dom::window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&dom::mounted(&address)));
        }
        stage.with_value(|stage| keep(stage, &controls));
    });
}

/// The form that saves the call goes with it; a draft cannot be saved as a case.
fn keep(stage: &Stage, controls: &Controls) {
    if let Some(call) = dom::find::<HtmlInputElement>("#case-call") {
        call.set_value(&stage.call(controls));
    }
    if let Some(box_and_label) = dom::find::<HtmlElement>("#case-down") {
        box_and_label.set_hidden(!controls.minds_what_is_down());
    }
    let with_down = dom::find::<HtmlInputElement>("#case-with-down").is_some_and(|field| field.checked());
    if let Some(words) = dom::find::<Element>("#case-words") {
        words.set_text_content(Some(&stage.saved_words(controls, with_down)));
    }
    let offer = stage.offer();
    let (drafted, nothing) = (offer.is_tried(controls), offer.did(controls).is_none());
    let unread = dom::find::<Element>("#desk [aria-invalid=\"true\"]").is_some();
    for (id, wrong) in [("#case-drafted", drafted), ("#case-unread", unread), ("#case-nothing", nothing)] {
        if let Some(note) = dom::find::<HtmlElement>(id) {
            note.set_hidden(!wrong);
        }
    }
    // One with a title is not the reader's to press, which the title says.
    for button in dom::find_all::<Element>("#save-case button:not([title])") {
        dom::attribute(&button, "disabled", (drafted || unread || nothing).then_some(""));
    }
}
