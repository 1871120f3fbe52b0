//! The first visit: it creates the first account and the first person, who administers the installation.

use store::{NewUser, Role, Staff, UnixMs, User, UserId};

use super::sign_in::{Attempt, Entered};
use super::{checked, email, name, password};
use crate::history::{Done, OperationKind};
use crate::people::{person_change, role_json};
use crate::{Actor, Error, Field, NewAccount, Portal, Result, Via};

/// Who signs in to the sample account: nobody can do so again, since there is no password.
const SAMPLE_EMAIL: &str = "you@example.com";
const SAMPLE_NAME: &str = "You";

/// What is still to be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUp {
    /// Nothing: somebody can sign in.
    Done,
    /// A person: accounts are there, from the command line or from before there was sign-in.
    Person,
    /// An account and a person.
    Everything,
}

/// What is typed at the first visit about the person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FirstVisit {
    /// What they are called.
    pub name: String,
    /// The address that they will sign in with.
    pub email: String,
    /// Their password.
    pub password: String,
}

impl std::fmt::Debug for FirstVisit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstVisit").field("email", &self.email).finish_non_exhaustive()
    }
}

impl Portal {
    /// What is still to be set up.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_up_needs(&self) -> Result<SetUp> {
        if self.store.has_users().await? {
            return Ok(SetUp::Done);
        }
        Ok(if self.store.accounts().await?.is_empty() { SetUp::Everything } else { SetUp::Person })
    }

    /// Creates the first person, the administrator, and owner of every account that is there; without one, of a new
    /// one.
    ///
    /// # Errors
    /// [`Error::Refused`] with every problem of what was typed; [`Error::SetUpAlready`].
    pub async fn set_up(
        &self,
        visit: &FirstVisit,
        account: &NewAccount,
        attempt: Attempt<'_>,
    ) -> Result<Entered> {
        let needs = self.set_up_needs().await?;
        if needs == SetUp::Done {
            return Err(Error::SetUpAlready);
        }
        let mut problems = Vec::new();
        let new_account = match needs {
            SetUp::Everything => {
                crate::accounts::check(account).map_err(|mut found| problems.append(&mut found)).ok()
            }
            _ => None,
        };
        let person = checked(Field::PersonName, name(&visit.name), &mut problems);
        let address = checked(Field::Email, email(&visit.email), &mut problems);
        let own = [visit.email.as_str(), visit.name.as_str(), account.name.as_str()];
        checked(Field::Password, password::check(&visit.password, &own), &mut problems);
        let (Some(name), Some(email), true) = (person, address, problems.is_empty()) else {
            return Err(Error::Refused(problems));
        };
        let password = password::hash(visit.password.clone()).await?;
        let new = NewUser { email, name, staff: Some(Staff::Admin), password: Some(password) };
        let id = match new_account {
            Some(account) => self.found_account(account, &new).await?,
            None => self.adopt(&new).await?,
        };
        self.enter(&self.user(id).await?, attempt).await
    }

    /// Creates the sample account with somebody who is signed in to it at once.
    ///
    /// # Errors
    /// [`Error::SetUpAlready`].
    pub async fn set_up_sample(&self, attempt: Attempt<'_>) -> Result<Entered> {
        if self.set_up_needs().await? != SetUp::Everything {
            return Err(Error::SetUpAlready);
        }
        let new = NewUser {
            email: SAMPLE_EMAIL.to_owned(),
            name: SAMPLE_NAME.to_owned(),
            staff: Some(Staff::Admin),
            password: None,
        };
        // One transaction: an account that nobody can sign in to would stay so.
        let (mut tx, last) = self.sample_account().await?;
        tx.end_operation(last).await?;
        tx.set_at(UnixMs::now());
        let account = tx.account().id;
        let id = tx.insert_first_user(&new).await?;
        tx.add_member(id, Role::Owner).await?;
        tx.record(&[person_change(SAMPLE_EMAIL, None, Some(role_json(Role::Owner)))]).await?;
        let actor = Actor::owner(account, SAMPLE_EMAIL, Via::Browser);
        tx.commit(Done::one(OperationKind::Join, SAMPLE_EMAIL).by(&actor, account)).await?;
        self.enter(&self.user(id).await?, attempt).await
    }

    /// A new account with its first person, in one transaction.
    async fn found_account(&self, account: store::NewAccount, new: &NewUser) -> Result<UserId> {
        let (mut tx, created) = self.begin_account(account, &new.email, Via::Browser).await?;
        let id = tx.insert_first_user(new).await?;
        tx.add_member(id, Role::Owner).await?;
        tx.record(&[person_change(&new.email, None, Some(role_json(Role::Owner)))]).await?;
        tx.commit(created).await?;
        Ok(id)
    }

    /// The first person, as owner of all accounts that are there.
    async fn adopt(&self, new: &NewUser) -> Result<UserId> {
        let mut first = None;
        for account in self.store.accounts().await? {
            let actor = Actor::owner(account.id, new.email.as_str(), Via::Browser);
            let mut tx = self.store.begin(account.id).await?;
            let id = match first {
                Some(id) => id,
                None => *first.insert(tx.insert_first_user(new).await?),
            };
            tx.add_member(id, Role::Owner).await?;
            tx.record(&[person_change(&new.email, None, Some(role_json(Role::Owner)))]).await?;
            tx.commit(Done::one(OperationKind::Join, &new.email).by(&actor, account.id)).await?;
        }
        first.ok_or(Error::NotFound(crate::Noun::Account))
    }

    pub(super) async fn user(&self, id: UserId) -> Result<User> {
        self.store.user(id).await?.ok_or(Error::NotFound(crate::Noun::Person))
    }
}

/// The present moment, later by some days.
pub(super) fn in_days(days: i64) -> UnixMs {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    UnixMs::now().plus_ms(days.saturating_mul(DAY_MS))
}
