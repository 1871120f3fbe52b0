//! What can be done to many DIDs, and to which.

use routing::{Alias, E164, Failover, RouteId, Version};
use store::{DidFilter, DidRow, Store, Tx};

use crate::book::Book;
use crate::history::OperationKind;
use crate::limits::{BULK_CHUNK, SELECTED_NUMBERS_MAX};
use crate::{Error, Field, Noun, Problem, Result};

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// Make it ring here first.
    SetRoute(RouteId),
    /// Make it ring here when that fails: a route or a plan.
    SetFailoverRoute(Failover),
    /// Let the caller hear the failure.
    ClearFailoverRoute,
    /// Call it so, or nothing.
    SetAlias(Option<Alias>),
    /// Give it up.
    Release,
}

impl BulkAction {
    /// How the history names it.
    pub(crate) fn kind(&self) -> OperationKind {
        match self {
            BulkAction::SetRoute(_) => OperationKind::SetRoute,
            BulkAction::SetFailoverRoute(_) => OperationKind::SetFailoverRoute,
            BulkAction::ClearFailoverRoute => OperationKind::ClearFailoverRoute,
            BulkAction::SetAlias(_) => OperationKind::SetAlias,
            BulkAction::Release => OperationKind::Release,
        }
    }

    /// What the history names beside it: the route or plan, or the alias.
    pub(crate) fn about(&self, book: &Book) -> String {
        match self {
            BulkAction::SetRoute(id) => book.alias(*id).to_string(),
            BulkAction::SetFailoverRoute(failover) => {
                book.failover_text(*failover).unwrap_or_default().into_owned()
            }
            BulkAction::SetAlias(Some(alias)) => alias.to_string(),
            BulkAction::SetAlias(None) | BulkAction::ClearFailoverRoute | BulkAction::Release => {
                String::new()
            }
        }
    }

    /// The route or plan that it sets must be one of the account.
    pub(crate) fn check(&self, book: &Book) -> Result<()> {
        let problem = match self {
            BulkAction::SetRoute(id) | BulkAction::SetFailoverRoute(Failover::Route(id)) => {
                book.get(*id).is_none().then_some(Problem::UnknownRoute)
            }
            BulkAction::SetFailoverRoute(Failover::Plan(id)) => {
                book.plan(*id).is_none().then_some(Problem::UnknownPlan)
            }
            BulkAction::SetFailoverRoute(Failover::None) => Some(Problem::Missing),
            BulkAction::ClearFailoverRoute | BulkAction::SetAlias(_) | BulkAction::Release => None,
        };
        problem.map_or(Ok(()), |problem| Err(Error::refused(Field::Route, problem)))
    }
}

/// The DIDs that somebody chose, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Which.
    pub what: Selected,
    /// The account's version that they were looking at. What was edited after it is refused.
    pub as_of: Version,
}

/// How DIDs were chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected {
    /// One by one.
    Numbers(Vec<E164>),
    /// Every one that matches.
    Matching(DidFilter),
}

impl Selection {
    /// The numbers once each, in order; `None` for a filter.
    pub(crate) fn numbers(&self) -> Result<Option<Vec<E164>>> {
        let Selected::Numbers(numbers) = &self.what else { return Ok(None) };
        let mut numbers = numbers.clone();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() > SELECTED_NUMBERS_MAX {
            return Err(Error::Limit { what: Noun::Did, max: SELECTED_NUMBERS_MAX as u64 });
        }
        Ok(Some(numbers))
    }
}

/// Walks a selection by number, a chunk of it in memory at a time. Changing what was walked is no harm: the walk
/// goes on after the last number.
pub(crate) struct Walk<'a> {
    what: &'a Selected,
    numbers: Option<Vec<E164>>,
    last: Option<E164>,
    done: bool,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(selection: &'a Selection) -> Result<Walk<'a>> {
        Ok(Walk { what: &selection.what, numbers: selection.numbers()?, last: None, done: false })
    }

    pub(crate) async fn next(&mut self, store: &Store, account: routing::AccountId) -> Result<Vec<DidRow>> {
        if self.done {
            return Ok(Vec::new());
        }
        let rows = match (&self.numbers, self.what) {
            (Some(numbers), _) => store.dids_by_number(account, numbers).await?,
            (None, Selected::Matching(filter)) => {
                store.dids_after(account, filter, self.last, BULK_CHUNK).await?
            }
            (None, Selected::Numbers(_)) => Vec::new(),
        };
        self.walked(&rows);
        Ok(rows)
    }

    pub(crate) async fn next_in(&mut self, tx: &mut Tx) -> Result<Vec<DidRow>> {
        if self.done {
            return Ok(Vec::new());
        }
        let rows = match (&self.numbers, self.what) {
            (Some(numbers), _) => tx.dids_by_number(numbers).await?,
            (None, Selected::Matching(filter)) => tx.dids_after(filter, self.last, BULK_CHUNK).await?,
            (None, Selected::Numbers(_)) => Vec::new(),
        };
        self.walked(&rows);
        Ok(rows)
    }

    fn walked(&mut self, rows: &[DidRow]) {
        self.last = rows.last().map(|row| row.did.number).or(self.last);
        self.done = self.numbers.is_some() || rows.len() < BULK_CHUNK as usize;
    }

    /// The numbers that were asked for.
    pub(crate) fn asked(&self) -> &[E164] {
        self.numbers.as_deref().unwrap_or_default()
    }
}

/// Those of the numbers, in order, that are not among the rows, in order.
pub(crate) fn missing(asked: &[E164], found: &[E164]) -> Vec<E164> {
    asked.iter().filter(|number| found.binary_search(number).is_err()).copied().collect()
}
