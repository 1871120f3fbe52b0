//! The saved cases of an account file. A case need not hold, and its number need not be one of the account any more:
//! neither may keep a backup from coming back.

use std::collections::HashMap;

use routing::limits::SETUP_MAX_MS;
use routing::{
    Alias, CallerBehaviour, Case, E164, Expectation, Millis, Profile, Reaches, RouteId, Scenario, shortened,
};
use serde_json::Value;

use super::Planner;
use crate::Problem;
use crate::cases::SavedCase;
use crate::file::cases::{PROFILES, present, read_fault, read_reaches};
use crate::file::read::CasePart;
use crate::moments::read_rfc3339;

impl Planner {
    pub(super) fn cases(&mut self, parts: &[CasePart], kept: Vec<SavedCase>) {
        let mut kept: HashMap<String, SavedCase> =
            kept.into_iter().map(|case| (case.name.fold(), case)).collect();
        let mut seen = HashMap::new();
        for (index, part) in parts.iter().enumerate() {
            if self.is_twice("cases", index, &part.name, &mut seen) {
                continue;
            }
            let Some((name, case)) = self.case(part, index) else { continue };
            match kept.remove(&name.fold()) {
                Some(old) if old.name == name && present(&old.case, &self.book).as_ref() == Some(&case) => {
                    self.plan.unchanged += 1;
                }
                Some(old) => self.plan.cases_changed.push((old, (name, case))),
                None => self.plan.cases_added.push((name, case)),
            }
        }
    }

    fn case(&mut self, part: &CasePart, index: usize) -> Option<(Alias, Case)> {
        let place = |field: &str| format!("cases[{index}].{field}");
        let before = self.errors.len();
        let name = Alias::parse(&part.name).map_err(|error| self.error(place("name"), error)).ok();
        let did = E164::parse_dialled(&part.number, self.book.dialling())
            .map_err(|error| self.error(place("number"), error))
            .ok();
        let at = self.moment(part.at.as_ref(), place("at"));
        let mut faults = Vec::new();
        for (at, typed) in part.faults.iter().enumerate() {
            match read_fault(&self.book, typed) {
                Ok(fault) => faults.push(fault),
                Err(message) => self.error(place(&format!("faults[{at}]")), message),
            }
        }
        let hangs_up_after = self.millis(part.hangs_up_after_ms, place("hangs_up_after_ms"));
        let profile = self.profile(&part.profile, place("profile"));
        let marked_down = self.routes_called(&part.marked_down, &place("marked_down"));
        let switched_off = self.routes_called(&part.switched_off, &place("switched_off"));
        let reaches = read_reaches(&self.book, &part.reaches)
            .map_err(|message| self.error(place("reaches"), message))
            .ok();
        let within_ms = self.millis(part.within_ms, place("within_ms"));
        if within_ms.flatten().is_some_and(|within| within > SETUP_MAX_MS) {
            self.error(place("within_ms"), Problem::BeyondSetUp);
        }
        let scenario = Scenario {
            did: did?,
            at: at?,
            caller: CallerBehaviour { hangs_up_after: hangs_up_after? },
            faults,
            profile: profile?,
            seed: part.seed,
            marked_down,
            switched_off,
            srv: part.srv.clone(),
        };
        // With somebody to reach that was refused, the call is still looked through.
        let expect = Expectation { reaches: reaches.unwrap_or(Reaches::Somebody), within_ms: within_ms? };
        let case = Case { scenario, expect };
        if let Err(error) = case.check() {
            // A fault is one text here.
            self.error(place(error.place.strip_suffix(".on").unwrap_or(&error.place)), error.reason);
        }
        // With a full list of errors, nothing comes of the file anyway.
        (self.errors.len() == before).then_some((name?, case))
    }

    /// `None`: it is none. In seconds since 1970.
    fn moment(&mut self, typed: Option<&Value>, place: String) -> Option<Option<i64>> {
        let Some(typed) = typed else { return Some(None) };
        let text = typed.as_str().and_then(read_rfc3339).map(|at| at.0.div_euclid(1_000));
        let found = typed.as_i64().or(text);
        if found.is_none() {
            let message = "This is not a moment. Write it as 2026-11-29T11:00:00Z, or in seconds since 1970.";
            self.error(place, message);
        }
        found.map(Some)
    }

    /// `None`: it is no time.
    fn millis(&mut self, typed: Option<i64>, place: String) -> Option<Option<Millis>> {
        let Some(typed) = typed else { return Some(None) };
        let found = u32::try_from(typed).ok().map(Millis);
        if found.is_none() {
            self.error(place, "This is not a time. Write milliseconds, such as 20000.");
        }
        found.map(Some)
    }

    fn profile(&mut self, typed: &str, place: String) -> Option<Profile> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Some(Profile::default());
        }
        let found = PROFILES.into_iter().find(|(_, name)| *name == typed);
        if found.is_none() {
            self.error(
                place,
                format!("There are no timers called {}. Write ideal or kamailio.", shortened(typed)),
            );
        }
        found.map(|(profile, _)| profile)
    }

    fn routes_called(&mut self, aliases: &[String], place: &str) -> Vec<RouteId> {
        let aliases = aliases.iter().enumerate();
        aliases.filter_map(|(at, alias)| self.route(alias, format!("{place}[{at}]"))).collect()
    }
}
