//! What is wrong with a field of a form, in a way that stands beside the field, in an API error and in a terminal.

use std::fmt;

use routing::limits::{SETUP_MAX_MS, WEIGHT_MAX};
use routing::{AliasError, Destination, NumberError, OwnDid, SnapshotError, TargetError};

use crate::limits::{GRANT_HOURS_MAX, TOKEN_DAYS_MAX};
use crate::{PASSWORD_CHARS_MIN, RouteRef};

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
    /// What an API token is for.
    TokenName,
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
    /// What a person is called.
    PersonName,
    /// An e-mail address.
    Email,
    /// A password.
    Password,
    /// The password before.
    PasswordBefore,
    /// A code of the second factor.
    Code,
    /// What somebody calls a passkey.
    PasskeyName,
    /// A passkey.
    Passkey,
    /// What somebody may do.
    Role,
    /// What a token may do.
    Scope,
    /// For how many days.
    Days,
    /// For how many hours.
    Hours,
    /// What the staff tells a customer.
    Note,
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
            Field::TokenName => "name",
            Field::Country => "country",
            Field::Scenario => "scenario",
            Field::Reaches => "reaches",
            Field::Within => "within",
            Field::Reason => "reason",
            Field::From => "from",
            Field::Until => "until",
            Field::Actor => "actor",
            Field::PersonName => "person",
            Field::Email => "email",
            Field::Password => "password",
            Field::PasswordBefore => "password-before",
            Field::Code => "code",
            Field::PasskeyName => "passkey-name",
            Field::Passkey => "passkey",
            Field::Role => "role",
            Field::Scope => "scope",
            Field::Days => "days",
            Field::Hours => "hours",
            Field::Note => "note",
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
    /// The account does not let routes to phone numbers ring there.
    NotAllowed(Destination),
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
    /// Not an e-mail address.
    NotAnEmail,
    /// Another person signs in with it.
    EmailTaken,
    /// They belong to the account already.
    MemberAlready,
    /// They were invited, and can accept still.
    InvitedAlready,
    /// The name of an API token that works still.
    TokenNameTaken,
    /// A password that is too short.
    PasswordShort,
    /// A password that is too long.
    PasswordLong,
    /// A password that attackers try early.
    PasswordGuessed,
    /// An address and a password that do not belong together.
    WrongPassword,
    /// Not the password before.
    NotYourPassword,
    /// Not the code of the second factor, or one that was used.
    WrongCode,
    /// Not a passkey of anybody's, or not rightly used.
    WrongPasskey,
    /// Not a passkey that can be taken.
    UnfitPasskey,
    /// A passkey that is kept already.
    PasskeyTaken,
    /// What a browser was asked to sign, too long ago or not at all.
    CeremonyOver,
    /// No role.
    UnknownRole,
    /// No scope.
    UnknownScope,
    /// Not a number of days for a token.
    Days,
    /// Not a number of hours for support.
    Hours,
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
            Problem::NotAllowed(_) => "destination_not_allowed",
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
            Problem::NotAnEmail => "not_an_email",
            Problem::EmailTaken => "email_taken",
            Problem::MemberAlready => "member_already",
            Problem::InvitedAlready => "invited_already",
            Problem::TokenNameTaken => "token_name_taken",
            Problem::PasswordShort => "password_short",
            Problem::PasswordLong => "password_long",
            Problem::PasswordGuessed => "password_guessed",
            Problem::WrongPassword => "wrong_password",
            Problem::NotYourPassword => "not_your_password",
            Problem::WrongCode => "wrong_code",
            Problem::WrongPasskey => "wrong_passkey",
            Problem::UnfitPasskey => "unfit_passkey",
            Problem::PasskeyTaken => "passkey_taken",
            Problem::CeremonyOver => "ceremony_over",
            Problem::UnknownRole => "unknown_role",
            Problem::UnknownScope => "unknown_scope",
            Problem::Days => "days",
            Problem::Hours => "hours",
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
            Problem::NotAllowed(Destination::PREMIUM_RATE) => {
                "This is a premium-rate number, and the account does not allow those. An owner can, under Allowed countries."
            }
            Problem::NotAllowed(destination) => {
                let name = destination.name();
                return write!(f, "The account does not allow calls to {name} ({destination}). An owner can, under Allowed countries.");
            }
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
            Problem::NotAnEmail => "This is not an e-mail address. Write it as name@example.com.",
            Problem::EmailTaken => "Another person signs in with this address already.",
            Problem::MemberAlready => "This person belongs to the account already. Their role can be changed in the list of people.",
            Problem::InvitedAlready => "This person is invited already: the link that was shown works still. If you have not got it, take that invitation back, and make another.",
            Problem::TokenNameTaken => "You have a token of this name already. Revoke that one first, or choose another name.",
            Problem::PasswordShort => {
                return write!(f, "This is shorter than {PASSWORD_CHARS_MIN} characters. A few words that do not belong together are easy to remember.");
            }
            Problem::PasswordLong => "This is too long. A few words suffice.",
            Problem::PasswordGuessed => {
                "This is among the first that attackers try: it is a known password, or made of one, of a name, or of a row of keys. Choose a few words that do not belong together."
            }
            Problem::WrongPassword => "This address and this password do not belong together. Try again.",
            Problem::NotYourPassword => "This is not your present password. Try again.",
            Problem::WrongCode => {
                "This is not the code that is shown now, or it was used already. Wait for the next one, or type a recovery code."
            }
            Problem::WrongPasskey => {
                "Nobody can sign in here with this passkey. It may have been removed; use another one, or your password."
            }
            Problem::UnfitPasskey => {
                "This passkey cannot be taken: it was not made for this address, or did not ask who you are. Try again, or with another device."
            }
            Problem::PasskeyTaken => "This passkey is kept already. Use it, or make one on another device.",
            Problem::CeremonyOver => "That took longer than five minutes, or was begun elsewhere. Begin again.",
            Problem::UnknownRole => "There is no such role. Choose one of the list.",
            Problem::UnknownScope => "There is no such scope. Choose read or write.",
            Problem::Days => return write!(f, "This is a whole number of days from 1 to {TOKEN_DAYS_MAX}."),
            Problem::Hours => return write!(f, "This is a whole number of hours from 1 to {GRANT_HOURS_MAX}."),
            Problem::EndsBefore => "This day is before the first. Write that one or a later one, or leave it empty.",
        })
    }
}
