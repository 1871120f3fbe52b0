use routing::{CivilDate, DayHours, RouteId, Schedule, ScheduleException, ScheduleId, Version};
use store::{Error, NewSchedule, Noun, ScheduleRow};

use super::build::{alias, new_plan, new_schedule, operation};
use crate::support::{Db, contract};

contract! {
    a_schedule_is_read_as_it_was_written,
    schedule_ids_count_up_and_are_never_given_twice,
    a_name_is_taken_without_regard_to_case,
    schedules_come_by_name_with_their_plans_counted,
    schedules_that_are_not_there_are_refused,
}

fn with_id(id: ScheduleId, new: NewSchedule) -> Schedule {
    let NewSchedule { name, zone, weekly, exceptions } = new;
    Schedule { id, name, zone, weekly, exceptions }
}

async fn a_schedule_is_read_as_it_was_written(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let date = |text| CivilDate::parse(text).unwrap();
    let hours = |text| DayHours::parse(text).unwrap();
    let mut new = new_schedule("Zürich “office”");
    new.weekly[6] = hours("22:00-06:00");
    new.exceptions = vec![
        ScheduleException { date: date("2028-02-29"), hours: hours("closed") },
        ScheduleException { date: date("2026-12-24"), hours: hours("08:00-12:00") },
    ];
    let id = tx.insert_schedule(&new).await.unwrap();
    let expected = (ScheduleRow { schedule: with_id(id, new.clone()), version: Version(1) }, 0);
    assert_eq!(tx.schedule(id).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(tx.schedules().await.unwrap(), std::slice::from_ref(&expected));
    tx.commit(operation("add")).await.unwrap();
    assert_eq!(db.store.schedule(account, id).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(db.store.schedules(account).await.unwrap(), [expected]);
    assert_eq!(db.store.schedule(account, ScheduleId(9)).await.unwrap(), None);

    let changed = Schedule {
        name: alias("zürich"),
        zone: "America/Los_Angeles".to_owned(),
        weekly: Default::default(),
        exceptions: Vec::new(),
        ..with_id(id, new)
    };
    let mut tx = db.store.begin(account).await.unwrap();
    tx.update_schedule(&changed).await.unwrap();
    tx.commit(operation("edit")).await.unwrap();
    let (row, _) = db.store.schedule(account, id).await.unwrap().unwrap();
    assert_eq!(row, ScheduleRow { schedule: changed, version: Version(2) });
}

async fn schedule_ids_count_up_and_are_never_given_twice(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    assert_eq!(tx.insert_schedule(&new_schedule("a")).await.unwrap(), ScheduleId(1));
    assert_eq!(tx.insert_schedule(&new_schedule("b")).await.unwrap(), ScheduleId(2));
    tx.delete_schedule(ScheduleId(2)).await.unwrap();
    assert_eq!(tx.insert_schedule(&new_schedule("b")).await.unwrap(), ScheduleId(3));
}

async fn a_name_is_taken_without_regard_to_case(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let id = tx.insert_schedule(&new_schedule("Office")).await.unwrap();
    tx.insert_schedule(&new_schedule("Night")).await.unwrap();
    tx.update_schedule(&with_id(id, new_schedule("OFFICE"))).await.unwrap();
    tx.commit(operation("x")).await.unwrap();
    let inserted = db.store.begin(account).await.unwrap().insert_schedule(&new_schedule("office")).await;
    let clash = with_id(id, new_schedule("night"));
    let updated = db.store.begin(account).await.unwrap().update_schedule(&clash).await;
    for refused in [inserted.map(drop), updated] {
        assert!(matches!(refused, Err(Error::NameTaken { noun: Noun::Schedule, .. })), "{refused:?}");
    }
}

async fn schedules_come_by_name_with_their_plans_counted(db: Db) {
    let account = db.account().await.id;
    let mut tx = db.store.begin(account).await.unwrap();
    let mut ids = Vec::new();
    for name in ["office", "Night", "Éclair"] {
        ids.push(tx.insert_schedule(&new_schedule(name)).await.unwrap());
    }
    for (name, hours) in
        [("zulu", [Some(ids[0]), Some(ids[0])]), ("Alpha", [Some(ids[0]), Some(ids[1])]), ("beta", [None; 2])]
    {
        let mut new = new_plan(name, &[RouteId::REGISTERED; 2]);
        new.steps[0].hours = hours[0];
        new.steps[1].hours = hours[1];
        tx.insert_plan(&new).await.unwrap();
    }
    tx.commit(operation("x")).await.unwrap();
    let listed = db.store.schedules(account).await.unwrap();
    let shown: Vec<(&str, u64)> =
        listed.iter().map(|(row, plans)| (row.schedule.name.as_str(), *plans)).collect();
    assert_eq!(shown, [("Night", 1), ("office", 2), ("Éclair", 0)]);
    for (schedule, users) in [(ids[0], &["Alpha", "zulu"][..]), (ids[1], &["Alpha"]), (ids[2], &[])] {
        let found = db.store.schedule_users(account, schedule).await.unwrap();
        assert_eq!(found.iter().map(|row| row.plan.name.as_str()).collect::<Vec<_>>(), users);
    }
}

async fn schedules_that_are_not_there_are_refused(db: Db) {
    let account = db.account().await.id;
    let missing = with_id(ScheduleId(7), new_schedule("x"));
    let updated = db.store.begin(account).await.unwrap().update_schedule(&missing).await;
    let deleted = db.store.begin(account).await.unwrap().delete_schedule(missing.id).await;
    for refused in [updated, deleted] {
        assert!(matches!(refused, Err(Error::NotFound(Noun::Schedule))), "{refused:?}");
    }
}
