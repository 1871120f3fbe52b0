//! Two moments compared: what differs, and what becomes of calls.

use std::time::Instant;

use portal::{BulkAction, Comparison, Moment, NoReplay, NotCompared, UnixMs};
use routing::{DiffKind, Failover, Version};

use crate::office::{Office, draft};
use crate::support::{Db, contract};

contract!(
    what_differs_between_two_versions_is_named_with_what_calls_do,
    a_route_that_changed_under_its_numbers_is_seen,
    moments_that_cannot_be_compared_say_why,
    a_hundred_thousand_dids_are_compared_in_some_seconds,
);

impl Office {
    async fn compare(&self, from: Moment, to: Moment) -> Result<Comparison, NotCompared> {
        self.portal.compare(&self.dana, self.account.id, [from, to]).await.unwrap()
    }

    async fn since(&self, from: Version) -> Comparison {
        self.compare(Moment::After(from), Moment::After(self.version().await)).await.unwrap()
    }
}

async fn what_differs_between_two_versions_is_named_with_what_calls_do(db: Db) {
    let office = Office::open(db).await;
    let before = office.version().await;
    assert_eq!(office.since(before).await.dids_count, 0);
    let mobile = office.id("mobile");
    office.set_failover("+12065550100", mobile).await.unwrap();
    office.import("number,primary\n+12065550109,mobile\n").await.unwrap();
    office.add_plan("Night", &[&["mobile"]]).await;
    let found = office.since(before).await;
    assert_eq!((found.added, found.released, found.dids_count, found.things_count), (1, 0, 2, 1));
    assert_eq!((found.things[0].label.as_str(), found.things[0].added), ("Night", true));
    assert_eq!(found.behaviour.compared, 3, "the added one has nothing to be compared with");
    assert_eq!(found.behaviour.effects.get(&DiffKind::Gain), Some(&1));
    assert_eq!(found.behaviour.diff.len(), 1, "groups of which every call ends as before are not listed");
    // Two moments of the past: what came later is not in it.
    let early = office.compare(Moment::After(before), Moment::After(Version(before.0 + 1))).await.unwrap();
    assert_eq!((early.added, early.dids_count, early.things_count), (0, 1, 0));
    // There and back is no difference.
    office.undo(Version(before.0 + 1)).await;
    let found = office.since(before).await;
    assert_eq!((found.dids_count, found.behaviour.diff.len()), (1, 0));
}

async fn a_route_that_changed_under_its_numbers_is_seen(db: Db) {
    let office = Office::open(db).await;
    let before = office.version().await;
    let voicemail =
        portal::RouteDraft { answerer: "voicemail".into(), ..draft("box", "host", "pbx.example.com") };
    let id = office.id("pbx");
    office.portal.edit_route(&office.dana, office.account.id, id, before, &voicemail).await.unwrap();
    let found = office.since(before).await;
    assert_eq!((found.dids_count, found.things_count), (0, 1));
    assert_eq!(found.behaviour.effects.get(&DiffKind::Loss), Some(&3), "{:?}", found.behaviour);
    let names: Vec<String> =
        found.sides.iter().map(|side| side.route(id).unwrap().alias.to_string()).collect();
    assert_eq!(names, ["pbx", "box"], "each side has its own names");
}

async fn moments_that_cannot_be_compared_say_why(db: Db) {
    let office = Office::open(db).await;
    let now = office.version().await;
    let after = |version| Moment::After(Version(version));
    let found = office.compare(after(now.0), after(0)).await;
    assert_eq!(found.unwrap_err(), NotCompared::Backwards);
    let found = office.compare(after(0), after(now.0 + 1)).await.unwrap_err();
    assert_eq!(found, NotCompared::Moment(after(now.0 + 1), NoReplay::NoSuchVersion { latest: now }));
    let late = Moment::At(UnixMs(UnixMs::now().0 + 60_000));
    let found = office.compare(after(0), late).await.unwrap_err();
    assert_eq!(found, NotCompared::Moment(late, NoReplay::Future));
}

async fn a_hundred_thousand_dids_are_compared_in_some_seconds(db: Db) {
    let office = Office::open(db).await;
    let rows: String = (0..100_000).map(|n| format!("+4930{:08},pbx\n", 20_000_000 + n)).collect();
    office.import(&format!("number,primary\n{rows}")).await.unwrap();
    let before = office.version().await;
    let mobile = Failover::Route(office.id("mobile"));
    office.apply(&office.all().await, &BulkAction::SetFailoverRoute(mobile)).await;
    let start = Instant::now();
    let found = office.since(before).await;
    println!("100,003 DIDs compared in {:?}", start.elapsed());
    assert_eq!((found.dids_count, found.behaviour.compared), (100_003, 100_003));
    assert_eq!(found.behaviour.effects.get(&DiffKind::Gain), Some(&100_003));
}
