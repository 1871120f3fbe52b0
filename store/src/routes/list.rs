//! The list of routes: at most 10,000 rows, so searching and sorting happen here and read the same on
//! either database.

use std::cmp::Ordering;

use routing::{AccountId, RouteId};

use super::{RouteRow, Usage};
use crate::Result;
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

impl RouteFilter {
    /// Those of the routes, given by alias, that match, in the order asked for.
    pub fn list(&self, mut rows: Vec<(RouteRow, Usage)>) -> Vec<(RouteRow, Usage)> {
        if let Some(query) = self.q.as_deref().and_then(Query::parse) {
            rows.retain(|(RouteRow { route, .. }, _)| {
                query.is_in_text(&route.alias.fold()) || query.is_in_value(&route.target.canonical())
            });
        }
        // They come by alias, and the sort is stable.
        rows.sort_by(|a, b| compare(self.sort, a, b));
        if self.descending {
            rows.reverse();
        }
        rows
    }
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
