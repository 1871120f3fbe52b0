//! What somebody signs in with: every change of it is on record, and one way in stays.

use portal::{
    Actor, Entry, Errand, Error, Field, INSTALLATION, OperationsAt, ProviderFault, Returned, SignedIn,
};
use store::{NewPasskey, PasskeyId, UserId};

use crate::house::{House, ada, fault};
use crate::installation::{Browser, GOOD, OTHER};
use crate::office::refused;
use crate::provider::Visitor;
use crate::sign_in::code_of;
use crate::support::{Db, contract};

contract!(
    what_somebody_does_to_their_own_sign_in_is_in_the_history,
    of_two_ways_in_that_go_at_once_one_stays,
    a_session_that_was_ended_changes_nothing_any_more,
    a_provider_that_is_asked_no_more_is_no_way_in,
    whoever_unlinked_the_provider_or_recovered_is_not_linked_again_by_an_address,
    an_address_is_the_one_that_the_provider_verified_letter_for_letter,
);

/// Keeps a passkey that no authenticator holds: what it is, and that it is one, is all that matters here.
async fn passkey(db: &Db, user: UserId) -> PasskeyId {
    let new = NewPasskey {
        user,
        handle: vec![7; 16],
        credential_id: user.0.to_be_bytes().to_vec(),
        credential: "{}".into(),
        name: "phone".into(),
    };
    let mut tx = db.store.begin(INSTALLATION).await.unwrap();
    let id = tx.insert_passkey(&new).await.unwrap();
    tx.commit(store::Operation::default()).await.unwrap();
    id
}

/// Somebody who joined by the provider and has no password, in their browser.
async fn nina(house: &House) -> (Browser, SignedIn) {
    let word = house.word("nina@example.com").await;
    let visitor = Visitor { subject: "nina", ..ada() };
    let mut browser = Browser::new();
    house.goes(&mut browser, Errand::Join(&word), &visitor).await.unwrap();
    let who = house.who(&browser).await.unwrap();
    (browser, who)
}

async fn what_somebody_does_to_their_own_sign_in_is_in_the_history(db: Db) {
    let house = House::new(&db).await;
    let portal = house.portal();
    let who = house.installation.admin().await;
    let user = who.actor.user().unwrap();
    let wrong = portal.change_password(&who, OTHER, "copper lantern ridge 8").await;
    assert_eq!(refused(wrong), [(Field::PasswordBefore, "not_your_password")]);
    portal.change_password(&who, GOOD, OTHER).await.unwrap();
    let secret = portal.begin_second_factor(&who, None).unwrap().secret;
    portal.confirm_second_factor(&who, &secret, &code_of(&secret)).await.unwrap();
    portal.drop_second_factor(&who).await.unwrap();
    let mut browser = Browser::new();
    browser.sign_in(portal, "ada@example.com", OTHER).await.unwrap();
    house.goes(&mut browser, Errand::Link, &ada()).await.unwrap();
    let who = house.who(&browser).await.unwrap();
    portal.unlink_provider(&who).await.unwrap();
    let id = passkey(&db, user).await;
    portal.rename_passkey(&who, id, "key ring").await.unwrap();
    portal.rename_passkey(&who, id, "key ring").await.unwrap();
    portal.remove_passkey(&who, id).await.unwrap();
    let word = portal.make_password_link(&Actor::operator("root"), user).await.unwrap().word.reveal();
    portal.set_password_by_link(&word, GOOD, browser.attempt()).await.unwrap();

    browser.sign_in(portal, "ada@example.com", GOOD).await.unwrap();
    let admin = house.who(&browser).await.unwrap().actor;
    let page = portal.people_activity(&admin, OperationsAt::Newest).await.unwrap();
    let told: Vec<String> = page
        .rows
        .iter()
        .rev()
        .map(|row| {
            let fields = row.changes.iter().flat_map(|change| &change.fields);
            let side = |text: &Option<String>| text.clone().unwrap_or_default();
            let fields: Vec<String> = fields
                .map(|field| format!("{} {}>{}", field.name, side(&field.before), side(&field.after)))
                .collect();
            let address = row.address.clone().unwrap_or_default();
            format!("{} {} {address}: {}", row.kind.as_str(), row.actor, fields.join(", "))
        })
        .collect();
    let expected = [
        "change_password ada@example.com 192.0.2.7: password set>changed",
        "switch_on_second_factor ada@example.com 192.0.2.7: second_factor off>on",
        "switch_off_second_factor ada@example.com 192.0.2.7: second_factor on>off",
        "link_provider ada@example.com 192.0.2.7: provider >Acme",
        "unlink_provider ada@example.com 192.0.2.7: provider Acme>",
        "rename_passkey ada@example.com 192.0.2.7: passkey phone>key ring",
        "remove_passkey ada@example.com 192.0.2.7: passkey key ring>",
        "make_password_link root : password_link_until >",
        "set_password_by_link ada@example.com 192.0.2.7: password set>changed",
    ];
    let told: Vec<&str> = told.iter().map(String::as_str).filter(|row| !row.starts_with(" ")).collect();
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told} is not {expected}");
    }
    let kept = format!("{page:?}");
    for secret in [GOOD, OTHER, &secret, "argon2", &word] {
        assert!(!kept.contains(secret), "{secret}");
    }
}

async fn of_two_ways_in_that_go_at_once_one_stays(db: Db) {
    let house = House::new(&db).await;
    let portal = house.portal();
    let (_, who) = nina(&house).await;
    let user = who.actor.user().unwrap();
    assert!(matches!(portal.unlink_provider(&who).await, Err(Error::OnlyWayIn)));
    let id = passkey(&db, user).await;
    let (unlinked, removed) = tokio::join!(portal.unlink_provider(&who), portal.remove_passkey(&who, id));
    assert!(unlinked.is_ok() != removed.is_ok(), "{unlinked:?} {removed:?}");
    let refused = unlinked.err().or(removed.err()).unwrap();
    assert!(matches!(refused, Error::OnlyWayIn), "{refused:?}");
    assert!(!db.store.ways_in(user).await.unwrap().is_empty());
}

async fn a_session_that_was_ended_changes_nothing_any_more(db: Db) {
    let house = House::new(&db).await;
    let portal = house.portal();
    // Whoever took a browser's session proved nothing since, and its owner ends it while they are at it.
    let (thief, _) = (house.installation.admin().await, house.linked().await);
    let user = thief.actor.user().unwrap();
    let id = passkey(&db, user).await;
    let secret = portal.begin_second_factor(&thief, None).unwrap().secret;
    portal.sign_out(house.installation.browser.cookie.as_deref().unwrap()).await.unwrap();
    for refused in [
        portal.change_password(&thief, GOOD, OTHER).await,
        portal.confirm_second_factor(&thief, &secret, &code_of(&secret)).await.map(drop),
        portal.drop_second_factor(&thief).await,
        portal.rename_passkey(&thief, id, "mine").await,
        portal.remove_passkey(&thief, id).await,
        portal.unlink_provider(&thief).await,
    ] {
        assert!(matches!(refused, Err(Error::SignInAgain)), "{refused:?}");
    }
    let ways = db.store.ways_in(user).await.unwrap();
    assert_eq!((ways.password, ways.passkeys, ways.issuers.len()), (true, 1, 1));
    Browser::new().sign_in(portal, "ada@example.com", GOOD).await.unwrap();
}

async fn a_provider_that_is_asked_no_more_is_no_way_in(db: Db) {
    let house = House::new(&db).await;
    let (_, who) = nina(&house).await;
    let user = who.actor.user().unwrap();
    let id = passkey(&db, user).await;
    db.sql("update oidc_identities set issuer = 'https://gone.example.com'").await;
    assert!(matches!(house.portal().remove_passkey(&who, id).await, Err(Error::OnlyWayIn)));
    assert_eq!(db.store.passkeys(user).await.unwrap().len(), 1);
}

async fn whoever_unlinked_the_provider_or_recovered_is_not_linked_again_by_an_address(db: Db) {
    let house = House::with(&db, |settings| settings.link_verified_email = true).await;
    let portal = house.portal();
    let visitor = Visitor { email: Some(("ada@example.com", true)), ..ada() };
    let mut browser = Browser::new();
    house.goes(&mut browser, Errand::SignIn, &visitor).await.unwrap();
    let mut own = Browser::new();
    own.sign_in(portal, "ada@example.com", GOOD).await.unwrap();
    portal.unlink_provider(&house.who(&own).await.unwrap()).await.unwrap();
    let refused = house.goes(&mut Browser::new(), Errand::SignIn, &visitor).await;
    assert_eq!(fault(refused), ProviderFault::Nobody);
    // By themselves they are.
    house.goes(&mut own, Errand::Link, &visitor).await.unwrap();
    house.goes(&mut Browser::new(), Errand::SignIn, &visitor).await.unwrap();
    let user = house.who(&own).await.unwrap().actor.user().unwrap();
    let word = portal.make_password_link(&Actor::operator("root"), user).await.unwrap().word.reveal();
    portal.set_password_by_link(&word, OTHER, own.attempt()).await.unwrap();
    let refused = house.goes(&mut Browser::new(), Errand::SignIn, &visitor).await;
    assert_eq!(fault(refused), ProviderFault::Nobody);
}

async fn an_address_is_the_one_that_the_provider_verified_letter_for_letter(db: Db) {
    let house = House::with(&db, |settings| settings.link_verified_email = true).await;
    db.sql("update users set email = 'kim@example.com', email_key = 'kim@example.com'").await;
    // The sign of the kelvin is a k in lower case.
    let other = Visitor { email: Some(("\u{212a}im@example.com", true)), ..ada() };
    let refused = house.goes(&mut Browser::new(), Errand::SignIn, &other).await;
    assert_eq!(fault(refused), ProviderFault::Nobody);
    let same = Visitor { email: Some(("Kim@Example.com", true)), ..ada() };
    // A link would be there before the code of a second factor is asked for.
    db.sql("update users set totp_secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'").await;
    let refused = house.goes(&mut Browser::new(), Errand::SignIn, &same).await;
    assert_eq!(fault(refused), ProviderFault::Nobody);
    db.sql("update users set totp_secret = null").await;
    let mut browser = Browser::new();
    let came = house.goes(&mut browser, Errand::SignIn, &same).await;
    assert!(matches!(came, Ok(Returned::Entry(Entry::In(_)))), "{came:?}");
    let admin = house.who(&browser).await.unwrap().actor;
    let page = house.portal().people_activity(&admin, OperationsAt::Newest).await.unwrap();
    assert_eq!(page.rows[0].kind.as_str(), "link_provider_by_address");
}
