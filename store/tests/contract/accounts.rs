use routing::{AccountId, Defaults, EdgeId, Millis, RouteId, Version};
use store::{Error, NewAccount, Noun, UnixMs};

use super::build::{all_dids, new_did, operation};
use crate::support::{Db, contract};

contract! {
    an_account_is_read_as_it_was_created,
    an_account_is_there_with_all_that_fills_it_or_not_at_all,
    what_the_owner_may_change_is_changed,
    the_edges_come_with_the_database,
    an_account_that_is_not_there_is_not_found,
    connecting_again_finds_what_is_there,
}

fn new(name: &str) -> NewAccount {
    NewAccount { name: name.to_owned(), country: "FR".to_owned(), sample: true, created_at: UnixMs::now() }
}

async fn an_account_is_read_as_it_was_created(db: Db) {
    let before = UnixMs::now();
    let account = db.create(new("Société d’Été")).await.unwrap();
    assert_eq!(
        (account.name.as_str(), account.country.as_str(), account.sample),
        ("Société d’Été", "FR", true)
    );
    assert_eq!((account.version, account.defaults.clone()), (Version(0), Defaults::default()));
    assert!(account.created_at >= before);
    assert_eq!(db.store.account(account.id).await.unwrap().as_ref(), Some(&account));
    assert_eq!(db.store.accounts().await.unwrap(), [account]);
}

async fn an_account_is_there_with_all_that_fills_it_or_not_at_all(db: Db) {
    for finished in [false, true] {
        let mut tx = db.store.create_account(new("Northwind")).await.unwrap();
        let account = tx.account().id;
        for (at, line) in [(1_000, "+12065550100"), (2_000, "+12065550101")] {
            tx.set_at(UnixMs(at));
            tx.insert_dids(&[new_did(line, None, RouteId::REGISTERED, None)]).await.unwrap();
            tx.end_operation(operation("import")).await.unwrap();
            // Neither in this process nor in another.
            assert_eq!(db.store.accounts().await.unwrap(), []);
        }
        if !finished {
            drop(tx);
            assert_eq!(db.store.accounts().await.unwrap(), []);
            continue;
        }
        assert_eq!(tx.commit(operation("last")).await.unwrap(), Version(2));
        assert_eq!(db.store.account(account).await.unwrap().unwrap().version, Version(2));
        let done = db.store.recent_operations(account, 10).await.unwrap();
        let done: Vec<_> =
            done.iter().map(|row| (row.version.0, row.operation.kind.as_str(), row.at.0)).collect();
        assert_eq!(done, [(2, "last", 2_000), (1, "import", 2_000), (0, "import", 1_000)]);
        let versions: Vec<i64> = all_dids(&db.store, account).await.iter().map(|row| row.version.0).collect();
        assert_eq!(versions, [0, 1]);
    }
}

async fn what_the_owner_may_change_is_changed(db: Db) {
    let account = db.account().await;
    let defaults = Defaults { ring_ms: Millis(12_345), ..Defaults::default() };
    let mut tx = db.store.begin(account.id).await.unwrap();
    tx.update_account("Renamed", "GB", &defaults).await.unwrap();
    assert_eq!(tx.account().name, "Renamed");
    tx.commit(operation("edit_account")).await.unwrap();
    let now = db.store.account(account.id).await.unwrap().unwrap();
    assert_eq!((now.name.as_str(), now.country.as_str(), &now.defaults), ("Renamed", "GB", &defaults));
    assert_eq!(now.version, Version(1));
}

async fn the_edges_come_with_the_database(db: Db) {
    let edges: Vec<_> = db.store.edges().await.unwrap().into_iter().map(|e| (e.id, e.name, e.host)).collect();
    let edge = |id, name: &str, host: &str| (EdgeId(id), name.to_owned(), host.to_owned());
    assert_eq!(
        edges,
        [
            edge(4, "US-East-VA", "us-east-va.sip.flowroute.com"),
            edge(2, "US-West-OR", "us-west-or.sip.flowroute.com"),
        ]
    );
}

async fn an_account_that_is_not_there_is_not_found(db: Db) {
    let nobody = AccountId(77);
    assert_eq!(db.store.account(nobody).await.unwrap(), None);
    assert!(matches!(db.store.begin(nobody).await, Err(Error::NotFound(Noun::Account))));
    assert!(matches!(db.store.snapshot(nobody).await, Err(Error::NotFound(Noun::Account))));
    let draft = db.store.begin_draft(nobody, "dids.csv").await;
    assert!(matches!(draft, Err(Error::NotFound(Noun::Account))));
    // Nothing is left locked behind the refusals.
    db.account().await;
}

async fn connecting_again_finds_what_is_there(db: Db) {
    let account = db.account().await;
    let again = store::Store::connect(&db.url.parse().unwrap()).await.unwrap();
    assert_eq!(again.accounts().await.unwrap(), [account]);
    again.close().await;
}
