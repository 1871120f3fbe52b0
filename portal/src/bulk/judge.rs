//! What becomes of each DID: a pure function of its row. The plan shows it, and applying does it.

use std::collections::HashSet;

use routing::{Alias, Did, E164, Failover, OwnDid, PlanId, RouteId, Routing, Version};
use store::DidRow;

use super::refusal::Editors;
use super::{BulkAction, Refusal};
use crate::book::Book;

/// The judgement on a DID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It becomes this.
    Becomes {
        alias: Option<Alias>,
        routing: Routing,
    },
    /// It leaves.
    Leaves,
    Unchanged,
    Refused(Refusal),
}

/// All that the judgement needs beside the row.
pub(crate) struct Judge {
    action: BulkAction,
    as_of: Version,
    /// How the failover to be set leads back to us.
    barred: Option<OwnDid>,
    /// The one route that the failover to be set rings, if it rings no other.
    only: Option<RouteId>,
    /// The plans that ring nothing but the primary to be set.
    alone: HashSet<PlanId>,
    editors: Editors,
}

impl Judge {
    /// `own` are those of [`failover_numbers`] that are DIDs of the installation.
    pub(crate) fn new(
        action: &BulkAction,
        as_of: Version,
        book: &Book,
        own: Vec<E164>,
        editors: Editors,
    ) -> Judge {
        let mut judge =
            Judge { action: action.clone(), as_of, barred: None, only: None, alone: HashSet::new(), editors };
        match action {
            BulkAction::SetFailoverRoute(failover) => {
                judge.barred = book.failover_barred(*failover, &own.into_iter().collect());
                judge.only = book.only_route(*failover);
            }
            BulkAction::SetRoute(route) => {
                let plans = book.plans().map(|row| row.plan.id);
                judge.alone = plans.filter(|id| book.is_alone(Failover::Plan(*id), *route)).collect();
            }
            BulkAction::ClearFailoverRoute | BulkAction::SetAlias(_) | BulkAction::Release => {}
        }
        judge
    }

    /// What becomes of a DID. One that is as asked already is never refused.
    pub(crate) fn judge(&self, row: &DidRow) -> Verdict {
        let did = &row.did;
        let now = Routing::of(did);
        let rings = |routing| Verdict::Becomes { alias: did.alias.clone(), routing };
        let (verdict, refusal) = match &self.action {
            BulkAction::SetRoute(route) => (
                rings(Routing { primary: *route, ..now }),
                self.is_all_of(*route, did.failover).then_some(Refusal::SameAsFailover),
            ),
            BulkAction::SetFailoverRoute(failover) => (
                rings(now.with_failover(*failover)),
                if self.only == Some(did.primary) {
                    Some(Refusal::SameAsPrimary)
                } else {
                    self.barred.clone().map(Refusal::OwnDid)
                },
            ),
            BulkAction::ClearFailoverRoute => (rings(now.with_failover(Failover::None)), None),
            BulkAction::SetAlias(alias) => (Verdict::Becomes { alias: alias.clone(), routing: now }, None),
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

    /// Whether the failover rings nothing but the primary to be set.
    fn is_all_of(&self, primary: RouteId, failover: Failover) -> bool {
        match failover {
            Failover::None => false,
            Failover::Route(id) => id == primary,
            Failover::Plan(id) => self.alone.contains(&id),
        }
    }
}

fn is_as(verdict: &Verdict, did: &Did) -> bool {
    match verdict {
        Verdict::Becomes { alias, routing } => (alias, *routing) == (&did.alias, Routing::of(did)),
        Verdict::Leaves | Verdict::Unchanged | Verdict::Refused(_) => false,
    }
}

/// The numbers that the failover to be set may amount to; none for other actions.
pub(crate) fn failover_numbers(action: &BulkAction, book: &Book) -> Vec<E164> {
    match action {
        BulkAction::SetFailoverRoute(failover) => book.numbers_in(book.targets_of(*failover)),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use routing::{Clocks, Dialling, DidId, FailoverPlan, Millis, Step, Trigger, Weights};
    use store::{PlanRow, UnixMs};

    fn row(primary: i64, failover: Option<i64>, alias: Option<&str>, version: i64) -> DidRow {
        DidRow {
            did: Did {
                id: DidId(1),
                number: E164::parse("+12065550100").unwrap(),
                alias: alias.map(|alias| Alias::parse(alias).unwrap()),
                primary: RouteId(primary),
                failover: failover.map_or(Failover::None, |id| Failover::Route(RouteId(id))),
                weights: None,
            },
            version: Version(version),
            changed_at: UnixMs(7),
        }
    }

    fn judge(action: &BulkAction, barred: Option<OwnDid>, row: &DidRow) -> Verdict {
        let judge = Judge::new(action, Version(10), &book(), Vec::new(), Editors::default());
        Judge { barred, ..judge }.judge(row)
    }

    /// Plan 5 rings routes 2 and 3, plan 6 nothing but route 3.
    fn book() -> Book {
        let mut book = Book::new(Vec::new(), Vec::new(), Dialling::default());
        for (id, routes) in [(5, &[2, 3][..]), (6, &[3, 3])] {
            let clocks = Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) };
            let step = |route: &i64| Step::of([RouteId(*route)], Trigger::default(), clocks);
            let steps = routes.iter().map(step).collect();
            let plan = FailoverPlan { id: PlanId(id), name: Alias::parse(&format!("p{id}")).unwrap(), steps };
            book.add_plan(PlanRow { plan, version: Version(1) });
        }
        book
    }

    fn with(mut row: DidRow, failover: Failover, weights: Option<Weights>) -> DidRow {
        (row.did.failover, row.did.weights) = (failover, weights);
        row
    }

    #[test]
    fn each_action_changes_what_it_says_and_refuses_what_would_not_work() {
        use BulkAction::*;
        let becomes = |primary, failover: Option<i64>, alias: Option<&str>| {
            let row = row(primary, failover, alias, 0).did;
            Verdict::Becomes { routing: Routing::of(&row), alias: row.alias }
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
            (
                SetFailoverRoute(Failover::Route(RouteId(3))),
                row(1, None, Some("a"), 10),
                becomes(1, Some(3), Some("a")),
            ),
            (
                SetFailoverRoute(Failover::Route(RouteId(3))),
                row(1, Some(2), None, 10),
                becomes(1, Some(3), None),
            ),
            (SetFailoverRoute(Failover::Route(RouteId(3))), row(1, Some(3), None, 10), Verdict::Unchanged),
            (
                SetFailoverRoute(Failover::Route(RouteId(1))),
                row(1, None, None, 10),
                Verdict::Refused(Refusal::SameAsPrimary),
            ),
            (SetFailoverRoute(Failover::Route(RouteId(3))), row(1, None, None, 12), since()),
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
        let set = BulkAction::SetFailoverRoute(Failover::Route(RouteId(3)));
        assert_eq!(judge(&set, Some(own()), &free), Verdict::Refused(Refusal::OwnDid(own())));
        // One that has it already is not made worse.
        assert_eq!(judge(&set, Some(own()), &row(1, Some(3), None, 10)), Verdict::Unchanged);
        let set = BulkAction::SetRoute(RouteId(3));
        assert!(matches!(judge(&set, None, &free), Verdict::Becomes { .. }));
    }

    #[test]
    fn a_plan_is_refused_where_it_rings_nothing_but_the_primary() {
        let plan = |id| Failover::Plan(PlanId(id));
        let set = |id| BulkAction::SetFailoverRoute(plan(id));
        let becomes = |primary, id| Verdict::Becomes {
            alias: None,
            routing: Routing { primary: RouteId(primary), failover: plan(id), weights: None },
        };
        let free = |primary| row(primary, None, None, 10);
        let same = |refusal| Verdict::Refused(refusal);
        let rows = [
            (set(5), free(3), becomes(3, 5)),
            (set(6), free(2), becomes(2, 6)),
            (set(6), free(3), same(Refusal::SameAsPrimary)),
            (set(6), with(free(3), plan(6), None), Verdict::Unchanged),
            (BulkAction::SetRoute(RouteId(3)), with(free(2), plan(5), None), becomes(3, 5)),
            (BulkAction::SetRoute(RouteId(3)), with(free(2), plan(6), None), same(Refusal::SameAsFailover)),
            (BulkAction::SetRoute(RouteId(1)), with(free(2), plan(6), None), becomes(1, 6)),
        ];
        for (action, row, expected) in rows {
            assert_eq!(judge(&action, None, &row), expected, "{action:?} on {row:?}");
        }
    }

    #[test]
    fn weights_stay_with_the_failover_route_that_they_were_given_to() {
        let weights = Some(Weights { primary: 70, failover: 30 });
        let shared = with(row(1, Some(2), None, 10), Failover::Route(RouteId(2)), weights);
        let rows = [
            (BulkAction::SetRoute(RouteId(3)), weights),
            (BulkAction::SetFailoverRoute(Failover::Route(RouteId(3))), None),
            (BulkAction::SetFailoverRoute(Failover::Plan(PlanId(5))), None),
            (BulkAction::ClearFailoverRoute, None),
            (BulkAction::SetAlias(Alias::parse("Desk").ok()), weights),
        ];
        for (action, expected) in rows {
            let Verdict::Becomes { routing, .. } = judge(&action, None, &shared) else {
                panic!("{action:?}")
            };
            assert_eq!(routing.weights, expected, "{action:?}");
        }
        let same = BulkAction::SetFailoverRoute(Failover::Route(RouteId(2)));
        assert_eq!(judge(&same, None, &shared), Verdict::Unchanged);
    }
}
