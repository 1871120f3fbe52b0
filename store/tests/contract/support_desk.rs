//! One search over every account.

use routing::RouteId;
use store::NewAccount;

use super::build::{
    add_routes, alias, host, new_did, new_did_on, new_plan, new_route, number, operation, phone, uri,
};
use crate::support::{Db, contract};

contract! {
    dids_are_found_in_whichever_account_they_are,
    routes_are_found_by_alias_and_by_value,
    accounts_are_found_by_name_and_by_id,
    a_search_stops_where_it_was_told_to,
}

/// Northwind has a plan, Contoso a route of the same alias.
async fn two_accounts(db: &Db) {
    let northwind = db.account().await.id;
    let new = NewAccount {
        name: "Zürich Contoso".to_owned(),
        country: "CH".to_owned(),
        sample: false,
        created_at: store::UnixMs::now(),
    };
    let contoso = db.create(new).await.unwrap().id;

    let mut tx = db.store.begin(northwind).await.unwrap();
    let routes = add_routes(&mut tx, &["Front Desk", "mobile"]).await;
    let plan = tx.insert_plan(&new_plan("Night", &[routes[1]])).await.unwrap();
    tx.insert_dids(&[
        new_did("+12065550100", Some("Reception"), routes[0], Some(routes[1])),
        new_did_on("+12065550101", routes[0], plan),
    ])
    .await
    .unwrap();
    tx.commit(operation("import")).await.unwrap();

    let mut tx = db.store.begin(contoso).await.unwrap();
    tx.insert_route(&new_route("front desk", phone("+41443334455"))).await.unwrap();
    tx.insert_route(&new_route("50%", uri("sip:Agent@sip.example.net"))).await.unwrap();
    tx.insert_dids(&[
        new_did("+12065559999", Some("Réception"), RouteId::REGISTERED, None),
        new_did("+41442065550", None, RouteId::REGISTERED, None),
    ])
    .await
    .unwrap();
    tx.commit(operation("import")).await.unwrap();
}

async fn dids_are_found_in_whichever_account_they_are(db: Db) {
    two_accounts(&db).await;
    const A: &str = "1 +12065550100 Front Desk → mobile";
    const B: &str = "1 +12065550101 Front Desk → Night";
    const C: &str = "2 +12065559999 sip-reg";
    const D: &str = "2 +41442065550 sip-reg";
    for (q, expected) in [
        ("206555", Some(&[A, B, C, D][..])),
        ("(206) 555-01", Some(&[A, B])),
        ("+1206", Some(&[A, B, C])),
        ("+41", Some(&[D])),
        ("+206", Some(&[])),
        ("tel:+1-206-555-0100", Some(&[A])),
        ("044 206 55 50", Some(&[D])),
        ("CEPTION", Some(&[A, C])),
        ("re\u{301}c", Some(&[C])),
        ("reception", Some(&[A])),
        ("desk", Some(&[])),
        ("%%%", Some(&[])),
        ("\"x\" OR y", Some(&[])),
        ("+99999999999999999999", Some(&[])),
        ("20", None),
        ("2 0", None),
        ("re", None),
        (" ", None),
    ] {
        let found = db.store.dids_of_all(q, 10).await.unwrap().map(|found| {
            let said = found.iter().map(|did| {
                let failover = did.failover.as_ref().map(|alias| format!(" → {alias}")).unwrap_or_default();
                format!("{} {} {}{failover}", did.account.id, did.row.did.number, did.primary)
            });
            said.collect::<Vec<_>>()
        });
        let expected = expected.map(|rows| rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>());
        assert_eq!(found, expected, "{q:?}");
    }
    assert_eq!(db.store.countries().await.unwrap(), ["CH", "US"]);
    let numbers = [number("+41442065550"), number("+12065550100"), number("+12065550199")];
    let owners = db.store.owners_of(&numbers).await.unwrap();
    let owners: Vec<_> = owners.iter().map(|(account, number)| format!("{account} {number}")).collect();
    assert_eq!(owners, ["1 +12065550100", "2 +41442065550"]);
}

async fn routes_are_found_by_alias_and_by_value(db: Db) {
    two_accounts(&db).await;
    for (q, expected) in [
        ("FRONT", &["1 Front Desk", "2 front desk"][..]),
        ("pbx.example.com", &["1 Front Desk", "1 mobile"]),
        ("agent@SIP", &["2 50%"]),
        ("0%", &["2 50%"]),
        ("%%", &[]),
        ("044 333 44 55", &["2 front desk"]),
        ("+4144", &["2 front desk"]),
        ("+44", &[]),
        ("sip-reg", &[]),
        ("", &[]),
    ] {
        let found = db.store.routes_of_all(q, 10).await.unwrap();
        let found: Vec<_> =
            found.iter().map(|route| format!("{} {}", route.account.id, route.alias)).collect();
        assert_eq!(found, expected, "{q:?}");
    }
    let found = db.store.routes_of_all("mobile", 10).await.unwrap().remove(0);
    assert_eq!((found.account.name.as_str(), found.target), ("Northwind", host("pbx.example.com")));
}

async fn accounts_are_found_by_name_and_by_id(db: Db) {
    two_accounts(&db).await;
    for (q, expected) in [
        ("north", &["Northwind"][..]),
        ("zU\u{308}RICH", &["Zürich Contoso"]),
        ("o", &["Northwind", "Zürich Contoso"]),
        ("2", &["Zürich Contoso"]),
        ("#1", &["Northwind"]),
        ("3", &[]),
        ("%", &[]),
    ] {
        let found = db.store.accounts_called(q, 10).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|account| account.name).collect();
        assert_eq!(found, expected, "{q:?}");
    }
}

async fn a_search_stops_where_it_was_told_to(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let names: Vec<String> = (0..30).map(|n| format!("desk {n}")).collect();
    add_routes(&mut tx, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let dids: Vec<_> = (0..3_000)
        .map(|n| new_did(&format!("+1206555{n:04}"), Some("Common"), RouteId::REGISTERED, None))
        .collect();
    tx.insert_dids(&dids).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    for q in ["206555", "+1206", "common"] {
        let found = db.store.dids_of_all(q, 11).await.unwrap().unwrap();
        assert_eq!(found.len(), 11, "{q}");
        assert!(found.iter().all(|did| did.row.did.alias == Some(alias("Common"))), "{q}");
    }
    assert_eq!(db.store.routes_of_all("desk", 11).await.unwrap().len(), 11);
    db.account().await;
    assert_eq!(db.store.accounts_called("northwind", 1).await.unwrap().len(), 1);
}
