use store::{AcceptedRow, Error, Noun, UnixMs};

use super::build::operation;
use crate::support::{Db, contract};

contract! {
    an_accepted_finding_is_kept_until_it_is_replaced_or_withdrawn,
}

async fn an_accepted_finding_is_kept_until_it_is_replaced_or_withdrawn(db: Db) {
    let account = db.account().await.id;
    let row = |key: &str, reason: &str, until| AcceptedRow {
        key: key.to_owned(),
        kind: "same_site".to_owned(),
        by: "Dana".to_owned(),
        reason: reason.to_owned(),
        at: UnixMs(5_000),
        until,
    };
    let first = row("same_site/1/2", "one building “only”", Some(UnixMs(9_000)));
    let other = row("Same_site/1/2", "keys know capitals", None);
    let mut tx = db.store.begin(account).await.unwrap();
    tx.accept_finding(&first).await.unwrap();
    tx.accept_finding(&other).await.unwrap();
    assert_eq!(tx.accepted_findings().await.unwrap(), [other.clone(), first.clone()]);
    tx.commit(operation("accept")).await.unwrap();
    assert_eq!(db.store.accepted_findings(account).await.unwrap(), [other.clone(), first]);

    let again = AcceptedRow {
        kind: "same_host".to_owned(),
        by: "Sam".to_owned(),
        at: UnixMs(6_000),
        ..row("same_site/1/2", "for good", None)
    };
    let mut tx = db.store.begin(account).await.unwrap();
    tx.accept_finding(&again).await.unwrap();
    tx.withdraw_acceptance(&other.key).await.unwrap();
    tx.commit(operation("accept")).await.unwrap();
    assert_eq!(db.store.accepted_findings(account).await.unwrap(), [again]);

    let refused = db.store.begin(account).await.unwrap().withdraw_acceptance(&other.key).await;
    assert!(matches!(refused, Err(Error::NotFound(Noun::AcceptedFinding))), "{refused:?}");
}
