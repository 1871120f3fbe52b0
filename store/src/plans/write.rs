//! Writing failover plans, inside a transaction.

use std::collections::BTreeSet;

use routing::{AccountId, FailoverPlan, PlanId, Step, Version};

use super::NewPlan;
use crate::accounts::{self, Counter};
use crate::convert::json_to_db;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result};

pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    new: &NewPlan,
) -> Result<PlanId> {
    let id = PlanId(accounts::next_id(conn, account, Counter::Plan).await?);
    insert_as(conn, account, version, id, new).await?;
    Ok(id)
}

/// Brings a deleted plan back under the id that it had.
pub(crate) async fn restore(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    plan: &FailoverPlan,
) -> Result<()> {
    if !accounts::was_given(conn, account, Counter::Plan, plan.id.0).await? {
        return Err(Error::NotFound(Noun::Plan));
    }
    let new = NewPlan { name: plan.name.clone(), steps: plan.steps.clone() };
    insert_as(conn, account, version, plan.id, &new).await
}

async fn insert_as(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    id: PlanId,
    new: &NewPlan,
) -> Result<()> {
    let sql = Sql::new(
        "add a failover plan",
        "insert into plans (account_id, id, name, name_key, steps, version) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(account.0)
    .bind(id.0)
    .bind(new.name.as_str())
    .bind(new.name.fold())
    .bind(json_to_db("add a failover plan", &new.steps)?)
    .bind(version.0);
    conn.run(sql).await.map_err(|error| error.or_name_taken(Noun::Plan, &new.name))?;
    anchor(conn, account, id, &new.steps).await
}

pub(crate) async fn update(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    plan: &FailoverPlan,
) -> Result<()> {
    let sql = Sql::new(
        "change a failover plan",
        "update plans set name = $3, name_key = $4, steps = $5, version = $6 where account_id = $1 and id = $2",
    )
    .bind(account.0)
    .bind(plan.id.0)
    .bind(plan.name.as_str())
    .bind(plan.name.fold())
    .bind(json_to_db("change a failover plan", &plan.steps)?)
    .bind(version.0);
    one(conn.run(sql).await.map_err(|error| error.or_name_taken(Noun::Plan, &plan.name))?)?;
    for sql in [
        Sql::new(
            "let go the routes of a failover plan",
            "delete from plan_routes where account_id = $1 and plan_id = $2",
        ),
        Sql::new(
            "let go the schedules of a failover plan",
            "delete from plan_schedules where account_id = $1 and plan_id = $2",
        ),
    ] {
        conn.run(sql.bind(account.0).bind(plan.id.0)).await?;
    }
    anchor(conn, account, plan.id, &plan.steps).await
}

/// Its anchors go with it.
pub(crate) async fn delete(conn: &mut Conn<'_>, account: AccountId, plan: PlanId) -> Result<()> {
    let sql = Sql::new("delete a failover plan", "delete from plans where account_id = $1 and id = $2")
        .bind(account.0)
        .bind(plan.0);
    let in_use = |error: Error| if error.breaks_foreign_key() { Error::PlanInUse { plan } } else { error };
    one(conn.run(sql).await.map_err(in_use)?)
}

/// Writes a row for each route and each schedule that the steps name, each once.
async fn anchor(conn: &mut Conn<'_>, account: AccountId, plan: PlanId, steps: &[Step]) -> Result<()> {
    let routes: BTreeSet<i64> = steps.iter().flat_map(|step| &step.routes).map(|leg| leg.route.0).collect();
    let routes: Vec<i64> = routes.into_iter().collect();
    let mut sql = Sql::new(
        "hold the routes of a failover plan",
        "insert into plan_routes (account_id, plan_id, route_id) select ",
    );
    sql.push_bind(account.0).push(", ").push_bind(plan.0).push(", cast(value as bigint) from ");
    sql.push_rows(conn.kind(), &routes)?;
    let unknown = |error: Error| if error.breaks_foreign_key() { Error::UnknownRoute } else { error };
    conn.run(sql).await.map_err(unknown)?;

    let schedules: BTreeSet<i64> = steps.iter().filter_map(|step| step.hours).map(|hours| hours.0).collect();
    if schedules.is_empty() {
        return Ok(());
    }
    let schedules: Vec<i64> = schedules.into_iter().collect();
    let mut sql = Sql::new(
        "hold the schedules of a failover plan",
        "insert into plan_schedules (account_id, plan_id, schedule_id) select ",
    );
    sql.push_bind(account.0).push(", ").push_bind(plan.0).push(", cast(value as bigint) from ");
    sql.push_rows(conn.kind(), &schedules)?;
    let unknown = |error: Error| if error.breaks_foreign_key() { Error::UnknownSchedule } else { error };
    conn.run(sql).await.map_err(unknown).map(drop)
}

fn one(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound(Noun::Plan)) }
}
