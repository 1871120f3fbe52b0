//! Passkeys (WebAuthn): making them, keeping them, and signing in with one. Each is two factors: something that one has,
//! and the finger, the face or the PIN that unlocks it. The authenticator asks for that each time (user verification).

use std::fmt::Display;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{NewPasskey, Passkey, PasskeyId, Secret, UsedPasskey, UserId};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Uuid,
};

use super::ceremonies::{Ceremony, RelyingParty, answer};
use super::sessions::Proof;
use super::sign_in::{Attempt, Entered, SECURITY};
use super::throttle::Key;
use super::{SignedIn, name, user_change};
use crate::history::OperationKind;
use crate::limits::PASSKEYS_MAX;
use crate::{Error, Field, Noun, Portal, Problem, Result};

/// What is kept while a browser makes a passkey.
#[derive(Serialize, Deserialize)]
struct Making {
    handle: Uuid,
    name: String,
    state: PasskeyRegistration,
}

impl Portal {
    /// Whether somebody may add a passkey now.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who signed in too long ago; [`Error::NoPasskeysHere`]; [`Error::Limit`].
    pub async fn may_add_passkey(&self, who: &SignedIn, party: Option<&RelyingParty>) -> Result<()> {
        self.before_another(who, party).await.map(|_| ())
    }

    /// Begins to add a passkey. Authenticators that hold one of these already are told so.
    ///
    /// # Errors
    /// [`Error::Refused`] for the name; [`Error::Forbidden`] for who signed in too long ago; [`Error::NoPasskeysHere`];
    /// [`Error::Limit`].
    pub async fn begin_passkey(
        &self,
        who: &SignedIn,
        party: Option<&RelyingParty>,
        typed: &str,
    ) -> Result<Ceremony> {
        let (user, _) = who.person()?;
        let (party, there) = self.before_another(who, party).await?;
        let name = passkey_name(typed)?;
        let kept = there.first().and_then(|passkey| Uuid::from_slice(&passkey.handle).ok());
        let handle = kept.map_or_else(new_handle, Ok)?;
        let others = there.into_iter().map(|passkey| passkey.credential_id).collect();
        let (options, state) = party
            .webauthn
            .start_passkey_registration(handle, &who.email, &who.name, Some(others))
            .map_err(|_| Error::Ceremony)?;
        let mut options = serde_json::to_value(&options.public_key).map_err(|_| Error::Ceremony)?;
        // The authenticator is to know whose it is: nobody types an address to sign in with it.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        self.begin_ceremony(Some(user), &options, &Making { handle, name, state }).await
    }

    /// Adds the passkey that a browser made.
    ///
    /// # Errors
    /// [`Error::Refused`]; [`Error::Forbidden`] for who signed in too long ago; [`Error::NoPasskeysHere`];
    /// [`Error::Limit`].
    pub async fn add_passkey(
        &self,
        who: &SignedIn,
        party: Option<&RelyingParty>,
        ceremony: Option<&str>,
        made: &str,
    ) -> Result<()> {
        let (user, _) = who.person()?;
        let (party, _) = self.before_another(who, party).await?;
        let Making { handle, name, state } = self.end_ceremony(Some(user), ceremony).await?;
        let unfit = |why: &dyn Display| {
            tracing::warn!(target: SECURITY, user = %user, %why, "passkey refused");
            Error::refused(Field::Passkey, Problem::UnfitPasskey)
        };
        let made: RegisterPublicKeyCredential = answer(made).ok_or_else(|| unfit(&UNREADABLE))?;
        let credential =
            party.webauthn.finish_passkey_registration(&made, &state).map_err(|why| unfit(&why))?;
        let new = NewPasskey {
            user,
            handle: handle.as_bytes().to_vec(),
            credential_id: credential.cred_id().clone(),
            credential: serde_json::to_string(&credential).map_err(|_| Error::Ceremony)?,
            name,
        };
        let (mut tx, _) = self.begin_own(who).await?;
        tx.insert_passkey(&new).await?;
        if tx.ways_in(user).await?.passkeys > PASSKEYS_MAX {
            return Err(TOO_MANY);
        }
        let change = user_change(user, &who.email, None, Some(passkey_json(&new.name)));
        self.keep(tx, OperationKind::AddPasskey, change, &who.actor).await
    }

    /// One of one's own passkeys.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn passkey(&self, who: &SignedIn, passkey: PasskeyId) -> Result<Passkey> {
        let (user, _) = who.person()?;
        let found = self.store.passkeys(user).await?.into_iter().find(|found| found.id == passkey);
        found.ok_or(Error::NotFound(Noun::Passkey))
    }

    /// Calls one of one's own passkeys something else.
    ///
    /// # Errors
    /// [`Error::Refused`]; [`Error::NotFound`].
    pub async fn rename_passkey(&self, who: &SignedIn, passkey: PasskeyId, typed: &str) -> Result<()> {
        let after = passkey_name(typed)?;
        let (mut tx, user) = self.begin_own(who).await?;
        let before = tx.rename_passkey(user.id, passkey, &after).await?;
        if before == after {
            return Ok(());
        }
        let (before, after) = (passkey_json(&before), passkey_json(&after));
        let change = user_change(user.id, &user.email, Some(before), Some(after));
        self.keep(tx, OperationKind::RenamePasskey, change, &who.actor).await
    }

    /// Removes one of one's own passkeys, and ends every other session.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] for who signed in too long ago; [`Error::OnlyWayIn`].
    pub async fn remove_passkey(&self, who: &SignedIn, passkey: PasskeyId) -> Result<()> {
        let (user, here) = who.person()?;
        who.is_fresh()?;
        let (mut tx, _) = self.begin_own(who).await?;
        let name = tx.remove_passkey(user, passkey, Some(here)).await?;
        self.can_still_enter(&mut tx, user).await?;
        let change = user_change(user, &who.email, Some(passkey_json(&name)), None);
        self.keep(tx, OperationKind::RemovePasskey, change, &who.actor).await
    }

    /// Begins to sign somebody in with a passkey, whoever it is.
    ///
    /// # Errors
    /// [`Error::NoPasskeysHere`]; [`Error::TooMany`].
    pub async fn begin_passkey_sign_in(
        &self,
        party: Option<&RelyingParty>,
        attempt: Attempt<'_>,
    ) -> Result<Ceremony> {
        let party = party.ok_or(Error::NoPasskeysHere)?;
        self.throttle.take(&[Key::of_passkeys(&attempt.origin.address)])?;
        let (options, state) =
            party.webauthn.start_discoverable_authentication().map_err(|_| Error::Ceremony)?;
        self.begin_ceremony(None, &options.public_key, &state).await
    }

    /// Signs somebody in with a passkey. No code is asked for: see above.
    ///
    /// # Errors
    /// [`Error::Refused`], which does not say whether there is such a passkey; [`Error::NoPasskeysHere`].
    pub async fn sign_in_with_passkey(
        &self,
        party: Option<&RelyingParty>,
        ceremony: Option<&str>,
        signed: &str,
        attempt: Attempt<'_>,
    ) -> Result<Entered> {
        let party = party.ok_or(Error::NoPasskeysHere)?;
        let state: DiscoverableAuthentication = self.end_ceremony(None, ceremony).await?;
        let refused = |user: Option<UserId>, why: &dyn Display| {
            let (address, user) = (&attempt.origin.address, user.map(|user| user.0));
            tracing::warn!(target: SECURITY, user, address, %why, "sign-in refused: passkey");
            Error::refused(Field::Passkey, Problem::WrongPasskey)
        };
        let signed: PublicKeyCredential = answer(signed).ok_or_else(|| refused(None, &UNREADABLE))?;
        let found = self.store.passkey(&signed.raw_id).await?;
        let (passkey, user) = found.ok_or_else(|| refused(None, &"it is kept by nobody"))?;
        if user.disabled || signed.get_user_unique_id() != Some(&passkey.handle) {
            return Err(refused(Some(user.id), &"its person is another one, or may not sign in"));
        }
        let mut credential: webauthn_rs::prelude::Passkey =
            serde_json::from_str(&passkey.credential).map_err(|_| Error::Ceremony)?;
        // A counter that went back shows that the passkey was copied (§6.1.1): refused with the rest, and in the log.
        let proved = party
            .webauthn
            .finish_discoverable_authentication_v2(&signed, state, &credential)
            .map_err(|why| refused(Some(user.id), &why))?;
        credential.update_credential(&proved);
        let after = serde_json::to_string(&credential).map_err(|_| Error::Ceremony)?;
        let used = UsedPasskey { id: passkey.id, before: passkey.credential, after };
        let entered = self.enter(&user, attempt, Proof::Passkey(used)).await?;
        self.throttle.give_back(&[Key::of_passkeys(&attempt.origin.address)]);
        Ok(entered)
    }

    /// What somebody has already who may add another one here.
    async fn before_another<'a>(
        &self,
        who: &SignedIn,
        party: Option<&'a RelyingParty>,
    ) -> Result<(&'a RelyingParty, Vec<Passkey>)> {
        let (user, _) = who.person()?;
        who.is_fresh()?;
        let party = party.ok_or(Error::NoPasskeysHere)?;
        let there = self.store.passkeys(user).await?;
        if there.len() as u64 >= PASSKEYS_MAX {
            return Err(TOO_MANY);
        }
        Ok((party, there))
    }
}

const TOO_MANY: Error = Error::Limit { what: Noun::Passkey, max: PASSKEYS_MAX };

/// A passkey as the installation's history keeps it.
fn passkey_json(name: &str) -> Value {
    json!({ "passkey": name })
}

/// Why an answer is refused that is no JSON of WebAuthn.
const UNREADABLE: &str = "it cannot be read";

fn passkey_name(typed: &str) -> Result<String> {
    name(typed).map_err(|problem| Error::refused(Field::PasskeyName, problem))
}

/// Random, so that it says nothing of its person to whoever holds the authenticator.
fn new_handle() -> Result<Uuid> {
    let word = Secret::random()?.reveal();
    Uuid::parse_str(&word[..32]).map_err(|_| Error::Ceremony)
}
