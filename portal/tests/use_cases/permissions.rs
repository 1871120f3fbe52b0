//! Nobody sees or changes another account: for them it does not exist.

use portal::{
    ActivityDraft, Actor, BulkAction, CaseDraft, DidDraft, DidFilter, DidQuery, Error, Field, NewAccount,
    Noun, OperationsAt, Progress, Result, RouteQuery, Via,
};
use routing::{Case, CaseId, Expectation, Reaches, RouteId, Scenario, Version};

use crate::office::{Office, draft, number, office_hours, refused};
use crate::support::{Db, contract};

contract!(every_use_case_hides_another_account, the_history_begins_with_the_creation_of_the_account,);

#[track_caller]
fn hidden<T: std::fmt::Debug>(name: &str, result: Result<T>) {
    assert!(matches!(result, Err(Error::NotFound(Noun::Account))), "{name}: {result:?}");
}

async fn every_use_case_hides_another_account(db: Db) {
    let office = Office::open(db).await;
    let other = office.db.second_account().await;
    let (portal, mine, seen) = (&office.portal, office.account.id, Version(i64::MAX));
    let sam = Actor::owner(other.id, "Sam", Via::Api);
    let did = number("+12065550100");
    let all = crate::bulk::all(portal, &sam, other.id).await;
    let route = draft("x", "host", "x.example");
    let draft_id = office.stage("number\n+12065550110\n").await.unwrap();
    let nobody = Expectation { reaches: Reaches::Nobody, within_ms: None };
    let call = Case { scenario: Scenario::new(did), expect: nobody };
    let case = CaseDraft { name: "x".into(), case: call };
    hidden("overview", portal.overview(&sam, mine).await);
    hidden("routes", portal.routes(&sam, mine, &RouteQuery::default()).await);
    hidden("route", portal.route(&sam, mine, RouteId(1)).await);
    hidden("route_choices", portal.route_choices(&sam, mine).await);
    hidden("route_users", portal.route_users(&sam, mine, RouteId(1)).await);
    hidden("route_in_use", portal.route_in_use(&sam, mine, RouteId(1)).await);
    hidden("check_route", portal.check_route(&sam, mine, None, &route).await);
    hidden("add_route", portal.add_route(&sam, mine, &route).await);
    hidden("edit_route", portal.edit_route(&sam, mine, RouteId(1), seen, &route).await);
    hidden("delete_route", portal.delete_route(&sam, mine, RouteId(3), seen).await);
    let plan = office.add_plan("Night", &[&["mobile"]]).await;
    let plan_draft = office.plan_draft("Day", &[&["mobile"]]);
    hidden("plans", portal.plans(&sam, mine).await);
    hidden("plan_choices", portal.plan_choices(&sam, mine).await);
    hidden("did_choices", portal.did_choices(&sam, mine).await);
    hidden("plan", portal.plan(&sam, mine, plan).await);
    hidden("plan_desk", portal.plan_desk(&sam, mine).await);
    hidden("add_plan", portal.add_plan(&sam, mine, &plan_draft).await);
    hidden("edit_plan", portal.edit_plan(&sam, mine, plan, seen, &plan_draft).await);
    hidden("delete_plan", portal.delete_plan(&sam, mine, plan, seen).await);
    let schedule = office.add_schedule("Office").await;
    let hours = office_hours("Desk");
    hidden("schedules", portal.schedules(&sam, mine).await);
    hidden("schedule", portal.schedule(&sam, mine, schedule).await);
    hidden("add_schedule", portal.add_schedule(&sam, mine, &hours).await);
    hidden("edit_schedule", portal.edit_schedule(&sam, mine, schedule, seen, &hours).await);
    hidden("delete_schedule", portal.delete_schedule(&sam, mine, schedule, seen).await);
    hidden("dids", portal.dids(&sam, mine, &DidQuery::default()).await);
    hidden("did", portal.did(&sam, mine, did).await);
    hidden("edit_did", portal.edit_did(&sam, mine, did, seen, &DidDraft::default()).await);
    let undo = portal::OperationKind::Undo;
    hidden("choose_matching", portal.choose_matching(&sam, mine, portal::DidFilter::default()).await);
    hidden("begin_job", portal.begin_job(&sam, mine, &undo, String::new()));
    let job = portal.begin_job(&office.dana, mine, &undo, String::new()).unwrap();
    hidden("job", portal.job(&sam, mine, job.id()).await);
    hidden("running_job", portal.running_job(&sam, mine).await);
    hidden("cancel_job", portal.cancel_job(&sam, mine, job.id()).await);
    hidden("survey", portal.survey(&sam, mine, &all).await);
    hidden("plan_bulk", portal.plan_bulk(&sam, mine, &all, &BulkAction::Release).await);
    hidden(
        "apply_bulk",
        portal.apply_bulk(&sam, mine, &all, &BulkAction::Release, None, &Progress::default()).await,
    );
    hidden("operation", portal.operation(&sam, mine, Version(1)).await);
    hidden("verify_chain", portal.verify_chain(&sam, mine, None).await);
    hidden("export_audit", portal.export_audit(&sam, mine).await);
    hidden("operation_from", portal.operation_from(&sam, mine, Version(1), 0).await);
    let everything = ActivityDraft::default();
    hidden("undo_plan", portal.undo_plan(&sam, mine, Version(1)).await);
    hidden("undo", portal.undo(&sam, mine, Version(1), None, &Progress::default()).await);
    let (after, thing) = (portal::Moment::After(Version(1)), portal::Subject::Did(did));
    hidden("account_at", portal.account_at(&sam, mine, Version(1)).await);
    hidden("replay", portal.replay(&sam, mine, did, after).await);
    hidden("compare", portal.compare(&sam, mine, [after; 2]).await);
    hidden("history_of", portal.history_of(&sam, mine, thing).await);
    hidden("restore_plan", portal.restore_plan(&sam, mine, thing, Version(1)).await);
    hidden("restore", portal.restore(&sam, mine, thing, (Version(1), seen), None).await);
    hidden("activity", portal.activity(&sam, mine, &everything, OperationsAt::Newest).await);
    hidden("cases", portal.cases(&sam, mine).await);
    hidden("case", portal.case(&sam, mine, CaseId(1)).await);
    hidden("add_case", portal.add_case(&sam, mine, &case).await);
    hidden("edit_case", portal.edit_case(&sam, mine, CaseId(1), seen, &case).await);
    hidden("delete_case", portal.delete_case(&sam, mine, CaseId(1), seen).await);
    hidden("findings", portal.findings(&sam, mine).await);
    hidden("accept_finding", portal.accept_finding(&sam, mine, "x", "x", "").await);
    hidden("withdraw_acceptance", portal.withdraw_acceptance(&sam, mine, "x").await);
    hidden("desk", portal.desk(&sam, mine, None).await);
    hidden("begin_import", portal.begin_import(&sam, mine, "x.csv").await);
    hidden("discard_import", portal.discard_import(&sam, mine, &draft_id).await);
    hidden("staged_import", portal.staged_import(&sam, mine, &draft_id).await);
    hidden("apply_import", portal.apply_import(&sam, mine, &draft_id, seen, &Progress::default()).await);
    hidden("export_csv", portal.export_csv(&sam, mine, &DidFilter::default(), |_| ()).await);
    hidden("export_account", portal.export_account(&sam, mine).await);
    assert_eq!(office.dids().await.len(), 3);
    assert_eq!(portal.plans(&office.dana, mine).await.unwrap().len(), 1);
    assert_eq!(portal.schedules(&office.dana, mine).await.unwrap().len(), 1);
    // In their own account, this one's things are not there either.
    let theirs = portal.plan(&sam, other.id, plan).await;
    assert!(matches!(theirs, Err(Error::NotFound(Noun::Plan))), "{theirs:?}");
    let theirs = portal.schedule(&sam, other.id, schedule).await;
    assert!(matches!(theirs, Err(Error::NotFound(Noun::Schedule))), "{theirs:?}");
    // Nor can their plans name what is this one's.
    let theirs = portal.add_plan(&sam, other.id, &plan_draft).await;
    assert!(matches!(theirs, Err(Error::PlanRefused(_))), "{theirs:?}");
    let theirs = portal.did(&sam, other.id, did).await;
    assert!(matches!(theirs, Err(Error::NotFound(Noun::Did))), "{theirs:?}");
    let theirs = portal.staged_import(&sam, other.id, &draft_id).await;
    assert!(matches!(theirs, Err(Error::NotFound(Noun::Draft))), "{theirs:?}");
    let theirs = portal.operation(&sam, other.id, Version(1)).await;
    assert!(matches!(theirs, Err(Error::NotFound(Noun::Operation))), "{theirs:?}");
}

async fn the_history_begins_with_the_creation_of_the_account(db: Db) {
    let portal = portal::Portal::new(db.store.clone());
    // What is wrong with the form is said all at once, and nothing is created.
    let bad = NewAccount { name: " ".into(), country: "QQ".into() };
    assert_eq!(
        refused(portal.create_account(&Actor::operator("test"), &bad).await),
        [(Field::Name, "missing"), (Field::Country, "unknown_country")]
    );
    assert!(portal.accounts(&Actor::operator("test")).await.unwrap().pop().is_none());
    let office = Office::empty(db).await;
    let created = office.portal.operation(&office.dana, office.account.id, Version(0)).await.unwrap();
    assert_eq!(
        (created.kind.as_str(), created.actor.as_str(), created.via.as_str(), created.about.as_str()),
        ("create_account", "owner", "command_line", "Northwind")
    );
    let [change] = created.changes.as_slice() else { panic!("{created:?}") };
    assert!(change.added);
    let country = change.fields.iter().find(|field| field.name == "country").unwrap();
    assert_eq!((country.before.as_deref(), country.after.as_deref()), (None, Some("US")));
}
