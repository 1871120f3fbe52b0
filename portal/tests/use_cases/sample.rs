//! The sample account is worth looking around in.

use std::collections::BTreeSet;

use portal::{Actor, DidQuery, Finding, Portal, RouteQuery, Severity, Via};
use routing::{FindingKind, HealthState, RouteKind, Version, Weights};

use crate::office::cut;
use crate::support::{Db, contract};

contract!(
    the_sample_account_is_a_believable_business,
    the_sample_account_shows_what_plans_do_and_where_one_falls_short,
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
    assert_eq!(recent.len(), 10);
    for done in [("Dana Whitfield", "set_failover_route"), ("Dana Whitfield", "add_plan")] {
        assert!(recent.contains(&done), "{recent:?}");
    }
    let first = portal.operation(&dana, account.id, Version(0)).await.unwrap();
    assert_eq!((first.actor.as_str(), first.kind.as_str()), ("Dana Whitfield", "create_account"));
    assert!(overview.recent.is_sorted_by_key(|done| std::cmp::Reverse(done.at)));
    for done in &overview.recent {
        let view = portal.operation(&dana, account.id, done.version).await.unwrap();
        assert!(!view.changes.is_empty() && view.changed > 0, "{view:?}");
    }
}

async fn the_sample_account_shows_what_plans_do_and_where_one_falls_short(db: Db) {
    let portal = Portal::new(db.store.clone());
    let account = portal.create_sample_account().await.unwrap().id;
    let dana = Actor::owner(account, "Dana", Via::Browser);
    assert_eq!(portal.overview(&dana, account).await.unwrap().dids, 217);
    let plans = portal.plans(&dana, account).await.unwrap();
    let used: Vec<(&str, u64, usize)> =
        plans.iter().map(|view| (view.plan.name.as_str(), view.dids, view.plan.steps.len())).collect();
    assert_eq!(
        used,
        [("After hours", 5, 3), ("Clinic, then people", 10, 4), ("Portland by way of Seattle", 10, 2)]
    );
    let schedules = portal.schedules(&dana, account).await.unwrap();
    assert_eq!(schedules.len(), 2);
    assert!(schedules.iter().all(|view| view.schedule.exceptions.len() == 2 && !view.plans.is_empty()));
    // Each of its cases holds.
    let cases = portal.cases(&dana, account).await.unwrap();
    assert_eq!(cases.len(), 3);
    assert!(cases.iter().all(|case| case.verdict.holds()), "{cases:?}");
    // A plan that depends on the carrier of its primary is found, a finding of another kind is accepted.
    let findings = portal.findings(&dana, account).await.unwrap().findings;
    let trap = |finding: &&Finding| finding.about() == "portland-pbx → Portland by way of Seattle";
    let trap: Vec<FindingKind> = findings.iter().filter(trap).map(|finding| finding.finding.kind).collect();
    assert_eq!(trap, [FindingKind::SharedCarrier]);
    let accepted: Vec<(FindingKind, String)> = findings
        .iter()
        .filter(|finding| finding.accepted.is_some())
        .map(|finding| (finding.finding.kind, finding.about()))
        .collect();
    assert_eq!(accepted, [(FindingKind::SharedHost, "seattle-pbx → seattle-pbx-lte".to_owned())]);
    let number = routing::E164::parse("+12065550130").unwrap();
    let shared = portal.did(&dana, account, number).await.unwrap();
    assert_eq!(shared.row.weights, Some(Weights { primary: 80, failover: 20 }));
    assert!(shared.findings.iter().any(|finding| finding.accepted.is_some()));
}

async fn a_sample_account_cut_off_half_way_is_not_there_and_can_be_made_again(db: Db) {
    let portal = Portal::new(db.store.clone());
    let mut cuts = 0;
    for waits in 0.. {
        let made = cut(waits, portal.create_sample_account()).await;
        let Some(account) = portal.accounts(&Actor::operator("test")).await.unwrap().pop() else {
            assert!(made.is_none(), "{made:?}");
            cuts += 1;
            continue;
        };
        // Its last operation is the fourteenth after the creation.
        assert_eq!(account.version, Version(14));
        break;
    }
    assert!(cuts > 5, "it was cut off only {cuts} times");
}
