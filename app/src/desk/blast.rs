//! The blast radius as sentences: "If Cascade Fiber fails, 37 DIDs die, 12 are answered after up to 24 s".

use std::fmt::Write;

use routing::{Blast, Failover, Group, Snapshot};

use super::Naming;
use crate::{timeline::escape, urls};

/// Groups of a failure that are named.
const GROUPS_SHOWN: usize = 5;

fn dids(n: u64) -> String {
    if n == 1 { "1 DID".into() } else { format!("{n} DIDs") }
}

/// What one failure does, in a sentence.
pub fn sentence(naming: Naming<'_>, blast: &Blast) -> String {
    let mut parts = Vec::new();
    if blast.dead > 0 {
        parts.push(format!("{} {}", dids(blast.dead), if blast.dead == 1 { "dies" } else { "die" }));
    }
    if blast.voicemail > 0 {
        parts.push(format!("{} reach only a voicemail", dids(blast.voicemail)));
    }
    if blast.rerouted > 0 {
        let verb = if blast.rerouted == 1 { "is" } else { "are" };
        parts.push(format!(
            "{} {verb} answered elsewhere or later, after {} at the longest",
            dids(blast.rerouted),
            blast.worst_ms
        ));
    }
    let condition = naming.failure(&routing::Failure::Domain(blast.domain.clone()));
    if parts.is_empty() {
        return format!("If {condition}, no caller notices.");
    }
    let last = parts.pop().unwrap_or_default();
    let list = if parts.is_empty() { last } else { format!("{} and {last}", parts.join(", ")) };
    format!("If {condition}, {list}; {} untouched.", dids(blast.untouched))
}

/// All of them as a list, the deadliest first; those that no caller notices in one line at the end. `call` makes a
/// link out of a group and a domain: the call in the desk.
pub fn blast(snapshot: &Snapshot, blasts: &[Blast], call: &dyn Fn(&Group, &Blast) -> String) -> String {
    let naming = Naming(snapshot);
    let mut out = String::from("<ul class=\"plain blasts\">");
    let quiet = |blast: &&Blast| blast.dead == 0 && blast.voicemail == 0 && blast.rerouted == 0;
    for blast in blasts.iter().filter(|blast| !quiet(blast)) {
        let (class, sign) = match (blast.dead, blast.voicemail) {
            (0, 0) => ("good", "✓"),
            (0, _) => ("warn", "✉"),
            _ => ("bad", "✕"),
        };
        let _ = write!(
            out,
            "<li class=\"{class}\"><p><b aria-hidden=\"true\">{sign}</b> {}</p>",
            escape(&sentence(naming, blast))
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
    let unnoticed: Vec<String> =
        blasts.iter().filter(quiet).map(|b| naming.target_with_kind(&b.domain)).collect();
    if !unnoticed.is_empty() {
        let _ = write!(
            out,
            "<p class=\"muted\">No caller notices if one of these fails: {}.</p>",
            escape(&unnoticed.join(", "))
        );
    }
    out
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
