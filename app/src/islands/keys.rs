//! Keyboard shortcuts, and the help that lists them.

use leptos::prelude::*;

/// The shortcuts: keys, and what they do.
const SHORTCUTS: [(&str, &str); 5] = [
    ("/", "Search on this page"),
    ("g o", "Go to the overview"),
    ("g r", "Go to Inbound Routes"),
    ("g d", "Go to Manage your DIDs"),
    ("?", "Show this help"),
];

/// Listens for the shortcuts on the whole page. They can be switched off (WCAG 2.2, 2.1.4); the choice stays
/// in this browser.
#[island]
pub fn Keys() -> impl IntoView {
    let enabled = RwSignal::new(true);
    #[cfg(feature = "hydrate")]
    browser::listen(enabled);
    let toggle = move |_| {
        enabled.update(|on| *on = !*on);
        #[cfg(feature = "hydrate")]
        browser::remember(enabled.get_untracked());
    };
    let rows = SHORTCUTS
        .map(|(keys, what)| view! { <tr><td><kbd>{keys}</kbd></td><td>{what}</td></tr> })
        .collect_view();
    view! {
        <dialog class="keys" aria-label="Keyboard shortcuts">
            <h2>"Keyboard shortcuts"</h2>
            <table class="steps"><tbody>{rows}</tbody></table>
            <form method="dialog" class="row spread">
                <label>
                    <input type="checkbox" prop:checked=move || enabled.get() on:change=toggle/>
                    " Shortcuts are on"
                </label>
                <button class="button">"Close"</button>
            </form>
        </dialog>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

    use crate::{islands::dom, urls};

    const STORAGE_KEY: &str = "shortcuts";

    fn storage() -> Option<web_sys::Storage> {
        dom::window().local_storage().ok().flatten()
    }

    pub(super) fn remember(enabled: bool) {
        if let Some(storage) = storage() {
            // A browser that refuses storage only forgets the choice.
            let _ = storage.set_item(STORAGE_KEY, if enabled { "on" } else { "off" });
        }
    }

    pub(super) fn listen(enabled: RwSignal<bool>) {
        let off = storage().and_then(|s| s.get_item(STORAGE_KEY).ok().flatten()).as_deref() == Some("off");
        enabled.set(!off);
        let pending = StoredValue::new(false);
        dom::on(&dom::document(), "keydown", move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(&event) {
                return;
            }
            let key = event.key();
            let after_g = pending.get_value();
            pending.set_value(key == "g");
            // The help itself stays reachable, so that the shortcuts can be switched on again.
            if key == "?" {
                event.prevent_default();
                show_help();
            }
            if !enabled.get_untracked() {
                return;
            }
            match (after_g, key.as_str()) {
                (false, "/") => {
                    if let Some(search) = dom::find::<HtmlInputElement>("input[type=search]") {
                        event.prevent_default();
                        let _ = search.focus();
                        search.select();
                    }
                }
                (true, "o") => dom::go(urls::OVERVIEW),
                (true, "r") => dom::go(urls::ROUTES),
                (true, "d") => dom::go(urls::MANAGE),
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
            "INPUT" => {
                target.dyn_ref::<HtmlInputElement>().is_none_or(|i| !matches!(i.type_().as_str(), "checkbox" | "radio"))
            }
            _ => editable,
        }
    }
}
