//! The accepted findings of an account file. Nothing of the kind need be wrong now: whatever the file says of a
//! finding counts if it is found.

use std::collections::{BTreeSet, HashMap};

use routing::limits::DNS_NAME_OCTETS_MAX;
use routing::{CivilDate, Failover, FindingDetail, FindingKind, FindingSubject, RouteId, shortened};
use store::{AcceptedRow, UnixMs};

use super::Planner;
use crate::Problem;
use crate::file::read::AcceptedPart;
use crate::findings::{Key, routed};
use crate::labels::{label, reason};
use crate::moments::{end_of, read_rfc3339};

/// An acceptance as a file has it; its key is written when the ids are known.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    pub(crate) key: Key,
    pub(crate) by: String,
    pub(crate) reason: String,
    pub(crate) at: UnixMs,
    pub(crate) until: Option<UnixMs>,
}

impl Accepted {
    /// With the key as it would be stored.
    pub(crate) fn row(&self) -> AcceptedRow {
        let Accepted { key, by, reason, at, until } = self;
        AcceptedRow {
            key: key.to_string(),
            kind: key.kind.name().to_owned(),
            by: by.clone(),
            reason: reason.clone(),
            at: *at,
            until: *until,
        }
    }
}

impl Planner {
    pub(super) fn accepted(&mut self, parts: &[AcceptedPart], kept: Vec<AcceptedRow>) {
        let mut kept: HashMap<String, AcceptedRow> =
            kept.into_iter().map(|row| (row.key.clone(), row)).collect();
        let mut seen = BTreeSet::new();
        for (index, part) in parts.iter().enumerate() {
            let Some(accepted) = self.acceptance(part, index) else { continue };
            let row = accepted.row();
            if !seen.insert(row.key.clone()) {
                let message = "This finding stands here already. Write it once.";
                self.error(format!("accepted_findings[{index}].finding"), message);
                continue;
            }
            match kept.remove(&row.key) {
                Some(old) if old == row => self.plan.unchanged += 1,
                old => self.plan.accepted.push((old, accepted)),
            }
        }
    }

    fn acceptance(&mut self, part: &AcceptedPart, index: usize) -> Option<Accepted> {
        let place = |field: &str| format!("accepted_findings[{index}].{field}");
        let kind = FindingKind::ALL.into_iter().find(|kind| kind.name() == part.finding.trim());
        if kind.is_none() {
            let message = format!("No kind of finding is called {}.", shortened(&part.finding));
            self.error(place("finding"), message);
        }
        let key = kind.and_then(|kind| self.key(kind, part, &place));
        let reason = reason(Some(part.reason.clone()));
        if reason.is_none() {
            self.error(place("reason"), Problem::Missing);
        }
        let by = label(&part.by).and_then(|by| by.ok_or(Problem::Missing));
        let by = by.map_err(|problem| self.error(place("by"), problem)).ok();
        let at = read_rfc3339(&part.at);
        if at.is_none() {
            self.error(place("at"), "This is not a moment. Write it as 2026-11-29T11:00:00Z.");
        }
        let until = match part.until.trim() {
            "" => Some(None),
            typed => match CivilDate::parse(typed) {
                Ok(day) => Some(Some(end_of(day))),
                Err(_) => {
                    self.error(place("until"), Problem::NotADay);
                    None
                }
            },
        };
        Some(Accepted { key: key?, by: by?, reason: reason?, at: at?, until: until? })
    }

    fn key(
        &mut self,
        kind: FindingKind,
        part: &AcceptedPart,
        place: &impl Fn(&str) -> String,
    ) -> Option<Key> {
        let route = match part.route.trim() {
            "" => Some(None),
            alias => self.route(alias, place("route")).map(Some),
        };
        let subject = self.subject(part, route.flatten(), place)?;
        let detail = part.detail.trim();
        let labelled = kind.has_label();
        let detail = match (subject, route?) {
            _ if labelled && detail.is_empty() => {
                let right = "Write what makes it so: the host, carrier, site, number or gap.";
                self.error(place("detail"), right);
                return None;
            }
            _ if !labelled && !detail.is_empty() => {
                self.error(place("detail"), "This kind of finding has no such detail. Leave it out.");
                return None;
            }
            _ if labelled && detail.len() > DNS_NAME_OCTETS_MAX => {
                self.error(
                    place("detail"),
                    "This is longer than any host, carrier or site. Write it as it was.",
                );
                return None;
            }
            _ if labelled => FindingDetail::Shared(detail.to_ascii_lowercase()),
            (FindingSubject::Route(_), _) | (_, None) => FindingDetail::Plain,
            (_, Some(id)) => FindingDetail::Route(id),
        };
        Some(Key { kind, subject, step: part.step, detail })
    }

    fn subject(
        &mut self,
        part: &AcceptedPart,
        route: Option<RouteId>,
        place: &impl Fn(&str) -> String,
    ) -> Option<FindingSubject> {
        match (part.primary.trim(), part.plan.trim()) {
            ("", "") if part.route.trim().is_empty() => {
                self.error(place("primary"), "Write what it is about: a primary, a plan or a route.");
                None
            }
            ("", "") => route.map(FindingSubject::Route),
            ("", plan) => self.plan_called(plan, place("plan")).map(FindingSubject::Plan),
            (alias, "") => {
                let primary = self.route(alias, place("primary"));
                let failover: Option<Failover> = self.failover(&part.failover, &part.failover_plan, place);
                Some(routed(primary?, failover?))
            }
            _ => {
                self.error(place("plan"), "There is a primary as well. Write one of the two.");
                None
            }
        }
    }
}
