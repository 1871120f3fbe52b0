//! The account at a past moment: what is there now, with what every later change found there put back.
//!
//! What a thing was after a version is what its first change after that version found; a thing that was not changed
//! since is as it is now. So the first change is all that is read of each, and it is read last: the log is insert-only,
//! and whatever happens between two reads is in it. No two reads need to be of one moment.

mod befores;

use std::collections::BTreeSet;

use routing::{AccountId, Alias, Case, CaseId, Did, DidId, E164, Failover, RouteId, Snapshot, Version};
use store::{Store, Subject};

use self::befores::Befores;
use crate::cases::saved;
use crate::facts::Facts;
use crate::history::Thing;
use crate::limits::{BULK_CHUNK, PAST_CHANGES_MAX};
use crate::{Actor, Error, Noun, Portal, Result, zones};

/// An account as it was after a version, or the part of it that some calls need.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// What it was called.
    pub name: String,
    /// Its country.
    pub country: String,
    /// The configuration. Routes, plans and schedules have the ids that they had; a DID has the one of now, or 0 if it
    /// is gone: no call goes by it. What was marked down is not kept, so nothing is.
    pub snapshot: Snapshot,
    /// The saved cases by id; none in a part.
    pub cases: Vec<(CaseId, Alias, Case)>,
    /// What the history keeps in a way that this program cannot read: it is as it is now instead.
    pub unreadable: Vec<Subject>,
}

impl Portal {
    /// The whole account as it was after a version. `None`: more was changed since than we are ready to read.
    ///
    /// # Errors
    /// [`Error::NotFound`] also if the account never had that version.
    pub async fn account_at(
        &self,
        actor: &Actor,
        account: AccountId,
        version: Version,
    ) -> Result<Option<Past>> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        self.whole_past(&facts, version).await
    }

    /// The whole account. The DIDs that were not changed since come from the database, thousands at a time.
    pub(crate) async fn whole_past(&self, facts: &Facts, version: Version) -> Result<Option<Past>> {
        exists(facts, version)?;
        let account = facts.account.id;
        let present = self.store.snapshot(account).await?;
        let cases = saved(self.store.cases(account).await?)?;
        let mut befores = Befores::default();
        let (mut place, mut read) = (Store::end_of(version), 0);
        loop {
            let page = self.store.befores_after(account, place, BULK_CHUNK).await?;
            let Some(last) = page.last() else { break };
            place = (last.version, last.seq);
            read += page.len();
            if read > PAST_CHANGES_MAX {
                return Ok(None);
            }
            page.into_iter().for_each(|before| befores.take(before));
        }
        let cases = cases.into_iter().map(|case| (case.id, (case.name, case.case)));
        let (routes, plans) = (present.routes, present.plans);
        let account = befores.account(&facts.account);
        let snapshot = Snapshot {
            version,
            defaults: account.defaults,
            edges: present.edges,
            routes: befores.routes(routes),
            plans: befores.plans(plans),
            schedules: befores.schedules(present.schedules),
            zones: Vec::new(),
            dids: befores.dids(present.dids),
        };
        let cases = befores.cases(cases).into_iter().map(|(id, (name, case))| (id, name, case)).collect();
        let unreadable = befores.unreadable();
        Ok(Some(Past { name: account.name, country: account.country, cases, unreadable, ..filled(snapshot) }))
    }

    /// The part of it that calls to some numbers need: those that were DIDs then, and all that they were routed by. A
    /// few queries, however much was changed since.
    pub(crate) async fn past_of(&self, facts: &Facts, version: Version, numbers: &[E164]) -> Result<Past> {
        exists(facts, version)?;
        let id = facts.account.id;
        let rows = self.store.dids_by_number(id, numbers).await?;
        let mut befores = Befores::default();
        let first = numbers.iter().copied().map(Subject::Did).chain([Subject::Account]).collect();
        self.ask(id, version, &mut befores, first).await?;
        let mut dids = befores.dids(rows.into_iter().map(|row| row.did).collect());
        dids.retain(|did| numbers.contains(&did.number));
        let named = dids.iter().flat_map(|did| {
            let failover = match did.failover {
                Failover::None => None,
                Failover::Route(id) => Some(Subject::Route(id)),
                Failover::Plan(id) => Some(Subject::Plan(id)),
            };
            [Some(Subject::Route(did.primary)), failover].into_iter().flatten()
        });
        self.ask(id, version, &mut befores, named.collect()).await?;
        let plans: BTreeSet<_> = dids.iter().filter_map(|did| did.failover.plan()).collect();
        let plans: Vec<_> =
            plans.into_iter().filter_map(|id| befores.plan(id, || facts.book.plan(id))).collect();
        let steps = || plans.iter().flat_map(|plan| &plan.steps);
        let legs = steps().flat_map(|step| &step.routes).map(|leg| Subject::Route(leg.route));
        let hours = steps().filter_map(|step| step.hours).map(Subject::Schedule);
        self.ask(id, version, &mut befores, legs.chain(hours).collect()).await?;
        let direct = dids.iter().flat_map(|did| [Some(did.primary), did.failover.route()]).flatten();
        let routes: BTreeSet<RouteId> = direct.chain(plans.iter().flat_map(|plan| plan.routes())).collect();
        let schedules: BTreeSet<_> = steps().filter_map(|step| step.hours).collect();
        let account = befores.account(&facts.account);
        let snapshot = Snapshot {
            version,
            defaults: account.defaults,
            edges: facts.book.edges().to_vec(),
            routes: routes
                .into_iter()
                .filter(|id| *id != RouteId::REGISTERED)
                .filter_map(|id| befores.route(id, || facts.book.get(id)))
                .collect(),
            schedules: schedules
                .into_iter()
                .filter_map(|id| befores.schedule(id, || facts.book.schedule(id)))
                .collect(),
            plans,
            zones: Vec::new(),
            dids,
        };
        let unreadable = befores.unreadable();
        Ok(Past { name: account.name, country: account.country, unreadable, ..filled(snapshot) })
    }

    async fn ask(
        &self,
        account: AccountId,
        version: Version,
        befores: &mut Befores,
        subjects: BTreeSet<Subject>,
    ) -> Result<()> {
        let found = self.store.befores_of(account, &subjects, version).await?;
        found.into_iter().for_each(|before| befores.take(before));
        Ok(())
    }
}

/// Versions are counted without a gap, from the one that created the account.
fn exists(facts: &Facts, version: Version) -> Result<()> {
    let known = Version(0)..=facts.account.version;
    if known.contains(&version) { Ok(()) } else { Err(Error::NotFound(Noun::Operation)) }
}

fn filled(mut snapshot: Snapshot) -> Past {
    zones::fill(&mut snapshot);
    Past { snapshot, ..Past::default() }
}

/// A DID of the past. What it was is kept by its number.
fn did(number: E164, id: Option<DidId>, thing: &Thing) -> Option<Did> {
    let Thing::Did(alias, routing) = thing else { return None };
    Some(Did { id: id.unwrap_or_default(), alias: alias.clone(), ..routing.did(number) })
}
