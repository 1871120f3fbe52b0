//! No failover to another of our DIDs: the rule of `routing`, fed with what the store knows.
//!
//! "Our" means of this installation: a call that comes back to us from outside loops or dies, whoever's
//! number it is. Only yes or no is learnt of another account's numbers.

use std::collections::BTreeSet;

use routing::{Dialling, E164, Edge, OwnDid, RouteTarget, own_did};

/// The number that a target would ring, if it holds one: to ask the store whether it is ours.
pub(crate) fn candidate_number(target: &RouteTarget, dialling: &Dialling) -> Option<E164> {
    match target {
        RouteTarget::Phone(number) => Some(*number),
        RouteTarget::Uri(uri) => uri.user_as_number(dialling),
        RouteTarget::Host(_) | RouteTarget::Registered => None,
    }
}

/// Why a target may not be a failover, given which of the candidate numbers are ours.
pub(crate) fn check_failover(
    target: &RouteTarget,
    edges: &[Edge],
    dialling: &Dialling,
    own: &BTreeSet<E164>,
) -> Option<OwnDid> {
    own_did::find(target, edges, dialling, |number| own.contains(&number))
}
