//! Who somebody is at an OIDC provider.

use store::{Error, INSTALLATION, NewIdentity, NewUser, Noun, UserId};

use super::build::operation;
use crate::support::{Db, contract};

contract! {
    an_account_at_a_provider_is_one_person_and_a_person_has_one_of_each,
    somebody_is_added_with_an_account_at_a_provider_or_not_at_all,
}

const ISSUER: &str = "https://accounts.example.com";

fn identity(issuer: &str, subject: &str) -> NewIdentity {
    NewIdentity { issuer: issuer.into(), subject: subject.into(), email: Some("x@example.com".into()) }
}

fn person(email: &str, identity: Option<NewIdentity>) -> NewUser {
    NewUser { email: email.into(), name: "Somebody".into(), staff: None, password: None, identity }
}

async fn add(db: &Db, new: &NewUser) -> Result<UserId, Error> {
    let mut tx = db.store.begin(INSTALLATION).await?;
    let id = tx.insert_user(new).await?;
    tx.commit(operation("add_person")).await?;
    Ok(id)
}

async fn found(db: &Db, issuer: &str, subject: &str) -> Option<UserId> {
    db.store.user_by_identity(issuer, subject).await.unwrap().map(|user| user.id)
}

async fn an_account_at_a_provider_is_one_person_and_a_person_has_one_of_each(db: Db) {
    let store = &db.store;
    let ada = add(&db, &person("ada@example.com", None)).await.unwrap();
    let bob = add(&db, &person("bob@example.com", None)).await.unwrap();
    store.link_identity(ada, &identity(ISSUER, "1")).await.unwrap();
    for (user, issuer, subject) in [(bob, ISSUER, "1"), (ada, ISSUER, "1"), (ada, ISSUER, "2")] {
        let taken = store.link_identity(user, &identity(issuer, subject)).await;
        assert!(matches!(taken, Err(Error::IdentityTaken)), "{user} {subject}: {taken:?}");
    }
    // The same subject of another issuer is somebody else; letters are told apart.
    store.link_identity(bob, &identity("https://other.example.com", "1")).await.unwrap();
    store.link_identity(bob, &identity(ISSUER, "a")).await.unwrap();
    for (issuer, subject, expected) in [
        (ISSUER, "1", Some(ada)),
        ("https://other.example.com", "1", Some(bob)),
        (ISSUER, "a", Some(bob)),
        (ISSUER, "A", None),
        ("https://ACCOUNTS.example.com", "1", None),
        (ISSUER, "", None),
    ] {
        assert_eq!(found(&db, issuer, subject).await, expected, "{issuer} {subject}");
    }
    let linked = store.identity(ada, ISSUER).await.unwrap().unwrap();
    assert_eq!(linked.email.as_deref(), Some("x@example.com"));
    store.unlink_identity(ada, ISSUER, store::SessionId(0)).await.unwrap();
    assert_eq!(found(&db, ISSUER, "1").await, None);
    assert_eq!(store.identity(ada, ISSUER).await.unwrap(), None);
    let again = store.unlink_identity(ada, ISSUER, store::SessionId(0)).await;
    assert!(matches!(again, Err(Error::NotFound(Noun::Identity))), "{again:?}");
    assert_eq!(found(&db, ISSUER, "a").await, Some(bob), "another's stays");
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
