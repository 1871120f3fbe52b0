//! The support desk: one search over every account, and what is wrong where.

use portal::{Actor, Error, Hit, NewAccount, Noun, Tally, Via};
use routing::AccountId;

use crate::office::{Office, number};
use crate::support::{Db, contract};

contract!(
    a_whole_number_leads_to_it_however_it_is_written,
    anything_else_is_listed_by_kind,
    what_is_wrong_is_counted_where_it_is,
    an_account_that_changed_is_counted_again,
    who_is_not_of_the_staff_finds_no_desk,
);

const PAGE: &str = "/support";

fn staff() -> Actor {
    Actor::operator("test")
}

async fn hit(office: &Office, typed: &str) -> Hit {
    office.portal.search_all(&staff(), typed, PAGE).await.unwrap()
}

async fn a_whole_number_leads_to_it_however_it_is_written(db: Db) {
    let office = Office::open(db).await;
    let one = Hit::Number(office.account.id, number("+12065550100"));
    for typed in [
        "+12065550100",
        "12065550100",
        "206 555 0100",
        "(206) 555-0100",
        "1-206-555-0100",
        " tel:+1-206-555-0100 ",
        "011 1 206 555 0100",
    ] {
        assert_eq!(hit(&office, typed).await, one, "{typed}");
    }
    for typed in ["2065550199", "555 0100", "206555010", "Front desk", ""] {
        assert!(matches!(hit(&office, typed).await, Hit::Found(_)), "{typed}");
    }
}

async fn anything_else_is_listed_by_kind(db: Db) {
    let office = Office::open(db).await;
    for (typed, dids, routes, accounts) in [
        ("55501", Some(3), 1, 0),
        ("front", Some(1), 0, 0),
        ("pbx", Some(0), 1, 0),
        ("spare.example", Some(0), 1, 0),
        ("north", Some(0), 0, 1),
        ("1", None, 1, 1),
        ("nothing like it", Some(0), 0, 0),
    ] {
        let Hit::Found(found) = hit(&office, typed).await else { panic!("{typed} led somewhere") };
        let counts = (
            found.dids.as_ref().map(|dids| dids.rows.len()),
            found.routes.rows.len(),
            found.accounts.rows.len(),
        );
        assert_eq!(counts, (dids, routes, accounts), "{typed}");
        assert_eq!(found.is_empty(), typed.starts_with("nothing"), "{typed}");
    }
}

async fn what_is_wrong_is_counted_where_it_is(db: Db) {
    let mut office = Office::open(db).await;
    let twin = office.add("twin", "host", "pbx.example.com:5070").await;
    office.set_failover("+12065550100", twin).await.unwrap();
    let quiet = NewAccount { name: "Quiet".into(), country: "US".into() };
    office.portal.create_account(&staff(), &quiet).await.unwrap();

    let standings = office.portal.standings(&staff()).await.unwrap();
    assert_eq!((standings.quiet, standings.more, standings.unseen), (1, 0, 0));
    let [northwind] = standings.accounts.as_slice() else { panic!("{standings:?}") };
    assert_eq!(northwind.account.name, "Northwind");
    let overview = office.portal.overview(&office.dana, office.account.id).await.unwrap();
    let tally = northwind.tally.unwrap();
    assert_eq!(tally.without_failover, 2);
    assert_eq!(tally.serious + tally.warnings + tally.notes, overview.findings.len() as u64);
    assert!(tally.serious > 0, "{tally:?}");
}

async fn an_account_that_changed_is_counted_again(db: Db) {
    let office = Office::open(db).await;
    let without = async || {
        let standings = office.portal.standings(&staff()).await.unwrap();
        standings.accounts[0].tally.unwrap_or_default().without_failover
    };
    assert_eq!(without().await, 3);
    office.set_failover("+12065550100", office.id("mobile")).await.unwrap();
    assert_eq!(without().await, 2);
}

async fn who_is_not_of_the_staff_finds_no_desk(db: Db) {
    let office = Office::open(db).await;
    let stranger = Actor::owner(AccountId(99), "Eve", Via::Browser);
    for actor in [&office.dana, &stranger] {
        let found = office.portal.search_all(actor, "206", PAGE).await.map(|_| ());
        let counted = office.portal.standings(actor).await.map(|_| ());
        for result in [found, counted] {
            assert!(matches!(result, Err(Error::NotFound(Noun::Page))), "{result:?}");
        }
    }
    assert!(Tally::default() < Tally { notes: 1, ..Tally::default() });
}
