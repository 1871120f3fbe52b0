//! What one failure does to a whole account: "if carrier X fails, 37 DIDs die, 12 answer after 24 s".

use serde::{Deserialize, Serialize};

use crate::failure::domains;
use crate::matrix::Calls;
use crate::{Answerer, CompileError, Failure, FaultTarget, Group, Millis, Outcome, Scenario, Snapshot};

/// What becomes of the DIDs when one failure domain falls silent. Those that reach nobody even without it count
/// as untouched: this failure does not change their lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blast {
    /// What falls silent.
    pub domain: FaultTarget,
    /// DIDs whose calls end as before, and as soon.
    pub untouched: u64,
    /// DIDs whose callers still reach somebody, but elsewhere or later.
    pub rerouted: u64,
    /// The longest that one of those callers waits for an answer.
    pub worst_ms: Millis,
    /// DIDs whose callers get a machine instead of somebody.
    pub voicemail: u64,
    /// DIDs whose callers reach nobody any more.
    pub dead: u64,
    /// The groups that are dead, the largest first.
    pub dead_groups: Vec<Group>,
}

/// The blast radius of every failure domain: the deadliest first, then the one that touches most, then by name.
///
/// # Errors
/// A group's routing cannot be compiled.
pub fn blast_radius(
    snapshot: &Snapshot,
    groups: &[Group],
    base: &Scenario,
) -> Result<Vec<Blast>, CompileError> {
    let calls = Calls::new(snapshot, base);
    let mut blasts: Vec<Blast> = domains(snapshot)
        .into_iter()
        .map(|domain| Blast {
            domain,
            untouched: 0,
            rerouted: 0,
            worst_ms: Millis::ZERO,
            voicemail: 0,
            dead: 0,
            dead_groups: Vec::new(),
        })
        .collect();
    let failures: Vec<Failure> = blasts.iter().map(|blast| Failure::Domain(blast.domain.clone())).collect();
    for group in groups {
        let mut column = calls.of(*group);
        let before = column.cell(&Failure::Nothing)?;
        for (failure, blast) in failures.iter().zip(&mut blasts) {
            let after = if column.is_touched(failure) { column.cell(failure)? } else { before };
            // Those whom nobody reaches before have nothing to lose.
            if after.outcome == before.outcome || !before.reaches_somebody() {
                blast.untouched += group.dids;
                continue;
            }
            match after.outcome {
                Outcome::Answered { by: Answerer::Voicemail, .. } => blast.voicemail += group.dids,
                Outcome::Answered { at_ms, .. } => {
                    blast.rerouted += group.dids;
                    blast.worst_ms = blast.worst_ms.max(at_ms);
                }
                Outcome::Rejected { .. } | Outcome::CallerHungUp { .. } => {
                    blast.dead += group.dids;
                    blast.dead_groups.push(*group);
                }
            }
        }
    }
    for blast in &mut blasts {
        blast.dead_groups.sort_by_key(|group| (std::cmp::Reverse(group.dids), group.routing));
    }
    // Stable: of equals, the order of `domains` holds.
    blasts.sort_by_key(|blast| std::cmp::Reverse((blast.dead, blast.voicemail, blast.rerouted)));
    Ok(blasts)
}
