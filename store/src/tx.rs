//! The one way to write: a transaction on one account. Dropped without commit, nothing of it remains.

mod cases;
mod dids;
mod guard;
mod installation;
mod people;
mod plans;
mod sign_in;

use std::collections::{BTreeMap, BTreeSet};

use routing::{AccountId, Defaults, E164, HealthState, InboundRoute, RouteId, Snapshot, Version};

pub use self::dids::DidWrites;
use crate::accounts::{self, Account, NewAccount};
use crate::audit::{self, ChangesHash};
use crate::changes::{self, ChangeRow, NewChange, Operation, OperationRow, Recording, Released, Subject};
use crate::db::{Store, Transacting};
use crate::dids::DidRow;
use crate::drafts::{self, DraftId};
use crate::jobs::{self, JobId};
use crate::routes::{self, NewRoute, RouteRow, Usage};
use crate::sql::Conn;
use crate::{Error, Noun, Result, UnixMs, snapshot};

/// From so many DIDs added at once on, what PostgreSQL knows of its tables is of another time.
const ANALYZE_FROM: usize = 10_000;

/// A transaction on one account. It holds the account: no other transaction changes it meanwhile, and its
/// version is the one read at the start. A write that fails or is cancelled breaks the transaction, so that
/// half of it can never be committed.
pub struct Tx {
    account: Account,
    at: UnixMs,
    inner: Transacting,
    /// The hash of the change rows recorded so far.
    recorded: ChangesHash,
    /// A write has begun and not come to a good end.
    broken: bool,
    /// DIDs added so far.
    added: usize,
    store: Store,
}

impl Store {
    /// Begins to write to an account, after any other writer of it has finished.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account; the database failed or stayed busy.
    pub async fn begin(&self, account: AccountId) -> Result<Tx> {
        let mut inner = self.transact().await?;
        let account =
            accounts::lock(&mut inner.conn(), account).await?.ok_or(Error::NotFound(Noun::Account))?;
        Ok(self.tx(inner, account, UnixMs::now()))
    }

    /// Begins to create an account; its first operation makes version 0. Nobody sees it before it is committed,
    /// so that whatever fills it in the same transaction is there whole or not at all.
    ///
    /// # Errors
    /// The database failed or stayed busy.
    pub async fn create_account(&self, new: NewAccount) -> Result<Tx> {
        let mut inner = self.transact().await?;
        let account = accounts::insert(&mut inner.conn(), new).await?;
        let at = account.created_at;
        Ok(self.tx(inner, account, at))
    }

    fn tx(&self, inner: Transacting, account: Account, at: UnixMs) -> Tx {
        let store = self.clone();
        let recorded = ChangesHash::default();
        Tx { account, at, inner, recorded, broken: false, added: 0, store }
    }
}

/// What rows are written with.
#[derive(Clone, Copy)]
struct Place {
    account: AccountId,
    version: Version,
    at: UnixMs,
}

/// What it knows.
impl Tx {
    /// The account as it was found, with what this transaction changed of it.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The version that committing will make; every row written carries it.
    pub fn next_version(&self) -> Version {
        Version(self.account.version.0 + 1)
    }

    /// The moment that every row written carries.
    pub fn at(&self) -> UnixMs {
        self.at
    }

    /// Dates the transaction at another moment, for accounts that come with a history.
    pub fn set_at(&mut self, at: UnixMs) {
        self.at = at;
    }
}

/// Reads, which see what this transaction wrote.
impl Tx {
    fn conn(&mut self) -> (Conn<'_>, AccountId) {
        (self.inner.conn(), self.account.id)
    }

    /// See [`Store::route`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn route(&mut self, route: RouteId) -> Result<Option<(RouteRow, Usage)>> {
        let (mut conn, account) = self.conn();
        routes::find(&mut conn, account, route).await
    }

    /// See [`Store::route_choices`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn route_choices(&mut self) -> Result<Vec<RouteRow>> {
        let (mut conn, account) = self.conn();
        routes::all(&mut conn, account).await
    }

    /// See [`Store::route_users`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn route_users(&mut self, route: RouteId, limit: u32) -> Result<Vec<DidRow>> {
        let (mut conn, account) = self.conn();
        routes::route_users(&mut conn, account, route, limit).await
    }

    /// See [`Store::changes_since`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn changes_since(&mut self, subject: Subject, since: Version) -> Result<Vec<ChangeRow>> {
        let (mut conn, account) = self.conn();
        changes::changes_since(&mut conn, account, subject, since).await
    }

    /// See [`Store::released_since`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn released_since(&mut self, numbers: &[E164], since: Version) -> Result<Vec<Released>> {
        let (mut conn, account) = self.conn();
        changes::released_since(&mut conn, account, numbers, since).await
    }

    /// See [`Store::operation`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn operation(&mut self, version: Version) -> Result<Option<OperationRow>> {
        let (mut conn, account) = self.conn();
        changes::operation(&mut conn, account, version).await
    }

    /// See [`Store::operation_things`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn operation_things(&mut self, version: Version) -> Result<Vec<ChangeRow>> {
        let (mut conn, account) = self.conn();
        changes::things(&mut conn, account, version).await
    }

    /// See [`Store::changes_among`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn changes_among(
        &mut self,
        subjects: &BTreeSet<Subject>,
        span: (Version, Version),
        limit: u32,
    ) -> Result<Vec<ChangeRow>> {
        let (mut conn, account) = self.conn();
        changes::among(&mut conn, account, subjects, span, limit).await
    }

    /// See [`Store::actors_of`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn actors_of(&mut self, versions: &BTreeSet<Version>) -> Result<BTreeMap<Version, String>> {
        let (mut conn, account) = self.conn();
        changes::actors_of(&mut conn, account, versions).await
    }

    /// See [`Store::snapshot`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn snapshot(&mut self) -> Result<Snapshot> {
        let (mut conn, account) = self.conn();
        snapshot::whole(&mut conn, account).await
    }

    /// See [`Store::snapshot_for`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn snapshot_for(&mut self, numbers: &[E164]) -> Result<Snapshot> {
        let (mut conn, account) = self.conn();
        snapshot::part(&mut conn, account, numbers).await
    }

    /// See [`Store::snapshot_without_dids`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn snapshot_without_dids(&mut self) -> Result<Snapshot> {
        let (mut conn, account) = self.conn();
        snapshot::without_dids(&mut conn, account).await
    }
}

/// Writes.
impl Tx {
    /// Writes. The transaction stays broken if that fails, or if its future is dropped half-way.
    async fn write<T>(&mut self, write: impl AsyncFnOnce(&mut Conn<'_>, Place) -> Result<T>) -> Result<T> {
        if self.broken {
            return Err(Error::Broken);
        }
        self.broken = true;
        let to = Place { account: self.account.id, version: self.next_version(), at: self.at };
        let written = write(&mut self.inner.conn(), to).await?;
        self.broken = false;
        Ok(written)
    }

    /// Changes what the owner may change of the account.
    ///
    /// # Errors
    /// The database failed.
    pub async fn update_account(&mut self, name: &str, country: &str, defaults: &Defaults) -> Result<()> {
        let mut account = self.account.clone();
        account.name = name.to_owned();
        account.country = country.to_owned();
        account.defaults = defaults.clone();
        self.write(async |conn, _| accounts::update(conn, &account).await).await?;
        self.account = account;
        Ok(())
    }

    /// Adds a route and says which id it got. Its health is unknown.
    ///
    /// # Errors
    /// [`Error::AliasTaken`], [`Error::UnknownEdge`], [`Error::BuiltInRoute`] for a registered target.
    pub async fn insert_route(&mut self, new: &NewRoute) -> Result<RouteId> {
        self.write(async |conn, to| routes::insert(conn, to.account, to.version, new).await).await
    }

    /// Brings a deleted route back under the id that it had. Its health is unknown.
    ///
    /// # Errors
    /// [`Error::NotFound`] if no route ever had that id; otherwise as for [`Tx::insert_route`].
    pub async fn restore_route(&mut self, id: RouteId, new: &NewRoute) -> Result<()> {
        self.write(async |conn, to| routes::restore(conn, to.account, to.version, id, new).await).await
    }

    /// Changes a route.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::AliasTaken`], [`Error::UnknownEdge`], [`Error::BuiltInRoute`].
    pub async fn update_route(&mut self, route: &InboundRoute) -> Result<()> {
        self.write(async |conn, to| routes::update(conn, to.account, to.version, route).await).await
    }

    /// Deletes a route that no DID and no failover plan uses.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::RouteInUse`], [`Error::BuiltInRoute`].
    pub async fn delete_route(&mut self, route: RouteId) -> Result<()> {
        self.write(async |conn, to| routes::delete(conn, to.account, route).await).await
    }

    /// Writes the health of a route. The route's own version stays.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::BuiltInRoute`].
    pub async fn set_health(&mut self, route: RouteId, health: HealthState, since: UnixMs) -> Result<()> {
        self.write(async |conn, to| routes::set_health(conn, to.account, route, health, since).await).await
    }

    /// Records changes, after those recorded before.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record(&mut self, new: &[NewChange]) -> Result<()> {
        for new in new.chunks(self.store.kind().table_rows()) {
            let hash = std::mem::take(&mut self.recorded);
            let recording = Recording::of(self.store.kind(), self.account.id, hash, new.iter().cloned());
            self.write_recording(async { Ok(recording) }).await?;
        }
        Ok(())
    }

    async fn write_recording(&mut self, recording: impl Future<Output = Result<Recording>>) -> Result<()> {
        self.recorded =
            self.write(async |conn, to| recording.await?.write(conn, to.account, to.version).await).await?;
        Ok(())
    }

    /// Removes an uploaded file that was applied or is not wanted.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete_draft(&mut self, id: DraftId) -> Result<()> {
        self.write(async |conn, to| drafts::delete(conn, to.account, id).await).await
    }

    /// Ends the job that the transaction does: committed with it, so that a job is done if and only if its change is.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it does not run any more.
    pub async fn end_job(&mut self, id: JobId) -> Result<()> {
        self.write(async |conn, to| jobs::done(conn, to.account, id, to.version).await).await
    }

    /// Writes what was done so far and raises the account's version; what follows is another operation of the same
    /// transaction, for accounts that come with a history.
    ///
    /// # Errors
    /// [`Error::Broken`] if an earlier write failed; the database failed.
    pub async fn end_operation(&mut self, operation: Operation) -> Result<Version> {
        let operation = operation.logged(self.next_version(), self.at)?;
        let (from, recorded) = (self.account.version, std::mem::take(&mut self.recorded));
        self.account.version = self
            .write(async |conn, to| {
                accounts::bump(conn, to.account, from, to.version).await?;
                audit::seal(conn, to.account, &operation, recorded).await?;
                changes::insert_operation(conn, to.account, operation).await?;
                Ok(to.version)
            })
            .await?;
        Ok(self.account.version)
    }

    /// Writes what the transaction was for, raises the account's version, and commits. When it returns, the
    /// database has it on disk.
    ///
    /// # Errors
    /// [`Error::Broken`] if an earlier write failed; the database failed. Nothing is kept then.
    pub async fn commit(mut self, operation: Operation) -> Result<Version> {
        let version = self.end_operation(operation).await?;
        self.inner.commit("commit").await?;
        if self.added >= ANALYZE_FROM {
            self.store.analyze_dids().await;
        }
        Ok(version)
    }
}
