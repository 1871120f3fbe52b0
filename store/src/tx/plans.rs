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
        self.begin_write()?;
        let version = self.next_version();
        let (mut conn, account) = self.conn();
        let id = plans::insert(&mut conn, account, version, new).await?;
        self.broken = false;
        Ok(id)
    }

    /// Brings a deleted failover plan back under the id that it had.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if no plan ever had that id; otherwise as for [`Tx::insert_plan`].
    pub async fn restore_plan(&mut self, plan: &FailoverPlan) -> Result<()> {
        self.begin_write()?;
        let version = self.next_version();
        let (mut conn, account) = self.conn();
        plans::restore(&mut conn, account, version, plan).await?;
        self.broken = false;
        Ok(())
    }

    /// Changes a failover plan.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), and as for [`Tx::insert_plan`].
    pub async fn update_plan(&mut self, plan: &FailoverPlan) -> Result<()> {
        self.begin_write()?;
        let version = self.next_version();
        let (mut conn, account) = self.conn();
        plans::update(&mut conn, account, version, plan).await?;
        self.broken = false;
        Ok(())
    }

    /// Deletes a failover plan that no DID uses.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::PlanInUse`](crate::Error::PlanInUse).
    pub async fn delete_plan(&mut self, plan: PlanId) -> Result<()> {
        self.begin_write()?;
        let (mut conn, account) = self.conn();
        plans::delete(&mut conn, account, plan).await?;
        self.broken = false;
        Ok(())
    }

    /// Adds a schedule and says which id it got.
    ///
    /// # Errors
    /// [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn insert_schedule(&mut self, new: &NewSchedule) -> Result<ScheduleId> {
        self.begin_write()?;
        let version = self.next_version();
        let (mut conn, account) = self.conn();
        let id = schedules::insert(&mut conn, account, version, new).await?;
        self.broken = false;
        Ok(id)
    }

    /// Brings a deleted schedule back under the id that it had.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if no schedule ever had that id;
    /// [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn restore_schedule(&mut self, id: ScheduleId, new: &NewSchedule) -> Result<()> {
        self.begin_write()?;
        let version = self.next_version();
        let (mut conn, account) = self.conn();
        schedules::restore(&mut conn, account, version, id, new).await?;
        self.broken = false;
        Ok(())
    }

    /// Changes a schedule.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn update_schedule(&mut self, schedule: &Schedule) -> Result<()> {
        self.begin_write()?;
        let version = self.next_version();
        let (mut conn, account) = self.conn();
        schedules::update(&mut conn, account, version, schedule).await?;
        self.broken = false;
        Ok(())
    }

    /// Deletes a schedule that no failover plan uses.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::ScheduleInUse`](crate::Error::ScheduleInUse).
    pub async fn delete_schedule(&mut self, schedule: ScheduleId) -> Result<()> {
        self.begin_write()?;
        let (mut conn, account) = self.conn();
        schedules::delete(&mut conn, account, schedule).await?;
        self.broken = false;
        Ok(())
    }
}
