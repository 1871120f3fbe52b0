//! Doing an action: whole or not at all, with a change row for every DID.

use routing::{AccountId, DidId, E164, Version};
use store::{DidUpdate, NewChange};

use super::judge::{Judge, Verdict, failover_numbers};
use super::selection::Walk;
use super::{BulkAction, Drift, Refusal, Selection};
use crate::book::Book;
use crate::cases::commit;
use crate::history::{Done, did_removed, did_updated};
use crate::labels::reason as clean_reason;
use crate::limits::REFUSALS_MAX;
use crate::reading::Reading;
use crate::{Actor, Portal, Progress, Result};

/// What an action did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkResult {
    /// The account's version that it made, under which its result stays to be seen; `None` if nothing changed.
    pub version: Option<Version>,
    /// How many changed.
    pub changed: u64,
    /// How many were as asked already.
    pub unchanged: u64,
    /// How many were refused.
    pub refused: u64,
    /// The first of those, and why.
    pub refusals: Vec<(E164, Refusal)>,
    /// How what matched the filter of the selection differed from what was chosen.
    pub drift: Drift,
}

impl BulkResult {
    pub(crate) fn none() -> BulkResult {
        BulkResult {
            version: None,
            changed: 0,
            unchanged: 0,
            refused: 0,
            refusals: Vec::new(),
            drift: Drift::default(),
        }
    }

    pub(crate) fn refuse(&mut self, number: E164, refusal: Refusal) {
        self.refused += 1;
        if self.refusals.len() < REFUSALS_MAX {
            self.refusals.push((number, refusal));
        }
    }
}

/// What one round writes.
#[derive(Default)]
struct Round {
    updates: Vec<DidUpdate>,
    releases: Vec<DidId>,
    changes: Vec<NewChange>,
}

impl Portal {
    /// Does an action to a selection. DIDs that it is refused for stay as they are; the others all change, or,
    /// if something fails, none does.
    ///
    /// # Errors
    /// [`crate::Error::Refused`] if the route or plan is not one of the account; [`crate::Error::Limit`];
    /// [`crate::Error::NotFound`], also for a selection that is not the actor's or is too old;
    /// [`crate::Error::Cancelled`].
    pub async fn apply_bulk(
        &self,
        actor: &Actor,
        account: AccountId,
        selection: &Selection,
        action: &BulkAction,
        reason: Option<String>,
        progress: &Progress,
    ) -> Result<BulkResult> {
        actor.may_write(account)?;
        self.throttle.bulk(account, &actor.origin().address)?;
        let chosen = self.chosen(actor, account, selection).await?;
        progress.expect(chosen.count());
        let edges = self.store.edges().await?;
        // Before the transaction: one that holds a connection must not wait for a second.
        let editors = self.editors_since(account, chosen.as_of()).await?;
        let mut tx = self.begin_watched(account, progress).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        action.check(&book)?;
        let own = tx.own_numbers(&failover_numbers(action, &book)).await?;
        let judge = Judge::new(action, chosen.as_of(), &book, own, editors);
        let mut result = BulkResult::none();
        let mut walk = Walk::new(&chosen, tx.account().version);
        while let Some(rows) = walk.next(&mut Reading::Tx(&mut tx)).await? {
            let walked = rows.len() as u64;
            let mut round = Round::default();
            for row in rows {
                match judge.judge(&row) {
                    Verdict::Unchanged => result.unchanged += 1,
                    Verdict::Refused(refusal) => result.refuse(row.did.number, refusal),
                    Verdict::Leaves => {
                        round.releases.push(row.did.id);
                        round.changes.push(did_removed(&book, &row.did));
                    }
                    Verdict::Becomes { alias, routing } => {
                        let update = DidUpdate { now: row.did, alias, routing };
                        round.changes.push(did_updated(&book, &update));
                        round.updates.push(update);
                    }
                }
            }
            result.changed += round.changes.len() as u64;
            tx.update_dids(&round.updates).await?;
            tx.delete_dids(&round.releases).await?;
            tx.record(&round.changes).await?;
            progress.advance(walked);
        }
        for number in walk.missing() {
            result.refuse(*number, Refusal::Gone);
        }
        result.drift = walk.drift();
        if result.changed > 0 {
            let about = action.about(&book);
            let done = Done {
                reason: clean_reason(reason),
                changed: result.changed,
                unchanged: result.unchanged,
                refused: result.refused,
                refusals: &result.refusals,
                drift: result.drift,
                ..Done::one(action.kind(), &about)
            };
            result.version = Some(commit(tx, done.by(actor, account), actor).await?);
        }
        Ok(result)
    }
}
