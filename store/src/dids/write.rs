//! Writing DIDs by the set: one statement for thousands of rows.

use std::collections::{BTreeSet, HashSet};

use routing::limits::WEIGHT_MAX;
use routing::{AccountId, Alias, DidId, E164, Failover, PlanId, RouteId, Version, Weights};

use super::numbers_to_db;
use crate::convert::number_to_db;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, ROWS_PER_STATEMENT, Result, UnixMs, plans};

/// How many taken numbers an error names.
const TAKEN_NAMED: usize = 10;

/// A DID to insert; the store chooses its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDid {
    /// The number.
    pub number: E164,
    /// What its owner calls it.
    pub alias: Option<Alias>,
    /// Where it rings.
    pub primary: RouteId,
    /// Where it rings when that fails.
    pub failover: Failover,
    /// How calls are shared between primary and failover route; only with such a route.
    pub weights: Option<Weights>,
}

/// What a DID becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidUpdate {
    /// Which one.
    pub id: DidId,
    /// What its owner calls it.
    pub alias: Option<Alias>,
    /// Where it rings.
    pub primary: RouteId,
    /// Where it rings when that fails.
    pub failover: Failover,
    /// How calls are shared between primary and failover route; only with such a route.
    pub weights: Option<Weights>,
}

/// A row as it travels to the database: a key, then alias and folded alias, then primary, failover route, failover
/// plan, and the weights of the two routes.
type Bound<'a> =
    (i64, Option<&'a str>, Option<String>, i64, Option<i64>, Option<i64>, Option<u16>, Option<u16>);

fn bound(
    key: i64,
    alias: Option<&Alias>,
    primary: RouteId,
    failover: Failover,
    weights: Option<Weights>,
) -> Result<Bound<'_>> {
    let fits = |weights: Weights| weights.primary <= WEIGHT_MAX && weights.failover <= WEIGHT_MAX;
    if weights.is_some_and(|weights| !fits(weights) || failover.route().is_none()) {
        return Err(Error::Weights);
    }
    Ok((
        key,
        alias.map(Alias::as_str),
        alias.map(Alias::fold),
        primary.0,
        failover.route().map(|route| route.0),
        failover.plan().map(|plan| plan.0),
        weights.map(|weights| weights.primary),
        weights.map(|weights| weights.failover),
    ))
}

pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    at: UnixMs,
    dids: &[NewDid],
) -> Result<()> {
    let plans: BTreeSet<PlanId> = dids.iter().filter_map(|did| did.failover.plan()).collect();
    plans::must_exist(conn, account, &plans).await?;
    for dids in dids.chunks(ROWS_PER_STATEMENT) {
        let rows = dids
            .iter()
            .map(|did| {
                let number = number_to_db(did.number);
                let row = bound(number, did.alias.as_ref(), did.primary, did.failover, did.weights)?;
                Ok((row, did.number.calling_code()))
            })
            .collect::<Result<Vec<_>>>()?;
        let mut sql = Sql::new(
            "add DIDs",
            "insert into dids (account_id, number, alias, alias_key, primary_route, failover_route, failover_plan,
                               primary_weight, failover_weight, calling_code, changed_at, version) select ",
        );
        sql.push_bind(account.0);
        sql.push(
            ", cast(value -> 0 ->> 0 as bigint), value -> 0 ->> 1, value -> 0 ->> 2,
               cast(value -> 0 ->> 3 as bigint), cast(value -> 0 ->> 4 as bigint), cast(value -> 0 ->> 5 as bigint),
               cast(value -> 0 ->> 6 as bigint), cast(value -> 0 ->> 7 as bigint), cast(value ->> 1 as bigint), ",
        );
        sql.push_bind(at.0).push(", ").push_bind(version.0).push(" from ");
        sql.push_rows(conn.kind(), &rows)?;
        sql.push(" where true on conflict (number) do nothing returning number");
        let added: Vec<(i64,)> = conn.all(sql).await.map_err(unknown_route)?;
        if added.len() != dids.len() {
            // Those that did not get in: there before, or given twice.
            let mut added: HashSet<i64> = added.into_iter().map(|(number,)| number).collect();
            let refused =
                dids.iter().map(|did| did.number).filter(|number| !added.remove(&number_to_db(*number)));
            return Err(Error::NumbersTaken(refused.take(TAKEN_NAMED).collect()));
        }
    }
    Ok(())
}

pub(crate) async fn update(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    at: UnixMs,
    dids: &[DidUpdate],
) -> Result<()> {
    let plans: BTreeSet<PlanId> = dids.iter().filter_map(|did| did.failover.plan()).collect();
    plans::must_exist(conn, account, &plans).await?;
    for dids in dids.chunks(ROWS_PER_STATEMENT) {
        let rows = dids
            .iter()
            .map(|did| bound(did.id.0, did.alias.as_ref(), did.primary, did.failover, did.weights))
            .collect::<Result<Vec<_>>>()?;
        let mut sql = Sql::new(
            "change DIDs",
            "update dids set alias = became.alias, alias_key = became.alias_key,
                             primary_route = became.primary_route, failover_route = became.failover_route,
                             failover_plan = became.failover_plan, primary_weight = became.primary_weight,
                             failover_weight = became.failover_weight, changed_at = ",
        );
        sql.push_bind(at.0).push(", version = ").push_bind(version.0);
        sql.push(
            " from (select cast(value ->> 0 as bigint) as id, value ->> 1 as alias, value ->> 2 as alias_key,
                           cast(value ->> 3 as bigint) as primary_route,
                           cast(value ->> 4 as bigint) as failover_route,
                           cast(value ->> 5 as bigint) as failover_plan,
                           cast(value ->> 6 as bigint) as primary_weight,
                           cast(value ->> 7 as bigint) as failover_weight
                    from ",
        );
        sql.push_rows(conn.kind(), &rows)?;
        // The plus keeps planners from walking the whole account to look each DID up in the rows.
        sql.push(") as became where dids.id = became.id and +dids.account_id = ").push_bind(account.0);
        let changed = conn.run(sql).await.map_err(unknown_route)?;
        if changed != dids.len() as u64 {
            return Err(Error::NotFound(Noun::Did));
        }
    }
    Ok(())
}

pub(crate) async fn delete(conn: &mut Conn<'_>, account: AccountId, dids: &[DidId]) -> Result<()> {
    for dids in dids.chunks(ROWS_PER_STATEMENT) {
        let ids: Vec<i64> = dids.iter().map(|did| did.0).collect();
        let mut sql = Sql::new("release DIDs", "delete from dids where +account_id = ");
        sql.push_bind(account.0).push(" and id in ").push_set(conn.kind(), &ids)?;
        if conn.run(sql).await? != dids.len() as u64 {
            return Err(Error::NotFound(Noun::Did));
        }
    }
    Ok(())
}

/// The account exists, for the transaction holds it, and the plans were looked for: what is missing is a route.
fn unknown_route(error: Error) -> Error {
    if error.breaks_foreign_key() { Error::UnknownRoute } else { error }
}

impl Sql {
    /// Appends a parenthesised set of numbers, for `in`.
    pub(crate) fn push_numbers(&mut self, kind: crate::DatabaseKind, numbers: &[E164]) -> Result<&mut Sql> {
        self.push_set(kind, &numbers_to_db(numbers))
    }
}
