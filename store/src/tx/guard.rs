//! What an account's owner allows, and what the staff tells them.

use std::collections::BTreeSet;

use routing::Destination;

use super::Tx;
use crate::notes::{self, NewNote, Note, NoteId};
use crate::{Result, destinations};

impl Tx {
    /// See [`crate::Store::destinations`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn destinations(&mut self) -> Result<BTreeSet<Destination>> {
        let (mut conn, account) = self.conn();
        destinations::list(&mut conn, account).await
    }

    /// Lets routes to phone numbers ring there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn allow_destination(&mut self, destination: Destination) -> Result<()> {
        self.write(async |conn, to| destinations::insert(conn, to.account, destination).await).await
    }

    /// Lets them ring there no more.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] if they might not.
    pub async fn forbid_destination(&mut self, destination: Destination) -> Result<()> {
        self.write(async |conn, to| destinations::delete(conn, to.account, destination).await).await
    }

    /// How many notes the account has.
    ///
    /// # Errors
    /// The database failed.
    pub async fn count_notes(&mut self) -> Result<u64> {
        let (mut conn, account) = self.conn();
        notes::count(&mut conn, account).await
    }

    /// Writes a note.
    ///
    /// # Errors
    /// The database failed.
    pub async fn insert_note(&mut self, new: &NewNote) -> Result<()> {
        self.write(async |conn, to| notes::insert(conn, to.account, to.at, new).await).await
    }

    /// Takes a note away, and says what it was.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn delete_note(&mut self, id: NoteId) -> Result<Note> {
        self.write(async |conn, to| notes::delete(conn, to.account, id).await).await
    }
}
