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
        self.begin_write()?;
        let at = self.at();
        let (mut conn, _) = self.conn();
        let id = people::insert_user(&mut conn, new, at).await?;
        self.broken = false;
        Ok(id)
    }

    /// Adds the first person of all.
    ///
    /// # Errors
    /// [`crate::Error::SetUpAlready`] if somebody is there.
    pub async fn insert_first_user(&mut self, new: &NewUser) -> Result<UserId> {
        self.begin_write()?;
        let at = self.at();
        let (mut conn, _) = self.conn();
        let id = people::insert_first_user(&mut conn, new, at).await?;
        self.broken = false;
        Ok(id)
    }

    /// Lets somebody belong to the account; if they do already, with another role.
    ///
    /// # Errors
    /// The database failed.
    pub async fn add_member(&mut self, user: UserId, role: Role) -> Result<()> {
        self.begin_write()?;
        let at = self.at();
        let (mut conn, account) = self.conn();
        people::add_member(&mut conn, account, user, role, at).await?;
        self.broken = false;
        Ok(())
    }

    /// Gives somebody another role.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn set_role(&mut self, user: UserId, role: Role) -> Result<()> {
        self.begin_write()?;
        let (mut conn, account) = self.conn();
        people::set_role(&mut conn, account, user, role).await?;
        self.broken = false;
        Ok(())
    }

    /// Takes somebody out of the account; the tokens that they made in it work no more.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn remove_member(&mut self, user: UserId) -> Result<()> {
        self.begin_write()?;
        let (mut conn, account) = self.conn();
        people::remove_member(&mut conn, account, user).await?;
        self.broken = false;
        Ok(())
    }

    /// Invites somebody, in place of an earlier invitation of the same person.
    ///
    /// # Errors
    /// The database failed.
    pub async fn invite(&mut self, new: &NewInvitation) -> Result<()> {
        self.begin_write()?;
        let at = self.at();
        let (mut conn, _) = self.conn();
        people::insert_invitation(&mut conn, new, at).await?;
        self.broken = false;
        Ok(())
    }

    /// Takes an invitation back, and says whom it invited.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn withdraw_invitation(&mut self, id: InvitationId) -> Result<Invitation> {
        self.begin_write()?;
        let (mut conn, account) = self.conn();
        let withdrawn = people::withdraw(&mut conn, Some(account), id).await?;
        self.broken = false;
        Ok(withdrawn)
    }

    /// Uses the link of an invitation up.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] if somebody was faster.
    pub async fn use_invitation(&mut self, hash: &SecretHash) -> Result<()> {
        self.begin_write()?;
        let (mut conn, _) = self.conn();
        people::consume(&mut conn, hash).await?;
        self.broken = false;
        Ok(())
    }

    /// Lets support write for a time, in place of an earlier one; `None` ends it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn grant_support(&mut self, grant: Option<&Grant>) -> Result<()> {
        self.begin_write()?;
        let (mut conn, account) = self.conn();
        match grant {
            Some(grant) => people::set_grant(&mut conn, account, grant).await?,
            None => people::end_grant(&mut conn, account).await?,
        }
        self.broken = false;
        Ok(())
    }

    /// Makes an API token.
    ///
    /// # Errors
    /// The database failed.
    pub async fn insert_token(&mut self, new: &NewToken) -> Result<TokenId> {
        self.begin_write()?;
        let at = self.at();
        let (mut conn, account) = self.conn();
        let id = people::insert_token(&mut conn, account, new, at).await?;
        self.broken = false;
        Ok(id)
    }

    /// Revokes an API token, and says what it was for.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn delete_token(&mut self, token: TokenId) -> Result<String> {
        self.begin_write()?;
        let (mut conn, account) = self.conn();
        let name = people::remove_token(&mut conn, account, token).await?;
        self.broken = false;
        Ok(name)
    }
}
