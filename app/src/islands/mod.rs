//! What runs in the browser. Each island attaches to markup that works without it.

#![cfg_attr(feature = "hydrate", expect(missing_docs, reason = "the island macro exports a function without any"))]

#[cfg(feature = "hydrate")]
mod dom;

pub mod check;
pub mod keys;
pub mod preview;
pub mod selection;
