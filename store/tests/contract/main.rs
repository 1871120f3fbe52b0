//! What the store promises, held on SQLite and on PostgreSQL alike.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod build;
mod bulk;
mod changes;
mod corrupt;
mod dids;
mod drafts;
mod isolation;
mod killed;
mod paging;
mod routes;
mod search;
mod snapshots;
mod transactions;
