//! What is wrong with a plan: the worst of it by name, the rest as a count.

use crate::Finding;
use crate::limits::PLAN_FINDINGS_MAX;

/// The findings of one plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlanFindings {
    /// At most [`PLAN_FINDINGS_MAX`] that nobody accepted, and as many that somebody did.
    pub(crate) first: Vec<Finding>,
    /// How many there are that nobody accepted.
    pub(crate) open: u64,
    /// How many there are that somebody did.
    pub(crate) accepted: u64,
}

impl PlanFindings {
    /// One more, which is named only if there is room for it.
    pub(crate) fn add(&mut self, accepted: bool, named: impl FnOnce() -> Finding) {
        let count = if accepted { &mut self.accepted } else { &mut self.open };
        if *count < PLAN_FINDINGS_MAX {
            self.first.push(named());
        }
        *count += 1;
    }
}

impl Extend<Finding> for PlanFindings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        for finding in findings {
            self.add(finding.accepted.is_some(), || finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use routing::{E164, FindingDetail, FindingKind, FindingSubject, PlanId, Severity};

    use super::*;
    use crate::FailoverRef;

    fn finding() -> Finding {
        let finding = routing::Finding {
            severity: Severity::Note,
            kind: FindingKind::NoFailover,
            subject: FindingSubject::Plan(PlanId(1)),
            step: None,
            detail: FindingDetail::Plain,
            dids: 0,
            example: E164::parse("+12065550100").unwrap(),
        };
        Finding {
            finding,
            key: String::new(),
            primary: None,
            failover: FailoverRef::None,
            plan: None,
            route: None,
            accepted: None,
        }
    }

    #[test]
    fn beyond_the_limit_findings_are_counted_and_not_named() {
        let mut found = PlanFindings::default();
        for _ in 0..PLAN_FINDINGS_MAX + 7 {
            found.extend([finding()]);
        }
        // Those that are accepted have a room of their own.
        found.add(true, finding);
        assert_eq!((found.open, found.accepted), (PLAN_FINDINGS_MAX + 7, 1));
        assert_eq!(found.first.len() as u64, PLAN_FINDINGS_MAX + 1);
    }
}
