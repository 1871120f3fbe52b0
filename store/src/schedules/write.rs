//! Writing schedules, inside a transaction.

use routing::{AccountId, Schedule, ScheduleId, Version};

use super::NewSchedule;
use crate::accounts::{self, Counter};
use crate::convert::json_to_db;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result};

pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    new: &NewSchedule,
) -> Result<ScheduleId> {
    let id = ScheduleId(accounts::next_id(conn, account, Counter::Schedule).await?);
    insert_as(conn, account, version, id, new).await?;
    Ok(id)
}

/// Brings a deleted schedule back under the id that it had.
pub(crate) async fn restore(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    id: ScheduleId,
    new: &NewSchedule,
) -> Result<()> {
    if !accounts::was_given(conn, account, Counter::Schedule, id.0).await? {
        return Err(Error::NotFound(Noun::Schedule));
    }
    insert_as(conn, account, version, id, new).await
}

async fn insert_as(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    id: ScheduleId,
    new: &NewSchedule,
) -> Result<()> {
    let sql = Sql::new(
        "add a schedule",
        "insert into schedules (account_id, id, name, name_key, zone, weekly, exceptions, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(account.0)
    .bind(id.0)
    .bind(new.name.as_str())
    .bind(new.name.fold())
    .bind(new.zone.as_str())
    .bind(json_to_db("add a schedule", &new.weekly)?)
    .bind(json_to_db("add a schedule", &new.exceptions)?)
    .bind(version.0);
    conn.run(sql).await.map_err(|error| error.or_name_taken(Noun::Schedule, &new.name)).map(drop)
}

pub(crate) async fn update(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    schedule: &Schedule,
) -> Result<()> {
    let sql = Sql::new(
        "change a schedule",
        "update schedules set name = $3, name_key = $4, zone = $5, weekly = $6, exceptions = $7, version = $8
         where account_id = $1 and id = $2",
    )
    .bind(account.0)
    .bind(schedule.id.0)
    .bind(schedule.name.as_str())
    .bind(schedule.name.fold())
    .bind(schedule.zone.as_str())
    .bind(json_to_db("change a schedule", &schedule.weekly)?)
    .bind(json_to_db("change a schedule", &schedule.exceptions)?)
    .bind(version.0);
    one(conn.run(sql).await.map_err(|error| error.or_name_taken(Noun::Schedule, &schedule.name))?)
}

pub(crate) async fn delete(conn: &mut Conn<'_>, account: AccountId, schedule: ScheduleId) -> Result<()> {
    let sql = Sql::new("delete a schedule", "delete from schedules where account_id = $1 and id = $2")
        .bind(account.0)
        .bind(schedule.0);
    let in_use =
        |error: Error| if error.breaks_foreign_key() { Error::ScheduleInUse { schedule } } else { error };
    one(conn.run(sql).await.map_err(in_use)?)
}

fn one(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound(Noun::Schedule)) }
}
