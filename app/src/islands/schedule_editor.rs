//! The schedule form: each day is checked as it is typed, and the week is drawn anew.

use leptos::prelude::*;

/// Follows the form `#schedule`. What a field says is wrong before it is sent; the picture shows the week as typed.
#[island]
pub fn ScheduleEditor() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::attach();
}

#[cfg(feature = "hydrate")]
mod browser {
    use routing::DayHours;
    use wasm_bindgen::JsValue;
    use web_sys::{Event, HtmlElement, HtmlInputElement};

    use crate::{islands::dom, week};

    pub(super) fn attach() {
        let Some(form) = dom::find::<HtmlElement>("#schedule") else { return };
        suggest_zone(&form);
        dom::on(&form, "input", |_: Event| update());
        // A browser that goes back restores what was typed after this ran.
        dom::on(&dom::window(), "pageshow", |_: Event| update());
    }

    fn input(id: &str) -> Option<HtmlInputElement> {
        dom::find(&format!("#{id}"))
    }

    /// A new schedule most likely goes by the clock of whoever writes it.
    fn suggest_zone(form: &HtmlElement) {
        let Some(zone) = input("zone").filter(|zone| zone.value().is_empty()) else { return };
        if !form.has_attribute("data-new") {
            return;
        }
        let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
        let name = js_sys::Reflect::get(&format.resolved_options(), &JsValue::from_str("timeZone"));
        if let Some(name) = name.ok().and_then(|name| name.as_string()) {
            zone.set_value(&name);
        }
    }

    fn update() {
        // A day that cannot be read is drawn as closed; the line under it says why.
        let week = week::FIELDS.map(|day| {
            let Some(field) = input(day) else { return DayHours::default() };
            let read = DayHours::parse(&field.value());
            dom::attribute(&field, "aria-invalid", read.is_err().then_some("true"));
            if let Some(line) = dom::find::<HtmlElement>(&format!("#{day}-error")) {
                line.set_hidden(read.is_ok());
                line.set_text_content(read.as_ref().err().map(|e| format!("✕ {}", sentence(e))).as_deref());
            }
            read.unwrap_or_default()
        });
        if let Some(picture) = dom::find::<HtmlElement>("#week") {
            picture.set_inner_html(&week::picture(&week));
        }
    }

    /// The core's errors are parts of sentences.
    fn sentence(error: &routing::HoursError) -> String {
        let mut text = error.to_string();
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        text.push('.');
        text
    }
}
