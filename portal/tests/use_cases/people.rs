//! Who may sign in, and what each of them may do.

use portal::{
    Actor, Credential, Error, Field, FirstVisit, Forbidden, Invite, NewAccount, Noun, OperationsAt,
    PersonDraft, Portal, RouteQuery, SESSION_AGE_MAX_MS, SESSION_IDLE_MAX_MS, Scope, SetUp, Staff,
    TokenDraft,
};

use crate::installation::{Browser, GOOD, Installation, OTHER, northwind, origin, visit};
use crate::office::refused;
use crate::support::{Db, contract};

contract!(
    the_first_visit_creates_the_administrator_and_happens_once,
    accounts_from_before_sign_in_are_adopted,
    a_password_lets_in_and_a_wrong_one_does_not_say_what_is_wrong,
    strangers_cannot_lock_somebody_out_of_their_own_browser,
    a_session_ends_by_hand_by_a_new_password_and_by_disabling,
    a_session_ends_without_use_and_with_age,
    an_invitation_works_once_for_the_one_whom_it_invites,
    an_account_keeps_an_owner_and_an_installation_an_administrator,
    support_writes_only_while_an_owner_lets_it_and_each_look_is_on_record,
    a_search_of_support_is_on_record_where_it_showed_something,
    a_token_is_for_one_account_and_ends_with_its_makers_role,
    a_second_factor_is_asked_for_and_each_code_counts_once,
    a_link_to_a_new_password_works_once,
    an_invitation_reaches_no_further_than_whoever_made_it_and_takes_nothing_away,
    an_unattended_administrator_changes_no_sign_in,
    a_sign_in_that_began_before_a_new_password_ends_with_it,
    what_is_no_address_is_refused_like_a_wrong_password,
    who_may_sign_in_has_a_history_of_its_own,
    of_two_administrators_who_demote_each_other_at_once_one_stays,
);

async fn the_first_visit_creates_the_administrator_and_happens_once(db: Db) {
    let portal = Portal::new(db.store.clone());
    assert_eq!(portal.set_up_needs().await.unwrap(), SetUp::Everything);
    let (browser, empty) = (Browser::new(), FirstVisit::default());
    let nothing = portal.set_up(&empty, &NewAccount::default(), browser.attempt()).await;
    let fields: Vec<Field> = refused(nothing).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, [Field::Name, Field::Country, Field::PersonName, Field::Email, Field::Password]);
    let (ada, bob, account) = (visit("ada@example.com"), visit("bob@example.com"), northwind());
    let (a, b) = tokio::join!(
        portal.set_up(&ada, &account, browser.attempt()),
        portal.set_up(&bob, &account, browser.attempt())
    );
    let late: Vec<_> = [a, b].into_iter().filter_map(Result::err).collect();
    assert!(matches!(late.as_slice(), [Error::SetUpAlready]), "{late:?}");
    assert_eq!(portal.set_up_needs().await.unwrap(), SetUp::Done);
    assert_eq!(portal.accounts(&Actor::operator("test")).await.unwrap().len(), 1);
    let sample = portal.set_up_sample(browser.attempt()).await;
    assert!(matches!(sample, Err(Error::SetUpAlready)), "{sample:?}");
}

async fn accounts_from_before_sign_in_are_adopted(db: Db) {
    let portal = Portal::new(db.store.clone());
    let operator = Actor::operator("test");
    for name in ["One", "Two"] {
        let new = NewAccount { name: name.into(), country: "US".into() };
        portal.create_account(&operator, &new).await.unwrap();
    }
    assert_eq!(portal.set_up_needs().await.unwrap(), SetUp::Person);
    let mut browser = Browser::new();
    let ada = visit("ada@example.com");
    browser.keep(portal.set_up(&ada, &NewAccount::default(), browser.attempt()).await.unwrap());
    let who = browser.who(&portal).await.unwrap();
    assert_eq!(who.actor.accounts().len(), 2);
    assert_eq!(who.actor.staff(), Some(Staff::Admin));
}

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

async fn an_invitation_works_once_for_the_one_whom_it_invites(db: Db) {
    let installation = Installation::new(&db).await;
    let (portal, account) = (&installation.portal, installation.account.id);
    let admin = installation.admin().await;
    let invite = |email: &str, role: &str| Invite { email: email.into(), role: role.into() };
    let wrong = portal.invite(&admin.actor, account, &invite("x", "king")).await;
    assert_eq!(refused(wrong), [(Field::Email, "not_an_email"), (Field::Role, "unknown_role")]);
    let known = portal.invite(&admin.actor, account, &invite("ADA@example.com", "viewer")).await;
    assert_eq!(refused(known), [(Field::Email, "member_already")]);

    let first = portal.invite(&admin.actor, account, &invite("eve@example.com", "viewer")).await.unwrap();
    let word = portal.invite(&admin.actor, account, &invite("eve@example.com", "editor")).await.unwrap();
    // The latest counts.
    assert!(matches!(portal.joining(&first.word.reveal()).await, Err(Error::NotFound(Noun::Invitation))));
    let word = word.word.reveal();
    assert!(!portal.joining(&word).await.unwrap().known);
    let other = portal.join_as(&admin, &word).await;
    assert!(matches!(other, Err(Error::OtherPerson { .. })), "{other:?}");
    let browser = Browser::new();
    let weak = portal.join(&word, "", "eve@example.com", browser.attempt()).await;
    assert_eq!(refused(weak), [(Field::PersonName, "missing"), (Field::Password, "password_guessed")]);
    let eve = installation.joins(&word).await;
    let again = portal.join(&word, "Mallory", OTHER, browser.attempt()).await;
    assert!(matches!(again, Err(Error::NotFound(Noun::Invitation))), "{again:?}");
    let who = eve.who(portal).await.unwrap();
    installation.add_route(&who.actor, "eves").await.unwrap();
    let own = portal.invite(&who.actor, account, &invite("z@example.com", "owner")).await;
    assert!(matches!(own, Err(Error::Forbidden(_))), "{own:?}");

    // Somebody who can sign in already does, and belongs to both accounts then.
    let two = NewAccount { name: "Two".into(), country: "GB".into() };
    let second = portal.create_account(&admin.actor, &two).await.unwrap().id;
    let made = portal.invite(&admin.actor, second, &invite("eve@example.com", "viewer")).await.unwrap();
    assert!(portal.joining(&made.word.reveal()).await.unwrap().known);
    let stranger = portal.join(&made.word.reveal(), "Eve", GOOD, browser.attempt()).await;
    assert!(matches!(stranger, Err(Error::SignInAgain)), "{stranger:?}");
    portal.join_as(&who, &made.word.reveal()).await.unwrap();
    let who = eve.who(portal).await.unwrap();
    assert_eq!(who.actor.accounts(), [account, second]);
    let both = portal.account_for(&who.actor, None).await;
    assert!(matches!(both, Err(Error::WhichAccount)), "{both:?}");
    assert_eq!(portal.account_for(&who.actor, Some(second)).await.unwrap().id, second);

    let withdrawn =
        portal.invite(&admin.actor, account, &invite("gone@example.com", "viewer")).await.unwrap();
    let team = portal.team(&admin.actor, account).await.unwrap();
    portal.withdraw_invitation(&admin.actor, account, team.invitations[0].id).await.unwrap();
    assert!(portal.joining(&withdrawn.word.reveal()).await.is_err());
}

async fn an_account_keeps_an_owner_and_an_installation_an_administrator(db: Db) {
    let installation = Installation::new(&db).await;
    let (portal, account) = (&installation.portal, installation.account.id);
    let admin = installation.admin().await;
    let ada = admin.actor.user().unwrap();
    let last = portal.set_role(&admin.actor, account, ada, "editor").await;
    assert!(matches!(last, Err(Error::LastOwner)), "{last:?}");
    let last = portal.remove_person(&admin.actor, account, ada).await;
    assert!(matches!(last, Err(Error::LastOwner)), "{last:?}");
    for result in [
        portal.set_staff(&admin.actor, ada, None).await,
        portal.set_staff(&admin.actor, ada, Some(Staff::Support)).await,
        portal.set_disabled(&admin.actor, ada, true).await,
    ] {
        assert!(matches!(result, Err(Error::LastAdmin)), "{result:?}");
    }
    let eve = installation.member("eve@example.com", "viewer").await;
    let eve_id = eve.who(portal).await.unwrap().actor.user().unwrap();
    portal.set_role(&admin.actor, account, eve_id, "owner").await.unwrap();
    portal.remove_person(&admin.actor, account, ada).await.unwrap();
    // It counts from the next request on.
    let eve = eve.who(portal).await.unwrap();
    assert_eq!(portal.team(&eve.actor, account).await.unwrap().members.len(), 1);
    let nobody = portal.set_role(&eve.actor, account, ada, "viewer").await;
    assert!(matches!(nobody, Err(Error::NotFound(Noun::Person))), "{nobody:?}");
}

async fn support_writes_only_while_an_owner_lets_it_and_each_look_is_on_record(db: Db) {
    let installation = Installation::new(&db).await;
    let (portal, account) = (&installation.portal, installation.account.id);
    let owner = installation.admin().await;
    let support = installation.staff("sid@example.com", Staff::Support).await;
    let sid = support.who(portal).await.unwrap().actor;
    assert!(portal.routes(&sid, account, &RouteQuery::default()).await.is_ok());
    let write = installation.add_route(&sid, "sids").await;
    assert!(matches!(write, Err(Error::Forbidden(_))), "{write:?}");
    for hours in ["", "0", "337", "soon"] {
        let result = portal.grant_support(&owner.actor, account, Some(hours)).await;
        assert_eq!(refused(result), [(Field::Hours, "hours")], "{hours}");
    }
    let own = portal.grant_support(&sid, account, Some("1")).await;
    assert!(matches!(own, Err(Error::Forbidden(_))), "{own:?}");
    portal.grant_support(&owner.actor, account, Some("1")).await.unwrap();
    let sid = support.who(portal).await.unwrap().actor;
    installation.add_route(&sid, "sids").await.unwrap();
    let version = portal.accounts(&sid).await.unwrap()[0].version;
    let done = portal.operation(&owner.actor, account, version).await.unwrap();
    assert_eq!(
        (done.actor.as_str(), done.on_behalf_of.as_deref()),
        ("sid@example.com", Some("ada@example.com"))
    );
    portal.grant_support(&owner.actor, account, None).await.unwrap();
    let sid = support.who(portal).await.unwrap().actor;
    assert!(installation.add_route(&sid, "more").await.is_err());

    portal.look(&sid, account, "/dids/12065550100").await.unwrap();
    portal.look(&owner.actor, account, "/dids/manage").await.unwrap();
    let looks = portal.looks(&owner.actor, account, None).await.unwrap().looks;
    let seen: Vec<_> = looks.iter().map(|look| (look.email.as_str(), look.address.as_str())).collect();
    assert_eq!(seen, [("sid@example.com", "/dids/12065550100")]);
    assert!(matches!(portal.looks(&sid, account, None).await, Err(Error::Forbidden(_))));
}

async fn a_search_of_support_is_on_record_where_it_showed_something(db: Db) {
    let installation = Installation::new(&db).await;
    let (portal, account) = (&installation.portal, installation.account.id);
    let owner = installation.admin().await.actor;
    installation.add_route(&owner, "front-desk").await.unwrap();
    let sid = installation.staff("sid@example.com", Staff::Support).await.who(portal).await.unwrap().actor;
    // What shows nothing of an account but its name is no look at it, nor is one of its own people's.
    for (actor, typed, looks) in
        [(&sid, "nobody's", 0), (&sid, "Northwind", 0), (&owner, "front", 0), (&sid, "front", 1)]
    {
        portal.search_all(actor, typed, "/support").await.unwrap();
        let seen = portal.looks(&owner, account, None).await.unwrap().looks;
        assert_eq!(seen.len(), looks, "{typed}");
        assert!(seen.iter().all(|look| look.address == "/support" && look.email == "sid@example.com"));
    }
}

async fn a_token_is_for_one_account_and_ends_with_its_makers_role(db: Db) {
    let installation = Installation::new(&db).await;
    let (portal, account) = (&installation.portal, installation.account.id);
    let eve = installation.member("eve@example.com", "editor").await;
    let who = eve.who(portal).await.unwrap();
    let draft = |scope: &str, days: &str| TokenDraft {
        name: "nightly".into(),
        scope: scope.into(),
        days: days.into(),
    };
    let wrong = portal.make_token(&who, account, &TokenDraft::default()).await;
    assert_eq!(
        refused(wrong),
        [(Field::Name, "missing"), (Field::Scope, "unknown_scope"), (Field::Days, "days")]
    );
    let read = portal.make_token(&who, account, &draft("read", "30")).await.unwrap().reveal();
    let write = portal.make_token(&who, account, &draft("write", "30")).await.unwrap().reveal();
    let by = async |token: &str| portal.signed_in(Credential::Token(token), origin()).await.unwrap();
    let reads = by(&read).await.unwrap();
    assert!(portal.routes(&reads.actor, account, &RouteQuery::default()).await.is_ok());
    assert!(installation.add_route(&reads.actor, "no").await.is_err());
    let writes = by(&write).await.unwrap();
    installation.add_route(&writes.actor, "by a program").await.unwrap();
    assert_eq!(writes.actor.name(), "eve@example.com (nightly)");
    // A program does nothing that concerns people.
    assert!(portal.make_token(&writes, account, &draft("read", "1")).await.is_err());
    assert!(portal.you(&writes).await.is_err());
    let team = portal.team(&who.actor, account).await.unwrap();
    assert_eq!(team.tokens.iter().map(|token| token.scope).collect::<Vec<_>>(), [Scope::Write, Scope::Read]);
    assert!(team.tokens.iter().all(|token| read.starts_with(&token.hint) || write.starts_with(&token.hint)));

    let admin = installation.admin().await;
    let eve_id = who.actor.user().unwrap();
    portal.set_role(&admin.actor, account, eve_id, "viewer").await.unwrap();
    let writes = by(&write).await.unwrap();
    assert!(installation.add_route(&writes.actor, "no more").await.is_err());
    portal.revoke_token(&admin.actor, account, team.tokens[0].id).await.unwrap();
    assert!(by(&write).await.is_none());
    portal.remove_person(&admin.actor, account, eve_id).await.unwrap();
    assert!(by(&read).await.is_none());
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
fn code_of(secret: &str) -> String {
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

async fn an_invitation_reaches_no_further_than_whoever_made_it_and_takes_nothing_away(db: Db) {
    let installation = Installation::new(&db).await;
    let (portal, account) = (&installation.portal, installation.account.id);
    let admin = installation.admin().await;
    let eve = installation.member("eve@example.com", "owner").await.who(portal).await.unwrap();
    let eve_id = eve.actor.user().unwrap();
    let again = Invite { email: "eve.again@example.com".into(), role: "owner".into() };
    for remove in [false, true] {
        let word = portal.invite(&eve.actor, account, &again).await.unwrap().word.reveal();
        portal.joining(&word).await.unwrap();
        match remove {
            true => portal.remove_person(&admin.actor, account, eve_id).await.unwrap(),
            false => portal.set_role(&admin.actor, account, eve_id, "viewer").await.unwrap(),
        }
        let gone = portal.joining(&word).await;
        assert!(matches!(gone, Err(Error::NotFound(Noun::Invitation))), "{gone:?}");
        if !remove {
            portal.set_role(&admin.actor, account, eve_id, "owner").await.unwrap();
        }
    }
    let second = installation.staff("second@example.com", Staff::Admin).await.who(portal).await.unwrap();
    let third = Invite { email: "third@example.com".into(), role: "admin".into() };
    let word = portal.invite_staff(&second.actor, &third).await.unwrap().word.reveal();
    portal.set_disabled(&admin.actor, second.actor.user().unwrap(), true).await.unwrap();
    assert!(portal.joining(&word).await.is_err());
    // The only administrator stays one, though an invitation to support is accepted.
    let support = Invite { email: "ada@example.com".into(), role: "support".into() };
    let word = portal.invite_staff(&admin.actor, &support).await.unwrap().word.reveal();
    portal.join_as(&admin, &word).await.unwrap();
    assert_eq!(installation.admin().await.actor.staff(), Some(Staff::Admin));
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
        proved: true,
    };
    let (seen, begun) = (store::UnixMs(0), store::UnixMs(0));
    assert!(store.begin_session(&new(&judged), None, seen, begun).await.unwrap().is_some());
    store.set_password(judged.id, "another hash", None).await.unwrap();
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

async fn who_may_sign_in_has_a_history_of_its_own(db: Db) {
    let installation = Installation::new(&db).await;
    let portal = &installation.portal;
    let admin = installation.admin().await.actor;
    let operator = Actor::operator("root");
    let eve = PersonDraft { email: "eve@example.com".into(), name: "Eve".into(), staff: None };
    let eve = portal.add_person(&operator, &eve).await.unwrap();
    portal.set_staff(&admin, eve, Some(Staff::Support)).await.unwrap();
    portal.set_staff(&admin, eve, Some(Staff::Support)).await.unwrap();
    portal.make_password_link(&admin, eve).await.unwrap();
    portal.reset_second_factor(&admin, eve).await.unwrap();
    portal.set_disabled(&admin, eve, true).await.unwrap();
    portal.set_disabled(&admin, eve, false).await.unwrap();
    let sid = installation.staff("sid@example.com", Staff::Support).await;

    let page = portal.people_activity(&admin, OperationsAt::Newest).await.unwrap();
    let told: Vec<(&str, &str, &str)> =
        page.rows.iter().map(|row| (row.kind.as_str(), row.about.as_str(), row.actor.as_str())).collect();
    let ada = "ada@example.com";
    assert_eq!(
        told,
        [
            ("join", "sid@example.com", "sid@example.com"),
            ("invite", "sid@example.com", ada),
            ("enable_person", "eve@example.com", ada),
            ("disable_person", "eve@example.com", ada),
            ("reset_second_factor", "eve@example.com", ada),
            ("make_password_link", "eve@example.com", ada),
            ("change_role", "eve@example.com", ada),
            ("add_person", "eve@example.com", "root"),
        ]
    );
    assert!(page.rows.iter().all(|row| row.changes.len() == 1));
    assert_eq!(page.rows[0].address.as_deref(), Some("192.0.2.7"));
    let role = &page.rows[6].changes[0].fields[0];
    assert_eq!((role.before.as_deref(), role.after.as_deref()), (None, Some("support")));
    let links: String =
        page.rows.iter().flat_map(|row| &row.changes).map(|change| format!("{change:?}")).collect();
    assert!(!links.contains("argon2") && !links.contains("swb_"), "{links}");
    // It is chained like any other, and nobody's account.
    let chain = portal.verify_chain(&operator, store::INSTALLATION, None).await.unwrap().unwrap();
    assert_eq!(chain.operations, 8);
    let sid = sid.who(portal).await.unwrap().actor;
    assert!(matches!(
        portal.people_activity(&sid, OperationsAt::Newest).await,
        Err(Error::Forbidden(Forbidden::NotAdmin))
    ));
    for actor in [&admin, &operator, &sid] {
        assert!(
            portal.accounts(actor).await.unwrap().iter().all(|account| account.id != store::INSTALLATION)
        );
        let seen = portal.overview(actor, store::INSTALLATION).await;
        assert!(matches!(seen, Err(Error::NotFound(Noun::Account))));
        assert!(matches!(
            installation.portal.account_for(actor, Some(store::INSTALLATION)).await,
            Err(Error::NotFound(Noun::Account))
        ));
    }
}

async fn of_two_administrators_who_demote_each_other_at_once_one_stays(db: Db) {
    let installation = Installation::new(&db).await;
    let portal = &installation.portal;
    for round in 0..5 {
        let email = format!("bob{round}@example.com");
        installation.staff(&email, Staff::Admin).await;
        let admin = installation.admin().await.actor;
        let people = portal.people(&admin).await.unwrap();
        let id = |email: &str| people.iter().find(|person| person.email == email).unwrap().id;
        let (ada, bob) = (id("ada@example.com"), id(&email));
        let operator = Actor::operator("test");
        let (first, second) =
            tokio::join!(portal.set_staff(&operator, ada, None), portal.set_staff(&operator, bob, None));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        for (result, user) in [(first, ada), (second, bob)] {
            if let Err(error) = result {
                assert!(matches!(error, Error::LastAdmin), "{error:?}");
            } else {
                portal.set_staff(&operator, user, Some(Staff::Admin)).await.unwrap();
            }
        }
        portal.set_staff(&operator, bob, None).await.unwrap();
    }
}
