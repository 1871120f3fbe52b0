//! Who asks, and what they may.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use routing::{AccountId, CaseId};
use store::{INSTALLATION, Role, Scope, Staff, Standing, TokenHolder, UserId};

use crate::{Error, Noun, Result};

/// From where somebody acts; the history says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// The pages.
    Browser,
    /// `switchback` in a terminal.
    CommandLine,
    /// A program with an API token.
    Api,
}

impl Via {
    /// Its stable name, as the history stores it.
    pub fn as_str(self) -> &'static str {
        match self {
            Via::Browser => "browser",
            Via::CommandLine => "command_line",
            Via::Api => "api",
        }
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The request by which somebody acts; the history keeps it with what they did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network address that it came from; empty if it came from none.
    pub address: String,
    /// What the request is called in the log.
    pub request: String,
}

/// Why somebody may not do what they asked, in an account that they may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// A viewer.
    #[error(
        "Your role in this account is viewer: you may look at everything and change nothing. An owner of the account can give you the role editor."
    )]
    Viewer,
    /// Support without a grant.
    #[error(
        "Support may look at this account and change nothing in it, until an owner of the account allows it for a time, under People."
    )]
    Support,
    /// A token that only reads.
    #[error("This API token may only read. Make one with the scope write.")]
    ReadToken,
    /// Not an owner.
    #[error("Only an owner of this account may do that.")]
    NotOwner,
    /// Not an administrator.
    #[error("Only an administrator of this installation may do that.")]
    NotAdmin,
    /// A program, where only a person may act.
    #[error("An API token cannot do that. Sign in, and do it in the browser.")]
    Token,
    /// Signed in too long ago for what they asked.
    #[error("You signed in a while ago. Sign in again to do that.")]
    Stale,
}

impl From<Forbidden> for Error {
    fn from(why: Forbidden) -> Error {
        Error::Forbidden(why)
    }
}

/// Who asks. Every use case takes one and asks it first; nowhere else is a permission checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    name: String,
    via: Via,
    power: Power,
    origin: Origin,
    reason: Option<String>,
    confirmed: BTreeSet<CaseId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Power {
    /// Whoever has the terminal has the database.
    Operator,
    Person {
        user: Option<UserId>,
        roles: BTreeMap<AccountId, Role>,
        staff: Option<Staff>,
        /// The accounts that let support write, with the owner who does.
        granted: BTreeMap<AccountId, String>,
        /// They proved a short while ago who they are.
        fresh: bool,
    },
    /// A program, with its maker's role at most.
    Token { user: UserId, account: AccountId, role: Role, scope: Scope },
}

impl Actor {
    /// Whoever works at the terminal of the server: they may do everything.
    pub fn operator(name: impl Into<String>) -> Actor {
        Actor::new(name.into(), Via::CommandLine, Power::Operator)
    }

    /// The owner of an account, who may do everything in it and sees no other.
    pub fn owner(account: AccountId, name: impl Into<String>, via: Via) -> Actor {
        let roles = BTreeMap::from([(account, Role::Owner)]);
        Actor::new(
            name.into(),
            via,
            Power::Person { user: None, roles, staff: None, granted: BTreeMap::new(), fresh: true },
        )
    }

    /// Somebody who is about to sign in, by a link or by the provider's word, for what that changes.
    pub(crate) fn entering(account: AccountId, email: &str, origin: &Origin) -> Actor {
        Actor::owner(account, email, Via::Browser).asking(origin.clone())
    }

    /// Somebody who signed in. The history names them by their address: nobody else signs in with it.
    pub(crate) fn person(standing: Standing, origin: Origin, fresh: bool) -> Actor {
        let Standing { user, roles, granted } = standing;
        let power = Power::Person { user: Some(user.id), roles, staff: user.staff, granted, fresh };
        Actor { origin, ..Actor::new(user.email, Via::Browser, power) }
    }

    /// A program with a token. It has its maker's role, for as long as they have it, and at most the token's scope.
    pub(crate) fn token(holder: &TokenHolder, role: Role, origin: Origin) -> Actor {
        let name = format!("{} ({})", holder.user.email, holder.name);
        let power = Power::Token { user: holder.user.id, account: holder.account, role, scope: holder.scope };
        Actor { origin, ..Actor::new(name, Via::Api, power) }
    }

    fn new(name: String, via: Via, power: Power) -> Actor {
        Actor { name, via, power, origin: Origin::default(), reason: None, confirmed: BTreeSet::new() }
    }

    /// The same actor, by a request.
    #[must_use]
    pub(crate) fn asking(self, origin: Origin) -> Actor {
        Actor { origin, ..self }
    }

    /// The same actor, who says why they do what they ask; an empty reason is none.
    #[must_use]
    pub fn because(self, reason: &str) -> Actor {
        Actor { reason: crate::labels::reason(Some(reason.to_owned())), ..self }
    }

    /// Why they do what they ask, for the history.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The same actor, who was shown that a change breaks these saved cases and makes it nevertheless. One that they
    /// were not shown stays in the way.
    #[must_use]
    pub fn confirming_broken_cases(self, shown: impl IntoIterator<Item = CaseId>) -> Actor {
        Actor { confirmed: shown.into_iter().collect(), ..self }
    }

    /// Whether they make a change although it breaks this saved case.
    pub fn confirms(&self, case: CaseId) -> bool {
        self.confirmed.contains(&case)
    }

    /// The name that the history shows.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// From where they act.
    pub fn via(&self) -> Via {
        self.via
    }

    /// The request by which they act.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Which person it is, of one who signed in or whose token it is.
    pub fn user(&self) -> Option<UserId> {
        match &self.power {
            Power::Operator => None,
            Power::Person { user, .. } => *user,
            Power::Token { user, .. } => Some(*user),
        }
    }

    /// The accounts that they belong to; a program, the one that its token is for.
    pub fn accounts(&self) -> Vec<AccountId> {
        match &self.power {
            Power::Operator => Vec::new(),
            Power::Person { roles, .. } => roles.keys().copied().collect(),
            Power::Token { account, .. } => vec![*account],
        }
    }

    /// What they may do in the whole installation.
    pub fn staff(&self) -> Option<Staff> {
        match &self.power {
            Power::Operator => Some(Staff::Admin),
            Power::Person { staff, .. } => *staff,
            Power::Token { .. } => None,
        }
    }

    /// Their role in an account that they belong to.
    pub fn role(&self, account: AccountId) -> Option<Role> {
        match &self.power {
            Power::Operator => None,
            Power::Person { roles, .. } => roles.get(&account).copied(),
            Power::Token { account: its, role, .. } => (*its == account).then_some(*role),
        }
    }

    /// Whether they look at an account that they do not belong to: it is written down for its owners to see.
    pub fn is_visitor(&self, account: AccountId) -> bool {
        self.user().is_some() && self.role(account).is_none()
    }

    /// On whose behalf support changes an account: the owner's who lets it.
    pub(crate) fn on_behalf_of(&self, account: AccountId) -> Option<&str> {
        match &self.power {
            Power::Person { roles, staff: Some(Staff::Support), granted, .. }
                if !roles.contains_key(&account) =>
            {
                granted.get(&account).map(String::as_str)
            }
            _ => None,
        }
    }

    /// Whether they may see the account. One that they may not see does not exist for them.
    pub fn may_read(&self, account: AccountId) -> Result<()> {
        // The installation's own history has a page of its own.
        if account == INSTALLATION {
            return Err(Error::NotFound(Noun::Account));
        }
        if self.staff().is_some() || self.role(account).is_some() {
            Ok(())
        } else {
            Err(Error::NotFound(Noun::Account))
        }
    }

    /// Whether they may change the account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they may not see it, [`Error::Forbidden`] if they may not change it.
    pub fn may_write(&self, account: AccountId) -> Result<()> {
        self.may_read(account)?;
        match &self.power {
            Power::Token { scope: Scope::Read, .. } => return Err(Forbidden::ReadToken.into()),
            Power::Person { granted, .. } if granted.contains_key(&account) => return Ok(()),
            _ => {}
        }
        match (self.staff(), self.role(account)) {
            (Some(Staff::Admin), _) | (_, Some(Role::Editor | Role::Owner)) => Ok(()),
            (_, Some(Role::Viewer)) => Err(Forbidden::Viewer.into()),
            (_, None) => Err(Forbidden::Support.into()),
        }
    }

    /// Whether they may say who belongs to the account, and who else may change it.
    pub(crate) fn may_manage(&self, account: AccountId) -> Result<()> {
        self.may_read(account)?;
        if let Power::Token { .. } = self.power {
            return Err(Forbidden::Token.into());
        }
        match (self.staff(), self.role(account)) {
            (Some(Staff::Admin), _) | (_, Some(Role::Owner)) => Ok(()),
            _ => Err(Forbidden::NotOwner.into()),
        }
    }

    /// Whether they may look across all accounts at once. For who is not of the staff, there is no such thing.
    pub(crate) fn may_see_all(&self) -> Result<()> {
        match self.staff() {
            Some(Staff::Admin | Staff::Support) => Ok(()),
            None => Err(Error::NotFound(Noun::Page)),
        }
    }

    /// Whether they may say who may sign in at all. For who is not of the staff, there is no such thing.
    pub(crate) fn may_administer(&self) -> Result<()> {
        match self.staff() {
            Some(Staff::Admin) => Ok(()),
            Some(Staff::Support) => Err(Forbidden::NotAdmin.into()),
            None => Err(Error::NotFound(Noun::Page)),
        }
    }

    /// Whether they may look at the history of an account, or of the installation.
    pub(crate) fn may_audit(&self, account: AccountId) -> Result<()> {
        if account == INSTALLATION { self.may_administer() } else { self.may_read(account) }
    }

    /// Whether they may change who may sign in, and how: an unattended browser must not do it days later.
    pub(crate) fn may_change_people(&self) -> Result<()> {
        self.may_administer()?;
        if self.is_stale() { Err(Forbidden::Stale.into()) } else { Ok(()) }
    }

    /// Whether it is a person who did not prove for a while who they are.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.power, Power::Person { fresh: false, .. })
    }
}

#[cfg(test)]
mod tests {
    use store::{UnixMs, User};

    use super::*;

    const MINE: AccountId = AccountId(1);
    const OTHER: AccountId = AccountId(2);

    fn actor(role: Option<Role>, staff: Option<Staff>, granted: bool) -> Actor {
        let user = User {
            id: UserId(7),
            email: "sam@example.com".into(),
            name: "Sam".into(),
            staff,
            password: None,
            totp: None,
            disabled: false,
            created_at: UnixMs(0),
        };
        let roles = role.map(|role| (MINE, role)).into_iter().collect();
        let granted = granted.then(|| (MINE, "owner@example.com".to_owned())).into_iter().collect();
        Actor::person(Standing { user, roles, granted }, Origin::default(), true)
    }

    fn why(result: Result<()>) -> &'static str {
        match result {
            Ok(()) => "yes",
            Err(Error::NotFound(_)) => "not found",
            Err(Error::Forbidden(_)) => "forbidden",
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn each_role_may_what_those_before_it_may_and_strangers_find_nothing() {
        use Role::{Editor, Owner, Viewer};
        let (no, hidden) = ("forbidden", "not found");
        // Role in the account, role in the installation, a grant; read, write, manage, administer, see all accounts;
        // read another account.
        let rows = [
            (None, None, false, [hidden, hidden, hidden, hidden, hidden], hidden),
            (Some(Viewer), None, false, ["yes", no, no, hidden, hidden], hidden),
            (Some(Editor), None, false, ["yes", "yes", no, hidden, hidden], hidden),
            (Some(Owner), None, false, ["yes", "yes", "yes", hidden, hidden], hidden),
            (None, Some(Staff::Support), false, ["yes", no, no, no, "yes"], "yes"),
            (None, Some(Staff::Support), true, ["yes", "yes", no, no, "yes"], "yes"),
            (Some(Viewer), Some(Staff::Support), false, ["yes", no, no, no, "yes"], "yes"),
            (Some(Owner), Some(Staff::Support), false, ["yes", "yes", "yes", no, "yes"], "yes"),
            (None, Some(Staff::Admin), false, ["yes", "yes", "yes", "yes", "yes"], "yes"),
        ];
        for (role, staff, granted, expected, other) in rows {
            let actor = actor(role, staff, granted);
            let found = [
                actor.may_read(MINE),
                actor.may_write(MINE),
                actor.may_manage(MINE),
                actor.may_administer(),
                actor.may_see_all(),
            ]
            .map(why);
            assert_eq!(found, expected, "{role:?} {staff:?} {granted}");
            assert_eq!(why(actor.may_read(OTHER)), other, "{role:?} {staff:?}");
        }
    }

    #[test]
    fn a_token_has_its_makers_role_and_at_most_its_scope() {
        let maker = actor(Some(Role::Owner), Some(Staff::Admin), false);
        let Power::Person { user: Some(id), .. } = maker.power else { panic!() };
        let token = |role, scope| {
            let power = Power::Token { user: id, account: MINE, role, scope };
            Actor::new("sam@example.com (nightly)".into(), Via::Api, power)
        };
        for (role, scope, write) in [
            (Role::Owner, Scope::Write, "yes"),
            (Role::Owner, Scope::Read, "forbidden"),
            (Role::Viewer, Scope::Write, "forbidden"),
        ] {
            let token = token(role, scope);
            assert_eq!(why(token.may_read(MINE)), "yes");
            assert_eq!(why(token.may_write(MINE)), write);
            assert_eq!(why(token.may_manage(MINE)), "forbidden");
            assert_eq!(why(token.may_read(OTHER)), "not found");
            assert_eq!(why(token.may_administer()), "not found");
            assert_eq!(why(token.may_see_all()), "not found");
        }
    }

    #[test]
    fn support_acts_on_behalf_of_the_owner_who_lets_it() {
        let support = actor(None, Some(Staff::Support), true);
        assert_eq!(support.on_behalf_of(MINE), Some("owner@example.com"));
        assert_eq!(support.on_behalf_of(OTHER), None);
        assert!(support.is_visitor(MINE));
        assert!(!actor(Some(Role::Viewer), None, false).is_visitor(MINE));
    }
}
