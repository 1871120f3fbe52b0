//! Looking over every account at once, for the staff: they know a number, an alias or a host, and not yet whose it is.
//!
//! Each search is one statement that stops at the number of rows it was asked for.

use routing::{AccountId, Alias, E164, RouteId, RouteTarget};

use crate::convert::{alias_from_db, number_from_db, row_name, target_from_db};
use crate::db::Store;
use crate::dids::{DID_COLUMNS, DidRow, StoredDid, numbers_to_db};
use crate::search::{Query, fold};
use crate::sql::Sql;
use crate::{DatabaseKind, Result};

/// An account, as it is named beside what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountName {
    /// Its id.
    pub id: AccountId,
    /// What its owner calls it.
    pub name: String,
}

/// A DID of some account, with the names of where it rings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDid {
    /// Whose it is.
    pub account: AccountName,
    /// The DID.
    pub row: DidRow,
    /// The alias of the route on which it rings.
    pub primary: Alias,
    /// The alias of the route, or the name of the plan, that it fails over to.
    pub failover: Option<Alias>,
}

/// A route of some account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRoute {
    /// Whose it is.
    pub account: AccountName,
    /// Its id in that account.
    pub id: RouteId,
    /// Its alias.
    pub alias: Alias,
    /// Where calls go.
    pub target: RouteTarget,
}

#[derive(sqlx::FromRow)]
struct StoredFoundDid {
    #[sqlx(flatten)]
    did: StoredDid,
    account_id: i64,
    account_name: String,
    primary_alias: String,
    failover_alias: Option<String>,
}

impl StoredFoundDid {
    fn into_domain(self) -> Result<FoundDid> {
        let row = self.did.into_domain()?;
        let alias = |text: &str| alias_from_db("dids", row.did.id, "primary_route", text);
        Ok(FoundDid {
            account: AccountName { id: AccountId(self.account_id), name: self.account_name },
            primary: alias(&self.primary_alias)?,
            failover: self.failover_alias.as_deref().map(alias).transpose()?,
            row,
        })
    }
}

#[derive(sqlx::FromRow)]
struct StoredFoundRoute {
    account_id: i64,
    account_name: String,
    id: i64,
    alias: String,
    kind: String,
    value: String,
}

impl StoredFoundRoute {
    fn into_domain(self) -> Result<FoundRoute> {
        let row = || row_name(self.account_id, self.id);
        Ok(FoundRoute {
            alias: alias_from_db("routes", row(), "alias", &self.alias)?,
            target: target_from_db(row(), &self.kind, &self.value)?,
            account: AccountName { id: AccountId(self.account_id), name: self.account_name },
            id: RouteId(self.id),
        })
    }
}

impl Store {
    /// Those of the numbers that are DIDs, with whose they are, by number.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn owners_of(&self, numbers: &[E164]) -> Result<Vec<(AccountId, E164)>> {
        let mut reader = self.reader().await?;
        let mut conn = reader.conn();
        let mut sql = Sql::new("look for whose numbers they are", "select d.account_id, d.number from ");
        sql.push(conn.kind().numbers_table()).push(" as d where d.number");
        sql.push_is_among(conn.kind(), &numbers_to_db(numbers)).push(" order by d.number");
        let rows: Vec<(i64, i64)> = conn.all(sql).await?;
        let found =
            |(account, number)| Ok((AccountId(account), number_from_db("dids", number, "number", number)?));
        rows.into_iter().map(found).collect()
    }

    /// The countries of all accounts, ISO 3166-1 alpha-2.
    ///
    /// # Errors
    /// The database failed.
    pub async fn countries(&self) -> Result<Vec<String>> {
        let sql =
            Sql::new("list countries", "select distinct country from accounts where id > 0 order by country");
        let rows: Vec<(String,)> = self.reader().await?.conn().all(sql).await?;
        Ok(rows.into_iter().map(|(country,)| country).collect())
    }

    /// DIDs of any account that match by number or alias, by number; at most `limit`. `None`: too little was typed to
    /// be looked for among all of them.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn dids_of_all(&self, typed: &str, limit: u32) -> Result<Option<Vec<FoundDid>>> {
        let Some(query) = Query::parse(typed).filter(Query::fits_indexes) else { return Ok(None) };
        let mut reader = self.reader().await?;
        let mut conn = reader.conn();
        let mut sql = Sql::new("search the DIDs of every account", "select ");
        sql.push(DID_COLUMNS).push(
            ", d.account_id, a.name as account_name, p.alias as primary_alias,
                coalesce(f.alias, l.name) as failover_alias
             from (",
        );
        query.push_everywhere(&mut sql, conn.kind(), i64::from(limit));
        sql.push(") as found join dids as d on ").push(match conn.kind() {
            DatabaseKind::Sqlite => "d.id = found.id",
            DatabaseKind::Postgres => "d.account_id = found.account_id and d.number = found.number",
        });
        sql.push(
            " join accounts as a on a.id = d.account_id
             join routes as p on p.account_id = d.account_id and p.id = d.primary_route
             left join routes as f on f.account_id = d.account_id and f.id = d.failover_route
             left join plans as l on l.account_id = d.account_id and l.id = d.failover_plan
             order by d.number limit ",
        );
        sql.push_bind(i64::from(limit));
        let rows: Vec<StoredFoundDid> = conn.all(sql).await?;
        rows.into_iter().map(StoredFoundDid::into_domain).collect::<Result<_>>().map(Some)
    }

    /// Routes of any account that match by alias or value, the built-in ones left out, by account and alias; at most
    /// `limit`, and then whichever are met first. Reads as many routes as it takes to find them.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn routes_of_all(&self, typed: &str, limit: u32) -> Result<Vec<FoundRoute>> {
        let Some(query) = Query::parse(typed) else { return Ok(Vec::new()) };
        let mut sql = Sql::new(
            "search the routes of every account",
            "select r.account_id, a.name as account_name, r.id, r.alias, r.kind, r.value
             from routes as r join accounts as a on a.id = r.account_id where r.id > 0 and ",
        );
        query.push_route(&mut sql);
        sql.push(" limit ").push_bind(i64::from(limit));
        let rows: Vec<StoredFoundRoute> = self.reader().await?.conn().all(sql).await?;
        let mut found =
            rows.into_iter().map(StoredFoundRoute::into_domain).collect::<Result<Vec<FoundRoute>>>()?;
        found.sort_by_cached_key(|route| (route.account.id, route.alias.fold()));
        Ok(found)
    }

    /// Accounts whose name holds what was typed, or whose id it is, by name; at most `limit`. Every name is read and
    /// compared here: databases do not agree on what letter case is.
    ///
    /// # Errors
    /// The database failed.
    pub async fn accounts_called(&self, typed: &str, limit: u32) -> Result<Vec<AccountName>> {
        let Some(query) = Query::parse(typed) else { return Ok(Vec::new()) };
        let id: Option<i64> = typed.trim().trim_start_matches('#').parse().ok();
        let sql = Sql::new("search accounts", "select id, name from accounts where id > 0");
        let rows: Vec<(i64, String)> = self.reader().await?.conn().all(sql).await?;
        let mut found: Vec<(bool, String, AccountName)> = rows
            .into_iter()
            .map(|(own, name)| (Some(own) != id, fold(&name), AccountName { id: AccountId(own), name }))
            .filter(|(other, folded, _)| !other || query.is_in_text(folded))
            .collect();
        // The one whose id was typed is the first.
        found.sort_by(|a, b| (a.0, &a.1, a.2.id).cmp(&(b.0, &b.1, b.2.id)));
        found.truncate(limit as usize);
        Ok(found.into_iter().map(|(_, _, account)| account).collect())
    }
}
