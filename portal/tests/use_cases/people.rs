//! Who may sign in, and what each of them may do.

use portal::{
    Actor, Credential, Error, Field, FirstVisit, Forbidden, Invite, NewAccount, Noun, OperationsAt,
    PersonDraft, Portal, RouteQuery, Scope, SetUp, Staff, TokenDraft,
};

use crate::installation::{Browser, GOOD, Installation, OTHER, northwind, origin, visit};
use crate::office::refused;
use crate::support::{Db, contract};

contract!(
    the_first_visit_creates_the_administrator_and_happens_once,
    accounts_from_before_sign_in_are_adopted,
    an_invitation_works_once_for_the_one_whom_it_invites,
    an_account_keeps_an_owner_and_an_installation_an_administrator,
    support_writes_only_while_an_owner_lets_it_and_each_look_is_on_record,
    a_search_of_support_is_on_record_where_it_showed_something,
    a_token_is_for_one_account_and_ends_with_its_makers_role,
    a_form_that_is_sent_twice_makes_one_link_and_that_works_still,
    an_invitation_reaches_no_further_than_whoever_made_it_and_takes_nothing_away,
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

async fn an_invitation_works_once_for_the_one_whom_it_invites(db: Db) {
    let installation = Installation::new(&db).await;
    let (portal, account) = (&installation.portal, installation.account.id);
    let admin = installation.admin().await;
    let invite = |email: &str, role: &str| Invite { email: email.into(), role: role.into() };
    let wrong = portal.invite(&admin.actor, account, &invite("x", "king")).await;
    assert_eq!(refused(wrong), [(Field::Email, "not_an_email"), (Field::Role, "unknown_role")]);
    let known = portal.invite(&admin.actor, account, &invite("ADA@example.com", "viewer")).await;
    assert_eq!(refused(known), [(Field::Email, "member_already")]);

    let word = portal.invite(&admin.actor, account, &invite("eve@example.com", "editor")).await.unwrap();
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
        name: format!("{scope} at night"),
        scope: scope.into(),
        days: days.into(),
    };
    let wrong = portal.make_token(&who, account, &TokenDraft::default()).await;
    assert_eq!(
        refused(wrong),
        [(Field::TokenName, "missing"), (Field::Scope, "unknown_scope"), (Field::Days, "days")]
    );
    let read = portal.make_token(&who, account, &draft("read", "30")).await.unwrap().reveal();
    let write = portal.make_token(&who, account, &draft("write", "30")).await.unwrap().reveal();
    // A form that is sent once more makes no second one; somebody else's may be called so, too.
    let again = portal.make_token(&who, account, &draft("read", "30")).await;
    assert_eq!(refused(again), [(Field::TokenName, "token_name_taken")]);
    let admin = installation.admin().await;
    portal.make_token(&admin, account, &draft("read", "30")).await.unwrap();
    let by = async |token: &str| portal.signed_in(Credential::Token(token), origin()).await.unwrap();
    let reads = by(&read).await.unwrap();
    assert!(portal.routes(&reads.actor, account, &RouteQuery::default()).await.is_ok());
    assert!(installation.add_route(&reads.actor, "no").await.is_err());
    let writes = by(&write).await.unwrap();
    installation.add_route(&writes.actor, "by a program").await.unwrap();
    assert_eq!(writes.actor.name(), "eve@example.com (write at night)");
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

async fn a_form_that_is_sent_twice_makes_one_link_and_that_works_still(db: Db) {
    let installation = Installation::new(&db).await;
    let (portal, account) = (&installation.portal, installation.account.id);
    let admin = installation.admin().await.actor;
    let of = |email: &str, role: &str| Invite { email: email.into(), role: role.into() };
    let already = (Field::Email, "invited_already");
    let word = portal.invite(&admin, account, &of("eve@example.com", "viewer")).await.unwrap().word.reveal();
    let again = portal.invite(&admin, account, &of("Eve@Example.com", "owner")).await;
    assert_eq!(refused(again), [already]);
    portal.joining(&word).await.unwrap();
    let staff = portal.invite_staff(&admin, &of("eve@example.com", "support")).await.unwrap().word.reveal();
    let again = portal.invite_staff(&admin, &of("eve@example.com", "support")).await;
    assert_eq!(refused(again), [already]);
    portal.joining(&staff).await.unwrap();
    // Taken back, there is another one.
    let waiting = portal.staff_invitations(&admin).await.unwrap();
    portal.withdraw_staff_invitation(&admin, waiting[0].id).await.unwrap();
    portal.invite_staff(&admin, &of("eve@example.com", "support")).await.unwrap();
    assert!(portal.joining(&staff).await.is_err());
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
