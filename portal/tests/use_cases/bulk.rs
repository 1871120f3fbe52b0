//! Choose a DID Action, over numbers and over a filter.

use portal::{
    Actor, BulkAction, BulkPlan, BulkResult, DidDraft, DidFilter, Drift, Error, FailoverFilter, FailoverRef,
    Field, PlannedOutcome, Portal, Progress, Refusal, Selection,
};
use routing::{AccountId, Alias, Failover, RouteId, Version};

use crate::office::{Office, number, refused};
use crate::support::{Db, contract};

contract!(
    an_action_changes_the_chosen_numbers_and_no_other,
    an_action_over_a_filter_reaches_every_match_though_it_changes_what_matches,
    what_somebody_edited_since_is_refused_and_the_rest_is_done,
    a_route_that_leads_back_to_us_is_refused_for_every_did,
    each_action_does_what_it_says,
    a_plan_shows_what_applying_does,
    a_survey_counts_groups_and_bars_what_leads_back_to_us,
    nothing_to_change_makes_no_version,
    an_unknown_route_is_refused,
    thousands_change_as_one,
    whatever_becomes_of_dids_of_several_rounds_adds_up,
    many_people_at_once_all_get_through_and_no_edit_is_lost,
);

pub(crate) fn numbers(list: &[&str], as_of: Version) -> Selection {
    Selection::Numbers { numbers: list.iter().map(|text| number(text)).collect(), as_of }
}

/// Every DID of the account, chosen by somebody as of now.
pub(crate) async fn all(portal: &Portal, who: &Actor, account: AccountId) -> Selection {
    Selection::Matching(portal.choose_matching(who, account, DidFilter::default()).await.unwrap())
}

impl Office {
    /// Every DID, as of now.
    pub(crate) async fn all(&self) -> Selection {
        all(&self.portal, &self.dana, self.account.id).await
    }

    pub(crate) async fn plan(&self, selection: &Selection, action: &BulkAction) -> BulkPlan {
        self.portal.plan_bulk(&self.dana, self.account.id, selection, action).await.unwrap()
    }

    pub(crate) async fn apply(&self, selection: &Selection, action: &BulkAction) -> BulkResult {
        let why = Some("  because\nof a test ".to_owned());
        let (actor, account, progress) = (&self.dana, self.account.id, Progress::default());
        self.portal.apply_bulk(actor, account, selection, action, why, &progress).await.unwrap()
    }

    pub(crate) async fn failovers(&self) -> Vec<String> {
        self.dids().await.iter().map(|row| row.failover.to_string()).collect()
    }
}

async fn an_action_changes_the_chosen_numbers_and_no_other(db: Db) {
    let office = Office::open(db).await;
    let chosen =
        numbers(&["+12065550102", "+12065550100", "+12065550100", "+12065550199"], office.version().await);
    let result =
        office.apply(&chosen, &BulkAction::SetFailoverRoute(Failover::Route(office.id("mobile")))).await;
    assert_eq!((result.changed, result.unchanged, result.refused), (2, 0, 1));
    assert_eq!(result.refusals, [(number("+12065550199"), Refusal::Gone)]);
    assert_eq!(office.failovers().await, ["mobile", "none", "mobile"]);
    let done =
        office.portal.operation(&office.dana, office.account.id, result.version.unwrap()).await.unwrap();
    assert_eq!((done.kind.as_str(), done.about.as_str()), ("set_failover_route", "mobile"));
    assert_eq!(done.reason.as_deref(), Some("because of a test"));
    assert_eq!((done.changed, done.refused, done.changes.len()), (2, 1, 2));
    assert_eq!(done.refusals, result.refusals);
    assert_eq!(done.changes[0].fields[0].after.as_deref(), Some("mobile"));
}

async fn an_action_over_a_filter_reaches_every_match_though_it_changes_what_matches(db: Db) {
    let office = Office::open(db).await;
    let filter = DidFilter { failover: FailoverFilter::None, ..DidFilter::default() };
    let chosen = office.portal.choose_matching(&office.dana, office.account.id, filter).await.unwrap();
    let chosen = Selection::Matching(chosen);
    let result =
        office.apply(&chosen, &BulkAction::SetFailoverRoute(Failover::Route(office.id("mobile")))).await;
    assert_eq!((result.changed, result.refused), (3, 0));
    assert_eq!(office.failovers().await, ["mobile", "mobile", "mobile"]);
}

async fn what_somebody_edited_since_is_refused_and_the_rest_is_done(db: Db) {
    let office = Office::open(db).await;
    let (seen, chosen) = (office.version().await, office.all().await);
    let primary = office.id("pbx").to_string();
    let theirs = DidDraft { alias: "Sam".into(), primary, ..DidDraft::default() };
    let did = number("+12065550101");
    office.portal.edit_did(&office.sam, office.account.id, did, seen, &theirs).await.unwrap();
    for chosen in [&chosen, &numbers(&["+12065550100", "+12065550101", "+12065550102"], seen)] {
        let plan = office.plan(chosen, &BulkAction::Release).await;
        assert_eq!((plan.selected, plan.changes, plan.refused), (3, 2, 1));
        let PlannedOutcome::Refused(Refusal::EditedSince { by, .. }) = &plan.rows[0].after else {
            panic!("{:?}", plan.rows)
        };
        assert_eq!((plan.rows[0].number, by.as_str()), (did, "Sam"));
    }
    let result = office.apply(&chosen, &BulkAction::Release).await;
    assert_eq!((result.changed, result.refused), (2, 1));
    assert!(
        matches!(&result.refusals[..], [(number, Refusal::EditedSince { by, .. })] if *number == did && by == "Sam")
    );
    assert_eq!(office.dids().await.len(), 1);
    let done =
        office.portal.operation(&office.dana, office.account.id, result.version.unwrap()).await.unwrap();
    assert_eq!(done.refusals, result.refusals);
}

async fn a_route_that_leads_back_to_us_is_refused_for_every_did(db: Db) {
    let mut office = Office::open(db).await;
    let own = office.add("own", "uri", "sip:+1-206-555-0102@carrier.example").await;
    let before = office.version().await;
    let action = BulkAction::SetFailoverRoute(Failover::Route(own));
    assert_eq!(office.plan(&office.all().await, &action).await.refused, 3);
    let result = office.apply(&office.all().await, &action).await;
    assert_eq!((result.version, result.changed, result.refused), (None, 0, 3));
    assert!(matches!(result.refusals[0].1, Refusal::OwnDid(_)), "{:?}", result.refusals);
    assert_eq!(office.version().await, before);
    // As a primary it may be.
    assert_eq!(office.apply(&office.all().await, &BulkAction::SetRoute(own)).await.changed, 3);
}

async fn each_action_does_what_it_says(db: Db) {
    let office = Office::open(db).await;
    let desk = Some(Alias::parse("Desk").unwrap());
    let rows = [
        (BulkAction::SetRoute(office.id("spare")), "+12065550100,Front desk,spare,"),
        (
            BulkAction::SetFailoverRoute(Failover::Route(RouteId::REGISTERED)),
            "+12065550100,Front desk,spare,sip-reg",
        ),
        (BulkAction::SetAlias(desk), "+12065550100,Desk,spare,sip-reg"),
        (BulkAction::SetAlias(None), "+12065550100,,spare,sip-reg"),
        (BulkAction::ClearFailoverRoute, "+12065550100,,spare,"),
    ];
    for (action, expected) in rows {
        office.apply(&office.all().await, &action).await;
        assert_eq!(office.csv().await.lines().nth(1).unwrap(), expected, "{action:?}");
    }
    // Of one alone, the history says which.
    let alone = numbers(&["+12065550102"], office.version().await);
    let done = office.apply(&alone, &BulkAction::Release).await.version.unwrap();
    let done = office.portal.operation(&office.dana, office.account.id, done).await.unwrap();
    assert_eq!(done.about, "+12065550102");
    office.apply(&office.all().await, &BulkAction::Release).await;
    assert!(office.dids().await.is_empty());
    let overview = office.portal.overview(&office.dana, office.account.id).await.unwrap();
    assert_eq!((overview.dids, overview.routes), (0, 3));
}

async fn a_plan_shows_what_applying_does(db: Db) {
    let office = Office::open(db).await;
    office.set_failover("+12065550100", office.id("spare")).await.unwrap();
    office.set_failover("+12065550101", office.id("mobile")).await.unwrap();
    let before = office.version().await;
    let action = BulkAction::SetRoute(office.id("spare"));
    let plan = office.plan(&office.all().await, &action).await;
    assert_eq!((plan.selected, plan.changes, plan.unchanged, plan.refused), (3, 2, 0, 1));
    assert_eq!(plan.rows[0].after, PlannedOutcome::Refused(Refusal::SameAsFailover));
    assert_eq!(plan.rows[0].before.0.alias.as_str(), "pbx");
    let PlannedOutcome::Changes { primary, failover, alias, released, .. } = &plan.rows[1].after else {
        panic!()
    };
    assert_eq!((primary.alias.as_str(), failover.to_string().as_str()), ("spare", "mobile"));
    assert_eq!((alias, released), (&None, &false));
    assert_eq!(office.version().await, before);
    let result = office.apply(&office.all().await, &action).await;
    assert_eq!(
        (result.changed, result.unchanged, result.refused),
        (plan.changes, plan.unchanged, plan.refused)
    );
}

async fn a_survey_counts_groups_and_bars_what_leads_back_to_us(db: Db) {
    let mut office = Office::open(db).await;
    office.add("own", "phone", "+12065550102").await;
    office.set_failover("+12065550101", office.id("mobile")).await.unwrap();
    let version = office.version().await;
    let chosen = numbers(&["+12065550100", "+12065550101", "+12065550102", "+12065550103"], version);
    for (selection, missing) in [(chosen, vec![number("+12065550103")]), (office.all().await, vec![])] {
        let survey = office.portal.survey(&office.dana, office.account.id, &selection).await.unwrap();
        assert_eq!((survey.selected, survey.first.len(), survey.missing), (3, 3, missing));
        let groups: Vec<(String, u64)> =
            survey.groups.iter().map(|group| (group.failover.to_string(), group.count)).collect();
        assert_eq!(groups, [("none".to_owned(), 2), ("mobile".to_owned(), 1)]);
        assert_eq!(survey.groups[0].failover, FailoverRef::None);
        let choices: Vec<(&str, bool)> = survey
            .choices
            .routes
            .iter()
            .map(|choice| (choice.route.alias.as_str(), choice.barred.is_some()))
            .collect();
        assert_eq!(
            choices,
            [("sip-reg", false), ("mobile", false), ("own", true), ("pbx", false), ("spare", false)]
        );
        assert_eq!((survey.snapshot.dids.len(), survey.snapshot.routes.len()), (2, 4));
    }
}

async fn nothing_to_change_makes_no_version(db: Db) {
    let office = Office::open(db).await;
    let before = office.version().await;
    let result = office.apply(&office.all().await, &BulkAction::ClearFailoverRoute).await;
    assert_eq!((result.version, result.unchanged), (None, 3));
    let nobody = numbers(&[], before);
    assert_eq!(office.apply(&nobody, &BulkAction::Release).await.changed, 0);
    assert_eq!(office.version().await, before);
}

async fn an_unknown_route_is_refused(db: Db) {
    let office = Office::open(db).await;
    let action = BulkAction::SetRoute(RouteId(99));
    let chosen = office.all().await;
    let planned = office.portal.plan_bulk(&office.dana, office.account.id, &chosen, &action).await;
    assert_eq!(refused(planned), [(Field::Route, "unknown_route")]);
    let applied = office
        .portal
        .apply_bulk(&office.dana, office.account.id, &chosen, &action, None, &Progress::default())
        .await;
    assert_eq!(refused(applied), [(Field::Route, "unknown_route")]);
    let many = vec![number("+12065550100"); 1];
    let mut many: Vec<_> = many
        .into_iter()
        .chain((0..10_001).map(|n| routing::E164::from_u64(442_000_000_000 + n).unwrap()))
        .collect();
    many.push(number("+12065550101"));
    let chosen = Selection::Numbers { numbers: many, as_of: office.version().await };
    let limited =
        office.portal.plan_bulk(&office.dana, office.account.id, &chosen, &BulkAction::Release).await;
    assert!(matches!(limited, Err(Error::Limit { .. })), "{limited:?}");
}

async fn thousands_change_as_one(db: Db) {
    let office = Office::open(db).await;
    let mut csv = "number,primary\n".to_owned();
    for line in 0..12_000 {
        csv.push_str(&format!("+44113{:07},pbx\n", 4_960_000 + line));
    }
    office.import(&csv).await.unwrap();
    let action = BulkAction::SetFailoverRoute(Failover::Route(office.id("mobile")));
    let result = office.apply(&office.all().await, &action).await;
    assert_eq!((result.changed, result.refused), (12_003, 0));
    let overview = office.portal.overview(&office.dana, office.account.id).await.unwrap();
    assert_eq!((overview.dids, overview.without_failover), (12_003, 0));
}

async fn whatever_becomes_of_dids_of_several_rounds_adds_up(db: Db) {
    let office = Office::open(db).await;
    let nth = |n: usize| format!("+44113{:07}", 4_960_000 + 2 * n);
    let rows: String = (0..4_500).map(|n| format!("{},pbx\n", nth(n))).collect();
    office.import(&format!("number,primary\n{rows}")).await.unwrap();
    let action = BulkAction::SetFailoverRoute(Failover::Route(office.id("mobile")));
    let some = async |list: [usize; 2]| {
        let list = list.map(nth);
        numbers(&list.each_ref().map(String::as_str), office.version().await)
    };
    // As asked already, on both sides of the end of a round.
    office.apply(&some([1_995, 2_005]).await, &action).await;
    let chosen = office.all().await;
    let renamed =
        office.apply(&some([100, 4_100]).await, &BulkAction::SetAlias(Alias::parse("x").ok())).await;
    let released = office.apply(&some([3_000, 3_001]).await, &BulkAction::Release).await;
    assert_eq!((renamed.changed, released.changed), (2, 2));
    office.import("number,primary\n+441134960001,pbx\n+441134968001,pbx\n+449999999999,pbx\n").await.unwrap();

    let plan = office.plan(&chosen, &action).await;
    let result = office.apply(&chosen, &action).await;
    assert_eq!((plan.changes, plan.unchanged, plan.refused, plan.drift), (4_497, 2, 2, result.drift));
    assert_eq!((result.changed, result.unchanged, result.refused), (4_497, 2, 2));
    assert_eq!(result.drift, Drift { gone: 2, came: 3 });
    let refused: Vec<String> = result.refusals.iter().map(|(number, _)| number.to_string()).collect();
    assert_eq!(refused, [100, 4_100].map(nth));
    let overview = office.portal.overview(&office.dana, office.account.id).await.unwrap();
    assert_eq!((overview.dids, overview.without_failover), (4_504, 5));

    // Numbers that were chosen one by one: the released ones are missing, of whichever round.
    let listed: Vec<String> = (0..4_500).map(nth).collect();
    let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
    let result = office.apply(&numbers(&listed, office.version().await), &BulkAction::Release).await;
    assert_eq!((result.changed, result.unchanged, result.refused), (4_498, 0, 2));
    let gone = [3_000, 3_001].map(|n| (number(&nth(n)), Refusal::Gone));
    assert_eq!(result.refusals, gone);
    assert_eq!(office.dids().await.len(), 6);
}

async fn many_people_at_once_all_get_through_and_no_edit_is_lost(db: Db) {
    let office = std::sync::Arc::new(Office::open(db).await);
    let seen = office.version().await;
    let tasks: Vec<_> = (0..24)
        .map(|index| {
            let office = std::sync::Arc::clone(&office);
            tokio::spawn(async move {
                let alias = Alias::parse(&format!("Desk {index}")).unwrap();
                let chosen = numbers(&["+12065550100"], seen);
                office.apply(&chosen, &BulkAction::SetAlias(Some(alias))).await
            })
        })
        .collect();
    let mut changed = 0;
    for task in tasks {
        let result = task.await.unwrap();
        assert_eq!(result.changed + result.refused, 1);
        changed += result.changed;
    }
    // The first one wins; the others chose from what is not there any more.
    assert_eq!(changed, 1);
    assert_eq!(office.version().await, Version(seen.0 + 1));
}
