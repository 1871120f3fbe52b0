//! What is wrong with an account's routing, and what of it somebody accepted.

mod accept;

use std::collections::{BTreeMap, BTreeSet};

use routing::{
    AccountId, Audit, E164, FindingDetail, FindingSubject, Group, HealthState, RouteId, Routing, Snapshot,
    Surroundings,
};
use store::{AcceptedRow, DidFilter, Pair, UnixMs};

use crate::book::Book;
use crate::facts::Facts;
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
    /// All that is wrong with an account, the worst first; what is accepted is marked so.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn findings(&self, actor: &Actor, account: AccountId) -> Result<Vec<Finding>> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let pairs = self.store.pairs(account, &DidFilter::default()).await?;
        self.findings_among(&facts, &pairs).await
    }

    /// What is wrong with DIDs that are routed so, and with the plans and routes that they use.
    pub(crate) async fn findings_among(&self, facts: &Facts, pairs: &[Pair]) -> Result<Vec<Finding>> {
        let mut snapshot = facts.configuration();
        let own = self.own_numbers_in(facts, &snapshot).await?;
        let rung: Vec<E164> = own.iter().copied().collect();
        let dids = self.store.dids_by_number(facts.account.id, &rung).await?;
        snapshot.dids = dids.into_iter().map(|row| row.did).collect();
        let groups: Vec<Group> = pairs.iter().map(group).collect();
        self.audit(facts, &snapshot, &groups, &own).await
    }

    /// What is wrong with one DID. `snapshot` is the part of the configuration that its calls need, with the zones.
    pub(crate) async fn findings_of_did(
        &self,
        facts: &Facts,
        snapshot: &Snapshot,
        number: E164,
    ) -> Result<Vec<Finding>> {
        let Some(did) = snapshot.dids.iter().find(|did| did.number == number) else { return Ok(Vec::new()) };
        let routing = Routing::of(did);
        let own = self.own_numbers_in(facts, snapshot).await?;
        if own.is_empty() {
            // Most calls leave us for good: the part is enough to judge them.
            let group = Group { routing, dids: 1, example: number };
            return self.audit(facts, snapshot, &[group], &own).await;
        }
        let Routing { primary, failover, weights } = routing;
        self.findings_among(facts, &[Pair { primary, failover, weights, dids: 1, example: number }]).await
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
    ) -> Result<Vec<Finding>> {
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
        let found = Audit::new(snapshot, surroundings).findings(groups);
        Ok(found.into_iter().map(|finding| named(book, finding, &accepted)).collect())
    }
}

/// DIDs that are routed alike, as the core knows them.
pub(crate) fn group(pair: &Pair) -> Group {
    let routing = Routing { primary: pair.primary, failover: pair.failover, weights: pair.weights };
    Group { routing, dids: pair.dids, example: pair.example }
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
