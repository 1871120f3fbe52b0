//! What is computed over many calls: matrix, blast radius, behavioural diff, saved cases.

#![cfg(test)]

mod account;
mod cases;
mod tables;
