//! Snapshots: the configuration, or the part of it that some DIDs need, as one value.

use std::collections::BTreeSet;

use routing::{AccountId, Did, E164, InboundRoute, RouteId, Snapshot};

use crate::db::Store;
use crate::dids::DidFilter;
use crate::sql::Conn;
use crate::{Error, Noun, Result, accounts, dids, edges, routes};

/// DIDs read at a time.
const CHUNK: u32 = 20_000;

impl Store {
    /// The whole configuration of the account, at one moment: routes by id, DIDs by number.
    ///
    /// # Errors
    /// [`Error::NotFound`]; the database failed, or a stored value is corrupt.
    pub async fn snapshot(&self, account: AccountId) -> Result<Snapshot> {
        whole(&mut self.view().await?.conn(), account).await
    }

    /// The given DIDs of the account and the routes that they use, at one moment. Numbers that are not the
    /// account's are left out.
    ///
    /// # Errors
    /// [`Error::NotFound`]; the database failed, or a stored value is corrupt.
    pub async fn snapshot_for(&self, account: AccountId, numbers: &[E164]) -> Result<Snapshot> {
        part(&mut self.view().await?.conn(), account, numbers).await
    }
}

pub(crate) async fn whole(conn: &mut Conn<'_>, account: AccountId) -> Result<Snapshot> {
    let mut all: Vec<Did> = Vec::new();
    loop {
        let last = all.last().map(|did| did.number);
        let chunk = dids::after(conn, account, &DidFilter::default(), last, CHUNK).await?;
        if chunk.is_empty() {
            break;
        }
        all.extend(chunk.into_iter().map(|row| row.did));
    }
    gather(conn, account, all, |_| true).await
}

pub(crate) async fn part(conn: &mut Conn<'_>, account: AccountId, numbers: &[E164]) -> Result<Snapshot> {
    let dids: Vec<Did> =
        dids::by_number(conn, account, numbers).await?.into_iter().map(|row| row.did).collect();
    let used: BTreeSet<RouteId> =
        dids.iter().flat_map(|did| [Some(did.primary), did.failover.route()]).flatten().collect();
    gather(conn, account, dids, |route| used.contains(&route)).await
}

async fn gather(
    conn: &mut Conn<'_>,
    account: AccountId,
    dids: Vec<Did>,
    wanted: impl Fn(RouteId) -> bool,
) -> Result<Snapshot> {
    let found = accounts::find(conn, account).await?.ok_or(Error::NotFound(Noun::Account))?;
    let mut routes: Vec<InboundRoute> = routes::all(conn, account)
        .await?
        .into_iter()
        .map(|row| row.route)
        .filter(|route| wanted(route.id))
        .collect();
    routes.sort_by_key(|route| route.id);
    Ok(Snapshot {
        version: found.version,
        defaults: found.defaults,
        edges: edges::list(conn).await?,
        routes,
        dids,
    })
}
