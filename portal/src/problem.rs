//! What is wrong with a field of a form, in a way that stands beside the field, in an API error and in a terminal.

use std::fmt;

use routing::limits::{SETUP_MAX_MS, WEIGHT_MAX};
use routing::{AliasError, NumberError, OwnDid, SnapshotError, TargetError};

use crate::RouteRef;

/// A field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Which field.
    pub field: Field,
    /// What is wrong.
    pub problem: Problem,
}

impl FieldError {
    pub(crate) fn new(field: Field, problem: Problem) -> FieldError {
        FieldError { field, problem }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field.name(), self.problem)
    }
}

/// A field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The alias of a route or of a DID.
    Alias,
    /// The type of a route.
    Kind,
    /// The value of a route.
    Value,
    /// The preferred edge of a route.
    Edge,
    /// What brings the call to a route.
    Carrier,
    /// The building of a route.
    Site,
    /// The part of the world of a route.
    Region,
    /// What answers at a route.
    Answerer,
    /// The route or plan that a bulk action sets.
    Route,
    /// Where a DID rings.
    PrimaryRoute,
    /// Where a DID rings when that fails.
    FailoverRoute,
    /// How a DID's calls are shared between the two.
    Weights,
    /// A number.
    Number,
    /// An account's name, or a saved case's.
    Name,
    /// An account's country.
    Country,
    /// What happens in a saved case's call.
    Scenario,
    /// Who or what a saved case's call reaches.
    Reaches,
    /// How soon it does.
    Within,
    /// Why somebody did something.
    Reason,
    /// From when on something counts.
    From,
    /// Until when something counts.
    Until,
    /// Who did something.
    Actor,
}

impl Field {
    /// Its stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Field::Alias => "alias",
            Field::Kind => "kind",
            Field::Value => "value",
            Field::Edge => "edge",
            Field::Carrier => "carrier",
            Field::Site => "site",
            Field::Region => "region",
            Field::Answerer => "answerer",
            Field::Route => "route",
            Field::PrimaryRoute => "primary",
            Field::FailoverRoute => "failover",
            Field::Weights => "weights",
            Field::Number => "number",
            Field::Name => "name",
            Field::Country => "country",
            Field::Scenario => "scenario",
            Field::Reaches => "reaches",
            Field::Within => "within",
            Field::Reason => "reason",
            Field::From => "from",
            Field::Until => "until",
            Field::Actor => "actor",
        }
    }
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was given.
    Missing,
    /// Not an alias.
    Alias(AliasError),
    /// Another route bears it.
    AliasTaken {
        /// That route.
        by: RouteRef,
    },
    /// Not a value of this type of route.
    Target(TargetError),
    /// Not a number.
    Number(NumberError),
    /// No type of route that can be added.
    UnknownKind,
    /// No edge of ours.
    UnknownEdge,
    /// No route of the account.
    UnknownRoute,
    /// No failover plan of the account.
    UnknownPlan,
    /// Nothing that answers.
    UnknownAnswerer,
    /// No country.
    UnknownCountry,
    /// The failover is the primary itself, or a plan that rings nothing else.
    SameAsPrimary,
    /// A failover that would come back to us.
    OwnDid {
        /// How.
        why: OwnDid,
        /// How many DIDs have the route as their failover.
        dids: u64,
        /// How many failover plans ring it.
        plans: u64,
    },
    /// Not a weight.
    Weight,
    /// One weight of two.
    WeightMissing,
    /// Weights without a failover route to share calls with.
    WeightsAlone,
    /// Too many characters.
    TooLong {
        /// How many there may be.
        max: usize,
    },
    /// Control characters or line breaks.
    Unprintable,
    /// Another saved case is called so.
    CaseNameTaken,
    /// No number of the account.
    UnknownNumber,
    /// What happens in a call is more than is kept.
    Scenario(SnapshotError),
    /// Longer than a call is set up.
    BeyondSetUp,
    /// Not a day of the calendar.
    NotADay,
    /// A day that is over.
    DayOver,
    /// A last day before the first.
    EndsBefore,
}

impl Problem {
    /// The broken rule as a stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Missing => "missing",
            Problem::Alias(error) => error.code(),
            Problem::AliasTaken { .. } => "alias_taken",
            Problem::Target(error) => error.code(),
            Problem::Number(error) => error.code(),
            Problem::UnknownKind => "unknown_kind",
            Problem::UnknownEdge => "unknown_edge",
            Problem::UnknownRoute => "unknown_route",
            Problem::UnknownPlan => "unknown_plan",
            Problem::UnknownAnswerer => "unknown_answerer",
            Problem::UnknownCountry => "unknown_country",
            Problem::SameAsPrimary => "same_as_primary",
            Problem::OwnDid { why, .. } => why.code(),
            Problem::Weight => "weight",
            Problem::WeightMissing => "weight_missing",
            Problem::WeightsAlone => "weights_alone",
            Problem::TooLong { .. } => "too_long",
            Problem::Unprintable => "unprintable",
            Problem::CaseNameTaken => "case_name_taken",
            Problem::UnknownNumber => "unknown_number",
            Problem::Scenario(_) => "scenario",
            Problem::BeyondSetUp => "beyond_set_up",
            Problem::NotADay => "not_a_day",
            Problem::DayOver => "day_over",
            Problem::EndsBefore => "ends_before",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Problem::Missing => "This is needed. Fill it in.",
            Problem::Alias(error) => return error.fmt(f),
            Problem::AliasTaken { by } => {
                return write!(
                    f,
                    "Another inbound route is called {} already. Choose another alias.",
                    by.alias
                );
            }
            Problem::Target(error) => return error.fmt(f),
            Problem::Number(error) => return error.fmt(f),
            Problem::UnknownKind => "There is no such route type. Choose Host, Phone Number or URI.",
            Problem::UnknownEdge => "There is no such edge. Choose one of the list.",
            Problem::UnknownRoute => "There is no such inbound route. Choose one of the list.",
            Problem::UnknownPlan => "There is no such failover plan. Choose one of the list.",
            Problem::UnknownAnswerer => "Choose pbx, person, live_answer or voicemail.",
            Problem::UnknownCountry => "There is no such country. Choose one of the list.",
            Problem::SameAsPrimary => {
                "The failover is the primary route itself, or a plan of nothing else, so it fails with it. Choose another one."
            }
            Problem::OwnDid { why, dids, plans } => {
                why.fmt(f)?;
                match dids {
                    0 => {}
                    1 => f.write_str(" 1 DID has this route as failover.")?,
                    dids => write!(f, " {dids} DIDs have this route as failover.")?,
                }
                return match plans {
                    0 => Ok(()),
                    1 => f.write_str(" 1 failover plan rings it."),
                    plans => write!(f, " {plans} failover plans ring it."),
                };
            }
            Problem::Weight => {
                return write!(
                    f,
                    "A weight is a whole number from 0 to {WEIGHT_MAX}. Write both, or leave both empty."
                );
            }
            Problem::WeightMissing => "One of the two weights is missing. Write both, or leave both empty.",
            Problem::WeightsAlone => {
                "Weights share calls between the primary and a failover route. Choose such a route, or leave both empty."
            }
            Problem::TooLong { max } => {
                return write!(f, "This is longer than {max} characters. Write a shorter one.");
            }
            Problem::Unprintable => {
                "A control character or line break stands here. Write it on one line, without it."
            }
            Problem::CaseNameTaken => "Another saved case is called so already. Choose another name.",
            Problem::UnknownNumber => "This is not one of your numbers. Write one of them.",
            Problem::Scenario(error) => return write!(f, "This call cannot be saved. {error}."),
            Problem::BeyondSetUp => {
                return write!(f, "No call is set up for longer than {SETUP_MAX_MS}. Write less, or nothing.");
            }
            Problem::NotADay => "This is not a day. Write it as 2026-12-31, or leave it empty.",
            Problem::DayOver => "This day is over. Write a later one, or leave it empty.",
            Problem::EndsBefore => "This day is before the first. Write that one or a later one, or leave it empty.",
        })
    }
}
