//! What is chosen by a filter is kept, and checked again when it is acted upon.

use portal::{BulkAction, DidDraft, DidFilter, Drift, Error, FailoverFilter, Noun, Refusal, Selection};
use routing::Failover;

use super::bulk::all;
use crate::office::{Office, number};
use crate::support::{Db, contract};

contract!(
    what_matches_only_since_is_left_alone_and_what_matches_no_more_is_counted,
    a_walk_ends_with_the_last_that_was_chosen,
    a_selection_is_for_its_maker_in_its_account_and_for_a_day,
    a_survey_says_how_many_were_chosen,
);

async fn what_matches_only_since_is_left_alone_and_what_matches_no_more_is_counted(db: Db) {
    let office = Office::open(db).await;
    let mobile = office.id("mobile");
    office.import("number,primary,failover\n+12065550110,pbx,mobile\n+12065550111,pbx,\n").await.unwrap();
    let filter = DidFilter { failover: FailoverFilter::None, ..DidFilter::default() };
    let chosen = office.portal.choose_matching(&office.dana, office.account.id, filter).await.unwrap();
    let chosen = Selection::Matching(chosen);
    // Of the four that matched, one has a failover now, one is gone, and one was renamed.
    office.set_failover("+12065550100", mobile).await.unwrap();
    let one = super::bulk::numbers(&["+12065550111"], office.version().await);
    office.apply(&one, &BulkAction::Release).await;
    let view = office.did("+12065550101").await;
    let draft = DidDraft { alias: "Sam's".into(), ..DidDraft::of(&view.row) };
    let did = number("+12065550101");
    office.portal.edit_did(&office.sam, office.account.id, did, view.as_of, &draft).await.unwrap();
    // And two match that did not: one is new, one lost its failover.
    office.import("number,primary\n+12065550120,pbx\n").await.unwrap();
    let one = super::bulk::numbers(&["+12065550110"], office.version().await);
    office.apply(&one, &BulkAction::ClearFailoverRoute).await;

    let action = BulkAction::SetFailoverRoute(Failover::Route(office.id("spare")));
    let plan = office.plan(&chosen, &action).await;
    let drift = Drift { gone: 2, came: 2 };
    assert_eq!((plan.selected, plan.changes, plan.refused, plan.drift), (4, 1, 1, drift));
    let done = office.apply(&chosen, &action).await;
    assert_eq!((done.changed, done.refused, done.drift), (1, 1, drift));
    assert!(
        matches!(&done.refusals[..], [(named, Refusal::EditedSince { by, .. })] if *named == did && by == "Sam")
    );
    let told = office.portal.operation(&office.dana, office.account.id, done.version.unwrap()).await.unwrap();
    assert_eq!(told.drift, drift);
    let failovers: Vec<(String, String)> =
        office.dids().await.iter().map(|row| (row.number.to_string(), row.failover.to_string())).collect();
    let expected = [
        ("+12065550100", "mobile"),
        ("+12065550101", "none"),
        ("+12065550102", "spare"),
        ("+12065550110", "none"),
        ("+12065550120", "none"),
    ];
    assert_eq!(failovers, expected.map(|(number, failover)| (number.to_owned(), failover.to_owned())));
}

/// Around the length of a round, with DIDs after them that do not match, and with one that came before them since.
async fn a_walk_ends_with_the_last_that_was_chosen(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let action = |alias: &str| BulkAction::SetFailoverRoute(Failover::Route(office.id(alias)));
    for (country, dids) in [("4420", 0), ("4930", 1), ("3315", 1_999), ("3161", 2_000), ("3933", 2_001)] {
        let mut csv = format!("number,primary\n+8180{dids:04}0000,pbx\n");
        for line in 0..dids {
            csv.push_str(&format!("+{country}{line:07},pbx\n"));
        }
        office.import(&csv).await.unwrap();
        let calling_code = country[..2].parse().unwrap();
        let filter = DidFilter { calling_code: Some(calling_code), ..DidFilter::default() };
        let choose = async || {
            Selection::Matching(portal.choose_matching(&office.dana, account, filter.clone()).await.unwrap())
        };
        let chosen = choose().await;
        let plan = office.plan(&chosen, &action("spare")).await;
        assert_eq!((plan.selected, plan.changes, plan.drift), (dids, dids, Drift::default()), "{country}");
        let done = office.apply(&chosen, &action("spare")).await;
        assert_eq!((done.changed, done.refused, done.drift), (dids, 0, Drift::default()), "{country}");

        let chosen = choose().await;
        office.import(&format!("number,primary\n+{}110000001,pbx\n", &country[..2])).await.unwrap();
        let drift = Drift { gone: 0, came: 1 };
        let plan = office.plan(&chosen, &action("mobile")).await;
        assert_eq!((plan.changes, plan.drift), (dids, drift), "{country}");
        let done = office.apply(&chosen, &action("mobile")).await;
        assert_eq!((done.changed, done.drift), (dids, drift), "{country}");
    }
}

async fn a_selection_is_for_its_maker_in_its_account_and_for_a_day(db: Db) {
    let office = Office::open(db).await;
    let (portal, mine) = (&office.portal, office.account.id);
    let other = office.db.second_account().await;
    let stranger = portal::Actor::owner(other.id, "Dana", portal::Via::Browser);
    let chosen = office.all().await;
    let theirs = all(portal, &stranger, other.id).await;
    let missing = async |who, account, selection: &Selection| {
        let action = BulkAction::Release;
        let progress = portal::Progress::default();
        let survey = portal.survey(who, account, selection).await.map(drop);
        let plan = portal.plan_bulk(who, account, selection, &action).await.map(drop);
        let done = portal.apply_bulk(who, account, selection, &action, None, &progress).await.map(drop);
        for found in [survey, plan, done] {
            assert!(matches!(found, Err(Error::NotFound(Noun::Selection))), "{found:?}");
        }
    };
    missing(&office.sam, mine, &chosen).await;
    missing(&stranger, other.id, &chosen).await;
    missing(&office.dana, mine, &theirs).await;
    assert_eq!(office.plan(&chosen, &BulkAction::Release).await.changes, 3);
    office.db.sql("update selections set created_at = created_at - 86400001").await;
    missing(&office.dana, mine, &chosen).await;
    assert_eq!(office.dids().await.len(), 3);
}

async fn a_survey_says_how_many_were_chosen(db: Db) {
    let office = Office::open(db).await;
    let chosen = office.all().await;
    office.import("number,primary\n+12065550099,pbx\n").await.unwrap();
    let survey = office.portal.survey(&office.dana, office.account.id, &chosen).await.unwrap();
    assert_eq!((survey.selected, survey.filter), (3, Some(DidFilter::default())));
    let first: Vec<String> = survey.first.iter().map(|row| row.number.to_string()).collect();
    assert_eq!(first, ["+12065550100", "+12065550101", "+12065550102"], "not the new one");
}
