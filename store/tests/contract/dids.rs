use std::time::Duration;

use routing::{Did, DidId, Failover, PlanId, RouteId, Routing, Version};
use store::{DidFilter, DidRow, DidUpdate, Error, FailoverFilter, NewDid, Noun, PageRequest, UnixMs};

use super::build::{
    add_routes, alias, all_dids, matching, new_did, new_did_on, new_plan, number, operation, shared, weights,
};
use crate::support::{Db, contract};

contract! {
    dids_are_read_as_they_were_written,
    an_update_sets_everything_and_stamps_the_row,
    an_update_of_two_sets_each_to_what_it_becomes_from_anything_to_anything,
    numbers_that_are_there_already_are_named,
    of_two_who_add_a_number_at_once_one_gets_it,
    a_route_that_is_not_there_is_refused,
    dids_that_are_not_there_are_refused,
    a_failover_plan_that_is_not_there_is_refused,
    weights_need_a_failover_route_and_stay_in_range,
    filters_choose_and_counts_stop_at_their_cap,
    pairs_and_calling_codes_are_counted,
    own_numbers_are_known_across_accounts,
    released_numbers_can_be_added_again_under_a_new_id,
    empty_sets_change_nothing,
}

async fn dids_are_read_as_they_were_written(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    tx.set_at(UnixMs(5_000));
    let ids = add_routes(&mut tx, &["a"]).await;
    let plan = tx.insert_plan(&new_plan("plan", &ids)).await.unwrap();
    let rows = [
        new_did("+442079460123", Some("Front “desk” \\ 'London' é"), ids[0], Some(RouteId::REGISTERED)),
        new_did("+12065550100", None, RouteId::REGISTERED, None),
        new_did("+12065550101", Some("null"), RouteId::REGISTERED, Some(ids[0])),
        new_did_on("+12065550102", RouteId::REGISTERED, plan),
        shared(new_did("+12065550103", None, RouteId::REGISTERED, Some(ids[0])), 0, 1_000),
    ];
    tx.insert_dids(&rows).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    for NewDid { number, alias, routing } in rows {
        let row = db.store.did(account, number).await.unwrap().unwrap();
        assert_eq!((row.did.number, &row.did.alias), (number, &alias));
        assert_eq!(Routing::of(&row.did), routing);
        assert_eq!((row.version, row.changed_at), (Version(1), UnixMs(5_000)));
    }
    assert_eq!(db.store.did(account, number("+12065550199")).await.unwrap(), None);
    let asked =
        [number("+442079460123"), number("+12065550199"), number("+12065550100"), number("+12065550100")];
    let found = db.store.dids_by_number(account, &asked).await.unwrap();
    let found: Vec<String> = found.iter().map(|row| row.did.number.to_string()).collect();
    assert_eq!(found, ["+12065550100", "+442079460123"]);
}

async fn an_update_sets_everything_and_stamps_the_row(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a", "b"]).await;
    tx.insert_dids(&[
        new_did("+12065550100", Some("one"), ids[0], None),
        new_did("+12065550101", Some("two"), ids[0], Some(ids[1])),
        new_did("+12065550102", Some("three"), ids[0], None),
    ])
    .await
    .unwrap();
    tx.commit(operation("import")).await.unwrap();

    let rows = all_dids(&db.store, account).await;
    let mut tx = db.store.begin(account).await.unwrap();
    tx.set_at(UnixMs(9_000));
    let plan = tx.insert_plan(&new_plan("plan", &ids)).await.unwrap();
    let update = |now: &DidRow, name: Option<&str>, failover, weights| DidUpdate {
        now: now.did.clone(),
        alias: name.map(alias),
        routing: Routing { primary: ids[1], failover, weights },
    };
    let numbers = [rows[0].did.number, rows[1].did.number];
    let mut now = rows.clone();
    // By way of a plan and of weights, of which nothing may stay behind.
    for (failovers, shared) in [
        ([Failover::Plan(plan), Failover::Route(ids[1])], [None, weights(700, 300)]),
        ([Failover::Route(ids[1]), Failover::Plan(plan)], [weights(1, 2), None]),
        ([Failover::Route(ids[0]), Failover::None], [None, None]),
    ] {
        tx.update_dids(&[
            update(&now[0], None, failovers[0], shared[0]),
            update(&now[1], Some("zwei"), failovers[1], shared[1]),
        ])
        .await
        .unwrap();
        now = tx.dids_by_number(&numbers).await.unwrap();
        for (row, (failover, shared)) in now.iter().zip(failovers.into_iter().zip(shared)) {
            assert_eq!((row.did.failover, row.did.weights), (failover, shared));
        }
    }
    tx.commit(operation("bulk")).await.unwrap();

    let after = all_dids(&db.store, account).await;
    assert_eq!((&after[0].did.alias, after[0].did.failover), (&None, Failover::Route(ids[0])));
    assert_eq!((&after[1].did.alias, after[1].did.failover), (&Some(alias("zwei")), Failover::None));
    for row in &after[..2] {
        assert_eq!((row.did.primary, row.version, row.changed_at), (ids[1], Version(2), UnixMs(9_000)));
    }
    assert_eq!(after[2], rows[2]);
}

async fn an_update_of_two_sets_each_to_what_it_becomes_from_anything_to_anything(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a", "b"]).await;
    let plan = tx.insert_plan(&new_plan("Night", &[ids[1]])).await.unwrap();
    let (a, b) = (ids[0], ids[1]);
    let state = |name: Option<&str>, primary, failover, weights| {
        (name.map(alias), Routing { primary, failover, weights })
    };
    let states = [
        state(None, a, Failover::None, None),
        state(Some("one"), a, Failover::Route(b), None),
        state(None, b, Failover::Plan(plan), None),
        state(Some("two"), b, Failover::Route(a), weights(700, 300)),
    ];
    let numbers = ["+12065550100", "+12065550101"].map(number);
    tx.insert_dids(&numbers.map(|number| NewDid { number, alias: None, routing: states[0].1 }))
        .await
        .unwrap();
    tx.insert_dids(&[new_did("+12065550102", Some("bystander"), b, Some(a))]).await.unwrap();
    let bystander = tx.dids_by_number(&[number("+12065550102")]).await.unwrap();

    // Each pair of states becomes each: what changes for both, for one, to the same value and to different ones.
    let pairs: Vec<[usize; 2]> = (0..16).map(|n| [n / 4, n % 4]).collect();
    for from in &pairs {
        for to in &pairs {
            for pair in [from, to] {
                let now = tx.dids_by_number(&numbers).await.unwrap();
                let updates: Vec<DidUpdate> = now
                    .into_iter()
                    .zip(pair)
                    .map(|(row, state)| {
                        let (alias, routing) = states[*state].clone();
                        DidUpdate { now: row.did, alias, routing }
                    })
                    .collect();
                tx.update_dids(&updates).await.unwrap();
            }
            let now = tx.dids_by_number(&numbers).await.unwrap();
            let became = now.iter().map(|row| (row.did.alias.clone(), Routing::of(&row.did)));
            assert_eq!(became.collect::<Vec<_>>(), to.map(|state| states[state].clone()), "{from:?} {to:?}");
        }
    }
    assert_eq!(tx.dids_by_number(&[number("+12065550102")]).await.unwrap(), bystander);
}

async fn numbers_that_are_there_already_are_named(db: Db) {
    let account = db.account().await.id;
    let second = db.second_account().await.id;
    let did = |text| new_did(text, None, RouteId::REGISTERED, None);
    let mut tx = db.store.begin(second).await.unwrap();
    tx.insert_dids(&[did("+12065550100")]).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    for (given, taken) in [
        (vec![did("+12065550101"), did("+12065550100")], "+12065550100"),
        (vec![did("+12065550101"), did("+12065550102"), did("+12065550101")], "+12065550101"),
    ] {
        let mut tx = db.store.begin(account).await.unwrap();
        let refused = tx.insert_dids(&given).await;
        assert!(matches!(&refused, Err(Error::NumbersTaken(n)) if n[..] == [number(taken)]), "{refused:?}");
        assert!(matches!(tx.commit(operation("import")).await, Err(Error::Broken)));
    }
    assert_eq!(all_dids(&db.store, account).await, []);
}

async fn of_two_who_add_a_number_at_once_one_gets_it(db: Db) {
    let account = db.account().await.id;
    let second = db.second_account().await.id;
    let did = new_did("+12065550100", None, RouteId::REGISTERED, None);
    let mut first = db.store.begin(account).await.unwrap();
    first.insert_dids(std::slice::from_ref(&did)).await.unwrap();
    let add = async |store: &store::Store| {
        let mut tx = store.begin(second).await?;
        tx.insert_dids(std::slice::from_ref(&did)).await
    };
    // It waits for the first, whom it cannot see yet.
    let (refused, committed) = tokio::join!(add(&db.store), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        first.commit(operation("import")).await
    });
    committed.unwrap();
    assert!(matches!(&refused, Err(Error::NumbersTaken(_))), "{refused:?}");
    let refused = add(&db.store).await;
    assert!(matches!(&refused, Err(Error::NumbersTaken(n)) if n[..] == [did.number]), "{refused:?}");
    assert_eq!(db.store.owners_of(&[did.number]).await.unwrap(), [(account, did.number)]);
}

async fn a_route_that_is_not_there_is_refused(db: Db) {
    let account = db.account().await.id;
    for (primary, failover) in [(RouteId(7), None), (RouteId::REGISTERED, Some(RouteId(7)))] {
        let mut tx = db.store.begin(account).await.unwrap();
        let refused = tx.insert_dids(&[new_did("+12065550100", None, primary, failover)]).await;
        assert!(matches!(refused, Err(Error::UnknownRoute)), "{refused:?}");
    }
    let mut tx = db.store.begin(account).await.unwrap();
    tx.insert_dids(&[new_did("+12065550100", None, RouteId::REGISTERED, None)]).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    let now = all_dids(&db.store, account).await.remove(0).did;
    let as_it_is = Routing::of(&now);
    for routing in [
        Routing { primary: RouteId(7), ..as_it_is },
        Routing { failover: Failover::Route(RouteId(7)), ..as_it_is },
    ] {
        let mut tx = db.store.begin(account).await.unwrap();
        let update = DidUpdate { now: now.clone(), alias: None, routing };
        assert!(matches!(tx.update_dids(std::slice::from_ref(&update)).await, Err(Error::UnknownRoute)));
        drop(tx);
        // Beside one that becomes something else, too.
        let mut tx = db.store.begin(account).await.unwrap();
        tx.insert_dids(&[new_did("+12065550109", None, RouteId::REGISTERED, None)]).await.unwrap();
        let other = tx.dids_by_number(&[number("+12065550109")]).await.unwrap().remove(0).did;
        let routing = Routing { failover: Failover::Route(RouteId::REGISTERED), ..as_it_is };
        let other = DidUpdate { now: other, alias: None, routing };
        assert!(matches!(tx.update_dids(&[update, other]).await, Err(Error::UnknownRoute)));
    }
}

async fn dids_that_are_not_there_are_refused(db: Db) {
    let account = db.account().await.id;
    let (primary, failover) = (RouteId::REGISTERED, Failover::None);
    let routing = Routing { primary, failover, weights: None };
    let now = Did { id: DidId(5), ..routing.did(number("+12065550100")) };
    let elsewhere = Routing { failover: Failover::Route(primary), ..routing };
    for (alias, routing) in [(Some(alias("new")), routing), (None, elsewhere)] {
        let update = DidUpdate { now: now.clone(), alias, routing };
        let mut tx = db.store.begin(account).await.unwrap();
        assert!(matches!(tx.update_dids(&[update]).await, Err(Error::NotFound(Noun::Did))));
    }
    let mut tx = db.store.begin(account).await.unwrap();
    assert!(matches!(tx.delete_dids(&[now.number]).await, Err(Error::NotFound(Noun::Did))));
}

async fn a_failover_plan_that_is_not_there_is_refused(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let did = new_did_on("+12065550100", RouteId::REGISTERED, PlanId(1));
    assert!(matches!(tx.insert_dids(&[did]).await, Err(Error::NotFound(Noun::Plan))));
}

async fn weights_need_a_failover_route_and_stay_in_range(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let plan = tx.insert_plan(&new_plan("plan", &[RouteId::REGISTERED])).await.unwrap();
    tx.insert_dids(&[new_did("+12065550100", None, RouteId::REGISTERED, None)]).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    let now = all_dids(&db.store, account).await.remove(0).did;
    for (failover, weights) in [
        (Failover::None, weights(1, 1)),
        (Failover::Plan(plan), weights(1, 1)),
        (Failover::Route(RouteId::REGISTERED), weights(1_001, 0)),
        (Failover::Route(RouteId::REGISTERED), weights(0, u16::MAX)),
    ] {
        let mut tx = db.store.begin(account).await.unwrap();
        let routing = Routing { primary: RouteId::REGISTERED, failover, weights };
        let did = new_did("+12065550101", None, RouteId::REGISTERED, None);
        let inserted = tx.insert_dids(&[NewDid { routing, ..did }]).await;
        drop(tx);
        let mut tx = db.store.begin(account).await.unwrap();
        let update = DidUpdate { now: now.clone(), alias: None, routing };
        let updated = tx.update_dids(&[update]).await;
        for refused in [inserted, updated] {
            assert!(matches!(refused, Err(Error::Weights)), "{failover:?} {weights:?}: {refused:?}");
        }
    }
}

async fn filters_choose_and_counts_stop_at_their_cap(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a", "b"]).await;
    let plan = tx.insert_plan(&new_plan("plan", &ids)).await.unwrap();
    let unused = tx.insert_plan(&new_plan("unused", &ids)).await.unwrap();
    tx.insert_dids(&[
        new_did("+12065550100", None, ids[0], Some(ids[1])),
        new_did("+12065550101", None, ids[0], None),
        new_did("+442079460100", Some("desk"), ids[1], Some(ids[0])),
        new_did("+442079460101", None, RouteId::REGISTERED, None),
        new_did_on("+442079460102", ids[1], plan),
        new_did_on("+442079460103", RouteId::REGISTERED, plan),
    ])
    .await
    .unwrap();
    tx.commit(operation("import")).await.unwrap();
    let all = DidFilter::default();
    assert!(all.is_all());
    for (filter, expected) in [
        (all.clone(), &[0, 1, 2, 3, 4, 5][..]),
        (DidFilter { failover: FailoverFilter::None, ..all.clone() }, &[1, 3]),
        (DidFilter { failover: FailoverFilter::Some, ..all.clone() }, &[0, 2, 4, 5]),
        (DidFilter { route: Some(ids[0]), ..all.clone() }, &[0, 1, 2]),
        // Not through the plan.
        (DidFilter { route: Some(ids[1]), ..all.clone() }, &[0, 2, 4]),
        (DidFilter { route: Some(RouteId::REGISTERED), ..all.clone() }, &[3, 5]),
        (DidFilter { plan: Some(plan), ..all.clone() }, &[4, 5]),
        (DidFilter { plan: Some(unused), ..all.clone() }, &[]),
        (DidFilter { plan: Some(plan), route: Some(ids[1]), ..all.clone() }, &[4]),
        (DidFilter { plan: Some(plan), failover: FailoverFilter::None, ..all.clone() }, &[]),
        (DidFilter { plan: Some(plan), failover: FailoverFilter::Some, ..all.clone() }, &[4, 5]),
        (DidFilter { plan: Some(plan), q: Some("0103".to_owned()), ..all.clone() }, &[5]),
        (DidFilter { calling_code: Some(44), ..all.clone() }, &[2, 3, 4, 5]),
        (DidFilter { calling_code: Some(44), route: Some(ids[0]), ..all.clone() }, &[2]),
        (DidFilter { q: Some("desk".to_owned()), failover: FailoverFilter::None, ..all.clone() }, &[]),
        (DidFilter { q: Some("  ".to_owned()), ..all.clone() }, &[0, 1, 2, 3, 4, 5]),
    ] {
        let numbers = [
            "+12065550100",
            "+12065550101",
            "+442079460100",
            "+442079460101",
            "+442079460102",
            "+442079460103",
        ];
        let found = db.store.dids_after(account, &filter, None, 100).await.unwrap();
        assert_eq!(matching(&db.store, account, &filter).await, found, "{filter:?}");
        let found: Vec<String> = found.iter().map(|row| row.did.number.to_string()).collect();
        let expected: Vec<&str> = expected.iter().map(|n| numbers[*n]).collect();
        assert_eq!(found, expected, "{filter:?}");
        let count = expected.len() as u64;
        assert_eq!(db.store.count_dids(account, &filter, None).await.unwrap(), count, "{filter:?}");
        assert_eq!(db.store.count_dids(account, &filter, Some(2)).await.unwrap(), count.min(2), "{filter:?}");
        let request = PageRequest { limit: 3, ..PageRequest::default() };
        let page = db.store.did_page(account, &filter, request).await.unwrap();
        assert_eq!(page.rows.len() as u64, count.min(3), "{filter:?}");
        let both = db.store.did_page_and_count(account, &filter, request, 2).await.unwrap();
        assert_eq!(both, (page, count.min(2)), "{filter:?}");
        let groups = db.store.groups(account, &filter).await.unwrap();
        assert_eq!(groups.iter().map(|group| group.dids).sum::<u64>(), count, "{filter:?}");
    }
}

async fn pairs_and_calling_codes_are_counted(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let ids = add_routes(&mut tx, &["a"]).await;
    let mut plans = Vec::new();
    for name in ["z", "a"] {
        plans.push(tx.insert_plan(&new_plan(name, &ids)).await.unwrap());
    }
    let sharing = |text, primary, failover| {
        shared(new_did(text, None, ids[0], Some(RouteId::REGISTERED)), primary, failover)
    };
    tx.insert_dids(&[
        new_did("+12065550102", None, ids[0], None),
        new_did("+12065550101", None, ids[0], None),
        new_did("+442079460100", None, ids[0], Some(RouteId::REGISTERED)),
        new_did("+33199001234", None, RouteId::REGISTERED, None),
        sharing("+442079460104", 500, 1),
        sharing("+442079460103", 20, 1_000),
        sharing("+442079460102", 20, 0),
        sharing("+442079460105", 20, 0),
        new_did_on("+442079460107", ids[0], plans[1]),
        new_did_on("+442079460106", ids[0], plans[1]),
        new_did_on("+442079460108", ids[0], plans[0]),
    ])
    .await
    .unwrap();
    tx.commit(operation("import")).await.unwrap();
    assert_eq!(db.store.calling_codes(account).await.unwrap(), [(1, 2), (33, 1), (44, 8)]);
    let groups = db.store.groups(account, &DidFilter::default()).await.unwrap();
    let groups: Vec<_> = groups
        .into_iter()
        .map(|p| (p.routing.primary.0, p.routing.failover, p.routing.weights, p.dids, p.example.to_string()))
        .collect();
    let registered = Failover::Route(RouteId::REGISTERED);
    let expected = [
        (0, Failover::None, None, 1, "+33199001234"),
        (1, Failover::None, None, 2, "+12065550101"),
        (1, Failover::Plan(plans[0]), None, 1, "+442079460108"),
        (1, Failover::Plan(plans[1]), None, 2, "+442079460106"),
        (1, registered, None, 1, "+442079460100"),
        (1, registered, weights(20, 0), 2, "+442079460102"),
        (1, registered, weights(20, 1_000), 1, "+442079460103"),
        (1, registered, weights(500, 1), 1, "+442079460104"),
    ];
    assert_eq!(groups, expected.map(|(p, f, w, dids, example)| (p, f, w, dids, example.to_owned())));
    let alike = DidFilter { plan: Some(plans[1]), ..DidFilter::default() };
    assert_eq!(db.store.groups(account, &alike).await.unwrap().len(), 1);

    let mut tx = db.store.begin(account).await.unwrap();
    let released = ["+33199001234", "+442079460108"].map(number);
    tx.delete_dids(&released).await.unwrap();
    tx.commit(operation("release")).await.unwrap();
    assert_eq!(db.store.calling_codes(account).await.unwrap(), [(1, 2), (44, 7)]);
}

async fn own_numbers_are_known_across_accounts(db: Db) {
    let account = db.account().await.id;
    let second = db.second_account().await.id;
    for (account, text) in [(account, "+12065550100"), (second, "+442079460100")] {
        let mut tx = db.store.begin(account).await.unwrap();
        tx.insert_dids(&[new_did(text, None, RouteId::REGISTERED, None)]).await.unwrap();
        tx.commit(operation("import")).await.unwrap();
    }
    let asked = [number("+442079460100"), number("+12065550100"), number("+12065550199")];
    let own = [number("+12065550100"), number("+442079460100")];
    assert_eq!(db.store.own_numbers(&asked).await.unwrap(), own);
    let mut tx = db.store.begin(account).await.unwrap();
    assert_eq!(tx.own_numbers(&asked).await.unwrap(), own);
}

async fn released_numbers_can_be_added_again_under_a_new_id(db: Db) {
    let account = db.account().await.id;
    let did = new_did("+12065550100", Some("desk"), RouteId::REGISTERED, None);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut tx = db.store.begin(account).await.unwrap();
        tx.insert_dids(std::slice::from_ref(&did)).await.unwrap();
        let id = tx.dids_by_number(&[did.number]).await.unwrap()[0].did.id;
        tx.delete_dids(&[did.number]).await.unwrap();
        tx.commit(operation("release")).await.unwrap();
        ids.push(id);
    }
    assert_ne!(ids[0], ids[1]);
    assert_eq!(all_dids(&db.store, account).await, []);
}

async fn empty_sets_change_nothing(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    tx.insert_dids(&[]).await.unwrap();
    tx.update_dids(&[]).await.unwrap();
    tx.delete_dids(&[]).await.unwrap();
    tx.record(&[]).await.unwrap();
    assert_eq!(tx.dids_by_number(&[]).await.unwrap(), []);
    assert_eq!(tx.commit(operation("nothing")).await.unwrap(), Version(1));
}
