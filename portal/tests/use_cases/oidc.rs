//! Signing in by an OIDC provider, against a small one that the tests start.

use portal::{
    Entry, Errand, Error, Forbidden, Noun, Origin, Portal, Provider, ProviderAnswer, ProviderFault,
    ProviderSettings, Returned, SignedIn,
};

use crate::house::{BACK, House, ada, fault};
use crate::installation::{Browser, GOOD};
use crate::provider::{Back, Lie, Visitor};
use crate::support::{Db, contract};

contract!(
    a_linked_account_lets_in_and_a_stranger_is_told_what_to_do,
    what_does_not_hold_signs_nobody_in,
    an_answer_counts_once_and_in_the_browser_that_asked,
    a_provider_that_is_down_keeps_nobody_from_their_password,
    metadata_of_another_issuer_or_with_an_unsafe_address_is_not_believed,
    a_new_key_of_the_provider_is_fetched,
    somebody_links_and_unlinks_themselves_after_a_fresh_sign_in,
    whoever_may_not_sign_in_stays_out_by_the_provider_too,
    an_invitation_is_accepted_with_the_provider,
    an_unverified_address_never_links_and_a_verified_one_where_it_may,
    a_second_factor_is_asked_for_after_the_provider_too,
    only_a_fresh_proof_at_the_provider_counts_as_fresh,
    the_only_way_in_cannot_be_unlinked_until_there_is_a_password,
    redeeming_is_slowed_down,
);

async fn a_linked_account_lets_in_and_a_stranger_is_told_what_to_do(db: Db) {
    let house = House::new(&db).await;
    let mut browser = Browser::new();
    let refused = house.goes(&mut browser, Errand::SignIn, &ada()).await;
    assert_eq!(fault(refused), ProviderFault::Nobody);
    let visitor = house.linked().await;
    let before = browser.cookie.clone();
    house.goes(&mut browser, Errand::SignIn, &visitor).await.unwrap();
    let who = house.who(&browser).await.unwrap();
    assert_eq!((who.email.as_str(), who.fresh), ("ada@example.com", true));
    assert!(browser.cookie != before && browser.device.is_some(), "a session and a device as by a password");
    let first = browser.cookie.clone();
    house.goes(&mut browser, Errand::SignIn, &visitor).await.unwrap();
    assert_ne!(browser.cookie, first);
    browser.cookie = first;
    assert!(house.who(&browser).await.is_none(), "the session before ended with the new one");
    let none = Portal::new(db.store.clone()).leave_for_provider(Errand::SignIn, None, BACK).await;
    assert!(matches!(none, Err(Error::NotFound(Noun::Page))), "{none:?}");
}

async fn what_does_not_hold_signs_nobody_in(db: Db) {
    let house = House::new(&db).await;
    let visitor = house.linked().await;
    for (lie, expected) in [
        (Lie::Nonce, ProviderFault::Untrusted),
        (Lie::Audience, ProviderFault::Untrusted),
        (Lie::TwoAudiences, ProviderFault::Untrusted),
        (Lie::Issuer, ProviderFault::Untrusted),
        (Lie::Expired, ProviderFault::Untrusted),
        (Lie::Signature, ProviderFault::Untrusted),
        (Lie::Unsigned, ProviderFault::Untrusted),
        (Lie::SharedSecret, ProviderFault::Untrusted),
        (Lie::NoToken, ProviderFault::Untrusted),
        (Lie::NoSubject, ProviderFault::Untrusted),
        (Lie::LongSubject, ProviderFault::Untrusted),
        (Lie::Nonsense, ProviderFault::Untrusted),
        (Lie::Huge, ProviderFault::Unreachable),
        (Lie::Redirect, ProviderFault::Untrusted),
    ] {
        let mut browser = Browser::new();
        house.provider.lie(lie);
        let refused = house.goes(&mut browser, Errand::SignIn, &visitor).await;
        assert_eq!(fault(refused), expected, "{lie:?}");
        assert!(browser.cookie.is_none(), "{lie:?}");
    }
    house.provider.lie(Lie::None);
    house.goes(&mut Browser::new(), Errand::SignIn, &visitor).await.unwrap();
}

async fn an_answer_counts_once_and_in_the_browser_that_asked(db: Db) {
    let house = House::new(&db).await;
    let visitor = house.linked().await;
    let mut browser = Browser::new();
    let (flow, back) = house.leaves(&browser, Errand::SignIn, &visitor).await;
    let (other, other_back) = house.leaves(&browser, Errand::SignIn, &visitor).await;
    let answer = ProviderAnswer {
        state: &back.state,
        code: Some(&back.code),
        error: None,
        issuer: Some(&back.issuer),
    };
    for (name, flow, answer, expected) in [
        ("a browser that asked for nothing", None, answer, ProviderFault::NotBegun),
        ("another browser", Some(&other), answer, ProviderFault::NotBegun),
        ("another state", Some(&flow), ProviderAnswer { state: "x", ..answer }, ProviderFault::NotBegun),
        ("no state", Some(&flow), ProviderAnswer { state: "", ..answer }, ProviderFault::NotBegun),
        ("no code", Some(&flow), ProviderAnswer { code: None, ..answer }, ProviderFault::Declined),
        ("an empty code", Some(&flow), ProviderAnswer { code: Some(""), ..answer }, ProviderFault::NotBegun),
        (
            "an error",
            Some(&flow),
            ProviderAnswer { error: Some("access_denied"), ..answer },
            ProviderFault::Declined,
        ),
        (
            "another provider",
            Some(&flow),
            ProviderAnswer { issuer: Some("https://evil.example"), ..answer },
            ProviderFault::Untrusted,
        ),
    ] {
        assert_eq!(fault(house.answers(&mut browser, flow, answer).await), expected, "{name}");
    }
    // The code of one sign-in in the browser of another: the provider misses the verifier that it asked for.
    let injected = ProviderAnswer { state: &other_back.state, ..answer };
    let refused = house.answers(&mut browser, Some(&other), injected).await;
    assert_eq!(fault(refused), ProviderFault::NotBegun);
    assert!(browser.cookie.is_none());

    let (flow, back) = house.leaves(&browser, Errand::SignIn, &visitor).await;
    house.returns(&mut browser, &flow, &back).await.unwrap();
    let again = house.returns(&mut Browser::new(), &flow, &back).await;
    assert_eq!(fault(again), ProviderFault::NotBegun, "the provider takes a code once");
}

async fn a_provider_that_is_down_keeps_nobody_from_their_password(db: Db) {
    let house = House::with(&db, |settings| settings.issuer = "http://127.0.0.1:9".into()).await;
    for _ in 0..2 {
        let refused = house.portal().leave_for_provider(Errand::SignIn, None, BACK).await;
        assert_eq!(fault(refused), ProviderFault::Unreachable);
    }
    Browser::new().sign_in(house.portal(), "ada@example.com", GOOD).await.unwrap();
}

async fn metadata_of_another_issuer_or_with_an_unsafe_address_is_not_believed(db: Db) {
    let mut house = House::new(&db).await;
    for lie in [Lie::OtherIssuer, Lie::InTheClear] {
        house.provider.lie(lie);
        let provider = Provider::new(house.provider.settings()).unwrap();
        house.installation.portal = house.installation.portal.clone().with_provider(provider);
        let refused = house.portal().leave_for_provider(Errand::SignIn, None, BACK).await;
        assert_eq!(fault(refused), ProviderFault::Unreachable, "{lie:?}");
    }
}

async fn a_new_key_of_the_provider_is_fetched(db: Db) {
    let house = House::new(&db).await;
    let visitor = house.linked().await;
    house.goes(&mut Browser::new(), Errand::SignIn, &visitor).await.unwrap();
    assert_eq!(house.provider.discoveries(), 1, "it is asked once");
    house.provider.change_key();
    house.goes(&mut Browser::new(), Errand::SignIn, &visitor).await.unwrap();
    assert_eq!(house.provider.discoveries(), 2);
    house.provider.change_key();
    let soon = house.goes(&mut Browser::new(), Errand::SignIn, &visitor).await;
    assert_eq!(fault(soon), ProviderFault::Untrusted);
    assert_eq!(house.provider.discoveries(), 2, "tokens of any key do not have us ask all the time");
}

async fn somebody_links_and_unlinks_themselves_after_a_fresh_sign_in(db: Db) {
    let house = House::new(&db).await;
    let portal = house.portal();
    let mut browser = Browser::new();
    let stranger = portal.leave_for_provider(Errand::Link, None, BACK).await;
    assert!(matches!(stranger, Err(Error::SignInAgain)), "{stranger:?}");
    browser.sign_in(portal, "ada@example.com", GOOD).await.unwrap();
    let stale = SignedIn { fresh: false, ..house.who(&browser).await.unwrap() };
    let refused = portal.leave_for_provider(Errand::Link, Some(&stale), BACK).await;
    assert!(matches!(refused, Err(Error::Forbidden(Forbidden::Stale))), "{refused:?}");

    let named = Visitor { email: Some(("ada@acme.example", false)), ..ada() };
    let (flow, back) = house.leaves(&browser, Errand::Link, &named).await;
    // Whoever sits there by then is not who set out.
    let mut other = house.installation.member("bob@example.com", "viewer").await;
    let refused = house.returns(&mut other, &flow, &back).await;
    assert!(matches!(refused, Err(Error::SignInAgain)), "{refused:?}");
    let (flow, back) = house.leaves(&browser, Errand::Link, &named).await;
    assert!(flow.links());
    assert!(matches!(house.returns(&mut browser, &flow, &back).await, Ok(Returned::Linked)));
    let you = portal.you(&house.who(&browser).await.unwrap()).await.unwrap();
    let linked = you.provider.unwrap().linked.unwrap();
    assert_eq!(linked.email.as_deref(), Some("ada@acme.example"));
    // One account there is one person here, and the other way round.
    assert_eq!(fault(house.goes(&mut other, Errand::Link, &named).await), ProviderFault::Taken);
    let second = Visitor { subject: "another", ..ada() };
    assert_eq!(fault(house.goes(&mut browser, Errand::Link, &second).await), ProviderFault::Taken);

    let mut elsewhere = Browser::new();
    house.goes(&mut elsewhere, Errand::SignIn, &named).await.unwrap();
    let refused = portal.unlink_provider(&stale).await;
    assert!(matches!(refused, Err(Error::Forbidden(Forbidden::Stale))), "{refused:?}");
    portal.unlink_provider(&house.who(&browser).await.unwrap()).await.unwrap();
    assert!(house.who(&elsewhere).await.is_none(), "signed out everywhere else");
    let refused = house.goes(&mut Browser::new(), Errand::SignIn, &named).await;
    assert_eq!(fault(refused), ProviderFault::Nobody);
    let again = portal.unlink_provider(&house.who(&browser).await.unwrap()).await;
    assert!(matches!(again, Err(Error::NotFound(Noun::Identity))), "{again:?}");
}

async fn whoever_may_not_sign_in_stays_out_by_the_provider_too(db: Db) {
    let house = House::with(&db, |settings| settings.link_verified_email = true).await;
    let portal = house.portal();
    let mut bob = house.installation.member("bob@example.com", "viewer").await;
    let visitor = Visitor { subject: "bob", ..ada() };
    house.goes(&mut bob, Errand::Link, &visitor).await.unwrap();
    let user = house.who(&bob).await.unwrap().actor.user().unwrap();
    let (flow, back) = house.leaves(&Browser::new(), Errand::SignIn, &visitor).await;
    let admin = house.installation.admin().await;
    portal.set_disabled(&admin.actor, user, true).await.unwrap();
    let mut browser = Browser::new();
    let refused = house.returns(&mut browser, &flow, &back).await;
    assert_eq!(fault(refused), ProviderFault::SwitchedOff, "also who was on the way meanwhile");
    let by_address = Visitor { subject: "bob at home", email: Some(("bob@example.com", true)), ..ada() };
    let refused = house.goes(&mut browser, Errand::SignIn, &by_address).await;
    assert_eq!(fault(refused), ProviderFault::Nobody);
    assert!(browser.cookie.is_none());
}

async fn an_invitation_is_accepted_with_the_provider(db: Db) {
    let house = House::new(&db).await;
    let portal = house.portal();
    let word = house.word("nina@example.com").await;
    let nina = Visitor { subject: "nina", name: Some("Nina Novak"), ..ada() };
    let mut browser = Browser::new();
    let came = house.goes(&mut browser, Errand::Join(&word), &nina).await;
    assert!(matches!(came, Ok(Returned::Joined(_))), "{came:?}");
    let who = house.who(&browser).await.unwrap();
    assert_eq!((who.email.as_str(), who.name.as_str()), ("nina@example.com", "Nina Novak"));
    assert_eq!(who.actor.accounts(), [house.installation.account.id]);
    assert!(!who.no_way_in, "the provider lets them in again");
    let again = portal.leave_for_provider(Errand::Join(&word), None, BACK).await;
    assert!(matches!(again, Err(Error::NotFound(Noun::Invitation))), "{again:?}");
    house.goes(&mut Browser::new(), Errand::SignIn, &nina).await.unwrap();

    // Who is known here already signs in by it, and is not added.
    let other = house.word("nina@work.example").await;
    let mut browser = Browser::new();
    let came = house.goes(&mut browser, Errand::Join(&other), &nina).await;
    assert!(matches!(came, Ok(Returned::Entry(Entry::In(_)))), "{came:?}");
    assert_eq!(house.who(&browser).await.unwrap().email, "nina@example.com");
    assert!(portal.joining(&other).await.is_ok(), "it waits for their word");
    // A name that cannot be shown is none.
    let nameless = Visitor { subject: "zed", name: Some("a\u{7}b"), ..ada() };
    house.goes(&mut browser, Errand::Join(&other), &nameless).await.unwrap();
    assert_eq!(house.who(&browser).await.unwrap().name, "nina@work.example");
}

async fn an_unverified_address_never_links_and_a_verified_one_where_it_may(db: Db) {
    let mut house = House::new(&db).await;
    for (allowed, verified, lets_in) in
        [(false, false, false), (false, true, false), (true, false, false), (true, true, true)]
    {
        let settings = ProviderSettings { link_verified_email: allowed, ..house.provider.settings() };
        let provider = Provider::new(settings).unwrap();
        house.installation.portal = house.installation.portal.clone().with_provider(provider);
        let visitor = Visitor { email: Some(("Ada@Example.com", verified)), ..ada() };
        let came = house.goes(&mut Browser::new(), Errand::SignIn, &visitor).await;
        match lets_in {
            true => assert!(matches!(came, Ok(Returned::Entry(Entry::In(_)))), "{came:?}"),
            false => assert_eq!(fault(came), ProviderFault::Nobody, "{allowed} {verified}"),
        }
    }
    // Another account there with the same address is another one.
    let second = Visitor { subject: "another", email: Some(("ada@example.com", true)), ..ada() };
    assert_eq!(fault(house.goes(&mut Browser::new(), Errand::SignIn, &second).await), ProviderFault::Taken);
}

async fn a_second_factor_is_asked_for_after_the_provider_too(db: Db) {
    let house = House::new(&db).await;
    let visitor = house.linked().await;
    let user = house.installation.admin().await.actor.user().unwrap();
    let totp = store::Totp { secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into(), last_step: 0 };
    let mut tx = db.store.begin(store::INSTALLATION).await.unwrap();
    tx.set_totp(user, Some(&totp), &[], None).await.unwrap();
    tx.commit(store::Operation::default()).await.unwrap();
    let mut browser = Browser::new();
    let came = house.goes(&mut browser, Errand::SignIn, &visitor).await.unwrap();
    assert!(matches!(came, Returned::Entry(Entry::NeedsCode(_))), "{came:?}");
    assert!(house.who(&browser).await.is_none());
    assert!(house.portal().awaits_code(browser.cookie.as_deref().unwrap()).await.unwrap());
}

async fn only_a_fresh_proof_at_the_provider_counts_as_fresh(db: Db) {
    let house = House::new(&db).await;
    house.linked().await;
    // Without a person at the provider just now, a sign-in is one, and not a fresh one.
    for (proved_s_ago, fresh) in [(Some(0), true), (Some(-600), true), (Some(20 * 60), false), (None, false)]
    {
        let visitor = Visitor { proved_s_ago, ..ada() };
        let mut browser = Browser::new();
        house.goes(&mut browser, Errand::SignIn, &visitor).await.unwrap();
        assert_eq!(house.who(&browser).await.unwrap().fresh, fresh, "{proved_s_ago:?}");
        let anew = house.goes(&mut browser, Errand::SignIn, &visitor).await;
        match fresh {
            true => assert!(anew.is_ok(), "{anew:?}"),
            false => assert_eq!(fault(anew), ProviderFault::NotAnew, "{proved_s_ago:?}"),
        }
    }
    // Whoever is signed in already is asked anew.
    let mut browser = Browser::new();
    browser.sign_in(house.portal(), "ada@example.com", GOOD).await.unwrap();
    for (who, expected) in [(None, false), (house.who(&browser).await, true)] {
        let left = house.portal().leave_for_provider(Errand::SignIn, who.as_ref(), BACK).await;
        let (address, _) = left.unwrap();
        assert_eq!(address.contains("prompt=login"), expected, "{address}");
        assert_eq!(address.contains("max_age=0"), expected, "{address}");
        assert!(address.contains("max_age="), "so that it says when: {address}");
    }
}

async fn the_only_way_in_cannot_be_unlinked_until_there_is_a_password(db: Db) {
    let house = House::new(&db).await;
    let portal = house.portal();
    let word = house.word("nina@example.com").await;
    let nina = Visitor { subject: "nina", proved_s_ago: Some(3600), ..ada() };
    let mut browser = Browser::new();
    house.goes(&mut browser, Errand::Join(&word), &nina).await.unwrap();
    let stale = house.who(&browser).await.unwrap();
    assert!(!stale.fresh);
    let refused = portal.change_password(&stale, "", GOOD).await;
    assert!(matches!(refused, Err(Error::Forbidden(Forbidden::Stale))), "{refused:?}");
    let here = Visitor { proved_s_ago: Some(0), ..nina };
    house.goes(&mut browser, Errand::SignIn, &here).await.unwrap();
    let fresh = house.who(&browser).await.unwrap();
    assert!(matches!(portal.unlink_provider(&fresh).await, Err(Error::OnlyWayIn)));
    portal.change_password(&fresh, "", GOOD).await.unwrap();
    portal.unlink_provider(&fresh).await.unwrap();
    Browser::new().sign_in(portal, "nina@example.com", GOOD).await.unwrap();
}

async fn redeeming_is_slowed_down(db: Db) {
    let house = House::new(&db).await;
    let visitor = house.linked().await;
    let mut browser = Browser::new();
    browser.origin = Origin { address: "192.0.2.99".into(), request: "x".into() };
    for _ in 0..40 {
        house.goes(&mut browser, Errand::SignIn, &visitor).await.unwrap();
    }
    // What this browser did not ask for, as another site can send it here, uses up no try.
    for _ in 0..100 {
        let other = house.answers(&mut browser, None, ProviderAnswer::default()).await;
        assert_eq!(fault(other), ProviderFault::NotBegun);
    }
    let (flow, back) = house.leaves(&browser, Errand::SignIn, &visitor).await;
    let wrong = Back { code: "wrong".into(), ..back };
    let mut tries = 0;
    loop {
        match house.returns(&mut browser, &flow, &wrong).await {
            Err(Error::TooMany { .. }) => break,
            other => assert!(other.is_err(), "{other:?}"),
        }
        tries += 1;
        assert!(tries <= 30, "not slowed down");
    }
    assert_eq!(tries, 30);
}
