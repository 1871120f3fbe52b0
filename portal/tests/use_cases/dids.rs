//! DIDs are listed, looked at, and changed one by one.

use portal::limits::SEARCH_COUNT_MAX;
use portal::{
    BulkAction, Count, Cursor, DidDraft, DidFilter, DidQuery, DidSort, Error, FailoverFilter, Field,
    Progress, Saved, Selection,
};
use routing::{FindingKind, RouteId};

use crate::office::{Office, number, refused, stage};
use crate::support::{Db, contract};

contract!(
    a_page_says_how_many_match_and_where_the_next_one_starts,
    when_all_of_a_list_are_gone_the_way_back_stays,
    matches_are_counted_as_far_as_that_is_cheap,
    a_did_is_changed_with_its_history,
    all_problems_of_a_did_come_together,
    an_edit_on_top_of_somebody_elses_is_refused_with_what_they_changed,
    no_did_gets_a_failover_that_leads_back_to_us,
    a_did_gets_a_plan_and_gives_it_back,
    weights_need_each_other_and_a_failover_route,
    a_dids_page_holds_what_the_preview_needs,
    the_list_shows_a_route_by_its_new_name_at_once,
);

fn draft(alias: &str, primary: RouteId, failover: &str) -> DidDraft {
    DidDraft {
        alias: alias.into(),
        primary: primary.to_string(),
        failover: failover.into(),
        ..DidDraft::default()
    }
}

async fn a_page_says_how_many_match_and_where_the_next_one_starts(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    let mut csv = "number,primary,failover\n".to_owned();
    for line in 0..60 {
        csv.push_str(&format!("+4420794600{line:02},sip-reg,mobile\n"));
    }
    office.import(&csv).await.unwrap();
    let page = office.portal.dids(&office.dana, account, &DidQuery::default()).await.unwrap();
    assert_eq!((page.rows.len(), page.total, page.matching), (50, 63, Count { n: 63, capped: false }));
    let codes: Vec<(u16, u64)> = page.codes.iter().map(|(code, dids)| (code.code, *dids)).collect();
    assert_eq!(codes, [(1, 3), (44, 60)]);
    let query = DidQuery { cursor: page.next.clone(), ..DidQuery::default() };
    let second = office.portal.dids(&office.dana, account, &query).await.unwrap();
    assert_eq!(second.rows.len(), 13);
    let back = DidQuery { cursor: second.previous, backwards: true, ..DidQuery::default() };
    let first = office.portal.dids(&office.dana, account, &back).await.unwrap();
    assert_eq!(first.rows, page.rows);
    // A cursor of another order starts at the beginning.
    let other = DidQuery { cursor: page.next, sort: DidSort::Alias, ..DidQuery::default() };
    assert_eq!(office.portal.dids(&office.dana, account, &other).await.unwrap().rows.len(), 50);
    let filter = DidFilter { failover: FailoverFilter::None, ..DidFilter::default() };
    let none =
        office.portal.dids(&office.dana, account, &DidQuery { filter, ..DidQuery::default() }).await.unwrap();
    assert_eq!((none.rows.len(), none.matching.n, none.total), (3, 3, 63));
}

async fn when_all_of_a_list_are_gone_the_way_back_stays(db: Db) {
    let office = Office::open(db).await;
    let mut csv = "number,primary,failover\n".to_owned();
    for line in 0..60 {
        csv.push_str(&format!("+4420794600{line:02},sip-reg,mobile\n"));
    }
    office.import(&csv).await.unwrap();
    let page = async |filter: &DidFilter, cursor: &Option<Cursor>| {
        let query = DidQuery { filter: filter.clone(), cursor: cursor.clone(), ..DidQuery::default() };
        office.portal.dids(&office.dana, office.account.id, &query).await.unwrap()
    };
    let british = DidFilter { calling_code: Some(44), ..DidFilter::default() };
    let all = DidFilter::default();
    let (second_british, second) = (page(&british, &None).await.next, page(&all, &None).await.next);
    for (released, cursor, total) in [(&british, second_british, 3), (&all, second, 0)] {
        let chosen =
            office.portal.choose_matching(&office.dana, office.account.id, released.clone()).await.unwrap();
        office.apply(&Selection::Matching(chosen), &BulkAction::Release).await;
        let empty = page(released, &cursor).await;
        assert_eq!((empty.rows.len(), empty.matching.n, empty.total), (0, 0, total));
        assert!(cursor.is_some());
        assert_eq!((empty.next, empty.previous), (None, cursor));
    }
    let search = DidFilter { q: Some("desk".into()), ..DidFilter::default() };
    let empty = page(&search, &None).await;
    assert_eq!((empty.rows.len(), empty.matching.n, empty.previous), (0, 0, None));
}

async fn matches_are_counted_as_far_as_that_is_cheap(db: Db) {
    let office = Office::open(db).await;
    let mut csv = "number,alias,primary,failover\n".to_owned();
    for line in 0..1_100 {
        let alias = if line < 1_000 { "ward" } else { "" };
        csv.push_str(&format!("+44207946{line:04},{alias},sip-reg,mobile\n"));
    }
    office.import(&csv).await.unwrap();
    let count = async |filter: DidFilter| {
        let query = DidQuery { filter, ..DidQuery::default() };
        office.portal.dids(&office.dana, office.account.id, &query).await.unwrap().matching
    };
    let search = |q: &str| DidFilter { q: Some(q.into()), ..DidFilter::default() };
    let british = DidFilter { calling_code: Some(44), ..DidFilter::default() };
    assert_eq!(count(search("ward")).await, Count { n: SEARCH_COUNT_MAX, capped: false });
    assert_eq!(count(search("7946")).await, Count { n: SEARCH_COUNT_MAX, capped: true });
    assert_eq!(count(british.clone()).await, Count { n: 1_100, capped: false });
    assert_eq!(count(DidFilter { calling_code: Some(49), ..british.clone() }).await.n, 0);
    let bare = DidFilter { failover: FailoverFilter::None, ..british.clone() };
    assert_eq!(count(bare.clone()).await.n, 0);
    // With the next version they are other figures, also of what is kept in memory for one.
    let overview = async || {
        let overview = office.portal.overview(&office.dana, office.account.id).await.unwrap();
        (overview.dids, overview.without_failover)
    };
    assert_eq!(overview().await, (1_103, 3));
    office
        .import("number,primary,failover\n+442079460000,sip-reg,none\n+442079469999,sip-reg,mobile\n")
        .await
        .unwrap();
    assert_eq!((count(british).await.n, count(bare).await.n), (1_101, 1));
    assert_eq!(overview().await, (1_104, 4));
}

async fn a_did_is_changed_with_its_history(db: Db) {
    let office = Office::open(db).await;
    let (account, did) = (office.account.id, number("+12065550100"));
    let draft = draft("Reception", office.id("pbx"), &office.id("mobile").to_string());
    let version = office.version().await;
    let saved = office.portal.edit_did(&office.dana, account, did, version, &draft).await.unwrap();
    assert_eq!(saved, Saved { dids: 1, changed: true });
    let view = office.did("+12065550100").await;
    assert_eq!(view.row.alias.as_ref().unwrap().as_str(), "Reception");
    assert_eq!(view.row.failover.to_string(), "mobile");
    let kinds: Vec<&str> = view.changes.iter().map(|change| change.kind.as_str()).collect();
    assert_eq!(kinds, ["edit_did", "import"]);
    let fields: Vec<_> = view.changes[0]
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.before.as_deref(), field.after.as_deref()))
        .collect();
    assert_eq!(
        fields,
        [("alias", Some("Front desk"), Some("Reception")), ("failover", None, Some("mobile"))]
    );
    let again = office.portal.edit_did(&office.dana, account, did, view.as_of, &draft).await.unwrap();
    assert!(!again.changed);
    assert_eq!(office.version().await, view.as_of);
}

async fn all_problems_of_a_did_come_together(db: Db) {
    let office = Office::open(db).await;
    let (account, did, version) = (office.account.id, number("+12065550100"), office.version().await);
    let edit =
        async |draft: DidDraft| office.portal.edit_did(&office.dana, account, did, version, &draft).await;
    let bad = DidDraft {
        alias: "a\u{7}".into(),
        primary: "99".into(),
        failover: "x".into(),
        primary_weight: "1001".into(),
        failover_weight: "1".into(),
    };
    assert_eq!(
        refused(edit(bad).await),
        [
            (Field::Alias, "alias_control"),
            (Field::PrimaryRoute, "unknown_route"),
            (Field::FailoverRoute, "unknown_route"),
            (Field::Weights, "weight")
        ]
    );
    let pbx = office.id("pbx");
    let same = edit(draft("", pbx, &pbx.to_string())).await;
    assert_eq!(refused(same), [(Field::FailoverRoute, "same_as_primary")]);
    assert_eq!(refused(edit(DidDraft::default()).await), [(Field::PrimaryRoute, "missing")]);
}

async fn an_edit_on_top_of_somebody_elses_is_refused_with_what_they_changed(db: Db) {
    let office = Office::open(db).await;
    let (account, did) = (office.account.id, number("+12065550100"));
    let seen = office.did("+12065550100").await;
    let theirs = draft("Sam's desk", office.id("pbx"), "");
    office.portal.edit_did(&office.sam, account, did, seen.as_of, &theirs).await.unwrap();
    let mine = draft("Dana's desk", office.id("pbx"), "");
    let Err(Error::DidConflict(conflict)) =
        office.portal.edit_did(&office.dana, account, did, seen.as_of, &mine).await
    else {
        panic!("no conflict")
    };
    assert_eq!(conflict.now.alias.as_ref().unwrap().as_str(), "Sam's desk");
    assert_eq!((conflict.changes.len(), conflict.changes[0].actor.as_str()), (1, "Sam"));
    // Somebody else's edit of another DID is no conflict.
    let other = number("+12065550101");
    office.portal.edit_did(&office.dana, account, other, seen.as_of, &mine).await.unwrap();
}

async fn no_did_gets_a_failover_that_leads_back_to_us(db: Db) {
    let mut office = Office::open(db).await;
    for (alias, kind, value, code) in [
        ("a", "phone", "206 555 0101", "own_did"),
        ("b", "phone", "+12065550100", "own_did"),
        ("c", "uri", "sip:12065550101@pbx.example.com", "own_did_in_uri"),
        ("d", "uri", "sip:x@us-west-or.sip.flowroute.com", "own_edge"),
        ("e", "host", "us-east-va.sip.flowroute.com.", "own_edge"),
    ] {
        let id = office.add(alias, kind, value).await;
        let set = office.set_failover("+12065550100", id).await;
        assert_eq!(refused(set), [(Field::FailoverRoute, code)], "{value}");
    }
}

async fn a_did_gets_a_plan_and_gives_it_back(db: Db) {
    let mut office = Office::open(db).await;
    let did = "+12065550100";
    office.add("own", "phone", "+12065550102").await;
    let hours = office.add_schedule("Office").await;
    let mut draft = office.plan_draft("Night", &[&["mobile"], &["spare", "pbx"]]);
    draft.steps[1].hours = hours.to_string();
    let night = office.portal.add_plan(&office.dana, office.account.id, &draft).await.unwrap();
    let again = office.add_plan("Again", &[&["pbx"], &["pbx"]]).await;
    office.set_failover(did, office.id("spare")).await.unwrap();
    office.set_plan(did, night).await.unwrap();
    let view = office.did(did).await;
    assert_eq!(DidDraft::of(&view.row).failover, format!("plan:{night}"));
    let plan = view.failover_plan.unwrap();
    assert_eq!((plan.plan.id, plan.dids), (night, 1));
    assert!(view.failover.is_none());
    assert_eq!((view.snapshot.routes.len(), view.snapshot.plans.len(), view.snapshot.zones.len()), (3, 1, 1));
    let field = &view.changes[0].fields[0];
    assert_eq!(
        (field.name.as_str(), field.before.as_deref(), field.after.as_deref()),
        ("failover", Some("spare"), Some("plan Night"))
    );
    let trace = routing::simulate(&view.snapshot, &routing::Scenario::new(number(did))).unwrap();
    assert!(matches!(trace.outcome, routing::Outcome::Answered { .. }));
    // What rings nothing but the primary fails with it; what is not there cannot be chosen.
    assert_eq!(refused(office.set_plan(did, again).await), [(Field::FailoverRoute, "same_as_primary")]);
    let gone = office.set_plan(did, routing::PlanId(99)).await;
    assert_eq!(refused(gone), [(Field::FailoverRoute, "unknown_plan")]);
    // A plan saved before its number became a DID elsewhere in the installation is not given to anybody.
    let other = office.db.second_account().await;
    let sam = portal::Actor::owner(other.id, "Sam", portal::Via::Api);
    let draft = stage(&office.portal, &sam, other.id, "number\n+12065550177\n").await.unwrap();
    office.portal.apply_import(&sam, other.id, &draft, other.version, &Progress::default()).await.unwrap();
    let back = office.set_plan("+12065550101", night).await;
    assert_eq!(refused(back), [(Field::FailoverRoute, "own_did")]);
}

async fn weights_need_each_other_and_a_failover_route(db: Db) {
    let office = Office::open(db).await;
    let (account, did) = (office.account.id, number("+12065550100"));
    let night = office.add_plan("Night", &[&["mobile"]]).await;
    let edit = async |failover: &str, primary: &str, other: &str| {
        let draft = DidDraft {
            primary_weight: primary.into(),
            failover_weight: other.into(),
            ..draft("Desk", office.id("pbx"), failover)
        };
        office.portal.edit_did(&office.dana, account, did, office.version().await, &draft).await
    };
    let mobile = office.id("mobile").to_string();
    let plan = format!("plan:{night}");
    for (failover, primary, other, code) in [
        (mobile.as_str(), "70", "", "weight_missing"),
        (&mobile, "", "30", "weight_missing"),
        (&mobile, "70", "1001", "weight"),
        (&mobile, "-1", "30", "weight"),
        (&mobile, "+1", "30", "weight"),
        ("", "70", "30", "weights_alone"),
        (&plan, "70", "30", "weights_alone"),
    ] {
        let refusal = refused(edit(failover, primary, other).await);
        assert_eq!(refusal, [(Field::Weights, code)], "{failover} {primary} {other}");
    }
    edit(&mobile, " 1000", "0 ").await.unwrap();
    let view = office.did("+12065550100").await;
    assert_eq!(view.row.weights, Some(routing::Weights { primary: 1000, failover: 0 }));
    assert_eq!(DidDraft::of(&view.row).failover_weight, "0");
    let fields: Vec<&str> = view.changes[0].fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(fields, ["alias", "failover", "weights"]);
    assert_eq!(view.changes[0].fields[2].after.as_deref(), Some("1000/0"));
    // With the failover route they go.
    edit(&plan, "", "").await.unwrap();
    assert_eq!(office.did("+12065550100").await.row.weights, None);
}

async fn a_dids_page_holds_what_the_preview_needs(db: Db) {
    let office = Office::open(db).await;
    let view = office.did("+12065550102").await;
    assert_eq!(
        view.findings.iter().map(|finding| finding.finding.kind).collect::<Vec<_>>(),
        [FindingKind::NoFailover]
    );
    office.set_failover("+12065550102", office.id("spare")).await.unwrap();
    let view = office.did("+12065550102").await;
    assert!(view.findings.is_empty(), "{:?}", view.findings);
    assert_eq!(view.snapshot.dids.len(), 1);
    assert_eq!(view.snapshot.routes.len(), 2);
    assert_eq!(view.failover.unwrap().route.alias.as_str(), "spare");
    assert_eq!(view.marked_down, []);
}

async fn the_list_shows_a_route_by_its_new_name_at_once(db: Db) {
    let office = Office::open(db).await;
    let (account, id) = (office.account.id, office.id("pbx"));
    assert_eq!(office.dids().await[0].primary.alias.as_str(), "pbx");
    // Another server on the same database renames it.
    let other = portal::Portal::new(office.db.store.clone());
    let draft = crate::office::draft("seattle", "host", "pbx.example.com");
    other.edit_route(&office.sam, account, id, office.version().await, &draft).await.unwrap();
    assert_eq!(office.dids().await[0].primary.alias.as_str(), "seattle");
}
