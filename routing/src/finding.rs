//! What is wrong with a primary and its failover, judged by their configuration and health alone.

use serde::{Deserialize, Serialize};

use crate::{Answerer, HealthState, InboundRoute, OwnDid, RouteTarget};

/// How bad a finding is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Calls are lost now, or will be at the first failure.
    Serious,
    /// One fault takes both ways.
    Warning,
    /// Worth knowing.
    Note,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The primary is down and there is no failover.
    PrimaryDownNoFailover,
    /// The failover would come back to us.
    OwnDid,
    /// The failover is down itself.
    FailoverDown,
    /// There is no failover.
    NoFailover,
    /// Both lead to one host.
    SharedHost,
    /// Both depend on one carrier.
    SharedCarrier,
    /// Both stand at one site.
    SharedSite,
    /// Nobody is reached at the end: a machine takes a message.
    EndsAtVoicemail,
}

impl FindingKind {
    /// How bad it is.
    pub fn severity(self) -> Severity {
        match self {
            FindingKind::PrimaryDownNoFailover | FindingKind::OwnDid => Severity::Serious,
            FindingKind::FailoverDown
            | FindingKind::NoFailover
            | FindingKind::SharedHost
            | FindingKind::SharedCarrier
            | FindingKind::SharedSite => Severity::Warning,
            FindingKind::EndsAtVoicemail => Severity::Note,
        }
    }
}

/// One rung of a DID's way to an answer: a route with its health.
#[derive(Clone, Copy, Debug)]
pub struct Rung<'a> {
    /// The route.
    pub route: &'a InboundRoute,
    /// What probes say of it.
    pub health: HealthState,
}

/// Everything found about DIDs that ring `primary`, then `failover`; worst first. `barred` says how the failover
/// would come back to us, if it would.
pub fn pair_findings(
    primary: Rung<'_>,
    failover: Option<Rung<'_>>,
    barred: Option<&OwnDid>,
) -> Vec<FindingKind> {
    let Some(failover) = failover else {
        let kind = if primary.health.is_down() {
            FindingKind::PrimaryDownNoFailover
        } else {
            FindingKind::NoFailover
        };
        return vec![kind];
    };
    let shares = |label: fn(&InboundRoute) -> Option<&String>| matches!((label(primary.route), label(failover.route)), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b));
    let mut found = Vec::new();
    if barred.is_some() {
        found.push(FindingKind::OwnDid);
    }
    if failover.health.is_down() {
        found.push(FindingKind::FailoverDown);
    }
    if shares_host(&primary.route.target, &failover.route.target) {
        found.push(FindingKind::SharedHost);
    }
    if shares(|route| route.domains.carrier.as_ref()) {
        found.push(FindingKind::SharedCarrier);
    }
    if shares(|route| route.domains.site.as_ref()) {
        found.push(FindingKind::SharedSite);
    }
    if failover.route.domains.answerer == Answerer::Voicemail {
        found.push(FindingKind::EndsAtVoicemail);
    }
    found
}

fn shares_host(a: &RouteTarget, b: &RouteTarget) -> bool {
    match (a.host(), b.host()) {
        (Some(a), Some(b)) => a.is_same_place(b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Alias, Dialling, Domains, RouteId, RouteKind};

    fn route(kind: RouteKind, value: &str, carrier: &str, site: &str, answerer: Answerer) -> InboundRoute {
        let label = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        InboundRoute {
            id: RouteId(1),
            alias: Alias::parse("a").unwrap(),
            target: RouteTarget::parse(kind, value, &Dialling::default()).unwrap(),
            edge: None,
            domains: Domains { carrier: label(carrier), site: label(site), region: None, answerer },
        }
    }

    #[test]
    fn a_pair_is_judged_by_what_it_shares_and_where_it_ends() {
        use Answerer::{Pbx, Voicemail};
        use FindingKind as K;
        use HealthState::{Down, Recovering, Up};
        use RouteKind::{Host, Phone, Uri};
        let pbx = || route(Host, "pbx.example.com", "Acme", "HQ", Pbx);
        let rows = [
            (pbx(), Up, None, vec![K::NoFailover]),
            (pbx(), Down, None, vec![K::PrimaryDownNoFailover]),
            (pbx(), Recovering, None, vec![K::PrimaryDownNoFailover]),
            (pbx(), Up, Some((route(Phone, "+12065550100", "", "", Pbx), Up)), vec![]),
            (
                pbx(),
                Up,
                Some((route(Uri, "sip:x@PBX.example.com:5080", "acme", "", Pbx), Up)),
                vec![K::SharedHost, K::SharedCarrier],
            ),
            (
                pbx(),
                Up,
                Some((route(Host, "b.example.com", "Other", "hq", Pbx), Down)),
                vec![K::FailoverDown, K::SharedSite],
            ),
            (
                pbx(),
                Down,
                Some((route(Phone, "+12065550100", "", "", Voicemail), Up)),
                vec![K::EndsAtVoicemail],
            ),
        ];
        for (primary, health, failover, expected) in rows {
            let failover = failover.as_ref().map(|(route, health)| Rung { route, health: *health });
            let found = pair_findings(Rung { route: &primary, health }, failover, None);
            assert_eq!(found, expected, "{primary:?} {failover:?}");
        }
    }
}
