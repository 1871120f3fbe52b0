//! What the history keeps: written with every change, in the words of the moment.

use routing::{Alias, Defaults, E164, Failover, InboundRoute, RouteId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{NewChange, Operation, Subject};

use super::OperationKind;
use crate::book::Book;
use crate::bulk::StoredRefusal;
use crate::limits::REFUSALS_MAX;
use crate::{Actor, Refusal};

/// What an operation keeps beside its counts.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    pub(crate) about: String,
    pub(crate) unchanged: u64,
    pub(crate) refusals: Vec<(E164, StoredRefusal)>,
}

/// An operation as committing writes it.
pub(crate) struct Done<'a> {
    pub(crate) kind: OperationKind,
    pub(crate) about: &'a str,
    pub(crate) reason: Option<String>,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) refused: u64,
    pub(crate) refusals: &'a [(E164, Refusal)],
}

impl<'a> Done<'a> {
    /// One thing, changed.
    pub(crate) fn one(kind: OperationKind, about: &'a str) -> Done<'a> {
        Done { kind, about, reason: None, changed: 1, unchanged: 0, refused: 0, refusals: &[] }
    }

    pub(crate) fn by(self, actor: &Actor) -> Operation {
        let refusals: Vec<(E164, StoredRefusal)> = self
            .refusals
            .iter()
            .take(REFUSALS_MAX)
            .map(|(number, why)| (*number, StoredRefusal::from(why)))
            .collect();
        Operation {
            actor: actor.name().to_owned(),
            via: actor.via().as_str().to_owned(),
            kind: self.kind.as_str().to_owned(),
            reason: self.reason,
            changed: self.changed,
            refused: self.refused,
            details: json!({ "about": self.about, "unchanged": self.unchanged, "refusals": refusals }),
        }
    }
}

/// A DID as the history keeps it: aliases for people, ids for programs.
pub(crate) fn did_json(book: &Book, alias: Option<&Alias>, primary: RouteId, failover: Failover) -> Value {
    let alias_of = |id: RouteId| book.alias(id);
    let failover = failover.route();
    json!({
        "alias": alias.map(Alias::as_str),
        "primary": alias_of(primary).as_str(),
        "primary_id": primary,
        "failover": failover.map(alias_of).as_deref().map(Alias::as_str),
        "failover_id": failover,
    })
}

/// A change to a DID.
pub(crate) fn did_change(number: E164, before: Option<Value>, after: Option<Value>) -> NewChange {
    NewChange { subject: Subject::Did(number), label: number.to_string(), before, after }
}

/// The account as the history keeps it.
pub(crate) fn account_json(name: &str, country: &str, defaults: &Defaults) -> Value {
    json!({
        "name": name,
        "country": country,
        "no_response_ms": defaults.no_response_ms,
        "ring_ms": defaults.ring_ms,
        "patience_ms": defaults.patience_ms,
        "trigger": defaults.trigger,
    })
}

/// A change to the account.
pub(crate) fn account_change(name: &str, before: Option<Value>, after: Value) -> NewChange {
    NewChange { subject: Subject::Account, label: name.to_owned(), before, after: Some(after) }
}

/// A route as the history keeps it.
pub(crate) fn route_json(book: &Book, route: &InboundRoute) -> Value {
    json!({
        "alias": route.alias.as_str(),
        "type": route.target.kind().as_str(),
        "value": route.target.canonical(),
        "edge": book.edge(route).map(|edge| edge.name.as_str()),
        "edge_id": route.edge,
        "carrier": route.domains.carrier,
        "site": route.domains.site,
        "region": route.domains.region,
        "answerer": crate::routes::answerer_name(route.domains.answerer),
    })
}

/// A change to a route.
pub(crate) fn route_change(
    book: &Book,
    id: RouteId,
    before: Option<&InboundRoute>,
    after: Option<&InboundRoute>,
) -> NewChange {
    let label = after.or(before).map(|route| route.alias.to_string()).unwrap_or_default();
    let json = |route: &InboundRoute| route_json(book, route);
    NewChange { subject: Subject::Route(id), label, before: before.map(json), after: after.map(json) }
}
