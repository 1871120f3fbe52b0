//! Passkeys: who may make one, and whom one lets in.

use portal::{
    CEREMONY_MS, Ceremony, Entered, Error, Field, Forbidden, Noun, PasskeyId, Portal, RelyingParty, SignedIn,
};
use serde_json::Value;

use crate::authenticator::Authenticator;
use crate::installation::{Browser, GOOD, Installation, OTHER};
use crate::office::refused;
use crate::sign_in::code_of;
use crate::support::{Db, contract};

contract!(
    a_passkey_lets_in_without_a_code_and_counts_as_a_fresh_sign_in,
    a_signature_that_is_wrong_in_any_way_lets_nobody_in_and_does_not_say_why,
    a_ceremony_is_for_one_browser_one_use_and_five_minutes,
    a_passkey_whose_counter_goes_back_was_copied_and_lets_nobody_in,
    who_is_switched_off_or_removed_the_passkey_stays_out,
    nobody_sees_or_changes_a_passkey_of_somebody_else,
    a_passkey_is_made_by_who_signed_in_just_now_and_is_asked_to_be_found_without_an_address,
    a_passkey_that_was_not_made_as_asked_is_not_taken,
    somebody_has_so_many_passkeys_and_no_more,
    sign_ins_by_passkey_from_one_address_run_out_and_good_ones_do_not_count,
    a_passkey_is_a_way_back_in_without_a_password,
);

const ORIGIN: &str = "http://localhost:3000";
const WRONG: [(Field, &str); 1] = [(Field::Passkey, "wrong_passkey")];
const UNFIT: [(Field, &str); 1] = [(Field::Passkey, "unfit_passkey")];
const OVER: [(Field, &str); 1] = [(Field::Passkey, "ceremony_over")];

fn party() -> RelyingParty {
    RelyingParty::at(ORIGIN).unwrap()
}

/// Adds a passkey to a person's own.
async fn add(portal: &Portal, who: &SignedIn, authenticator: &mut Authenticator) -> Result<(), Error> {
    let Ceremony { cookie, options } = portal.begin_passkey(who, Some(&party()), "phone").await?;
    let made = authenticator.make(&options);
    portal.add_passkey(who, Some(&party()), Some(&cookie.reveal()), &made).await
}

/// Ada's installation, and the authenticator that holds her passkey.
async fn with_passkey(db: &Db) -> (Installation, Authenticator) {
    let installation = Installation::new(db).await;
    let mut authenticator = Authenticator::new(7, ORIGIN);
    add(&installation.portal, &installation.admin().await, &mut authenticator).await.unwrap();
    (installation, authenticator)
}

async fn begin(portal: &Portal, browser: &Browser) -> Ceremony {
    portal.begin_passkey_sign_in(Some(&party()), browser.attempt()).await.unwrap()
}

async fn finish(
    portal: &Portal,
    browser: &Browser,
    ceremony: &Ceremony,
    signed: &str,
) -> Result<Entered, Error> {
    let cookie = ceremony.cookie.reveal();
    portal.sign_in_with_passkey(Some(&party()), Some(&cookie), signed, browser.attempt()).await
}

/// A whole sign-in; the counter goes on as an authenticator's does.
async fn sign_in(portal: &Portal, browser: &mut Browser, holder: &mut Authenticator) -> Result<(), Error> {
    holder.counter += 1;
    let ceremony = begin(portal, browser).await;
    let entered = finish(portal, browser, &ceremony, &holder.sign(&ceremony.options)).await?;
    browser.keep(entered);
    Ok(())
}

async fn a_passkey_lets_in_without_a_code_and_counts_as_a_fresh_sign_in(db: Db) {
    let (installation, mut holder) = with_passkey(&db).await;
    let portal = &installation.portal;
    let who = installation.admin().await;
    let secret = portal.begin_second_factor(&who, None).unwrap().secret;
    portal.confirm_second_factor(&who, &secret, &code_of(&secret)).await.unwrap();
    // Another server on the same database ends what this one begins.
    let second = Portal::new(store::Store::connect(&db.url.parse().unwrap()).await.unwrap());
    let mut phone = Browser::new();
    let ceremony = begin(portal, &phone).await;
    let signed = holder.sign(&ceremony.options);
    assert_eq!(refused(finish(&second, &phone, &ceremony, &signed).await), WRONG, "the counter stands still");
    sign_in(&second, &mut phone, &mut holder).await.unwrap();
    let who = phone.who(portal).await.unwrap();
    assert!(who.fresh);
    let you = portal.you(&who).await.unwrap();
    assert_eq!((you.email.as_str(), you.passkeys.len()), ("ada@example.com", 1));
    assert!(you.passkeys[0].used_at.is_some());
    assert!(phone.device.is_some(), "the browser is no stranger any more");
    // The session before is ended by the one that takes its place.
    let before = phone.cookie.clone();
    sign_in(portal, &mut phone, &mut holder).await.unwrap();
    assert_ne!(before, phone.cookie);
    assert!(Browser { cookie: before, ..Browser::new() }.who(portal).await.is_none());
}

async fn a_signature_that_is_wrong_in_any_way_lets_nobody_in_and_does_not_say_why(db: Db) {
    let (installation, right) = with_passkey(&db).await;
    let portal = &installation.portal;
    let browser = Browser::new();
    let eve = installation.member("eve@example.com", "editor").await.who(portal).await.unwrap();
    let mut hers = Authenticator::new(9, ORIGIN);
    add(portal, &eve, &mut hers).await.unwrap();
    let stranger = Authenticator { handle: right.handle.clone(), ..Authenticator::new(8, ORIGIN) };
    let rows = [
        ("another origin", Authenticator { origin: "http://localhost:3001".into(), ..right.clone() }),
        (
            "an origin with a name before",
            Authenticator { origin: "http://x.localhost:3000".into(), ..right.clone() },
        ),
        ("another name", Authenticator { party: "portal.example.com".into(), ..right.clone() }),
        ("nobody was asked who they are", Authenticator { verifies: false, ..right.clone() }),
        ("kept by nobody", stranger.clone()),
        ("signed by another key", Authenticator { id: right.id.clone(), ..stranger }),
        ("of somebody else", Authenticator { handle: hers.handle.clone(), ..right.clone() }),
        ("of no person", Authenticator { handle: Vec::new(), ..right.clone() }),
    ];
    for (why, mut wrong) in rows {
        wrong.counter += 1;
        let ceremony = begin(portal, &browser).await;
        let answer = finish(portal, &browser, &ceremony, &wrong.sign(&ceremony.options)).await;
        assert_eq!(refused(answer), WRONG, "{why}");
    }
    let good = Authenticator { counter: 2, ..right };
    let (ceremony, other) = (begin(portal, &browser).await, begin(portal, &browser).await);
    let answer = finish(portal, &browser, &ceremony, &good.sign(&other.options)).await;
    assert_eq!(refused(answer), WRONG, "another challenge");
    for unreadable in ["", "{}", "null", &"[".repeat(10_000), &format!("\"{}\"", "x".repeat(20_000))] {
        let ceremony = begin(portal, &browser).await;
        assert_eq!(refused(finish(portal, &browser, &ceremony, unreadable).await), WRONG);
    }
    let ceremony = begin(portal, &browser).await;
    let mut signed: Value = serde_json::from_str(&good.sign(&ceremony.options)).unwrap();
    signed["response"]["signature"] = "AAAA".into();
    assert_eq!(refused(finish(portal, &browser, &ceremony, &signed.to_string()).await), WRONG);
    let ceremony = begin(portal, &browser).await;
    finish(portal, &browser, &ceremony, &good.sign(&ceremony.options)).await.unwrap();
}

async fn a_ceremony_is_for_one_browser_one_use_and_five_minutes(db: Db) {
    let (installation, mut holder) = with_passkey(&db).await;
    let portal = &installation.portal;
    let browser = Browser::new();
    holder.counter += 1;
    let ceremony = begin(portal, &browser).await;
    let signed = holder.sign(&ceremony.options);
    let other = store::Secret::random().unwrap().reveal();
    for cookie in [None, Some(""), Some(other.as_str())] {
        let answer = portal.sign_in_with_passkey(Some(&party()), cookie, &signed, browser.attempt()).await;
        assert_eq!(refused(answer), OVER, "{cookie:?}");
    }
    finish(portal, &browser, &ceremony, &signed).await.unwrap();
    assert_eq!(refused(finish(portal, &browser, &ceremony, &signed).await), OVER, "twice");
    let next = begin(portal, &browser).await;
    assert_eq!(refused(finish(portal, &browser, &next, &signed).await), WRONG, "an old signature");
    let late = begin(portal, &browser).await;
    db.sql(&format!("update passkey_ceremonies set expires_at = expires_at - {CEREMONY_MS}")).await;
    assert_eq!(refused(finish(portal, &browser, &late, &holder.sign(&late.options)).await), OVER, "late");
    // What was begun to add a passkey signs nobody in.
    let who = installation.admin().await;
    let adding = portal.begin_passkey(&who, Some(&party()), "phone").await.unwrap();
    assert_eq!(refused(finish(portal, &browser, &adding, &holder.sign(&adding.options)).await), OVER);
}

async fn a_passkey_whose_counter_goes_back_was_copied_and_lets_nobody_in(db: Db) {
    let (installation, mut holder) = with_passkey(&db).await;
    let portal = &installation.portal;
    let mut browser = Browser::new();
    let mut copy = holder.clone();
    holder.counter = 10;
    sign_in(portal, &mut browser, &mut holder).await.unwrap();
    copy.counter = 9;
    assert_eq!(refused(sign_in(portal, &mut browser, &mut copy).await), WRONG);
    copy.counter = u32::MAX;
    let ceremony = begin(portal, &browser).await;
    copy.counter = 0;
    let answer = finish(portal, &browser, &ceremony, &copy.sign(&ceremony.options)).await;
    assert_eq!(refused(answer), WRONG, "one that had a counter has one");
    sign_in(portal, &mut browser, &mut holder).await.unwrap();
    // One that synchronises has none: it stands at 0.
    let mut synced = Authenticator { counter: 0, ..Authenticator::new(8, ORIGIN) };
    add(portal, &installation.admin().await, &mut synced).await.unwrap();
    for _ in 0..2 {
        let ceremony = begin(portal, &browser).await;
        finish(portal, &browser, &ceremony, &synced.sign(&ceremony.options)).await.unwrap();
    }
}

async fn who_is_switched_off_or_removed_the_passkey_stays_out(db: Db) {
    let installation = Installation::new(&db).await;
    let portal = &installation.portal;
    let mut browser = installation.member("eve@example.com", "editor").await;
    let who = browser.who(portal).await.unwrap();
    let mut holder = Authenticator::new(7, ORIGIN);
    add(portal, &who, &mut holder).await.unwrap();
    let admin = installation.admin().await;
    let eve = who.actor.user().unwrap();
    portal.set_disabled(&admin.actor, eve, true).await.unwrap();
    assert_eq!(refused(sign_in(portal, &mut browser, &mut holder).await), WRONG);
    portal.set_disabled(&admin.actor, eve, false).await.unwrap();
    sign_in(portal, &mut browser, &mut holder).await.unwrap();

    let mut elsewhere = Browser::new();
    sign_in(portal, &mut elsewhere, &mut holder).await.unwrap();
    let who = browser.who(portal).await.unwrap();
    let passkey = portal.you(&who).await.unwrap().passkeys[0].id;
    portal.remove_passkey(&who, passkey).await.unwrap();
    assert!(elsewhere.who(portal).await.is_none(), "what it opened is closed");
    assert!(browser.who(portal).await.is_some());
    assert_eq!(refused(sign_in(portal, &mut elsewhere, &mut holder).await), WRONG);
}

async fn nobody_sees_or_changes_a_passkey_of_somebody_else(db: Db) {
    let (installation, _) = with_passkey(&db).await;
    let portal = &installation.portal;
    let ada = installation.admin().await;
    let eve = installation.member("eve@example.com", "owner").await.who(portal).await.unwrap();
    let id = portal.you(&ada).await.unwrap().passkeys[0].id;
    for result in [
        portal.passkey(&eve, id).await.map(|_| ()),
        portal.rename_passkey(&eve, id, "mine").await,
        portal.remove_passkey(&eve, id).await,
        portal.passkey(&ada, PasskeyId(999)).await.map(|_| ()),
    ] {
        assert!(matches!(result, Err(Error::NotFound(Noun::Passkey))), "{result:?}");
    }
    assert!(portal.you(&eve).await.unwrap().passkeys.is_empty());
    portal.rename_passkey(&ada, id, " Laptop ").await.unwrap();
    assert_eq!(portal.passkey(&ada, id).await.unwrap().name, "Laptop");
    let unnamed = portal.rename_passkey(&ada, id, " ").await;
    assert_eq!(refused(unnamed), [(Field::PasskeyName, "missing")]);
    // Nor can what one begins be ended by another.
    let begun = portal.begin_passkey(&ada, Some(&party()), "phone").await.unwrap();
    let made = Authenticator::new(9, ORIGIN).make(&begun.options);
    let ended = portal.add_passkey(&eve, Some(&party()), Some(&begun.cookie.reveal()), &made).await;
    assert_eq!(refused(ended), OVER);
}

async fn a_passkey_is_made_by_who_signed_in_just_now_and_is_asked_to_be_found_without_an_address(db: Db) {
    let (installation, holder) = with_passkey(&db).await;
    let portal = &installation.portal;
    let who = installation.admin().await;
    let begun = portal.begin_passkey(&who, Some(&party()), "laptop").await.unwrap();
    let options: Value = serde_json::from_str(&begun.options).unwrap();
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["user"]["name"], "ada@example.com");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["requireResidentKey"], true);
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
    let mut second = Authenticator::new(9, ORIGIN);
    add(portal, &who, &mut second).await.unwrap();
    assert_eq!(second.handle, holder.handle, "one person, one handle");
    assert_eq!(second.handle.len(), 16);

    let passkey = portal.you(&who).await.unwrap().passkeys[0].id;
    db.sql(&format!("update sessions set proved_at = proved_at - {}", 16 * 60_000)).await;
    let who = installation.admin().await;
    for result in [
        portal.may_add_passkey(&who, Some(&party())).await,
        portal.begin_passkey(&who, Some(&party()), "phone").await.map(|_| ()),
        portal.add_passkey(&who, Some(&party()), None, "{}").await,
        portal.remove_passkey(&who, passkey).await,
    ] {
        assert!(matches!(result, Err(Error::Forbidden(Forbidden::Stale))), "{result:?}");
    }
}

async fn a_passkey_that_was_not_made_as_asked_is_not_taken(db: Db) {
    let (installation, holder) = with_passkey(&db).await;
    let portal = &installation.portal;
    let who = installation.admin().await;
    let made_by = async |mut authenticator: Authenticator| add(portal, &who, &mut authenticator).await;
    let new = Authenticator::new(9, ORIGIN);
    for (why, wrong) in [
        ("another origin", Authenticator { origin: "https://localhost:3000".into(), ..new.clone() }),
        ("another name", Authenticator { party: "example.com".into(), ..new.clone() }),
        ("nobody was asked who they are", Authenticator { verifies: false, ..new.clone() }),
        ("one that is there", holder.clone()),
    ] {
        assert_eq!(refused(made_by(wrong).await), UNFIT, "{why}");
    }
    let eve = installation.member("eve@example.com", "editor").await.who(portal).await.unwrap();
    let taken = add(portal, &eve, &mut holder.clone()).await;
    assert_eq!(refused(taken), [(Field::Passkey, "passkey_taken")]);
    let (begun, other) = (
        portal.begin_passkey(&who, Some(&party()), "phone").await.unwrap(),
        portal.begin_passkey(&who, Some(&party()), "phone").await.unwrap(),
    );
    let cookie = begun.cookie.reveal();
    let made = new.clone().make(&other.options);
    let answer = portal.add_passkey(&who, Some(&party()), Some(&cookie), &made).await;
    assert_eq!(refused(answer), UNFIT, "another challenge");
    let made = new.clone().make(&begun.options);
    let answer = portal.add_passkey(&who, Some(&party()), Some(&cookie), &made).await;
    assert_eq!(refused(answer), OVER, "each counts once");
    let unnamed = portal.begin_passkey(&who, Some(&party()), "").await.map(|_| ());
    assert_eq!(refused(unnamed), [(Field::PasskeyName, "missing")]);
    assert_eq!(portal.you(&who).await.unwrap().passkeys.len(), 1);
    let told = portal.people_activity(&who.actor, portal::OperationsAt::Newest).await.unwrap();
    assert_eq!((told.rows[0].kind.as_str(), told.rows[0].actor.as_str()), ("add_passkey", "ada@example.com"));
    let nowhere = portal.begin_passkey(&who, None, "phone").await;
    assert!(matches!(nowhere, Err(Error::NoPasskeysHere)), "{nowhere:?}");
}

async fn somebody_has_so_many_passkeys_and_no_more(db: Db) {
    let installation = Installation::new(&db).await;
    let portal = &installation.portal;
    let who = installation.admin().await;
    for seed in 1..=20 {
        add(portal, &who, &mut Authenticator::new(seed, ORIGIN)).await.unwrap();
    }
    let more = add(portal, &who, &mut Authenticator::new(21, ORIGIN)).await;
    assert!(matches!(more, Err(Error::Limit { what: Noun::Passkey, max: 20 })), "{more:?}");
}

async fn sign_ins_by_passkey_from_one_address_run_out_and_good_ones_do_not_count(db: Db) {
    let (installation, mut holder) = with_passkey(&db).await;
    let portal = &installation.portal;
    let mut browser = Browser::new();
    for _ in 0..3 {
        sign_in(portal, &mut browser, &mut holder).await.unwrap();
    }
    let mut begun = 0;
    while portal.begin_passkey_sign_in(Some(&party()), browser.attempt()).await.is_ok() {
        begun += 1;
    }
    assert_eq!(begun, 30);
    let more = portal.begin_passkey_sign_in(Some(&party()), browser.attempt()).await;
    assert!(matches!(more, Err(Error::TooMany { .. })), "{more:?}");
    // Passwords have tries of their own, and so has every other address.
    browser.sign_in(portal, "ada@example.com", GOOD).await.unwrap();
    let mut elsewhere = Browser::new();
    elsewhere.origin.address = "198.51.100.2".into();
    sign_in(portal, &mut elsewhere, &mut holder).await.unwrap();
}

async fn a_passkey_is_a_way_back_in_without_a_password(db: Db) {
    let portal = Portal::new(db.store.clone());
    let mut browser = Browser::new();
    browser.keep(portal.set_up_sample(browser.attempt()).await.unwrap());
    let who = browser.who(&portal).await.unwrap();
    assert!(who.no_way_in);
    let mut holder = Authenticator::new(7, ORIGIN);
    add(&portal, &who, &mut holder).await.unwrap();
    db.sql(&format!("update sessions set proved_at = proved_at - {}", 16 * 60_000)).await;
    let who = browser.who(&portal).await.unwrap();
    assert!(!who.no_way_in && !who.fresh, "there is a way to prove it again");
    portal.sign_out(&browser.cookie.clone().unwrap()).await.unwrap();
    sign_in(&portal, &mut browser, &mut holder).await.unwrap();
    assert!(browser.who(&portal).await.unwrap().fresh);
    assert!(browser.sign_in(&portal, "nobody@example.com", OTHER).await.is_err());
}
