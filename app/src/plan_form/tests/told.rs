//! What a draft does to calls, as far as it goes: warnings, the moment, the failures to choose from, the glance.

use super::*;

#[test]
fn a_draft_that_is_not_finished_is_told_as_far_as_it_goes() {
    let ground = ground();
    let asked = Asked::new(&ground);
    let nothing = outlook(&ground, &PlanDraft::default(), &asked);
    assert!(nothing.said.starts_with("No step rings anywhere yet"), "{}", nothing.said);
    assert!(nothing.said.contains("Nobody answers. After 6 s"), "{}", nothing.said);

    let mut draft = two_steps();
    draft.steps[0].routes[0].route = String::new();
    let half = outlook(&ground, &draft, &asked);
    assert!(half.said.starts_with("Step 1 rings nowhere yet and is left out. dispatch"), "{}", half.said);
    assert!(
        half.said.contains("in step 2 of this plan"),
        "steps keep the numbers of the form: {}",
        half.said
    );
    assert!(half.call.contains("in step 2 of Layered"), "{}", half.call);
    assert!(half.call.contains("Step 2 · dispatch"), "{}", half.call);
    assert_eq!(half.errors[0].place, PlanPlace::Routes(0));
}

#[test]
fn warnings_become_true_with_the_draft_and_name_the_step_of_the_form() {
    let ground = ground();
    let asked = Asked::new(&ground);
    let with = |change: fn(&mut PlanDraft)| {
        let mut draft = two_steps();
        change(&mut draft);
        outlook(&ground, &draft, &asked).warnings
    };
    assert!(with(|_| {}).contains("Nothing to warn of"), "{}", with(|_| {}));
    let itself = with(|draft| draft.steps[0].routes[0].route = "1".into());
    assert!(itself.contains("Step 1 rings the primary itself"), "{itself}");
    assert!(!itself.contains("Cascade Fiber"), "said once: {itself}");
    for (change, expected) in [
        (
            (|draft| draft.steps[0].routes[0].route = "2".into()) as fn(&mut PlanDraft),
            "Step 1 uses Cascade Fiber like the primary: when Cascade Fiber fails, both fail.",
        ),
        (|draft| draft.steps[1].routes[0].route = "4".into(), "mobile rings once more in step 2"),
        (
            |draft| {
                draft.steps[0].enter_on = "outage_or_no_answer".into();
                draft.steps[0].ring_s = "60".into();
            },
            "Step 2 may begin only after 80 s",
        ),
        (
            |draft| {
                draft.steps.remove(1);
                draft.steps[0].hours = "7".into();
            },
            "No step is open from Monday 17:00 on",
        ),
        (
            |draft| {
                draft.steps[0]
                    .routes
                    .push(routing::StepRouteDraft { route: "5".into(), weight: String::new() })
            },
            "mobile rings beside others in step 1",
        ),
        (
            // Step 1 rings nowhere yet: the numbers are those of the form.
            |draft| {
                draft.steps[0].routes[0].route = String::new();
                draft.steps[1].routes[0].route = "2".into();
            },
            "Every step uses Cascade Fiber",
        ),
    ] {
        let found = with(change);
        assert!(found.contains(expected), "{expected}: {found}");
    }
}

#[test]
fn a_note_is_no_warning_to_be_counted_aloud() {
    let ground = ground();
    let asked = Asked::new(&ground);
    let mut draft = two_steps();
    draft.steps[1].routes[0].route = "4".into();
    let seen = outlook(&ground, &draft, &asked);
    assert!(seen.warnings.contains("Note</b> mobile rings once more"), "{}", seen.warnings);
    assert!(!seen.said.contains("warning"), "{}", seen.said);
    draft.steps[0].routes[0].route = "2".into();
    let seen = outlook(&ground, &draft, &asked);
    assert!(seen.said.ends_with(" 1 warning."), "{}", seen.said);
}

#[test]
fn a_plan_that_no_outage_enters_is_not_said_to_be_good() {
    let ground = ground();
    let asked = Asked::new(&ground);
    let mut draft = two_steps();
    draft.steps.truncate(1);
    draft.steps[0].enter_on = "busy".into();
    let seen = outlook(&ground, &draft, &asked);
    assert!(!seen.warnings.contains("Nothing to warn of"), "{}", seen.warnings);
    assert!(seen.warnings.contains("No step of this plan is entered when the primary is silent"));
    assert!(seen.said.ends_with(" 1 warning."), "{}", seen.said);
}

#[test]
fn the_moment_is_the_next_such_day_in_the_zone_of_the_hours() {
    let ground = ground();
    let mut draft = two_steps();
    draft.steps[0].hours = "7".into();
    for (day, time, passed_over) in [
        ("", "12:00", false),
        ("Thursday", "12:00", false),
        ("Thursday", "07:59", true),
        ("Sunday", "12:00", true),
    ] {
        let asked = Asked { day: day.into(), time: time.into(), ..Asked::new(&ground) };
        let call = outlook(&ground, &draft, &asked).call;
        assert_eq!(call.contains("closed at this hour"), passed_over, "{day} {time}: {call}");
    }
}

#[test]
fn every_failure_to_choose_from_touches_the_plan_and_does_something() {
    let ground = ground();
    let draft = two_steps();
    let asked = Asked { failure: "carrier:Cell=silent".into(), ..Asked::new(&ground) };
    let (options, pickers) = offered(&ground, &draft, &asked);
    assert!(options.contains("The carrier Cell fails"), "{options}");
    assert!(!options.contains("Bridge"), "portland is not in the plan: {options}");
    assert_eq!(pickers, "");
    let by_route = Asked {
        failure: "by-route".into(),
        faults: vec![(RouteId(1), "silent".into()), (RouteId(4), "busy".into())],
        ..Asked::new(&ground)
    };
    let (_, pickers) = offered(&ground, &draft, &by_route);
    assert_eq!(pickers.matches("<select").count(), 3, "{pickers}");
    let said = outlook(&ground, &draft, &by_route).said;
    assert!(said.contains("dispatch (answering service) answers after 8 s, in step 2"), "{said}");
}

#[test]
fn every_failure_is_told_at_a_glance() {
    let ground = ground();
    let html = outlook(&ground, &two_steps(), &Asked::new(&ground)).glance;
    for part in [
        "data-failure=\"primary=silent\" aria-current=\"true\">The primary route does not answer at all</button>",
        "data-failure=\"carrier:Cascade Fiber=silent\">The carrier Cascade Fiber fails</button></td><td \
         class=\"good\"><b aria-hidden=\"true\">✓</b> mobile</td><td class=\"figure nowrap right\">14 s",
        "The phone network fails</button></td><td class=\"good\"><b aria-hidden=\"true\">✓</b> seattle-pbx",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn a_letter_more_in_the_name_is_no_reason_to_say_the_call_again() {
    let ground = ground();
    let asked = Asked::new(&ground);
    let mut draft = two_steps();
    let before = outlook(&ground, &draft, &asked);
    draft.name.push('s');
    let after = outlook(&ground, &draft, &asked);
    assert_eq!(after.said, before.said);
    assert!(after.call.contains("Layereds"), "{}", after.call);
}

#[test]
fn the_glance_says_its_signs_in_words() {
    let mut ground = ground();
    ground.snapshot.defaults.patience_ms = routing::Millis(10_000);
    ground.snapshot.routes[3].domains.answerer = Answerer::Voicemail;
    let html = outlook(&ground, &two_steps(), &Asked::new(&ground)).glance;
    assert!(html.contains("✉</b> <span class=\"hidden-text\">a machine: </span>mobile"), "{html}");
    ground.snapshot.routes[3].domains.answerer = Answerer::Person;
    let html = outlook(&ground, &two_steps(), &Asked::new(&ground)).glance;
    assert!(html.contains("!</b> <span class=\"hidden-text\">late: </span>mobile"), "{html}");
}
