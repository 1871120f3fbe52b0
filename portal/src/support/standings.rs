//! What is wrong where: the findings of every account, counted.
//!
//! Looking at an account costs what its page of findings costs, so the counts are kept for as long as its version stays
//! the same, and one page looks at no more accounts than its time allows. The page says what it left out.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use routing::{AccountId, Failover, Severity, Version};
use store::{AccountName, DidFilter, UnixMs};
use tokio::time::{Instant, timeout};

use crate::limits::{
    SUPPORT_ACCOUNT_TIME, SUPPORT_ACCOUNTS_MAX, SUPPORT_GROUPS_MAX, SUPPORT_TALLY_AGE_MS, SUPPORT_TIME,
};
use crate::{Actor, Portal, Result};

/// What is wrong in an account, counted. Its order is that of urgency: the least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// Serious findings that nobody accepted.
    pub serious: u64,
    /// Warnings that nobody accepted.
    pub warnings: u64,
    /// DIDs that have no failover.
    pub without_failover: u64,
    /// Notes that nobody accepted.
    pub notes: u64,
}

impl Tally {
    /// Whether nothing is open. Whoever accepted that some DIDs have no failover has nothing to do about them.
    fn is_quiet(self) -> bool {
        self.serious + self.warnings + self.notes == 0
    }
}

/// An account, and what is wrong in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub account: AccountName,
    /// `None`: it is too large to be looked at beside others.
    pub tally: Option<Tally>,
}

/// What is wrong where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standings {
    /// Those too large to look at, then those in which something is open, the worst first; at most
    /// [`SUPPORT_ACCOUNTS_MAX`].
    pub accounts: Vec<Standing>,
    /// How many more there are of those.
    pub more: u64,
    /// How many in which nothing is open.
    pub quiet: u64,
    /// How many that there was no time to look at.
    pub unseen: u64,
}

/// What was found in each account when somebody looked last.
#[derive(Debug, Default)]
pub(crate) struct Tallies(Mutex<HashMap<AccountId, Seen>>);

#[derive(Clone, Copy, Debug)]
struct Seen {
    version: Version,
    at: UnixMs,
    tally: Option<Tally>,
}

impl Tallies {
    fn get(&self, account: AccountId, version: Version) -> Option<Option<Tally>> {
        let seen = *self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&account)?;
        let young = UnixMs::now().minus_ms(SUPPORT_TALLY_AGE_MS) < seen.at;
        (seen.version == version && young).then_some(seen.tally)
    }

    fn keep(&self, account: AccountId, version: Version, tally: Option<Tally>) {
        let seen = Seen { version, at: UnixMs::now(), tally };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(account, seen);
    }
}

impl Portal {
    /// What is wrong in which account, the worst first. It looks for so long, and when it is next asked it goes on with
    /// the accounts that it left out.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for who is not of the staff.
    pub async fn standings(&self, actor: &Actor) -> Result<Standings> {
        actor.may_see_all()?;
        let enough = Instant::now() + SUPPORT_TIME;
        let mut standings = Standings::default();
        for account in self.store.accounts().await? {
            let tally = match self.tallies.get(account.id, account.version) {
                Some(known) => known,
                None if Instant::now() >= enough => {
                    standings.unseen += 1;
                    continue;
                }
                None => {
                    // The version was read first: what is counted is at least as new, and at worst is counted again.
                    let tally = self.tally(account.id).await?;
                    self.tallies.keep(account.id, account.version, tally);
                    tally
                }
            };
            if tally.is_some_and(Tally::is_quiet) {
                standings.quiet += 1;
            } else {
                let account = AccountName { id: account.id, name: account.name };
                standings.accounts.push(Standing { account, tally });
            }
        }
        standings.put_in_order();
        Ok(standings)
    }

    /// What is wrong in an account; `None` if that would take too long.
    async fn tally(&self, account: AccountId) -> Result<Option<Tally>> {
        let facts = self.facts(account).await?;
        // Not kept: the tally is, and there may be very many accounts.
        let all = DidFilter::default();
        let Ok(groups) = timeout(SUPPORT_ACCOUNT_TIME, self.store.groups(account, &all)).await else {
            return Ok(None);
        };
        let groups = groups?;
        if groups.len() > SUPPORT_GROUPS_MAX {
            return Ok(None);
        }
        let bare = groups.iter().filter(|group| group.routing.failover == Failover::None);
        let without_failover = bare.map(|group| group.dids).sum();
        let open = self.found_among(&facts, &groups).await?.open();
        Ok(Some(Tally {
            serious: open.count(Severity::Serious),
            warnings: open.count(Severity::Warning),
            without_failover,
            notes: open.count(Severity::Note),
        }))
    }
}

impl Standings {
    fn put_in_order(&mut self) {
        self.accounts.sort_by_key(|standing| {
            let (large, tally) = (standing.tally.is_none(), standing.tally.unwrap_or_default());
            (Reverse((large, tally)), standing.account.id)
        });
        self.more = self.accounts.len().saturating_sub(SUPPORT_ACCOUNTS_MAX) as u64;
        self.accounts.truncate(SUPPORT_ACCOUNTS_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(id: i64, tally: Option<(u64, u64, u64, u64)>) -> Standing {
        let tally = tally.map(|(serious, warnings, without_failover, notes)| Tally {
            serious,
            warnings,
            without_failover,
            notes,
        });
        Standing { account: AccountName { id: AccountId(id), name: format!("account {id}") }, tally }
    }

    #[test]
    fn the_worst_come_first_and_what_nobody_could_count_before_them() {
        let mut standings = Standings {
            accounts: vec![
                standing(1, Some((0, 0, 0, 9))),
                standing(2, Some((0, 1, 0, 0))),
                standing(3, Some((2, 0, 0, 0))),
                standing(4, Some((2, 0, 7, 0))),
                standing(5, None),
                standing(6, Some((2, 0, 7, 0))),
                standing(7, Some((0, 0, 8, 0))),
            ],
            ..Standings::default()
        };
        standings.put_in_order();
        let order: Vec<i64> = standings.accounts.iter().map(|standing| standing.account.id.0).collect();
        assert_eq!(order, [5, 4, 6, 3, 2, 7, 1]);
        assert_eq!(standings.more, 0);
    }

    #[test]
    fn of_very_many_accounts_the_worst_are_listed_and_the_rest_is_counted() {
        let accounts = (1..=60).map(|id| standing(id, Some((id.unsigned_abs(), 0, 0, 0)))).collect();
        let mut standings = Standings { accounts, ..Standings::default() };
        standings.put_in_order();
        assert_eq!((standings.accounts.len(), standings.more), (SUPPORT_ACCOUNTS_MAX, 10));
        assert_eq!(standings.accounts[0].account.id, AccountId(60));
    }

    #[test]
    fn what_was_found_counts_until_the_account_changes() {
        let (tallies, account) = (Tallies::default(), AccountId(1));
        assert_eq!(tallies.get(account, Version(3)), None);
        tallies.keep(account, Version(3), None);
        assert_eq!(tallies.get(account, Version(3)), Some(None));
        assert_eq!(tallies.get(account, Version(4)), None);
    }
}
