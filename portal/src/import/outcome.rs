//! What an import would do, as people see it.

use std::fmt;

use routing::{Alias, AliasError, NumberError, OwnDid, Routing, Version};
use store::UnixMs;

use super::Column;
use super::plan::{Verdict, Write};
use crate::book::Book;
use crate::{BrokenCase, DidState};

/// What an import would do. Nothing is changed yet.
#[derive(Clone, Debug)]
pub struct ImportPlan {
    /// Rows in the file.
    pub rows_total: u64,
    /// DIDs that would be added.
    pub adds: u64,
    /// DIDs that would change.
    pub changes: u64,
    /// DIDs that are as the file says already.
    pub unchanged: u64,
    /// Rows that cannot be imported. With any, nothing is.
    pub errors: u64,
    /// The first rows: those with errors, then those that do something, then the rest, each by line.
    pub rows: Vec<ImportRow>,
    /// The columns that were understood, in the order of the file.
    pub columns: Vec<Column>,
    /// Headers that were not.
    pub ignored: Vec<String>,
    /// The saved cases that hold now and would not any more: importing the file must be confirmed. None if any row has
    /// an error.
    pub broken_cases: Vec<BrokenCase>,
    /// The account's version that the file is held against: the `as_of` of applying it. For a staged file, that of
    /// its staging, so that later edits stay refused however often the plan is shown.
    pub as_of: Version,
}

/// A row of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// Its line, the first being 1.
    pub line: u64,
    /// The number as typed.
    pub number: String,
    /// What would come of it.
    pub outcome: ImportOutcome,
}

/// What would come of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// A new DID.
    Add {
        /// As this.
        after: DidState,
    },
    /// A DID changes.
    Change {
        /// What it is.
        before: DidState,
        /// What it would be.
        after: DidState,
    },
    /// The DID is as the file says already.
    Unchanged,
    /// The row cannot be imported.
    Error(ImportError),
}

/// Why a row cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// More cells than the first row has names.
    TooManyCells,
    /// Not a number.
    Number(NumberError),
    /// A number that a spreadsheet shortened: its last digits are lost.
    Shortened,
    /// The number stands on an earlier line.
    Twice {
        /// Which line.
        first_line: u64,
    },
    /// The number belongs to another account.
    Elsewhere,
    /// Not an alias.
    Alias(AliasError),
    /// No route is called so.
    UnknownRoute {
        /// Primary or failover.
        column: Column,
        /// As typed.
        typed: String,
        /// Routes that are called almost so.
        near: Vec<Alias>,
    },
    /// No failover plan is called so.
    UnknownPlan {
        /// As typed.
        typed: String,
        /// Plans that are called almost so.
        near: Vec<Alias>,
    },
    /// A primary cannot be cleared.
    PrimaryCleared,
    /// The failover is the primary itself, or a plan that rings nothing else.
    SameAsPrimary,
    /// The failover would come back to us.
    OwnDid(OwnDid),
    /// The number would become a DID, while a route that rings it is a failover.
    RungByFailover {
        /// That route.
        route: Alias,
    },
    /// The number would become a DID, while a failover plan has a route that rings it.
    RungByPlan {
        /// That route.
        route: Alias,
        /// That plan.
        plan: Alias,
    },
    /// Somebody changed the DID after the file was brought in.
    EditedSince {
        /// Who.
        by: String,
        /// When.
        at: UnixMs,
    },
    /// Somebody released the number after the file was brought in.
    ReleasedSince {
        /// Who.
        by: String,
        /// When.
        at: UnixMs,
    },
    /// The account would have too many DIDs.
    AccountFull {
        /// How many there may be.
        max: u64,
    },
}

impl ImportError {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ImportError::TooManyCells => "too_many_cells",
            ImportError::Number(error) => error.code(),
            ImportError::Shortened => "shortened",
            ImportError::Twice { .. } => "twice",
            ImportError::Elsewhere => "elsewhere",
            ImportError::Alias(error) => error.code(),
            ImportError::UnknownRoute { .. } => "unknown_route",
            ImportError::UnknownPlan { .. } => "unknown_plan",
            ImportError::PrimaryCleared => "primary_cleared",
            ImportError::SameAsPrimary => "same_as_primary",
            ImportError::OwnDid(why) => why.code(),
            ImportError::RungByFailover { .. } => "rung_by_failover",
            ImportError::RungByPlan { .. } => "rung_by_plan",
            ImportError::EditedSince { .. } => "edited_since",
            ImportError::ReleasedSince { .. } => "released_since",
            ImportError::AccountFull { .. } => "account_full",
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::TooManyCells => f.write_str(
                "This row has more cells than the first row has names. Put text that holds the sign between cells into quotation marks.",
            ),
            ImportError::Number(error) => error.fmt(f),
            ImportError::Shortened => f.write_str(
                "A spreadsheet shortened this number, and its last digits are lost. Format the column as text and type the number again.",
            ),
            ImportError::Twice { first_line } => write!(f, "This number stands on line {first_line} already. Keep one of the two."),
            ImportError::Elsewhere => f.write_str("This number belongs to another account."),
            ImportError::Alias(error) => error.fmt(f),
            ImportError::UnknownRoute { column, typed, near } => {
                write!(f, "No inbound route for the {} is called {typed}.", column.name())?;
                did_you_mean(f, near, "alias")
            }
            ImportError::UnknownPlan { typed, near } => {
                write!(f, "No failover plan is called {typed}.")?;
                did_you_mean(f, near, "name")
            }
            ImportError::PrimaryCleared => {
                f.write_str("A DID needs a primary route. Write sip-reg to ring your registered devices.")
            }
            ImportError::SameAsPrimary => {
                f.write_str("The failover is the primary route itself, or a plan of nothing else, so it fails with it. Write another one.")
            }
            ImportError::OwnDid(why) => why.fmt(f),
            ImportError::RungByFailover { route } => write!(
                f,
                "The inbound route {route} rings this number and is a failover. A failover to a DID of ours does not work: change that first."
            ),
            ImportError::RungByPlan { route, plan } => write!(
                f,
                "The inbound route {route} rings this number and is in the failover plan {plan}. A failover to a DID of ours does not work: change that first."
            ),
            ImportError::EditedSince { by, .. } => {
                write!(f, "{by} changed this DID after the file was brought in. Bring the file in again to look at it anew.")
            }
            ImportError::ReleasedSince { by, .. } => {
                write!(f, "{by} released this number after the file was brought in. Bring the file in again to look at it anew.")
            }
            ImportError::AccountFull { max } => {
                write!(f, "An account holds at most {max} DIDs. Leave this row out, or release others first.")
            }
        }
    }
}

fn did_you_mean(f: &mut fmt::Formatter<'_>, near: &[Alias], what: &str) -> fmt::Result {
    if near.is_empty() {
        return write!(f, " Add it first, or write the {what} of another.");
    }
    let names: Vec<&str> = near.iter().map(Alias::as_str).collect();
    write!(f, " Did you mean {}?", names.join(" or "))
}

pub(super) fn outcome(verdict: &Verdict, book: &Book) -> ImportOutcome {
    match verdict {
        Err(error) => ImportOutcome::Error(error.clone()),
        Ok(None) => ImportOutcome::Unchanged,
        Ok(Some(Write::Add(new))) => {
            ImportOutcome::Add { after: book.did_state(new.alias.clone(), new.routing) }
        }
        Ok(Some(Write::Change(update))) => ImportOutcome::Change {
            before: book.did_state(update.now.alias.clone(), Routing::of(&update.now)),
            after: book.did_state(update.alias.clone(), update.routing),
        },
    }
}
