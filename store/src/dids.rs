//! DIDs: the numbers an account owns, and where they ring.

mod cursor;
mod filter;
mod page;
mod write;

use routing::{AccountId, Did, DidId, E164, Failover, Group, PlanId, RouteId, Routing, Version, Weights};

pub use cursor::Cursor;
pub(crate) use filter::Prepared;
pub use filter::{DidFilter, FailoverFilter};
pub use page::{DidPage, DidSort, PageRequest};
pub(crate) use page::{after, page};
pub use write::{DidUpdate, NewDid};
pub(crate) use write::{delete, insert, update};

use crate::convert::{
    alias_from_db, corrupt, count, count_to_db, number_from_db, number_to_db, weight_from_db,
};
use crate::db::Store;
use crate::sql::{Column, Conn, Sql};
use crate::{DatabaseKind, Result, UnixMs};

/// A DID as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidRow {
    /// The DID.
    pub did: Did,
    /// The account's version at which it last changed.
    pub version: Version,
    /// When it last changed.
    pub changed_at: UnixMs,
}

pub(crate) const DID_COLUMNS: &str = "d.id, d.number, d.alias, d.primary_route, d.failover_route,
    d.failover_plan, d.primary_weight, d.failover_weight, d.changed_at, d.version";

#[derive(sqlx::FromRow)]
pub(crate) struct StoredDid {
    id: i64,
    number: i64,
    alias: Option<String>,
    #[sqlx(flatten)]
    routing: StoredRouting,
    changed_at: i64,
    version: i64,
}

impl StoredDid {
    pub(crate) fn number(&self) -> Result<E164> {
        number_from_db("dids", self.id, "number", self.number)
    }

    pub(crate) fn into_domain(self) -> Result<DidRow> {
        let alias =
            self.alias.as_deref().map(|alias| alias_from_db("dids", self.id, "alias", alias)).transpose()?;
        let did = Did {
            id: DidId(self.id),
            number: self.number()?,
            alias,
            primary: RouteId(self.routing.primary_route),
            failover: self.routing.failover(self.id)?,
            weights: self.routing.weights(self.id)?,
        };
        Ok(DidRow { did, version: Version(self.version), changed_at: UnixMs(self.changed_at) })
    }
}

/// Where a DID rings, as it is stored.
#[derive(sqlx::FromRow)]
struct StoredRouting {
    primary_route: i64,
    failover_route: Option<i64>,
    failover_plan: Option<i64>,
    primary_weight: Option<i64>,
    failover_weight: Option<i64>,
}

impl StoredRouting {
    fn failover(&self, row: i64) -> Result<Failover> {
        match (self.failover_route, self.failover_plan) {
            (None, None) => Ok(Failover::None),
            (Some(route), None) => Ok(Failover::Route(RouteId(route))),
            (None, Some(plan)) => Ok(Failover::Plan(PlanId(plan))),
            (Some(_), Some(_)) => {
                Err(corrupt("dids", row, "failover_plan", "there is a failover route as well"))
            }
        }
    }

    fn weights(&self, row: i64) -> Result<Option<Weights>> {
        match (self.primary_weight, self.failover_weight) {
            (None, None) => Ok(None),
            (Some(primary), Some(failover)) => Ok(Some(Weights {
                primary: weight_from_db(row, "primary_weight", primary)?,
                failover: weight_from_db(row, "failover_weight", failover)?,
            })),
            _ => Err(corrupt("dids", row, "primary_weight", "one of two weights is missing")),
        }
    }
}

#[derive(sqlx::FromRow)]
struct GroupRow {
    #[sqlx(flatten)]
    routing: StoredRouting,
    dids: i64,
    example: i64,
}

impl Store {
    /// One page of the DIDs that match, in a stable order: rows with equal keys come by number.
    ///
    /// # Errors
    /// [`crate::Error::Cursor`] if the cursor is of another sort order; the database failed, or a stored
    /// value is corrupt.
    pub async fn did_page(
        &self,
        account: AccountId,
        filter: &DidFilter,
        request: PageRequest<'_>,
    ) -> Result<DidPage> {
        let mut view = self.view().await?;
        let mut conn = view.conn();
        let filter = filter.prepare(&mut conn, account).await?;
        page(&mut conn, account, &filter, request).await
    }

    /// The same, with how many match, of which no more than `cap` are counted.
    ///
    /// # Errors
    /// As of [`Store::did_page`].
    pub async fn did_page_and_count(
        &self,
        account: AccountId,
        filter: &DidFilter,
        request: PageRequest<'_>,
        cap: u64,
    ) -> Result<(DidPage, u64)> {
        let mut view = self.view().await?;
        let mut conn = view.conn();
        let filter = filter.prepare(&mut conn, account).await?;
        let page = page(&mut conn, account, &filter, request).await?;
        Ok((page, count_prepared(&mut conn, &filter, Some(cap)).await?))
    }

    /// How many DIDs match. With a cap it stops counting there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn count_dids(&self, account: AccountId, filter: &DidFilter, cap: Option<u64>) -> Result<u64> {
        count_matching(&mut self.view().await?.conn(), account, filter, cap).await
    }

    /// The calling codes among the account's DIDs, lowest first, with the number of DIDs of each.
    ///
    /// # Errors
    /// The database failed.
    pub async fn calling_codes(&self, account: AccountId) -> Result<Vec<(u16, u64)>> {
        let sql = Sql::new(
            "count DIDs by calling code",
            "select calling_code, dids from did_counts where account_id = $1 and dids > 0 order by calling_code",
        )
        .bind(account.0);
        let rows: Vec<(i64, i64)> = self.reader().await?.conn().all(sql).await?;
        Ok(rows.into_iter().map(|(code, dids)| (u16::try_from(code).unwrap_or(0), count(dids))).collect())
    }

    /// One DID of the account.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn did(&self, account: AccountId, number: E164) -> Result<Option<DidRow>> {
        Ok(by_number(&mut self.reader().await?.conn(), account, &[number]).await?.into_iter().next())
    }

    /// Those of the numbers that are DIDs of the account, by number.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn dids_by_number(&self, account: AccountId, numbers: &[E164]) -> Result<Vec<DidRow>> {
        by_number(&mut self.reader().await?.conn(), account, numbers).await
    }

    /// Those of the numbers that are a DID of any account of the installation, by number. A failover to one
    /// of them would come back to us.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn own_numbers(&self, numbers: &[E164]) -> Result<Vec<E164>> {
        own_numbers(&mut self.reader().await?.conn(), numbers).await
    }

    /// The next DIDs that match, by number, after the one given: for reading all of them in chunks.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn dids_after(
        &self,
        account: AccountId,
        filter: &DidFilter,
        last: Option<E164>,
        limit: u32,
    ) -> Result<Vec<DidRow>> {
        let mut view = self.view().await?;
        let filter = filter.prepare(&mut view.conn(), account).await?;
        after(&mut view.conn(), account, &filter, last, limit).await
    }

    /// Begins to walk the DIDs that match, by number, in chunks: [`DidWalk::next`]. It goes by what the search finds now.
    ///
    /// # Errors
    /// The database failed.
    pub async fn walk_dids(&self, account: AccountId, filter: &DidFilter) -> Result<DidWalk<'_>> {
        let filter = filter.prepare(&mut self.reader().await?.conn(), account).await?;
        Ok(DidWalk { store: self, account, filter, last: None })
    }

    /// The DIDs that match, grouped by how they are routed: in the order of the primary's id; then those without a
    /// failover, those with a plan by its id, those with a failover route by its id; then without weights first.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn groups(&self, account: AccountId, filter: &DidFilter) -> Result<Vec<Group>> {
        groups(&mut self.view().await?.conn(), account, filter).await
    }
}

/// A walk through DIDs.
pub struct DidWalk<'a> {
    store: &'a Store,
    account: AccountId,
    filter: Prepared,
    last: Option<E164>,
}

impl DidWalk<'_> {
    /// The next ones; fewer than asked for at the end only.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn next(&mut self, limit: u32) -> Result<Vec<DidRow>> {
        let mut view = self.store.view().await?;
        let rows = after(&mut view.conn(), self.account, &self.filter, self.last, limit).await?;
        self.last = rows.last().map(|row| row.did.number).or(self.last);
        Ok(rows)
    }
}

pub(crate) async fn count_matching(
    conn: &mut Conn<'_>,
    account: AccountId,
    filter: &DidFilter,
    cap: Option<u64>,
) -> Result<u64> {
    let filter = filter.prepare(conn, account).await?;
    count_prepared(conn, &filter, cap).await
}

async fn count_prepared(conn: &mut Conn<'_>, filter: &Prepared, cap: Option<u64>) -> Result<u64> {
    if let Some(cap) = cap
        && let Some(first) = filter.first_named(cap)
        && count_read(conn, &first, Some(cap)).await? == cap
    {
        return Ok(cap);
    }
    count_read(conn, filter, cap).await
}

async fn count_read(conn: &mut Conn<'_>, filter: &Prepared, cap: Option<u64>) -> Result<u64> {
    let mut sql = Sql::new("count DIDs", "select count(*) from (select 1 from dids as d where ");
    filter.push(&mut sql);
    if let Some(cap) = cap {
        sql.push(" limit ").push_bind(count_to_db(cap));
    }
    sql.push(") as matching");
    let (dids,): (i64,) = conn.one(sql).await?;
    Ok(count(dids))
}

pub(crate) async fn by_number(
    conn: &mut Conn<'_>,
    account: AccountId,
    numbers: &[E164],
) -> Result<Vec<DidRow>> {
    let mut rows = Vec::with_capacity(numbers.len());
    for numbers in numbers.chunks(crate::ROWS_PER_STATEMENT) {
        let kind = conn.kind();
        let mut sql = Sql::with_table(kind, "read DIDs by number", "select ");
        sql.push(DID_COLUMNS);
        let among = numbers_to_db(numbers);
        match kind {
            DatabaseKind::Sqlite => {
                sql.push(" from dids as d where d.account_id = ").push_bind(account.0);
                sql.push(" and d.number").push_is_among(kind, &among);
            }
            // Of rows that are not committed, such as those of a first import, PostgreSQL knows nothing: for an array of
            // numbers it may read all that the account has. What has an offset is not joined, so that each is looked up.
            DatabaseKind::Postgres => {
                sql.push(" from ").push_table([Column::ints("number", among)]);
                sql.push(" as asked cross join lateral (select * from dids where account_id = ");
                sql.push_bind(account.0).push(" and number = asked.number offset 0) as d").plan_for_values();
            }
        }
        let stored: Vec<StoredDid> = conn.all(sql).await?;
        for row in stored {
            rows.push(row.into_domain()?);
        }
    }
    rows.sort_by_key(|row| row.did.number);
    rows.dedup_by_key(|row| row.did.number);
    Ok(rows)
}

pub(crate) async fn own_numbers(conn: &mut Conn<'_>, numbers: &[E164]) -> Result<Vec<E164>> {
    let mut own = Vec::new();
    for numbers in numbers.chunks(crate::ROWS_PER_STATEMENT) {
        let mut sql = Sql::new("look for our own numbers", "select d.number from ");
        sql.push(conn.kind().numbers_table()).push(" as d where d.number");
        sql.push_is_among(conn.kind(), &numbers_to_db(numbers));
        let rows: Vec<(i64,)> = conn.all(sql).await?;
        for (number,) in rows {
            own.push(number_from_db("dids", number, "number", number)?);
        }
    }
    own.sort_unstable();
    own.dedup();
    Ok(own)
}

pub(crate) async fn groups(
    conn: &mut Conn<'_>,
    account: AccountId,
    filter: &DidFilter,
) -> Result<Vec<Group>> {
    let filter = filter.prepare(conn, account).await?;
    let mut sql = Sql::new(
        "group DIDs by their routing",
        "select d.primary_route, d.failover_route, d.failover_plan, d.primary_weight, d.failover_weight,
                count(*) as dids, min(d.number) as example
         from dids as d where ",
    );
    filter.push(&mut sql);
    sql.push(
        " group by d.primary_route, d.failover_route, d.failover_plan, d.primary_weight, d.failover_weight",
    );
    let rows: Vec<GroupRow> = conn.all(sql).await?;
    let mut groups = rows
        .into_iter()
        .map(|row| {
            let routing = Routing {
                primary: RouteId(row.routing.primary_route),
                failover: row.routing.failover(row.example)?,
                weights: row.routing.weights(row.example)?,
            };
            Ok(Group {
                routing,
                dids: count(row.dids),
                example: number_from_db("dids", row.example, "number", row.example)?,
            })
        })
        .collect::<Result<Vec<Group>>>()?;
    // Databases do not agree on where nulls go.
    groups.sort_by_key(|group| {
        let Routing { primary, failover, weights } = group.routing;
        let weights = weights.map(|weights| (weights.primary, weights.failover));
        (primary, failover.route(), failover.plan(), weights)
    });
    Ok(groups)
}

/// The numbers as they are stored.
pub(crate) fn numbers_to_db(numbers: &[E164]) -> Vec<i64> {
    numbers.iter().copied().map(number_to_db).collect()
}
