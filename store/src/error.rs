//! What can go wrong in the store: one enum, in the words of the domain where the cause is the caller's.

use std::borrow::Cow;

use routing::limits::WEIGHT_MAX;
use routing::{AccountId, Alias, E164, PlanId, RouteId, ScheduleId};
use sqlx::error::ErrorKind;
use thiserror::Error;

/// The answer of every call of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call of the store failed. `Display` never repeats the source.
#[derive(Debug, Error)]
pub enum Error {
    /// The database's address was not understood.
    #[error("a database is given as sqlite:path or postgres://user@host/name, not as {given:?}")]
    DatabaseUrl {
        /// What was given, without any password.
        given: String,
    },
    /// The folder of the SQLite file could not be made.
    #[error("could not create the folder {folder}")]
    CreateFolder {
        /// The folder.
        folder: String,
        /// Why not.
        source: std::io::Error,
    },
    /// Older SQLite can corrupt a database in WAL mode.
    #[error("SQLite {found} is too old: at least {}.{}.{} is needed", least.0, least.1, least.2)]
    OldSqlite {
        /// What the library says it is.
        found: String,
        /// The least that will do.
        least: (u32, u32, u32),
    },
    /// The database has a schema that this program does not know yet.
    #[error(
        "the database was written by a newer switchback: it has migration {found}, this one knows up to {known}; \
         use the newer one"
    )]
    NewerDatabase {
        /// The first migration that is not known.
        found: i64,
        /// The last one that is.
        known: i64,
    },
    /// The database could not be brought to this program's schema.
    #[error("could not migrate the database")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The database could not do what was asked; nothing of the transaction remains.
    #[error("could not {doing}")]
    Database {
        /// The operation, such as `list inbound routes`.
        doing: &'static str,
        /// What the database said.
        source: sqlx::Error,
    },
    /// A stored value cannot be read back.
    #[error("table {table}, row {row}: the stored {column} cannot be read: {problem}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The row's key.
        row: String,
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A value could not be written as JSON.
    #[error("could not encode a value to {doing}")]
    Encode {
        /// The operation that needed it.
        doing: &'static str,
        /// Why not.
        source: serde_json::Error,
    },
    /// The operating system gave no random bytes.
    #[error("could not draw a random id: {0}")]
    Random(getrandom::Error),
    /// The thing is not there, or belongs to another account.
    #[error("there is no such {0}")]
    NotFound(Noun),
    /// Somebody can sign in already: the first visit was made.
    #[error("the first visit was made already")]
    SetUpAlready,
    /// Another route of the account has this alias, without regard to case.
    #[error("another inbound route is called {alias}")]
    AliasTaken {
        /// The alias.
        alias: String,
    },
    /// Another plan, schedule or case of the account has this name, without regard to case.
    #[error("another {noun} is called {name}")]
    NameTaken {
        /// What has it.
        noun: Noun,
        /// The name.
        name: String,
    },
    /// A DID or a plan names a route that the account does not have.
    #[error("an inbound route is named that does not exist")]
    UnknownRoute,
    /// A plan names a schedule that the account does not have.
    #[error("the failover plan names a schedule that does not exist")]
    UnknownSchedule,
    /// A route names an edge that does not exist.
    #[error("the inbound route names an edge that does not exist")]
    UnknownEdge,
    /// DIDs still ring the route, or plans still name it.
    #[error("inbound route {route} is in use")]
    RouteInUse {
        /// The route.
        route: RouteId,
    },
    /// DIDs still fail over to the plan.
    #[error("failover plan {plan} is in use")]
    PlanInUse {
        /// The plan.
        plan: PlanId,
    },
    /// Plans still go by the schedule.
    #[error("schedule {schedule} is in use")]
    ScheduleInUse {
        /// The schedule.
        schedule: ScheduleId,
    },
    /// Weights that share calls with nothing, or that are too high.
    #[error("weights need a failover route, and are 0 to {WEIGHT_MAX} each")]
    Weights,
    /// The built-in route can be neither changed nor deleted.
    #[error("the built-in route cannot be changed")]
    BuiltInRoute,
    /// Numbers that are in the installation already, or twice in the request: the first few of them, or none where
    /// somebody added them at this very moment.
    #[error("{} cannot be added: already there", .0.first().map_or_else(|| "a number".to_owned(), ToString::to_string))]
    NumbersTaken(Vec<E164>),
    /// Another person signs in with this e-mail address.
    #[error("another person signs in with this e-mail address")]
    EmailTaken,
    /// Another job of the account runs.
    #[error("another job of the account runs")]
    JobRuns,
    /// The account at a provider signs somebody in already, or the person has another one of it.
    #[error("this account at the provider is linked already")]
    IdentityTaken,
    /// The passkey is kept already, by whomever.
    #[error("this passkey is kept already")]
    PasskeyTaken,
    /// A page's cursor was not made by this program for this sort order.
    #[error("this is not a place in the list")]
    Cursor,
    /// An earlier write of the transaction failed or was cancelled: it can only be dropped.
    #[error("an earlier write of this transaction failed")]
    Broken,
    /// The account was changed or removed behind the transaction's back.
    #[error("account {0} is not as the transaction found it")]
    LostAccount(AccountId),
}

/// What was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// An account.
    Account,
    /// An inbound route.
    Route,
    /// A DID.
    Did,
    /// A failover plan.
    Plan,
    /// A schedule.
    Schedule,
    /// A saved case.
    Case,
    /// A finding that somebody accepted.
    AcceptedFinding,
    /// An uploaded file that waits for confirmation.
    Draft,
    /// What was chosen by a filter.
    Selection,
    /// What runs for longer than a page.
    Job,
    /// A person.
    User,
    /// A browser in which somebody is signed in.
    Session,
    /// An invitation.
    Invitation,
    /// A link to a new password.
    PasswordLink,
    /// An API token.
    Token,
    /// An account at an OIDC provider.
    Identity,
    /// A passkey.
    Passkey,
    /// A country where routes to phone numbers may ring.
    Destination,
    /// A note of the staff.
    Note,
}

impl std::fmt::Display for Noun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Noun::Account => "account",
            Noun::Route => "inbound route",
            Noun::Did => "DID",
            Noun::Plan => "failover plan",
            Noun::Schedule => "schedule",
            Noun::Case => "case",
            Noun::AcceptedFinding => "accepted finding",
            Noun::Draft => "import",
            Noun::Selection => "selection",
            Noun::Job => "job",
            Noun::User => "person",
            Noun::Session => "session",
            Noun::Invitation => "invitation",
            Noun::PasswordLink => "link to a password",
            Noun::Token => "API token",
            Noun::Identity => "linked account",
            Noun::Passkey => "passkey",
            Noun::Destination => "country",
            Noun::Note => "note",
        })
    }
}

impl Error {
    /// Whether the same call may succeed a moment later: the database was busy or out of reach.
    pub fn is_temporary(&self) -> bool {
        match self {
            Error::Database { source: sqlx::Error::PoolTimedOut | sqlx::Error::Io(_), .. } => true,
            _ => self.code().is_some_and(|code| is_temporary(&code)),
        }
    }

    /// Whether there is no room to write. Nothing was written then, and it works again when there is room.
    pub fn is_full(&self) -> bool {
        self.code().is_some_and(|code| is_full(&code))
    }

    /// The database's own code: a number of SQLite's, or an SQLSTATE.
    fn code(&self) -> Option<Cow<'_, str>> {
        match self {
            Error::Database { source, .. } => source.as_database_error().and_then(|error| error.code()),
            _ => None,
        }
    }

    pub(crate) fn breaks_unique(&self) -> bool {
        self.constraint_kind().is_some_and(|kind| matches!(kind, ErrorKind::UniqueViolation))
    }

    /// Says that the name is taken, if that is why. For nouns with ids from a counter under lock: the only key
    /// that can clash is the name.
    pub(crate) fn or_name_taken(self, noun: Noun, name: &Alias) -> Error {
        if self.breaks_unique() { Error::NameTaken { noun, name: name.to_string() } } else { self }
    }

    pub(crate) fn breaks_foreign_key(&self) -> bool {
        self.constraint_kind().is_some_and(|kind| matches!(kind, ErrorKind::ForeignKeyViolation))
    }

    fn constraint_kind(&self) -> Option<ErrorKind> {
        match self {
            Error::Database { source, .. } => source.as_database_error().map(|error| error.kind()),
            _ => None,
        }
    }
}

fn is_temporary(code: &str) -> bool {
    match code {
        // SQLITE_BUSY and its extended codes.
        "5" | "261" | "517" => true,
        // PostgreSQL: serialization failure, deadlock, lock timeout, too many connections; shut down, crashed, starting up;
        // read-only, as a standby is that takes over.
        "40001" | "40P01" | "55P03" | "53300" | "57P01" | "57P02" | "57P03" | "25006" => true,
        // Connection exceptions.
        code => code.len() == 5 && code.starts_with("08"),
    }
}

/// SQLITE_FULL, and what writing fails with under a quota or a limit of the process: SQLITE_IOERR_WRITE, _SHMSIZE.
/// PostgreSQL: disk full.
fn is_full(code: &str) -> bool {
    matches!(code, "13" | "778" | "4874" | "53100")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_whether_to_try_again_or_to_make_room() {
        for (code, temporary, full) in [
            ("5", true, false),
            ("13", false, true),
            ("778", false, true),
            ("11", false, false),
            ("2067", false, false),
            ("53100", false, true),
            ("53300", true, false),
            ("57P01", true, false),
            ("08006", true, false),
            ("08", false, false),
            ("23505", false, false),
        ] {
            assert_eq!((is_temporary(code), is_full(code)), (temporary, full), "{code}");
        }
    }
}
