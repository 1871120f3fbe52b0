//! The whole account as one file, and back.

use portal::{Actor, Error, Portal, Via};
use routing::Version;

use crate::office::{Office, cut};
use crate::support::{Db, contract, run_on_sqlite};

contract!(
    a_file_comes_back_with_the_same_bytes,
    an_account_from_a_file_cut_off_half_way_is_not_there,
    a_file_merges_and_never_deletes,
    every_error_says_where_and_nothing_is_written,
    no_file_brings_a_failover_that_leads_back_to_us,
);

async fn a_file_comes_back_with_the_same_bytes(db: Db) {
    let portal = Portal::new(db.store.clone());
    let sample = portal.create_sample_account().await.unwrap();
    let dana = Actor::owner(sample.id, "Dana", Via::CommandLine);
    let file = portal.export_account(&dana, sample.id).await.unwrap();
    let same = portal.import_account(&dana, dana.accounts().pop(), &file, false).await.unwrap();
    assert_eq!((same.version, same.changed()), (None, 0));
    assert_eq!(copied(&file), file);
    assert_eq!(
        (file.matches("\"reaches\":").count(), file.matches("\"finding\":").count()),
        (3, 1),
        "{file}"
    );
}

async fn an_account_from_a_file_cut_off_half_way_is_not_there(db: Db) {
    let portal = Portal::new(db.store.clone());
    // On PostgreSQL, how often one waits depends on how soon an answer comes over the network: of several, some do.
    let files = if db.store.kind() == store::DatabaseKind::Sqlite { 1 } else { 4 };
    let mut cuts = 0;
    for nth in 0..files {
        let file = format!(
            r#"{{"format":"switchback-account/1","account":{{"name":"Northwind {nth}","country":"US"}},
            "routes":[{{"alias":"pbx","type":"host","value":"pbx.example.com"}}],
            "dids":[{{"number":"+1206555010{nth}","primary":"pbx"}},{{"number":"+1206555011{nth}","primary":"pbx"}}]}}"#
        );
        cuts += cut_off_until_it_is_there(&portal, nth, &file).await;
    }
    let least = if db.store.kind() == store::DatabaseKind::Sqlite { 5 } else { 1 };
    assert!(cuts > least, "it was cut off only {cuts} times");
}

/// Imports an account after `nth` others, cut off a wait later each time; how often that was.
async fn cut_off_until_it_is_there(portal: &Portal, nth: usize, file: &str) -> usize {
    let mut cuts = 0;
    let account = loop {
        let made =
            cut(cuts, portal.import_account(&Actor::operator("command line"), None, file, false)).await;
        let there = portal.accounts(&Actor::operator("test")).await.unwrap();
        if there.len() > nth {
            break there.into_iter().max_by_key(|account| account.id).unwrap();
        }
        assert!(made.is_none(), "{made:?}");
        cuts += 1;
    };
    assert_eq!(account.version, Version(1));
    let dana = Actor::owner(account.id, "Dana", Via::CommandLine);
    let kinds = [(0, "create_account", 1), (1, "import_account", 3)];
    for (version, kind, changes) in kinds {
        let view = portal.operation(&dana, account.id, Version(version)).await.unwrap();
        assert_eq!(
            (view.kind.as_str(), view.actor.as_str(), view.changes.len()),
            (kind, "command line", changes)
        );
    }
    cuts
}

async fn a_file_merges_and_never_deletes(db: Db) {
    let office = Office::open(db).await;
    let file = r#"{"format":"switchback-account/1",
        "account":{"name":"Northwind Ltd","country":"US","defaults":{"no_response_ms":4000,"ring_ms":20000,"trigger":"any_failure"}},
        "routes":[{"alias":"PBX","type":"host","value":"new.example.com","edge":"US-East-VA"},
                  {"alias":"agency","type":"uri","value":"sip:x@agency.example","answerer":"live_answer"}],
        "dids":[{"number":"+12065550100","alias":"Front desk","primary":"pbx","failover":"Agency"},
                {"number":"206 555 0105","primary":"sip-reg"}]}"#;
    let done =
        office.portal.import_account(&office.dana, office.dana.accounts().pop(), file, false).await.unwrap();
    assert_eq!((done.routes_added, done.routes_changed, done.dids_added, done.dids_changed), (1, 1, 1, 1));
    let account = office.portal.accounts(&Actor::operator("test")).await.unwrap().pop().unwrap();
    assert_eq!((account.name.as_str(), account.defaults.no_response_ms.0), ("Northwind Ltd", 4_000));
    let rows: Vec<String> = office.csv().await.lines().skip(1).map(str::to_owned).collect();
    assert_eq!(
        rows,
        [
            "+12065550100,Front desk,PBX,agency",
            "+12065550101,Billing,PBX,",
            "+12065550102,,PBX,",
            "+12065550105,,sip-reg,"
        ]
    );
    let view = office.portal.operation(&office.dana, account.id, done.version.unwrap()).await.unwrap();
    assert_eq!((view.kind.as_str(), view.changed, view.changes.len()), ("import_account", 5, 5));
}

async fn every_error_says_where_and_nothing_is_written(db: Db) {
    let office = Office::open(db).await;
    let before = office.version().await;
    let file = r#"{"format":"switchback-account/1","account":{"name":"","country":"QQ"},
        "routes":[{"alias":"x","type":"host","value":"a b"},{"alias":"sip-reg","type":"host","value":"a.example"},
                  {"alias":"y","type":"phone","value":"911","edge":"Mars"},{"alias":"pbx","type":"host","value":"b.example"},
                  {"alias":"PBX","type":"host","value":"c.example"}],
        "dids":[{"number":"1","primary":"pbx"},{"number":"+12065550100","primary":"nowhere","failover":"elsewhere"},
                {"number":"+12065550100","primary":"pbx"},{"number":"+12065550101","primary":"pbx","failover":"pbx"}]}"#;
    for dry_run in [true, false] {
        let Err(Error::AccountFile(errors)) =
            office.portal.import_account(&office.dana, office.dana.accounts().pop(), file, dry_run).await
        else {
            panic!("imported")
        };
        let places: Vec<&str> = errors.iter().map(|error| error.place.as_str()).collect();
        assert_eq!(
            places,
            [
                "account.name",
                "account.country",
                "routes[0].value",
                "routes[1].alias",
                "routes[2].value",
                "routes[2].edge",
                "routes[4].alias",
                "dids[0].number",
                "dids[1].primary",
                "dids[1].failover",
                "dids[2].number",
                "dids[3].failover"
            ]
        );
    }
    assert_eq!(office.version().await, before);
}

async fn no_file_brings_a_failover_that_leads_back_to_us(db: Db) {
    let office = Office::open(db).await;
    office.set_failover("+12065550100", office.id("mobile")).await.unwrap();
    let rows = [
        // A DID whose number a failover route rings already.
        (r#""dids":[{"number":"+12065550177","primary":"pbx"}]"#, "dids[0].number"),
        // A failover that rings a DID, in a new route.
        (
            r#""routes":[{"alias":"z","type":"uri","value":"sip:12065550101@a.example"}],
               "dids":[{"number":"+12065550102","primary":"pbx","failover":"z"}]"#,
            "dids[0].failover",
        ),
        // A route that is a failover outside of the file.
        (r#""routes":[{"alias":"mobile","type":"phone","value":"+12065550101"}]"#, "routes (mobile)"),
    ];
    for (part, place) in rows {
        let file = format!(
            r#"{{"format":"switchback-account/1","account":{{"name":"Northwind","country":"US"}},{part}}}"#
        );
        let Err(Error::AccountFile(errors)) =
            office.portal.import_account(&office.dana, office.dana.accounts().pop(), &file, false).await
        else {
            panic!("imported {part}")
        };
        assert_eq!(errors[0].place, place, "{errors:?}");
    }
}

/// The file that an account from this one is written to, on a second database that was empty.
pub(crate) fn copied(file: &str) -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            run_on_sqlite(async |db: Db| {
                let portal = Portal::new(db.store.clone());
                let dry =
                    portal.import_account(&Actor::operator("command line"), None, file, true).await.unwrap();
                assert!(portal.accounts(&Actor::operator("test")).await.unwrap().pop().is_none());
                let done =
                    portal.import_account(&Actor::operator("command line"), None, file, false).await.unwrap();
                assert_eq!((dry.routes_added, dry.dids_added), (done.routes_added, done.dids_added));
                assert_eq!((dry.schedules_added, dry.plans_added), (done.schedules_added, done.plans_added));
                assert_eq!((dry.cases_added, dry.accepted_added), (done.cases_added, done.accepted_added));
                let account = portal.accounts(&Actor::operator("test")).await.unwrap().pop().unwrap();
                let owner = Actor::owner(account.id, "Dana", Via::CommandLine);
                sender.send(portal.export_account(&owner, account.id).await.unwrap()).unwrap();
                // Nor may anybody but who administers the installation.
                let owner = portal.import_account(&owner, None, file, false).await;
                assert!(matches!(owner, Err(Error::NotFound(_))), "{owner:?}");
            });
        });
    });
    receiver.recv().unwrap()
}
