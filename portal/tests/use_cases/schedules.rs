//! Schedules are added, changed and deleted.

use portal::{Error, Noun, Saved, ScheduleDraft, ScheduleField};
use routing::{ScheduleId, Weekday};

use crate::office::{Office, office_hours};
use crate::support::{Db, contract};

contract!(
    a_schedule_is_added_with_its_change_and_says_whether_it_is_open,
    a_schedule_that_breaks_rules_says_so_beside_its_fields,
    an_edit_says_how_many_dids_it_touches_and_what_it_changed,
    an_edit_on_top_of_somebody_elses_is_refused_with_what_they_changed,
    a_schedule_in_use_is_not_deleted_and_says_by_which_plans,
);

/// The fields and codes of a refusal.
fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(ScheduleField, &'static str)> {
    match result {
        Err(Error::ScheduleRefused(problems)) => {
            problems.iter().map(|problem| (problem.field, problem.code)).collect()
        }
        other => panic!("not refused: {other:?}"),
    }
}

impl Office {
    async fn edit_schedule(&self, id: ScheduleId, draft: &ScheduleDraft) -> Result<Saved, Error> {
        self.portal.edit_schedule(&self.dana, self.account.id, id, self.version().await, draft).await
    }
}

async fn a_schedule_is_added_with_its_change_and_says_whether_it_is_open(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let mut draft = office_hours("Office");
    draft.zone = " america/los_angeles".into();
    draft.exceptions = "2026-12-25 closed\n\n 2026-12-24   8:00-12:00\n".into();
    let id = portal.add_schedule(&office.dana, account, &draft).await.unwrap();
    let mut always = ScheduleDraft { name: "always".into(), zone: "UTC".into(), ..ScheduleDraft::default() };
    always.weekly.fill("00:00-24:00".into());
    portal.add_schedule(&office.dana, account, &always).await.unwrap();
    let never = ScheduleDraft { name: "Never".into(), zone: "UTC".into(), ..ScheduleDraft::default() };
    portal.add_schedule(&office.dana, account, &never).await.unwrap();
    let views = portal.schedules(&office.dana, account).await.unwrap();
    let open: Vec<_> = views.iter().map(|view| (view.schedule.name.as_str(), view.open_now)).collect();
    assert_eq!(open[..2], [("always", true), ("Never", false)]);
    let view = portal.schedule(&office.dana, account, id).await.unwrap();
    assert_eq!(view, views[2]);
    // What is read again is in order and in one form, and reads back as itself.
    let form = ScheduleDraft::of(&view.schedule);
    assert_eq!(form.zone, "America/Los_Angeles");
    assert_eq!(form.exceptions, "2026-12-24 08:00-12:00\n2026-12-25 closed\n");
    assert_eq!(office.edit_schedule(id, &form).await.unwrap(), Saved { dids: 0, changed: false });
    let added = portal.operation(&office.dana, account, view.version).await.unwrap();
    assert_eq!((added.kind.as_str(), added.about.as_str()), ("add_schedule", "Office"));
    let fields: Vec<_> = added.changes[0]
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.after.as_deref().unwrap()))
        .collect();
    assert_eq!(
        fields,
        [
            ("name", "Office"),
            ("zone", "America/Los_Angeles"),
            ("monday", "08:00-18:00"),
            ("tuesday", "08:00-18:00"),
            ("wednesday", "08:00-18:00"),
            ("thursday", "08:00-18:00"),
            ("friday", "08:00-18:00"),
            ("saturday", "closed"),
            ("sunday", "closed"),
            ("exceptions", "2026-12-24 08:00-12:00; 2026-12-25 closed")
        ]
    );
}

async fn a_schedule_that_breaks_rules_says_so_beside_its_fields(db: Db) {
    use ScheduleField::{Day, Exceptions, Name, Zone};
    let office = Office::open(db).await;
    office.add_schedule("Office").await;
    let before = office.version().await;
    let add = async |draft: &ScheduleDraft| {
        let added = office.portal.add_schedule(&office.dana, office.account.id, draft).await;
        let Err(Error::ScheduleRefused(problems)) = &added else { panic!("{added:?}") };
        for problem in problems {
            let text = &problem.message;
            assert!(text.ends_with('.') && !text.starts_with(char::is_lowercase), "{text}");
        }
        refused(added)
    };
    assert_eq!(add(&ScheduleDraft::default()).await, [(Name, "alias_empty"), (Zone, "missing")]);
    let mut bad = office_hours("OFFICE");
    bad.zone = "Mars/Olympus".into();
    bad.weekly[1] = "8-17".into();
    bad.weekly[6] = "08:00-25:00".into();
    bad.exceptions = "christmas closed\n2026-12-25\n2026-12-24 noon\n".into();
    assert_eq!(
        add(&bad).await,
        [
            (Name, "name_taken"),
            (Zone, "unknown_zone"),
            (Day(Weekday::Tuesday), "hours_unreadable"),
            (Day(Weekday::Sunday), "hours_no_such_time"),
            (Exceptions, "not_a_date"),
            (Exceptions, "hours_missing"),
            (Exceptions, "hours_unreadable"),
        ]
    );
    // Days are held against each other.
    let mut night = office_hours("Night");
    night.weekly[2] = "22:00-09:00".into();
    assert_eq!(add(&night).await, [(Day(Weekday::Wednesday), "hours_overlap")]);
    // Every one of them, and in the order of the form, whatever else is wrong.
    night.weekly[4] = "22:00-09:00".into();
    night.weekly[5] = "08:00-09:30".into();
    night.weekly[6] = "noon".into();
    night.exceptions =
        "2026-12-24 20:00-10:00\n2026-12-25 09:00-10:00\nx\n2026-12-28 closed\n2026-12-28 closed".into();
    assert_eq!(
        add(&night).await,
        [
            (Day(Weekday::Wednesday), "hours_overlap"),
            (Day(Weekday::Friday), "hours_overlap"),
            (Day(Weekday::Sunday), "hours_unreadable"),
            (Exceptions, "hours_overlap"),
            (Exceptions, "not_a_date"),
            (Exceptions, "exception_twice"),
        ]
    );
    let mut twice = office_hours("Twice");
    twice.exceptions = "2026-12-25 closed\n2026-12-26 closed\n2026-12-25 08:00-09:00".into();
    let added = office.portal.add_schedule(&office.dana, office.account.id, &twice).await;
    let Err(Error::ScheduleRefused(problems)) = added else { panic!("{added:?}") };
    assert_eq!((problems[0].code, &problems[0].message[..7]), ("exception_twice", "Line 3:"));
    let mut many = office_hours("Many");
    many.exceptions = (1..=28)
        .flat_map(|day| (1..=12).map(move |month| format!("2027-{month:02}-{day:02} closed\n")))
        .collect();
    assert_eq!(add(&many).await, [(Exceptions, "exceptions_too_many")]);
    assert_eq!(office.version().await, before);
}

async fn an_edit_says_how_many_dids_it_touches_and_what_it_changed(db: Db) {
    let office = Office::open(db).await;
    let id = office.add_schedule("Office").await;
    let mut draft = office.plan_draft("Night", &[&["mobile"], &["spare"]]);
    draft.steps.iter_mut().for_each(|step| step.hours = id.to_string());
    let plan = office.portal.add_plan(&office.dana, office.account.id, &draft).await.unwrap();
    office.set_plan("+12065550100", plan).await.unwrap();
    let mut hours = office_hours("Office");
    hours.weekly[0] = "09:00-17:00".into();
    assert_eq!(office.edit_schedule(id, &hours).await.unwrap(), Saved { dids: 1, changed: true });
    let done =
        office.portal.operation(&office.dana, office.account.id, office.version().await).await.unwrap();
    let [field] = done.changes[0].fields.as_slice() else { panic!("{done:?}") };
    assert_eq!(
        (field.name.as_str(), field.before.as_deref(), field.after.as_deref()),
        ("monday", Some("08:00-18:00"), Some("09:00-17:00"))
    );
}

async fn an_edit_on_top_of_somebody_elses_is_refused_with_what_they_changed(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let id = office.add_schedule("Office").await;
    let seen = office.version().await;
    let mut theirs = office_hours("Office");
    theirs.zone = "America/Denver".into();
    portal.edit_schedule(&office.sam, account, id, seen, &theirs).await.unwrap();
    let mine = office_hours("Desk");
    let Err(Error::ScheduleConflict(conflict)) =
        portal.edit_schedule(&office.dana, account, id, seen, &mine).await
    else {
        panic!("no conflict")
    };
    assert_eq!(conflict.now.schedule.zone, "America/Denver");
    let [change] = conflict.changes.as_slice() else { panic!("{conflict:?}") };
    assert_eq!((change.actor.as_str(), change.fields[0].name.as_str()), ("Sam", "zone"));
    let deleted = portal.delete_schedule(&office.dana, account, id, seen).await;
    assert!(matches!(deleted, Err(Error::ScheduleConflict(_))), "{deleted:?}");
    portal.edit_schedule(&office.dana, account, id, conflict.now.version, &mine).await.unwrap();
}

async fn a_schedule_in_use_is_not_deleted_and_says_by_which_plans(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let id = office.add_schedule("Office").await;
    let mut draft = office.plan_draft("Night", &[&["mobile"]]);
    draft.steps[0].hours = id.to_string();
    let plan = portal.add_plan(&office.dana, account, &draft).await.unwrap();
    let view = portal.schedule(&office.dana, account, id).await.unwrap();
    assert_eq!(view.plans.iter().map(|plan| plan.id).collect::<Vec<_>>(), [plan]);
    let deleted = portal.delete_schedule(&office.dana, account, id, office.version().await).await;
    let Err(Error::ScheduleInUse(in_use)) = &deleted else { panic!("{deleted:?}") };
    assert_eq!(in_use.plans, view.plans);
    assert_eq!(
        deleted.unwrap_err().to_string(),
        "Office is in use by failover plans: Night. Please take it out of them before deleting."
    );
    portal.delete_plan(&office.dana, account, plan, office.version().await).await.unwrap();
    portal.delete_schedule(&office.dana, account, id, office.version().await).await.unwrap();
    for gone in [
        portal.schedule(&office.dana, account, id).await.map(drop),
        portal.delete_schedule(&office.dana, account, id, office.version().await).await,
        office.edit_schedule(id, &office_hours("Office")).await.map(drop),
    ] {
        assert!(matches!(gone, Err(Error::NotFound(Noun::Schedule))), "{gone:?}");
    }
}
