//! Failover plans and schedules in a transaction.

use routing::{FailoverPlan, PlanId, Schedule, ScheduleId};

use super::Tx;
use crate::Result;
use crate::dids::DidRow;
use crate::plans::{self, NewPlan, PlanRow};
use crate::schedules::{self, NewSchedule, ScheduleRow};

/// Reads of failover plans and schedules.
impl Tx {
    /// See [`Store::plans`](crate::Store::plans).
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn plans(&mut self) -> Result<Vec<(PlanRow, u64)>> {
        let (mut conn, account) = self.conn();
        plans::list(&mut conn, account).await
    }

    /// See [`Store::plan`](crate::Store::plan).
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn plan(&mut self, plan: PlanId) -> Result<Option<(PlanRow, u64)>> {
        let (mut conn, account) = self.conn();
        plans::find(&mut conn, account, plan).await
    }

    /// See [`Store::plan_choices`](crate::Store::plan_choices).
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn plan_choices(&mut self) -> Result<Vec<PlanRow>> {
        let (mut conn, account) = self.conn();
        plans::all(&mut conn, account).await
    }

    /// See [`Store::plan_users`](crate::Store::plan_users).
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn plan_users(&mut self, plan: PlanId, limit: u32) -> Result<Vec<DidRow>> {
        let (mut conn, account) = self.conn();
        plans::users(&mut conn, account, plan, limit).await
    }

    /// See [`Store::schedules`](crate::Store::schedules).
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn schedules(&mut self) -> Result<Vec<(ScheduleRow, u64)>> {
        let (mut conn, account) = self.conn();
        schedules::list(&mut conn, account).await
    }

    /// See [`Store::schedule`](crate::Store::schedule).
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn schedule(&mut self, schedule: ScheduleId) -> Result<Option<(ScheduleRow, u64)>> {
        let (mut conn, account) = self.conn();
        schedules::find(&mut conn, account, schedule).await
    }
}

/// Writes of failover plans and schedules.
impl Tx {
    /// Adds a failover plan and says which id it got.
    ///
    /// # Errors
    /// [`Error::NameTaken`](crate::Error::NameTaken), [`Error::UnknownRoute`](crate::Error::UnknownRoute),
    /// [`Error::UnknownSchedule`](crate::Error::UnknownSchedule).
    pub async fn insert_plan(&mut self, new: &NewPlan) -> Result<PlanId> {
        self.write(async |conn, to| plans::insert(conn, to.account, to.version, new).await).await
    }

    /// Brings a deleted failover plan back under the id that it had.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if no plan ever had that id; otherwise as for [`Tx::insert_plan`].
    pub async fn restore_plan(&mut self, plan: &FailoverPlan) -> Result<()> {
        self.write(async |conn, to| plans::restore(conn, to.account, to.version, plan).await).await
    }

    /// Changes a failover plan.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), and as for [`Tx::insert_plan`].
    pub async fn update_plan(&mut self, plan: &FailoverPlan) -> Result<()> {
        self.write(async |conn, to| plans::update(conn, to.account, to.version, plan).await).await
    }

    /// Deletes a failover plan that no DID uses.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::PlanInUse`](crate::Error::PlanInUse).
    pub async fn delete_plan(&mut self, plan: PlanId) -> Result<()> {
        self.write(async |conn, to| plans::delete(conn, to.account, plan).await).await
    }

    /// Adds a schedule and says which id it got.
    ///
    /// # Errors
    /// [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn insert_schedule(&mut self, new: &NewSchedule) -> Result<ScheduleId> {
        self.write(async |conn, to| schedules::insert(conn, to.account, to.version, new).await).await
    }

    /// Brings a deleted schedule back under the id that it had.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if no schedule ever had that id;
    /// [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn restore_schedule(&mut self, id: ScheduleId, new: &NewSchedule) -> Result<()> {
        self.write(async |conn, to| schedules::restore(conn, to.account, to.version, id, new).await).await
    }

    /// Changes a schedule.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn update_schedule(&mut self, schedule: &Schedule) -> Result<()> {
        self.write(async |conn, to| schedules::update(conn, to.account, to.version, schedule).await).await
    }

    /// Deletes a schedule that no failover plan uses.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::ScheduleInUse`](crate::Error::ScheduleInUse).
    pub async fn delete_schedule(&mut self, schedule: ScheduleId) -> Result<()> {
        self.write(async |conn, to| schedules::delete(conn, to.account, schedule).await).await
    }
}
