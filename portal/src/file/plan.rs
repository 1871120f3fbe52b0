//! What an account file would do: routes, schedules and plans are matched by name, DIDs by number, and nothing is
//! deleted. A pure function of the file and of what is there.

mod accepted;
mod cases;
mod own;
mod plans;

use std::collections::{BTreeSet, HashMap};

use routing::{
    Alias, Case, Destination, E164, Failover, FailoverPlan, InboundRoute, Millis, PlanId, RouteId, Routing,
    Schedule, Version, limits::SETUP_MAX_MS, shortened,
};
use store::{AcceptedRow, DidRow, DidUpdate, NewDid, RouteRow};

pub(crate) use accepted::Accepted;

use super::cases::route_called;
use super::read::{AccountFile, DidPart, FileError, RoutePart};
use crate::accounts::{NewAccount, check};
use crate::book::Book;
use crate::cases::SavedCase;
use crate::dids::weights;
use crate::import::cell;
use crate::limits::FILE_ERRORS_MAX;
use crate::routes::{RouteDraft, read as read_route};

/// What a file would do, if nothing is wrong with it. What is new has ids below zero until it is stored.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) account: Option<(String, String)>,
    pub(crate) destinations_added: Vec<Destination>,
    pub(crate) routes_added: Vec<InboundRoute>,
    /// Before and after.
    pub(crate) routes_changed: Vec<(InboundRoute, InboundRoute)>,
    pub(crate) schedules_added: Vec<Schedule>,
    /// Before and after.
    pub(crate) schedules_changed: Vec<(Schedule, Schedule)>,
    pub(crate) plans_added: Vec<FailoverPlan>,
    /// Before and after.
    pub(crate) plans_changed: Vec<(FailoverPlan, FailoverPlan)>,
    pub(crate) dids_added: Vec<NewDid>,
    pub(crate) dids_changed: Vec<DidUpdate>,
    pub(crate) cases_added: Vec<(Alias, Case)>,
    /// Before and after.
    pub(crate) cases_changed: Vec<(SavedCase, (Alias, Case))>,
    /// What was said before, and what now.
    pub(crate) accepted: Vec<(Option<AcceptedRow>, Accepted)>,
    pub(crate) unchanged: u64,
}

/// What of the account the file may change and no book holds.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) cases: Vec<SavedCase>,
    pub(crate) accepted: Vec<AcceptedRow>,
}

/// The plan being made: the book grows by what is in the file.
pub(crate) struct Planner {
    pub(crate) book: Book,
    pub(crate) plan: Plan,
    errors: Vec<FileError>,
    /// The places of the failover plans that the file adds or changes.
    places: HashMap<PlanId, usize>,
    /// The DIDs of the file, read; `None` where something is wrong.
    dids: Vec<Option<NewDid>>,
}

impl Planner {
    /// Reads everything that can be read without knowing which numbers are there.
    pub(crate) fn new(file: &AccountFile, book: Book, kept: Kept) -> Planner {
        let mut planner = Planner {
            book,
            plan: Plan::default(),
            errors: Vec::new(),
            places: HashMap::new(),
            dids: Vec::new(),
        };
        planner.account(file);
        planner.routes(&file.routes);
        planner.schedules(&file.schedules);
        planner.plans(&file.plans);
        planner.cases(&file.cases, kept.cases);
        planner.accepted(&file.accepted_findings, kept.accepted);
        let mut seen = HashMap::new();
        for (index, part) in file.dids.iter().enumerate() {
            let did = planner.did(part, index, &mut seen);
            planner.dids.push(did);
        }
        planner
    }

    /// The numbers to look up: those of the file, and those that routes may amount to.
    pub(crate) fn numbers(&self) -> Vec<E164> {
        let mut numbers: Vec<E164> = self.dids.iter().flatten().map(|did| did.number).collect();
        numbers.extend(self.book.numbers_in(self.book.added().map(|row| &row.route.target)));
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The plan. `present` are the account's DIDs among the numbers, `own` the installation's, `failovers` how
    /// many DIDs have a route as their failover now.
    pub(crate) fn finish(
        mut self,
        present: Vec<DidRow>,
        own: BTreeSet<E164>,
        mut failovers: HashMap<RouteId, u64>,
    ) -> Result<(Book, Plan), Vec<FileError>> {
        let mut present: HashMap<E164, DidRow> =
            present.into_iter().map(|row| (row.did.number, row)).collect();
        let dids = std::mem::take(&mut self.dids);
        let mut becomes = Vec::new();
        for (index, new) in dids.into_iter().enumerate().filter_map(|(index, did)| Some((index, did?))) {
            let old = present.remove(&new.number);
            if let Some(route) = old.as_ref().and_then(|old| old.did.failover.route()) {
                let uses = failovers.entry(route).or_default();
                *uses = uses.saturating_sub(1);
            }
            if let Some(route) = new.routing.failover.route() {
                *failovers.entry(route).or_default() += 1;
            }
            becomes.push((index, new, old));
        }
        let added: BTreeSet<E164> =
            becomes.iter().filter(|(_, _, old)| old.is_none()).map(|(_, new, _)| new.number).collect();
        self.refuse_own(&becomes, &own, &added, &failovers);
        for (index, new, old) in becomes {
            match old {
                None if own.contains(&new.number) => {
                    self.error(format!("dids[{index}].number"), "This number belongs to another account.");
                }
                None => self.plan.dids_added.push(new),
                Some(row) => {
                    if (&new.alias, new.routing) == (&row.did.alias, Routing::of(&row.did)) {
                        self.plan.unchanged += 1;
                    } else {
                        let routing = new.routing;
                        self.plan.dids_changed.push(DidUpdate { now: row.did, alias: new.alias, routing });
                    }
                }
            }
        }
        if self.errors.is_empty() { Ok((self.book, self.plan)) } else { Err(self.errors) }
    }

    fn error(&mut self, place: String, message: impl std::fmt::Display) {
        if self.errors.len() < FILE_ERRORS_MAX {
            self.errors.push(FileError::new(place, message));
        }
    }

    fn account(&mut self, file: &AccountFile) {
        let typed = NewAccount { name: file.account.name.clone(), country: file.account.country.clone() };
        match check(&typed) {
            Ok(new) => self.plan.account = Some((new.name, new.country)),
            Err(problems) => {
                for error in problems {
                    self.error(format!("account.{}", error.field.name()), error.problem);
                }
            }
        }
        for (index, typed) in file.account.destinations.iter().enumerate() {
            match typed.parse::<Destination>() {
                Ok(known) if known == self.book.home() || self.book.allowed().contains(&known) => {}
                Ok(new) => {
                    self.plan.destinations_added.push(new);
                    self.book.allow(new);
                }
                Err(error) => self.error(format!("account.destinations[{index}]"), error),
            }
        }
        let defaults = &file.account.defaults;
        let worst: Millis = defaults.no_response_ms.plus(defaults.ring_ms);
        if worst.plus(worst) > SETUP_MAX_MS {
            self.error(
                "account.defaults".to_owned(),
                format!("Primary and failover could take {} to set up a call, more than {SETUP_MAX_MS}. Shorten the clocks.", worst.plus(worst)),
            );
        }
    }

    fn routes(&mut self, parts: &[RoutePart]) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (index, part) in parts.iter().enumerate() {
            let known = Alias::parse(&part.alias).ok();
            if let Some(alias) = &known
                && let Some(first) = seen.insert(alias.fold(), index)
            {
                self.error(
                    format!("routes[{index}].alias"),
                    format!("routes[{first}] is called so already."),
                );
                continue;
            }
            let old = known.and_then(|alias| self.book.find(&alias)).map(|row| row.route.clone());
            if old.as_ref().is_some_and(|route| route.id == RouteId::REGISTERED) {
                self.error(format!("routes[{index}].alias"), "This is the built-in route. Leave it out.");
                continue;
            }
            let id = old.as_ref().map_or(RouteId(new_id(index)), |route| route.id);
            let route = match read_route(&self.draft(part), Some(id), &self.book).into_route(id) {
                Ok(route) => route,
                Err(problems) => {
                    for error in problems {
                        let name = if error.field.name() == "kind" { "type" } else { error.field.name() };
                        self.error(format!("routes[{index}].{name}"), error.problem);
                    }
                    continue;
                }
            };
            let row = RouteRow {
                route: route.clone(),
                version: Version(0),
                health: Default::default(),
                health_since: None,
            };
            match old {
                Some(old) if old == route => self.plan.unchanged += 1,
                Some(old) => {
                    self.plan.routes_changed.push((old, route));
                    self.book.add(row);
                }
                None => {
                    self.plan.routes_added.push(route);
                    self.book.add(row);
                }
            }
        }
    }

    /// A form's draft: the edge is named there by its id.
    fn draft(&self, part: &RoutePart) -> RouteDraft {
        let edge = self.book.edges().iter().find(|edge| edge.name.eq_ignore_ascii_case(part.edge.trim()));
        RouteDraft {
            alias: part.alias.clone(),
            kind: part.r#type.clone(),
            value: part.value.clone(),
            edge: edge.map_or_else(|| part.edge.clone(), |edge| edge.id.to_string()),
            carrier: part.carrier.clone(),
            site: part.site.clone(),
            region: part.region.clone(),
            answerer: part.answerer.clone(),
        }
    }

    fn did(&mut self, part: &DidPart, index: usize, seen: &mut HashMap<E164, usize>) -> Option<NewDid> {
        let place = |field: &str| format!("dids[{index}].{field}");
        let number = match E164::parse_dialled(&part.number, self.book.dialling()) {
            Ok(number) => match seen.insert(number, index) {
                Some(first) => {
                    self.error(place("number"), format!("dids[{first}] has this number already."));
                    None
                }
                None => Some(number),
            },
            Err(error) => {
                self.error(place("number"), error);
                None
            }
        };
        let alias = if part.alias.trim().is_empty() {
            Some(None)
        } else {
            Alias::parse(&part.alias).map(Some).map_err(|error| self.error(place("alias"), error)).ok()
        };
        let primary = self.route(&part.primary, place("primary"));
        let failover = self.failover(&part.failover, &part.failover_plan, &place);
        if let (Some(primary), Some(failover)) = (primary, failover)
            && self.book.is_alone(failover, primary)
        {
            let field = if failover.plan().is_some() { "failover_plan" } else { "failover" };
            self.error(place(field), crate::Problem::SameAsPrimary);
            return None;
        }
        let typed = |weight: Option<i64>| weight.map(|weight| weight.to_string()).unwrap_or_default();
        // Whether there is a route to share calls with is open where it could not be read.
        let with = failover.unwrap_or(Failover::Route(RouteId::REGISTERED));
        let weights = weights(&typed(part.primary_weight), &typed(part.failover_weight), with)
            .map_err(|problem| self.error(place("primary_weight"), problem))
            .ok();
        Some(NewDid {
            number: number?,
            alias: alias?,
            routing: Routing { primary: primary?, failover: failover?, weights: weights? },
        })
    }

    fn failover(&mut self, route: &str, plan: &str, place: &impl Fn(&str) -> String) -> Option<Failover> {
        match (route.trim(), plan.trim()) {
            ("", "") => Some(Failover::None),
            (typed, "") => {
                let found = self.route(typed, place("failover")).map(Failover::Route);
                if found.is_none() && cell::plan(typed).is_some() {
                    self.error(
                        place("failover"),
                        "A failover plan is named as failover_plan, by its name alone.",
                    );
                }
                found
            }
            ("", name) => self.plan_called(name, place("failover_plan")).map(Failover::Plan),
            _ => {
                let message = "There is a failover route as well. Write one of the two.";
                self.error(place("failover_plan"), message);
                None
            }
        }
    }

    fn plan_called(&mut self, name: &str, place: String) -> Option<PlanId> {
        let found = Alias::parse(name).ok().and_then(|name| self.book.find_plan(&name));
        let found = found.map(|row| row.plan.id);
        if found.is_none() {
            self.error(place, format!("No failover plan is called {}.", shortened(name)));
        }
        found
    }

    fn route(&mut self, typed: &str, place: String) -> Option<RouteId> {
        route_called(&self.book, typed).map_err(|message| self.error(place, message)).ok()
    }
}

/// The id of what is new at this place of the file, until it is stored.
fn new_id(index: usize) -> i64 {
    -1 - i64::try_from(index).unwrap_or(i64::MAX - 1)
}
