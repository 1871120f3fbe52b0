//! The browser's entry: it prepares the framework; each island of `app` is an export of its own.

// Names the crate, so that its islands are linked in.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// To be called once, before any island is woken.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
