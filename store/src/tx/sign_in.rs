//! What somebody signs in with, changed by themselves: a transaction on [`crate::INSTALLATION`], whose history keeps it. A
//! way in that is taken away is looked for in the same transaction, so that of two that go at once one stays.

use crate::people::{self, NewIdentity, NewPasskey, PasskeyId, SessionId, Totp, UserId, WaysIn};
use crate::secret::SecretHash;
use crate::tx::Tx;
use crate::{Result, UnixMs};

impl Tx {
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

    /// Sets a password by a link, which is used up by it. Passkeys and links to providers are taken away, and the person is
    /// signed out everywhere.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] if the link was used or replaced meanwhile, or the person may not sign in any more.
    pub async fn set_password_by_link(
        &mut self,
        user: UserId,
        link: &SecretHash,
        password: &str,
        now: UnixMs,
    ) -> Result<()> {
        self.write(async |conn, _| people::set_password_by_link(conn, user, link, password, now).await).await
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
