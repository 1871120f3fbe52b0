//! What is wrong is found, and can be accepted.

use portal::{Acceptance, Error, Field, Finding, Noun, Result};
use routing::{FindingKind, PlanDraft, Severity, StepDraft, StepRouteDraft, Version};

use crate::office::{Office, number, refused};
use crate::support::{Db, contract};

contract!(
    a_finding_names_what_it_is_about,
    a_finding_of_a_plan_is_found_on_its_dids_and_on_itself,
    a_plan_that_no_outage_enters_is_accepted_for_just_those_outages,
    a_circle_of_own_numbers_is_found_through_a_plan,
    a_finding_is_accepted_with_a_reason_and_taken_back,
    an_acceptance_ends_on_its_day,
    an_account_accepts_so_many_findings_and_no_more,
    of_very_many_findings_the_worst_are_listed_and_the_rest_is_counted,
);

async fn found(office: &Office) -> Vec<Finding> {
    office.portal.findings(&office.dana, office.account.id).await.unwrap().findings
}

fn kinds(findings: &[Finding]) -> Vec<FindingKind> {
    findings.iter().map(|finding| finding.finding.kind).collect()
}

fn plan(name: &str, steps: &[&[routing::RouteId]]) -> PlanDraft {
    let leg = |id: &routing::RouteId| StepRouteDraft { route: id.to_string(), weight: String::new() };
    let step = |routes: &&[routing::RouteId]| StepDraft {
        routes: routes.iter().map(leg).collect(),
        enter_on: "any_failure".to_owned(),
        no_response_s: "6".to_owned(),
        ring_s: "20".to_owned(),
        ..StepDraft::default()
    };
    PlanDraft { name: name.to_owned(), steps: steps.iter().map(step).collect() }
}

async fn a_finding_names_what_it_is_about(db: Db) {
    let mut office = Office::open(db).await;
    let twin = office.add("twin", "host", "pbx.example.com:5070").await;
    office.set_failover("+12065550100", twin).await.unwrap();
    let findings = found(&office).await;
    assert_eq!(kinds(&findings), [FindingKind::SharedHost, FindingKind::NoFailover]);
    let [shared, none] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(shared.about(), "pbx → twin");
    assert_eq!((shared.finding.severity, shared.finding.dids), (Severity::Serious, 1));
    assert_eq!((none.about().as_str(), none.finding.dids), ("pbx", 2));
    assert_eq!(none.finding.example, number("+12065550101"));
    let overview = office.portal.overview(&office.dana, office.account.id).await.unwrap();
    assert_eq!((overview.findings, overview.without_failover), (findings.clone(), 2));
    let view = office.did("+12065550100").await;
    assert_eq!(view.findings, std::slice::from_ref(shared));
}

async fn a_finding_of_a_plan_is_found_on_its_dids_and_on_itself(db: Db) {
    let mut office = Office::open(db).await;
    let box_id = office.add("box", "uri", "sip:box@vm.example.net").await;
    let account = office.account.id;
    let view = office.portal.route(&office.dana, account, box_id).await.unwrap();
    let mut draft = portal::RouteDraft::of(&view.route);
    draft.answerer = "voicemail".to_owned();
    office.portal.edit_route(&office.dana, account, box_id, view.version, &draft).await.unwrap();
    let rings = plan("Ring all", &[&[office.id("mobile"), box_id]]);
    let id = office.portal.add_plan(&office.dana, account, &rings).await.unwrap();
    assert_eq!(kinds(&found(&office).await), [FindingKind::NoFailover], "nobody uses it yet");
    office.set_plan("+12065550100", id).await.unwrap();
    let findings = found(&office).await;
    let trap = findings.iter().find(|finding| finding.finding.kind == FindingKind::VoicemailTrap).unwrap();
    assert_eq!((trap.about().as_str(), trap.finding.step), ("Ring all", Some(1)));
    assert_eq!(trap.route.as_ref().unwrap().alias.as_str(), "box");
    let page = office.portal.plan(&office.dana, account, id).await.unwrap();
    assert!(page.view.findings.contains(trap), "{:?}", page.view.findings);
    assert_eq!(page.view.open as usize, page.view.findings.len());
    assert!(page.view.findings.iter().all(|finding| finding.is_of_plan(&page.view.to_ref)));
    assert!(office.did("+12065550100").await.findings.contains(trap));
    assert!(!office.did("+12065550101").await.findings.contains(trap));
}

async fn a_plan_that_no_outage_enters_is_accepted_for_just_those_outages(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    let mut draft = plan("Overflow", &[&[office.id("mobile")]]);
    draft.steps[0].enter_on = "busy".to_owned();
    let id = office.portal.add_plan(&office.dana, account, &draft).await.unwrap();
    office.set_plan("+12065550100", id).await.unwrap();
    let of_plan = async || {
        let view = office.portal.plan(&office.dana, account, id).await.unwrap().view;
        let unmet = |finding: &Finding| finding.finding.kind == FindingKind::OutageEntersNoStep;
        let found = view.findings.iter().find(|finding| unmet(finding)).cloned();
        (found, view.open, view.accepted)
    };
    let (found, open, _) = of_plan().await;
    let found = found.unwrap();
    assert_eq!((found.finding.severity, found.about().as_str()), (Severity::Warning, "Overflow"));
    assert!(office.did("+12065550100").await.findings.contains(&found));
    accept(&office, &found.key, "Only the overflow; outages are the carrier's.", "").await.unwrap();
    let (found, open_now, accepted) = of_plan().await;
    assert_eq!((found.unwrap().accepted.is_some(), open_now, accepted), (true, open - 1, 1));
    // Silence is met now: what is left is another finding, and nobody has accepted it.
    draft.steps[0].enter_on = "486, 600, no_response".to_owned();
    let version = office.version().await;
    office.portal.edit_plan(&office.dana, account, id, version, &draft).await.unwrap();
    let (found, _, accepted) = of_plan().await;
    assert_eq!((found.unwrap().accepted.is_some(), accepted), (false, 0));
}

async fn a_circle_of_own_numbers_is_found_through_a_plan(db: Db) {
    let mut office = Office::open(db).await;
    let account = office.account.id;
    // Allowed while it is no DID; then it becomes one, whose plan leads back.
    let there = office.add("there", "phone", "+12065550150").await;
    let back = office.add("back", "phone", "+12065550100").await;
    let to =
        office.portal.add_plan(&office.dana, account, &plan("To", &[&[office.id("mobile")], &[there]])).await;
    office.set_plan("+12065550100", to.unwrap()).await.unwrap();
    office
        .db
        .sql(&format!(
            "insert into dids (account_id, number, calling_code, primary_route, changed_at, version)
         select account_id, 12065550150, 1, {back}, changed_at, version from dids where number = 12065550101"
        ))
        .await;
    let findings = found(&office).await;
    let loops: Vec<String> = findings
        .iter()
        .filter(|finding| finding.finding.kind == FindingKind::Loop)
        .map(Finding::about)
        .collect();
    assert_eq!(loops, ["pbx → To", "back"]);
    let on_did = office.did("+12065550100").await.findings;
    assert!(kinds(&on_did).contains(&FindingKind::Loop), "{on_did:?}");
}

async fn accept(office: &Office, key: &str, reason: &str, until: &str) -> Result<()> {
    office.portal.accept_finding(&office.dana, office.account.id, key, reason, until).await
}

async fn a_finding_is_accepted_with_a_reason_and_taken_back(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    let key = found(&office).await[0].key.clone();
    let before = office.version().await;
    assert_eq!(
        refused(accept(&office, &key, " ", "31.12.2026").await),
        [(Field::Reason, "missing"), (Field::Until, "not_a_day")]
    );
    assert_eq!(refused(accept(&office, &key, "x", "2020-01-01").await), [(Field::Until, "day_over")]);
    let unknown = accept(&office, "no_failover/primary:99", "x", "").await;
    assert!(matches!(unknown, Err(Error::NotFound(Noun::Finding))), "{unknown:?}");
    assert_eq!(office.version().await, before);

    accept(&office, &key, "They are being ported out.", "2999-12-31").await.unwrap();
    let [finding] = &found(&office).await[..] else { panic!("more than one") };
    let Acceptance { by, reason, until, .. } = finding.accepted.clone().unwrap();
    assert_eq!((by.as_str(), reason.as_str(), until.is_some()), ("Dana", "They are being ported out.", true));
    assert!(office.did("+12065550100").await.findings[0].accepted.is_some());
    // A change elsewhere leaves it accepted; saying it anew replaces what was said.
    office.set_failover("+12065550102", office.id("spare")).await.unwrap();
    accept(&office, &key, "For good.", "").await.unwrap();
    let accepted = found(&office).await[0].accepted.clone().unwrap();
    assert_eq!((accepted.reason.as_str(), accepted.until), ("For good.", None));
    let done = office.portal.operation(&office.dana, account, office.version().await).await.unwrap();
    assert_eq!((done.kind.as_str(), done.about.as_str()), ("accept_finding", "pbx"));
    assert_eq!(done.reason.as_deref(), Some("For good."));
    let fields: Vec<&str> = done.changes[0].fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(fields, ["reason", "until"]);

    office.portal.withdraw_acceptance(&office.sam, account, &key).await.unwrap();
    assert_eq!(found(&office).await[0].accepted, None);
    let again = office.portal.withdraw_acceptance(&office.sam, account, &key).await;
    assert!(matches!(again, Err(Error::NotFound(Noun::Finding))), "{again:?}");
    let done = office.portal.operation(&office.dana, account, office.version().await).await.unwrap();
    assert_eq!((done.kind.as_str(), done.actor.as_str()), ("withdraw_acceptance", "Sam"));
    assert!(done.changes[0].removed);
    assert!(done.version > Version(0));
}

async fn an_acceptance_ends_on_its_day(db: Db) {
    let office = Office::open(db).await;
    let key = found(&office).await[0].key.clone();
    accept(&office, &key, "Until the move.", "2999-12-31").await.unwrap();
    assert!(found(&office).await[0].accepted.is_some());
    office.db.sql("update accepted_findings set until = 1000").await;
    assert_eq!(found(&office).await[0].accepted, None);
    // It can be accepted once more, or cleared away though it does not count any more.
    office.portal.withdraw_acceptance(&office.dana, office.account.id, &key).await.unwrap();
    accept(&office, &key, "Longer than thought.", "").await.unwrap();
    assert!(found(&office).await[0].accepted.is_some());
}

async fn an_account_accepts_so_many_findings_and_no_more(db: Db) {
    let office = Office::open(db).await;
    let (portal, dana) = (&office.portal, &office.dana);
    let key = found(&office).await[0].key.clone();
    accept(&office, &key, "Meant so.", "").await.unwrap();
    // Of routes that are gone.
    let twin = |id: &u64| {
        format!(
            "select account_id, 'no_failover/primary:{id}', kind, by_whom, 'Old.', at, until, version
             from accepted_findings where reason = 'Meant so.'"
        )
    };
    let ids: Vec<u64> = (1_001..=2_999).collect();
    let insert = "insert into accepted_findings (account_id, key, kind, by_whom, reason, at, until, version)";
    for ids in ids.chunks(100) {
        let rows: Vec<String> = ids.iter().map(twin).collect();
        office.db.sql(&format!("{insert} {}", rows.join(" union all "))).await;
    }
    // What was accepted before may be said anew; another one is one too many, by hand or in a file.
    accept(&office, &key, "Meant so.", "2999-12-31").await.unwrap();
    let file = r#"{"format":"switchback-account/1","account":{"name":"Northwind","country":"US"},
        "accepted_findings":[{"finding":"no_failover","primary":"spare","reason":"x","by":"Dana",
                              "at":"2026-01-02T03:04:05Z"}]}"#;
    for dry_run in [true, false] {
        let full = portal.import_account(dana, dana.accounts().pop(), file, dry_run).await;
        assert!(matches!(full, Err(Error::Limit { what: Noun::AcceptedFinding, .. })), "{full:?}");
        assert_eq!(full.unwrap_err().to_string(), "there may be at most 2000 accepted findings");
    }
    office.db.sql(&format!("{insert} {}", twin(&3_000))).await;
    portal.withdraw_acceptance(dana, office.account.id, &key).await.unwrap();
    // What was said of routes that are gone makes room, and is told in the history.
    accept(&office, &key, "Meant so.", "").await.unwrap();
    let done = portal.operation(dana, office.account.id, office.version().await).await.unwrap();
    assert_eq!(done.changed, 2_001);
    assert_eq!(office.db.store.accepted_findings(office.account.id).await.unwrap().len(), 1);
}

/// So many routings without failover, two DIDs each but for the first, which has three.
async fn of_very_many_findings_the_worst_are_listed_and_the_rest_is_counted(db: Db) {
    let office = Office::empty(db).await;
    let (portal, dana, account) = (&office.portal, &office.dana, office.account.id);
    let route = |at| format!(r#"{{"alias":"r{at:03}","type":"host","value":"r{at}.example.com"}}"#);
    let did = |at: usize| format!(r#"{{"number":"+1206555{at:04}","primary":"r{:03}"}}"#, at % 600);
    let routes: Vec<String> = (0..600).map(route).collect();
    let dids: Vec<String> = (0..1_201).map(did).collect();
    let file = format!(
        r#"{{"format":"switchback-account/1","account":{{"name":"Northwind","country":"US"}},
            "routes":[{}],"dids":[{}]}}"#,
        routes.join(","),
        dids.join(",")
    );
    portal.import_account(dana, dana.accounts().pop(), &file, false).await.unwrap();
    let page = portal.findings(dana, account).await.unwrap();
    assert_eq!((page.findings.len(), page.more), (500, 100));
    assert_eq!((page.findings[0].about().as_str(), page.findings[0].finding.dids), ("r000", 3));
    assert_eq!(found(&office).await, page.findings);
    let overview = portal.overview(dana, account).await.unwrap();
    assert_eq!((&overview.findings[..], overview.findings_more), (&page.findings[..50], 550));

    // One that is beyond the list can be accepted. It is listed then, since so are all that are accepted; the overview
    // has no need of it.
    let last = portal.findings(dana, account).await.unwrap();
    let listed: Vec<&str> = last.findings.iter().map(|finding| finding.key.as_str()).collect();
    let beyond =
        (1..=600).map(|id| format!("no_failover/primary:{id}")).find(|key| !listed.contains(&&**key));
    let beyond = beyond.unwrap();
    accept(&office, &beyond, "Not in use yet.", "").await.unwrap();
    let page = portal.findings(dana, account).await.unwrap();
    assert_eq!((page.findings.len(), page.more), (501, 99));
    assert!(page.findings.iter().any(|finding| finding.key == beyond && finding.accepted.is_some()));
    let overview = portal.overview(dana, account).await.unwrap();
    assert_eq!((overview.findings.len(), overview.findings_more), (50, 549));
    assert_eq!(overview.findings_accepted, 1);
    portal.withdraw_acceptance(dana, account, &beyond).await.unwrap();
    assert_eq!(found(&office).await.len(), 500);
}
