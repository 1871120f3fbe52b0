//! Schedules, failover plans and weights in the account file.

use portal::{Error, Noun};

use crate::account_file::copied;
use crate::office::{Office, office_hours};
use crate::support::{Db, contract};

contract!(
    schedules_plans_and_weights_come_back_with_the_same_bytes,
    plans_of_a_file_are_refused_as_typed_ones_are_with_their_places,
    no_file_brings_a_plan_that_leads_back_to_us,
    an_account_holds_so_many_plans_and_schedules_and_no_more,
);

/// An account file with these parts.
pub(crate) fn file(parts: &str) -> String {
    format!(r#"{{"format":"switchback-account/1","account":{{"name":"Northwind","country":"US"}},{parts}}}"#)
}

/// The places of what is wrong.
pub(crate) fn places(result: portal::Result<portal::FileResult>) -> Vec<String> {
    match result {
        Err(Error::AccountFile(errors)) => errors.into_iter().map(|error| error.place).collect(),
        other => panic!("imported: {other:?}"),
    }
}

async fn schedules_plans_and_weights_come_back_with_the_same_bytes(db: Db) {
    let office = Office::open(db).await;
    let (portal, dana) = (&office.portal, &office.dana);
    let parts = r#""routes":[{"alias":"agency","type":"uri","value":"sip:x@agency.example"}],
        "schedules":[{"name":"Office","zone":"america/denver","weekly":{"monday":"8:00-17:00","sunday":"closed"},
                      "exceptions":["2026-12-25 closed","2026-12-24 08:00-12:00"]}],
        "plans":[{"name":"Night","steps":[
                    {"routes":["Mobile","agency"],"weights":[3,1],"enter_on":"408, 5xx, no_answer","hours":"OFFICE",
                     "no_response_ms":2500,"ring_ms":12000,"stagger_ms":500},
                    {"routes":["sip-reg"]}]}],
        "dids":[{"number":"+12065550100","primary":"pbx","failover_plan":"night"},
                {"number":"+12065550101","primary":"pbx","failover":"mobile","primary_weight":70,"failover_weight":0}]"#;
    let dry = portal.import_account(dana, dana.accounts().pop(), &file(parts), true).await.unwrap();
    let done = portal.import_account(dana, dana.accounts().pop(), &file(parts), false).await.unwrap();
    for result in [&dry, &done] {
        assert_eq!((result.routes_added, result.schedules_added, result.plans_added), (1, 1, 1));
        assert_eq!((result.dids_changed, result.changed()), (2, 5));
    }
    assert!(done.to_string().contains("1 failover plans added and 0 changed, 0 DIDs added"), "{done}");
    let written = portal.export_account(dana, office.account.id).await.unwrap();
    let lines: Vec<&str> = written.lines().map(str::trim).collect();
    for line in [
        r#"{"name":"Office","zone":"America/Denver","weekly":{"monday":"08:00-17:00"},"exceptions":["2026-12-24 08:00-12:00","2026-12-25 closed"]}"#,
        r#"{"name":"Night","steps":[{"routes":["mobile","agency"],"weights":[3,1],"enter_on":"408, 5xx, no_answer","hours":"Office","no_response_ms":2500,"ring_ms":12000,"stagger_ms":500},{"routes":["sip-reg"],"enter_on":"outage","no_response_ms":6000,"ring_ms":20000}]}"#,
        r#"{"number":"+12065550100","primary":"pbx","failover_plan":"Night"},"#,
        r#"{"number":"+12065550101","primary":"pbx","failover":"mobile","primary_weight":70,"failover_weight":0},"#,
    ] {
        assert!(lines.contains(&line), "{line} is not in {written}");
    }
    let same = portal.import_account(dana, dana.accounts().pop(), &written, false).await.unwrap();
    assert_eq!((same.version, same.changed()), (None, 0));
    let view = portal.operation(dana, office.account.id, done.version.unwrap()).await.unwrap();
    let subjects: Vec<String> = view.changes.iter().map(|change| change.subject.to_string()).collect();
    assert_eq!(
        subjects,
        ["route 4", "schedule 1", "failover plan 1", "DID +12065550100", "DID +12065550101"]
    );
    assert_eq!(
        view.changes[2].fields[1].after.as_deref(),
        Some("ring mobile (3) + agency (1); on 408, 5xx, no_answer; 2.5 s/12 s; 0.5 s apart; hours Office")
    );
    // A second database, from nothing.
    assert_eq!(copied(&written), written);
    // A plan that the file changes names a route that it brings.
    let parts = r#""routes":[{"alias":"desk","type":"host","value":"desk.example"}],
        "plans":[{"name":"NIGHT","steps":[{"routes":["desk"]}]}]"#;
    let done = portal.import_account(dana, dana.accounts().pop(), &file(parts), false).await.unwrap();
    assert_eq!((done.plans_changed, done.changed()), (1, 2));
    let plans = portal.plans(dana, office.account.id).await.unwrap();
    assert_eq!((plans[0].to_ref.name.as_str(), plans[0].dids), ("NIGHT", 1));
    assert_eq!(plans[0].to_ref.steps[0][0].alias.as_str(), "desk");
}

async fn plans_of_a_file_are_refused_as_typed_ones_are_with_their_places(db: Db) {
    let office = Office::open(db).await;
    let before = office.version().await;
    let parts = r#""schedules":[{"name":"","zone":"Mars","weekly":{"tuesday":"8-17"},"exceptions":["2026-12-25 closed","soon"]},
                      {"name":"Office","zone":"UTC"},{"name":"OFFICE","zone":"UTC"}],
        "plans":[{"name":"Night","steps":[]},
                 {"name":"night","steps":[{"routes":["mobile"]}]},
                 {"name":"Day","steps":[{"routes":["mobile","nowhere","MOBILE",""],"hours":"Nights","enter_on":"often",
                                          "no_response_ms":-1,"ring_ms":400,"stagger_ms":9999999999}]},
                 {"name":"Weights","steps":[{"routes":["mobile","spare"],"weights":[1]}]},
                 {"name":"More","steps":[{"routes":["mobile","spare"],"weights":[1,1001]}]},
                 {"name":"Alone","steps":[{"routes":["pbx"]},{"routes":["pbx"]}]}],
        "dids":[{"number":"+12065550100","primary":"pbx","failover":"mobile","failover_plan":"Alone"},
                {"number":"+12065550101","primary":"pbx","failover_plan":"Alone"},
                {"number":"+12065550102","primary":"pbx","failover_plan":"Nights"},
                {"number":"+12065550103","primary":"pbx","primary_weight":1,"failover_weight":1},
                {"number":"+12065550104","primary":"pbx","failover":"mobile","failover_weight":1},
                {"number":"+12065550105","primary":"pbx","failover":"plan:Alone"}]"#;
    for dry_run in [true, false] {
        let result = office
            .portal
            .import_account(&office.dana, office.dana.accounts().pop(), &file(parts), dry_run)
            .await;
        assert_eq!(
            places(result),
            [
                "schedules[0].name",
                "schedules[0].zone",
                "schedules[0].weekly.tuesday",
                "schedules[0].exceptions[1]",
                "schedules[2].name",
                "plans[0].steps",
                "plans[1].name",
                "plans[2].steps[0].enter_on",
                "plans[2].steps[0].hours",
                "plans[2].steps[0].routes[1]",
                "plans[2].steps[0].routes[2]",
                "plans[2].steps[0].routes[3]",
                "plans[2].steps[0].no_response_ms",
                "plans[2].steps[0].ring_ms",
                "plans[2].steps[0].stagger_ms",
                "plans[3].steps[0].weights",
                "plans[4].steps[0].weights[1]",
                "dids[0].failover_plan",
                "dids[1].failover_plan",
                "dids[2].failover_plan",
                "dids[3].primary_weight",
                "dids[4].primary_weight",
                "dids[5].failover",
                "dids[5].failover"
            ]
        );
    }
    assert_eq!(office.version().await, before);
}

async fn no_file_brings_a_plan_that_leads_back_to_us(db: Db) {
    let office = Office::open(db).await;
    office.add_plan("Night", &[&["spare"], &["mobile"]]).await;
    let rows = [
        // A DID whose number a plan rings, though no DID has the plan.
        (r#""dids":[{"number":"+12065550177","primary":"pbx"}]"#, "dids[0].number"),
        // A plan that rings a DID, in a new route.
        (
            r#""routes":[{"alias":"z","type":"uri","value":"sip:12065550101@a.example"}],
               "plans":[{"name":"Day","steps":[{"routes":["spare"]},{"routes":["mobile","z"]}]}]"#,
            "plans[0].steps[1].routes[1]",
        ),
        // Both in one file.
        (
            r#""routes":[{"alias":"z","type":"phone","value":"+12065550188"}],
               "plans":[{"name":"Day","steps":[{"routes":["z"]}]}],
               "dids":[{"number":"+12065550188","primary":"pbx"}]"#,
            "plans[0].steps[0].routes[0]",
        ),
        // A route of a plan outside of the file.
        (r#""routes":[{"alias":"mobile","type":"phone","value":"+12065550101"}]"#, "routes (mobile)"),
    ];
    for (parts, place) in rows {
        let result = office
            .portal
            .import_account(&office.dana, office.dana.accounts().pop(), &file(parts), false)
            .await;
        assert_eq!(places(result)[0], place, "{parts}");
    }
}

async fn an_account_holds_so_many_plans_and_schedules_and_no_more(db: Db) {
    let office = Office::open(db).await;
    let (portal, dana, account) = (&office.portal, &office.dana, office.account.id);
    let full = |plans: usize, schedules: usize| {
        let plan = |at| format!(r#"{{"name":"P{at}","steps":[{{"routes":["mobile"]}}]}}"#);
        let schedule = |at| format!(r#"{{"name":"S{at}","zone":"UTC"}}"#);
        let plans: Vec<String> = (0..plans).map(plan).collect();
        let schedules: Vec<String> = (0..schedules).map(schedule).collect();
        file(&format!(r#""plans":[{}],"schedules":[{}]"#, plans.join(","), schedules.join(",")))
    };
    for (plans, schedules, noun) in [(1_001, 0, Noun::Plan), (0, 201, Noun::Schedule)] {
        let refused = portal.import_account(dana, dana.accounts().pop(), &full(plans, schedules), true).await;
        assert!(matches!(refused, Err(Error::Limit { what, .. }) if what == noun), "{refused:?}");
    }
    portal.import_account(dana, dana.accounts().pop(), &full(1_000, 200), false).await.unwrap();
    let plan = portal.add_plan(dana, account, &office.plan_draft("One more", &[&["mobile"]])).await;
    assert!(matches!(plan, Err(Error::Limit { what: Noun::Plan, max: 1_000 })), "{plan:?}");
    let schedule = portal.add_schedule(dana, account, &office_hours("One more")).await;
    assert!(matches!(schedule, Err(Error::Limit { what: Noun::Schedule, max: 200 })), "{schedule:?}");
}
