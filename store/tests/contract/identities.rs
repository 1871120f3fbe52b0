//! Who somebody is at an OIDC provider.

use std::collections::BTreeMap;

use store::{
    Error, INSTALLATION, NewIdentity, NewPasskey, NewSession, NewUser, Noun, ProvedBy, Secret, SecretHash,
    Store, UnixMs, User, UserId, WaysIn,
};

use super::build::sign_in;
use crate::support::{Db, contract};

contract! {
    an_account_at_a_provider_is_one_person_and_a_person_has_one_of_each,
    somebody_is_added_with_an_account_at_a_provider_or_not_at_all,
    that_a_provider_was_unlinked_is_remembered_until_it_is_linked_again,
    all_ways_in_are_those_of_each,
    a_session_begins_by_a_provider_that_is_linked_still,
    what_somebody_changes_of_their_own_needs_a_session_that_is_there,
    a_session_that_begins_while_its_provider_is_unlinked_ends_with_it,
}

const ISSUER: &str = "https://accounts.example.com";
const OTHER: &str = "https://other.example.com";

fn identity(issuer: &str, subject: &str) -> NewIdentity {
    NewIdentity { issuer: issuer.into(), subject: subject.into(), email: Some("x@example.com".into()) }
}

fn person(email: &str, identity: Option<NewIdentity>) -> NewUser {
    NewUser { email: email.into(), name: "Somebody".into(), staff: None, password: None, identity }
}

async fn add(db: &Db, new: &NewUser) -> Result<UserId, Error> {
    sign_in(&db.store, async |tx| tx.insert_user(new).await).await
}

async fn found(db: &Db, issuer: &str, subject: &str) -> Option<UserId> {
    db.store.user_by_identity(issuer, subject).await.unwrap().map(|user| user.id)
}

async fn link(store: &Store, user: UserId, identity: &NewIdentity) -> Result<(), Error> {
    sign_in(store, async |tx| tx.link_identity(user, identity).await).await
}

async fn unlink(store: &Store, user: UserId, issuer: &str) -> Result<(), Error> {
    sign_in(store, async |tx| tx.unlink_identity(user, issuer, None).await).await
}

async fn an_account_at_a_provider_is_one_person_and_a_person_has_one_of_each(db: Db) {
    let store = &db.store;
    let ada = add(&db, &person("ada@example.com", None)).await.unwrap();
    let bob = add(&db, &person("bob@example.com", None)).await.unwrap();
    link(store, ada, &identity(ISSUER, "1")).await.unwrap();
    for (user, issuer, subject) in [(bob, ISSUER, "1"), (ada, ISSUER, "1"), (ada, ISSUER, "2")] {
        let taken = link(store, user, &identity(issuer, subject)).await;
        assert!(matches!(taken, Err(Error::IdentityTaken)), "{user} {subject}: {taken:?}");
    }
    // The same subject of another issuer is somebody else; letters are told apart.
    link(store, bob, &identity(OTHER, "1")).await.unwrap();
    link(store, bob, &identity(ISSUER, "a")).await.unwrap();
    for (issuer, subject, expected) in [
        (ISSUER, "1", Some(ada)),
        (OTHER, "1", Some(bob)),
        (ISSUER, "a", Some(bob)),
        (ISSUER, "A", None),
        ("https://ACCOUNTS.example.com", "1", None),
        (ISSUER, "", None),
    ] {
        assert_eq!(found(&db, issuer, subject).await, expected, "{issuer} {subject}");
    }
    let linked = store.identity(ada, ISSUER).await.unwrap().unwrap();
    assert_eq!(linked.email.as_deref(), Some("x@example.com"));
    unlink(store, ada, ISSUER).await.unwrap();
    assert_eq!(found(&db, ISSUER, "1").await, None);
    assert_eq!(store.identity(ada, ISSUER).await.unwrap(), None);
    let again = unlink(store, ada, ISSUER).await;
    assert!(matches!(again, Err(Error::NotFound(Noun::Identity))), "{again:?}");
    assert_eq!(found(&db, ISSUER, "a").await, Some(bob), "another's stays");
}

async fn that_a_provider_was_unlinked_is_remembered_until_it_is_linked_again(db: Db) {
    let store = &db.store;
    let ada = add(&db, &person("ada@example.com", Some(identity(ISSUER, "1")))).await.unwrap();
    link(store, ada, &identity(OTHER, "1")).await.unwrap();
    let unlinked = async || {
        let mut tx = store.begin(INSTALLATION).await.unwrap();
        [tx.was_unlinked(ada, ISSUER).await.unwrap(), tx.was_unlinked(ada, OTHER).await.unwrap()]
    };
    assert_eq!(unlinked().await, [false, false]);
    for _ in 0..2 {
        unlink(store, ada, ISSUER).await.unwrap();
        assert_eq!(unlinked().await, [true, false]);
        link(store, ada, &identity(ISSUER, "2")).await.unwrap();
        assert_eq!(unlinked().await, [false, false]);
    }
    // So is what a recovery took away.
    let word = Secret::random().unwrap().hash();
    sign_in(store, async |tx| tx.make_password_link(ada, &word, UnixMs(i64::MAX)).await).await.unwrap();
    sign_in(store, async |tx| tx.set_password_by_link(ada, &word, "hash", None).await).await.unwrap();
    assert_eq!(unlinked().await, [true, true]);
    // Also of a provider that never let them in, if it is the one that is asked.
    let bob = add(&db, &person("bob@example.com", None)).await.unwrap();
    let word = Secret::random().unwrap().hash();
    sign_in(store, async |tx| tx.make_password_link(bob, &word, UnixMs(i64::MAX)).await).await.unwrap();
    let asked = Some(ISSUER);
    sign_in(store, async |tx| tx.set_password_by_link(bob, &word, "hash", asked).await).await.unwrap();
    let mut tx = store.begin(INSTALLATION).await.unwrap();
    assert!(tx.was_unlinked(bob, ISSUER).await.unwrap());
}

async fn all_ways_in_are_those_of_each(db: Db) {
    let store = &db.store;
    let ada = add(&db, &person("ada@example.com", None)).await.unwrap();
    let bob = add(&db, &person("bob@example.com", Some(identity(ISSUER, "1")))).await.unwrap();
    assert!(store.ways_in(ada).await.unwrap().is_empty());
    sign_in(store, async |tx| tx.set_password(ada, "hash", None).await).await.unwrap();
    link(store, bob, &identity(OTHER, "1")).await.unwrap();
    let passkey = NewPasskey {
        user: bob,
        handle: vec![1],
        credential_id: vec![2],
        credential: "{}".into(),
        name: "phone".into(),
    };
    sign_in(store, async |tx| tx.insert_passkey(&passkey).await).await.unwrap();
    let expected = [
        (ada, WaysIn { password: true, passkeys: 0, issuers: Vec::new() }),
        (bob, WaysIn { password: false, passkeys: 1, issuers: vec![ISSUER.into(), OTHER.into()] }),
    ];
    assert_eq!(store.all_ways_in().await.unwrap(), BTreeMap::from(expected.clone()));
    for (user, ways) in expected {
        assert_eq!(store.ways_in(user).await.unwrap(), ways);
        let mut tx = store.begin(INSTALLATION).await.unwrap();
        assert_eq!(tx.ways_in(user).await.unwrap(), ways);
    }
    let nobody = store.ways_in(UserId(99)).await;
    assert!(matches!(nobody, Err(Error::NotFound(Noun::User))), "{nobody:?}");
}

/// A session that somebody begins by a provider, in place of another one of theirs.
async fn begin(
    store: &Store,
    user: &User,
    by: &NewIdentity,
    instead_of: Option<&SecretHash>,
) -> Option<SecretHash> {
    let new = NewSession {
        hash: Secret::random().unwrap().hash(),
        user: user.clone(),
        address: String::new(),
        agent: String::new(),
        proved_at: UnixMs(1),
        by: Some(ProvedBy::Identity(by.clone())),
    };
    let begun = store.begin_session(&new, instead_of, UnixMs(0), UnixMs(0)).await.unwrap();
    begun.map(|_| new.hash)
}

async fn a_session_begins_by_a_provider_that_is_linked_still(db: Db) {
    let store = &db.store;
    let by = identity(ISSUER, "1");
    let ada = add(&db, &person("ada@example.com", Some(by.clone()))).await.unwrap();
    let user = store.user(ada).await.unwrap().unwrap();
    assert!(begin(store, &user, &by, None).await.is_some());
    assert!(begin(store, &user, &identity(ISSUER, "2"), None).await.is_none());
    assert!(begin(store, &user, &identity(OTHER, "1"), None).await.is_none());
    unlink(store, ada, ISSUER).await.unwrap();
    assert!(begin(store, &user, &by, None).await.is_none());
}

async fn what_somebody_changes_of_their_own_needs_a_session_that_is_there(db: Db) {
    let store = &db.store;
    let by = identity(ISSUER, "1");
    let ada = add(&db, &person("ada@example.com", Some(by.clone()))).await.unwrap();
    let bob = add(&db, &person("bob@example.com", None)).await.unwrap();
    let user = store.user(ada).await.unwrap().unwrap();
    begin(store, &user, &by, None).await.unwrap();
    let session = store.sessions(ada, UnixMs(0), UnixMs(0)).await.unwrap()[0].id;
    let own = async |user| {
        let mut tx = store.begin(INSTALLATION).await.unwrap();
        tx.own(user, session).await.unwrap().map(|user| user.id)
    };
    assert_eq!(own(ada).await, Some(ada));
    assert_eq!(own(bob).await, None, "of somebody else");
    store.revoke_session(ada, session).await.unwrap();
    assert_eq!(own(ada).await, None, "ended");
}

async fn a_session_that_begins_while_its_provider_is_unlinked_ends_with_it(db: Db) {
    let store = &db.store;
    let by = identity(ISSUER, "1");
    let ada = add(&db, &person("ada@example.com", Some(by.clone()))).await.unwrap();
    let user = store.user(ada).await.unwrap().unwrap();
    for round in 0..20 {
        let before = begin(store, &user, &by, None).await.unwrap();
        let (_, unlinked) = tokio::join!(begin(store, &user, &by, Some(&before)), unlink(store, ada, ISSUER));
        unlinked.unwrap();
        let left = store.sessions(ada, UnixMs(0), UnixMs(0)).await.unwrap();
        assert_eq!(left, [], "round {round}");
        link(store, ada, &by).await.unwrap();
    }
}

async fn somebody_is_added_with_an_account_at_a_provider_or_not_at_all(db: Db) {
    let store = &db.store;
    let one = identity(ISSUER, "1");
    let ada = add(&db, &person("ada@example.com", Some(one.clone()))).await.unwrap();
    assert_eq!(found(&db, ISSUER, "1").await, Some(ada));
    let taken = add(&db, &person("bob@example.com", Some(one))).await;
    assert!(matches!(taken, Err(Error::IdentityTaken)), "{taken:?}");
    assert_eq!(store.user_by_email("bob@example.com").await.unwrap(), None);
}
