//! Replay: what a call to a number would have done at a past moment, by the configuration of that moment.

use std::collections::BTreeSet;

use routing::{AccountId, E164, RouteId, Snapshot, Version};
use store::{Subject, UnixMs};

use crate::limits::REPLAY_CHANGES;
use crate::{Actor, ChangeView, Error, Noun, OperationView, Portal, Result, zones};

/// A moment of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// By the clock.
    At(UnixMs),
    /// After a version was made, before the next.
    After(Version),
}

/// A number's configuration then and now.
#[derive(Clone, Debug)]
pub struct Replay {
    /// What made the version that held then.
    pub operation: OperationView,
    /// What calls to the number needed then; it is among the DIDs.
    pub then: Snapshot,
    /// What they need now; without a DID if the number is not the account's any more.
    pub now: Snapshot,
    /// What was changed since of all that, newest first; not more than a page of it.
    pub changes: Vec<ChangeView>,
    /// Whether there is more.
    pub changes_more: bool,
    /// What the history keeps in a way that cannot be read: it stands among `then` as it is now.
    pub unreadable: Vec<Subject>,
}

/// Why there is no call to replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoReplay {
    /// The account did not exist yet.
    BeforeAccount {
        /// When it was created.
        created_at: UnixMs,
    },
    /// The moment is yet to come.
    Future,
    /// The account never had that version.
    NoSuchVersion {
        /// Its version now.
        latest: Version,
    },
    /// The number was not the account's then.
    NotThere {
        /// What made the version that held then.
        operation: Box<OperationView>,
        /// How it had left before, if it had been there.
        left: Option<Box<ChangeView>>,
        /// How it came later, if it did.
        came: Option<Box<ChangeView>>,
    },
}

impl Portal {
    /// What a call to a number needed at a moment, beside what it needs now. The number may be gone.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the number never was the account's.
    pub async fn replay(
        &self,
        actor: &Actor,
        account: AccountId,
        number: E164,
        moment: Moment,
    ) -> Result<Result<Replay, NoReplay>> {
        actor.may_read(account)?;
        let operation = match self.operation_of(account, moment).await? {
            Ok(operation) => operation,
            Err(why) => return Ok(Err(why)),
        };
        let facts = self.facts(account).await?;
        let version = operation.version;
        let past = self.past_of(&facts, version, &[number]).await?;
        if past.snapshot.dids.is_empty() {
            return self.not_there(account, number, operation).await.map(Err);
        }
        let mut now = self.store.snapshot_for(account, &[number]).await?;
        zones::fill(&mut now);
        let concerned = concerned(number, [&past.snapshot, &now]);
        let span = (version, now.version);
        let rows = self.store.changes_among(account, &concerned, span, REPLAY_CHANGES + 1).await?;
        let changes_more = rows.len() > REPLAY_CHANGES as usize;
        let changes = rows
            .into_iter()
            .take(REPLAY_CHANGES as usize)
            .map(ChangeView::new)
            .filter(routes_calls)
            .collect();
        let unreadable = past.unreadable;
        Ok(Ok(Replay { operation, then: past.snapshot, now, changes, changes_more, unreadable }))
    }

    /// What made the version of a moment, or why there is none.
    pub(crate) async fn operation_of(
        &self,
        account: AccountId,
        moment: Moment,
    ) -> Result<Result<OperationView, NoReplay>> {
        let found = match moment {
            Moment::At(at) if at > UnixMs::now() => return Ok(Err(NoReplay::Future)),
            Moment::At(at) => self.store.operation_at(account, at).await?,
            Moment::After(version) => self.store.operation(account, version).await?,
        };
        if let Some(row) = found {
            return Ok(Ok(OperationView::new(row)));
        }
        let now = &self.facts(account).await?.account;
        Ok(Err(match moment {
            Moment::At(_) => NoReplay::BeforeAccount { created_at: now.created_at },
            Moment::After(_) => NoReplay::NoSuchVersion { latest: now.version },
        }))
    }

    async fn not_there(
        &self,
        account: AccountId,
        number: E164,
        operation: OperationView,
    ) -> Result<NoReplay> {
        let subject = Subject::Did(number);
        let until_then = (Version(-1), operation.version);
        let left = self.store.changes_among(account, &BTreeSet::from([subject]), until_then, 1).await?;
        let came = self.store.first_change(account, subject, operation.version).await?;
        let view = |row: store::ChangeRow| Box::new(ChangeView::new(row));
        let (left, came) = (left.into_iter().next().map(view), came.map(view));
        if left.is_none() && came.is_none() {
            return Err(Error::NotFound(Noun::Did));
        }
        Ok(NoReplay::NotThere { operation: Box::new(operation), left, came })
    }
}

/// All that decides the calls to a number, in any of some configurations.
pub(crate) fn concerned<'a>(
    number: E164,
    parts: impl IntoIterator<Item = &'a Snapshot>,
) -> BTreeSet<Subject> {
    let mut subjects = BTreeSet::from([Subject::Did(number), Subject::Account]);
    for part in parts {
        let routes = part.routes.iter().map(|route| route.id).filter(|id| *id != RouteId::REGISTERED);
        subjects.extend(routes.map(Subject::Route));
        subjects.extend(part.plans.iter().map(|plan| Subject::Plan(plan.id)));
        subjects.extend(part.schedules.iter().map(|schedule| Subject::Schedule(schedule.id)));
    }
    subjects
}

/// Whether a change could alter a call: the account's name does not.
pub(crate) fn routes_calls(change: &ChangeView) -> bool {
    const CLOCKS: [&str; 4] = ["no_response_ms", "ring_ms", "patience_ms", "trigger"];
    change.subject != Subject::Account
        || change.fields.iter().any(|field| CLOCKS.contains(&field.name.as_str()))
}
