use routing::{AccountId, Version};
use store::{DidFilter, Error, FailoverFilter, Noun, SelectionId};

use crate::support::{Db, contract};

contract! {
    a_selection_is_read_as_it_was_made_and_by_its_account_only,
    a_selection_is_gone_after_a_day_or_when_its_maker_made_many,
}

async fn a_selection_is_read_as_it_was_made_and_by_its_account_only(db: Db) {
    let account = db.account().await.id;
    let other = db.account().await.id;
    let filter = DidFilter {
        q: Some("o'neil \"100%\" é".into()),
        failover: FailoverFilter::None,
        route: Some(routing::RouteId(7)),
        plan: Some(routing::PlanId(8)),
        calling_code: Some(44),
    };
    for filter in [filter, DidFilter::default()] {
        let made = db.store.save_selection(account, filter.clone(), "Dana").await.unwrap();
        assert_eq!((&made.filter, made.dids, made.as_of), (&filter, 0, Version(0)));
        assert_eq!(db.store.selection(account, made.id).await.unwrap(), Some(made.clone()));
        assert_eq!(db.store.selection(other, made.id).await.unwrap(), None);
    }
    assert_eq!(db.store.account(account).await.unwrap().unwrap().version, Version(0), "no change of it");
    let nowhere = db.store.save_selection(AccountId(9_999), DidFilter::default(), "Dana").await;
    assert!(matches!(nowhere, Err(Error::NotFound(Noun::Account))));
    assert!(matches!("x".parse::<SelectionId>(), Err(Error::NotFound(Noun::Selection))));
}

async fn a_selection_is_gone_after_a_day_or_when_its_maker_made_many(db: Db) {
    let account = db.account().await.id;
    let all = DidFilter::default;
    let old = db.store.save_selection(account, all(), "Dana").await.unwrap();
    let colleagues = db.store.save_selection(account, all(), "Sam").await.unwrap();
    db.sql("update selections set created_at = created_at - 1").await;
    let mut last = old.id;
    for _ in 0..100 {
        last = db.store.save_selection(account, all(), "Dana").await.unwrap().id;
    }
    assert_eq!(db.store.selection(account, old.id).await.unwrap(), None);
    assert!(db.store.selection(account, colleagues.id).await.unwrap().is_some());
    assert!(db.store.selection(account, last).await.unwrap().is_some());
    db.sql("update selections set created_at = created_at - 86400001").await;
    assert_eq!(db.store.selection(account, last).await.unwrap(), None);
}
