//! Schedules: at which hours the steps of failover plans are entered.

mod write;

use std::collections::BTreeSet;

use routing::{AccountId, Alias, DayHours, Schedule, ScheduleException, ScheduleId, Version};

pub(crate) use write::{delete, insert, restore, update};

use crate::Result;
use crate::convert::{alias_from_db, count, json_from_db, row_name};
use crate::db::Store;
use crate::plans::{self, PlanRow};
use crate::sql::{Conn, Sql};

/// A schedule as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRow {
    /// The schedule.
    pub schedule: Schedule,
    /// The account's version at which it last changed.
    pub version: Version,
}

/// A schedule to insert; the store chooses its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSchedule {
    /// What its owner calls it.
    pub name: Alias,
    /// The IANA zone of its hours.
    pub zone: String,
    /// Monday first.
    pub weekly: [DayHours; 7],
    /// Days that go by hours of their own, each once.
    pub exceptions: Vec<ScheduleException>,
}

#[derive(sqlx::FromRow)]
struct StoredSchedule {
    id: i64,
    name: String,
    zone: String,
    weekly: String,
    exceptions: String,
    version: i64,
}

impl StoredSchedule {
    fn into_domain(self, account: AccountId) -> Result<ScheduleRow> {
        let row = row_name(account, self.id);
        let schedule = Schedule {
            id: ScheduleId(self.id),
            name: alias_from_db("schedules", &row, "name", &self.name)?,
            zone: self.zone,
            weekly: json_from_db("schedules", &row, "weekly", &self.weekly)?,
            exceptions: json_from_db("schedules", &row, "exceptions", &self.exceptions)?,
        };
        Ok(ScheduleRow { schedule, version: Version(self.version) })
    }
}

/// A schedule with how many plans use it.
#[derive(sqlx::FromRow)]
struct CountedSchedule {
    #[sqlx(flatten)]
    schedule: StoredSchedule,
    plans: i64,
}

impl CountedSchedule {
    fn into_domain(self, account: AccountId) -> Result<(ScheduleRow, u64)> {
        Ok((self.schedule.into_domain(account)?, count(self.plans)))
    }
}

const SELECT_SCHEDULES: &str = "select s.id, s.name, s.zone, s.weekly, s.exceptions, s.version
 from schedules as s where s.account_id = ";

const SELECT_COUNTED: &str = "select s.id, s.name, s.zone, s.weekly, s.exceptions, s.version,
        (select count(*) from plan_schedules as u
         where u.account_id = s.account_id and u.schedule_id = s.id) as plans
 from schedules as s where s.account_id = ";

impl Store {
    /// The account's schedules by name, each with the number of failover plans that use it.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn schedules(&self, account: AccountId) -> Result<Vec<(ScheduleRow, u64)>> {
        list(&mut self.reader().await?.conn(), account).await
    }

    /// One schedule, with the number of failover plans that use it.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn schedule(
        &self,
        account: AccountId,
        schedule: ScheduleId,
    ) -> Result<Option<(ScheduleRow, u64)>> {
        find(&mut self.reader().await?.conn(), account, schedule).await
    }

    /// The failover plans with a step that goes by the schedule, by name.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn schedule_users(&self, account: AccountId, schedule: ScheduleId) -> Result<Vec<PlanRow>> {
        plans::of_schedule(&mut self.reader().await?.conn(), account, schedule).await
    }
}

/// Every schedule by name, with how many plans use it.
pub(crate) async fn list(conn: &mut Conn<'_>, account: AccountId) -> Result<Vec<(ScheduleRow, u64)>> {
    let mut sql = Sql::new("list schedules", SELECT_COUNTED);
    sql.push_bind(account.0).push(" order by s.name_key, s.id");
    let rows: Vec<CountedSchedule> = conn.all(sql).await?;
    rows.into_iter().map(|row| row.into_domain(account)).collect()
}

pub(crate) async fn find(
    conn: &mut Conn<'_>,
    account: AccountId,
    schedule: ScheduleId,
) -> Result<Option<(ScheduleRow, u64)>> {
    let mut sql = Sql::new("read a schedule", SELECT_COUNTED);
    sql.push_bind(account.0).push(" and s.id = ").push_bind(schedule.0);
    conn.optional::<CountedSchedule>(sql).await?.map(|row| row.into_domain(account)).transpose()
}

/// Every schedule by id, without counting.
pub(crate) async fn all(conn: &mut Conn<'_>, account: AccountId) -> Result<Vec<ScheduleRow>> {
    let mut sql = Sql::new("list schedules", SELECT_SCHEDULES);
    sql.push_bind(account.0).push(" order by s.id");
    read(conn, account, sql).await
}

/// Those of the schedules that are the account's, by id.
pub(crate) async fn by_id(
    conn: &mut Conn<'_>,
    account: AccountId,
    schedules: &BTreeSet<ScheduleId>,
) -> Result<Vec<ScheduleRow>> {
    if schedules.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = schedules.iter().map(|schedule| schedule.0).collect();
    let mut sql = Sql::new("read schedules", SELECT_SCHEDULES);
    sql.push_bind(account.0).push(" and s.id").push_is_among(conn.kind(), &ids);
    sql.push(" order by s.id");
    read(conn, account, sql).await
}

async fn read(conn: &mut Conn<'_>, account: AccountId, sql: Sql) -> Result<Vec<ScheduleRow>> {
    let rows: Vec<StoredSchedule> = conn.all(sql).await?;
    rows.into_iter().map(|row| row.into_domain(account)).collect()
}
