//! What is there already, as far as a file has to do with it: what the whole of it is judged by is read once, what its
//! numbers are, part by part.

use std::collections::{BTreeSet, HashMap};

use routing::{E164, RouteId, Version, limits::DIDS_PER_ACCOUNT_MAX};
use store::{DidRow, Released};

use super::plan::Numbers;
use crate::Result;
use crate::book::{Book, usage_of};
use crate::bulk::Editors;
use crate::reading::Reading;

/// What a whole file is judged by.
pub(crate) struct Ground<'a> {
    pub(crate) book: &'a Book,
    /// Numbers that routes may amount to.
    pub(crate) targets: BTreeSet<E164>,
    /// DIDs of the installation among those.
    pub(crate) own: BTreeSet<E164>,
    /// How many DIDs have a route as their failover.
    pub(crate) failovers: HashMap<RouteId, u64>,
    /// How many DIDs can be added.
    pub(crate) room: u64,
    /// What was edited after this is refused.
    pub(crate) as_of: Version,
    /// Something was.
    pub(crate) changed: bool,
    pub(crate) editors: Editors,
}

impl<'a> Ground<'a> {
    /// `now` is the account's version.
    pub(super) async fn read(
        reading: &mut Reading<'_>,
        (book, now): (&'a Book, Version),
        (as_of, editors): (Version, Editors),
    ) -> Result<Ground<'a>> {
        let targets = book.numbers_in(book.added().map(|row| &row.route.target));
        let groups = reading.groups().await?;
        let total: u64 = groups.iter().map(|group| group.dids).sum();
        let usage = usage_of(&groups, book);
        Ok(Ground {
            book,
            own: reading.taken(&targets).await?,
            targets: targets.into_iter().collect(),
            failovers: usage.into_iter().map(|(route, usage)| (route, usage.failover)).collect(),
            room: (DIDS_PER_ACCOUNT_MAX as u64).saturating_sub(total),
            as_of,
            changed: as_of < now,
            editors,
        })
    }
}

/// What is there of the numbers of a part.
#[derive(Default)]
pub(crate) struct Present {
    /// DIDs of the account.
    pub(crate) dids: HashMap<E164, DidRow>,
    /// DIDs of the installation.
    pub(crate) own: BTreeSet<E164>,
    /// Numbers that left the account after the file was brought in.
    pub(crate) released: HashMap<E164, Released>,
}

impl Present {
    /// One query for each kind of thing.
    pub(super) async fn read(
        reading: &mut Reading<'_>,
        numbers: &Numbers,
        ground: &Ground<'_>,
    ) -> Result<Present> {
        let numbers = numbers.to_look_up();
        let dids = reading.dids(&numbers).await?;
        let dids: HashMap<E164, DidRow> = dids.into_iter().map(|row| (row.did.number, row)).collect();
        let own = reading.taken(&numbers).await?;
        // None has left if nothing has changed.
        let gone = numbers.into_iter().filter(|number| ground.changed && !dids.contains_key(number));
        let released = reading.released(&gone.collect::<Vec<_>>(), ground.as_of).await?;
        Ok(Present { dids, own, released: released.into_iter().map(|row| (row.number, row)).collect() })
    }
}
