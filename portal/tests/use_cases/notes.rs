//! Notes of the staff, and reasons that people give.

use portal::{Actor, Error, Field, Noun, OperationsAt, Progress, Staff};

use crate::installation::Installation;
use crate::office::{Office, draft, number, refused, stage};
use crate::support::{Db, contract};

contract!(
    the_staff_tells_a_customer_something_and_the_customer_removes_it,
    a_single_edit_keeps_the_reason_that_was_given,
);

async fn the_staff_tells_a_customer_something_and_the_customer_removes_it(db: Db) {
    let installation = Installation::new(&db).await;
    let (portal, account) = (&installation.portal, installation.account.id);
    let admin = installation.admin().await.actor;
    installation.add_route(&admin, "pbx").await.unwrap();
    let csv = "number,primary\n+12065550100,pbx\n+12065550101,pbx\n";
    let draft = stage(portal, &admin, account, csv).await.unwrap();
    let version = portal.accounts(&admin).await.unwrap()[0].version;
    portal.apply_import(&admin, account, &draft, version, &Progress::default()).await.unwrap();
    let support = installation.staff("sid@example.com", Staff::Support).await;
    let support = support.who(portal).await.unwrap().actor;
    let viewer = installation.member("vic@example.com", "viewer").await.who(portal).await.unwrap().actor;
    let editor = installation.member("eve@example.com", "editor").await.who(portal).await.unwrap().actor;
    let did = number("+12065550100");

    // Without a grant: nothing of how calls are routed changes by it.
    portal.write_note(&support, account, Some(did), "The carrier\r\n mends  this line today.").await.unwrap();
    portal.write_note(&support, account, None, "Your invoice is ready.").await.unwrap();
    let seen = portal.did(&viewer, account, did).await.unwrap().notes;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].text, "The carrier\nmends this line today.");
    assert_eq!((seen[0].number, seen[0].by.as_str()), (Some(did), "sid@example.com"));
    assert!(portal.did(&viewer, account, number("+12065550101")).await.unwrap().notes.is_empty());
    let all = portal.overview(&viewer, account).await.unwrap().notes;
    assert_eq!(all.iter().map(|note| note.number).collect::<Vec<_>>(), [None, Some(did)]);
    assert_eq!(portal.notes(&viewer, account).await.unwrap(), all);

    for (text, code) in [("  \n", "missing"), ("x".repeat(1_001).as_str(), "too_long")] {
        let wrong = portal.write_note(&support, account, None, text).await;
        assert_eq!(refused(wrong), [(Field::Note, code)]);
    }
    let other = portal.write_note(&support, account, Some(number("+12065550199")), "x").await;
    assert!(matches!(other, Err(Error::NotFound(Noun::Did))), "{other:?}");
    for customer in [&viewer, &editor] {
        let written = portal.write_note(customer, account, None, "x").await;
        assert!(matches!(written, Err(Error::NotFound(Noun::Page))), "{written:?}");
    }
    let kept = portal.remove_note(&viewer, account, all[0].id).await;
    assert!(matches!(kept, Err(Error::Forbidden(_))), "{kept:?}");
    portal.remove_note(&editor, account, all[0].id).await.unwrap();
    portal.remove_note(&support, account, all[1].id).await.unwrap();
    let gone = portal.remove_note(&support, account, all[1].id).await;
    assert!(matches!(gone, Err(Error::NotFound(Noun::Note))), "{gone:?}");
    assert!(portal.notes(&viewer, account).await.unwrap().is_empty());
    // What was said stays on record.
    let log = portal.activity(&viewer, account, &Default::default(), OperationsAt::Newest).await.unwrap();
    let entry = portal.operation(&viewer, account, log.rows[1].version).await.unwrap();
    assert_eq!((entry.kind.as_str(), entry.actor.as_str()), ("remove_note", "eve@example.com"));
    assert_eq!(entry.changes[0].fields[0].before.as_deref(), Some("Your invoice is ready."));
    let stranger = Actor::owner(routing::AccountId(account.0 + 1), "X", portal::Via::Browser);
    assert!(matches!(portal.notes(&stranger, account).await, Err(Error::NotFound(Noun::Account))));
}

async fn a_single_edit_keeps_the_reason_that_was_given(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    for (reason, kept) in [("  The PBX\nmoved. ", Some("The PBX moved.")), (" ", None)] {
        let dana = office.dana.clone().because(reason);
        let host = draft("pbx", "host", if kept.is_some() { "new.example.com" } else { "pbx.example.com" });
        let version = office.version().await;
        office.portal.edit_route(&dana, account, office.id("pbx"), version, &host).await.unwrap();
        let entry = office.portal.operation(&dana, account, office.version().await).await.unwrap();
        assert_eq!(entry.reason.as_deref(), kept);
    }
}
