//! What the use cases promise, held on SQLite and on PostgreSQL alike.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where by panicking")]

#[path = "../../../store/tests/support/mod.rs"]
#[expect(dead_code, reason = "the store's own tests use more of it")]
mod support;

#[path = "../support/provider.rs"]
mod provider;

mod account_file;
mod account_file_cases;
mod account_file_plans;
mod activity;
mod audit;
mod authenticator;
mod bulk;
mod bulk_plans;
mod case_gate;
mod cases;
mod compare;
mod desk;
mod destinations;
mod dids;
mod findings;
mod house;
mod import;
mod installation;
mod jobs;
mod notes;
mod office;
mod oidc;
mod passkeys;
mod past;
mod people;
mod permissions;
mod plans;
mod restore;
mod routes;
mod sample;
mod schedules;
mod selections;
mod sign_in;
mod stir;
mod support_desk;
mod two_servers;
mod undo;
mod undo_things;
mod ways_in;
