use routing::{AccountId, RouteId, Routing};
use store::{DidFilter, DidSort, DidUpdate, PageRequest};

use super::build::{alias, all_dids, matching, new_did, operation};
use crate::support::{Db, contract};

contract! {
    digits_and_aliases_are_found_as_people_type_them,
    search_keeps_step_with_changes_and_releases,
    common_words_and_rare_ones_are_found_alike,
}

async fn found(db: &Db, account: AccountId, q: &str) -> Vec<String> {
    let filter = DidFilter { q: Some(q.to_owned()), ..DidFilter::default() };
    let rows = db.store.dids_after(account, &filter, None, 100).await.unwrap();
    let count = db.store.count_dids(account, &filter, None).await.unwrap();
    assert_eq!(count, rows.len() as u64, "{q}");
    assert_eq!(matching(&db.store, account, &filter).await, rows, "{q}");
    rows.iter().map(|row| row.did.number.to_string()).collect()
}

async fn digits_and_aliases_are_found_as_people_type_them(db: Db) {
    let account = db.account().await.id;
    const A: &str = "+12065550100";
    const B: &str = "+12065550111";
    const C: &str = "+442079460123";
    const D: &str = "+33199001234";
    let rows = [
        new_did(A, Some("Front Desk Seattle"), RouteId::REGISTERED, None),
        new_did(B, Some("100% \"off_hours\" \\ line"), RouteId::REGISTERED, None),
        new_did(C, Some("Büro ÉTÉ 206"), RouteId::REGISTERED, None),
        new_did(D, None, RouteId::REGISTERED, None),
    ];
    let mut tx = db.store.begin(account).await.unwrap();
    tx.insert_dids(&rows).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    for (q, expected) in [
        ("206", &[A, B, C][..]),
        ("+1206", &[A, B]),
        ("+1", &[A, B]),
        ("+44", &[C]),
        ("+446", &[]),
        ("+206", &[]),
        ("+1 (206) 555-01", &[A, B]),
        ("206.555.0111", &[B]),
        ("tel:+1-206-555-0111;ext=7", &[B]),
        ("0111", &[B]),
        ("01", &[A, B, D, C]),
        ("00 44 20 7946", &[C]),
        ("011 44 20 7946", &[C]),
        ("020 7946 0123", &[C]),
        ("+44 (0)20 7946", &[C]),
        ("desk", &[A]),
        ("DESK seattle", &[A]),
        ("de", &[A]),
        ("büro", &[C]),
        ("BU\u{308}RO", &[C]),
        ("été", &[C]),
        ("ete", &[]),
        ("%", &[B]),
        ("100%", &[B]),
        ("_", &[B]),
        ("off_", &[B]),
        ("offxhours", &[]),
        ("\\", &[B]),
        ("\"off", &[B]),
        ("alias:desk", &[]),
        ("desk OR line", &[]),
        ("desk*", &[]),
        ("'; drop table dids; --", &[]),
        ("x\0y", &[]),
        ("D\0ESK", &[A]),
        ("999", &[]),
        ("1", &[A, B, D, C]),
    ] {
        assert_eq!(found(&db, account, q).await, expected, "{q:?}");
    }
}

async fn search_keeps_step_with_changes_and_releases(db: Db) {
    let account = db.account().await.id;
    const A: &str = "+12065550100";
    let mut tx = db.store.begin(account).await.unwrap();
    tx.insert_dids(&[new_did(A, Some("old name"), RouteId::REGISTERED, None)]).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    let did = all_dids(&db.store, account).await.remove(0).did;
    for (name, finds, misses) in
        [(Some("new name"), "new", "old"), (Some("NEW NAME"), "new name", "old"), (None, "206555", "name")]
    {
        let mut tx = db.store.begin(account).await.unwrap();
        let now = all_dids(&db.store, account).await.remove(0).did;
        let update = DidUpdate { routing: Routing::of(&now), now, alias: name.map(alias) };
        tx.update_dids(&[update]).await.unwrap();
        tx.commit(operation("set_alias")).await.unwrap();
        assert_eq!(found(&db, account, finds).await, [A], "{finds}");
        assert_eq!(found(&db, account, misses).await, [""; 0], "{misses}");
    }
    let mut tx = db.store.begin(account).await.unwrap();
    tx.delete_dids(&[did.number]).await.unwrap();
    // The transaction sees its own release; rolled back, the number is found again.
    let filter = DidFilter { q: Some("206555".to_owned()), ..DidFilter::default() };
    assert_eq!(tx.count_dids(&filter, None).await.unwrap(), 0);
    drop(tx);
    assert_eq!(found(&db, account, "206555").await, [A]);
    let mut tx = db.store.begin(account).await.unwrap();
    tx.delete_dids(&[did.number]).await.unwrap();
    tx.commit(operation("release")).await.unwrap();
    assert_eq!(found(&db, account, "206555").await, [""; 0]);
}

/// Rare words are answered from the index and common ones by walking the list: both must agree.
async fn common_words_and_rare_ones_are_found_alike(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let dids: Vec<_> = (0..5_000)
        .map(|n| {
            let name = if n % 1_000 == 7 { format!("rare common {n}") } else { format!("common {n}") };
            new_did(&format!("+1206{:07}", 5_550_000 + n), Some(&name), RouteId::REGISTERED, None)
        })
        .collect();
    tx.insert_dids(&dids).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    let small = db.second_account().await.id;
    let mut tx = db.store.begin(small).await.unwrap();
    let few = [
        new_did("+442079460100", Some("common here"), RouteId::REGISTERED, None),
        new_did("+442079465555", None, RouteId::REGISTERED, None),
    ];
    tx.insert_dids(&few).await.unwrap();
    tx.commit(operation("import")).await.unwrap();
    for (q, count, few) in [
        ("common", 5_000, 1),
        ("rare", 5, 0),
        ("+1 206 555 4007", 1, 0),
        ("555", 5_000, 1),
        ("+1206", 5_000, 0),
    ] {
        let filter = DidFilter { q: Some(q.to_owned()), ..DidFilter::default() };
        assert_eq!(db.store.count_dids(account, &filter, None).await.unwrap(), count, "{q}");
        for cap in [1, 3, 1_000, 4_999, 5_000, 6_000] {
            let counted = async |account| db.store.count_dids(account, &filter, Some(cap)).await.unwrap();
            assert_eq!(counted(account).await, count.min(cap), "{q} {cap}");
            assert_eq!(counted(small).await, few.min(cap), "{q} {cap}");
        }
        for sort in DidSort::ALL {
            for descending in [false, true] {
                let request = PageRequest { sort, descending, limit: 50, ..PageRequest::default() };
                let page = db.store.did_page(account, &filter, request).await.unwrap();
                assert_eq!(page.rows.len() as u64, count.min(50), "{q} {sort:?}");
                assert_eq!(page.next.is_some(), count > 50, "{q} {sort:?}");
                let both = db.store.did_page_and_count(account, &filter, request, 1_000).await.unwrap();
                assert_eq!(both, (page, count.min(1_000)), "{q} {sort:?}");
            }
        }
    }
}
