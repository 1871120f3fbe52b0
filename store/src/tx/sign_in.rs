//! What somebody signs in with, changed by themselves: a transaction on [`crate::INSTALLATION`], whose history keeps it. A
//! way in that is taken away is looked for in the same transaction, so that of two that go at once one stays.

use crate::Result;
use crate::people::{self, NewIdentity, NewPasskey, PasskeyId, SessionId, Totp, User, UserId, WaysIn};
use crate::secret::SecretHash;
use crate::tx::Tx;

impl Tx {
    /// Somebody who changes what they sign in with, from one of their sessions. `None` if that has ended meanwhile: whoever
    /// ended it did so lest what comes from it is done.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn own(&mut self, user: UserId, session: SessionId) -> Result<Option<User>> {
        let (mut conn, _) = self.conn();
        people::of_session(&mut conn, user, session).await
    }

    /// Whether somebody took the link to a provider away, or a recovery did: only they link it again, not an address that it
    /// vouches for.
    ///
    /// # Errors
    /// The database failed.
    pub async fn was_unlinked(&mut self, user: UserId, issuer: &str) -> Result<bool> {
        let (mut conn, _) = self.conn();
        people::was_unlinked(&mut conn, user, issuer).await
    }

    /// See [`crate::Store::ways_in`].
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn ways_in(&mut self, user: UserId) -> Result<WaysIn> {
        let (mut conn, _) = self.conn();
        people::ways_in(&mut conn, user).await
    }

    /// Sets a password and signs the person out everywhere but in one session. Links to a new password end with it.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn set_password(
        &mut self,
        user: UserId,
        password: &str,
        keep: Option<SessionId>,
    ) -> Result<()> {
        self.write(async |conn, _| people::set_password(conn, user, password, keep).await).await
    }

    /// Sets a password by a link, which is used up by it. Passkeys and links to providers are taken away, no address that
    /// the provider `asked` vouches for links it again, and the person is signed out everywhere.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] if the link was used or replaced meanwhile, or the person may not sign in any more.
    pub async fn set_password_by_link(
        &mut self,
        user: UserId,
        link: &SecretHash,
        password: &str,
        asked: Option<&str>,
    ) -> Result<()> {
        self.write(async |conn, to| {
            people::set_password_by_link(conn, (user, asked), link, password, to.at).await
        })
        .await
    }

    /// Sets or takes away the second factor, with the words that stand in for it once each, and signs the person out
    /// everywhere but in one session.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn set_totp(
        &mut self,
        user: UserId,
        totp: Option<&Totp>,
        recovery: &[SecretHash],
        keep: Option<SessionId>,
    ) -> Result<()> {
        self.write(async |conn, _| people::set_totp(conn, user, totp, recovery, keep).await).await
    }

    /// Keeps a passkey.
    ///
    /// # Errors
    /// [`crate::Error::PasskeyTaken`].
    pub async fn insert_passkey(&mut self, new: &NewPasskey) -> Result<PasskeyId> {
        self.write(async |conn, to| people::insert_passkey(conn, new, to.at).await).await
    }

    /// Calls one of a person's passkeys something else, and says what it was called.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn rename_passkey(&mut self, user: UserId, passkey: PasskeyId, name: &str) -> Result<String> {
        self.write(async |conn, _| people::rename_passkey(conn, user, passkey, name).await).await
    }

    /// Removes one of a person's passkeys, says what it was called, and signs the person out everywhere but in one session.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn remove_passkey(
        &mut self,
        user: UserId,
        passkey: PasskeyId,
        keep: Option<SessionId>,
    ) -> Result<String> {
        self.write(async |conn, _| people::remove_passkey(conn, user, passkey, keep).await).await
    }

    /// Lets an account at a provider sign somebody in.
    ///
    /// # Errors
    /// [`crate::Error::IdentityTaken`] if it signs somebody in already, or they have another one of this provider.
    pub async fn link_identity(&mut self, user: UserId, identity: &NewIdentity) -> Result<()> {
        self.write(async |conn, to| people::link_identity(conn, user, identity, to.at).await).await
    }

    /// Lets a provider sign somebody in no more, and signs them out everywhere but in one session.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn unlink_identity(
        &mut self,
        user: UserId,
        issuer: &str,
        keep: Option<SessionId>,
    ) -> Result<()> {
        self.write(async |conn, _| people::unlink_identity(conn, user, issuer, keep).await).await
    }
}
