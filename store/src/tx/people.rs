//! Who belongs to the account.

use crate::people::{
    self, Grant, Invitation, InvitationId, Member, NewInvitation, NewToken, NewUser, Role, TokenId, UserId,
};
use crate::secret::SecretHash;
use crate::tx::Tx;
use crate::{Result, UnixMs};

impl Tx {
    /// See [`crate::Store::members`].
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn members(&mut self) -> Result<Vec<Member>> {
        let (mut conn, account) = self.conn();
        people::list_members(&mut conn, account).await
    }

    /// See [`crate::Store::support_grant`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn support_grant(&mut self, now: UnixMs) -> Result<Option<Grant>> {
        let (mut conn, account) = self.conn();
        people::find_grant(&mut conn, account, now).await
    }

    /// Adds a person. They belong to no account yet.
    ///
    /// # Errors
    /// [`crate::Error::EmailTaken`].
    pub async fn insert_user(&mut self, new: &NewUser) -> Result<UserId> {
        self.write(async |conn, to| people::insert_user(conn, new, to.at).await).await
    }

    /// Adds the first person of all.
    ///
    /// # Errors
    /// [`crate::Error::SetUpAlready`] if somebody is there.
    pub async fn insert_first_user(&mut self, new: &NewUser) -> Result<UserId> {
        self.write(async |conn, to| people::insert_first_user(conn, new, to.at).await).await
    }

    /// Lets somebody belong to the account; if they do already, with another role.
    ///
    /// # Errors
    /// The database failed.
    pub async fn add_member(&mut self, user: UserId, role: Role) -> Result<()> {
        self.write(async |conn, to| people::add_member(conn, to.account, user, role, to.at).await).await
    }

    /// Gives somebody another role.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn set_role(&mut self, user: UserId, role: Role) -> Result<()> {
        self.write(async |conn, to| people::set_role(conn, to.account, user, role).await).await
    }

    /// Takes somebody out of the account; the tokens that they made in it work no more.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn remove_member(&mut self, user: UserId) -> Result<()> {
        self.write(async |conn, to| people::remove_member(conn, to.account, user).await).await
    }

    /// Invites somebody, in place of an earlier invitation of the same person.
    ///
    /// # Errors
    /// The database failed.
    pub async fn invite(&mut self, new: &NewInvitation) -> Result<()> {
        self.write(async |conn, to| people::insert_invitation(conn, new, to.at).await).await
    }

    /// Takes an invitation back, and says whom it invited.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn withdraw_invitation(&mut self, id: InvitationId) -> Result<Invitation> {
        self.write(async |conn, to| people::withdraw(conn, Some(to.account), id).await).await
    }

    /// Uses the link of an invitation up.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] if somebody was faster.
    pub async fn use_invitation(&mut self, hash: &SecretHash) -> Result<()> {
        self.write(async |conn, _| people::consume(conn, hash).await).await
    }

    /// Lets support write for a time, in place of an earlier one; `None` ends it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn grant_support(&mut self, grant: Option<&Grant>) -> Result<()> {
        self.write(async |conn, to| match grant {
            Some(grant) => people::set_grant(conn, to.account, grant).await,
            None => people::end_grant(conn, to.account).await,
        })
        .await
    }

    /// Makes an API token.
    ///
    /// # Errors
    /// The database failed.
    pub async fn insert_token(&mut self, new: &NewToken) -> Result<TokenId> {
        self.write(async |conn, to| people::insert_token(conn, to.account, new, to.at).await).await
    }

    /// Revokes an API token, and says what it was for.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn delete_token(&mut self, token: TokenId) -> Result<String> {
        self.write(async |conn, to| people::remove_token(conn, to.account, token).await).await
    }
}
