use routing::{AccountId, CaseId, HealthState, PlanId, RouteId, ScheduleId, Step, Version};
use serde_json::json;
use store::{
    AcceptedRow, DidFilter, DidSort, DidUpdate, Error, NewCase, NewChange, NewPlan, Noun, PageRequest,
    Subject, UnixMs, Usage,
};

use super::build::{
    add_routes, alias, all_dids, new_did, new_did_on, new_plan, new_schedule, number, operation, step, upload,
};
use crate::support::{Db, contract};

contract! {
    no_read_shows_another_account,
    no_write_touches_another_account,
    two_accounts_have_routes_of_the_same_id_and_alias,
}

const THEIRS: &str = "+12065550100";

fn accepted() -> AcceptedRow {
    let text = |text: &str| text.to_owned();
    let (at, until) = (UnixMs(1), None);
    AcceptedRow { key: text("a/1"), kind: text("a"), by: text("Dana"), reason: text("so"), at, until }
}

/// Two accounts: everything belongs to the second, but for one route of the first.
async fn fill(db: &Db) -> (AccountId, AccountId) {
    let ours = db.account().await.id;
    let theirs = db.second_account().await.id;
    let mut tx = db.store.begin(theirs).await.unwrap();
    let ids = add_routes(&mut tx, &["pbx", "mobile"]).await;
    tx.insert_dids(&[new_did(THEIRS, Some("desk"), ids[0], Some(ids[1]))]).await.unwrap();
    let hours = Some(tx.insert_schedule(&new_schedule("office")).await.unwrap());
    let steps = vec![Step { hours, ..step(ids[0]) }];
    let plan = tx.insert_plan(&NewPlan { name: alias("night"), steps }).await.unwrap();
    tx.insert_dids(&[new_did_on("+12065550109", ids[1], plan)]).await.unwrap();
    tx.insert_case(&NewCase { name: alias("case"), body: json!({}) }).await.unwrap();
    tx.accept_finding(&accepted()).await.unwrap();
    let label = "desk".to_owned();
    let change = |subject| NewChange { subject, label: label.clone(), before: None, after: None };
    tx.record(&[
        change(Subject::Did(number(THEIRS))),
        change(Subject::Route(ids[0])),
        change(Subject::Plan(plan)),
        change(Subject::Schedule(ScheduleId(1))),
        change(Subject::Case(CaseId(1))),
        change(Subject::Finding),
    ])
    .await
    .unwrap();
    tx.commit(operation("import")).await.unwrap();
    (ours, theirs)
}

async fn no_read_shows_another_account(db: Db) {
    let (ours, theirs) = fill(&db).await;
    let store = &db.store;
    let draft = upload(store, theirs, "x.csv", &[b"x"]).await;
    let all = DidFilter::default();
    let desk = DidFilter { q: Some("desk".to_owned()), ..all.clone() };
    let on_plan = DidFilter { plan: Some(PlanId(1)), ..all.clone() };
    let nothing: [RouteId; 0] = [];

    assert_eq!(store.route(ours, RouteId(1)).await.unwrap(), None);
    assert_eq!(store.route_choices(ours).await.unwrap(), []);
    assert_eq!(store.route_usage(ours, RouteId(1)).await.unwrap(), Usage::default());
    assert_eq!(store.route_users(ours, RouteId(1), 5).await.unwrap(), []);
    for (filter, dids) in [(&all, 2), (&desk, 1), (&on_plan, 1)] {
        for sort in DidSort::ALL {
            let request = PageRequest { sort, limit: 10, ..PageRequest::default() };
            assert_eq!(store.did_page(ours, filter, request).await.unwrap().rows, []);
        }
        assert_eq!(store.count_dids(ours, filter, None).await.unwrap(), 0);
        assert_eq!(store.dids_after(ours, filter, None, 10).await.unwrap(), []);
        assert_eq!(store.groups(ours, filter).await.unwrap(), []);
        assert_eq!(store.count_dids(theirs, filter, None).await.unwrap(), dids);
    }
    assert_eq!(store.plans(ours).await.unwrap(), []);
    assert_eq!(store.plan(ours, PlanId(1)).await.unwrap(), None);
    assert_eq!(store.plan_choices(ours).await.unwrap(), []);
    assert_eq!(store.plan_users(ours, PlanId(1), 5).await.unwrap(), []);
    assert_eq!(store.schedules(ours).await.unwrap(), []);
    assert_eq!(store.schedule(ours, ScheduleId(1)).await.unwrap(), None);
    assert_eq!(store.schedule_users(ours, ScheduleId(1)).await.unwrap(), []);
    assert_eq!(store.cases(ours).await.unwrap(), []);
    assert_eq!(store.case(ours, CaseId(1)).await.unwrap(), None);
    assert_eq!(store.accepted_findings(ours).await.unwrap(), []);
    let chosen = store.save_selection(theirs, DidFilter::default(), "Dana").await.unwrap();
    assert_eq!(store.selection(ours, chosen.id).await.unwrap(), None);
    let job = super::jobs::job();
    store.begin_job(theirs, &job).await.unwrap();
    assert_eq!(store.job(ours, job.id).await.unwrap(), None);
    assert_eq!(store.running_job(ours).await.unwrap(), None);
    assert!(!store.cancel_job(ours, job.id).await.unwrap());
    if store.kind() == store::DatabaseKind::Postgres {
        assert!(!store.beat_job(ours, job.id).await.unwrap());
    }
    let bare = store.snapshot_without_dids(ours).await.unwrap();
    assert_eq!((bare.routes, bare.plans, bare.schedules), (vec![], vec![], vec![]));
    assert_eq!(store.calling_codes(ours).await.unwrap(), []);
    assert_eq!(store.did(ours, number(THEIRS)).await.unwrap(), None);
    assert_eq!(store.dids_by_number(ours, &[number(THEIRS)]).await.unwrap(), []);
    assert_eq!(store.snapshot(ours).await.unwrap().dids, []);
    let part = store.snapshot_for(ours, &[number(THEIRS)]).await.unwrap();
    assert_eq!(
        (part.dids.len(), part.routes.iter().map(|r| r.id).collect::<Vec<_>>()),
        (0, nothing.to_vec())
    );
    for subject in [
        Subject::Did(number(THEIRS)),
        Subject::Route(RouteId(1)),
        Subject::Plan(PlanId(1)),
        Subject::Schedule(ScheduleId(1)),
        Subject::Case(CaseId(1)),
        Subject::Finding,
        Subject::Account,
    ] {
        assert_eq!(store.changes_for(ours, subject, 10).await.unwrap(), []);
        assert_eq!(store.changes_since(ours, subject, Version(0)).await.unwrap(), []);
    }
    let done = store.recent_operations(ours, 10).await.unwrap();
    // Only the creation.
    assert_eq!(done.iter().map(|row| row.version).collect::<Vec<_>>(), [Version(0)]);
    assert_eq!(store.released_since(ours, &[number(THEIRS)], Version(-1)).await.unwrap(), []);
    assert_eq!(store.operation(ours, Version(1)).await.unwrap(), None);
    assert_eq!(store.operation_changes(ours, Version(1), 0, 10).await.unwrap(), []);
    assert_eq!(store.draft(ours, draft).await.unwrap(), None);
    let part = b"y".to_vec();
    for refused in [
        store.draft_part(ours, draft, 0).await.map(drop),
        store.add_draft_part(ours, draft, 1, part).await,
        store.complete_draft(ours, draft, 2, Version(0)).await,
        store.remove_draft(ours, draft).await,
    ] {
        assert!(matches!(refused, Err(Error::NotFound(Noun::Draft))), "{refused:?}");
    }

    let mut tx = store.begin(ours).await.unwrap();
    assert_eq!(tx.route(RouteId(1)).await.unwrap(), None);
    assert_eq!(tx.route_choices().await.unwrap(), []);
    assert_eq!(tx.route_users(RouteId(1), 5).await.unwrap(), []);
    assert_eq!(tx.plans().await.unwrap(), []);
    assert_eq!(tx.plan(PlanId(1)).await.unwrap(), None);
    assert_eq!(tx.plan_choices().await.unwrap(), []);
    assert_eq!(tx.plan_users(PlanId(1), 5).await.unwrap(), []);
    assert_eq!(tx.schedules().await.unwrap(), []);
    assert_eq!(tx.schedule(ScheduleId(1)).await.unwrap(), None);
    assert_eq!(tx.cases().await.unwrap(), []);
    assert_eq!(tx.case(CaseId(1)).await.unwrap(), None);
    assert_eq!(tx.accepted_findings().await.unwrap(), []);
    assert_eq!(tx.snapshot_for(&[number(THEIRS)]).await.unwrap().dids, []);
    assert_eq!(tx.dids_by_number(&[number(THEIRS)]).await.unwrap(), []);
    assert_eq!(tx.dids_after(&desk, None, 10).await.unwrap(), []);
    assert_eq!(tx.count_dids(&all, None).await.unwrap(), 0);
    assert_eq!(tx.groups(&all).await.unwrap(), []);
    assert_eq!(tx.snapshot().await.unwrap().dids, []);
    assert!(matches!(tx.delete_draft(draft).await, Err(Error::NotFound(Noun::Draft))));
}

async fn no_write_touches_another_account(db: Db) {
    let (ours, theirs) = fill(&db).await;
    let before = db.store.snapshot(theirs).await.unwrap();
    let did = before.dids[0].clone();
    let route = before.routes[0].clone();
    let begin = || async { db.store.begin(ours).await.unwrap() };

    let failover = routing::Failover::None;
    let routing = routing::Routing { primary: RouteId::REGISTERED, failover, weights: None };
    let update = DidUpdate { now: did.clone(), alias: Some(alias("taken over")), routing };
    let refused = begin().await.update_dids(&[update]).await;
    assert!(matches!(refused, Err(Error::NotFound(Noun::Did))), "{refused:?}");
    // Nor beside one of ours that becomes something else.
    let to_itself = routing::Routing { failover: routing::Failover::Route(RouteId::REGISTERED), ..routing };
    for (name, routings) in [(None, [to_itself, routing]), (Some(alias("taken over")), [routing, routing])] {
        let mut tx = begin().await;
        let own = number("+12065550150");
        tx.insert_dids(&[new_did("+12065550150", Some("x"), RouteId::REGISTERED, None)]).await.unwrap();
        let own = tx.dids_by_number(&[own]).await.unwrap().remove(0).did;
        let updates = [
            DidUpdate { now: own, alias: None, routing: routings[0] },
            DidUpdate { now: did.clone(), alias: name, routing: routings[1] },
        ];
        let refused = tx.update_dids(&updates).await;
        assert!(matches!(refused, Err(Error::NotFound(Noun::Did))), "{refused:?}");
    }
    let refused = begin().await.delete_dids(&[did.number]).await;
    assert!(matches!(refused, Err(Error::NotFound(Noun::Did))), "{refused:?}");
    // A DID of ours cannot ring their route.
    let refused = begin().await.insert_dids(&[new_did("+12065550101", None, route.id, None)]).await;
    assert!(matches!(refused, Err(Error::UnknownRoute)), "{refused:?}");
    // Nor fail over to their plan, and no plan of ours can name what is theirs.
    let on_theirs = new_did_on("+12065550101", RouteId::REGISTERED, PlanId(1));
    let refused = begin().await.insert_dids(&[on_theirs]).await;
    assert!(matches!(refused, Err(Error::NotFound(Noun::Plan))), "{refused:?}");
    let refused = begin().await.insert_plan(&new_plan("ours", &[route.id])).await;
    assert!(matches!(refused, Err(Error::UnknownRoute)), "{refused:?}");
    let steps = vec![Step { hours: Some(ScheduleId(1)), ..step(RouteId::REGISTERED) }];
    let refused = begin().await.insert_plan(&NewPlan { name: alias("ours"), steps }).await;
    assert!(matches!(refused, Err(Error::UnknownSchedule)), "{refused:?}");
    let not_theirs = |noun, refused: store::Result<()>| {
        assert!(matches!(refused, Err(Error::NotFound(found)) if found == noun), "{noun}: {refused:?}");
    };
    let case = NewCase { name: alias("ours"), body: json!(1) };
    not_theirs(Noun::Plan, begin().await.update_plan(&before.plans[0]).await);
    not_theirs(Noun::Plan, begin().await.delete_plan(PlanId(1)).await);
    not_theirs(Noun::Schedule, begin().await.update_schedule(&before.schedules[0]).await);
    not_theirs(Noun::Schedule, begin().await.delete_schedule(ScheduleId(1)).await);
    not_theirs(Noun::Case, begin().await.update_case(CaseId(1), &case).await);
    not_theirs(Noun::Case, begin().await.delete_case(CaseId(1)).await);
    not_theirs(Noun::AcceptedFinding, begin().await.withdraw_acceptance(&accepted().key).await);
    let not_found = |refused| not_theirs(Noun::Route, refused);
    not_found(begin().await.update_route(&route).await);
    not_found(begin().await.delete_route(route.id).await);
    not_found(begin().await.set_health(route.id, HealthState::Down, UnixMs(1)).await);
    let mut tx = begin().await;
    tx.update_account("Ours", "FR", &before.defaults).await.unwrap();
    // The same key is another row.
    tx.accept_finding(&AcceptedRow { reason: "ours".to_owned(), ..accepted() }).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    assert_eq!(db.store.account(theirs).await.unwrap().unwrap().name, "Contoso");
    assert_eq!(db.store.snapshot(theirs).await.unwrap(), before);
    assert_eq!(db.store.accepted_findings(theirs).await.unwrap(), [accepted()]);
}

async fn two_accounts_have_routes_of_the_same_id_and_alias(db: Db) {
    let (ours, theirs) = fill(&db).await;
    let mut tx = db.store.begin(ours).await.unwrap();
    let ids = add_routes(&mut tx, &["PBX"]).await;
    tx.insert_dids(&[new_did("+12065550101", None, ids[0], None)]).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    assert_eq!(ids, [RouteId(1)]);
    assert_eq!(
        db.store.route_usage(ours, RouteId(1)).await.unwrap(),
        Usage { primary: 1, ..Usage::default() }
    );
    assert_eq!(
        db.store.route_usage(theirs, RouteId(1)).await.unwrap(),
        Usage { primary: 1, failover: 0, plans: 1 }
    );
    assert_eq!(all_dids(&db.store, ours).await.len(), 1);
    let mut tx = db.store.begin(ours).await.unwrap();
    tx.delete_dids(&[number("+12065550101")]).await.unwrap();
    tx.delete_route(RouteId(1)).await.unwrap();
    tx.commit(operation("y")).await.unwrap();
    assert_eq!(db.store.route_choices(theirs).await.unwrap().len(), 2);
}
