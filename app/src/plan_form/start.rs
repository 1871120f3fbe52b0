//! Plans to start from, filled in with the account's own routes as far as their labels tell.

use routing::{Answerer, InboundRoute, PlanDraft, Preset, RouteId, RouteTarget, StepDraft, StepRouteDraft};

use super::{Ground, fields::empty_step};

/// Routes that ring at once in a plan to start from: a team, not a call centre.
const TEAM_MAX: usize = 3;

/// A plan to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// A trunk of another carrier.
    SecondTrunk,
    /// A mobile, and an answering service if nobody picks up.
    MobileThenAnswering,
    /// Everybody at once, then the answering service.
    EveryoneThenEscalate,
    /// Another way for each kind of failure.
    CausesApart,
    /// Staff in their hours, the answering service at all others.
    AfterHours,
}

impl Start {
    /// In the order to offer them.
    pub const ALL: [Start; 5] = [
        Start::SecondTrunk,
        Start::MobileThenAnswering,
        Start::EveryoneThenEscalate,
        Start::CausesApart,
        Start::AfterHours,
    ];

    /// As it stands in an address and in a button.
    pub fn name(self) -> &'static str {
        match self {
            Start::SecondTrunk => "second-trunk",
            Start::MobileThenAnswering => "mobile-then-answering",
            Start::EveryoneThenEscalate => "everyone-then-escalate",
            Start::CausesApart => "causes-apart",
            Start::AfterHours => "after-hours",
        }
    }

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Start> {
        Start::ALL.into_iter().find(|start| start.name() == name)
    }

    /// What it is called, and what its plan is called at first.
    pub fn label(self) -> &'static str {
        match self {
            Start::SecondTrunk => "Second trunk",
            Start::MobileThenAnswering => "Mobile, then answering service",
            Start::EveryoneThenEscalate => "Ring everyone, then escalate",
            Start::CausesApart => "Busy, unreachable and no answer apart",
            Start::AfterHours => "After hours",
        }
    }

    /// What it does, in a sentence.
    pub fn explain(self) -> &'static str {
        match self {
            Start::SecondTrunk => "An outage sends calls to another trunk, best of another carrier.",
            Start::MobileThenAnswering => "A mobile rings; if nobody picks up, an answering service does.",
            Start::EveryoneThenEscalate => "Several phones ring at once; then the call goes up.",
            Start::CausesApart => "Each kind of failure goes its own way.",
            Start::AfterHours => "Staff within their hours, an answering service at all others.",
        }
    }

    /// Whether a plan's name is one that a preset gave it.
    pub(super) fn is_own_name(name: &str) -> bool {
        Start::ALL.into_iter().any(|start| {
            name.strip_prefix(start.label())
                .is_some_and(|rest| rest.trim().is_empty() || rest.trim().parse::<u32>().is_ok())
        })
    }

    /// The plan, with the routes that seem to be meant; a route that cannot be guessed is left to choose.
    pub fn draft(self, ground: &Ground) -> PlanDraft {
        let mut routes = Routes::new(ground);
        let step = |enter_on: Preset, routes: Vec<String>| StepDraft {
            routes: routes.into_iter().map(|route| StepRouteDraft { route, weight: String::new() }).collect(),
            ..empty_step(&ground.snapshot.defaults, enter_on)
        };
        let steps = match self {
            Start::SecondTrunk => vec![step(Preset::Outage, vec![routes.trunk()])],
            Start::MobileThenAnswering => vec![
                step(Preset::OutageOrNoAnswer, vec![routes.mobile()]),
                step(Preset::AnyFailure, vec![routes.live()]),
            ],
            Start::EveryoneThenEscalate => vec![
                step(Preset::OutageOrNoAnswer, routes.team()),
                step(Preset::AnyFailure, vec![routes.live()]),
            ],
            Start::CausesApart => vec![
                step(Preset::Outage, vec![routes.trunk()]),
                step(Preset::Busy, vec![routes.live()]),
                step(Preset::NoAnswer, vec![routes.mobile()]),
            ],
            Start::AfterHours => {
                let hours = ground.snapshot.schedules.first().map(|schedule| schedule.id.to_string());
                let staff = StepDraft {
                    hours: hours.unwrap_or_default(),
                    ..step(Preset::OutageOrNoAnswer, vec![routes.mobile()])
                };
                vec![staff, step(Preset::AnyFailure, vec![routes.live()])]
            }
        };
        PlanDraft { name: self.free_name(ground), steps }
    }

    /// Its label, with a number if another plan is called so.
    fn free_name(self, ground: &Ground) -> String {
        let taken = |name: &str| {
            ground.snapshot.plans.iter().any(|plan| plan.name.to_string().eq_ignore_ascii_case(name))
        };
        let label = self.label();
        if !taken(label) {
            return label.to_owned();
        }
        let numbered = (2..).map(|n: u32| format!("{label} {n}"));
        numbered.into_iter().find(|name| !taken(name)).unwrap_or_default()
    }
}

/// The account's routes, each taken once.
struct Routes<'a> {
    ground: &'a Ground,
    taken: Vec<RouteId>,
}

impl<'a> Routes<'a> {
    fn new(ground: &'a Ground) -> Routes<'a> {
        // The busiest primary is what the plan stands behind.
        let taken = ground.primaries.first().map(|(id, _)| *id).into_iter().collect();
        Routes { ground, taken }
    }

    /// The id of the best route left that fits; empty if there is none.
    fn take(&mut self, fits: impl Fn(&InboundRoute) -> bool) -> String {
        let ground = self.ground;
        let first = ground.primaries.first().and_then(|(id, _)| ground.snapshot.route(*id));
        let best = ground
            .snapshot
            .routes
            .iter()
            .filter(|route| {
                !self.taken.contains(&route.id) && fits(route) && ground.why_barred(route).is_none()
            })
            .min_by_key(|route| {
                let down = ground.marked_down.contains(&route.id);
                let shares = first.is_some_and(|first| shares_fate(first, route));
                let primary = ground.primaries.iter().any(|(id, _)| *id == route.id);
                (down, shares, primary, route.id)
            });
        self.taken.extend(best.map(|route| route.id));
        best.map(|route| route.id.to_string()).unwrap_or_default()
    }

    fn trunk(&mut self) -> String {
        self.take(|route| {
            let host = matches!(route.target, RouteTarget::Host(_) | RouteTarget::Uri(_));
            host && route.domains.answerer == Answerer::Pbx
        })
    }

    fn mobile(&mut self) -> String {
        let phone = |route: &InboundRoute| matches!(route.target, RouteTarget::Phone(_));
        let person = self.take(|route| phone(route) && route.domains.answerer == Answerer::Person);
        if !person.is_empty() {
            return person;
        }
        let person = self.take(|route| route.domains.answerer == Answerer::Person);
        // A number that nobody labelled.
        if person.is_empty() {
            self.take(|route| phone(route) && route.domains.answerer == Answerer::Pbx)
        } else {
            person
        }
    }

    fn live(&mut self) -> String {
        self.take(|route| route.domains.answerer == Answerer::LiveAnswer)
    }

    /// Everybody who has a phone; at least two rows.
    fn team(&mut self) -> Vec<String> {
        let mut team: Vec<String> = Vec::new();
        while team.len() < TEAM_MAX {
            let person = self.take(|route| route.domains.answerer == Answerer::Person);
            if person.is_empty() {
                break;
            }
            team.push(person);
        }
        while team.len() < 2 {
            team.push(String::new());
        }
        team
    }
}

/// Whether one failure may take both.
fn shares_fate(a: &InboundRoute, b: &InboundRoute) -> bool {
    let same = |a: &Option<String>, b: &Option<String>| {
        a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
    };
    let host = a.target.host().zip(b.target.host()).is_some_and(|(a, b)| a.is_same_place(b));
    host || same(&a.domains.carrier, &b.domains.carrier) || same(&a.domains.site, &b.domains.site)
}
