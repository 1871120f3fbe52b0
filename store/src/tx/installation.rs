//! Who may sign in at all: a transaction on [`crate::INSTALLATION`], so that two of them never pass each other.

use crate::people::{self, Invitation, InvitationId, Staff, User, UserId};
use crate::secret::SecretHash;
use crate::tx::Tx;
use crate::{Error, Noun, Result, UnixMs};

impl Tx {
    /// Everybody who may sign in, or might, by address.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn users(&mut self) -> Result<Vec<User>> {
        let (mut conn, _) = self.conn();
        people::list_users(&mut conn).await
    }

    /// One person.
    ///
    /// # Errors
    /// [`Error::NotFound`]; the database failed, or a stored value is corrupt.
    pub async fn user(&mut self, user: UserId) -> Result<User> {
        let (mut conn, _) = self.conn();
        people::find_user(&mut conn, user).await?.ok_or(Error::NotFound(Noun::User))
    }

    /// Gives somebody another role in the installation.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn set_staff(&mut self, user: UserId, staff: Option<Staff>) -> Result<()> {
        self.write(async |conn, _| people::set_staff(conn, user, staff).await).await
    }

    /// Gives somebody the role that they were invited to. Who administers the installation goes on doing so.
    ///
    /// # Errors
    /// The database failed.
    pub async fn give_staff(&mut self, user: UserId, staff: Staff) -> Result<()> {
        self.write(async |conn, _| people::give_staff(conn, user, staff).await).await
    }

    /// Lets somebody in no more, and signs them out everywhere; or lets them in again.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn set_disabled(&mut self, user: UserId, disabled: bool) -> Result<()> {
        self.write(async |conn, _| people::set_disabled(conn, user, disabled).await).await
    }

    /// Makes a link by which somebody sets a new password, in place of an earlier one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn make_password_link(
        &mut self,
        user: UserId,
        hash: &SecretHash,
        expires_at: UnixMs,
    ) -> Result<()> {
        self.write(async |conn, to| people::make_password_link(conn, user, hash, to.at, expires_at).await)
            .await
    }

    /// Takes the second factor away from somebody who lost it, their passkeys too, and signs them out everywhere.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn drop_totp(&mut self, user: UserId) -> Result<()> {
        self.write(async |conn, _| people::drop_totp(conn, user).await).await
    }

    /// Takes an invitation to the installation back, and says whom it invited.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn withdraw_staff_invitation(&mut self, id: InvitationId) -> Result<Invitation> {
        self.write(async |conn, _| people::withdraw(conn, None, id).await).await
    }
}
