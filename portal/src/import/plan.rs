//! What an import would do, row by row: a pure function of the file and of what is there.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

use routing::{Alias, AliasError, E164, Failover, NumberError, OwnDid, RouteId, RouteTarget, Version};
use store::{DidRow, DidUpdate, NewDid, UnixMs};

use super::cell::{clears, unprotect};
use super::read::{Column, Sheet, SheetRow};
use crate::DidState;
use crate::book::Book;
use crate::bulk::{Editors, Refusal};
use crate::limits::{IMPORT_ROWS_SHOWN, NEAR_ALIASES_MAX};

/// What an import would do. Nothing is changed yet.
#[derive(Clone, Debug)]
pub struct ImportPlan {
    /// Rows in the file.
    pub rows_total: u64,
    /// DIDs that would be added.
    pub adds: u64,
    /// DIDs that would change.
    pub changes: u64,
    /// DIDs that are as the file says already.
    pub unchanged: u64,
    /// Rows that cannot be imported. With any, nothing is.
    pub errors: u64,
    /// The first rows: those with errors, then those that do something, then the rest, each by line.
    pub rows: Vec<ImportRow>,
    /// The columns that were understood, in the order of the file.
    pub columns: Vec<Column>,
    /// Headers that were not.
    pub ignored: Vec<String>,
    /// The account's version that was planned on: the `as_of` of applying it.
    pub as_of: Version,
}

/// A row of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// Its line, the first being 1.
    pub line: u64,
    /// The number as typed.
    pub number: String,
    /// What would come of it.
    pub outcome: ImportOutcome,
}

/// What would come of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// A new DID.
    Add {
        /// As this.
        after: DidState,
    },
    /// A DID changes.
    Change {
        /// What it is.
        before: DidState,
        /// What it would be.
        after: DidState,
    },
    /// The DID is as the file says already.
    Unchanged,
    /// The row cannot be imported.
    Error(ImportError),
}

/// Why a row cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// Not a number.
    Number(NumberError),
    /// A number that a spreadsheet shortened: its last digits are lost.
    Shortened,
    /// The number stands on an earlier line.
    Twice {
        /// Which line.
        first_line: u64,
    },
    /// The number belongs to another account.
    Elsewhere,
    /// Not an alias.
    Alias(AliasError),
    /// No route is called so.
    UnknownRoute {
        /// Primary or failover.
        column: Column,
        /// As typed.
        typed: String,
        /// Routes that are called almost so.
        near: Vec<Alias>,
    },
    /// A primary cannot be cleared.
    PrimaryCleared,
    /// The failover is the primary itself.
    SameAsPrimary,
    /// The failover would come back to us.
    OwnDid(OwnDid),
    /// The number would become a DID, while a route that rings it is a failover.
    RungByFailover {
        /// That route.
        route: Alias,
    },
    /// Somebody changed the DID since the file was checked.
    EditedSince {
        /// Who.
        by: String,
        /// When.
        at: UnixMs,
    },
}

impl ImportError {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ImportError::Number(error) => error.code(),
            ImportError::Shortened => "shortened",
            ImportError::Twice { .. } => "twice",
            ImportError::Elsewhere => "elsewhere",
            ImportError::Alias(error) => error.code(),
            ImportError::UnknownRoute { .. } => "unknown_route",
            ImportError::PrimaryCleared => "primary_cleared",
            ImportError::SameAsPrimary => "same_as_primary",
            ImportError::OwnDid(why) => why.code(),
            ImportError::RungByFailover { .. } => "rung_by_failover",
            ImportError::EditedSince { .. } => "edited_since",
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::Number(error) => error.fmt(f),
            ImportError::Shortened => f.write_str(
                "A spreadsheet shortened this number, and its last digits are lost. Format the column as text and type the number again.",
            ),
            ImportError::Twice { first_line } => write!(f, "This number stands on line {first_line} already. Keep one of the two."),
            ImportError::Elsewhere => f.write_str("This number belongs to another account."),
            ImportError::Alias(error) => error.fmt(f),
            ImportError::UnknownRoute { column, typed, near } => {
                write!(f, "No inbound route for the {} is called {typed}.", column.name())?;
                match near.as_slice() {
                    [] => f.write_str(" Add it first, or write the alias of another."),
                    near => {
                        let names: Vec<&str> = near.iter().map(Alias::as_str).collect();
                        write!(f, " Did you mean {}?", names.join(" or "))
                    }
                }
            }
            ImportError::PrimaryCleared => {
                f.write_str("A DID needs a primary route. Write sip-reg to ring your registered devices.")
            }
            ImportError::SameAsPrimary => {
                f.write_str("The failover is the primary route itself, so it fails with it. Write another inbound route.")
            }
            ImportError::OwnDid(why) => why.fmt(f),
            ImportError::RungByFailover { route } => write!(
                f,
                "The inbound route {route} rings this number and is a failover. A failover to a DID of ours does not work: change that first."
            ),
            ImportError::EditedSince { by, .. } => {
                write!(f, "{by} changed it since the file was checked. Check the file again.")
            }
        }
    }
}

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

/// The plan as it is shown.
pub(crate) fn shown(sheet: Sheet, verdicts: &[Verdict], book: &Book, as_of: Version) -> ImportPlan {
    let count = |of: fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| of(verdict)).count() as u64;
    let rank = |verdict: &Verdict| match verdict {
        Err(_) => 0,
        Ok(Some(_)) => 1,
        Ok(None) => 2,
    };
    let mut order: Vec<usize> = (0..verdicts.len()).collect();
    order.sort_by_key(|index| rank(&verdicts[*index]));
    let mut plan = ImportPlan {
        rows_total: sheet.rows.len() as u64,
        adds: count(|verdict| matches!(verdict, Ok(Some(Write::Add(_))))),
        changes: count(|verdict| matches!(verdict, Ok(Some(Write::Change(..))))),
        unchanged: count(|verdict| matches!(verdict, Ok(None))),
        errors: count(Result::is_err),
        rows: Vec::new(),
        columns: sheet.columns,
        ignored: sheet.ignored,
        as_of,
    };
    let wanted: HashSet<usize> = order.iter().take(IMPORT_ROWS_SHOWN).copied().collect();
    let mut rows: HashMap<usize, ImportRow> = sheet
        .rows
        .into_iter()
        .enumerate()
        .filter(|(index, _)| wanted.contains(index))
        .map(|(index, row)| {
            let outcome = outcome(&verdicts[index], book);
            (index, ImportRow { line: row.line, number: row.number, outcome })
        })
        .collect();
    plan.rows = order.iter().take(IMPORT_ROWS_SHOWN).filter_map(|index| rows.remove(index)).collect();
    plan
}

fn outcome(verdict: &Verdict, book: &Book) -> ImportOutcome {
    match verdict {
        Err(error) => ImportOutcome::Error(error.clone()),
        Ok(None) => ImportOutcome::Unchanged,
        Ok(Some(Write::Add(new))) => {
            ImportOutcome::Add { after: book.did_state(new.alias.clone(), new.primary, new.failover) }
        }
        Ok(Some(Write::Change(update, old))) => ImportOutcome::Change {
            before: book.did_state(old.did.alias.clone(), old.did.primary, old.did.failover),
            after: book.did_state(update.alias.clone(), update.primary, update.failover),
        },
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
