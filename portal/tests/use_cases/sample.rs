//! The sample account is worth looking around in.

use std::collections::BTreeSet;

use portal::{Actor, DidQuery, Portal, RouteQuery, Severity, Via};
use routing::{FindingKind, HealthState, RouteKind, Version};

use crate::office::cut;
use crate::support::{Db, contract};

contract!(
    the_sample_account_is_a_believable_business,
    a_sample_account_cut_off_half_way_is_not_there_and_can_be_made_again,
);

async fn the_sample_account_is_a_believable_business(db: Db) {
    let portal = Portal::new(db.store.clone());
    let account = portal.create_sample_account().await.unwrap();
    assert!(account.sample);
    let dana = Actor::owner(account.id, "Dana", Via::Browser);
    let page = portal.dids(&dana, account.id, &DidQuery::default()).await.unwrap();
    assert!(page.total >= 200, "{} DIDs", page.total);
    assert!(page.codes.len() >= 5, "{:?}", page.codes);
    assert!(
        page.rows
            .iter()
            .any(|row| row.alias.as_ref().is_some_and(|alias| alias.as_str() == "Front desk Seattle"))
    );
    let routes = portal.routes(&dana, account.id, &RouteQuery::default()).await.unwrap();
    assert!(routes.len() > 12);
    let kinds: BTreeSet<RouteKind> = routes.iter().map(|view| view.route.target.kind()).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
    let states: BTreeSet<HealthState> = routes.iter().map(|view| view.health).collect();
    assert_eq!(states.len(), 5, "{states:?}");
    assert!(routes.iter().any(|view| view.usage.total() == 0));
    let overview = portal.overview(&dana, account.id).await.unwrap();
    assert!(overview.without_failover > 0);
    assert_eq!(overview.routes_down.len(), 2);
    let found: BTreeSet<FindingKind> = overview.findings.iter().map(|finding| finding.finding.kind).collect();
    for kind in [
        FindingKind::NoFailover,
        FindingKind::PrimaryDownNoFailover,
        FindingKind::SharedHost,
        FindingKind::SharedCarrier,
        FindingKind::SharedSite,
        FindingKind::EndsAtVoicemail,
    ] {
        assert!(found.contains(&kind), "{kind:?} is not among {found:?}");
    }
    assert!(!found.contains(&FindingKind::OwnDid));
    assert_eq!(overview.findings[0].finding.severity, Severity::Serious);
    // The worst first.
    assert!(overview.findings.is_sorted_by_key(|finding| finding.finding.severity));
    let recent: Vec<(&str, &str)> =
        overview.recent.iter().map(|done| (done.actor.as_str(), done.kind.as_str())).collect();
    assert_eq!(recent.len(), 8);
    assert_eq!(recent.last(), Some(&("Dana Whitfield", "create_account")));
    assert!(recent.contains(&("Dana Whitfield", "set_failover_route")), "{recent:?}");
    assert!(overview.recent.is_sorted_by_key(|done| std::cmp::Reverse(done.at)));
    for done in &overview.recent {
        let view = portal.operation(&dana, account.id, done.version).await.unwrap();
        assert!(!view.changes.is_empty() && view.changed > 0, "{view:?}");
    }
}

async fn a_sample_account_cut_off_half_way_is_not_there_and_can_be_made_again(db: Db) {
    let portal = Portal::new(db.store.clone());
    let mut cuts = 0;
    for waits in 0.. {
        let made = cut(waits, portal.create_sample_account()).await;
        let Some(account) = portal.account().await.unwrap() else {
            assert!(made.is_none(), "{made:?}");
            cuts += 1;
            continue;
        };
        // Its last operation is the seventh after the creation.
        assert_eq!(account.version, Version(7));
        break;
    }
    assert!(cuts > 5, "it was cut off only {cuts} times");
}
