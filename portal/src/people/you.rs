//! What somebody sees and changes of themselves.

use serde_json::json;
use store::{INSTALLATION, NewChange, Passkey, Session, SessionId, UnixMs, User};

use super::sessions::{Proof, alive};
use super::sign_in::{Attempt, Entered};
use super::throttle::Key;
use super::{Provider, SignedIn, YourProvider, checked, name, password, user_change};
use crate::history::OperationKind;
use crate::{Actor, Error, Field, Noun, Portal, Problem, Result};

/// A person, for themselves.
#[derive(Clone, Debug)]
pub struct You {
    /// Their address.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Whether they have a password.
    pub has_password: bool,
    /// The provider that signs people in, if there is one.
    pub provider: Option<YourProvider>,
    /// Whether a second factor guards their sign-in, and how many recovery codes are left.
    pub second_factor: Option<u64>,
    /// What they may sign in with instead, oldest first.
    pub passkeys: Vec<Passkey>,
    /// Where they are signed in, latest first.
    pub sessions: Vec<Session>,
    /// Which of these they ask from.
    pub here: SessionId,
    /// Whether they proved a short while ago who they are.
    pub fresh: bool,
}

impl Portal {
    /// A person, for themselves.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a program.
    pub async fn you(&self, who: &SignedIn) -> Result<You> {
        let (id, here) = who.person()?;
        let user = self.user(id).await?;
        let (seen, begun) = alive(UnixMs::now());
        let second_factor = match user.totp {
            Some(_) => Some(self.store.recovery_codes(id).await?),
            None => None,
        };
        Ok(You {
            passkeys: self.store.passkeys(id).await?,
            sessions: self.store.sessions(id, seen, begun).await?,
            has_password: user.password.is_some(),
            provider: self.provider_of(&user).await?,
            email: user.email,
            name: user.name,
            fresh: who.fresh,
            second_factor,
            here,
        })
    }

    /// Changes what somebody is called.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub async fn rename_yourself(&self, who: &SignedIn, typed: &str) -> Result<()> {
        let (user, _) = who.person()?;
        let name = name(typed).map_err(|problem| Error::refused(Field::PersonName, problem))?;
        Ok(self.store.rename_user(user, &name).await?)
    }

    /// Changes one's password: the one before is asked for, or, if there is none, a sign-in of a short while ago. Every
    /// other session ends.
    ///
    /// # Errors
    /// [`Error::Refused`]; [`Error::TooMany`]; [`Error::Forbidden`].
    pub async fn change_password(&self, who: &SignedIn, before: &str, after: &str) -> Result<()> {
        let (id, session) = who.person()?;
        let user = self.user(id).await?;
        let mut problems = Vec::new();
        if let Some(stored) = user.password.clone() {
            let keys = [Key::Change(id)];
            self.throttle.take(&keys)?;
            if password::verify(before.to_owned(), Some(stored)).await? {
                self.throttle.give_back(&keys);
            } else {
                checked(Field::PasswordBefore, Err::<(), _>(Problem::NotYourPassword), &mut problems);
            }
        } else {
            who.is_fresh()?;
        }
        checked(Field::Password, password::check(after, &[&user.email, &user.name]), &mut problems);
        if !problems.is_empty() {
            return Err(Error::Refused(problems));
        }
        let hash = password::hash(after.to_owned()).await?;
        let (mut tx, now) = self.begin_own(who).await?;
        // Hashing takes a while: what was proved is that of then.
        if now.password != user.password {
            return Err(Error::refused(Field::PasswordBefore, Problem::NotYourPassword));
        }
        tx.set_password(id, &hash, Some(session)).await?;
        self.keep(tx, OperationKind::ChangePassword, password_change(&user), &who.actor).await
    }

    /// Ends one of one's sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn end_session(&self, who: &SignedIn, session: SessionId) -> Result<()> {
        let (user, _) = who.person()?;
        Ok(self.store.revoke_session(user, session).await?)
    }

    /// Ends every session of one's own but this one.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a program.
    pub async fn end_other_sessions(&self, who: &SignedIn) -> Result<()> {
        let (user, here) = who.person()?;
        Ok(self.store.revoke_sessions(user, Some(here)).await?)
    }

    /// Whose password a link sets: their address.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it was used or is too old.
    pub async fn password_link(&self, word: &str) -> Result<String> {
        Ok(self.user_of_link(word).await?.1.email)
    }

    /// Sets a password by a link, and signs its person in.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`]. A second factor stays, and is asked for: [`Error::SignInAgain`].
    pub async fn set_password_by_link(
        &self,
        word: &str,
        typed: &str,
        attempt: Attempt<'_>,
    ) -> Result<Entered> {
        let (link, user) = self.user_of_link(word).await?;
        password::check(typed, &[&user.email, &user.name])
            .map_err(|problem| Error::refused(Field::Password, problem))?;
        let hash = password::hash(typed.to_owned()).await?;
        let mut tx = self.store.begin(INSTALLATION).await?;
        let asked = self.provider.as_deref().map(Provider::issuer);
        let user = tx.user(user.id).await?;
        tx.set_password_by_link(user.id, &link.hash(), &hash, asked).await?;
        let actor = Actor::entering(INSTALLATION, &user.email, attempt.origin);
        self.keep(tx, OperationKind::SetPasswordByLink, password_change(&user), &actor).await?;
        let user = self.user(user.id).await?;
        if user.totp.is_some() {
            return Err(Error::SignInAgain);
        }
        self.enter(&user, attempt, Proof::Link).await
    }

    async fn user_of_link(&self, word: &str) -> Result<(store::Secret, store::User)> {
        let none = || Error::NotFound(Noun::PasswordLink);
        let secret: store::Secret = word.parse().map_err(|_| none())?;
        let user = self.store.password_link(&secret.hash(), UnixMs::now()).await?;
        user.filter(|user| !user.disabled).map(|user| (secret, user)).ok_or_else(none)
    }
}

/// Another password, as the installation's history keeps it: that there is one, and whether there was.
fn password_change(before: &User) -> NewChange {
    let state = |state: &str| Some(json!({ "password": state }));
    let (was, is) = match before.password {
        Some(_) => (state("set"), state("changed")),
        None => (None, state("set")),
    };
    user_change(before.id, &before.email, was, is)
}
