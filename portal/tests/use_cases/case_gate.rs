//! No change goes against a saved case unless somebody confirms it.

use portal::{
    Actor, BulkAction, DidDraft, Error, Progress, Result, RouteDraft, Saved, ScheduleDraft, Selection,
};
use routing::{
    Answerer, Case, CaseId, E164, Failover, PlanDraft, PlanId, Reaches, RouteId, Scenario, StepDraft,
    StepRouteDraft, Verdict,
};

use crate::bulk::numbers;
use crate::cases::{DESK, add, pbx_silent};
use crate::office::{Office, number};
use crate::support::{Db, contract};

contract!(
    a_did_is_not_changed_against_a_case,
    no_bulk_action_is_done_against_a_case,
    a_plan_of_an_action_names_the_cases_that_it_would_break,
    a_case_that_broke_after_the_others_were_shown_is_asked_about,
    a_route_is_not_changed_against_a_case,
    a_plan_is_not_changed_against_a_case,
    a_schedule_is_not_changed_against_a_case,
    no_csv_is_imported_against_a_case,
    no_account_file_is_imported_against_a_case,
    a_case_that_failed_before_blocks_nothing,
    a_change_is_held_against_all_cases_and_names_those_that_break,
);

/// An office with a plan and a case that holds: with a silent PBX, the front desk's calls reach the mobile, by the plan
/// `Layers`, in the hours `Always`.
struct Guarded {
    office: Office,
    plan: PlanId,
    schedule: routing::ScheduleId,
    case: CaseId,
}

const WHOLE_WEEK: &str = "00:00-24:00";

fn hours(text: &str) -> ScheduleDraft {
    ScheduleDraft {
        name: "Always".into(),
        zone: "Europe/Berlin".into(),
        weekly: std::array::from_fn(|_| text.to_owned()),
        exceptions: String::new(),
    }
}

fn layers(route: RouteId, enter_on: &str, hours: routing::ScheduleId) -> PlanDraft {
    let step = StepDraft {
        routes: vec![StepRouteDraft { route: route.to_string(), weight: String::new() }],
        enter_on: enter_on.to_owned(),
        hours: hours.to_string(),
        no_response_s: "6".to_owned(),
        ring_s: "20".to_owned(),
        stagger_s: String::new(),
    };
    PlanDraft { name: "Layers".to_owned(), steps: vec![step] }
}

impl Guarded {
    async fn open(db: Db) -> Guarded {
        let office = Office::open(db).await;
        let (dana, account) = (&office.dana, office.account.id);
        let schedule = office.portal.add_schedule(dana, account, &hours(WHOLE_WEEK)).await.unwrap();
        let plan = layers(office.id("mobile"), "outage", schedule);
        let plan = office.portal.add_plan(dana, account, &plan).await.unwrap();
        let guarded = Guarded { office, plan, schedule, case: CaseId(1) };
        guarded.edit_did(&guarded.office.dana, &format!("plan:{plan}")).await.unwrap();
        let mut case = pbx_silent(&guarded.office, 15);
        // A Sunday.
        case.scenario.at = Some(1_795_950_000);
        let case = add(&guarded.office, "Desk", &case).await.unwrap();
        assert!(guarded.holds().await);
        Guarded { case, ..guarded }
    }

    async fn holds(&self) -> bool {
        let account = self.office.account.id;
        let cases = self.office.portal.cases(&self.office.dana, account).await.unwrap();
        cases.iter().all(|case| case.verdict.holds())
    }

    async fn edit_did(&self, actor: &Actor, failover: &str) -> Result<Saved> {
        let Office { portal, account, .. } = &self.office;
        let draft = DidDraft {
            primary: self.office.id("pbx").to_string(),
            failover: failover.to_owned(),
            ..DidDraft::default()
        };
        let as_of = self.office.version().await;
        portal.edit_did(actor, account.id, number(DESK), as_of, &draft).await
    }

    async fn apply(&self, actor: &Actor, action: &BulkAction) -> Result<portal::BulkResult> {
        let all = crate::bulk::all(&self.office.portal, actor, self.office.account.id).await;
        self.office
            .portal
            .apply_bulk(actor, self.office.account.id, &all, action, None, &Progress::default())
            .await
    }

    /// The change is refused, nothing of it remains; confirmed, it is made, and the history says against what.
    async fn guards<T: std::fmt::Debug>(&self, change: impl AsyncFn(&Actor) -> Result<T>) {
        let Office { portal, dana, account, .. } = &self.office;
        let before = (self.office.version().await, self.office.csv().await);
        let refused = change(dana).await;
        let Err(error @ Error::BreaksCases(broken)) = &refused else { panic!("{refused:?}") };
        assert_eq!(error.to_string(), "this would break 1 saved case that holds now: Desk");
        assert_eq!(broken.iter().map(|case| case.id).collect::<Vec<_>>(), [self.case]);
        assert!(broken[0].before.holds() && !broken[0].after.holds(), "{broken:?}");
        assert_eq!((self.office.version().await, self.office.csv().await), before);
        assert!(self.holds().await);

        change(&dana.clone().confirming_broken_cases([self.case])).await.unwrap();
        assert!(!self.holds().await);
        let done = portal.operation(dana, account.id, self.office.version().await).await.unwrap();
        assert_eq!(done.broken_cases, ["Desk"]);
        assert!(done.changed > 0);
    }

    /// A change that mends the case needs no confirmation, and breaks nothing.
    async fn mends<T: std::fmt::Debug>(&self, change: impl AsyncFn(&Actor) -> Result<T>) {
        change(&self.office.dana).await.unwrap();
        assert!(self.holds().await);
        let Office { portal, dana, account, .. } = &self.office;
        let done = portal.operation(dana, account.id, self.office.version().await).await.unwrap();
        assert_eq!(done.broken_cases, [""; 0]);
    }
}

async fn a_did_is_not_changed_against_a_case(db: Db) {
    let guarded = Guarded::open(db).await;
    guarded.guards(async |actor: &Actor| guarded.edit_did(actor, "").await).await;
    let plan = format!("plan:{}", guarded.plan);
    guarded.mends(async |actor: &Actor| guarded.edit_did(actor, &plan).await).await;
}

async fn no_bulk_action_is_done_against_a_case(db: Db) {
    let guarded = Guarded::open(db).await;
    let set = BulkAction::SetFailoverRoute(Failover::Plan(guarded.plan));
    guarded.guards(async |actor: &Actor| guarded.apply(actor, &BulkAction::ClearFailoverRoute).await).await;
    guarded.mends(async |actor: &Actor| guarded.apply(actor, &set).await).await;
    guarded.guards(async |actor: &Actor| guarded.apply(actor, &BulkAction::Release).await).await;
    // An alias changes no call.
    guarded.office.import("number,primary\n+12065550100,pbx\n").await.unwrap();
    guarded.mends(async |actor: &Actor| guarded.apply(actor, &set).await).await;
    guarded.apply(&guarded.office.dana, &BulkAction::SetAlias(None)).await.unwrap();
}

async fn a_plan_of_an_action_names_the_cases_that_it_would_break(db: Db) {
    let mut guarded = Guarded::open(db).await;
    guarded.office.add("box", "uri", "sip:box@vm.example.net").await;
    let (office, account) = (&guarded.office, guarded.office.account.id);
    let (dana, portal) = (&office.dana, &office.portal);
    let view = portal.route(dana, account, office.id("box")).await.unwrap();
    let machine = RouteDraft { answerer: "voicemail".into(), ..RouteDraft::of(&view.route) };
    portal.edit_route(dana, account, office.id("box"), view.version, &machine).await.unwrap();
    let late = layers(office.id("mobile"), "outage", guarded.schedule);
    let mut late = PlanDraft { name: "Late".into(), ..late };
    late.steps.insert(0, StepDraft { no_response_s: "20".into(), ..late.steps[0].clone() });
    late.steps[0].routes[0].route = office.id("pbx").to_string();
    let late = portal.add_plan(dana, account, &late).await.unwrap();
    // One that is broken already, of the same DID: no action breaks it.
    let mut broken = pbx_silent(office, 15);
    broken.expect.reaches = Reaches::Nobody;
    let broken = add(office, "Broken", &broken).await.unwrap();
    let set = |failover| BulkAction::SetFailoverRoute(failover);
    let seen = office.version().await;
    let (all, other, desk) = (office.all().await, numbers(&["+12065550101"], seen), numbers(&[DESK], seen));
    let rows: [(&Selection, BulkAction, &[&str]); 11] = [
        (&all, BulkAction::SetRoute(office.id("box")), &["Desk"]),
        (&desk, BulkAction::SetRoute(office.id("spare")), &[]),
        (&all, set(Failover::Route(office.id("box"))), &["Desk"]),
        (&desk, set(Failover::Plan(late)), &["Desk"]),
        (&desk, set(Failover::Route(office.id("spare"))), &[]),
        (&desk, set(Failover::Route(office.id("pbx"))), &[]),
        (&all, BulkAction::ClearFailoverRoute, &["Desk"]),
        (&all, BulkAction::Release, &["Desk"]),
        (&other, BulkAction::Release, &[]),
        (&other, BulkAction::SetRoute(office.id("box")), &[]),
        (&all, BulkAction::SetAlias(None), &[]),
    ];
    for (selection, action, expected) in rows {
        let plan = portal.plan_bulk(dana, account, selection, &action).await.unwrap();
        let names: Vec<&str> = plan.broken_cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names, expected, "{action:?}");
        // It is what applying says, to the verdict.
        if !expected.is_empty() {
            let refused =
                portal.apply_bulk(dana, account, selection, &action, None, &Progress::default()).await;
            let Err(Error::BreaksCases(broken)) = refused else { panic!("{action:?}: {refused:?}") };
            assert_eq!(broken, plan.broken_cases, "{action:?}");
        }
    }
    assert_eq!(office.version().await, seen);
    // What is refused for a DID breaks nothing of it.
    let sure = dana.clone().confirming_broken_cases([guarded.case, broken]);
    guarded.edit_did(&sure, "").await.unwrap();
    guarded.edit_did(&sure, &format!("plan:{}", guarded.plan)).await.unwrap();
    let plan = portal.plan_bulk(dana, account, &all, &BulkAction::Release).await.unwrap();
    assert_eq!((plan.changes, plan.refused, plan.broken_cases.len()), (2, 1, 0));
}

async fn a_case_that_broke_after_the_others_were_shown_is_asked_about(db: Db) {
    let guarded = Guarded::open(db).await;
    let (office, account) = (&guarded.office, guarded.office.account.id);
    let first = guarded.edit_did(&office.dana, "").await;
    assert!(matches!(&first, Err(Error::BreaksCases(shown)) if shown.len() == 1), "{first:?}");
    // Meanwhile somebody saves another case of the same call.
    let stored = office.portal.case(&office.dana, account, guarded.case).await.unwrap();
    let other = add(office, "Another", &stored.case).await.unwrap();
    let sure = office.dana.clone().confirming_broken_cases([guarded.case]);
    let again = guarded.edit_did(&sure, "").await;
    let Err(Error::BreaksCases(broken)) = &again else { panic!("{again:?}") };
    let ids: std::collections::BTreeSet<CaseId> = broken.iter().map(|case| case.id).collect();
    assert_eq!(ids, [guarded.case, other].into(), "all of them are asked about");
    assert!(guarded.holds().await);
    guarded.edit_did(&office.dana.clone().confirming_broken_cases(ids), "").await.unwrap();
    assert!(!guarded.holds().await);
}

async fn a_route_is_not_changed_against_a_case(db: Db) {
    let guarded = Guarded::open(db).await;
    let (office, id) = (&guarded.office, guarded.office.id("mobile"));
    let answers = async |actor: &Actor, answerer: Answerer| {
        let view = office.portal.route(&office.dana, office.account.id, id).await?;
        let mut route = view.route.clone();
        route.domains.answerer = answerer;
        let draft = RouteDraft::of(&route);
        office.portal.edit_route(actor, office.account.id, id, view.version, &draft).await
    };
    guarded.guards(async |actor: &Actor| answers(actor, Answerer::Voicemail).await).await;
    guarded.mends(async |actor: &Actor| answers(actor, Answerer::Person).await).await;
    // Adding and deleting what no call needs goes on as ever.
    let spare = office.id("spare");
    let version = office.version().await;
    office.portal.delete_route(&office.dana, office.account.id, spare, version).await.unwrap();
}

async fn a_plan_is_not_changed_against_a_case(db: Db) {
    let guarded = Guarded::open(db).await;
    let (office, account) = (&guarded.office, guarded.office.account.id);
    let edit = async |actor: &Actor, enter_on: &str| {
        let draft = layers(office.id("mobile"), enter_on, guarded.schedule);
        office.portal.edit_plan(actor, account, guarded.plan, office.version().await, &draft).await
    };
    guarded.guards(async |actor: &Actor| edit(actor, "busy").await).await;
    guarded.mends(async |actor: &Actor| edit(actor, "any_failure").await).await;
}

async fn a_schedule_is_not_changed_against_a_case(db: Db) {
    let guarded = Guarded::open(db).await;
    let (office, account) = (&guarded.office, guarded.office.account.id);
    let edit = async |actor: &Actor, draft: ScheduleDraft| {
        office.portal.edit_schedule(actor, account, guarded.schedule, office.version().await, &draft).await
    };
    let closed = || ScheduleDraft { exceptions: "2026-11-29 closed".into(), ..hours(WHOLE_WEEK) };
    guarded.guards(async |actor: &Actor| edit(actor, closed()).await).await;
    guarded.mends(async |actor: &Actor| edit(actor, hours(WHOLE_WEEK)).await).await;
}

async fn no_csv_is_imported_against_a_case(db: Db) {
    let guarded = Guarded::open(db).await;
    let office = &guarded.office;
    let import = async |actor: &Actor, failover: &str| {
        let csv = format!("number,failover\n{DESK},{failover}\n");
        let draft = office.stage(&csv).await.unwrap();
        office
            .portal
            .apply_import(actor, office.account.id, &draft, office.version().await, &Progress::default())
            .await
    };
    let plan = async |failover: &str, more: &str| {
        let csv = format!("number,failover\n{DESK},{failover}\n{more}");
        let plan = office.plan_import(&csv).await.unwrap();
        plan.broken_cases.clone()
    };
    // The dry run names them, to the verdict, as importing does; with a row that is wrong, nothing would be imported.
    let Err(Error::BreaksCases(refused)) = import(&office.dana, "none").await else { panic!() };
    assert_eq!(plan("none", "+12065550109,mobile\n").await, refused);
    for (failover, more) in [("plan:Layers", ""), ("spare", ""), ("none", "911,\n")] {
        assert_eq!(plan(failover, more).await, [], "{failover} {more}");
    }
    guarded.guards(async |actor: &Actor| import(actor, "none").await).await;
    guarded.mends(async |actor: &Actor| import(actor, "plan:Layers").await).await;
}

async fn no_account_file_is_imported_against_a_case(db: Db) {
    let guarded = Guarded::open(db).await;
    let office = &guarded.office;
    let file = office.portal.export_account(&office.dana, office.account.id).await.unwrap();
    // The account's own clock: the primary is waited for longer than the case allows.
    let slow =
        file.replace("\"no_response_ms\":6000,\"patience_ms\"", "\"no_response_ms\":16000,\"patience_ms\"");
    assert_ne!(slow, file);
    guarded
        .guards(async |actor: &Actor| {
            office.portal.import_account(actor, actor.accounts().pop(), &slow, false).await
        })
        .await;
    guarded
        .mends(async |actor: &Actor| {
            office.portal.import_account(actor, actor.accounts().pop(), &file, false).await
        })
        .await;
    // A dry run names them, to the verdict, and writes nothing.
    let before = (office.version().await, office.csv().await);
    let run = async |file: &str, dry| {
        office.portal.import_account(&office.dana, office.dana.accounts().pop(), file, dry).await
    };
    let Err(Error::BreaksCases(refused)) = run(&slow, false).await else { panic!() };
    let done = run(&slow, true).await.unwrap();
    assert_eq!((done.broken_cases, done.version, done.account_changed), (refused, None, true));
    assert_eq!(run(&file, true).await.unwrap().broken_cases, []);
    assert_eq!((office.version().await, office.csv().await), before);
    assert!(guarded.holds().await);
}

async fn a_case_that_failed_before_blocks_nothing(db: Db) {
    let office = Office::open(db).await;
    let id = add(&office, "Desk", &pbx_silent(&office, 10)).await.unwrap();
    let view = office.portal.case(&office.dana, office.account.id, id).await.unwrap();
    assert!(matches!(view.verdict, Verdict::Elsewhere(_)), "{:?}", view.verdict);
    let nobody = office.all().await;
    let action = BulkAction::SetRoute(office.id("spare"));
    let done = office
        .portal
        .apply_bulk(&office.dana, office.account.id, &nobody, &action, None, &Progress::default())
        .await
        .unwrap();
    assert_eq!(done.changed, 3);
}

async fn a_change_is_held_against_all_cases_and_names_those_that_break(db: Db) {
    let office = Office::open(db).await;
    for did in [DESK, "+12065550101"] {
        office.set_failover(did, office.id("spare")).await.unwrap();
    }
    let called = |did: &str| {
        let case = pbx_silent(&office, 10);
        Case { scenario: Scenario { did: E164::parse(did).unwrap(), ..case.scenario }, ..case }
    };
    for (name, did) in [("b", DESK), ("a", "+12065550101"), ("c", "+12065550102"), ("d", DESK)] {
        add(&office, name, &called(did)).await.unwrap();
    }
    let healthy = Case { scenario: Scenario::new(number(DESK)), ..called(DESK) };
    add(&office, "e", &healthy).await.unwrap();
    let refused = office.set_failover(DESK, RouteId::REGISTERED).await;
    // Registered devices answer too: as soon, so that nothing breaks.
    refused.unwrap();
    let all = office.all().await;
    let action = BulkAction::ClearFailoverRoute;
    let refused = office
        .portal
        .apply_bulk(&office.dana, office.account.id, &all, &action, None, &Progress::default())
        .await;
    let Err(Error::BreaksCases(broken)) = &refused else { panic!("{refused:?}") };
    let names: Vec<&str> = broken.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "d"]);
    let text = refused.unwrap_err().to_string();
    assert_eq!(text, "this would break 3 saved cases that hold now: a, b, d");
}
