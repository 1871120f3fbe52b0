//! What the screen of an action shows before anything is chosen on it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use routing::{AccountId, E164, OwnDid, RouteId, Snapshot, Version};
use store::Pair;

use super::action::missing;
use super::{Selected, Selection};
use crate::book::route_ref;
use crate::facts::Facts;
use crate::limits::{SURVEY_FIRST, SURVEY_GROUPS_MAX, SURVEY_ROUTES_MAX};
use crate::{Actor, DidRow, FailoverRef, Portal, Result, RouteRef};

/// The chosen DIDs, and what can be set for them.
#[derive(Clone, Debug)]
pub struct Survey {
    /// How many they are; those that are gone do not count.
    pub selected: u64,
    /// The first of them, by number.
    pub first: Vec<DidRow>,
    /// Chosen numbers that are not in the account any more.
    pub missing: Vec<E164>,
    /// Their routing, the most frequent first.
    pub groups: Vec<Group>,
    /// The account's routes.
    pub choices: Vec<Choice>,
    /// What a preview needs: an example of each group, the routes, the edges.
    pub snapshot: Snapshot,
    /// The routes in the snapshot that are marked down.
    pub marked_down: Vec<RouteId>,
    /// The account's version.
    pub as_of: Version,
}

/// DIDs of the same routing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Where they ring.
    pub primary: RouteRef,
    /// Where they ring when that fails.
    pub failover: FailoverRef,
    /// How many they are.
    pub count: u64,
    /// The lowest of them.
    pub example: E164,
}

/// A route to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The route.
    pub route: RouteRef,
    /// Why it cannot be a failover.
    pub barred: Option<OwnDid>,
}

impl Portal {
    /// What a selection is.
    ///
    /// # Errors
    /// [`crate::Error::Limit`]; [`crate::Error::NotFound`].
    pub async fn survey(&self, actor: &Actor, account: AccountId, selection: &Selection) -> Result<Survey> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let book = &facts.book;
        let numbers = selection.numbers()?.unwrap_or_default();
        let (first, mut pairs, gone) = match &selection.what {
            Selected::Numbers(_) => {
                let rows = self.store.dids_by_number(account, &numbers).await?;
                let found: Vec<E164> = rows.iter().map(|row| row.did.number).collect();
                let pairs = group(&rows);
                let first: Vec<store::DidRow> = rows.into_iter().take(SURVEY_FIRST as usize).collect();
                (first, pairs, missing(&numbers, &found))
            }
            Selected::Matching(filter) => (
                self.store.dids_after(account, filter, None, SURVEY_FIRST).await?,
                self.store.pairs(account, filter).await?,
                Vec::new(),
            ),
        };
        let selected = pairs.iter().map(|pair| pair.dids).sum();
        pairs.sort_by_key(|pair| (Reverse(pair.dids), pair.primary, pair.failover.route()));
        pairs.truncate(SURVEY_GROUPS_MAX);
        let own = self.store.own_numbers(&book.numbers_in(book.added().map(|row| &row.route.target))).await?;
        let own = own.into_iter().collect();
        let snapshot = self.survey_snapshot(&facts, &pairs).await?;
        let marked_down = snapshot
            .routes
            .iter()
            .map(|route| route.id)
            .filter(|id| book.get(*id).is_some_and(|row| row.health.is_down()))
            .collect();
        Ok(Survey {
            selected,
            first: first.into_iter().map(|row| book.did_row(row)).collect(),
            missing: gone,
            groups: pairs
                .iter()
                .map(|pair| Group {
                    primary: book.route_ref(pair.primary),
                    failover: book.failover_ref(pair.failover),
                    count: pair.dids,
                    example: pair.example,
                })
                .collect(),
            choices: book
                .choices()
                .map(|row| Choice { route: route_ref(row), barred: book.barred(&row.route.target, &own) })
                .collect(),
            snapshot,
            marked_down,
            as_of: facts.account.version,
        })
    }

    async fn survey_snapshot(&self, facts: &Facts, pairs: &[Pair]) -> Result<Snapshot> {
        let examples: Vec<E164> = pairs.iter().map(|pair| pair.example).collect();
        let dids = self.store.dids_by_number(facts.account.id, &examples).await?;
        let all = facts.book.added_count() <= SURVEY_ROUTES_MAX;
        let used =
            |id: RouteId| pairs.iter().any(|pair| pair.primary == id || pair.failover.route() == Some(id));
        Ok(Snapshot {
            version: facts.account.version,
            defaults: facts.account.defaults.clone(),
            edges: facts.book.edges().to_vec(),
            routes: facts
                .book
                .added()
                .filter(|row| all || used(row.route.id))
                .map(|row| row.route.clone())
                .collect(),
            dids: dids.into_iter().map(|row| row.did).collect(),
        })
    }
}

/// Rows come by number, so the first of a group is its lowest.
fn group(rows: &[store::DidRow]) -> Vec<Pair> {
    let mut groups: BTreeMap<(RouteId, Option<RouteId>), Pair> = BTreeMap::new();
    for row in rows {
        let did = &row.did;
        groups
            .entry((did.primary, did.failover.route()))
            .or_insert(Pair { primary: did.primary, failover: did.failover, dids: 0, example: did.number })
            .dids += 1;
    }
    groups.into_values().collect()
}
