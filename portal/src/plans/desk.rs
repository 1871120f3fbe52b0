//! What the editor of a plan needs beside the plan: it previews calls in the browser, and asks no more.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use routing::{Alias, Failover, Group, PlanId, RouteId, ScheduleId, Snapshot, Version};
use store::DidFilter;

use crate::facts::Facts;
use crate::limits::DESK_PRIMARIES_MAX;
use crate::{Choice, Portal, Result};

/// What the editor of a plan needs beside the plan.
#[derive(Clone, Debug)]
pub struct PlanDesk {
    /// Routes, plans, schedules with their zones, edges and defaults; no DIDs. Of very many routes, only those that
    /// the plan and the primaries ring.
    pub snapshot: Snapshot,
    /// The account's routes, and why one cannot be in a plan.
    pub choices: Vec<Choice>,
    /// The account's schedules by name.
    pub schedules: Vec<(ScheduleId, Alias)>,
    /// The routes in the snapshot that are marked down.
    pub marked_down: Vec<RouteId>,
    /// Primaries to preview a call with, and of how many DIDs they are: those of DIDs that use the plan; if there
    /// are none, those of all DIDs. The most frequent first, at most 20.
    pub primaries: Vec<(RouteId, u64)>,
    /// Where the account's national numbers are read, ISO 3166-1 alpha-2.
    pub dialling_country: String,
    /// The account's version.
    pub as_of: Version,
}

impl Portal {
    /// The desk of a plan; `None`: of a new one.
    pub(super) async fn desk_of(&self, facts: &Facts, plan: Option<PlanId>) -> Result<PlanDesk> {
        let account = &facts.account;
        let mut primaries = Vec::new();
        if plan.is_some() {
            let theirs = DidFilter { plan, ..DidFilter::default() };
            primaries = primaries_of(&self.store.groups(account.id, &theirs).await?);
        }
        if primaries.is_empty() {
            primaries = primaries_of(&facts.groups(&self.store).await?);
        }
        let snapshot = facts.snapshot(|failover| match failover {
            Failover::None => false,
            Failover::Route(id) => primaries.iter().any(|(primary, _)| *primary == id),
            Failover::Plan(id) => plan == Some(id),
        });
        let choices = self.choices(&facts.book).await?.routes;
        Ok(PlanDesk {
            marked_down: facts.marked_down(snapshot.routes.iter().map(|route| route.id)),
            snapshot,
            choices,
            schedules: facts
                .book
                .schedules_by_name()
                .map(|row| (row.schedule.id, row.schedule.name.clone()))
                .collect(),
            primaries,
            dialling_country: account.country.clone(),
            as_of: account.version,
        })
    }
}

fn primaries_of(groups: &[Group]) -> Vec<(RouteId, u64)> {
    let mut dids: BTreeMap<RouteId, u64> = BTreeMap::new();
    for group in groups {
        *dids.entry(group.routing.primary).or_default() += group.dids;
    }
    let mut primaries: Vec<(RouteId, u64)> = dids.into_iter().collect();
    // Stable: of equals, the lower id comes first.
    primaries.sort_by_key(|(_, dids)| Reverse(*dids));
    primaries.truncate(DESK_PRIMARIES_MAX);
    primaries
}
