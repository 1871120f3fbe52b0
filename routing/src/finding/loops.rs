//! Calls that would go round among our own numbers: proved over the whole graph.

use std::collections::{BTreeMap, BTreeSet};

use super::audit::Audit;
use crate::{E164, Group, OwnDid, RouteId, Routing};

/// For each group, whether a call to it can come to a circle of own numbers.
pub(super) fn looping(audit: &Audit<'_>, groups: &[Group]) -> Vec<bool> {
    // Which number each route rings, of those that are ours. Most ring none.
    let rings: BTreeMap<RouteId, E164> = audit
        .index
        .snapshot
        .routes
        .iter()
        .filter_map(|route| match audit.leads_back(Some(route))? {
            OwnDid::Number { number } | OwnDid::InsideUri { number } => Some((route.id, number)),
            OwnDid::OwnEdge { .. } => None,
        })
        .collect();
    if rings.is_empty() {
        return vec![false; groups.len()];
    }
    let next = |routing: Routing| -> BTreeSet<E164> {
        let routes = routing.routes(audit.index.snapshot);
        routes.iter().filter_map(|route| rings.get(route)).copied().collect()
    };
    let rung: BTreeSet<E164> = rings.values().copied().collect();
    let edges: BTreeMap<E164, BTreeSet<E164>> = audit
        .index
        .snapshot
        .dids
        .iter()
        .filter(|did| rung.contains(&did.number))
        .map(|did| (did.number, next(Routing::of(did))))
        .collect();
    // What ends in no circle is taken away from the end; what stays leads into one.
    let mut circling: BTreeSet<E164> = edges.keys().copied().collect();
    loop {
        let ends: Vec<E164> = circling
            .iter()
            .copied()
            .filter(|number| !edges[number].iter().any(|next| circling.contains(next)))
            .collect();
        if ends.is_empty() {
            break;
        }
        for number in ends {
            circling.remove(&number);
        }
    }
    groups.iter().map(|group| next(group.routing).iter().any(|number| circling.contains(number))).collect()
}
