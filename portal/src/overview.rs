//! What needs attention.

use std::collections::BTreeSet;

use routing::{AccountId, E164, FindingKind, RouteId, Rung, Severity, Version, pair_findings};
use store::{DidFilter, Pair};

use crate::book::usage_of;
use crate::facts::Facts;
use crate::limits::RECENT_OPERATIONS;
use crate::{Actor, FailoverRef, OperationView, Portal, Result, RouteRef, RouteView};

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
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What was done lately, newest first.
    pub recent: Vec<OperationView>,
    /// The account's version.
    pub as_of: Version,
}

/// Something that is wrong with every DID of one primary and failover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// How much it matters.
    pub severity: Severity,
    /// How many DIDs it is wrong with.
    pub dids: u64,
    /// The lowest of them.
    pub example: E164,
    /// Where they ring.
    pub primary: RouteRef,
    /// Where they ring when that fails.
    pub failover: FailoverRef,
}

impl Portal {
    /// What needs attention in an account.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn overview(&self, actor: &Actor, account: AccountId) -> Result<Overview> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let pairs = self.store.pairs(account, &DidFilter::default()).await?;
        let usage = usage_of(&pairs);
        let failovers = pairs.iter().filter_map(|pair| facts.book.get(pair.failover.route()?));
        let numbers = facts.book.numbers_in(failovers.map(|row| &row.route.target));
        let own = self.store.own_numbers(&numbers).await?.into_iter().collect();
        let mut routes_down: Vec<RouteView> = facts
            .book
            .added()
            .filter(|row| row.health.is_down())
            .map(|row| facts.book.view(row, usage.get(&row.route.id).copied().unwrap_or_default()))
            .collect();
        routes_down.sort_by_key(|view| (std::cmp::Reverse(view.usage.total()), view.route.id));
        let recent = self.store.recent_operations(account, RECENT_OPERATIONS).await?;
        Ok(Overview {
            dids: pairs.iter().map(|pair| pair.dids).sum(),
            without_failover: pairs
                .iter()
                .filter(|pair| pair.failover.route().is_none())
                .map(|pair| pair.dids)
                .sum(),
            routes: facts.book.added_count() as u64,
            routes_down,
            findings: findings(&facts, &pairs, &own),
            recent: recent.into_iter().map(OperationView::new).collect(),
            as_of: facts.account.version,
        })
    }
}

/// What is wrong with pairs of routes, the worst first. `own` holds those numbers that failovers may lead to and
/// that are DIDs of the installation.
pub(crate) fn findings(facts: &Facts, pairs: &[Pair], own: &BTreeSet<E164>) -> Vec<Finding> {
    let rung = |id: RouteId| facts.book.get(id).map(|row| Rung { route: &row.route, health: row.health });
    let mut findings = Vec::new();
    for pair in pairs {
        let Some(primary) = rung(pair.primary) else { continue };
        let failover = pair.failover.route().and_then(rung);
        let barred = failover.and_then(|failover| facts.book.barred(&failover.route.target, own));
        for kind in pair_findings(primary, failover, barred.as_ref()) {
            findings.push(Finding {
                kind,
                severity: kind.severity(),
                dids: pair.dids,
                example: pair.example,
                primary: facts.book.route_ref(pair.primary),
                failover: facts.book.failover_ref(pair.failover),
            });
        }
    }
    findings.sort_by(|a, b| {
        (a.severity, std::cmp::Reverse(a.dids), a.kind, a.example).cmp(&(
            b.severity,
            std::cmp::Reverse(b.dids),
            b.kind,
            b.example,
        ))
    });
    findings
}
