//! What differs between two moments, each thing as one change, in the words that the history uses.

use std::collections::BTreeMap;

use routing::{Dialling, Did, Routing, Version};
use store::{ChangeRow, NewChange, PlanRow, RouteRow, ScheduleRow};

use crate::book::Book;
use crate::cases::case_change;
use crate::history::{
    account_change, account_json, did_change, did_json, plan_change, route_change, schedule_change,
};
use crate::limits::COMPARED_ROWS;
use crate::{ChangeView, OperationView, Past};

/// A past configuration with its names.
pub(super) struct Named(Book);

impl Named {
    pub(super) fn of(past: &Past, dialling: Dialling) -> Named {
        let snapshot = &past.snapshot;
        let version = snapshot.version;
        let row = |route: &routing::InboundRoute| RouteRow {
            route: route.clone(),
            version,
            health: Default::default(),
            health_since: None,
        };
        let mut book = Book::new(snapshot.routes.iter().map(row).collect(), snapshot.edges.clone(), dialling);
        for schedule in &snapshot.schedules {
            book.add_schedule(ScheduleRow { schedule: schedule.clone(), version });
        }
        for plan in &snapshot.plans {
            book.add_plan(PlanRow { plan: plan.clone(), version });
        }
        Named(book)
    }
}

/// The first of what differs but for DIDs, and how much does.
pub(super) fn things(
    [was, is]: [&Past; 2],
    [old, new]: [&Named; 2],
    of: &OperationView,
) -> (Vec<ChangeView>, u64) {
    let (old, new) = (&old.0, &new.0);
    let mut changes: Vec<NewChange> = Vec::new();
    let account = |past: &Past| account_json(&past.name, &past.country, &past.snapshot.defaults);
    if account(was) != account(is) {
        changes.push(account_change(&is.name, Some(account(was)), account(is)));
    }
    changes.extend(differing(
        was.snapshot.routes.iter().map(|route| (route.id, route)),
        is.snapshot.routes.iter().map(|route| (route.id, route)),
        |id, was, is| joined(route_change(old, id, was, None), route_change(new, id, None, is)),
    ));
    changes.extend(differing(
        was.snapshot.schedules.iter().map(|schedule| (schedule.id, schedule)),
        is.snapshot.schedules.iter().map(|schedule| (schedule.id, schedule)),
        schedule_change,
    ));
    changes.extend(differing(
        was.snapshot.plans.iter().map(|plan| (plan.id, plan)),
        is.snapshot.plans.iter().map(|plan| (plan.id, plan)),
        |id, was, is| joined(plan_change(old, id, was, None), plan_change(new, id, None, is)),
    ));
    changes.extend(differing(
        was.cases.iter().map(|case| (case.0, case)),
        is.cases.iter().map(|case| (case.0, case)),
        |id, was, is| {
            let side = |case: Option<&'_ (routing::CaseId, routing::Alias, routing::Case)>| {
                case.map(|(_, name, case)| (name.clone(), case.clone()))
            };
            let (was, is) = (side(was), side(is));
            let was = was.as_ref().map(|(name, case)| (name, case));
            let is = is.as_ref().map(|(name, case)| (name, case));
            joined(case_change(old, id, was, None), case_change(new, id, None, is))
        },
    ));
    let count = changes.len() as u64;
    changes.truncate(COMPARED_ROWS);
    (changes.into_iter().map(|change| view(change, of)).collect(), count)
}

/// DIDs that differ, as changes.
pub(super) fn did_changes(
    differ: &[(Option<&Did>, Option<&Did>)],
    [old, new]: [&Named; 2],
    of: &OperationView,
) -> Vec<ChangeView> {
    let json = |book: &Book, did: &Did| did_json(book, did.alias.as_ref(), Routing::of(did));
    let change = |(was, is): &(Option<&Did>, Option<&Did>)| {
        let number = was.or(*is)?.number;
        let sides = (was.map(|did| json(&old.0, did)), is.map(|did| json(&new.0, did)));
        Some(view(did_change(number, sides.0, sides.1), of))
    };
    differ.iter().filter_map(change).collect()
}

fn differing<K: Ord + Copy, T: PartialEq + Copy>(
    was: impl Iterator<Item = (K, T)>,
    is: impl Iterator<Item = (K, T)>,
    change: impl Fn(K, Option<T>, Option<T>) -> NewChange,
) -> Vec<NewChange> {
    let mut sides: BTreeMap<K, (Option<T>, Option<T>)> =
        was.map(|(key, was)| (key, (Some(was), None))).collect();
    for (key, is) in is {
        sides.entry(key).or_default().1 = Some(is);
    }
    let differ = sides.into_iter().filter(|(_, (was, is))| was != is);
    differ.map(|(key, (was, is))| change(key, was, is)).collect()
}

/// The one side of a change and the other of another: each is named by its own configuration.
fn joined(was: NewChange, is: NewChange) -> NewChange {
    let label = if is.after.is_some() { is.label } else { was.label };
    NewChange { label, before: was.before, after: is.after, subject: is.subject }
}

/// As people read it; by whom and when is not told of a difference.
fn view(change: NewChange, of: &OperationView) -> ChangeView {
    let NewChange { subject, label, before, after } = change;
    ChangeView::new(ChangeRow {
        version: Version(of.version.0),
        seq: 0,
        at: of.at,
        actor: of.actor.clone(),
        via: of.via.clone(),
        kind: of.kind.as_str().to_owned(),
        subject,
        label,
        before: before.map(|side| side.read()),
        after: after.map(|side| side.read()),
    })
}
