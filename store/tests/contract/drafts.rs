use routing::Version;
use store::{DraftId, Error, Noun};

use super::build::operation;
use crate::support::{Db, contract};

contract! {
    a_draft_is_read_as_it_was_uploaded_until_it_is_applied,
    a_draft_is_gone_after_a_day,
}

async fn a_draft_is_read_as_it_was_uploaded_until_it_is_applied(db: Db) {
    let account = db.account().await.id;
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let id = db.store.save_draft(account, "dids é.csv", bytes.clone(), Version(3)).await.unwrap();
    let other = db.store.save_draft(account, "", Vec::new(), Version(0)).await.unwrap();
    assert_ne!(id, other);
    assert_eq!(id.to_string().parse::<DraftId>().unwrap(), id);
    for text in
        ["", "1", &"g".repeat(32), &id.to_string().to_uppercase().replace(|c: char| c.is_ascii_digit(), "A")]
    {
        assert!(matches!(text.parse::<DraftId>(), Err(Error::NotFound(Noun::Draft))), "{text}");
    }
    let draft = db.store.draft(account, id).await.unwrap().unwrap();
    assert_eq!((draft.name.as_str(), &draft.bytes, draft.as_of), ("dids é.csv", &bytes, Version(3)));
    // Uploading is no change of the account.
    assert_eq!(db.store.account(account).await.unwrap().unwrap().version, Version(0));

    let mut tx = db.store.begin(account).await.unwrap();
    assert_eq!(tx.draft(id).await.unwrap(), Some(draft));
    tx.delete_draft(id).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    assert_eq!(db.store.draft(account, id).await.unwrap(), None);
    let mut tx = db.store.begin(account).await.unwrap();
    assert!(matches!(tx.delete_draft(id).await, Err(Error::NotFound(Noun::Draft))));
    drop(tx);
    assert!(db.store.draft(account, other).await.unwrap().is_some());
}

async fn a_draft_is_gone_after_a_day(db: Db) {
    let account = db.account().await.id;
    let id = db.store.save_draft(account, "old.csv", b"x".to_vec(), Version(0)).await.unwrap();
    db.sql("update import_drafts set created_at = created_at - 86400001").await;
    assert_eq!(db.store.draft(account, id).await.unwrap(), None);
}
