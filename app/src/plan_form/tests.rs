use routing::{
    Alias, Answerer, Domains, E164, InboundRoute, PlanDraft, PlanPlace, RouteId, RouteTarget, Schedule,
    ScheduleId, Snapshot, Zone,
};

use super::*;

mod stored;
mod told;

fn route(id: i64, alias: &str, target: RouteTarget, answerer: Answerer, carrier: &str) -> InboundRoute {
    InboundRoute {
        id: RouteId(id),
        alias: Alias::parse(alias).unwrap(),
        target,
        edge: None,
        domains: Domains { answerer, carrier: Some(carrier.into()), ..Domains::default() },
    }
}

/// The same routes to choose from as there are in the snapshot, and the built-in one.
fn ground() -> Ground {
    let mut ground = bare();
    let of = |route: &InboundRoute| RouteChoice {
        id: route.id,
        label: format!("{} ({})", route.alias, crate::labels::kind(route.target.kind())),
        barred: ground.why_barred(route),
    };
    let built_in =
        RouteChoice { id: RouteId::REGISTERED, label: "sip-reg (Registered devices)".into(), barred: None };
    ground.choices = std::iter::once(built_in).chain(ground.snapshot.routes.iter().map(of)).collect();
    ground
}

fn bare() -> Ground {
    let host = |text| RouteTarget::parse(routing::RouteKind::Host, text, &Dialling::default()).unwrap();
    let phone = |text| RouteTarget::Phone(E164::parse(text).unwrap());
    let hours = routing::DayHours::parse("08:00-17:00").unwrap();
    let closed = routing::DayHours::default();
    Ground {
        snapshot: Snapshot {
            routes: vec![
                route(1, "seattle-pbx", host("pbx.sea.example.com"), Answerer::Pbx, "Cascade Fiber"),
                route(2, "same-carrier", host("two.example.com"), Answerer::Pbx, "Cascade Fiber"),
                route(3, "portland-pbx", host("pbx.pdx.example.com"), Answerer::Pbx, "Bridge"),
                route(4, "mobile", phone("+12065550199"), Answerer::Person, "Cell"),
                route(5, "dispatch", phone("+12065550196"), Answerer::LiveAnswer, "Tel"),
                route(6, "own", phone("+12065550100"), Answerer::Person, "Tel"),
            ],
            schedules: vec![Schedule {
                id: ScheduleId(7),
                name: Alias::parse("Office").unwrap(),
                zone: "UTC".into(),
                weekly: std::array::from_fn(|day| if day < 5 { hours.clone() } else { closed.clone() }),
                exceptions: Vec::new(),
            }],
            zones: vec![Zone::utc()],
            ..Snapshot::default()
        },
        choices: Vec::new(),
        plan: None,
        country: "US".into(),
        own: [E164::parse("+12065550100").unwrap()].into(),
        marked_down: Vec::new(),
        primaries: vec![(RouteId(1), 37)],
        used_by: 0,
        // A Thursday.
        now: 1_795_651_200,
    }
}

fn draft(pairs: &[(&str, &str)]) -> PlanDraft {
    draft_of(pairs.iter().copied())
}

/// Mobile on an outage, dispatch on anything.
fn two_steps() -> PlanDraft {
    draft(&[
        ("name", "Layered"),
        ("step.0.enter_on", "outage"),
        ("step.0.hours", ""),
        ("step.0.route.0", "4"),
        ("step.0.no_response", "6"),
        ("step.0.ring", "20"),
        ("step.1.enter_on", "any_failure"),
        ("step.1.route.0", "5"),
        ("step.1.no_response", "6"),
        ("step.1.ring", "20"),
    ])
}

#[test]
fn a_draft_is_read_from_its_fields_whatever_they_are_called() {
    let draft = draft(&[
        ("name", "Plan"),
        ("step.1.route.2", "5"),
        ("step.0.enter_on", "custom"),
        ("step.0.custom", "404, 5xx"),
        ("step.1.enter_on", "busy"),
        ("step.1.custom", "left over"),
        ("step.1.weight.2", "10"),
        ("step.1.weight.2.x", "11"),
        ("step.99999999999.ring", "1"),
        ("step.-1.ring", "1"),
        ("step.0.route.4000", "1"),
        ("do", "save"),
    ]);
    assert_eq!(draft.steps.len(), 2);
    assert_eq!(draft.steps[0].enter_on, "404, 5xx");
    assert_eq!(draft.steps[1].enter_on, "busy");
    assert_eq!(draft.steps[1].routes.len(), 3);
    assert_eq!(draft.steps[1].routes[2].weight, "10");
    assert!(draft.steps[0].routes.is_empty());
}

#[test]
fn what_the_markup_shows_is_read_back_as_it_was() {
    let ground = ground();
    let mut draft = two_steps();
    draft.steps[0].enter_on = "404, no_answer".into();
    draft.steps[0].hours = "7".into();
    draft.steps[1].routes.push(routing::StepRouteDraft { route: "3".into(), weight: "<1>".into() });
    let html = steps(&ground, &draft, &draft.read(&ground).errors);
    let mut pairs: Vec<(String, String)> = vec![("name".into(), "Layered".into())];
    // Enough of a browser: the value of each input, the selected option of each drop-down.
    for part in html.split('<') {
        let attribute = |name: &str| {
            let (_, rest) = part.split_once(&format!(" {name}=\""))?;
            rest.split_once('"').map(|(value, _)| value.replace("&lt;", "<").replace("&gt;", ">"))
        };
        if part.starts_with("input") {
            pairs.push((attribute("name").unwrap(), attribute("value").unwrap()));
        } else if part.starts_with("select") {
            pairs.push((attribute("name").unwrap(), String::new()));
        } else if part.starts_with("option") && part.contains(" selected") && !part.contains(" disabled") {
            pairs.last_mut().unwrap().1 = attribute("value").unwrap();
        }
    }
    let again = draft_of(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    assert_eq!(again, draft);
    assert!(html.contains("A weight is a whole number"), "{html}");
    assert!(!html.contains("style="), "the content security policy refuses it");
}

#[test]
fn each_button_does_what_it_says_and_says_what_it_did() {
    let ground = ground();
    for (button, names, focus, said) in [
        ("add-step", "4|5|", "step.2.route.0", "Step 3 was added."),
        ("remove-step.0", "5", "do.remove-step.0", "Step 1 was removed."),
        ("up.1", "5|4", "do.down.0", "Step 2 is step 1 now."),
        ("down.0", "5|4", "do.up.1", "Step 1 is step 2 now."),
        ("add-route.0", "4,|5", "step.0.route.1", "Step 1 has 2 routes now."),
        ("remove-route.0.0", "|5", "do.add-route.0", "The route was taken out of step 1."),
        ("preset.second-trunk", "3", "step.0.route.0", "Filled in: Second trunk."),
        ("remove-step.7", "4|5", "name", ""),
        ("down.1", "4|5", "name", ""),
    ] {
        let mut draft = two_steps();
        let done = Edit::parse(button).unwrap().apply(&mut draft, &ground);
        let routes = |step: &routing::StepDraft| {
            step.routes.iter().map(|leg| leg.route.clone()).collect::<Vec<_>>().join(",")
        };
        let found = draft.steps.iter().map(routes).collect::<Vec<_>>().join("|");
        assert_eq!(
            (found.as_str(), done.focus.as_str(), done.said.as_str()),
            (names, focus, said),
            "{button}"
        );
    }
    for nothing in ["save", "show", "up.0", "up", "up.x", "preset.x", "remove-route.1", "add-step.1", ""] {
        assert_eq!(Edit::parse(nothing), None, "{nothing}");
    }
}

#[test]
fn presets_guess_routes_by_what_answers_there_and_by_what_they_share() {
    let ground = ground();
    for (start, expected) in [
        (Start::SecondTrunk, "3"),
        (Start::MobileThenAnswering, "4|5"),
        // One person only: the second row is left to choose. A route to an own DID is never taken.
        (Start::EveryoneThenEscalate, "4,|5"),
        (Start::CausesApart, "3|5|4"),
        (Start::AfterHours, "4|5"),
    ] {
        let draft = start.draft(&ground);
        let routes = |step: &routing::StepDraft| {
            step.routes.iter().map(|leg| leg.route.clone()).collect::<Vec<_>>().join(",")
        };
        assert_eq!(draft.steps.iter().map(routes).collect::<Vec<_>>().join("|"), expected, "{start:?}");
        assert_eq!(Start::from_name(start.name()), Some(start));
        let unfinished = draft.steps.iter().any(|step| step.routes.iter().all(|leg| leg.route.is_empty()));
        assert!(unfinished || draft.read(&ground).errors.is_empty(), "{start:?}");
    }
    assert_eq!(Start::AfterHours.draft(&ground).steps[0].hours, "7");
    // An account without routes still gets the shape.
    let bare = Ground { snapshot: Snapshot::default(), primaries: Vec::new(), ..ground };
    for start in Start::ALL {
        assert!(
            start.draft(&bare).steps.iter().all(|step| step.routes.iter().all(|leg| leg.route.is_empty()))
        );
    }
}

#[test]
fn a_preset_keeps_a_name_that_somebody_wrote() {
    let ground = ground();
    for (before, after) in [("", "Second trunk"), ("After hours 2", "Second trunk"), ("Mine", "Mine")] {
        let mut draft = PlanDraft { name: before.into(), steps: Vec::new() };
        Edit::Preset(Start::SecondTrunk).apply(&mut draft, &ground);
        assert_eq!(draft.name, after);
    }
}

/// Six hundred routes, of which the page brings those that the plan and the primaries ring.
#[test]
fn of_very_many_routes_each_can_be_chosen_and_those_that_are_not_here_are_seen_after_saving() {
    let mut ground = ground();
    let more = (100..700).map(|id| RouteChoice {
        id: RouteId(id),
        label: format!("spare-{id} (Host)"),
        barred: (id == 699).then(|| routing::OwnDid::OwnEdge { host: "edge.example.net".into() }),
    });
    ground.choices.extend(more);
    let asked = Asked::new(&ground);
    let mut draft = two_steps();
    draft.steps[1].routes[0].route = "655".into();
    assert!(draft.read(&ground).errors.is_empty());
    let html = steps(&ground, &draft, &[]);
    assert!(html.contains("<option value=\"655\" selected>spare-655 (Host)</option>"), "{html}");
    assert!(html.contains("<option value=\"699\" disabled>spare-699 (Host) rings your own DIDs</option>"));
    assert!(!html.contains("that is gone"));
    let seen = outlook(&ground, &draft, &asked);
    for part in [&seen.call, &seen.said, &seen.glance, &seen.warnings] {
        assert!(part.contains("Calls to spare-655 (Host) can be seen here after saving"), "{part}");
    }
    assert!(seen.budget.contains("at most <b>78 s</b>"), "{}", seen.budget);
    let by_route = Asked { failure: "by-route".into(), ..asked.clone() };
    assert!(offered(&ground, &draft, &by_route).1.contains("spare-655 (Host)"));
    for (route, code) in [("699", "own_edge"), ("9999", "unknown_route")] {
        draft.steps[1].routes[0].route = route.into();
        let errors = outlook(&ground, &draft, &asked).errors;
        assert_eq!(errors.iter().map(|error| error.problem.code()).collect::<Vec<_>>(), [code]);
    }
    assert!(steps(&ground, &draft, &[]).contains("(a route that is gone: choose another)"));
}

/// What people may call a thing.
const NAME: &str = "a<b>&\"c\"'";

#[test]
fn no_name_gets_into_the_markup_as_markup() {
    let mut ground = ground();
    let name = || Alias::parse(NAME).unwrap();
    for route in &mut ground.snapshot.routes {
        route.alias = name();
        let Domains { carrier, site, region, .. } = &mut route.domains;
        (*carrier, *site, *region) = (Some(NAME.into()), Some(NAME.into()), Some(NAME.into()));
    }
    for choice in &mut ground.choices {
        choice.label = format!("{NAME} (Host)");
    }
    ground.snapshot.schedules[0].name = name();
    ground.primaries.push((RouteId(2), 1));
    let dialling = Dialling::default();
    assert!(RouteTarget::parse(routing::RouteKind::Host, NAME, &dialling).is_err(), "no host is called so");
    let mut draft = two_steps();
    draft.name = NAME.into();
    draft.steps[0].routes.push(routing::StepRouteDraft { route: "3".into(), weight: NAME.into() });
    draft.steps[1].enter_on = NAME.into();
    draft.steps[1].hours = "7".into();
    draft.steps[0].stagger_s = NAME.into();
    let asked =
        Asked { day: "Sunday".into(), time: NAME.into(), failure: NAME.into(), ..Asked::new(&ground) };
    let by_route = Asked { failure: "by-route".into(), ..Asked::new(&ground) };
    let errors = draft.read(&ground).errors;
    let answered = Asked::new(&ground);
    let seen = outlook(&ground, &draft, &answered);
    let closed = outlook(&ground, &draft, &Asked { day: "Sunday".into(), ..Asked::new(&ground) });
    for (part, html, has_names) in [
        ("the steps", steps(&ground, &draft, &errors), true),
        ("the controls", controls(&ground, &draft, &asked), true),
        ("the controls by route", controls(&ground, &draft, &by_route), true),
        ("the call", seen.call, true),
        ("the call of a Sunday", closed.call, true),
        ("the glance", seen.glance, true),
        ("the warnings", seen.warnings, true),
        ("the budget", seen.budget, false),
    ] {
        for raw in ["a<b>", "&\"c", "c\"'", "\"c\""] {
            assert!(!html.contains(raw), "{part}: {raw} in {html}");
        }
        let escaped = "a&lt;b&gt;&amp;&quot;c&quot;&#39;";
        assert_eq!(html.contains(escaped), has_names, "{part}: {html}");
    }
}

#[test]
fn the_longest_set_up_is_always_told() {
    let ground = ground();
    let html = outlook(&ground, &two_steps(), &Asked::new(&ground)).budget;
    assert!(html.contains("at most <b>78 s</b>: 26 s at the primary, 52 s in the plan"), "{html}");
}

#[test]
fn the_call_that_is_looked_at_goes_along_to_the_desk() {
    let ground = ground();
    let mut by_route = Asked { failure: super::asked::BY_ROUTE.into(), ..Asked::new(&ground) };
    by_route.faults =
        vec![(RouteId(1), "silent".into()), (RouteId(4), String::new()), (RouteId(5), "503".into())];
    for (asked, pairs) in [
        (Asked::new(&ground), "fault=route:1=silent&primary=1"),
        (
            Asked {
                failure: "carrier:Cascade Fiber=silent".into(),
                hangs_up: "30".into(),
                ..Asked::new(&ground)
            },
            "fault=carrier:Cascade Fiber=silent&primary=1&hangs_up=30",
        ),
        (
            Asked {
                failure: "nothing".into(),
                day: "Friday".into(),
                time: "03:00".into(),
                ..Asked::new(&ground)
            },
            "primary=1&at=2026-11-27T03:00&zone=UTC",
        ),
        (by_route, "fault=route:1=silent&fault=route:5=503&primary=1"),
    ] {
        let html = outlook(&ground, &two_steps(), &asked).asked;
        let found: Vec<String> = html
            .split("<input type=\"hidden\" name=\"")
            .filter(|part| !part.is_empty())
            .map(|part| part.trim_end_matches("\">").replacen("\" value=\"", "=", 1))
            .collect();
        assert_eq!(found.join("&"), pairs);
    }
}

#[test]
fn the_ground_of_the_editor_travels_packed() {
    let whole = crate::packed::Packed((stored::stored(), two_steps()));
    let json = serde_json::to_string(&whole).unwrap();
    assert_eq!(serde_json::from_str::<crate::packed::Packed<(Ground, PlanDraft)>>(&json).unwrap(), whole);
}
