//! Who may do what: the use cases of Switchback.
//!
//! Each takes the actor and the account first, and goes the same way: authorise, plan, apply in one transaction
//! with its change rows, commit. Plans are pure functions. Permissions are checked here and nowhere else; SQL and
//! labels are elsewhere.

mod accounts;
mod activity;
mod actor;
mod audit;
mod backup;
mod behaviour;
mod book;
mod bulk;
mod cases;
mod choices;
mod compare;
mod desk;
mod destinations;
mod dids;
mod error;
mod export;
mod facts;
mod file;
mod findings;
mod history;
mod import;
mod jobs;
mod labels;
pub mod limits;
mod moments;
mod notes;
mod overview;
mod past;
mod people;
mod plans;
mod problem;
mod reading;
mod refs;
mod replay;
mod restore;
mod routes;
mod sample;
mod schedules;
mod support;
mod undo;
mod zones;

use std::sync::Arc;

pub use accounts::NewAccount;
pub use activity::{ActivityDraft, ActivityPage};
pub use actor::{Actor, Forbidden, Origin, Via};
pub use audit::{AuditExport, AuditFileError, AuditFileSummary, verify_audit_file};
pub use backup::restore;
pub use behaviour::Behaviour;
pub use bulk::{
    BulkAction, BulkPlan, BulkResult, Drift, Group, PlannedOutcome, PlannedRow, Refusal, Selection, Survey,
};
pub use cases::{BrokenCase, CaseDraft, CaseView};
pub use choices::{Choice, Choices, PlanChoice};
pub use compare::{Comparison, NotCompared};
pub use desk::Desk;
pub use destinations::{Allowed, Destinations};
pub use dids::{Count, DidDraft, DidPage, DidQuery, DidView};
pub use error::{
    CaseConflict, Conflict, DidConflict, Error, InUse, Noun, PlanConflict, PlanInUse, Result, RouteConflict,
    ScheduleConflict, ScheduleInUse,
};
pub use export::ExportPart;
pub use file::{FileError, FileResult};
pub use findings::{Acceptance, Finding, FindingList};
pub use history::{ChangeView, FieldChange, OperationKind, OperationView, Undone};
pub use import::{
    Column, FileProblem, ImportError, ImportOutcome, ImportPlan, ImportResult, ImportRow, ImportUpload,
};
pub use jobs::{Cancelling, Job, JobPhase, JobView, Progress};
pub use limits::{
    ACCOUNT_FILE_BYTES_MAX, GRANT_HOURS_MAX, IMPORT_BYTES_MAX, IMPORT_PART_BYTES, IMPORT_ROW_BYTES_MAX,
    INVITATION_DAYS, OPERATION_CHANGES, PAGE_SIZES, PASSWORD_LINK_HOURS, REASON_CHARS_MAX,
    SUPPORT_ACCOUNTS_MAX, SUPPORT_FOUND_MAX,
};
pub use overview::Overview;
pub use past::Past;
pub use people::{
    Attempt, CEREMONY_MS, Ceremony, Credential, Enrolment, Entered, Entry, Errand, FirstVisit, Flow, Invite,
    InvitedTo, Joining, LookPage, MadeInvitation, MadeToken, PASSWORD_CHARS_MIN, Person, PersonDraft,
    Provider, ProviderAnswer, ProviderFault, ProviderSettings, ProviderSettingsError, RelyingParty, Returned,
    SESSION_AGE_MAX_MS, SESSION_IDLE_MAX_MS, SetUp, SignedIn, Team, TokenDraft, You, YourProvider,
};
pub use plans::{PlanDesk, PlanPage, PlanView};
pub use problem::{Field, FieldError, Problem};
pub use refs::{DidRow, DidState, FailoverRef, PlanRef, RouteRef, RouteView};
pub use replay::{Moment, NoReplay, Replay};
pub use restore::{RestoreOutcome, RestorePlan};
pub use routes::{RouteDraft, RouteGround, RouteQuery, Saved};
pub use routing::{FindingKind, Severity};
pub use schedules::{ScheduleDraft, ScheduleField, ScheduleProblem, ScheduleView};
pub use store::{
    Account, AccountName, Allowing, ApiToken, BackedUp, BackupError, ChainFault, ChainHash, ChainSummary,
    Cursor, DatabaseKind, DatabaseUrl, DidFilter, DidSort, DraftId, FailoverFilter, FoundDid, FoundRoute,
    Grant, INSTALLATION, Identity, Invitation, InvitationId, Invited, JobId, Look, Member, Note, NoteId,
    OperationsAt, Passkey, PasskeyId, Role, RouteRow, RouteSort, Scope, Secret, SelectionId, Session,
    SessionId, Staff, Store, Subject, TokenId, UnixMs, Usage, UserId,
};
pub use support::{Few, FoundInAll, Hit, Standing, Standings, Tally};
pub use undo::{Left, NotUndone, UndoPlan, UndoResult, UndoneBy};
pub use zones::{zone, zone_names};

/// The use cases, over one store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Portal {
    store: store::Store,
    cache: Arc<facts::Cache>,
    import_plans: Arc<import::Plans>,
    throttle: Arc<people::Throttle>,
    /// Who else signs people in.
    provider: Option<Arc<people::Provider>>,
    tallies: Arc<support::Tallies>,
    jobs: Arc<jobs::Running>,
}
