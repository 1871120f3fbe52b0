//! Accepting a finding: what was found is meant to be so. It needs a reason, and may end on a day.

use routing::{AccountId, CivilDate};
use serde_json::{Value, json};
use store::{AcceptedRow, NewChange, Subject, UnixMs};

use super::Finding;
use crate::history::{ACCEPTANCE, Done, OperationKind};
use crate::labels::reason as clean_reason;
use crate::limits::ACCEPTED_PER_ACCOUNT_MAX;
use crate::moments::{day, end_of};
use crate::{Actor, Error, FailoverRef, Field, FieldError, Noun, Portal, Problem, Result};

impl Portal {
    /// Accepts a finding, until the end of a day (`2026-12-31`, by UTC) or for good (nothing). What was said of it
    /// before is replaced.
    ///
    /// # Errors
    /// [`Error::Refused`] without a reason, or with a day that is none or over; [`Error::NotFound`] if nothing of the
    /// kind is wrong now; [`Error::Limit`] if the account has accepted too many others.
    pub async fn accept_finding(
        &self,
        actor: &Actor,
        account: AccountId,
        key: &str,
        reason: &str,
        until: &str,
    ) -> Result<()> {
        actor.may_write(account)?;
        let (reason, until) = read(reason, until, UnixMs::now()).map_err(Error::Refused)?;
        // Before the transaction: one that holds a connection must not wait for a second.
        let facts = self.facts(account).await?;
        let found = self.found(&facts).await?;
        let there = found.keys();
        let found = found.find(&facts.book, key).ok_or(Error::NotFound(Noun::Finding))?;
        let mut tx = self.store.begin(account).await?;
        let row = AcceptedRow {
            key: found.key.clone(),
            kind: found.finding.kind.name().to_owned(),
            by: actor.name().to_owned(),
            reason,
            at: tx.at(),
            until,
        };
        let (before, others): (Vec<AcceptedRow>, Vec<AcceptedRow>) =
            tx.accepted_findings().await?.into_iter().partition(|old| old.key == row.key);
        let about = found.about();
        let mut changes = vec![acceptance_change(&about, before.first(), Some(&row))];
        if others.len() >= ACCEPTED_PER_ACCOUNT_MAX {
            // What is over, or was said of what is not there any more, makes room: nobody can see it to take it back.
            let (kept, idle): (Vec<AcceptedRow>, Vec<AcceptedRow>) = others
                .into_iter()
                .partition(|old| there.contains(&old.key) && old.until.is_none_or(|until| until > tx.at()));
            if kept.len() >= ACCEPTED_PER_ACCOUNT_MAX {
                let max = ACCEPTED_PER_ACCOUNT_MAX as u64;
                return Err(Error::Limit { what: Noun::AcceptedFinding, max });
            }
            for old in &idle {
                tx.withdraw_acceptance(&old.key).await?;
                changes.push(acceptance_change(&old.kind, Some(old), None));
            }
        }
        tx.accept_finding(&row).await?;
        let changed = changes.len() as u64;
        tx.record(&changes).await?;
        let done =
            Done { reason: Some(row.reason), changed, ..Done::one(OperationKind::AcceptFinding, &about) };
        tx.commit(done.by(actor, account)).await?;
        Ok(())
    }

    /// Takes the acceptance of a finding back. The finding itself may be gone.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not accepted.
    pub async fn withdraw_acceptance(&self, actor: &Actor, account: AccountId, key: &str) -> Result<()> {
        actor.may_write(account)?;
        let facts = self.facts(account).await?;
        let found = self.found(&facts).await?.find(&facts.book, key);
        let mut tx = self.store.begin(account).await?;
        let accepted = tx.accepted_findings().await?.into_iter().find(|row| row.key == key);
        let accepted = accepted.ok_or(Error::NotFound(Noun::Finding))?;
        tx.withdraw_acceptance(key).await?;
        let label = found.map_or_else(|| accepted.kind.clone(), |finding| finding.about());
        tx.record(&[acceptance_change(&label, Some(&accepted), None)]).await?;
        tx.commit(Done::one(OperationKind::WithdrawAcceptance, &label).by(actor, account)).await?;
        Ok(())
    }
}

impl Finding {
    /// What it is about, in one line: `seattle-pbx → mobile`, a plan's name, a route's alias.
    pub fn about(&self) -> String {
        match (&self.primary, &self.failover, &self.plan, &self.route) {
            (Some(primary), FailoverRef::None, ..) => primary.alias.to_string(),
            (Some(primary), failover, ..) => format!("{} → {failover}", primary.alias),
            (None, _, Some(plan), _) => plan.name.to_string(),
            (None, _, None, Some(route)) => route.alias.to_string(),
            (None, _, None, None) => self.finding.kind.name().to_owned(),
        }
    }
}

/// What was typed, as far as it makes sense.
fn read(reason: &str, until: &str, now: UnixMs) -> Result<(String, Option<UnixMs>), Vec<FieldError>> {
    let mut problems = Vec::new();
    let reason = clean_reason(Some(reason.to_owned()));
    if reason.is_none() {
        problems.push(FieldError::new(Field::Reason, Problem::Missing));
    }
    let until = match until.trim() {
        "" => None,
        typed => match CivilDate::parse(typed) {
            Ok(date) if end_of(date) < now => {
                problems.push(FieldError::new(Field::Until, Problem::DayOver));
                None
            }
            Ok(date) => Some(end_of(date)),
            Err(_) => {
                problems.push(FieldError::new(Field::Until, Problem::NotADay));
                None
            }
        },
    };
    match reason {
        Some(reason) if problems.is_empty() => Ok((reason, until)),
        _ => Err(problems),
    }
}

/// A change to what was said of a finding; `label` says what that is about.
pub(crate) fn acceptance_change(
    label: &str,
    before: Option<&AcceptedRow>,
    after: Option<&AcceptedRow>,
) -> NewChange {
    NewChange::of(Subject::Finding, label, before.map(acceptance_json), after.map(acceptance_json))
}

/// An acceptance as the history keeps it.
fn acceptance_json(row: &AcceptedRow) -> Value {
    json!({
        "finding": row.kind,
        "key": row.key,
        "reason": row.reason,
        "until": row.until.map(|until| day(until).to_string()),
        ACCEPTANCE: { "by": row.by, "at": row.at, "until": row.until },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acceptance_needs_a_reason_and_a_day_that_is_not_over() {
        let date = |text: &str| CivilDate::parse(text).unwrap();
        let now = end_of(date("2026-11-26"));
        type Found = &'static [(&'static str, &'static str)];
        let rows: [(&str, &str, Found); 6] = [
            ("We know", "", &[]),
            ("We know", " 2026-11-26 ", &[]),
            ("We know", "2026-11-25", &[("until", "day_over")]),
            (" \n", "", &[("reason", "missing")]),
            ("", "31.12.2026", &[("reason", "missing"), ("until", "not_a_day")]),
            ("We know", "2026-02-30", &[("until", "not_a_day")]),
        ];
        for (reason, until, expected) in rows {
            let problems = read(reason, until, now).err().unwrap_or_default();
            let found: Vec<(&str, &str)> =
                problems.iter().map(|error| (error.field.name(), error.problem.code())).collect();
            assert_eq!(found, expected, "{reason:?} {until:?}");
        }
        let (reason, until) = read(" We\nknow ", "2026-12-31", now).unwrap();
        assert_eq!((reason.as_str(), until), ("We know", Some(end_of(date("2026-12-31")))));
    }
}
