//! Who asks, and what they may.

use std::collections::BTreeSet;
use std::fmt;

use routing::{AccountId, CaseId};

use crate::{Error, Noun, Result};

/// From where somebody acts; the history says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// The pages.
    Browser,
    /// `switchback` in a terminal.
    CommandLine,
    /// A REST surface.
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

/// Who asks. Every use case takes one and asks it first; nowhere else is a permission checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    account: AccountId,
    name: String,
    via: Via,
    confirmed: BTreeSet<CaseId>,
}

impl Actor {
    /// The owner of an account, who may do everything in it and sees no other.
    pub fn owner(account: AccountId, name: impl Into<String>, via: Via) -> Actor {
        Actor { account, name: name.into(), via, confirmed: BTreeSet::new() }
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

    /// The account that they own.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// From where they act.
    pub fn via(&self) -> Via {
        self.via
    }

    /// Whether they may see the account. One that they may not see does not exist for them.
    pub(crate) fn may_read(&self, account: AccountId) -> Result<()> {
        if account == self.account { Ok(()) } else { Err(Error::NotFound(Noun::Account)) }
    }

    /// Whether they may change the account.
    pub(crate) fn may_write(&self, account: AccountId) -> Result<()> {
        self.may_read(account)
    }
}
