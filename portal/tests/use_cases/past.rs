//! The account at a past moment: whatever was done to it, each version of it comes back as it was.

use std::time::Instant;

use portal::{BulkAction, Error, Moment, NoReplay, Past, Replay, UnixMs};
use routing::{
    Alias, Case, CaseId, DidId, E164, Failover, Fault, FaultTarget, InjectedFault, Scenario, Snapshot,
    Version, simulate,
};

use crate::office::{Office, number};
use crate::stir::Dice;
use crate::support::{Db, contract};

contract!(
    every_version_of_a_random_history_comes_back_as_it_was,
    a_replayed_call_is_the_call_of_the_whole_account_then,
    a_moment_that_has_no_call_says_why,
    the_sample_account_comes_back_to_its_beginning,
    a_hundred_thousand_dids_are_taken_back_in_some_seconds,
    a_version_that_never_was_is_not_found,
);

/// What is compared: all but the ids of DIDs, which no call goes by, and the zones, which are ours.
pub(crate) type State = (String, String, Snapshot, Vec<(CaseId, Alias, Case)>);

impl Office {
    pub(crate) async fn state(&self) -> State {
        let snapshot = self.stored().await;
        let account = self.db.store.account(self.account.id).await.unwrap().unwrap();
        let cases = self.portal.cases(&self.dana, self.account.id).await.unwrap();
        let mut cases: Vec<_> = cases.into_iter().map(|case| (case.id, case.name, case.case)).collect();
        cases.sort_by_key(|(id, ..)| *id);
        (account.name, account.country, bare(snapshot), cases)
    }

    async fn replay(&self, number: E164, moment: Moment) -> Result<Replay, NoReplay> {
        self.portal.replay(&self.dana, self.account.id, number, moment).await.unwrap()
    }

    pub(crate) async fn past(&self, version: Version) -> Past {
        self.portal.account_at(&self.dana, self.account.id, version).await.unwrap().unwrap()
    }
}

fn bare(mut snapshot: Snapshot) -> Snapshot {
    snapshot.zones.clear();
    snapshot.dids.iter_mut().for_each(|did| did.id = DidId::default());
    snapshot
}

async fn every_version_of_a_random_history_comes_back_as_it_was(db: Db) {
    let office = Office::open(db).await;
    let mut dice = Dice::new(7);
    let mut states: Vec<State> = vec![office.state().await];
    for _ in 0..400 {
        office.stir(&mut dice).await;
        let state = office.state().await;
        if state.2.version != states[states.len() - 1].2.version {
            states.push(state);
        }
    }
    assert!(states.len() > 150, "{} operations", states.len());
    let kinds: std::collections::BTreeSet<String> = {
        let found = office.activity(&portal::ActivityDraft::default()).await;
        found.rows.iter().map(|row| row.kind.as_str().to_owned()).collect()
    };
    assert!(kinds.len() > 9, "{kinds:?}");
    for (name, country, snapshot, cases) in states {
        let past = office.past(snapshot.version).await;
        assert_eq!(past.unreadable, []);
        assert_eq!(bare(past.snapshot), snapshot);
        assert_eq!((past.name, past.country, past.cases), (name, country, cases));
    }
}

async fn a_replayed_call_is_the_call_of_the_whole_account_then(db: Db) {
    let office = Office::open(db).await;
    let mut dice = Dice::new(11);
    let mut states: Vec<Snapshot> = Vec::new();
    for n in 0..300 {
        office.stir(&mut dice).await;
        if n % 30 == 0 {
            states.push(office.stored().await);
        }
    }
    let mut calls = 0;
    for mut whole in states {
        whole.zones = ["America/Los_Angeles", "Europe/Berlin"].into_iter().filter_map(portal::zone).collect();
        for did in &whole.dids {
            let replay = office.replay(did.number, Moment::After(whole.version)).await.unwrap();
            assert_eq!((replay.operation.version, replay.then.version), (whole.version, whole.version));
            for fault in [None, Some(Fault::Silent), Some(Fault::Busy)] {
                let mut scenario = Scenario { at: Some(1_795_950_000), ..Scenario::new(did.number) };
                scenario
                    .faults
                    .extend(fault.map(|fault| InjectedFault { on: FaultTarget::Route(did.primary), fault }));
                let whole = simulate(&whole, &scenario).unwrap();
                assert_eq!(simulate(&replay.then, &scenario).unwrap(), whole);
                calls += 1;
            }
        }
    }
    assert!(calls > 100, "{calls} calls");
}

async fn a_moment_that_has_no_call_says_why(db: Db) {
    let mut office = Office::empty(db).await;
    office.add("pbx", "host", "pbx.example.com").await;
    office.add("mobile", "phone", "+12065550177").await;
    let number = number("+12065550100");
    let before = office.version().await;
    office.import("number,primary\n+12065550100,pbx\n").await.unwrap();
    let there = office.version().await;
    office.set_failover("+12065550100", office.id("mobile")).await.unwrap();
    let selection = portal::Selection::Numbers { numbers: vec![number], as_of: office.version().await };
    office.apply(&selection, &BulkAction::Release).await;
    let gone = office.version().await;
    let created_at = office.account.created_at;
    let early = office.replay(number, Moment::At(UnixMs(created_at.0 - 1))).await;
    assert_eq!(early.unwrap_err(), NoReplay::BeforeAccount { created_at });
    let late = office.replay(number, Moment::At(UnixMs(UnixMs::now().0 + 60_000))).await;
    assert_eq!(late.unwrap_err(), NoReplay::Future);
    let never = office.replay(number, Moment::After(Version(gone.0 + 1))).await;
    assert_eq!(never.unwrap_err(), NoReplay::NoSuchVersion { latest: gone });
    for (version, left, came) in [(before, None, Some(there)), (gone, Some(gone), None)] {
        let Err(NoReplay::NotThere { left: was, came: will, operation }) =
            office.replay(number, Moment::After(version)).await
        else {
            panic!("{version}")
        };
        assert_eq!(operation.version, version);
        assert_eq!((was.map(|change| change.version), will.map(|change| change.version)), (left, came));
    }
    // What is gone now has a call then, and nothing beside it.
    let replay = office.replay(number, Moment::After(there)).await.unwrap();
    assert_eq!((replay.then.dids.len(), replay.now.dids.len()), (1, 0));
    let kinds: Vec<&str> = replay.changes.iter().map(|change| change.kind.as_str()).collect();
    assert_eq!(kinds, ["release", "edit_did"]);
    // The moment of an operation is that of its version.
    let at = Moment::At(replay.operation.at);
    assert!(office.replay(number, at).await.unwrap().operation.version >= there);
    let unknown =
        office.portal.replay(&office.dana, office.account.id, crate::office::number("+12065550199"), at);
    assert!(matches!(unknown.await, Err(Error::NotFound(portal::Noun::Did))));
}

async fn the_sample_account_comes_back_to_its_beginning(db: Db) {
    let portal = portal::Portal::new(db.store.clone());
    let account = portal.create_sample_account().await.unwrap();
    let dana = portal::Actor::owner(account.id, "Dana", portal::Via::Browser);
    for version in 0..=account.version.0 {
        let past = portal.account_at(&dana, account.id, Version(version)).await.unwrap().unwrap();
        assert_eq!(past.unreadable, [], "{version}");
        past.snapshot.check().unwrap();
        if version == 0 {
            let Snapshot { routes, plans, schedules, dids, .. } = past.snapshot;
            assert_eq!((routes.len(), plans.len(), schedules.len(), dids.len()), (0, 0, 0, 0));
        }
    }
}

async fn a_hundred_thousand_dids_are_taken_back_in_some_seconds(db: Db) {
    let office = Office::open(db).await;
    let rows: String = (0..100_000).map(|n| format!("+4930{:08},pbx\n", 20_000_000 + n)).collect();
    office.import(&format!("number,primary\n{rows}")).await.unwrap();
    let before = office.state().await;
    for route in ["mobile", "spare", "mobile"] {
        let failover = Failover::Route(office.id(route));
        office.apply(&office.all().await, &BulkAction::SetFailoverRoute(failover)).await;
    }
    let start = Instant::now();
    let past = office.past(before.2.version).await;
    println!("100,003 DIDs taken back over 300,009 changes in {:?}", start.elapsed());
    assert_eq!(bare(past.snapshot), before.2);
    // One call asks for what concerns it, however much was changed.
    let start = Instant::now();
    let replay = office.replay(number("+493020000007"), Moment::After(before.2.version)).await.unwrap();
    println!("one call replayed over the same in {:?}", start.elapsed());
    assert_eq!((replay.changes.len(), replay.then.dids[0].failover), (3, Failover::None));
}

async fn a_version_that_never_was_is_not_found(db: Db) {
    let office = Office::open(db).await;
    for version in [Version(-1), Version(office.version().await.0 + 1)] {
        let found = office.portal.account_at(&office.dana, office.account.id, version).await;
        assert!(matches!(found, Err(Error::NotFound(portal::Noun::Operation))), "{found:?}");
    }
}
