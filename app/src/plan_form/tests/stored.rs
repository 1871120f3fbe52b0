//! A plan that is saved already: what saving it again would change.

use super::*;

/// The ground of a plan that is stored: two steps, and 37 numbers that have it.
pub(super) fn stored() -> Ground {
    let mut ground = ground();
    let reading = two_steps().read(&ground);
    let id = routing::PlanId(3);
    let plan = routing::FailoverPlan { id, name: reading.name.unwrap(), steps: reading.steps };
    ground.snapshot.plans = vec![plan];
    ground.plan = Some(id);
    ground.used_by = 37;
    ground
}

#[test]
fn what_saving_changes_is_told_before_it_is_saved() {
    let ground = stored();
    let saving = |change: fn(&mut PlanDraft)| {
        let mut draft = two_steps();
        change(&mut draft);
        outlook(&ground, &draft, &Asked::new(&ground)).saving
    };
    type Row = (fn(&mut PlanDraft), &'static str, &'static [&'static str]);
    let rows: [Row; 8] = [
        (|_| {}, "", &["Nothing: the steps are as they are saved."]),
        (|draft| draft.name = "Other".into(), "", &["Nothing: the steps are as they are saved."]),
        (
            |draft| {
                draft.steps.pop();
            },
            "Of 37 DIDs, in some failure: 37 reach nobody any more.",
            &["lost:", "dispatch answers after 2 s"],
        ),
        (
            |draft| draft.steps[0].routes[0].route = "3".into(),
            "37 end elsewhere",
            &["mobile answers after 14 s", "portland-pbx answers after 8 s"],
        ),
        // Hours make a difference outside them alone.
        (
            |draft| draft.steps[0].hours = "7".into(),
            "37 end elsewhere",
            &["outside Office", "dispatch answers after"],
        ),
        (|draft| draft.steps.iter_mut().for_each(|step| step.routes.clear()), "", &["Choose a route"]),
        // The last layer is reached when the primary is dead and nobody picks up at the one before it.
        (
            |draft| {
                draft.steps[0].enter_on = "outage_or_no_answer".into();
                draft.steps.truncate(1);
            },
            "37 reach nobody any more",
            &["the primary route does not answer at all and mobile rings for ever"],
        ),
        // Nobody typed the 20 s that stand in for it.
        (|draft| draft.steps[0].ring_s = "6x".into(), "", &["Mend what is marked in the form first."]),
    ];
    for (change, sentence, expected) in rows {
        let found = saving(change);
        assert!(found.sentence.contains(sentence), "{sentence}: {}", found.sentence);
        assert_eq!(found.sentence.is_empty(), sentence.is_empty(), "{}", found.sentence);
        for part in expected {
            assert!(found.rows.contains(part), "{part}: {}", found.rows);
        }
    }
    assert!(!saving(|draft| draft.steps[0].hours = "7".into()).rows.contains("within Office"));

    // Of more numbers than can be compared, the rest is said to be left out.
    let many = Ground { primaries: vec![(RouteId(1), 30), (RouteId(3), 5)], used_by: 40, ..stored() };
    let mut draft = two_steps();
    draft.steps.pop();
    let found = outlook(&many, &draft, &Asked::new(&many)).saving;
    assert!(found.sentence.contains("Of 35 DIDs"), "{}", found.sentence);
    assert!(
        found.sentence.contains("5 DIDs more, behind other primaries, were not compared."),
        "{}",
        found.sentence
    );

    let unused = Ground { used_by: 0, ..stored() };
    let mut draft = two_steps();
    draft.steps.pop();
    assert_eq!(outlook(&unused, &draft, &Asked::new(&unused)).saving, Saving::default());
}

#[test]
fn the_saved_plan_stands_beside_the_draft() {
    let ground = stored();
    let asked = Asked::new(&ground);
    let call = |draft: &PlanDraft| outlook(&ground, draft, &asked).call;
    let mut draft = two_steps();
    assert!(!call(&draft).contains("As it is saved"));
    draft.steps[1].ring_s = "10".into();
    assert!(call(&draft).contains("With the plan as it is saved, this call goes the same way."));
    draft.steps[0].routes[0].route = "3".into();
    let both = call(&draft);
    for part in ["portland-pbx answers", "As it is saved:</b> mobile (a person) answers"] {
        assert!(both.contains(part), "{part}: {both}");
    }
}
