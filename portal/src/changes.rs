//! What was changed, in words that need no database to be read: aliases and values, not ids.

use std::collections::BTreeMap;

use routing::{Alias, Answerer, E164, Failover, InboundRoute, RouteId, Version};
use serde_json::{Value, json};
use store::{ChangeRow, NewChange, Operation, OperationRow, Subject, UnixMs};

use crate::{Actor, Refusal, directory::Directory};

/// One thing that was changed.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeView {
    /// The account's version that the change made.
    pub version: Version,
    /// When.
    pub at: UnixMs,
    /// Who.
    pub actor: String,
    /// From where.
    pub via: String,
    /// What kind of change, such as `set_failover_route`.
    pub kind: String,
    /// What the thing was called.
    pub label: String,
    /// The fields that differ, by name.
    pub fields: Vec<ChangedField>,
}

/// One field before and after; `None`: nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedField {
    /// Its name, such as `failover`.
    pub name: String,
    /// What it was.
    pub before: Option<String>,
    /// What it became.
    pub after: Option<String>,
}

/// One committed change of the account, which may have touched many things.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationView {
    /// The account's version that it made.
    pub version: Version,
    /// When.
    pub at: UnixMs,
    /// Who.
    pub actor: String,
    /// From where.
    pub via: String,
    /// What kind.
    pub kind: String,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// How many things it changed.
    pub changed: u64,
    /// How many it was refused.
    pub refused: u64,
    /// How many were as asked already.
    pub unchanged: u64,
    /// Which were refused, the first of them.
    pub refusals: Vec<(E164, Refusal)>,
    /// What it was about, where that is one thing: an alias or a number.
    pub about: Option<String>,
    /// The first things it changed.
    pub changes: Vec<ChangeView>,
}

impl ChangeView {
    pub(crate) fn of(row: ChangeRow) -> ChangeView {
        let fields = differences(row.before.as_ref(), row.after.as_ref());
        let ChangeRow { version, at, actor, via, kind, label, .. } = row;
        ChangeView { version, at, actor, via, kind, label, fields }
    }
}

impl OperationView {
    pub(crate) fn of(row: OperationRow, changes: Vec<ChangeRow>) -> OperationView {
        let Operation { actor, via, kind, reason, changed, refused, details } = row.operation;
        OperationView {
            version: row.version,
            at: row.at,
            actor,
            via,
            kind,
            reason,
            changed,
            refused,
            unchanged: details.get("unchanged").and_then(Value::as_u64).unwrap_or(0),
            refusals: details
                .get("refusals")
                .and_then(|list| serde_json::from_value(list.clone()).ok())
                .unwrap_or_default(),
            about: details.get("about").and_then(Value::as_str).map(str::to_owned),
            changes: changes.into_iter().map(ChangeView::of).collect(),
        }
    }
}

fn differences(before: Option<&Value>, after: Option<&Value>) -> Vec<ChangedField> {
    let text = |value: Option<&Value>, name: &str| -> Option<String> {
        match value?.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    };
    let mut names: BTreeMap<&str, ()> = BTreeMap::new();
    for object in [before, after].into_iter().flatten().filter_map(Value::as_object) {
        names.extend(object.keys().map(|k| (k.as_str(), ())));
    }
    names
        .into_keys()
        .map(|name| ChangedField { name: name.to_owned(), before: text(before, name), after: text(after, name) })
        .filter(|field| field.before != field.after)
        .collect()
}

/// A single change of one thing, ready to commit.
pub(crate) fn operation(actor: &Actor, kind: &str, about: String) -> Operation {
    Operation {
        actor: actor.name().to_owned(),
        via: actor.via().to_string(),
        kind: kind.to_owned(),
        reason: None,
        changed: 1,
        refused: 0,
        details: json!({ "about": about }),
    }
}

/// A route as the record of changes keeps it.
pub(crate) fn route_json(route: &InboundRoute, edges: &[routing::Edge]) -> Value {
    let edge = route.edge.and_then(|id| edges.iter().find(|e| e.id == id)).map(|e| e.name.clone());
    json!({
        "alias": route.alias.as_str(),
        "type": route.target.kind().as_str(),
        "value": route.target.canonical(),
        "edge": edge,
        "carrier": route.domains.carrier,
        "site": route.domains.site,
        "region": route.domains.region,
        "answerer": answerer_word(route.domains.answerer),
    })
}

/// As it stands in forms, files and the record.
pub(crate) fn answerer_word(answerer: Answerer) -> &'static str {
    match answerer {
        Answerer::Pbx => "pbx",
        Answerer::Person => "person",
        Answerer::LiveAnswer => "live_answer",
        Answerer::Voicemail => "voicemail",
    }
}

/// Reads [`answerer_word`].
pub(crate) fn answerer_of(word: &str) -> Option<Answerer> {
    [Answerer::Pbx, Answerer::Person, Answerer::LiveAnswer, Answerer::Voicemail]
        .into_iter()
        .find(|a| answerer_word(*a) == word)
}

/// A DID's routing as the record of changes keeps it.
pub(crate) fn did_json(alias: Option<&Alias>, primary: RouteId, failover: Failover, directory: &Directory) -> Value {
    json!({
        "alias": alias.map(Alias::as_str),
        "primary": directory.name(primary).alias.as_str(),
        "failover": failover.route().map(|id| directory.name(id).alias.as_str().to_owned()),
    })
}

/// A change row of a DID.
pub(crate) fn did_change(number: E164, before: Option<Value>, after: Option<Value>) -> NewChange {
    NewChange { subject: Subject::Did(number), label: number.to_string(), before, after }
}

/// A change row of a route.
pub(crate) fn route_change(route: RouteId, alias: &Alias, before: Option<Value>, after: Option<Value>) -> NewChange {
    NewChange { subject: Subject::Route(route), label: alias.to_string(), before, after }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_fields_that_differ_are_shown() {
        let before = json!({"alias": "a", "primary": "x", "failover": null});
        let after = json!({"alias": "a", "primary": "x", "failover": "y"});
        let field = |name: &str, before: Option<&str>, after: Option<&str>| ChangedField {
            name: name.into(),
            before: before.map(Into::into),
            after: after.map(Into::into),
        };
        assert_eq!(differences(Some(&before), Some(&after)), [field("failover", None, Some("y"))]);
        assert_eq!(
            differences(None, Some(&after)),
            [
                field("alias", None, Some("a")),
                field("failover", None, Some("y")),
                field("primary", None, Some("x"))
            ]
        );
        assert_eq!(differences(Some(&before), Some(&before)), []);
    }
}
