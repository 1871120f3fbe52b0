//! Inbound routes: where calls go. Row 0, the built-in route, anchors foreign keys and is never read.

mod list;
mod write;

use routing::{AccountId, Domains, EdgeId, HealthState, InboundRoute, RouteId, Version};

pub(crate) use list::route_users;
pub use list::{RouteFilter, RouteSort};
pub(crate) use write::{delete, insert, insert_built_in, restore, set_health, update};

use crate::convert::{alias_from_db, answerer_from_db, count, health_from_db, row_name, target_from_db};
use crate::db::Store;
use crate::dids::DidRow;
use crate::sql::{Conn, Sql};
use crate::{Result, UnixMs};

/// A route as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRow {
    /// The route.
    pub route: InboundRoute,
    /// The account's version at which it last changed. Health does not count as a change.
    pub version: Version,
    /// What probes, or an operator, say of it.
    pub health: HealthState,
    /// Since when; `None` if nobody has looked yet.
    pub health_since: Option<UnixMs>,
}

/// A route to insert; the store chooses its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRoute {
    /// What its owner calls it.
    pub alias: routing::Alias,
    /// Where the call goes.
    pub target: routing::RouteTarget,
    /// The preferred edge.
    pub edge: Option<EdgeId>,
    /// What it shares its fate with.
    pub domains: Domains,
}

/// How many DIDs and plans use a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// As where they ring.
    pub primary: u64,
    /// As where they ring when that fails.
    pub failover: u64,
    /// Failover plans that name it. The DIDs of those plans are not counted.
    pub plans: u64,
}

impl Store {
    /// One route, unless it is the built-in one.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn route(&self, account: AccountId, route: RouteId) -> Result<Option<(RouteRow, Usage)>> {
        find(&mut self.view().await?.conn(), account, route).await
    }

    /// Every route of the account by alias, without counting who uses it; the built-in route is not among them.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn route_choices(&self, account: AccountId) -> Result<Vec<RouteRow>> {
        all(&mut self.reader().await?.conn(), account).await
    }

    /// How many DIDs and plans use a route; the built-in one too.
    ///
    /// # Errors
    /// The database failed.
    pub async fn route_usage(&self, account: AccountId, route: RouteId) -> Result<Usage> {
        usage(&mut self.reader().await?.conn(), account, route).await
    }

    /// The first DIDs, by number, whose primary or failover the route is.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn route_users(&self, account: AccountId, route: RouteId, limit: u32) -> Result<Vec<DidRow>> {
        route_users(&mut self.reader().await?.conn(), account, route, limit).await
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct StoredRoute {
    id: i64,
    alias: String,
    kind: String,
    value: String,
    edge_id: Option<i64>,
    carrier: Option<String>,
    site: Option<String>,
    region: Option<String>,
    answerer: String,
    health: String,
    health_since: Option<i64>,
    version: i64,
}

impl StoredRoute {
    pub(crate) fn into_domain(self, account: AccountId) -> Result<RouteRow> {
        let row = row_name(account, self.id);
        let route = InboundRoute {
            id: RouteId(self.id),
            alias: alias_from_db("routes", &row, "alias", &self.alias)?,
            target: target_from_db(&row, &self.kind, &self.value)?,
            edge: self.edge_id.map(EdgeId),
            domains: Domains {
                carrier: self.carrier,
                site: self.site,
                region: self.region,
                answerer: answerer_from_db(&row, self.answerer)?,
            },
        };
        Ok(RouteRow {
            route,
            version: Version(self.version),
            health: health_from_db(&row, self.health)?,
            health_since: self.health_since.map(UnixMs),
        })
    }
}

#[derive(sqlx::FromRow)]
struct UsageRow {
    as_primary: i64,
    as_failover: i64,
    in_plans: i64,
}

/// Every route by alias.
pub(crate) async fn all(conn: &mut Conn<'_>, account: AccountId) -> Result<Vec<RouteRow>> {
    let sql = Sql::new(
        "list inbound routes",
        "select id, alias, kind, value, edge_id, carrier, site, region, answerer, health, health_since, version
         from routes where account_id = $1 and id > 0 order by alias_key, id",
    )
    .bind(account.0);
    let rows: Vec<StoredRoute> = conn.all(sql).await?;
    rows.into_iter().map(|row| row.into_domain(account)).collect()
}

pub(crate) async fn find(
    conn: &mut Conn<'_>,
    account: AccountId,
    route: RouteId,
) -> Result<Option<(RouteRow, Usage)>> {
    let sql = Sql::new(
        "read an inbound route",
        "select id, alias, kind, value, edge_id, carrier, site, region, answerer, health, health_since, version
         from routes where account_id = $1 and id = $2 and id > 0",
    )
    .bind(account.0)
    .bind(route.0);
    let Some(row) = conn.optional::<StoredRoute>(sql).await? else {
        return Ok(None);
    };
    Ok(Some((row.into_domain(account)?, usage(conn, account, route).await?)))
}

pub(crate) async fn usage(conn: &mut Conn<'_>, account: AccountId, route: RouteId) -> Result<Usage> {
    let sql = Sql::new(
        "count the uses of an inbound route",
        "select (select count(*) from dids where account_id = $1 and primary_route = $2) as as_primary,
                (select count(*) from dids where account_id = $1 and failover_route = $2) as as_failover,
                (select count(*) from plan_routes where account_id = $1 and route_id = $2) as in_plans",
    )
    .bind(account.0)
    .bind(route.0);
    let row: UsageRow = conn.one(sql).await?;
    Ok(Usage { primary: count(row.as_primary), failover: count(row.as_failover), plans: count(row.in_plans) })
}
