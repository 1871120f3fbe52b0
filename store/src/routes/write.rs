//! Writing routes, inside a transaction.

use routing::{AccountId, HealthState, InboundRoute, RouteId, RouteTarget, Version};

use super::NewRoute;
use crate::accounts::{self, Counter};
use crate::convert::{answerer_to_db, health_to_db, target_to_db};
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// The alias of the built-in route; nobody else can take it.
const BUILT_IN_ALIAS: &str = "sip-reg";

/// The anchor of a new account's foreign keys.
pub(crate) async fn insert_built_in(conn: &mut Conn<'_>, account: AccountId) -> Result<()> {
    let sql = Sql::new(
        "create the built-in route",
        "insert into routes (account_id, id, alias, alias_key, kind, value, answerer, health, version)
         values ($1, 0, $2, $2, 'registered', $2, 'pbx', 'unknown', 0)",
    )
    .bind(account.0)
    .bind(BUILT_IN_ALIAS);
    conn.run(sql).await.map(drop)
}

pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    new: &NewRoute,
) -> Result<RouteId> {
    not_built_in_target(&new.target)?;
    let id = RouteId(accounts::next_id(conn, account, Counter::Route).await?);
    insert_as(conn, account, version, id, new).await?;
    Ok(id)
}

/// Brings a deleted route back under the id that it had.
pub(crate) async fn restore(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    id: RouteId,
    new: &NewRoute,
) -> Result<()> {
    not_built_in_target(&new.target)?;
    if !accounts::was_given(conn, account, Counter::Route, id.0).await? {
        return Err(Error::NotFound(Noun::Route));
    }
    insert_as(conn, account, version, id, new).await
}

async fn insert_as(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    id: RouteId,
    new: &NewRoute,
) -> Result<()> {
    let (kind, value) = target_to_db(&new.target);
    let sql = Sql::new(
        "add an inbound route",
        "insert into routes (account_id, id, alias, alias_key, kind, value, edge_id, carrier, site, region,
                             answerer, health, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(account.0)
    .bind(id.0)
    .bind(new.alias.as_str())
    .bind(new.alias.fold())
    .bind(kind)
    .bind(value)
    .bind(new.edge.map(|edge| edge.0))
    .bind(new.domains.carrier.clone())
    .bind(new.domains.site.clone())
    .bind(new.domains.region.clone())
    .bind(answerer_to_db(new.domains.answerer)?)
    .bind(health_to_db(HealthState::default())?)
    .bind(version.0);
    conn.run(sql).await.map_err(|error| in_domain_terms(error, new.alias.as_str())).map(drop)
}

pub(crate) async fn update(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    route: &InboundRoute,
) -> Result<()> {
    not_built_in(route.id)?;
    not_built_in_target(&route.target)?;
    let (kind, value) = target_to_db(&route.target);
    let sql = Sql::new(
        "change an inbound route",
        "update routes set alias = $3, alias_key = $4, kind = $5, value = $6, edge_id = $7, carrier = $8,
                           site = $9, region = $10, answerer = $11, version = $12
         where account_id = $1 and id = $2",
    )
    .bind(account.0)
    .bind(route.id.0)
    .bind(route.alias.as_str())
    .bind(route.alias.fold())
    .bind(kind)
    .bind(value)
    .bind(route.edge.map(|edge| edge.0))
    .bind(route.domains.carrier.clone())
    .bind(route.domains.site.clone())
    .bind(route.domains.region.clone())
    .bind(answerer_to_db(route.domains.answerer)?)
    .bind(version.0);
    one(conn.run(sql).await.map_err(|error| in_domain_terms(error, route.alias.as_str()))?)
}

pub(crate) async fn delete(conn: &mut Conn<'_>, account: AccountId, route: RouteId) -> Result<()> {
    not_built_in(route)?;
    let sql = Sql::new("delete an inbound route", "delete from routes where account_id = $1 and id = $2")
        .bind(account.0)
        .bind(route.0);
    let in_use = |error: Error| if error.breaks_foreign_key() { Error::RouteInUse { route } } else { error };
    one(conn.run(sql).await.map_err(in_use)?)
}

/// Health is not configuration: the row's version stays, so that a probe never spoils somebody's edit.
pub(crate) async fn set_health(
    conn: &mut Conn<'_>,
    account: AccountId,
    route: RouteId,
    health: HealthState,
    since: UnixMs,
) -> Result<()> {
    not_built_in(route)?;
    let sql = Sql::new(
        "write the health of an inbound route",
        "update routes set health = $3, health_since = $4 where account_id = $1 and id = $2",
    )
    .bind(account.0)
    .bind(route.0)
    .bind(health_to_db(health)?)
    .bind(since.0);
    one(conn.run(sql).await?)
}

fn not_built_in(route: RouteId) -> Result<()> {
    if route == RouteId::REGISTERED { Err(Error::BuiltInRoute) } else { Ok(()) }
}

fn not_built_in_target(target: &RouteTarget) -> Result<()> {
    if *target == RouteTarget::Registered { Err(Error::BuiltInRoute) } else { Ok(()) }
}

fn one(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound(Noun::Route)) }
}

/// Ids come from a counter under lock, or are those that this very route had, so the only key that can clash is the alias, and the only reference
/// that can hang is the edge.
fn in_domain_terms(error: Error, alias: &str) -> Error {
    if error.breaks_unique() {
        Error::AliasTaken { alias: alias.to_owned() }
    } else if error.breaks_foreign_key() {
        Error::UnknownEdge
    } else {
        error
    }
}
