//! What the store promises, held on SQLite and on PostgreSQL alike.

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
