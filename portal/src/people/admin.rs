//! What an administrator does: who may sign in at all, who is of the staff, and new accounts.

use store::{InvitationId, Invited, NewInvitation, NewUser, Role, Secret, Staff, UnixMs, User, UserId};

use super::first_visit::in_days;
use super::sign_in::SECURITY;
use super::{Invite, MadeInvitation, checked, email, name};
use crate::limits::{INVITATION_DAYS, PASSWORD_LINK_HOURS};
use crate::{Account, Actor, Error, Field, NewAccount, Noun, Portal, Problem, Result};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Somebody who may sign in, for an administrator.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// Their address.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What they may do in the whole installation.
    pub staff: Option<Staff>,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether a second factor guards their sign-in.
    pub second_factor: bool,
    /// They may not sign in any more.
    pub disabled: bool,
    /// The accounts that they belong to, with their role.
    pub accounts: Vec<(Account, Role)>,
}

/// Somebody to add from the command line, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonDraft {
    /// Their address.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What they may do in the whole installation.
    pub staff: Option<Staff>,
}

impl Portal {
    /// Everybody who may sign in, by address.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who is no administrator.
    pub async fn people(&self, actor: &Actor) -> Result<Vec<Person>> {
        actor.may_administer()?;
        let accounts = self.store.accounts().await?;
        let mut people = Vec::new();
        for user in self.store.users().await? {
            let standing = self.store.standing(user, UnixMs::now()).await?;
            let of = |(id, role)| {
                accounts.iter().find(|account| account.id == id).map(|account| (account.clone(), role))
            };
            let accounts = standing.roles.into_iter().filter_map(of).collect();
            people.push(person(standing.user, accounts));
        }
        Ok(people)
    }

    /// The invitations to the installation that can be accepted.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who is no administrator.
    pub async fn staff_invitations(&self, actor: &Actor) -> Result<Vec<store::Invitation>> {
        actor.may_administer()?;
        Ok(self.store.invitations(None, UnixMs::now()).await?)
    }

    /// Adds somebody without a password; a link to one is made beside it.
    ///
    /// # Errors
    /// [`Error::Refused`]; [`Error::Forbidden`].
    pub async fn add_person(&self, actor: &Actor, draft: &PersonDraft) -> Result<UserId> {
        actor.may_change_people()?;
        let mut problems = Vec::new();
        let address = checked(Field::Email, email(&draft.email), &mut problems);
        let called = checked(Field::PersonName, name(&draft.name), &mut problems);
        let (Some(email), Some(name)) = (address, called) else { return Err(Error::Refused(problems)) };
        let new = NewUser { email, name, staff: draft.staff, password: None, identity: None };
        let id = self.store.insert_user(&new).await?;
        tracing::warn!(target: SECURITY, user = %id, by = actor.name(), "person added");
        Ok(id)
    }

    /// Invites somebody to support or to administer the installation.
    ///
    /// # Errors
    /// [`Error::Refused`]; [`Error::Forbidden`].
    pub async fn invite_staff(&self, actor: &Actor, invite: &Invite) -> Result<MadeInvitation> {
        actor.may_change_people()?;
        let mut problems = Vec::new();
        let address = checked(Field::Email, email(&invite.email), &mut problems);
        let staff = Staff::parse(&invite.role).ok_or(Problem::UnknownRole);
        let staff = checked(Field::Role, staff, &mut problems);
        let (Some(email), Some(staff)) = (address, staff) else { return Err(Error::Refused(problems)) };
        let (word, expires_at) = (Secret::random()?, in_days(INVITATION_DAYS));
        self.store
            .invite_staff(&NewInvitation {
                hash: word.hash(),
                to: Invited::Staff(staff),
                email: email.clone(),
                by: actor.name().to_owned(),
                expires_at,
            })
            .await?;
        tracing::warn!(target: SECURITY, by = actor.name(), staff = %staff, "staff invited");
        Ok(MadeInvitation { word, email, expires_at })
    }

    /// Takes an invitation to the installation back.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn withdraw_staff_invitation(&self, actor: &Actor, id: InvitationId) -> Result<()> {
        actor.may_administer()?;
        self.store.withdraw_staff_invitation(id).await?;
        tracing::warn!(target: SECURITY, by = actor.name(), "invitation of staff taken back");
        Ok(())
    }

    /// Gives somebody another role in the installation, or none.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`]; [`Error::LastAdmin`].
    pub async fn set_staff(&self, actor: &Actor, user: UserId, staff: Option<Staff>) -> Result<()> {
        actor.may_change_people()?;
        if staff != Some(Staff::Admin) {
            self.keeps_an_admin(user).await?;
        }
        self.store.set_staff(user, staff).await?;
        let staff = staff.map_or("none", Staff::as_str);
        tracing::warn!(target: SECURITY, user = %user, by = actor.name(), staff, "role in the installation changed");
        Ok(())
    }

    /// Lets somebody in no more, and signs them out everywhere; or lets them in again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`]; [`Error::LastAdmin`].
    pub async fn set_disabled(&self, actor: &Actor, user: UserId, disabled: bool) -> Result<()> {
        actor.may_change_people()?;
        if disabled {
            self.keeps_an_admin(user).await?;
        }
        self.store.set_disabled(user, disabled).await?;
        tracing::warn!(target: SECURITY, user = %user, by = actor.name(), disabled, "person disabled or enabled");
        Ok(())
    }

    /// Makes a link by which somebody sets a new password. It is shown once.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn make_password_link(&self, actor: &Actor, user: UserId) -> Result<MadeInvitation> {
        actor.may_change_people()?;
        let user = self.user(user).await?;
        let (word, expires_at) = (Secret::random()?, UnixMs::now().plus_ms(PASSWORD_LINK_HOURS * HOUR_MS));
        self.store.make_password_link(user.id, &word.hash(), expires_at).await?;
        tracing::warn!(target: SECURITY, user = %user.id, by = actor.name(), "link to a new password made");
        Ok(MadeInvitation { word, email: user.email, expires_at })
    }

    /// Switches somebody's second factor off, who lost it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn reset_second_factor(&self, actor: &Actor, user: UserId) -> Result<()> {
        actor.may_change_people()?;
        self.store.set_totp(user, None, &[]).await?;
        self.store.revoke_sessions(user, None).await?;
        tracing::warn!(target: SECURITY, user = %user, by = actor.name(), "second factor switched off by an administrator");
        Ok(())
    }

    /// The person of an address.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn person_of(&self, actor: &Actor, email: &str) -> Result<Person> {
        actor.may_administer()?;
        let user = self.store.user_by_email(email).await?.ok_or(Error::NotFound(Noun::Person))?;
        Ok(person(user, Vec::new()))
    }

    /// Creates another account. Its people are invited to it afterwards.
    ///
    /// # Errors
    /// [`Error::Refused`]; [`Error::Forbidden`].
    pub async fn create_account(&self, actor: &Actor, new: &NewAccount) -> Result<Account> {
        actor.may_administer()?;
        let new = crate::accounts::check(new).map_err(Error::Refused)?;
        let (tx, created) = self.begin_account_by(new, actor).await?;
        let id = tx.account().id;
        tx.commit(created).await?;
        self.created(id).await
    }

    /// An installation that nobody administers could be mended by nobody but at its terminal.
    async fn keeps_an_admin(&self, user: UserId) -> Result<()> {
        let users = self.store.users().await?;
        let is_admin = |found: &&User| found.staff == Some(Staff::Admin) && !found.disabled;
        let mut admins = users.iter().filter(is_admin);
        match (admins.any(|admin| admin.id == user), users.iter().filter(is_admin).count()) {
            (true, 1) => Err(Error::LastAdmin),
            _ => Ok(()),
        }
    }
}

fn person(user: User, accounts: Vec<(Account, Role)>) -> Person {
    Person {
        id: user.id,
        email: user.email,
        name: user.name,
        staff: user.staff,
        has_password: user.password.is_some(),
        second_factor: user.totp.is_some(),
        disabled: user.disabled,
        accounts,
    }
}
