use portal::{Choice, PlanDesk, RouteRef};
use routing::{Alias, HealthState, Known, RouteId, RouteKind, Snapshot, Version};

use super::*;

#[test]
fn a_plan_stands_on_every_route_of_the_account_though_the_page_brings_few() {
    let choice = |id: i64| Choice {
        route: RouteRef {
            id: RouteId(id),
            alias: Alias::parse(&format!("r{id}")).unwrap(),
            kind: RouteKind::Host,
            health: if id == 2 { HealthState::Down } else { HealthState::Up },
        },
        barred: (id == 3).then(|| OwnDid::OwnEdge { host: "edge.example.net".into() }),
    };
    let desk = PlanDesk {
        snapshot: Snapshot::default(),
        choices: (0..600).map(choice).collect(),
        schedules: Vec::new(),
        marked_down: Vec::new(),
        primaries: Vec::new(),
        dialling_country: "US".into(),
        as_of: Version(1),
    };
    let ground = ground(&desk, Some(PlanId(1)), 0, 0);
    assert!((0..600).all(|id| ground.has_route(RouteId(id))));
    assert!(!ground.has_route(RouteId(600)));
    assert_eq!(ground.choices[2].label, "r2 (Host, down)");
    assert!(ground.leads_back(RouteId(3)).is_some() && ground.leads_back(RouteId(4)).is_none());
}
