//! Signing in, and what ends it.

use portal::{
    Actor, Credential, Error, Field, Forbidden, Invite, Noun, SESSION_AGE_MAX_MS, SESSION_IDLE_MAX_MS, Staff,
    TokenDraft,
};

use crate::installation::{Browser, GOOD, Installation, OTHER, origin};
use crate::office::refused;
use crate::support::{Db, contract};

contract!(
    a_password_lets_in_and_a_wrong_one_does_not_say_what_is_wrong,
    strangers_cannot_lock_somebody_out_of_their_own_browser,
    a_session_ends_by_hand_by_a_new_password_and_by_disabling,
    a_session_ends_without_use_and_with_age,
    a_second_factor_is_asked_for_and_each_code_counts_once,
    a_link_to_a_new_password_works_once,
    an_unattended_administrator_changes_no_sign_in,
    a_sign_in_that_began_before_a_new_password_ends_with_it,
    what_is_no_address_is_refused_like_a_wrong_password,
);

async fn a_password_lets_in_and_a_wrong_one_does_not_say_what_is_wrong(db: Db) {
    let installation = Installation::new(&db).await;
    let portal = &installation.portal;
    for (email, password) in
        [("ada@example.com", "wrong"), ("nobody@example.com", GOOD), ("", ""), ("ada@example.com", "")]
    {
        let mut browser = Browser::new();
        let result = browser.sign_in(portal, email, password).await;
        assert_eq!(refused(result), [(Field::Password, "wrong_password")], "{email}");
        assert!(browser.who(portal).await.is_none());
    }
    let mut browser = Browser::new();
    browser.sign_in(portal, " ADA@example.com ", GOOD).await.unwrap();
    let who = browser.who(portal).await.unwrap();
    assert_eq!((who.email.as_str(), who.name.as_str(), who.fresh), ("ada@example.com", "Ada", true));
    // A sign-in makes a new session, and the browser's old one ends.
    let old = browser.cookie.clone().unwrap();
    browser.sign_in(portal, "ada@example.com", GOOD).await.unwrap();
    assert_ne!(browser.cookie.as_deref(), Some(old.as_str()));
    assert!(portal.signed_in(Credential::Cookie(&old), origin()).await.unwrap().is_none());
    for nonsense in ["", "x", &"0".repeat(64)] {
        assert!(portal.signed_in(Credential::Cookie(nonsense), origin()).await.unwrap().is_none());
    }
    // What the history says of a change: who, from where, by which request.
    installation.add_route(&who.actor, "one").await.unwrap();
    let version = portal.accounts(&who.actor).await.unwrap()[0].version;
    let done = portal.operation(&who.actor, installation.account.id, version).await.unwrap();
    assert_eq!(
        (done.actor.as_str(), done.address.as_deref(), done.request.as_deref(), done.on_behalf_of),
        ("ada@example.com", Some("192.0.2.7"), Some("abcd"), None)
    );
}

async fn strangers_cannot_lock_somebody_out_of_their_own_browser(db: Db) {
    let Installation { portal, mut browser, .. } = Installation::new(&db).await;
    let refused_at = async |email: &str, address: &str| {
        let mut tries = 0;
        loop {
            let mut stranger = Browser::new();
            stranger.origin.address = address.into();
            match stranger.sign_in(&portal, email, "not the password").await {
                Err(Error::TooMany { wait_s }) => {
                    assert!(wait_s > 0);
                    return tries;
                }
                Err(Error::Refused(_)) => tries += 1,
                other => panic!("{other:?}"),
            }
        }
    };
    assert_eq!(refused_at("ada@example.com", "198.51.100.1").await, 10);
    // Other addresses are kept out as well, with the right password too.
    let mut elsewhere = Browser::new();
    elsewhere.origin.address = "198.51.100.2".into();
    let right = elsewhere.sign_in(&portal, "ada@example.com", GOOD).await;
    assert!(matches!(right, Err(Error::TooMany { .. })), "{right:?}");
    // The browser in which she signed in before is not.
    browser.origin.address = "198.51.100.1".into();
    browser.sign_in(&portal, "ada@example.com", GOOD).await.unwrap();
    // Nor is anybody else, at another address.
    assert_eq!(refused_at("bob@example.com", "203.0.113.9").await, 10);
}

async fn a_session_ends_by_hand_by_a_new_password_and_by_disabling(db: Db) {
    let installation = Installation::new(&db).await;
    let portal = &installation.portal;
    let mut eve = installation.member("eve@example.com", "editor").await;
    let mut phone = Browser::new();
    phone.sign_in(portal, "eve@example.com", OTHER).await.unwrap();
    let who = eve.who(portal).await.unwrap();
    let you = portal.you(&who).await.unwrap();
    assert_eq!(you.sessions.len(), 2);
    let other = you.sessions.iter().find(|session| session.id != you.here).unwrap().id;
    // Nobody ends somebody else's.
    let theirs = portal.end_session(&installation.admin().await, other).await;
    assert!(matches!(theirs, Err(Error::NotFound(Noun::Session))), "{theirs:?}");
    portal.end_session(&who, other).await.unwrap();
    assert!(phone.who(portal).await.is_none());

    phone.sign_in(portal, "eve@example.com", OTHER).await.unwrap();
    let wrong = portal.change_password(&who, "wrong", "short").await;
    assert_eq!(
        refused(wrong),
        [(Field::PasswordBefore, "not_your_password"), (Field::Password, "password_short")]
    );
    portal.change_password(&who, OTHER, GOOD).await.unwrap();
    assert!(phone.who(portal).await.is_none());
    assert!(eve.who(portal).await.is_some());
    assert!(phone.sign_in(portal, "eve@example.com", OTHER).await.is_err());

    let admin = installation.admin().await;
    portal.set_disabled(&admin.actor, who.actor.user().unwrap(), true).await.unwrap();
    assert!(eve.who(portal).await.is_none());
    assert!(eve.sign_in(portal, "eve@example.com", GOOD).await.is_err());
    portal.set_disabled(&admin.actor, who.actor.user().unwrap(), false).await.unwrap();
    eve.sign_in(portal, "eve@example.com", GOOD).await.unwrap();
    let cookie = eve.cookie.clone().unwrap();
    portal.sign_out(&cookie).await.unwrap();
    assert!(eve.who(portal).await.is_none());
}

async fn a_session_ends_without_use_and_with_age(db: Db) {
    let mut installation = Installation::new(&db).await;
    let portal = installation.portal.clone();
    let earlier = |column: &str, ms: i64| format!("update sessions set {column} = {column} - {ms}");
    for (column, most) in [("seen_at", SESSION_IDLE_MAX_MS), ("created_at", SESSION_AGE_MAX_MS)] {
        const MINUTE_MS: i64 = 60_000;
        installation.browser.sign_in(&portal, "ada@example.com", GOOD).await.unwrap();
        db.sql(&earlier(column, most - MINUTE_MS)).await;
        assert!(installation.browser.who(&portal).await.is_some(), "{column}");
        // That look was use, unless it is the age that ends it.
        let rest = if column == "seen_at" { most + MINUTE_MS } else { 2 * MINUTE_MS };
        db.sql(&earlier(column, rest)).await;
        assert!(installation.browser.who(&portal).await.is_none(), "{column}");
    }
    // Who signed in a while ago proves again who they are before they change what guards their sign-in.
    installation.browser.sign_in(&portal, "ada@example.com", GOOD).await.unwrap();
    db.sql(&earlier("proved_at", 16 * 60_000)).await;
    let who = installation.admin().await;
    assert!(!who.fresh);
    let stale = portal.begin_second_factor(&who, None);
    assert!(matches!(stale, Err(Error::Forbidden(Forbidden::Stale))), "{stale:?}");
}

async fn a_second_factor_is_asked_for_and_each_code_counts_once(db: Db) {
    let mut installation = Installation::new(&db).await;
    let who = installation.admin().await;
    let portal = installation.portal.clone();
    let enrolment = portal.begin_second_factor(&who, None).unwrap();
    assert!(enrolment.url.starts_with("otpauth://totp/Switchback:ada"), "{}", enrolment.url);
    let wrong = portal.confirm_second_factor(&who, &enrolment.secret, "000000").await;
    // One in a million, and then the test tells.
    assert_eq!(refused(wrong), [(Field::Code, "wrong_code")]);
    let code = code_of(&enrolment.secret);
    let codes = portal.confirm_second_factor(&who, &enrolment.secret, &code).await.unwrap();
    assert_eq!(codes.len(), 8);

    let browser = &mut installation.browser;
    browser.sign_in(&portal, "ada@example.com", GOOD).await.unwrap();
    assert!(browser.who(&portal).await.is_none(), "the password alone lets nobody in");
    assert!(portal.awaits_code(browser.cookie.as_deref().unwrap()).await.unwrap());
    // The code that switched it on was used.
    let again = portal.sign_in_with_code(&code, browser.attempt()).await;
    assert_eq!(refused(again), [(Field::Code, "wrong_code")]);
    let entered = portal.sign_in_with_code(&codes[0].to_uppercase(), browser.attempt()).await.unwrap();
    browser.keep(entered);
    let who = browser.who(&portal).await.unwrap();
    assert_eq!(portal.you(&who).await.unwrap().second_factor, Some(7));

    let mut elsewhere = Browser::new();
    elsewhere.sign_in(&portal, "ada@example.com", GOOD).await.unwrap();
    let used = portal.sign_in_with_code(&codes[0], elsewhere.attempt()).await;
    assert_eq!(refused(used), [(Field::Code, "wrong_code")]);
    // Nobody uses up the tries of the second step who does not know the password.
    for _ in 0..40 {
        let mut stranger = Browser::new();
        stranger.origin.address = "198.51.100.9".into();
        assert!(stranger.sign_in(&portal, "nobody@example.com", "x").await.is_err());
    }
    let proved = portal.sign_in_with_code(&codes[1], browser.attempt()).await;
    assert!(
        matches!(proved, Err(Error::SignInAgain)),
        "a session that is proved waits for no code: {proved:?}"
    );
    let without = Browser::new();
    let first = portal.sign_in_with_code(&codes[1], without.attempt()).await;
    assert!(matches!(first, Err(Error::SignInAgain)), "{first:?}");
    portal.drop_second_factor(&who).await.unwrap();
    elsewhere.sign_in(&portal, "ada@example.com", GOOD).await.unwrap();
    assert!(elsewhere.who(&portal).await.is_some());
}

/// What an authenticator app shows now.
pub(crate) fn code_of(secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    totp.generate(now).to_string()
}

async fn a_link_to_a_new_password_works_once(db: Db) {
    let installation = Installation::new(&db).await;
    let portal = &installation.portal;
    let operator = Actor::operator("terminal");
    let ada = portal.person_of(&operator, "ada@example.com").await.unwrap().id;
    let old = portal.make_password_link(&operator, ada).await.unwrap().word.reveal();
    let word = portal.make_password_link(&operator, ada).await.unwrap().word.reveal();
    assert!(matches!(portal.password_link(&old).await, Err(Error::NotFound(Noun::PasswordLink))));
    assert_eq!(portal.password_link(&word).await.unwrap(), "ada@example.com");
    let mut browser = Browser::new();
    let weak = portal.set_password_by_link(&word, "short", browser.attempt()).await;
    assert_eq!(refused(weak), [(Field::Password, "password_short")]);
    let entered = portal.set_password_by_link(&word, OTHER, browser.attempt()).await.unwrap();
    browser.keep(entered);
    assert!(browser.who(portal).await.is_some());
    assert!(installation.browser.who(portal).await.is_none(), "other browsers are signed out");
    assert!(portal.set_password_by_link(&word, GOOD, browser.attempt()).await.is_err());
    browser.sign_in(portal, "ada@example.com", OTHER).await.unwrap();
    let eve = Actor::owner(installation.account.id, "eve", portal::Via::Browser);
    assert!(matches!(portal.make_password_link(&eve, ada).await, Err(Error::NotFound(_))));
}

async fn an_unattended_administrator_changes_no_sign_in(db: Db) {
    let installation = Installation::new(&db).await;
    let portal = &installation.portal;
    db.sql(&format!("update sessions set proved_at = proved_at - {}", 16 * 60_000)).await;
    let who = installation.admin().await;
    let (admin, ada) = (&who.actor, who.actor.user().unwrap());
    let invite = Invite { email: "x@example.com".into(), role: "admin".into() };
    for result in [
        portal.make_password_link(admin, ada).await.map(|_| ()),
        portal.reset_second_factor(admin, ada).await,
        portal.set_staff(admin, ada, Some(Staff::Admin)).await,
        portal.set_disabled(admin, ada, false).await,
        portal.invite_staff(admin, &invite).await.map(|_| ()),
    ] {
        assert!(matches!(result, Err(Error::Forbidden(Forbidden::Stale))), "{result:?}");
    }
    let draft = TokenDraft { name: "x".into(), scope: "read".into(), days: "1".into() };
    let token = portal.make_token(&who, installation.account.id, &draft).await;
    assert!(matches!(token, Err(Error::Forbidden(Forbidden::Stale))), "{token:?}");
    assert_eq!(portal.people(admin).await.unwrap().len(), 1, "looking is another matter");
}

async fn a_sign_in_that_began_before_a_new_password_ends_with_it(db: Db) {
    let installation = Installation::new(&db).await;
    let store = &db.store;
    let judged = store.user_by_email("ada@example.com").await.unwrap().unwrap();
    let new = |user: &store::User| store::NewSession {
        hash: store::Secret::random().unwrap().hash(),
        user: user.clone(),
        address: String::new(),
        agent: String::new(),
        proved_at: store::UnixMs::now(),
        by: None,
    };
    let (seen, begun) = (store::UnixMs(0), store::UnixMs(0));
    assert!(store.begin_session(&new(&judged), None, seen, begun).await.unwrap().is_some());
    let mut tx = store.begin(store::INSTALLATION).await.unwrap();
    tx.set_password(judged.id, "another hash", None).await.unwrap();
    tx.commit(store::Operation::default()).await.unwrap();
    assert_eq!(store.begin_session(&new(&judged), None, seen, begun).await.unwrap(), None);
    let now = store.user(judged.id).await.unwrap().unwrap();
    assert!(store.begin_session(&new(&now), None, seen, begun).await.unwrap().is_some());
    db.sql("update users set disabled = true").await;
    assert_eq!(store.begin_session(&new(&now), None, seen, begun).await.unwrap(), None);
    drop(installation);
}

async fn what_is_no_address_is_refused_like_a_wrong_password(db: Db) {
    let installation = Installation::new(&db).await;
    let long = format!("{}@example.com", "x".repeat(100_000));
    for email in ["\0", "a\0b@example.com", "ada", &long] {
        let mut browser = Browser::new();
        let result = browser.sign_in(&installation.portal, email, GOOD).await;
        assert_eq!(refused(result), [(Field::Password, "wrong_password")], "{email:.20}");
    }
}
