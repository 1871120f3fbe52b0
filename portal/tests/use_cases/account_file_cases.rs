//! Saved cases and accepted findings in the account file.

use portal::{CaseDraft, Error, Noun, PlanDesk, RouteDraft};
use routing::{Case, CaseId, Fault, FaultTarget, FindingKind, Millis, Reaches, RouteId, Scenario, SrvRecord};

use crate::account_file::copied;
use crate::account_file_plans::{file, places};
use crate::office::{Office, number};
use crate::support::{Db, contract};

contract!(
    cases_and_accepted_findings_come_back_with_the_same_bytes,
    a_bad_case_or_acceptance_is_refused_with_its_place,
    what_is_gone_keeps_no_backup_from_coming_back,
    a_file_that_changes_a_case_is_held_against_what_it_says_now,
    a_file_brings_no_more_cases_than_an_account_holds,
);

/// A file with everything that a case and an acceptance can say.
const ALL: &str = r#""routes":[{"alias":"a=b: c/d","type":"host","value":"odd.example.com","edge":"US-East-VA"},
                  {"alias":"twin","type":"host","value":"pbx.example.com:5070"},
                  {"alias":"costly","type":"phone","value":"+19005550100"}],
        "plans":[{"name":"Night","steps":[{"routes":["spare"]},{"routes":["mobile","spare"]}]}],
        "cases":[{"name":"Desk","number":"206 555 0100","at":"2026-11-29T03:00:00-08:00",
                  "faults":["route:a=b: c/d=503","carrier:Acme=silent","edge:us-east-va=12.5s","network:phone_network=busy",
                            "route:sip-reg=rings","host:x.example.com=dns"],
                  "hangs_up_after_ms":30000,"profile":"kamailio","seed":7,"marked_down":["Spare"],"switched_off":["twin"],
                  "srv":[{"host":"pbx.example.com","targets":["a.example.com","b.example.com"]}],
                  "reaches":"route:A=B: C/D","within_ms":9000},
                 {"name":"Any","number":"+12065550101","at":1795950000,"reaches":"somebody"},
                 {"name":"Service","number":"+12065550101","reaches":"answerer:live_answer"},
                 {"name":"Late","number":"+12065550101","at":99999999999999,"reaches":"nobody"}],
        "accepted_findings":[
            {"finding":"shared_host","primary":"PBX","failover":"twin","detail":"PBX.example.com","reason":"One PBX.",
             "by":"Dana","at":"2026-01-02T03:04:05.678Z","until":"2999-12-31"},
            {"finding":"route_twice","plan":"night","step":2,"route":"spare","reason":"So it\nshall be.","by":"Sam",
             "at":"2026-01-02T04:04:05+01:00"},
            {"finding":"premium_rate","route":"costly","reason":"Paid.","by":"Sam","at":"2026-01-02T03:04:05Z"},
            {"finding":"over_patience","primary":"pbx","failover_plan":"Night","step":2,"reason":"Known.","by":"Sam",
             "at":"2026-01-02T03:04:05Z","until":"2026-01-31"}],
        "dids":[{"number":"+12065550100","primary":"pbx","failover":"twin"},
                {"number":"+12065550101","primary":"pbx","failover_plan":"Night"},
                {"number":"+12065550102","primary":"costly"}]"#;

async fn cases_and_accepted_findings_come_back_with_the_same_bytes(db: Db) {
    let office = Office::open(db).await;
    let (portal, dana, account) = (&office.portal, &office.dana, office.account.id);
    portal.allow_destination(dana, account, "premium_rate").await.unwrap();
    let dry = portal.import_account(dana, dana.accounts().pop(), &file(ALL), true).await.unwrap();
    let done = portal.import_account(dana, dana.accounts().pop(), &file(ALL), false).await.unwrap();
    for result in [&dry, &done] {
        assert_eq!((result.cases_added, result.accepted_added, result.changed()), (4, 4, 15));
    }
    let text = done.to_string();
    assert!(text.contains("4 saved cases added and 0 changed, 4 accepted findings added"), "{text}");
    let written = portal.export_account(dana, account).await.unwrap();
    let lines: Vec<&str> = written.lines().map(|line| line.trim().trim_end_matches(',')).collect();
    for line in [
        r#"{"name":"Desk","number":"+12065550100","at":"2026-11-29T11:00:00Z","faults":["route:a=b: c/d=503","carrier:Acme=silent","edge:US-East-VA=12.5s","network:phone_network=busy","route:sip-reg=rings","host:x.example.com=dns"],"hangs_up_after_ms":30000,"profile":"kamailio","seed":7,"marked_down":["spare"],"switched_off":["twin"],"srv":[{"host":"pbx.example.com","targets":["a.example.com","b.example.com"]}],"reaches":"route:a=b: c/d","within_ms":9000}"#,
        r#"{"name":"Any","number":"+12065550101","at":"2026-11-29T11:00:00Z","reaches":"somebody"}"#,
        r#"{"name":"Late","number":"+12065550101","at":99999999999999,"reaches":"nobody"}"#,
        r#"{"name":"Service","number":"+12065550101","reaches":"answerer:live_answer"}"#,
        r#"{"finding":"shared_host","primary":"pbx","failover":"twin","detail":"pbx.example.com","reason":"One PBX.","by":"Dana","at":"2026-01-02T03:04:05.678Z","until":"2999-12-31"}"#,
        r#"{"finding":"route_twice","plan":"Night","step":2,"route":"spare","reason":"So it shall be.","by":"Sam","at":"2026-01-02T03:04:05Z"}"#,
        r#"{"finding":"premium_rate","route":"costly","reason":"Paid.","by":"Sam","at":"2026-01-02T03:04:05Z"}"#,
        r#"{"finding":"over_patience","primary":"pbx","failover_plan":"Night","step":2,"reason":"Known.","by":"Sam","at":"2026-01-02T03:04:05Z","until":"2026-01-31"}"#,
    ] {
        assert!(lines.contains(&line), "{line} is not in {written}");
    }
    // What the file accepts is what is found, under the ids that its routes and plan got.
    let findings = portal.findings(dana, account).await.unwrap().findings;
    let accepted: Vec<(FindingKind, &str)> = findings
        .iter()
        .filter_map(|finding| Some((finding.finding.kind, finding.accepted.as_ref()?.by.as_str())))
        .collect();
    for row in [
        (FindingKind::SharedHost, "Dana"),
        (FindingKind::PremiumRate, "Sam"),
        (FindingKind::RouteTwice, "Sam"),
    ] {
        assert!(accepted.contains(&row), "{row:?} is not in {accepted:?}");
    }
    assert_eq!(accepted.len(), 3, "the fourth is over: {accepted:?}");
    let cases = portal.cases(dana, account).await.unwrap();
    let desk = cases.iter().find(|case| case.name.as_str() == "Desk").unwrap();
    let PlanDesk { choices, .. } = portal.plan_desk(dana, account).await.unwrap();
    let odd = choices.iter().find(|choice| choice.route.alias.as_str() == "a=b: c/d").unwrap().route.id;
    assert_eq!(desk.case.expect.reaches, Reaches::Route(odd));
    assert_eq!(desk.case.scenario.faults[0].on, FaultTarget::Route(odd));

    let same = portal.import_account(dana, dana.accounts().pop(), &written, false).await.unwrap();
    assert_eq!((same.version, same.changed()), (None, 0));
    let view = portal.operation(dana, account, done.version.unwrap()).await.unwrap();
    let told: Vec<(String, &str)> =
        view.changes[8..].iter().map(|change| (change.subject.to_string(), change.label.as_str())).collect();
    let row = |subject: &str, label| (subject.to_owned(), label);
    assert!(told.contains(&row("finding", "pbx → twin")), "{told:?}");
    assert!(told.contains(&row("finding", "Night")), "{told:?}");
    // A second database, from nothing, where everything has another id.
    assert_eq!(copied(&written), written);
    // Merged by name, and by what a finding is about.
    let parts = r#""cases":[{"name":"ANY","number":"+12065550101","reaches":"nobody"}],
        "accepted_findings":[{"finding":"premium_rate","route":"costly","reason":"Paid, for now.","by":"Dana",
                              "at":"2026-02-02T03:04:05Z"}]"#;
    let done = portal.import_account(dana, dana.accounts().pop(), &file(parts), false).await.unwrap();
    assert_eq!((done.cases_changed, done.accepted_changed, done.changed()), (1, 1, 2));
    let names: Vec<String> =
        portal.cases(dana, account).await.unwrap().iter().map(|case| case.name.to_string()).collect();
    assert_eq!(names, ["ANY", "Desk", "Late", "Service"]);
}

async fn a_bad_case_or_acceptance_is_refused_with_its_place(db: Db) {
    let office = Office::open(db).await;
    for (field, one, many) in [("faults", "\"route:pbx=503\"", 51), ("marked_down", "\"pbx\"", 501)] {
        let list = vec![one; many].join(",");
        let heavy = format!(
            r#""cases":[{{"name":"A","number":"+12065550100","{field}":[{list}],"reaches":"nobody"}}]"#
        );
        let result = office
            .portal
            .import_account(&office.dana, office.dana.accounts().pop(), &file(&heavy), true)
            .await;
        assert_eq!(places(result), [format!("cases[0].{field}")]);
    }
    let before = office.version().await;
    let long = "x".repeat(65);
    let parts = format!(
        r#""cases":[{{"name":"","number":"1","at":"soon","reaches":"anybody"}},
                 {{"name":"A","number":"+12065550100","at":1.5,"faults":["carrier:Acme=silent","route:nowhere=503","planet:Mars=silent",
                   "edge:Mars=busy","route:pbx=often","pbx","site:{long}=busy"],"hangs_up_after_ms":-1,"profile":"asterisk",
                   "marked_down":["pbx","gone"],"switched_off":["away"],"reaches":"route:nobody","within_ms":120001}},
                 {{"name":"a","number":"+12065550100","reaches":"somebody"}},
                 {{"name":"B","number":"+12065550100","reaches":"answerer:","within_ms":9999999999}},
                 {{"name":"C","number":"+12065550100","faults":["site:{long}=busy"],"reaches":"nobody"}}],
        "accepted_findings":[
                 {{"finding":"odd","primary":"pbx","reason":" ","by":"","at":"now","until":"later"}},
                 {{"finding":"no_failover","reason":"x","by":"Dana","at":"2026-01-02T03:04:05Z"}},
                 {{"finding":"no_failover","primary":"pbx","plan":"x","reason":"x","by":"Dana","at":"2026-01-02T03:04:05Z"}},
                 {{"finding":"no_failover","primary":"gone","detail":"Acme","reason":"x","by":"Dana","at":"2026-01-02T03:04:05Z"}},
                 {{"finding":"no_failover","primary":"pbx","detail":"Acme","reason":"x","by":"Dana","at":"2026-01-02T03:04:05Z"}},
                 {{"finding":"shared_site","primary":"pbx","failover":"mobile","reason":"x","by":"Dana","at":"2026-01-02T03:04:05Z"}},
                 {{"finding":"own_did","plan":"Nights","reason":"x","by":"Dana","at":"2026-01-02T03:04:05Z"}},
                 {{"finding":"no_failover","primary":"pbx","reason":"x","by":"Dana","at":"2026-01-02T03:04:05Z"}},
                 {{"finding":"no_failover","primary":"PBX","reason":"y","by":"Dana","at":"2026-01-02T03:04:05Z"}}]"#
    );
    for dry_run in [true, false] {
        let result = office
            .portal
            .import_account(&office.dana, office.dana.accounts().pop(), &file(&parts), dry_run)
            .await;
        assert_eq!(
            places(result),
            [
                "cases[0].name",
                "cases[0].number",
                "cases[0].at",
                "cases[0].reaches",
                "cases[1].at",
                "cases[1].faults[1]",
                "cases[1].faults[2]",
                "cases[1].faults[3]",
                "cases[1].faults[4]",
                "cases[1].faults[5]",
                "cases[1].hangs_up_after_ms",
                "cases[1].profile",
                "cases[1].marked_down[1]",
                "cases[1].switched_off[0]",
                "cases[1].reaches",
                "cases[1].within_ms",
                "cases[2].name",
                "cases[3].reaches",
                "cases[3].within_ms",
                "cases[4].faults[0]",
                "accepted_findings[0].finding",
                "accepted_findings[0].reason",
                "accepted_findings[0].by",
                "accepted_findings[0].at",
                "accepted_findings[0].until",
                "accepted_findings[1].primary",
                "accepted_findings[2].plan",
                "accepted_findings[3].primary",
                "accepted_findings[4].detail",
                "accepted_findings[5].detail",
                "accepted_findings[6].plan",
                "accepted_findings[8].finding",
            ]
        );
    }
    let one = r#""cases":[{"name":"A","number":"+12065550100","faults":["planet:Mars=silent"],"reaches":"nobody"}]"#;
    let refused =
        office.portal.import_account(&office.dana, office.dana.accounts().pop(), &file(one), false).await;
    let text = refused.unwrap_err().to_string();
    assert!(
        text.starts_with("cases[0].faults[0]: `planet:Mars` is nothing that can fail. Write route:ALIAS"),
        "{text}"
    );
    assert_eq!(office.version().await, before);
}

async fn what_is_gone_keeps_no_backup_from_coming_back(db: Db) {
    let mut office = Office::open(db).await;
    for alias in ["old", "box"] {
        office.add(alias, "uri", &format!("sip:{alias}@away.example.com")).await;
    }
    let (portal, dana, account) = (&office.portal, &office.dana, office.account.id);
    let (old, spare) = (office.id("old"), office.id("spare"));
    let mut scenario = Scenario::new(number("+12065550102"))
        .with_fault(FaultTarget::Route(old), Fault::Busy)
        .with_fault(FaultTarget::Route(office.id("pbx")), Fault::Silent);
    scenario.marked_down = vec![old, spare];
    scenario.switched_off = vec![old];
    scenario.srv = vec![SrvRecord { host: "x.example".into(), targets: vec!["y.example".into()] }];
    let case = |reaches| Case {
        scenario: scenario.clone(),
        expect: routing::Expectation { reaches, within_ms: Some(Millis(9_000)) },
    };
    for (name, reaches) in [("Kept", Reaches::Nobody), ("Lost", Reaches::Route(old))] {
        let draft = CaseDraft { name: name.to_owned(), case: case(reaches) };
        portal.add_case(dana, account, &draft).await.unwrap();
    }
    // Accepted while a DID rang there first.
    office.import("number,primary\n+12065550109,box\n").await.unwrap();
    let key = format!("no_failover/primary:{}", office.id("box"));
    portal.accept_finding(dana, account, &key, "A test.", "").await.unwrap();
    let delete = async |id: RouteId| {
        portal.delete_route(dana, account, id, office.version().await).await.unwrap();
    };
    let set = async |numbers: &[&str], action| {
        let what = portal::Selected::Numbers(numbers.iter().map(|text| number(text)).collect());
        let chosen = portal::Selection { what, as_of: office.version().await };
        let sure = dana.clone().confirming_broken_cases([CaseId(1), CaseId(2)]);
        portal.apply_bulk(&sure, account, &chosen, &action, None).await.unwrap();
    };
    // The number of a case goes, and the routes that cases and the acceptance name.
    set(&["+12065550109", "+12065550102"], portal::BulkAction::Release).await;
    delete(old).await;
    delete(office.id("box")).await;
    let written = portal.export_account(dana, account).await.unwrap();
    assert!(written.contains(r#""faults":["route:pbx=silent"]"#), "{written}");
    assert!(!written.contains("Lost") && !written.contains("accepted_findings"), "{written}");
    assert_eq!(copied(&written), written);
    let same = portal.import_account(dana, dana.accounts().pop(), &written, false).await.unwrap();
    assert_eq!((same.version, same.changed()), (None, 0));
    assert_eq!(portal.cases(dana, account).await.unwrap().len(), 2, "nothing is deleted");
}

async fn a_file_that_changes_a_case_is_held_against_what_it_says_now(db: Db) {
    let office = Office::open(db).await;
    let (portal, dana) = (&office.portal, &office.dana);
    let case = |within: u32| {
        format!(
            r#"{{"name":"Desk","number":"+12065550100","faults":["route:pbx=silent"],"reaches":"somebody","within_ms":{within}}}"#
        )
    };
    let at = |within, failover: &str| {
        file(&format!(
            r#""cases":[{}],"dids":[{{"number":"+12065550100","alias":"Front desk","primary":"pbx","failover":"{failover}"}}]"#,
            case(within)
        ))
    };
    portal.import_account(dana, dana.accounts().pop(), &at(9_000, "spare"), false).await.unwrap();
    let view = portal.cases(dana, office.account.id).await.unwrap();
    assert!(view[0].verdict.holds(), "{:?}", view[0].verdict);
    // A mobile takes longer to be answered.
    let slower = portal.import_account(dana, dana.accounts().pop(), &at(9_000, "slow"), false).await;
    assert!(matches!(slower, Err(Error::AccountFile(_))), "there is no such route yet: {slower:?}");
    let draft = RouteDraft {
        alias: "slow".into(),
        kind: "phone".into(),
        value: "+12065550188".into(),
        answerer: "person".into(),
        ..RouteDraft::default()
    };
    portal.add_route(dana, office.account.id, &draft).await.unwrap();
    let slower = portal.import_account(dana, dana.accounts().pop(), &at(9_000, "slow"), false).await;
    assert!(matches!(slower, Err(Error::BreaksCases(_))), "{slower:?}");
    let done = portal.import_account(dana, dana.accounts().pop(), &at(20_000, "slow"), false).await.unwrap();
    assert_eq!((done.cases_changed, done.dids_changed), (1, 1));
    // A new wording that holds now, and would not after.
    let back = portal.import_account(dana, dana.accounts().pop(), &at(19_000, ""), false).await;
    let Err(Error::BreaksCases(broken)) = back else { panic!("{back:?}") };
    assert_eq!(broken[0].case.expect.within_ms, Some(Millis(19_000)));
}

async fn a_file_brings_no_more_cases_than_an_account_holds(db: Db) {
    let office = Office::open(db).await;
    let cases = |from: usize, to: usize| {
        let case = |at| format!(r#"{{"name":"C{at}","number":"+12065550100","reaches":"somebody"}}"#);
        file(&format!(r#""cases":[{}]"#, (from..to).map(case).collect::<Vec<_>>().join(",")))
    };
    let (portal, dana) = (&office.portal, &office.dana);
    for (from, to) in [(0, 501), (0, 500)] {
        let done = portal.import_account(dana, dana.accounts().pop(), &cases(from, to), false).await;
        let refused = matches!(done, Err(Error::Limit { what: Noun::Case, max: 500 }));
        assert_eq!(refused, to == 501, "{done:?}");
    }
    // Those that are there already do not count twice.
    assert_eq!(
        portal.import_account(dana, dana.accounts().pop(), &cases(0, 500), true).await.unwrap().unchanged,
        500
    );
    let more = portal.import_account(dana, dana.accounts().pop(), &cases(499, 502), true).await;
    assert!(matches!(more, Err(Error::Limit { what: Noun::Case, .. })), "{more:?}");
}
