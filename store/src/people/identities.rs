//! Who somebody is at an OIDC provider.

use super::users::{USER_COLUMNS, User, UserRow};
use super::{SessionId, UserId, sessions};
use crate::db::Store;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// An account at a provider, to be linked to a person. Issuer and subject together name it for ever; an e-mail address
/// does not (OpenID Connect Core 1.0 §5.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIdentity {
    /// The provider's issuer identifier.
    pub issuer: String,
    /// What the provider calls the account.
    pub subject: String,
    /// The address that the provider names, to know the account by.
    pub email: Option<String>,
}

/// An account at a provider that is linked to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The address that the provider named, to know the account by.
    pub email: Option<String>,
    /// Since when it is linked.
    pub linked_at: UnixMs,
}

impl Store {
    /// Whom an account at a provider lets in.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn user_by_identity(&self, issuer: &str, subject: &str) -> Result<Option<User>> {
        let mut sql = Sql::new("read the user of an identity", "select ");
        sql.push(USER_COLUMNS)
            .push(" from oidc_identities as i join users as u on u.id = i.user_id where i.issuer = ")
            .push_bind(issuer)
            .push(" and i.subject = ")
            .push_bind(subject);
        self.reader().await?.conn().optional::<UserRow>(sql).await?.map(UserRow::into_domain).transpose()
    }

    /// The account at a provider that lets somebody in.
    ///
    /// # Errors
    /// The database failed.
    pub async fn identity(&self, user: UserId, issuer: &str) -> Result<Option<Identity>> {
        let sql = Sql::new(
            "read an identity",
            "select email, linked_at from oidc_identities where user_id = $1 and issuer = $2",
        )
        .bind(user.0)
        .bind(issuer);
        let row: Option<(Option<String>, i64)> = self.reader().await?.conn().optional(sql).await?;
        Ok(row.map(|(email, at)| Identity { email, linked_at: UnixMs(at) }))
    }

    /// Whether any account at any provider was linked to somebody, also of a provider that is not asked any more.
    ///
    /// # Errors
    /// The database failed.
    pub async fn has_identity(&self, user: UserId) -> Result<bool> {
        let sql = Sql::new(
            "look for an identity",
            "select user_id from oidc_identities where user_id = $1 limit 1",
        )
        .bind(user.0);
        Ok(self.reader().await?.conn().optional::<(i64,)>(sql).await?.is_some())
    }

    /// Lets an account at a provider sign somebody in.
    ///
    /// # Errors
    /// [`Error::IdentityTaken`] if it signs somebody in already, or they have another one of this provider.
    pub async fn link_identity(&self, user: UserId, identity: &NewIdentity) -> Result<()> {
        let mut tx = self.transact().await?;
        insert(&mut tx.conn(), user, identity, UnixMs::now()).await?;
        tx.commit("link an identity").await
    }

    /// Lets a provider sign somebody in no more, and signs them out everywhere but in one session.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn unlink_identity(&self, user: UserId, issuer: &str, keep: SessionId) -> Result<()> {
        let mut tx = self.transact().await?;
        let sql =
            Sql::new("unlink an identity", "delete from oidc_identities where user_id = $1 and issuer = $2")
                .bind(user.0)
                .bind(issuer);
        if tx.conn().run(sql).await? != 1 {
            return Err(Error::NotFound(Noun::Identity));
        }
        sessions::end_all(&mut tx.conn(), user, Some(keep)).await?;
        tx.commit("unlink an identity").await
    }
}

pub(super) async fn insert(
    conn: &mut Conn<'_>,
    user: UserId,
    identity: &NewIdentity,
    at: UnixMs,
) -> Result<()> {
    let sql = Sql::new(
        "link an identity",
        "insert into oidc_identities (issuer, subject, user_id, email, linked_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(identity.issuer.as_str())
    .bind(identity.subject.as_str())
    .bind(user.0)
    .bind(identity.email.clone())
    .bind(at.0);
    let taken = |error: Error| if error.breaks_unique() { Error::IdentityTaken } else { error };
    conn.run(sql).await.map(|_| ()).map_err(taken)
}
