//! Schedules: at which hours the steps of failover plans are entered.

mod draft;

use routing::{AccountId, Schedule, ScheduleId, Version, limits::SCHEDULES_PER_ACCOUNT_MAX};
use store::{NewSchedule, ScheduleRow, Subject, Tx, UnixMs};

pub(crate) use draft::read;
pub use draft::{ScheduleDraft, ScheduleField, ScheduleProblem};

use crate::book::Book;
use crate::cases::commit;
use crate::history::{Done, OperationKind, schedule_change};
use crate::{Actor, Conflict, Error, Noun, PlanRef, Portal, Result, Saved, ScheduleInUse, zone};

/// A schedule with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleView {
    /// The schedule.
    pub schedule: Schedule,
    /// The account's version at which it last changed: the `as_of` of an edit.
    pub version: Version,
    /// Every failover plan that goes by it, by name.
    pub plans: Vec<PlanRef>,
    /// Whether it is open at this moment.
    pub open_now: bool,
}

impl ScheduleView {
    fn new(book: &Book, row: ScheduleRow) -> ScheduleView {
        let now = UnixMs::now().0.div_euclid(1000);
        let open_now = zone(&row.schedule.zone).is_some_and(|zone| row.schedule.is_open_at(&zone, now));
        let plans = users(book, row.schedule.id);
        ScheduleView { schedule: row.schedule, version: row.version, plans, open_now }
    }
}

/// The plans that go by a schedule, by name.
fn users(book: &Book, id: ScheduleId) -> Vec<PlanRef> {
    let goes_by = |row: &&store::PlanRow| row.plan.steps.iter().any(|step| step.hours == Some(id));
    book.plans().filter(goes_by).map(|row| book.plan_ref_of(&row.plan)).collect()
}

/// Reading.
impl Portal {
    /// The account's schedules by name.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn schedules(&self, actor: &Actor, account: AccountId) -> Result<Vec<ScheduleView>> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let rows = facts.book.schedules_by_name();
        Ok(rows.map(|row| ScheduleView::new(&facts.book, row.clone())).collect())
    }

    /// One schedule.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn schedule(&self, actor: &Actor, account: AccountId, id: ScheduleId) -> Result<ScheduleView> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let row = facts.book.schedule(id).ok_or(Error::NotFound(Noun::Schedule))?;
        Ok(ScheduleView::new(&facts.book, row.clone()))
    }
}

/// Writing.
impl Portal {
    /// Adds a schedule.
    ///
    /// # Errors
    /// [`Error::ScheduleRefused`] with every problem of the draft; [`Error::Limit`]; [`Error::NotFound`].
    pub async fn add_schedule(
        &self,
        actor: &Actor,
        account: AccountId,
        draft: &ScheduleDraft,
    ) -> Result<ScheduleId> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        if book.schedules().count() >= SCHEDULES_PER_ACCOUNT_MAX {
            return Err(Error::Limit { what: Noun::Schedule, max: SCHEDULES_PER_ACCOUNT_MAX as u64 });
        }
        let mut schedule = read_draft(draft, ScheduleId::default(), &book)?;
        schedule.id = tx.insert_schedule(&new_schedule(&schedule)).await?;
        tx.record(&[schedule_change(schedule.id, None, Some(&schedule))]).await?;
        let name = schedule.name.to_string();
        commit(tx, Done::one(OperationKind::AddSchedule, &name).by(actor, account), actor).await?;
        Ok(schedule.id)
    }

    /// Changes a schedule in place, for every plan that goes by it. `as_of` is the version of the schedule, or of
    /// the account, that the form was filled from.
    ///
    /// # Errors
    /// [`Error::ScheduleConflict`] if somebody changed it since; [`Error::ScheduleRefused`] with every problem of the
    /// draft; [`Error::NotFound`].
    pub async fn edit_schedule(
        &self,
        actor: &Actor,
        account: AccountId,
        id: ScheduleId,
        as_of: Version,
        draft: &ScheduleDraft,
    ) -> Result<Saved> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        let row = unchanged_since(&mut tx, &book, id, as_of).await?;
        let schedule = read_draft(draft, id, &book)?;
        let dids = dids(&mut tx, id).await?;
        if schedule == row.schedule {
            return Ok(Saved { dids, changed: false });
        }
        tx.update_schedule(&schedule).await?;
        tx.record(&[schedule_change(id, Some(&row.schedule), Some(&schedule))]).await?;
        let name = schedule.name.to_string();
        commit(tx, Done::one(OperationKind::EditSchedule, &name).by(actor, account), actor).await?;
        Ok(Saved { dids, changed: true })
    }

    /// Deletes a schedule that no plan goes by.
    ///
    /// # Errors
    /// [`Error::ScheduleInUse`] with the plans that do; [`Error::ScheduleConflict`]; [`Error::NotFound`].
    pub async fn delete_schedule(
        &self,
        actor: &Actor,
        account: AccountId,
        id: ScheduleId,
        as_of: Version,
    ) -> Result<()> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        let row = unchanged_since(&mut tx, &book, id, as_of).await?;
        let plans = users(&book, id);
        if !plans.is_empty() {
            let name = row.schedule.name;
            return Err(Error::ScheduleInUse(Box::new(ScheduleInUse { id, name, plans })));
        }
        tx.delete_schedule(id).await?;
        tx.record(&[schedule_change(id, Some(&row.schedule), None)]).await?;
        let name = row.schedule.name.to_string();
        commit(tx, Done::one(OperationKind::DeleteSchedule, &name).by(actor, account), actor).await?;
        Ok(())
    }
}

/// The schedule, unless somebody changed it after `as_of`.
async fn unchanged_since(tx: &mut Tx, book: &Book, id: ScheduleId, as_of: Version) -> Result<ScheduleRow> {
    let row = book.schedule(id).cloned().ok_or(Error::NotFound(Noun::Schedule))?;
    if row.version > as_of {
        let now = ScheduleView::new(book, row);
        return Err(Error::ScheduleConflict(Conflict::since(tx, Subject::Schedule(id), as_of, now).await?));
    }
    Ok(row)
}

/// How many DIDs have a plan that goes by the schedule.
async fn dids(tx: &mut Tx, id: ScheduleId) -> Result<u64> {
    let plans = tx.plans().await?;
    let goes_by = |row: &store::PlanRow| row.plan.steps.iter().any(|step| step.hours == Some(id));
    Ok(plans.iter().filter(|(row, _)| goes_by(row)).map(|(_, dids)| dids).sum())
}

fn read_draft(draft: &ScheduleDraft, id: ScheduleId, book: &Book) -> Result<Schedule> {
    read(draft, id, book)
        .map_err(|found| Error::ScheduleRefused(found.into_iter().map(ScheduleProblem::from).collect()))
}

pub(crate) fn new_schedule(schedule: &Schedule) -> NewSchedule {
    NewSchedule {
        name: schedule.name.clone(),
        zone: schedule.zone.clone(),
        weekly: schedule.weekly.clone(),
        exceptions: schedule.exceptions.clone(),
    }
}
