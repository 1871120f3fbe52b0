//! Saved cases: calls with what they are expected to do. What is in one, only `portal` knows.

use routing::{AccountId, Alias, CaseId, Version};
use serde_json::Value as Json;

use crate::accounts::{self, Counter};
use crate::convert::{alias_from_db, json_from_db, json_to_db, row_name};
use crate::db::Store;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// A case as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRow {
    /// Unique in the account.
    pub id: CaseId,
    /// What its owner calls it; unique among the account's cases without regard to case.
    pub name: Alias,
    /// The call, and what it is expected to do.
    pub body: Json,
    /// When it was saved first.
    pub created_at: UnixMs,
    /// The account's version at which it last changed.
    pub version: Version,
}

/// A case to insert, or what one becomes; the store chooses its id.
#[derive(Clone, Debug, PartialEq)]
pub struct NewCase {
    /// What its owner calls it.
    pub name: Alias,
    /// The call, and what it is expected to do.
    pub body: Json,
}

#[derive(sqlx::FromRow)]
struct StoredCase {
    id: i64,
    name: String,
    body: String,
    created_at: i64,
    version: i64,
}

impl StoredCase {
    fn into_domain(self, account: AccountId) -> Result<CaseRow> {
        let row = row_name(account, self.id);
        Ok(CaseRow {
            id: CaseId(self.id),
            name: alias_from_db("cases", &row, "name", &self.name)?,
            body: json_from_db("cases", &row, "body", &self.body)?,
            created_at: UnixMs(self.created_at),
            version: Version(self.version),
        })
    }
}

const SELECT_CASES: &str = "select id, name, body, created_at, version from cases where account_id = ";

impl Store {
    /// The account's cases by name.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn cases(&self, account: AccountId) -> Result<Vec<CaseRow>> {
        list(&mut self.reader().await?.conn(), account).await
    }

    /// One case.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn case(&self, account: AccountId, case: CaseId) -> Result<Option<CaseRow>> {
        find(&mut self.reader().await?.conn(), account, case).await
    }
}

pub(crate) async fn list(conn: &mut Conn<'_>, account: AccountId) -> Result<Vec<CaseRow>> {
    let mut sql = Sql::new("list cases", SELECT_CASES);
    sql.push_bind(account.0).push(" order by name_key, id");
    let rows: Vec<StoredCase> = conn.all(sql).await?;
    rows.into_iter().map(|row| row.into_domain(account)).collect()
}

pub(crate) async fn find(conn: &mut Conn<'_>, account: AccountId, case: CaseId) -> Result<Option<CaseRow>> {
    let mut sql = Sql::new("read a case", SELECT_CASES);
    sql.push_bind(account.0).push(" and id = ").push_bind(case.0);
    conn.optional::<StoredCase>(sql).await?.map(|row| row.into_domain(account)).transpose()
}

pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    at: UnixMs,
    new: &NewCase,
) -> Result<CaseId> {
    let id = CaseId(accounts::next_id(conn, account, Counter::Case).await?);
    insert_as(conn, account, version, at, id, new).await?;
    Ok(id)
}

/// Brings a deleted case back under the id that it had.
pub(crate) async fn restore(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    at: UnixMs,
    id: CaseId,
    new: &NewCase,
) -> Result<()> {
    if !accounts::was_given(conn, account, Counter::Case, id.0).await? {
        return Err(Error::NotFound(Noun::Case));
    }
    insert_as(conn, account, version, at, id, new).await
}

async fn insert_as(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    at: UnixMs,
    id: CaseId,
    new: &NewCase,
) -> Result<()> {
    let sql = Sql::new(
        "add a case",
        "insert into cases (account_id, id, name, name_key, body, created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(account.0)
    .bind(id.0)
    .bind(new.name.as_str())
    .bind(new.name.fold())
    .bind(json_to_db("add a case", &new.body)?)
    .bind(at.0)
    .bind(version.0);
    conn.run(sql).await.map_err(|error| error.or_name_taken(Noun::Case, &new.name)).map(drop)
}

pub(crate) async fn update(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    case: CaseId,
    new: &NewCase,
) -> Result<()> {
    let sql = Sql::new(
        "change a case",
        "update cases set name = $3, name_key = $4, body = $5, version = $6 where account_id = $1 and id = $2",
    )
    .bind(account.0)
    .bind(case.0)
    .bind(new.name.as_str())
    .bind(new.name.fold())
    .bind(json_to_db("change a case", &new.body)?)
    .bind(version.0);
    one(conn.run(sql).await.map_err(|error| error.or_name_taken(Noun::Case, &new.name))?)
}

pub(crate) async fn delete(conn: &mut Conn<'_>, account: AccountId, case: CaseId) -> Result<()> {
    let sql = Sql::new("delete a case", "delete from cases where account_id = $1 and id = $2")
        .bind(account.0)
        .bind(case.0);
    one(conn.run(sql).await?)
}

fn one(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound(Noun::Case)) }
}
