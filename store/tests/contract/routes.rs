use routing::{Answerer, Domains, EdgeId, HealthState, InboundRoute, RouteId, RouteTarget, Version};
use store::{Error, NewRoute, Noun, RouteFilter, RouteSort, UnixMs, Usage};

use super::build::{add_routes, alias, host, new_did, new_route, operation, phone, uri};
use crate::support::{Db, contract};

contract! {
    every_type_of_route_is_read_as_it_was_written,
    ids_count_up_and_are_never_given_twice,
    an_alias_is_taken_without_regard_to_case,
    the_built_in_route_is_neither_read_nor_changed,
    a_route_in_use_cannot_be_deleted,
    what_is_not_there_is_refused,
    health_does_not_touch_the_row_version,
    the_list_is_searched_and_sorted,
    usage_counts_both_roles_and_users_come_by_number,
}

async fn every_type_of_route_is_read_as_it_was_written(db: Db) {
    let account = db.account().await.id;
    let full = Domains {
        carrier: Some("Lumen".to_owned()),
        site: Some("Zürich".to_owned()),
        region: Some("eu".to_owned()),
        answerer: Answerer::LiveAnswer,
    };
    let rows = [
        (host("pbx.example.com:5061;transport=tls"), Some(EdgeId(4)), full.clone()),
        (host("[2001:db8::1]"), None, Domains::default()),
        (phone("+442079460123"), Some(EdgeId(2)), Domains { answerer: Answerer::Voicemail, ..full }),
        (
            uri("sip:desk@voip.example.net"),
            None,
            Domains { answerer: Answerer::Person, ..Domains::default() },
        ),
    ];
    for (n, (target, edge, domains)) in rows.into_iter().enumerate() {
        let new = NewRoute { alias: alias(&format!("Route {n} é")), target, edge, domains };
        let mut tx = db.store.begin(account).await.unwrap();
        let id = tx.insert_route(&new).await.unwrap();
        let version = tx.commit(operation("add_route")).await.unwrap();
        let (row, usage) = db.store.route(account, id).await.unwrap().unwrap();
        let NewRoute { alias, target, edge, domains } = new;
        assert_eq!(row.route, InboundRoute { id, alias, target, edge, domains });
        assert_eq!((row.version, row.health, row.health_since), (version, HealthState::Unknown, None));
        assert_eq!(usage, Usage::default());
    }
}

async fn ids_count_up_and_are_never_given_twice(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    assert_eq!(add_routes(&mut tx, &["a", "b"]).await, [RouteId(1), RouteId(2)]);
    tx.delete_route(RouteId(2)).await.unwrap();
    assert_eq!(add_routes(&mut tx, &["b"]).await, [RouteId(3)]);
    tx.commit(operation("x")).await.unwrap();
}

async fn an_alias_is_taken_without_regard_to_case(db: Db) {
    let account = db.account().await.id;
    for taken in ["Seattle", "SEATTLE", " seattle ", "sip-reg", "SIP-Reg"] {
        let mut tx = db.store.begin(account).await.unwrap();
        add_routes(&mut tx, &["Seattle"]).await;
        let refused = tx.insert_route(&new_route(taken, host("b.example"))).await;
        assert!(matches!(refused, Err(Error::AliasTaken { .. })), "{taken}: {refused:?}");
    }
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["Seattle", "Boston"]).await;
    let (mut row, _) = tx.route(ids[0]).await.unwrap().unwrap();
    row.route.alias = alias("SEATTLE");
    tx.update_route(&row.route).await.unwrap();
    row.route.alias = alias("boston");
    assert!(
        matches!(tx.update_route(&row.route).await, Err(Error::AliasTaken { alias }) if alias == "boston")
    );
}

async fn the_built_in_route_is_neither_read_nor_changed(db: Db) {
    let account = db.account().await.id;
    let built_in = RouteId::REGISTERED;
    assert_eq!(db.store.route(account, built_in).await.unwrap(), None);
    assert_eq!(db.store.route_choices(account).await.unwrap(), []);
    assert_eq!(db.store.snapshot(account).await.unwrap().routes, []);
    let begin = || async { db.store.begin(account).await.unwrap() };
    let refused =
        |result: store::Result<()>| assert!(matches!(result, Err(Error::BuiltInRoute)), "{result:?}");
    refused(begin().await.delete_route(built_in).await);
    refused(begin().await.set_health(built_in, HealthState::Down, UnixMs(1)).await);
    refused(begin().await.insert_route(&new_route("x", RouteTarget::Registered)).await.map(drop));
    let NewRoute { alias, target, edge, domains } = new_route("x", host("a.example"));
    refused(begin().await.update_route(&InboundRoute { id: built_in, alias, target, edge, domains }).await);
}

async fn a_route_in_use_cannot_be_deleted(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["primary", "failover", "free"]).await;
    tx.insert_dids(&[new_did("+12065550100", None, ids[0], Some(ids[1]))]).await.unwrap();
    tx.delete_route(ids[2]).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    for id in &ids[..2] {
        let mut tx = db.store.begin(account).await.unwrap();
        let refused = tx.delete_route(*id).await;
        assert!(matches!(refused, Err(Error::RouteInUse { route }) if route == *id), "{refused:?}");
    }
    assert_eq!(db.store.route_choices(account).await.unwrap().len(), 2);
}

async fn what_is_not_there_is_refused(db: Db) {
    let account = db.account().await.id;
    let missing = RouteId(9);
    let not_found = |result: store::Result<()>| {
        assert!(matches!(result, Err(Error::NotFound(Noun::Route))), "{result:?}");
    };
    not_found(db.store.begin(account).await.unwrap().delete_route(missing).await);
    not_found(db.store.begin(account).await.unwrap().set_health(missing, HealthState::Up, UnixMs(1)).await);
    let NewRoute { alias, target, domains, .. } = new_route("x", host("a.example"));
    let route = InboundRoute { id: missing, alias, target, edge: None, domains };
    not_found(db.store.begin(account).await.unwrap().update_route(&route).await);
    let mut tx = db.store.begin(account).await.unwrap();
    let edge = Some(EdgeId(99));
    let refused = tx.insert_route(&NewRoute { edge, ..new_route("x", host("a.example")) }).await;
    assert!(matches!(refused, Err(Error::UnknownEdge)), "{refused:?}");
}

async fn health_does_not_touch_the_row_version(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a"]).await;
    tx.commit(operation("add_route")).await.unwrap();
    let mut tx = db.store.begin(account).await.unwrap();
    tx.set_health(ids[0], HealthState::Down, UnixMs(1_234)).await.unwrap();
    tx.commit(operation("health")).await.unwrap();
    let (row, _) = db.store.route(account, ids[0]).await.unwrap().unwrap();
    assert_eq!(
        (row.health, row.health_since, row.version),
        (HealthState::Down, Some(UnixMs(1_234)), Version(1))
    );
}

async fn the_list_is_searched_and_sorted(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    for (name, target, edge) in [
        ("beta", host("z.example"), Some(EdgeId(4))),
        ("Alpha", phone("+12065550199"), None),
        ("delta 50%", uri("sip:a_b@x.example"), Some(EdgeId(2))),
        ("Étoile", host("a.example"), None),
    ] {
        tx.insert_route(&NewRoute { edge, ..new_route(name, target) }).await.unwrap();
    }
    tx.insert_dids(&[
        new_did("+12065550100", None, RouteId(1), Some(RouteId(3))),
        new_did("+12065550101", None, RouteId(1), None),
    ])
    .await
    .unwrap();
    tx.set_health(RouteId(2), HealthState::Down, UnixMs(1)).await.unwrap();
    tx.commit(operation("x")).await.unwrap();

    let ids = async |q: Option<&str>, sort, descending| -> Vec<i64> {
        let filter = RouteFilter { q: q.map(str::to_owned), sort, descending };
        let mut rows = Vec::new();
        for row in db.store.route_choices(account).await.unwrap() {
            let usage = db.store.route_usage(account, row.route.id).await.unwrap();
            rows.push((row, usage));
        }
        filter.list(rows).into_iter().map(|(row, _)| row.route.id.0).collect()
    };
    for (sort, expected) in [
        (RouteSort::Alias, [2, 1, 3, 4]),
        (RouteSort::Kind, [1, 4, 2, 3]),
        (RouteSort::Value, [2, 4, 3, 1]),
        (RouteSort::Edge, [2, 4, 3, 1]),
        (RouteSort::UsedBy, [2, 4, 3, 1]),
        (RouteSort::Health, [1, 3, 4, 2]),
    ] {
        assert_eq!(ids(None, sort, false).await, expected, "{sort:?}");
        let mut reversed = expected;
        reversed.reverse();
        assert_eq!(ids(None, sort, true).await, reversed, "{sort:?} descending");
    }
    for (q, expected) in [
        ("ALPHA", &[2][..]),
        ("étoile", &[4]),
        ("ÉTOILE", &[4]),
        ("example", &[1, 3, 4]),
        ("(206) 555-01", &[2]),
        ("011 1 206 555", &[2]),
        ("50%", &[3]),
        ("%", &[3]),
        ("a_b", &[3]),
        ("nobody", &[]),
        ("  ", &[2, 1, 3, 4]),
    ] {
        assert_eq!(ids(Some(q), RouteSort::Alias, false).await, expected, "{q}");
    }
}

async fn usage_counts_both_roles_and_users_come_by_number(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a", "b"]).await;
    let (a, b) = (ids[0], ids[1]);
    tx.insert_dids(&[
        new_did("+12065550104", None, a, Some(a)),
        new_did("+12065550103", None, a, Some(b)),
        new_did("+12065550102", None, b, Some(a)),
        new_did("+12065550101", None, RouteId::REGISTERED, Some(RouteId::REGISTERED)),
        new_did("+12065550100", None, b, None),
    ])
    .await
    .unwrap();
    tx.commit(operation("x")).await.unwrap();
    for (route, primary, failover, users) in [
        (a, 2, 2, &["+12065550102", "+12065550103", "+12065550104"][..]),
        (b, 2, 1, &["+12065550100", "+12065550102", "+12065550103"]),
        (RouteId::REGISTERED, 1, 1, &["+12065550101"]),
    ] {
        assert_eq!(
            db.store.route_usage(account, route).await.unwrap(),
            Usage { primary, failover, plans: 0 }
        );
        let found = db.store.route_users(account, route, 10).await.unwrap();
        let found: Vec<String> = found.iter().map(|row| row.did.number.to_string()).collect();
        assert_eq!(found, users, "route {route}");
        let two = db.store.route_users(account, route, 2).await.unwrap();
        assert_eq!(two.len(), users.len().min(2));
        assert_eq!(two[0].did.number.to_string(), users[0]);
    }
}
