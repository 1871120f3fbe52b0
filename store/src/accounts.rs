//! Accounts: who owns the numbers.

use routing::{AccountId, Defaults, Version};

use crate::convert::corrupt;
use crate::db::Store;
use crate::sql::{Conn, Sql};
use crate::{DatabaseKind, Error, Result, UnixMs};

/// The version of an account whose creation is not committed: the operation that creates it makes version 0.
pub(crate) const BEFORE_CREATION: Version = Version(-1);

/// Under which the installation's own history is kept. It is nobody's account: it is in no list, and holds nothing else.
pub const INSTALLATION: AccountId = AccountId(0);

/// A customer's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// ISO 3166-1 alpha-2: where national numbers are read.
    pub country: String,
    /// Grows by one with every committed transaction.
    pub version: Version,
    /// The clocks and the trigger of its calls.
    pub defaults: Defaults,
    /// Made up for looking around.
    pub sample: bool,
    /// When it was created.
    pub created_at: UnixMs,
}

/// An account to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// What its owner calls it.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Made up for looking around.
    pub sample: bool,
    /// When; the sample begins in the past.
    pub created_at: UnixMs,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: i64,
    name: String,
    country: String,
    version: i64,
    defaults: String,
    sample: bool,
    created_at: i64,
}

impl AccountRow {
    fn into_domain(self) -> Result<Account> {
        let defaults = serde_json::from_str(&self.defaults)
            .map_err(|error| corrupt("accounts", self.id, "defaults", error))?;
        Ok(Account {
            id: AccountId(self.id),
            name: self.name,
            country: self.country,
            version: Version(self.version),
            defaults,
            sample: self.sample,
            created_at: UnixMs(self.created_at),
        })
    }
}

impl Store {
    /// Every account of a customer, by id.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let sql = Sql::new(
            "list accounts",
            "select id, name, country, version, defaults, sample, created_at from accounts
             where id > 0 order by id",
        );
        let rows: Vec<AccountRow> = self.reader().await?.conn().all(sql).await?;
        rows.into_iter().map(AccountRow::into_domain).collect()
    }

    /// One account.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn account(&self, account: AccountId) -> Result<Option<Account>> {
        find(&mut self.reader().await?.conn(), account).await
    }
}

/// Adds the account with its built-in route.
pub(crate) async fn insert(conn: &mut Conn<'_>, new: NewAccount) -> Result<Account> {
    let defaults = Defaults::default();
    let json = serde_json::to_string(&defaults)
        .map_err(|source| Error::Encode { doing: "create the account", source })?;
    let sql = Sql::new(
        "create the account",
        "insert into accounts (name, country, version, defaults, sample, next_route_id, created_at)
         values ($1, $2, $3, $4, $5, 1, $6)
         returning id",
    )
    .bind(new.name.as_str())
    .bind(new.country.as_str())
    .bind(BEFORE_CREATION.0)
    .bind(json)
    .bind(new.sample)
    .bind(new.created_at.0);
    let (id,): (i64,) = conn.one(sql).await?;
    crate::routes::insert_built_in(conn, AccountId(id)).await?;
    Ok(Account {
        id: AccountId(id),
        name: new.name,
        country: new.country,
        version: BEFORE_CREATION,
        defaults,
        sample: new.sample,
        created_at: new.created_at,
    })
}

/// What an account counts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counter {
    Route,
    Plan,
    Schedule,
    Case,
}

impl Counter {
    fn column(self) -> &'static str {
        match self {
            Counter::Route => "next_route_id",
            Counter::Plan => "next_plan_id",
            Counter::Schedule => "next_schedule_id",
            Counter::Case => "next_case_id",
        }
    }
}

/// Takes the next id of a counter: an id is never given to another thing.
pub(crate) async fn next_id(conn: &mut Conn<'_>, account: AccountId, counter: Counter) -> Result<i64> {
    let column = counter.column();
    let mut sql = Sql::new("take the next id", "update accounts set ");
    sql.push(column).push(" = ").push(column).push(" + 1 where id = ").push_bind(account.0);
    sql.push(" returning ").push(column).push(" - 1");
    let (id,): (i64,) = conn.optional(sql).await?.ok_or(Error::LostAccount(account))?;
    Ok(id)
}

/// Whether an id was given once: what was deleted may come back under its own id, and under no other.
pub(crate) async fn was_given(
    conn: &mut Conn<'_>,
    account: AccountId,
    counter: Counter,
    id: i64,
) -> Result<bool> {
    let mut sql = Sql::new("look whether an id was given", "select ");
    sql.push(counter.column()).push(" from accounts where id = ").push_bind(account.0);
    let (next,): (i64,) = conn.optional(sql).await?.ok_or(Error::LostAccount(account))?;
    Ok((1..next).contains(&id))
}

pub(crate) async fn find(conn: &mut Conn<'_>, account: AccountId) -> Result<Option<Account>> {
    let sql = Sql::new(
        "read the account",
        "select id, name, country, version, defaults, sample, created_at from accounts where id = $1",
    )
    .bind(account.0);
    conn.optional::<AccountRow>(sql).await?.map(AccountRow::into_domain).transpose()
}

/// Reads the account and keeps others from changing it until the transaction ends. On SQLite the transaction
/// holds the write lock already.
pub(crate) async fn lock(conn: &mut Conn<'_>, account: AccountId) -> Result<Option<Account>> {
    if conn.kind() == DatabaseKind::Sqlite {
        return find(conn, account).await;
    }
    let sql = Sql::new(
        "lock the account",
        "select id, name, country, version, defaults, sample, created_at from accounts where id = $1 for no key update",
    )
    .bind(account.0);
    conn.optional::<AccountRow>(sql).await?.map(AccountRow::into_domain).transpose()
}

/// Changes what the owner may change: name, country, defaults.
pub(crate) async fn update(conn: &mut Conn<'_>, account: &Account) -> Result<()> {
    let json = serde_json::to_string(&account.defaults)
        .map_err(|source| Error::Encode { doing: "change the account", source })?;
    let sql = Sql::new(
        "change the account",
        "update accounts set name = $2, country = $3, defaults = $4 where id = $1",
    )
    .bind(account.id.0)
    .bind(account.name.as_str())
    .bind(account.country.as_str())
    .bind(json);
    match conn.run(sql).await? {
        1 => Ok(()),
        _ => Err(Error::LostAccount(account.id)),
    }
}

/// Moves the account from one version to the next.
pub(crate) async fn bump(conn: &mut Conn<'_>, account: AccountId, from: Version, to: Version) -> Result<()> {
    let sql = Sql::new(
        "raise the account's version",
        "update accounts set version = $3 where id = $1 and version = $2",
    )
    .bind(account.0)
    .bind(from.0)
    .bind(to.0);
    match conn.run(sql).await? {
        1 => Ok(()),
        _ => Err(Error::LostAccount(account)),
    }
}
