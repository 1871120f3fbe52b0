//! What a change does to calls, before it is made: which DIDs end elsewhere, in which failure.

use serde::{Deserialize, Serialize};

use crate::matrix::Calls;
use crate::{Cell, CompileError, E164, Failure, Routing, Scenario, Snapshot};

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

impl Difference {
    /// Whether the call ends elsewhere, not merely sooner or later.
    pub fn is_elsewhere(&self) -> bool {
        !self.before.ends_like(&self.after)
    }

    /// Whether callers reached somebody before and do not any more.
    pub fn is_loss(&self) -> bool {
        self.before.reaches_somebody() && !self.after.reaches_somebody()
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

/// Runs each failure before and after. Failures come from both configurations, each once.
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
        for failure in &failures {
            let (before, after) = (old.cell(failure)?, new.cell(failure)?);
            if before.outcome != after.outcome {
                differences.push(Difference { failure: failure.clone(), before, after });
            }
        }
        all.push(GroupDiff { changed: *changed, differences });
    }
    Ok(all)
}
