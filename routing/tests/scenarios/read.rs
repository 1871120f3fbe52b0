//! Reads a scenario file.
//!
//! The first line is the sentence. Every other line is `what: how`, in any order, its parts split by `; `:
//!
//! ```text
//! route 1 pbx: host pbx.example.com; pbx; site hq; carrier acme; region west; edge 4
//! did: pbx, then mobile; weights 3 and 1          (or `did: pbx`, or `did: pbx, then the plan`)
//! defaults: on any_failure; clocks 6 s and 20 s
//! step: desk weight 3, mobile weight 1; on busy; hours office; clocks 6 s and 20 s; stagger 2 s
//! zone America/Los_Angeles: -8 h; -7 h from 2026-03-08T10:00:00Z
//! schedule office: America/Los_Angeles; every day 08:00-17:00; Sunday closed; 2026-12-25 closed
//! at: 2026-03-08T09:59:55Z
//! hangs up: after 9 s
//! profile: kamailio
//! seed: 4
//! marked down: pbx, desk
//! switched off: pbx
//! srv pbx.example.com: a.example.com, b.example.com
//! fault on route pbx: rejects with 503            (or on host, site, carrier, region, edge, network)
//! ```

use routing::{
    Alias, Answerer, CivilDate, DayHours, Dialling, Did, DidId, Domains, E164, Failover, FailoverPlan,
    FaultTarget, InboundRoute, InjectedFault, Millis, NetworkKind, PlanId, Profile, RouteId, RouteKind,
    RouteTarget, Scenario, Schedule, ScheduleException, ScheduleId, Snapshot, SrvRecord, Step, StepRoute,
    Trigger, Version, Weekday, Weights,
};

use crate::words::{Read, edge, fault, millis, moment, weight, zone};

/// A file that was read.
pub(crate) struct Case {
    pub(crate) snapshot: Snapshot,
    pub(crate) scenario: Scenario,
}

/// The plan of a file, which has at most one.
const PLAN: PlanId = PlanId(1);

impl Case {
    /// Reads the part of a file before its trace; what is wrong is said with its line.
    pub(crate) fn read(head: &str) -> Read<Case> {
        let number = E164::parse("+12065550100").unwrap();
        let mut case = Case { snapshot: Snapshot::default(), scenario: Scenario::new(number) };
        case.snapshot.version = Version(1);
        let did = Did {
            id: DidId(1),
            number,
            alias: None,
            primary: RouteId(0),
            failover: Failover::None,
            weights: None,
        };
        case.snapshot.dids.push(did);
        for line in head.lines().skip(1).filter(|line| !line.trim().is_empty()) {
            case.line(line).map_err(|error| format!("{error} (in `{line}`)"))?;
        }
        Ok(case)
    }

    fn line(&mut self, line: &str) -> Read<()> {
        let (what, how) = line.split_once(": ").ok_or("it has no colon")?;
        let parts: Vec<&str> = how.split("; ").map(str::trim).collect();
        match what.split_once(' ').unwrap_or((what, "")) {
            ("route", name) => self.route(name, &parts),
            ("did", "") => self.did(&parts),
            ("defaults", "") => {
                let step = self.step(&[&["sip-reg"], &parts[..]].concat())?;
                self.snapshot.defaults.trigger = step.enter_on;
                self.snapshot.defaults.no_response_ms = step.no_response_ms;
                self.snapshot.defaults.ring_ms = step.ring_ms;
                Ok(())
            }
            ("step", "") => {
                let step = self.step(&parts)?;
                let plans = &mut self.snapshot.plans;
                if plans.is_empty() {
                    let name = Alias::parse("plan").unwrap();
                    plans.push(FailoverPlan { id: PLAN, name, steps: Vec::new() });
                }
                plans[0].steps.push(step);
                Ok(())
            }
            ("zone", name) => {
                self.snapshot.zones.push(zone(name, &parts)?);
                Ok(())
            }
            ("schedule", name) => self.schedule(name, &parts),
            _ => self.call(what, how),
        }
    }

    /// A line that says what the call is, and what is broken.
    fn call(&mut self, what: &str, how: &str) -> Read<()> {
        match what.split_once(' ').unwrap_or((what, "")) {
            ("at", "") => self.scenario.at = Some(moment(how)?),
            ("hangs", "up") => {
                let after = how.strip_prefix("after ").ok_or_else(|| format!("write `after {how}`"))?;
                self.scenario.caller.hangs_up_after = Some(millis(after)?);
            }
            ("profile", "") if how == "kamailio" => self.scenario.profile = Profile::Kamailio,
            ("seed", "") => self.scenario.seed = how.parse().map_err(|_| format!("`{how}` is no seed"))?,
            ("marked", "down") => self.scenario.marked_down = self.ids(how)?,
            ("switched", "off") => self.scenario.switched_off = self.ids(how)?,
            ("srv", host) => {
                let targets = how.split(", ").map(str::to_owned).collect();
                self.scenario.srv.push(SrvRecord { host: host.to_owned(), targets });
            }
            ("fault", on) => {
                let on = self.befalls(on.strip_prefix("on ").unwrap_or(on))?;
                self.scenario.faults.push(InjectedFault { on, fault: fault(how)? });
            }
            _ => return Err(format!("`{what}` is no part of a scenario")),
        }
        Ok(())
    }

    fn id(&self, alias: &str) -> Read<RouteId> {
        if alias == "sip-reg" {
            return Ok(RouteId::REGISTERED);
        }
        let found = self.snapshot.routes.iter().find(|route| route.alias.as_str() == alias);
        found.map(|route| route.id).ok_or_else(|| format!("there is no route `{alias}`"))
    }

    fn ids(&self, aliases: &str) -> Read<Vec<RouteId>> {
        aliases.split(", ").map(|alias| self.id(alias)).collect()
    }

    fn route(&mut self, name: &str, parts: &[&str]) -> Read<()> {
        let (id, alias) = name.split_once(' ').ok_or("a route has an id and an alias")?;
        let (kind, value) = parts[0].split_once(' ').ok_or("a route has a type and a value")?;
        let kind: RouteKind = kind.parse().map_err(|error| format!("{error}"))?;
        let target = RouteTarget::parse(kind, value, &Dialling::default());
        let mut route = InboundRoute {
            id: RouteId(id.parse().map_err(|_| format!("`{id}` is no id"))?),
            alias: Alias::parse(alias).map_err(|error| format!("{error}"))?,
            target: target.map_err(|error| format!("{error}"))?,
            edge: None,
            domains: Domains::default(),
        };
        for part in &parts[1..] {
            let domains = &mut route.domains;
            match part.split_once(' ').unwrap_or((part, "")) {
                ("pbx", "") => domains.answerer = Answerer::Pbx,
                ("person", "") => domains.answerer = Answerer::Person,
                ("live", "answer") => domains.answerer = Answerer::LiveAnswer,
                ("voicemail", "") => domains.answerer = Answerer::Voicemail,
                ("site", site) => domains.site = Some(site.to_owned()),
                ("carrier", carrier) => domains.carrier = Some(carrier.to_owned()),
                ("region", region) => domains.region = Some(region.to_owned()),
                ("edge", id) => route.edge = Some(edge(id)?),
                _ => return Err(format!("`{part}` says nothing about a route")),
            }
        }
        self.snapshot.routes.push(route);
        Ok(())
    }

    fn did(&mut self, parts: &[&str]) -> Read<()> {
        let (primary, failover) = parts[0].split_once(", then ").unwrap_or((parts[0], ""));
        let primary = self.id(primary)?;
        let failover = match failover {
            "" => Failover::None,
            "the plan" => Failover::Plan(PLAN),
            route => Failover::Route(self.id(route)?),
        };
        let weights = match parts.get(1).map(|part| part.strip_prefix("weights ").unwrap_or(part)) {
            Some(text) => {
                let (primary, failover) = text.split_once(" and ").ok_or("write `weights 3 and 1`")?;
                Some(Weights { primary: weight(primary)?, failover: weight(failover)? })
            }
            None => None,
        };
        let did = &mut self.snapshot.dids[0];
        (did.primary, did.failover, did.weights) = (primary, failover, weights);
        Ok(())
    }

    fn step(&self, parts: &[&str]) -> Read<Step> {
        let leg = |text: &str| {
            let (alias, weighs) = match text.split_once(" weight ") {
                Some((alias, text)) => (alias, Some(weight(text)?)),
                None => (text, None),
            };
            Ok::<_, String>(StepRoute { route: self.id(alias)?, weight: weighs })
        };
        let mut step = Step {
            routes: parts[0].split(", ").map(leg).collect::<Read<_>>()?,
            enter_on: Trigger::default(),
            hours: None,
            no_response_ms: Millis(6_000),
            ring_ms: Millis(20_000),
            stagger_ms: Millis::ZERO,
        };
        for part in &parts[1..] {
            match part.split_once(' ').unwrap_or((part, "")) {
                ("on", trigger) => {
                    step.enter_on = Trigger::parse(trigger).map_err(|error| error.to_string())?;
                }
                ("hours", name) => {
                    let named = |schedule: &&Schedule| schedule.name.as_str() == name;
                    let found = self.snapshot.schedules.iter().find(named);
                    step.hours = Some(found.ok_or_else(|| format!("there is no schedule `{name}`"))?.id);
                }
                ("clocks", text) => {
                    let (first, second) = text.split_once(" and ").ok_or("write `clocks 6 s and 20 s`")?;
                    (step.no_response_ms, step.ring_ms) = (millis(first)?, millis(second)?);
                }
                ("stagger", text) => step.stagger_ms = millis(text)?,
                _ => return Err(format!("`{part}` says nothing about a step")),
            }
        }
        Ok(step)
    }

    fn schedule(&mut self, name: &str, parts: &[&str]) -> Read<()> {
        let hours = |text: &str| DayHours::parse(text).map_err(|error| error.to_string());
        let mut schedule = Schedule {
            id: ScheduleId(i64::try_from(self.snapshot.schedules.len()).unwrap() + 1),
            name: Alias::parse(name).unwrap(),
            zone: parts[0].to_owned(),
            weekly: Default::default(),
            exceptions: Vec::new(),
        };
        for part in &parts[1..] {
            if let Some(text) = part.strip_prefix("every day ") {
                schedule.weekly = std::array::from_fn(|_| hours(text).unwrap());
                continue;
            }
            let (day, text) = part.split_once(' ').ok_or("write `every day 08:00-17:00`")?;
            match Weekday::ALL.into_iter().find(|weekday| weekday.name() == day) {
                Some(weekday) => schedule.weekly[weekday as usize] = hours(text)?,
                None => {
                    let date = CivilDate::parse(day).map_err(|error| error.to_string())?;
                    schedule.exceptions.push(ScheduleException { date, hours: hours(text)? });
                }
            }
        }
        schedule.check().map_err(|error| error.to_string())?;
        self.snapshot.schedules.push(schedule);
        Ok(())
    }

    fn befalls(&self, on: &str) -> Read<FaultTarget> {
        let (kind, name) = on.split_once(' ').unwrap_or((on, ""));
        Ok(match (kind, name) {
            ("route", alias) => FaultTarget::Route(self.id(alias)?),
            ("host", host) => FaultTarget::Host(host.to_owned()),
            ("site", site) => FaultTarget::Site(site.to_owned()),
            ("carrier", carrier) => FaultTarget::Carrier(carrier.to_owned()),
            ("region", region) => FaultTarget::Region(region.to_owned()),
            ("edge", id) => FaultTarget::Edge(edge(id)?),
            ("network", "of SIP hosts") => FaultTarget::Network(NetworkKind::SipHosts),
            ("network", "of phones") => FaultTarget::Network(NetworkKind::PhoneNetwork),
            ("network", "of registered devices") => FaultTarget::Network(NetworkKind::RegisteredDevices),
            _ => return Err(format!("`{on}` is nothing that can break")),
        })
    }
}
