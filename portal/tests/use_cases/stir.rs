//! A random history: many operations of every kind, the same ones for the same seed.

use portal::{BulkAction, CaseDraft, DidDraft, Progress, RouteDraft};
use routing::{
    Case, E164, Expectation, Failover, Fault, FaultTarget, PlanId, Reaches, RouteId, Scenario, Snapshot,
};

use crate::bulk::all;
use crate::office::{Office, draft, office_hours, step};

/// Draws that are the same everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// From 0 to `below`, without it.
    pub(crate) fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.roll(from.len())])
    }
}

const NAMES: [&str; 8] = ["ash", "birch", "cedar", "elm", "fir", "hazel", "larch", "oak"];

impl Office {
    pub(crate) async fn stored(&self) -> Snapshot {
        self.db.store.snapshot(self.account.id).await.unwrap()
    }

    /// One operation more, whatever the dice say. Many are refused, as people's are.
    pub(crate) async fn stir(&self, dice: &mut Dice) {
        let now = self.stored().await;
        let (portal, dana, account, as_of) = (&self.portal, &self.dana, self.account.id, now.version);
        let routes: Vec<RouteId> = now.routes.iter().map(|route| route.id).collect();
        let plans: Vec<PlanId> = now.plans.iter().map(|plan| plan.id).collect();
        let dids: Vec<E164> = now.dids.iter().map(|did| did.number).collect();
        let name = format!("{} {}", NAMES[dice.roll(NAMES.len())], dice.roll(4));
        match dice.roll(20) {
            0 | 1 => drop(portal.add_route(dana, account, &route_draft(&name, dice)).await),
            2 | 3 => {
                if let Some(id) = dice.pick(&routes) {
                    drop(portal.edit_route(dana, account, id, as_of, &route_draft(&name, dice)).await);
                }
            }
            4 => {
                if let Some(id) = dice.pick(&routes) {
                    drop(portal.delete_route(dana, account, id, as_of).await);
                }
            }
            5 | 6 => drop(portal.add_plan(dana, account, &plan_draft(&name, &now, dice)).await),
            7 => {
                if let Some(id) = dice.pick(&plans) {
                    let draft = plan_draft(&name, &now, dice);
                    drop(portal.edit_plan(dana, account, id, as_of, &draft).await);
                }
            }
            8 => {
                if let Some(id) = dice.pick(&plans) {
                    drop(portal.delete_plan(dana, account, id, as_of).await);
                }
            }
            9 => drop(portal.add_schedule(dana, account, &hours(&name, dice)).await),
            10 => {
                if let Some(schedule) = now.schedules.get(dice.roll(now.schedules.len())) {
                    let draft = hours(&name, dice);
                    drop(portal.edit_schedule(dana, account, schedule.id, as_of, &draft).await);
                }
            }
            11 => {
                if let Some(schedule) = now.schedules.get(dice.roll(now.schedules.len())) {
                    drop(portal.delete_schedule(dana, account, schedule.id, as_of).await);
                }
            }
            12 => {
                let csv =
                    format!("number,alias,primary\n+1206555{:04},{name},sip-reg\n", 100 + dice.roll(12));
                drop(self.import(&csv).await);
            }
            13 | 14 => {
                if let Some(number) = dice.pick(&dids) {
                    let view = portal.did(dana, account, number).await.unwrap();
                    let failover = some_failover(&routes, &plans, dice);
                    let failover = match failover {
                        Failover::None => String::new(),
                        other => other.word(),
                    };
                    let weight = |set: bool| if set { "30".to_owned() } else { String::new() };
                    let weighted = dice.roll(3) == 0 && !failover.starts_with("plan") && !failover.is_empty();
                    let draft = DidDraft {
                        alias: name,
                        primary: dice.pick(&routes).unwrap_or_default().to_string(),
                        failover,
                        primary_weight: weight(weighted),
                        failover_weight: weight(weighted),
                    };
                    drop(portal.edit_did(dana, account, number, view.as_of, &draft).await);
                }
            }
            15 => {
                let action = BulkAction::SetFailoverRoute(some_failover(&routes, &plans, dice));
                let chosen = all(portal, dana, account).await;
                drop(portal.apply_bulk(dana, account, &chosen, &action, None, &Progress::default()).await);
            }
            16 => {
                if let Some(number) = dice.pick(&dids) {
                    let selection = portal::Selection::Numbers { numbers: vec![number], as_of };
                    drop(
                        portal
                            .apply_bulk(
                                dana,
                                account,
                                &selection,
                                &BulkAction::Release,
                                None,
                                &Progress::default(),
                            )
                            .await,
                    );
                }
            }
            17 => {
                if let Some(did) = dice.pick(&dids) {
                    drop(portal.add_case(dana, account, &case(&name, did, &routes, dice)).await);
                }
            }
            18 => {
                let cases = portal.cases(dana, account).await.unwrap();
                if let Some(old) = cases.get(dice.roll(cases.len())) {
                    if dice.roll(2) == 0 {
                        drop(portal.delete_case(dana, account, old.id, as_of).await);
                    } else {
                        let draft = case(&name, old.case.scenario.did, &routes, dice);
                        drop(portal.edit_case(dana, account, old.id, as_of, &draft).await);
                    }
                }
            }
            _ => {
                let ring = 10_000 + dice.roll(20) * 1_000;
                let file = format!(
                    r#"{{"format":"switchback-account/1","account":{{"name":"{name}","country":"US","defaults":{{"ring_ms":{ring}}}}},
                        "routes":[{{"alias":"{name}","type":"phone","value":"+1425555{:04}"}}],
                        "dids":[{{"number":"+1206555{:04}","primary":"{name}"}}]}}"#,
                    200 + dice.roll(50),
                    100 + dice.roll(12)
                );
                drop(portal.import_account(dana, Some(account), &file, false).await);
            }
        }
    }
}

fn route_draft(name: &str, dice: &mut Dice) -> RouteDraft {
    let place = dice.roll(100);
    let text = |name: &str, dice: &mut Dice| if dice.roll(2) == 0 { name.to_owned() } else { String::new() };
    let base = match dice.roll(3) {
        0 => draft(name, "host", &format!("pbx{place}.example.com:5{place:03}")),
        1 => draft(name, "phone", &format!("+1425555{:04}", 100 + place)),
        _ => draft(name, "uri", &format!("sip:desk{place}@example.com")),
    };
    RouteDraft {
        carrier: text("Acme", dice),
        site: text("Pine", dice),
        region: text("west", dice),
        answerer: ["", "person", "live_answer", "voicemail"][dice.roll(4)].to_owned(),
        edge: ["", "4"][dice.roll(2)].to_owned(),
        ..base
    }
}

fn plan_draft(name: &str, now: &Snapshot, dice: &mut Dice) -> routing::PlanDraft {
    let routes: Vec<RouteId> = now.routes.iter().map(|route| route.id).collect();
    let steps = (0..=dice.roll(2)).map(|_| {
        let mut step = step(&[dice.pick(&routes).unwrap_or_default()]);
        if dice.roll(2) == 0
            && let Some(schedule) = now.schedules.get(dice.roll(now.schedules.len()))
        {
            step.hours = schedule.id.to_string();
        }
        step.ring_s = (10 + dice.roll(10)).to_string();
        step
    });
    routing::PlanDraft { name: name.to_owned(), steps: steps.collect() }
}

fn hours(name: &str, dice: &mut Dice) -> portal::ScheduleDraft {
    let mut draft = office_hours(name);
    draft.weekly[dice.roll(7)] = format!("{:02}:00-12:00, 13:00-24:00", dice.roll(12));
    if dice.roll(2) == 0 {
        draft.exceptions = "2026-12-24 08:00-12:00\n2026-12-25 closed".into();
    }
    if dice.roll(3) == 0 {
        draft.zone = "Europe/Berlin".into();
    }
    draft
}

fn some_failover(routes: &[RouteId], plans: &[PlanId], dice: &mut Dice) -> Failover {
    match dice.roll(3) {
        0 => Failover::None,
        1 => dice.pick(routes).map_or(Failover::None, Failover::Route),
        _ => dice.pick(plans).map_or(Failover::None, Failover::Plan),
    }
}

fn case(name: &str, did: E164, routes: &[RouteId], dice: &mut Dice) -> CaseDraft {
    let on = FaultTarget::Route(dice.pick(routes).unwrap_or_default());
    let scenario = Scenario::new(did).with_fault(on, Fault::Silent);
    let reaches = match dice.roll(2) {
        0 => Reaches::Somebody,
        _ => Reaches::Nobody,
    };
    CaseDraft {
        name: name.to_owned(),
        case: Case { scenario, expect: Expectation { reaches, within_ms: None } },
    }
}
