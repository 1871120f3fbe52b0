//! Inbound routes are added, changed and deleted.

use portal::{Error, Field, Noun, RouteQuery, RouteSort, RouteView, Saved, Usage};
use routing::{RouteId, Version};

use crate::office::{Office, draft, number, refused};
use crate::support::{Db, contract};

contract!(
    a_route_is_added_with_its_change_and_listed_after_the_built_in_one,
    list_and_page_count_who_uses_a_route_and_follow_every_change,
    a_route_that_breaks_rules_leaves_nothing_behind,
    an_edit_says_how_many_dids_it_touches_and_what_it_changed,
    an_edit_on_top_of_somebody_elses_is_refused_with_what_they_changed,
    an_edit_that_changes_nothing_makes_no_version,
    a_route_in_use_is_not_deleted_and_says_by_which_dids,
    the_built_in_route_is_neither_changed_nor_deleted,
    a_route_of_a_plan_is_not_deleted_and_says_by_which_plans,
    a_failover_route_cannot_be_turned_back_to_us_in_any_disguise,
    a_route_of_a_plan_cannot_be_turned_back_to_us_though_no_did_has_the_plan,
    a_draft_is_checked_without_saving_it,
);

async fn a_route_is_added_with_its_change_and_listed_after_the_built_in_one(db: Db) {
    let office = Office::open(db).await;
    let list = async |query: RouteQuery| -> Vec<String> {
        let views = office.portal.routes(&office.dana, office.account.id, &query).await.unwrap();
        views
            .iter()
            .map(|view| format!("{} {}+{}", view.route.alias, view.usage.primary, view.usage.failover))
            .collect()
    };
    assert_eq!(list(RouteQuery::default()).await, ["sip-reg 0+0", "mobile 0+0", "pbx 3+0", "spare 0+0"]);
    assert_eq!(list(RouteQuery { q: "spare".into(), ..RouteQuery::default() }).await, ["spare 0+0"]);
    assert_eq!(list(RouteQuery { q: "SIP-R".into(), ..RouteQuery::default() }).await, ["sip-reg 0+0"]);
    let added = office.portal.operation(&office.dana, office.account.id, Version(1)).await.unwrap();
    assert_eq!(
        (added.actor.as_str(), added.via.as_str(), added.kind.as_str()),
        ("Dana", "browser", "add_route")
    );
    assert_eq!(added.about, "pbx");
    let fields: Vec<(&str, Option<&str>)> =
        added.changes[0].fields.iter().map(|field| (field.name.as_str(), field.after.as_deref())).collect();
    assert_eq!(
        fields,
        [
            ("alias", Some("pbx")),
            ("type", Some("host")),
            ("value", Some("pbx.example.com")),
            ("answerer", Some("pbx"))
        ]
    );
    assert!(added.changes[0].added);
}

async fn list_and_page_count_who_uses_a_route_and_follow_every_change(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let counted = async || {
        let views = portal.routes(&office.dana, account, &RouteQuery::default()).await.unwrap();
        for view in &views {
            let page = portal.route(&office.dana, account, view.route.id).await.unwrap();
            assert_eq!(page.usage, view.usage, "{}", view.route.alias);
        }
        let line = |view: &RouteView| {
            let Usage { primary, failover, plans } = view.usage;
            format!("{} {primary}+{failover}, {plans} plans", view.route.alias)
        };
        views.iter().map(line).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        counted().await,
        "sip-reg 0+0, 0 plans; mobile 0+0, 0 plans; pbx 3+0, 0 plans; spare 0+0, 0 plans"
    );
    office.set_failover("+12065550100", office.id("spare")).await.unwrap();
    office.set_failover("+12065550101", RouteId::REGISTERED).await.unwrap();
    // A plan counts once, whoever has it and however often it rings the route.
    let night = office.add_plan("Night", &[&["mobile", "spare"], &["mobile"]]).await;
    office.set_plan("+12065550102", night).await.unwrap();
    assert_eq!(
        counted().await,
        "sip-reg 0+1, 0 plans; mobile 0+0, 1 plans; pbx 3+0, 0 plans; spare 0+1, 1 plans"
    );
    let query = RouteQuery { sort: RouteSort::UsedBy, descending: true, ..RouteQuery::default() };
    let views = portal.routes(&office.dana, account, &query).await.unwrap();
    let order: Vec<&str> = views.iter().map(|view| view.route.alias.as_str()).collect();
    assert_eq!(order, ["sip-reg", "pbx", "spare", "mobile"]);
}

async fn a_route_that_breaks_rules_leaves_nothing_behind(db: Db) {
    let office = Office::open(db).await;
    let before = office.version().await;
    let bad = draft("PBX", "phone", "911");
    let result = office.portal.add_route(&office.dana, office.account.id, &bad).await;
    assert_eq!(refused(result), [(Field::Alias, "alias_taken"), (Field::Value, "number_emergency")]);
    assert_eq!(office.version().await, before);
}

async fn an_edit_says_how_many_dids_it_touches_and_what_it_changed(db: Db) {
    let office = Office::open(db).await;
    let (account, id) = (office.account.id, office.id("pbx"));
    let route = office.portal.route(&office.dana, account, id).await.unwrap();
    let draft = portal::RouteDraft {
        value: "pbx2.example.com".into(),
        edge: "4".into(),
        ..portal::RouteDraft::of(&route.route)
    };
    let saved = office.portal.edit_route(&office.dana, account, id, route.version, &draft).await.unwrap();
    assert_eq!(saved, Saved { dids: 3, changed: true });
    let route = office.portal.route(&office.dana, account, id).await.unwrap();
    assert_eq!(route.edge.unwrap().name, "US-East-VA");
    let done = office.portal.operation(&office.dana, account, office.version().await).await.unwrap();
    let fields: Vec<_> = done.changes[0]
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.before.as_deref(), field.after.as_deref()))
        .collect();
    assert_eq!(
        fields,
        [("value", Some("pbx.example.com"), Some("pbx2.example.com")), ("edge", None, Some("US-East-VA"))]
    );
}

async fn an_edit_on_top_of_somebody_elses_is_refused_with_what_they_changed(db: Db) {
    let office = Office::open(db).await;
    let (account, id) = (office.account.id, office.id("pbx"));
    let seen = office.portal.route(&office.dana, account, id).await.unwrap();
    let theirs = draft("pbx", "host", "sam.example.com");
    office.portal.edit_route(&office.sam, account, id, seen.version, &theirs).await.unwrap();
    let mine = draft("pbx", "host", "dana.example.com");
    let Err(Error::RouteConflict(conflict)) =
        office.portal.edit_route(&office.dana, account, id, seen.version, &mine).await
    else {
        panic!("no conflict")
    };
    assert_eq!(conflict.now.route.target.canonical(), "sam.example.com");
    let [change] = conflict.changes.as_slice() else { panic!("{conflict:?}") };
    assert_eq!((change.actor.as_str(), change.via.as_str()), ("Sam", "api"));
    assert_eq!(change.fields[0].after.as_deref(), Some("sam.example.com"));
    let Err(Error::RouteConflict(_)) =
        office.portal.delete_route(&office.dana, account, id, seen.version).await
    else {
        panic!("deleted")
    };
    // Having seen it, they may.
    office.portal.edit_route(&office.dana, account, id, conflict.now.version, &mine).await.unwrap();
}

async fn an_edit_that_changes_nothing_makes_no_version(db: Db) {
    let office = Office::open(db).await;
    let (account, id) = (office.account.id, office.id("mobile"));
    let before = office.version().await;
    let route = office.portal.route(&office.dana, account, id).await.unwrap();
    let same = portal::RouteDraft::of(&route.route);
    let saved = office.portal.edit_route(&office.dana, account, id, before, &same).await.unwrap();
    assert_eq!(saved, Saved { dids: 0, changed: false });
    assert_eq!(office.version().await, before);
}

async fn a_route_in_use_is_not_deleted_and_says_by_which_dids(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    office.set_failover("+12065550101", office.id("mobile")).await.unwrap();
    let version = office.version().await;
    for (alias, first, count) in [("pbx", "+12065550100", 3), ("mobile", "+12065550101", 1)] {
        let Err(Error::InUse(in_use)) =
            office.portal.delete_route(&office.dana, account, office.id(alias), version).await
        else {
            panic!("{alias} was deleted")
        };
        assert_eq!((in_use.first[0].0, in_use.count), (number(first), count), "{alias}");
    }
    let spare = office.id("spare");
    assert!(office.portal.route_in_use(&office.dana, account, spare).await.unwrap().is_none());
    office.portal.delete_route(&office.dana, account, spare, version).await.unwrap();
    let gone = office.portal.route(&office.dana, account, spare).await;
    assert!(matches!(gone, Err(Error::NotFound(Noun::Route))), "{gone:?}");
    let done = office.portal.operation(&office.dana, account, office.version().await).await.unwrap();
    assert!(done.changes[0].removed);
    assert_eq!(done.changes[0].label, "spare");
}

async fn a_route_of_a_plan_is_not_deleted_and_says_by_which_plans(db: Db) {
    let office = Office::open(db).await;
    let (account, spare) = (office.account.id, office.id("spare"));
    let night = office.add_plan("Night", &[&["mobile"], &["spare"]]).await;
    office.add_plan("Day", &[&["spare"], &["spare"]]).await;
    office.set_plan("+12065550102", night).await.unwrap();
    let deleted = office.portal.delete_route(&office.dana, account, spare, office.version().await).await;
    let Err(Error::InUse(in_use)) = &deleted else { panic!("{deleted:?}") };
    let plans: Vec<&str> = in_use.plans.iter().map(routing::Alias::as_str).collect();
    assert_eq!((in_use.count, plans), (0, vec!["Day", "Night"]));
    assert_eq!(
        deleted.unwrap_err().to_string(),
        "spare is in use by failover plans: Day, Night. Please take it out of them before deleting."
    );
    let users = office.portal.route_in_use(&office.dana, account, spare).await.unwrap().unwrap();
    assert_eq!((users.count, users.plans.len()), (0, 2));
    let view = office.portal.route(&office.dana, account, spare).await.unwrap();
    assert_eq!((view.usage.total(), view.usage.plans), (0, 2));
    // A change of it touches the DIDs of its plans, each once.
    office.set_failover("+12065550101", spare).await.unwrap();
    let moved = draft("spare", "uri", "sip:desk@spare2.example.com");
    let version = office.version().await;
    let saved = office.portal.edit_route(&office.dana, account, spare, version, &moved).await.unwrap();
    assert_eq!(saved, Saved { dids: 2, changed: true });
}

async fn the_built_in_route_is_neither_changed_nor_deleted(db: Db) {
    let office = Office::open(db).await;
    let (account, id, version) = (office.account.id, RouteId::REGISTERED, office.version().await);
    let edited =
        office.portal.edit_route(&office.dana, account, id, version, &draft("x", "host", "a.example")).await;
    assert!(matches!(edited, Err(Error::BuiltIn)), "{edited:?}");
    let deleted = office.portal.delete_route(&office.dana, account, id, version).await;
    assert!(matches!(deleted, Err(Error::BuiltIn)), "{deleted:?}");
    assert_eq!(office.portal.route(&office.dana, account, id).await.unwrap().route.alias.as_str(), "sip-reg");
}

async fn a_failover_route_cannot_be_turned_back_to_us_in_any_disguise(db: Db) {
    let office = Office::open(db).await;
    let (account, id) = (office.account.id, office.id("mobile"));
    let edit = async |kind: &str, value: &str| {
        let version = office.version().await;
        office.portal.edit_route(&office.dana, account, id, version, &draft("mobile", kind, value)).await
    };
    // As long as it is no failover, it may ring a DID.
    edit("phone", "+12065550102").await.unwrap();
    edit("phone", "+12065550177").await.unwrap();
    office.set_failover("+12065550100", id).await.unwrap();
    for (kind, value, code) in [
        ("phone", "+12065550102", "own_did"),
        ("phone", "(206) 555-0102", "own_did"),
        ("phone", "12065550100", "own_did"),
        ("uri", "sip:+12065550102@carrier.example", "own_did_in_uri"),
        ("uri", "sip:2065550102@carrier.example;user=phone", "own_did_in_uri"),
        ("host", "us-east-va.sip.flowroute.com", "own_edge"),
        ("host", "US-WEST-OR.sip.flowroute.com:5060", "own_edge"),
        ("uri", "sips:x@us-east-va.sip.flowroute.com", "own_edge"),
    ] {
        assert_eq!(refused(edit(kind, value).await), [(Field::Value, code)], "{kind} {value}");
    }
    edit("uri", "sip:2065550150@carrier.example").await.unwrap();
}

async fn a_route_of_a_plan_cannot_be_turned_back_to_us_though_no_did_has_the_plan(db: Db) {
    let office = Office::open(db).await;
    let (account, id) = (office.account.id, office.id("mobile"));
    let plan = office.add_plan("Night", &[&["mobile"]]).await;
    let own = draft("mobile", "phone", "+12065550102");
    let problems = office.portal.check_route(&office.dana, account, Some(id), &own).await.unwrap();
    assert!(problems[0].problem.to_string().ends_with(" 1 failover plan rings it."), "{problems:?}");
    let version = office.version().await;
    let edited = office.portal.edit_route(&office.dana, account, id, version, &own).await;
    assert_eq!(refused(edited), [(Field::Value, "own_did")]);
    office.portal.delete_plan(&office.dana, account, plan, version).await.unwrap();
    let version = office.version().await;
    office.portal.edit_route(&office.dana, account, id, version, &own).await.unwrap();
}

async fn a_draft_is_checked_without_saving_it(db: Db) {
    let office = Office::open(db).await;
    let (account, before) = (office.account.id, office.version().await);
    let bad = draft("spare", "host", "a b");
    let problems = office.portal.check_route(&office.dana, account, None, &bad).await.unwrap();
    let fields: Vec<Field> = problems.iter().map(|error| error.field).collect();
    assert_eq!(fields, [Field::Alias, Field::Value]);
    let good = draft("spare", "host", "a.example");
    let problems =
        office.portal.check_route(&office.dana, account, Some(office.id("spare")), &good).await.unwrap();
    assert_eq!(problems, []);
    assert_eq!(office.version().await, before);
}
