//! Passkeys (WebAuthn), and the ceremonies in which a browser makes or uses one.

use std::fmt;

use super::users::{self, Lock, USER_COLUMNS, UserRow};
use super::{SessionId, User, UserId, sessions};
use crate::db::Store;
use crate::secret::SecretHash;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// A passkey's id: what its page is named by. It opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PasskeyId(pub i64);

impl fmt::Display for PasskeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A passkey to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasskey {
    /// Whose it is.
    pub user: UserId,
    /// What the authenticator keeps of whose it is: random, and the same for all of one person.
    pub handle: Vec<u8>,
    /// What the authenticator calls it.
    pub credential_id: Vec<u8>,
    /// Its public key and the counter of its signatures, as JSON.
    pub credential: String,
    /// What its person calls it.
    pub name: String,
}

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// What the authenticator keeps of whose it is.
    pub handle: Vec<u8>,
    /// What the authenticator calls it.
    pub credential_id: Vec<u8>,
    /// Its public key and the counter of its signatures, as JSON.
    pub credential: String,
    /// What its person calls it.
    pub name: String,
    /// When it was made.
    pub created_at: UnixMs,
    /// When somebody last signed in with it.
    pub used_at: Option<UnixMs>,
}

/// A passkey that somebody signs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedPasskey {
    /// Which.
    pub id: PasskeyId,
    /// As it was when its signature was judged.
    pub before: String,
    /// As it is afterwards, with the counter that the signature named.
    pub after: String,
}

/// What a browser was asked to sign.
#[derive(Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// Who adds a passkey; `None` where somebody signs in.
    pub user: Option<UserId>,
    /// What was asked, as JSON.
    pub state: String,
}

impl fmt::Debug for Ceremony {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ceremony").field("user", &self.user).finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct PasskeyRow {
    passkey_id: i64,
    handle: Vec<u8>,
    credential_id: Vec<u8>,
    credential: String,
    passkey_name: String,
    made_at: i64,
    used_at: Option<i64>,
}

impl PasskeyRow {
    fn into_domain(self) -> Passkey {
        Passkey {
            id: PasskeyId(self.passkey_id),
            handle: self.handle,
            credential_id: self.credential_id,
            credential: self.credential,
            name: self.passkey_name,
            created_at: UnixMs(self.made_at),
            used_at: self.used_at.map(UnixMs),
        }
    }
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    #[sqlx(flatten)]
    passkey: PasskeyRow,
    #[sqlx(flatten)]
    user: UserRow,
}

const PASSKEY_COLUMNS: &str = "p.id as passkey_id, p.handle, p.credential_id, p.credential, \
                               p.name as passkey_name, p.created_at as made_at, p.used_at";

impl Store {
    /// A person's passkeys, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn passkeys(&self, user: UserId) -> Result<Vec<Passkey>> {
        let mut sql = Sql::new("list passkeys", "select ");
        sql.push(PASSKEY_COLUMNS)
            .push(" from passkeys as p where p.user_id = ")
            .push_bind(user.0)
            .push(" order by p.id");
        let rows: Vec<PasskeyRow> = self.reader().await?.conn().all(sql).await?;
        Ok(rows.into_iter().map(PasskeyRow::into_domain).collect())
    }

    /// The passkey that an authenticator calls so, and whose it is.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn passkey(&self, credential_id: &[u8]) -> Result<Option<(Passkey, User)>> {
        let mut sql = Sql::new("read a passkey", "select ");
        sql.push(PASSKEY_COLUMNS)
            .push(", ")
            .push(USER_COLUMNS)
            .push(" from passkeys as p join users as u on u.id = p.user_id where p.credential_id = ")
            .push_bind(credential_id.to_vec());
        let row: Option<HeldRow> = self.reader().await?.conn().optional(sql).await?;
        row.map(|row| Ok((row.passkey.into_domain(), row.user.into_domain()?))).transpose()
    }

    /// Keeps what a browser is asked to sign. What no browser came back with in time is removed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin_ceremony(
        &self,
        hash: &SecretHash,
        ceremony: &Ceremony,
        now: UnixMs,
        expires_at: UnixMs,
    ) -> Result<()> {
        let mut tx = self.transact().await?;
        let sql = Sql::new("remove old ceremonies", "delete from passkey_ceremonies where expires_at <= $1")
            .bind(now.0);
        tx.conn().run(sql).await?;
        let sql = Sql::new(
            "begin a ceremony",
            "insert into passkey_ceremonies (hash, user_id, state, expires_at) values ($1, $2, $3, $4)",
        )
        .bind(hash.as_str())
        .bind(ceremony.user.map(|user| user.0))
        .bind(ceremony.state.as_str())
        .bind(expires_at.0);
        tx.conn().run(sql).await?;
        tx.commit("begin a ceremony").await
    }

    /// Takes what a browser was asked to sign: whatever comes of it, it is gone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn take_ceremony(&self, hash: &SecretHash, now: UnixMs) -> Result<Option<Ceremony>> {
        let sql = Sql::new(
            "take a ceremony",
            "delete from passkey_ceremonies where hash = $1 returning user_id, state, expires_at",
        )
        .bind(hash.as_str());
        let mut tx = self.transact().await?;
        let row: Option<(Option<i64>, String, i64)> = tx.conn().optional(sql).await?;
        tx.commit("take a ceremony").await?;
        let in_time = row.filter(|(.., expires_at)| *expires_at > now.0);
        Ok(in_time.map(|(user, state, _)| Ceremony { user: user.map(UserId), state }))
    }
}

/// Keeps a passkey.
pub(crate) async fn insert(conn: &mut Conn<'_>, new: &NewPasskey, at: UnixMs) -> Result<PasskeyId> {
    let sql = Sql::new(
        "keep a passkey",
        "insert into passkeys (user_id, handle, credential_id, credential, name, created_at)
         values ($1, $2, $3, $4, $5, $6) returning id",
    )
    .bind(new.user.0)
    .bind(new.handle.clone())
    .bind(new.credential_id.clone())
    .bind(new.credential.as_str())
    .bind(new.name.as_str())
    .bind(at.0);
    let taken = |error: Error| if error.breaks_unique() { Error::PasskeyTaken } else { error };
    let (id,): (i64,) = conn.one(sql).await.map_err(taken)?;
    Ok(PasskeyId(id))
}

/// Calls one of a person's passkeys something else, and says what it was called.
pub(crate) async fn rename(
    conn: &mut Conn<'_>,
    user: UserId,
    passkey: PasskeyId,
    name: &str,
) -> Result<String> {
    let gone = || Error::NotFound(Noun::Passkey);
    let sql = Sql::new("read a passkey's name", "select name from passkeys where id = $2 and user_id = $1")
        .bind(user.0)
        .bind(passkey.0);
    let (before,): (String,) = conn.optional(sql).await?.ok_or_else(gone)?;
    let sql = Sql::new("rename a passkey", "update passkeys set name = $3 where id = $2 and user_id = $1")
        .bind(user.0)
        .bind(passkey.0)
        .bind(name);
    if conn.run(sql).await? == 1 { Ok(before) } else { Err(gone()) }
}

/// Removes one of a person's passkeys, says what it was called, and signs the person out everywhere but in one session:
/// any of the others may have begun with it.
pub(crate) async fn remove(
    conn: &mut Conn<'_>,
    user: UserId,
    passkey: PasskeyId,
    keep: Option<SessionId>,
) -> Result<String> {
    users::lock(conn, user, Lock::Changes).await?;
    let sql =
        Sql::new("remove a passkey", "delete from passkeys where id = $2 and user_id = $1 returning name")
            .bind(user.0)
            .bind(passkey.0);
    let (name,): (String,) = conn.optional(sql).await?.ok_or(Error::NotFound(Noun::Passkey))?;
    sessions::end_all(conn, user, keep).await?;
    Ok(name)
}

/// Notes that somebody signs in with a passkey. Whether it is there still, as it was judged: of two signatures with the
/// same counter, one counts.
pub(super) async fn note_use(
    conn: &mut Conn<'_>,
    user: UserId,
    used: &UsedPasskey,
    at: UnixMs,
) -> Result<bool> {
    let sql = Sql::new(
        "note the use of a passkey",
        "update passkeys set credential = $4, used_at = $5 where id = $1 and user_id = $2 and credential = $3",
    )
    .bind(used.id.0)
    .bind(user.0)
    .bind(used.before.as_str())
    .bind(used.after.as_str())
    .bind(at.0);
    Ok(conn.run(sql).await? == 1)
}
