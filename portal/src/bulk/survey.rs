//! What the screen of an action shows before anything is chosen on it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use routing::{AccountId, E164, Failover, RouteId, Routing, Snapshot, Version, Weights};
use store::{DidFilter, UnixMs};

use super::Selection;
use super::selection::{Chosen, missing};
use crate::choices::Choices;
use crate::facts::Facts;
use crate::limits::{SURVEY_FIRST, SURVEY_GROUPS_MAX};
use crate::{Actor, DidRow, FailoverRef, Portal, Result, RouteRef};

/// The chosen DIDs, and what can be set for them.
#[derive(Clone, Debug)]
pub struct Survey {
    /// How many they are: of numbers, those that are there; of a filter, as many as matched when it was kept.
    pub selected: u64,
    /// By which filter they were chosen, if by one.
    pub filter: Option<DidFilter>,
    /// The first of them, by number.
    pub first: Vec<DidRow>,
    /// Chosen numbers that are not in the account any more.
    pub missing: Vec<E164>,
    /// The routing of what matches now, the most frequent first.
    pub groups: Vec<Group>,
    /// What they can be routed to.
    pub choices: Choices,
    /// What a preview needs: an example of each group, the routes, the plans, the schedules, the edges.
    pub snapshot: Snapshot,
    /// The routes in the snapshot that are marked down.
    pub marked_down: Vec<RouteId>,
    /// The account's version.
    pub as_of: Version,
    /// The moment of all this, for the preview: which hours are open.
    pub now: UnixMs,
}

/// DIDs of the same routing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Where they ring.
    pub primary: RouteRef,
    /// Where they ring when that fails.
    pub failover: FailoverRef,
    /// How calls are shared between the two.
    pub weights: Option<Weights>,
    /// How many they are.
    pub count: u64,
    /// The lowest of them.
    pub example: E164,
}

impl Portal {
    /// What a selection is.
    ///
    /// # Errors
    /// [`crate::Error::Limit`]; [`crate::Error::NotFound`], also for a selection that is not the actor's or is too old.
    pub async fn survey(&self, actor: &Actor, account: AccountId, selection: &Selection) -> Result<Survey> {
        actor.may_read(account)?;
        let chosen = self.chosen(actor, account, selection).await?;
        let facts = self.facts(account).await?;
        let book = &facts.book;
        let (mut first, mut groups, gone) = match &chosen {
            Chosen::Numbers { numbers, .. } => {
                let rows = self.store.dids_by_number(account, numbers).await?;
                let found: Vec<E164> = rows.iter().map(|row| row.did.number).collect();
                let groups = group(&rows);
                (rows, groups, missing(numbers, &found))
            }
            Chosen::Matching(selection) => {
                let mut rows = self.store.dids_after(account, &selection.filter, None, SURVEY_FIRST).await?;
                // Whether later ones were chosen is found out when the selection is walked.
                rows.retain(|row| row.version <= selection.as_of);
                (rows, self.store.groups(account, &selection.filter).await?, Vec::new())
            }
        };
        first.truncate(SURVEY_FIRST as usize);
        let (selected, filter) = match chosen {
            Chosen::Numbers { .. } => (groups.iter().map(|alike| alike.dids).sum(), None),
            Chosen::Matching(selection) => (selection.dids, Some(selection.filter)),
        };
        groups.sort_by_key(|alike| (Reverse(alike.dids), alike.routing));
        groups.truncate(SURVEY_GROUPS_MAX);
        let snapshot = self.survey_snapshot(&facts, &groups).await?;
        Ok(Survey {
            selected,
            filter,
            first: first.into_iter().map(|row| book.did_row(row)).collect(),
            missing: gone,
            groups: groups
                .iter()
                .map(|alike| Group {
                    primary: book.route_ref(alike.routing.primary),
                    failover: book.failover_ref(alike.routing.failover),
                    weights: alike.routing.weights,
                    count: alike.dids,
                    example: alike.example,
                })
                .collect(),
            choices: self.choices(book).await?,
            marked_down: facts.marked_down(snapshot.routes.iter().map(|route| route.id)),
            snapshot,
            as_of: facts.account.version,
            now: UnixMs::now(),
        })
    }

    async fn survey_snapshot(&self, facts: &Facts, groups: &[routing::Group]) -> Result<Snapshot> {
        let examples: Vec<E164> = groups.iter().map(|alike| alike.example).collect();
        let dids = self.store.dids_by_number(facts.account.id, &examples).await?;
        let primaries: BTreeSet<RouteId> = groups.iter().map(|alike| alike.routing.primary).collect();
        let failovers: BTreeSet<Failover> = groups.iter().map(|alike| alike.routing.failover).collect();
        let is_primary = |failover: Failover| failover.route().is_some_and(|id| primaries.contains(&id));
        let rest = facts.snapshot(|failover| failovers.contains(&failover) || is_primary(failover));
        Ok(Snapshot { dids: dids.into_iter().map(|row| row.did).collect(), ..rest })
    }
}

/// Rows come by number, so the first of a group is its lowest.
fn group(rows: &[store::DidRow]) -> Vec<routing::Group> {
    let mut groups: BTreeMap<Routing, routing::Group> = BTreeMap::new();
    for row in rows {
        let routing = Routing::of(&row.did);
        let first = routing::Group { routing, dids: 0, example: row.did.number };
        groups.entry(routing).or_insert(first).dids += 1;
    }
    groups.into_values().collect()
}
