//! Who belongs to an account, and whether support may write in it.

use std::collections::BTreeMap;

use routing::AccountId;

use super::invitations::{Of, withdraw_of};
use super::users::role_from_db;
use super::{Role, UserId};
use crate::db::Store;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// Somebody who belongs to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub since: UnixMs,
    /// Whether a second factor guards their sign-in.
    pub second_factor: bool,
    /// They may not sign in any more.
    pub disabled: bool,
}

/// That support may write in an account for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The address of the owner who lets them.
    pub by: String,
    /// Since when.
    pub since: UnixMs,
    /// Until when.
    pub until: UnixMs,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    user_id: i64,
    email: String,
    name: String,
    role: String,
    since: i64,
    second_factor: i64,
    disabled: bool,
}

impl Store {
    /// Everybody who belongs to an account: owners first, then by address.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn members(&self, account: AccountId) -> Result<Vec<Member>> {
        list(&mut self.reader().await?.conn(), account).await
    }

    /// To which accounts everybody belongs, and with which role.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn memberships(&self) -> Result<BTreeMap<UserId, Vec<(AccountId, Role)>>> {
        let sql = Sql::new(
            "list who belongs to which account",
            "select user_id, account_id, role from members order by user_id, account_id",
        );
        let rows: Vec<(i64, i64, String)> = self.reader().await?.conn().all(sql).await?;
        let mut memberships: BTreeMap<UserId, Vec<(AccountId, Role)>> = BTreeMap::new();
        for (user, account, role) in rows {
            let role = role_from_db(account, user, &role)?;
            memberships.entry(UserId(user)).or_default().push((AccountId(account), role));
        }
        Ok(memberships)
    }

    /// Until when support may write in an account, if it may now.
    ///
    /// # Errors
    /// The database failed.
    pub async fn support_grant(&self, account: AccountId, now: UnixMs) -> Result<Option<Grant>> {
        find_grant(&mut self.reader().await?.conn(), account, now).await
    }
}

pub(crate) async fn list(conn: &mut Conn<'_>, account: AccountId) -> Result<Vec<Member>> {
    let sql = Sql::new(
        "list who belongs to an account",
        "select m.user_id, u.email, u.name, m.role, m.since, u.disabled,
                cast(case when u.totp_secret is null then 0 else 1 end as bigint) as second_factor
         from members as m join users as u on u.id = m.user_id
         where m.account_id = $1
         order by case m.role when 'owner' then 0 when 'editor' then 1 else 2 end, u.email_key",
    )
    .bind(account.0);
    let rows: Vec<MemberRow> = conn.all(sql).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Member {
                user: UserId(row.user_id),
                role: role_from_db(account.0, row.user_id, &row.role)?,
                email: row.email,
                name: row.name,
                since: UnixMs(row.since),
                second_factor: row.second_factor != 0,
                disabled: row.disabled,
            })
        })
        .collect()
}

pub(crate) async fn add(
    conn: &mut Conn<'_>,
    account: AccountId,
    user: UserId,
    role: Role,
    since: UnixMs,
) -> Result<()> {
    let sql = Sql::new(
        "add somebody to an account",
        "insert into members (account_id, user_id, role, since) values ($1, $2, $3, $4)
         on conflict (account_id, user_id) do update set role = excluded.role",
    )
    .bind(account.0)
    .bind(user.0)
    .bind(role.as_str())
    .bind(since.0);
    conn.run(sql).await.map(|_| ())
}

pub(crate) async fn set_role(
    conn: &mut Conn<'_>,
    account: AccountId,
    user: UserId,
    role: Role,
) -> Result<()> {
    let sql = Sql::new(
        "change somebody's role",
        "update members set role = $3 where account_id = $1 and user_id = $2",
    )
    .bind(account.0)
    .bind(user.0)
    .bind(role.as_str());
    if role != Role::Owner {
        withdraw_of(conn, user, Of::Account(account)).await?;
    }
    one(conn, sql).await
}

/// Takes somebody out of an account, with the tokens and the invitations that they made in it.
pub(crate) async fn remove(conn: &mut Conn<'_>, account: AccountId, user: UserId) -> Result<()> {
    let sql =
        Sql::new("remove somebody's tokens", "delete from api_tokens where account_id = $1 and user_id = $2")
            .bind(account.0)
            .bind(user.0);
    conn.run(sql).await?;
    withdraw_of(conn, user, Of::Account(account)).await?;
    let sql = Sql::new(
        "take somebody out of an account",
        "delete from members where account_id = $1 and user_id = $2",
    )
    .bind(account.0)
    .bind(user.0);
    one(conn, sql).await
}

async fn one(conn: &mut Conn<'_>, sql: Sql) -> Result<()> {
    match conn.run(sql).await? {
        1 => Ok(()),
        _ => Err(Error::NotFound(Noun::User)),
    }
}

pub(crate) async fn find_grant(
    conn: &mut Conn<'_>,
    account: AccountId,
    now: UnixMs,
) -> Result<Option<Grant>> {
    let sql = Sql::new(
        "read until when support may write",
        "select granted_by, granted_at, until from support_grants where account_id = $1 and until > $2",
    )
    .bind(account.0)
    .bind(now.0);
    let row: Option<(String, i64, i64)> = conn.optional(sql).await?;
    Ok(row.map(|(by, since, until)| Grant { by, since: UnixMs(since), until: UnixMs(until) }))
}

pub(crate) async fn set_grant(conn: &mut Conn<'_>, account: AccountId, grant: &Grant) -> Result<()> {
    let sql = Sql::new(
        "let support write",
        "insert into support_grants (account_id, granted_by, granted_at, until) values ($1, $2, $3, $4)
         on conflict (account_id) do update
         set granted_by = excluded.granted_by, granted_at = excluded.granted_at, until = excluded.until",
    )
    .bind(account.0)
    .bind(grant.by.as_str())
    .bind(grant.since.0)
    .bind(grant.until.0);
    conn.run(sql).await.map(|_| ())
}

pub(crate) async fn end_grant(conn: &mut Conn<'_>, account: AccountId) -> Result<()> {
    let sql = Sql::new("let support write no more", "delete from support_grants where account_id = $1")
        .bind(account.0);
    conn.run(sql).await.map(|_| ())
}
