//! People: users, the accounts that they belong to, and what they are signed in with.
//!
//! What concerns one account (who belongs to it) is written through [`crate::Tx`], with its change rows; so is what
//! concerns all of them (who may sign in at all, and by what), in the installation's own history. Sessions, and what a
//! person calls themselves and their passkeys, are no change of either, and are written by [`crate::Store`].

mod guards;
mod identities;
mod invitations;
mod looks;
mod members;
mod passkeys;
mod sessions;
mod tokens;
mod users;

use std::fmt;

pub use guards::WaysIn;
pub(crate) use guards::{
    drop_totp, make_password_link, set_password, set_password_by_link, set_totp, ways_in,
};
pub use identities::{Identity, NewIdentity};
pub(crate) use identities::{insert as link_identity, unlink as unlink_identity, was_unlinked};
pub use invitations::{Invitation, InvitationId, Invited, NewInvitation};
pub(crate) use invitations::{consume, give_staff, insert as insert_invitation, withdraw};
pub use looks::Look;
pub use members::{Grant, Member};
pub(crate) use members::{add as add_member, list as list_members, remove as remove_member, set_role};
pub(crate) use members::{end_grant, find_grant, set_grant};
pub use passkeys::{Ceremony, NewPasskey, Passkey, PasskeyId, UsedPasskey};
pub(crate) use passkeys::{insert as insert_passkey, remove as remove_passkey, rename as rename_passkey};
pub(crate) use sessions::of_session;
pub use sessions::{NewSession, ProvedBy, Session, SessionId};
pub use tokens::{ApiToken, NewToken, Scope, TokenHolder, TokenId};
pub(crate) use tokens::{insert as insert_token, remove as remove_token};
pub use users::{NewUser, Standing, Totp, User, UserId};
pub(crate) use users::{find as find_user, list as list_users, set_disabled, set_staff};
pub(crate) use users::{insert as insert_user, insert_first as insert_first_user};

/// What somebody may do in an account that they belong to. Each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Look.
    Viewer,
    /// Change the configuration.
    Editor,
    /// Say who belongs to the account.
    Owner,
}

impl Role {
    /// Every role, from the least to the most.
    pub const ALL: [Role; 3] = [Role::Viewer, Role::Editor, Role::Owner];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Editor => "editor",
            Role::Owner => "owner",
        }
    }

    /// The role of a stable name.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What somebody may do in the whole installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Staff {
    /// Look at every account; write where its owner lets them.
    Support,
    /// Everything.
    Admin,
}

impl Staff {
    /// Every one.
    pub const ALL: [Staff; 2] = [Staff::Support, Staff::Admin];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Staff::Support => "support",
            Staff::Admin => "admin",
        }
    }

    /// The one of a stable name.
    pub fn parse(name: &str) -> Option<Staff> {
        Staff::ALL.into_iter().find(|staff| staff.as_str() == name)
    }
}

impl fmt::Display for Staff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An e-mail address as its key: the same person, however it is typed.
pub(crate) fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}
