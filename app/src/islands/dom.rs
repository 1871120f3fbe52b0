//! The few words of the DOM that islands share. Browser only.

use wasm_bindgen::{JsCast, JsValue, closure::Closure, convert::FromWasmAbi};
use web_sys::{Document, EventTarget, Window};

/// The window; islands run nowhere else.
pub(super) fn window() -> Window {
    web_sys::window().unwrap_or_else(|| wasm_bindgen::throw_str("no window"))
}

/// The document.
pub(super) fn document() -> Document {
    window().document().unwrap_or_else(|| wasm_bindgen::throw_str("no document"))
}

/// The first element that the selector matches, as the type asked for.
pub(super) fn find<T: JsCast>(selector: &str) -> Option<T> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// All elements that the selector matches, as the type asked for.
pub(super) fn find_all<T: JsCast>(selector: &str) -> Vec<T> {
    let Ok(list) = document().query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect()
}

/// Listens for as long as the page lives: a page is a document, it ends with its listeners.
pub(super) fn on<E: FromWasmAbi + 'static>(
    target: &EventTarget,
    name: &str,
    handler: impl FnMut(E) + 'static,
) {
    let closure = Closure::wrap(Box::new(handler) as Box<dyn FnMut(E)>);
    let listener: JsValue = closure.into_js_value();
    let _ = target.add_event_listener_with_callback(name, listener.unchecked_ref());
}

/// Runs once the islands are awake: a signal that is set while its island still takes over the server's markup
/// would not be shown.
pub(super) fn when_awake(work: impl FnOnce() + 'static) {
    leptos::prelude::queue_microtask(work);
}

/// What the page's own address says under a name.
#[cfg(feature = "preview")]
pub(super) fn said(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    let mut pairs = search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(said, _)| *said == name)?;
    js_sys::decode_uri_component(&value.replace('+', " ")).ok().map(String::from)
}

/// An address of the account whose page this is: under its prefix, if it has one.
pub(super) fn mounted(address: &str) -> String {
    let root = document().document_element();
    format!("{}{address}", root.and_then(|root| root.get_attribute("data-mount")).unwrap_or_default())
}

/// The same for every link of a text of HTML. What people typed stands in it with its quotes escaped, so that nothing
/// of theirs looks like a link.
#[cfg(feature = "desk")]
pub(super) fn mounted_links(html: &str) -> String {
    html.replace(" href=\"/", &format!(" href=\"{}", mounted("/")))
}

/// Leaves for another page of the account.
pub(super) fn go(address: &str) {
    let _ = window().location().set_href(&mounted(address));
}

/// Sets or takes off an attribute.
#[cfg(any(feature = "check", feature = "desk", feature = "plans"))]
pub(super) fn attribute(element: &web_sys::Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}
