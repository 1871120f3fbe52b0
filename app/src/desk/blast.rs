//! The blast radius as sentences: "If Cascade Fiber fails, 37 DIDs die, 12 are answered after up to 24 s".

use std::collections::HashMap;
use std::fmt::Write;

use routing::{Blast, E164, Failover, Failure, FaultTarget, Group, Millis, Routing, Snapshot};

use super::Naming;
use crate::{timeline::escape, urls};

/// Groups of a failure that are named.
const GROUPS_SHOWN: usize = 5;
/// Failures that are told at first, the deadliest.
pub const BLASTS_FIRST: usize = 40;
/// Failures that no caller notices which are named.
const UNNOTICED_SHOWN: usize = 40;

/// The list, and how many failures it could tell of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlastList {
    /// As HTML text.
    pub html: String,
    /// How many there are, shown or not.
    pub count: usize,
}

fn dids(n: u64) -> String {
    if n == 1 { "1 DID".into() } else { format!("{n} DIDs") }
}

/// Failures that do the same to the same DIDs: the carrier, the site and the host of one route, often.
struct Alike<'a> {
    first: &'a Blast,
    domains: Vec<&'a FaultTarget>,
}

/// What failures that do the same have in common: three counts, the longest wait, and the groups that are dead.
type Effect = (u64, u64, u64, Millis, Vec<(Routing, u64, E164)>);

fn effect(blast: &Blast) -> Effect {
    let dead = blast.dead_groups.iter().map(|group| (group.routing, group.dids, group.example)).collect();
    (blast.dead, blast.voicemail, blast.rerouted, blast.worst_ms, dead)
}

fn alike<'a>(blasts: impl Iterator<Item = &'a Blast>) -> Vec<Alike<'a>> {
    let mut all: Vec<Alike<'a>> = Vec::new();
    let mut known: HashMap<Effect, usize> = HashMap::new();
    for blast in blasts {
        let next = all.len();
        let place = *known.entry(effect(blast)).or_insert(next);
        match all.get_mut(place) {
            Some(known) => known.domains.push(&blast.domain),
            None => all.push(Alike { first: blast, domains: vec![&blast.domain] }),
        }
    }
    all
}

/// What a failure does, in a sentence.
fn sentence(naming: Naming<'_>, alike: &Alike<'_>) -> String {
    let blast = alike.first;
    let mut parts = Vec::new();
    if blast.dead > 0 {
        parts.push(format!("{} {}", dids(blast.dead), if blast.dead == 1 { "dies" } else { "die" }));
    }
    if blast.voicemail > 0 {
        parts.push(format!("{} reach only a voicemail", dids(blast.voicemail)));
    }
    if blast.rerouted > 0 {
        let verb = if blast.rerouted == 1 { "is" } else { "are" };
        let longest = blast.worst_ms;
        parts.push(format!(
            "{} {verb} answered elsewhere or later, after {longest} at the longest",
            dids(blast.rerouted)
        ));
    }
    format!(
        "If {}, {}; {} untouched.",
        condition(naming, &alike.domains),
        listed(&parts, "and"),
        dids(blast.untouched)
    )
}

/// `the carrier Acme, the site Pine Street or the host pbx.example.com fails`.
fn condition(naming: Naming<'_>, domains: &[&FaultTarget]) -> String {
    match domains {
        [only] => naming.failure(&Failure::Domain((*only).clone())),
        many => {
            let names: Vec<String> = many.iter().map(|domain| naming.target_with_kind(domain)).collect();
            format!("{} fails", listed(&names, "or"))
        }
    }
}

/// `a, b and c`.
fn listed(parts: &[String], joint: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {joint} {last}", first.join(", ")),
    }
}

/// The first of them as a list, the deadliest first; those that no caller notices in one line at the end. `call` makes
/// an address out of a group and a domain: the call in the desk.
pub fn blast(
    snapshot: &Snapshot,
    blasts: &[Blast],
    most: usize,
    call: &dyn Fn(&Group, &Blast) -> String,
) -> BlastList {
    let naming = Naming(snapshot);
    let mut out = String::from("<ul class=\"plain blasts\">");
    let quiet = |blast: &Blast| blast.dead == 0 && blast.voicemail == 0 && blast.rerouted == 0;
    let told = alike(blasts.iter().filter(|blast| !quiet(blast)));
    for alike in told.iter().take(most) {
        let blast = alike.first;
        let (class, sign) = match (blast.dead, blast.voicemail) {
            (0, 0) => ("good", "✓"),
            (0, _) => ("warn", "✉"),
            _ => ("bad", "✕"),
        };
        let _ = write!(
            out,
            "<li class=\"{class}\"><p><b aria-hidden=\"true\">{sign}</b> {}</p>",
            escape(&sentence(naming, alike))
        );
        if !blast.dead_groups.is_empty() {
            out.push_str("<ul>");
            for group in blast.dead_groups.iter().take(GROUPS_SHOWN) {
                let _ = write!(
                    out,
                    "<li>{}: <a href=\"{}\">{}</a>, <a href=\"{}\">see a call</a></li>",
                    escape(&naming.routing(group.routing)),
                    escape(&manage(group)),
                    dids(group.dids),
                    escape(&call(group, blast))
                );
            }
            let more = blast.dead_groups.len().saturating_sub(GROUPS_SHOWN);
            if more > 0 {
                let _ = write!(out, "<li class=\"muted\">and {more} more that are routed otherwise</li>");
            }
            out.push_str("</ul>");
        }
        out.push_str("</li>");
    }
    out.push_str("</ul>");
    let unnoticed = blasts.iter().filter(|blast| quiet(blast));
    let more = unnoticed.clone().count().saturating_sub(UNNOTICED_SHOWN);
    let named: Vec<String> =
        unnoticed.take(UNNOTICED_SHOWN).map(|blast| naming.target_with_kind(&blast.domain)).collect();
    if !named.is_empty() {
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        let _ = write!(
            out,
            "<p class=\"muted\">No caller notices if one of these fails: {}{more}.</p>",
            escape(&named.join(", "))
        );
    }
    BlastList { html: out, count: told.len() }
}

/// Where the DIDs of a group are listed.
fn manage(group: &Group) -> String {
    let mut pairs = vec![("route", group.routing.primary.to_string())];
    match group.routing.failover {
        Failover::None => pairs.push(("failover", "none".into())),
        Failover::Route(_) => pairs.push(("failover", "some".into())),
        Failover::Plan(plan) => pairs.push(("plan", plan.to_string())),
    }
    format!("{}{}", urls::MANAGE, urls::query(&pairs))
}

#[cfg(test)]
mod tests {
    use routing::{
        Alias, Did, DidId, Domains, E164, InboundRoute, RouteId, RouteTarget, Scenario, blast_radius,
    };

    use super::*;

    #[test]
    fn failures_that_do_the_same_are_told_in_one_sentence() {
        let number = |text: &str| E164::parse(text).unwrap();
        let route = |id, alias: &str, target, carrier: &str, site: &str| InboundRoute {
            id: RouteId(id),
            alias: Alias::parse(alias).unwrap(),
            target: RouteTarget::Phone(number(target)),
            edge: None,
            domains: Domains { carrier: Some(carrier.into()), site: Some(site.into()), ..Domains::default() },
        };
        let did = |id: i64, failover| Did {
            id: DidId(id),
            number: E164::from_u64(12_065_550_100 + u64::try_from(id).unwrap()).unwrap(),
            alias: None,
            primary: RouteId(1),
            failover,
            weights: None,
        };
        let snapshot = Snapshot {
            routes: vec![
                route(1, "pbx", "+12065550190", "Acme", "Pine Street"),
                route(2, "mobile", "+12065550191", "Other", "Elsewhere"),
            ],
            dids: vec![did(1, Failover::None), did(2, Failover::None), did(3, Failover::Route(RouteId(2)))],
            ..Snapshot::default()
        };
        let base = Scenario::new(snapshot.dids[0].number);
        let blasts = blast_radius(&snapshot, &snapshot.groups(), &base).unwrap();
        let list = |most| blast(&snapshot, &blasts, most, &|_, _| "/preview?x".to_owned());
        let BlastList { html, count } = list(usize::MAX);
        let first = list(1);
        assert_eq!((first.count, first.html.matches("<li class=\"bad\">").count()), (count, 1));
        assert!(count > 1 && first.html.contains("No caller notices"), "{}", first.html);
        for part in [
            "If the carrier Acme or the site Pine Street fails, 2 DIDs die and 1 DID is answered elsewhere or later, \
             after 8 s at the longest; 0 DIDs untouched.",
            "If the phone network fails, 3 DIDs die; 0 DIDs untouched.",
            "pbx → no failover: <a href=\"/dids/manage?route=1&amp;failover=none\">2 DIDs</a>",
            "No caller notices if one of these fails: the carrier Other, the site Elsewhere.",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
