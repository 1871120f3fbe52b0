//! What things were before their first change after a version, read and put in the place of what they are now.

use std::collections::{BTreeMap, HashMap};

use routing::{
    Alias, Case, CaseId, Did, DidId, E164, FailoverPlan, InboundRoute, PlanId, RouteId, Schedule, ScheduleId,
};
use store::{Account, Before, PlanRow, RouteRow, ScheduleRow, Subject};

use super::did;
use crate::history::{AccountKept, Thing};

/// What was found before by the first change of each thing: nothing (it was not there), a thing, or what cannot be read.
#[derive(Debug, Default)]
pub(super) struct Befores(HashMap<Subject, Found>);

#[derive(Debug)]
enum Found {
    Nothing,
    Thing(Box<Thing>),
    Unreadable,
}

impl Befores {
    /// Changes come in the order of the log: the first of each thing counts. What was said of findings, and who
    /// belongs to the account, routes no calls.
    pub(super) fn take(&mut self, Before { subject, before, .. }: Before) {
        if matches!(
            subject,
            Subject::Finding | Subject::Person | Subject::Destination | Subject::Note | Subject::User(_)
        ) {
            return;
        }
        self.0.entry(subject).or_insert_with(|| match before {
            None => Found::Nothing,
            Some(json) => {
                Thing::read(subject, &json).map_or(Found::Unreadable, |thing| Found::Thing(Box::new(thing)))
            }
        });
    }

    pub(super) fn unreadable(&self) -> Vec<Subject> {
        let is_unreadable = |(_, found): &(&Subject, &Found)| matches!(found, Found::Unreadable);
        let mut all: Vec<Subject> =
            self.0.iter().filter(is_unreadable).map(|(subject, _)| *subject).collect();
        all.sort_unstable();
        all
    }

    /// What a thing was: as it is now, unless it was changed.
    fn was<T>(
        &self,
        subject: Subject,
        now: impl FnOnce() -> Option<T>,
        pick: impl FnOnce(&Thing) -> Option<T>,
    ) -> Option<T> {
        match self.0.get(&subject) {
            None | Some(Found::Unreadable) => now(),
            Some(Found::Nothing) => None,
            Some(Found::Thing(thing)) => pick(thing),
        }
    }

    pub(super) fn account(&self, now: &Account) -> AccountKept {
        let now = AccountKept::of(now);
        let pick = |thing: &Thing| match thing {
            Thing::Account(kept) => Some(kept.clone()),
            _ => None,
        };
        self.was(Subject::Account, || Some(now.clone()), pick).unwrap_or(now)
    }

    pub(super) fn route<'a>(
        &self,
        id: RouteId,
        now: impl FnOnce() -> Option<&'a RouteRow>,
    ) -> Option<InboundRoute> {
        self.was(Subject::Route(id), || Some(now()?.route.clone()), |thing| thing.route().cloned())
    }

    pub(super) fn plan<'a>(
        &self,
        id: PlanId,
        now: impl FnOnce() -> Option<&'a PlanRow>,
    ) -> Option<FailoverPlan> {
        self.was(Subject::Plan(id), || Some(now()?.plan.clone()), |thing| thing.plan().cloned())
    }

    pub(super) fn schedule<'a>(
        &self,
        id: ScheduleId,
        now: impl FnOnce() -> Option<&'a ScheduleRow>,
    ) -> Option<Schedule> {
        self.was(Subject::Schedule(id), || Some(now()?.schedule.clone()), |thing| thing.schedule().cloned())
    }

    /// Those of now, with what was changed put back.
    fn all<K: Ord + Copy, T>(
        &self,
        now: impl IntoIterator<Item = (K, T)>,
        key: impl Fn(Subject) -> Option<K>,
        pick: impl Fn(&Thing) -> Option<T>,
    ) -> Vec<(K, T)> {
        let mut all: BTreeMap<K, T> = now.into_iter().collect();
        for (subject, found) in &self.0 {
            let Some(key) = key(*subject) else { continue };
            match found {
                Found::Nothing => drop(all.remove(&key)),
                Found::Thing(thing) => drop(pick(thing).and_then(|thing| all.insert(key, thing))),
                Found::Unreadable => {}
            }
        }
        all.into_iter().collect()
    }

    pub(super) fn routes(&self, now: Vec<InboundRoute>) -> Vec<InboundRoute> {
        let key = |subject| match subject {
            Subject::Route(id) => Some(id),
            _ => None,
        };
        values(self.all(now.into_iter().map(|route| (route.id, route)), key, |thing| thing.route().cloned()))
    }

    pub(super) fn plans(&self, now: Vec<FailoverPlan>) -> Vec<FailoverPlan> {
        let key = |subject| match subject {
            Subject::Plan(id) => Some(id),
            _ => None,
        };
        values(self.all(now.into_iter().map(|plan| (plan.id, plan)), key, |thing| thing.plan().cloned()))
    }

    pub(super) fn schedules(&self, now: Vec<Schedule>) -> Vec<Schedule> {
        let key = |subject| match subject {
            Subject::Schedule(id) => Some(id),
            _ => None,
        };
        values(self.all(now.into_iter().map(|schedule| (schedule.id, schedule)), key, |thing| {
            thing.schedule().cloned()
        }))
    }

    pub(super) fn cases(
        &self,
        now: impl IntoIterator<Item = (CaseId, (Alias, Case))>,
    ) -> Vec<(CaseId, (Alias, Case))> {
        let key = |subject| match subject {
            Subject::Case(id) => Some(id),
            _ => None,
        };
        self.all(now, key, |thing| thing.case().map(|(name, case)| (name.clone(), case.clone())))
    }

    /// By number. Most stay as they are, of very many.
    pub(super) fn dids(&self, now: Vec<Did>) -> Vec<Did> {
        let ids: HashMap<E164, DidId> = now
            .iter()
            .filter(|did| self.0.contains_key(&Subject::Did(did.number)))
            .map(|did| (did.number, did.id))
            .collect();
        let is_as_it_was =
            |did: &Did| matches!(self.0.get(&Subject::Did(did.number)), None | Some(Found::Unreadable));
        let mut all: Vec<Did> = now.into_iter().filter(is_as_it_was).collect();
        let back = self.0.iter().filter_map(|(subject, found)| match (subject, found) {
            (Subject::Did(number), Found::Thing(thing)) => did(*number, ids.get(number).copied(), thing),
            _ => None,
        });
        all.extend(back);
        all.sort_unstable_by_key(|did| did.number);
        all
    }
}

fn values<K, T>(all: Vec<(K, T)>) -> Vec<T> {
    all.into_iter().map(|(_, thing)| thing).collect()
}
