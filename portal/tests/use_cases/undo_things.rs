//! Undo of everything that is no DID: routes, plans, schedules, saved cases, accepted findings, the account, its files.

use std::collections::BTreeSet;

use portal::{
    ActivityDraft, Actor, CaseDraft, Error, Left, OperationKind, OperationView, Refusal, RouteDraft,
    UndoneBy, Via,
};
use routing::{Case, Expectation, Fault, FaultTarget, Reaches, Scenario, Version};
use store::Subject;

use crate::office::{Office, draft, number, office_hours};
use crate::stir::Dice;
use crate::support::{Db, contract};

contract!(
    whatever_was_done_last_goes_back_and_comes_again,
    an_undo_of_any_entry_does_what_its_plan_says,
    what_was_added_goes_unless_it_is_in_use,
    what_was_deleted_comes_back_under_its_own_id,
    what_was_edited_since_stays_and_says_by_whom,
    a_name_that_was_given_away_is_not_taken_back,
    an_account_file_goes_back_whole_but_for_what_is_in_use,
    a_case_that_an_undo_would_break_is_told_before,
    an_acceptance_and_its_withdrawal_go_back,
    an_entry_that_was_undone_says_so_until_that_is_undone,
);

impl Office {
    async fn entry(&self, version: Version) -> OperationView {
        self.portal.operation(&self.dana, self.account.id, version).await.unwrap()
    }

    async fn undone_by(&self, version: Version) -> Option<UndoneBy> {
        self.entry(version).await.undone_by
    }

    fn sure(&self, cases: &[portal::CaseView]) -> Actor {
        let shown = cases.iter().map(|case| case.id);
        Actor::owner(self.account.id, "Dana", Via::Browser).confirming_broken_cases(shown)
    }
}

async fn whatever_was_done_last_goes_back_and_comes_again(db: Db) {
    let office = Office::open(db).await;
    let mut dice = Dice::new(3);
    let mut undone = BTreeSet::new();
    for _ in 0..160 {
        let before = office.state().await;
        office.stir(&mut dice).await;
        let after = office.state().await;
        let version = after.2.version;
        if version == before.2.version {
            continue;
        }
        // Whatever it breaks: what is held here is that it goes back.
        let actor = office.sure(&office.portal.cases(&office.dana, office.account.id).await.unwrap());
        let kind = office.entry(version).await.kind;
        for expected in [&before, &after] {
            let version = office.version().await;
            let plan = office.undo_plan(version).await;
            assert_eq!((plan.refused, plan.barred), (0, None), "{kind:?}: {plan:#?}");
            let done = office.portal.undo(&actor, office.account.id, version, None).await.unwrap();
            assert_eq!((plan.changes, plan.unchanged), (done.changed, done.unchanged), "{kind:?}");
            let mut state = office.state().await;
            state.2.version = expected.2.version;
            assert_eq!(&state, expected, "{kind:?}");
        }
        undone.insert(kind.as_str().to_owned());
    }
    assert!(undone.len() > 12, "{undone:?}");
}

async fn an_undo_of_any_entry_does_what_its_plan_says(db: Db) {
    let office = Office::open(db).await;
    let mut dice = Dice::new(5);
    let (mut whole, mut in_part) = (0, 0);
    for _ in 0..250 {
        office.stir(&mut dice).await;
        let now = office.version().await;
        let version = Version(1 + dice.roll(now.0 as usize) as i64);
        if dice.roll(3) > 0 {
            continue;
        }
        let actor = office.sure(&office.portal.cases(&office.dana, office.account.id).await.unwrap());
        let plan = office.undo_plan(version).await;
        let holding = office.portal.cases(&office.dana, office.account.id).await.unwrap();
        let done = office.portal.undo(&actor, office.account.id, version, None).await.unwrap();
        assert_eq!((plan.changes, plan.unchanged), (done.changed, done.unchanged), "{plan:#?}");
        assert_eq!((plan.refused, plan.left, plan.refusals), (done.refused, done.left, done.refusals));
        // What the plan said of saved cases is what came of them.
        let forecast: BTreeSet<String> = plan.broken_cases.iter().map(|case| case.name.to_string()).collect();
        let told = match done.version {
            Some(version) => office.entry(version).await.broken_cases.into_iter().collect(),
            None => BTreeSet::new(),
        };
        assert_eq!(forecast, told, "of {} cases", holding.len());
        whole += u64::from(done.refused == 0 && done.changed > 0);
        in_part += u64::from(done.refused > 0);
        office.past(office.version().await).await.snapshot.check().unwrap();
    }
    assert!(whole > 10 && in_part > 10, "{whole} whole, {in_part} in part");
}

async fn what_was_added_goes_unless_it_is_in_use(db: Db) {
    let mut office = Office::open(db).await;
    let hall = office.add("hall", "phone", "+12065550188").await;
    let added = office.version().await;
    office.set_failover("+12065550100", hall).await.unwrap();
    let plan = office.add_plan("Night", &[&["hall"]]).await;
    let plan_added = office.version().await;
    office.set_plan("+12065550101", plan).await.unwrap();
    let why = |left: Vec<Left>| left.into_iter().map(|left| left.why).collect::<Vec<_>>();
    let used = Refusal::InUse { dids: 1, plans: vec!["Night".into()] };
    assert_eq!(why(office.undo_as_planned(added).await.left), [used]);
    assert_eq!(
        why(office.undo_as_planned(plan_added).await.left),
        [Refusal::InUse { dids: 1, plans: vec![] }]
    );
    // Freed by undoing in the other order.
    let now = office.version().await.0;
    for version in [now, now - 1, now - 2] {
        let done = office.undo_as_planned(Version(version)).await;
        assert_eq!((done.changed, done.refused), (1, 0), "{version}");
    }
    assert_eq!(office.undo_as_planned(added).await.changed, 1);
    let stored = office.stored().await;
    assert!(stored.route(hall).is_none() && stored.plans.is_empty());
    let schedule = office.add_schedule("Office").await;
    let hours_added = office.version().await;
    let mut night = office.plan_draft("Day", &[&["mobile"]]);
    night.steps[0].hours = schedule.to_string();
    office.portal.add_plan(&office.dana, office.account.id, &night).await.unwrap();
    let left = office.undo_as_planned(hours_added).await.left;
    assert_eq!(why(left), [Refusal::InUse { dids: 0, plans: vec!["Day".into()] }]);
}

async fn what_was_deleted_comes_back_under_its_own_id(db: Db) {
    let mut office = Office::open(db).await;
    let hall = office.add("hall", "phone", "+12065550188").await;
    let schedule = office.add_schedule("Office").await;
    let mut night = office.plan_draft("Night", &[&["hall"]]);
    night.steps[0].hours = schedule.to_string();
    let plan = office.portal.add_plan(&office.dana, office.account.id, &night).await.unwrap();
    // A case that expects the route by its id.
    let pbx = FaultTarget::Route(office.id("pbx"));
    let scenario = Scenario::new(number("+12065550100")).with_fault(pbx, Fault::Silent);
    let expect = Expectation { reaches: Reaches::Route(hall), within_ms: None };
    let case = CaseDraft { name: "Hall".into(), case: Case { scenario, expect } };
    let case = office.portal.add_case(&office.dana, office.account.id, &case).await.unwrap();
    let before = office.state().await;
    let (portal, dana, account) = (&office.portal, &office.dana, office.account.id);
    portal.delete_plan(dana, account, plan, office.version().await).await.unwrap();
    portal.delete_schedule(dana, account, schedule, office.version().await).await.unwrap();
    portal.delete_route(dana, account, hall, office.version().await).await.unwrap();
    portal.delete_case(dana, account, case, office.version().await).await.unwrap();
    let now = office.version().await.0;
    // A plan cannot come back before its routes and its hours.
    let early = office.undo_as_planned(Version(now - 3)).await;
    assert!(matches!(early.left[0].why, Refusal::TargetGone { .. }), "{early:?}");
    for version in [now, now - 1, now - 2, now - 3] {
        let done = office.undo_as_planned(Version(version)).await;
        assert_eq!((done.changed, done.refused), (1, 0), "{version}");
    }
    let mut after = office.state().await;
    after.2.version = before.2.version;
    assert_eq!(after, before);
    // Ids go on where they stood: a new route does not get an old id.
    let other = office.add("other", "phone", "+12065550189").await;
    assert!(other > hall);
}

async fn what_was_edited_since_stays_and_says_by_whom(db: Db) {
    let office = Office::open(db).await;
    let (portal, account, mobile) = (&office.portal, office.account.id, office.id("mobile"));
    let edit = |alias: &str, value: &str| draft(alias, "phone", value);
    let as_of = office.version().await;
    portal.edit_route(&office.dana, account, mobile, as_of, &edit("mobile", "+12065550178")).await.unwrap();
    let edited = office.version().await;
    portal.edit_route(&office.sam, account, mobile, edited, &edit("mobile", "+12065550179")).await.unwrap();
    let later = office.version().await;
    let done = office.undo_as_planned(edited).await;
    let [Left { subject, label, why: Refusal::EditedAfter { by, version, .. } }] = &done.left[..] else {
        panic!("{done:?}")
    };
    assert_eq!(
        (*subject, label.as_str(), by.as_str(), *version),
        (Subject::Route(mobile), "mobile", "Sam", later)
    );
    // Once Sam's edit is undone, the first is as it was left.
    office.undo_as_planned(later).await;
    assert_eq!(office.undo_as_planned(edited).await.changed, 1);
    assert_eq!(office.stored().await.route(mobile).unwrap().target.canonical(), "+12065550177");
    // What was deleted since is not there to be put back.
    let spare = office.id("spare");
    let as_of = office.version().await;
    let named = RouteDraft { alias: "extra".into(), ..draft("", "phone", "+12065550170") };
    portal.edit_route(&office.dana, account, spare, as_of, &named).await.unwrap();
    let edited = office.version().await;
    portal.delete_route(&office.sam, account, spare, edited).await.unwrap();
    let done = office.undo_as_planned(edited).await;
    assert!(matches!(&done.left[0].why, Refusal::EditedAfter { by, .. } if by == "Sam"), "{done:?}");
}

async fn a_name_that_was_given_away_is_not_taken_back(db: Db) {
    let mut office = Office::open(db).await;
    let spare = office.id("spare");
    let as_of = office.version().await;
    office.portal.delete_route(&office.dana, office.account.id, spare, as_of).await.unwrap();
    let deleted = office.version().await;
    office.add("SPARE", "phone", "+12065550171").await;
    let done = office.undo_as_planned(deleted).await;
    assert_eq!(done.left[0].why, Refusal::NameTaken { name: "spare".into() });
}

async fn an_account_file_goes_back_whole_but_for_what_is_in_use(db: Db) {
    let office = Office::open(db).await;
    let before = office.state().await;
    let file = r#"{"format":"switchback-account/1",
        "account":{"name":"Southwind","country":"DE","defaults":{"ring_ms":15000}},
        "routes":[{"alias":"hall","type":"phone","value":"+493012345188"},
                  {"alias":"mobile","type":"phone","value":"+493012345178"}],
        "schedules":[{"name":"Office","zone":"Europe/Berlin","weekly":{"monday":"08:00-18:00"}}],
        "plans":[{"name":"Night","steps":[{"routes":["hall"],"hours":"Office"}]}],
        "dids":[{"number":"+12065550150","primary":"pbx","failover_plan":"Night"},
                {"number":"+12065550100","alias":"Door","primary":"mobile"}]}"#;
    office.portal.import_account(&office.dana, Some(office.account.id), file, false).await.unwrap();
    let imported = office.version().await;
    // Sam takes the plan for another number: plan, route and hours stay, all else goes.
    let plan = office.stored().await.plans[0].id;
    office.set_plan("+12065550102", plan).await.unwrap();
    let done = office.undo_as_planned(imported).await;
    let left: Vec<&str> = done.left.iter().map(|left| left.label.as_str()).collect();
    assert_eq!(left, ["Night", "Office", "hall"]);
    assert_eq!((done.changed, done.refused), (4, 3));
    // Freed, the undo of the rest is the same undo again.
    office.undo_as_planned(Version(imported.0 + 1)).await;
    let rest = office.undo_as_planned(imported).await;
    assert_eq!((rest.changed, rest.refused), (3, 0), "{rest:?}");
    let mut after = office.state().await;
    after.2.version = before.2.version;
    assert_eq!(after, before);
}

async fn a_case_that_an_undo_would_break_is_told_before(db: Db) {
    let office = Office::open(db).await;
    let mobile = office.id("mobile");
    office.set_failover("+12065550100", mobile).await.unwrap();
    let as_of = office.version().await;
    let voicemail = RouteDraft { answerer: "voicemail".into(), ..draft("mobile", "phone", "+12065550177") };
    office.portal.edit_route(&office.dana, office.account.id, mobile, as_of, &voicemail).await.unwrap();
    let edited = office.version().await;
    let pbx = FaultTarget::Route(office.id("pbx"));
    let scenario = Scenario::new(number("+12065550100")).with_fault(pbx, Fault::Silent);
    let expect = Expectation { reaches: Reaches::Nobody, within_ms: None };
    let case = CaseDraft { name: "Voicemail".into(), case: Case { scenario, expect } };
    office.portal.add_case(&office.dana, office.account.id, &case).await.unwrap();
    let told: Vec<String> =
        office.undo_plan(edited).await.broken_cases.iter().map(|case| case.name.to_string()).collect();
    assert_eq!(told, ["Voicemail"]);
    let asked = office.portal.undo(&office.dana, office.account.id, edited, None).await;
    assert!(matches!(asked, Err(Error::BreaksCases(broken)) if broken.len() == 1));
}

async fn an_acceptance_and_its_withdrawal_go_back(db: Db) {
    let office = Office::open(db).await;
    let (portal, dana, account) = (&office.portal, &office.dana, office.account.id);
    let key = portal.findings(dana, account).await.unwrap().findings[0].key.clone();
    portal.accept_finding(dana, account, &key, "We know", "2031-12-31").await.unwrap();
    let accepted = office.version().await;
    let kept = office.db.store.accepted_findings(account).await.unwrap();
    portal.withdraw_acceptance(&office.sam, account, &key).await.unwrap();
    let withdrawn = office.version().await;
    let early = office.undo_as_planned(accepted).await;
    assert_eq!((early.changed, early.unchanged), (0, 1), "it is gone already");
    assert_eq!(office.undo_as_planned(withdrawn).await.changed, 1);
    assert_eq!(office.db.store.accepted_findings(account).await.unwrap(), kept, "who, when, why, until when");
    assert_eq!(office.undo_as_planned(accepted).await.changed, 1);
    assert_eq!(office.db.store.accepted_findings(account).await.unwrap(), []);
}

async fn an_entry_that_was_undone_says_so_until_that_is_undone(db: Db) {
    let office = Office::open(db).await;
    let schedule = office.portal.add_schedule(&office.dana, office.account.id, &office_hours("Office")).await;
    let added = office.version().await;
    assert_eq!(office.undone_by(added).await, None);
    let first = office.undo(added).await.version.unwrap();
    let told = office.undone_by(added).await.unwrap();
    assert_eq!((told.version, told.actor.as_str(), told.in_part), (first, "Dana", false));
    let list = office.activity(&ActivityDraft::default()).await;
    let row = list.rows.iter().find(|row| row.version == added).unwrap();
    assert_eq!(row.undone_by, Some(told));
    let second = office.undo(first).await.version.unwrap();
    assert_eq!(office.undone_by(added).await, None, "the undo was undone");
    assert_eq!(office.undone_by(first).await.unwrap().version, second);
    let third = office.undo(second).await.version.unwrap();
    assert_eq!(office.undone_by(added).await.unwrap().version, first);
    assert_eq!(office.undone_by(second).await.unwrap().version, third);
    assert_eq!(office.entry(third).await.kind, OperationKind::Undo);
    assert!(
        office.stored().await.schedules.iter().all(|found| Some(found.id) != schedule.as_ref().ok().copied())
    );
}
