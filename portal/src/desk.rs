//! The what-if desk: all that it needs to run any call of an account in the browser.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::iter;

use routing::{AccountId, E164, FailoverPlan, Group, PlanId, RouteId, Snapshot, Version, Zone};

use crate::limits::DESK_GROUPS_MAX;
use crate::{Actor, Choice, Error, Noun, Portal, Result};

/// An account as the desk needs it.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The configuration. Of the DIDs, there is one of each group, the lowest, and the one that was asked for.
    pub snapshot: Snapshot,
    /// DIDs that are routed alike, the largest group first; at most [`DESK_GROUPS_MAX`].
    pub groups: Vec<Group>,
    /// How many more groups there are.
    pub groups_left_out: u64,
    /// The routes that a call to any DID may go to, those of the groups left out too; in order.
    pub used_routes: Vec<RouteId>,
    /// Those of them that lead back to us.
    pub back: Vec<Choice>,
    /// How many DIDs there are.
    pub dids: u64,
    /// The routes that are marked down.
    pub marked_down: Vec<RouteId>,
    /// The DID that was asked for.
    pub did: Option<E164>,
    /// The zone to read local times in: that of the first schedule, else UTC.
    pub zone: String,
    /// The account's version.
    pub as_of: Version,
}

impl Portal {
    /// What the desk needs. With a number, that DID is there too.
    ///
    /// # Errors
    /// [`Error::NotFound`] also if the number is not one of the account.
    pub async fn desk(&self, actor: &Actor, account: AccountId, did: Option<E164>) -> Result<Desk> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let mut groups = facts.groups(&self.store).await?.to_vec();
        let dids = groups.iter().map(|group| group.dids).sum();
        groups.sort_by_key(|group| (Reverse(group.dids), group.routing));
        let configuration = facts.configuration();
        let used: BTreeSet<RouteId> = groups
            .iter()
            .map(|group| group.routing)
            .flat_map(|routing| iter::once(routing.primary).chain(routing.failover.route()))
            .chain(plans_of(&groups, &configuration).flat_map(FailoverPlan::routes))
            .collect();
        let groups_left_out = groups.len().saturating_sub(DESK_GROUPS_MAX) as u64;
        groups.truncate(DESK_GROUPS_MAX);
        let numbers: Vec<E164> = groups.iter().map(|group| group.example).chain(did).collect();
        let rows = self.store.dids_by_number(account, &numbers).await?;
        if did.is_some_and(|did| rows.iter().all(|row| row.did.number != did)) {
            return Err(Error::NotFound(Noun::Did));
        }
        let dids_shown = rows.into_iter().map(|row| row.did).collect();
        let snapshot = Snapshot { dids: dids_shown, ..configuration };
        let first = snapshot.schedules.first().map(|schedule| schedule.zone.clone());
        let mut back = self.choices(&facts.book).await?.routes;
        back.retain(|choice| choice.barred.is_some() && used.contains(&choice.route.id));
        Ok(Desk {
            back,
            groups,
            groups_left_out,
            used_routes: used.into_iter().collect(),
            dids,
            marked_down: facts.marked_down(snapshot.routes.iter().map(|route| route.id)),
            did,
            zone: first.unwrap_or_else(|| Zone::utc().name),
            as_of: snapshot.version,
            snapshot,
        })
    }
}

/// The plans that the groups fail over to, each once.
fn plans_of<'a>(groups: &[Group], configuration: &'a Snapshot) -> impl Iterator<Item = &'a FailoverPlan> {
    let ids: BTreeSet<PlanId> = groups.iter().filter_map(|group| group.routing.failover.plan()).collect();
    configuration.plans.iter().filter(move |plan| ids.contains(&plan.id))
}
