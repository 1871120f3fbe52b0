use routing::{RouteId, Version};
use store::{DidFilter, Error, PageRequest, RouteFilter, Subject};

use super::build::{add_routes, new_did, number, operation};
use crate::support::{Db, contract};

contract! {
    a_corrupt_value_is_an_error_that_names_table_and_row,
}

async fn a_corrupt_value_is_an_error_that_names_table_and_row(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a"]).await;
    tx.insert_dids(&[new_did("+12065550100", Some("desk"), ids[0], None)]).await.unwrap();
    tx.record(&[store::NewChange {
        subject: Subject::Did(number("+12065550100")),
        label: String::new(),
        before: None,
        after: None,
    }])
    .await
    .unwrap();
    tx.commit(operation("x")).await.unwrap();

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
    db.store.routes(account, &RouteFilter::default()).await?;
    db.store.route(account, RouteId(1)).await?;
    let request = PageRequest { limit: 5, ..PageRequest::default() };
    db.store.did_page(account, &DidFilter::default(), request).await?;
    db.store.operation_changes(account, Version(1), 5).await?;
    db.store.recent_operations(account, 5).await?;
    Ok(())
}
