//! What runs in the browser. Each island attaches to markup that works without it.

#![expect(missing_docs, reason = "the island macro writes a struct and an export without any")]

#[cfg(feature = "hydrate")]
mod dom;

#[cfg(feature = "preview")]
pub mod before_after;
#[cfg(feature = "check")]
pub mod check;
#[cfg(feature = "desk")]
pub mod desk;
pub mod keys;
pub mod passkey;
#[cfg(feature = "plans")]
pub mod plan_editor;
#[cfg(feature = "preview")]
pub mod preview;
#[cfg(feature = "check")]
pub mod schedule_editor;
pub mod selection;
