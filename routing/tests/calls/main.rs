//! Calls from their first INVITE to their end: tables of rows, a reference model, invariants.
// All of it is test code: without `cfg(test)` clippy would not know that its helpers may unwrap.
#![cfg(test)]

mod common;
mod faults;
mod invariants;
mod machine;
mod model;
mod plans;
mod reference;
mod response;
mod scenarios;
mod traces;
mod triggers;
mod walking;
