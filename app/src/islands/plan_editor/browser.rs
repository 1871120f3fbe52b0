//! The form taken over: what is typed, what is pressed, what follows from it.

use std::{cell::RefCell, rc::Rc};

use routing::{PlanDraft, PlanError, PlanPlace, RouteId};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent,
    MouseEvent, PointerEvent,
};

use super::drag::Drag;
use crate::{
    islands::dom,
    plan_form::{Asked, Edit, Ground, draft_of, error_of, field_of, offered, outlook, steps},
};

/// Parts the fields, and a field from its value, in what the history keeps.
const FIELD: char = '\u{1e}';
const VALUE: char = '\u{1f}';

/// What the editor knows beside the form.
pub(super) struct Editor {
    form: HtmlFormElement,
    ground: Ground,
    asked: Asked,
    /// Whether what is not filled in yet counts as wrong: once the server has said so, or somebody asked.
    strict: bool,
    pub(super) drag: Option<Drag>,
    /// What the failures' drop-down shows.
    options: String,
    pickers: String,
    /// What stands under the picture.
    glance: String,
    saving: String,
    saving_said: String,
    warnings: String,
}

pub(super) fn attach(ground: Ground, asked: Asked) {
    let Some(form) = dom::find::<HtmlFormElement>("#plan") else { return };
    let strict = form.has_attribute("data-strict");
    let editor = Editor {
        form: form.clone(),
        ground,
        asked,
        strict,
        drag: None,
        options: String::new(),
        pickers: String::new(),
        glance: String::new(),
        saving: String::new(),
        saving_said: String::new(),
        warnings: String::new(),
    };
    let editor = Rc::new(RefCell::new(editor));
    let with = |editor: &Rc<RefCell<Editor>>, work: fn(&mut Editor)| {
        let editor = Rc::clone(editor);
        move || work(&mut editor.borrow_mut())
    };

    let update = with(&editor, Editor::update);
    dom::on(&form, "input", move |_: Event| update());
    if let Some(asked) = dom::find::<Element>("#asked") {
        let asks = with(&editor, Editor::update);
        dom::on(&asked, "input", move |_: Event| asks());
    }
    if let Some(list) = dom::find::<Element>("#glance") {
        let shown = Rc::clone(&editor);
        dom::on(&list, "click", move |event: MouseEvent| shown.borrow_mut().show_failure(&event));
    }
    let pressed = Rc::clone(&editor);
    dom::on(&form, "click", move |event: MouseEvent| pressed.borrow_mut().click(&event));
    for (name, handler) in [
        ("pointerdown", Editor::drag_begins as fn(&mut Editor, &PointerEvent)),
        ("pointermove", Editor::drag_moves),
        ("pointerup", Editor::drag_ends),
        ("pointercancel", Editor::drag_is_cancelled),
    ] {
        let editor = Rc::clone(&editor);
        dom::on(&form, name, move |event: PointerEvent| handler(&mut editor.borrow_mut(), &event));
    }
    let escape = Rc::clone(&editor);
    dom::on(&dom::document(), "keydown", move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            escape.borrow_mut().forget_drag();
        }
    });
    // A browser that goes back restores what was typed after this ran.
    let shown = with(&editor, Editor::update);
    dom::on(&dom::window(), "pageshow", move |_: Event| shown());
    let awake = with(&editor, |editor| {
        editor.restore();
        editor.update();
    });
    dom::when_awake(awake);
}

/// The fields of the form, by name.
fn fields() -> Vec<(String, String)> {
    dom::find_all::<Element>("#plan [name]")
        .iter()
        .filter_map(|field| {
            if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
                return Some((input.name(), input.value()));
            }
            let select = field.dyn_ref::<HtmlSelectElement>()?;
            Some((select.name(), select.value()))
        })
        .collect()
}

fn draft() -> PlanDraft {
    let fields = fields();
    draft_of(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn by_id(id: &str) -> Option<HtmlElement> {
    dom::document().get_element_by_id(id)?.dyn_into().ok()
}

fn set_html(id: &str, html: &str) {
    if let Some(element) = by_id(id) {
        element.set_inner_html(html);
    }
}

fn set_text(id: &str, text: &str) {
    if let Some(element) = by_id(id)
        && element.text_content().as_deref() != Some(text)
    {
        element.set_text_content(Some(text));
    }
}

fn select_value(id: &str) -> Option<String> {
    by_id(id)?.dyn_into::<HtmlSelectElement>().ok().map(|select| select.value())
}

/// Whether something is only not filled in yet.
fn is_unfilled(draft: &PlanDraft, error: &PlanError) -> bool {
    match error.place {
        PlanPlace::EnterOn(step) => draft.steps.get(step).is_some_and(|step| step.enter_on.trim().is_empty()),
        _ => ["alias_empty", "no_route", "no_step"].contains(&error.problem.code()),
    }
}

impl Editor {
    /// Everything that follows from what the fields say.
    fn update(&mut self) {
        let draft = draft();
        self.read_asked();
        let (options, pickers) = offered(&self.ground, &draft, &self.asked);
        let unchosen = options.replace(" selected", "");
        if unchosen != self.options {
            set_html("asked-failure", &options);
            self.options = unchosen;
        }
        // What is chosen there is no reason to write them anew: the focus may be in one of them.
        let unchosen = pickers.replace(" selected", "");
        if unchosen != self.pickers {
            set_html("asked-faults", &pickers);
            self.pickers = unchosen;
        }
        let outlook = outlook(&self.ground, &draft, &self.asked);
        let open = ["steps-draft", "as-saved", "steps-saved"]
            .map(|id| by_id(id).filter(|steps| steps.has_attribute("open")));
        set_html("call", &outlook.call);
        for steps in open.iter().flatten().filter_map(|steps| by_id(&steps.id())) {
            let _ = steps.set_attribute("open", "");
        }
        for (id, new, shown) in [
            ("glance", outlook.glance, &mut self.glance),
            ("saving", outlook.saving.rows, &mut self.saving),
            ("saving-said", outlook.saving.sentence, &mut self.saving_said),
            ("warnings", outlook.warnings, &mut self.warnings),
        ] {
            if new != *shown {
                let open = dom::find::<Element>(&format!("#{id} details[open]")).is_some();
                set_html(id, &new);
                if open && let Some(folded) = dom::find::<Element>(&format!("#{id} details")) {
                    let _ = folded.set_attribute("open", "");
                }
                *shown = new;
            }
        }
        set_html("asked-fields", &outlook.asked);
        set_html("budget", &outlook.budget);
        set_text("said", &outlook.said);
        self.show_errors(&draft, &outlook.errors);
        self.remember();
    }

    fn read_asked(&mut self) {
        let asked = &mut self.asked;
        for (id, held) in [
            ("asked-primary", &mut asked.primary),
            ("asked-failure", &mut asked.failure),
            ("asked-day", &mut asked.day),
            ("asked-hangs-up", &mut asked.hangs_up),
        ] {
            if let Some(value) = select_value(id) {
                *held = value;
            }
        }
        if let Some(time) = by_id("asked-time").and_then(|time| time.dyn_into::<HtmlInputElement>().ok()) {
            asked.time = time.value();
        }
        if let Some(clock) = by_id("asked-clock") {
            clock.set_hidden(asked.day.is_empty());
        }
        let pickers = dom::find_all::<HtmlSelectElement>("#asked-faults select");
        if !pickers.is_empty() {
            let fault = |select: &HtmlSelectElement| {
                let route = select.id().strip_prefix("fault-")?.parse().ok().map(RouteId)?;
                Some((route, select.value()))
            };
            asked.faults = pickers.iter().filter_map(fault).collect();
        }
    }

    /// What is wrong, beside its field. What was not filled in yet is not wrong before somebody asks.
    fn show_errors(&self, draft: &PlanDraft, errors: &[PlanError]) {
        for line in dom::find_all::<HtmlElement>("#plan .error") {
            line.set_hidden(true);
        }
        for field in dom::find_all::<Element>("#plan [aria-invalid]") {
            dom::attribute(&field, "aria-invalid", None);
        }
        let counts = |error: &&PlanError| self.strict || !is_unfilled(draft, error);
        for error in errors.iter().filter(counts) {
            if let Some(line) = by_id(&error_of(error.place)) {
                line.set_text_content(Some(&format!("✕ {}", error.problem)));
                line.set_hidden(false);
            }
            if let Some(field) = by_id(&field_of(draft, error.place)) {
                dom::attribute(&field, "aria-invalid", Some("true"));
            }
        }
    }

    fn click(&mut self, event: &MouseEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(button) = target.and_then(|target| target.closest("button[name=do]").ok().flatten()) else {
            return;
        };
        let word = button.get_attribute("value").unwrap_or_default();
        if word == "show" {
            event.prevent_default();
            self.strict = true;
            self.update();
        } else if let Some(edit) = Edit::parse(&word) {
            event.prevent_default();
            self.edit(edit);
        }
    }

    /// A line of the glance was pressed: its call is shown.
    fn show_failure(&mut self, event: &MouseEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let failure = target.and_then(|target| target.get_attribute("data-failure"));
        let select = by_id("asked-failure").and_then(|select| select.dyn_into::<HtmlSelectElement>().ok());
        if let (Some(failure), Some(select)) = (failure, select) {
            select.set_value(&failure);
            self.update();
            // The line was written anew.
            if let Some(line) = dom::find::<HtmlElement>("#glance [aria-current]") {
                let _ = line.focus();
            }
        }
    }

    pub(super) fn edit(&mut self, edit: Edit) {
        let mut draft = draft();
        // The same words again are not news: between the two there are none.
        set_text("done", "");
        let done = edit.apply(&mut draft, &self.ground);
        self.show(&draft);
        self.update();
        if let Some(next) = by_id(&done.focus) {
            let _ = next.focus();
        }
        set_text("done", &done.said);
    }

    /// Writes the rows anew.
    fn show(&self, draft: &PlanDraft) {
        if let Some(name) = by_id("name").and_then(|name| name.dyn_into::<HtmlInputElement>().ok()) {
            name.set_value(&draft.name);
        }
        set_html("steps", &steps(&self.ground, draft, &[]));
        // The list of what the server refused speaks of rows that may have moved.
        if let Some(refused) = dom::find::<HtmlElement>(".note.bad[role=alert]:has(a[href^='#'])") {
            refused.set_hidden(true);
        }
    }

    /// The version that the form was filled from: what was typed on another one is not put back.
    fn as_of(&self) -> String {
        self.form.get_attribute("data-as-of").unwrap_or_default()
    }

    /// Keeps the fields with this page's entry in the history, for a reload and for the way back.
    fn remember(&self) {
        let mut text = self.as_of();
        for (name, value) in fields() {
            text.push(FIELD);
            text.push_str(&name);
            text.push(VALUE);
            text.push_str(&value);
        }
        if let Ok(history) = dom::window().history() {
            let _ = history.replace_state(&JsValue::from_str(&text), "");
        }
    }

    /// Puts back the rows that were there when the page was left.
    fn restore(&self) {
        let Some(text) =
            dom::window().history().ok().and_then(|h| h.state().ok()).and_then(|s| s.as_string())
        else {
            return;
        };
        let mut parts = text.split(FIELD);
        if parts.next() != Some(self.as_of().as_str()) {
            return;
        }
        let kept = draft_of(parts.filter_map(|pair| pair.split_once(VALUE)));
        if kept != draft() {
            self.show(&kept);
        }
    }
}
