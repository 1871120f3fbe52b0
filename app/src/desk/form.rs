//! The desk's controls as HTML text. The server writes them from the address, the browser again where rows come and
//! go.

use std::fmt::Write;

use routing::{Did, E164, Failover, Group, Profile, RouteId, Snapshot, Zone};

use super::{
    Controls, Draft, FAILURES_MAX, Health, Naming, UNSAVED, faults::fault_rows, moment::local_text,
    naming::in_order,
};
use crate::timeline::escape;

/// Routes in a drop-down: more is a list that nobody reads, and the desk writes it at every choice.
const ROUTES_OFFERED_MAX: usize = 500;

/// When the caller gives up: the value in seconds, the label.
const HANGS_UP: [(&str, &str); 6] = [
    ("", "never"),
    ("10", "after 10 s"),
    ("20", "after 20 s"),
    ("30", "after 30 s"),
    ("45", "after 45 s"),
    ("60", "after 60 s"),
];

/// What a number can be chosen from, and what can fail.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// The configuration.
    pub snapshot: &'a Snapshot,
    /// DIDs that behave alike, the largest group first.
    pub groups: &'a [Group],
    /// The routes that a call to any DID may go to, in order: also to those of groups that are not here.
    pub used_routes: &'a [RouteId],
    /// Routes that health has marked down.
    pub marked_down: &'a [RouteId],
}

impl Offer<'_> {
    /// The groups whose calls may go to the chosen route; all of them where none is chosen.
    pub fn groups_on(&self, route: Option<RouteId>) -> Vec<&Group> {
        let uses =
            |group: &&Group| route.is_none_or(|route| group.routing.routes(self.snapshot).contains(&route));
        self.groups.iter().filter(uses).collect()
    }

    /// The number that is called: the chosen one, else the first that there is to choose. One that is chosen and is
    /// not there is no other.
    pub fn did(&self, controls: &Controls) -> Option<&Did> {
        let number = controls.did.or_else(|| self.first(controls).map(|group| group.example));
        self.snapshot.dids.iter().find(|did| Some(did.number) == number)
    }

    /// The group that is shown first: of an unsaved plan one that it is for, behind the primary that is asked for.
    fn first(&self, controls: &Controls) -> Option<&Group> {
        let groups = self.groups_on(controls.route.filter(|route| self.is_used(*route)));
        let stored = controls.unsaved.as_ref().and_then(|unsaved| unsaved.of);
        let has_plan = |group: &Group| stored.is_none() || group.routing.failover.plan() == stored;
        let has_primary =
            |group: &Group| controls.primary.is_none_or(|primary| group.routing.primary == primary);
        let of = |fits: &dyn Fn(&Group) -> bool| groups.iter().copied().find(|group| fits(group));
        of(&|group| has_plan(group) && has_primary(group))
            .or_else(|| of(&has_plan))
            .or_else(|| of(&has_primary))
            .or_else(|| groups.first().copied())
    }

    /// Whether the calls of any number may go to the route.
    pub fn is_used(&self, route: RouteId) -> bool {
        self.used_routes.binary_search(&route).is_ok()
    }

    /// The primary that a call is tried with in the place of the number's own: the one that is asked for, or the route to
    /// look at that no number uses.
    fn primary(&self, controls: &Controls, did: &Did) -> Option<RouteId> {
        let unused = controls.route.filter(|route| !self.is_used(*route));
        controls.primary.or(unused).filter(|primary| *primary != did.primary)
    }

    /// Whether the call goes another way than the number's own: it is no call of the account then.
    pub fn is_tried(&self, controls: &Controls) -> bool {
        let primary = self.did(controls).and_then(|did| self.primary(controls, did));
        controls.failover != Draft::AsItIs || primary.is_some()
    }

    /// The number as the call is tried with it.
    pub fn tried(&self, controls: &Controls, failover: Draft, did: &Did) -> Did {
        let primary = self.primary(controls, did).unwrap_or(did.primary);
        Did { primary, ..failover.of(did) }
    }
}

/// The zones to write times in.
pub fn zones(snapshot: &Snapshot) -> Vec<Zone> {
    let utc = (!snapshot.zones.iter().any(|zone| zone.name == "UTC")).then(Zone::utc);
    snapshot.zones.iter().cloned().chain(utc).collect()
}

/// The zone of that name, else UTC.
pub fn zone(snapshot: &Snapshot, name: &str) -> Zone {
    snapshot.zones.iter().find(|zone| zone.name == name).cloned().unwrap_or_else(Zone::utc)
}

/// A drop-down's choices, grouped or not.
pub(super) struct Select<'a> {
    out: &'a mut String,
    chosen: &'a str,
    found: bool,
}

impl Select<'_> {
    pub(super) fn option(&mut self, value: &str, words: &str) {
        let chosen = value == self.chosen && !self.found;
        self.found |= chosen;
        let selected = if chosen { " selected" } else { "" };
        let _ = write!(self.out, "<option value=\"{}\"{selected}>{}</option>", escape(value), escape(words));
    }

    /// What is chosen and was not among the options.
    pub(super) fn else_chosen(&mut self, words: &str) {
        if !self.found && !self.chosen.is_empty() {
            self.option(self.chosen, words);
        }
    }

    /// The routes to choose from, by name. Of very many, the first; what is chosen is always there.
    fn routes(&mut self, label: &str, naming: Naming<'_>, ids: impl Iterator<Item = RouteId>) {
        let ids: Vec<RouteId> = ids.collect();
        let left_out = ids.len().saturating_sub(ROUTES_OFFERED_MAX);
        let chosen = self.chosen.parse().ok().map(RouteId);
        let mut named = in_order(ids, |id| naming.route(*id).to_lowercase());
        let beyond = named.split_off(named.len().min(ROUTES_OFFERED_MAX));
        named.extend(beyond.into_iter().filter(|id| Some(*id) == chosen));
        self.group(label, named.into_iter().map(|id| (id.to_string(), naming.route(id))));
        if left_out > 0 {
            let words = format!("({left_out} more: preview one from its own page)");
            let _ = write!(self.out, "<option disabled>{words}</option>");
        }
    }

    pub(super) fn group(&mut self, label: &str, options: impl IntoIterator<Item = (String, String)>) {
        let mut options = options.into_iter().peekable();
        if options.peek().is_none() {
            return;
        }
        let _ = write!(self.out, "<optgroup label=\"{}\">", escape(label));
        options.for_each(|(value, words)| self.option(&value, &words));
        self.out.push_str("</optgroup>");
    }
}

pub(super) fn select(
    out: &mut String,
    label: &str,
    id: &str,
    chosen: &str,
    fill: impl FnOnce(&mut Select<'_>),
) {
    let wide = if id == "desk-did" { " class=\"wide\"" } else { "" };
    let _ = write!(out, "<div{wide}><label for=\"{id}\">{}</label><select id=\"{id}\">", escape(label));
    fill(&mut Select { out, chosen, found: false });
    out.push_str("</select></div>");
}

/// All of the controls.
pub fn controls_html(offer: Offer<'_>, controls: &Controls) -> String {
    let mut out = String::from("<div class=\"controls\">");
    which_call(&mut out, offer, controls);
    out.push_str("</div><fieldset class=\"faults\"><legend>What fails</legend><div id=\"faults\">");
    out.push_str(&fault_rows(offer, controls));
    let full = controls.faults.len() >= FAILURES_MAX;
    let disabled = if full { " disabled" } else { "" };
    let _ = write!(
        out,
        "</div><button type=\"button\" class=\"button\" id=\"add-fault\"{disabled}>Add a failure</button>"
    );
    if full {
        let _ = write!(out, "<p class=\"muted\">The desk takes at most {FAILURES_MAX} failures at once.</p>");
    }
    out.push_str("</fieldset><div class=\"controls\">");
    circumstances(&mut out, offer, controls);
    out.push_str("</div><div class=\"controls\">");
    drafts(&mut out, offer, controls);
    out.push_str("</div>");
    out
}

fn which_call(out: &mut String, offer: Offer<'_>, controls: &Controls) {
    let snapshot = offer.snapshot;
    let naming = Naming(snapshot);
    let did = offer.did(controls);
    let chosen = did.map(|did| did.number.to_string()).unwrap_or_default();
    select(out, "Call to", "desk-did", &chosen, |select| {
        let groups = offer.groups_on(controls.route.filter(|route| offer.is_used(*route)));
        if did.is_none() {
            select.option("", "(choose a number)");
        }
        // A number that was typed stands for itself, before those that stand for many.
        if let Some(did) = did.filter(|did| !groups.iter().any(|group| group.example == did.number)) {
            select.option(&chosen, &name_of(did));
        }
        for group in groups {
            let did = snapshot.dids.iter().find(|did| did.number == group.example);
            let name = did.map_or_else(|| group.example.grouped(), name_of);
            let more = if group.dids > 1 { format!(" and {} more", group.dids - 1) } else { String::new() };
            select.option(
                &group.example.to_string(),
                &format!("{name}{more}: {}", naming.routing(group.routing)),
            );
        }
    });
    out.push_str(
        "<div><label for=\"desk-number\">or any of your numbers</label>\
         <input type=\"text\" id=\"desk-number\" inputmode=\"tel\" autocomplete=\"off\" placeholder=\"+1 206 555 0100\" \
         aria-describedby=\"desk-number-error\"><div class=\"error\" id=\"desk-number-error\" role=\"alert\"></div></div>",
    );
    let route = controls.route.map(|route| route.to_string()).unwrap_or_default();
    select(out, "Only calls that use", "desk-route", &route, |select| {
        select.option("", "any route");
        let routes = || snapshot.routes.iter().map(|route| route.id);
        let built_in =
            Some(RouteId::REGISTERED).filter(|id| offer.is_used(*id) && snapshot.route(*id).is_none());
        select.routes("Used by numbers", naming, routes().filter(|id| offer.is_used(*id)).chain(built_in));
        select.routes("Used by no number", naming, routes().filter(|id| !offer.is_used(*id)));
        select.else_chosen("a route that was deleted");
    });
}

fn name_of(did: &Did) -> String {
    let number = did.number.grouped();
    did.alias.as_ref().map_or_else(|| number.clone(), |alias| format!("{alias}, {number}"))
}

fn circumstances(out: &mut String, offer: Offer<'_>, controls: &Controls) {
    let zone = zone(offer.snapshot, &controls.zone);
    let at = controls.at.map(|at| local_text(at, &zone)).unwrap_or_default();
    let _ = write!(
        out,
        "<div class=\"wide\"><label for=\"desk-at\">When (empty: as if every hour were open)</label><span class=\"row\">\
         <input type=\"datetime-local\" id=\"desk-at\" value=\"{at}\" autocomplete=\"off\">",
    );
    let zones = zones(offer.snapshot);
    out.push_str("<select id=\"desk-zone\" aria-label=\"Time zone\">");
    let mut zone_select = Select { out, chosen: &zone.name, found: false };
    zones.iter().for_each(|zone| zone_select.option(&zone.name, &zone.name));
    out.push_str("</select></span></div>");
    let seconds = controls.hangs_up.map(|after| after.seconds()).unwrap_or_default();
    select(out, "The caller hangs up", "desk-hangs-up", &seconds, |select| {
        HANGS_UP.iter().for_each(|(value, words)| select.option(value, words));
        if !HANGS_UP.iter().any(|(value, _)| *value == seconds) {
            select.option(&seconds, &format!("after {seconds} s"));
        }
    });
    let down = offer.marked_down.len();
    let now = match down {
        0 => "as now: none down".to_owned(),
        n => format!("as now: {n} down"),
    };
    let (chosen, these) = match &controls.health {
        Health::Now => ("now", None),
        Health::Noticed => ("noticed", None),
        Health::Ignored => ("ignored", None),
        Health::These(routes) => ("these", Some(routes)),
    };
    select(out, "Health checks", "desk-health", chosen, |select| {
        select.option("now", &now);
        select.option("noticed", "have noticed the failures too");
        select.option("ignored", "mark nothing down");
        if let Some(routes) = these {
            let names: Vec<String> = routes.iter().map(|id| Naming(offer.snapshot).route(*id)).collect();
            select.option("these", &format!("mark down: {}", names.join(", ")));
        }
    });
    let profile = if controls.profile == Profile::Kamailio { "kamailio" } else { "ideal" };
    select(out, "Timers", "desk-profile", profile, |select| {
        select.option("ideal", "exact");
        select.option("kamailio", "on Kamailio’s ticks");
    });
    let tried = offer.did(controls).map(|did| {
        let against = controls.against.map(|draft| offer.tried(controls, draft, did));
        [Some(offer.tried(controls, controls.failover, did)), against]
    });
    if tried.into_iter().flatten().flatten().any(|did| is_drawn(offer.snapshot, &did)) {
        let _ = write!(
            out,
            "<div><span class=\"label\">Weights share these calls</span><button type=\"button\" class=\"button\" \
             id=\"draw-again\">Call {}: take the next</button></div>",
            controls.seed.saturating_add(1)
        );
    }
}

/// Whether weights have a say in a number's calls.
fn is_drawn(snapshot: &Snapshot, did: &Did) -> bool {
    let plan = did.failover.plan().and_then(|id| snapshot.plan(id));
    let in_plan = plan.is_some_and(|plan| {
        plan.steps.iter().flat_map(|step| &step.routes).any(|route| route.weight.is_some())
    });
    in_plan || (did.weights.is_some() && did.failover.route().is_some())
}

fn drafts(out: &mut String, offer: Offer<'_>, controls: &Controls) {
    let stored = offer.did(controls).map(|did| did.failover).unwrap_or_default();
    let naming = Naming(offer.snapshot);
    let primary = offer.did(controls).map(|did| naming.route(did.primary)).unwrap_or_default();
    let chosen = controls.primary.map(|route| route.to_string()).unwrap_or_default();
    select(out, "Primary", "desk-primary", &chosen, |select| {
        select.option("", &format!("as it is: {primary}"));
        select.routes("Inbound routes", naming, offer.snapshot.routes.iter().map(|route| route.id));
        select.else_chosen("a route that was deleted");
    });
    let as_it_is = format!("as it is: {}", naming.failover(stored));
    select(out, "Failover", "desk-failover", &controls.failover.word(), |select| {
        select.option("now", &as_it_is);
        failovers(select, naming, controls.failover);
    });
    let against = controls.against.map(Draft::word).unwrap_or_default();
    select(out, "Beside it, the failover", "desk-against", &against, |select| {
        select.option("", "(nothing beside it)");
        select.option("now", &as_it_is);
        failovers(select, naming, controls.against.unwrap_or_default());
    });
}

fn failovers(select: &mut Select<'_>, naming: Naming<'_>, chosen: Draft) {
    select.option("none", "none");
    let plans = naming.0.plans.iter();
    select.group("Failover plans", plans.map(|plan| (Failover::Plan(plan.id).word(), naming.plan(plan.id))));
    select.routes("Inbound routes", naming, naming.0.routes.iter().map(|route| route.id));
    select.else_chosen(match chosen {
        Draft::To(Failover::Plan(UNSAVED)) => "the draft, which cannot be tried as it is",
        Draft::To(Failover::Plan(_)) => "a failover plan that was deleted",
        _ => "a route that was deleted",
    });
}

/// What a side is called in its heading: whether it is as it is, or what it is tried with.
pub fn side_heading(naming: Naming<'_>, draft: Draft, did: &Did, stored: &Did) -> String {
    let way = match did.failover {
        Failover::None => "no failover".to_owned(),
        failover => naming.failover(failover),
    };
    if did.primary != stored.primary {
        return format!("With {} → {way}", naming.route(did.primary));
    }
    match draft {
        Draft::AsItIs => format!("As it is: {way}"),
        Draft::To(_) => format!("With {way}"),
    }
}

/// The number that a text names, as the account's people dial.
pub fn typed_number(text: &str, country: &str) -> Result<E164, String> {
    let dialling =
        routing::Dialling::of(country).ok_or_else(|| "The account's country is unknown.".to_owned())?;
    E164::parse_dialled(text, &dialling).map_err(|error| error.to_string())
}
