//! Activity: everything that was done to the account, newest first, and looking something up in it.

use routing::{AccountId, CivilDate, Dialling, E164, PlanId, RouteId, ScheduleId, Version};
use store::{OperationFilter, OperationsAt, Subject, UnixMs};

use crate::facts::dialling;
use crate::history::OperationKind;
use crate::limits::{ACTIVITY_ROWS, DID_CHANGES, LABEL_CHARS_MAX};
use crate::moments::{end_of, start_of};
use crate::{Actor, ChangeView, Error, Field, FieldError, OperationView, Portal, Problem, Result};

/// Which operations somebody looks for: what was typed, and what was chosen from lists. All parts must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivityDraft {
    /// Part of the actor's name.
    pub actor: String,
    /// A number that they changed, as the account's people dial or as E.164.
    pub number: String,
    /// The first day, by UTC: `2026-12-31`.
    pub from: String,
    /// The last day, by UTC.
    pub until: String,
    /// Of this kind.
    pub kind: Option<OperationKind>,
    /// A route that they changed; it may be gone.
    pub route: Option<RouteId>,
    /// A failover plan that they changed; it may be gone.
    pub plan: Option<PlanId>,
    /// A schedule that they changed; it may be gone.
    pub schedule: Option<ScheduleId>,
}

/// A page of what was done, newest first.
#[derive(Clone, Debug)]
pub struct ActivityPage {
    /// Its entries, without what each changed.
    pub rows: Vec<OperationView>,
    /// Where the next page, of older ones, begins.
    pub older: Option<Version>,
    /// Where the page before, of newer ones, ends.
    pub newer: Option<Version>,
}

impl Portal {
    /// What was done to the account, newest first: one entry for each operation, however much it changed.
    ///
    /// # Errors
    /// [`Error::Refused`] with every problem of the draft; [`Error::NotFound`].
    pub async fn activity(
        &self,
        actor: &Actor,
        account: AccountId,
        draft: &ActivityDraft,
        at: OperationsAt,
    ) -> Result<ActivityPage> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let filter = draft.read(dialling(&facts.account)).map_err(Error::Refused)?;
        let page = self.store.operations(account, &filter, at, ACTIVITY_ROWS).await?;
        let version = |row: Option<&store::OperationRow>| row.map(|row| row.version);
        let (older, newer) = (version(page.rows.last()), version(page.rows.first()));
        let mut rows: Vec<OperationView> = page.rows.into_iter().map(OperationView::new).collect();
        self.tell_undone(account, &mut rows).await?;
        Ok(ActivityPage { older: older.filter(|_| page.older), newer: newer.filter(|_| page.newer), rows })
    }
}

impl Portal {
    /// The latest changes to one thing, newest first; it may be gone.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn history_of(
        &self,
        actor: &Actor,
        account: AccountId,
        subject: Subject,
    ) -> Result<Vec<ChangeView>> {
        actor.may_read(account)?;
        let rows = self.store.changes_for(account, subject, DID_CHANGES).await?;
        Ok(rows.into_iter().map(ChangeView::new).collect())
    }
}

impl ActivityDraft {
    /// What was typed, as far as it makes sense.
    fn read(&self, dialling: Dialling) -> Result<OperationFilter, Vec<FieldError>> {
        let mut problems = Vec::new();
        let actor = Some(self.actor.trim()).filter(|actor| !actor.is_empty());
        if actor.is_some_and(|actor| actor.chars().count() > LABEL_CHARS_MAX) {
            problems.push(FieldError::new(Field::Actor, Problem::TooLong { max: LABEL_CHARS_MAX }));
        }
        let number = Some(self.number.trim()).filter(|typed| !typed.is_empty());
        let number = number.and_then(|typed| {
            let refuse = |why| problems.push(FieldError::new(Field::Number, Problem::Number(why)));
            E164::parse_dialled(typed, &dialling).map_err(refuse).ok()
        });
        let from = day(Field::From, &self.from, &mut problems).map(start_of);
        let until = day(Field::Until, &self.until, &mut problems).map(|day| UnixMs(end_of(day).0 + 1));
        if from.zip(until).is_some_and(|(from, until)| until <= from) {
            problems.push(FieldError::new(Field::Until, Problem::EndsBefore));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let subjects = [
            number.map(Subject::Did),
            self.route.map(Subject::Route),
            self.plan.map(Subject::Plan),
            self.schedule.map(Subject::Schedule),
        ];
        Ok(OperationFilter {
            actor: actor.map(str::to_owned),
            kind: self.kind.as_ref().map(|kind| kind.as_str().to_owned()),
            from,
            until,
            subjects: subjects.into_iter().flatten().collect(),
        })
    }
}

fn day(field: Field, typed: &str, problems: &mut Vec<FieldError>) -> Option<CivilDate> {
    let typed = Some(typed.trim()).filter(|typed| !typed.is_empty())?;
    let refuse = |_| problems.push(FieldError::new(field, Problem::NotADay));
    CivilDate::parse(typed).map_err(refuse).ok()
}
