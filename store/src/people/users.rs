//! Users: one row for each person.

use std::collections::BTreeMap;
use std::fmt;

use routing::AccountId;

use super::{NewIdentity, Role, Staff, email_key, identities};
use crate::convert::corrupt;
use crate::db::Store;
use crate::sql::{Conn, Sql};
use crate::{DatabaseKind, Error, Noun, Result, UnixMs};

/// A person's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub i64);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A second factor by time (RFC 6238).
#[derive(Clone, PartialEq, Eq)]
pub struct Totp {
    /// The shared secret, in Base32.
    pub secret: String,
    /// The last step of time whose code was used.
    pub last_step: i64,
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Totp").field("last_step", &self.last_step).finish_non_exhaustive()
    }
}

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// The address that they sign in with, as they write it.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What they may do in the whole installation.
    pub staff: Option<Staff>,
    /// Their password's hash, as a PHC string; none: a link or a provider lets them in.
    pub password: Option<String>,
    /// Their second factor.
    pub totp: Option<Totp>,
    /// They may not sign in any more.
    pub disabled: bool,
    /// When they were added.
    pub created_at: UnixMs,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("id", &self.id).field("email", &self.email).finish_non_exhaustive()
    }
}

/// Somebody to add.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    /// The address that they will sign in with.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What they may do in the whole installation.
    pub staff: Option<Staff>,
    /// Their password's hash, as a PHC string.
    pub password: Option<String>,
    /// The account at a provider that lets them in.
    pub identity: Option<NewIdentity>,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser").field("email", &self.email).finish_non_exhaustive()
    }
}

/// A person with all that decides what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub user: User,
    /// Their roles, by account.
    pub roles: BTreeMap<AccountId, Role>,
    /// The accounts whose owners let support write now, with the owner's address; of somebody of support.
    pub granted: BTreeMap<AccountId, String>,
}

/// The columns of [`UserRow`], of `users as u`.
pub(super) const USER_COLUMNS: &str = "u.id as user_id, u.email, u.name, u.staff, u.password, u.totp_secret, u.totp_step, u.disabled, u.created_at";

#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
    user_id: i64,
    email: String,
    name: String,
    staff: Option<String>,
    password: Option<String>,
    totp_secret: Option<String>,
    totp_step: i64,
    disabled: bool,
    created_at: i64,
}

impl UserRow {
    pub(super) fn into_domain(self) -> Result<User> {
        let id = self.user_id;
        let staff = self.staff.map(|name| {
            Staff::parse(&name).ok_or_else(|| corrupt("users", id, "staff", format_args!("{name:?} is none")))
        });
        Ok(User {
            id: UserId(id),
            email: self.email,
            name: self.name,
            staff: staff.transpose()?,
            password: self.password,
            totp: self.totp_secret.map(|secret| Totp { secret, last_step: self.totp_step }),
            disabled: self.disabled,
            created_at: UnixMs(self.created_at),
        })
    }
}

#[derive(sqlx::FromRow)]
struct RoleRow {
    account_id: i64,
    role: String,
}

impl Store {
    /// Whether anybody may sign in at all: nobody before the first visit.
    ///
    /// # Errors
    /// The database failed.
    pub async fn has_users(&self) -> Result<bool> {
        let sql = Sql::new("look for users", "select count(*) from (select 1 from users limit 1) as found");
        let (found,): (i64,) = self.reader().await?.conn().one(sql).await?;
        Ok(found > 0)
    }

    /// Everybody, by address.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn users(&self) -> Result<Vec<User>> {
        list(&mut self.reader().await?.conn()).await
    }

    /// The person of an id.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn user(&self, user: UserId) -> Result<Option<User>> {
        find(&mut self.reader().await?.conn(), user).await
    }

    /// The person of an address, however it is typed.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        by_email(&mut self.reader().await?.conn(), email).await
    }

    /// A person with their roles, and with the accounts that let support write at a moment.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn standing(&self, user: User, now: UnixMs) -> Result<Standing> {
        let mut reader = self.reader().await?;
        let mut conn = reader.conn();
        let sql = Sql::new(
            "read a person's roles",
            "select account_id, role from members where user_id = $1 order by account_id",
        )
        .bind(user.id.0);
        let mut roles = BTreeMap::new();
        for row in conn.all::<RoleRow>(sql).await? {
            let role = role_from_db(row.account_id, user.id.0, &row.role)?;
            roles.insert(AccountId(row.account_id), role);
        }
        let mut granted = BTreeMap::new();
        if user.staff == Some(Staff::Support) {
            let sql = Sql::new(
                "read who lets support write",
                "select account_id, granted_by from support_grants where until > $1",
            )
            .bind(now.0);
            let rows: Vec<(i64, String)> = conn.all(sql).await?;
            granted = rows.into_iter().map(|(id, by)| (AccountId(id), by)).collect();
        }
        Ok(Standing { user, roles, granted })
    }

    /// Changes what somebody is called.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn rename_user(&self, user: UserId, name: &str) -> Result<()> {
        let sql =
            Sql::new("rename a user", "update users set name = $2 where id = $1").bind(user.0).bind(name);
        self.write_user(sql).await
    }

    /// A write that one person's row takes.
    async fn write_user(&self, sql: Sql) -> Result<()> {
        if self.write_one(sql).await? { Ok(()) } else { Err(Error::NotFound(Noun::User)) }
    }

    /// A write of one statement. Whether it touched a row.
    pub(super) async fn write_one(&self, sql: Sql) -> Result<bool> {
        let mut tx = self.transact().await?;
        let touched = tx.conn().run(sql).await?;
        tx.commit("write about people").await?;
        Ok(touched > 0)
    }
}

pub(super) fn role_from_db(account: i64, user: i64, name: &str) -> Result<Role> {
    let unknown =
        || corrupt("members", format_args!("{account}/{user}"), "role", format_args!("{name:?} is none"));
    Role::parse(name).ok_or_else(unknown)
}

pub(crate) async fn list(conn: &mut Conn<'_>) -> Result<Vec<User>> {
    let mut sql = Sql::new("list users", "select ");
    sql.push(USER_COLUMNS).push(" from users as u order by u.email_key");
    let rows: Vec<UserRow> = conn.all(sql).await?;
    rows.into_iter().map(UserRow::into_domain).collect()
}

/// Gives somebody another role in the installation. What only an administrator can invite to ends with theirs.
pub(crate) async fn set_staff(conn: &mut Conn<'_>, user: UserId, staff: Option<Staff>) -> Result<()> {
    let sql = Sql::new("change a user's role", "update users set staff = $2 where id = $1")
        .bind(user.0)
        .bind(staff.map(|staff| staff.as_str().to_owned()));
    one(conn.run(sql).await?)?;
    if staff != Some(Staff::Admin) {
        super::invitations::withdraw_of(conn, user, super::invitations::Of::Everything).await?;
    }
    Ok(())
}

/// Why somebody's row is locked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// A session begins, by what stands now.
    Stays,
    /// What lets them in changes, and sessions end.
    Changes,
}

/// Locks somebody's row in PostgreSQL, before any other of theirs: so that of a session that begins and a change of what it
/// goes by, one waits for the other, and never both. SQLite has one writer.
pub(super) async fn lock(conn: &mut Conn<'_>, user: UserId, why: Lock) -> Result<()> {
    if conn.kind() == DatabaseKind::Postgres {
        let text = match why {
            Lock::Stays => "select id from users where id = $1 for share",
            Lock::Changes => "select id from users where id = $1 for no key update",
        };
        conn.optional::<(i64,)>(Sql::new("lock a user", text).bind(user.0)).await?;
    }
    Ok(())
}

/// Lets somebody in no more, or again. Whoever is disabled is signed out everywhere.
pub(crate) async fn set_disabled(conn: &mut Conn<'_>, user: UserId, disabled: bool) -> Result<()> {
    let sql = Sql::new("disable a user", "update users set disabled = $2 where id = $1")
        .bind(user.0)
        .bind(disabled);
    one(conn.run(sql).await?)?;
    if disabled {
        super::sessions::end_all(conn, user, None).await?;
        super::guards::forget_devices(conn, user).await?;
        super::invitations::withdraw_of(conn, user, super::invitations::Of::Everything).await?;
    }
    Ok(())
}

pub(super) fn one(touched: u64) -> Result<()> {
    if touched == 1 { Ok(()) } else { Err(Error::NotFound(Noun::User)) }
}

pub(crate) async fn insert(conn: &mut Conn<'_>, new: &NewUser, at: UnixMs) -> Result<UserId> {
    let sql = Sql::new(
        "add a user",
        "insert into users (email, email_key, name, staff, password, created_at)
         values ($1, $2, $3, $4, $5, $6) returning id",
    )
    .bind(new.email.trim())
    .bind(email_key(&new.email))
    .bind(new.name.as_str())
    .bind(new.staff.map(|staff| staff.as_str().to_owned()))
    .bind(new.password.clone())
    .bind(at.0);
    let taken = |error: Error| if error.breaks_unique() { Error::EmailTaken } else { error };
    let (id,): (i64,) = conn.one(sql).await.map_err(taken)?;
    let id = UserId(id);
    if let Some(identity) = &new.identity {
        identities::insert(conn, id, identity, at).await?;
    }
    Ok(id)
}

/// Adds the first of all users. Of two first visits at once, the second finds the first one's.
pub(crate) async fn insert_first(conn: &mut Conn<'_>, new: &NewUser, at: UnixMs) -> Result<UserId> {
    if conn.kind() == DatabaseKind::Postgres {
        conn.run(Sql::new("lock users", "lock table users in share row exclusive mode")).await?;
    }
    let sql = Sql::new("look for users", "select count(*) from users");
    match conn.one::<(i64,)>(sql).await? {
        (0,) => insert(conn, new, at).await,
        _ => Err(Error::SetUpAlready),
    }
}

pub(crate) async fn find(conn: &mut Conn<'_>, user: UserId) -> Result<Option<User>> {
    let mut sql = Sql::new("read a user", "select ");
    sql.push(USER_COLUMNS).push(" from users as u where u.id = ").push_bind(user.0);
    conn.optional::<UserRow>(sql).await?.map(UserRow::into_domain).transpose()
}

pub(super) async fn by_email(conn: &mut Conn<'_>, email: &str) -> Result<Option<User>> {
    let mut sql = Sql::new("read the user of an address", "select ");
    sql.push(USER_COLUMNS).push(" from users as u where u.email_key = ").push_bind(email_key(email));
    conn.optional::<UserRow>(sql).await?.map(UserRow::into_domain).transpose()
}
