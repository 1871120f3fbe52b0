//! What an import would do, row by row: pure functions of the file and of what is there.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use routing::{Alias, E164, Failover, PlanId, RouteId, Routing, limits::DIDS_PER_ACCOUNT_MAX, shortened};
use store::{DidUpdate, NewDid};

use super::Column;
use super::cell::{clears, plan, unprotect};
use super::outcome::ImportError;
use super::own_rule::OwnRule;
use super::present::{Ground, Present};
use super::read::SheetRow;
use crate::book::Book;
use crate::bulk::Refusal;

/// The numbers of some rows, read by the account's habits, and what to look up for them.
pub(crate) struct Numbers {
    read: Vec<Result<E164, ImportError>>,
    /// Digits that a spreadsheet may have robbed of their plus, by row. They count only if they are a DID.
    plusless: HashMap<usize, E164>,
}

impl Numbers {
    pub(crate) fn read(rows: &[SheetRow], book: &Book) -> Numbers {
        let mut numbers = Numbers { read: Vec::with_capacity(rows.len()), plusless: HashMap::new() };
        for (index, row) in rows.iter().enumerate() {
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

    /// That of a row.
    fn of(&self, index: usize, row: &SheetRow, present: &Present) -> Result<E164, ImportError> {
        if row.spilled {
            // It is open which cell is which.
            return Err(ImportError::TooManyCells);
        }
        match (&self.read[index], self.plusless.get(&index)) {
            (Ok(number), _) => Ok(*number),
            (Err(_), Some(number)) if present.dids.contains_key(number) => Ok(*number),
            (Err(error), _) => Err(error.clone()),
        }
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

/// A DID that the file adds or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    Add(NewDid),
    Change(DidUpdate),
}

/// The judgement on a row.
pub(crate) type Verdict = Result<Option<Write>, ImportError>;

/// Judges a file part by part. Of the rows that went by it keeps the numbers with their lines, so that one that comes
/// twice is told with both: 36 MB for a million.
pub(crate) struct Judge<'a> {
    ground: &'a Ground<'a>,
    seen: HashMap<E164, u64>,
    added: u64,
    becomes: Becomes,
    /// Known when the file was walked through once.
    own_rule: Option<OwnRule<'a>>,
}

/// What becomes of the account, as far as a failover may ring a DID of ours because of it.
#[derive(Default)]
pub(super) struct Becomes {
    /// Those of the added numbers that a route may amount to.
    pub(super) added: BTreeSet<E164>,
    /// How many DIDs will have a route as their failover.
    pub(super) failovers: HashMap<RouteId, u64>,
    /// The failovers that rows of the file have.
    pub(super) named: HashSet<Failover>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(ground: &'a Ground<'a>) -> Judge<'a> {
        let becomes = Becomes { failovers: ground.failovers.clone(), ..Becomes::default() };
        Judge { ground, seen: HashMap::new(), added: 0, becomes, own_rule: None }
    }

    /// A second walk, after one that found what [`Judge::own_rule`] says.
    pub(crate) fn again(ground: &'a Ground<'a>, own_rule: OwnRule<'a>) -> Judge<'a> {
        Judge { own_rule: Some(own_rule), ..Judge::new(ground) }
    }

    /// What becomes of each row, the rows before it known.
    pub(crate) fn judge(&mut self, rows: &[SheetRow], numbers: &Numbers, present: &Present) -> Vec<Verdict> {
        let mut verdicts = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            let write = self.judge_row(row, numbers.of(index, row, present), present);
            verdicts.push(write.and_then(|write| self.held_against_file(write)));
        }
        verdicts
    }

    fn judge_row(&mut self, row: &SheetRow, number: Result<E164, ImportError>, present: &Present) -> Verdict {
        let number = number?;
        match self.seen.entry(number) {
            Entry::Occupied(first) => Err(ImportError::Twice { first_line: *first.get() }),
            Entry::Vacant(place) => {
                place.insert(row.line);
                judge_row(row, number, present, self.ground)
            }
        }
    }

    /// Judges by the other rows what would be right by itself.
    fn held_against_file(&mut self, write: Option<Write>) -> Verdict {
        let Some(write) = write else { return Ok(None) };
        self.becomes.take(&write, &self.ground.targets);
        if let Some(error) = self.own_rule.as_ref().and_then(|rule| rule.error(&write)) {
            return Err(error);
        }
        // An account holds so many and no more: rows beyond that are named, so that the dry run says it too.
        if matches!(write, Write::Add(_)) {
            self.added += 1;
            if self.added > self.ground.room {
                return Err(ImportError::AccountFull { max: DIDS_PER_ACCOUNT_MAX as u64 });
            }
        }
        Ok(Some(write))
    }

    /// After the last part: the rule that no failover rings a DID of ours, if rows of the file break it. Which ones, a
    /// second walk tells: what a row may not do can be decided by the last one.
    pub(crate) fn own_rule(self) -> Option<OwnRule<'a>> {
        let rule = OwnRule::new(self.ground, &self.becomes);
        rule.is_broken_by(&self.becomes).then_some(rule)
    }
}

impl Becomes {
    fn take(&mut self, write: &Write, targets: &BTreeSet<E164>) {
        let (before, after) = match write {
            Write::Add(new) => {
                if targets.contains(&new.number) {
                    self.added.insert(new.number);
                }
                (Failover::None, new.routing.failover)
            }
            Write::Change(update) => (update.now.failover, update.routing.failover),
        };
        if let Some(route) = before.route() {
            let uses = self.failovers.entry(route).or_default();
            *uses = uses.saturating_sub(1);
        }
        if let Some(route) = after.route() {
            *self.failovers.entry(route).or_default() += 1;
        }
        self.named.insert(after);
    }
}

fn judge_row(row: &SheetRow, number: E164, present: &Present, ground: &Ground<'_>) -> Verdict {
    let old = present.dids.get(&number);
    if old.is_none() && present.own.contains(&number) {
        return Err(ImportError::Elsewhere);
    }
    if let (None, Some(released)) = (old, present.released.get(&number)) {
        return Err(ImportError::ReleasedSince { by: released.by.clone(), at: released.at });
    }
    let alias = match row.alias.as_deref() {
        None => old.and_then(|row| row.did.alias.clone()),
        Some(cell) if clears(cell) => None,
        Some(cell) => Some(Alias::parse(unprotect(cell)).map_err(ImportError::Alias)?),
    };
    let primary = match row.primary.as_deref() {
        None => old.map_or(RouteId::REGISTERED, |row| row.did.primary),
        Some(cell) if clears(cell) => return Err(ImportError::PrimaryCleared),
        Some(cell) => route(cell, Column::Primary, ground.book)?,
    };
    let failover = match row.failover.as_deref() {
        None => old.map_or(Failover::None, |row| row.did.failover),
        Some(cell) if clears(cell) => Failover::None,
        Some(cell) => match plan(cell) {
            Some(name) => Failover::Plan(plan_called(name.trim(), ground.book)?),
            None => Failover::Route(route(cell, Column::Failover, ground.book)?),
        },
    };
    if ground.book.is_alone(failover, primary) {
        return Err(ImportError::SameAsPrimary);
    }
    let Some(old) = old else {
        let routing = Routing { primary, failover, weights: None };
        return Ok(Some(Write::Add(NewDid { number, alias, routing })));
    };
    let did = &old.did;
    let now = Routing::of(did);
    let routing = Routing { primary, ..now }.with_failover(failover);
    if (&alias, routing) == (&did.alias, now) {
        return Ok(None);
    }
    if old.version > ground.as_of {
        let Refusal::EditedSince { by, at } = ground.editors.refusal(old) else { return Ok(None) };
        return Err(ImportError::EditedSince { by, at });
    }
    Ok(Some(Write::Change(DidUpdate { now: did.clone(), alias, routing })))
}

fn route(cell: &str, column: Column, book: &Book) -> Result<RouteId, ImportError> {
    let typed = unprotect(cell);
    let found = Alias::parse(typed).ok().and_then(|alias| book.find(&alias).map(|row| row.route.id));
    found.ok_or_else(|| ImportError::UnknownRoute {
        column,
        typed: shortened(typed).into_owned(),
        // Looked up for the rows that are shown, after the transaction.
        near: Vec::new(),
    })
}

fn plan_called(typed: &str, book: &Book) -> Result<PlanId, ImportError> {
    let found = Alias::parse(typed).ok().and_then(|name| book.find_plan(&name).map(|row| row.plan.id));
    let unknown = || ImportError::UnknownPlan { typed: shortened(typed).into_owned(), near: Vec::new() };
    found.ok_or_else(unknown)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
