//! Two servers stand on one database, each with connections and a cache of its own. (On SQLite: a server, and the command
//! line beside it.)

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use portal::{Actor, BulkAction, DidDraft, Error, Portal, Progress, Via};
use routing::{AccountId, Failover, RouteId};
use store::Store;

use super::bulk::all;
use crate::office::{Office, number};
use crate::support::{Db, contract};

contract!(
    what_both_edit_at_once_loses_no_edit_and_the_history_holds,
    a_did_is_never_older_than_the_version_that_it_is_edited_as_of,
    what_one_does_the_other_shows_at_once,
);

const DID: &str = "+12065550100";
/// How often each server raises the number in the alias.
const RAISES: u64 = 25;

async fn second(db: &Db) -> Portal {
    Portal::new(Store::connect(&db.url.parse().unwrap()).await.unwrap())
}

/// Reads a number out of the alias and writes the next one, until nobody was faster. Says how often somebody was.
async fn raise(portal: &Portal, who: &Actor, account: AccountId) -> u64 {
    let mut lost = 0;
    loop {
        let seen = portal.did(who, account, number(DID)).await.unwrap();
        let now: u64 = seen.row.alias.as_ref().map_or(0, |alias| alias.as_str().parse().unwrap());
        let draft = DidDraft { alias: (now + 1).to_string(), ..DidDraft::of(&seen.row) };
        match portal.edit_did(who, account, number(DID), seen.as_of, &draft).await {
            Ok(_) => return lost,
            Err(Error::DidConflict(_)) => lost += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
}

async fn what_both_edit_at_once_loses_no_edit_and_the_history_holds(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    let zero = DidDraft { alias: "0".into(), ..DidDraft::of(&office.did(DID).await.row) };
    let seen = office.did(DID).await.as_of;
    office.portal.edit_did(&office.dana, account, number(DID), seen, &zero).await.unwrap();
    let before = office.version().await;
    let other = second(&office.db).await;
    let (conflicts, bulk) = (AtomicU64::new(0), AtomicU64::new(0));
    let raising = async |portal: &Portal, who: &Actor| {
        for _ in 0..RAISES {
            conflicts.fetch_add(raise(portal, who, account).await, Ordering::Relaxed);
        }
    };
    // Meanwhile one of them changes the same rows in another column, many at a time.
    let sweeping = async || {
        for round in 0..RAISES {
            let action = if round % 2 == 0 {
                BulkAction::SetFailoverRoute(Failover::Route(office.id("mobile")))
            } else {
                BulkAction::ClearFailoverRoute
            };
            let chosen = all(&other, &office.sam, account).await;
            let done = other
                .apply_bulk(&office.sam, account, &chosen, &action, None, &Progress::default())
                .await
                .unwrap();
            bulk.fetch_add(u64::from(done.version.is_some()), Ordering::Relaxed);
        }
    };
    tokio::join!(raising(&office.portal, &office.dana), raising(&other, &office.sam), sweeping());

    let raised = office.did(DID).await.row.alias.unwrap();
    assert_eq!(raised.as_str(), (2 * RAISES).to_string(), "each edit was made on top of the one before it");
    let confirmed = 2 * RAISES + bulk.load(Ordering::Relaxed);
    assert_eq!(office.version().await.0 - before.0, i64::try_from(confirmed).unwrap());
    for portal in [&office.portal, &other] {
        let found = portal.verify_chain(&office.dana, account, None).await.unwrap().unwrap();
        assert_eq!(found.version, Some(office.version().await));
    }
    assert!(conflicts.load(Ordering::Relaxed) > 0, "they never met");
    other.close().await;
}

/// Else what was saved between reading the one and the other would be overwritten.
async fn a_did_is_never_older_than_the_version_that_it_is_edited_as_of(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    let (before, other) = (office.version().await.0, second(&office.db).await);
    let written = AtomicBool::new(false);
    let writing = async {
        for n in 1..=4 * RAISES {
            let seen = office.did(DID).await;
            let draft = DidDraft { alias: n.to_string(), ..DidDraft::of(&seen.row) };
            office.portal.edit_did(&office.dana, account, number(DID), seen.as_of, &draft).await.unwrap();
        }
        written.store(true, Ordering::Relaxed);
    };
    let reading = async || {
        while !written.load(Ordering::Relaxed) {
            let seen = other.did(&office.sam, account, number(DID)).await.unwrap();
            // Each version made the alias one more.
            let edits: i64 = seen.row.alias.map_or(Ok(0), |alias| alias.as_str().parse()).unwrap_or(0);
            assert!(edits >= seen.as_of.0 - before, "{edits} of {}", seen.as_of.0 - before);
        }
    };
    tokio::join!(writing, reading(), reading(), reading());
    other.close().await;
}

async fn what_one_does_the_other_shows_at_once(db: Db) {
    let mut office = Office::open(db).await;
    let account = office.account.id;
    let other = second(&office.db).await;
    let owner = Actor::owner(account, "Sam", Via::Browser);
    for alias in ["one", "two", "three"] {
        // The other one has the names of before in its cache.
        other.dids(&owner, account, &Default::default()).await.unwrap();
        let route: RouteId = office.add(alias, "phone", "+12065550178").await;
        office.set_failover(DID, route).await.unwrap();
        let seen = other.dids(&owner, account, &Default::default()).await.unwrap();
        assert_eq!(seen.rows[0].failover.to_string(), alias);
    }
    other.close().await;
}
