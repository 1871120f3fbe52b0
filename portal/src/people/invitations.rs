//! Invitations: a link that works once, for one address. The portal sends no letters; whoever invites passes it on.

use routing::AccountId;
use serde_json::json;
use store::{
    INSTALLATION, Invitation, InvitationId, Invited, NewInvitation, NewUser, Role, Secret, Staff, UnixMs,
    User, UserId,
};

use super::first_visit::in_days;
use super::sessions::Proof;
use super::sign_in::{Attempt, Entered};
use super::{checked, email, joined_json, name, password, person_change, role_json, staff_json, user_change};
use crate::history::{Done, OperationKind};
use crate::limits::{INVITATION_DAYS, INVITATIONS_MAX};
use crate::{Actor, Error, Field, Noun, Origin, Portal, Problem, Result, SignedIn};

/// Whom to invite, and to what: as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invite {
    /// Their address.
    pub email: String,
    /// The role's stable name.
    pub role: String,
}

/// An invitation that was made: its link is shown once.
#[derive(Debug)]
pub struct MadeInvitation {
    /// The word of the link.
    pub word: Secret,
    /// Whom it invites.
    pub email: String,
    /// Until when it can be accepted.
    pub expires_at: UnixMs,
}

/// To what an invitation leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitedTo {
    /// A role in an account, of that name.
    Member(String, Role),
    /// A role in the installation.
    Staff(Staff),
}

/// An invitation, as its link shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joining {
    /// To what.
    pub to: InvitedTo,
    /// Whom.
    pub email: String,
    /// Who invites them.
    pub by: String,
    /// Whether that person can sign in already, and so has to.
    pub known: bool,
}

impl Portal {
    /// Invites somebody to a role in an account.
    ///
    /// # Errors
    /// [`Error::Refused`]; [`Error::Forbidden`] for who is not an owner; [`Error::Limit`].
    pub async fn invite(&self, actor: &Actor, account: AccountId, invite: &Invite) -> Result<MadeInvitation> {
        actor.may_manage(account)?;
        let mut problems = Vec::new();
        let address = checked(Field::Email, email(&invite.email), &mut problems);
        let role = Role::parse(&invite.role).ok_or(Problem::UnknownRole);
        let role = checked(Field::Role, role, &mut problems);
        let (Some(email), Some(role)) = (address, role) else { return Err(Error::Refused(problems)) };
        let waiting = self.store.invitations(Some(account), UnixMs::now()).await?;
        if waiting.len() >= INVITATIONS_MAX {
            return Err(Error::Limit { what: Noun::Invitation, max: INVITATIONS_MAX as u64 });
        }
        let members = self.store.members(account).await?;
        if members.iter().any(|member| same_email(&member.email, &email)) {
            return Err(Error::refused(Field::Email, Problem::MemberAlready));
        }
        must_not_be_invited(&waiting, &email)?;
        let (word, expires_at) = (Secret::random()?, in_days(INVITATION_DAYS));
        let mut tx = self.store.begin(account).await?;
        tx.invite(&NewInvitation {
            hash: word.hash(),
            to: Invited::Member(account, role),
            email: email.clone(),
            by: actor.name().to_owned(),
            expires_at,
        })
        .await?;
        tx.record(&[person_change(&email, None, Some(json!({ "invited_as": role.as_str() })))]).await?;
        tx.commit(Done::one(OperationKind::Invite, &email).by(actor, account)).await?;
        Ok(MadeInvitation { word, email, expires_at })
    }

    /// Takes an invitation to an account back.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn withdraw_invitation(
        &self,
        actor: &Actor,
        account: AccountId,
        id: InvitationId,
    ) -> Result<()> {
        actor.may_manage(account)?;
        let mut tx = self.store.begin(account).await?;
        let invitation = tx.withdraw_invitation(id).await?;
        let before = match invitation.to {
            Invited::Member(_, role) => json!({ "invited_as": role.as_str() }),
            Invited::Staff(staff) => json!({ "invited_as": staff.as_str() }),
        };
        tx.record(&[person_change(&invitation.email, Some(before), None)]).await?;
        tx.commit(Done::one(OperationKind::WithdrawInvitation, &invitation.email).by(actor, account)).await?;
        Ok(())
    }

    /// The invitation of a link. Whoever has the link may see what it leads to.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it was used, taken back, or is too old.
    pub async fn joining(&self, word: &str) -> Result<Joining> {
        let (_, invitation) = self.invitation_of(word).await?;
        let known = self.store.user_by_email(&invitation.email).await?.is_some();
        let to = match invitation.to {
            Invited::Member(account, role) => InvitedTo::Member(self.created(account).await?.name, role),
            Invited::Staff(staff) => InvitedTo::Staff(staff),
        };
        Ok(Joining { to, email: invitation.email, by: invitation.by, known })
    }

    /// Accepts an invitation as somebody new, who chooses a name and a password.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`]; [`Error::SignInAgain`] if that person can sign in already.
    pub async fn join(
        &self,
        word: &str,
        name_typed: &str,
        password_typed: &str,
        attempt: Attempt<'_>,
    ) -> Result<Entered> {
        let (secret, invitation) = self.invitation_of(word).await?;
        if self.store.user_by_email(&invitation.email).await?.is_some() {
            return Err(Error::SignInAgain);
        }
        let mut problems = Vec::new();
        let person = checked(Field::PersonName, name(name_typed), &mut problems);
        let own = [invitation.email.as_str(), name_typed];
        checked(Field::Password, password::check(password_typed, &own), &mut problems);
        let (Some(name), true) = (person, problems.is_empty()) else { return Err(Error::Refused(problems)) };
        let password = Some(password::hash(password_typed.to_owned()).await?);
        let new = NewUser { email: invitation.email.clone(), name, staff: None, password, identity: None };
        let user = self.join_new(&secret, invitation.to, &new, attempt.origin).await?;
        self.enter(&user, attempt, Proof::Link).await
    }

    /// Accepts an invitation as somebody who is signed in.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::OtherPerson`] if it invites somebody else.
    pub async fn join_as(&self, who: &SignedIn, word: &str) -> Result<()> {
        let (user, _) = who.person()?;
        let (secret, invitation) = self.invitation_of(word).await?;
        if !same_email(&invitation.email, &who.email) {
            return Err(Error::OtherPerson { invited: invitation.email });
        }
        let user = self.user(user).await?;
        self.accept(&secret, invitation.to, Joiner::Known(&user), who.actor.origin()).await?;
        Ok(())
    }

    /// Accepts an invitation for somebody new.
    pub(super) async fn join_new(
        &self,
        secret: &Secret,
        to: Invited,
        new: &NewUser,
        origin: &Origin,
    ) -> Result<User> {
        let id = self.accept(secret, to, Joiner::New(new), origin).await?;
        self.user(id).await
    }

    async fn accept(
        &self,
        secret: &Secret,
        to: Invited,
        joiner: Joiner<'_>,
        origin: &Origin,
    ) -> Result<UserId> {
        match to {
            Invited::Member(account, role) => {
                let mut tx = self.store.begin(account).await?;
                tx.use_invitation(&secret.hash()).await?;
                let (id, email, joined) = match joiner {
                    Joiner::New(new) => {
                        (tx.insert_user(new).await?, &new.email, joined_json(role_json(role), new))
                    }
                    Joiner::Known(user) => (user.id, &user.email, role_json(role)),
                };
                tx.add_member(id, role).await?;
                tx.record(&[person_change(email, None, Some(joined))]).await?;
                let actor = Actor::entering(account, email, origin);
                tx.commit(Done::one(OperationKind::Join, email).by(&actor, account)).await?;
                Ok(id)
            }
            Invited::Staff(staff) => {
                let mut tx = self.store.begin(INSTALLATION).await?;
                tx.use_invitation(&secret.hash()).await?;
                let (id, email, before) = match joiner {
                    Joiner::New(new) => (tx.insert_user(new).await?, &new.email, None),
                    Joiner::Known(user) => (user.id, &user.email, Some(staff_json(user.staff))),
                };
                tx.give_staff(id, staff).await?;
                let staff = staff_json(tx.user(id).await?.staff);
                let after = match joiner {
                    Joiner::New(new) => joined_json(staff, new),
                    Joiner::Known(_) => staff,
                };
                let actor = Actor::entering(INSTALLATION, email, origin);
                let change = user_change(id, email, before, Some(after));
                self.keep(tx, OperationKind::Join, change, &actor).await?;
                Ok(id)
            }
        }
    }

    pub(super) async fn invitation_of(&self, word: &str) -> Result<(Secret, store::Invitation)> {
        let none = || Error::NotFound(Noun::Invitation);
        let secret: Secret = word.parse().map_err(|_| none())?;
        let found = self.store.invitation(&secret.hash(), UnixMs::now()).await?;
        found.map(|invitation| (secret, invitation)).ok_or_else(none)
    }
}

/// A form that is sent once more by a reload must not make another link, which would end the one that was passed on.
pub(super) fn must_not_be_invited(waiting: &[Invitation], email: &str) -> Result<()> {
    if waiting.iter().any(|other| same_email(&other.email, email)) {
        return Err(Error::refused(Field::Email, Problem::InvitedAlready));
    }
    Ok(())
}

/// Whether two addresses are one person's, as the database sees it.
fn same_email(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Who accepts.
#[derive(Clone, Copy)]
enum Joiner<'a> {
    New(&'a NewUser),
    Known(&'a User),
}
