//! API tokens: what programs sign in with, each for one account.

use std::fmt;

use routing::AccountId;

use super::UserId;
use super::users::{USER_COLUMNS, User, UserRow};
use crate::convert::corrupt;
use crate::db::Store;
use crate::secret::SecretHash;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// A token's id. It opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub i64);

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a token may do, of what its maker may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Look.
    Read,
    /// Change the configuration too.
    Write,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 2] = [Scope::Read, Scope::Write];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Write => "write",
        }
    }

    /// The scope of a stable name.
    pub fn parse(name: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// A token to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// Of the token.
    pub hash: SecretHash,
    /// Who makes it: it can do nothing that they cannot.
    pub user: UserId,
    /// What it is for.
    pub name: String,
    /// How it begins, to tell it from others.
    pub hint: String,
    /// What it may do.
    pub scope: Scope,
    /// Until when it works.
    pub expires_at: UnixMs,
}

/// A token, without what opens anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// The address of who made it.
    pub by: String,
    /// How it begins.
    pub hint: String,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub created_at: UnixMs,
    /// Until when it works.
    pub expires_at: UnixMs,
    /// When it was last used, to the minute or so.
    pub used_at: Option<UnixMs>,
}

/// For whom a token stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHolder {
    /// Which token.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// For which account.
    pub account: AccountId,
    /// What it may do.
    pub scope: Scope,
    /// When it was last used.
    pub used_at: Option<UnixMs>,
    /// Who made it.
    pub user: User,
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: i64,
    token_name: String,
    by_whom: String,
    hint: String,
    scope: String,
    made_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    id: i64,
    token_name: String,
    account_id: i64,
    scope: String,
    used_at: Option<i64>,
    #[sqlx(flatten)]
    user: UserRow,
}

fn scope_from_db(id: i64, name: &str) -> Result<Scope> {
    Scope::parse(name).ok_or_else(|| corrupt("api_tokens", id, "scope", format_args!("{name:?} is none")))
}

impl Store {
    /// The tokens of an account, also those that work no more, latest first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn tokens(&self, account: AccountId) -> Result<Vec<ApiToken>> {
        let sql = Sql::new(
            "list tokens",
            "select t.id, t.name as token_name, u.email as by_whom, t.hint, t.scope, t.created_at as made_at,
                    t.expires_at, t.used_at
             from api_tokens as t join users as u on u.id = t.user_id
             where t.account_id = $1 order by t.id desc",
        )
        .bind(account.0);
        let rows: Vec<TokenRow> = self.reader().await?.conn().all(sql).await?;
        rows.into_iter()
            .map(|row| {
                Ok(ApiToken {
                    id: TokenId(row.id),
                    scope: scope_from_db(row.id, &row.scope)?,
                    name: row.token_name,
                    by: row.by_whom,
                    hint: row.hint,
                    created_at: UnixMs(row.made_at),
                    expires_at: UnixMs(row.expires_at),
                    used_at: row.used_at.map(UnixMs),
                })
            })
            .collect()
    }

    /// For whom a token stands, if it still works.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn token(&self, hash: &SecretHash, now: UnixMs) -> Result<Option<TokenHolder>> {
        let mut sql =
            Sql::new("read a token", "select t.id, t.name as token_name, t.account_id, t.scope, t.used_at, ");
        sql.push(USER_COLUMNS)
            .push(" from api_tokens as t join users as u on u.id = t.user_id where t.hash = ")
            .push_bind(hash.as_str())
            .push(" and t.expires_at > ")
            .push_bind(now.0);
        let row: Option<HolderRow> = self.reader().await?.conn().optional(sql).await?;
        row.map(|row| {
            Ok(TokenHolder {
                id: TokenId(row.id),
                name: row.token_name,
                account: AccountId(row.account_id),
                scope: scope_from_db(row.id, &row.scope)?,
                used_at: row.used_at.map(UnixMs),
                user: row.user.into_domain()?,
            })
        })
        .transpose()
    }

    /// Notes that a token is in use.
    ///
    /// # Errors
    /// The database failed.
    pub async fn touch_token(&self, token: TokenId, at: UnixMs) -> Result<()> {
        let sql = Sql::new("touch a token", "update api_tokens set used_at = $2 where id = $1")
            .bind(token.0)
            .bind(at.0);
        self.write_one(sql).await.map(|_| ())
    }
}

pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    account: AccountId,
    new: &NewToken,
    at: UnixMs,
) -> Result<TokenId> {
    let sql = Sql::new(
        "make a token",
        "insert into api_tokens (hash, account_id, user_id, name, hint, scope, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
    )
    .bind(new.hash.as_str())
    .bind(account.0)
    .bind(new.user.0)
    .bind(new.name.as_str())
    .bind(new.hint.as_str())
    .bind(new.scope.as_str())
    .bind(at.0)
    .bind(new.expires_at.0);
    let (id,): (i64,) = conn.one(sql).await?;
    Ok(TokenId(id))
}

pub(crate) async fn remove(conn: &mut Conn<'_>, account: AccountId, token: TokenId) -> Result<String> {
    let sql =
        Sql::new("revoke a token", "delete from api_tokens where account_id = $1 and id = $2 returning name")
            .bind(account.0)
            .bind(token.0);
    let (name,): (String,) = conn.optional(sql).await?.ok_or(Error::NotFound(Noun::Token))?;
    Ok(name)
}
