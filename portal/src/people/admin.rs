//! What an administrator does: who may sign in at all, who is of the staff, and new accounts.

use std::collections::BTreeMap;

use routing::AccountId;
use serde_json::json;
use store::{
    INSTALLATION, InvitationId, Invited, NewInvitation, NewUser, Role, Secret, Staff, Tx, UnixMs, User,
    UserId, WaysIn,
};

use super::first_visit::in_days;
use super::invitations::must_not_be_invited;
use super::{
    Invite, MadeInvitation, checked, email, moment, name, person_change, second_factor_json, staff_json,
    user_change,
};
use crate::history::OperationKind;
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
    /// How they can sign in.
    pub ways_in: WaysIn,
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
        let accounts: BTreeMap<AccountId, Account> =
            self.store.accounts().await?.into_iter().map(|account| (account.id, account)).collect();
        let mut memberships = self.store.memberships().await?;
        let mut ways_in = self.store.all_ways_in().await?;
        let people = self.store.users().await?.into_iter().map(|user| {
            let roles = memberships.remove(&user.id).unwrap_or_default();
            let of = |(id, role)| accounts.get(&id).map(|account| (account.clone(), role));
            let mut ways_in = ways_in.remove(&user.id).unwrap_or_default();
            ways_in.issuers.retain(|issuer| self.asks(issuer));
            person(user, ways_in, roles.into_iter().filter_map(of).collect())
        });
        Ok(people.collect())
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
        let new = NewUser { email: email.clone(), name, staff: draft.staff, password: None, identity: None };
        let mut tx = self.store.begin(INSTALLATION).await?;
        let id = tx.insert_user(&new).await?;
        let change = user_change(id, &email, None, Some(staff_json(draft.staff)));
        self.keep(tx, OperationKind::AddPerson, change, actor).await?;
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
        must_not_be_invited(&self.store.invitations(None, UnixMs::now()).await?, &email)?;
        let (word, expires_at) = (Secret::random()?, in_days(INVITATION_DAYS));
        let mut tx = self.store.begin(INSTALLATION).await?;
        tx.invite(&NewInvitation {
            hash: word.hash(),
            to: Invited::Staff(staff),
            email: email.clone(),
            by: actor.name().to_owned(),
            expires_at,
        })
        .await?;
        let after = json!({ "invited_as": staff.as_str() });
        self.keep(tx, OperationKind::Invite, person_change(&email, None, Some(after)), actor).await?;
        Ok(MadeInvitation { word, email, expires_at })
    }

    /// Takes an invitation to the installation back.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn withdraw_staff_invitation(&self, actor: &Actor, id: InvitationId) -> Result<()> {
        actor.may_administer()?;
        let mut tx = self.store.begin(INSTALLATION).await?;
        let invitation = tx.withdraw_staff_invitation(id).await?;
        let before = match invitation.to {
            Invited::Staff(staff) => staff.as_str(),
            Invited::Member(_, role) => role.as_str(),
        };
        let change = person_change(&invitation.email, Some(json!({ "invited_as": before })), None);
        self.keep(tx, OperationKind::WithdrawInvitation, change, actor).await
    }

    /// Gives somebody another role in the installation, or none.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`]; [`Error::LastAdmin`].
    pub async fn set_staff(&self, actor: &Actor, user: UserId, staff: Option<Staff>) -> Result<()> {
        actor.may_change_people()?;
        let mut tx = self.store.begin(INSTALLATION).await?;
        let person = tx.user(user).await?;
        if person.staff == staff {
            return Ok(());
        }
        if staff != Some(Staff::Admin) {
            keeps_an_admin(&mut tx, user).await?;
        }
        tx.set_staff(user, staff).await?;
        let (before, after) = (staff_json(person.staff), staff_json(staff));
        let change = user_change(user, &person.email, Some(before), Some(after));
        self.keep(tx, OperationKind::ChangeRole, change, actor).await
    }

    /// Lets somebody in no more, and signs them out everywhere; or lets them in again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`]; [`Error::LastAdmin`].
    pub async fn set_disabled(&self, actor: &Actor, user: UserId, disabled: bool) -> Result<()> {
        actor.may_change_people()?;
        let mut tx = self.store.begin(INSTALLATION).await?;
        let person = tx.user(user).await?;
        if person.disabled == disabled {
            return Ok(());
        }
        if disabled {
            keeps_an_admin(&mut tx, user).await?;
        }
        tx.set_disabled(user, disabled).await?;
        let json = |disabled: bool| Some(json!({ "may_sign_in": !disabled }));
        let kind = if disabled { OperationKind::DisablePerson } else { OperationKind::EnablePerson };
        self.keep(tx, kind, user_change(user, &person.email, json(!disabled), json(disabled)), actor).await
    }

    /// Makes a link by which somebody sets a new password. It is shown once.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn make_password_link(&self, actor: &Actor, user: UserId) -> Result<MadeInvitation> {
        actor.may_change_people()?;
        let (word, expires_at) = (Secret::random()?, UnixMs::now().plus_ms(PASSWORD_LINK_HOURS * HOUR_MS));
        let mut tx = self.store.begin(INSTALLATION).await?;
        let email = tx.user(user).await?.email;
        tx.make_password_link(user, &word.hash(), expires_at).await?;
        let after = json!({ "password_link_until": moment(expires_at) });
        self.keep(tx, OperationKind::MakePasswordLink, user_change(user, &email, None, Some(after)), actor)
            .await?;
        Ok(MadeInvitation { word, email, expires_at })
    }

    /// Switches somebody's second factor off, who lost it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn reset_second_factor(&self, actor: &Actor, user: UserId) -> Result<()> {
        actor.may_change_people()?;
        let mut tx = self.store.begin(INSTALLATION).await?;
        let person = tx.user(user).await?;
        tx.drop_totp(user).await?;
        let (before, after) = (second_factor_json(person.totp.is_some()), second_factor_json(false));
        let change = user_change(user, &person.email, Some(before), Some(after));
        self.keep(tx, OperationKind::ResetSecondFactor, change, actor).await
    }

    /// The person of an address.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn person_of(&self, actor: &Actor, email: &str) -> Result<Person> {
        actor.may_administer()?;
        let user = self.store.user_by_email(email).await?.ok_or(Error::NotFound(Noun::Person))?;
        let ways_in = self.store.ways_in(user.id).await?;
        Ok(person(user, ways_in, Vec::new()))
    }

    /// Creates another account. Its people are invited to it afterwards.
    ///
    /// # Errors
    /// [`Error::Refused`]; [`Error::Forbidden`].
    pub async fn create_account(&self, actor: &Actor, new: &NewAccount) -> Result<Account> {
        actor.may_change_people()?;
        let new = crate::accounts::check(new).map_err(Error::Refused)?;
        let (tx, created) = self.begin_account_by(new, actor).await?;
        let id = tx.account().id;
        tx.commit(created).await?;
        self.created(id).await
    }
}

/// An installation that nobody administers could be mended by nobody but at its terminal. Asked in the transaction that
/// changes it: of two who take the role from each other at once, the second finds what the first one did.
async fn keeps_an_admin(tx: &mut Tx, user: UserId) -> Result<()> {
    let users = tx.users().await?;
    let mut admins = users.iter().filter(|found| found.staff == Some(Staff::Admin) && !found.disabled);
    match (admins.next(), admins.next()) {
        (Some(only), None) if only.id == user => Err(Error::LastAdmin),
        _ => Ok(()),
    }
}

fn person(user: User, ways_in: WaysIn, accounts: Vec<(Account, Role)>) -> Person {
    Person {
        id: user.id,
        email: user.email,
        name: user.name,
        staff: user.staff,
        ways_in,
        second_factor: user.totp.is_some(),
        disabled: user.disabled,
        accounts,
    }
}
