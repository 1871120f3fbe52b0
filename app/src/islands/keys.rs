//! Keyboard shortcuts, and the help that lists them.

use leptos::prelude::*;

/// Listens for the shortcuts on the whole page. They can be switched off (WCAG 2.2, 2.1.4); the choice stays
/// in this browser. The help itself is part of the page's shell.
#[island]
pub fn Keys() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::listen();
}

#[cfg(feature = "hydrate")]
mod browser {
    use wasm_bindgen::JsCast;
    use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

    use crate::{islands::dom, urls};

    const STORAGE_KEY: &str = "shortcuts";
    const SWITCH: &str = "dialog.keys input";

    fn storage() -> Option<web_sys::Storage> {
        dom::window().local_storage().ok().flatten()
    }

    fn remember(enabled: bool) {
        if let Some(storage) = storage() {
            // A browser that refuses storage only forgets the choice.
            let _ = storage.set_item(STORAGE_KEY, if enabled { "on" } else { "off" });
        }
    }

    fn is_on() -> bool {
        dom::find::<HtmlInputElement>(SWITCH).is_none_or(|switch| switch.checked())
    }

    pub(super) fn listen() {
        let off = storage().and_then(|s| s.get_item(STORAGE_KEY).ok().flatten()).as_deref() == Some("off");
        if let Some(switch) = dom::find::<HtmlInputElement>(SWITCH) {
            switch.set_checked(!off);
            dom::on(&switch, "change", |_: Event| remember(is_on()));
        }
        // With the shortcuts off, the button still leads to the switch.
        if let Some(button) = dom::find::<HtmlElement>("#show-shortcuts") {
            button.set_hidden(false);
            dom::on(&button, "click", |_: Event| show_help());
        }
        let mut after_g = false;
        dom::on(&dom::document(), "keydown", move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(&event) {
                return;
            }
            let key = event.key();
            let was_g = std::mem::replace(&mut after_g, key == "g");
            if !is_on() {
                return;
            }
            if key == "?" {
                event.prevent_default();
                show_help();
            }
            match (was_g, key.as_str()) {
                (false, "/") => {
                    if let Some(search) = dom::find::<HtmlInputElement>("input[type=search]") {
                        event.prevent_default();
                        let _ = search.focus();
                        search.select();
                    }
                }
                (true, "o") => dom::go(urls::OVERVIEW),
                (true, "a") => dom::go(urls::ACTIVITY),
                (true, "r") => dom::go(urls::ROUTES),
                (true, "p") => dom::go(urls::PLANS),
                (true, "d") => dom::go(urls::MANAGE),
                (true, "w") => dom::go(urls::PREVIEW),
                _ => {}
            }
        });
    }

    fn show_help() {
        if let Some(dialog) = dom::find::<HtmlDialogElement>("dialog.keys")
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    }

    /// Whether the key was meant for a field.
    fn is_typing(event: &KeyboardEvent) -> bool {
        let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else { return false };
        let editable = target.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable);
        match target.tag_name().as_str() {
            "TEXTAREA" | "SELECT" => true,
            "INPUT" => target
                .dyn_ref::<HtmlInputElement>()
                .is_none_or(|i| !matches!(i.type_().as_str(), "checkbox" | "radio")),
            _ => editable,
        }
    }
}
