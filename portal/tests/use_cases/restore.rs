//! Restore: one thing goes back to how it was after a version, and nothing else does.

use portal::{Error, NotUndone, OperationKind, Refusal, RestoreOutcome, RestorePlan};
use routing::{DiffKind, Failover, Version};
use store::Subject;

use crate::office::{Office, draft, number};
use crate::support::{Db, contract};

contract!(
    a_did_goes_back_over_several_changes_and_what_calls_do_is_told,
    a_route_and_a_plan_go_back_and_their_users_calls_are_compared,
    what_is_gone_comes_back_and_what_was_not_there_does_not,
    what_cannot_be_so_again_or_was_changed_meanwhile_stays,
);

impl Office {
    async fn restore_plan(&self, subject: Subject, version: Version) -> RestorePlan {
        self.portal.restore_plan(&self.dana, self.account.id, subject, version).await.unwrap()
    }

    async fn restore(&self, subject: Subject, version: Version) -> Result<Version, Error> {
        let as_of = self.version().await;
        self.portal.restore(&self.dana, self.account.id, subject, (version, as_of), None).await
    }
}

async fn a_did_goes_back_over_several_changes_and_what_calls_do_is_told(db: Db) {
    let office = Office::open(db).await;
    let (did, text) = (Subject::Did(number("+12065550100")), "+12065550100");
    office.set_failover(text, office.id("mobile")).await.unwrap();
    let version = office.version().await;
    let before = office.did(text).await.row;
    office.set_failover(text, office.id("spare")).await.unwrap();
    office.set_failover(text, office.id("mobile")).await.unwrap();
    assert!(matches!(office.restore_plan(did, version).await.outcome, RestoreOutcome::Unchanged));
    office.set_failover(text, office.id("spare")).await.unwrap();
    let plan = office.restore_plan(did, version).await;
    let RestoreOutcome::Changes(change) = &plan.outcome else { panic!("{plan:?}") };
    let failover = change.fields.iter().find(|field| field.name == "failover").unwrap();
    assert_eq!((failover.before.as_deref(), failover.after.as_deref()), (Some("spare"), Some("mobile")));
    assert_eq!((plan.operation.version, plan.behaviour.compared), (version, 1));
    assert!(plan.behaviour.effects.contains_key(&DiffKind::Elsewhere), "{:?}", plan.behaviour.effects);
    let made = office.restore(did, version).await.unwrap();
    let after = office.did(text).await.row;
    assert_eq!((after.failover, after.alias), (before.failover, before.alias));
    let entry = office.portal.operation(&office.dana, office.account.id, made).await.unwrap();
    assert_eq!((entry.kind, entry.restored, entry.changed), (OperationKind::Restore, Some(version), 1));
    // It is an entry like any other.
    office.undo_as_planned(made).await;
    assert_eq!(office.did(text).await.row.failover.to_string(), "spare");
}

async fn a_route_and_a_plan_go_back_and_their_users_calls_are_compared(db: Db) {
    let office = Office::open(db).await;
    let (portal, dana, account) = (&office.portal, &office.dana, office.account.id);
    let id = office.add_plan("Night", &[&["mobile"]]).await;
    office.set_plan("+12065550100", id).await.unwrap();
    let version = office.version().await;
    let longer = office.plan_draft("Later", &[&["spare"], &["mobile"]]);
    portal.edit_plan(dana, account, id, version, &longer).await.unwrap();
    let mobile = office.id("mobile");
    let edit = draft("handy", "phone", "+12065550178");
    portal.edit_route(dana, account, mobile, office.version().await, &edit).await.unwrap();
    let plan = office.restore_plan(Subject::Plan(id), version).await;
    assert_eq!((plan.label.as_str(), plan.behaviour.diff.len(), plan.behaviour.compared), ("Later", 1, 3));
    assert_eq!(plan.behaviour.diff[0].changed.before.failover, Failover::Plan(id));
    office.restore(Subject::Plan(id), version).await.unwrap();
    office.restore(Subject::Route(mobile), version).await.unwrap();
    let stored = office.stored().await;
    let mut then = office.past(version).await.snapshot;
    assert_eq!((&stored.plans, &stored.routes), (&then.plans, &then.routes));
    then.zones.clear();
    assert_eq!(then.dids, stored.dids);
}

async fn what_is_gone_comes_back_and_what_was_not_there_does_not(db: Db) {
    let office = Office::open(db).await;
    let spare = Subject::Route(office.id("spare"));
    let there = office.version().await;
    office.portal.delete_route(&office.dana, office.account.id, office.id("spare"), there).await.unwrap();
    assert!(matches!(office.restore_plan(spare, Version(1)).await.outcome, RestoreOutcome::NotThere));
    assert!(matches!(office.restore(spare, Version(1)).await, Err(Error::NotUndone(NotUndone::NothingLeft))));
    office.restore(spare, there).await.unwrap();
    assert!(office.stored().await.route(office.id("spare")).is_some());
    let never =
        office.portal.restore_plan(&office.dana, office.account.id, Subject::Plan(routing::PlanId(9)), there);
    assert!(matches!(never.await, Err(Error::NotFound(portal::Noun::Plan))));
}

async fn what_cannot_be_so_again_or_was_changed_meanwhile_stays(db: Db) {
    let office = Office::open(db).await;
    let (text, spare) = ("+12065550100", office.id("spare"));
    let did = Subject::Did(number(text));
    office.set_failover(text, spare).await.unwrap();
    let version = office.version().await;
    office.set_failover(text, office.id("mobile")).await.unwrap();
    let looked = office.version().await;
    office.set_failover(text, office.id("pbx")).await.unwrap_err();
    let other =
        portal::DidDraft { alias: "Sam's".into(), ..portal::DidDraft::of(&office.did(text).await.row) };
    office.portal.edit_did(&office.sam, office.account.id, number(text), looked, &other).await.unwrap();
    let stale = office.portal.restore(&office.dana, office.account.id, did, (version, looked), None).await;
    assert!(matches!(stale, Err(Error::NotUndone(NotUndone::ChangedMeanwhile))), "{stale:?}");
    office.portal.delete_route(&office.dana, office.account.id, spare, office.version().await).await.unwrap();
    let plan = office.restore_plan(did, version).await;
    assert!(
        matches!(&plan.outcome, RestoreOutcome::Refused(Refusal::TargetGone { name }) if name == "spare"),
        "{plan:?}"
    );
    assert!(office.restore(did, version).await.is_err());
}
