//! A saved call and what it is expected to come to, as sentences.

use routing::{Answerer, Case, Expectation, Profile, Reaches, Scenario, Snapshot, Verdict, Zone};

use super::{Naming, cell_words, fault_words, local_text};

/// The call: the number, the moment, what is broken.
pub fn call_words(snapshot: &Snapshot, scenario: &Scenario, zone: &Zone) -> String {
    let naming = Naming(snapshot);
    let mut words = format!("A call to {}", scenario.did.grouped());
    if let Some(at) = scenario.at {
        let local = local_text(at, zone).replace('T', " ");
        words.push_str(&format!(" on {local} ({})", zone.name));
    }
    let faults: Vec<String> = scenario
        .faults_beside_down()
        .map(|injected| format!("{} {}", naming.target_with_kind(&injected.on), fault_words(injected.fault)))
        .collect();
    if !faults.is_empty() {
        words.push_str(&format!(", while {}", faults.join(" and ")));
    }
    for (routes, how) in [(&scenario.marked_down, "marked down"), (&scenario.switched_off, "switched off")] {
        if !routes.is_empty() {
            let names: Vec<String> = routes.iter().map(|id| naming.route(*id)).collect();
            words.push_str(&format!("; {how}: {}", names.join(", ")));
        }
    }
    if let Some(after) = scenario.caller.hangs_up_after {
        words.push_str(&format!("; the caller hangs up after {after}"));
    }
    if scenario.profile == Profile::Kamailio {
        words.push_str("; with Kamailio’s timers");
    }
    if !scenario.srv.is_empty() {
        words.push_str("; with SRV records of its own");
    }
    words
}

/// The call as a case keeps it, with what goes without saying elsewhere.
pub fn saved_call_words(snapshot: &Snapshot, scenario: &Scenario, zone: &Zone) -> String {
    let mut words = call_words(snapshot, scenario, zone);
    if scenario.at.is_none() {
        words.push_str("; as if every hour were open");
    }
    if scenario.marked_down.is_empty() {
        words.push_str("; no route counts as down");
    }
    words
}

/// What is expected: `reaches mobile within 15 s`.
pub fn expectation_words(snapshot: &Snapshot, expect: Expectation) -> String {
    let who = match expect.reaches {
        Reaches::Route(id) => format!("reaches {}", Naming(snapshot).route(id)),
        Reaches::Answerer(answerer) => format!("reaches {}", answerer_words(answerer)),
        Reaches::Somebody => "reaches somebody".into(),
        Reaches::Nobody => "reaches nobody".into(),
    };
    match expect.within_ms {
        Some(within) => format!("{who} within {within}"),
        None => who,
    }
}

/// What answers somewhere.
pub fn answerer_words(answerer: Answerer) -> &'static str {
    match answerer {
        Answerer::Pbx => "a phone system",
        Answerer::Person => "a person",
        Answerer::LiveAnswer => "an answering service",
        Answerer::Voicemail => "a voicemail",
    }
}

/// The verdict: the class, the sign, the word, and what happens.
pub fn verdict_words(
    snapshot: &Snapshot,
    verdict: &Verdict,
) -> (&'static str, &'static str, &'static str, String) {
    let happens = |cell| cell_words(Naming(snapshot), cell);
    match verdict {
        Verdict::Holds(cell) => ("up", "✓", "Holds", happens(cell)),
        Verdict::Elsewhere(cell) => ("down", "✕", "Ends elsewhere", happens(cell)),
        Verdict::TooLate(cell) => ("failing", "!", "Too late", happens(cell)),
        Verdict::CannotRun(error) => ("down", "✕", "Cannot run", error.to_string()),
    }
}

/// As a form's drop-down says who should answer.
pub fn reaches_word(reaches: Reaches) -> String {
    match reaches {
        Reaches::Somebody => "somebody".into(),
        Reaches::Nobody => "nobody".into(),
        Reaches::Route(id) => format!("route:{id}"),
        Reaches::Answerer(answerer) => {
            let word = ANSWERERS.into_iter().find(|(_, known)| *known == answerer);
            word.map_or("pbx", |(word, _)| word).to_owned()
        }
    }
}

/// Reads what [`reaches_word`] writes.
pub fn read_reaches(word: &str) -> Option<Reaches> {
    match word {
        "somebody" => Some(Reaches::Somebody),
        "nobody" => Some(Reaches::Nobody),
        _ => match word.strip_prefix("route:") {
            Some(id) => id.parse().ok().map(|id| Reaches::Route(routing::RouteId(id))),
            None => {
                let known = ANSWERERS.into_iter().find(|(name, _)| *name == word);
                known.map(|(_, answerer)| Reaches::Answerer(answerer))
            }
        },
    }
}

/// What can answer, by its word.
pub const ANSWERERS: [(&str, Answerer); 4] = [
    ("pbx", Answerer::Pbx),
    ("person", Answerer::Person),
    ("live_answer", Answerer::LiveAnswer),
    ("voicemail", Answerer::Voicemail),
];

/// The case in one sentence: the call, and what it is expected to come to.
pub fn case_words(snapshot: &Snapshot, case: &Case, zone: &Zone) -> String {
    format!("{} {}.", call_words(snapshot, &case.scenario, zone), expectation_words(snapshot, case.expect))
}

#[cfg(test)]
mod tests {
    use routing::{E164, Fault, FaultTarget, InjectedFault, RouteId};

    use super::*;
    use crate::desk::{Controls, Health};

    #[test]
    fn a_case_is_told_with_what_it_keeps_of_the_moment() {
        let (did, down) = (E164::parse("+12065550100").unwrap(), [RouteId(7)]);
        let snapshot = Snapshot::default();
        let fault = InjectedFault { on: FaultTarget::Site("Pine".into()), fault: Fault::Silent };
        let told = |health: Health, with_down: bool| {
            let controls = Controls { health, faults: vec![fault.clone()], ..Controls::default() };
            let call = controls.to_save(did, &snapshot, &down, with_down);
            saved_call_words(&snapshot, &call, &Zone::utc())
        };
        let quiet = "A call to +1 206 555 0100, while the site Pine does not answer at all; as if every hour were \
                     open; no route counts as down";
        for health in [Health::Now, Health::Noticed, Health::Ignored] {
            assert_eq!(told(health, false), quiet);
        }
        let down = "A call to +1 206 555 0100, while the site Pine does not answer at all; marked down: route 7; as if \
                    every hour were open";
        assert_eq!(told(Health::Now, true), down);
        assert_eq!(told(Health::Ignored, true), quiet);
    }

    #[test]
    fn who_should_answer_reads_back_as_it_is_written() {
        for reaches in [
            Reaches::Somebody,
            Reaches::Nobody,
            Reaches::Route(RouteId(3)),
            Reaches::Answerer(Answerer::LiveAnswer),
            Reaches::Answerer(Answerer::Voicemail),
        ] {
            assert_eq!(read_reaches(&reaches_word(reaches)), Some(reaches));
        }
        assert_eq!(read_reaches("everybody"), None);
    }
}
