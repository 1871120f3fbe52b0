//! Signing in: an address and a password, then a code if the person has a second factor.

use store::{Secret, SecretHash, UnixMs, User};

use super::sessions::{Proof, UNPROVED};
use super::throttle::Key;
use super::{password, second_factor};
use crate::{Error, Field, Origin, Portal, Problem, Result};

/// Somebody tries to sign in.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// The session that the browser has, which the new one takes the place of.
    pub cookie: Option<&'a str>,
    /// What the browser was given when somebody signed in with it.
    pub device: Option<&'a str>,
    /// The request.
    pub origin: &'a Origin,
    /// What the browser calls itself.
    pub agent: &'a str,
}

/// Somebody is in: what the browser is to keep.
#[derive(Debug)]
pub struct Entered {
    /// The session's cookie.
    pub session: Secret,
    /// What tells this browser from a stranger's, if it had none.
    pub device: Option<Secret>,
}

/// What an address and a password led to.
#[derive(Debug)]
pub enum Entry {
    /// In.
    In(Entered),
    /// The second factor is asked for; the cookie is good for that step only.
    NeedsCode(Secret),
}

impl Portal {
    /// Takes an address and a password.
    ///
    /// # Errors
    /// [`Error::Refused`] if they do not belong together, whatever of them is wrong; [`Error::TooMany`].
    pub async fn sign_in(&self, email: &str, password: &str, attempt: Attempt<'_>) -> Result<Entry> {
        // What is no address belongs to nobody, and is not kept as a key of anything.
        let Ok(email) = super::email(email) else {
            self.throttle.take(&[Key::of_address(&attempt.origin.address)])?;
            return Err(Error::refused(Field::Password, Problem::WrongPassword));
        };
        let user = self.store.user_by_email(&email).await?;
        let keys = self.tries_of(user.as_ref(), &email, attempt).await?;
        self.throttle.take(&keys)?;
        let stored = user.as_ref().filter(|user| !user.disabled).and_then(|user| user.password.clone());
        let right = password::verify(password.to_owned(), stored).await?;
        let Some(user) = user.filter(|_| right) else {
            tracing::warn!(target: SECURITY, address = attempt.origin.address, "sign-in refused: wrong password");
            return Err(Error::refused(Field::Password, Problem::WrongPassword));
        };
        self.throttle.give_back(&keys);
        if user.totp.is_some() {
            return Ok(Entry::NeedsCode(self.begin_session(&user, attempt, None).await?));
        }
        self.enter(&user, attempt, Proof::Password).await.map(Entry::In)
    }

    /// Takes the code of the second step: of an authenticator app, or a recovery code.
    ///
    /// # Errors
    /// [`Error::Refused`] if it is wrong or was used; [`Error::SignInAgain`] if the first step was too long ago;
    /// [`Error::TooMany`].
    pub async fn sign_in_with_code(&self, code: &str, attempt: Attempt<'_>) -> Result<Entered> {
        let now = UnixMs::now();
        let waiting = match attempt.cookie {
            Some(cookie) => self.session_of(cookie, now).await?,
            None => None,
        };
        let Some((_, user)) =
            waiting.filter(|(session, user)| session.proved_at == UNPROVED && !user.disabled)
        else {
            return Err(Error::SignInAgain);
        };
        // Whoever is here knows the password: strangers cannot use these tries up.
        let keys = [Key::Code(user.id)];
        self.throttle.take(&keys)?;
        if !self.takes_code(&user, code, now).await? {
            tracing::warn!(target: SECURITY, user = %user.id, address = attempt.origin.address, "sign-in refused: wrong code");
            return Err(Error::refused(Field::Code, Problem::WrongCode));
        }
        self.throttle.give_back(&keys);
        self.enter(&user, attempt, Proof::Code).await
    }

    /// Whether a browser's cookie waits for the code of the second step.
    ///
    /// # Errors
    /// The database failed.
    pub async fn awaits_code(&self, cookie: &str) -> Result<bool> {
        let found = self.session_of(cookie, UnixMs::now()).await?;
        Ok(found.is_some_and(|(session, user)| session.proved_at == UNPROVED && user.totp.is_some()))
    }

    /// Lets somebody in who proved who they are.
    pub(super) async fn enter(&self, user: &User, attempt: Attempt<'_>, proof: Proof) -> Result<Entered> {
        let by = proof.name();
        let session = self.begin_session(user, attempt, Some(proof)).await?;
        let device = match known(attempt.device) {
            Some(hash) if self.store.knows_device(user.id, &hash).await? => None,
            _ => {
                let device = Secret::random()?;
                self.store.remember_device(user.id, &device.hash()).await?;
                Some(device)
            }
        };
        tracing::info!(target: SECURITY, user = %user.id, address = attempt.origin.address, by, "signed in");
        Ok(Entered { session, device })
    }

    async fn takes_code(&self, user: &User, code: &str, now: UnixMs) -> Result<bool> {
        let Some(totp) = &user.totp else { return Ok(false) };
        if let Some(step) = second_factor::step_of(totp, code, now) {
            return Ok(self.store.use_totp_step(user.id, step).await?);
        }
        Ok(self.store.use_recovery_code(user.id, &second_factor::recovery_hash(code)).await?)
    }

    async fn tries_of(&self, user: Option<&User>, email: &str, attempt: Attempt<'_>) -> Result<Vec<Key>> {
        if let (Some(user), Some(hash)) = (user, known(attempt.device))
            && self.store.knows_device(user.id, &hash).await?
        {
            return Ok(vec![Key::Device(hash)]);
        }
        Ok(vec![Key::of_address(&attempt.origin.address), Key::Strangers(email.to_lowercase())])
    }
}

/// The target of what an operator watches for.
pub(super) const SECURITY: &str = "security";

fn known(device: Option<&str>) -> Option<SecretHash> {
    device.and_then(|text| text.parse::<Secret>().ok()).map(|secret| secret.hash())
}
