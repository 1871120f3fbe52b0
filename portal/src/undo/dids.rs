//! What undoing makes of each DID: it goes back if it is still as the operation left it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use routing::{Alias, Did, E164, Failover, OwnDid, Routing, Version};
use serde_json::Value;
use store::{ChangeRow, DidRow, DidUpdate, NewDid, Released, Subject};

use super::world::World;
use crate::book::Book;
use crate::history::did_of;
use crate::reading::Reading;
use crate::{Refusal, Result};

/// A DID as it is now, or as the history keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) alias: Option<Alias>,
    pub(super) routing: Routing,
}

impl Kept {
    fn read(json: &Value) -> Option<Kept> {
        did_of(json).map(|(alias, routing)| Kept { alias, routing })
    }

    fn now(row: &DidRow) -> Kept {
        Kept { alias: row.did.alias.clone(), routing: Routing::of(&row.did) }
    }

    pub(super) fn update(self, now: Did) -> DidUpdate {
        DidUpdate { now, alias: self.alias, routing: self.routing }
    }

    pub(super) fn new_did(self, number: E164) -> NewDid {
        NewDid { number, alias: self.alias, routing: self.routing }
    }
}

/// What becomes of a DID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It goes back to what it was.
    Becomes {
        now: Did,
        then: Kept,
    },
    /// It was added, and leaves again.
    Leaves {
        now: Did,
    },
    /// It was released, and comes back.
    Returns {
        then: Kept,
    },
    /// It is as it was already.
    Unchanged,
    Refused(Refusal),
}

/// What becomes of one DID, for those who do not write it.
pub(crate) enum DidVerdict {
    /// It is routed so again; `None`: it is not there yet.
    Moves {
        from: Option<Routing>,
        to: Routing,
    },
    Unchanged,
    Refused(Refusal),
}

/// Which changes of an operation go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Back {
    /// All of it: what it released comes back, and what it added leaves.
    Whole,
    /// One DID's alone.
    One,
}

/// Judges one change.
pub(crate) async fn judge_did(
    reading: &mut Reading<'_>,
    book: &Book,
    change: ChangeRow,
) -> Result<DidVerdict> {
    let judged = judge(reading, book, vec![change], Back::One).await?.pop();
    Ok(match judged.map(|judged| judged.verdict) {
        Some(Verdict::Becomes { now, then }) => {
            DidVerdict::Moves { from: Some(Routing::of(&now)), to: then.routing }
        }
        Some(Verdict::Returns { then }) => DidVerdict::Moves { from: None, to: then.routing },
        Some(Verdict::Refused(why)) => DidVerdict::Refused(why),
        Some(Verdict::Unchanged | Verdict::Leaves { .. }) | None => DidVerdict::Unchanged,
    })
}

/// The judgement on one change of the operation.
pub(super) struct Judged {
    pub(super) number: E164,
    pub(super) verdict: Verdict,
    change: ChangeRow,
}

impl Judged {
    /// The change that undoing makes, in the words of the one that it undoes.
    pub(super) fn undoing(self) -> ChangeRow {
        super::undoing(self.change)
    }

    pub(super) fn is_change(&self) -> bool {
        !matches!(self.verdict, Verdict::Unchanged | Verdict::Refused(_))
    }

    /// What that means to those who count how DIDs are routed.
    pub(super) fn moves(&self, world: &mut World) {
        let (from, to) = match &self.verdict {
            Verdict::Becomes { now, then } => (Some(Routing::of(now)), Some(then.routing)),
            Verdict::Leaves { now } => (Some(Routing::of(now)), None),
            Verdict::Returns { then } => (None, Some(then.routing)),
            Verdict::Unchanged | Verdict::Refused(_) => return,
        };
        world.moves(from, to, self.number);
    }
}

/// Judges some changes of one operation, with as many queries for thousands as for one.
pub(super) async fn judge(
    reading: &mut Reading<'_>,
    book: &Book,
    changes: Vec<ChangeRow>,
    back: Back,
) -> Result<Vec<Judged>> {
    let now = Now::read(reading, book, &changes, back).await?;
    let judged = changes.into_iter().filter_map(|change| {
        let number = number_of(&change)?;
        let verdict = now.judge(number, &change, book);
        Some(Judged { number, verdict, change })
    });
    Ok(judged.collect())
}

fn number_of(change: &ChangeRow) -> Option<E164> {
    match change.subject {
        Subject::Did(number) => Some(number),
        _ => None,
    }
}

/// What the judgement goes by: the DIDs as they are now, and who made them so.
struct Now {
    rows: HashMap<E164, DidRow>,
    editors: BTreeMap<Version, String>,
    released: HashMap<E164, Released>,
    /// Numbers that others have.
    taken: BTreeSet<E164>,
    /// How a failover that would be put back leads to us, of those that do: numbers may have been added since.
    barred: HashMap<Failover, OwnDid>,
}

/// Numbers become ours, or are no longer, when an operation goes back: in whichever round that is done.
async fn go_back(
    own: &mut BTreeSet<E164>,
    reading: &mut Reading<'_>,
    numbers: &[E164],
    version: Version,
) -> Result<()> {
    let subjects: BTreeSet<Subject> = numbers.iter().copied().map(Subject::Did).collect();
    let mut looked_at = BTreeSet::new();
    // Newest first: what was changed after the operation stays.
    for change in reading.later(&subjects, Version(version.0 - 1)).await? {
        let Some(number) = number_of(&change).filter(|number| looked_at.insert(*number)) else { continue };
        match (change.before, change.after) {
            _ if change.version != version => {}
            (Some(_), None) => {
                own.insert(number);
            }
            (None, Some(_)) => {
                own.remove(&number);
            }
            _ => {}
        }
    }
    Ok(())
}

impl Now {
    async fn read(reading: &mut Reading<'_>, book: &Book, changes: &[ChangeRow], back: Back) -> Result<Now> {
        let since = changes.first().map(|change| change.version).unwrap_or_default();
        let numbers: Vec<E164> = changes.iter().filter_map(number_of).collect();
        let rows = reading.dids(&numbers).await?;
        let later = rows.iter().map(|row| row.version).filter(|version| *version > since).collect();
        let editors = reading.actors(&later).await?;
        let rows: HashMap<E164, DidRow> = rows.into_iter().map(|row| (row.did.number, row)).collect();
        let missing: Vec<E164> = numbers.into_iter().filter(|number| !rows.contains_key(number)).collect();
        let taken = reading.taken(&missing).await?;
        let released = reading.released(&missing, since).await?;
        let released = released.into_iter().map(|row| (row.number, row)).collect();
        let befores = changes.iter().filter_map(|change| Kept::read(change.before.as_ref()?));
        let failovers: HashSet<Failover> = befores.map(|kept| kept.routing.failover).collect();
        let targets = failovers.iter().flat_map(|failover| book.targets_of(*failover));
        let rung = book.numbers_in(targets);
        let mut own = reading.taken(&rung).await?;
        if back == Back::Whole {
            go_back(&mut own, reading, &rung, since).await?;
        }
        let leads_back = |failover: Failover| Some((failover, book.failover_barred(failover, &own)?));
        let barred = failovers.into_iter().filter_map(leads_back).collect();
        Ok(Now { rows, editors, released, taken, barred })
    }

    fn judge(&self, number: E164, change: &ChangeRow, book: &Book) -> Verdict {
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        let (was, became) = (before.map(Kept::read), after.map(Kept::read));
        if was == Some(None) || became == Some(None) {
            return Verdict::Refused(Refusal::Unreadable);
        }
        let allowed = |then: &Kept| before.and_then(|named| self.refusal(book, named, then));
        let row = self.rows.get(&number);
        let now = row.map(Kept::now);
        match (was.flatten(), became.flatten(), row.zip(now)) {
            (None, _, None) => Verdict::Unchanged,
            (Some(then), _, Some((_, now))) if now == then => Verdict::Unchanged,
            (Some(then), Some(after), Some((row, now))) if now == after => match allowed(&then) {
                Some(why) => Verdict::Refused(why),
                None => Verdict::Becomes { now: row.did.clone(), then },
            },
            (None, Some(after), Some((row, now))) if now == after => Verdict::Leaves { now: row.did.clone() },
            (_, _, Some((row, _))) => Verdict::Refused(self.edited(row)),
            (Some(_), Some(_), None) => Verdict::Refused(self.gone(number)),
            (Some(_), None, None) if self.taken.contains(&number) => Verdict::Refused(Refusal::NumberTaken),
            (Some(then), None, None) => match allowed(&then) {
                Some(why) => Verdict::Refused(why),
                None => Verdict::Returns { then },
            },
        }
    }

    fn edited(&self, row: &DidRow) -> Refusal {
        let by = self.editors.get(&row.version).cloned().unwrap_or_else(|| "Somebody else".to_owned());
        Refusal::EditedAfter { by, at: row.changed_at, version: row.version }
    }

    fn gone(&self, number: E164) -> Refusal {
        self.released.get(&number).map_or(Refusal::Gone, |row| Refusal::EditedAfter {
            by: row.by.clone(),
            at: row.at,
            version: row.version,
        })
    }

    /// Why a DID cannot be what it was, if so. `named` is that as the history keeps it.
    fn refusal(&self, book: &Book, named: &Value, then: &Kept) -> Option<Refusal> {
        let Routing { primary, failover, .. } = then.routing;
        let gone = |field: &str| {
            let name = named.get(field).and_then(Value::as_str).unwrap_or("a route").to_owned();
            Some(Refusal::TargetGone { name })
        };
        let is_there = match failover {
            Failover::None => true,
            Failover::Route(id) => book.get(id).is_some(),
            Failover::Plan(id) => book.plan(id).is_some(),
        };
        if book.get(primary).is_none() {
            gone("primary")
        } else if !is_there {
            gone("failover")
        } else if book.is_alone(failover, primary) {
            Some(Refusal::SameAsPrimary)
        } else {
            self.barred.get(&failover).cloned().map(Refusal::OwnDid)
        }
    }
}
