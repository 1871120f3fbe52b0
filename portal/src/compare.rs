//! Two moments of an account compared: what differs, and which calls end differently, in which failure.

mod things;

use std::cmp::Ordering;

use routing::{AccountId, Did, Routing, Snapshot};
use store::UnixMs;

use self::things::{Named, did_changes, things};
use crate::behaviour::{Behaviour, Extent, Moves};
use crate::facts::dialling;
use crate::limits::{COMPARE_CALLS_MAX, COMPARED_ROWS};
use crate::{Actor, ChangeView, Moment, NoReplay, OperationView, Portal, Result};

/// What differs between two moments of an account.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What made the version of the first moment, and of the second.
    pub operations: [OperationView; 2],
    /// The two configurations without their DIDs: what names the routes of the rest.
    pub sides: [Snapshot; 2],
    /// The account, routes, plans, schedules and saved cases that differ, each as one change; the first of them.
    pub things: Vec<ChangeView>,
    /// How many there are.
    pub things_count: u64,
    /// The first of the DIDs that differ, those added and released among them.
    pub dids: Vec<ChangeView>,
    /// How many there are.
    pub dids_count: u64,
    /// DIDs that are there at the second moment alone.
    pub added: u64,
    /// DIDs that are there at the first moment alone.
    pub released: u64,
    /// What becomes of calls to the DIDs that are there at both.
    pub behaviour: Behaviour,
    /// The moment for which calls were looked at: the second one. Nothing is marked down.
    pub at: UnixMs,
    /// Whether the history keeps something of it in a way that this program cannot read: that counts as it is now.
    pub unreadable: bool,
}

/// Why two moments are not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotCompared {
    /// The first of these moments is none of the account.
    Moment(Moment, NoReplay),
    /// More was changed since than we are ready to read.
    TooMuch,
    /// The second moment is before the first.
    Backwards,
}

impl Portal {
    /// Compares the account at two moments.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn compare(
        &self,
        actor: &Actor,
        account: AccountId,
        [from, to]: [Moment; 2],
    ) -> Result<Result<Comparison, NotCompared>> {
        actor.may_read(account)?;
        let first = match self.operation_of(account, from).await? {
            Ok(operation) => operation,
            Err(why) => return Ok(Err(NotCompared::Moment(from, why))),
        };
        let second = match self.operation_of(account, to).await? {
            Ok(operation) => operation,
            Err(why) => return Ok(Err(NotCompared::Moment(to, why))),
        };
        let [then, now] = [first.version, second.version];
        if now < then {
            return Ok(Err(NotCompared::Backwards));
        }
        let facts = self.facts(account).await?;
        let Some(mut before) = self.whole_past(&facts, then).await? else {
            return Ok(Err(NotCompared::TooMuch));
        };
        let Some(mut after) = self.whole_past(&facts, now).await? else {
            return Ok(Err(NotCompared::TooMuch));
        };
        let at = match to {
            Moment::At(at) => at,
            Moment::After(_) => second.at,
        };
        let dids = [std::mem::take(&mut before.snapshot.dids), std::mem::take(&mut after.snapshot.dids)];
        let named = [&before, &after].map(|past| Named::of(past, dialling(&facts.account)));
        let (things, things_count) = things([&before, &after], [&named[0], &named[1]], &second);
        let mut moves = Moves::default();
        let [mut added, mut released] = [0, 0];
        let mut differ = Vec::new();
        let mut dids_count = 0;
        for (was, is) in pairs(&dids[0], &dids[1]) {
            match (was, is) {
                (Some(was), Some(is)) => moves.add_all(Routing::of(was), Routing::of(is), 1, is.number),
                (None, _) => added += 1,
                (_, None) => released += 1,
            }
            if !is_same(was, is) {
                dids_count += 1;
                if differ.len() < COMPARED_ROWS {
                    differ.push((was, is));
                }
            }
        }
        let extent = Extent { calls: COMPARE_CALLS_MAX, with_unchanged: false };
        let behaviour = Behaviour::between([&before.snapshot, &after.snapshot], moves, at, &[], extent);
        let unreadable = !(before.unreadable.is_empty() && after.unreadable.is_empty());
        let dids = did_changes(&differ, [&named[0], &named[1]], &second);
        let sides = [before.snapshot, after.snapshot];
        Ok(Ok(Comparison {
            operations: [first, second],
            sides,
            things,
            things_count,
            dids,
            dids_count,
            added,
            released,
            behaviour,
            at,
            unreadable,
        }))
    }
}

/// Ids of DIDs do not count: one that was released and added again is the same number.
fn is_same(was: Option<&Did>, is: Option<&Did>) -> bool {
    match (was, is) {
        (Some(was), Some(is)) => was.alias == is.alias && Routing::of(was) == Routing::of(is),
        _ => false,
    }
}

/// Both sides by number, each number once.
fn pairs<'a>(was: &'a [Did], is: &'a [Did]) -> impl Iterator<Item = (Option<&'a Did>, Option<&'a Did>)> {
    let (mut was, mut is) = (was.iter().peekable(), is.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (was.peek(), is.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.number.cmp(&b.number),
        };
        Some(match order {
            Ordering::Less => (was.next(), None),
            Ordering::Equal => (was.next(), is.next()),
            Ordering::Greater => (None, is.next()),
        })
    })
}
