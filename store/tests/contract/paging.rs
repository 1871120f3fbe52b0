use routing::{E164, Failover, PlanId, RouteId};
use store::{Cursor, DidFilter, DidPage, DidRow, DidSort, Error, FailoverFilter, PageRequest, Store, UnixMs};

use super::build::{add_routes, alias, all_dids, matching, new_did, new_plan, nth_number, operation};
use crate::support::{Db, contract};

contract! {
    pages_put_together_are_the_sorted_list_in_both_directions,
    a_place_stays_good_when_its_row_is_gone,
    a_page_that_reaches_the_start_is_filled_up,
    a_cursor_of_another_order_is_refused,
}

const COUNT: u64 = 41;

/// Many ties in every key, and rows without alias or failover. Numbers are not in the order of ids.
async fn fill(db: &Db) -> routing::AccountId {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    tx.set_at(UnixMs(1_000));
    // Aliases sort against their ids; letters beyond ASCII and capitals must sort alike on both databases.
    let routes = add_routes(&mut tx, &["zulu", "Éclair", "alpha", "Beta_b", "beta-a"]).await;
    // Plans sort among the routes; one is called as a route is.
    let mut plans = Vec::new();
    for name in ["Élan", "alpha", "beta 1"] {
        plans.push(tx.insert_plan(&new_plan(name, &routes)).await.unwrap());
    }
    let names = [None, Some("desk"), Some("Desk"), Some("épée"), Some("a b"), Some("a_b"), Some("Zoë"), None];
    let dids: Vec<_> = (0..COUNT)
        .map(|n| {
            let at = n as usize;
            // Of three calling codes; those of France have a digit less.
            let nth = n * 17 % COUNT;
            let number = match nth % 3 {
                0 => nth_number(nth).to_string(),
                1 => format!("+4420794600{nth:02}"),
                _ => format!("+331990055{nth:02}"),
            };
            let failover = [None, Some(routes[at % 5]), Some(routes[0]), Some(RouteId::REGISTERED)][at % 4];
            let primary = if at.is_multiple_of(7) { RouteId::REGISTERED } else { routes[at % 3] };
            let mut did = new_did(&number, names[at % names.len()], primary, failover);
            if at % 5 == 4 {
                did.routing.failover = Failover::Plan(plans[at % 3]);
            }
            did
        })
        .collect();
    tx.insert_dids(&dids[..30]).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    let mut tx = db.store.begin(account).await.unwrap();
    tx.set_at(UnixMs(2_000));
    tx.insert_dids(&dids[30..]).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    account
}

/// The order as it is promised, computed the plain way.
async fn sorted(
    store: &Store,
    account: routing::AccountId,
    filter: &DidFilter,
    sort: DidSort,
) -> Vec<DidRow> {
    let routes = store.route_choices(account).await.unwrap();
    let plans = store.plan_choices(account).await.unwrap();
    let name = |id: RouteId| {
        let found = routes.iter().find(|row| row.route.id == id);
        found.map_or("sip-reg".to_owned(), |row| row.route.alias.fold())
    };
    let mut rows = matching(store, account, filter).await;
    rows.sort_by_cached_key(|row| {
        let key = match sort {
            DidSort::Number => Some(String::new()),
            DidSort::Alias => row.did.alias.as_ref().map(|alias| alias.fold()),
            DidSort::Primary => Some(name(row.did.primary)),
            DidSort::Failover => match row.did.failover {
                Failover::None => None,
                Failover::Route(route) => Some(name(route)),
                Failover::Plan(id) => {
                    let found = plans.iter().find(|row| row.plan.id == id);
                    Some(found.expect("the plan is the account's").plan.name.fold())
                }
            },
            DidSort::Changed => Some(row.changed_at.to_string()),
        };
        (key.is_none(), key, row.did.number)
    });
    rows
}

async fn page(
    store: &Store,
    account: routing::AccountId,
    filter: &DidFilter,
    request: PageRequest<'_>,
) -> DidPage {
    let page = store.did_page(account, filter, request).await.unwrap();
    // Every cursor survives the URL.
    for cursor in [&page.next, &page.previous].into_iter().flatten() {
        assert_eq!(&cursor.to_string().parse::<Cursor>().unwrap(), cursor);
    }
    page
}

fn numbers(rows: &[DidRow]) -> Vec<E164> {
    rows.iter().map(|row| row.did.number).collect()
}

async fn pages_put_together_are_the_sorted_list_in_both_directions(db: Db) {
    let account = fill(&db).await;
    let any = DidFilter::default();
    let filters = [
        any.clone(),
        DidFilter { route: Some(RouteId(1)), ..any.clone() },
        DidFilter { route: Some(RouteId::REGISTERED), ..any.clone() },
        DidFilter { plan: Some(PlanId(2)), ..any.clone() },
        DidFilter { plan: Some(PlanId(2)), route: Some(RouteId(1)), ..any.clone() },
        DidFilter { plan: Some(PlanId(2)), failover: FailoverFilter::None, ..any.clone() },
        DidFilter { failover: FailoverFilter::None, ..any.clone() },
        DidFilter { failover: FailoverFilter::Some, ..any.clone() },
        DidFilter { q: Some("desk".to_owned()), ..any.clone() },
        DidFilter { q: Some("5".to_owned()), calling_code: Some(1), ..any.clone() },
        DidFilter { calling_code: Some(44), ..any.clone() },
        DidFilter { calling_code: Some(33), route: Some(RouteId(1)), ..any.clone() },
        DidFilter { calling_code: Some(44), plan: Some(PlanId(2)), ..any.clone() },
        DidFilter { calling_code: Some(1), failover: FailoverFilter::None, ..any.clone() },
        DidFilter { q: Some("desk".to_owned()), calling_code: Some(44), ..any.clone() },
        DidFilter { calling_code: Some(4), ..any.clone() },
        DidFilter { q: Some("no such thing".to_owned()), ..any },
    ];
    for filter in &filters {
        for sort in DidSort::ALL {
            for descending in [false, true] {
                let mut expected = sorted(&db.store, account, filter, sort).await;
                let counted = db.store.count_dids(account, filter, Some(100)).await.unwrap();
                assert_eq!(counted, expected.len() as u64, "{filter:?}");
                if descending {
                    expected.reverse();
                }
                for limit in [1, 4, 100] {
                    let what = format!("{filter:?} {sort:?} descending {descending} by {limit}");
                    let request = PageRequest { sort, descending, limit, ..PageRequest::default() };
                    check(&db.store, account, filter, request, &expected, &what).await;
                }
            }
        }
    }
}

/// Walks to the end and back.
async fn check(
    store: &Store,
    account: routing::AccountId,
    filter: &DidFilter,
    request: PageRequest<'_>,
    expected: &[DidRow],
    what: &str,
) {
    let mut pages = vec![page(store, account, filter, request).await];
    while let Some(cursor) = pages.last().and_then(|page| page.next.clone()) {
        pages.push(page(store, account, filter, PageRequest { cursor: Some(&cursor), ..request }).await);
        assert!(pages.len() <= expected.len(), "{what}: it never ends");
    }
    let walked: Vec<DidRow> = pages.iter().flat_map(|page| page.rows.clone()).collect();
    assert_eq!(numbers(&walked), numbers(expected), "{what}");
    assert_eq!(walked, expected, "{what}");
    assert_eq!(pages[0].previous, None, "{what}");
    let mut current = pages.pop().unwrap();
    while let Some(earlier) = pages.pop() {
        let cursor = current.previous.clone().expect(what);
        let request = PageRequest { cursor: Some(&cursor), backwards: true, ..request };
        current = page(store, account, filter, request).await;
        assert_eq!(numbers(&current.rows), numbers(&earlier.rows), "{what}: backwards");
        assert!(current.next.is_some(), "{what}: backwards");
    }
    assert_eq!(current.previous, None, "{what}: back at the start");
}

async fn a_place_stays_good_when_its_row_is_gone(db: Db) {
    let account = fill(&db).await;
    let filter = DidFilter::default();
    for sort in DidSort::ALL {
        let request = PageRequest { sort, limit: 5, ..PageRequest::default() };
        let first = page(&db.store, account, &filter, request).await;
        let second = PageRequest { cursor: first.next.as_ref(), ..request };
        let expected = page(&db.store, account, &filter, second).await;
        let mut tx = db.store.begin(account).await.unwrap();
        tx.delete_dids(&[first.rows[4].did.number]).await.unwrap();
        tx.commit(operation("release")).await.unwrap();
        assert_eq!(page(&db.store, account, &filter, second).await.rows, expected.rows, "{sort:?}");
    }
}

async fn a_page_that_reaches_the_start_is_filled_up(db: Db) {
    let account = fill(&db).await;
    let filter = DidFilter::default();
    let request = PageRequest { limit: 3, ..PageRequest::default() };
    let first = page(&db.store, account, &filter, request).await;
    let five = PageRequest { limit: 5, cursor: first.next.as_ref(), backwards: true, ..request };
    let filled = page(&db.store, account, &filter, five).await;
    assert_eq!(filled.rows.len(), 5);
    assert_eq!(filled.rows[..3], first.rows);
    assert_eq!(filled.previous, None);

    // Everything after the place is gone: the way back is still there.
    let last: Cursor = "n442079469999".parse().unwrap();
    let empty = page(&db.store, account, &filter, PageRequest { cursor: Some(&last), ..request }).await;
    assert_eq!((empty.rows.len(), empty.next), (0, None));
    let back = PageRequest { cursor: empty.previous.as_ref(), backwards: true, ..request };
    let back = page(&db.store, account, &filter, back).await;
    assert_eq!(back.rows.last(), all_dids(&db.store, account).await.last());
}

async fn a_cursor_of_another_order_is_refused(db: Db) {
    let account = fill(&db).await;
    let request = PageRequest { sort: DidSort::Alias, limit: 3, ..PageRequest::default() };
    let first = page(&db.store, account, &DidFilter::default(), request).await;
    assert_eq!(first.rows[0].did.alias, Some(alias("a b")));
    let other = PageRequest { sort: DidSort::Number, cursor: first.next.as_ref(), ..request };
    let refused = db.store.did_page(account, &DidFilter::default(), other).await;
    assert!(matches!(refused, Err(Error::Cursor)), "{refused:?}");
}
