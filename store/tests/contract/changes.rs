use std::collections::{BTreeMap, BTreeSet};

use routing::{CaseId, PlanId, RouteId, ScheduleId, Version};
use serde_json::json;
use store::{NewChange, Operation, Subject, UnixMs};

use super::build::{number, operation};
use crate::support::{Db, contract};

contract! {
    changes_are_read_with_who_and_when,
    changes_of_one_thing_come_newest_first_and_since_a_version_oldest_first,
    released_numbers_come_with_who_did_it_last_and_when,
    operations_are_kept_whole,
    a_change_can_be_made_to_anything,
}

fn change(subject: Subject, label: &str) -> NewChange {
    NewChange { subject, label: label.to_owned(), before: None, after: None }
}

async fn changes_are_read_with_who_and_when(db: Db) {
    let account = db.account().await.id;
    let did = Subject::Did(number("+12065550100"));
    let mut tx = db.store.begin(account).await.unwrap();
    tx.set_at(UnixMs(7_000));
    tx.record(&[
        NewChange::of(
            did,
            "Front desk",
            Some(json!({"alias": "a \"quoted\" é\\n", "failover": null})),
            Some(json!(["x", 1, 2.5, true])),
        ),
        change(Subject::Route(RouteId(3)), "pbx"),
    ])
    .await
    .unwrap();
    tx.record(&[NewChange::of(Subject::Account, "Northwind", None, Some(json!(null)))]).await.unwrap();
    let version = tx.commit(operation("set_failover_route")).await.unwrap();

    let rows = db.store.operation_changes(account, version, 0, 10).await.unwrap();
    let subjects: Vec<Subject> = rows.iter().map(|row| row.subject).collect();
    assert_eq!(subjects, [did, Subject::Route(RouteId(3)), Subject::Account]);
    let row = &rows[0];
    assert_eq!((row.version, row.at, row.label.as_str()), (version, UnixMs(7_000), "Front desk"));
    assert_eq!(
        (row.actor.as_str(), row.via.as_str(), row.kind.as_str()),
        ("Dana", "browser", "set_failover_route")
    );
    assert_eq!(row.before, Some(json!({"alias": "a \"quoted\" é\\n", "failover": null})));
    assert_eq!(row.after, Some(json!(["x", 1, 2.5, true])));
    assert_eq!((&rows[1].before, &rows[1].after), (&None, &None));
    assert_eq!(rows[2].after, Some(json!(null)));
    assert_eq!(db.store.operation_changes(account, version, 0, 1).await.unwrap(), rows[..1]);
}

async fn changes_of_one_thing_come_newest_first_and_since_a_version_oldest_first(db: Db) {
    let account = db.account().await.id;
    let (one, two) = (Subject::Did(number("+12065550100")), Subject::Did(number("+12065550101")));
    // A route whose id is the other's digits is something else.
    let trap = Subject::Route(RouteId(12_065_550_100));
    for label in ["first", "second", "third"] {
        let mut tx = db.store.begin(account).await.unwrap();
        tx.record(&[change(one, label), change(two, "other"), change(trap, "trap")]).await.unwrap();
        tx.commit(operation("x")).await.unwrap();
    }
    let labels =
        |rows: Vec<store::ChangeRow>| -> Vec<String> { rows.into_iter().map(|row| row.label).collect() };
    assert_eq!(labels(db.store.changes_for(account, one, 10).await.unwrap()), ["third", "second", "first"]);
    assert_eq!(labels(db.store.changes_for(account, one, 2).await.unwrap()), ["third", "second"]);
    for (since, expected) in [(0, &["first", "second", "third"][..]), (1, &["second", "third"]), (3, &[])] {
        assert_eq!(labels(db.store.changes_since(account, one, Version(since)).await.unwrap()), expected);
        let mut tx = db.store.begin(account).await.unwrap();
        assert_eq!(labels(tx.changes_since(one, Version(since)).await.unwrap()), expected);
    }
}

async fn released_numbers_come_with_who_did_it_last_and_when(db: Db) {
    let account = db.account().await.id;
    let numbers = ["+12065550100", "+12065550101", "+12065550102", "+12065550103"].map(number);
    let [one, two, three, four] = numbers.map(Subject::Did);
    let kept = |subject| NewChange::of(subject, "kept", None, Some(json!({})));
    // A route whose id is a number's digits is something else.
    let trap = change(Subject::Route(RouteId(12_065_550_102)), "trap");
    for (at, who, changes) in [
        (1_000, "Dana", vec![kept(one), kept(two), kept(three), trap]),
        (2_000, "Sam", vec![change(one, "gone"), change(four, "gone")]),
        (3_000, "Dana", vec![kept(one), change(two, "gone")]),
        (4_000, "Priya", vec![change(one, "gone")]),
    ] {
        let mut tx = db.store.begin(account).await.unwrap();
        tx.set_at(UnixMs(at));
        tx.record(&changes).await.unwrap();
        tx.commit(Operation { actor: who.to_owned(), ..operation("x") }).await.unwrap();
    }
    let asked = [numbers[2], numbers[1], numbers[0]];
    for (since, expected) in [
        (0, &[("+12065550100", "Priya", 4_000), ("+12065550101", "Dana", 3_000)][..]),
        (3, &[("+12065550100", "Priya", 4_000)]),
        (4, &[]),
    ] {
        let shown = |rows: Vec<store::Released>| -> Vec<(String, String, i64)> {
            rows.into_iter()
                .inspect(|row| assert_eq!(row.version.0 * 1_000, row.at.0))
                .map(|row| (row.number.to_string(), row.by, row.at.0))
                .collect()
        };
        let expected: Vec<(String, String, i64)> =
            expected.iter().map(|(number, by, at)| ((*number).to_owned(), (*by).to_owned(), *at)).collect();
        let since = Version(since);
        assert_eq!(shown(db.store.released_since(account, &asked, since).await.unwrap()), expected);
        let mut tx = db.store.begin(account).await.unwrap();
        assert_eq!(shown(tx.released_since(&asked, since).await.unwrap()), expected);
    }
    assert_eq!(db.store.released_since(account, &[], Version(0)).await.unwrap(), []);
}

async fn operations_are_kept_whole(db: Db) {
    let account = db.account().await.id;
    let full = Operation {
        actor: "Dana Whitfield".to_owned(),
        via: "command_line".to_owned(),
        kind: "release".to_owned(),
        reason: Some("moved office".to_owned()),
        changed: 12,
        refused: 3,
        details: json!({"refusals": [["+12065550100", "gone"]]}),
    };
    let mut versions = Vec::new();
    for operation in [operation("first"), full.clone()] {
        let mut tx = db.store.begin(account).await.unwrap();
        tx.set_at(UnixMs(8_000));
        assert_eq!(tx.at(), UnixMs(8_000));
        versions.push(tx.commit(operation).await.unwrap());
    }
    let found = db.store.operation(account, versions[1]).await.unwrap().unwrap();
    assert_eq!((found.version, found.at, &found.operation), (Version(2), UnixMs(8_000), &full));
    let recent = db.store.recent_operations(account, 10).await.unwrap();
    assert_eq!(recent.iter().map(|row| row.version).collect::<Vec<_>>(), [2, 1, 0].map(Version));
    assert_eq!(recent[0], found);
    assert_eq!(db.store.recent_operations(account, 1).await.unwrap().len(), 1);
    assert_eq!(db.store.operation(account, Version(9)).await.unwrap(), None);
    // A transaction reads the same.
    let asked: BTreeSet<Version> = [1, 2, 9].map(Version).into();
    let actors = db.store.actors_of(account, &asked).await.unwrap();
    assert_eq!(actors, BTreeMap::from([(Version(1), "Dana".into()), (Version(2), "Dana Whitfield".into())]));
    assert_eq!(db.store.actors_of(account, &BTreeSet::new()).await.unwrap(), BTreeMap::new());
    let mut tx = db.store.begin(account).await.unwrap();
    assert_eq!(tx.operation(versions[1]).await.unwrap(), Some(found));
    assert_eq!(tx.actors_of(&asked).await.unwrap(), actors);
}

async fn a_change_can_be_made_to_anything(db: Db) {
    let account = db.account().await.id;
    // All of one id, and the account's is 1 as well.
    let subjects = [
        (Subject::Account, "account"),
        (Subject::Route(RouteId(1)), "route 1"),
        (Subject::Plan(PlanId(1)), "failover plan 1"),
        (Subject::Schedule(ScheduleId(1)), "schedule 1"),
        (Subject::Case(CaseId(1)), "case 1"),
        (Subject::Finding, "finding"),
        (Subject::Did(number("+12065550100")), "DID +12065550100"),
    ];
    let mut tx = db.store.begin(account).await.unwrap();
    let changes: Vec<NewChange> = subjects.iter().map(|(subject, name)| change(*subject, name)).collect();
    tx.record(&changes).await.unwrap();
    let version = tx.commit(operation("x")).await.unwrap();
    let rows = db.store.operation_changes(account, version, 0, 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.subject).collect::<Vec<_>>(), subjects.map(|(subject, _)| subject));
    for (subject, name) in subjects {
        let found = db.store.changes_for(account, subject, 10).await.unwrap();
        assert_eq!(found.iter().map(|row| row.label.as_str()).collect::<Vec<_>>(), [name]);
        assert_eq!(subject.to_string(), name);
    }
}
