//! What is wrong with an account's routing, and what of it somebody accepted.

mod accept;
mod key;

use std::collections::{BTreeMap, BTreeSet};

use routing::{
    AccountId, Audit, E164, FindingDetail, FindingSubject, Group, HealthState, PlanId, RouteId, Routing,
    Severity, Snapshot, Surroundings,
};
use store::{AcceptedRow, UnixMs};

pub(crate) use accept::acceptance_change;
pub(crate) use key::{Key, routed};

use crate::book::Book;
use crate::facts::Facts;
use crate::limits::FINDINGS_MAX;
use crate::plans::PlanFindings;
use crate::{Actor, FailoverRef, PlanRef, Portal, Result, RouteRef};

/// Something that is wrong, with the names of what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub finding: routing::Finding,
    /// A text that stays the same for as long as the same thing is wrong.
    pub key: String,
    /// Where the DIDs ring, if it is about them.
    pub primary: Option<RouteRef>,
    /// Where they ring when that fails, if it is about them.
    pub failover: FailoverRef,
    /// The plan that it is about, or that the DIDs have.
    pub plan: Option<PlanRef>,
    /// The route in question.
    pub route: Option<RouteRef>,
    /// Who accepted it, if somebody did and it still counts.
    pub accepted: Option<Acceptance>,
}

/// The first of what is wrong, and how much more there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingList {
    /// The worst first; what is accepted is marked so.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub more: u64,
}

/// That something is meant to be as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Who said so.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
    /// When.
    pub at: UnixMs,
    /// Until when; `None`: for good.
    pub until: Option<UnixMs>,
}

impl Finding {
    /// Whether it is about a plan: the plan itself, DIDs that have it, or a route that it rings.
    pub fn is_of_plan(&self, plan: &PlanRef) -> bool {
        match self.finding.subject {
            FindingSubject::Plan(id) => id == plan.id,
            FindingSubject::Routing(routing) => routing.failover.plan() == Some(plan.id),
            FindingSubject::Route(id) => plan.steps.iter().flatten().any(|route| route.id == id),
        }
    }
}

impl Portal {
    /// What is wrong with an account, the worst first; what is accepted is marked so. At most [`FINDINGS_MAX`] that
    /// nobody accepted, and as many that somebody did.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn findings(&self, actor: &Actor, account: AccountId) -> Result<FindingList> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        Ok(self.found(&facts).await?.first(&facts.book, FINDINGS_MAX))
    }

    /// All that is wrong with an account.
    pub(crate) async fn found(&self, facts: &Facts) -> Result<Found> {
        let groups = facts.groups(&self.store).await?;
        self.found_among(facts, &groups).await
    }

    /// What is wrong with DIDs that are routed so, and with the plans and routes that they use.
    pub(crate) async fn found_among(&self, facts: &Facts, groups: &[Group]) -> Result<Found> {
        let mut snapshot = facts.configuration();
        let own = self.own_numbers_in(facts, &snapshot).await?;
        let rung: Vec<E164> = own.iter().copied().collect();
        let dids = self.store.dids_by_number(facts.account.id, &rung).await?;
        snapshot.dids = dids.into_iter().map(|row| row.did).collect();
        self.audit(facts, &snapshot, groups, &own).await
    }

    /// What is wrong with one DID. `snapshot` is the part of the configuration that its calls need, with the zones.
    pub(crate) async fn findings_of_did(
        &self,
        facts: &Facts,
        snapshot: &Snapshot,
        number: E164,
    ) -> Result<Vec<Finding>> {
        let Some(did) = snapshot.dids.iter().find(|did| did.number == number) else { return Ok(Vec::new()) };
        let group = Group { routing: Routing::of(did), dids: 1, example: number };
        let own = self.own_numbers_in(facts, snapshot).await?;
        if own.is_empty() {
            // Most calls leave us for good: the part is enough to judge them.
            return Ok(self.audit(facts, snapshot, &[group], &own).await?.all(&facts.book));
        }
        Ok(self.found_among(facts, &[group]).await?.all(&facts.book))
    }

    /// Those of the numbers which the routes may lead to that are DIDs of the installation.
    async fn own_numbers_in(&self, facts: &Facts, snapshot: &Snapshot) -> Result<BTreeSet<E164>> {
        let targets = snapshot.routes.iter().map(|route| &route.target);
        let numbers = facts.book.numbers_in(targets);
        Ok(self.store.own_numbers(&numbers).await?.into_iter().collect())
    }

    async fn audit(
        &self,
        facts: &Facts,
        snapshot: &Snapshot,
        groups: &[Group],
        own: &BTreeSet<E164>,
    ) -> Result<Found> {
        let book = &facts.book;
        let now = UnixMs::now();
        let accepted: BTreeMap<String, AcceptedRow> = self
            .store
            .accepted_findings(facts.account.id)
            .await?
            .into_iter()
            .filter(|row| row.until.is_none_or(|until| until >= now))
            .map(|row| (row.key.clone(), row))
            .collect();
        let health: BTreeMap<RouteId, HealthState> =
            book.added().map(|row| (row.route.id, row.health)).collect();
        let surroundings =
            Surroundings { dialling: *book.dialling(), own, health: &health, now: now.0.div_euclid(1_000) };
        Ok(Found { all: Audit::new(snapshot, surroundings).findings(groups), accepted })
    }
}

/// What was found, without names yet: there may be a finding for each of a hundred thousand routings, and a page shows
/// some hundreds.
#[derive(Debug)]
pub(crate) struct Found {
    /// The worst first.
    all: Vec<routing::Finding>,
    /// What is accepted, by its key.
    accepted: BTreeMap<String, AcceptedRow>,
}

impl Found {
    /// All of it.
    pub(crate) fn all(self, book: &Book) -> Vec<Finding> {
        self.all.into_iter().map(|finding| named(book, finding, &self.accepted)).collect()
    }

    /// How much of it somebody accepted.
    pub(crate) fn accepted_count(&self) -> u64 {
        self.all.iter().filter(|finding| is_accepted(&self.accepted, finding)).count() as u64
    }

    /// What nobody accepted.
    pub(crate) fn open(mut self) -> Found {
        let accepted = &self.accepted;
        self.all.retain(|finding| !is_accepted(accepted, finding));
        self
    }

    /// How much of it is so bad.
    pub(crate) fn count(&self, severity: Severity) -> u64 {
        self.all.iter().filter(|finding| finding.severity == severity).count() as u64
    }

    /// The worst of it: so many that are accepted, and so many that are not. What is accepted must not keep the rest
    /// from being seen, nor be lost from sight itself.
    pub(crate) fn first(self, book: &Book, most: usize) -> FindingList {
        let Found { all, accepted } = self;
        let (mut open_left, mut accepted_left) = (most, most);
        let mut list = FindingList::default();
        for finding in all {
            let left = if is_accepted(&accepted, &finding) { &mut accepted_left } else { &mut open_left };
            if *left == 0 {
                list.more += 1;
            } else {
                *left -= 1;
                list.findings.push(named(book, finding, &accepted));
            }
        }
        list
    }

    /// What is of each plan, in one pass over all of it: there may be as many findings as there are DIDs.
    pub(crate) fn by_plan(self, book: &Book) -> BTreeMap<PlanId, PlanFindings> {
        let mut ringing: BTreeMap<RouteId, BTreeSet<PlanId>> = BTreeMap::new();
        for plan in book.plans().map(|row| &row.plan) {
            for route in plan.routes() {
                ringing.entry(route).or_default().insert(plan.id);
            }
        }
        let none = BTreeSet::new();
        let mut by_plan: BTreeMap<PlanId, PlanFindings> = BTreeMap::new();
        for finding in self.all {
            let (one, several) = match finding.subject {
                FindingSubject::Plan(id) => (Some(id), &none),
                FindingSubject::Routing(routing) => (routing.failover.plan(), &none),
                FindingSubject::Route(id) => (None, ringing.get(&id).unwrap_or(&none)),
            };
            let accepted = is_accepted(&self.accepted, &finding);
            for id in one.iter().chain(several) {
                let name = || named(book, finding.clone(), &self.accepted);
                by_plan.entry(*id).or_default().add(accepted, name);
            }
        }
        by_plan
    }

    /// The keys of all of it.
    pub(crate) fn keys(&self) -> BTreeSet<String> {
        self.all.iter().map(routing::Finding::key).collect()
    }

    /// The one of this key.
    pub(crate) fn find(self, book: &Book, key: &str) -> Option<Finding> {
        let found = self.all.into_iter().find(|finding| finding.key() == key)?;
        Some(named(book, found, &self.accepted))
    }
}

fn is_accepted(accepted: &BTreeMap<String, AcceptedRow>, finding: &routing::Finding) -> bool {
    !accepted.is_empty() && accepted.contains_key(&finding.key())
}

fn named(book: &Book, finding: routing::Finding, accepted: &BTreeMap<String, AcceptedRow>) -> Finding {
    let key = finding.key();
    let (primary, failover) = match finding.subject {
        FindingSubject::Routing(routing) => {
            (Some(book.route_ref(routing.primary)), book.failover_ref(routing.failover))
        }
        FindingSubject::Plan(_) | FindingSubject::Route(_) => (None, FailoverRef::None),
    };
    let plan = match finding.subject {
        FindingSubject::Plan(id) => Some(book.plan_ref(id)),
        FindingSubject::Routing(_) | FindingSubject::Route(_) => failover.plan().cloned(),
    };
    let route = match (finding.subject, &finding.detail) {
        (FindingSubject::Route(id), _) => Some(book.route_ref(id)),
        (_, FindingDetail::Route(id)) => Some(book.route_ref(*id)),
        _ => None,
    };
    let accepted = accepted.get(&key).map(|row| Acceptance {
        by: row.by.clone(),
        reason: row.reason.clone(),
        at: row.at,
        until: row.until,
    });
    Finding { finding, key, primary, failover, plan, route, accepted }
}
