use routing::{CaseId, Version};
use serde_json::{Value, json};
use store::{CaseRow, Error, NewCase, Noun, UnixMs};

use super::build::{alias, operation};
use crate::support::{Db, contract};

contract! {
    a_case_is_read_as_it_was_written_and_changed,
    a_name_is_taken_without_regard_to_case,
    cases_come_by_name_under_ids_that_never_come_back,
    cases_that_are_not_there_are_refused,
}

fn new_case(name: &str, body: Value) -> NewCase {
    NewCase { name: alias(name), body }
}

async fn a_case_is_read_as_it_was_written_and_changed(db: Db) {
    let account = db.account().await.id;
    let body =
        json!({"call": {"number": "+12065550100", "at": 1.5}, "say": "“é” \\ \u{0} '\"", "none": null});
    let NewCase { name, body } = new_case("Seattle down", body);
    let mut tx = db.store.begin(account).await.unwrap();
    tx.set_at(UnixMs(5_000));
    let id = tx.insert_case(&NewCase { name: name.clone(), body: body.clone() }).await.unwrap();
    let mut expected = CaseRow { id, name, body, created_at: UnixMs(5_000), version: Version(1) };
    assert_eq!(tx.case(id).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(tx.cases().await.unwrap(), [expected.clone()]);
    tx.commit(operation("add")).await.unwrap();
    assert_eq!(db.store.case(account, id).await.unwrap().as_ref(), Some(&expected));

    let mut tx = db.store.begin(account).await.unwrap();
    tx.set_at(UnixMs(6_000));
    tx.update_case(id, &new_case("SEATTLE DOWN", json!([]))).await.unwrap();
    tx.commit(operation("edit")).await.unwrap();
    expected = CaseRow { name: alias("SEATTLE DOWN"), body: json!([]), version: Version(2), ..expected };
    assert_eq!(db.store.case(account, id).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(db.store.cases(account).await.unwrap(), [expected]);
    assert_eq!(db.store.case(account, CaseId(9)).await.unwrap(), None);
}

async fn a_name_is_taken_without_regard_to_case(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    tx.insert_case(&new_case("One", json!(1))).await.unwrap();
    let two = tx.insert_case(&new_case("Two", json!(2))).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    let clash = new_case("ONE", json!(3));
    let inserted = db.store.begin(account).await.unwrap().insert_case(&clash).await.map(drop);
    let updated = db.store.begin(account).await.unwrap().update_case(two, &clash).await;
    for refused in [inserted, updated] {
        assert!(matches!(refused, Err(Error::NameTaken { noun: Noun::Case, .. })), "{refused:?}");
    }
}

async fn cases_come_by_name_under_ids_that_never_come_back(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    for name in ["zulu", "Éclair"] {
        tx.insert_case(&new_case(name, json!(null))).await.unwrap();
    }
    tx.delete_case(CaseId(2)).await.unwrap();
    tx.insert_case(&new_case("Éclair", json!(null))).await.unwrap();
    tx.insert_case(&new_case("Alpha", json!(null))).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    let ids: Vec<i64> = db.store.cases(account).await.unwrap().iter().map(|row| row.id.0).collect();
    assert_eq!(ids, [4, 1, 3]);
}

async fn cases_that_are_not_there_are_refused(db: Db) {
    let account = db.account().await.id;
    let missing = CaseId(7);
    let updated = db.store.begin(account).await.unwrap().update_case(missing, &new_case("x", json!(1))).await;
    let deleted = db.store.begin(account).await.unwrap().delete_case(missing).await;
    for refused in [updated, deleted] {
        assert!(matches!(refused, Err(Error::NotFound(Noun::Case))), "{refused:?}");
    }
}
