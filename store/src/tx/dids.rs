//! DIDs, which are written by the thousand.

use std::mem;
use std::panic::resume_unwind;

use routing::{E164, Group};
use tokio::task::spawn_blocking;

use super::Tx;
use crate::changes::{NewChange, Recording};
use crate::dids::{self, DidFilter, DidRow, DidUpdate, NewDid};
use crate::{Error, Result};

/// What one round of a large change writes: DIDs, each named once, and the change rows that tell of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DidWrites {
    /// To be added.
    pub adds: Vec<NewDid>,
    /// To be changed.
    pub updates: Vec<DidUpdate>,
    /// To be released.
    pub releases: Vec<E164>,
    /// To be recorded.
    pub changes: Vec<NewChange>,
}

/// Reads of DIDs.
impl Tx {
    /// See [`Store::dids_by_number`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn dids_by_number(&mut self, numbers: &[E164]) -> Result<Vec<DidRow>> {
        let (mut conn, account) = self.conn();
        dids::by_number(&mut conn, account, numbers).await
    }

    /// See [`Store::dids_after`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn dids_after(
        &mut self,
        filter: &DidFilter,
        last: Option<E164>,
        limit: u32,
    ) -> Result<Vec<DidRow>> {
        let (mut conn, account) = self.conn();
        let filter = filter.prepare(&mut conn, account).await?;
        dids::after(&mut conn, account, &filter, last, limit).await
    }

    /// See [`Store::count_dids`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn count_dids(&mut self, filter: &DidFilter, cap: Option<u64>) -> Result<u64> {
        let (mut conn, account) = self.conn();
        dids::count_matching(&mut conn, account, filter, cap).await
    }

    /// See [`Store::own_numbers`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn own_numbers(&mut self, numbers: &[E164]) -> Result<Vec<E164>> {
        dids::own_numbers(&mut self.inner.conn(), numbers).await
    }

    /// See [`Store::groups`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn groups(&mut self, filter: &DidFilter) -> Result<Vec<Group>> {
        let (mut conn, account) = self.conn();
        dids::groups(&mut conn, account, filter).await
    }
}

/// Writes of DIDs.
impl Tx {
    /// Writes a round: what is released gives its number free before it is added.
    ///
    /// # Errors
    /// As of [`Tx::insert_dids`], [`Tx::update_dids`] and [`Tx::delete_dids`].
    pub async fn write_dids(&mut self, writes: DidWrites) -> Result<()> {
        let DidWrites { adds, updates, releases, changes } = writes;
        let (kind, account, hash) = (self.store.kind(), self.account.id, mem::take(&mut self.recorded));
        // On a thread beside, while the database writes the DIDs.
        let recording = spawn_blocking(move || Recording::of(kind, account, hash, changes));
        self.update_dids(&updates).await?;
        self.delete_dids(&releases).await?;
        self.insert_dids(&adds).await?;
        self.write_recording(async {
            recording.await.map_err(|failed| match failed.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The process is to end.
                Err(_) => Error::Broken,
            })
        })
        .await
    }

    /// Adds DIDs, hundreds in a statement and more.
    ///
    /// # Errors
    /// [`Error::NumbersTaken`], [`Error::UnknownRoute`], [`Error::Weights`],
    /// [`Error::NotFound`] for a plan.
    pub async fn insert_dids(&mut self, dids: &[NewDid]) -> Result<()> {
        self.write(async |conn, to| dids::insert(conn, to.account, to.version, to.at, dids).await).await?;
        self.added += dids.len();
        Ok(())
    }

    /// Changes DIDs, hundreds in a statement and more. Each may be named once; one of which nothing changes is left alone.
    ///
    /// # Errors
    /// [`Error::NotFound`] if one of them, or a plan, is not the account's; [`Error::UnknownRoute`],
    /// [`Error::Weights`].
    pub async fn update_dids(&mut self, dids: &[DidUpdate]) -> Result<()> {
        self.write(async |conn, to| dids::update(conn, to.account, to.version, to.at, dids).await).await
    }

    /// Releases DIDs. Each may be named once.
    ///
    /// # Errors
    /// [`Error::NotFound`] if one of them is not the account's.
    pub async fn delete_dids(&mut self, numbers: &[E164]) -> Result<()> {
        self.write(async |conn, to| dids::delete(conn, to.account, numbers).await).await
    }
}
