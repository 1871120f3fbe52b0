//! Sessions: a browser in which somebody signed in.

use std::fmt;

use super::users::{self, Lock, USER_COLUMNS, User, UserRow};
use super::{NewIdentity, UsedPasskey, UserId, identities, passkeys};
use crate::db::Store;
use crate::secret::SecretHash;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// A session's id: what its list names it by. It opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub i64);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A session to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Of the cookie.
    pub hash: SecretHash,
    /// Whose, as they were when they were judged.
    pub user: User,
    /// From which network address.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    /// When its person proved who they are; 0 if a second step is to follow.
    pub proved_at: UnixMs,
    /// What they proved it with, where that may be gone by now.
    pub by: Option<ProvedBy>,
}

/// What somebody proved who they are with, as it was when that was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProvedBy {
    /// A passkey.
    Passkey(UsedPasskey),
    /// An account at a provider.
    Identity(NewIdentity),
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// When it began.
    pub created_at: UnixMs,
    /// When it was last used, to the minute or so.
    pub seen_at: UnixMs,
    /// When its person proved who they are; 0 if the second step is still to follow.
    pub proved_at: UnixMs,
    /// From which network address it began.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: i64,
    began_at: i64,
    seen_at: i64,
    proved_at: i64,
    address: String,
    agent: String,
}

impl SessionRow {
    fn into_domain(self) -> Session {
        Session {
            id: SessionId(self.id),
            created_at: UnixMs(self.began_at),
            seen_at: UnixMs(self.seen_at),
            proved_at: UnixMs(self.proved_at),
            address: self.address,
            agent: self.agent,
        }
    }
}

#[derive(sqlx::FromRow)]
struct SignedInRow {
    #[sqlx(flatten)]
    session: SessionRow,
    #[sqlx(flatten)]
    user: UserRow,
}

const SESSION_COLUMNS: &str = "s.id, s.created_at as began_at, s.seen_at, s.proved_at, s.address, s.agent";

impl Store {
    /// Begins a session, in place of the one that the browser had. Those that ended by themselves are removed. `None` if
    /// the person is not as they were judged any more: disabled, with another password or second factor, or without the
    /// passkey or the link to the provider.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin_session(
        &self,
        new: &NewSession,
        instead_of: Option<&SecretHash>,
        seen_after: UnixMs,
        begun_after: UnixMs,
    ) -> Result<Option<SessionId>> {
        let now = UnixMs::now();
        let mut tx = self.transact().await?;
        let mut conn = tx.conn();
        // Whoever changes the password now is waited for: their new one is seen below.
        users::lock(&mut conn, new.user.id, Lock::Stays).await?;
        let sql =
            Sql::new("remove old sessions", "delete from sessions where seen_at < $1 or created_at < $2")
                .bind(seen_after.0)
                .bind(begun_after.0);
        conn.run(sql).await?;
        if let Some(hash) = instead_of {
            end(&mut conn, hash).await?;
        }
        let stands = match &new.by {
            None => true,
            Some(ProvedBy::Passkey(used)) => passkeys::note_use(&mut conn, new.user.id, used, now).await?,
            Some(ProvedBy::Identity(identity)) => {
                identities::is_linked(&mut conn, new.user.id, identity).await?
            }
        };
        if !stands {
            return Ok(None);
        }
        let sql = Sql::new(
            "begin a session",
            "insert into sessions (hash, user_id, created_at, seen_at, proved_at, address, agent)
             select $1, id, $3, $3, $4, $5, $6 from users
             where id = $2 and not disabled and coalesce(password, '') = $7 and coalesce(totp_secret, '') = $8
             returning id",
        )
        .bind(new.hash.as_str())
        .bind(new.user.id.0)
        .bind(now.0)
        .bind(new.proved_at.0)
        .bind(new.address.as_str())
        .bind(new.agent.as_str())
        .bind(new.user.password.clone().unwrap_or_default())
        .bind(new.user.totp.as_ref().map(|totp| totp.secret.clone()).unwrap_or_default());
        let id: Option<(i64,)> = conn.optional(sql).await?;
        tx.commit("begin a session").await?;
        Ok(id.map(|(id,)| SessionId(id)))
    }

    /// The session of a cookie and whose it is, if it was seen and begun late enough.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn session(
        &self,
        hash: &SecretHash,
        seen_after: UnixMs,
        begun_after: UnixMs,
    ) -> Result<Option<(Session, User)>> {
        let mut sql = Sql::new("read a session", "select ");
        sql.push(SESSION_COLUMNS)
            .push(", ")
            .push(USER_COLUMNS)
            .push(" from sessions as s join users as u on u.id = s.user_id where s.hash = ")
            .push_bind(hash.as_str())
            .push(" and s.seen_at >= ")
            .push_bind(seen_after.0)
            .push(" and s.created_at >= ")
            .push_bind(begun_after.0);
        let row: Option<SignedInRow> = self.reader().await?.conn().optional(sql).await?;
        row.map(|row| Ok((row.session.into_domain(), row.user.into_domain()?))).transpose()
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// The database failed.
    pub async fn touch_session(&self, session: SessionId, at: UnixMs) -> Result<()> {
        let sql = Sql::new("touch a session", "update sessions set seen_at = $2 where id = $1")
            .bind(session.0)
            .bind(at.0);
        self.write_one(sql).await.map(|_| ())
    }

    /// Every session of a person that has not ended by itself, latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn sessions(
        &self,
        user: UserId,
        seen_after: UnixMs,
        begun_after: UnixMs,
    ) -> Result<Vec<Session>> {
        let mut sql = Sql::new("list sessions", "select ");
        sql.push(SESSION_COLUMNS)
            .push(" from sessions as s where s.user_id = ")
            .push_bind(user.0)
            .push(" and s.seen_at >= ")
            .push_bind(seen_after.0)
            .push(" and s.created_at >= ")
            .push_bind(begun_after.0)
            .push(" order by s.id desc");
        let rows: Vec<SessionRow> = self.reader().await?.conn().all(sql).await?;
        Ok(rows.into_iter().map(SessionRow::into_domain).collect())
    }

    /// Ends the session of a cookie, if there is one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_session(&self, hash: &SecretHash) -> Result<()> {
        let mut tx = self.transact().await?;
        end(&mut tx.conn(), hash).await?;
        tx.commit("end a session").await
    }

    /// Ends one of a person's sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn revoke_session(&self, user: UserId, session: SessionId) -> Result<()> {
        let sql = Sql::new("end a session", "delete from sessions where id = $2 and user_id = $1")
            .bind(user.0)
            .bind(session.0);
        if self.write_one(sql).await? { Ok(()) } else { Err(Error::NotFound(Noun::Session)) }
    }

    /// Ends a person's sessions, but for one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn revoke_sessions(&self, user: UserId, keep: Option<SessionId>) -> Result<()> {
        let mut tx = self.transact().await?;
        end_all(&mut tx.conn(), user, keep).await?;
        tx.commit("end sessions").await
    }
}

async fn end(conn: &mut Conn<'_>, hash: &SecretHash) -> Result<()> {
    let sql = Sql::new("end a session", "delete from sessions where hash = $1").bind(hash.as_str());
    conn.run(sql).await.map(|_| ())
}

/// Whose session it is, with their row locked; `None` if it has ended.
pub(crate) async fn of_session(
    conn: &mut Conn<'_>,
    user: UserId,
    session: SessionId,
) -> Result<Option<User>> {
    users::lock(conn, user, Lock::Changes).await?;
    let sql = Sql::new("look for a session", "select id from sessions where id = $1 and user_id = $2")
        .bind(session.0)
        .bind(user.0);
    match conn.optional::<(i64,)>(sql).await? {
        Some(_) => users::find(conn, user).await,
        None => Ok(None),
    }
}

pub(super) async fn end_all(conn: &mut Conn<'_>, user: UserId, keep: Option<SessionId>) -> Result<()> {
    let sql = Sql::new("end sessions", "delete from sessions where user_id = $1 and id <> $2")
        .bind(user.0)
        // Ids begin at 1.
        .bind(keep.map_or(0, |session| session.0));
    conn.run(sql).await.map(|_| ())
}
