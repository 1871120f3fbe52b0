//! What a change does to calls, before it is made: which DIDs end elsewhere, in which failure.

use serde::{Deserialize, Serialize};

use crate::matrix::Calls;
use crate::{Cell, CompileError, E164, Failure, Outcome, Routing, Scenario, Snapshot};

/// DIDs that change from one routing to another, or whose plan or routes change under them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Changed {
    /// Their routing before.
    pub before: Routing,
    /// Their routing after.
    pub after: Routing,
    /// How many they are.
    pub dids: u64,
    /// The lowest of them.
    pub example: E164,
}

/// One failure in which calls end in another way, or at another time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The failure.
    pub failure: Failure,
    /// What a call came to before.
    pub before: Cell,
    /// What it comes to after.
    pub after: Cell,
}

/// What a difference is to callers, what matters most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiffKind {
    /// They reached somebody and do not any more.
    Loss,
    /// They reached nobody and now do.
    Gain,
    /// The call ends at another place, or in another way.
    Elsewhere,
    /// The same place answers, later.
    WaitsLonger,
    /// Nobody answers, as before; the caller is told later.
    FailsLater,
    /// The same place answers, sooner.
    Sooner,
    /// Nobody answers, as before; the caller is told sooner.
    FailsSooner,
}

impl DiffKind {
    /// Every kind, in order.
    pub const ALL: [DiffKind; 7] = [
        DiffKind::Loss,
        DiffKind::Gain,
        DiffKind::Elsewhere,
        DiffKind::WaitsLonger,
        DiffKind::FailsLater,
        DiffKind::Sooner,
        DiffKind::FailsSooner,
    ];
}

impl Difference {
    /// What it is to callers.
    pub fn kind(&self) -> DiffKind {
        let (before, after) = (&self.before, &self.after);
        let later = after.outcome.at_ms() > before.outcome.at_ms();
        match (before.reaches_somebody(), after.reaches_somebody()) {
            (true, false) => DiffKind::Loss,
            (false, true) => DiffKind::Gain,
            _ if self.is_elsewhere() => DiffKind::Elsewhere,
            _ => match (is_answered(after), later) {
                (true, true) => DiffKind::WaitsLonger,
                (true, false) => DiffKind::Sooner,
                (false, true) => DiffKind::FailsLater,
                (false, false) => DiffKind::FailsSooner,
            },
        }
    }

    /// Whether the call ends elsewhere, not merely sooner or later.
    pub fn is_elsewhere(&self) -> bool {
        !self.before.ends_like(&self.after)
    }
}

/// What changes for some DIDs that are routed alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDiff {
    /// The DIDs.
    pub changed: Changed,
    /// In which failures, and how. None: every call goes as before.
    pub differences: Vec<Difference>,
}

/// Runs each failure before and after: those of both configurations, and those that lead through the layers of either
/// routing. Of these only what somebody answers is told: that everybody is dead has no other end.
///
/// # Errors
/// A routing cannot be compiled in its configuration.
pub fn diff(
    before: &Snapshot,
    after: &Snapshot,
    changed: &[Changed],
    base: &Scenario,
) -> Result<Vec<GroupDiff>, CompileError> {
    let mut failures = Failure::of(before);
    for failure in Failure::of(after) {
        if !failures.contains(&failure) {
            failures.push(failure);
        }
    }
    let (then, now) = (Calls::new(before, base), Calls::new(after, base));
    let mut all = Vec::with_capacity(changed.len());
    for changed in changed {
        let mut old = then.of_routing(changed.before, changed.example);
        let mut new = now.of_routing(changed.after, changed.example);
        let mut differences = Vec::new();
        let layers = layers(before, after, changed);
        for failure in failures.iter().chain(&layers) {
            let (before, after) = (old.cell(failure)?, new.cell(failure)?);
            let is_layered = matches!(failure, Failure::Layers { .. });
            let is_told = !is_layered || is_answered(&before) || is_answered(&after);
            if before.outcome != after.outcome && is_told {
                differences.push(Difference { failure: failure.clone(), before, after });
            }
        }
        all.push(GroupDiff { changed: *changed, differences });
    }
    Ok(all)
}

/// The failures that lead through the layers of a routing before or after, each once.
pub fn layers(before: &Snapshot, after: &Snapshot, changed: &Changed) -> Vec<Failure> {
    let mut layers = Failure::layers(before, changed.before);
    for failure in Failure::layers(after, changed.after) {
        if !layers.contains(&failure) {
            layers.push(failure);
        }
    }
    layers
}

fn is_answered(cell: &Cell) -> bool {
    matches!(cell.outcome, Outcome::Answered { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answerer, DecisionHash, Millis, RouteId, SipCode};

    #[test]
    fn a_difference_is_what_callers_make_of_it() {
        let answered = |route, by, at| Outcome::Answered { route: RouteId(route), at_ms: Millis(at), by };
        let person = |route, at| answered(route, Answerer::Person, at);
        let machine = |at| answered(3, Answerer::Voicemail, at);
        let busy = |at| Outcome::Rejected { code: SipCode::new(486).unwrap(), at_ms: Millis(at) };
        let gone = |at| Outcome::CallerHungUp { at_ms: Millis(at) };
        for (before, after, kind) in [
            (person(1, 2), busy(9), DiffKind::Loss),
            (person(1, 2), machine(1), DiffKind::Loss),
            (busy(9), person(1, 2), DiffKind::Gain),
            (machine(2), person(1, 9), DiffKind::Gain),
            (person(1, 2), person(2, 2), DiffKind::Elsewhere),
            (busy(2), machine(9), DiffKind::Elsewhere),
            (busy(2), gone(9), DiffKind::Elsewhere),
            (person(1, 2), person(1, 9), DiffKind::WaitsLonger),
            (machine(2), machine(9), DiffKind::WaitsLonger),
            (busy(2), busy(9), DiffKind::FailsLater),
            (gone(2), gone(9), DiffKind::FailsLater),
            (person(1, 9), person(1, 2), DiffKind::Sooner),
            (busy(9), busy(2), DiffKind::FailsSooner),
        ] {
            let cell = |outcome| Cell { outcome, silence_ms: Millis::ZERO, decision_hash: DecisionHash(0) };
            let found = Difference { failure: Failure::Nothing, before: cell(before), after: cell(after) };
            assert_eq!(found.kind(), kind, "{before:?} {after:?}");
        }
        assert!(DiffKind::ALL.is_sorted());
    }
}
