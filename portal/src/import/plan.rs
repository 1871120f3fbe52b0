//! What an import would do, row by row: a pure function of the file and of what is there.

use std::collections::{BTreeSet, HashMap};

use routing::{Alias, E164, Failover, OwnDid, RouteId, RouteTarget, Version};
use store::{DidRow, DidUpdate, NewDid};

use super::cell::{clears, unprotect};
use super::outcome::ImportError;
use super::read::{Column, Sheet, SheetRow};
use crate::book::Book;
use crate::bulk::{Editors, Refusal};
use crate::limits::NEAR_ALIASES_MAX;

/// The numbers of a file, read by the account's habits, and what to look up for them.
pub(crate) struct Numbers {
    read: Vec<Result<E164, ImportError>>,
    /// Digits that a spreadsheet may have robbed of their plus, by row. They count only if they are a DID.
    plusless: HashMap<usize, E164>,
}

impl Numbers {
    pub(crate) fn read(sheet: &Sheet, book: &Book) -> Numbers {
        let mut numbers = Numbers { read: Vec::with_capacity(sheet.rows.len()), plusless: HashMap::new() };
        for (index, row) in sheet.rows.iter().enumerate() {
            let read = E164::parse_dialled(&row.number, book.dialling());
            if read.is_err()
                && row.number.bytes().all(|byte| byte.is_ascii_digit())
                && let Some(number) = row.number.parse().ok().and_then(|digits| E164::from_u64(digits).ok())
            {
                numbers.plusless.insert(index, number);
            }
            numbers.read.push(read.map_err(|error| {
                if is_shortened(&row.number) { ImportError::Shortened } else { ImportError::Number(error) }
            }));
        }
        numbers
    }

    /// Every number that may be a DID.
    pub(crate) fn to_look_up(&self) -> Vec<E164> {
        let mut numbers: Vec<E164> = self
            .read
            .iter()
            .filter_map(|read| read.as_ref().ok())
            .chain(self.plusless.values())
            .copied()
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// `1.20655E+10`, as spreadsheets show long numbers.
fn is_shortened(typed: &str) -> bool {
    let lower = typed.to_ascii_lowercase();
    lower.split_once("e+").is_some_and(|(head, tail)| {
        !head.is_empty()
            && head.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
            && !tail.is_empty()
            && tail.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// What is there already.
pub(crate) struct Present<'a> {
    pub(crate) book: &'a Book,
    /// DIDs of the account among the numbers of the file.
    pub(crate) dids: HashMap<E164, DidRow>,
    /// DIDs of the installation among the numbers of the file and those that routes may amount to.
    pub(crate) own: BTreeSet<E164>,
    /// How many DIDs have a route as their failover.
    pub(crate) failovers: HashMap<RouteId, u64>,
    /// What was edited after this is refused.
    pub(crate) as_of: Version,
    pub(crate) editors: Editors,
}

/// A DID that the file adds or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    Add(NewDid),
    Change(DidUpdate, Box<DidRow>),
}

/// The judgement on a row.
pub(crate) type Verdict = Result<Option<Write>, ImportError>;

/// What becomes of each row.
pub(crate) fn judge(sheet: &Sheet, numbers: &Numbers, present: &Present<'_>) -> Vec<Verdict> {
    let mut seen: HashMap<E164, u64> = HashMap::new();
    let mut verdicts: Vec<Verdict> = Vec::with_capacity(sheet.rows.len());
    let mut added = BTreeSet::new();
    let mut failovers = present.failovers.clone();
    for (index, (row, read)) in sheet.rows.iter().zip(&numbers.read).enumerate() {
        let number = match (read, numbers.plusless.get(&index)) {
            (Ok(number), _) => Ok(*number),
            (Err(_), Some(number)) if present.dids.contains_key(number) => Ok(*number),
            (Err(error), _) => Err(error.clone()),
        };
        let verdict = number.and_then(|number| match seen.insert(number, row.line) {
            Some(first_line) => {
                seen.insert(number, first_line);
                Err(ImportError::Twice { first_line })
            }
            None => judge_row(row, number, present),
        });
        match &verdict {
            Ok(Some(Write::Add(new))) => {
                added.insert(new.number);
                if let Some(route) = new.failover.route() {
                    *failovers.entry(route).or_default() += 1;
                }
            }
            Ok(Some(Write::Change(update, old))) => {
                if let Some(route) = old.did.failover.route() {
                    let uses = failovers.entry(route).or_default();
                    *uses = uses.saturating_sub(1);
                }
                if let Some(route) = update.failover.route() {
                    *failovers.entry(route).or_default() += 1;
                }
            }
            Ok(None) | Err(_) => {}
        }
        verdicts.push(verdict);
    }
    refuse_own(&mut verdicts, present, &added, &failovers);
    verdicts
}

fn judge_row(row: &SheetRow, number: E164, present: &Present<'_>) -> Verdict {
    let old = present.dids.get(&number);
    if old.is_none() && present.own.contains(&number) {
        return Err(ImportError::Elsewhere);
    }
    let alias = match row.alias.as_deref() {
        None => old.and_then(|row| row.did.alias.clone()),
        Some(cell) if clears(cell) => None,
        Some(cell) => Some(Alias::parse(unprotect(cell)).map_err(ImportError::Alias)?),
    };
    let primary = match row.primary.as_deref() {
        None => old.map_or(RouteId::REGISTERED, |row| row.did.primary),
        Some(cell) if clears(cell) => return Err(ImportError::PrimaryCleared),
        Some(cell) => route(cell, Column::Primary, present.book)?,
    };
    let failover = match row.failover.as_deref() {
        None => old.map_or(Failover::None, |row| row.did.failover),
        Some(cell) if clears(cell) => Failover::None,
        Some(cell) => Failover::Route(route(cell, Column::Failover, present.book)?),
    };
    if failover.route() == Some(primary) {
        return Err(ImportError::SameAsPrimary);
    }
    let Some(old) = old else {
        return Ok(Some(Write::Add(NewDid { number, alias, primary, failover })));
    };
    let did = &old.did;
    if (&alias, primary, failover) == (&did.alias, did.primary, did.failover) {
        return Ok(None);
    }
    if old.version > present.as_of {
        let Refusal::EditedSince { by, at } = present.editors.refusal(old) else { return Ok(None) };
        return Err(ImportError::EditedSince { by, at });
    }
    Ok(Some(Write::Change(DidUpdate { id: did.id, alias, primary, failover }, Box::new(old.clone()))))
}

fn route(cell: &str, column: Column, book: &Book) -> Result<RouteId, ImportError> {
    let typed = unprotect(cell);
    let found = Alias::parse(typed).ok().and_then(|alias| book.find(&alias).map(|row| row.route.id));
    found.ok_or_else(|| ImportError::UnknownRoute {
        column,
        typed: typed.to_owned(),
        near: near(typed, book),
    })
}

/// The rule holds both ways: no failover may ring a number that the file makes a DID, whichever of the two the
/// file brings.
fn refuse_own(
    verdicts: &mut [Verdict],
    present: &Present<'_>,
    added: &BTreeSet<E164>,
    failovers: &HashMap<RouteId, u64>,
) {
    let book = present.book;
    let own: BTreeSet<E164> = present.own.union(added).copied().collect();
    let barred: HashMap<RouteId, OwnDid> = book
        .added()
        .filter_map(|row| book.barred(&row.route.target, &own).map(|why| (row.route.id, why)))
        .collect();
    let mut rung: HashMap<E164, &Alias> = HashMap::new();
    for row in book.added().filter(|row| failovers.get(&row.route.id).is_some_and(|uses| *uses > 0)) {
        for number in book.numbers_in([&row.route.target] as [&RouteTarget; 1]) {
            rung.entry(number).or_insert(&row.route.alias);
        }
    }
    for verdict in verdicts {
        let Ok(Some(write)) = &verdict else { continue };
        let (failover, new) = match write {
            Write::Add(new) => (new.failover, Some(new.number)),
            Write::Change(update, _) => (update.failover, None),
        };
        if let Some(why) = failover.route().and_then(|route| barred.get(&route)) {
            *verdict = Err(ImportError::OwnDid(why.clone()));
        } else if let Some(route) = new.and_then(|number| rung.get(&number)) {
            *verdict = Err(ImportError::RungByFailover { route: (*route).clone() });
        }
    }
}

/// Routes that are called almost so: one contains the other, or two letters differ.
fn near(typed: &str, book: &Book) -> Vec<Alias> {
    let typed = typed.to_lowercase();
    let mut found: Vec<(usize, &Alias)> = book
        .aliases()
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

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
