//! Where configuration lives: SQLite (the default) or PostgreSQL. All SQL of Switchback is in this crate.
//!
//! - [`Store`] opens the database and reads; each read is one statement, or one moment.
//! - [`Tx`] writes: a transaction on one account, with its change rows, that bumps the account's version.
//! - [`Store::verify_chain`] says whether the history is as it was written.
//! - Permissions are not known here: `portal` asks for an account only after it has checked.

mod accounts;
mod audit;
mod backup;
mod cases;
mod changes;
mod convert;
mod db;
mod destinations;
mod dids;
mod drafts;
mod edges;
mod error;
mod findings;
mod jobs;
mod migrate;
mod notes;
mod people;
mod plans;
mod random_id;
mod routes;
mod schedules;
mod search;
mod secret;
mod selections;
mod snapshot;
mod sql;
mod support;
mod time;
mod tx;

pub use accounts::{Account, INSTALLATION, NewAccount};
pub use audit::{
    AuditLog, ChainFault, ChainHash, ChainSummary, LogEntry, LoggedChange, LoggedOperation, NotAHash, Seal,
    Verifier,
};
pub use backup::{Allowing, BackedUp, BackupError, restore};
pub use cases::{CaseRow, NewCase};
pub use changes::{
    Before, ChangeRow, JsonText, NewChange, Operation, OperationFilter, OperationPage, OperationRow,
    OperationsAt, Released, Subject,
};
pub use db::{Beside, DatabaseKind, DatabaseUrl, Store};
pub use dids::{
    Cursor, DidFilter, DidPage, DidRow, DidSort, DidUpdate, DidWalk, FailoverFilter, NewDid, PageRequest,
};
pub use drafts::{Draft, DraftId};
pub use error::{Error, Noun, Result};
pub use findings::AcceptedRow;
pub use jobs::{JOB_BEAT, Job, JobId, JobState, NewJob};
pub use notes::{NewNote, Note, NoteId};
pub use people::{
    ApiToken, Ceremony, Grant, Identity, Invitation, InvitationId, Invited, Look, Member, NewIdentity,
    NewInvitation, NewPasskey, NewSession, NewToken, NewUser, Passkey, PasskeyId, ProvedBy, Role, Scope,
    Session, SessionId, Staff, Standing, TokenHolder, TokenId, Totp, UsedPasskey, User, UserId, WaysIn,
};
pub use plans::{NewPlan, PlanRow};
pub use routes::{NewRoute, RouteFilter, RouteRow, RouteSort, Usage};
pub use schedules::{NewSchedule, ScheduleRow};
pub use secret::{NotASecret, Secret, SecretHash};
pub use selections::{Selection, SelectionId};
pub use support::{AccountName, FoundDid, FoundRoute};
pub use time::UnixMs;
pub use tx::{DidWrites, Tx};

/// Rows written or looked up by one statement: their JSON stays at a few megabytes.
pub(crate) const ROWS_PER_STATEMENT: usize = 10_000;
