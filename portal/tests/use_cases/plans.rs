//! Failover plans are added, changed and deleted.

use portal::{Error, FailoverRef, Noun, Saved};
use routing::{PlanDraft, PlanId, PlanPlace, RouteId};

use crate::office::{Office, number, step};
use crate::support::{Db, contract};

contract!(
    a_plan_is_added_with_its_change_and_listed_by_name,
    a_plan_that_breaks_rules_leaves_nothing_behind,
    an_edit_says_how_many_dids_it_touches_and_what_it_changed,
    an_edit_on_top_of_somebody_elses_is_refused_with_what_they_changed,
    an_edit_that_changes_nothing_makes_no_version,
    a_plan_in_use_is_not_deleted_and_says_by_which_dids,
    no_plan_leads_back_to_us_in_any_disguise,
    the_desk_holds_what_the_editor_previews_with,
    of_very_many_routes_and_plans_the_desk_brings_those_that_are_used,
    a_plan_is_down_when_every_route_of_it_is,
);

/// The places and codes of a refusal.
fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(PlanPlace, &'static str)> {
    match result {
        Err(Error::PlanRefused(errors)) => {
            errors.iter().map(|error| (error.place, error.problem.code())).collect()
        }
        other => panic!("not refused: {other:?}"),
    }
}

impl Office {
    async fn edit_plan(&self, id: PlanId, draft: &PlanDraft) -> Result<Saved, Error> {
        self.portal.edit_plan(&self.dana, self.account.id, id, self.version().await, draft).await
    }
}

async fn a_plan_is_added_with_its_change_and_listed_by_name(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let hours = office.add_schedule("Office").await;
    let mut draft = office.plan_draft("Night", &[&["mobile", "spare"], &["spare"]]);
    draft.steps[0].hours = hours.to_string();
    draft.steps[0].stagger_s = "2.5".into();
    draft.steps[0].routes.iter_mut().for_each(|route| route.weight = "10".into());
    draft.steps[1].enter_on = "busy".into();
    let id = portal.add_plan(&office.dana, account, &draft).await.unwrap();
    office.add_plan("day", &[&["mobile"]]).await;
    office.set_plan("+12065550100", id).await.unwrap();
    let plans = portal.plans(&office.dana, account).await.unwrap();
    let shown: Vec<_> = plans.iter().map(|view| (view.to_ref.name.as_str(), view.dids)).collect();
    assert_eq!(shown, [("day", 0), ("Night", 1)]);
    assert_eq!(plans[1].worst_case_ms.0, 54_500);
    let choices = portal.plan_choices(&office.dana, account).await.unwrap();
    assert_eq!(choices, plans.iter().map(|view| view.to_ref.clone()).collect::<Vec<_>>());
    let page = portal.plan(&office.dana, account, id).await.unwrap();
    assert_eq!(page.view, plans[1]);
    assert_eq!(PlanDraft::of(&page.view.plan.name, &page.view.plan.steps), draft);
    let users: Vec<_> = page.users.iter().map(|row| row.number).collect();
    assert_eq!(users, [number("+12065550100")]);
    let FailoverRef::Plan(plan) = &page.users[0].failover else { panic!("{:?}", page.users) };
    let aliases: Vec<Vec<&str>> =
        plan.steps.iter().map(|step| step.iter().map(|route| route.alias.as_str()).collect()).collect();
    assert_eq!(aliases, [vec!["mobile", "spare"], vec!["spare"]]);
    let [change] = page.changes.as_slice() else { panic!("{:?}", page.changes) };
    assert_eq!((change.kind.as_str(), change.label.as_str(), change.added), ("add_plan", "Night", true));
    let fields: Vec<_> =
        change.fields.iter().map(|field| (field.name.as_str(), field.after.as_deref().unwrap())).collect();
    assert_eq!(
        fields,
        [
            ("name", "Night"),
            ("step_1", "ring mobile (10) + spare (10); on outage; 6 s/20 s; 2.5 s apart; hours Office"),
            ("step_2", "ring spare; on busy; 6 s/20 s"),
        ]
    );
}

async fn a_plan_that_breaks_rules_leaves_nothing_behind(db: Db) {
    use PlanPlace::{EnterOn, Hours, Name, NoResponse, Ring, Route, Routes, Stagger, Steps, Weight};
    let office = Office::open(db).await;
    office.add_plan("Night", &[&["mobile"]]).await;
    let before = office.version().await;
    let add = async |draft: &PlanDraft| {
        refused(office.portal.add_plan(&office.dana, office.account.id, draft).await)
    };
    assert_eq!(add(&PlanDraft::default()).await, [(Name, "alias_empty"), (Steps, "no_step")]);
    let mut bad = office.plan_draft("NIGHT", &[&["mobile"], &[], &["spare", "mobile"]]);
    bad.steps[0].routes[0].route = "99".into();
    bad.steps[0].hours = "7".into();
    bad.steps[1].enter_on = "sometimes".into();
    bad.steps[1].no_response_s = "-6".into();
    bad.steps[1].ring_s = "121".into();
    bad.steps[1].stagger_s = "soon".into();
    bad.steps[2].routes[0].weight = "5".into();
    assert_eq!(
        add(&bad).await,
        [
            (Name, "name_taken"),
            (Hours(0), "unknown_schedule"),
            (Route(0, 0), "unknown_route"),
            (EnterOn(1), "unknown_trigger"),
            (Routes(1), "no_route"),
            (NoResponse(1), "not_a_time"),
            (Ring(1), "too_long"),
            (Stagger(1), "not_a_time"),
            (Weight(2, 1), "weight_missing"),
        ]
    );
    let long = office.plan_draft("Long", &[&["mobile"][..]; 5]);
    assert_eq!(add(&long).await, [(Steps, "worst_case")]);
    let twice = office.plan_draft("Twice", &[&["mobile", "mobile"]]);
    assert_eq!(add(&twice).await, [(Route(0, 1), "route_twice")]);
    assert_eq!(office.version().await, before);
    // A plan may keep its own name in another case, and the built-in route is always there.
    let built_in = PlanDraft { name: "NIGHT".into(), steps: vec![step(&[RouteId::REGISTERED])] };
    let id = office.portal.plans(&office.dana, office.account.id).await.unwrap()[0].plan.id;
    assert!(office.edit_plan(id, &built_in).await.unwrap().changed);
}

async fn an_edit_says_how_many_dids_it_touches_and_what_it_changed(db: Db) {
    let office = Office::open(db).await;
    let id = office.add_plan("Night", &[&["mobile"], &["spare"]]).await;
    office.set_plan("+12065550100", id).await.unwrap();
    office.set_plan("+12065550101", id).await.unwrap();
    let mut draft = office.plan_draft("Night", &[&["mobile"]]);
    draft.steps[0].ring_s = "12.5".into();
    assert_eq!(office.edit_plan(id, &draft).await.unwrap(), Saved { dids: 2, changed: true });
    let done =
        office.portal.operation(&office.dana, office.account.id, office.version().await).await.unwrap();
    assert_eq!((done.kind.as_str(), done.about.as_str()), ("edit_plan", "Night"));
    let fields: Vec<_> = done.changes[0]
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.before.as_deref(), field.after.as_deref()))
        .collect();
    assert_eq!(
        fields,
        [
            ("step_1", Some("ring mobile; on outage; 6 s/20 s"), Some("ring mobile; on outage; 6 s/12.5 s")),
            ("step_2", Some("ring spare; on outage; 6 s/20 s"), None)
        ]
    );
}

async fn an_edit_on_top_of_somebody_elses_is_refused_with_what_they_changed(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let id = office.add_plan("Night", &[&["mobile"]]).await;
    let seen = office.version().await;
    let theirs = office.plan_draft("Night", &[&["spare"]]);
    portal.edit_plan(&office.sam, account, id, seen, &theirs).await.unwrap();
    let mine = office.plan_draft("Night", &[&["mobile", "spare"]]);
    let Err(Error::PlanConflict(conflict)) = portal.edit_plan(&office.dana, account, id, seen, &mine).await
    else {
        panic!("no conflict")
    };
    assert_eq!(conflict.now.to_ref.steps[0][0].alias.as_str(), "spare");
    let [change] = conflict.changes.as_slice() else { panic!("{conflict:?}") };
    assert_eq!((change.actor.as_str(), change.kind.as_str()), ("Sam", "edit_plan"));
    let deleted = portal.delete_plan(&office.dana, account, id, seen).await;
    assert!(matches!(deleted, Err(Error::PlanConflict(_))), "{deleted:?}");
    // Having seen it, they may.
    portal.edit_plan(&office.dana, account, id, conflict.now.version, &mine).await.unwrap();
    // Two at once: one of them is told.
    let seen = office.version().await;
    let day = office.plan_draft("Day", &[&["mobile"]]);
    let (one, other) = tokio::join!(
        portal.edit_plan(&office.dana, account, id, seen, &theirs),
        portal.edit_plan(&office.sam, account, id, seen, &day),
    );
    let saved = [&one, &other].iter().filter(|result| result.is_ok()).count();
    assert_eq!(saved, 1, "{one:?} {other:?}");
}

async fn an_edit_that_changes_nothing_makes_no_version(db: Db) {
    let office = Office::open(db).await;
    let id = office.add_plan("Night", &[&["mobile"]]).await;
    let before = office.version().await;
    let same = office.plan_draft("Night", &[&["mobile"]]);
    assert_eq!(office.edit_plan(id, &same).await.unwrap(), Saved { dids: 0, changed: false });
    assert_eq!(office.version().await, before);
}

async fn a_plan_in_use_is_not_deleted_and_says_by_which_dids(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let id = office.add_plan("Night", &[&["mobile"]]).await;
    office.set_plan("+12065550101", id).await.unwrap();
    let Err(Error::PlanInUse(in_use)) =
        portal.delete_plan(&office.dana, account, id, office.version().await).await
    else {
        panic!("deleted")
    };
    assert_eq!((in_use.plan.name.as_str(), in_use.count), ("Night", 1));
    assert_eq!(in_use.first[0].0, number("+12065550101"));
    office.set_failover("+12065550101", office.id("mobile")).await.unwrap();
    portal.delete_plan(&office.dana, account, id, office.version().await).await.unwrap();
    let done = portal.operation(&office.dana, account, office.version().await).await.unwrap();
    assert_eq!((done.kind.as_str(), done.changes[0].removed), ("delete_plan", true));
    for gone in [
        portal.plan(&office.dana, account, id).await.map(drop),
        portal.delete_plan(&office.dana, account, id, office.version().await).await,
        office.edit_plan(id, &office.plan_draft("Night", &[&["mobile"]])).await.map(drop),
    ] {
        assert!(matches!(gone, Err(Error::NotFound(Noun::Plan))), "{gone:?}");
    }
}

async fn no_plan_leads_back_to_us_in_any_disguise(db: Db) {
    let mut office = Office::open(db).await;
    for (alias, kind, value, code) in [
        ("a", "phone", "206 555 0101", "own_did"),
        ("c", "uri", "sip:12065550101@pbx.example.com", "own_did_in_uri"),
        ("d", "uri", "sip:x@us-west-or.sip.flowroute.com", "own_edge"),
        ("e", "host", "us-east-va.sip.flowroute.com.", "own_edge"),
    ] {
        office.add(alias, kind, value).await;
        let draft = office.plan_draft("Night", &[&["mobile"], &["spare", alias]]);
        let added = office.portal.add_plan(&office.dana, office.account.id, &draft).await;
        assert_eq!(refused(added), [(PlanPlace::Route(1, 1), code)], "{value}");
    }
}

async fn the_desk_holds_what_the_editor_previews_with(db: Db) {
    let mut office = Office::open(db).await;
    office.add("own", "phone", "+12065550102").await;
    let hours = office.add_schedule("Office").await;
    let id = office.add_plan("Night", &[&["mobile"]]).await;
    let account = office.account.id;
    let new = office.portal.plan_desk(&office.dana, account).await.unwrap();
    assert_eq!(new.primaries, [(office.id("pbx"), 3)]);
    assert_eq!((new.snapshot.routes.len(), new.snapshot.plans.len(), new.snapshot.dids.len()), (4, 1, 0));
    assert_eq!(new.snapshot.zones.len(), 1);
    assert_eq!(new.snapshot.zones[0].name, "America/Los_Angeles");
    let schedules: Vec<_> = new.schedules.iter().map(|(id, name)| (*id, name.as_str())).collect();
    assert_eq!(schedules, [(hours, "Office")]);
    assert_eq!((new.dialling_country.as_str(), new.as_of), ("US", office.version().await));
    let barred: Vec<_> =
        new.choices.iter().map(|choice| (choice.route.alias.as_str(), choice.barred.is_some())).collect();
    assert_eq!(
        barred,
        [("sip-reg", false), ("mobile", false), ("own", true), ("pbx", false), ("spare", false)]
    );
    // Of a plan in use: the primaries of its own DIDs.
    office.import("number,primary,failover\n+12065550110,spare,plan:night\n").await.unwrap();
    let page = office.portal.plan(&office.dana, account, id).await.unwrap();
    assert_eq!(page.desk.primaries, [(office.id("spare"), 1)]);
}

async fn of_very_many_routes_and_plans_the_desk_brings_those_that_are_used(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let night = office.add_plan("Night", &[&["mobile"]]).await;
    let routes: Vec<String> =
        (0..500).map(|at| format!(r#"{{"alias":"r{at}","type":"host","value":"h{at}.example"}}"#)).collect();
    let plans: Vec<String> =
        (0..200).map(|at| format!(r#"{{"name":"p{at}","steps":[{{"routes":["r{at}"]}}]}}"#)).collect();
    let file = format!(
        r#"{{"format":"switchback-account/1","account":{{"name":"Northwind","country":"US"}},"routes":[{}],"plans":[{}]}}"#,
        routes.join(","),
        plans.join(",")
    );
    portal.import_account(&office.dana, office.dana.accounts().pop(), &file, false).await.unwrap();
    let aliases = |snapshot: &routing::Snapshot| -> Vec<String> {
        snapshot.routes.iter().map(|route| route.alias.to_string()).collect()
    };
    let desk = portal.plan(&office.dana, account, night).await.unwrap().desk;
    assert_eq!(aliases(&desk.snapshot), ["pbx", "mobile"]);
    assert_eq!(desk.snapshot.plans.iter().map(|plan| plan.id).collect::<Vec<_>>(), [night]);
    assert_eq!(desk.choices.len(), 504);
    let desk = portal.plan_desk(&office.dana, account).await.unwrap();
    assert_eq!((aliases(&desk.snapshot), desk.snapshot.plans.len()), (vec!["pbx".to_owned()], 0));
    // The screen of an action brings what the chosen DIDs use.
    office.set_plan("+12065550100", night).await.unwrap();
    let chosen = office.all().await;
    let survey = portal.survey(&office.dana, account, &chosen).await.unwrap();
    assert_eq!((aliases(&survey.snapshot).len(), survey.snapshot.plans.len()), (2, 1));
    assert_eq!((survey.choices.routes.len(), survey.choices.plans.len()), (504, 201));
}

async fn a_plan_is_down_when_every_route_of_it_is(db: Db) {
    let office = Office::open(db).await;
    let id = office.add_plan("Night", &[&["mobile"], &["spare"]]).await;
    for (alias, down) in [("mobile", false), ("spare", true)] {
        let route = office.id(alias);
        office
            .db
            .sql(&format!("update routes set health = 'down', health_since = 1 where id = {route}"))
            .await;
        // Health is no change of the account; another server has not read it before.
        let portal = portal::Portal::new(office.db.store.clone());
        let page = portal.plan(&office.dana, office.account.id, id).await.unwrap();
        assert_eq!(page.view.to_ref.down, down, "{alias}");
        assert!(page.desk.marked_down.contains(&route), "{alias}");
    }
}
