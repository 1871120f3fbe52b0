//! What the store promises, held on SQLite and on PostgreSQL alike.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod audit;
mod backup;
mod build;
mod bulk;
mod cases;
mod changes;
mod corrupt;
mod dids;
mod drafts;
mod findings;
mod identities;
mod isolation;
mod jobs;
mod killed;
mod migration;
mod operations;
mod paging;
mod passkeys;
mod past;
mod plans;
mod routes;
mod schedules;
mod search;
mod selections;
mod snapshots;
mod support_desk;
mod transactions;
