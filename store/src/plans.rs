//! Failover plans: the steps after the primary. Beside each plan stand anchors, one row for each route and
//! schedule that it names, so that foreign keys hold for what is inside its JSON.

mod write;

use std::collections::BTreeSet;

use routing::{AccountId, Alias, FailoverPlan, PlanId, ScheduleId, Step, Version};

pub(crate) use write::{delete, insert, restore, update};

use crate::convert::{alias_from_db, count, json_from_db, row_name};
use crate::db::Store;
use crate::dids::{DID_COLUMNS, DidRow, StoredDid};
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result};

/// A failover plan as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// The plan.
    pub plan: FailoverPlan,
    /// The account's version at which it last changed.
    pub version: Version,
}

/// A failover plan to insert; the store chooses its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlan {
    /// What its owner calls it.
    pub name: Alias,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

#[derive(sqlx::FromRow)]
struct StoredPlan {
    id: i64,
    name: String,
    steps: String,
    version: i64,
}

impl StoredPlan {
    fn into_domain(self, account: AccountId) -> Result<PlanRow> {
        let row = row_name(account, self.id);
        let plan = FailoverPlan {
            id: PlanId(self.id),
            name: alias_from_db("plans", &row, "name", &self.name)?,
            steps: json_from_db("plans", &row, "steps", &self.steps)?,
        };
        Ok(PlanRow { plan, version: Version(self.version) })
    }
}

/// A plan with how many DIDs use it.
#[derive(sqlx::FromRow)]
struct CountedPlan {
    #[sqlx(flatten)]
    plan: StoredPlan,
    dids: i64,
}

impl CountedPlan {
    fn into_domain(self, account: AccountId) -> Result<(PlanRow, u64)> {
        Ok((self.plan.into_domain(account)?, count(self.dids)))
    }
}

const SELECT_PLANS: &str = "select p.id, p.name, p.steps, p.version from plans as p where p.account_id = ";

const SELECT_COUNTED: &str = "select p.id, p.name, p.steps, p.version,
        (select count(*) from dids as d where d.account_id = p.account_id and d.failover_plan = p.id) as dids
 from plans as p where p.account_id = ";

impl Store {
    /// The account's failover plans by name, each with the number of DIDs that use it.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn plans(&self, account: AccountId) -> Result<Vec<(PlanRow, u64)>> {
        list(&mut self.reader().await?.conn(), account).await
    }

    /// One failover plan, with the number of DIDs that use it.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn plan(&self, account: AccountId, plan: PlanId) -> Result<Option<(PlanRow, u64)>> {
        find(&mut self.reader().await?.conn(), account, plan).await
    }

    /// The account's failover plans by name, without counting who uses them.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn plan_choices(&self, account: AccountId) -> Result<Vec<PlanRow>> {
        all(&mut self.reader().await?.conn(), account).await
    }

    /// The first DIDs, by number, whose failover the plan is.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn plan_users(&self, account: AccountId, plan: PlanId, limit: u32) -> Result<Vec<DidRow>> {
        users(&mut self.reader().await?.conn(), account, plan, limit).await
    }
}

/// Every plan by name.
pub(crate) async fn all(conn: &mut Conn<'_>, account: AccountId) -> Result<Vec<PlanRow>> {
    let mut sql = Sql::new("list failover plans", SELECT_PLANS);
    sql.push_bind(account.0).push(" order by p.name_key, p.id");
    read(conn, account, sql).await
}

/// Every plan by name, with how many DIDs use it.
pub(crate) async fn list(conn: &mut Conn<'_>, account: AccountId) -> Result<Vec<(PlanRow, u64)>> {
    let mut sql = Sql::new("list failover plans", SELECT_COUNTED);
    sql.push_bind(account.0).push(" order by p.name_key, p.id");
    let rows: Vec<CountedPlan> = conn.all(sql).await?;
    rows.into_iter().map(|row| row.into_domain(account)).collect()
}

pub(crate) async fn find(
    conn: &mut Conn<'_>,
    account: AccountId,
    plan: PlanId,
) -> Result<Option<(PlanRow, u64)>> {
    let mut sql = Sql::new("read a failover plan", SELECT_COUNTED);
    sql.push_bind(account.0).push(" and p.id = ").push_bind(plan.0);
    conn.optional::<CountedPlan>(sql).await?.map(|row| row.into_domain(account)).transpose()
}

pub(crate) async fn users(
    conn: &mut Conn<'_>,
    account: AccountId,
    plan: PlanId,
    limit: u32,
) -> Result<Vec<DidRow>> {
    let mut sql = Sql::new("list the DIDs of a failover plan", "select ");
    sql.push(DID_COLUMNS).push(" from dids as d where d.account_id = ").push_bind(account.0);
    sql.push(" and d.failover_plan = ").push_bind(plan.0);
    sql.push(" order by d.number limit ").push_bind(i64::from(limit));
    let rows: Vec<StoredDid> = conn.all(sql).await?;
    rows.into_iter().map(StoredDid::into_domain).collect()
}

/// Those of the plans that are the account's, by name.
pub(crate) async fn by_id(
    conn: &mut Conn<'_>,
    account: AccountId,
    plans: &BTreeSet<PlanId>,
) -> Result<Vec<PlanRow>> {
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = plans.iter().map(|plan| plan.0).collect();
    let mut sql = Sql::new("read failover plans", SELECT_PLANS);
    sql.push_bind(account.0).push(" and p.id").push_is_among(conn.kind(), &ids);
    sql.push(" order by p.name_key, p.id");
    read(conn, account, sql).await
}

/// The plans with a step that goes by the schedule, by name.
pub(crate) async fn of_schedule(
    conn: &mut Conn<'_>,
    account: AccountId,
    schedule: ScheduleId,
) -> Result<Vec<PlanRow>> {
    let mut sql = Sql::new("list the failover plans of a schedule", SELECT_PLANS);
    sql.push_bind(account.0);
    sql.push(" and p.id in (select u.plan_id from plan_schedules as u where u.account_id = ");
    sql.push_bind(account.0).push(" and u.schedule_id = ").push_bind(schedule.0);
    sql.push(") order by p.name_key, p.id");
    read(conn, account, sql).await
}

/// Looks for plans before DIDs name them: a broken key does not say on every database which one it was.
pub(crate) async fn must_exist(
    conn: &mut Conn<'_>,
    account: AccountId,
    plans: &BTreeSet<PlanId>,
) -> Result<()> {
    if plans.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = plans.iter().map(|plan| plan.0).collect();
    let mut sql = Sql::new("look for failover plans", "select count(*) from plans where account_id = ");
    sql.push_bind(account.0).push(" and id").push_is_among(conn.kind(), &ids);
    let (found,): (i64,) = conn.one(sql).await?;
    if count(found) == plans.len() as u64 { Ok(()) } else { Err(Error::NotFound(Noun::Plan)) }
}

async fn read(conn: &mut Conn<'_>, account: AccountId, sql: Sql) -> Result<Vec<PlanRow>> {
    let rows: Vec<StoredPlan> = conn.all(sql).await?;
    rows.into_iter().map(|row| row.into_domain(account)).collect()
}
