//! Building what the tests need, in few words.

use routing::{
    AccountId, Alias, Clocks, DayHours, Domains, E164, Failover, HostTarget, Millis, PlanId, RouteId,
    RouteTarget, Routing, SipUri, Step, Trigger, Version, Weights,
};
use store::{
    DidFilter, DidRow, DraftId, Error, INSTALLATION, NewDid, NewPlan, NewRoute, NewSchedule, Operation,
    Store, Tx,
};

pub(crate) fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

/// `+1 206 555 0000` and up: for tests that need many.
pub(crate) fn nth_number(n: u64) -> E164 {
    E164::from_u64(12_065_550_000 + n).unwrap()
}

pub(crate) fn alias(text: &str) -> Alias {
    Alias::parse(text).unwrap()
}

pub(crate) fn host(text: &str) -> RouteTarget {
    RouteTarget::Host(HostTarget::parse(text).unwrap())
}

pub(crate) fn phone(text: &str) -> RouteTarget {
    RouteTarget::Phone(number(text))
}

pub(crate) fn uri(text: &str) -> RouteTarget {
    RouteTarget::Uri(SipUri::parse(text).unwrap())
}

/// An uploaded file that is whole.
pub(crate) async fn upload(store: &Store, account: AccountId, name: &str, parts: &[&[u8]]) -> DraftId {
    let id = store.begin_draft(account, name).await.unwrap();
    for (part, bytes) in parts.iter().enumerate() {
        store.add_draft_part(account, id, part as u64, bytes.to_vec()).await.unwrap();
    }
    store.complete_draft(account, id, parts.len() as u64, Version(3)).await.unwrap();
    id
}

pub(crate) fn new_route(name: &str, target: RouteTarget) -> NewRoute {
    NewRoute { alias: alias(name), target, edge: None, domains: Domains::default() }
}

pub(crate) fn new_did(text: &str, name: Option<&str>, primary: RouteId, failover: Option<RouteId>) -> NewDid {
    NewDid {
        number: number(text),
        alias: name.map(alias),
        routing: Routing {
            primary,
            failover: failover.map_or(Failover::None, Failover::Route),
            weights: None,
        },
    }
}

/// The DID, with calls shared between its routes.
pub(crate) fn shared(mut did: NewDid, primary: u16, failover: u16) -> NewDid {
    did.routing.weights = weights(primary, failover);
    did
}

/// A DID that fails over to a plan.
pub(crate) fn new_did_on(text: &str, primary: RouteId, plan: PlanId) -> NewDid {
    let routing = Routing { primary, failover: Failover::Plan(plan), weights: None };
    NewDid { routing, ..new_did(text, None, primary, None) }
}

pub(crate) fn weights(primary: u16, failover: u16) -> Option<Weights> {
    Some(Weights { primary, failover })
}

/// A plan with a step for each route.
pub(crate) fn new_plan(name: &str, routes: &[RouteId]) -> NewPlan {
    NewPlan { name: alias(name), steps: routes.iter().map(|route| step(*route)).collect() }
}

/// A step of one route.
pub(crate) fn step(route: RouteId) -> Step {
    let clocks = Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) };
    Step::of([route], Trigger::default(), clocks)
}

/// Open on Mondays.
pub(crate) fn new_schedule(name: &str) -> NewSchedule {
    let mut weekly: [DayHours; 7] = Default::default();
    weekly[0] = DayHours::parse("08:00-12:00, 13:00-17:30").unwrap();
    NewSchedule { name: alias(name), zone: "Europe/Zurich".to_owned(), weekly, exceptions: Vec::new() }
}

pub(crate) fn operation(kind: &str) -> Operation {
    Operation {
        actor: "Dana".to_owned(),
        via: "browser".to_owned(),
        kind: kind.to_owned(),
        ..Operation::default()
    }
}

/// Changes who may sign in, or by what.
pub(crate) async fn sign_in<T>(
    store: &Store,
    change: impl AsyncFnOnce(&mut Tx) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut tx = store.begin(INSTALLATION).await?;
    let changed = change(&mut tx).await?;
    tx.commit(operation("sign_in")).await?;
    Ok(changed)
}

/// Adds host routes of these names.
pub(crate) async fn add_routes(tx: &mut Tx, names: &[&str]) -> Vec<RouteId> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(tx.insert_route(&new_route(name, host("pbx.example.com"))).await.unwrap());
    }
    ids
}

/// Every DID of the account, by number.
/// Those that match, judged one by one and not by a statement.
pub(crate) async fn matching(store: &Store, account: routing::AccountId, filter: &DidFilter) -> Vec<DidRow> {
    let mut rows = all_dids(store, account).await;
    rows.retain(|row| filter.matches(row.did.number, row.did.alias.as_ref(), Routing::of(&row.did)));
    rows
}

pub(crate) async fn all_dids(store: &Store, account: routing::AccountId) -> Vec<DidRow> {
    store.dids_after(account, &DidFilter::default(), None, 1_000_000).await.unwrap()
}
