//! Two ways that share their fate.

use super::audit::Way;
use super::{FindingDetail, FindingKind, Severity};
use crate::InboundRoute;

/// What a way may share with the primary, from the narrowest to the widest.
const KINDS: [(FindingKind, Label); 3] = [
    (FindingKind::SharedHost, |a, b| match (a.target.host(), b.target.host()) {
        (Some(a), Some(b)) => a.is_same_place(b).then(|| a.to_string()),
        _ => None,
    }),
    (FindingKind::SharedCarrier, |a, b| label(a.domains.carrier.as_ref(), b.domains.carrier.as_ref())),
    (FindingKind::SharedSite, |a, b| label(a.domains.site.as_ref(), b.domains.site.as_ref())),
];

/// What two routes share.
type Label = fn(&InboundRoute, &InboundRoute) -> Option<String>;

fn label(a: Option<&String>, b: Option<&String>) -> Option<String> {
    a.filter(|a| b.is_some_and(|b| a.eq_ignore_ascii_case(b))).cloned()
}

/// Where every way shares with the primary, one fault takes them all. Where a step does, it is no help in that fault.
/// Of what leads to the primary's own host, nothing else is said: whatever takes the host takes both.
pub(super) fn with_primary(
    primary: &InboundRoute,
    ways: &[Way<'_>],
    add: &mut impl FnMut(FindingKind, Severity, Option<u8>, FindingDetail),
) {
    // What was found of the host: of every way as one (`None`), or of single steps.
    let mut of_host: Vec<Option<u8>> = Vec::new();
    for (kind, shared) in KINDS {
        let share = |way: &Way<'_>| {
            let mut labels =
                way.routes.iter().map(|(_, route)| route.and_then(|route| shared(primary, route)));
            let first = labels.next()??;
            labels.all(|label| label.is_some()).then_some(first)
        };
        let sharing: Vec<(u8, String)> =
            ways.iter().filter_map(|way| share(way).map(|label| (way.step, label))).collect();
        let found: Vec<(Severity, Option<u8>, String)> = if sharing.len() == ways.len() {
            sharing.into_iter().take(1).map(|(_, label)| (Severity::Serious, None, label)).collect()
        } else {
            sharing.into_iter().map(|(step, label)| (Severity::Warning, Some(step), label)).collect()
        };
        for (severity, step, label) in found {
            if of_host.contains(&step) || step.is_some() && of_host.contains(&None) {
                continue;
            }
            if kind == FindingKind::SharedHost {
                of_host.push(step);
            }
            add(kind, severity, step, FindingDetail::Shared(label));
        }
    }
}
