use store::{
    Ceremony, Error, NewPasskey, NewSession, Noun, PasskeyId, ProvedBy, Secret, SessionId, UnixMs,
    UsedPasskey, User, UserId,
};

use super::build::sign_in;
use crate::support::{Db, contract};

contract! {
    a_passkey_is_found_by_what_its_authenticator_calls_it,
    a_passkey_is_changed_by_its_person_alone,
    removing_a_passkey_ends_every_other_session,
    a_ceremony_is_taken_once_and_in_time,
    a_session_begins_with_a_passkey_that_is_as_it_was_judged,
}

const NOW: UnixMs = UnixMs(1_000_000);

async fn user(db: &Db, email: &str) -> User {
    db.sql(&format!(
        "insert into users (email, email_key, name, created_at) values ('{email}', '{email}', 'Ann', 1)"
    ))
    .await;
    db.store.user_by_email(email).await.unwrap().unwrap()
}

fn passkey(user: UserId, credential_id: &[u8]) -> NewPasskey {
    NewPasskey {
        user,
        handle: vec![7; 16],
        credential_id: credential_id.to_vec(),
        credential: "{\"counter\":1}".into(),
        name: "phone".into(),
    }
}

async fn add(db: &Db, new: NewPasskey) -> Result<PasskeyId, Error> {
    sign_in(&db.store, async |tx| tx.insert_passkey(&new).await).await
}

async fn rename(db: &Db, user: &User, id: PasskeyId, name: &str) -> Result<String, Error> {
    sign_in(&db.store, async |tx| tx.rename_passkey(user.id, id, name).await).await
}

async fn remove(db: &Db, user: &User, id: PasskeyId, keep: SessionId) -> Result<(), Error> {
    let name = sign_in(&db.store, async |tx| tx.remove_passkey(user.id, id, Some(keep)).await).await?;
    assert_eq!(name, "phone");
    Ok(())
}

async fn session(db: &Db, user: &User, passkey: Option<UsedPasskey>) -> Option<SessionId> {
    let new = NewSession {
        hash: Secret::random().unwrap().hash(),
        user: user.clone(),
        address: "192.0.2.7".into(),
        agent: "Firefox".into(),
        proved_at: store::UnixMs::now(),
        by: passkey.map(ProvedBy::Passkey),
    };
    db.store.begin_session(&new, None, UnixMs(0), UnixMs(0)).await.unwrap()
}

async fn sessions(db: &Db, user: &User) -> Vec<SessionId> {
    let all = db.store.sessions(user.id, UnixMs(0), UnixMs(0)).await.unwrap();
    all.into_iter().map(|session| session.id).collect()
}

async fn a_passkey_is_found_by_what_its_authenticator_calls_it(db: Db) {
    let (ann, ben) = (user(&db, "ann@x").await, user(&db, "ben@x").await);
    let id = add(&db, passkey(ann.id, &[1, 0, 255])).await.unwrap();
    add(&db, passkey(ben.id, &[2])).await.unwrap();
    let (found, holder) = db.store.passkey(&[1, 0, 255]).await.unwrap().unwrap();
    assert_eq!((found.id, holder.id, found.used_at), (id, ann.id, None));
    assert_eq!(found.handle, vec![7; 16]);
    assert_eq!(db.store.passkey(&[1]).await.unwrap(), None);
    assert_eq!(db.store.passkeys(ann.id).await.unwrap(), vec![found]);
    let again = add(&db, passkey(ben.id, &[1, 0, 255])).await;
    assert!(matches!(again, Err(Error::PasskeyTaken)), "{again:?}");
}

async fn a_passkey_is_changed_by_its_person_alone(db: Db) {
    let (ann, ben) = (user(&db, "ann@x").await, user(&db, "ben@x").await);
    let id = add(&db, passkey(ann.id, &[1])).await.unwrap();
    let none = |result: Option<Error>| matches!(result, Some(Error::NotFound(Noun::Passkey)));
    assert!(none(rename(&db, &ben, id, "mine").await.err()));
    assert!(none(remove(&db, &ben, id, SessionId(1)).await.err()));
    rename(&db, &ann, id, "laptop").await.unwrap();
    assert_eq!(db.store.passkeys(ann.id).await.unwrap()[0].name, "laptop");
    rename(&db, &ann, id, "phone").await.unwrap();
    remove(&db, &ann, id, SessionId(1)).await.unwrap();
    assert!(none(rename(&db, &ann, id, "gone").await.err()));
}

async fn removing_a_passkey_ends_every_other_session(db: Db) {
    let ann = user(&db, "ann@x").await;
    let id = add(&db, passkey(ann.id, &[1])).await.unwrap();
    let here = session(&db, &ann, None).await.unwrap();
    session(&db, &ann, None).await.unwrap();
    remove(&db, &ann, id, here).await.unwrap();
    assert_eq!(sessions(&db, &ann).await, [here]);
}

async fn a_ceremony_is_taken_once_and_in_time(db: Db) {
    let ann = user(&db, "ann@x").await;
    let hash = |text: &str| store::SecretHash::of(text.as_bytes());
    let ceremony = Ceremony { user: Some(ann.id), state: "{}".into() };
    let until = UnixMs(NOW.0 + 10);
    db.store.begin_ceremony(&hash("a"), &ceremony, NOW, until).await.unwrap();
    db.store.begin_ceremony(&hash("b"), &ceremony, NOW, until).await.unwrap();
    assert_eq!(db.store.take_ceremony(&hash("c"), NOW).await.unwrap(), None);
    assert_eq!(db.store.take_ceremony(&hash("a"), NOW).await.unwrap(), Some(ceremony.clone()));
    assert_eq!(db.store.take_ceremony(&hash("a"), NOW).await.unwrap(), None, "once");
    assert_eq!(db.store.take_ceremony(&hash("b"), until).await.unwrap(), None, "too late");
    // What nobody came back for goes with the next.
    db.store.begin_ceremony(&hash("d"), &ceremony, NOW, until).await.unwrap();
    db.store.begin_ceremony(&hash("e"), &ceremony, until, UnixMs(until.0 + 10)).await.unwrap();
    assert_eq!(db.store.take_ceremony(&hash("d"), NOW).await.unwrap(), None, "removed");
}

async fn a_session_begins_with_a_passkey_that_is_as_it_was_judged(db: Db) {
    let (ann, ben) = (user(&db, "ann@x").await, user(&db, "ben@x").await);
    let id = add(&db, passkey(ann.id, &[1])).await.unwrap();
    let text = |counter: u32| format!("{{\"counter\":{counter}}}");
    let used = |from, to| Some(UsedPasskey { id, before: text(from), after: text(to) });
    assert_eq!(session(&db, &ben, used(1, 2)).await, None, "of somebody else");
    assert!(session(&db, &ann, used(1, 2)).await.is_some());
    assert_eq!(session(&db, &ann, used(1, 2)).await, None, "of two with the same counter, one");
    assert!(session(&db, &ann, used(2, 3)).await.is_some());
    let kept = db.store.passkeys(ann.id).await.unwrap().remove(0);
    assert_eq!(kept.credential, text(3));
    assert!(kept.used_at.is_some());
    remove(&db, &ann, id, SessionId(0)).await.unwrap();
    assert_eq!(session(&db, &ann, used(3, 4)).await, None, "removed");
    assert_eq!(sessions(&db, &ann).await, []);
}
