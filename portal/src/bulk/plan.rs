//! What an action would do, DID by DID. The judgement is a pure function of a row.

use std::collections::BTreeSet;

use routing::{AccountId, Alias, Did, E164, Failover, OwnDid, RouteId, Version};
use store::DidRow;

use super::action::{Walk, missing};
use super::refusal::Editors;
use super::{BulkAction, Refusal, Selection};
use crate::book::Book;
use crate::limits::PLANNED_ROWS_MAX;
use crate::{Actor, FailoverRef, Portal, Result, RouteRef};

/// What an action would do. Nothing is changed yet.
#[derive(Clone, Debug)]
pub struct BulkPlan {
    /// How many DIDs were chosen, those that are gone included.
    pub selected: u64,
    /// How many would change.
    pub changes: u64,
    /// How many are as asked already.
    pub unchanged: u64,
    /// How many would be refused, those that are gone included.
    pub refused: u64,
    /// The first of them, refused ones before the others.
    pub rows: Vec<PlannedRow>,
    /// Chosen numbers that are not in the account any more.
    pub missing: Vec<E164>,
    /// The account's version that was planned on.
    pub as_of: Version,
}

/// What an action would do to a DID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRow {
    /// Its number.
    pub number: E164,
    /// Its alias now.
    pub alias: Option<Alias>,
    /// Where it rings now.
    pub before: (RouteRef, FailoverRef),
    /// What would come of it.
    pub after: PlannedOutcome,
}

/// What would come of a DID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedOutcome {
    /// It changes.
    Changes {
        /// Where it would ring.
        primary: RouteRef,
        /// Where it would ring when that fails.
        failover: FailoverRef,
        /// What it would be called, if that changes.
        alias: Option<Option<Alias>>,
        /// Whether it would leave the account.
        released: bool,
    },
    /// It is as asked already.
    Unchanged,
    /// It stays as it is.
    Refused(Refusal),
}

/// The judgement on a DID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It becomes this.
    Becomes {
        alias: Option<Alias>,
        primary: RouteId,
        failover: Failover,
    },
    /// It leaves.
    Leaves,
    Unchanged,
    Refused(Refusal),
}

/// All that the judgement needs beside the row.
pub(crate) struct Judge<'a> {
    pub(crate) action: &'a BulkAction,
    pub(crate) as_of: Version,
    /// How the route that becomes the failover leads back to us.
    pub(crate) barred: Option<OwnDid>,
    pub(crate) editors: Editors,
}

impl Judge<'_> {
    /// What becomes of a DID. One that is as asked already is never refused.
    pub(crate) fn judge(&self, row: &DidRow) -> Verdict {
        let did = &row.did;
        let becomes = |alias: Option<Alias>, primary, failover| Verdict::Becomes { alias, primary, failover };
        let (verdict, refusal) = match self.action {
            BulkAction::SetRoute(route) => (
                becomes(did.alias.clone(), *route, did.failover),
                (did.failover.route() == Some(*route)).then_some(Refusal::SameAsFailover),
            ),
            BulkAction::SetFailoverRoute(route) => (
                becomes(did.alias.clone(), did.primary, Failover::Route(*route)),
                if did.primary == *route {
                    Some(Refusal::SameAsPrimary)
                } else {
                    self.barred.clone().map(Refusal::OwnDid)
                },
            ),
            BulkAction::ClearFailoverRoute => (becomes(did.alias.clone(), did.primary, Failover::None), None),
            BulkAction::SetAlias(alias) => (becomes(alias.clone(), did.primary, did.failover), None),
            BulkAction::Release => (Verdict::Leaves, None),
        };
        if is_as(&verdict, did) {
            Verdict::Unchanged
        } else if row.version > self.as_of {
            Verdict::Refused(self.editors.refusal(row))
        } else if let Some(refusal) = refusal {
            Verdict::Refused(refusal)
        } else {
            verdict
        }
    }
}

fn is_as(verdict: &Verdict, did: &Did) -> bool {
    match verdict {
        Verdict::Becomes { alias, primary, failover } => {
            (alias, primary, failover) == (&did.alias, &did.primary, &did.failover)
        }
        Verdict::Leaves | Verdict::Unchanged | Verdict::Refused(_) => false,
    }
}

/// The numbers that the failover to be set may amount to; none for other actions.
pub(crate) fn failover_numbers(action: &BulkAction, book: &Book) -> Vec<E164> {
    match action {
        BulkAction::SetFailoverRoute(id) => {
            book.get(*id).map(|row| book.numbers_in([&row.route.target])).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// How the failover to be set leads back to us.
pub(crate) fn barred(action: &BulkAction, book: &Book, own: Vec<E164>) -> Option<OwnDid> {
    let BulkAction::SetFailoverRoute(id) = action else { return None };
    let own: BTreeSet<E164> = own.into_iter().collect();
    book.barred(&book.get(*id)?.route.target, &own)
}

impl Portal {
    /// What an action would do to a selection.
    ///
    /// # Errors
    /// [`crate::Error::Refused`] if the route is not one of the account; [`crate::Error::Limit`];
    /// [`crate::Error::NotFound`].
    pub async fn plan_bulk(
        &self,
        actor: &Actor,
        account: AccountId,
        selection: &Selection,
        action: &BulkAction,
    ) -> Result<BulkPlan> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let (book, now) = (&facts.book, facts.account.version);
        action.check(book)?;
        let own = self.store.own_numbers(&failover_numbers(action, book)).await?;
        let judge = Judge {
            action,
            as_of: selection.as_of,
            barred: barred(action, book, own),
            editors: self.editors_since(account, selection.as_of).await?,
        };
        let mut plan = BulkPlan {
            selected: 0,
            changes: 0,
            unchanged: 0,
            refused: 0,
            rows: Vec::new(),
            missing: Vec::new(),
            as_of: now,
        };
        let mut others = Vec::new();
        let mut walk = Walk::new(selection)?;
        let mut found = Vec::new();
        loop {
            let rows = walk.next(&self.store, account).await?;
            if rows.is_empty() {
                break;
            }
            if !walk.asked().is_empty() {
                found.extend(rows.iter().map(|row| row.did.number));
            }
            for row in &rows {
                let verdict = judge.judge(row);
                let shown = match &verdict {
                    Verdict::Becomes { .. } | Verdict::Leaves => {
                        plan.changes += 1;
                        &mut others
                    }
                    Verdict::Unchanged => {
                        plan.unchanged += 1;
                        &mut others
                    }
                    Verdict::Refused(_) => {
                        plan.refused += 1;
                        &mut plan.rows
                    }
                };
                if shown.len() < PLANNED_ROWS_MAX {
                    shown.push(planned(book, row, verdict));
                }
            }
        }
        plan.missing = missing(walk.asked(), &found);
        plan.refused += plan.missing.len() as u64;
        plan.selected = plan.changes + plan.unchanged + plan.refused;
        plan.rows.extend(others);
        plan.rows.truncate(PLANNED_ROWS_MAX);
        Ok(plan)
    }
}

fn planned(book: &Book, row: &DidRow, verdict: Verdict) -> PlannedRow {
    let before = (book.route_ref(row.did.primary), book.failover_ref(row.did.failover));
    let after = match verdict {
        Verdict::Becomes { alias, primary, failover } => PlannedOutcome::Changes {
            primary: book.route_ref(primary),
            failover: book.failover_ref(failover),
            alias: (alias != row.did.alias).then_some(alias),
            released: false,
        },
        Verdict::Leaves => PlannedOutcome::Changes {
            primary: before.0.clone(),
            failover: before.1.clone(),
            alias: None,
            released: true,
        },
        Verdict::Unchanged => PlannedOutcome::Unchanged,
        Verdict::Refused(refusal) => PlannedOutcome::Refused(refusal),
    };
    PlannedRow { number: row.did.number, alias: row.did.alias.clone(), before, after }
}

#[cfg(test)]
mod tests {
    use super::*;
    use routing::DidId;
    use store::UnixMs;

    fn row(primary: i64, failover: Option<i64>, alias: Option<&str>, version: i64) -> DidRow {
        DidRow {
            did: Did {
                id: DidId(1),
                number: E164::parse("+12065550100").unwrap(),
                alias: alias.map(|alias| Alias::parse(alias).unwrap()),
                primary: RouteId(primary),
                failover: failover.map_or(Failover::None, |id| Failover::Route(RouteId(id))),
            },
            version: Version(version),
            changed_at: UnixMs(7),
        }
    }

    fn judge(action: &BulkAction, barred: Option<OwnDid>, row: &DidRow) -> Verdict {
        Judge { action, as_of: Version(10), barred, editors: Editors::default() }.judge(row)
    }

    #[test]
    fn each_action_changes_what_it_says_and_refuses_what_would_not_work() {
        use BulkAction::*;
        let becomes = |primary, failover: Option<i64>, alias: Option<&str>| {
            let row = row(primary, failover, alias, 0).did;
            Verdict::Becomes { alias: row.alias, primary: row.primary, failover: row.failover }
        };
        let since =
            || Verdict::Refused(Refusal::EditedSince { by: "Somebody else".to_owned(), at: UnixMs(7) });
        let desk = || SetAlias(Some(Alias::parse("Desk").unwrap()));
        let rows = [
            (SetRoute(RouteId(2)), row(1, Some(3), None, 10), becomes(2, Some(3), None)),
            (SetRoute(RouteId(1)), row(1, Some(3), None, 10), Verdict::Unchanged),
            (SetRoute(RouteId(3)), row(1, Some(3), None, 10), Verdict::Refused(Refusal::SameAsFailover)),
            (SetRoute(RouteId(2)), row(1, None, None, 11), since()),
            (SetRoute(RouteId(1)), row(1, None, None, 11), Verdict::Unchanged),
            (SetFailoverRoute(RouteId(3)), row(1, None, Some("a"), 10), becomes(1, Some(3), Some("a"))),
            (SetFailoverRoute(RouteId(3)), row(1, Some(2), None, 10), becomes(1, Some(3), None)),
            (SetFailoverRoute(RouteId(3)), row(1, Some(3), None, 10), Verdict::Unchanged),
            (SetFailoverRoute(RouteId(1)), row(1, None, None, 10), Verdict::Refused(Refusal::SameAsPrimary)),
            (SetFailoverRoute(RouteId(3)), row(1, None, None, 12), since()),
            (ClearFailoverRoute, row(1, Some(3), None, 10), becomes(1, None, None)),
            (ClearFailoverRoute, row(1, None, None, 10), Verdict::Unchanged),
            (desk(), row(1, None, Some("Door"), 10), becomes(1, None, Some("Desk"))),
            (desk(), row(1, None, Some("Desk"), 10), Verdict::Unchanged),
            (SetAlias(None), row(1, None, Some("Desk"), 10), becomes(1, None, None)),
            (Release, row(1, None, None, 10), Verdict::Leaves),
            (Release, row(1, None, None, 11), since()),
        ];
        for (action, row, expected) in rows {
            assert_eq!(judge(&action, None, &row), expected, "{action:?} on {row:?}");
        }
    }

    #[test]
    fn a_route_that_leads_back_to_us_is_refused_as_failover_and_as_nothing_else() {
        let own = || OwnDid::Number { number: E164::parse("+12065550199").unwrap() };
        let free = row(1, None, None, 10);
        let set = BulkAction::SetFailoverRoute(RouteId(3));
        assert_eq!(judge(&set, Some(own()), &free), Verdict::Refused(Refusal::OwnDid(own())));
        // One that has it already is not made worse.
        assert_eq!(judge(&set, Some(own()), &row(1, Some(3), None, 10)), Verdict::Unchanged);
        let set = BulkAction::SetRoute(RouteId(3));
        assert!(matches!(judge(&set, None, &free), Verdict::Becomes { .. }));
    }
}
