use std::slice::from_ref;

use routing::{FailoverPlan, Millis, PlanId, RouteId, ScheduleId, Step, StepRoute, Trigger, Version};
use store::{DidUpdate, Error, NewPlan, Noun, PlanRow, Usage};

use super::build::{add_routes, alias, new_did, new_did_on, new_plan, new_schedule, number, operation, step};
use crate::support::{Db, contract};

contract! {
    a_plan_is_read_as_it_was_written,
    an_update_sets_everything_and_stamps_the_row,
    plan_ids_count_up_and_are_never_given_twice,
    a_name_is_taken_without_regard_to_case,
    plans_come_by_name_with_their_dids_counted,
    a_plan_names_what_the_account_has,
    what_a_plan_names_cannot_be_deleted,
    a_plan_in_use_cannot_be_deleted,
    plans_that_are_not_there_are_refused,
}

/// Two steps that use everything a step can have.
fn full_steps(routes: &[RouteId], schedule: ScheduleId) -> Vec<Step> {
    let leg = |route, weight| StepRoute { route, weight };
    vec![
        Step {
            routes: vec![leg(routes[0], Some(1_000)), leg(RouteId::REGISTERED, Some(0))],
            enter_on: Trigger::parse("408, 5xx, no_answer").unwrap(),
            hours: Some(schedule),
            no_response_ms: Millis(500),
            ring_ms: Millis(45_000),
            stagger_ms: Millis(250),
        },
        // The same route again, and the same schedule.
        Step { hours: Some(schedule), ..step(routes[0]) },
        Step { enter_on: Trigger::default(), ..step(routes[1]) },
    ]
}

async fn a_plan_is_read_as_it_was_written(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let routes = add_routes(&mut tx, &["a", "b"]).await;
    let schedule = tx.insert_schedule(&new_schedule("office")).await.unwrap();
    let new = NewPlan { name: alias("Nächte & “Feiertage”"), steps: full_steps(&routes, schedule) };
    let id = tx.insert_plan(&new).await.unwrap();
    let plan = FailoverPlan { id, name: new.name, steps: new.steps };
    let expected = (PlanRow { plan, version: Version(1) }, 0);
    assert_eq!(tx.plan(id).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(tx.plans().await.unwrap(), from_ref(&expected));
    assert_eq!(tx.plan_choices().await.unwrap(), from_ref(&expected.0));
    tx.commit(operation("add_plan")).await.unwrap();
    assert_eq!(db.store.plan(account, id).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(db.store.plans(account).await.unwrap(), from_ref(&expected));
    assert_eq!(db.store.plan_choices(account).await.unwrap(), [expected.0]);
    assert_eq!(db.store.plan(account, PlanId(9)).await.unwrap(), None);
}

async fn an_update_sets_everything_and_stamps_the_row(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let routes = add_routes(&mut tx, &["a", "b"]).await;
    let office = tx.insert_schedule(&new_schedule("office")).await.unwrap();
    let night = tx.insert_schedule(&new_schedule("night")).await.unwrap();
    let id = tx.insert_plan(&new_plan("one", &routes[..1])).await.unwrap();
    let other = tx.insert_plan(&new_plan("other", &routes[..1])).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    for (steps, uses) in [
        (full_steps(&routes, office), [1, 1, 1, 0]),
        (full_steps(&[routes[1], routes[1]], night), [0, 1, 0, 1]),
        (vec![step(RouteId::REGISTERED)], [0, 0, 0, 0]),
    ] {
        let mut tx = db.store.begin(account).await.unwrap();
        let name = alias(&format!("now with {}", steps.len()));
        let plan = FailoverPlan { id, name, steps };
        tx.update_plan(&plan).await.unwrap();
        let version = tx.commit(operation("edit")).await.unwrap();
        let (row, _) = db.store.plan(account, id).await.unwrap().unwrap();
        assert_eq!(row, PlanRow { plan, version });
        let mut used = Vec::new();
        for route in &routes {
            used.push(db.store.route_usage(account, *route).await.unwrap().plans);
        }
        for schedule in [office, night] {
            used.push(db.store.schedule(account, schedule).await.unwrap().unwrap().1);
        }
        // The other plan holds the first route.
        assert_eq!(used, [uses[0] + 1, uses[1], uses[2], uses[3]]);
    }
    let (row, _) = db.store.plan(account, other).await.unwrap().unwrap();
    assert_eq!(row.version, Version(1));
}

async fn plan_ids_count_up_and_are_never_given_twice(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let anywhere = [RouteId::REGISTERED];
    assert_eq!(tx.insert_plan(&new_plan("a", &anywhere)).await.unwrap(), PlanId(1));
    assert_eq!(tx.insert_plan(&new_plan("b", &anywhere)).await.unwrap(), PlanId(2));
    tx.delete_plan(PlanId(2)).await.unwrap();
    assert_eq!(tx.insert_plan(&new_plan("b", &anywhere)).await.unwrap(), PlanId(3));
}

async fn a_name_is_taken_without_regard_to_case(db: Db) {
    let account = db.account().await.id;
    let anywhere = [RouteId::REGISTERED];
    for taken in ["Night", "NIGHT", " night "] {
        let mut tx = db.store.begin(account).await.unwrap();
        tx.insert_plan(&new_plan("Night", &anywhere)).await.unwrap();
        let refused = tx.insert_plan(&new_plan(taken, &anywhere)).await;
        assert!(matches!(refused, Err(Error::NameTaken { noun: Noun::Plan, .. })), "{taken}: {refused:?}");
        assert!(matches!(tx.commit(operation("x")).await, Err(Error::Broken)));
    }
    let mut tx = db.store.begin(account).await.unwrap();
    let id = tx.insert_plan(&new_plan("Night", &anywhere)).await.unwrap();
    // A route or a schedule may be called the same.
    tx.insert_schedule(&new_schedule("Night")).await.unwrap();
    add_routes(&mut tx, &["Night"]).await;
    tx.insert_plan(&new_plan("Day", &anywhere)).await.unwrap();
    let (mut row, _) = tx.plan(id).await.unwrap().unwrap();
    row.plan.name = alias("NIGHT");
    tx.update_plan(&row.plan).await.unwrap();
    row.plan.name = alias("day");
    let refused = tx.update_plan(&row.plan).await;
    assert!(matches!(&refused, Err(Error::NameTaken { name, .. }) if name == "day"), "{refused:?}");
    assert_eq!(refused.unwrap_err().to_string(), "another failover plan is called day");
}

async fn plans_come_by_name_with_their_dids_counted(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let routes = add_routes(&mut tx, &["a"]).await;
    let mut ids = Vec::new();
    for name in ["zulu", "Éclair", "alpha", "Beta_b", "beta-a"] {
        ids.push(tx.insert_plan(&new_plan(name, &routes)).await.unwrap());
    }
    tx.insert_dids(&[
        new_did_on("+12065550102", RouteId::REGISTERED, ids[0]),
        new_did_on("+12065550101", routes[0], ids[0]),
        new_did_on("+12065550103", RouteId::REGISTERED, ids[2]),
        new_did("+12065550100", None, RouteId::REGISTERED, Some(routes[0])),
    ])
    .await
    .unwrap();
    let inside = tx.plans().await.unwrap();
    let users_inside = tx.plan_users(ids[0], 10).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    let listed = db.store.plans(account).await.unwrap();
    let shown: Vec<(&str, u64)> = listed.iter().map(|(row, dids)| (row.plan.name.as_str(), *dids)).collect();
    assert_eq!(shown, [("alpha", 1), ("beta-a", 0), ("Beta_b", 0), ("zulu", 2), ("Éclair", 0)]);
    assert_eq!(listed, inside);
    let choices: Vec<PlanRow> = listed.into_iter().map(|(row, _)| row).collect();
    assert_eq!(db.store.plan_choices(account).await.unwrap(), choices);
    assert_eq!(db.store.plan(account, ids[0]).await.unwrap().unwrap().1, 2);

    let users = db.store.plan_users(account, ids[0], 10).await.unwrap();
    let numbers: Vec<String> = users.iter().map(|row| row.did.number.to_string()).collect();
    assert_eq!(numbers, ["+12065550101", "+12065550102"]);
    assert_eq!(users, users_inside);
    assert_eq!(db.store.plan_users(account, ids[0], 1).await.unwrap(), users[..1]);
    assert_eq!(db.store.plan_users(account, ids[1], 10).await.unwrap(), []);
    // Each plan counts for the route, and the DIDs of the plans do not.
    let usage = Usage { primary: 1, failover: 1, plans: 5 };
    assert_eq!((db.store.route_usage(account, routes[0]).await.unwrap(), usage.total()), (usage, 2));
    assert_eq!(db.store.route(account, routes[0]).await.unwrap().unwrap().1, usage);
}

async fn a_plan_names_what_the_account_has(db: Db) {
    let account = db.account().await.id;
    let begin = || async { db.store.begin(account).await.unwrap() };
    let mut tx = begin().await;
    let id = tx.insert_plan(&new_plan("there", &[RouteId::REGISTERED])).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    let with = |routes: &[RouteId], hours| {
        let mut new = new_plan("a", routes);
        new.steps[0].hours = hours;
        new
    };
    for (new, unknown_route) in [
        (with(&[RouteId(7)], None), true),
        (with(&[RouteId::REGISTERED, RouteId(7)], None), true),
        (with(&[RouteId(-1)], None), true),
        (with(&[RouteId::REGISTERED], Some(ScheduleId(7))), false),
    ] {
        let inserted = begin().await.insert_plan(&new).await.map(drop);
        let plan = FailoverPlan { id, name: new.name, steps: new.steps };
        let updated = begin().await.update_plan(&plan).await;
        for refused in [inserted, updated] {
            match refused {
                Err(Error::UnknownRoute) => assert!(unknown_route, "{plan:?}"),
                Err(Error::UnknownSchedule) => assert!(!unknown_route, "{plan:?}"),
                other => panic!("{plan:?}: {other:?}"),
            }
        }
    }
}

async fn what_a_plan_names_cannot_be_deleted(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let routes = add_routes(&mut tx, &["a", "b"]).await;
    let schedule = tx.insert_schedule(&new_schedule("office")).await.unwrap();
    let new = NewPlan { name: alias("plan"), steps: full_steps(&routes, schedule) };
    let id = tx.insert_plan(&new).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    let begin = || async { db.store.begin(account).await.unwrap() };
    for held in &routes {
        let refused = begin().await.delete_route(*held).await;
        assert!(matches!(refused, Err(Error::RouteInUse { route }) if route == *held), "{refused:?}");
    }
    let refused = begin().await.delete_schedule(schedule).await;
    assert!(
        matches!(refused, Err(Error::ScheduleInUse { schedule: held }) if held == schedule),
        "{refused:?}"
    );

    // Taken out of the plan, they can; and so they can when the plan is gone.
    let mut tx = begin().await;
    tx.update_plan(&FailoverPlan { id, name: new.name.clone(), steps: vec![step(routes[0])] }).await.unwrap();
    tx.delete_route(routes[1]).await.unwrap();
    tx.delete_schedule(schedule).await.unwrap();
    tx.delete_plan(id).await.unwrap();
    tx.delete_route(routes[0]).await.unwrap();
    tx.commit(operation("y")).await.unwrap();
    assert_eq!(db.store.route_choices(account).await.unwrap(), []);
    assert_eq!(db.store.plans(account).await.unwrap(), []);
}

async fn a_plan_in_use_cannot_be_deleted(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let id = tx.insert_plan(&new_plan("used", &[RouteId::REGISTERED])).await.unwrap();
    tx.insert_dids(&[new_did_on("+12065550100", RouteId::REGISTERED, id)]).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    let refused = db.store.begin(account).await.unwrap().delete_plan(id).await;
    assert!(matches!(refused, Err(Error::PlanInUse { plan }) if plan == id), "{refused:?}");
    let mut tx = db.store.begin(account).await.unwrap();
    let now = tx.dids_by_number(&[number("+12065550100")]).await.unwrap().remove(0).did;
    let failover = routing::Failover::Route(RouteId::REGISTERED);
    let routing = routing::Routing::of(&now).with_failover(failover);
    let update = DidUpdate { now, alias: None, routing };
    tx.update_dids(&[update]).await.unwrap();
    tx.delete_plan(id).await.unwrap();
    tx.commit(operation("y")).await.unwrap();
    assert_eq!(db.store.plan(account, id).await.unwrap(), None);
}

async fn plans_that_are_not_there_are_refused(db: Db) {
    let account = db.account().await.id;
    let begin = || async { db.store.begin(account).await.unwrap() };
    let not_found = |result: store::Result<()>| {
        assert!(matches!(result, Err(Error::NotFound(Noun::Plan))), "{result:?}");
    };
    let NewPlan { name, steps } = new_plan("x", &[RouteId::REGISTERED]);
    not_found(begin().await.update_plan(&FailoverPlan { id: PlanId(7), name, steps }).await);
    not_found(begin().await.delete_plan(PlanId(7)).await);
    let mut tx = begin().await;
    let id = tx.insert_plan(&new_plan("there", &[RouteId::REGISTERED])).await.unwrap();
    let dids = [
        new_did_on("+12065550100", RouteId::REGISTERED, id),
        new_did_on("+12065550101", RouteId::REGISTERED, PlanId(7)),
    ];
    not_found(tx.insert_dids(&dids).await);
}
