//! One operation of the sample's history.

use std::fmt;

use routing::{
    Alias, Case, CivilDate, Clocks, DayHours, Dialling, Domains, E164, Failover, FailoverPlan, FindingDetail,
    FindingKind, FindingSubject, InboundRoute, Millis, PlanId, RouteId, RouteTarget, Routing, Schedule,
    ScheduleException, ScheduleId, Severity,
};
use serde_json::json;
use store::{
    AcceptedRow, Account, DidFilter, DidUpdate, NewChange, NewDid, NewPlan, NewSchedule, Operation, PlanRow,
    RouteRow, ScheduleRow, Subject, Tx, UnixMs,
};

use super::data::{DESKS, Run, SampleRoute};
use super::plans::{HOLIDAYS, SamplePlan, SampleSchedule, SampleStep, ZONE};
use crate::book::Book;
use crate::cases::{case_change, new_case};
use crate::destinations::destination_change;
use crate::facts::dialling;
use crate::history::{
    Done, OperationKind, did_added, did_updated, plan_change, route_change, schedule_change,
};
use crate::routes::new_route;
use crate::{Actor, Error, FileError, Result};

/// One operation of the history.
pub(super) struct Step<'a> {
    tx: &'a mut Tx,
    book: Book,
    actor: Actor,
    changes: Vec<NewChange>,
    account: &'a Account,
}

/// What is wrong with the tables themselves.
pub(super) fn broken(what: impl fmt::Display) -> Error {
    Error::AccountFile(vec![FileError::new("sample", what)])
}

fn alias(text: &str) -> Result<Alias> {
    Alias::parse(text).map_err(broken)
}

fn hours(text: &str) -> Result<DayHours> {
    DayHours::parse(text).map_err(broken)
}

impl<'a> Step<'a> {
    pub(super) fn new(tx: &'a mut Tx, book: Book, actor: Actor, account: &'a Account) -> Step<'a> {
        Step { tx, book, actor, changes: Vec::new(), account }
    }

    /// The id of a route of the tables; the built-in one for an alias that is not there.
    pub(super) fn id(&self, alias: &str) -> RouteId {
        let alias = Alias::parse(alias).ok();
        alias.and_then(|alias| self.book.find(&alias)).map_or(RouteId::REGISTERED, |row| row.route.id)
    }

    /// A plan of the tables.
    pub(super) fn plan(&self, name: &str) -> Failover {
        let name = Alias::parse(name).ok();
        let plan = name.and_then(|name| self.book.find_plan(&name));
        plan.map_or(Failover::None, |row| Failover::Plan(row.plan.id))
    }

    fn failover(&self, text: &str) -> Failover {
        match text.strip_prefix("plan:") {
            Some(name) => self.plan(name),
            None if text.is_empty() => Failover::None,
            None => Failover::Route(self.id(text)),
        }
    }

    pub(super) async fn allow(&mut self, destination: &str) -> Result<()> {
        let destination = destination.parse().map_err(broken)?;
        self.tx.allow_destination(destination).await?;
        self.changes.push(destination_change(destination, true));
        Ok(())
    }

    pub(super) async fn add_route(&mut self, sample: &SampleRoute, now: UnixMs) -> Result<()> {
        let mut route = self.read(sample, sample.value)?;
        // Portland's address was corrected later: see `move_route`.
        if sample.alias == "portland-pbx" {
            route = self.read(sample, "203.0.113.42:5060")?;
        }
        route.id = self.tx.insert_route(&new_route(&route)).await?;
        let (state, minutes) = sample.health;
        if state != routing::HealthState::Unknown {
            self.tx.set_health(route.id, state, now.minus_ms(minutes * 60 * 1000)).await?;
        }
        self.changes.push(route_change(&self.book, route.id, None, Some(&route)));
        let version = self.tx.next_version();
        self.book.add(RouteRow { route, version, health: state, health_since: None });
        Ok(())
    }

    fn read(&self, sample: &SampleRoute, value: &str) -> Result<InboundRoute> {
        let label = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let edge = self.book.edges().iter().find(|edge| edge.name == sample.edge).map(|edge| edge.id);
        Ok(InboundRoute {
            id: RouteId::default(),
            alias: alias(sample.alias)?,
            target: RouteTarget::parse(sample.kind, value, &Dialling::default()).map_err(broken)?,
            edge,
            domains: Domains {
                carrier: label(sample.carrier),
                site: label(sample.site),
                region: label(sample.region),
                answerer: sample.answerer,
            },
        })
    }

    pub(super) async fn add_schedule(&mut self, sample: &SampleSchedule) -> Result<()> {
        let mut weekly: [DayHours; 7] = Default::default();
        for (day, text) in weekly.iter_mut().zip(sample.weekly) {
            *day = hours(text)?;
        }
        let holiday = |date: &str| -> Result<ScheduleException> {
            let date = CivilDate::parse(date).map_err(broken)?;
            Ok(ScheduleException { date, hours: hours(sample.on_holidays)? })
        };
        let exceptions = HOLIDAYS.into_iter().map(holiday).collect::<Result<Vec<_>>>()?;
        let new = NewSchedule { name: alias(sample.name)?, zone: ZONE.to_owned(), weekly, exceptions };
        let id = self.tx.insert_schedule(&new).await?;
        let NewSchedule { name, zone, weekly, exceptions } = new;
        let schedule = Schedule { id, name, zone, weekly, exceptions };
        self.changes.push(schedule_change(id, None, Some(&schedule)));
        let version = self.tx.next_version();
        self.book.add_schedule(ScheduleRow { schedule, version });
        Ok(())
    }

    pub(super) async fn add_plan(&mut self, sample: &SamplePlan) -> Result<()> {
        let steps = sample.steps.iter().map(|step| self.read_step(step)).collect::<Result<Vec<_>>>()?;
        let mut plan = FailoverPlan { id: PlanId::default(), name: alias(sample.name)?, steps };
        plan.id =
            self.tx.insert_plan(&NewPlan { name: plan.name.clone(), steps: plan.steps.clone() }).await?;
        self.changes.push(plan_change(&self.book, plan.id, None, Some(&plan)));
        let version = self.tx.next_version();
        self.book.add_plan(PlanRow { plan, version });
        Ok(())
    }

    fn read_step(&self, sample: &SampleStep) -> Result<routing::Step> {
        let (no_response_s, ring_s) = sample.clocks;
        let clocks =
            Clocks { no_response_ms: Millis(no_response_s * 1_000), ring_ms: Millis(ring_s * 1_000) };
        let routes = sample.routes.iter().map(|alias| self.id(alias));
        let step = routing::Step::of(routes, sample.enter_on.trigger(), clocks);
        Ok(routing::Step { hours: self.schedule(sample.hours)?, ..step })
    }

    fn schedule(&self, name: &str) -> Result<Option<ScheduleId>> {
        if name.is_empty() {
            return Ok(None);
        }
        Ok(self.book.find_schedule(&alias(name)?).map(|row| row.schedule.id))
    }

    pub(super) async fn add_dids(&mut self, runs: &[Run]) -> Result<()> {
        let mut new = Vec::new();
        for run in runs {
            for index in 0..run.count {
                let Ok(number) = E164::from_u64(run.first + index) else { continue };
                let other = index >= run.count - run.others;
                new.push(NewDid {
                    number,
                    alias: line_name(run.place, index),
                    routing: Routing {
                        primary: self.id(run.primary),
                        failover: self.failover(if other { run.other_failover } else { run.failover }),
                        weights: run.other_weights.filter(|_| other),
                    },
                });
            }
        }
        self.tx.insert_dids(&new).await?;
        self.changes.extend(new.iter().map(|did| did_added(&self.book, did)));
        Ok(())
    }

    /// Changes the DIDs that match, as a bulk action does: weights count for the route that they were given for.
    pub(super) async fn set(&mut self, filter: &DidFilter, change: impl Fn(&mut Routing)) -> Result<()> {
        let mut updates = Vec::new();
        for row in self.tx.dids_after(filter, None, crate::limits::BULK_CHUNK).await? {
            let old = Routing::of(&row.did);
            let mut routing = old;
            change(&mut routing);
            if routing.failover != old.failover {
                routing.weights = None;
            }
            let update = DidUpdate { alias: row.did.alias.clone(), routing, now: row.did };
            self.changes.push(did_updated(&self.book, &update));
            updates.push(update);
        }
        Ok(self.tx.update_dids(&updates).await?)
    }

    pub(super) async fn move_route(&mut self, alias: &str, value: &str) -> Result<()> {
        let Some(RouteRow { route: before, .. }) = self.book.get(self.id(alias)).cloned() else {
            return Ok(());
        };
        let mut after = before.clone();
        if let Ok(target) = RouteTarget::parse(before.target.kind(), value, &dialling(self.account)) {
            after.target = target;
        }
        self.tx.update_route(&after).await?;
        self.changes.push(route_change(&self.book, after.id, Some(&before), Some(&after)));
        Ok(())
    }

    pub(super) async fn save_case(mut self, name: &str, case: Case) -> Result<()> {
        let name = alias(name)?;
        let id = self.tx.insert_case(&new_case(&name, &case)?).await?;
        self.changes.push(case_change(&self.book, id, None, Some((&name, &case))));
        self.end(OperationKind::SaveCase, name.as_str(), None).await
    }

    /// Accepts what a primary and its failover route share.
    pub(super) async fn accept(
        mut self,
        kind: FindingKind,
        (primary, failover): (&str, &str),
        why: &str,
    ) -> Result<()> {
        let shared = self.book.get(self.id(primary)).and_then(|row| row.route.target.host());
        let routing = Routing {
            primary: self.id(primary),
            failover: Failover::Route(self.id(failover)),
            weights: None,
        };
        let finding = routing::Finding {
            kind,
            severity: Severity::Serious,
            subject: FindingSubject::Routing(routing),
            step: None,
            detail: shared.map_or(FindingDetail::Plain, |host| FindingDetail::Shared(host.to_string())),
            dids: 0,
            example: E164::from_u64(super::plans::FRONT_DESK).map_err(broken)?,
        };
        let row = AcceptedRow {
            key: finding.key(),
            kind: kind.name().to_owned(),
            by: self.actor.name().to_owned(),
            reason: why.to_owned(),
            at: self.tx.at(),
            until: None,
        };
        self.tx.accept_finding(&row).await?;
        let label = format!("{primary} → {failover}");
        let after = json!({ "finding": row.kind, "key": row.key, "reason": row.reason });
        self.changes.push(NewChange::of(Subject::Finding, label.clone(), None, Some(after)));
        self.end(OperationKind::AcceptFinding, &label, Some(row.reason)).await
    }

    pub(super) async fn record(
        &mut self,
        kind: OperationKind,
        about: &str,
        why: Option<String>,
    ) -> Result<Operation> {
        self.tx.record(&self.changes).await?;
        let changed = self.changes.len() as u64;
        Ok(Done { changed, reason: why, ..Done::one(kind, about) }.by(&self.actor, self.tx.account().id))
    }

    pub(super) async fn end(mut self, kind: OperationKind, about: &str, why: Option<String>) -> Result<()> {
        let operation = self.record(kind, about, why).await?;
        self.tx.end_operation(operation).await?;
        Ok(())
    }
}

/// `Front desk Seattle`; every fifth direct line has no name.
fn line_name(place: &str, index: u64) -> Option<Alias> {
    let desk = usize::try_from(index).ok().and_then(|index| DESKS.get(index));
    match desk {
        Some(desk) => Alias::parse(&format!("{desk} {place}")).ok(),
        None if index % 5 == 4 => None,
        None => Alias::parse(&format!("Direct line {} {place}", index + 1 - DESKS.len() as u64)).ok(),
    }
}
