//! What an action would do, DID by DID and to calls.

use std::collections::BTreeMap;

use routing::{AccountId, Alias, DiffKind, E164, GroupDiff, Routing, Version, Weights};
use store::{DidRow, UnixMs};

use super::judge::{Judge, Verdict, failover_numbers};
use super::selection::Walk;
use super::{BulkAction, Drift, Refusal, Selection};
use crate::behaviour::{Behaviour, Extent, Moves};
use crate::book::Book;
use crate::limits::PLANNED_ROWS_MAX;
use crate::{Actor, BrokenCase, FailoverRef, Portal, Result, RouteRef};

/// What an action would do. Nothing is changed yet.
#[derive(Clone, Debug)]
pub struct BulkPlan {
    /// How many DIDs were chosen, those that are gone included.
    pub selected: u64,
    /// How many would change.
    pub changes: u64,
    /// How many are as asked already.
    pub unchanged: u64,
    /// How many would be refused, those that are gone included.
    pub refused: u64,
    /// The first of them, refused ones before the others.
    pub rows: Vec<PlannedRow>,
    /// Chosen numbers that are not in the account any more.
    pub missing: Vec<E164>,
    /// How what matches the filter of the selection differs from what was chosen.
    pub drift: Drift,
    /// What becomes of calls to the DIDs that would change: in which failures they end in another way or at another
    /// time. DIDs that are routed alike are one group; the largest first, at most 50.
    pub diff: Vec<GroupDiff>,
    /// How many of those DIDs have a call of which this would become, in some failure; what becomes of none is not there.
    pub effects: BTreeMap<DiffKind, u64>,
    /// How many were not looked at so, because they are of too many kinds: of the smallest groups.
    pub not_compared: u64,
    /// The saved cases that hold now and would not any more: applying it must be confirmed.
    pub broken_cases: Vec<BrokenCase>,
    /// The moment for which calls were looked at: it decides which hours are open.
    pub at: UnixMs,
    /// The account's version that was planned on.
    pub as_of: Version,
}

/// What an action would do to a DID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRow {
    /// Its number.
    pub number: E164,
    /// Its alias now.
    pub alias: Option<Alias>,
    /// Where it rings now.
    pub before: (RouteRef, FailoverRef),
    /// What would come of it.
    pub after: PlannedOutcome,
}

/// What would come of a DID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedOutcome {
    /// It changes.
    Changes {
        /// Where it would ring.
        primary: RouteRef,
        /// Where it would ring when that fails.
        failover: FailoverRef,
        /// What it would be called, if that changes.
        alias: Option<Option<Alias>>,
        /// How calls would be shared between the two routes, if that changes.
        weights: Option<Option<Weights>>,
        /// Whether it would leave the account.
        released: bool,
    },
    /// It is as asked already.
    Unchanged,
    /// It stays as it is.
    Refused(Refusal),
}

impl Portal {
    /// What an action would do to a selection.
    ///
    /// # Errors
    /// [`crate::Error::Refused`] if the route or plan is not one of the account; [`crate::Error::Limit`];
    /// [`crate::Error::NotFound`], also for a selection that is not the actor's or is too old.
    pub async fn plan_bulk(
        &self,
        actor: &Actor,
        account: AccountId,
        selection: &Selection,
        action: &BulkAction,
    ) -> Result<BulkPlan> {
        actor.may_read(account)?;
        let chosen = self.chosen(actor, account, selection).await?;
        let facts = self.facts(account).await?;
        let (book, now) = (&facts.book, facts.account.version);
        action.check(book)?;
        let own = self.store.own_numbers(&failover_numbers(action, book)).await?;
        let editors = self.editors_since(account, chosen.as_of()).await?;
        let judge = Judge::new(action, chosen.as_of(), book, own, editors);
        let mut plan = BulkPlan {
            selected: 0,
            changes: 0,
            unchanged: 0,
            refused: 0,
            rows: Vec::new(),
            missing: Vec::new(),
            drift: Drift::default(),
            diff: Vec::new(),
            effects: BTreeMap::new(),
            not_compared: 0,
            broken_cases: Vec::new(),
            at: UnixMs::now(),
            as_of: now,
        };
        let mut others = Vec::new();
        let mut moves = Moves::default();
        let mut forecast = self.forecast(&facts).await?;
        let mut walk = Walk::new(&self.store, account, &chosen, now);
        while let Some(rows) = walk.next().await? {
            for row in &rows {
                let verdict = judge.judge(row);
                match &verdict {
                    Verdict::Becomes { routing, .. } => {
                        moves.add(Routing::of(&row.did), *routing, row.did.number);
                        forecast.becomes(row.did.number, *routing);
                    }
                    Verdict::Leaves => forecast.leaves(row.did.number),
                    Verdict::Unchanged | Verdict::Refused(_) => {}
                }
                let shown = match &verdict {
                    Verdict::Becomes { .. } | Verdict::Leaves => {
                        plan.changes += 1;
                        &mut others
                    }
                    Verdict::Unchanged => {
                        plan.unchanged += 1;
                        &mut others
                    }
                    Verdict::Refused(_) => {
                        plan.refused += 1;
                        &mut plan.rows
                    }
                };
                if shown.len() < PLANNED_ROWS_MAX {
                    shown.push(planned(book, row, verdict));
                }
            }
        }
        (plan.missing, plan.drift) = (walk.missing().to_vec(), walk.drift());
        plan.refused += plan.missing.len() as u64;
        plan.selected = plan.changes + plan.unchanged + plan.refused + plan.drift.gone;
        plan.rows.extend(others);
        plan.rows.truncate(PLANNED_ROWS_MAX);
        let found = if moves.is_empty() {
            Behaviour::default()
        } else {
            let configured = facts.configuration();
            let down = facts.marked_down(configured.routes.iter().map(|route| route.id));
            Behaviour::between([&configured; 2], moves, plan.at, &down, Extent::OF_A_PLAN)
        };
        Ok(BulkPlan {
            diff: found.diff,
            effects: found.effects,
            not_compared: found.not_compared,
            broken_cases: forecast.broken(),
            ..plan
        })
    }
}

fn planned(book: &Book, row: &DidRow, verdict: Verdict) -> PlannedRow {
    let before = (book.route_ref(row.did.primary), book.failover_ref(row.did.failover));
    let after = match verdict {
        Verdict::Becomes { alias, routing } => PlannedOutcome::Changes {
            primary: book.route_ref(routing.primary),
            failover: book.failover_ref(routing.failover),
            alias: (alias != row.did.alias).then_some(alias),
            weights: (routing.weights != row.did.weights).then_some(routing.weights),
            released: false,
        },
        Verdict::Leaves => PlannedOutcome::Changes {
            primary: before.0.clone(),
            failover: before.1.clone(),
            alias: None,
            weights: None,
            released: true,
        },
        Verdict::Unchanged => PlannedOutcome::Unchanged,
        Verdict::Refused(refusal) => PlannedOutcome::Refused(refusal),
    };
    PlannedRow { number: row.did.number, alias: row.did.alias.clone(), before, after }
}
