//! Invitations: links that work once, to a role in an account or in the installation.

use std::fmt;

use routing::AccountId;

use super::{Role, Staff, email_key};
use crate::convert::corrupt;
use crate::db::Store;
use crate::secret::SecretHash;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// An invitation's id. It opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvitationId(pub i64);

impl fmt::Display for InvitationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// To what somebody is invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invited {
    /// To a role in an account.
    Member(AccountId, Role),
    /// To a role in the installation.
    Staff(Staff),
}

/// An invitation to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// Of the link's word.
    pub hash: SecretHash,
    /// To what.
    pub to: Invited,
    /// Whom.
    pub email: String,
    /// Who invites them.
    pub by: String,
    /// Until when it can be accepted.
    pub expires_at: UnixMs,
}

/// An invitation that nobody accepted yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// To what.
    pub to: Invited,
    /// Whom.
    pub email: String,
    /// Who invites them.
    pub by: String,
    /// Since when.
    pub created_at: UnixMs,
    /// Until when it can be accepted.
    pub expires_at: UnixMs,
}

#[derive(sqlx::FromRow)]
struct InvitationRow {
    id: i64,
    account_id: Option<i64>,
    role: Option<String>,
    staff: Option<String>,
    email: String,
    invited_by: String,
    created_at: i64,
    expires_at: i64,
}

impl InvitationRow {
    fn into_domain(self) -> Result<Invitation> {
        let role = self.role.as_deref().and_then(Role::parse);
        let staff = self.staff.as_deref().and_then(Staff::parse);
        let to = match (self.account_id, role, staff) {
            (Some(account), Some(role), None) => Invited::Member(AccountId(account), role),
            (None, None, Some(staff)) => Invited::Staff(staff),
            _ => return Err(corrupt("invitations", self.id, "role", "it is to no role")),
        };
        Ok(Invitation {
            id: InvitationId(self.id),
            to,
            email: self.email,
            by: self.invited_by,
            created_at: UnixMs(self.created_at),
            expires_at: UnixMs(self.expires_at),
        })
    }
}

const SELECT: &str =
    "select id, account_id, role, staff, email, invited_by, created_at, expires_at from invitations where ";

impl Store {
    /// The invitations to an account that can be accepted; without an account, those to the installation.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn invitations(&self, account: Option<AccountId>, now: UnixMs) -> Result<Vec<Invitation>> {
        let mut sql = Sql::new("list invitations", SELECT);
        match account {
            Some(account) => sql.push("account_id = ").push_bind(account.0),
            None => sql.push("account_id is null"),
        };
        sql.push(" and expires_at > ").push_bind(now.0).push(" order by id");
        let rows: Vec<InvitationRow> = self.reader().await?.conn().all(sql).await?;
        rows.into_iter().map(InvitationRow::into_domain).collect()
    }

    /// The invitation of a link, if it can be accepted.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn invitation(&self, hash: &SecretHash, now: UnixMs) -> Result<Option<Invitation>> {
        let mut sql = Sql::new("read an invitation", SELECT);
        sql.push("hash = ").push_bind(hash.as_str()).push(" and expires_at > ").push_bind(now.0);
        self.reader()
            .await?
            .conn()
            .optional::<InvitationRow>(sql)
            .await?
            .map(InvitationRow::into_domain)
            .transpose()
    }
}

pub(crate) async fn insert(conn: &mut Conn<'_>, new: &NewInvitation, at: UnixMs) -> Result<()> {
    let (account, role, staff) = match new.to {
        Invited::Member(account, role) => (Some(account.0), Some(role.as_str()), None),
        Invited::Staff(staff) => (None, None, Some(staff.as_str())),
    };
    // One invitation a person: the latest counts.
    let mut sql = Sql::new("replace an invitation", "delete from invitations where email_key = ");
    sql.push_bind(email_key(&new.email));
    match account {
        Some(account) => sql.push(" and account_id = ").push_bind(account),
        None => sql.push(" and account_id is null"),
    };
    conn.run(sql).await?;
    let sql = Sql::new(
        "invite somebody",
        "insert into invitations (hash, account_id, role, staff, email, email_key, invited_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.hash.as_str())
    .bind(account)
    .bind(role.map(str::to_owned))
    .bind(staff.map(str::to_owned))
    .bind(new.email.trim())
    .bind(email_key(&new.email))
    .bind(new.by.as_str())
    .bind(at.0)
    .bind(new.expires_at.0);
    conn.run(sql).await.map(|_| ())
}

/// Which of somebody's invitations.
#[derive(Clone, Copy)]
pub(super) enum Of {
    Account(AccountId),
    Everything,
}

/// Takes the invitations back that somebody made: they reach no further than whoever made them.
pub(super) async fn withdraw_of(conn: &mut Conn<'_>, user: super::UserId, of: Of) -> Result<()> {
    let mut sql = Sql::new(
        "withdraw somebody's invitations",
        "delete from invitations where invited_by = (select email from users where id = ",
    );
    sql.push_bind(user.0).push(")");
    if let Of::Account(account) = of {
        sql.push(" and account_id = ").push_bind(account.0);
    }
    conn.run(sql).await.map(|_| ())
}

/// Uses a link up.
pub(crate) async fn consume(conn: &mut Conn<'_>, hash: &SecretHash) -> Result<()> {
    let sql = Sql::new("use an invitation", "delete from invitations where hash = $1").bind(hash.as_str());
    match conn.run(sql).await? {
        1 => Ok(()),
        _ => Err(Error::NotFound(Noun::Invitation)),
    }
}

/// Takes an invitation to an account back, or without one an invitation to the installation; and says whom it invited.
pub(crate) async fn withdraw(
    conn: &mut Conn<'_>,
    account: Option<AccountId>,
    id: InvitationId,
) -> Result<Invitation> {
    let mut sql = Sql::new("read an invitation", SELECT);
    match account {
        Some(account) => sql.push("account_id = ").push_bind(account.0),
        None => sql.push("account_id is null"),
    };
    sql.push(" and id = ").push_bind(id.0);
    let row: InvitationRow = conn.optional(sql).await?.ok_or(Error::NotFound(Noun::Invitation))?;
    let sql = Sql::new("withdraw an invitation", "delete from invitations where id = $1").bind(id.0);
    conn.run(sql).await?;
    row.into_domain()
}

/// Gives the role that somebody was invited to: an invitation gives, and takes nothing away.
pub(crate) async fn give_staff(conn: &mut Conn<'_>, user: super::UserId, staff: Staff) -> Result<()> {
    let sql = Sql::new(
        "give a user a role",
        "update users set staff = $2 where id = $1 and (staff is null or staff <> 'admin')",
    )
    .bind(user.0)
    .bind(staff.as_str());
    conn.run(sql).await.map(|_| ())
}
