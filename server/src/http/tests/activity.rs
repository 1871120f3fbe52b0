//! What was done, and undoing it.

use super::*;

#[tokio::test]
async fn activity_lists_what_was_done_and_leads_to_each_entry() {
    let desk = Desk::with_sample().await;
    let (did, _) = desk.did().await;
    let form = desk.did_form(did, "Tom & Jerry", None).await;
    assert_eq!(desk.post(&urls::did(did), &form).await.code, 303);
    let (_, version) = desk.did().await;
    let list = desk.get(urls::ACTIVITY).await.body;
    assert!(list.contains(&format!("href=\"{}\"", urls::entry(version))), "{list}");
    let of_did = urls::activity_of_did(did);
    assert!(desk.get(&urls::did(did)).await.body.contains(&of_did));
    assert!(desk.get(&of_did).await.body.contains(&urls::entry(version)));
    let nothing = desk.get("/activity?actor=nobody&kind=edit_did").await;
    assert_eq!(nothing.code, 200);
    assert!(
        nothing.body.contains("Nothing was done that matches.") && !nothing.body.contains("rel=\"next\"")
    );
    let entry = desk.get(&urls::entry(version)).await.body;
    assert!(entry.contains("<ins>Tom &amp; Jerry</ins>"), "{entry}");
    // Links to where results once stood lead on.
    let old = desk.get(&format!("/dids/manage/result/{version}")).await;
    assert_eq!((old.code, old.header(header::LOCATION)), (308, urls::entry(version).as_str()));
}

#[tokio::test]
async fn an_entry_is_undone_on_its_page_and_later_edits_stay() {
    let desk = Desk::with_sample().await;
    let (did, _) = desk.did().await;
    let form = desk.did_form(did, "Tom & Jerry", None).await;
    assert_eq!(desk.post(&urls::did(did), &form).await.code, 303);
    let (_, version) = desk.did().await;
    assert!(desk.get(&urls::entry(version)).await.body.contains(&urls::undo(version)));
    let asked = desk.get(&format!("{}?reason=because", urls::undo(version))).await;
    assert!(
        asked.body.contains("1 DID goes back") && asked.body.contains("value=\"because\""),
        "{}",
        asked.body
    );
    assert_eq!(desk.did().await.1, version, "asking changes nothing");
    let done = desk.post(&urls::undo(version), "reason=mistake").await;
    let undone = routing::Version(version.0 + 1);
    assert_eq!((done.code, done.header(header::LOCATION)), (303, urls::entry(undone).as_str()));
    let entry = desk.get(&urls::entry(undone)).await.body;
    assert!(entry.contains("Undo of DID changed") && entry.contains("mistake"), "{entry}");
    // Nothing is left of it; that is no error.
    let again = desk.post(&urls::undo(version), "").await;
    assert_eq!(again.code, 200);
    assert!(again.body.contains("nothing left to put back"), "{}", again.body);
    // What somebody changed meanwhile stays.
    let form = desk.did_form(did, "Mine", None).await;
    assert_eq!(desk.post(&urls::did(did), &form).await.code, 303);
    let (_, later) = desk.did().await;
    let stays = desk.post(&urls::undo(undone), "").await;
    assert_eq!(stays.code, 409);
    assert!(stays.body.contains(&format!("href=\"{}\"", urls::entry(later))), "{}", stays.body);
}
