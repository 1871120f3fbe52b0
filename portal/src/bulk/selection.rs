//! Which DIDs somebody chose, and walking them.
//!
//! What was chosen by a filter is kept on the server, with how many matched and at which version. It is checked again
//! whenever it is walked: a DID that matches only since then was not chosen, whoever added or changed it.

use std::collections::{BTreeSet, HashSet};

use routing::{AccountId, E164, Version};
use serde::{Deserialize, Serialize};
use store::{Before, DidFilter, DidRow, DidWalk, SelectionId, Store, Subject};

use crate::history::did_of;
use crate::limits::{BULK_CHUNK, SELECTED_NUMBERS_MAX};
use crate::{Actor, Error, Noun, Portal, Result};

/// The DIDs that somebody chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// One by one.
    Numbers {
        /// Which.
        numbers: Vec<E164>,
        /// The account's version that they were looking at. What was edited after it is refused.
        as_of: Version,
    },
    /// Every one that matched a filter: what [`Portal::choose_matching`] keeps.
    Matching(SelectionId),
}

/// How what matches a filter now differs from what was chosen by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// DIDs that were chosen and do not match any more, or have left the account.
    pub gone: u64,
    /// DIDs that match only since; they were not chosen, and are left as they are.
    pub came: u64,
}

/// A selection, looked up.
#[derive(Clone, Debug)]
pub(crate) enum Chosen {
    /// Once each, in order.
    Numbers {
        numbers: Vec<E164>,
        as_of: Version,
    },
    Matching(store::Selection),
}

impl Chosen {
    /// What was edited after this version is refused.
    pub(crate) fn as_of(&self) -> Version {
        match self {
            Chosen::Numbers { as_of, .. } => *as_of,
            Chosen::Matching(selection) => selection.as_of,
        }
    }

    /// How many were chosen.
    pub(crate) fn count(&self) -> u64 {
        match self {
            Chosen::Numbers { numbers, .. } => numbers.len() as u64,
            Chosen::Matching(selection) => selection.dids,
        }
    }
}

impl Portal {
    /// Chooses every DID that matches, as of now. It is kept for a day, and for who chose only.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn choose_matching(
        &self,
        actor: &Actor,
        account: AccountId,
        filter: DidFilter,
    ) -> Result<SelectionId> {
        actor.may_read(account)?;
        Ok(self.store.save_selection(account, filter, actor.name()).await?.id)
    }

    /// Looks a selection up. Nobody has another one's: what it shows to be applied, somebody else may not have seen.
    pub(crate) async fn chosen(
        &self,
        actor: &Actor,
        account: AccountId,
        selection: &Selection,
    ) -> Result<Chosen> {
        match selection {
            Selection::Numbers { numbers, as_of } => {
                let mut numbers = numbers.clone();
                numbers.sort_unstable();
                numbers.dedup();
                if numbers.len() > SELECTED_NUMBERS_MAX {
                    return Err(Error::Limit { what: Noun::Did, max: SELECTED_NUMBERS_MAX as u64 });
                }
                Ok(Chosen::Numbers { numbers, as_of: *as_of })
            }
            Selection::Matching(id) => {
                let kept = self.store.selection(account, *id).await?;
                let own = kept.filter(|kept| kept.made_by == actor.name());
                own.map(Chosen::Matching).ok_or(Error::NotFound(Noun::Selection))
            }
        }
    }
}

/// Walks a selection by number, a chunk of it in memory at a time. Changing what was walked is no harm: the walk
/// goes on after the last number.
pub(crate) struct Walk<'a> {
    store: &'a Store,
    account: AccountId,
    chosen: &'a Chosen,
    /// Whether, as far as is known, nothing was changed since they were chosen: then those that were counted are all
    /// that match.
    unchanged: bool,
    /// Through what matches the filter, if it was chosen by one.
    matching: Option<DidWalk<'a>>,
    /// How many of the chosen numbers were looked for.
    asked: usize,
    done: bool,
    /// Those of the chosen that were walked.
    walked: u64,
    came: u64,
    missing: Vec<E164>,
}

impl<'a> Walk<'a> {
    /// `now` is the account's version when the walk begins.
    pub(crate) fn new(store: &'a Store, account: AccountId, chosen: &'a Chosen, now: Version) -> Walk<'a> {
        Walk {
            store,
            account,
            chosen,
            unchanged: now == chosen.as_of(),
            matching: None,
            asked: 0,
            done: false,
            walked: 0,
            came: 0,
            missing: Vec::new(),
        }
    }

    /// The next of the chosen DIDs; a chunk may hold none.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<DidRow>>> {
        if self.done {
            return Ok(None);
        }
        let rows = match self.chosen {
            Chosen::Numbers { numbers, .. } => {
                let rest = &numbers[self.asked..];
                let asked = &rest[..rest.len().min(BULK_CHUNK as usize)];
                self.asked += asked.len();
                self.done = self.asked == numbers.len();
                let rows = self.store.dids_by_number(self.account, asked).await?;
                let found: Vec<E164> = rows.iter().map(|row| row.did.number).collect();
                self.missing.extend(missing(asked, &found));
                rows
            }
            Chosen::Matching(selection) => {
                // The one after the last of them would be looked for to the end of the account.
                let left = u32::try_from(selection.dids.saturating_sub(self.walked)).unwrap_or(u32::MAX);
                let limit = if self.unchanged { left.min(BULK_CHUNK) } else { BULK_CHUNK };
                let matching = match self.matching.take() {
                    Some(matching) => matching,
                    None => self.store.walk_dids(self.account, &selection.filter).await?,
                };
                let rows = self.matching.insert(matching).next(limit).await?;
                self.unchanged &= rows.iter().all(|row| row.version <= selection.as_of);
                let ended = rows.len() < limit as usize;
                let rows = self.without_newcomers(selection, rows).await?;
                self.done = ended || (self.unchanged && self.walked + rows.len() as u64 >= selection.dids);
                rows
            }
        };
        self.walked += rows.len() as u64;
        Ok(Some(rows))
    }

    /// Those of the rows that matched already when the selection was made. A row of its version or an older one is as
    /// it was then; of the others, the history knows what they were.
    async fn without_newcomers(
        &mut self,
        selection: &store::Selection,
        mut rows: Vec<DidRow>,
    ) -> Result<Vec<DidRow>> {
        let is_new = |row: &DidRow| row.version > selection.as_of;
        let new: BTreeSet<Subject> =
            rows.iter().filter(|row| is_new(row)).map(|row| Subject::Did(row.did.number)).collect();
        if new.is_empty() {
            return Ok(rows);
        }
        let matched = |Before { subject, before, .. }: Before| {
            let Subject::Did(number) = subject else { return None };
            let (alias, routing) = did_of(&before?)?;
            selection.filter.matches(number, alias.as_ref(), routing).then_some(number)
        };
        let befores = self.store.befores_of(self.account, &new, selection.as_of).await?;
        let matched: HashSet<E164> = befores.into_iter().filter_map(matched).collect();
        let all = rows.len();
        rows.retain(|row| !is_new(row) || matched.contains(&row.did.number));
        self.came += (all - rows.len()) as u64;
        Ok(rows)
    }

    /// Of numbers that were chosen one by one, those that are not in the account any more. At the end of the walk.
    pub(crate) fn missing(&self) -> &[E164] {
        &self.missing
    }

    /// How what matches differs from what was chosen. At the end of the walk.
    pub(crate) fn drift(&self) -> Drift {
        match self.chosen {
            Chosen::Numbers { .. } => Drift::default(),
            Chosen::Matching(selection) => {
                Drift { gone: selection.dids.saturating_sub(self.walked), came: self.came }
            }
        }
    }
}

/// Those of the numbers, in order, that are not among the rows, in order.
pub(crate) fn missing(asked: &[E164], found: &[E164]) -> Vec<E164> {
    asked.iter().filter(|number| found.binary_search(number).is_err()).copied().collect()
}
