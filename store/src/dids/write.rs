//! Writing DIDs by the set: one statement for hundreds of rows, or thousands.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use routing::limits::WEIGHT_MAX;
use routing::{AccountId, Alias, Did, E164, PlanId, Routing, Version, Weights};

use super::numbers_to_db;
use crate::convert::number_to_db;
use crate::sql::{Column, Conn, Sql, Value};
use crate::{DatabaseKind, Error, Noun, ROWS_PER_STATEMENT, Result, UnixMs, plans};

/// How many taken numbers an error names.
const TAKEN_NAMED: usize = 10;

/// A DID to insert; the store chooses its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDid {
    /// The number.
    pub number: E164,
    /// What its owner calls it.
    pub alias: Option<Alias>,
    /// Where it rings, where when that fails, and how calls are shared; shares need a failover route.
    pub routing: Routing,
}

/// What a DID becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidUpdate {
    /// As it is now: what stays so is not written again.
    pub now: Did,
    /// What its owner calls it.
    pub alias: Option<Alias>,
    /// Where it rings, and where when that fails.
    pub routing: Routing,
}

fn check(routing: Routing) -> Result<()> {
    let fits = |weights: Weights| weights.primary <= WEIGHT_MAX && weights.failover <= WEIGHT_MAX;
    if routing.weights.is_some_and(|weights| !fits(weights) || routing.failover.route().is_none()) {
        return Err(Error::Weights);
    }
    Ok(())
}

/// Names and values of the columns of an alias, and of it folded.
fn aliases<'a>(aliases: impl Iterator<Item = Option<&'a Alias>> + Clone) -> [Column; 2] {
    [
        Column::texts("alias", aliases.clone().map(|alias| alias.map(|alias| alias.as_str().to_owned()))),
        Column::texts("alias_key", aliases.map(|alias| alias.map(Alias::fold))),
    ]
}

/// Names and values of the columns of a routing.
fn routings(routings: impl Iterator<Item = Routing> + Clone) -> [Column; 5] {
    let weight =
        |of: fn(Weights) -> u16| routings.clone().map(move |routing| routing.weights.map(of).map(i64::from));
    [
        Column::ints("primary_route", routings.clone().map(|routing| routing.primary.0)),
        Column::ints(
            "failover_route",
            routings.clone().map(|routing| routing.failover.route().map(|id| id.0)),
        ),
        Column::ints("failover_plan", routings.clone().map(|routing| routing.failover.plan().map(|id| id.0))),
        Column::ints("primary_weight", weight(|weights| weights.primary)),
        Column::ints("failover_weight", weight(|weights| weights.failover)),
    ]
}

pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    at: UnixMs,
    dids: &[NewDid],
) -> Result<()> {
    let plans: BTreeSet<PlanId> = dids.iter().filter_map(|did| did.routing.failover.plan()).collect();
    plans::must_exist(conn, account, &plans).await?;
    dids.iter().try_for_each(|did| check(did.routing))?;
    let mut seen = HashSet::with_capacity(dids.len());
    taken(dids.iter().map(|did| did.number).filter(|number| !seen.insert(*number)))?;
    for dids in dids.chunks(conn.kind().table_rows()) {
        let mut sql = Sql::with_table(
            conn.kind(),
            "add DIDs",
            "insert into dids (number, calling_code, alias, alias_key, primary_route, failover_route, failover_plan,
                               primary_weight, failover_weight, account_id, changed_at, version) select added.*, ",
        );
        sql.push_bind(account.0).push(", ").push_bind(at.0).push(", ").push_bind(version.0).push(" from ");
        let [alias, alias_key] = aliases(dids.iter().map(|did| did.alias.as_ref()));
        let [primary, route, plan, primary_weight, failover_weight] =
            routings(dids.iter().map(|did| did.routing));
        let columns = [
            Column::ints("number", dids.iter().map(|did| number_to_db(did.number))),
            Column::ints("calling_code", dids.iter().map(|did| i64::from(did.number.calling_code()))),
            alias,
            alias_key,
            primary,
            route,
            plan,
            primary_weight,
            failover_weight,
        ];
        // Planned anew each time: how many there are grows with every statement, and a plan from when there were few would
        // compare each with each.
        sql.plan_for_values().push_table(columns).push(match conn.kind() {
            DatabaseKind::Sqlite => " as added where true on conflict (number) do nothing returning number",
            // The offset has each looked up: joined, all that are there would be read for them.
            DatabaseKind::Postgres => {
                " as added where not exists (
                      select 1 from did_search where did_search.number = added.number offset 0
                  ) returning number"
            }
        });
        let added: Vec<(i64,)> = conn.all(sql).await.map_err(|error| {
            // The number is one of a transaction that was not complete when it was looked for.
            if error.breaks_unique() { Error::NumbersTaken(Vec::new()) } else { unknown_route(error) }
        })?;
        if added.len() != dids.len() {
            let added: HashSet<i64> = added.into_iter().map(|(number,)| number).collect();
            taken(
                dids.iter().map(|did| did.number).filter(|number| !added.contains(&number_to_db(*number))),
            )?;
        }
    }
    for (code, added) in count_by_code(dids.iter().map(|did| i64::from(did.number.calling_code()))) {
        let sql = Sql::new(
            "count the added DIDs",
            "insert into did_counts (account_id, calling_code, dids) values ($1, $2, $3)
             on conflict (account_id, calling_code) do update set dids = did_counts.dids + excluded.dids",
        );
        conn.run(sql.bind(account.0).bind(code).bind(added)).await?;
    }
    Ok(())
}

/// Refuses numbers, if there are any, and names the first of them.
fn taken(numbers: impl Iterator<Item = E164>) -> Result<()> {
    let named: Vec<E164> = numbers.take(TAKEN_NAMED).collect();
    if named.is_empty() { Ok(()) } else { Err(Error::NumbersTaken(named)) }
}

fn count_by_code(codes: impl Iterator<Item = i64>) -> BTreeMap<i64, i64> {
    codes.fold(BTreeMap::new(), |mut counted, code| {
        *counted.entry(code).or_default() += 1;
        counted
    })
}

/// What rows are stamped with that change.
type Stamp = (Version, UnixMs);

/// Writes routing and alias by themselves, and of each DID what changes: writing every column again would move its rows in
/// every index.
pub(crate) async fn update(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    at: UnixMs,
    dids: &[DidUpdate],
) -> Result<()> {
    let plans: BTreeSet<PlanId> = dids.iter().filter_map(|did| did.routing.failover.plan()).collect();
    plans::must_exist(conn, account, &plans).await?;
    dids.iter().try_for_each(|did| check(did.routing))?;
    let stamp = (version, at);
    let rerouted: Vec<&DidUpdate> = dids.iter().filter(|did| did.routing != Routing::of(&did.now)).collect();
    let (now, becomes) = (
        |dids: &[&DidUpdate]| routings(dids.iter().map(|did| Routing::of(&did.now))),
        |dids: &[&DidUpdate]| routings(dids.iter().map(|did| did.routing)),
    );
    set(conn, account, stamp, "change where DIDs ring", &rerouted, now, becomes).await?;
    let renamed: Vec<&DidUpdate> = dids.iter().filter(|did| did.alias != did.now.alias).collect();
    let (now, becomes) = (
        |dids: &[&DidUpdate]| aliases(dids.iter().map(|did| did.now.alias.as_ref())),
        |dids: &[&DidUpdate]| aliases(dids.iter().map(|did| did.alias.as_ref())),
    );
    set(conn, account, stamp, "change what DIDs are called", &renamed, now, becomes).await
}

/// Sets columns of DIDs. A bulk action makes the same of all: that is sent once, and what stays is not.
async fn set<const N: usize>(
    conn: &mut Conn<'_>,
    account: AccountId,
    stamp: Stamp,
    doing: &'static str,
    dids: &[&DidUpdate],
    now: impl Fn(&[&DidUpdate]) -> [Column; N],
    becomes: impl Fn(&[&DidUpdate]) -> [Column; N],
) -> Result<()> {
    let changes = becomes(dids).into_iter().zip(now(dids)).filter(|(becomes, now)| becomes != now);
    let values: Option<Vec<(&str, Value)>> =
        changes.map(|(becomes, _)| Some((becomes.name, becomes.only_value()?))).collect();
    if let Some(values) = values {
        for dids in dids.chunks(ROWS_PER_STATEMENT) {
            let mut sql = begin_update(conn.kind(), doing, stamp);
            for (name, value) in &values {
                sql.push(", ").push(name).push(" = ").push_bind(value.clone());
            }
            let numbers: Vec<i64> = dids.iter().map(|did| number_to_db(did.now.number)).collect();
            // Only as many can be changed as there are: a plan from when there were few never reads many more for them.
            sql.push(" where number").push_is_among(conn.kind(), &numbers).plan_for_any();
            run_update(conn, account, sql, dids.len()).await?;
        }
        return Ok(());
    }
    for dids in dids.chunks(conn.kind().table_rows()) {
        let mut sql = begin_update(conn.kind(), doing, stamp);
        let mut table = vec![Column::ints("number", dids.iter().map(|did| number_to_db(did.now.number)))];
        for column in becomes(dids) {
            sql.push(", ").push(column.name).push(" = became.").push(column.name);
            table.push(column);
        }
        // The plus keeps planners from walking every DID there is to look each up in the rows: what equals itself as computed
        // is taken for few, and few are looked up by their numbers.
        sql.push(" from ").push_table(table);
        sql.push(" as became where dids.number = became.number and became.number = +became.number");
        sql.plan_for_values();
        run_update(conn, account, sql, dids.len()).await?;
    }
    Ok(())
}

fn begin_update(kind: DatabaseKind, doing: &'static str, (version, at): Stamp) -> Sql {
    let mut sql = Sql::with_table(kind, doing, "update dids set changed_at = ");
    sql.push_bind(at.0).push(", version = ").push_bind(version.0);
    sql
}

async fn run_update(conn: &mut Conn<'_>, account: AccountId, mut sql: Sql, dids: usize) -> Result<()> {
    sql.push(of_account(conn.kind())).push_bind(account.0);
    if conn.run(sql).await.map_err(unknown_route)? != dids as u64 {
        return Err(Error::NotFound(Noun::Did));
    }
    Ok(())
}

pub(crate) async fn delete(conn: &mut Conn<'_>, account: AccountId, numbers: &[E164]) -> Result<()> {
    for numbers in numbers.chunks(ROWS_PER_STATEMENT) {
        let mut sql = Sql::new("release DIDs", "delete from dids where number");
        sql.push_is_among(conn.kind(), &numbers_to_db(numbers));
        sql.push(of_account(conn.kind())).push_bind(account.0).push(" returning calling_code");
        let released: Vec<(i64,)> = conn.all(sql).await?;
        if released.len() != numbers.len() {
            return Err(Error::NotFound(Noun::Did));
        }
        for (code, released) in count_by_code(released.into_iter().map(|(code,)| code)) {
            let sql = Sql::new(
                "count the released DIDs",
                "update did_counts set dids = case when dids > $3 then dids - $3 else 0 end
                 where account_id = $1 and calling_code = $2",
            );
            conn.run(sql.bind(account.0).bind(code).bind(released)).await?;
        }
    }
    Ok(())
}

/// The condition on the account, beside the one on numbers. To SQLite a number is unique by itself: the plus keeps it from
/// walking the account for each.
fn of_account(kind: DatabaseKind) -> &'static str {
    match kind {
        DatabaseKind::Sqlite => " and +dids.account_id = ",
        DatabaseKind::Postgres => " and dids.account_id = ",
    }
}

/// The account exists, for the transaction holds it, and the plans were looked for: what is missing is a route.
fn unknown_route(error: Error) -> Error {
    if error.breaks_foreign_key() { Error::UnknownRoute } else { error }
}
