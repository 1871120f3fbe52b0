//! People: who may sign in, and what each of them may do.

mod admin;
mod ceremonies;
mod first_visit;
mod invitations;
mod members;
mod oidc;
mod passkeys;
mod password;
mod past;
mod second_factor;
mod sessions;
mod sign_in;
mod throttle;
mod tokens;
mod you;

pub use admin::{Person, PersonDraft};
pub use ceremonies::{CEREMONY_MS, Ceremony, RelyingParty};
pub use first_visit::{FirstVisit, SetUp};
pub use invitations::{Invite, InvitedTo, Joining, MadeInvitation};
pub use members::{LookPage, Team};
pub(crate) use oidc::Sentence;
pub use oidc::{
    Errand, Flow, Provider, ProviderAnswer, ProviderFault, ProviderSettings, ProviderSettingsError, Returned,
    YourProvider,
};
pub use password::PASSWORD_CHARS_MIN;
pub use second_factor::Enrolment;
pub use sessions::{Credential, SESSION_AGE_MAX_MS, SESSION_IDLE_MAX_MS, SignedIn};
pub use sign_in::{Attempt, Entered, Entry};
pub(crate) use throttle::Throttle;
pub use tokens::{MadeToken, TokenDraft};
pub use you::You;

use routing::AccountId;
use serde_json::{Value, json};
use store::{INSTALLATION, NewChange, NewUser, Staff, Subject, Tx, User, UserId, WaysIn};

use self::sign_in::SECURITY;
use crate::history::{Done, OperationKind};
use crate::labels::text;
use crate::limits::{EMAIL_BYTES_MAX, LABEL_CHARS_MAX};
use crate::{Account, Actor, Error, Field, FieldError, Noun, Portal, Problem, Result, UnixMs};

impl Portal {
    /// The account that a request is about: the one that it names, else the only one that the actor belongs to.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they may not see it, [`Error::WhichAccount`] if there is more than one or none.
    pub async fn account_for(&self, actor: &Actor, named: Option<AccountId>) -> Result<Account> {
        let id = match (named, actor.accounts().as_slice()) {
            (Some(id), _) => id,
            (None, [only]) => *only,
            (None, _) => return Err(Error::WhichAccount),
        };
        actor.may_read(id)?;
        self.store.account(id).await?.ok_or(Error::NotFound(Noun::Account))
    }

    /// The accounts that somebody may choose from, by name: their own, and all for the staff.
    ///
    /// # Errors
    /// The database failed.
    pub async fn accounts(&self, actor: &Actor) -> Result<Vec<Account>> {
        let mut accounts = self.store.accounts().await?;
        accounts.retain(|account| actor.may_read(account.id).is_ok());
        accounts.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(accounts)
    }
}

/// What people sign in with.
impl Portal {
    /// Begins to change what somebody signs in with, from one of their sessions: as they are now, if that has not ended
    /// meanwhile.
    async fn begin_own(&self, who: &SignedIn) -> Result<(Tx, User)> {
        let (user, session) = who.person()?;
        let mut tx = self.store.begin(INSTALLATION).await?;
        let user = tx.own(user, session).await?.ok_or(Error::SignInAgain)?;
        Ok((tx, user))
    }

    /// Whether somebody can sign in by one of these: a provider that is asked no more lets nobody in.
    fn lets_in(&self, ways: &WaysIn) -> bool {
        ways.password || ways.passkeys > 0 || ways.issuers.iter().any(|issuer| self.asks(issuer))
    }

    /// Whether that is the provider that is asked.
    fn asks(&self, issuer: &str) -> bool {
        self.provider.as_deref().is_some_and(|asked| asked.issuer() == issuer)
    }

    /// Refuses what would take the last way in away, as the transaction leaves it.
    async fn can_still_enter(&self, tx: &mut Tx, user: UserId) -> Result<()> {
        if self.lets_in(&tx.ways_in(user).await?) { Ok(()) } else { Err(Error::OnlyWayIn) }
    }

    /// Ends what was done to who may sign in: the change is in the installation's history, and in the log.
    async fn keep(&self, mut tx: Tx, kind: OperationKind, change: NewChange, actor: &Actor) -> Result<()> {
        let what = kind.as_str().to_owned();
        let done = Done::one(kind, &change.label).by(actor, INSTALLATION);
        tx.record(&[change]).await?;
        let version = tx.commit(done).await?;
        tracing::warn!(target: SECURITY, by = actor.name(), address = actor.origin().address, what, version = version.0, "people changed");
        Ok(())
    }
}

/// An e-mail address as typed. It is not proved by a letter: whoever invites somebody knows how to reach them.
fn email(typed: &str) -> Result<String, Problem> {
    let email = typed.trim();
    if email.is_empty() {
        return Err(Problem::Missing);
    }
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c);
    let parts = email.split_once('@').filter(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
    });
    if parts.is_none() || !email.chars().all(plain) || email.len() > EMAIL_BYTES_MAX {
        return Err(Problem::NotAnEmail);
    }
    Ok(email.to_owned())
}

/// What somebody is called.
fn name(typed: &str) -> Result<String, Problem> {
    text(typed, LABEL_CHARS_MAX)?.ok_or(Problem::Missing)
}

/// Takes what was typed, or keeps what is wrong with it.
fn checked<T>(field: Field, result: Result<T, Problem>, problems: &mut Vec<FieldError>) -> Option<T> {
    result.map_err(|problem| problems.push(FieldError::new(field, problem))).ok()
}

/// A change to who may do what in an account.
fn person_change(label: &str, before: Option<Value>, after: Option<Value>) -> NewChange {
    NewChange::of(Subject::Person, label, before, after)
}

/// A change to somebody who may sign in.
fn user_change(user: UserId, email: &str, before: Option<Value>, after: Option<Value>) -> NewChange {
    NewChange::of(Subject::User(user), email, before, after)
}

/// A role in the installation as its history keeps it.
fn staff_json(staff: Option<Staff>) -> Value {
    json!({ "role": staff.map(Staff::as_str) })
}

/// What a history keeps of somebody who joins: their role, and what they sign in with from then on.
fn joined_json(mut role: Value, new: &NewUser) -> Value {
    let by = match (&new.identity, &new.password) {
        (Some(identity), _) => identity.issuer.as_str(),
        (None, Some(_)) => "password",
        (None, None) => "nothing yet",
    };
    role["signs_in_by"] = json!(by);
    role
}

/// A second factor as the installation's history keeps it.
fn second_factor_json(on: bool) -> Value {
    json!({ "second_factor": if on { "on" } else { "off" } })
}

/// A role as the history keeps it.
fn role_json(role: store::Role) -> Value {
    json!({ "role": role.as_str() })
}

/// A moment as the history keeps it.
fn moment(at: UnixMs) -> String {
    crate::moments::moment(at.0.div_euclid(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_somebody_and_somewhere() {
        let long = format!("{}@example.com", "x".repeat(EMAIL_BYTES_MAX));
        for (typed, expected) in [
            (" sam@example.com ", Ok("sam@example.com")),
            ("o'hara+desk@localhost", Ok("o'hara+desk@localhost")),
            ("zoë@exämple.de", Ok("zoë@exämple.de")),
            ("", Err(Problem::Missing)),
            ("sam", Err(Problem::NotAnEmail)),
            ("@example.com", Err(Problem::NotAnEmail)),
            ("sam@", Err(Problem::NotAnEmail)),
            ("sam@a@b", Err(Problem::NotAnEmail)),
            ("sam@exa mple.com", Err(Problem::NotAnEmail)),
            ("Sam <sam@example.com>", Err(Problem::NotAnEmail)),
            ("sam@example.com\u{7}", Err(Problem::NotAnEmail)),
            (&long, Err(Problem::NotAnEmail)),
        ] {
            assert_eq!(email(typed).as_deref(), expected.as_ref().copied(), "{typed}");
        }
    }
}
