//! What runs in the browser. Each island attaches to markup that works without it.

#[cfg(feature = "hydrate")]
mod dom;

pub mod check;
pub mod keys;
pub mod preview;
pub mod selection;
