//! A route as somebody typed it, checked as a whole: every problem at once. No database here.

use routing::{Alias, Answerer, Domains, EdgeId, InboundRoute, RouteId, RouteKind, RouteTarget};

use crate::book::{Book, route_ref};
use crate::labels::label;
use crate::{Field, FieldError, Problem};

/// A route as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouteDraft {
    /// Alias for Route.
    pub alias: String,
    /// Route Type: `host`, `phone` (or Flowroute's `number`), `uri`.
    pub kind: String,
    /// Route value.
    pub value: String,
    /// Edge Strategy: an edge's id, or empty for no preference.
    pub edge: String,
    /// What brings the call there; may be empty.
    pub carrier: String,
    /// The building; may be empty.
    pub site: String,
    /// The part of the world; may be empty.
    pub region: String,
    /// `pbx` (also if empty), `person`, `live_answer`, `voicemail`.
    pub answerer: String,
}

impl RouteDraft {
    /// What an edit form starts with.
    pub fn of(route: &InboundRoute) -> RouteDraft {
        let domains = &route.domains;
        let text = |label: &Option<String>| label.clone().unwrap_or_default();
        RouteDraft {
            alias: route.alias.to_string(),
            kind: route.target.kind().as_str().to_owned(),
            value: match &route.target {
                // As people read it; the parser takes it back.
                RouteTarget::Phone(number) => number.grouped(),
                other => other.canonical(),
            },
            edge: route.edge.map(|edge| edge.to_string()).unwrap_or_default(),
            carrier: text(&domains.carrier),
            site: text(&domains.site),
            region: text(&domains.region),
            answerer: answerer_name(domains.answerer).to_owned(),
        }
    }
}

/// What a draft amounts to, with the problems found so far.
pub(crate) struct Reading {
    alias: Option<Alias>,
    pub(crate) target: Option<RouteTarget>,
    edge: Option<EdgeId>,
    domains: Domains,
    problems: Vec<FieldError>,
}

impl Reading {
    pub(crate) fn refuse(&mut self, field: Field, problem: Problem) {
        self.problems.push(FieldError::new(field, problem));
    }

    /// The route, if nothing is wrong with it.
    pub(crate) fn into_route(self, id: RouteId) -> Result<InboundRoute, Vec<FieldError>> {
        match (self.alias, self.target) {
            (Some(alias), Some(target)) if self.problems.is_empty() => {
                Ok(InboundRoute { id, alias, target, edge: self.edge, domains: self.domains })
            }
            _ => Err(self.problems),
        }
    }
}

/// Reads a draft; `id` is the route that it changes, if it is not a new one.
pub(crate) fn read(draft: &RouteDraft, id: Option<RouteId>, book: &Book) -> Reading {
    let mut reading =
        Reading { alias: None, target: None, edge: None, domains: Domains::default(), problems: Vec::new() };
    match Alias::parse(&draft.alias) {
        Err(error) => reading.refuse(Field::Alias, Problem::Alias(error)),
        Ok(alias) => match book.find(&alias) {
            Some(other) if Some(other.route.id) != id => {
                reading.refuse(Field::Alias, Problem::AliasTaken { by: route_ref(other) });
            }
            _ => reading.alias = Some(alias),
        },
    }
    match kind(&draft.kind) {
        Err(problem) => reading.refuse(Field::Kind, problem),
        Ok(kind) => match RouteTarget::parse(kind, &draft.value, book.dialling()) {
            Ok(target) => match book.not_allowed(id, &target) {
                Some(destination) => reading.refuse(Field::Value, Problem::NotAllowed(destination)),
                None => reading.target = Some(target),
            },
            Err(error) => reading.refuse(Field::Value, Problem::Target(error)),
        },
    }
    let edge = draft.edge.trim();
    if !edge.is_empty() {
        reading.edge = edge
            .parse()
            .ok()
            .and_then(|id| book.edges().iter().find(|edge| edge.id == EdgeId(id)))
            .map(|edge| edge.id);
        if reading.edge.is_none() {
            reading.refuse(Field::Edge, Problem::UnknownEdge);
        }
    }
    let mut text = |field, typed: &str| {
        label(typed).unwrap_or_else(|problem| {
            reading.problems.push(FieldError::new(field, problem));
            None
        })
    };
    let (carrier, site, region) = (
        text(Field::Carrier, &draft.carrier),
        text(Field::Site, &draft.site),
        text(Field::Region, &draft.region),
    );
    let answerer = answerer(&draft.answerer);
    if answerer.is_none() {
        reading.refuse(Field::Answerer, Problem::UnknownAnswerer);
    }
    reading.domains = Domains { carrier, site, region, answerer: answerer.unwrap_or_default() };
    reading
}

/// A type of route that can be added.
fn kind(typed: &str) -> Result<RouteKind, Problem> {
    match typed.trim() {
        "" => Err(Problem::Missing),
        // Flowroute's API calls it so.
        "number" => Ok(RouteKind::Phone),
        name => match name.parse() {
            Ok(RouteKind::Registered) | Err(_) => Err(Problem::UnknownKind),
            Ok(kind) => Ok(kind),
        },
    }
}

const ANSWERERS: [(Answerer, &str); 4] = [
    (Answerer::Pbx, "pbx"),
    (Answerer::Person, "person"),
    (Answerer::LiveAnswer, "live_answer"),
    (Answerer::Voicemail, "voicemail"),
];

/// What answers, by its stable name; nothing said is a phone system.
pub(crate) fn answerer(typed: &str) -> Option<Answerer> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(Answerer::default());
    }
    ANSWERERS.into_iter().find(|(_, name)| *name == typed).map(|(answerer, _)| answerer)
}

/// The stable name of what answers.
pub(crate) fn answerer_name(answerer: Answerer) -> &'static str {
    ANSWERERS.into_iter().find(|(known, _)| *known == answerer).map_or("pbx", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use routing::{AliasError, Dialling, Edge, HealthState, Version};
    use store::RouteRow;

    fn book() -> Book {
        let row = RouteRow {
            route: InboundRoute {
                id: RouteId(3),
                alias: Alias::parse("Seattle PBX").unwrap(),
                target: RouteTarget::parse(RouteKind::Host, "pbx.example.com", &Dialling::default()).unwrap(),
                edge: None,
                domains: Domains::default(),
            },
            version: Version(1),
            health: HealthState::Up,
            health_since: None,
        };
        let edge =
            Edge { id: EdgeId(4), name: "US-East-VA".into(), host: "us-east-va.sip.flowroute.com".into() };
        Book::new(vec![row], vec![edge], Dialling::default())
    }

    fn draft() -> RouteDraft {
        RouteDraft {
            alias: "Mobile".into(),
            kind: "phone".into(),
            value: "206 555 0100".into(),
            ..RouteDraft::default()
        }
    }

    fn problems(draft: &RouteDraft, id: Option<RouteId>) -> Vec<(Field, &'static str)> {
        let read = read(draft, id, &book()).into_route(RouteId(9));
        read.err().unwrap_or_default().iter().map(|error| (error.field, error.problem.code())).collect()
    }

    #[test]
    fn each_field_of_a_draft_has_its_own_problems() {
        let with = |change: fn(&mut RouteDraft)| {
            let mut draft = draft();
            change(&mut draft);
            draft
        };
        let rows: Vec<(RouteDraft, Vec<(Field, &'static str)>)> = vec![
            (draft(), vec![]),
            (with(|d| d.alias = "  ".into()), vec![(Field::Alias, AliasError::Empty.code())]),
            (with(|d| d.alias = "SEATTLE pbx".into()), vec![(Field::Alias, "alias_taken")]),
            (with(|d| d.alias = "SIP-REG".into()), vec![(Field::Alias, "alias_taken")]),
            (with(|d| d.kind = String::new()), vec![(Field::Kind, "missing")]),
            (with(|d| d.kind = "registered".into()), vec![(Field::Kind, "unknown_kind")]),
            (with(|d| d.kind = "number".into()), vec![]),
            (with(|d| d.value = "911".into()), vec![(Field::Value, "number_emergency")]),
            (with(|d| d.edge = "4".into()), vec![]),
            (with(|d| d.edge = "5".into()), vec![(Field::Edge, "unknown_edge")]),
            (with(|d| d.edge = "east".into()), vec![(Field::Edge, "unknown_edge")]),
            (with(|d| d.site = "x".repeat(65)), vec![(Field::Site, "too_long")]),
            (with(|d| d.region = "a\nb".into()), vec![(Field::Region, "unprintable")]),
            (with(|d| d.answerer = "robot".into()), vec![(Field::Answerer, "unknown_answerer")]),
        ];
        for (draft, expected) in rows {
            assert_eq!(problems(&draft, None), expected, "{draft:?}");
        }
    }

    #[test]
    fn all_problems_of_a_draft_come_together() {
        let draft = RouteDraft {
            edge: "x".into(),
            carrier: "\u{7}".into(),
            answerer: "x".into(),
            ..RouteDraft::default()
        };
        let fields: Vec<Field> = problems(&draft, None).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, [Field::Alias, Field::Kind, Field::Edge, Field::Carrier, Field::Answerer]);
    }

    #[test]
    fn a_route_may_keep_its_own_alias_in_another_case() {
        let draft = RouteDraft { alias: "seattle pbx".into(), ..draft() };
        assert_eq!(problems(&draft, Some(RouteId(3))), []);
        assert_eq!(problems(&draft, Some(RouteId(4))), [(Field::Alias, "alias_taken")]);
    }
}
