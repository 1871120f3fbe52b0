use routing::Version;
use store::{DraftId, Error, Noun};

use super::build::{operation, upload};
use crate::support::{Db, contract};

contract! {
    a_draft_is_read_part_by_part_as_it_was_uploaded_until_it_is_applied,
    nobody_finds_a_draft_that_is_not_whole,
    a_draft_is_gone_after_a_day,
    an_account_keeps_the_latest_drafts,
}

fn is_gone<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::NotFound(Noun::Draft))), "{result:?}");
}

async fn a_draft_is_read_part_by_part_as_it_was_uploaded_until_it_is_applied(db: Db) {
    let account = db.account().await.id;
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let id = upload(&db.store, account, "dids é.csv", &[&bytes, b"", b"\0end"]).await;
    let other = upload(&db.store, account, "", &[]).await;
    assert_ne!(id, other);
    assert_eq!(id.to_string().parse::<DraftId>().unwrap(), id);
    for text in
        ["", "1", &"g".repeat(32), &id.to_string().to_uppercase().replace(|c: char| c.is_ascii_digit(), "A")]
    {
        is_gone(text.parse::<DraftId>());
    }
    let draft = db.store.draft(account, id).await.unwrap().unwrap();
    assert_eq!((draft.name.as_str(), draft.parts, draft.as_of), ("dids é.csv", 3, Version(3)));
    assert_eq!(db.store.draft_part(account, id, 0).await.unwrap(), bytes);
    assert_eq!(db.store.draft_part(account, id, 1).await.unwrap(), b"");
    is_gone(db.store.draft_part(account, id, 3).await);
    is_gone(db.store.draft_part(account, other, 0).await);
    // Uploading is no change of the account.
    assert_eq!(db.store.account(account).await.unwrap().unwrap().version, Version(0));

    assert_eq!(db.store.draft_part(account, id, 2).await.unwrap(), b"\0end");

    let mut tx = db.store.begin(account).await.unwrap();
    tx.delete_draft(id).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    assert_eq!(db.store.draft(account, id).await.unwrap(), None);
    is_gone(db.store.draft_part(account, id, 0).await);
    is_gone(db.store.begin(account).await.unwrap().delete_draft(id).await);
    assert!(db.store.draft(account, other).await.unwrap().is_some());
}

async fn nobody_finds_a_draft_that_is_not_whole(db: Db) {
    let account = db.account().await.id;
    let id = db.store.begin_draft(account, "half.csv").await.unwrap();
    db.store.add_draft_part(account, id, 0, b"number\n".to_vec()).await.unwrap();
    assert_eq!(db.store.draft(account, id).await.unwrap(), None);
    // Given up, its parts are gone with it, and no more of them come.
    db.store.remove_draft(account, id).await.unwrap();
    is_gone(db.store.draft_part(account, id, 0).await);
    is_gone(db.store.add_draft_part(account, id, 1, b"x".to_vec()).await);
    is_gone(db.store.complete_draft(account, id, 2, Version(0)).await);
    is_gone(db.store.remove_draft(account, id).await);
}

async fn a_draft_is_gone_after_a_day(db: Db) {
    let account = db.account().await.id;
    let whole = upload(&db.store, account, "old.csv", &[b"x"]).await;
    let broken_off = db.store.begin_draft(account, "half.csv").await.unwrap();
    db.store.add_draft_part(account, broken_off, 0, b"x".to_vec()).await.unwrap();
    db.sql("update import_drafts set created_at = created_at - 86400001").await;
    assert_eq!(db.store.draft(account, whole).await.unwrap(), None);
    // The next upload, of whomever, takes away what is left.
    let other = db.second_account().await.id;
    db.store.begin_draft(other, "new.csv").await.unwrap();
    assert_eq!((db.count("import_drafts").await, db.count("import_draft_parts").await), (1, 0));
}

async fn an_account_keeps_the_latest_drafts(db: Db) {
    let account = db.account().await.id;
    let first = upload(&db.store, account, "first.csv", &[b"x"]).await;
    let other = db.second_account().await.id;
    let theirs = upload(&db.store, other, "theirs.csv", &[b"x"]).await;
    db.sql("update import_drafts set created_at = created_at - 1000").await;
    for n in 1..8 {
        upload(&db.store, account, &format!("{n}.csv"), &[b"x"]).await;
    }
    assert!(db.store.draft(account, first).await.unwrap().is_some());
    let last = upload(&db.store, account, "8.csv", &[b"x"]).await;
    assert_eq!(db.store.draft(account, first).await.unwrap(), None);
    assert!(db.store.draft(account, last).await.unwrap().is_some());
    assert_eq!((db.count("import_drafts").await, db.count("import_draft_parts").await), (9, 9));
    assert!(db.store.draft_part(other, theirs, 0).await.is_ok());
}
