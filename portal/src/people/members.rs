//! Who belongs to an account, whether support may write in it, and who of the staff looked at it.

use routing::AccountId;
use serde_json::json;
use store::{ApiToken, Grant, Invitation, Look, Member, Role, UnixMs, UserId};

use super::{moment, person_change, role_json};
use crate::history::{Done, OperationKind};
use crate::limits::{GRANT_HOURS_MAX, LOOKS_SHOWN};
use crate::{Actor, Error, Field, Noun, Portal, Problem, Result};

/// Whom an account's history names for support as a whole.
const SUPPORT: &str = "support";
const HOUR_MS: i64 = 60 * 60 * 1000;

/// Everybody who may do something in an account.
#[derive(Clone, Debug)]
pub struct Team {
    /// Who belongs to it.
    pub members: Vec<Member>,
    /// Who is invited; for those who may manage it.
    pub invitations: Vec<Invitation>,
    /// Until when support may write.
    pub grant: Option<Grant>,
    /// The programs; for those who may manage it all, else one's own.
    pub tokens: Vec<ApiToken>,
    /// Whether the asker may change any of it.
    pub manages: bool,
    /// Whether the asker belongs to the account, and so may leave it and make tokens.
    pub belongs: bool,
}

/// A page of who looked.
#[derive(Clone, Debug)]
pub struct LookPage {
    /// Latest first.
    pub looks: Vec<Look>,
    /// From where older ones follow.
    pub older: Option<i64>,
}

impl Portal {
    /// Everybody who may do something in an account.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn team(&self, actor: &Actor, account: AccountId) -> Result<Team> {
        actor.may_read(account)?;
        let manages = actor.may_manage(account).is_ok();
        let now = UnixMs::now();
        let members = self.store.members(account).await?;
        let mine = members.iter().find(|member| Some(member.user) == actor.user());
        let mut tokens = self.store.tokens(account).await?;
        if !manages {
            tokens.retain(|token| mine.is_some_and(|mine| mine.email == token.by));
        }
        Ok(Team {
            invitations: if manages { self.store.invitations(Some(account), now).await? } else { Vec::new() },
            grant: self.store.support_grant(account, now).await?,
            belongs: mine.is_some(),
            tokens,
            manages,
            members,
        })
    }

    /// Gives somebody another role in an account.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`]; [`Error::LastOwner`].
    pub async fn set_role(&self, actor: &Actor, account: AccountId, user: UserId, role: &str) -> Result<()> {
        actor.may_manage(account)?;
        let role = Role::parse(role).ok_or_else(|| Error::refused(Field::Role, Problem::UnknownRole))?;
        let mut tx = self.store.begin(account).await?;
        let members = tx.members().await?;
        let member = find(&members, user)?;
        if member.role == role {
            return Ok(());
        }
        keeps_an_owner(&members, user, role == Role::Owner)?;
        tx.set_role(user, role).await?;
        let change = person_change(&member.email, Some(role_json(member.role)), Some(role_json(role)));
        tx.record(&[change]).await?;
        tx.commit(Done::one(OperationKind::ChangeRole, &member.email).by(actor, account)).await?;
        Ok(())
    }

    /// Takes somebody out of an account; everybody may leave it themselves. Their tokens for it work no more.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`]; [`Error::LastOwner`].
    pub async fn remove_person(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        actor.may_read(account)?;
        if actor.user() != Some(user) || actor.via() == crate::Via::Api {
            actor.may_manage(account)?;
        }
        let mut tx = self.store.begin(account).await?;
        let members = tx.members().await?;
        let member = find(&members, user)?;
        keeps_an_owner(&members, user, false)?;
        tx.remove_member(user).await?;
        tx.record(&[person_change(&member.email, Some(role_json(member.role)), None)]).await?;
        tx.commit(Done::one(OperationKind::RemovePerson, &member.email).by(actor, account)).await?;
        Ok(())
    }

    /// Lets support write in an account for some hours; `None` ends it.
    ///
    /// # Errors
    /// [`Error::Refused`] for hours that are none or too many; [`Error::Forbidden`].
    pub async fn grant_support(&self, actor: &Actor, account: AccountId, hours: Option<&str>) -> Result<()> {
        actor.may_manage(account)?;
        let now = UnixMs::now();
        let hours = match hours {
            None => None,
            Some(text) => match text.trim().parse::<i64>() {
                Ok(hours) if (1..=GRANT_HOURS_MAX).contains(&hours) => Some(hours),
                _ => return Err(Error::refused(Field::Hours, Problem::Hours)),
            },
        };
        let new = hours.map(|hours| Grant {
            by: actor.name().to_owned(),
            since: now,
            until: now.plus_ms(hours * HOUR_MS),
        });
        let mut tx = self.store.begin(account).await?;
        let old = tx.support_grant(now).await?;
        if old.is_none() && new.is_none() {
            return Ok(());
        }
        tx.grant_support(new.as_ref()).await?;
        let json = |grant: &Grant| json!({ "writes_until": moment(grant.until) });
        tx.record(&[person_change(SUPPORT, old.as_ref().map(json), new.as_ref().map(json))]).await?;
        let kind = if new.is_some() { OperationKind::GrantSupport } else { OperationKind::EndSupport };
        tx.commit(Done::one(kind, SUPPORT).by(actor, account)).await?;
        Ok(())
    }

    /// Writes down that the actor looks at a page of an account, if they do not belong to it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; the database failed. A look that cannot be written down may not be had.
    pub async fn look(&self, actor: &Actor, account: AccountId, address: &str) -> Result<()> {
        actor.may_read(account)?;
        match actor.user() {
            Some(user) if actor.is_visitor(account) => {
                let address: String = address.chars().take(crate::limits::LOOK_CHARS_MAX).collect();
                Ok(self.store.record_looks(&[account], user, UnixMs::now(), &address).await?)
            }
            _ => Ok(()),
        }
    }

    /// Who of the staff looked at an account, and at what.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] for who is not an owner.
    pub async fn looks(&self, actor: &Actor, account: AccountId, below: Option<i64>) -> Result<LookPage> {
        actor.may_manage(account)?;
        let mut looks = self.store.looks(account, below, LOOKS_SHOWN + 1).await?;
        let more = looks.len() > LOOKS_SHOWN as usize;
        looks.truncate(LOOKS_SHOWN as usize);
        let older = looks.last().map(|look| look.id).filter(|_| more);
        Ok(LookPage { looks, older })
    }
}

fn find(members: &[Member], user: UserId) -> Result<Member> {
    members.iter().find(|member| member.user == user).cloned().ok_or(Error::NotFound(Noun::Person))
}

/// An account that nobody owns could be managed by nobody.
fn keeps_an_owner(members: &[Member], user: UserId, stays: bool) -> Result<()> {
    let others =
        members.iter().any(|member| member.role == Role::Owner && member.user != user && !member.disabled);
    let is_owner = members.iter().any(|member| member.role == Role::Owner && member.user == user);
    if is_owner && !stays && !others { Err(Error::LastOwner) } else { Ok(()) }
}
