//! Doing an action: whole or not at all, with a change row for every DID.

use std::panic::resume_unwind;
use std::sync::Arc;

use routing::{AccountId, E164, Version};
use store::{DidRow, DidUpdate, DidWrites, Subject};
use tokio::task::{JoinError, spawn_blocking};
use tokio::try_join;

use super::judge::{Judge, Verdict, failover_numbers};
use super::selection::Walk;
use super::{BulkAction, Drift, Refusal, Selection};
use crate::book::Book;
use crate::cases::commit;
use crate::history::{Done, did_removed, did_updated};
use crate::labels::reason as clean_reason;
use crate::limits::REFUSALS_MAX;
use crate::{Actor, Error, Portal, Progress, Result};

/// What an action did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    fn refuse(&mut self, number: E164, refusal: Refusal) {
        self.refused += 1;
        if self.refusals.len() < REFUSALS_MAX {
            self.refusals.push((number, refusal));
        }
    }

    fn take(&mut self, round: Round) -> DidWrites {
        self.changed += round.writes.changes.len() as u64;
        self.unchanged += round.unchanged;
        for (number, refusal) in round.refusals {
            self.refuse(number, refusal);
        }
        round.writes
    }
}

/// What comes of the DIDs of one round.
#[derive(Default)]
struct Round {
    walked: u64,
    writes: DidWrites,
    unchanged: u64,
    refusals: Vec<(E164, Refusal)>,
}

impl Round {
    fn of(rows: Vec<DidRow>, judge: &Judge, book: &Book) -> Round {
        let mut round = Round { walked: rows.len() as u64, ..Round::default() };
        let writes = &mut round.writes;
        for row in rows {
            match judge.judge(&row) {
                Verdict::Unchanged => round.unchanged += 1,
                Verdict::Refused(refusal) => round.refusals.push((row.did.number, refusal)),
                Verdict::Leaves => {
                    writes.changes.push(did_removed(book, &row.did));
                    writes.releases.push(row.did.number);
                }
                Verdict::Becomes { alias, routing } => {
                    let update = DidUpdate { now: row.did, alias, routing };
                    writes.changes.push(did_updated(book, &update));
                    writes.updates.push(update);
                }
            }
        }
        round
    }
}

/// The rounds of an action, read and judged beside the transaction that writes them. It holds the account, so that what
/// was not walked yet is as it was; no DID is walked twice.
struct Rounds<'a> {
    walk: Walk<'a>,
    by: Arc<(Judge, Book)>,
}

impl Rounds<'_> {
    async fn next(&mut self) -> Result<Option<Round>> {
        let Some(rows) = self.walk.next().await? else { return Ok(None) };
        let by = Arc::clone(&self.by);
        // On a thread beside: others are served meanwhile.
        match spawn_blocking(move || Round::of(rows, &by.0, &by.1)).await.map_err(JoinError::try_into_panic) {
            Ok(round) => Ok(Some(round)),
            Err(Ok(panic)) => resume_unwind(panic),
            // The process is to end.
            Err(Err(_)) => Err(Error::Cancelled),
        }
    }
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
        // Before the transaction: one that holds a connection must not wait for a second, save one that is kept for it.
        let editors = self.editors_since(account, chosen.as_of()).await?;
        let beside = self.store.beside().await?;
        let mut tx = self.begin_watched(account, progress).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        action.check(&book)?;
        let mut about = action.about(&book);
        let own = tx.own_numbers(&failover_numbers(action, &book)).await?;
        let judge = Judge::new(action, chosen.as_of(), &book, own, editors);
        let mut rounds = Rounds {
            walk: Walk::new(beside.store(), account, &chosen, tx.account().version),
            by: Arc::new((judge, book)),
        };
        let (mut result, mut first) = (BulkResult::default(), None);
        let mut next = rounds.next().await?;
        while let Some(round) = next.take() {
            let walked = round.walked;
            let writes = result.take(round);
            first = first.or_else(|| writes.changes.first().map(|change| change.subject));
            let written = async { tx.write_dids(writes).await.map_err(Error::from) };
            (next, ()) = try_join!(rounds.next(), written)?;
            progress.advance(walked);
        }
        let walk = rounds.walk;
        for number in walk.missing() {
            result.refuse(*number, Refusal::Gone);
        }
        result.drift = walk.drift();
        if let Some(Subject::Did(number)) = first {
            if about.is_empty() && result.changed == 1 {
                about = number.to_string();
            }
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
