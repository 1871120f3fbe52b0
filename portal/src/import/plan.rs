//! What an import would do, row by row: a pure function of the file and of what is there.

use std::collections::{BTreeSet, HashMap};

use routing::{
    Alias, E164, Failover, OwnDid, PlanId, RouteId, RouteTarget, Routing, limits::DIDS_PER_ACCOUNT_MAX,
    shortened,
};
use store::{DidRow, DidUpdate, NewDid};

use super::Column;
use super::cell::{clears, plan, unprotect};
use super::outcome::ImportError;
use super::present::Present;
use super::read::{Sheet, SheetRow};
use crate::book::Book;
use crate::bulk::Refusal;

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
            // It is open which cell is which.
            _ if row.spilled => Err(ImportError::TooManyCells),
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
    refuse_beyond(&mut verdicts, present.room);
    verdicts
}

fn judge_row(row: &SheetRow, number: E164, present: &Present<'_>) -> Verdict {
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
        Some(cell) => route(cell, Column::Primary, present.book)?,
    };
    let failover = match row.failover.as_deref() {
        None => old.map_or(Failover::None, |row| row.did.failover),
        Some(cell) if clears(cell) => Failover::None,
        Some(cell) => match plan(cell) {
            Some(name) => Failover::Plan(plan_called(name.trim(), present.book)?),
            None => Failover::Route(route(cell, Column::Failover, present.book)?),
        },
    };
    if present.book.is_alone(failover, primary) {
        return Err(ImportError::SameAsPrimary);
    }
    let Some(old) = old else {
        return Ok(Some(Write::Add(NewDid { number, alias, primary, failover, weights: None })));
    };
    let did = &old.did;
    let now = Routing::of(did);
    let routing = Routing { primary, ..now }.with_failover(failover);
    if (&alias, routing) == (&did.alias, now) {
        return Ok(None);
    }
    if old.version > present.as_of {
        let Refusal::EditedSince { by, at } = present.editors.refusal(old) else { return Ok(None) };
        return Err(ImportError::EditedSince { by, at });
    }
    let update = DidUpdate { id: did.id, alias, primary, failover, weights: routing.weights };
    Ok(Some(Write::Change(update, Box::new(old.clone()))))
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

/// The rule holds both ways: no failover may ring a number that the file makes a DID, whichever of the two the
/// file brings.
///
/// Across accounts it holds one way: a failover to any DID of the installation is refused, but a number may become
/// a DID here while a failover of another account rings it. Refusing it would tell one customer about another's
/// routes, and one could keep a number from the other by naming it. The call then comes in on the DID like any
/// other.
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
    let barred_plans: HashMap<PlanId, OwnDid> = book
        .plans()
        .filter_map(|row| {
            let why = row.plan.routes().find_map(|route| barred.get(&route))?;
            Some((row.plan.id, why.clone()))
        })
        .collect();
    let rung = Rung::of(book, failovers);
    for verdict in verdicts {
        let Ok(Some(write)) = &verdict else { continue };
        let (failover, new) = match write {
            Write::Add(new) => (new.failover, Some(new.number)),
            Write::Change(update, _) => (update.failover, None),
        };
        let why = match failover {
            Failover::None => None,
            Failover::Route(id) => barred.get(&id),
            Failover::Plan(id) => barred_plans.get(&id),
        };
        if let Some(why) = why {
            *verdict = Err(ImportError::OwnDid(why.clone()));
        } else if let Some(error) = new.and_then(|number| rung.error(number)) {
            *verdict = Err(error);
        }
    }
}

/// The numbers that stand behind some primary: routes that are failovers, and those of every plan ring them.
struct Rung<'a>(HashMap<E164, (&'a Alias, Option<&'a Alias>)>);

impl<'a> Rung<'a> {
    fn of(book: &'a Book, failovers: &HashMap<RouteId, u64>) -> Rung<'a> {
        let mut plans: HashMap<RouteId, &Alias> = HashMap::new();
        for row in book.plans() {
            for route in row.plan.routes() {
                plans.entry(route).or_insert(&row.plan.name);
            }
        }
        let mut rung = HashMap::new();
        for row in book.added() {
            let plan = plans.get(&row.route.id).copied();
            let is_failover = failovers.get(&row.route.id).is_some_and(|uses| *uses > 0);
            if is_failover || plan.is_some() {
                for number in book.numbers_in([&row.route.target] as [&RouteTarget; 1]) {
                    rung.entry(number).or_insert((&row.route.alias, plan.filter(|_| !is_failover)));
                }
            }
        }
        Rung(rung)
    }

    /// Why the number cannot become a DID.
    fn error(&self, number: E164) -> Option<ImportError> {
        let (route, plan) = *self.0.get(&number)?;
        let route = route.clone();
        Some(match plan {
            None => ImportError::RungByFailover { route },
            Some(plan) => ImportError::RungByPlan { route, plan: plan.clone() },
        })
    }
}

/// An account holds so many and no more: rows beyond that are named, so that the dry run says it too.
fn refuse_beyond(verdicts: &mut [Verdict], room: u64) {
    let mut added = 0;
    for verdict in verdicts {
        if let Ok(Some(Write::Add(_))) = verdict {
            added += 1;
            if added > room {
                *verdict = Err(ImportError::AccountFull { max: DIDS_PER_ACCOUNT_MAX as u64 });
            }
        }
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
