//! What guards a sign-in: passwords and the links that set one, the second factor, and the browsers that are known.

use std::collections::BTreeMap;

use super::users::{USER_COLUMNS, UserRow};
use super::{SessionId, Totp, User, UserId, identities, sessions, users};
use crate::convert::count;
use crate::db::Store;
use crate::secret::SecretHash;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// How long a browser is remembered: as long as browsers keep a cookie.
const DEVICE_KEPT_MS: i64 = 400 * 24 * 60 * 60 * 1000;

/// How somebody can prove who they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaysIn {
    /// By a password.
    pub password: bool,
    /// By so many passkeys.
    pub passkeys: u64,
    /// By the word of these providers, by their issuer identifiers.
    pub issuers: Vec<String>,
}

impl WaysIn {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        !self.password && self.passkeys == 0 && self.issuers.is_empty()
    }
}

impl Store {
    /// How everybody can prove who they are.
    ///
    /// # Errors
    /// The database failed.
    pub async fn all_ways_in(&self) -> Result<BTreeMap<UserId, WaysIn>> {
        let mut reader = self.reader().await?;
        let mut conn = reader.conn();
        let sql = Sql::new(
            "look how people sign in",
            "select u.id, u.password is not null, (select count(*) from passkeys as p where p.user_id = u.id)
             from users as u",
        );
        let rows: Vec<(i64, bool, i64)> = conn.all(sql).await?;
        let ways = |(user, password, passkeys)| {
            (UserId(user), WaysIn { password, passkeys: count(passkeys), issuers: Vec::new() })
        };
        let mut all: BTreeMap<UserId, WaysIn> = rows.into_iter().map(ways).collect();
        let sql = Sql::new("list issuers", "select user_id, issuer from oidc_identities order by issuer");
        let issuers: Vec<(i64, String)> = conn.all(sql).await?;
        for (user, issuer) in issuers {
            if let Some(ways) = all.get_mut(&UserId(user)) {
                ways.issuers.push(issuer);
            }
        }
        Ok(all)
    }

    /// How somebody can prove who they are.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn ways_in(&self, user: UserId) -> Result<WaysIn> {
        ways_in(&mut self.reader().await?.conn(), user).await
    }

    /// Uses the code of a step of time. Whether it was the first use of it or of any later one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn use_totp_step(&self, user: UserId, step: i64) -> Result<bool> {
        let sql = Sql::new(
            "use a code",
            "update users set totp_step = $2 where id = $1 and totp_step < $2 and totp_secret is not null",
        )
        .bind(user.0)
        .bind(step);
        self.write_one(sql).await
    }

    /// Uses a recovery code. Whether it was one that was left.
    ///
    /// # Errors
    /// The database failed.
    pub async fn use_recovery_code(&self, user: UserId, hash: &SecretHash) -> Result<bool> {
        let sql =
            Sql::new("use a recovery code", "delete from recovery_codes where user_id = $1 and hash = $2")
                .bind(user.0)
                .bind(hash.as_str());
        self.write_one(sql).await
    }

    /// How many recovery codes somebody has left.
    ///
    /// # Errors
    /// The database failed.
    pub async fn recovery_codes(&self, user: UserId) -> Result<u64> {
        let sql = Sql::new("count recovery codes", "select count(*) from recovery_codes where user_id = $1")
            .bind(user.0);
        let (left,): (i64,) = self.reader().await?.conn().one(sql).await?;
        Ok(count(left))
    }

    /// Remembers a browser that somebody signed in with.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remember_device(&self, user: UserId, hash: &SecretHash) -> Result<()> {
        let sql = Sql::new(
            "remember a browser",
            "insert into devices (hash, user_id, created_at) values ($1, $2, $3)",
        )
        .bind(hash.as_str())
        .bind(user.0)
        .bind(UnixMs::now().0);
        self.write_one(sql).await.map(|_| ())
    }

    /// Whether somebody signed in with this browser before.
    ///
    /// # Errors
    /// The database failed.
    pub async fn knows_device(&self, user: UserId, hash: &SecretHash) -> Result<bool> {
        let sql = Sql::new(
            "look for a browser",
            "select count(*) from devices where hash = $1 and user_id = $2 and created_at > $3",
        )
        .bind(hash.as_str())
        .bind(user.0)
        .bind(UnixMs::now().minus_ms(DEVICE_KEPT_MS).0);
        let (found,): (i64,) = self.reader().await?.conn().one(sql).await?;
        Ok(found > 0)
    }

    /// Whose password a link sets, if it still does.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn password_link(&self, hash: &SecretHash, now: UnixMs) -> Result<Option<User>> {
        let mut sql = Sql::new("read a link to a password", "select ");
        sql.push(USER_COLUMNS)
            .push(" from password_links as l join users as u on u.id = l.user_id where l.hash = ")
            .push_bind(hash.as_str())
            .push(" and l.expires_at > ")
            .push_bind(now.0);
        self.reader().await?.conn().optional::<UserRow>(sql).await?.map(UserRow::into_domain).transpose()
    }
}

pub(crate) async fn ways_in(conn: &mut Conn<'_>, user: UserId) -> Result<WaysIn> {
    let sql = Sql::new(
        "look how somebody signs in",
        "select password is not null, (select count(*) from passkeys where user_id = $1) from users where id = $1",
    )
    .bind(user.0);
    let row: Option<(bool, i64)> = conn.optional(sql).await?;
    let (password, passkeys) = row.ok_or(Error::NotFound(Noun::User))?;
    let issuers = identities::issuers_of(conn, user).await?;
    Ok(WaysIn { password, passkeys: count(passkeys), issuers })
}

/// Sets a password and signs the person out everywhere but in one session. Links to a new password end with it.
pub(crate) async fn set_password(
    conn: &mut Conn<'_>,
    user: UserId,
    password: &str,
    keep: Option<SessionId>,
) -> Result<()> {
    let sql = Sql::new("set a password", "update users set password = $2 where id = $1")
        .bind(user.0)
        .bind(password);
    if conn.run(sql).await? != 1 {
        return Err(Error::NotFound(Noun::User));
    }
    forget_devices(conn, user).await?;
    end_password_links(conn, user).await?;
    sessions::end_all(conn, user, keep).await
}

/// Sets a password by a link, which is used up by it, and signs the person out everywhere.
pub(crate) async fn set_password_by_link(
    conn: &mut Conn<'_>,
    (user, asked): (UserId, Option<&str>),
    link: &SecretHash,
    password: &str,
    now: UnixMs,
) -> Result<()> {
    let sql = Sql::new(
        "use a link to a password",
        "delete from password_links where hash = $1 and user_id = $2 and expires_at > $3
         and exists (select 1 from users where id = $2 and not disabled)",
    )
    .bind(link.as_str())
    .bind(user.0)
    .bind(now.0);
    if conn.run(sql).await? != 1 {
        return Err(Error::NotFound(Noun::PasswordLink));
    }
    set_password(conn, user, password, None).await?;
    // Whoever needs such a link does not know who else has a way in by now.
    forget_passkeys(conn, user).await?;
    identities::unlink_all(conn, user, asked).await
}

/// Sets or takes away the second factor, with the words that stand in for it once each, and signs the person out
/// everywhere but in one session: what the others proved may be less than is asked now.
pub(crate) async fn set_totp(
    conn: &mut Conn<'_>,
    user: UserId,
    totp: Option<&Totp>,
    recovery: &[SecretHash],
    keep: Option<SessionId>,
) -> Result<()> {
    let sql =
        Sql::new("set a second factor", "update users set totp_secret = $2, totp_step = $3 where id = $1")
            .bind(user.0)
            .bind(totp.map(|totp| totp.secret.clone()))
            .bind(totp.map_or(0, |totp| totp.last_step));
    users::one(conn.run(sql).await?)?;
    let sql = Sql::new("drop recovery codes", "delete from recovery_codes where user_id = $1").bind(user.0);
    conn.run(sql).await?;
    for hash in recovery {
        let sql =
            Sql::new("keep a recovery code", "insert into recovery_codes (user_id, hash) values ($1, $2)")
                .bind(user.0)
                .bind(hash.as_str());
        conn.run(sql).await?;
    }
    sessions::end_all(conn, user, keep).await
}

/// Takes the second factor away from somebody who lost it, their passkeys too, and signs them out everywhere.
pub(crate) async fn drop_totp(conn: &mut Conn<'_>, user: UserId) -> Result<()> {
    set_totp(conn, user, None, &[], None).await?;
    forget_passkeys(conn, user).await
}

async fn forget_passkeys(conn: &mut Conn<'_>, user: UserId) -> Result<()> {
    for text in
        ["delete from passkeys where user_id = $1", "delete from passkey_ceremonies where user_id = $1"]
    {
        conn.run(Sql::new("forget passkeys", text).bind(user.0)).await?;
    }
    Ok(())
}

/// Makes a link to a new password, in place of an earlier one.
pub(crate) async fn make_password_link(
    conn: &mut Conn<'_>,
    user: UserId,
    hash: &SecretHash,
    at: UnixMs,
    expires_at: UnixMs,
) -> Result<()> {
    end_password_links(conn, user).await?;
    let sql = Sql::new(
        "make a link to a password",
        "insert into password_links (hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)",
    )
    .bind(hash.as_str())
    .bind(user.0)
    .bind(at.0)
    .bind(expires_at.0);
    conn.run(sql).await.map(|_| ())
}

/// Browsers that somebody signed in with before are strangers from now on.
pub(super) async fn forget_devices(conn: &mut Conn<'_>, user: UserId) -> Result<()> {
    let sql = Sql::new("forget browsers", "delete from devices where user_id = $1").bind(user.0);
    conn.run(sql).await.map(|_| ())
}

async fn end_password_links(conn: &mut Conn<'_>, user: UserId) -> Result<()> {
    let sql =
        Sql::new("end links to a password", "delete from password_links where user_id = $1").bind(user.0);
    conn.run(sql).await.map(|_| ())
}
