//! What needs attention.

use std::collections::{BTreeMap, BTreeSet};

use routing::{
    AccountId, Audit, E164, Failover, FindingKind, FindingSubject, Group, Severity, Surroundings, Version,
};
use store::{DidFilter, Pair, UnixMs};

use crate::book::usage_of;
use crate::dids::Routed;
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

/// Something that is wrong with every DID of one routing.
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
        let usage = usage_of(&pairs, &facts.book);
        let numbers =
            facts.book.numbers_in(pairs.iter().flat_map(|pair| facts.book.targets_of(pair.failover)));
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
                .filter(|pair| pair.failover == Failover::None)
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

/// What is wrong with the routing of DIDs, the worst first. `own` holds those numbers that failovers may lead to and
/// that are DIDs of the installation.
pub(crate) fn findings(facts: &Facts, pairs: &[Pair], own: &BTreeSet<E164>) -> Vec<Finding> {
    let groups: Vec<Group> = pairs
        .iter()
        .map(|pair| Group { routing: pair.routing(), dids: pair.dids, example: pair.example })
        .collect();
    let snapshot = facts.configuration();
    let health: BTreeMap<_, _> = facts.book.added().map(|row| (row.route.id, row.health)).collect();
    let surroundings = Surroundings {
        dialling: *facts.book.dialling(),
        own,
        health: &health,
        now: UnixMs::now().0.div_euclid(1000),
    };
    let of_routing = |finding: routing::Finding| match finding.subject {
        FindingSubject::Routing(routing) => Some(Finding {
            kind: finding.kind,
            severity: finding.severity,
            dids: finding.dids,
            example: finding.example,
            primary: facts.book.route_ref(routing.primary),
            failover: facts.book.failover_ref(routing.failover),
        }),
        FindingSubject::Plan(_) | FindingSubject::Route(_) => None,
    };
    Audit::new(&snapshot, surroundings).findings(&groups).into_iter().filter_map(of_routing).collect()
}
