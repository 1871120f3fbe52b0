//! Routes and plans that are called almost as somebody typed.

use std::collections::HashMap;

use routing::Alias;

use super::outcome::{ImportError, ImportOutcome, ImportRow};
use crate::book::Book;
use crate::limits::{NEAR_ALIASES_MAX, NEAR_LOOK_UPS_MAX};

/// Names routes and plans that were perhaps meant, in the rows that are shown. A file may name thousands of unknown
/// ones while each look-up walks over all that there are, so that only the first few are looked up.
pub(super) fn hint(rows: &mut [ImportRow], book: &Book) {
    let mut known: HashMap<(bool, String), Vec<Alias>> = HashMap::new();
    for row in rows {
        let (is_plan, typed, near) = match &mut row.outcome {
            ImportOutcome::Error(ImportError::UnknownRoute { typed, near, .. }) => (false, typed, near),
            ImportOutcome::Error(ImportError::UnknownPlan { typed, near }) => (true, typed, near),
            _ => continue,
        };
        let key = (is_plan, typed.clone());
        if let Some(found) = known.get(&key) {
            near.clone_from(found);
        } else if known.len() < NEAR_LOOK_UPS_MAX {
            *near = if is_plan { find(typed, book.plan_names()) } else { find(typed, book.aliases()) };
            known.insert(key, near.clone());
        }
    }
}

/// One contains the other, or two letters differ.
pub(super) fn find<'a>(typed: &str, names: impl Iterator<Item = (&'a str, &'a Alias)>) -> Vec<Alias> {
    // What can be no alias is not almost one, and may be very long.
    let Ok(typed) = Alias::parse(typed).map(|alias| alias.fold()) else { return Vec::new() };
    let mut found: Vec<(usize, &Alias)> = names
        .filter_map(|(key, alias)| {
            let contained = typed.chars().count() >= 3 && (key.contains(&typed) || typed.contains(key));
            let distance = if contained { 1 } else { distance(&typed, key) };
            (distance <= 2).then_some((distance, alias))
        })
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().take(NEAR_ALIASES_MAX).map(|(_, alias)| alias.clone()).collect()
}

/// How many letters must be put in, taken out or replaced to make one of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    if one.chars().count().abs_diff(other.len()) > 2 {
        return usize::MAX;
    }
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.chars().enumerate() {
        let mut next = vec![row + 1];
        for (column, b) in other.iter().enumerate() {
            let replaced = last[column] + usize::from(a != *b);
            next.push(replaced.min(last[column + 1] + 1).min(next[column] + 1));
        }
        last = next;
    }
    last[other.len()]
}
