//! An account with a few routes and DIDs to try things on.

use std::collections::HashMap;
use std::sync::Arc;
use std::task::Poll;

use portal::{
    Account, Actor, DidRow, DidView, DraftId, Error, Field, ImportPlan, NewAccount, Portal, Progress,
    RouteDraft, ScheduleDraft, Via,
};
use routing::{AccountId, E164, PlanDraft, PlanId, RouteId, ScheduleId, StepDraft, StepRouteDraft, Version};

use crate::support::Db;

/// An account, its owner, and a colleague.
pub(crate) struct Office {
    pub(crate) db: Db,
    pub(crate) portal: Portal,
    pub(crate) account: Account,
    pub(crate) dana: Actor,
    pub(crate) sam: Actor,
    pub(crate) routes: HashMap<&'static str, RouteId>,
}

/// Three DIDs without failover, on the host `pbx`; `spare` is used by none.
pub(crate) const DIDS: &str = "number,alias,primary\n\
    +12065550100,Front desk,pbx\n\
    +12065550101,Billing,pbx\n\
    +12065550102,,pbx\n";

pub(crate) fn draft(alias: &str, kind: &str, value: &str) -> RouteDraft {
    RouteDraft { alias: alias.into(), kind: kind.into(), value: value.into(), ..RouteDraft::default() }
}

/// A step of a plan's form, with the clocks that the account has by default.
pub(crate) fn step(routes: &[RouteId]) -> StepDraft {
    let route = |id: &RouteId| StepRouteDraft { route: id.to_string(), weight: String::new() };
    StepDraft {
        routes: routes.iter().map(route).collect(),
        enter_on: "outage".into(),
        hours: String::new(),
        no_response_s: "6".into(),
        ring_s: "20".into(),
        stagger_s: String::new(),
    }
}

/// Monday to Friday, eight to six, in Seattle.
pub(crate) fn office_hours(name: &str) -> ScheduleDraft {
    let mut draft =
        ScheduleDraft { name: name.into(), zone: "America/Los_Angeles".into(), ..ScheduleDraft::default() };
    draft.weekly[..5].fill("08:00-18:00".into());
    draft
}

pub(crate) fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

/// The fields and codes of a refusal.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(Field, &'static str)> {
    match result {
        Err(Error::Refused(problems)) => {
            problems.iter().map(|error| (error.field, error.problem.code())).collect()
        }
        other => panic!("not refused: {other:?}"),
    }
}

/// Drops a future where it waits for the last of so many times, as a process that dies would; `None` then.
pub(crate) async fn cut<T>(waits: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    let mut left = waits;
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// Brings a file in.
pub(crate) async fn stage(
    portal: &Portal,
    actor: &Actor,
    account: AccountId,
    csv: &str,
) -> Result<DraftId, Error> {
    let mut upload = portal.begin_import(actor, account, "C:\\lists\\numbers.csv").await?;
    upload.push(csv.as_bytes()).await?;
    upload.finish().await
}

impl Office {
    /// An empty account.
    pub(crate) async fn empty(db: Db) -> Office {
        let portal = Portal::new(db.store.clone());
        let new = NewAccount { name: "Northwind".into(), country: "US".into() };
        let account = portal.create_account(&Actor::operator("owner"), &new).await.unwrap();
        let dana = Actor::owner(account.id, "Dana", Via::Browser);
        let sam = Actor::owner(account.id, "Sam", Via::Api);
        Office { db, portal, account, dana, sam, routes: HashMap::new() }
    }

    /// With routes `pbx`, `mobile`, `spare`, and the DIDs of [`DIDS`].
    pub(crate) async fn open(db: Db) -> Office {
        let mut office = Office::empty(db).await;
        for (alias, kind, value) in [
            ("pbx", "host", "pbx.example.com"),
            ("mobile", "phone", "+12065550177"),
            ("spare", "uri", "sip:desk@spare.example.com"),
        ] {
            office.add(alias, kind, value).await;
        }
        office.import(DIDS).await.unwrap();
        office
    }

    pub(crate) async fn add(&mut self, alias: &'static str, kind: &str, value: &str) -> RouteId {
        let draft = draft(alias, kind, value);
        let id = self.portal.add_route(&self.dana, self.account.id, &draft).await.unwrap();
        self.routes.insert(alias, id);
        id
    }

    /// A plan with a step for each list of routes.
    pub(crate) fn plan_draft(&self, name: &str, steps: &[&[&str]]) -> PlanDraft {
        let ids = |aliases: &&[&str]| aliases.iter().map(|alias| self.id(alias)).collect::<Vec<RouteId>>();
        PlanDraft { name: name.into(), steps: steps.iter().map(|aliases| step(&ids(aliases))).collect() }
    }

    pub(crate) async fn add_plan(&self, name: &str, steps: &[&[&str]]) -> PlanId {
        let draft = self.plan_draft(name, steps);
        self.portal.add_plan(&self.dana, self.account.id, &draft).await.unwrap()
    }

    pub(crate) async fn add_schedule(&self, name: &str) -> ScheduleId {
        self.portal.add_schedule(&self.dana, self.account.id, &office_hours(name)).await.unwrap()
    }

    pub(crate) fn id(&self, alias: &str) -> RouteId {
        self.routes[alias]
    }

    pub(crate) async fn import(&self, csv: &str) -> Result<portal::ImportResult, Error> {
        let draft = self.stage(csv).await?;
        self.portal
            .apply_import(&self.dana, self.account.id, &draft, self.version().await, &Progress::default())
            .await
    }

    /// Brings a file in.
    pub(crate) async fn stage(&self, csv: &str) -> Result<DraftId, Error> {
        stage(&self.portal, &self.dana, self.account.id, csv).await
    }

    /// What a file would do.
    pub(crate) async fn plan_import(&self, csv: &str) -> Result<Arc<ImportPlan>, Error> {
        let draft = self.stage(csv).await?;
        Ok(self.portal.staged_import(&self.dana, self.account.id, &draft).await?.1)
    }

    pub(crate) async fn version(&self) -> Version {
        self.portal.accounts(&Actor::operator("test")).await.unwrap().pop().unwrap().version
    }

    pub(crate) async fn did(&self, text: &str) -> DidView {
        self.portal.did(&self.dana, self.account.id, number(text)).await.unwrap()
    }

    pub(crate) async fn dids(&self) -> Vec<DidRow> {
        self.portal.dids(&self.dana, self.account.id, &Default::default()).await.unwrap().rows
    }

    /// Each DID in a line: number, alias, primary, failover.
    pub(crate) async fn csv(&self) -> String {
        let mut bytes = Vec::new();
        let all = portal::DidFilter::default();
        let portal = &self.portal;
        portal
            .export_csv(&self.dana, self.account.id, &all, |part| bytes.extend_from_slice(part))
            .await
            .unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Makes a route the failover of a DID.
    pub(crate) async fn set_failover(&self, did: &str, route: RouteId) -> Result<portal::Saved, Error> {
        self.set_failover_to(did, &route.to_string()).await
    }

    /// Makes a plan the failover of a DID.
    pub(crate) async fn set_plan(&self, did: &str, plan: PlanId) -> Result<portal::Saved, Error> {
        self.set_failover_to(did, &format!("plan:{plan}")).await
    }

    async fn set_failover_to(&self, did: &str, failover: &str) -> Result<portal::Saved, Error> {
        let view = self.did(did).await;
        let draft = portal::DidDraft { failover: failover.to_owned(), ..portal::DidDraft::of(&view.row) };
        self.portal.edit_did(&self.dana, self.account.id, number(did), view.as_of, &draft).await
    }
}
