//! The what-if desk gets all that it needs to run any call.

use portal::{BulkAction, Error, Noun, ScheduleDraft, Selection};
use routing::{Failure, Matrix, OwnDid, Scenario, simulate};

use crate::office::{Office, number};
use crate::support::{Db, contract};

contract!(
    the_desk_holds_the_configuration_and_an_example_of_each_group,
    the_desk_holds_the_number_that_was_asked_for,
    the_desk_names_what_leads_back_to_us,
);

async fn the_desk_holds_the_configuration_and_an_example_of_each_group(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    office.set_failover("+12065550101", office.id("spare")).await.unwrap();
    let desk = office.portal.desk(&office.dana, account, None).await.unwrap();
    let groups: Vec<(u64, String)> =
        desk.groups.iter().map(|group| (group.dids, group.example.to_string())).collect();
    assert_eq!(groups, [(2, "+12065550100".to_owned()), (1, "+12065550101".to_owned())]);
    assert_eq!((desk.groups_left_out, desk.dids, desk.did), (0, 3, None));
    assert_eq!((desk.zone.as_str(), desk.as_of), ("UTC", office.version().await));
    assert_eq!((desk.snapshot.routes.len(), desk.snapshot.edges.len(), desk.snapshot.dids.len()), (3, 2, 2));
    assert_eq!(desk.snapshot.dids[0].alias.as_ref().unwrap().as_str(), "Front desk");
    assert_eq!(desk.marked_down, []);
    // It is enough for a whole matrix.
    let base = Scenario::new(number("+12065550100"));
    let failures = Failure::of(&desk.snapshot);
    let matrix = Matrix::run(&desk.snapshot, desk.groups.clone(), failures, &base).unwrap();
    assert_eq!(matrix.cells[0].len(), 2);

    let hours = ScheduleDraft {
        name: "Office".into(),
        zone: "Europe/Berlin".into(),
        weekly: std::array::from_fn(|_| "08:00-17:00".to_owned()),
        exceptions: String::new(),
    };
    office.portal.add_schedule(&office.dana, account, &hours).await.unwrap();
    let pbx = office.id("pbx");
    office.db.sql(&format!("update routes set health = 'down', health_since = 1 where id = {pbx}")).await;
    // Health makes no version: another server sees it at once, this one with the next change.
    let other = portal::Portal::new(office.db.store.clone());
    let desk = other.desk(&office.dana, account, None).await.unwrap();
    assert_eq!((desk.zone.as_str(), desk.marked_down), ("Europe/Berlin", vec![pbx]));
    assert_eq!(desk.snapshot.zones.len(), 1);
}

async fn the_desk_holds_the_number_that_was_asked_for(db: Db) {
    let office = Office::open(db).await;
    let account = office.account.id;
    let asked = number("+12065550102");
    let desk = office.portal.desk(&office.dana, account, Some(asked)).await.unwrap();
    assert_eq!((desk.did, desk.groups.len(), desk.snapshot.dids.len()), (Some(asked), 1, 2));
    let trace = simulate(&desk.snapshot, &Scenario::new(asked)).unwrap();
    assert!(trace.reached_somebody());
    let strange = office.portal.desk(&office.dana, account, Some(number("+12065550199"))).await;
    assert!(matches!(strange, Err(Error::NotFound(Noun::Did))), "{strange:?}");
}

async fn the_desk_names_what_leads_back_to_us(db: Db) {
    let mut office = Office::open(db).await;
    let account = office.account.id;
    let rung = number("+12065550102");
    for alias in ["own", "unused"] {
        office.add(alias, "phone", &rung.to_string()).await;
    }
    let back = async |office: &Office| -> Vec<(String, Option<OwnDid>)> {
        let desk = office.portal.desk(&office.dana, account, None).await.unwrap();
        desk.back.into_iter().map(|choice| (choice.route.alias.to_string(), choice.barred)).collect()
    };
    assert_eq!(back(&office).await, []);
    let chosen = Selection::Numbers { numbers: vec![number("+12065550100")], as_of: office.version().await };
    let set = BulkAction::SetRoute(office.id("own"));
    assert_eq!(office.apply(&chosen, &set).await.changed, 1);
    assert_eq!(back(&office).await, [("own".to_owned(), Some(OwnDid::Number { number: rung }))]);
}
