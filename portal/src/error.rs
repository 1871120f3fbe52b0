//! Why a use case was not done. Nothing of it remains then.

use std::fmt;

use routing::{Alias, E164};
use thiserror::Error;

use crate::{ChangeView, DidRow, FieldError, FileError, FileProblem, ImportPlan, RouteRef, RouteView};

/// The answer of every use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case was not done.
#[derive(Debug, Error)]
pub enum Error {
    /// It is not there, or not theirs to see.
    #[error("there is no such {0}")]
    NotFound(Noun),
    /// What was typed breaks rules: all of them at once.
    #[error("{}", join(.0))]
    Refused(Vec<FieldError>),
    /// Somebody else changed the route since it was looked at.
    #[error("the inbound route was changed meanwhile")]
    Conflict(Box<Conflict>),
    /// Somebody else changed the DID since it was looked at.
    #[error("the DID was changed meanwhile")]
    DidConflict(Box<DidConflict>),
    /// The route rings for DIDs, so it cannot be deleted.
    #[error("{} is in use by {} DIDs. Please disassociate all numbers before deleting.", .0.route.alias, .0.count)]
    InUse(Box<InUse>),
    /// The built-in route can be neither changed nor deleted.
    #[error("the built-in route can be neither changed nor deleted")]
    BuiltIn,
    /// There is an account already; a second one needs sign-in.
    #[error("there is an account already")]
    AccountExists,
    /// More than we are ready to hold or to do at once.
    #[error("more than {max} of: {what}")]
    Limit {
        /// What there would be too many of.
        what: Noun,
        /// How many there may be.
        max: u64,
    },
    /// A CSV that cannot be read as a whole.
    #[error("{0}")]
    ImportFile(FileProblem),
    /// Rows of a CSV cannot be imported, so nothing was; the plan names them.
    #[error("{} of {} rows cannot be imported, so nothing was", .0.errors, .0.rows_total)]
    ImportRefused(Box<ImportPlan>),
    /// An account file breaks rules, at the places named.
    #[error("{}", join(.0))]
    AccountFile(Vec<FileError>),
    /// The database failed.
    #[error("the database failed")]
    Store(#[source] store::Error),
}

impl Error {
    /// A refusal for one field.
    pub(crate) fn refused(field: crate::Field, problem: crate::Problem) -> Error {
        Error::Refused(vec![FieldError { field, problem }])
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        match error {
            store::Error::NotFound(store::Noun::Account) => Error::NotFound(Noun::Account),
            store::Error::NotFound(store::Noun::Draft) => Error::NotFound(Noun::Draft),
            store::Error::AccountExists => Error::AccountExists,
            store::Error::BuiltInRoute => Error::BuiltIn,
            other => Error::Store(other),
        }
    }
}

fn join<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Noun {
    /// An account.
    Account,
    /// An inbound route.
    Route,
    /// A DID.
    Did,
    /// A committed operation.
    Operation,
    /// An uploaded file that waits for confirmation.
    Draft,
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Noun::Account => "account",
            Noun::Route => "inbound route",
            Noun::Did => "DID",
            Noun::Operation => "operation",
            Noun::Draft => "uploaded file",
        })
    }
}

/// What somebody else did to a route meanwhile.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Their changes, oldest first.
    pub changes: Vec<ChangeView>,
    /// The route as it is now.
    pub now: RouteView,
}

/// What somebody else did to a DID meanwhile.
#[derive(Clone, Debug)]
pub struct DidConflict {
    /// Their changes, oldest first.
    pub changes: Vec<ChangeView>,
    /// The DID as it is now.
    pub now: DidRow,
}

/// The DIDs that keep a route from being deleted.
#[derive(Clone, Debug)]
pub struct InUse {
    /// The route.
    pub route: RouteRef,
    /// The first of them, by number.
    pub first: Vec<(E164, Option<Alias>)>,
    /// How many there are.
    pub count: u64,
}
