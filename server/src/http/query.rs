//! Query strings and forms: what the address says, read strictly, with an error that says what would be right.

use portal::{
    ActivityDraft, Cursor, DidFilter, DidQuery, DidSort, FailoverFilter, Noun, OperationKind, OperationsAt,
    PAGE_SIZES, RouteQuery, RouteSort, Selection, Subject,
};
use routing::{E164, PlanId, RouteId, ScheduleId, Version, shortened};

use super::error::HttpError;

/// DIDs that may be named one by one: the largest page, all ticked. More are chosen by a filter.
const NUMBERS_MAX: usize = 200;
/// Bytes of a search text that are looked at.
const SEARCH_BYTES_MAX: usize = 200;

/// Name and value pairs of a query string or a form, in order.
pub(super) struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Reads `application/x-www-form-urlencoded` text.
    pub(super) fn parse(text: &str) -> Pairs {
        Pairs(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// The first value of a name; an empty one counts as none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    /// Whether the name is there at all, even with an empty value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// The same pairs, of which this is the only one of its name.
    pub(super) fn with(mut self, name: &str, value: &str) -> Pairs {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The first value, or the empty text.
    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }

    /// Every pair, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, HttpError> {
        self.get(name).map(|v| v.parse().map_err(|_| bad(name, v, "a whole number"))).transpose()
    }

    /// An id that a form names.
    pub(super) fn id(&self, name: &str) -> Result<i64, HttpError> {
        self.number(name)?.ok_or_else(Pairs::incomplete)
    }

    /// An id that an address may name.
    pub(super) fn maybe_id(&self, name: &str) -> Result<Option<i64>, HttpError> {
        self.number(name)
    }

    /// What is said of a form that lacks something.
    pub(super) fn incomplete() -> HttpError {
        HttpError::BadRequest("The form is incomplete. Open the page again.".into())
    }

    /// The version that a form was filled from.
    pub(super) fn as_of(&self) -> Result<Version, HttpError> {
        self.number("as_of")?.map(Version).ok_or_else(Pairs::incomplete)
    }

    /// A version that an address names.
    pub(super) fn version(&self, name: &str) -> Result<Option<Version>, HttpError> {
        Ok(self.number(name)?.map(Version))
    }

    /// The chosen route of a screen.
    pub(super) fn route(&self) -> Result<Option<RouteId>, HttpError> {
        Ok(self.number("route")?.map(RouteId))
    }
}

fn bad(name: &str, value: &str, right: &str) -> HttpError {
    HttpError::BadRequest(format!("`{name}={}` is not {right}.", shortened(value)))
}

/// The text of a search box, if there is any.
pub(super) fn search(pairs: &Pairs) -> Result<Option<String>, HttpError> {
    match pairs.get("q").map(str::trim).filter(|q| !q.is_empty()) {
        Some(q) if q.len() > SEARCH_BYTES_MAX => {
            Err(HttpError::BadRequest(format!("The search text is longer than {SEARCH_BYTES_MAX} bytes.")))
        }
        q => Ok(q.map(str::to_owned)),
    }
}

/// The filter of Manage your DIDs.
pub(super) fn did_filter(pairs: &Pairs) -> Result<DidFilter, HttpError> {
    let q = search(pairs)?;
    let failover = match pairs.get("failover") {
        None => FailoverFilter::Any,
        Some("none") => FailoverFilter::None,
        Some("some") => FailoverFilter::Some,
        Some(other) => return Err(bad("failover", other, "`none` or `some`")),
    };
    Ok(DidFilter {
        q,
        failover,
        route: pairs.route()?,
        plan: pairs.number("plan")?.map(PlanId),
        calling_code: pairs.number("country")?,
    })
}

fn descending(pairs: &Pairs) -> Result<bool, HttpError> {
    match pairs.get("dir") {
        None | Some("asc") => Ok(false),
        Some("desc") => Ok(true),
        Some(other) => Err(bad("dir", other, "`asc` or `desc`")),
    }
}

/// Everything that the address of Manage your DIDs says.
pub(super) fn did_query(pairs: &Pairs) -> Result<DidQuery, HttpError> {
    let sort = match pairs.get("sort") {
        None | Some("number") => DidSort::Number,
        Some("alias") => DidSort::Alias,
        Some("primary") => DidSort::Primary,
        Some("failover") => DidSort::Failover,
        Some("changed") => DidSort::Changed,
        Some(other) => {
            return Err(bad("sort", other, "`number`, `alias`, `primary`, `failover` or `changed`"));
        }
    };
    let page_size = pairs.number("per")?.unwrap_or(PAGE_SIZES[0]);
    if !PAGE_SIZES.contains(&page_size) {
        return Err(bad("per", &page_size.to_string(), "50, 100 or 200"));
    }
    let cursor = |name: &str| {
        pairs
            .get(name)
            .map(|v| v.parse::<Cursor>().map_err(|_| bad(name, v, "a place in the list")))
            .transpose()
    };
    let (before, after) = (cursor("before")?, cursor("after")?);
    Ok(DidQuery {
        filter: did_filter(pairs)?,
        sort,
        descending: descending(pairs)?,
        backwards: before.is_some(),
        cursor: before.or(after),
        page_size,
    })
}

/// The filters of Activity; what is typed is read by the use case.
pub(super) fn activity_draft(pairs: &Pairs) -> Result<ActivityDraft, HttpError> {
    let kind = pairs
        .get("kind")
        .map(|name| {
            OperationKind::parse(name)
                .ok_or_else(|| bad("kind", name, "a kind of change; choose one of the list"))
        })
        .transpose()?;
    Ok(ActivityDraft {
        actor: pairs.text("actor"),
        number: pairs.text("number"),
        from: pairs.text("from"),
        until: pairs.text("until"),
        kind,
        route: pairs.route()?,
        plan: pairs.number("plan")?.map(PlanId),
        schedule: pairs.number("schedule")?.map(ScheduleId),
    })
}

/// Which thing: `did`, `route`, `plan` or `schedule`, and its number.
pub(super) fn subject(pairs: &Pairs) -> Result<Subject, HttpError> {
    let did = pairs.get("did").map(number).transpose()?.map(Subject::Did);
    let route = pairs.route()?.map(Subject::Route);
    let plan = pairs.number("plan")?.map(PlanId).map(Subject::Plan);
    let schedule = pairs.number("schedule")?.map(ScheduleId).map(Subject::Schedule);
    let right = "The address does not say what is to be put back: `did`, `route`, `plan` or `schedule`.";
    did.or(route).or(plan).or(schedule).ok_or_else(|| HttpError::BadRequest(right.to_owned()))
}

/// Where in Activity a page begins.
pub(super) fn activity_place(pairs: &Pairs) -> Result<OperationsAt, HttpError> {
    let (newer, older) = (pairs.number("newer")?.map(Version), pairs.number("older")?.map(Version));
    Ok(match (newer, older) {
        (Some(version), _) => OperationsAt::NewerThan(version),
        (None, Some(version)) => OperationsAt::OlderThan(version),
        (None, None) => OperationsAt::Newest,
    })
}

/// Where among the changes of an entry a page begins.
pub(super) fn change_place(pairs: &Pairs) -> Result<u64, HttpError> {
    Ok(pairs.number("from")?.unwrap_or_default())
}

/// Everything that the address of Inbound Routes says.
pub(super) fn route_query(pairs: &Pairs) -> Result<RouteQuery, HttpError> {
    let sort = match pairs.get("sort") {
        None | Some("alias") => RouteSort::Alias,
        Some("type") => RouteSort::Kind,
        Some("value") => RouteSort::Value,
        Some("edge") => RouteSort::Edge,
        Some("used") => RouteSort::UsedBy,
        Some("state") => RouteSort::Health,
        Some(other) => return Err(bad("sort", other, "`alias`, `type`, `value`, `edge`, `state` or `used`")),
    };
    Ok(RouteQuery { q: pairs.text("q"), sort, descending: descending(pairs)? })
}

/// The chosen DIDs: ticked ones (`did=…&did=…`, or `dids=…,…`), or those of a selection that was kept (`selection=…`).
pub(super) fn selection(pairs: &Pairs) -> Result<Selection, HttpError> {
    let is_none = || HttpError::from(portal::Error::NotFound(Noun::Selection));
    if let Some(id) = pairs.get("selection") {
        return id.parse().map(Selection::Matching).map_err(|_| is_none());
    }
    if pairs.has("all") {
        // What matches a filter is kept before it is acted upon: a link that says so itself is an old one.
        return Err(is_none());
    }
    let as_of = pairs.number("as_of")?.map(Version).ok_or_else(|| {
        HttpError::BadRequest("This link is incomplete. Choose the DIDs again under Manage your DIDs.".into())
    })?;
    let ticked = pairs.all("did").chain(pairs.all("dids").flat_map(|list| list.split(',')));
    let mut numbers = Vec::new();
    for digits in ticked.filter(|d| !d.is_empty()) {
        numbers.push(number(digits)?);
    }
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.len() > NUMBERS_MAX {
        return Err(HttpError::BadRequest(format!(
            "More than {NUMBERS_MAX} DIDs are named one by one. Use the search and filters, and select all that match."
        )));
    }
    Ok(Selection::Numbers { numbers, as_of })
}

/// A number of an address: bare digits.
pub(super) fn number(digits: &str) -> Result<E164, HttpError> {
    E164::parse(&format!("+{}", digits.trim_start_matches('+')))
        .map_err(|e| HttpError::BadRequest(format!("`{}` cannot be a DID: {e}", shortened(digits))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticked_dids_and_the_id_of_a_selection_are_read_and_a_filter_is_not() {
        let read = |text: &str| selection(&Pairs::parse(text)).ok();
        let two = read("did=12065550100&did=12065550101&did=12065550100&as_of=7").unwrap();
        assert!(matches!(&two, Selection::Numbers { numbers, .. } if numbers.len() == 2));
        assert_eq!(two, read("dids=12065550101,12065550100&as_of=7").unwrap());
        let id = "0123456789abcdef0123456789abcdef";
        let all = read(&format!("selection={id}&did=12065550100")).unwrap();
        assert!(matches!(all, Selection::Matching(kept) if kept.to_string() == id));
        for wrong in
            ["did=12065550100", "did=abc&as_of=1", "all=matching&as_of=1", "selection=1", "did=1&as_of=x"]
        {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn an_address_that_says_nonsense_is_refused_with_what_would_be_right() {
        for (text, part) in [
            ("sort=colour", "`number`, `alias`"),
            ("per=51", "50, 100 or 200"),
            ("dir=up", "`asc` or `desc`"),
            ("route=x", "whole number"),
            ("after=%00", "place in the list"),
            // Nobody reads all of it, and it need not go back over the wire.
            (&format!("sort={}", "x".repeat(10_000)), &format!("`sort={}…`", "x".repeat(64))),
        ] {
            match did_query(&Pairs::parse(text)) {
                Err(HttpError::BadRequest(why)) => assert!(why.contains(part), "{why}"),
                _ => panic!("{text} was taken"),
            }
        }
    }
}
