//! What fails: a row for each failure, with what can fail and how.

use std::fmt::Write;

use routing::{Fault, FaultError, FaultTarget, InboundRoute, InjectedFault, NetworkKind, RouteId, Snapshot};

use super::{Controls, Naming, Offer, fault_words, form::select, naming::in_order};
use crate::timeline::escape;

/// Faults to choose from for one route, as [`Fault::parse`] reads them, with their words.
pub fn fault_choices() -> Vec<(&'static str, String)> {
    const FAULTS: [&str; 13] = [
        "silent",
        "503",
        "dns",
        "tls",
        "refused",
        "trying",
        "rings",
        "busy",
        "declines",
        "404",
        "480",
        "18s",
        "voicemail",
    ];
    FAULTS.iter().filter_map(|word| Some((*word, fault_words(Fault::parse(word).ok()?)))).collect()
}

/// The rows of failures.
pub fn fault_rows(offer: Offer<'_>, controls: &Controls) -> String {
    if controls.faults.is_empty() {
        return "<p class=\"muted\">Nothing.</p>".to_owned();
    }
    let targets = fault_targets(offer.snapshot);
    let mut out = String::new();
    for (place, injected) in controls.faults.iter().enumerate() {
        fault_row(&mut out, offer.snapshot, &targets, place, injected);
    }
    out
}

/// Headings, and what can fail under each.
type Targets = Vec<(&'static str, Vec<FaultTarget>)>;

/// What can fail in this configuration, by kind.
pub fn fault_targets(snapshot: &Snapshot) -> Targets {
    let labels = |of: &dyn Fn(&InboundRoute) -> Option<FaultTarget>| {
        let mut found: Vec<FaultTarget> = Vec::new();
        for target in snapshot.routes.iter().filter_map(of) {
            if !found.iter().any(|known| known.is_same(&target)) {
                found.push(target);
            }
        }
        in_order(found, |target| target.to_string().to_lowercase())
    };
    vec![
        ("Carriers", labels(&|route| route.domains.carrier.clone().map(FaultTarget::Carrier))),
        ("Sites", labels(&|route| route.domains.site.clone().map(FaultTarget::Site))),
        ("Regions", labels(&|route| route.domains.region.clone().map(FaultTarget::Region))),
        ("Edges", labels(&|route| route.edge.map(FaultTarget::Edge))),
        ("Networks", NetworkKind::ALL.map(FaultTarget::Network).to_vec()),
        ("Routes", {
            let routes = in_order(snapshot.routes.iter().collect(), |route| route.alias.fold());
            let ids = routes.into_iter().map(|route| route.id);
            let registered = RouteId::REGISTERED;
            let built_in = snapshot.route(registered).is_none().then_some(registered);
            ids.chain(built_in).map(FaultTarget::Route).collect()
        }),
        ("Hosts", labels(&|route| route.target.host().map(|host| FaultTarget::Host(host.to_string())))),
    ]
}

/// What the browser offers to begin with: the primary of the call, silent.
pub fn first_fault(offer: Offer<'_>, controls: &Controls) -> InjectedFault {
    let tried = offer.did(controls).map(|did| offer.tried(controls, controls.failover, did));
    let route = tried.map(|did| did.primary).unwrap_or_default();
    InjectedFault { on: FaultTarget::Route(route), fault: Fault::Silent }
}

/// The drop-down's word of a fault, and what stands in the field beside it.
pub fn how_of(fault: Fault) -> (&'static str, String) {
    match fault {
        Fault::Rejects(code) => ("code", code.code().get().to_string()),
        Fault::AnswersAfter(after) => ("after", after.seconds()),
        other => {
            let word = Fault::WORDS.into_iter().find(|(_, fault)| *fault == other);
            (word.map_or("silent", |(word, _)| word), String::new())
        }
    }
}

/// What a choice that needs a number begins with.
pub fn begin_with(how: &str) -> &'static str {
    match how {
        "code" => "503",
        _ => "12",
    }
}

/// A fault from the drop-down's word and the field beside it.
pub fn fault_of(how: &str, with: &str) -> Option<Fault> {
    match how {
        "code" => Fault::parse(with).ok().filter(|fault| matches!(fault, Fault::Rejects(_))),
        "after" => Fault::parse(&format!("{}s", with.trim())).ok(),
        word => Fault::parse(word).ok(),
    }
}

/// What is wrong with the field beside the drop-down, if anything is.
pub fn fault_problem(how: &str, with: &str) -> Option<String> {
    if fault_of(how, with).is_some() {
        return None;
    }
    let typed = with.trim();
    Some(match (how, Fault::parse(&format!("{typed}s"))) {
        ("code", _) if typed.is_empty() => "Write a code from 300 to 699, such as 503.".to_owned(),
        ("code", _) => FaultError::NotARejection(typed.to_owned()).to_string(),
        (_, Err(error @ FaultError::TooLate(_))) => error.to_string(),
        _ => "Write a number of seconds, such as 12.".to_owned(),
    })
}

fn fault_row(
    out: &mut String,
    snapshot: &Snapshot,
    targets: &Targets,
    place: usize,
    injected: &InjectedFault,
) {
    let naming = Naming(snapshot);
    let number = place + 1;
    let _ = write!(out, "<div class=\"controls fault\" role=\"group\" aria-label=\"Failure {number}\">");
    // Labels are matched without regard to case: the list's spelling stands for all.
    let listed = targets.iter().flat_map(|(_, of)| of).find(|target| target.is_same(&injected.on));
    let chosen = listed.unwrap_or(&injected.on).to_string();
    select(out, "What", &format!("fault-{place}-on"), &chosen, |select| {
        if listed.is_none() {
            let gone = format!("{} (no route depends on it)", naming.target_with_kind(&injected.on));
            select.option(&chosen, &gone);
        }
        for (label, of) in targets {
            select.group(label, of.iter().map(|target| (target.to_string(), naming.target(target))));
        }
    });
    let (how, with) = how_of(injected.fault);
    select(out, "How", &format!("fault-{place}-how"), how, |select| {
        Fault::WORDS.iter().for_each(|(word, fault)| select.option(word, &fault_words(*fault)));
        select.option("code", "rejects with the SIP code …");
        select.option("after", "answers only after … seconds");
    });
    let label = match how {
        "code" => "Code, 300–699",
        "after" => "Seconds",
        _ => "",
    };
    let hidden = if label.is_empty() { " hidden" } else { "" };
    let _ = write!(
        out,
        "<div{hidden}><label for=\"fault-{place}-with\">{label}</label><input type=\"text\" class=\"short\" \
         id=\"fault-{place}-with\" inputmode=\"decimal\" autocomplete=\"off\" value=\"{}\" \
         aria-describedby=\"fault-{place}-error\"><div class=\"error\" id=\"fault-{place}-error\" role=\"alert\"></div></div>\
         <button type=\"button\" class=\"button link\" data-remove=\"{place}\" aria-label=\"Remove failure {number}\">\
         Remove</button></div>",
        escape(&with)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_or_delay_that_cannot_be_read_is_told_beside_its_field() {
        for (how, with, problem) in [
            ("silent", "", None),
            ("code", "503", None),
            ("after", " 12.5 ", None),
            ("code", "", Some("Write a code from 300 to 699")),
            ("code", "200", Some("200 does not reject a call")),
            ("code", "busy", Some("busy does not reject a call")),
            ("after", "soon", Some("Write a number of seconds")),
            ("after", "999", Some("longer than a call is ever set up")),
        ] {
            let told = fault_problem(how, with);
            assert_eq!(told.is_some(), problem.is_some(), "{how} {with}: {told:?}");
            assert!(told.unwrap_or_default().contains(problem.unwrap_or_default()), "{how} {with}");
        }
    }
}
