//! What the history keeps, as people read it. It is stored in the words of configuration, which do not change.

use routing::{Millis, Trigger};

use crate::labels;

/// A side of a changed field.
pub(crate) fn value(name: &str, stored: &str) -> String {
    let step = name.starts_with("step_").then(|| step(stored)).flatten();
    step.unwrap_or_else(|| stored.to_owned())
}

/// A step of a plan: `ring mobile; on outage; 6 s/20 s; hours Office` as `ring mobile after an outage (silent,
/// unreachable, 5xx); no response 6 s, ringing 20 s; hours Office`. `None`: it is written in another way.
///
/// Names may hold anything, semicolons too. So what stands between them is looked for: a trigger and two times.
fn step(stored: &str) -> Option<String> {
    const ON: &str = "; on ";
    stored.match_indices(ON).find_map(|(at, _)| {
        let rings = &stored[..at];
        let (trigger, rest) = stored[at + ON.len()..].split_once("; ")?;
        let (clocks, rest) =
            rest.split_once("; ").map_or((rest, None), |(clocks, rest)| (clocks, Some(rest)));
        let (no_response, ring) = clocks.split_once('/')?;
        let trigger = labels::trigger(&Trigger::parse(trigger).ok()?);
        let (no_response, ring) = (time(no_response)?, time(ring)?);
        let rest = rest.map(|rest| format!("; {rest}")).unwrap_or_default();
        Some(format!("{rings} after {trigger}; no response {no_response}, ringing {ring}{rest}"))
    })
}

fn time(text: &str) -> Option<Millis> {
    Millis::parse_seconds(text.strip_suffix(" s")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_told_in_words_and_its_clocks_by_name() {
        for (stored, expected) in [
            (
                "ring mobile; on outage_or_no_answer; 6 s/15 s",
                "ring mobile after an outage, or nobody answering; no response 6 s, ringing 15 s",
            ),
            (
                "ring a (70) + b (30); on 408, 5xx, no_response; 0.5 s/20 s; 5 s apart; hours Office",
                "ring a (70) + b (30) after 408, 5xx, no response; no response 0.5 s, ringing 20 s; 5 s apart; \
                 hours Office",
            ),
            ("ring a; on unreachable,; 6 s/20 s", "ring a after unreachable; no response 6 s, ringing 20 s"),
            // Names that look like the rest.
            (
                "ring ward; on call; 6 s; on busy; 6 s/20 s; hours Night; on busy; 6 s/20 s",
                "ring ward; on call; 6 s after busy; no response 6 s, ringing 20 s; hours Night; on busy; 6 s/20 s",
            ),
            // What another version wrote is shown as it is.
            ("ring a; on a preset of tomorrow; 6 s/20 s", "ring a; on a preset of tomorrow; 6 s/20 s"),
            ("", ""),
        ] {
            assert_eq!(value("step_1", stored), expected);
        }
        assert_eq!(value("alias", "ring a; on busy; 6 s/20 s"), "ring a; on busy; 6 s/20 s");
    }
}
