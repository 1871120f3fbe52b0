//! What is there already, as far as a file has to do with it: read with one query for each kind of thing.

use std::collections::{BTreeSet, HashMap};

use routing::{AccountId, E164, Group, RouteId, Version, limits::DIDS_PER_ACCOUNT_MAX};
use store::{DidFilter, DidRow, Released, Store, Tx};

use super::plan::Numbers;
use crate::Result;
use crate::book::{Book, usage_of};
use crate::bulk::Editors;

/// What is there already.
pub(crate) struct Present<'a> {
    pub(crate) book: &'a Book,
    /// DIDs of the account among the numbers of the file.
    pub(crate) dids: HashMap<E164, DidRow>,
    /// DIDs of the installation among the numbers of the file and those that routes may amount to.
    pub(crate) own: BTreeSet<E164>,
    /// How many DIDs have a route as their failover.
    pub(crate) failovers: HashMap<RouteId, u64>,
    /// How many DIDs can be added.
    pub(crate) room: u64,
    /// Numbers of the file that left the account after `as_of`.
    pub(crate) released: HashMap<E164, Released>,
    /// What was edited after this is refused.
    pub(crate) as_of: Version,
    pub(crate) editors: Editors,
}

/// What was read for a [`Present`].
struct Found {
    dids: Vec<DidRow>,
    own: Vec<E164>,
    groups: Vec<Group>,
    released: Vec<Released>,
}

impl<'a> Present<'a> {
    pub(super) async fn read(
        store: &Store,
        account: AccountId,
        numbers: &Numbers,
        (book, now): (&'a Book, Version),
        (as_of, editors): (Version, Editors),
    ) -> Result<Present<'a>> {
        let looked_up = numbers.to_look_up();
        let dids = store.dids_by_number(account, &looked_up).await?;
        let gone = absent(&looked_up, &dids, as_of < now);
        let found = Found {
            own: store.own_numbers(&with_targets(looked_up, book)).await?,
            groups: store.groups(account, &DidFilter::default()).await?,
            released: store.released_since(account, &gone, as_of).await?,
            dids,
        };
        Ok(Present::new(book, found, as_of, editors))
    }

    pub(super) async fn read_in(
        tx: &mut Tx,
        numbers: &Numbers,
        book: &'a Book,
        (as_of, editors): (Version, Editors),
    ) -> Result<Present<'a>> {
        let looked_up = numbers.to_look_up();
        let dids = tx.dids_by_number(&looked_up).await?;
        let gone = absent(&looked_up, &dids, as_of < tx.account().version);
        let found = Found {
            own: tx.own_numbers(&with_targets(looked_up, book)).await?,
            groups: tx.groups(&DidFilter::default()).await?,
            released: tx.released_since(&gone, as_of).await?,
            dids,
        };
        Ok(Present::new(book, found, as_of, editors))
    }

    fn new(book: &'a Book, found: Found, as_of: Version, editors: Editors) -> Present<'a> {
        let total: u64 = found.groups.iter().map(|group| group.dids).sum();
        let usage = usage_of(&found.groups, book);
        Present {
            book,
            dids: found.dids.into_iter().map(|row| (row.did.number, row)).collect(),
            own: found.own.into_iter().collect(),
            failovers: usage.into_iter().map(|(route, usage)| (route, usage.failover)).collect(),
            room: (DIDS_PER_ACCOUNT_MAX as u64).saturating_sub(total),
            released: found.released.into_iter().map(|row| (row.number, row)).collect(),
            as_of,
            editors,
        }
    }
}

/// The numbers that are no DIDs now, both in order; none if nothing has changed, for then none has left.
fn absent(numbers: &[E164], dids: &[DidRow], changed: bool) -> Vec<E164> {
    let there = |number: &E164| dids.binary_search_by_key(number, |row| row.did.number).is_ok();
    numbers.iter().filter(|number| changed && !there(number)).copied().collect()
}

/// The numbers of the file, and those that routes may amount to.
fn with_targets(mut numbers: Vec<E164>, book: &Book) -> Vec<E164> {
    numbers.extend(book.numbers_in(book.added().map(|row| &row.route.target)));
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
