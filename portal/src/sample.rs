//! An account to look around in: a believable business with numbers in several countries, some of it in trouble,
//! and a few days of history. The same every time, but for the moment it is made.

mod data;
mod plans;
mod step;

use routing::{
    Answerer, Case, E164, Edge, Expectation, Failover, Fault, FaultTarget, FindingKind, Millis, Reaches,
    RouteId, Scenario,
};
use store::{Account, DidFilter, Operation, Tx, UnixMs};

use self::data::{ABROAD, AMERICA, COUNTRY, DANA, DESTINATIONS, MARCUS, NAME, PRIYA, ROUTES};
use self::plans::{
    BY_WAY_OF_SEATTLE, CLINIC, CLINIC_PLAN, FIBER_CUT, FRONT_DESK, ONE_PBX, PLANS, SCHEDULES, SEATTLE_DARK,
    SUNDAY_NIGHT, TORONTO_DESK, TORONTO_DOWN,
};
use self::step::Step;
use crate::book::Book;
use crate::history::OperationKind;
use crate::{Actor, Portal, Result, Via};

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

impl Portal {
    /// Creates the sample account, where there is no account yet.
    ///
    /// # Errors
    /// [`crate::Error::AccountExists`].
    pub async fn create_sample_account(&self) -> Result<Account> {
        let (tx, last) = self.sample_account().await?;
        let id = tx.account().id;
        tx.commit(last).await?;
        self.created(id).await
    }

    /// The sample account, up to its last operation: whoever is to belong to it joins in the same transaction.
    pub(crate) async fn sample_account(&self) -> Result<(Tx, Operation)> {
        let now = UnixMs::now();
        let ago = |days: i64, hours: i64| now.minus_ms(days * DAY_MS + hours * HOUR_MS);
        let new = store::NewAccount {
            name: NAME.to_owned(),
            country: COUNTRY.to_owned(),
            sample: true,
            created_at: ago(12, 4),
        };
        let edges = self.store.edges().await?;
        // One transaction: an account that somebody finds half-filled would stay so.
        let (mut tx, created) = self.begin_account(new, DANA, Via::CommandLine).await?;
        let account = tx.account().clone();
        tx.end_operation(created).await?;
        let mut story = Story { tx, edges, account };

        let mut step = story.step(DANA, Via::CommandLine, ago(12, 3)).await?;
        for destination in DESTINATIONS {
            step.allow(destination).await?;
        }
        for route in &ROUTES {
            step.add_route(route, now).await?;
        }
        for schedule in &SCHEDULES {
            step.add_schedule(schedule).await?;
        }
        for plan in &PLANS {
            step.add_plan(plan).await?;
        }
        step.end(OperationKind::ImportAccount, NAME, None).await?;

        let mut step = story.step(DANA, Via::Browser, ago(12, 2)).await?;
        step.add_dids(&AMERICA).await?;
        step.end(OperationKind::Import, "numbers-north-america.csv", None).await?;

        let mut step = story.step(MARCUS, Via::Browser, ago(9, 5)).await?;
        step.add_dids(&ABROAD).await?;
        step.end(OperationKind::Import, "numbers-abroad.csv", None).await?;

        let mut step = story.step(MARCUS, Via::Browser, ago(9, 3)).await?;
        let by_way = step.plan(BY_WAY_OF_SEATTLE);
        step.set(&those("+1503555010"), |did| did.failover = by_way).await?;
        step.end(OperationKind::SetFailoverRoute, BY_WAY_OF_SEATTLE, None).await?;

        let mut step = story.step(DANA, Via::Browser, ago(6, 1)).await?;
        let service = Failover::Route(step.id("answering-service"));
        step.set(&those("+1303555010"), |did| did.failover = service).await?;
        let why = Some("Snow is forecast: the clinic may stay closed".to_owned());
        step.end(OperationKind::SetFailoverRoute, "answering-service", why).await?;

        let mut step = story.step(DANA, Via::Browser, ago(5, 6)).await?;
        step.add_plan(&CLINIC_PLAN).await?;
        step.end(OperationKind::AddPlan, CLINIC, None).await?;

        let mut step = story.step(DANA, Via::Browser, ago(5, 5)).await?;
        let clinic = step.plan(CLINIC);
        step.set(&those("+1206555010"), |did| did.failover = clinic).await?;
        let why = Some("The Pine Street fiber was cut: twenty minutes in which no desk rang".to_owned());
        step.end(OperationKind::SetFailoverRoute, CLINIC, why).await?;

        let step = story.step(DANA, Via::Browser, ago(5, 4)).await?;
        let lte = step.id("seattle-pbx-lte");
        step.save_case(FIBER_CUT, fiber_cut(lte)?).await?;
        let step = story.step(DANA, Via::Browser, ago(5, 3)).await?;
        step.save_case(SEATTLE_DARK, seattle_dark()?).await?;

        let mut step = story.step(PRIYA, Via::Browser, ago(3, 7)).await?;
        step.move_route("portland-pbx", "203.0.113.24:5060").await?;
        step.end(OperationKind::EditRoute, "portland-pbx", None).await?;

        let step = story.step(MARCUS, Via::Browser, ago(2, 3)).await?;
        step.accept(FindingKind::SharedHost, ("seattle-pbx", "seattle-pbx-lte"), ONE_PBX).await?;

        let step = story.step(MARCUS, Via::Browser, ago(1, 22)).await?;
        let toronto = step.id("toronto-pbx");
        step.save_case(TORONTO_DOWN, toronto_down(toronto)?).await?;

        let mut step = story.step(MARCUS, Via::Browser, ago(1, 20)).await?;
        step.set(&those("home office"), |did| did.primary = RouteId::REGISTERED).await?;
        let why = Some("Softphones instead of the PBX".to_owned());
        step.end(OperationKind::SetRoute, "sip-reg", why).await?;

        let mut step = story.step(PRIYA, Via::Browser, ago(0, 5)).await?;
        step.set(&those("+12065550114"), |did| did.failover = service).await?;
        let last = step.record(OperationKind::EditDid, "+12065550114", None).await?;

        Ok((story.tx, last))
    }
}

/// The DIDs that a search finds.
fn those(q: &str) -> DidFilter {
    DidFilter { q: Some(q.to_owned()), ..DidFilter::default() }
}

fn call(number: u64) -> Result<Scenario> {
    Ok(Scenario::new(E164::from_u64(number).map_err(step::broken)?))
}

fn within(reaches: Reaches, seconds: u32) -> Expectation {
    Expectation { reaches, within_ms: Some(Millis(seconds * 1_000)) }
}

fn fiber_cut(lte: RouteId) -> Result<Case> {
    let cut = FaultTarget::Carrier("Cascade Fiber".to_owned());
    let scenario = call(FRONT_DESK)?.with_fault(cut, Fault::Silent);
    Ok(Case { scenario, expect: within(Reaches::Route(lte), 10) })
}

fn seattle_dark() -> Result<Case> {
    let site = FaultTarget::Site("Seattle, Pine Street".to_owned());
    let scenario = Scenario { at: Some(SUNDAY_NIGHT), ..call(FRONT_DESK)?.with_fault(site, Fault::Silent) };
    Ok(Case { scenario, expect: within(Reaches::Answerer(Answerer::LiveAnswer), 15) })
}

fn toronto_down(toronto: RouteId) -> Result<Case> {
    let mut scenario = call(TORONTO_DESK)?;
    scenario.mark_down(&[toronto]);
    Ok(Case { scenario, expect: within(Reaches::Answerer(Answerer::LiveAnswer), 5) })
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
        Ok(Step::new(&mut self.tx, book, actor, &self.account))
    }
}
