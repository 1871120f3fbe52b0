use routing::{Defaults, Millis, RouteId, Version};

use super::build::{add_routes, new_did, number, operation};
use crate::support::{Db, contract};

contract! {
    a_snapshot_holds_the_whole_configuration,
    a_part_holds_what_its_dids_need,
}

async fn a_snapshot_holds_the_whole_configuration(db: Db) {
    let account = db.account().await.id;
    let defaults = Defaults { no_response_ms: Millis(4_000), ..Defaults::default() };
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["z", "a"]).await;
    tx.update_account("Northwind", "US", &defaults).await.unwrap();
    tx.insert_dids(&[
        new_did("+442079460123", None, ids[0], None),
        new_did("+12065550100", Some("desk"), ids[1], Some(ids[0])),
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
    assert_eq!(numbers, ["+12065550100", "+442079460123"]);
    assert_eq!((inside.routes, inside.dids), (snapshot.routes, snapshot.dids));
}

async fn a_part_holds_what_its_dids_need(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a", "b", "c"]).await;
    tx.insert_dids(&[
        new_did("+12065550100", None, ids[2], Some(ids[0])),
        new_did("+12065550101", None, ids[1], None),
        new_did("+12065550102", None, RouteId::REGISTERED, None),
    ])
    .await
    .unwrap();
    tx.commit(operation("x")).await.unwrap();
    for (asked, dids, routes) in [
        (&["+12065550100", "+12065550199"][..], 1, vec![ids[0], ids[2]]),
        (&["+12065550102"], 1, vec![]),
        (&["+12065550101", "+12065550100"], 2, ids.clone()),
        (&[], 0, vec![]),
    ] {
        let numbers: Vec<_> = asked.iter().map(|text| number(text)).collect();
        let part = db.store.snapshot_for(account, &numbers).await.unwrap();
        assert_eq!(part.dids.len(), dids, "{asked:?}");
        assert_eq!(part.routes.iter().map(|route| route.id).collect::<Vec<_>>(), routes, "{asked:?}");
        assert_eq!((part.version, part.edges.len()), (Version(1), 2));
    }
}
