//! Which DIDs.

use routing::{AccountId, Alias, E164, Failover, PlanId, RouteId, Routing};
use serde::{Deserialize, Serialize};

use crate::convert::json_from_db;
use crate::search::{Means, Query, ranges};
use crate::sql::{Conn, Sql};
use crate::{DatabaseKind, Result};

/// With more matches than this, walking the list in order fills a page sooner than the index can name them all.
const NAMED_MAX: usize = 2_000;

/// Which DIDs of an account; the default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DidFilter {
    /// Digits in any grouping, or part of an alias.
    pub q: Option<String>,
    /// By whether there is a failover, a route or a plan.
    pub failover: FailoverFilter,
    /// Those whose primary or failover it is; plans that name it do not count.
    pub route: Option<RouteId>,
    /// Those whose failover plan it is.
    pub plan: Option<PlanId>,
    /// Those of one calling code, such as 44.
    pub calling_code: Option<u16>,
}

/// Whether a DID has a failover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailoverFilter {
    /// It does not matter.
    #[default]
    Any,
    /// Those without.
    None,
    /// Those with one.
    Some,
}

impl DidFilter {
    /// Whether it lets every DID through.
    pub fn is_all(&self) -> bool {
        *self == DidFilter::default()
    }

    /// Whether a DID that is, or was, so matches: what the statements that it is written into find, said of one.
    pub fn matches(&self, number: E164, alias: Option<&Alias>, routing: Routing) -> bool {
        let Routing { primary, failover, .. } = routing;
        let by_failover = match self.failover {
            FailoverFilter::Any => true,
            FailoverFilter::None => failover == Failover::None,
            FailoverFilter::Some => failover != Failover::None,
        };
        by_failover
            && self.route.is_none_or(|route| primary == route || failover.route() == Some(route))
            && self.plan.is_none_or(|plan| failover.plan() == Some(plan))
            && self.calling_code.is_none_or(|code| number.calling_code() == code)
            && self.q.as_deref().and_then(Query::parse).is_none_or(|query| query.is_in_did(number, alias))
    }

    /// Parses the search and decides how to run it.
    pub(crate) async fn prepare(&self, conn: &mut Conn<'_>, account: AccountId) -> Result<Prepared> {
        let kind = conn.kind();
        let query = self.q.as_deref().and_then(Query::parse);
        let mut means = Means::Read;
        if let Some(query) = query.as_ref().filter(|query| query.fits_index()) {
            // PostgreSQL may have no right to such an index, and would read what is searched of every account.
            let mut sql = Sql::new(
                "search DIDs",
                match kind {
                    DatabaseKind::Sqlite => "select (select json_group_array(id) from (",
                    DatabaseKind::Postgres => {
                        "select case when to_regclass('did_search_parts') is not null then (
                             select cast(coalesce(json_agg(number), '[]') as text) from ("
                    }
                },
            );
            query.push_found(&mut sql, kind);
            sql.push(" limit ").push_bind(NAMED_MAX as i64 + 1).push(match kind {
                DatabaseKind::Sqlite => ") as found)",
                DatabaseKind::Postgres => ") as found) end",
            });
            let (named,): (Option<String>,) = conn.one(sql).await?;
            if let Some(named) = named {
                let mut named: Vec<i64> = json_from_db("did_search", "of a search", "number", &named)?;
                means = if named.len() <= NAMED_MAX {
                    Means::Named(named)
                } else {
                    named.truncate(NAMED_MAX);
                    Means::Common(named)
                };
            }
        }
        Ok(Prepared {
            kind,
            account,
            query,
            means,
            failover: self.failover,
            route: self.route,
            plan: self.plan,
            calling_code: self.calling_code,
        })
    }
}

/// A filter ready to be written into statements on `dids as d`.
pub(crate) struct Prepared {
    kind: DatabaseKind,
    account: AccountId,
    query: Option<Query>,
    means: Means,
    failover: FailoverFilter,
    route: Option<RouteId>,
    plan: Option<PlanId>,
    calling_code: Option<u16>,
}

/// The role in which a DID uses the route of the filter. Walking one index for each is what makes a page of
/// half a million cheap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Any,
    Primary,
    FailoverOnly,
}

/// What the DIDs of a part of the list fail over to, where it is sorted by that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailsOver {
    ToRoute,
    ToPlan,
    Nowhere,
}

impl Prepared {
    /// Whether few rows match, so that it is best to find those first and sort them.
    pub(crate) fn is_narrow(&self) -> bool {
        matches!(self.means, Means::Named(_))
    }

    /// The parts into which a walk in order is split.
    pub(crate) fn roles(&self) -> &'static [Role] {
        match (self.route, self.plan) {
            (None, _) => &[Role::Any],
            // Who fails over to the plan does not fail over to the route.
            (Some(_), Some(_)) => &[Role::Primary],
            (Some(_), None) => &[Role::Primary, Role::FailoverOnly],
        }
    }

    /// Whether such DIDs can be among those in that role. Parts in which nothing can match are not asked for:
    /// a database would look for them in vain, DID by DID.
    pub(crate) fn admits(&self, failover: FailsOver, role: Role) -> bool {
        match failover {
            FailsOver::ToRoute => self.failover != FailoverFilter::None && self.plan.is_none(),
            FailsOver::ToPlan => self.failover != FailoverFilter::None && role != Role::FailoverOnly,
            FailsOver::Nowhere => {
                self.failover != FailoverFilter::Some && self.plan.is_none() && role != Role::FailoverOnly
            }
        }
    }

    /// The first that the index names, where it names very many and no more than `cap` are to be counted. Of what is
    /// everywhere as many are soon found there, and reading the account's DIDs for them may take long, whatever the order.
    pub(crate) fn first_named(&self, cap: u64) -> Option<Prepared> {
        let Means::Common(named) = &self.means else { return None };
        let first = Prepared { means: Means::Named(named.clone()), query: self.query.clone(), ..*self };
        (cap <= NAMED_MAX as u64).then_some(first)
    }

    /// Whether so many match that a walk in any order soon fills a page: words that are everywhere, and nothing else is
    /// asked for.
    pub(crate) fn is_common(&self) -> bool {
        let others = self.route.is_some() || self.plan.is_some() || self.calling_code.is_some();
        matches!(self.means, Means::Common(_)) && !others && self.failover == FailoverFilter::Any
    }

    /// Appends the conditions, the account's first.
    pub(crate) fn push(&self, sql: &mut Sql) {
        self.push_in_role(sql, Role::Any, "d");
    }

    /// Whether one calling code is asked for.
    pub(crate) fn is_of_calling_code(&self) -> bool {
        self.calling_code.is_some()
    }

    /// Appends the conditions on the DIDs of a part; `codes` is the table whose calling codes are looked at.
    pub(crate) fn push_in_role(&self, sql: &mut Sql, role: Role, codes: &'static str) {
        // The plus keeps SQLite from walking the account's rows in order, when the few that match are known by their ids.
        let by_id = self.kind == DatabaseKind::Sqlite && self.is_narrow();
        sql.push(if by_id { "+d.account_id = " } else { "d.account_id = " });
        sql.push_bind(self.account.0);
        match self.failover {
            FailoverFilter::Any => {}
            FailoverFilter::None => {
                sql.push(" and d.failover_route is null and d.failover_plan is null");
            }
            FailoverFilter::Some => {
                // One term and not an `or`: a planner may split that, and gather both kinds instead of walking.
                sql.push(" and coalesce(d.failover_route, d.failover_plan) is not null");
            }
        }
        if let Some(route) = self.route {
            match role {
                Role::Any => {
                    sql.push(" and (d.primary_route = ").push_bind(route.0);
                    sql.push(" or d.failover_route = ").push_bind(route.0).push(")");
                }
                Role::Primary => {
                    sql.push(" and d.primary_route = ").push_bind(route.0);
                }
                Role::FailoverOnly => {
                    sql.push(" and d.failover_route = ").push_bind(route.0);
                    sql.push(" and d.primary_route <> ").push_bind(route.0);
                }
            }
        }
        if let Some(plan) = self.plan {
            sql.push(" and d.failover_plan = ").push_bind(plan.0);
        }
        if let Some(code) = self.calling_code {
            sql.push(" and ").push(codes).push(".calling_code = ").push_bind(i64::from(code));
            if self.kind == DatabaseKind::Postgres && codes == "d" {
                // Their index is elsewhere there. That of numbers knows them as well: by how they begin.
                for (at, (first, beyond)) in ranges(&code.to_string()).into_iter().enumerate() {
                    sql.push(if at == 0 { " and (" } else { " or " });
                    sql.push("d.number >= ").push_bind(first).push(" and d.number < ").push_bind(beyond);
                }
                sql.push(")").plan_for_values();
            }
        }
        if let Some(query) = &self.query {
            query.push(sql, self.kind, &self.means);
        }
    }
}
