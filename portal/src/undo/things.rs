//! What undoing makes of everything but DIDs: each thing goes back if it is still as the operation left it.

use std::collections::{BTreeMap, BTreeSet};

use routing::Version;
use store::{ChangeRow, NewChange, Subject, Tx, UnixMs};

use super::world::{Which, World};
use crate::cases::{case_change, new_case};
use crate::findings::acceptance_change;
use crate::history::{Thing, account_change, account_json, plan_change, route_change, schedule_change};
use crate::routes::new_route;
use crate::schedules::new_schedule;
use crate::{Refusal, Result};

/// What becomes of a thing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fate {
    /// It goes back to what it was: another way, back, or away.
    Moves(Box<Sides>),
    /// It is as it was already.
    Unchanged,
    Refused(Refusal),
}

/// A thing as it is and as it would be; `None`: it is not there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sides {
    pub(crate) now: Option<Thing>,
    pub(crate) then: Option<Thing>,
}

/// Who changed a thing last, after what is to be undone.
#[derive(Default)]
pub(crate) struct Later(BTreeMap<Which, (String, UnixMs, Version)>);

impl Later {
    /// The newest change of a thing comes first.
    pub(super) fn new(rows: Vec<ChangeRow>) -> Later {
        let mut later = BTreeMap::new();
        for row in rows {
            let which = Which::changed_by(&row);
            later.entry(which).or_insert((row.actor, row.at, row.version));
        }
        Later(later)
    }
}

/// Things in the order in which they can be put back: what others name comes before them, and leaves after them.
pub(super) fn in_order(things: Vec<ChangeRow>) -> (Vec<ChangeRow>, Vec<ChangeRow>) {
    let rank = |change: &ChangeRow| match change.subject {
        Subject::Account => 0,
        Subject::Route(_) => 1,
        Subject::Schedule(_) => 2,
        Subject::Plan(_) => 3,
        Subject::Did(_) => 4,
        Subject::Case(_) => 5,
        _ => 6,
    };
    let (mut leave, mut stay): (Vec<ChangeRow>, Vec<ChangeRow>) =
        things.into_iter().partition(|change| change.before.is_none());
    // Of a name that passes from one to another, the one that gives it up stands later in the log.
    stay.sort_by_key(|change| (rank(change), std::cmp::Reverse(change.seq)));
    leave.sort_by_key(|change| std::cmp::Reverse((rank(change), change.seq)));
    (stay, leave)
}

/// The things that are asked after in the log.
pub(super) fn subjects(things: &[ChangeRow]) -> BTreeSet<Subject> {
    things.iter().map(|change| change.subject).collect()
}

/// Judges one change, by the account as it is and as it became so far.
pub(crate) fn judge(world: &World, later: &Later, change: &ChangeRow) -> Fate {
    let which = Which::changed_by(change);
    let read = |side: &Option<serde_json::Value>| side.as_ref().map(|json| Thing::read(change.subject, json));
    let then = match read(&change.before) {
        Some(None) => return Fate::Refused(Refusal::Unreadable),
        other => other.flatten(),
    };
    let now = world.get(&which);
    if now == then {
        return Fate::Unchanged;
    }
    let became = read(&change.after);
    let last = later.0.get(&which);
    // What cannot be read and was not changed since is as it was left.
    let is_unread = became == Some(None) && last.is_none();
    if became.flatten() != now && !is_unread {
        let (by, at, version) =
            last.cloned().unwrap_or_else(|| ("Somebody else".to_owned(), change.at, world.version));
        return Fate::Refused(Refusal::EditedAfter { by, at, version });
    }
    match world.refusal(&which, then.as_ref()) {
        Some(why) => Fate::Refused(why),
        None => Fate::Moves(Box::new(Sides { now, then })),
    }
}

/// Puts one thing back in the database; says the change that this is.
pub(crate) async fn write(
    tx: &mut Tx,
    world: &World,
    which: &Which,
    label: &str,
    (now, then): (Option<&Thing>, Option<&Thing>),
) -> Result<Option<NewChange>> {
    let book = &world.book;
    Ok(Some(match (which.subject, now, then) {
        (Subject::Account, Some(Thing::Account(now)), Some(Thing::Account(then))) => {
            tx.update_account(&then.name, &then.country, &then.defaults).await?;
            let before = account_json(&now.name, &now.country, &now.defaults);
            account_change(&then.name, Some(before), account_json(&then.name, &then.country, &then.defaults))
        }
        (Subject::Route(id), now, then) => {
            let (now, then) = (now.and_then(Thing::route), then.and_then(Thing::route));
            match (now, then) {
                (Some(_), Some(then)) => tx.update_route(then).await?,
                (Some(_), None) => tx.delete_route(id).await?,
                (None, Some(then)) => tx.restore_route(id, &new_route(then)).await?,
                (None, None) => return Ok(None),
            }
            route_change(book, id, now, then)
        }
        (Subject::Schedule(id), now, then) => {
            let (now, then) = (now.and_then(Thing::schedule), then.and_then(Thing::schedule));
            match (now, then) {
                (Some(_), Some(then)) => tx.update_schedule(then).await?,
                (Some(_), None) => tx.delete_schedule(id).await?,
                (None, Some(then)) => tx.restore_schedule(id, &new_schedule(then)).await?,
                (None, None) => return Ok(None),
            }
            schedule_change(id, now, then)
        }
        (Subject::Plan(id), now, then) => {
            let (now, then) = (now.and_then(Thing::plan), then.and_then(Thing::plan));
            match (now, then) {
                (Some(_), Some(then)) => tx.update_plan(then).await?,
                (Some(_), None) => tx.delete_plan(id).await?,
                (None, Some(then)) => tx.restore_plan(then).await?,
                (None, None) => return Ok(None),
            }
            plan_change(book, id, now, then)
        }
        (Subject::Case(id), now, then) => {
            let (now, then) = (now.and_then(Thing::case), then.and_then(Thing::case));
            match (now, then) {
                (Some(_), Some((name, case))) => tx.update_case(id, &new_case(name, case)?).await?,
                (Some(_), None) => tx.delete_case(id).await?,
                (None, Some((name, case))) => tx.restore_case(id, &new_case(name, case)?).await?,
                (None, None) => return Ok(None),
            }
            case_change(book, id, now, then)
        }
        (Subject::Finding, now, then) => {
            let (now, then) = (now.and_then(Thing::acceptance), then.and_then(Thing::acceptance));
            match (now, then) {
                (_, Some(then)) => tx.accept_finding(then).await?,
                (Some(now), None) => tx.withdraw_acceptance(&now.key).await?,
                (None, None) => return Ok(None),
            }
            acceptance_change(label, now, then)
        }
        // The account stays, and DIDs are put back by the thousand elsewhere.
        _ => return Ok(None),
    }))
}
