//! What happens to a call, as a pure function: no I/O, no clock, no randomness, no async, no unsafe.
//!
//! The browser runs this crate on an unsaved draft, the server runs it for audits and the command line,
//! and the SIP edge executes what it decides. Two runs on the same input give the same bytes.
//!
//! - *Reading what people type*: [`E164`], [`Alias`], [`HostTarget`], [`SipUri`], [`RouteTarget`].
//! - *The configuration*: [`Snapshot`] of [`InboundRoute`]s, [`Edge`]s and [`Did`]s.
//! - *A call*: [`CallMachine`] takes inputs with a time and gives outputs; [`simulate`] drives it through a
//!   [`Scenario`] and returns the [`Trace`].

pub mod bounded;
pub mod limits;

mod blast;
mod call;
mod case;
mod cause;
mod config;
mod diff;
mod failure;
mod finding;
mod group;
mod hash;
mod ids;
mod index;
mod matrix;
mod plan;
mod response;
mod scenario;
mod schedule;
mod simulate;
mod text;
mod trace;
mod trigger;
mod weight;

pub use blast::{Blast, blast_radius};
pub use call::{
    CallMachine, CallPlan, CompileError, Input, LegId, Moment, OpenHours, Output, PlanLeg, PlanStep, Profile,
    Standing,
};
pub use case::{Case, Expectation, Reaches, Verdict};
pub use cause::{Cause, Unreachable};
pub use config::{
    Answerer, Defaults, Did, Domains, Edge, Failover, HealthState, InboundRoute, Snapshot, SnapshotError,
};
pub use diff::{Changed, DiffKind, Difference, GroupDiff, diff, layers};
pub use failure::Failure;
pub use finding::{
    Audit, Finding, FindingDetail, FindingKind, FindingSubject, Severity, Surroundings, findings,
};
pub use group::{Group, Routing};
pub use hash::DecisionHash;
pub use ids::{AccountId, CaseId, DidId, EdgeId, Millis, PlanId, RouteId, ScheduleId, Version};
pub use matrix::{Cell, Matrix};
pub use plan::{
    Clocks, FailoverPlan, Fork, Known, PlanDraft, PlanError, PlanPlace, PlanProblem, PlanReading, Step,
    StepDraft, StepRoute, StepRouteDraft, Weights,
};
pub use response::{NotASipCode, SipCode, best_branch, final_code};
pub use scenario::{
    CallerBehaviour, Fault, FaultError, FaultTarget, InjectedFault, NetworkKind, NotARejection, RejectCode,
    Scenario, SrvRecord,
};
pub use schedule::{
    CivilDate, DayHours, HoursError, Interval, NotADate, OffsetChange, Schedule, ScheduleError,
    ScheduleException, Weekday, Zone,
};
pub use simulate::{SimulateError, Simulator, simulate};
pub use text::{
    AddressError, Alias, AliasError, CallingCode, Caution, CheckError, CheckKind, Country, Destination,
    Dialling, Digits, DnsName, E164, Host, HostTarget, NumberError, OwnDid, Parameter, RouteKind,
    RouteTarget, SipUri, TargetError, Transport, UnknownCheckKind, UnknownDestination, UnknownRouteKind,
    check, countries, cut, number_of_tel, own_did, shortened,
};
pub use trace::{AttemptTrace, Ending, Event, Heard, Outcome, PassedOver, Sound, Trace, What};
pub use trigger::{LocalCause, Preset, Trigger, TriggerError};
pub use weight::seed_of_call;
