//! Why a use case was not done. Nothing of it remains then.

use std::fmt;
use std::sync::Arc;

use routing::{Alias, Destination, E164, PlanError, ScheduleId, Version};
use store::{JobId, Subject, Tx};
use thiserror::Error;

use crate::plans::place;
use crate::{
    BrokenCase, CaseView, ChangeView, DidRow, FieldError, FileError, FileProblem, Forbidden, ImportPlan,
    NotUndone, PlanRef, PlanView, ProviderFault, RouteRef, RouteView, ScheduleProblem, ScheduleView,
};

/// The answer of every use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case was not done.
#[derive(Debug, Error)]
pub enum Error {
    /// It is not there, or not theirs to see.
    #[error("there is no such {0}")]
    NotFound(Noun),
    /// It is theirs to see, and not to do.
    #[error("{0}")]
    Forbidden(Forbidden),
    /// They belong to several accounts, or to none, and named none.
    #[error("choose an account first")]
    WhichAccount,
    /// The sign-in is to be begun anew.
    #[error("sign in first")]
    SignInAgain,
    /// An invitation for somebody else than who is signed in.
    #[error("This invitation is for {invited}. Sign out, and open the link again.")]
    OtherPerson {
        /// Whom it invites.
        invited: String,
    },
    /// Browsers have no passkeys at the address by which we are asked.
    #[error("there are no passkeys at this address")]
    NoPasskeysHere,
    /// Tried too often.
    #[error("That was tried too often. Wait {}, and try again.", wait(*.wait_s))]
    TooMany {
        /// Seconds after which the next try is taken.
        wait_s: u64,
    },
    /// Numbers that were free when they were looked for were added by somebody else meanwhile, maybe in another account.
    #[error(
        "A number was added by somebody else just now, and nothing of this was done. Do it again to see which."
    )]
    AddedMeanwhile,
    /// The only owner of an account would be none any more.
    #[error("This is the only owner of the account. Make somebody else an owner first.")]
    LastOwner,
    /// Somebody could not sign in any more.
    #[error("This is your only way to sign in. Set a password or add a passkey first, under your own page.")]
    OnlyWayIn,
    /// The only administrator would be none any more.
    #[error("This is the only administrator. Make somebody else one first.")]
    LastAdmin,
    /// What was typed breaks rules: all of them at once.
    #[error("{}", join(.0))]
    Refused(Vec<FieldError>),
    /// A failover plan breaks rules: all of them at once.
    #[error("{}", join_plan(.0))]
    PlanRefused(Vec<PlanError>),
    /// A schedule breaks rules: all of them at once.
    #[error("{}", join(.0))]
    ScheduleRefused(Vec<ScheduleProblem>),
    /// Somebody else changed the route since it was looked at.
    #[error("the inbound route was changed meanwhile")]
    RouteConflict(Box<RouteConflict>),
    /// Somebody else changed the DID since it was looked at.
    #[error("the DID was changed meanwhile")]
    DidConflict(Box<DidConflict>),
    /// Somebody else changed the saved case since it was looked at.
    #[error("the saved case was changed meanwhile")]
    CaseConflict(Box<CaseConflict>),
    /// Saved cases hold, and would not any more: nothing was written. [`crate::Actor::confirming_broken_cases`] makes
    /// the change nevertheless.
    #[error("this would break {}: {}", saved_cases(.0), names(.0))]
    BreaksCases(Vec<BrokenCase>),
    /// Somebody else changed the failover plan since it was looked at.
    #[error("the failover plan was changed meanwhile")]
    PlanConflict(Box<PlanConflict>),
    /// Somebody else changed the schedule since it was looked at.
    #[error("the schedule was changed meanwhile")]
    ScheduleConflict(Box<ScheduleConflict>),
    /// The route rings for DIDs or in plans, so it cannot be deleted.
    #[error("{0}")]
    InUse(Box<InUse>),
    /// The plan is the failover of DIDs, so it cannot be deleted.
    #[error("{} is in use by {} DIDs. Please disassociate all numbers before deleting.", .0.plan.name, .0.count)]
    PlanInUse(Box<PlanInUse>),
    /// Plans go by the schedule, so it cannot be deleted.
    #[error("{0}")]
    ScheduleInUse(Box<ScheduleInUse>),
    /// Routes ring in a country, so it stays allowed.
    #[error("{} is where {} rings. Change or delete that first.", .destination.name(), aliases(.routes))]
    DestinationInUse {
        /// Which.
        destination: Destination,
        /// The routes.
        routes: Vec<RouteRef>,
    },
    /// The built-in route can be neither changed nor deleted.
    #[error("the built-in route can be neither changed nor deleted")]
    BuiltIn,
    /// The first visit was made already.
    #[error("Switchback is set up already. Sign in.")]
    SetUpAlready,
    /// More than we are ready to hold or to do at once.
    #[error("there may be at most {max} {what}s")]
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
    ImportRefused(Arc<ImportPlan>),
    /// An account file breaks rules, at the places named.
    #[error("{}", join(.0))]
    AccountFile(Vec<FileError>),
    /// The operation cannot be undone.
    #[error("{0}")]
    NotUndone(NotUndone),
    /// Another job of the account runs; two would only wait for each other.
    #[error(
        "Something else is being done to many DIDs of this account. Wait until it has ended, or cancel it."
    )]
    JobRuns(JobId),
    /// The job was cancelled, or the server is being stopped.
    #[error("It was cancelled. Nothing was changed.")]
    Cancelled,
    /// Nobody was signed in by the provider.
    #[error("{}", crate::people::Sentence(.label, *.fault))]
    Provider {
        /// What people call it.
        label: String,
        /// Why.
        fault: ProviderFault,
    },
    /// A password could not be hashed.
    #[error("a password could not be hashed")]
    Hashing,
    /// What a browser is to be asked for a passkey could not be made up, or what is kept of one not be read.
    #[error("a passkey could not be asked for")]
    Ceremony,
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
            store::Error::NotFound(store::Noun::Selection) => Error::NotFound(Noun::Selection),
            store::Error::NotFound(store::Noun::Job) => Error::NotFound(Noun::Job),
            store::Error::NotFound(store::Noun::Plan) => Error::NotFound(Noun::Plan),
            store::Error::NotFound(store::Noun::Schedule) => Error::NotFound(Noun::Schedule),
            store::Error::NotFound(store::Noun::Case) => Error::NotFound(Noun::Case),
            store::Error::NotFound(store::Noun::AcceptedFinding) => Error::NotFound(Noun::Finding),
            store::Error::NotFound(store::Noun::User) => Error::NotFound(Noun::Person),
            store::Error::NotFound(store::Noun::Session) => Error::NotFound(Noun::Session),
            store::Error::NotFound(store::Noun::Invitation) => Error::NotFound(Noun::Invitation),
            store::Error::NotFound(store::Noun::PasswordLink) => Error::NotFound(Noun::PasswordLink),
            store::Error::NotFound(store::Noun::Token) => Error::NotFound(Noun::Token),
            store::Error::NotFound(store::Noun::Identity) => Error::NotFound(Noun::Identity),
            store::Error::NotFound(store::Noun::Passkey) => Error::NotFound(Noun::Passkey),
            store::Error::PasskeyTaken => Error::refused(crate::Field::Passkey, crate::Problem::PasskeyTaken),
            store::Error::NotFound(store::Noun::Destination) => Error::NotFound(Noun::Destination),
            store::Error::NotFound(store::Noun::Note) => Error::NotFound(Noun::Note),
            store::Error::EmailTaken => Error::refused(crate::Field::Email, crate::Problem::EmailTaken),
            store::Error::SetUpAlready => Error::SetUpAlready,
            // Who adds numbers looked first: they were free then.
            store::Error::NumbersTaken(_) => Error::AddedMeanwhile,
            store::Error::BuiltInRoute => Error::BuiltIn,
            other => Error::Store(other),
        }
    }
}

/// `40 seconds`, `3 minutes`.
fn wait(seconds: u64) -> String {
    match seconds {
        1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

fn join<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn join_plan(errors: &[PlanError]) -> String {
    let lines: Vec<String> =
        errors.iter().map(|error| format!("{}: {}", place(error.place), error.problem)).collect();
    lines.join(" ")
}

fn aliases(routes: &[RouteRef]) -> String {
    routes.iter().map(|route| route.alias.as_str()).collect::<Vec<_>>().join(", ")
}

fn saved_cases(broken: &[BrokenCase]) -> String {
    match broken.len() {
        1 => "1 saved case that holds now".to_owned(),
        n => format!("{n} saved cases that hold now"),
    }
}

fn names(broken: &[BrokenCase]) -> String {
    broken.iter().map(|case| case.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Noun {
    /// An account.
    Account,
    /// An inbound route.
    Route,
    /// A failover plan.
    Plan,
    /// A schedule.
    Schedule,
    /// A DID.
    Did,
    /// A saved case.
    Case,
    /// A finding.
    Finding,
    /// What somebody said of a finding: that it is meant to be so.
    AcceptedFinding,
    /// A committed operation.
    Operation,
    /// An uploaded file that waits for confirmation.
    Draft,
    /// What somebody chose by a filter.
    Selection,
    /// What takes longer than a page.
    Job,
    /// Somebody who may sign in.
    Person,
    /// A browser in which somebody is signed in.
    Session,
    /// An invitation.
    Invitation,
    /// A link to a new password.
    PasswordLink,
    /// An API token.
    Token,
    /// An account at the provider.
    Identity,
    /// A passkey.
    Passkey,
    /// A country that is allowed.
    Destination,
    /// A note of the staff.
    Note,
    /// A page that only the staff has, or that only some installations have.
    Page,
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Noun::Account => "account",
            Noun::Route => "inbound route",
            Noun::Plan => "failover plan",
            Noun::Schedule => "schedule",
            Noun::Did => "DID",
            Noun::Case => "saved case",
            Noun::Finding => "finding",
            Noun::AcceptedFinding => "accepted finding",
            Noun::Operation => "operation",
            Noun::Draft => "uploaded file",
            Noun::Selection => "selection",
            Noun::Job => "job",
            Noun::Person => "person",
            Noun::Session => "session",
            Noun::Invitation => "invitation",
            Noun::PasswordLink => "link to a new password",
            Noun::Token => "API token",
            Noun::Identity => "linked account",
            Noun::Passkey => "passkey",
            Noun::Destination => "allowed country",
            Noun::Note => "note",
            Noun::Page => "page",
        })
    }
}

/// What somebody else did to a thing meanwhile.
#[derive(Clone, Debug)]
pub struct Conflict<T> {
    /// Their changes, oldest first.
    pub changes: Vec<ChangeView>,
    /// The thing as it is now.
    pub now: T,
}

impl<T> Conflict<T> {
    /// With the changes that were made after `as_of`.
    pub(crate) async fn since(
        tx: &mut Tx,
        subject: Subject,
        as_of: Version,
        now: T,
    ) -> Result<Box<Conflict<T>>> {
        let changes = tx.changes_since(subject, as_of).await?.into_iter().map(ChangeView::new).collect();
        Ok(Box::new(Conflict { changes, now }))
    }
}

/// What somebody else did to an inbound route meanwhile.
pub type RouteConflict = Conflict<RouteView>;
/// What somebody else did to a DID meanwhile.
pub type DidConflict = Conflict<DidRow>;
/// What somebody else did to a failover plan meanwhile.
pub type PlanConflict = Conflict<PlanView>;
/// What somebody else did to a schedule meanwhile.
pub type ScheduleConflict = Conflict<ScheduleView>;
/// What somebody else did to a saved case meanwhile.
pub type CaseConflict = Conflict<CaseView>;

/// The DIDs and plans that keep a route from being deleted.
#[derive(Clone, Debug)]
pub struct InUse {
    /// The route.
    pub route: RouteRef,
    /// The first of the DIDs, by number.
    pub first: Vec<(E164, Option<Alias>)>,
    /// How many DIDs there are.
    pub count: u64,
    /// Every failover plan that rings it, by name.
    pub plans: Vec<Alias>,
}

impl fmt::Display for InUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alias = &self.route.alias;
        if self.count > 0 || self.plans.is_empty() {
            let count = self.count;
            write!(f, "{alias} is in use by {count} DIDs. Please disassociate all numbers before deleting.")?;
        }
        if self.plans.is_empty() {
            return Ok(());
        }
        f.write_str(if self.count > 0 { " " } else { "" })?;
        in_plans(f, alias, self.plans.iter())
    }
}

fn in_plans<'a>(
    f: &mut fmt::Formatter<'_>,
    name: &Alias,
    plans: impl Iterator<Item = &'a Alias>,
) -> fmt::Result {
    let plans = plans.map(Alias::as_str).collect::<Vec<_>>().join(", ");
    write!(f, "{name} is in use by failover plans: {plans}. Please take it out of them before deleting.")
}

/// The DIDs that keep a plan from being deleted.
#[derive(Clone, Debug)]
pub struct PlanInUse {
    /// The plan.
    pub plan: PlanRef,
    /// The first of them, by number.
    pub first: Vec<(E164, Option<Alias>)>,
    /// How many there are.
    pub count: u64,
}

/// The plans that keep a schedule from being deleted.
#[derive(Clone, Debug)]
pub struct ScheduleInUse {
    /// The schedule.
    pub id: ScheduleId,
    /// What it is called.
    pub name: Alias,
    /// Every failover plan that goes by it, by name.
    pub plans: Vec<PlanRef>,
}

impl fmt::Display for ScheduleInUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        in_plans(f, &self.name, self.plans.iter().map(|plan| &plan.name))
    }
}
