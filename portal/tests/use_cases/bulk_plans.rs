//! Choose a DID Action with failover plans, and what becomes of calls.

use portal::{BulkAction, BulkPlan, Field, Progress, Refusal};
use routing::{Alias, DiffKind, Failover, Failure, Outcome, PlanId};

use crate::office::{Office, number, refused, stage};
use crate::support::{Db, contract};

contract!(
    a_plan_is_set_where_it_can_be,
    a_plan_of_an_action_shows_what_becomes_of_calls,
    what_is_down_answers_no_call_of_the_comparison,
    a_survey_offers_plans_and_bars_what_leads_back_to_us,
    thousands_get_a_plan_and_their_calls_are_compared_by_group,
);

async fn a_plan_is_set_where_it_can_be(db: Db) {
    let office = Office::open(db).await;
    let night = office.add_plan("Night", &[&["mobile"], &["spare"]]).await;
    let again = office.add_plan("Again", &[&["pbx"], &["pbx"]]).await;
    let set = |plan| BulkAction::SetFailoverRoute(Failover::Plan(plan));
    let result = office.apply(&office.all().await, &set(night)).await;
    assert_eq!((result.changed, result.refused), (3, 0));
    assert_eq!(office.failovers().await, ["Night"; 3]);
    let done =
        office.portal.operation(&office.dana, office.account.id, result.version.unwrap()).await.unwrap();
    assert_eq!((done.kind.as_str(), done.about.as_str()), ("set_failover_route", "plan Night"));
    assert_eq!(done.changes[0].fields[0].after.as_deref(), Some("plan Night"));
    // A plan that rings nothing but their primary fails with it.
    let result = office.apply(&office.all().await, &set(again)).await;
    assert_eq!((result.changed, result.refused), (0, 3));
    assert_eq!(result.refusals[0].1, Refusal::SameAsPrimary);
    let result = office.apply(&office.all().await, &BulkAction::SetRoute(office.id("spare"))).await;
    assert_eq!((result.changed, result.refused), (3, 0), "the plan rings mobile as well");
    office.apply(&office.all().await, &set(again)).await;
    let result = office.apply(&office.all().await, &BulkAction::SetRoute(office.id("pbx"))).await;
    assert_eq!(result.refusals[2].1, Refusal::SameAsFailover);
    // One that is not there, or nothing, cannot be set.
    let chosen = office.all().await;
    for (failover, code) in [(Failover::Plan(PlanId(99)), "unknown_plan"), (Failover::None, "missing")] {
        let action = BulkAction::SetFailoverRoute(failover);
        let planned = office.portal.plan_bulk(&office.dana, office.account.id, &chosen, &action).await;
        assert_eq!(refused(planned), [(Field::Route, code)]);
        let applied = office
            .portal
            .apply_bulk(&office.dana, office.account.id, &chosen, &action, None, &Progress::default())
            .await;
        assert_eq!(refused(applied), [(Field::Route, code)]);
    }
    assert_eq!(office.apply(&chosen, &BulkAction::ClearFailoverRoute).await.changed, 3);
}

fn effects(plan: &BulkPlan) -> Vec<(DiffKind, u64)> {
    plan.effects.iter().map(|(kind, dids)| (*kind, *dids)).collect()
}

async fn a_plan_of_an_action_shows_what_becomes_of_calls(db: Db) {
    let office = Office::open(db).await;
    let night = office.add_plan("Night", &[&["mobile"], &["spare"]]).await;
    office.set_failover("+12065550102", office.id("mobile")).await.unwrap();
    let set = BulkAction::SetFailoverRoute(Failover::Plan(night));
    let plan = office.plan(&office.all().await, &set).await;
    // Two had nothing behind the primary; one had what the plan begins with, and gains the layer behind it.
    assert_eq!((plan.changes, plan.not_compared), (3, 0));
    assert_eq!(effects(&plan), [(DiffKind::Gain, 3)]);
    let groups: Vec<(u64, bool)> = plan
        .diff
        .iter()
        .map(|group| {
            let layered = |found: &routing::Difference| matches!(found.failure, Failure::Layers { .. });
            (group.changed.dids, group.differences.iter().all(layered))
        })
        .collect();
    assert_eq!(groups, [(2, false), (1, true)]);
    let group = &plan.diff[0];
    assert_eq!(group.changed.example, number("+12065550100"));
    let silent =
        group.differences.iter().find(|found| found.failure.to_string() == "primary=silent").unwrap();
    let Outcome::Answered { route, at_ms, .. } = silent.after.outcome else { panic!("{silent:?}") };
    assert_eq!((route, silent.is_elsewhere()), (office.id("mobile"), true));
    assert!(at_ms.0 > 6_000 && !silent.before.reaches_somebody());
    assert!(!group.differences.iter().any(|found| found.failure == Failure::Nothing));
    office.apply(&office.all().await, &set).await;
    // Taking it away again loses calls; a slower start only delays them.
    let plan = office.plan(&office.all().await, &BulkAction::ClearFailoverRoute).await;
    assert_eq!(effects(&plan), [(DiffKind::Loss, 3)]);
    let mut slow = office.plan_draft("Slow", &[&["spare"], &["mobile"]]);
    slow.steps[0].no_response_s = "9".into();
    let slow = office.portal.add_plan(&office.dana, office.account.id, &slow).await.unwrap();
    let mut late = office.plan_draft("Late", &[&["spare"], &["mobile"]]);
    late.steps[0].no_response_s = "12".into();
    let late = office.portal.add_plan(&office.dana, office.account.id, &late).await.unwrap();
    office.apply(&office.all().await, &BulkAction::SetFailoverRoute(Failover::Plan(slow))).await;
    let plan = office.plan(&office.all().await, &BulkAction::SetFailoverRoute(Failover::Plan(late))).await;
    assert_eq!(effects(&plan), [(DiffKind::WaitsLonger, 3)]);
    // Set Route shows it too; a name or a release changes no call that would still come.
    let plan = office.plan(&office.all().await, &BulkAction::SetRoute(office.id("mobile"))).await;
    assert!(effects(&plan).contains(&(DiffKind::Elsewhere, 3)), "{:?}", plan.effects);
    for action in [BulkAction::Release, BulkAction::SetAlias(Alias::parse("Desk").ok())] {
        let plan = office.plan(&office.all().await, &action).await;
        assert_eq!((plan.changes, plan.diff.len(), effects(&plan)), (3, 0, vec![]), "{action:?}");
    }
}

/// Marked down because it does not answer, a route does not answer as a last resort either: it is no gain.
async fn what_is_down_answers_no_call_of_the_comparison(db: Db) {
    let office = Office::open(db).await;
    let mobile = office.id("mobile");
    office.db.sql(&format!("update routes set health = 'down', health_since = 1 where id = {mobile}")).await;
    // Health is no change of the account, whose facts are kept by version.
    let portal = portal::Portal::new(office.db.store.clone());
    let chosen = office.all().await;
    let set = BulkAction::SetFailoverRoute(Failover::Route(mobile));
    let plan = portal.plan_bulk(&office.dana, office.account.id, &chosen, &set).await.unwrap();
    assert_eq!(effects(&plan), [(DiffKind::FailsLater, 3)]);
}

async fn a_survey_offers_plans_and_bars_what_leads_back_to_us(db: Db) {
    let office = Office::open(db).await;
    let night = office.add_plan("Night", &[&["mobile"]]).await;
    let hours = office.add_schedule("Office").await;
    let mut day = office.plan_draft("Day", &[&["spare"]]);
    day.steps[0].hours = hours.to_string();
    let day = office.portal.add_plan(&office.dana, office.account.id, &day).await.unwrap();
    office.set_plan("+12065550100", day).await.unwrap();
    let survey = async || {
        let chosen = office.all().await;
        office.portal.survey(&office.dana, office.account.id, &chosen).await.unwrap()
    };
    let found = survey().await;
    let plans: Vec<_> = found.choices.plans.iter().map(|choice| choice.plan.id).collect();
    assert_eq!(plans, [day, night]);
    assert!(found.choices.plans.iter().all(|choice| choice.barred.is_none()));
    let groups: Vec<_> = found.groups.iter().map(|group| (group.failover.to_string(), group.count)).collect();
    assert_eq!(groups, [("none".to_owned(), 2), ("Day".to_owned(), 1)]);
    let snapshot = &found.snapshot;
    assert_eq!((snapshot.plans.len(), snapshot.schedules.len(), snapshot.zones.len()), (2, 1, 1));
    // A number that the plan rings became a DID of another account.
    let other = office.db.second_account().await;
    let sam = portal::Actor::owner(other.id, "Sam", portal::Via::Api);
    let draft = stage(&office.portal, &sam, other.id, "number\n+12065550177\n").await.unwrap();
    office.portal.apply_import(&sam, other.id, &draft, other.version, &Progress::default()).await.unwrap();
    let barred: Vec<bool> =
        survey().await.choices.plans.iter().map(|choice| choice.barred.is_some()).collect();
    assert_eq!(barred, [false, true]);
    let set = BulkAction::SetFailoverRoute(Failover::Plan(night));
    let result = office.apply(&office.all().await, &set).await;
    assert_eq!((result.changed, result.refused), (0, 3));
    assert!(matches!(result.refusals[0].1, Refusal::OwnDid(_)), "{:?}", result.refusals);
}

async fn thousands_get_a_plan_and_their_calls_are_compared_by_group(db: Db) {
    let office = Office::open(db).await;
    let night = office.add_plan("Night", &[&["mobile"], &["spare"]]).await;
    let mut csv = "number,primary,failover\n".to_owned();
    for line in 0..12_000 {
        let failover = ["", "mobile", "spare"][line % 3];
        csv.push_str(&format!("+44113{:07},pbx,{failover}\n", 4_960_000 + line));
    }
    office.import(&csv).await.unwrap();
    let chosen = office.all().await;
    let action = BulkAction::SetFailoverRoute(Failover::Plan(night));
    let plan = office.plan(&chosen, &action).await;
    assert_eq!((plan.changes, plan.rows.len(), plan.not_compared), (12_003, 100, 0));
    let groups: Vec<u64> = plan.diff.iter().map(|group| group.changed.dids).collect();
    assert_eq!(groups, [4_003, 4_000, 4_000]);
    // All get a second layer. Those with the spare host get the mobile before it: where nobody picks up there, no
    // outage leads on to the spare, and where it is dead, they wait for it first.
    assert_eq!(
        effects(&plan),
        [
            (DiffKind::Loss, 4_000),
            (DiffKind::Gain, 12_003),
            (DiffKind::Elsewhere, 4_000),
            (DiffKind::WaitsLonger, 4_000),
        ]
    );
    let result = office.apply(&chosen, &action).await;
    assert_eq!((result.changed, result.refused), (12_003, 0));
    let view = office.portal.plan(&office.dana, office.account.id, night).await.unwrap().view;
    assert_eq!(view.dids, 12_003);
}
