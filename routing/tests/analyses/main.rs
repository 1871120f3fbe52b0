//! What is computed over many calls: matrix, blast radius, behavioural diff, saved cases.

mod account;
mod cases;
mod tables;
