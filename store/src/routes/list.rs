//! The list of routes: at most 10,000 rows, so searching and sorting happen here and read the same on
//! either database.

use std::cmp::Ordering;
use std::collections::HashMap;

use routing::{AccountId, RouteId};

use super::{RouteRow, Usage, all};
use crate::Result;
use crate::convert::count;
use crate::dids::{DID_COLUMNS, DidRow, StoredDid};
use crate::search::Query;
use crate::sql::{Conn, Sql};

/// Which routes, in which order. Ties are broken by alias.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouteFilter {
    /// Part of the alias or of the value; digits in any grouping find a phone number.
    pub q: Option<String>,
    /// The order.
    pub sort: RouteSort,
    /// The other way round.
    pub descending: bool,
}

/// What routes are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RouteSort {
    /// The alias, without regard to case.
    #[default]
    Alias,
    /// Host, phone, URI.
    Kind,
    /// The value.
    Value,
    /// The preferred edge; no preference first.
    Edge,
    /// How many DIDs use it.
    UsedBy,
    /// Unknown, up, failing, down, recovering.
    Health,
}

#[derive(sqlx::FromRow)]
struct CountRow {
    route: i64,
    primaries: i64,
    failovers: i64,
    plans: i64,
}

pub(crate) async fn list(
    conn: &mut Conn<'_>,
    account: AccountId,
    filter: &RouteFilter,
) -> Result<Vec<(RouteRow, Usage)>> {
    let usage = usages(conn, account).await?;
    let query = filter.q.as_deref().and_then(Query::parse);
    let mut rows: Vec<(RouteRow, Usage)> = all(conn, account)
        .await?
        .into_iter()
        .filter(|row| {
            query.as_ref().is_none_or(|query| {
                query.is_in_text(&row.route.alias.fold()) || query.is_in_value(&row.route.target.canonical())
            })
        })
        .map(|row| {
            let usage = usage.get(&row.route.id).copied().unwrap_or_default();
            (row, usage)
        })
        .collect();
    // They come by alias, and the sort is stable.
    rows.sort_by(|a, b| compare(filter.sort, a, b));
    if filter.descending {
        rows.reverse();
    }
    Ok(rows)
}

fn compare(sort: RouteSort, (a, a_usage): &(RouteRow, Usage), (b, b_usage): &(RouteRow, Usage)) -> Ordering {
    match sort {
        RouteSort::Alias => Ordering::Equal,
        RouteSort::Kind => a.route.target.kind().cmp(&b.route.target.kind()),
        RouteSort::Value => a.route.target.canonical().cmp(&b.route.target.canonical()),
        RouteSort::Edge => a.route.edge.cmp(&b.route.edge),
        RouteSort::UsedBy => a_usage.total().cmp(&b_usage.total()),
        RouteSort::Health => a.health.cmp(&b.health),
    }
}

impl Usage {
    /// DIDs that use it themselves, in either role.
    pub fn total(self) -> u64 {
        self.primary.saturating_add(self.failover)
    }
}

async fn usages(conn: &mut Conn<'_>, account: AccountId) -> Result<HashMap<RouteId, Usage>> {
    let sql = Sql::new(
        "count the uses of inbound routes",
        "select primary_route as route, count(*) as primaries, cast(0 as bigint) as failovers,
                cast(0 as bigint) as plans
         from dids where account_id = $1 group by primary_route
         union all
         select failover_route, cast(0 as bigint), count(*), cast(0 as bigint)
         from dids where account_id = $1 and failover_route is not null group by failover_route
         union all
         select route_id, cast(0 as bigint), cast(0 as bigint), count(*)
         from plan_routes where account_id = $1 group by route_id",
    )
    .bind(account.0);
    let rows: Vec<CountRow> = conn.all(sql).await?;
    let mut usages: HashMap<RouteId, Usage> = HashMap::new();
    for row in rows {
        let usage = usages.entry(RouteId(row.route)).or_default();
        usage.primary += count(row.primaries);
        usage.failover += count(row.failovers);
        usage.plans += count(row.plans);
    }
    Ok(usages)
}

pub(crate) async fn route_users(
    conn: &mut Conn<'_>,
    account: AccountId,
    route: RouteId,
    limit: u32,
) -> Result<Vec<DidRow>> {
    // Two walks along an index each, and the first of both: no sorting of half a million DIDs.
    let mut sql = Sql::new("list the DIDs of an inbound route", "select * from (select * from (select ");
    sql.push(DID_COLUMNS).push(" from dids as d where d.account_id = ").push_bind(account.0);
    sql.push(" and d.primary_route = ").push_bind(route.0);
    sql.push(" order by d.number limit ").push_bind(i64::from(limit));
    sql.push(") as a union all select * from (select ").push(DID_COLUMNS);
    sql.push(" from dids as d where d.account_id = ").push_bind(account.0);
    sql.push(" and d.failover_route = ").push_bind(route.0);
    sql.push(" and d.primary_route <> ").push_bind(route.0);
    sql.push(" order by d.number limit ").push_bind(i64::from(limit));
    sql.push(") as b) as both_uses order by number limit ").push_bind(i64::from(limit));
    let rows: Vec<StoredDid> = conn.all(sql).await?;
    rows.into_iter().map(StoredDid::into_domain).collect()
}
