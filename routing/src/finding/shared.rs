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
pub(super) fn with_primary(
    primary: &InboundRoute,
    ways: &[Way<'_>],
    add: &mut impl FnMut(FindingKind, Severity, Option<u8>, FindingDetail),
) {
    for (kind, shared) in KINDS {
        let share = |way: &Way<'_>| {
            let mut labels =
                way.routes.iter().map(|(_, route)| route.and_then(|route| shared(primary, route)));
            let first = labels.next()??;
            labels.all(|label| label.is_some()).then_some(first)
        };
        let sharing: Vec<(u8, String)> =
            ways.iter().filter_map(|way| share(way).map(|label| (way.step, label))).collect();
        if sharing.len() == ways.len() {
            if let Some((_, label)) = sharing.into_iter().next() {
                add(kind, Severity::Serious, None, FindingDetail::Shared(label));
            }
        } else {
            for (step, label) in sharing {
                add(kind, Severity::Warning, Some(step), FindingDetail::Shared(label));
            }
        }
    }
}
