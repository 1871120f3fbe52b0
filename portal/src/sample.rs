//! An account to look around in: a believable business with numbers in several countries, some of it in trouble,
//! and a few days of history. The same every time, but for the moment it is made.

mod data;

use routing::{Alias, Dialling, Domains, E164, Edge, Failover, InboundRoute, RouteId, RouteTarget, Routing};
use store::{Account, DidFilter, DidUpdate, NewChange, NewDid, NewRoute, Operation, RouteRow, Tx, UnixMs};

use self::data::{ABROAD, AMERICA, COUNTRY, DANA, DESKS, MARCUS, NAME, PRIYA, ROUTES, Run, SampleRoute};
use crate::book::Book;
use crate::dids::Routed;
use crate::facts::dialling;
use crate::history::{Done, OperationKind, did_change, did_json, route_change};
use crate::{Actor, Error, Portal, Result, Via};

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

impl Portal {
    /// Creates the sample account, where there is no account yet.
    ///
    /// # Errors
    /// [`Error::AccountExists`].
    pub async fn create_sample_account(&self) -> Result<Account> {
        let new = store::NewAccount { name: NAME.to_owned(), country: COUNTRY.to_owned(), sample: true };
        let edges = self.store.edges().await?;
        // One transaction: an account that somebody finds half-filled would stay so.
        let (mut tx, created) = self.begin_account(new, DANA, Via::CommandLine).await?;
        let account = tx.account().clone();
        let now = account.created_at;
        let ago = |days: i64, hours: i64| now.minus_ms(days * DAY_MS + hours * HOUR_MS);
        tx.set_at(ago(12, 4));
        tx.end_operation(created).await?;
        let mut story = Story { tx, edges, account };

        let mut step = story.step(DANA, Via::CommandLine, ago(12, 3)).await?;
        for route in &ROUTES {
            step.add_route(route, now).await?;
        }
        step.end(OperationKind::ImportAccount, NAME, None).await?;

        let mut step = story.step(DANA, Via::Browser, ago(12, 2)).await?;
        step.add_dids(&AMERICA).await?;
        step.end(OperationKind::Import, "numbers-north-america.csv", None).await?;

        let mut step = story.step(MARCUS, Via::Browser, ago(9, 5)).await?;
        step.add_dids(&ABROAD).await?;
        step.end(OperationKind::Import, "numbers-abroad.csv", None).await?;

        let mut step = story.step(DANA, Via::Browser, ago(6, 1)).await?;
        let service = step.id("answering-service");
        let denver = DidFilter { q: Some("+1303555010".to_owned()), ..DidFilter::default() };
        step.set(&denver, |did| did.failover = Failover::Route(service)).await?;
        let why = Some("Snow is forecast: the clinic may stay closed".to_owned());
        step.end(OperationKind::SetFailoverRoute, "answering-service", why).await?;

        let mut step = story.step(PRIYA, Via::Browser, ago(3, 7)).await?;
        step.move_route("portland-pbx", "203.0.113.24:5060").await?;
        step.end(OperationKind::EditRoute, "portland-pbx", None).await?;

        let mut step = story.step(MARCUS, Via::Browser, ago(1, 20)).await?;
        let home = DidFilter { q: Some("home office".to_owned()), ..DidFilter::default() };
        step.set(&home, |did| did.primary = RouteId::REGISTERED).await?;
        let why = Some("Softphones instead of the PBX".to_owned());
        step.end(OperationKind::SetRoute, "sip-reg", why).await?;

        let mut step = story.step(PRIYA, Via::Browser, ago(0, 5)).await?;
        let desk = DidFilter { q: Some("+12065550100".to_owned()), ..DidFilter::default() };
        step.set(&desk, |did| did.failover = Failover::Route(service)).await?;
        let last = step.record(OperationKind::EditDid, "+12065550100", None).await?;

        story.tx.commit(last).await?;
        self.created(story.account.id).await
    }
}

/// The account's first days, all in one transaction.
struct Story {
    tx: Tx,
    edges: Vec<Edge>,
    account: Account,
}

impl Story {
    async fn step(&mut self, who: &'static str, via: Via, at: UnixMs) -> Result<Step<'_>> {
        self.tx.set_at(at);
        let book = Book::read_in(&mut self.tx, self.edges.clone()).await?;
        let actor = Actor::owner(self.account.id, who, via);
        Ok(Step { tx: &mut self.tx, book, actor, changes: Vec::new(), account: &self.account })
    }
}

/// One operation of the history.
struct Step<'a> {
    tx: &'a mut Tx,
    book: Book,
    actor: Actor,
    changes: Vec<NewChange>,
    account: &'a Account,
}

impl Step<'_> {
    /// The id of a route of the tables; the built-in one for an alias that is not there.
    fn id(&self, alias: &str) -> RouteId {
        let alias = Alias::parse(alias).ok();
        alias.and_then(|alias| self.book.find(&alias)).map_or(RouteId::REGISTERED, |row| row.route.id)
    }

    fn failover(&self, alias: &str) -> Failover {
        if alias.is_empty() { Failover::None } else { Failover::Route(self.id(alias)) }
    }

    async fn add_route(&mut self, sample: &SampleRoute, now: UnixMs) -> Result<()> {
        let mut route = self.read(sample, sample.value)?;
        // Portland's address was corrected later: see `move_route`.
        if sample.alias == "portland-pbx" {
            route = self.read(sample, "203.0.113.42:5060")?;
        }
        let new = NewRoute {
            alias: route.alias.clone(),
            target: route.target.clone(),
            edge: route.edge,
            domains: route.domains.clone(),
        };
        route.id = self.tx.insert_route(&new).await?;
        let (state, minutes) = sample.health;
        if state != routing::HealthState::Unknown {
            self.tx.set_health(route.id, state, now.minus_ms(minutes * 60 * 1000)).await?;
        }
        self.changes.push(route_change(&self.book, route.id, None, Some(&route)));
        Ok(())
    }

    fn read(&self, sample: &SampleRoute, value: &str) -> Result<InboundRoute> {
        let label = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let broken = |what: String| Error::AccountFile(vec![crate::FileError::new("sample", what)]);
        let edge = self.book.edges().iter().find(|edge| edge.name == sample.edge).map(|edge| edge.id);
        Ok(InboundRoute {
            id: RouteId::default(),
            alias: Alias::parse(sample.alias).map_err(|error| broken(error.to_string()))?,
            target: RouteTarget::parse(sample.kind, value, &Dialling::default())
                .map_err(|error| broken(error.to_string()))?,
            edge,
            domains: Domains {
                carrier: label(sample.carrier),
                site: label(sample.site),
                region: label(sample.region),
                answerer: sample.answerer,
            },
        })
    }

    async fn add_dids(&mut self, runs: &[Run]) -> Result<()> {
        let mut new = Vec::new();
        for run in runs {
            for index in 0..run.count {
                let Ok(number) = E164::from_u64(run.first + index) else { continue };
                let other = index >= run.count - run.others;
                new.push(NewDid {
                    number,
                    alias: line_name(run.place, index),
                    primary: self.id(run.primary),
                    failover: self.failover(if other { run.other_failover } else { run.failover }),
                    weights: None,
                });
            }
        }
        self.tx.insert_dids(&new).await?;
        for did in &new {
            let after = did_json(&self.book, did.alias.as_ref(), did.routing());
            self.changes.push(did_change(did.number, None, Some(after)));
        }
        Ok(())
    }

    /// Changes the DIDs that match, as a bulk action does.
    async fn set(&mut self, filter: &DidFilter, change: impl Fn(&mut DidUpdate)) -> Result<()> {
        let mut updates = Vec::new();
        for row in self.tx.dids_after(filter, None, crate::limits::BULK_CHUNK).await? {
            let did = row.did;
            let before = did_json(&self.book, did.alias.as_ref(), Routing::of(&did));
            let Routing { primary, failover, weights } = Routing::of(&did);
            let mut update = DidUpdate { id: did.id, alias: did.alias, primary, failover, weights };
            change(&mut update);
            let after = did_json(&self.book, update.alias.as_ref(), update.routing());
            self.changes.push(did_change(did.number, Some(before), Some(after)));
            updates.push(update);
        }
        Ok(self.tx.update_dids(&updates).await?)
    }

    async fn move_route(&mut self, alias: &str, value: &str) -> Result<()> {
        let Some(RouteRow { route: before, .. }) = self.book.get(self.id(alias)).cloned() else {
            return Ok(());
        };
        let mut after = before.clone();
        if let Ok(target) = RouteTarget::parse(before.target.kind(), value, &dialling(self.account)) {
            after.target = target;
        }
        self.tx.update_route(&after).await?;
        self.changes.push(route_change(&self.book, after.id, Some(&before), Some(&after)));
        Ok(())
    }

    async fn record(&mut self, kind: OperationKind, about: &str, why: Option<String>) -> Result<Operation> {
        self.tx.record(&self.changes).await?;
        let changed = self.changes.len() as u64;
        Ok(Done { changed, reason: why, ..Done::one(kind, about) }.by(&self.actor))
    }

    async fn end(mut self, kind: OperationKind, about: &str, why: Option<String>) -> Result<()> {
        let operation = self.record(kind, about, why).await?;
        self.tx.end_operation(operation).await?;
        Ok(())
    }
}

/// `Front desk Seattle`; every fifth direct line has no name.
fn line_name(place: &str, index: u64) -> Option<Alias> {
    let desk = usize::try_from(index).ok().and_then(|index| DESKS.get(index));
    match desk {
        Some(desk) => Alias::parse(&format!("{desk} {place}")).ok(),
        None if index % 5 == 4 => None,
        None => Alias::parse(&format!("Direct line {} {place}", index + 1 - DESKS.len() as u64)).ok(),
    }
}
