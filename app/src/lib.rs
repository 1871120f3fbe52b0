//! What people see: pages rendered whole by the server, and the islands that move in the browser.
//!
//! - `pages` (server only): a function a page, from plain values that `portal` answered to a document.
//! - `components`: small pieces without state; they take values and never fetch.
//! - `finding_words`, `timeline`: what the core found, in words and pictures, for the server and for the browser.
//! - `islands`: what runs in the browser, from the same `routing` core.
//!
//! Every word a person reads stands in this crate, save the sentences of refusals, which `routing` and `portal`
//! say alike to a form, an API and a terminal.

// A page is one type, a few hundred elements deep.
#![recursion_limit = "512"]

#[cfg(feature = "core")]
mod choices;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "core")]
pub mod desk;
#[cfg(feature = "core")]
pub mod finding_words;
#[cfg(feature = "ssr")]
mod history_words;
pub mod islands;
#[cfg(feature = "core")]
pub mod labels;
#[cfg(feature = "ssr")]
mod notice;
#[cfg(feature = "core")]
pub mod packed;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "core")]
pub mod plan_form;
#[cfg(feature = "ssr")]
mod qr;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "core")]
pub mod timeline;
pub mod urls;
#[cfg(feature = "core")]
pub mod week;
#[cfg(feature = "ssr")]
pub mod words;

#[cfg(feature = "ssr")]
pub use notice::{Notice, Tone};
#[cfg(feature = "ssr")]
pub use shell::{Access, Bundle, Frame, Here, Reader};
