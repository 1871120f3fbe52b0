//! The key of a finding, taken apart: an account file names routes and plans by alias, and keys hold their ids.

use std::fmt;
use std::str::FromStr;

use routing::{Failover, FindingDetail, FindingKind, FindingSubject, PlanId, RouteId, Routing};

use crate::book::Book;

/// What an accepted finding is about. Two of the same text are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) kind: FindingKind,
    /// Weights are no part of a key.
    pub(crate) subject: FindingSubject,
    pub(crate) step: Option<u8>,
    /// Nothing, a label (as what is shared), or a route.
    pub(crate) detail: FindingDetail,
}

/// DIDs of any weights.
pub(crate) fn routed(primary: RouteId, failover: Failover) -> FindingSubject {
    FindingSubject::Routing(Routing { primary, failover, weights: None })
}

impl Key {
    /// Reads what [`routing::Finding::key`] wrote.
    pub(crate) fn parse(text: &str) -> Option<Key> {
        let (kind, mut rest) = text.split_once('/')?;
        let kind = FindingKind::ALL.into_iter().find(|known| known.name() == kind)?;
        let rest = &mut rest;
        let subject = if let Some(id) = take(rest, "primary") {
            let failover = take(rest, "route").map(|id| Failover::Route(RouteId(id)));
            let failover = failover.or_else(|| take(rest, "plan").map(|id| Failover::Plan(PlanId(id))));
            routed(RouteId(id), failover.unwrap_or_default())
        } else if let Some(id) = take(rest, "plan") {
            FindingSubject::Plan(PlanId(id))
        } else {
            FindingSubject::Route(RouteId(take(rest, "route")?))
        };
        let label = *rest;
        let step = take(rest, "step");
        if kind.has_label() {
            // Nobody is kept from calling a carrier `step:1`.
            let (step, label) = if rest.is_empty() { (None, label) } else { (step, *rest) };
            let detail = FindingDetail::Shared(label.to_owned());
            return (!label.is_empty()).then_some(Key { kind, subject, step, detail });
        }
        let detail = take(rest, "route").map_or(FindingDetail::Plain, |id| FindingDetail::Route(RouteId(id)));
        rest.is_empty().then_some(Key { kind, subject, step, detail })
    }

    /// The same with other ids.
    pub(crate) fn map(
        self,
        route: impl Fn(RouteId) -> RouteId,
        failover: impl Fn(Failover) -> Failover,
        plan: impl Fn(PlanId) -> PlanId,
    ) -> Key {
        let subject = match self.subject {
            FindingSubject::Routing(routing) => routed(route(routing.primary), failover(routing.failover)),
            FindingSubject::Plan(id) => FindingSubject::Plan(plan(id)),
            FindingSubject::Route(id) => FindingSubject::Route(route(id)),
        };
        let detail = match self.detail {
            FindingDetail::Route(id) => FindingDetail::Route(route(id)),
            other => other,
        };
        Key { subject, detail, ..self }
    }

    /// Whether all that it names is there. Ids never come back, so that what is gone is not found again.
    pub(crate) fn is_there(&self, book: &Book) -> bool {
        let route = |id: RouteId| book.get(id).is_some();
        let plan = |id: PlanId| book.plan(id).is_some();
        let subject = match self.subject {
            FindingSubject::Routing(Routing { primary, failover, .. }) => {
                route(primary) && failover.route().is_none_or(route) && failover.plan().is_none_or(plan)
            }
            FindingSubject::Plan(id) => plan(id),
            FindingSubject::Route(id) => route(id),
        };
        let FindingDetail::Route(id) = self.detail else { return subject };
        subject && route(id)
    }

    /// As [`crate::Finding::about`] says it.
    pub(crate) fn about(&self, book: &Book) -> String {
        match self.subject {
            FindingSubject::Routing(Routing { primary, failover: Failover::None, .. }) => {
                book.alias(primary).to_string()
            }
            FindingSubject::Routing(Routing { primary, failover, .. }) => {
                format!("{} → {}", book.alias(primary), book.failover_ref(failover))
            }
            FindingSubject::Plan(id) => book.plan_ref(id).name.to_string(),
            FindingSubject::Route(id) => book.alias(id).to_string(),
        }
    }
}

/// Takes `name:7` from the front, if that is there.
fn take<T: FromStr>(rest: &mut &str, name: &str) -> Option<T> {
    let (first, others) = rest.split_once('/').unwrap_or((*rest, ""));
    let value = first.strip_prefix(name)?.strip_prefix(':')?.parse().ok()?;
    *rest = others;
    Some(value)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.kind)?;
        match self.subject {
            FindingSubject::Routing(Routing { primary, failover, .. }) => {
                write!(f, "primary:{primary}")?;
                match failover {
                    Failover::None => {}
                    Failover::Route(id) => write!(f, "/route:{id}")?,
                    Failover::Plan(id) => write!(f, "/plan:{id}")?,
                }
            }
            FindingSubject::Plan(id) => write!(f, "plan:{id}")?,
            FindingSubject::Route(id) => write!(f, "route:{id}")?,
        }
        if let Some(step) = self.step {
            write!(f, "/step:{step}")?;
        }
        match &self.detail {
            FindingDetail::Shared(label) => write!(f, "/{}", label.to_ascii_lowercase()),
            FindingDetail::Route(id) => write!(f, "/route:{id}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use routing::{Cause, E164, Millis, OwnDid, Severity, SipCode, Weekday};

    #[test]
    fn a_key_is_taken_apart_as_the_core_puts_it_together() {
        use FindingDetail::{After, Gap, LeadsBack, Outages, Plain, Route, Shared};
        let example = E164::parse("+12065550100").unwrap();
        let edge = || OwnDid::OwnEdge { host: "Edge.example.com".to_owned() };
        let shared = |label: &str| Shared(label.to_owned());
        let (one, plan) = (RouteId(1), PlanId(9));
        let with = |failover| routed(one, failover);
        let rows = [
            (FindingKind::NoFailover, with(Failover::None), None, Plain),
            (FindingKind::Loop, with(Failover::Route(RouteId(3))), None, Plain),
            (FindingKind::OverPatience, with(Failover::Plan(plan)), Some(2), After(Millis(31_000))),
            (FindingKind::EndsAtVoicemail, with(Failover::Plan(plan)), None, Plain),
            (FindingKind::SharedHost, with(Failover::Route(RouteId(2))), None, shared("PBX.example.com")),
            (FindingKind::SharedCarrier, with(Failover::Plan(plan)), Some(1), shared("A/B")),
            (FindingKind::SharedSite, with(Failover::Plan(plan)), None, shared("step:1")),
            (FindingKind::SharedSite, with(Failover::Plan(plan)), Some(1), shared("route:7")),
            (FindingKind::VoicemailTrap, FindingSubject::Plan(plan), Some(1), Route(RouteId(5))),
            (
                FindingKind::OwnDid,
                FindingSubject::Plan(plan),
                Some(1),
                LeadsBack(OwnDid::Number { number: example }),
            ),
            (FindingKind::OwnDid, with(Failover::Route(RouteId(2))), None, LeadsBack(edge())),
            (
                FindingKind::ScheduleGap,
                FindingSubject::Plan(plan),
                None,
                Gap { day: Weekday::Friday, from_min: 1_050, minutes: 3_810 },
            ),
            (
                FindingKind::OutageEntersNoStep,
                FindingSubject::Plan(plan),
                None,
                Outages(vec![Cause::NoResponse, Cause::Response(SipCode::SERVICE_UNAVAILABLE)]),
            ),
            (FindingKind::WeightsUnused, FindingSubject::Plan(plan), Some(2), Plain),
            (FindingKind::PremiumRate, FindingSubject::Route(RouteId(-4)), None, Plain),
        ];
        for (kind, subject, step, detail) in rows {
            let severity = Severity::Note;
            let finding = routing::Finding { kind, severity, subject, step, detail, dids: 1, example };
            let key = Key::parse(&finding.key()).unwrap();
            assert_eq!((key.to_string(), key.kind, key.subject), (finding.key(), kind, subject));
            assert_eq!(key.step, step);
        }
        for text in ["", "no_failover", "no_failover/", "no_failover/primary:x", "odd/primary:1"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
        for text in ["shared_site/primary:1/route:2", "no_failover/primary:1/rest"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
