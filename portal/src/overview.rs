//! What needs attention.

use routing::{AccountId, Failover, Version};
use store::Note;

use crate::book::usage_of;
use crate::limits::{OVERVIEW_FINDINGS_MAX, RECENT_OPERATIONS};
use crate::{Actor, Finding, OperationView, Portal, Result, RouteView};

/// The state of an account at one glance.
#[derive(Clone, Debug)]
pub struct Overview {
    /// How many DIDs there are.
    pub dids: u64,
    /// How many of them have no failover.
    pub without_failover: u64,
    /// How many routes somebody added.
    pub routes: u64,
    /// The routes that are marked down, most used first.
    pub routes_down: Vec<RouteView>,
    /// What is wrong and nobody accepted, the worst first; at most 50.
    pub findings: Vec<Finding>,
    /// How much more of that there is.
    pub findings_more: u64,
    /// How much is wrong that somebody accepted.
    pub findings_accepted: u64,
    /// Saved cases that do not hold.
    pub broken_cases: u64,
    /// What the staff tells of the account and its DIDs, the latest first.
    pub notes: Vec<Note>,
    /// What was done lately, newest first.
    pub recent: Vec<OperationView>,
    /// The account's version.
    pub as_of: Version,
}

impl Portal {
    /// What needs attention in an account.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn overview(&self, actor: &Actor, account: AccountId) -> Result<Overview> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let groups = facts.groups(&self.store).await?;
        let usage = usage_of(&groups, &facts.book);
        let mut routes_down: Vec<RouteView> = facts
            .book
            .added()
            .filter(|row| row.health.is_down())
            .map(|row| facts.book.view(row, usage.get(&row.route.id).copied().unwrap_or_default()))
            .collect();
        routes_down.sort_by_key(|view| (std::cmp::Reverse(view.usage.total()), view.route.id));
        let cases = self.cases(actor, account).await?;
        let recent = self.store.recent_operations(account, RECENT_OPERATIONS).await?;
        let found = self.found_among(&facts, &groups).await?;
        let findings_accepted = found.accepted_count();
        let findings = found.open().first(&facts.book, OVERVIEW_FINDINGS_MAX);
        Ok(Overview {
            dids: groups.iter().map(|group| group.dids).sum(),
            without_failover: groups
                .iter()
                .filter(|group| group.routing.failover == Failover::None)
                .map(|group| group.dids)
                .sum(),
            routes: facts.book.added_count() as u64,
            routes_down,
            findings: findings.findings,
            findings_more: findings.more,
            findings_accepted,
            broken_cases: cases.iter().filter(|case| !case.verdict.holds()).count() as u64,
            notes: self.store.notes(account).await?,
            recent: recent.into_iter().map(OperationView::new).collect(),
            as_of: facts.account.version,
        })
    }
}
