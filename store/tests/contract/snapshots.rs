use routing::{Defaults, Millis, PlanId, RouteId, ScheduleId, Snapshot, Version};
use store::Tx;

use super::build::{add_routes, new_did, new_did_on, new_plan, new_schedule, number, operation};
use crate::support::{Db, contract};

contract! {
    a_snapshot_holds_the_whole_configuration,
    a_part_holds_what_its_dids_need,
    a_snapshot_without_dids_holds_the_rest,
}

/// Three plans, two with hours. Their names sort against their ids.
async fn add_plans(tx: &mut Tx, routes: &[RouteId]) {
    for name in ["z", "a"] {
        tx.insert_schedule(&new_schedule(name)).await.unwrap();
    }
    for (name, routes, hours) in [
        ("z", &routes[..1], Some(ScheduleId(1))),
        ("y", &routes[1..2], Some(ScheduleId(2))),
        ("x", &[RouteId::REGISTERED], None),
    ] {
        let mut new = new_plan(name, routes);
        new.steps[0].hours = hours;
        tx.insert_plan(&new).await.unwrap();
    }
}

/// The ids of plans and schedules.
fn plans_and_schedules(snapshot: &Snapshot) -> (Vec<i64>, Vec<i64>) {
    let plans = snapshot.plans.iter().map(|plan| plan.id.0).collect();
    (plans, snapshot.schedules.iter().map(|schedule| schedule.id.0).collect())
}

async fn a_snapshot_holds_the_whole_configuration(db: Db) {
    let account = db.account().await.id;
    let defaults = Defaults { no_response_ms: Millis(4_000), ..Defaults::default() };
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["z", "a"]).await;
    add_plans(&mut tx, &ids).await;
    tx.update_account("Northwind", "US", &defaults).await.unwrap();
    tx.insert_dids(&[
        new_did("+442079460123", None, ids[0], None),
        new_did("+12065550100", Some("desk"), ids[1], Some(ids[0])),
        new_did_on("+12065550101", ids[1], PlanId(2)),
    ])
    .await
    .unwrap();
    let inside = tx.snapshot().await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    let snapshot = db.store.snapshot(account).await.unwrap();
    assert_eq!((snapshot.version, &snapshot.defaults), (Version(1), &defaults));
    assert_eq!(snapshot.edges, db.store.edges().await.unwrap());
    assert_eq!(snapshot.routes.iter().map(|route| route.id).collect::<Vec<_>>(), ids);
    let numbers: Vec<String> = snapshot.dids.iter().map(|did| did.number.to_string()).collect();
    assert_eq!(numbers, ["+12065550100", "+12065550101", "+442079460123"]);
    assert_eq!(plans_and_schedules(&snapshot), (vec![1, 2, 3], vec![1, 2]));
    assert_eq!(snapshot.plans[0], db.store.plan(account, PlanId(1)).await.unwrap().unwrap().0.plan);
    let office = db.store.schedule(account, ScheduleId(1)).await.unwrap().unwrap().0.schedule;
    assert_eq!((&snapshot.schedules[0], snapshot.zones.len()), (&office, 0));
    // Only the version is the one before.
    assert_eq!(Snapshot { version: Version(1), ..inside }, snapshot);
}

async fn a_part_holds_what_its_dids_need(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a", "b", "c"]).await;
    add_plans(&mut tx, &ids).await;
    tx.insert_dids(&[
        new_did("+12065550100", None, ids[2], Some(ids[0])),
        new_did("+12065550101", None, ids[1], None),
        new_did("+12065550102", None, RouteId::REGISTERED, None),
        new_did_on("+12065550103", ids[2], PlanId(2)),
        new_did_on("+12065550104", RouteId::REGISTERED, PlanId(3)),
        new_did_on("+12065550105", RouteId::REGISTERED, PlanId(2)),
    ])
    .await
    .unwrap();
    tx.commit(operation("x")).await.unwrap();
    for (asked, dids, routes, named) in [
        (&["+12065550100", "+12065550199"][..], 1, vec![ids[0], ids[2]], (vec![], vec![])),
        (&["+12065550102"], 1, vec![], (vec![], vec![])),
        (&["+12065550101", "+12065550100"], 2, ids.clone(), (vec![], vec![])),
        (&["+12065550103"], 1, vec![ids[1], ids[2]], (vec![2], vec![2])),
        (&["+12065550105", "+12065550104"], 2, vec![ids[1]], (vec![2, 3], vec![2])),
        (&["+12065550104"], 1, vec![], (vec![3], vec![])),
        (&[], 0, vec![], (vec![], vec![])),
    ] {
        let numbers: Vec<_> = asked.iter().map(|text| number(text)).collect();
        let part = db.store.snapshot_for(account, &numbers).await.unwrap();
        assert_eq!(plans_and_schedules(&part), named, "{asked:?}");
        let mut tx = db.store.begin(account).await.unwrap();
        assert_eq!(tx.snapshot_for(&numbers).await.unwrap(), part);
        drop(tx);
        assert_eq!(part.dids.len(), dids, "{asked:?}");
        assert_eq!(part.routes.iter().map(|route| route.id).collect::<Vec<_>>(), routes, "{asked:?}");
        assert_eq!((part.version, part.edges.len()), (Version(1), 2));
    }
}

async fn a_snapshot_without_dids_holds_the_rest(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a", "b"]).await;
    add_plans(&mut tx, &ids).await;
    tx.insert_dids(&[new_did_on("+12065550100", ids[0], PlanId(1))]).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    let whole = db.store.snapshot(account).await.unwrap();
    let expected = Snapshot { dids: Vec::new(), ..whole };
    assert_eq!(db.store.snapshot_without_dids(account).await.unwrap(), expected);
    let mut tx = db.store.begin(account).await.unwrap();
    assert_eq!(tx.snapshot_without_dids().await.unwrap(), expected);
}
