//! Snapshots: the configuration, or the part of it that some DIDs need, as one value.

use std::collections::BTreeSet;

use routing::{AccountId, Did, E164, FailoverPlan, InboundRoute, PlanId, RouteId, ScheduleId, Snapshot};

use crate::db::Store;
use crate::dids::DidFilter;
use crate::plans::{self, PlanRow};
use crate::schedules::{self, ScheduleRow};
use crate::sql::Conn;
use crate::{Error, Noun, Result, accounts, dids, edges, routes};

/// DIDs read at a time.
const CHUNK: u32 = 20_000;

impl Store {
    /// The whole configuration of the account, at one moment: routes, plans and schedules by id, DIDs by number. The
    /// zones of the schedules are left to whoever knows them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; the database failed, or a stored value is corrupt.
    pub async fn snapshot(&self, account: AccountId) -> Result<Snapshot> {
        whole(&mut self.view().await?.conn(), account).await
    }

    /// The given DIDs of the account, and the routes, plans and schedules that they use, at one moment. Numbers that
    /// are not the account's are left out.
    ///
    /// # Errors
    /// [`Error::NotFound`]; the database failed, or a stored value is corrupt.
    pub async fn snapshot_for(&self, account: AccountId, numbers: &[E164]) -> Result<Snapshot> {
        part(&mut self.view().await?.conn(), account, numbers).await
    }

    /// The configuration of the account but for its DIDs, at one moment.
    ///
    /// # Errors
    /// [`Error::NotFound`]; the database failed, or a stored value is corrupt.
    pub async fn snapshot_without_dids(&self, account: AccountId) -> Result<Snapshot> {
        without_dids(&mut self.view().await?.conn(), account).await
    }
}

pub(crate) async fn whole(conn: &mut Conn<'_>, account: AccountId) -> Result<Snapshot> {
    let filter = DidFilter::default().prepare(conn, account).await?;
    let mut all: Vec<Did> = Vec::new();
    loop {
        let last = all.last().map(|did| did.number);
        let chunk = dids::after(conn, account, &filter, last, CHUNK).await?;
        if chunk.is_empty() {
            break;
        }
        all.extend(chunk.into_iter().map(|row| row.did));
    }
    Ok(Snapshot { dids: all, ..without_dids(conn, account).await? })
}

pub(crate) async fn without_dids(conn: &mut Conn<'_>, account: AccountId) -> Result<Snapshot> {
    let plans = plans::all(conn, account).await?;
    let schedules = schedules::all(conn, account).await?;
    gather(conn, account, plans, schedules, |_| true).await
}

pub(crate) async fn part(conn: &mut Conn<'_>, account: AccountId, numbers: &[E164]) -> Result<Snapshot> {
    let dids: Vec<Did> =
        dids::by_number(conn, account, numbers).await?.into_iter().map(|row| row.did).collect();
    let used: BTreeSet<PlanId> = dids.iter().filter_map(|did| did.failover.plan()).collect();
    let plans = plans::by_id(conn, account, &used).await?;
    let used: BTreeSet<ScheduleId> =
        plans.iter().flat_map(|row| &row.plan.steps).filter_map(|step| step.hours).collect();
    let schedules = schedules::by_id(conn, account, &used).await?;
    let direct = dids.iter().flat_map(|did| [Some(did.primary), did.failover.route()]).flatten();
    let used: BTreeSet<RouteId> = direct.chain(plans.iter().flat_map(|row| row.plan.routes())).collect();
    let rest = gather(conn, account, plans, schedules, |route| used.contains(&route)).await?;
    Ok(Snapshot { dids, ..rest })
}

/// All but the DIDs.
async fn gather(
    conn: &mut Conn<'_>,
    account: AccountId,
    plans: Vec<PlanRow>,
    schedules: Vec<ScheduleRow>,
    wanted: impl Fn(RouteId) -> bool,
) -> Result<Snapshot> {
    let found = accounts::find(conn, account).await?.ok_or(Error::NotFound(Noun::Account))?;
    let mut routes: Vec<InboundRoute> = routes::all(conn, account)
        .await?
        .into_iter()
        .map(|row| row.route)
        .filter(|route| wanted(route.id))
        .collect();
    routes.sort_by_key(|route| route.id);
    let mut plans: Vec<FailoverPlan> = plans.into_iter().map(|row| row.plan).collect();
    plans.sort_by_key(|plan| plan.id);
    Ok(Snapshot {
        version: found.version,
        defaults: found.defaults,
        edges: edges::list(conn).await?,
        routes,
        plans,
        schedules: schedules.into_iter().map(|row| row.schedule).collect(),
        zones: Vec::new(),
        dids: Vec::new(),
    })
}
