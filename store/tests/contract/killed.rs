//! A process that dies in the middle of a transaction leaves nothing of it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use routing::{RouteId, Version};
use store::Store;

use super::build::{all_dids, new_did, nth_number, operation};
use crate::support::{Db, block_on, contract};

contract! {
    killed_in_the_middle_leaves_nothing,
}

const URL: &str = "SWITCHBACK_TEST_VICTIM_URL";
const READY: &str = "half of it is written";

async fn killed_in_the_middle_leaves_nothing(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    tx.insert_dids(&[new_did("+442079460123", None, RouteId::REGISTERED, None)]).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    let before = all_dids(&db.store, account).await;

    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::victim", "--ignored", "--nocapture"])
        .env(URL, &db.url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains(READY)), "the victim never came so far");
    victim.kill().unwrap();
    victim.wait().unwrap();

    // The store that stayed open, and one that opens after the crash.
    let again = Store::connect(&db.url.parse().unwrap()).await.unwrap();
    for store in [&db.store, &again] {
        assert_eq!(all_dids(store, account).await, before);
        assert_eq!(store.account(account).await.unwrap().unwrap().version, Version(1));
        let mut tx = store.begin(account).await.unwrap();
        tx.insert_dids(&[new_did("+12065550000", None, RouteId::REGISTERED, None)]).await.unwrap();
    }
    again.close().await;
}

#[test]
#[ignore = "it is the process that gets killed"]
fn victim() {
    let url = std::env::var(URL).unwrap();
    block_on(async {
        let store = Store::connect(&url.parse().unwrap()).await.unwrap();
        let account = store.accounts().await.unwrap()[0].id;
        let mut tx = store.begin(account).await.unwrap();
        let dids: Vec<_> = (0..20_000)
            .map(|n| new_did(&nth_number(n).to_string(), None, RouteId::REGISTERED, None))
            .collect();
        tx.insert_dids(&dids).await.unwrap();
        println!("{READY}");
        tokio::time::sleep(Duration::from_secs(60)).await;
    });
}
