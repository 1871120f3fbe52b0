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
        let routes = routing.routes_in(&audit.index);
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
    // What ends in no circle is taken away from the end, each number once; what stays leads into one.
    let mut ways_on: BTreeMap<E164, usize> = BTreeMap::new();
    let mut rung_by: BTreeMap<E164, Vec<E164>> = BTreeMap::new();
    for (number, next) in &edges {
        let own: Vec<E164> = next.iter().copied().filter(|next| edges.contains_key(next)).collect();
        ways_on.insert(*number, own.len());
        for next in own {
            rung_by.entry(next).or_default().push(*number);
        }
    }
    let mut ends: Vec<E164> =
        ways_on.iter().filter(|(_, ways)| **ways == 0).map(|(number, _)| *number).collect();
    while let Some(end) = ends.pop() {
        ways_on.remove(&end);
        for before in rung_by.get(&end).into_iter().flatten() {
            if let Some(ways) = ways_on.get_mut(before) {
                *ways -= 1;
                if *ways == 0 {
                    ends.push(*before);
                }
            }
        }
    }
    let circling = ways_on;
    groups
        .iter()
        .map(|group| next(group.routing).iter().any(|number| circling.contains_key(number)))
        .collect()
}
