//! Who somebody is at an OIDC provider.

use super::users::{self, Lock, USER_COLUMNS, User, UserRow};
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
}

/// Whether somebody took the link to a provider away, or a recovery did.
pub(crate) async fn was_unlinked(conn: &mut Conn<'_>, user: UserId, issuer: &str) -> Result<bool> {
    let sql = Sql::new(
        "look for an unlinked identity",
        "select user_id from oidc_unlinked where user_id = $1 and issuer = $2",
    )
    .bind(user.0)
    .bind(issuer);
    Ok(conn.optional::<(i64,)>(sql).await?.is_some())
}

/// The providers that know somebody.
pub(super) async fn issuers_of(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<String>> {
    let sql = Sql::new(
        "list the issuers of somebody",
        "select issuer from oidc_identities where user_id = $1 order by issuer",
    )
    .bind(user.0);
    let rows: Vec<(String,)> = conn.all(sql).await?;
    Ok(rows.into_iter().map(|(issuer,)| issuer).collect())
}

/// Whether an account at a provider lets this person in.
pub(super) async fn is_linked(conn: &mut Conn<'_>, user: UserId, identity: &NewIdentity) -> Result<bool> {
    let sql = Sql::new(
        "look for an identity",
        "select user_id from oidc_identities where issuer = $1 and subject = $2 and user_id = $3",
    )
    .bind(identity.issuer.as_str())
    .bind(identity.subject.as_str())
    .bind(user.0);
    Ok(conn.optional::<(i64,)>(sql).await?.is_some())
}

/// Lets a provider sign somebody in no more, and signs them out everywhere but in one session.
pub(crate) async fn unlink(
    conn: &mut Conn<'_>,
    user: UserId,
    issuer: &str,
    keep: Option<SessionId>,
) -> Result<()> {
    users::lock(conn, user, Lock::Changes).await?;
    if !issuers_of(conn, user).await?.iter().any(|linked| linked == issuer) {
        return Err(Error::NotFound(Noun::Identity));
    }
    forget(conn, user, issuer).await?;
    sessions::end_all(conn, user, keep).await
}

/// Lets no provider sign somebody in any more, nor the one that is asked by an address.
pub(super) async fn unlink_all(conn: &mut Conn<'_>, user: UserId, asked: Option<&str>) -> Result<()> {
    for issuer in issuers_of(conn, user).await?.iter().map(String::as_str).chain(asked) {
        forget(conn, user, issuer).await?;
    }
    Ok(())
}

async fn forget(conn: &mut Conn<'_>, user: UserId, issuer: &str) -> Result<()> {
    for text in [
        "insert into oidc_unlinked (user_id, issuer) values ($1, $2) on conflict do nothing",
        "delete from oidc_identities where user_id = $1 and issuer = $2",
    ] {
        conn.run(Sql::new("unlink an identity", text).bind(user.0).bind(issuer)).await?;
    }
    Ok(())
}

/// Lets an account at a provider sign somebody in.
pub(crate) async fn insert(
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
    conn.run(sql).await.map_err(taken)?;
    let sql = Sql::new(
        "forget that an identity was unlinked",
        "delete from oidc_unlinked where user_id = $1 and issuer = $2",
    )
    .bind(user.0)
    .bind(identity.issuer.as_str());
    conn.run(sql).await.map(drop)
}
