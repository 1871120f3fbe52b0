//! A DID as somebody typed it, checked as a whole: every problem at once. No database here.

use routing::{Alias, Failover, OwnDid, RouteId, Routing, Weights, limits::WEIGHT_MAX};

use crate::book::Book;
use crate::{DidRow, Field, FieldError, Problem};

/// A DID as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DidDraft {
    /// What to call it; empty: nothing.
    pub alias: String,
    /// The id of the primary route.
    pub primary: String,
    /// The failover as [`Failover::word`] says it; empty: none.
    pub failover: String,
    /// How often the primary goes first, 0 to 1000; empty, as the other: always.
    pub primary_weight: String,
    /// How often the failover route goes first.
    pub failover_weight: String,
}

impl DidDraft {
    /// What an edit form starts with.
    pub fn of(row: &DidRow) -> DidDraft {
        let weight = |of: fn(Weights) -> u16| row.weights.map(|weights| of(weights).to_string());
        DidDraft {
            alias: row.alias.as_ref().map(Alias::to_string).unwrap_or_default(),
            primary: row.primary.id.to_string(),
            failover: match row.failover.to_failover() {
                Failover::None => String::new(),
                chosen => chosen.word(),
            },
            primary_weight: weight(|weights| weights.primary).unwrap_or_default(),
            failover_weight: weight(|weights| weights.failover).unwrap_or_default(),
        }
    }
}

/// The failover that is chosen, if the account has it.
pub(super) fn failover(typed: &str, book: &Book) -> Result<Failover, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Failover::None);
    }
    match Failover::parse(typed) {
        Some(Failover::Plan(id)) if book.plan(id).is_none() => Err(Problem::UnknownPlan),
        Some(Failover::Route(id)) if book.get(id).is_none() => Err(Problem::UnknownRoute),
        Some(failover) => Ok(failover),
        None => Err(Problem::UnknownRoute),
    }
}

fn route(typed: &str, book: &Book) -> Option<RouteId> {
    typed.trim().parse().ok().map(RouteId).filter(|id| book.get(*id).is_some())
}

/// How calls are shared, as typed: both weights or neither, and only with a failover route.
pub(crate) fn weights(primary: &str, failover: &str, with: Failover) -> Result<Option<Weights>, Problem> {
    let read = |typed: &str| {
        let plain = typed.bytes().all(|byte| byte.is_ascii_digit());
        typed.parse().ok().filter(|weight| plain && *weight <= WEIGHT_MAX).ok_or(Problem::Weight)
    };
    match (primary.trim(), failover.trim()) {
        ("", "") => Ok(None),
        ("", _) | (_, "") => Err(Problem::WeightMissing),
        (primary, failover) => {
            let weights = Weights { primary: read(primary)?, failover: read(failover)? };
            if with.route().is_none() { Err(Problem::WeightsAlone) } else { Ok(Some(weights)) }
        }
    }
}

/// What a draft amounts to; `barred` says how the chosen failover leads back to us.
pub(super) fn read(
    draft: &DidDraft,
    book: &Book,
    barred: Option<OwnDid>,
) -> Result<(Option<Alias>, Routing), Vec<FieldError>> {
    let mut problems = Vec::new();
    let mut refuse = |field, problem| problems.push(FieldError::new(field, problem));
    let alias = if draft.alias.trim().is_empty() {
        None
    } else {
        Alias::parse(&draft.alias).map_err(|error| refuse(Field::Alias, Problem::Alias(error))).ok()
    };
    let primary = route(&draft.primary, book);
    if primary.is_none() {
        let missing = draft.primary.trim().is_empty();
        refuse(Field::PrimaryRoute, if missing { Problem::Missing } else { Problem::UnknownRoute });
    }
    let chosen = failover(&draft.failover, book);
    match &chosen {
        Err(problem) => refuse(Field::FailoverRoute, problem.clone()),
        Ok(failover) if primary.is_some_and(|primary| book.is_alone(*failover, primary)) => {
            refuse(Field::FailoverRoute, Problem::SameAsPrimary);
        }
        Ok(_) => {
            if let Some(why) = barred {
                refuse(Field::FailoverRoute, Problem::OwnDid { why, dids: 0, plans: 0 });
            }
        }
    }
    // Whether there is a route to share calls with is open where the choice is none of the account.
    let with = chosen.clone().unwrap_or(Failover::Route(RouteId::REGISTERED));
    let weights = weights(&draft.primary_weight, &draft.failover_weight, with)
        .map_err(|problem| refuse(Field::Weights, problem));
    match (primary, chosen, weights) {
        (Some(primary), Ok(failover), Ok(weights)) if problems.is_empty() => {
            Ok((alias, Routing { primary, failover, weights }))
        }
        _ => Err(problems),
    }
}
