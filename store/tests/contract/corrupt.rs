use routing::{RouteId, Version};
use store::{DidFilter, Error, NewCase, PageRequest, Subject};

use super::build::{
    add_routes, alias, new_did, new_did_on, new_plan, new_schedule, number, operation, shared,
};
use crate::support::{Db, contract};

contract! {
    a_corrupt_value_is_an_error_that_names_table_and_row,
    the_database_refuses_a_routing_that_means_nothing,
}

async fn a_corrupt_value_is_an_error_that_names_table_and_row(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a"]).await;
    tx.insert_dids(&[new_did("+12065550100", Some("desk"), ids[0], None)]).await.unwrap();
    tx.insert_schedule(&new_schedule("office")).await.unwrap();
    tx.insert_plan(&new_plan("plan", &ids)).await.unwrap();
    tx.insert_case(&NewCase { name: alias("case"), body: serde_json::Value::Null }).await.unwrap();
    tx.record(&[store::NewChange {
        subject: Subject::Did(number("+12065550100")),
        label: String::new(),
        before: None,
        after: None,
    }])
    .await
    .unwrap();
    tx.commit(operation("x")).await.unwrap();

    db.disarm_history().await;
    // What somebody did to the file, how it is undone, and what is said of it.
    for (harm, repair, expected) in [
        (
            "accounts set defaults = '{'",
            "accounts set defaults = '{}'",
            "table accounts, row 1: the stored defaults",
        ),
        (
            "routes set value = 'a b' where id = 1",
            "routes set value = 'a.example' where id = 1",
            "table routes, row 1/1: the stored value",
        ),
        (
            "routes set kind = 'phone' where id = 1",
            "routes set kind = 'host' where id = 1",
            "table routes, row 1/1: the stored value",
        ),
        (
            "routes set alias = '' where id = 1",
            "routes set alias = 'a' where id = 1",
            "table routes, row 1/1: the stored alias",
        ),
        (
            "routes set health = 'ill' where id = 1",
            "routes set health = 'up' where id = 1",
            "table routes, row 1/1: the stored health",
        ),
        (
            "routes set answerer = 'cat' where id = 1",
            "routes set answerer = 'pbx' where id = 1",
            "table routes, row 1/1: the stored answerer",
        ),
        ("dids set number = 5", "dids set number = 12065550100", "table dids, row 1: the stored number"),
        (
            "dids set number = -12065550100",
            "dids set number = 12065550100",
            "table dids, row 1: the stored number",
        ),
        ("dids set alias = ' '", "dids set alias = 'desk'", "table dids, row 1: the stored alias"),
        ("plans set name = ''", "plans set name = 'plan'", "table plans, row 1/1: the stored name"),
        (
            "plans set steps = '[{\"routes\":[]}]'",
            "plans set steps = '[]'",
            "table plans, row 1/1: the stored steps",
        ),
        (
            "schedules set name = ' '",
            "schedules set name = 'office'",
            "table schedules, row 1/1: the stored name",
        ),
        (
            "schedules set weekly = '[\"closed\"]'",
            "schedules set weekly = '[\"closed\",\"closed\",\"closed\",\"closed\",\"closed\",\"closed\",\"closed\"]'",
            "table schedules, row 1/1: the stored weekly",
        ),
        (
            "schedules set exceptions = '[{\"date\":\"2026-02-30\",\"hours\":\"closed\"}]'",
            "schedules set exceptions = '[]'",
            "table schedules, row 1/1: the stored exceptions",
        ),
        ("cases set name = ''", "cases set name = 'case'", "table cases, row 1/1: the stored name"),
        ("cases set body = '{'", "cases set body = '{}'", "table cases, row 1/1: the stored body"),
        ("changes set after = 'x'", "changes set after = null", "table changes, row 1/1/0: the stored after"),
        (
            "operations set details = ''",
            "operations set details = 'null'",
            "table operations, row 1/1: the stored details",
        ),
    ] {
        db.sql(&format!("update {harm}")).await;
        let error = read_all(&db, account).await.unwrap_err();
        assert!(matches!(error, Error::Corrupt { .. }), "{harm}: {error:?}");
        assert!(error.to_string().starts_with(expected), "{harm}: {error}");
        db.sql(&format!("update {repair}")).await;
        read_all(&db, account).await.unwrap();
    }
}

async fn read_all(db: &Db, account: routing::AccountId) -> store::Result<()> {
    db.store.accounts().await?;
    db.store.route_choices(account).await?;
    db.store.route(account, RouteId(1)).await?;
    let request = PageRequest { limit: 5, ..PageRequest::default() };
    db.store.did_page(account, &DidFilter::default(), request).await?;
    db.store.plans(account).await?;
    db.store.plan_choices(account).await?;
    db.store.schedules(account).await?;
    db.store.cases(account).await?;
    db.store.operation_changes(account, Version(1), 0, 5).await?;
    db.store.recent_operations(account, 5).await?;
    Ok(())
}

async fn the_database_refuses_a_routing_that_means_nothing(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let plan = tx.insert_plan(&new_plan("plan", &[RouteId::REGISTERED])).await.unwrap();
    let did = new_did("+12065550100", None, RouteId::REGISTERED, Some(RouteId::REGISTERED));
    tx.insert_dids(&[shared(did, 500, 500), new_did_on("+12065550101", RouteId::REGISTERED, plan)])
        .await
        .unwrap();
    tx.commit(operation("x")).await.unwrap();
    for harm in [
        "update dids set failover_plan = 1 where number = 12065550100",
        "update dids set primary_weight = null where number = 12065550100",
        "update dids set primary_weight = 1001 where number = 12065550100",
        "update dids set failover_weight = -1 where number = 12065550100",
        "update dids set failover_route = null where number = 12065550100",
        "update dids set primary_weight = 1, failover_weight = 1 where number = 12065550101",
        "update dids set failover_plan = 7 where number = 12065550101",
        "update plan_routes set route_id = 7",
        "delete from plans",
        "insert into plan_schedules (account_id, plan_id, schedule_id) values (1, 1, 7)",
    ] {
        assert!(db.try_sql(harm).await.is_err(), "{harm}");
    }
}
