//! The desk's address, read strictly: an error says what would be right.

use routing::{
    CaseId, Dialling, E164, FaultError, InjectedFault, Millis, NumberError, PlanId, Profile, RouteId, Zone,
    limits,
};

use super::{Controls, Draft, FAILURES_MAX, Health, UnsavedPlan, moment::parse_local};
use crate::plan_form::is_field;

/// Why an address of the desk cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// The number that is called.
    Number(NumberError),
    /// A failure.
    Fault(FaultError),
    /// More failures than the desk has rows for.
    TooManyFaults,
    /// A time zone that does not exist.
    Zone(String),
    /// Any other parameter: its name, its value, what would be right.
    Value(&'static str, String, &'static str),
}

impl std::fmt::Display for AddressError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AddressError::Number(error) => write!(f, "The number that is called cannot be read: {error}"),
            AddressError::Fault(error) => write!(f, "A failure cannot be read: {error}"),
            AddressError::TooManyFaults => {
                write!(f, "The desk takes at most {FAILURES_MAX} failures at once.")
            }
            AddressError::Zone(name) => {
                write!(f, "`zone={name}` is no time zone. Write it as America/Los_Angeles, or UTC.")
            }
            AddressError::Value(name, value, right) => write!(f, "`{name}={value}` is not {right}."),
        }
    }
}

/// Reads an address's pairs. `zone_of` knows the zones; `zone` is the one that a time without a zone is read in.
///
/// # Errors
/// The first parameter that cannot be read. Names that the account does not hold are no error here.
pub fn read<'a>(
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    dialling: &Dialling,
    zone: &str,
    zone_of: &dyn Fn(&str) -> Option<Zone>,
) -> Result<Controls, AddressError> {
    let mut controls = Controls { zone: zone.to_owned(), ..Controls::default() };
    let (mut local, mut down, mut fields, mut said) = (None, Vec::new(), Vec::new(), false);
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
        match name {
            "did" => controls.did = Some(number(value, dialling)?),
            "route" => controls.route = Some(RouteId(id("route", value, "a route's number")?)),
            "at" => local = Some(value),
            "zone" => controls.zone = value.to_owned(),
            "fault" if controls.faults.len() == FAILURES_MAX => return Err(AddressError::TooManyFaults),
            "fault" => controls.faults.push(InjectedFault::parse(value).map_err(AddressError::Fault)?),
            "health" => {
                controls.health = match value {
                    "now" => Health::Now,
                    "noticed" => Health::Noticed,
                    "ignored" => Health::Ignored,
                    _ => return Err(wrong("health", value, "`now`, `noticed` or `ignored`")),
                }
            }
            "down" => down.push(RouteId(id("down", value, "a route's number")?)),
            "hangs_up" => {
                let after = Millis::parse_seconds(value).filter(|after| *after <= limits::SETUP_MAX_MS);
                let right = "a number of seconds up to 120";
                controls.hangs_up = Some(after.ok_or_else(|| wrong("hangs_up", value, right))?);
            }
            "profile" => {
                controls.profile = match value {
                    "ideal" => Profile::Ideal,
                    "kamailio" => Profile::Kamailio,
                    _ => return Err(wrong("profile", value, "`ideal` or `kamailio`")),
                }
            }
            "seed" => {
                controls.seed = value.parse().map_err(|_| wrong("seed", value, "a whole number"))?;
            }
            "primary" => controls.primary = Some(RouteId(id("primary", value, "a route's number")?)),
            "failover" => {
                controls.failover = draft("failover", value)?;
                said = true;
            }
            "against" => controls.against = Some(draft("against", value)?),
            "case" => controls.case = Some(CaseId(id("case", value, "a saved case's number")?)),
            "draft" => {
                let of = if value == "new" {
                    None
                } else {
                    Some(PlanId(id("draft", value, "`new`, or a plan's number")?))
                };
                controls.unsaved = Some(UnsavedPlan { of, fields: Vec::new() });
            }
            _ if is_field(name) => fields.push((name.to_owned(), value.to_owned())),
            _ => {}
        }
    }
    if let Some(unsaved) = &mut controls.unsaved {
        unsaved.fields = fields;
        if !said {
            controls.try_unsaved();
        }
    }
    if !down.is_empty() {
        if controls.health != Health::Now {
            let why = "of use beside `down`, which says which routes are marked down; write one of them";
            return Err(wrong("health", "…", why));
        }
        controls.health = Health::These(down);
    }
    let zone = zone_of(&controls.zone)
        .ok_or_else(|| AddressError::Zone(routing::shortened(&controls.zone).into_owned()))?;
    if let Some(text) = local {
        let local =
            parse_local(text).ok_or_else(|| wrong("at", text, "a moment such as 2026-11-29T03:00"))?;
        controls.at = Some(zone.utc_of(local));
    }
    Ok(controls)
}

fn wrong(name: &'static str, value: &str, right: &'static str) -> AddressError {
    AddressError::Value(name, routing::shortened(value).into_owned(), right)
}

fn id(name: &'static str, value: &str, right: &'static str) -> Result<i64, AddressError> {
    value.trim().parse().map_err(|_| wrong(name, value, right))
}

/// A plus that nobody escaped arrives as a space.
fn number(value: &str, dialling: &Dialling) -> Result<E164, AddressError> {
    let plus = value.strip_prefix(' ').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let read = match plus {
        Some(digits) => E164::parse(&format!("+{digits}")),
        None => E164::parse_dialled(value, dialling),
    };
    read.map_err(AddressError::Number)
}

fn draft(name: &'static str, value: &str) -> Result<Draft, AddressError> {
    let right = "`now`, `none`, a route's number, or `plan:` and a plan's number";
    Draft::parse(value.trim()).ok_or_else(|| wrong(name, value, right))
}

#[cfg(test)]
mod tests {
    use routing::Failover;

    use super::*;
    use crate::urls;

    fn zone_of(name: &str) -> Option<Zone> {
        let los_angeles =
            Zone { name: "America/Los_Angeles".into(), offset_s: -8 * 3600, changes: Vec::new() };
        [Zone::utc(), los_angeles].into_iter().find(|zone| zone.name == name)
    }

    /// As a server sees it: decoded, with a plus that became a space.
    fn read_address(address: &str) -> Result<Controls, AddressError> {
        let pairs: Vec<(&str, String)> = address
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| {
                let plus = value.replace("%2B", "\u{1}").replace("%20", " ").replace('+', " ");
                (name, plus.replace('\u{1}', "+"))
            })
            .collect();
        let us = Dialling::of("US").unwrap();
        read(pairs.iter().map(|(name, value)| (*name, value.as_str())), &us, "UTC", &zone_of)
    }

    #[test]
    fn an_address_reads_back_as_it_is_written() {
        for text in [
            "did=%2B12065550100",
            "did=%2B12065550100&at=2026-11-29T03:00&zone=America/Los_Angeles",
            "did=%2B12065550100&at=2026-11-29T03:00&zone=UTC",
            "route=3&fault=carrier:Acme=silent&fault=route:3=12.5s&hangs_up=30&profile=kamailio",
            "fault=network:phone_network=busy&health=noticed",
            "health=ignored&seed=7&failover=none&against=plan:3",
            "down=3&down=5&against=now&case=9",
            "failover=4&against=none",
            "primary=4",
            "failover=plan:0&against=now&draft=3&name=Two%20steps&step.0.route.0=5",
            "failover=now&draft=new&name=Mine",
            "",
        ] {
            let controls = read_address(text).unwrap();
            let zones: Vec<Zone> = ["UTC", "America/Los_Angeles"].into_iter().filter_map(zone_of).collect();
            let written: Vec<String> = controls
                .pairs(&zones)
                .into_iter()
                .map(|(name, value)| format!("{name}={}", value.replace('+', "%2B").replace(' ', "%20")))
                .collect();
            assert_eq!(written.join("&"), text);
        }
        let hostile = read_address("draft=new&step.0&failover=none&step.0.no=1&step.0.route.0=5").unwrap();
        assert_eq!(hostile.unsaved.unwrap().fields, [("step.0.route.0".to_owned(), "5".to_owned())]);
        let beside = read_address("draft=3&against=none&name=Mine").unwrap();
        assert_eq!(beside.against, Some(Draft::To(Failover::None)), "what the address says stands");
        let bare = read_address("draft=3&name=Mine").unwrap();
        assert_eq!((bare.failover.word(), bare.against), ("plan:0".to_owned(), Some(Draft::AsItIs)));
        let escaped = urls::query(&read_address("did=+12065550100").unwrap().pairs(&[]));
        assert_eq!(escaped, "?did=%2B12065550100", "a plus is escaped, and read without");
    }

    #[test]
    fn what_cannot_be_read_says_what_would_be_right() {
        for (text, part) in [
            ("did=911", "The number that is called cannot be read"),
            ("at=tomorrow", "2026-11-29T03:00"),
            ("at=2026-11-29T03:00&zone=Mars/Olympus", "America/Los_Angeles, or UTC"),
            ("fault=carrier:Acme", "carrier:NAME=silent"),
            ("fault=carrier:Acme=sleepy", "write silent, trying"),
            ("route=x", "a route's number"),
            ("hangs_up=-1", "seconds up to 120"),
            ("hangs_up=121", "seconds up to 120"),
            ("profile=asterisk", "`ideal` or `kamailio`"),
            ("seed=x", "a whole number"),
            ("health=maybe", "`now`, `noticed` or `ignored`"),
            ("health=ignored&down=3", "beside `down`"),
            ("failover=plan:x", "`plan:` and a plan's number"),
            ("primary=x", "a route's number"),
            ("draft=x", "`new`, or a plan's number"),
        ] {
            let error = read_address(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
        let many = vec!["fault=route:1=silent"; FAILURES_MAX + 1].join("&");
        assert_eq!(read_address(&many), Err(AddressError::TooManyFaults));
    }
}
